"""A unit's year: who it is and whom to phone, what it owes, how often it was late, and everything that happened, in one line of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import HTMLResponse

from api.console.catalogues import N_
from api.console.groups import group_said, level_said
from api.console.inspection import FindingView, finding_view
from api.console.lines import DueView, due_views
from api.console.paper_views import IssuedView, issued_view
from api.console.unit_story import Happening, Teller, ahead_of, happenings_of
from api.console.visiting import Frame, Visitor, Visits, frame_of, page
from api.problems.errors import NoCycleError, NoUnitError
from api.routes.cycles import Number
from api.routes.inspections import sight_of
from api.routes.obligations import Key
from evaluation.obligations import FINAL
from evaluation.rights import Action, decide
from evaluation.track_records import Counted, Duty, TrackRecord, track_record
from notifications.phrases import ROLES
from store.queries.health import answering
from store.queries.inspections import list_findings
from store.queries.issued_papers import issued_about
from store.queries.obligations import ObligationLine, Wanted, find_obligations
from store.queries.rights import authority_resource
from store.queries.unit_heads import PersonLine, UnitHead, help_of, people_of, unit_head
from store.queries.unit_year import actors_of, deeds_of, files_of, mails_to
from store.rights import NotAllowedError
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.rights import Verdict
    from store.queries.frame import FrameCycle
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
#: What the line of time is narrowed to, in the order of the choice.
ONLY = (
    ("work", N_("Việc và hạn")),
    ("return", N_("Trả lại để bổ sung")),
    ("urge", N_("Đôn đốc")),
    ("mail", N_("Thư đã gửi")),
    ("file", N_("Tài liệu")),
    ("people", N_("Người phụ trách")),
)


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """Somebody in office."""

    person: PersonLine
    role: str
    deputised: bool


@dataclass(frozen=True, kw_only=True)
class PastView:
    """A duty that the track record counts."""

    counted: Counted
    view: DueView
    year: int


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """What the page of a unit says."""

    unit: UnitHead
    level: str
    group: str
    people: list[PersonView] | None  #: None: not for this reader
    owed: list[DueView]
    done: list[DueView]
    record: TrackRecord
    past: list[PastView]
    findings: list[FindingView]
    issued: list[IssuedView]
    ahead: list[Happening]
    told: list[Happening]


@router.get("/cycles/{id}/units/{key}")  # noqa: FAST003  `Number` is its alias
def unit(cycle: Number, key: Annotated[Key, Path()], visitor: Visits) -> HTMLResponse:
    """A unit in a year. NoCycleError, NoUnitError, NotAllowedError."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="matrix", cycle=cycle)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        on = visitor.today(frame.cycle.zone)
        found = unit_head(connection, frame.cycle.authority, key, on=on)
        if found is None:
            raise NoUnitError
        facts = _facts(visitor, connection, found, frame=frame, cycle=frame.cycle)
        helping = help_of(connection, cycle, on=on)
        return page(visitor, "unit.html", frame, {**vars(facts), "help": helping, "choices": ONLY})


def _facts(visitor: Visitor, connection: View, found: UnitHead, *, frame: Frame, cycle: FrameCycle) -> UnitFacts:
    store, now, on = visitor.served.store, visitor.now, visitor.today(cycle.zone)
    wanted = visitor.seen.narrowed(Wanted(authority=cycle.authority, party=found.key), store, connection, now=now)
    every = find_obligations(store, connection, wanted, now=now)
    verdict = _people_verdict(visitor, connection, found, cycle=cycle)
    _require_sight(every, frame, verdict, person=visitor.seen.person is not None)
    lines = [line for line in every if line.cycle == cycle.id]
    views = dict(zip([line.id for line in every], due_views(visitor, connection, every), strict=True))
    record = _record(visitor, every, cycle=cycle)
    people = people_of(connection, found.id)
    may_name = verdict is not None and verdict.allowed
    teller = _teller(visitor, connection, lines, views, unit=found, people=people, cycle=cycle, named=may_name)
    in_office = [person for person in people if person.is_in_office(on)]
    years = {line.id: line.year for line in every}
    return UnitFacts(
        unit=found,
        level=level_said(visitor, found.level),
        group=group_said(visitor, found.group) if found.group else "",
        people=[_person(visitor, one, cycle=cycle) for one in in_office] if may_name else None,
        owed=[views[line.id] for line in lines if line.state not in FINAL],
        done=[views[line.id] for line in lines if line.state in FINAL],
        record=record,
        past=[PastView(counted=one, view=views[one.id], year=years[one.id]) for one in record.counted],
        findings=_findings(visitor, connection, found.id, cycle=cycle.id),
        issued=_issued(visitor, connection, found.key, cycle=cycle.id),
        ahead=ahead_of(teller, lines),
        told=happenings_of(teller),
    )


