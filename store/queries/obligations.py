"""Obligations as people look for them: who owes what by when, whose turn it is, what can be said of it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, tuple_

from evaluation.cycles import CycleState
from evaluation.due_rules import DayUnit
from evaluation.kinds import StageKind
from evaluation.obligations import FINAL, Obligation, Punctuality, State, is_late, is_uncorrected, punctuality
from evaluation.statuses import Status, obligation_status
from evaluation.terms import Term, TermReason, Turn, days_between
from evaluation.workdays import UnknownYearError
from store.calendars import load_calendar
from store.columns import Instant
from store.queries.status import late
from store.schema import AUTHORITY, CYCLE, OBLIGATION, PARTY, STAGE, TERM
from store.topics import TITLE, TITLE_EN

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Row, Select

    from evaluation.workdays import Calendar
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which obligations are looked for; every given field narrows."""

    authority: int | None = None
    cycle: int | None = None
    stage: str = ""
    party: str = ""
    states: tuple[State, ...] = ()
    late: bool = False
    mine: int | None = None  #: a party: what it owes, and what it is to review
    obligation: int | None = None
    not_late: bool = False
    in_force: bool = False  #: somebody's turn: open, not done, not suspended, in a cycle under way
    sandboxes: bool = False  #: of sandbox authorities alone
    authorities: tuple[int, ...] | None = None  #: of these alone; None: whosever they are
    visible: bool = False  #: what its party may see already
    readable: ColumnElement[bool] | None = None  #: what may be read: `store.queries.sight.permitted`
    mine_by: ColumnElement[bool] | None = None  #: what is somebody's: `store.queries.mine.is_mine`


@dataclass(frozen=True, kw_only=True)
class Page:
    """A part of the obligations looked for, by due date and number alone."""

    at_most: int | None = None
    per_cycle: int | None = None  #: at most so many of each cycle
    after: tuple[datetime | None, int] | None = None  #: due moment and number of the last one seen


@dataclass(frozen=True, kw_only=True)
class ObligationLine:
    """An obligation in a list."""

    id: int
    authority: str
    cycle: int
    plan: str
    year: int
    stage: str
    kind: str
    title: str
    title_en: str
    party: str
    party_id: int
    party_name: str
    subject: str
    state: State
    status: Status
    suspended: bool
    turn: Turn
    term: int
    reason: TermReason
    opens_at: datetime | None
    due_on: date | None
    due_at: datetime | None
    locks_at: datetime | None
    own_due_on: date | None  #: of the party's own last term: what its lateness is told by, while others review and afterwards
    own_due_at: datetime | None
    punctuality: Punctuality
    late: bool
    uncorrected: bool
    rounds: int
    days_late: int | None
    projected: bool
    zone: str  #: of the authority
    moves: int  #: how many journaled moves it has made
    workdays_left: int | None  #: to its due date; below zero behind it; None also where the calendar does not reach so far


_TERM = ("reason", "turn", "opens_at", "due_on", "due_at", "locks_at", "projected", "written_at", "plan_version", "calendar_version")
_STAGE = ("kind", "title", "title_en")
#: The party's last term: the current one, but for reviews and for terms of a clock that stands.
_OWN = TERM.alias("own")
_OWN_NUMBER = (
    select(func.max(TERM.c.number))
    .where(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.turn == Turn.PARTY.value, TERM.c.reason != TermReason.SUSPENSION.value)
    .correlate(OBLIGATION)
    .scalar_subquery()
)
_UNDER_WAY = [CycleState.LAUNCHED.value, CycleState.PAUSED.value]
#: Nobody's turn: not open yet, or no longer owed.
_NOBODYS_TURN = [state.value for state in (State.SCHEDULED, *sorted(FINAL))]
#: Where nothing is due, sorted behind all that is.
_FAR = datetime(9999, 12, 31, tzinfo=UTC)


def find_obligations(
    store: Store, connection: Connection, wanted: Wanted, *, now: datetime, page: Page | None = None
) -> list[ObligationLine]:
    """Return the obligations looked for, by what is due first; one query, and three for each calendar seen the first time."""
    query = _query(wanted, now=now)
    rows = connection.execute(query if page is None else _paged(query, page)).all()
    return [_line(row, calendar=load_calendar(store, connection, row.calendar_id), now=now) for row in rows]


