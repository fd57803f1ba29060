"""
The journal: gathered in a transaction, sealed as its last statements, verified at any time.

Each entry's hash covers the previous entry's hash and the entry itself as RFC 8785 canonical JSON (format 1), so a changed,
missing or reordered entry shows. `at` is business time, `recorded_at` the database's clock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select, text, update

from store.bulk import insert_rows
from store.locks import insert_if_new
from store.schema import JOURNAL
from store.schema import JOURNAL_HEAD as HEADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from store.actors import Actor

FORMAT = 1
GENESIS = "0" * 64
SLICE = 2000
_WHOSE = HEADS.c.authority_id == bindparam("b_authority")
_LOCK_HEAD = select(HEADS.c.number, HEADS.c.hash).where(_WHOSE).with_for_update()
_MOVE_HEAD = update(HEADS).where(_WHOSE).values(number=bindparam("b_number"), hash=bindparam("b_hash"))
_POSTGRES_CLOCK = text("SELECT clock_timestamp()")
_SQLITE_CLOCK = text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a transaction wants to be remembered."""

    authority: int
    action: str
    cycle: int | None = None
    stage: int | None = None
    obligation: int | None = None
    move: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def canonical(value: object) -> bytes:
    """
    Return RFC 8785 canonical JSON of a value of text, whole numbers, truth values, null, lists and objects with ASCII keys.

    For these orjson with sorted keys writes the very bytes of the standard; a property test holds it to the reference library.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def link(previous: str, fields: dict[str, Any], payload: bytes) -> str:
    """Return the hash of an entry: SHA-256 over the previous hash and the canonical entry, in hexadecimal."""
    body = orjson.dumps({**fields, "payload": orjson.Fragment(payload)}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + body).hexdigest()


def seal(connection: Connection, entries: Sequence[Entry], *, at: datetime, actor: Actor) -> None:
    """Number, hash and insert the entries, each authority's chain under its head's lock, in the order of authorities."""
    if not entries:
        return
    recorded_at = database_clock(connection)
    ordered = sorted(entries, key=lambda entry: entry.authority)
    for authority, own in groupby(ordered, key=lambda entry: entry.authority):
        number, previous = _lock_head(connection, authority)
        stamp = _Stamp(at=at, recorded_at=recorded_at, who=actor.who, os_user=actor.os_user)
        rows = []
        for entry in own:
            number += 1
            row = _row(entry, number=number, previous=previous, stamp=stamp)
            previous = row["hash"]
            rows.append(row)
        for start in range(0, len(rows), SLICE):
            insert_rows(connection, JOURNAL, rows[start : start + SLICE])
        connection.execute(_MOVE_HEAD, {"b_authority": authority, "b_number": number, "b_hash": previous})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stamp:
    at: datetime
    recorded_at: datetime
    who: str
    os_user: str


def _row(entry: Entry, *, number: int, previous: str, stamp: _Stamp) -> dict[str, Any]:
    payload = canonical(entry.payload)
    row: dict[str, Any] = {
        "authority_id": entry.authority,
        "number": number,
        "format": FORMAT,
        "at": stamp.at,
        "recorded_at": stamp.recorded_at,
        "actor": stamp.who,
        "os_user": stamp.os_user,
        "action": entry.action,
        "cycle_id": entry.cycle,
        "stage_id": entry.stage,
        "obligation_id": entry.obligation,
        "move": entry.move,
    }
    digest = link(previous, _hashed(row), payload)
    return {**row, "payload": payload.decode(), "previous": previous, "hash": digest}


def _hashed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].isoformat(), "recorded_at": row["recorded_at"].isoformat()}


def _lock_head(connection: Connection, authority: int) -> tuple[int, str]:
    whose = {"b_authority": authority}
    head = connection.execute(_LOCK_HEAD, whose).one_or_none()
    if head is None:
        insert_if_new(connection, HEADS, {"authority_id": authority, "number": 0, "hash": GENESIS})
        head = connection.execute(_LOCK_HEAD, whose).one()
    return int(head.number), str(head.hash)


def database_clock(connection: Connection) -> datetime:
    """Return the database's own clock, UTC, never rounded up."""
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.execute(_POSTGRES_CLOCK).scalar_one()
        return moment.astimezone(UTC)
    written = connection.execute(_SQLITE_CLOCK).scalar_one()
    return datetime.fromisoformat(written)


def read_entries(connection: Connection, authority: int, *, after: int = 0) -> Iterator[Row[Any]]:
    """Yield an authority's entries in order, a slice at a time."""
    while True:
        rows = connection.execute(
            select(JOURNAL).where(JOURNAL.c.authority_id == authority, JOURNAL.c.number > after).order_by(JOURNAL.c.number).limit(SLICE)
        ).all()
        if not rows:
            return
        yield from rows
        after = rows[-1].number


def broken_chain(connection: Connection, authority: int) -> Iterator[str]:
    """Yield a sentence for each place where an authority's chain does not hold, its end included."""
    head = connection.execute(select(HEADS.c.number, HEADS.c.hash).where(HEADS.c.authority_id == authority)).one_or_none()
    yield from broken_links(read_entries(connection, authority), head=None if head is None else (int(head.number), str(head.hash)))


def broken_links(rows: Iterable[Row[Any]], *, head: tuple[int, str] | None) -> Iterator[str]:
    """Yield a sentence for each place where entries do not follow on each other up to the head (number, hash); None: none was written."""
    previous, number = GENESIS, 0
    for row in rows:
        fields = {key: value for key, value in row._mapping.items() if key not in {"payload", "previous", "hash"}}
        digest = link(row.previous, _hashed(fields), row.payload.encode())
        if row.number != number + 1:
            yield f"entry {number + 1} is missing: {row.number} follows {number}"
        if row.previous != previous:
            yield f"entry {row.number} does not follow on entry {number}"
        if digest != row.hash:
            yield f"entry {row.number} was changed: its content no longer gives its hash"
        previous, number = row.hash, row.number
    if (number, previous) != (head or (0, GENESIS)):
        yield f"the chain ends with entry {number}, its head says {head[0] if head else 0}"


def said_of(connection: Connection, authority: int, actions: Iterable[str]) -> list[tuple[str, int | None, dict[str, Any]]]:
    """Return what an authority's journal says of some actions, the earliest first: action, cycle, payload."""
    query = select(JOURNAL.c.action, JOURNAL.c.cycle_id, JOURNAL.c.payload).where(JOURNAL.c.authority_id == authority)
    rows = connection.execute(query.where(JOURNAL.c.action.in_(tuple(actions))).order_by(JOURNAL.c.number))
    return [(row.action, row.cycle_id, orjson.loads(row.payload)) for row in rows]
