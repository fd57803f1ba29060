"""
Weak criteria: what criteria reached last year is taken in, and what was weak becomes an obligation.

Of a unit the unit answers for it, of the province whoever leads the criterion on that day. A list may be sent again with what it lacked: a
criterion that was taken in before raises nothing anew; where its points, maximum or cause changed, they are corrected, journaled.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from config.table_columns import folded
from config.weak_files import WeakKnown
from evaluation.criteria.sets import walk
from evaluation.improvement.settings import WeakOf
from evaluation.improvement.weak import Result, is_weak
from store.commands.improvement.lines import ImprovementError, lead_parties, weak_stage
from store.commands.improvement.taken import BY_PLAN, Raised, TakenIn, Until, require_in_time
from store.commands.inspections.held import owner_on
from store.commands.requested import Asked, raise_on_request
from store.criteria import load_criteria
from store.journal import Entry
from store.lives import MOST_IDS, read_by_id
from store.locks import hold_cycle
from store.queries.criteria import version_named
from store.schema import AUTHORITY, CRITERIA_VERSION, OBLIGATION, WEAK_CRITERION
from store.unit_work import text_digest
from store.years import RUNNING, CycleNotRunningError, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from evaluation.criteria.sets import CriteriaSet
    from store.queries.criteria import VersionLine
    from store.session import Store, Transaction
    from store.years import StageRef, Year

IMPORT = "import-weak-criteria"
CORRECT = "correct-weak-criteria"  #: entry by which points taken in before are changed


def weak_known(store: Store, connection: Connection, cycle: int, name: str, *, now: datetime) -> WeakKnown:
    """
    Return what a file of results is held against: the set `KEY` or `KEY/NUMBER`, the plan's lines, who leads what today.

    Raises:
        NoSuchCycleError, NoSuchCriteriaError: there is none.

    """
    year = load_year(store, connection, cycle, now=now)
    criteria = load_criteria(store, connection, version_named(connection, year.authority, name).id)
    today = year.rulebook.calendar.local_date(now)
    units, province = weak_stage(year, WeakOf.UNITS), weak_stage(year, WeakOf.PROVINCE)
    authority = connection.execute(select(AUTHORITY.c.key, AUTHORITY.c.name).where(AUTHORITY.c.id == year.authority)).one()
    leads = lead_parties(year, tuple(walk(criteria)), day=today)
    keys = {ident: key for key, ident in year.people.ids.items()}
    return WeakKnown(
        criteria=criteria,
        units={} if units is None else _may_answer(year, units, today=today),
        province=(authority.key, authority.name, year.plan.authority, year.plan.authority_name),
        leads={node: keys[lead] for node, lead in leads.items() if lead is not None},
        low_of_units=_low(units),
        low_of_province=_low(province),
    )


def _low(ref: StageRef | None) -> int | None:
    return None if ref is None or ref.line.improvement is None else ref.line.improvement.low


def _may_answer(year: Year, ref: StageRef, *, today: date) -> dict[str, str]:
    """Return the units whose criteria may be owed, by key and folded name: those the line names, and those they took over from."""
    may = set(year.people.selected(ref.line.owed_by, on=year.plan.reference_on))
    units = [party for party in year.people.roster.parties if owner_on(year, year.people.ids[party.key], on=today) in may]
    return {folded(unit.name): unit.key for unit in units} | {unit.key: unit.key for unit in units}


def take_weak(  # noqa: PLR0913  what, of which set, and from where
    store: Store,
    transaction: Transaction,
    cycle: int,
    results: Sequence[Result],
    *,
    criteria: str,
    edition: str = "",
    until: Until = BY_PLAN,
) -> TakenIn:
    """
    Turn the weak ones of last year's results into obligations; `criteria` is the set that their numbers are of.

    `edition`: SHA-256 of the published edition that they are of; empty: a file was sent.

    Raises:
        NoSuchCycleError, NoSuchCriteriaError: there is none.
        CycleNotRunningError: the cycle is over.
        ImprovementError: the plan has no stage for them, nobody leads a weak criterion of the province, or one would be overdue from the
            start and nobody accepted that.
        RequestError: the date given has passed.

    """
    hold_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    if year.state not in RUNNING:
        raise CycleNotRunningError(cycle, state=year.state)
    version = version_named(transaction.connection, year.authority, criteria)
    content = load_criteria(store, transaction.connection, version.id)
    placed = [(result, _stage(year, result)) for result in results]
    weak = [(result, ref) for result, ref in placed if is_weak(result, low=_low(ref) or 0)]
    before = _taken_before(transaction, cycle, version)
    there = {(row.unit_id, row.criterion) for row in before}
    corrected = _correct(transaction, year, before, results)
    fresh = [(result, ref) for result, ref in weak if (year.people.ids.get(result.unit), result.criterion) not in there]
    owned = [(result, ref, _owner(year, content, result, now=transaction.now)) for result, ref in fresh]
    raised = _raise(transaction, year, owned, due_on=until.due_on)
    lines = _lines(transaction, year, content, owned, raised=raised)
    require_in_time(lines, until)
    _keep(transaction, year, version, lines, edition=edition)
    return TakenIn(raised=lines, strong=len(results) - len(weak), known=len(weak) - len(fresh), corrected=corrected)


_Owned = tuple[Result, "StageRef", int]


def _stage(year: Year, result: Result) -> StageRef:
    whose = WeakOf.UNITS if result.unit else WeakOf.PROVINCE
    ref = weak_stage(year, whose)
    if ref is None:
        vi = f"kế hoạch không có công đoạn `improvement: {{weak: {whose.value}}}` cho tiêu chí {result.criterion}"
        en = f"the plan has no stage `improvement: {{weak: {whose.value}}}` for the criterion {result.criterion}"
        raise ImprovementError(vi, en, field="stage")
    return ref


def _taken_before(transaction: Transaction, cycle: int, version: VersionLine) -> Sequence[Row[Any]]:
    """Return the criteria, of any version of the same set, that the cycle has taken in."""
    same = WEAK_CRITERION.join(CRITERIA_VERSION, CRITERIA_VERSION.c.id == WEAK_CRITERION.c.version_id)
    mine = (WEAK_CRITERION.c.cycle_id == cycle) & (CRITERIA_VERSION.c.set_id == version.set_id)
    return transaction.connection.execute(select(WEAK_CRITERION).select_from(same).where(mine).order_by(WEAK_CRITERION.c.id)).all()


def _correct(transaction: Transaction, year: Year, before: Sequence[Row[Any]], results: Sequence[Result]) -> int:
    """Write what results now say otherwise of criteria taken in before, with an entry that says both; return how many."""
    said = {(year.people.ids.get(result.unit), result.criterion): result for result in results}
    told = []
    for row in before:
        result = said.get((row.unit_id, row.criterion))
        new = None if result is None else {"points": str(result.points), "maximum": str(result.maximum), "cause": result.cause.strip()}
        old = dict(row._mapping)
        if new is None or _same(old, new):
            continue
        transaction.connection.execute(update(WEAK_CRITERION).where(WEAK_CRITERION.c.id == row.id).values(**new))
        told.append({"was": [row.version_id, *row_facts(old)], "now": [row.version_id, *row_facts({**old, **new})]})
    if told:
        payload = {"rows": told, **transaction.actor.capacity}
        transaction.entries.append(Entry(authority=year.authority, action=CORRECT, cycle=year.cycle, payload=payload))
    return len(told)


def _same(old: Mapping[str, Any], new: Mapping[str, str]) -> bool:
    """Return whether points and maximum are the same numbers, however they are written, and the cause the same words."""
    return old["cause"] == new["cause"] and all(Decimal(old[name]) == Decimal(new[name]) for name in ("points", "maximum"))


def _owner(year: Year, criteria: CriteriaSet, result: Result, *, now: datetime) -> int:
    today = year.rulebook.calendar.local_date(now)
    if result.unit:
        return owner_on(year, year.people.ids[result.unit], on=today)
    lead = lead_parties(year, tuple(walk(criteria)), day=today).get(result.criterion)
    if lead is None:
        vi = f"chưa có đơn vị chủ trì tiêu chí {result.criterion}; ghi bằng `dondoc criteria lead` rồi nhập lại"
        en = f"nobody leads the criterion {result.criterion}; name its lead with `dondoc criteria lead`, then take it in again"
        raise ImprovementError(vi, en, field="criterion")
    return lead


def _raise(transaction: Transaction, year: Year, owned: Sequence[_Owned], *, due_on: date | None) -> dict[tuple[int, int, str], int]:
    """Raise an obligation for each party and criterion that has none, and return all of them by stage, party and criterion."""
    stages = {ref.id for _, ref, _ in owned}
    query = select(OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.id)
    rows = transaction.connection.execute(query.where(OBLIGATION.c.stage_id.in_(stages)))
    known = {(stage, party, subject): ident for stage, party, subject, ident in rows}
    wanted: dict[tuple[int, str], dict[int, None]] = {}
    for result, ref, owner in owned:
        if (ref.id, owner, result.criterion) not in known:
            wanted.setdefault((ref.id, result.criterion), {})[owner] = None
    for (stage, criterion), owners in wanted.items():
        asked = Asked(stage=year.stages[stage].key, parties=tuple(owners), subject=criterion, due_on=due_on)
        ids = raise_on_request(transaction, year, asked)
        known |= {(stage, owner, criterion): ident for owner, ident in zip(owners, ids, strict=True)}
    return known


def _lines(
    transaction: Transaction, year: Year, criteria: CriteriaSet, owned: Sequence[_Owned], *, raised: dict[tuple[int, int, str], int]
) -> tuple[Raised, ...]:
    titles = {step.node.key: step.node.title for step in walk(criteria)}
    keys = {party: key for key, party in year.people.ids.items()}
    ids = [raised[ref.id, owner, result.criterion] for result, ref, owner in owned]
    fresh = list(dict.fromkeys(ids))
    parts = (fresh[start : start + MOST_IDS] for start in range(0, len(fresh), MOST_IDS))
    terms = {one.id: one.term for part in parts for one in read_by_id(transaction.connection, part)}
    return tuple(
        Raised(
            result=result,
            title=titles[result.criterion],
            owner=keys[owner],
            stage=ref.key,
            obligation=ident,
            due_on=terms[ident].due_on,
            late=(at := terms[ident].due_at) is not None and at <= transaction.now,
        )
        for (result, ref, owner), ident in zip(owned, ids, strict=True)
    )


def _keep(transaction: Transaction, year: Year, version: VersionLine, lines: Sequence[Raised], *, edition: str) -> None:
    if not lines:
        return
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "unit_id": year.people.ids.get(one.result.unit),
            "version_id": version.id,
            "criterion": one.result.criterion,
            "points": str(one.result.points),
            "maximum": str(one.result.maximum),
            "cause": one.result.cause.strip(),
            "obligation_id": one.obligation,
            "at": transaction.now,
            "contact_id": transaction.actor.contact,
        }
        for one in lines
    ]
    transaction.connection.execute(insert(WEAK_CRITERION), rows)
    payload = {"version": version.id, "rows": [row_facts(row) for row in rows], **transaction.actor.capacity}
    payload |= {"edition": edition} if edition else {}
    transaction.entries.append(Entry(authority=year.authority, action=IMPORT, cycle=year.cycle, payload=payload))


def row_facts(row: Mapping[str, object]) -> list[object]:
    """Return a weak criterion as the journal has it: unit (0: the province), number, points, maximum, digest of the cause, obligation."""
    names = ("criterion", "points", "maximum")
    return [row["unit_id"] or 0, *(row[name] for name in names), text_digest(str(row["cause"])), row["obligation_id"]]


def reached(points: str, maximum: str) -> Decimal:
    """Return the share of its maximum that a stored criterion reached, in per cent."""
    return Decimal(100) * Decimal(points) / Decimal(maximum)
