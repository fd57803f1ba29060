"""Pinning: a cycle uses one version of a criteria set for a unit group; another one later needs a reason and a document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from evaluation.actions import Remark
from store.commands.criteria.versions import CriteriaRefusedError
from store.criteria import load_criteria, pinned_items
from store.journal import Entry
from store.locks import hold_cycle
from store.mending import mend
from store.queries.criteria import PUBLISHED, pins_of_cycle, unit_groups, version_named, version_pinned, versions_of
from store.queries.people import authority_of_cycle
from store.schema import CRITERIA_PIN, CYCLE, EVIDENCE, OBLIGATION, PARTY
from store.years import RUNNING, CycleNotRunningError, NoSuchCycleError, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.criteria import PinLine
    from store.session import Store, Transaction
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """What a pin did."""

    pin: PinLine
    items: int  #: leaves that a unit of the group hands in
    orphans: int = 0  #: pieces of evidence that belong to leaves which the version has not
    mended: tuple[int, ...] = ()  #: repairs that it did


def pin(  # noqa: PLR0913 -- for whom, which, and why
    store: Store, transaction: Transaction, cycle: int, *, group: str, name: str, remark: Remark
) -> Pinned:
    """
    Let a cycle use a published version (`KEY` or `KEY/NUMBER`) for a unit group; the same again changes nothing.

    Raises:
        CriteriaRefusedError: it is a draft, not for that group, nobody is in the group, or another version is in use and no reason
            or document is given.
        NoSuchCriteriaError: there is no such set or version.
        NoSuchCycleError: there is no such cycle, or it is another authority's.
        CycleNotRunningError: it is over.

    """
    hold_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    if not year.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    if year.state not in RUNNING:
        raise CycleNotRunningError(cycle, state=year.state)
    version = version_named(transaction.connection, year.authority, name)
    if version.state != PUBLISHED:
        vi = f"“{version.key}” còn là dự thảo: chưa có số, ngày quyết định; nhập lại kèm số và ngày rồi ghim"
        raise CriteriaRefusedError(vi, f"“{version.key}” is a draft: its decision has no number or date; take it in with them, then pin it")
    _require_group(store, transaction, year, group=group, version=version.id)
    before = version_pinned(transaction.connection, cycle, group)
    if before is not None and (before.key, before.version) == (version.key, version.number):
        return Pinned(pin=before, items=_items(store, transaction, year, group))
    if before is not None:
        _require_grounds(before, remark)
    _write(transaction, year, group=group, version=version.id, number=before.number + 1 if before else 1, remark=remark)
    now_pinned = version_pinned(transaction.connection, cycle, group)
    assert now_pinned is not None  # noqa: S101  it was just written
    return Pinned(
        pin=now_pinned,
        items=_items(store, transaction, year, group),
        orphans=0 if before is None else _orphans(store, transaction, year, group),
        mended=_mend(store, transaction, year, group),
    )


def pin_named(store: Store, transaction: Transaction, cycle: int, *, sets: Mapping[str, str]) -> tuple[Pinned, ...]:
    """
    Pin the sets that a plan names (group → set), as far as they are published and there are units for them; the rest is asked for later.

    A group that uses a set already keeps it: another one takes a reason and a document of its own.

    Raises:
        CriteriaRefusedError: a set is for other groups.

    """
    authority = authority_of_cycle(transaction.connection, cycle).id
    groups = unit_groups(transaction.connection, authority)
    published = {one.key for one in versions_of(transaction.connection, authority) if one.state == PUBLISHED}
    pinned = {one.group for one in pins_of_cycle(transaction.connection, cycle)}
    wanted = [(group, name) for group, name in sets.items() if group in groups and name in published and group not in pinned]
    return tuple(pin(store, transaction, cycle, group=group, name=name, remark=Remark()) for group, name in wanted)


def _require_group(store: Store, transaction: Transaction, year: Year, *, group: str, version: int) -> None:
    known = unit_groups(transaction.connection, year.authority)
    if group not in known:
        vi = f"không đơn vị nào thuộc nhóm “{group}”; có: {', '.join(known) or 'không nhóm nào'}"
        raise CriteriaRefusedError(vi, f"no unit is in the group “{group}”; there are: {', '.join(known) or 'none'}", field="group")
    own = load_criteria(store, transaction.connection, version).groups
    if own and group not in own:
        vi = f"bộ tiêu chí này dành cho nhóm {', '.join(own)}, không dành cho “{group}”"
        raise CriteriaRefusedError(vi, f"the set is for {', '.join(own)}, not for “{group}”", field="group")


def _require_grounds(before: PinLine, remark: Remark) -> None:
    if not remark.reason.strip() or not remark.basis.strip():
        what_vi, what_en = ("lý do", "a reason") if not remark.reason.strip() else ("văn bản", "a document")
        vi = f"nhóm “{before.group}” đang dùng {before.key} phiên bản {before.version}; đổi sang phiên bản khác cần có {what_vi}"
        en = f"the group “{before.group}” uses {before.key}, version {before.version}; another version takes {what_en}"
        raise CriteriaRefusedError(vi, en, field="reason" if what_en == "a reason" else "basis")


def _write(transaction: Transaction, year: Year, *, group: str, version: int, number: int, remark: Remark) -> None:  # noqa: PLR0913  a row's columns
    row = {
        "cycle_id": year.cycle,
        "unit_group": group,
        "number": number,
        "version_id": version,
        "reason": remark.reason,
        "basis": remark.basis,
        "pinned_at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    transaction.connection.execute(insert(CRITERIA_PIN), row)
    transaction.connection.execute(update(CYCLE).where(CYCLE.c.id == year.cycle).values(moves=year.moves + 1))
    payload = {"group": group, "number": number, "version": version, "reason": remark.reason, "basis": remark.basis}
    entry = Entry(authority=year.authority, action="pin-criteria", cycle=year.cycle, move=year.moves + 1, payload=payload)
    transaction.entries.append(entry)


def _items(store: Store, transaction: Transaction, year: Year, group: str) -> int:
    return len(pinned_items(store, transaction.connection, year.cycle).get(group, ()))


def _orphans(store: Store, transaction: Transaction, year: Year, group: str) -> int:
    """Count the evidence of the group's units that hangs on leaves which are gone."""
    stages = {ref.id: {item.key for item in ref.line.items} for ref in year.stages.values() if ref.line.items_from is not None}
    leaves = {item.key for item in pinned_items(store, transaction.connection, year.cycle).get(group, ())}
    query = (
        select(OBLIGATION.c.stage_id, EVIDENCE.c.item, func.count())
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(OBLIGATION.c.stage_id.in_(stages), PARTY.c.group == group, EVIDENCE.c.withdrawn_at.is_(None), EVIDENCE.c.item != "")
        .group_by(OBLIGATION.c.stage_id, EVIDENCE.c.item)
    )
    return sum(count for stage, item, count in transaction.connection.execute(query).tuples() if item not in leaves | stages[stage])


def _mend(store: Store, transaction: Transaction, year: Year, group: str) -> tuple[int, ...]:
    """Accept the open repairs that asked for this group's criteria."""
    subjects = [f"no-criteria/{ref.key}/{group}" for ref in year.stages.values() if ref.line.items_from is not None]
    return mend(store, transaction, year.cycle, subjects)
