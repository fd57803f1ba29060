"""
A year as its leader asks for it: each group's standing, the units that are latest, what the chair has to decide, what comes next.

What is counted late is what the status table counts: `store.queries.status.late`. Six queries, however many units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from evaluation.kinds import MessageKind
from evaluation.obligations import State
from evaluation.terms import Turn
from store.queries.status import counted, late
from store.schema import JOURNAL, NOTICE, OBLIGATION, PARTY, REPORT_REQUEST, STAGE, TERM
from store.topics import ANSWERED, TOPIC

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Select

MOST_UNITS = 10
MOST_DEADLINES = 6
_SUBMITTED = (State.SUBMITTED.value, State.ACCEPTED.value)
#: Not begun, or no longer owed: says nothing of who is in time.
_UNCOUNTED = (State.SCHEDULED.value, State.WAIVED.value, State.TRANSFERRED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupStanding:
    """How the units of a group stand, in obligations that have begun."""

    group: str
    in_time: int  #: submitted in time, as the plan counts
    not_due: int  #: still to be submitted, with time left
    done_late: int  #: submitted after its due date
    late: int
    uncorrected: int  #: of those late


@dataclass(frozen=True, kw_only=True, slots=True)
class LateWork:
    """What a unit is late with in one stage."""

    title: str
    title_en: str
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LateUnit:
    """A unit that is late."""

    key: str
    name: str
    late: int
    since: date  #: the earliest of the due dates that it let pass
    works: tuple[LateWork, ...]
    urged: int  #: how often somebody urged it for these
    escalated: int  #: of these, how many the chair was written to about


@dataclass(frozen=True, kw_only=True, slots=True)
class NextDeadline:
    """A due date to come, and how many have still to submit by then."""

    title: str
    title_en: str
    due_on: date
    number: int
    places: int  #: whose they are


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A year as its leader asks for it."""

    groups: tuple[GroupStanding, ...]
    units: tuple[LateUnit, ...]  #: those with most late, at most ten
    late_units: int  #: how many units are late in all
    escalated: int  #: obligations still late that the chair was written to about
    deadlines: tuple[NextDeadline, ...]

    @property
    def total(self) -> GroupStanding:
        """All groups together."""
        counts = {
            name: sum(getattr(one, name) for one in self.groups) for name in ("in_time", "not_due", "done_late", "late", "uncorrected")
        }
        return GroupStanding(group="", **counts)


def read_standing(connection: Connection, cycle: int, *, now: datetime, visible: bool = False) -> Standing:
    """Return how a cycle stands; `visible`: without what its party may not see yet. A deadline shows nothing that is to be a surprise."""
    late_here = (*_of_cycle(cycle, now=now, visible=visible), late(now))
    worst = _worst(connection, late_here)
    parties = [row.id for row in worst]
    works = _works(connection, late_here, parties)
    urged, escalated = _urged(connection, late_here), _escalated(connection, late_here)
    units = tuple(
        LateUnit(
            key=row.key,
            name=row.name,
            late=row.number,
            since=row.since,
            works=tuple(works[row.id]),
            urged=urged.get(row.id, 0),
            escalated=escalated.get(row.id, 0),
        )
        for row in worst[:MOST_UNITS]
    )
    return Standing(
        groups=_groups(connection, _of_cycle(cycle, now=now, visible=visible), now=now),
        units=units,
        late_units=len(worst),
        escalated=sum(escalated.values()),
        deadlines=_deadlines(connection, _of_cycle(cycle, now=now, visible=True), now=now),
    )


def _of_cycle(cycle: int, *, now: datetime, visible: bool) -> tuple[ColumnElement[bool], ...]:
    seen = (or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now),) if visible else ()
    return (OBLIGATION.c.cycle_id == cycle, *seen)


def _dated(*columns: Any) -> Select[Any]:  # noqa: ANN401  columns of SQLAlchemy
    current = and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term)
    stages = OBLIGATION.join(TERM, current).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    return select(*columns).select_from(stages.join(PARTY, PARTY.c.id == OBLIGATION.c.party_id))


