"""Reports that were asked for: what, of whom, how far each is, who has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, case, func, select

from evaluation.asking import RequestKind, RequestState, request_state
from evaluation.kinds import MessageKind
from evaluation.letters import Answers
from evaluation.obligations import State
from evaluation.plans import Item
from evaluation.terms import Turn
from store.schema import CONTACT, NOTICE, OBLIGATION, PARTY, REPORT_REQUEST, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.queries.letter_facts import Names

#: Whoever is in one of these has answered.
ANSWERED = (State.SUBMITTED.value, State.ACCEPTED.value)
#: Whoever is in one of these need not answer.
RELEASED = (State.WAIVED.value, State.TRANSFERRED.value)
#: By which of these somebody hears first of what is asked.
_OPENING = (MessageKind.URGENT_REQUEST.value, MessageKind.STAGE_OPENED.value)
_COUNTS = ("total", "answered", "answered_late", "accepted", "returned", "late", "released")


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request in a list: how many of those asked have answered, how many late, how many are late with it now."""

    id: int
    authority: int
    cycle: int
    stage: str
    key: str
    kind: RequestKind
    title: str
    asks: str
    items: tuple[Item, ...]
    document: str
    document_on: date | None
    addressee: str
    due_on: date | None
    due_at: datetime | None
    in_hours: bool
    asked_by: str  #: name of the contact; empty: the system
    asked_at: datetime
    cancelled_at: datetime | None
    cancelled_why: str
    total: int  #: of those who owe it, or did until they answered
    answered: int
    answered_late: int
    accepted: int
    returned: int
    late: int  #: have not answered, and the due moment has passed
    released: int  #: waived, or handed to a successor

    @property
    def state(self) -> RequestState:
        """How far it is."""
        return request_state(cancelled=self.cancelled_at is not None, total=self.total, answered=self.answered)

    @property
    def missing(self) -> int:
        """How many have still to answer."""
        return self.total - self.answered


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def requests_of(connection: Connection, *, now: datetime, cycle: int | None = None, request: int | None = None) -> list[RequestLine]:
    """Return the requests of a cycle, or one of them, the last first: one query."""
    answered, released = OBLIGATION.c.state.in_(ANSWERED), OBLIGATION.c.state.in_(RELEASED)
    waiting = and_(OBLIGATION.c.id.is_not(None), ~answered, ~released)
    late = and_(waiting, OBLIGATION.c.suspended.is_(False), TERM.c.turn == Turn.PARTY.value, TERM.c.due_at <= now)
    counts = {
        "total": and_(OBLIGATION.c.id.is_not(None), ~released),
        "answered": answered,
        "answered_late": and_(answered, OBLIGATION.c.days_late > 0),
        "accepted": OBLIGATION.c.state == State.ACCEPTED.value,
        "returned": and_(waiting, OBLIGATION.c.rounds > 0),
        "late": late,
        "released": released,
    }
    query = (
        select(
            REPORT_REQUEST,
            STAGE.c.key.label("stage"),
            func.max(CONTACT.c.name).label("asker"),
            *(_number(condition).label(name) for name, condition in counts.items()),
        )
        .join(STAGE, STAGE.c.id == REPORT_REQUEST.c.stage_id)
        .outerjoin(CONTACT, CONTACT.c.id == REPORT_REQUEST.c.asked_by)
        .outerjoin(OBLIGATION, and_(OBLIGATION.c.stage_id == REPORT_REQUEST.c.stage_id, OBLIGATION.c.subject == REPORT_REQUEST.c.key))
        .outerjoin(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .group_by(*REPORT_REQUEST.c, STAGE.c.key)
        .order_by(REPORT_REQUEST.c.cycle_id.desc(), REPORT_REQUEST.c.number.desc())
    )
    if cycle is not None:
        query = query.where(REPORT_REQUEST.c.cycle_id == cycle)
    if request is not None:
        query = query.where(REPORT_REQUEST.c.id == request)
    return [_line(row) for row in connection.execute(query)]


def request_behind(connection: Connection, obligation: int, *, now: datetime) -> RequestLine | None:
    """Return the request by which an obligation is owed; None of one that nobody asked for so: two queries at most."""
    asked = (
        select(REPORT_REQUEST.c.id)
        .join(OBLIGATION, and_(OBLIGATION.c.stage_id == REPORT_REQUEST.c.stage_id, OBLIGATION.c.subject == REPORT_REQUEST.c.key))
        .where(OBLIGATION.c.id == obligation)
    )
    request = connection.execute(asked).scalar_one_or_none()
    return None if request is None else requests_of(connection, now=now, request=request)[0]


def told_at(connection: Connection, request: int) -> datetime | None:
    """Return the slot (UTC) at which the first word of a request leaves, or left; None while nothing has been written to anybody."""
    query = (
        select(func.min(NOTICE.c.slot_at))
        .join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
        .join(REPORT_REQUEST, and_(REPORT_REQUEST.c.stage_id == OBLIGATION.c.stage_id, REPORT_REQUEST.c.key == OBLIGATION.c.subject))
        .where(REPORT_REQUEST.c.id == request, NOTICE.c.kind.in_(_OPENING), NOTICE.c.cancelled.is_(False))
    )
    leaves: datetime | None = connection.execute(query).scalar_one()
    return leaves


def request_named(connection: Connection, cycle: int, key: str) -> int | None:
    """Return the number of a cycle's request of that key; None if there is none."""
    query = select(REPORT_REQUEST.c.id).where(REPORT_REQUEST.c.cycle_id == cycle, REPORT_REQUEST.c.key == key)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def _line(row: Row[Any]) -> RequestLine:
    names = ("id", "stage", "key", "title", "asks", "document", "document_on", "addressee", "due_on", "due_at", "in_hours", "asked_at")
    counts: dict[str, Any] = {name: int(row._mapping[name]) for name in _COUNTS}  # PostgreSQL sums to Decimal
    return RequestLine(
        **{name: row._mapping[name] for name in (*names, "cancelled_at", "cancelled_why")},
        **counts,
        authority=row.authority_id,
        cycle=row.cycle_id,
        kind=RequestKind(row.kind),
        items=tuple(Item(key=key, title=title) for key, title in orjson.loads(row.items)),
        asked_by=row.asker or "",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLine:
    """One who was asked, and how it stands."""

    obligation: int
    party: int
    key: str
    name: str
    group: str
    state: State
    days_late: int | None
    rounds: int
    due_on: date | None
    due_at: datetime | None


def answers_to(connection: Connection, request: int) -> list[AnswerLine]:
    """Return everybody who was asked, in the order of the roster: one query."""
    query = (
        select(
            OBLIGATION.c.id,
            OBLIGATION.c.party_id,
            OBLIGATION.c.state,
            OBLIGATION.c.days_late,
            OBLIGATION.c.rounds,
            PARTY.c.key,
            PARTY.c.name,
            PARTY.c.group,
            TERM.c.due_on,
            TERM.c.due_at,
        )
        .join(REPORT_REQUEST, and_(REPORT_REQUEST.c.stage_id == OBLIGATION.c.stage_id, REPORT_REQUEST.c.key == OBLIGATION.c.subject))
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(REPORT_REQUEST.c.id == request)
        .order_by(PARTY.c.id)
    )
    return [
        AnswerLine(
            obligation=row.id,
            party=row.party_id,
            key=row.key,
            name=row.name,
            group=row.group,
            state=State(row.state),
            days_late=row.days_late,
            rounds=row.rounds,
            due_on=row.due_on,
            due_at=row.due_at,
        )
        for row in connection.execute(query)
    ]


def read_answers(connection: Connection, cause: str, *, names: Names) -> Answers | None:
    """Return who has answered the request whose summary a notice's cause names; None if it names none."""
    _, stage, move = cause.split(":")
    query = select(REPORT_REQUEST).where(REPORT_REQUEST.c.stage_id == int(stage), REPORT_REQUEST.c.summed_up_move == int(move))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    lines: Sequence[AnswerLine] = answers_to(connection, row.id)
    given = [one for one in lines if one.state.value in ANSWERED]
    return Answers(
        key=row.key,
        title=row.title,
        due_on=row.due_on,
        due_at=row.due_at,
        in_time=tuple(names.of(one.party) for one in given if not one.days_late),
        late=tuple((names.of(one.party), one.days_late) for one in given if one.days_late),
        missing=tuple(names.of(one.party) for one in lines if one.state.value not in (*ANSWERED, *RELEASED)),
        released=tuple(names.of(one.party) for one in lines if one.state.value in RELEASED),
    )