def _findings(visitor: Visitor, connection: View, unit: int, *, cycle: int) -> list[FindingView]:
    """Return what inspections found about a unit, or left it to remedy, as far as the visitor sees it: what is open first."""
    readable, _ = sight_of(visitor.served.store, connection, visitor.seen, now=visitor.now)
    lines = list_findings(visitor.served.store, connection, cycle=cycle, unit=unit, now=visitor.now, readable=readable)
    return [finding_view(visitor, line) for line in sorted(lines, key=lambda line: (line.closed_at is not None, not line.late, line.id))]


def _issued(visitor: Visitor, connection: View, unit: str, *, cycle: int) -> list[IssuedView]:
    """Return the issued papers about a unit that the visitor may open as one of it."""
    if visitor.seen.person is None:
        return []
    facts = visitor.seen.facts(connection)
    found = issued_about(visitor.served.store, connection, facts, cycle=cycle, unit=unit, now=visitor.now)
    return [issued_view(visitor, one) for one in found]


def _people_verdict(visitor: Visitor, connection: View, found: UnitHead, *, cycle: FrameCycle) -> Verdict | None:
    """Return what the policy says of seeing who is in office there; None where nobody has signed in."""
    if visitor.seen.person is None:
        return None
    resource = replace(authority_resource(connection, cycle.authority), owing=found.id)
    return decide(visitor.seen.facts(connection), Action.READ_PEOPLE, resource, on=visitor.today(cycle.zone))


def _require_sight(lines: Sequence[ObligationLine], frame: Frame, verdict: Verdict | None, *, person: bool) -> None:
    """Raise NotAllowedError where somebody may see neither the whole year, nor anything that the unit owes, nor its people."""
    if person and not lines and "status" not in frame.pages and verdict is not None and not verdict.allowed:
        raise NotAllowedError(verdict, action=Action.READ_PEOPLE)


def _record(visitor: Visitor, lines: Sequence[ObligationLine], *, cycle: FrameCycle) -> TrackRecord:
    duties = (
        Duty(
            id=line.id,
            state=line.state,
            suspended=line.suspended,
            due_on=line.own_due_on,
            due_at=line.own_due_at,
            days_late=line.days_late,
        )
        for line in lines
        if line.stage != UPKEEP
    )
    return track_record(duties, now=visitor.now, today=visitor.today(cycle.zone))


def _teller(  # noqa: PLR0913  what the line of time is told from
    visitor: Visitor,
    connection: View,
    lines: Sequence[ObligationLine],
    views: dict[int, DueView],
    *,
    unit: UnitHead,
    people: list[PersonLine],
    cycle: FrameCycle,
    named: bool,
) -> Teller:
    """Read what happened: five queries."""
    store, now, ids = visitor.served.store, visitor.now, [line.id for line in lines]
    deeds = deeds_of(connection, ids, now=now)
    mails = mails_to(connection, unit.id, ids, contacts=[person.id for person in people], now=now)
    files = []
    if visitor.seen.person is not None:
        readable = visitor.seen.readable(store, connection, now=now, action=Action.DOWNLOAD)
        files = files_of(connection, unit.id, cycle.id, readable=readable, now=now)
    acting = {contact for contact in (*(deed.contact for deed in deeds), *(file.contact for file in files)) if contact is not None}
    return Teller(
        visitor=visitor,
        zone=cycle.zone,
        year=cycle.year,
        views=views,
        deeds=deeds,
        mails=mails,
        files=files,
        people={person.id: person for person in people},
        actors=actors_of(connection, acting),
        named=named,
    )


def _person(visitor: Visitor, person: PersonLine, *, cycle: FrameCycle) -> PersonView:
    role = visitor.either(*ROLES[person.role])
    return PersonView(person=person, role=role, deputised=person.is_deputised(visitor.today(cycle.zone)))