def _groups(connection: Connection, here: Collection[ColumnElement[bool]], *, now: datetime) -> tuple[GroupStanding, ...]:
    begun = func.sum(case((OBLIGATION.c.state.in_(_UNCOUNTED), 0), else_=1))
    done_late = func.sum(case((and_(OBLIGATION.c.state.in_(_SUBMITTED), OBLIGATION.c.days_late > 0), 1), else_=0))
    in_time = func.sum(case((and_(OBLIGATION.c.state.in_(_SUBMITTED), func.coalesce(OBLIGATION.c.days_late, 0) == 0), 1), else_=0))
    counts = {column.name: column for column in counted(now)}
    named = (begun.label("begun"), in_time.label("in_time"), done_late.label("done_late"))
    query = _dated(PARTY.c.group, *named, counts["late"], counts["uncorrected"])
    rows = connection.execute(query.where(*here).group_by(PARTY.c.group).order_by(PARTY.c.group))
    return tuple(
        GroupStanding(
            group=row.group,
            in_time=row.in_time,
            not_due=row.begun - row.in_time - row.done_late - row.late,
            done_late=row.done_late,
            late=row.late,
            uncorrected=row.uncorrected,
        )
        for row in rows
        if row.begun
    )


def _worst(connection: Connection, here: Collection[ColumnElement[bool]]) -> list[Any]:
    """Return the parties that are late, those with most first, of equals the one that is so longest."""
    number, since = func.count().label("number"), func.min(TERM.c.due_on).label("since")
    query = _dated(PARTY.c.id, PARTY.c.key, PARTY.c.name, number, since).where(*here)
    return list(connection.execute(query.group_by(PARTY.c.id, PARTY.c.key, PARTY.c.name).order_by(number.desc(), since, PARTY.c.id)))


def _works(connection: Connection, here: Collection[ColumnElement[bool]], parties: Collection[int]) -> dict[int, list[LateWork]]:
    by = (PARTY.c.id, STAGE.c.position, STAGE.c.title, STAGE.c.title_en, TOPIC)
    query = (
        _dated(*by, func.count().label("number"))
        .outerjoin(REPORT_REQUEST, ANSWERED)
        .where(*here, PARTY.c.id.in_(parties))
        .group_by(*by)
        .order_by(*by)
    )
    found: dict[int, list[LateWork]] = {}
    for row in connection.execute(query):
        found.setdefault(row.id, []).append(LateWork(title=row.topic or row.title, title_en=row.topic or row.title_en, number=row.number))
    return found


def _urged(connection: Connection, here: Collection[ColumnElement[bool]]) -> Mapping[int, int]:
    """Return how often each party was urged for what it is late with."""
    owed = _dated(OBLIGATION.c.id, OBLIGATION.c.party_id).where(*here).subquery()
    query = select(owed.c.party_id, func.count()).join(JOURNAL, JOURNAL.c.obligation_id == owed.c.id).where(JOURNAL.c.action == "urge")
    return dict(connection.execute(query.group_by(owed.c.party_id)).tuples().all())


def _escalated(connection: Connection, here: Collection[ColumnElement[bool]]) -> Mapping[int, int]:
    """Return for how much of what each party is late with the chair was written to."""
    owed = _dated(OBLIGATION.c.id, OBLIGATION.c.party_id).where(*here).subquery()
    told = and_(NOTICE.c.obligation_id == owed.c.id, NOTICE.c.kind == MessageKind.ESCALATION_CHAIR.value, NOTICE.c.cancelled.is_(False))
    query = select(owed.c.party_id, func.count(func.distinct(owed.c.id))).join(NOTICE, told)
    return dict(connection.execute(query.group_by(owed.c.party_id)).tuples().all())


def _deadlines(connection: Connection, here: Collection[ColumnElement[bool]], *, now: datetime) -> tuple[NextDeadline, ...]:
    waits = and_(
        OBLIGATION.c.state.not_in((*_SUBMITTED, State.WAIVED.value, State.TRANSFERRED.value)),
        OBLIGATION.c.suspended.is_(False),
        TERM.c.turn == Turn.PARTY.value,
        TERM.c.due_at > now,
    )
    by = (TERM.c.due_on, STAGE.c.position, STAGE.c.title, STAGE.c.title_en, TOPIC)
    counts = (func.count().label("number"), func.count(OBLIGATION.c.party_id.distinct()).label("places"))
    query = _dated(*by, *counts).outerjoin(REPORT_REQUEST, ANSWERED).where(*here, waits).group_by(*by).order_by(*by).limit(MOST_DEADLINES)
    return tuple(
        NextDeadline(
            title=row.topic or row.title,
            title_en=row.topic or row.title_en,
            due_on=row.due_on,
            number=row.number,
            places=row.places,
        )
        for row in connection.execute(query)
    )
