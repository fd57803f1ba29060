"""Why a message was sent: for each of its notices the rung or the entry it rests on, the term, the plan's line and the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, select

from evaluation.plans import Document, Rung, Stage
from store.outbox.states import NoSuchMessageError
from store.schema import CYCLE, JOURNAL, MESSAGE, NOTICE, OBLIGATION, PARTY, STAGE, TERM
from store.years import UPKEEP, UPKEEP_LINE, load_plan_version

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Row, Select

    from evaluation.plans import Plan
    from store.session import Store

_RUNG = "r"


@dataclass(frozen=True, kw_only=True)
class ToldBy:
    """The entry of the journal that a notice rests on."""

    number: int
    action: str
    actor: str
    at: datetime
    reason: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class TermFacts:
    """The term that a notice speaks of."""

    number: int
    reason: str
    turn: str
    due_on: date | None
    due_at: datetime | None
    plan_version: int
    calendar_version: str
    projected: bool


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Why one notice of a message was written."""

    notice: int
    kind: str
    cause: str
    recipient: str
    at: datetime
    cancelled: bool
    cycle: str  #: `plan/year`
    obligation: str  #: `stage/party/subject`
    party: str  #: name of who owes
    stage: Stage | None  #: the plan's line
    ladder: str
    rung: Rung | None
    term: TermFacts | None
    document: Document | None
    entry: ToldBy | None


@dataclass(frozen=True, kw_only=True)
class Why:
    """A message and the grounds of its notices."""

    message: int
    header_id: str
    recipient: str
    subject: str
    state: str
    at: datetime
    notices: tuple[Ground, ...]


def why(store: Store, connection: Connection, message: str) -> Why:
    """Return why a message was sent, by its number or its Message-ID; NoSuchMessageError if there is none."""
    header = message if message.startswith("<") else f"<{message}>"
    wanted = MESSAGE.c.id == int(message) if message.isdecimal() else MESSAGE.c.header_id.in_((message, header))
    row = connection.execute(select(MESSAGE).where(wanted)).one_or_none()
    if row is None:
        raise NoSuchMessageError(message)
    notices = connection.execute(_notices().where(NOTICE.c.message_id == row.id).order_by(NOTICE.c.id)).all()
    return Why(
        message=row.id,
        header_id=row.header_id,
        recipient=row.recipient,
        subject="" if row.confidential else row.subject,
        state=row.state,
        at=row.at,
        notices=tuple(_ground(store, connection, notice) for notice in notices),
    )


def _notices() -> Select[Any]:
    of_term = and_(TERM.c.obligation_id == NOTICE.c.obligation_id, TERM.c.number == NOTICE.c.term)
    return (
        select(
            NOTICE,
            STAGE.c.key.label("stage"),
            PARTY.c.key.label("party"),
            PARTY.c.name.label("party_name"),
            OBLIGATION.c.subject,
            CYCLE.c.plan_key,
            CYCLE.c.year,
            CYCLE.c.plan_version.label("version_in_force"),
            *(TERM.c[name].label(f"term_{name}") for name in (*TermFacts.__dataclass_fields__, "ladder")),
        )
        .outerjoin(STAGE, STAGE.c.id == NOTICE.c.stage_id)
        .outerjoin(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
        .outerjoin(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .outerjoin(TERM, of_term)
    )


def _ground(store: Store, connection: Connection, row: Row[Any]) -> Ground:
    plan = _plan(store, connection, row)
    line = _line(plan, row.stage)
    return Ground(
        notice=row.id,
        kind=row.kind,
        cause=row.cause,
        recipient=row.recipient,
        at=row.at,
        cancelled=row.cancelled,
        cycle=f"{row.plan_key}/{row.year}" if row.plan_key else "",
        obligation=f"{row.stage}/{row.party}/{row.subject}" if row.party else "",
        party=row.party_name or "",
        stage=line,
        ladder=row.term_ladder or "",
        rung=_rung(plan, row),
        term=None
        if row.term_number is None
        else TermFacts(**{name: row._mapping[f"term_{name}"] for name in TermFacts.__dataclass_fields__}),
        document=next((document for document in plan.documents if line and document.key == line.basis), None) if plan else None,
        entry=_entry(connection, row),
    )


def _plan(store: Store, connection: Connection, row: Row[Any]) -> Plan | None:
    """Return the plan that the term was computed from; of a notice without one, the plan in force."""
    if row.cycle_id is None:
        return None
    return load_plan_version(store, connection, cycle=row.cycle_id, number=row.term_plan_version or row.version_in_force)[0]


def _line(plan: Plan | None, stage: str | None) -> Stage | None:
    if plan is None or stage is None:
        return None
    return UPKEEP_LINE if stage == UPKEEP else plan.stage(stage)


def _rung(plan: Plan | None, row: Row[Any]) -> Rung | None:
    """Return the step of the ladder, where a rung caused the notice: `r:<obligation>:<term>:<rung>`."""
    if plan is None or not row.cause.startswith(f"{_RUNG}:"):
        return None
    key = row.cause.split(":", 3)[3]
    return next((rung for rung in plan.ladder(row.term_ladder or "") if rung.key == key), None)


def _entry(connection: Connection, row: Row[Any]) -> ToldBy | None:
    """Return the entry that caused a notice, `e:`, `s:` or `c:` with an id and a move; of a rung the tick that noticed it."""
    parts = row.cause.split(":")
    if parts[0] in {"l", "a"}:  # of an account, not of a year: that is all that may be known of it
        return None
    subject = {"e": JOURNAL.c.obligation_id, "s": JOURNAL.c.stage_id, "c": JOURNAL.c.cycle_id}.get(parts[0])
    query = select(JOURNAL).where(JOURNAL.c.authority_id == row.authority_id)
    if subject is not None:
        query = query.where(subject == int(parts[1]), JOURNAL.c.move == int(parts[2]))
        if parts[0] != "e":
            query = query.where(JOURNAL.c.obligation_id.is_(None))
        if parts[0] == "c":
            query = query.where(JOURNAL.c.stage_id.is_(None))
    else:
        query = query.where(JOURNAL.c.obligation_id == row.obligation_id, JOURNAL.c.at == row.at, JOURNAL.c.action == "tick")
    found = connection.execute(query.order_by(JOURNAL.c.number).limit(1)).one_or_none()
    return None if found is None else _told_by(found)


def _told_by(row: Row[Any]) -> ToldBy:
    payload = orjson.loads(row.payload)
    remark = next((action for action in payload.get("actions", ()) if action["do"] == "remark"), payload)
    return ToldBy(
        number=row.number,
        action=row.action,
        actor=row.actor,
        at=row.at,
        reason=remark.get("reason", ""),
        basis=remark.get("basis", ""),
    )
