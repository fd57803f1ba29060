"""
Gathering: the notices of one recipient in one slot become one bundle; what leaves alone is a bundle of its own.

Reading only. Notices of a cycle that is paused, closed or cancelled wait, save the kinds that may not be held.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import and_, bindparam, func, or_, select

from evaluation.cycles import CycleState
from evaluation.kinds import Manner, MessageKind, manner
from store.schema import AUTHORITY, CYCLE, MESSAGE, NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

#: Kinds that leave past a pause, a cancellation and a held slot.
PASSING = tuple(kind.value for kind in MessageKind if not manner(kind).may_be_held)
#: Kinds that leave even past a held authority and the fuse: sign-in, reset, invitation.
SECRET = tuple(kind.value for kind in MessageKind if manner(kind).confidential)
#: A query for each slot, of which there are few: on SQLite a list of pairs would find no index.
_NUMBERS = (
    select(MESSAGE.c.recipient, func.max(MESSAGE.c.gathering))
    .where(
        MESSAGE.c.authority_id == bindparam("b_authority"),
        MESSAGE.c.slot_at == bindparam("b_slot_at", type_=MESSAGE.c.slot_at.type),
        MESSAGE.c.recipient.in_(bindparam("b_recipients", expanding=True)),
    )
    .group_by(MESSAGE.c.recipient)
)
#: Notices read at once; a bundle is never cut unless one recipient alone has more.
MOST_NOTICES = 2000
_NAMESPACE = uuid5(NAMESPACE_URL, "dondoc:message")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """The notices of one recipient in one slot that leave as one message."""

    authority: int
    recipient: str  #: `c<contact>` or `m<party>`
    slot_at: datetime
    notices: tuple[int, ...]  #: ids, oldest first
    number: int  #: of the gathering of this recipient and slot
    held: bool
    kind: MessageKind  #: the most urgent
    official: bool
    confidential: bool

    def header_id(self, domain: str) -> str:
        """Return its Message-ID: the same however often this gathering is made."""
        name = f"{self.authority}/{self.recipient}/{self.slot_at.isoformat()}/{self.notices[0]}/{self.number}"
        return f"<{uuid5(_NAMESPACE, name)}@{domain}>"


def gather(connection: Connection, *, now: datetime, authority: int | None = None, at_most: int | None = MOST_NOTICES) -> list[Bundle]:
    """Return what is to leave by `now` and is in no message yet, oldest slot first, from at most so many notices."""
    rows = connection.execute(_ripe(now, authority=authority).limit(at_most)).all()
    groups = [list(group) for _, group in groupby(rows, key=_whose)]
    if at_most is not None and len(rows) == at_most and len(groups) > 1:
        groups.pop()  # it may be cut: the next reading has it whole
    split = [part for group in groups for part in _split(group)]
    numbers = gathered_so_far(connection, {(part[0].authority_id, part[0].recipient, part[0].slot_at) for part in split})
    return [_bundle(part, numbers=numbers) for part in split]


def _ripe(now: datetime, *, authority: int | None) -> Select[Any]:
    query = (
        select(
            NOTICE.c.id,
            NOTICE.c.authority_id,
            NOTICE.c.recipient,
            NOTICE.c.slot_at,
            NOTICE.c.kind,
            is_held().label("held"),
        )
        .join(AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
        .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
        .where(NOTICE.c.message_id.is_(None), NOTICE.c.slot_at <= now, NOTICE.c.cancelled.is_(False), may_leave())
        .order_by(NOTICE.c.authority_id, NOTICE.c.slot_at, NOTICE.c.recipient, NOTICE.c.id)
    )
    return query if authority is None else query.where(NOTICE.c.authority_id == authority)


def may_leave() -> ColumnElement[bool]:
    """Return the condition that a notice's cycle lets its mail out: it is under way, or the kind may not be held."""
    return or_(NOTICE.c.cycle_id.is_(None), CYCLE.c.state == CycleState.LAUNCHED.value, NOTICE.c.kind.in_(PASSING))


def is_held() -> ColumnElement[bool]:
    """Return the condition that a notice's mail waits for a release: of its authority, or of its cycle."""
    by_authority = and_(AUTHORITY.c.outbox_held, NOTICE.c.kind.not_in(SECRET))
    by_cycle = and_(func.coalesce(CYCLE.c.mail_held, False), NOTICE.c.kind.not_in(PASSING))
    return or_(by_authority, by_cycle)


def gathered_so_far(connection: Connection, places: Iterable[tuple[int, str, datetime]]) -> dict[tuple[int, str, datetime], int]:
    """Return the number of the last gathering of each authority, recipient and slot that has one."""
    found: dict[tuple[int, str, datetime], int] = {}
    slots = groupby(sorted((authority, slot_at, recipient) for authority, recipient, slot_at in places), key=lambda place: place[:2])
    for (authority, slot_at), group in slots:
        recipients = [place[2] for place in group]
        for start in range(0, len(recipients), MOST_NOTICES):
            some = {"b_authority": authority, "b_slot_at": slot_at, "b_recipients": recipients[start : start + MOST_NOTICES]}
            found |= {(authority, recipient, slot_at): number for recipient, number in connection.execute(_NUMBERS, some)}
    return found


@cache
def _manner(kind: str) -> Manner:
    return manner(MessageKind(kind))


def _whose(row: Row[Any]) -> tuple[int, datetime, str]:
    return row.authority_id, row.slot_at, row.recipient


def _split(group: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """Return the bundles of one recipient and slot: merging kinds together (held ones apart), every other notice alone."""
    alone = [[row] for row in group if not _manner(row.kind).merges]
    merging = [row for row in group if _manner(row.kind).merges]
    together = [[row for row in merging if bool(row.held) is held] for held in (False, True)]
    return sorted((part for part in (*together, *alone) if part), key=lambda part: int(part[0].id))


def _bundle(rows: Sequence[Row[Any]], *, numbers: dict[tuple[int, str, datetime], int]) -> Bundle:
    place = (rows[0].authority_id, rows[0].recipient, rows[0].slot_at)
    numbers[place] = numbers.get(place, 0) + 1
    kinds = sorted({row.kind for row in rows}, key=lambda kind: (-_manner(kind).urgency, kind))
    return Bundle(
        authority=place[0],
        recipient=place[1],
        slot_at=place[2],
        notices=tuple(row.id for row in rows),
        number=numbers[place],
        held=any(row.held for row in rows),
        kind=MessageKind(kinds[0]),
        official=any(_manner(kind).official for kind in kinds),
        confidential=any(_manner(kind).confidential for kind in kinds),
    )
