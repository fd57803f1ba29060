"""
Gathering: the notices of one recipient in one slot become one bundle; what leaves alone is a bundle of its own.

Reading only. Notices of a cycle that is paused, closed or cancelled wait, save the kinds that may not be held. Kinds that wait for
their slot leave in their cycle's working time alone: what missed its slot does not leave at night or on a day off. A sandbox is exempt:
it disturbs nobody, and a demo that is shown on a Sunday must be alive (docs/decisions/0010).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import BigInteger, and_, bindparam, false, func, or_, select

from evaluation import slots
from evaluation.cycles import CycleState
from evaluation.kinds import Manner, MessageKind, manner
from evaluation.workdays import UnknownYearError
from store.calendars import load_calendar
from store.schema import AUTHORITY, CYCLE, MESSAGE, NOTICE
from store.years import load_plan_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, time

    from sqlalchemy import ColumnElement, Connection, Row

    from store.session import Store

#: Kinds that leave past a pause, a cancellation and a held slot.
PASSING = tuple(kind.value for kind in MessageKind if not manner(kind).may_be_held)
#: Kinds that leave even past a held authority and the fuse: sign-in, reset, invitation.
SECRET = tuple(kind.value for kind in MessageKind if manner(kind).confidential)
#: Kinds that leave at any hour.
AT_ONCE = tuple(kind.value for kind in MessageKind if not manner(kind).waits_for_slot)
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
_NO_LIMIT = 2**62
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Until when mail leaves on a working day; calendars and plans are read once into the store's keeping."""

    store: Store
    until: time = slots.EVENING


def may_leave() -> ColumnElement[bool]:
    """Return the condition that a notice's cycle lets its mail out: it is under way, or the kind may not be held."""
    return or_(NOTICE.c.cycle_id.is_(None), CYCLE.c.state == CycleState.LAUNCHED.value, _is_one_of(PASSING))


def keeps_hours() -> ColumnElement[bool]:
    """Return the condition that a notice leaves in its cycle's working time alone; a sandbox's leave at any hour."""
    return and_(NOTICE.c.cycle_id.is_not(None), AUTHORITY.c.sandbox.is_(False), ~_is_one_of(AT_ONCE))


def is_held() -> ColumnElement[bool]:
    """Return the condition that a notice's mail waits for a release: of its authority, or of its cycle."""
    by_authority = and_(AUTHORITY.c.outbox_held, ~_is_one_of(SECRET))
    by_cycle = and_(func.coalesce(CYCLE.c.mail_held, False), ~_is_one_of(PASSING))
    return or_(by_authority, by_cycle)


def _is_one_of(kinds: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition, each kind by itself: a list would be expanded anew whenever the statement runs."""
    return or_(false(), *(NOTICE.c.kind == kind for kind in kinds))


#: Statements are built once: the delivery runs them every few seconds, a rehearsal twice a day for a year.
_IS_RIPE = and_(
    NOTICE.c.message_id.is_(None),
    NOTICE.c.slot_at <= bindparam("b_now", type_=NOTICE.c.slot_at.type),
    NOTICE.c.cancelled.is_(False),
    may_leave(),
)
_OF_ONE = NOTICE.c.authority_id == bindparam("b_authority")
_RIPE = (
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
    .where(_IS_RIPE, ~and_(keeps_hours(), NOTICE.c.cycle_id.in_(bindparam("b_resting", expanding=True))))
    .order_by(NOTICE.c.authority_id, NOTICE.c.slot_at, NOTICE.c.recipient, NOTICE.c.id)
    .limit(bindparam("b_at_most", type_=BigInteger()))
)
_RIPE_OF_ONE = _RIPE.where(_OF_ONE)
#: The cycles that something ripe is of, and whether any of it keeps hours; no row at all where nothing is ripe.
_CONCERNED = (
    select(keeps_hours().label("keeps_hours"), CYCLE.c.id, CYCLE.c.calendar_id, CYCLE.c.plan_version)
    .join_from(NOTICE, AUTHORITY, AUTHORITY.c.id == NOTICE.c.authority_id)
    .outerjoin(CYCLE, CYCLE.c.id == NOTICE.c.cycle_id)
    .where(_IS_RIPE)
    .distinct()
)
_RUNNING = (
    select(CYCLE.c.id, CYCLE.c.calendar_id, CYCLE.c.plan_version)
    .join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id)
    .where(AUTHORITY.c.sandbox.is_(False), CYCLE.c.state == CycleState.LAUNCHED.value)
)
_CONCERNED_OF_ONE = _CONCERNED.where(_OF_ONE)


def gather(
    connection: Connection, *, now: datetime, hours: Hours | None = None, authority: int | None = None, at_most: int | None = MOST_NOTICES
) -> list[Bundle]:
    """
    Return what is to leave by `now` and is in no message yet, oldest slot first, from at most so many notices.

    Without `hours` at any hour: for sandboxes the same.
    """
    whose = {"b_now": now} if authority is None else {"b_now": now, "b_authority": authority}
    resting: list[int] = []
    if hours is not None:
        concerned = connection.execute(_CONCERNED if authority is None else _CONCERNED_OF_ONE, whose).all()
        if not concerned:
            return []
        resting = [row.id for row in concerned if row.keeps_hours and _rests(connection, row, hours=hours, now=now)]
    limit = _NO_LIMIT if at_most is None else at_most
    ripe = _RIPE if authority is None else _RIPE_OF_ONE
    rows = connection.execute(ripe, {**whose, "b_resting": resting, "b_at_most": limit}).all()
    groups = [list(group) for _, group in groupby(rows, key=_whose)]
    if len(rows) == limit and len(groups) > 1:
        groups.pop()  # it may be cut: the next reading has it whole
    split = [part for group in groups for part in _split(group)]
    numbers = gathered_so_far(connection, {(part[0].authority_id, part[0].recipient, part[0].slot_at) for part in split})
    return [_bundle(part, numbers=numbers) for part in split]


def resting_cycles(connection: Connection, *, hours: Hours, now: datetime) -> list[int]:
    """Return the running cycles of real authorities for which it is not working time."""
    return [row.id for row in connection.execute(_RUNNING).all() if _rests(connection, row, hours=hours, now=now)]


def _rests(connection: Connection, cycle: Row[Any], *, hours: Hours, now: datetime) -> bool:
    """Return whether it is not working time for a cycle (id, calendar_id, plan_version); a year without data keeps no mail back."""
    calendar = load_calendar(hours.store, connection, cycle.calendar_id)
    plan, _ = load_plan_version(hours.store, connection, cycle=cycle.id, number=cycle.plan_version)
    try:
        return not slots.may_leave(now, calendar=calendar, opens=plan.slot, closes=hours.until)
    except UnknownYearError:  # told at a bad hour is better than never told
        return False


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
