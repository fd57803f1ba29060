"""The journal as people read it: entries with the keys of what they are about; and normalised, for comparing two runs of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ColumnElement, String, cast, literal, select

from evaluation.actions import HandOver, Mark, Move, Settle, Submitted, Write
from evaluation.encoding import decode_action
from store.schema import AUTHORITY, CONTACT, CYCLE, JOURNAL, JOURNAL_HEAD, OBLIGATION, PARTY, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from evaluation.actions import Action

SLICE = 2000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are asked for; every given field narrows."""

    authority: int | None = None
    cycle: int | None = None
    unit: str = ""
    since: int = 0  #: entries after that number
    before: int = 0  #: entries before that number; 0: to the last
    stage: str = ""
    person: str = ""  #: key of the contact who acted
    readable: ColumnElement[bool] | None = None  #: `store.queries.sight.journal_permitted`


@dataclass(frozen=True, kw_only=True)
class EntryLine:
    """An entry, with keys beside the ids."""

    authority: str
    number: int
    at: datetime
    recorded_at: datetime
    actor: str
    actor_key: str  #: the contact's key; empty for the system, and for one that is gone
    os_user: str
    action: str
    cycle: int | None
    plan: str
    year: int | None
    stage: str
    party: str
    subject: str
    obligation: int | None
    move: int | None
    payload: dict[str, Any]


def journal_entries(connection: Connection, asked: Asked) -> Iterator[EntryLine]:
    """Yield the entries asked for, by authority and number, a slice at a time."""
    contacts = dict(connection.execute(select(CONTACT.c.id, CONTACT.c.key)).tuples().all())
    after: tuple[int, int] = (0, asked.since)
    while True:
        rows = connection.execute(_slice(asked, after=after)).all()
        for row in rows:
            yield _line(row, contacts=contacts)
        if len(rows) < SLICE:
            return
        after = (rows[-1].authority_id, rows[-1].number)


def journal_page(connection: Connection, asked: Asked, *, at_most: int) -> list[EntryLine]:
    """Return the first entries asked for, by authority and number: two queries."""
    return _lines(connection, _slice(asked, after=(0, asked.since)).limit(at_most))


def newest_entries(connection: Connection, asked: Asked, *, at_most: int) -> list[EntryLine]:
    """Return the last entries asked for, the newest first, of one authority: two queries."""
    newest = _slice(asked, after=(0, asked.since)).order_by(None).order_by(JOURNAL.c.authority_id.desc(), JOURNAL.c.number.desc())
    return _lines(connection, newest.limit(at_most))


def _lines(connection: Connection, query: Select[Any]) -> list[EntryLine]:
    rows = connection.execute(query).all()
    acting = {int(row.actor[1:]) for row in rows if row.actor[0] == "c" and row.actor[1:].isdecimal()}
    contacts = dict(connection.execute(select(CONTACT.c.id, CONTACT.c.key).where(CONTACT.c.id.in_(acting))).tuples().all())
    return [_line(row, contacts=contacts) for row in rows]


def last_number(connection: Connection, authority: int) -> int:
    """Return the number of an authority's last entry; 0 if it has none."""
    return connection.execute(select(JOURNAL_HEAD.c.number).where(JOURNAL_HEAD.c.authority_id == authority)).scalar_one_or_none() or 0


