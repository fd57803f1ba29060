"""What the commands of results share: the cycle under a lock, its units, and how something about it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from evaluation.cycles import CycleState
from store.locks import hold_cycle
from store.refusals import RefusalError
from store.results import measured_units, rules_of
from store.years import CycleNotRunningError, NoSuchCycleError, load_year

if TYPE_CHECKING:
    from store.results import MeasuredUnit
    from store.session import Store, Transaction
    from store.years import Year

#: States of a cycle whose results may be worked on: a correction may come when all else is over.
_STANDS = frozenset({CycleState.LAUNCHED, CycleState.PAUSED, CycleState.CLOSED})


class ResultsError(RefusalError):
    """Something about results cannot be so: why, and which field."""


def refuse(vi: str, en: str, *, field: str = "") -> NoReturn:
    """Refuse in both languages, naming what is at fault. ResultsError."""
    raise ResultsError(vi, en, field=field)


def held_year(store: Store, transaction: Transaction, cycle: int) -> Year:
    """
    Return a cycle that nobody else changes until the transaction ends.

    Raises:
        NoSuchCycleError: there is no such cycle, or it is another authority's.
        CycleNotRunningError: it was never launched, or was cancelled.

    """
    hold_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    if not year.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    if year.state not in _STANDS:
        raise CycleNotRunningError(cycle, state=year.state)
    return year


def measured_unit(store: Store, transaction: Transaction, year: Year, key: str) -> MeasuredUnit:
    """Return a unit that a cycle measures; ResultsError if it measures none of that key."""
    rules = rules_of(store, transaction.connection, year.authority, year.cycle)
    units = measured_units(store, transaction.connection, year, rules=rules)
    found = next((one for one in units if one.key == key), None)
    if found is None:
        vi = f"chu kỳ không đánh giá đơn vị “{key}”; ghi khóa của một đơn vị thuộc nhóm đã ghim bộ tiêu chí"
        en = f"the cycle measures no unit “{key}”; write the key of one whose group has a criteria set"
        refuse(vi, en, field="unit")
    return found
