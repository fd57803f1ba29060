"""Exemptions: which nodes a unit is not measured by in a cycle, why, on whose approval; taken back, the row stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from evaluation.scores.exemptions import Exemption, Scope, exemption_faults
from evaluation.scores.faults import require
from store.commands.scores.held import SheetError, no_sheet, refusing, require_short
from store.criteria import load_criteria, pinned_versions
from store.journal import Entry
from store.locks import hold_cycle
from store.refusals import RefusalError
from store.schema import EXEMPTION
from store.scores import exemptions_of
from store.years import load_year

if TYPE_CHECKING:
    from store.session import Store, Transaction
    from store.years import Year


@dataclass(frozen=True, kw_only=True, slots=True)
class Exempted:
    """What a unit is not to be measured by."""

    unit: str  #: key
    node: str  #: key of a leaf, criterion or field
    reason: str
    document: str = ""  #: number and date of what it rests on


class NoSuchExemptionError(RefusalError):
    """No exemption has that number."""

    def __init__(self, exemption: int) -> None:
        """Keep what was asked for."""
        vi = f"chu kỳ không có miễn chấm số {exemption}; `dondoc score exemptions` liệt kê các miễn chấm"
        super().__init__(vi, f"there is no exemption {exemption} in the cycle; `dondoc score exemptions` lists them")


def exempt(store: Store, transaction: Transaction, cycle: int, given: Exempted) -> int:
    """
    Exempt a unit from a node of its criteria set in a cycle, approved by who acts, and return the exemption's number.

    Raises:
        NoSuchCycleError: there is none.
        SheetError: no such unit, or no criteria are used for its group.
        SheetFaultsError: no such node, exempted already, without a reason, or nothing is left to measure.

    """
    hold_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    party = year.people.ids.get(given.unit)
    if party is None:
        vi, en = f"cơ quan không có đơn vị “{given.unit}”", f"the authority has no unit “{given.unit}”"
        raise SheetError(vi, en, field="unit")
    scope = _scope(store, transaction, year, given, party=party)
    with refusing():
        require(exemption_faults(scope))
    row = {
        "authority_id": year.authority,
        "cycle_id": cycle,
        "party_id": party,
        "node": given.node,
        "reason": require_short(given.reason, node=given.node),
        "approver_id": transaction.actor.contact,
        "document": given.document.strip(),
        "at": transaction.now,
        "ended_why": "",
    }
    ident = int(transaction.connection.execute(insert(EXEMPTION).returning(EXEMPTION.c.id), row).scalar_one())
    _journal(transaction, year, action="exempt", payload={"exemption": ident, "unit": party, "node": given.node})
    return ident


def _scope(store: Store, transaction: Transaction, year: Year, given: Exempted, *, party: int) -> Scope:
    """Return what the unit would be measured by."""
    group = year.people.group(party)
    version = pinned_versions(transaction.connection, year.cycle).get(group)
    if version is None:
        raise no_sheet()
    approver = transaction.actor.who if transaction.actor.contact is not None else "system"
    further = Exemption(
        cycle=str(year.cycle), unit=given.unit, node=given.node, reason=given.reason, approver=approver, document=given.document
    )
    there = exemptions_of(transaction.connection, year.cycle, unit=given.unit, party=party)
    criteria = load_criteria(store, transaction.connection, version)
    return Scope(cycle=str(year.cycle), unit=given.unit, criteria=criteria, group=group, exemptions=(*there, further))


def end_exemption(store: Store, transaction: Transaction, exemption: int, *, reason: str) -> None:
    """
    Take an exemption back, with a reason: the unit is measured by the node again. Taken back already: nothing happens.

    Raises:
        NoSuchExemptionError: there is none.
        SheetError: nothing says why.

    """
    cycle = cycle_of_exemption(transaction, exemption)
    hold_cycle(transaction.connection, cycle)
    why = require_short(reason, node="")
    if not why:
        vi, en = "bỏ miễn chấm phải nêu lý do", "say why the exemption is taken back"
        raise SheetError(vi, en, field="reason")
    ended = update(EXEMPTION).where(EXEMPTION.c.id == exemption, EXEMPTION.c.ended_at.is_(None))
    if transaction.connection.execute(ended.values(ended_at=transaction.now, ended_why=why)).rowcount:
        year = load_year(store, transaction.connection, cycle, now=transaction.now)
        _journal(transaction, year, action="end-exemption", payload={"exemption": exemption})


def cycle_of_exemption(transaction: Transaction, exemption: int) -> int:
    """Return the cycle of an exemption; NoSuchExemptionError if there is none."""
    found = transaction.connection.execute(select(EXEMPTION.c.cycle_id).where(EXEMPTION.c.id == exemption)).scalar_one_or_none()
    if found is None:
        raise NoSuchExemptionError(exemption)
    return int(found)


def _journal(transaction: Transaction, year: Year, *, action: str, payload: dict[str, Any]) -> None:
    facts = {**payload, **transaction.actor.capacity}
    transaction.entries.append(Entry(authority=year.authority, action=action, cycle=year.cycle, payload=facts))