def _query(wanted: Wanted, *, now: datetime) -> Select[Any]:
    return (
        select(
            OBLIGATION,
            AUTHORITY.c.key.label("authority"),
            AUTHORITY.c.zone,
            CYCLE.c.plan_key,
            CYCLE.c.year,
            CYCLE.c.calendar_id,
            STAGE.c.key.label("stage"),
            STAGE.c.kind,
            TITLE,
            TITLE_EN,
            PARTY.c.key.label("party"),
            PARTY.c.name.label("party_name"),
            *(TERM.c[name] for name in _TERM),
            _OWN.c.due_on.label("own_due_on"),
            _OWN.c.due_at.label("own_due_at"),
        )
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(AUTHORITY, AUTHORITY.c.id == OBLIGATION.c.authority_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .outerjoin(_OWN, and_(_OWN.c.obligation_id == OBLIGATION.c.id, _OWN.c.number == _OWN_NUMBER))
        .where(*_conditions(wanted, now=now))
        .order_by(TERM.c.due_at.is_(None), TERM.c.due_at, OBLIGATION.c.cycle_id, STAGE.c.position, OBLIGATION.c.party_id, OBLIGATION.c.id)
    )


def _paged(query: Select[Any], page: Page) -> Select[Any]:
    due = func.coalesce(TERM.c.due_at, literal(_FAR, Instant))
    order = (due, OBLIGATION.c.id)
    if page.after is not None:
        due_at, ident = page.after
        query = query.where(tuple_(*order) > tuple_(literal(due_at or _FAR, Instant), literal(ident)))
    if page.per_cycle is not None:
        place = func.row_number().over(partition_by=OBLIGATION.c.cycle_id, order_by=order).label("place")
        ranked = query.with_only_columns(OBLIGATION.c.id, place).order_by(None).subquery()
        query = query.join(ranked, ranked.c.id == OBLIGATION.c.id).where(ranked.c.place <= page.per_cycle)
    return query.order_by(None).order_by(*order).limit(page.at_most)


def _conditions(wanted: Wanted, *, now: datetime) -> list[ColumnElement[bool]]:
    given: list[tuple[object, ColumnElement[bool]]] = [
        (wanted.authority, OBLIGATION.c.authority_id == wanted.authority),
        (wanted.cycle, OBLIGATION.c.cycle_id == wanted.cycle),
        (wanted.stage, STAGE.c.key == wanted.stage),
        (wanted.party, PARTY.c.key == wanted.party),
        (wanted.states, OBLIGATION.c.state.in_([state.value for state in wanted.states])),
        (wanted.late, late(now)),
        (wanted.obligation, OBLIGATION.c.id == wanted.obligation),
        (wanted.mine, _of_party(wanted.mine, now=now)),
        (wanted.not_late, func.coalesce(late(now), false()).is_(False)),
        (wanted.in_force, and_(CYCLE.c.state.in_(_UNDER_WAY), OBLIGATION.c.state.not_in(_NOBODYS_TURN), OBLIGATION.c.suspended.is_(False))),
        (wanted.sandboxes, AUTHORITY.c.sandbox.is_(True)),
        (wanted.authorities is not None, OBLIGATION.c.authority_id.in_(wanted.authorities or ())),
        (wanted.visible, _is_visible(now)),
    ]
    further = [condition for condition in (wanted.readable, wanted.mine_by) if condition is not None]
    return [condition for value, condition in given if value] + further


def _is_visible(now: datetime) -> ColumnElement[bool]:
    """Return the condition that its party may see it: a surprise inspection only from its day on."""
    return or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now)


def _of_party(party: int | None, *, now: datetime) -> ColumnElement[bool]:
    """What a party owes and may see, and what awaits its review."""
    return or_(
        and_(OBLIGATION.c.party_id == party, _is_visible(now)),
        and_(STAGE.c.receiver_id == party, OBLIGATION.c.state == State.SUBMITTED.value),
    )


def _line(row: Row[Any], *, calendar: Calendar, now: datetime) -> ObligationLine:
    one = _obligation(row)
    fields = row._mapping
    kept = (
        "id",
        "authority",
        "year",
        "stage",
        *_STAGE,
        "party",
        "party_id",
        "party_name",
        "subject",
        "suspended",
        "term",
        "rounds",
        "days_late",
        "moves",
    )
    dates = ("opens_at", "due_on", "due_at", "locks_at", "own_due_on", "own_due_at", "projected", "zone")
    return ObligationLine(
        **{name: fields[name] for name in (*kept, *dates)},
        cycle=row.cycle_id,
        plan=row.plan_key,
        state=one.state,
        status=obligation_status(StageKind(row.kind), one.state),
        turn=one.term.turn,
        reason=one.term.reason,
        punctuality=_punctuality(one, calendar=calendar, now=now),
        late=is_late(one, now=now),
        uncorrected=is_uncorrected(one, now=now),
        workdays_left=workdays_to(row.due_on, calendar=calendar, now=now),
    )


def workdays_to(due_on: date | None, *, calendar: Calendar, now: datetime) -> int | None:
    """Return how many working days are left to a date; None where there is none, or none that the calendar reaches."""
    if due_on is None:
        return None
    try:
        return days_between(calendar.local_date(now), due_on, unit=DayUnit.WORKING, calendar=calendar)
    except UnknownYearError:
        return None


def _obligation(row: Row[Any]) -> Obligation:
    """Return as much of the obligation as time asks for; the rungs are left out."""
    term = Term(
        number=row.term,
        reason=TermReason(row.reason),
        turn=Turn(row.turn),
        **{name: row._mapping[name] for name in _TERM[2:]},
        unit=DayUnit.CALENDAR,
    )
    return Obligation(
        id=row.id,
        stage=row.stage,
        party=row.party_id,
        subject=row.subject,
        state=State(row.state),
        suspended=row.suspended,
        released=row.released,
        rounds=row.rounds,
        days_late=row.days_late,
        terms=(term,),
    )


def _punctuality(one: Obligation, *, calendar: Calendar, now: datetime) -> Punctuality:
    """Return what time says; a due date beyond the years that the calendar holds is not soon, one of a waiting stage not passed."""
    try:
        said = punctuality(one, now=now, calendar=calendar)
    except UnknownYearError:
        return Punctuality.IN_TIME
    return Punctuality.NO_DUE if said is Punctuality.OVERDUE and not one.released else said
