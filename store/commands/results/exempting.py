"""Exemptions (miễn chấm): a unit is not measured by a node in a cycle, with a reason and by whose approval; and their end (domain §3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.scores.effects import denominators_changed, places_moved
from evaluation.scores.exemptions import exemption_faults
from evaluation.scores.index import index_of
from evaluation.scores.ranking import rank_units
from store.commands.results.held import held_year, measured_unit, refuse
from store.journal import Entry
from store.queries.people import NoSuchContactError
from store.queries.results import standings
from store.results import measured_units, rules_of
from store.schema import CONTACT, EXEMPTION
from store.score_refusals import SheetFaultsError, refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from evaluation.actions import Remark
    from evaluation.scores.effects import Denominator, PlaceMoved
    from evaluation.scores.ranking import GroupTable
    from store.queries.results import UnitStanding
    from store.results import MeasuredUnit
    from store.session import Store, Transaction
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an exemption, or its end, does to a unit; all values unrounded."""

    exemption: int
    leaves: int  #: that the unit is measured by from now on
    leaves_before: int
    maximum: Decimal
    maximum_before: Decimal
    index: Decimal  #: of the scores as they stand
    index_before: Decimal
    denominators: tuple[Denominator, ...]  #: of the unit that change
    places: tuple[PlaceMoved, ...]  #: units whose place moves by it, the unit among them
    others: int  #: other units of the cycle: their denominators and indices stay as they are


def exempt(  # noqa: PLR0913  whom, from what, by whose approval and why
    store: Store, transaction: Transaction, cycle: int, *, unit: str, node: str, approver: str = "", remark: Remark
) -> Effect:
    """
    Exempt a unit from a leaf, or from all leaves under a criterion or field, and return what it does; scores of them stay and do not count.

    Without an approver (key of a contact) whoever acts approves.

    Raises:
        ResultsError: the cycle measures no such unit, no reason is given, or nobody approves.
        SheetFaultsError: there is no such node, it is exempt already, or nothing would be left to measure the unit by.

    """
    year = held_year(store, transaction, cycle)
    before, known = measured_unit(store, transaction, year, unit), _all(store, transaction, year)
    if not remark.reason.strip():
        refuse("miễn chấm phải có lý do", "an exemption needs a reason", field="reason")
    row = {
        "authority_id": year.authority,
        "cycle_id": cycle,
        "party_id": before.party,
        "node": node,
        "reason": remark.reason.strip(),
        "approver_id": _approver(transaction, year, approver),
        "document": remark.basis.strip(),
        "at": transaction.now,
        "ended_why": "",
    }
    ident = int(transaction.connection.execute(insert(EXEMPTION).returning(EXEMPTION.c.id), row).scalar_one())
    after = measured_unit(store, transaction, year, unit)
    if faults := exemption_faults(after.scope):
        raise SheetFaultsError(faults)
    facts = ("node", "reason", "document")
    payload = {"exemption": ident, "unit": before.party, "approver": row["approver_id"], **{name: row[name] for name in facts}}
    transaction.entries.append(Entry(authority=year.authority, action="exempt", cycle=cycle, payload=payload))
    return _effect(store, transaction, year, ident, before=(before, known), after=after)


def end_exemption(store: Store, transaction: Transaction, cycle: int, exemption: int, *, remark: Remark) -> Effect:
    """
    End an exemption of a cycle with a reason: what was exempt counts again, with the scores it has.

    Raises:
        ResultsError: the cycle has no such exemption, it has ended, or no reason is given.

    """
    year = held_year(store, transaction, cycle)
    query = select(EXEMPTION.c.party_id, EXEMPTION.c.ended_at).where(EXEMPTION.c.id == exemption, EXEMPTION.c.cycle_id == cycle)
    row = transaction.connection.execute(query).one_or_none()
    if row is None:
        refuse(f"chu kỳ không có miễn chấm số {exemption}", f"the cycle has no exemption {exemption}", field="exemption")
    if row.ended_at is not None:
        refuse(f"miễn chấm số {exemption} đã kết thúc", f"exemption {exemption} has ended", field="exemption")
    if not remark.reason.strip():
        refuse("kết thúc miễn chấm phải có lý do", "ending an exemption needs a reason", field="reason")
    key = next(key for key, ident in year.people.ids.items() if ident == row.party_id)
    before, known = measured_unit(store, transaction, year, key), _all(store, transaction, year)
    values = {"ended_at": transaction.now, "ended_why": remark.reason.strip()}
    transaction.connection.execute(update(EXEMPTION).where(EXEMPTION.c.id == exemption).values(**values))
    payload = {"exemption": exemption, "unit": row.party_id, "reason": remark.reason.strip(), "basis": remark.basis.strip()}
    transaction.entries.append(Entry(authority=year.authority, action="end-exemption", cycle=cycle, payload=payload))
    after = measured_unit(store, transaction, year, key)
    return _effect(store, transaction, year, exemption, before=(before, known), after=after)


def _approver(transaction: Transaction, year: Year, key: str) -> int | None:
    if not key:
        return transaction.actor.contact
    query = select(CONTACT.c.id).where(CONTACT.c.authority_id == year.authority, CONTACT.c.key == key)
    found = transaction.connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NoSuchContactError(key, authority=year.plan.authority)
    return int(found)


_Known = tuple[dict[str, "UnitStanding"], "tuple[GroupTable, ...]"]


def _all(store: Store, transaction: Transaction, year: Year) -> _Known:
    """Return where every unit of the cycle stands, and the tables of the groups."""
    rules = rules_of(store, transaction.connection, year.authority, year.cycle)
    units = measured_units(store, transaction.connection, year, rules=rules)
    with refusing():
        found = standings(transaction.connection, year.cycle, units, rules=rules)
        contenders = (
            one.totals.contender(key, group=one.unit.scope.group, special=one.unit.special or not one.scored) for key, one in found.items()
        )
        return found, rank_units(contenders, rules=rules.ranking)


def _effect(  # noqa: PLR0913  of which exemption, on whom, before and after
    store: Store, transaction: Transaction, year: Year, ident: int, *, before: tuple[MeasuredUnit, _Known], after: MeasuredUnit
) -> Effect:
    rules = rules_of(store, transaction.connection, year.authority, year.cycle)
    (unit, (known, tables)), (found, tables_after) = before, _all(store, transaction, year)
    was, now = known[unit.key], found[unit.key]
    changed = denominators_changed(index_of(unit.scope, {}, rules=rules.index), index_of(after.scope, {}, rules=rules.index))
    return Effect(
        exemption=ident,
        leaves=len(after.scope.owed),
        leaves_before=len(unit.scope.owed),
        maximum=now.totals.maximum,
        maximum_before=was.totals.maximum,
        index=now.totals.index,
        index_before=was.totals.index,
        denominators=changed,
        places=places_moved(tables, tables_after),
        others=len(found) - 1,
    )
