"""
Requests with a key: done once, however often they are sent.

The key is claimed as the first statement of the transaction that does the work, and the answer is kept as its last: a request that fails
leaves nothing, two that come at once wait for each other. Work of many transactions claims its key in one of its own (`reserve`) and notes
each part in the transaction that does it (`keep_part`): sent again after it was broken off, it does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, delete, select, tuple_, update

from store.journal import database_clock
from store.locks import insert_if_new
from store.refusals import RefusalError
from store.schema import KEYED_REQUEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.session import Store, Transaction

#: For how long an answer is given again.
KEPT = timedelta(hours=24)
#: A reserved request counts as broken off when it has not been answered, and no part of it was done, for so long.
BROKEN_OFF = timedelta(minutes=2)
_FORGOTTEN_AT_ONCE = 100


class KeyReusedError(RefusalError):
    """The same key came with another request."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = "Idempotency-Key này đã dùng cho một yêu cầu khác; hãy tạo khóa mới cho mỗi yêu cầu mới"
        super().__init__(vi, "that Idempotency-Key was used for another request; make a new key for each new request")


class UnderWayError(RefusalError):
    """The same request is being worked on."""

    retry_seconds = 5

    def __init__(self) -> None:
        """Say what to do."""
        vi = "yêu cầu này đang được thực hiện; hãy hỏi lại sau ít giây với cùng khóa"
        super().__init__(vi, "the same request is under way; ask again in a few seconds with the same key")


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """A request that brought a key: whose, where to, and its body's digest."""

    account: int
    key: str
    target: str
    body_sha256: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request is answered: status, headers of its own, body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = False  #: it was given before


def claim(transaction: Transaction, request: Keyed) -> Answer | None:
    """
    Take a request's key for this transaction, and return the answer that it got before; None if it is new.

    Raises:
        KeyReusedError: the key came with another request.
        UnderWayError: it is reserved, and not answered yet.

    """
    connection, clock = transaction.connection, database_clock(transaction.connection)
    _forget(connection, clock=clock)
    row = {
        "account_id": request.account,
        "key": request.key,
        "target": request.target,
        "body_sha256": request.body_sha256,
        "status": 0,
        "headers": "{}",
        "answer": b"",
        "claimed_at": clock,
        "expires_at": clock + KEPT,
    }
    if insert_if_new(connection, KEYED_REQUEST, row):
        return None
    found = connection.execute(select(KEYED_REQUEST).where(_is(request)).with_for_update()).one()
    return _found(connection, request, found, clock=clock)


def _found(connection: Connection, request: Keyed, row: Row[Any], *, clock: datetime) -> Answer | None:
    if (row.target, row.body_sha256) != (request.target, request.body_sha256):
        raise KeyReusedError
    if row.status:
        return Answer(status=row.status, body=row.answer, headers=orjson.loads(row.headers), again=True)
    if row.claimed_at > clock - BROKEN_OFF:
        raise UnderWayError
    connection.execute(update(KEYED_REQUEST).where(_is(request)).values(claimed_at=clock))
    return None


def keep_answer(transaction: Transaction, request: Keyed, answer: Answer) -> None:
    """Keep what a claimed request is answered."""
    kept = {"status": answer.status, "answer": answer.body, "headers": orjson.dumps(dict(answer.headers)).decode()}
    transaction.connection.execute(update(KEYED_REQUEST).where(_is(request)).values(**kept))


def reserve(store: Store, request: Keyed, *, now: datetime) -> Answer | None:
    """Take a request's key before work of many transactions, as `claim` does within one."""
    with store.transaction(now=now) as transaction:
        return claim(transaction, request)


def settle(store: Store, request: Keyed, answer: Answer | None, *, now: datetime) -> None:
    """Keep what a reserved request is answered; None: it failed, and may be sent again at once."""
    with store.transaction(now=now) as transaction:
        if answer is not None:
            keep_answer(transaction, request, answer)
            return
        connection, unanswered = transaction.connection, and_(_is(request), KEYED_REQUEST.c.status == 0)
        connection.execute(delete(KEYED_REQUEST).where(unanswered, KEYED_REQUEST.c.answer == b""))
        long_ago = database_clock(connection) - BROKEN_OFF
        connection.execute(update(KEYED_REQUEST).where(unanswered).values(claimed_at=long_ago))


def part_done(transaction: Transaction, request: Keyed, part: int) -> dict[str, Any] | None:
    """
    Return what was kept of a part of a reserved request, None if it is still to be done; nobody else does any until the transaction ends.

    Raises:
        UnderWayError: the request was answered meanwhile by somebody who took it for broken off.

    """
    return _parts(transaction, request).get(str(part))


def keep_part(transaction: Transaction, request: Keyed, part: int, done: Mapping[str, Any]) -> None:
    """Note what became of a part, in the transaction that does it; the request counts as under way from now."""
    parts = _parts(transaction, request) | {str(part): dict(done)}
    values = {"answer": orjson.dumps(parts), "claimed_at": database_clock(transaction.connection)}
    transaction.connection.execute(update(KEYED_REQUEST).where(_is(request)).values(**values))


def _parts(transaction: Transaction, request: Keyed) -> dict[str, Any]:
    """Return the parts that are done, by their number: the answer's place holds them until there is one."""
    row = transaction.connection.execute(select(KEYED_REQUEST).where(_is(request)).with_for_update()).one_or_none()
    if row is None or row.status:
        raise UnderWayError
    parts: dict[str, Any] = orjson.loads(row.answer or b"{}")
    return parts


def _is(request: Keyed) -> ColumnElement[bool]:
    return and_(KEYED_REQUEST.c.account_id == request.account, KEYED_REQUEST.c.key == request.key)


def _forget(connection: Connection, *, clock: datetime) -> None:
    """Forget some answers whose time is over; rows that another request has in hand are left to the next one."""
    key = tuple_(KEYED_REQUEST.c.account_id, KEYED_REQUEST.c.key)
    old = select(KEYED_REQUEST.c.account_id, KEYED_REQUEST.c.key).where(KEYED_REQUEST.c.expires_at < clock)
    found = connection.execute(old.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)).all()
    if found:
        connection.execute(delete(KEYED_REQUEST).where(key.in_([tuple(row) for row in found])))