def _slice(asked: Asked, *, after: tuple[int, int]) -> Select[Any]:
    further = (JOURNAL.c.authority_id > after[0]) | ((JOURNAL.c.authority_id == after[0]) & (JOURNAL.c.number > after[1]))
    return (
        select(
            JOURNAL,
            AUTHORITY.c.key.label("authority"),
            CYCLE.c.plan_key,
            CYCLE.c.year,
            STAGE.c.key.label("stage"),
            PARTY.c.key.label("party"),
            OBLIGATION.c.subject,
        )
        .join(AUTHORITY, AUTHORITY.c.id == JOURNAL.c.authority_id)
        .outerjoin(CYCLE, CYCLE.c.id == JOURNAL.c.cycle_id)
        .outerjoin(STAGE, STAGE.c.id == JOURNAL.c.stage_id)
        .outerjoin(OBLIGATION, OBLIGATION.c.id == JOURNAL.c.obligation_id)
        .outerjoin(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(*_conditions(asked), further)
        .order_by(JOURNAL.c.authority_id, JOURNAL.c.number)
        .limit(SLICE)
    )


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    given: list[tuple[object, ColumnElement[bool]]] = [
        (asked.authority, JOURNAL.c.authority_id == asked.authority),
        (asked.cycle, JOURNAL.c.cycle_id == asked.cycle),
        (asked.unit, PARTY.c.key == asked.unit),
        (asked.since, JOURNAL.c.number > asked.since),
        (asked.before, JOURNAL.c.number < asked.before),
        (asked.stage, STAGE.c.key == asked.stage),
        (asked.person, JOURNAL.c.actor.in_(_actors(asked.person))),
    ]
    return [condition for value, condition in given if value] + ([] if asked.readable is None else [asked.readable])


def _actors(person: str) -> Select[Any]:
    """Return the actors that are a contact of that key."""
    return select(literal("c") + cast(CONTACT.c.id, String)).where(
        CONTACT.c.key == person, CONTACT.c.authority_id == JOURNAL.c.authority_id
    )


def _line(row: Row[Any], *, contacts: dict[int, str]) -> EntryLine:
    contact = int(row.actor[1:]) if row.actor[0] == "c" and row.actor[1:].isdecimal() else 0
    return EntryLine(
        authority=row.authority,
        number=row.number,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        actor_key=contacts.get(contact, ""),
        os_user=row.os_user,
        action=row.action,
        cycle=row.cycle_id,
        plan=row.plan_key or "",
        year=row.year,
        stage=row.stage or "",
        party=row.party or "",
        subject=row.subject or "",
        obligation=row.obligation_id,
        move=row.move,
        payload=orjson.loads(row.payload),
    )


@dataclass(frozen=True, kw_only=True)
class Normal:
    """One action of an entry without ids: two runs of the same year give the same lines."""

    cycle: str  #: `plan/year`
    obligation: str  #: `stage/party/subject`; empty where the entry is about none
    action: str  #: the entry's word and what it did: `tick:settle:noticed`, `submit:submitted`
    term: int | None
    rung: str
    now: datetime


def normalised(entry: EntryLine) -> Iterator[Normal]:
    """Yield an entry's actions without ids; an entry without actions, or about no obligation, as one line."""
    cycle = f"{entry.plan}/{entry.year}" if entry.plan else ""
    if entry.obligation is None:
        yield Normal(cycle=cycle, obligation="", action=entry.action, term=None, rung="", now=entry.at)
        return
    key = f"{entry.stage}/{entry.party}/{entry.subject}"
    for value in entry.payload.get("actions", ()):
        action = decode_action(value)
        said, term, rung = _said(action)
        word = ":".join(part for part in (entry.action, value["do"], said) if part)
        yield Normal(cycle=cycle, obligation=key, action=word, term=term, rung=rung, now=entry.at)


def _said(action: Action) -> tuple[str, int | None, str]:
    """Return what an action says beside its name, the term and the rung that it is about."""
    match action:
        case Settle(term=term, rung=rung, outcome=outcome):
            return outcome.value, term, rung
        case Write(term=term):
            return term.reason.value, term.number, ""
        case Move(to=to):
            return to.value, None, ""
        case Mark(suspended=suspended):
            return "suspended" if suspended else "running", None, ""
        case Submitted(days_late=days):
            return f"{days} days late", None, ""
        case HandOver():
            return "", None, ""
        case other:
            kind = getattr(other, "kind", "")
            return str(kind), getattr(other, "term", 0) or None, getattr(other, "rung", "")
