"""Exemptions (miễn chấm): a unit is not measured by a node in a cycle, with a reason and by whose approval; and their end (domain §3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.scores.exemptions import exemption_faults
from store.commands.results.held import held_year, measured_unit, refuse
from store.journal import Entry
from store.queries.people import NoSuchContactError
from store.queries.results import standings
from store.results import rules_of
from store.schema import CONTACT, EXEMPTION
from store.score_refusals import SheetFaultsError, refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from evaluation.actions import Remark
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
    before = measured_unit(store, transaction, year, unit)
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
    return _effect(transaction, year, ident, before=before, after=after)


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
    before = measured_unit(store, transaction, year, key)
    values = {"ended_at": transaction.now, "ended_why": remark.reason.strip()}
    transaction.connection.execute(update(EXEMPTION).where(EXEMPTION.c.id == exemption).values(**values))
    payload = {"exemption": exemption, "unit": row.party_id, "reason": remark.reason.strip(), "basis": remark.basis.strip()}
    transaction.entries.append(Entry(authority=year.authority, action="end-exemption", cycle=cycle, payload=payload))
    return _effect(transaction, year, exemption, before=before, after=measured_unit(store, transaction, year, key))


def _approver(transaction: Transaction, year: Year, key: str) -> int | None:
    if not key:
        return transaction.actor.contact
    query = select(CONTACT.c.id).where(CONTACT.c.authority_id == year.authority, CONTACT.c.key == key)
    found = transaction.connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NoSuchContactError(key, authority=year.plan.authority)
    return int(found)


def _effect(transaction: Transaction, year: Year, ident: int, *, before: MeasuredUnit, after: MeasuredUnit) -> Effect:
    rules = rules_of(transaction.connection, year.authority, year.cycle)
    with refusing():
        (was,) = standings(transaction.connection, year.cycle, [before], rules=rules).values()
        (now,) = standings(transaction.connection, year.cycle, [after], rules=rules).values()
    return Effect(
        exemption=ident,
        leaves=len(after.scope.owed),
        leaves_before=len(before.scope.owed),
        maximum=now.totals.maximum,
        maximum_before=was.totals.maximum,
        index=now.totals.index,
        index_before=was.totals.index,
    )
