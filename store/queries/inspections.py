"""Inspections and findings as people read them: each reader sees what the rights over the obligations behind them give."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import false, func, not_, or_, select, true

from evaluation.inspections.coverage import Coverage, Inspectable, coverage, last_inspected
from evaluation.inspections.findings import chain, days_over, status
from evaluation.inspections.naming import unit_named
from evaluation.kinds import StageKind
from evaluation.obligations import State, is_late
from store.commands.inspections.drawing import share_units
from store.commands.inspections.held import NoSuchInspectionError
from store.findings import REINSPECTION, REMEDY, read_findings
from store.queries.inspected import inspected_years
from store.queries.inspection_lines import DrawLine, FindingBehind, FindingLine, InspectionLine, MemberLine, StepLine
from store.queries.letter_facts import read_names
from store.rights import authority_today
from store.schema import (
    CONTACT,
    CYCLE,
    FINDING,
    FINDING_STEP,
    INSPECTION,
    INSPECTION_DRAW,
    INSPECTION_MEMBER,
    OBLIGATION,
    PARTY,
    STAGE,
    TERM,
)
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.findings import FindingFacts, StepFacts
    from store.queries.sight import Readable
    from store.session import Store


def cycle_of(connection: Connection, inspection: int) -> int:
    """Return the cycle of an inspection, or of any other obligation; NoSuchInspectionError if there is none."""
    found: int | None = connection.execute(select(OBLIGATION.c.cycle_id).where(OBLIGATION.c.id == inspection)).scalar_one_or_none()
    if found is None:
        raise NoSuchInspectionError(inspection)
    return found


def list_inspections(  # noqa: PLR0913  whose, of which year, seen by whom
    store: Store,
    connection: Connection,
    *,
    cycle: int,
    now: datetime,
    readable: Readable | None = None,
    whole: Readable | None = None,
    only: int | None = None,
) -> list[InspectionLine]:
    """
    Return the inspections of a cycle that a reader may see, by unit; the number of queries does not grow with them.

    `readable`: what the reader may see; `whole`: of which also what is not issued yet. None: everything.
    """
    authority = connection.execute(select(CYCLE.c.authority_id).where(CYCLE.c.id == cycle)).scalar_one_or_none()
    if authority is None:
        return []
    names = read_names(store, connection, authority)
    rows = connection.execute(_inspections(cycle, readable=readable, whole=whole, only=only)).all()
    found = [row for row in rows if unit_named(row.subject) in names.by_key and names.people.ids[unit_named(row.subject)] != row.party_id]
    counts, members = _counts(connection, cycle), _members(connection, [row.id for row in found])
    lines = [_inspection(row, names=names, counts=counts, now=now) for row in found]
    return [replace(line, members=tuple(members[line.id])) for line in lines]


def _inspections(cycle: int, *, readable: Readable | None, whole: Readable | None, only: int | None) -> Any:  # noqa: ANN401  a query
    all_of_it = true() if whole is None else whole
    names = ("unit_id", "kind", "chosen", "theme", "day", "held_on", "began", "ended", "minutes", "minutes_text")
    issued = ("concluded_on", "conclusions", "conclusions_text")
    return (
        select(OBLIGATION, STAGE.c.key.label("stage"), TERM.c.due_on, all_of_it.label("whole"))
        .add_columns(*(INSPECTION.c[name].label(f"i_{name}") for name in (*names, *issued)))
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .outerjoin(INSPECTION, INSPECTION.c.obligation_id == OBLIGATION.c.id)
        .where(OBLIGATION.c.cycle_id == cycle, STAGE.c.kind == StageKind.INSPECTION.value)
        .where(true() if readable is None else readable, true() if only is None else OBLIGATION.c.id == only)
        .order_by(OBLIGATION.c.subject, OBLIGATION.c.id)
    )


def _counts(connection: Connection, cycle: int) -> dict[int, tuple[int, int]]:
    still = func.count().filter(FINDING.c.closed_at.is_(None))
    query = select(FINDING.c.inspection_id, func.count(), still).where(FINDING.c.cycle_id == cycle).group_by(FINDING.c.inspection_id)
    return {inspection: (every, still_open) for inspection, every, still_open in connection.execute(query)}


def _members(connection: Connection, inspections: Collection[int]) -> dict[int, list[MemberLine]]:
    query = (
        select(INSPECTION_MEMBER, CONTACT.c.key, CONTACT.c.name)
        .join(CONTACT, CONTACT.c.id == INSPECTION_MEMBER.c.contact_id)
        .where(INSPECTION_MEMBER.c.obligation_id.in_(inspections))
        .order_by(INSPECTION_MEMBER.c.is_lead.desc(), CONTACT.c.name, CONTACT.c.id)
    )
    found: dict[int, list[MemberLine]] = defaultdict(list)
    for row in connection.execute(query):
        who = MemberLine(contact=row.key, name=row.name, is_lead=row.is_lead, valid_from=row.valid_from, valid_to=row.valid_to)
        found[row.obligation_id].append(who)
    return found


def _inspection(row: Row[Any], *, names: Any, counts: dict[int, tuple[int, int]], now: datetime) -> InspectionLine:  # noqa: ANN401
    unit = unit_named(row.subject)
    seen = bool(row.whole) or row.i_concluded_on is not None
    every, still = counts.get(row.id, (0, 0))
    return InspectionLine(
        id=row.id,
        cycle=row.cycle_id,
        stage=row.stage,
        unit=unit,
        unit_name=names.of_key(unit),
        group=names.by_key[unit].group,
        team=names.of(row.party_id),
        kind=row.i_kind or "planned",
        chosen=row.i_chosen or "hand",
        theme=row.i_theme or "",
        day=row.i_day,
        held_on=row.i_held_on,
        began=row.i_began,
        ended=row.i_ended,
        minutes=(row.i_minutes or "") if seen else "",
        minutes_text=(row.i_minutes_text or "") if seen else "",
        concluded_on=row.i_concluded_on,
        conclusions=row.i_conclusions or "",
        conclusions_text=row.i_conclusions_text or "",
        state=State(row.state),
        due_on=row.due_on,
        hidden=row.visible_from is not None and row.visible_from > now,
        findings=every,
        open_findings=still,
        moves=row.moves,
    )


def list_findings(  # noqa: PLR0913  whose, of which year, seen by whom
    store: Store,
    connection: Connection,
    *,
    now: datetime,
    cycle: int | None = None,
    only: int | None = None,
    inspection: int | None = None,
    unit: int | None = None,
    readable: Readable | None = None,
    open_only: bool = False,
) -> list[FindingLine]:
    """
    Return the findings that a reader may see, by number: those of an inspection or of a remedy that they may see.

    Those of a unit are what was found about it and what it has to remedy for one that ended.
    """
    given = [
        true() if cycle is None else FINDING.c.cycle_id == cycle,
        true() if only is None else FINDING.c.id == only,
        true() if inspection is None else FINDING.c.inspection_id == inspection,
        FINDING.c.closed_at.is_(None) if open_only else true(),
    ]
    where: ColumnElement[bool] = given[0]
    for condition in given[1:]:
        where &= condition
    found = [one for one in read_findings(connection, where) if unit is None or unit in {one.unit, one.owner}]
    seen = _seen(connection, found, readable=readable)
    shown = [one for one in found if seen & {one.inspection, *(step.obligation.id for step in one.of(REMEDY))}]
    today = authority_today(connection, shown[0].authority, now=now) if shown else None
    return [_finding(store, connection, one, seen=seen, now=now, today=today) for one in shown]


def _seen(connection: Connection, found: list[FindingFacts], *, readable: Readable | None) -> set[int]:
    """Return which of the obligations behind some findings a reader may see."""
    ids = {one.inspection for one in found} | {step.obligation.id for one in found for step in one.steps}
    if readable is None or not ids:
        return ids
    query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    return set(connection.execute(query.where(or_(false(), readable), OBLIGATION.c.id.in_(sorted(ids)))).scalars())


def _finding(  # noqa: PLR0913  of what, seen by whom, when
    store: Store, connection: Connection, one: FindingFacts, *, seen: set[int], now: datetime, today: date | None
) -> FindingLine:
    late = is_late(one.remedy.obligation, now=now)
    names = read_names(store, connection, one.authority)
    keys = {ident: key for key, ident in names.people.ids.items()}
    steps = [step for step in one.steps if step.kind in {REMEDY, REINSPECTION} or step.obligation.id in seen]
    return FindingLine(
        id=one.id,
        cycle=one.cycle,
        key=one.key,
        inspection=one.inspection,
        unit=keys[one.owner],
        unit_name=names.of(one.owner),
        text=one.text,
        basis=one.basis,
        criterion=one.criterion,
        at=one.at,
        age=((one.closed_at or now) - one.at).days,
        due_on=one.remedy_due,
        late=late,
        days_late=days_over(one.remedy_due, late=late, today=today),
        status=status(one.finding),
        closed_at=one.closed_at,
        closed_why=one.closed_why,
        closed_basis=one.closed_basis,
        links=chain(one.finding),
        steps=tuple(_step(step, party=names.of(step.obligation.party), now=now) for step in steps),
        moves=one.remedy.obligation.moves,
    )


def _step(step: StepFacts, *, party: str, now: datetime) -> StepLine:
    obligation = step.obligation
    return StepLine(
        kind=step.kind,
        number=step.number,
        round=step.round,
        obligation=obligation.id,
        party=party,
        state=obligation.state,
        due_on=obligation.party_term.due_on,
        late=is_late(obligation, now=now),
        said=step.said,
        said_at=step.said_at,
        note=step.note,
        document=step.document,
    )


def finding_behind(connection: Connection, obligation: int) -> FindingBehind | None:
    """Return the finding that an obligation remedies or looks at again; None where it is about none."""
    same = (FINDING_STEP.c.stage_id == OBLIGATION.c.stage_id) & (FINDING_STEP.c.subject == OBLIGATION.c.subject)
    row = connection.execute(
        select(FINDING.c.inspection_id, FINDING.c.key, FINDING.c.text, FINDING_STEP.c.kind, FINDING_STEP.c.said)
        .join(FINDING_STEP, FINDING_STEP.c.finding_id == FINDING.c.id)
        .join(OBLIGATION, same)
        .where(OBLIGATION.c.id == obligation, FINDING_STEP.c.kind.in_([REMEDY, REINSPECTION]))
    ).first()
    if row is None:
        return None
    return FindingBehind(inspection=row.inspection_id, number=row.key.partition("/")[2], text=row.text, kind=row.kind, said=row.said)


def list_draws(connection: Connection, *, cycle: int, readable: Readable) -> list[DrawLine]:
    """Return the draws of a cycle, in order; none that put an inspection into the plan of which the reader does not know."""
    drawn = select(INSPECTION.c.draw_id).join(OBLIGATION, OBLIGATION.c.id == INSPECTION.c.obligation_id)
    drawn = drawn.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    unknown = connection.execute(drawn.where(INSPECTION.c.cycle_id == cycle, INSPECTION.c.draw_id.is_not(None), not_(readable))).scalars()
    query = select(INSPECTION_DRAW, STAGE.c.key).join(STAGE, STAGE.c.id == INSPECTION_DRAW.c.stage_id)
    query = query.where(INSPECTION_DRAW.c.cycle_id == cycle, INSPECTION_DRAW.c.id.not_in(set(unknown)))
    rows = connection.execute(query.order_by(INSPECTION_DRAW.c.id))
    same = ("id", "seed", "wanted", "at")
    return [
        DrawLine(
            **{name: row._mapping[name] for name in same},
            stage=row.key,
            pool=tuple(orjson.loads(row.pool)),
            result=tuple(orjson.loads(row.result)),
        )
        for row in rows
    ]


def coverage_of(
    store: Store, connection: Connection, *, cycle: int, now: datetime, readable: Readable | None = None
) -> dict[str, Coverage]:
    """Return by stage what the inspections that a reader may see reach of the units that each stage's share is of."""
    year = load_year(store, connection, cycle, now=now)
    lines = list_inspections(store, connection, cycle=cycle, now=now, readable=readable)
    planned = {line.unit for line in lines if line.state is not State.WAIVED}
    inspected = {line.unit for line in lines if line.held_on is not None or line.concluded_on is not None}
    before = last_inspected(inspected_years(connection, year.authority), before=year.evaluated)
    groups = dict(connection.execute(select(PARTY.c.key, PARTY.c.group).where(PARTY.c.authority_id == year.authority)).tuples().all())
    found = {}
    for ref in year.stages.values():
        if ref.kind is not StageKind.INSPECTION or ref.line.inspection is None:
            continue
        units = [
            Inspectable(unit=key, group=groups[key], planned=key in planned, inspected=key in inspected, last_year=before.get(key))
            for key in share_units(year, ref)
        ]
        settings = ref.line.inspection
        found[ref.key] = coverage(units, share=settings.share, year=year.evaluated, neglected_years=settings.neglected_after)
    return found
