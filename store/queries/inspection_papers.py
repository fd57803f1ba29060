"""Papers of inspections: which are not drafted yet, and what was recorded that each is drafted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from evaluation.cycles import CycleState
from evaluation.inspections.papers import Inspected, conclusions_of, measure_of, minutes_of
from evaluation.paper_facts import FindingLine
from evaluation.paper_heads import head_of_standing_body
from evaluation.papers import Purpose
from store.commands.inspections.held import NoSuchInspectionError
from store.findings import REMEDY
from store.queries.letter_facts import read_names
from store.queries.paper_facts import cited, head_of_party
from store.schema import (
    AUTHORITY,
    CONTACT,
    CYCLE,
    FINDING,
    FINDING_STEP,
    INSPECTION,
    INSPECTION_MEMBER,
    OBLIGATION,
    PAPER,
    PAPER_ABOUT,
    TERM,
)
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evaluation.paper_facts import ConclusionsFacts, MinutesFacts
    from store.session import Store
    from store.years import Year

#: Drafted from the record of an inspection.
OF_INSPECTIONS = (Purpose.MINUTES, Purpose.CONCLUSIONS)


@dataclass(frozen=True, kw_only=True)
class InspectionPaper:
    """A paper of an inspection: its facts, and who issues it."""

    cycle: int
    authority: int
    issuer: str  #: key of who inspected
    facts: MinutesFacts | ConclusionsFacts


def undrafted_inspections(connection: Connection) -> list[tuple[int, Purpose]]:
    """Return the inspections of running cycles whose minutes, or conclusions, are recorded and of which no paper speaks yet."""
    recorded: dict[Purpose, ColumnElement[bool]] = {
        Purpose.MINUTES: INSPECTION.c.held_on.is_not(None),
        Purpose.CONCLUSIONS: INSPECTION.c.concluded_on.is_not(None),
    }
    running = [CycleState.LAUNCHED.value, CycleState.PAUSED.value]
    found: list[tuple[int, Purpose]] = []
    for purpose, is_there in recorded.items():
        spoken = exists().where(
            PAPER_ABOUT.c.obligation_id == INSPECTION.c.obligation_id,
            PAPER.c.id == PAPER_ABOUT.c.paper_id,
            PAPER.c.purpose == purpose.value,
        )
        query = select(INSPECTION.c.obligation_id).join(CYCLE, CYCLE.c.id == INSPECTION.c.cycle_id)
        rows = connection.execute(query.where(is_there, CYCLE.c.state.in_(running), ~spoken).order_by(INSPECTION.c.obligation_id))
        found += [(int(ident), purpose) for ident in rows.scalars()]
    return sorted(found, key=lambda one: (one[0], one[1] is Purpose.CONCLUSIONS))


def inspection_paper(store: Store, connection: Connection, inspection: int, purpose: Purpose, *, now: datetime) -> InspectionPaper:
    """Return a paper of an inspection as the record stands; NoSuchInspectionError where that is not recorded."""
    query = select(INSPECTION, OBLIGATION.c.party_id).join(OBLIGATION, OBLIGATION.c.id == INSPECTION.c.obligation_id)
    row = connection.execute(query.where(INSPECTION.c.obligation_id == inspection)).one_or_none()
    if row is None or (row.held_on if purpose is Purpose.MINUTES else row.concluded_on) is None:
        raise NoSuchInspectionError(inspection)
    year = load_year(store, connection, row.cycle_id, now=now)
    told = _inspected(store, connection, row, year=year)
    facts = minutes_of(told) if purpose is Purpose.MINUTES else conclusions_of(told)
    issuer = next(key for key, ident in year.people.ids.items() if ident == row.party_id)
    return InspectionPaper(cycle=row.cycle_id, authority=row.authority_id, issuer=issuer, facts=facts)


def _inspected(store: Store, connection: Connection, row: Row[Any], *, year: Year) -> Inspected:
    names = read_names(store, connection, year.authority)
    authority = connection.execute(select(AUTHORITY.c.name).where(AUTHORITY.c.id == year.authority)).scalar_one()
    team = names.of(row.party_id)
    members = _members(connection, row)
    ref = next(ref for ref in year.stages.values() if ref.id == _stage_of(connection, row.obligation_id))
    basis = next((one for one in year.plan.documents if one.key == ref.line.basis), None)
    plain = ("kind", "theme", "held_on", "began", "ended", "minutes", "minutes_text", "concluded_on", "conclusions", "conclusions_text")
    return Inspected(
        unit=names.of(row.unit_id),
        unit_head=head_of_party(connection, row.unit_id, on=row.held_on),
        team=team,
        lead=next((name for name, is_lead in members if is_lead), ""),
        members=tuple(name for name, is_lead in members if not is_lead),
        findings=_findings(connection, row.obligation_id),
        basis="" if basis is None else cited(basis),
        head=head_of_standing_body(team, authority=authority),
        standing_body=names.of(year.directory.standing_body),
        chair=names.of(year.directory.chair),
        **{name: getattr(row, name) for name in plain},
    )


def _stage_of(connection: Connection, obligation: int) -> int:
    return int(connection.execute(select(OBLIGATION.c.stage_id).where(OBLIGATION.c.id == obligation)).scalar_one())


def _members(connection: Connection, row: Row[Any]) -> list[tuple[str, bool]]:
    """Return who was of the team on the day, the lead first; whether each leads."""
    query = (
        select(CONTACT.c.name, INSPECTION_MEMBER.c.is_lead, INSPECTION_MEMBER.c.valid_from, INSPECTION_MEMBER.c.valid_to)
        .join(CONTACT, CONTACT.c.id == INSPECTION_MEMBER.c.contact_id)
        .where(INSPECTION_MEMBER.c.obligation_id == row.obligation_id)
        .order_by(INSPECTION_MEMBER.c.is_lead.desc(), CONTACT.c.name, CONTACT.c.id)
    )
    on = row.held_on
    return [(one.name, one.is_lead) for one in connection.execute(query) if (one.valid_from or on) <= on <= (one.valid_to or on)]


def _findings(connection: Connection, inspection: int) -> tuple[FindingLine, ...]:
    """Return what the conclusions found, each with the last day of its first remedy as it was first set; not what a re-inspection added."""
    first = (FINDING_STEP.c.finding_id == FINDING.c.id) & (FINDING_STEP.c.kind == REMEDY) & (FINDING_STEP.c.number == 1)
    query = (
        select(FINDING.c.text, FINDING.c.basis, TERM.c.due_on)
        .join(FINDING_STEP, first)
        .join(TERM, (TERM.c.obligation_id == FINDING_STEP.c.obligation_id) & (TERM.c.number == 1))
        .where(FINDING.c.inspection_id == inspection, FINDING.c.added_by.is_(None))
        .order_by(FINDING.c.id)
    )
    return tuple(FindingLine(text=row.text, measure=measure_of(row.basis), due_on=row.due_on) for row in connection.execute(query))
