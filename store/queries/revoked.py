"""
Due dates that a mail takes back: what its reader was sent as a calendar event, and what has been waived, handed over or cancelled since.

A date counts as sent if a mail that left before told the reader of the obligation while that date was still to come. One that was left out
there, because the mail told of more than ten, is taken back all the same: a calendar program passes over what it does not know.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select

from evaluation.kinds import MessageKind
from evaluation.letters import NOT_IN_CALENDAR, Item, Reader
from evaluation.obligations import FINAL, State
from store.outbox.states import MessageState
from store.queries.letter_facts import subject_of, timing_of
from store.schema import MESSAGE, NOTICE, OBLIGATION, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.queries.letter_facts import CycleFacts, Names

SLICE = 500
MOST_REVOKED = 100  #: of one mail: whoever receives from hundreds of units gets those that come first
#: After these an obligation's dates hold no longer.
_ENDS = frozenset({MessageKind.WAIVED.value, MessageKind.HANDED_OVER.value})
#: What these tell is the term that their move wrote, the one after the notice's own.
_OF_THE_NEXT_TERM = (
    MessageKind.EXTENSION_GRANTED.value,
    MessageKind.RESUMED.value,
    MessageKind.DATES_MOVED.value,
    MessageKind.RE_OPENED.value,
    MessageKind.RETURNED_FOR_CORRECTION.value,
    MessageKind.RECEIVED.value,
)
_NO_DATE = [kind.value for kind in (*NOT_IN_CALENDAR, MessageKind.ACCEPTED, MessageKind.WAIVED, MessageKind.HANDED_OVER)]
_LEFT = [MessageState.SENT.value, MessageState.UNKNOWN.value]
_TOLD = NOTICE.c.term + case((NOTICE.c.kind.in_(_OF_THE_NEXT_TERM), 1), else_=0)

_SENT = (
    select(
        NOTICE.c.recipient,
        NOTICE.c.cycle_id,
        STAGE.c.key,
        OBLIGATION.c.id.label("obligation"),
        OBLIGATION.c.party_id,
        OBLIGATION.c.subject,
        OBLIGATION.c.term.label("last"),
        TERM,
    )
    .join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
    .join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
    .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == _TOLD))
    .where(MESSAGE.c.state.in_(_LEFT), TERM.c.due_at > MESSAGE.c.at, NOTICE.c.kind.not_in(_NO_DATE))
    .order_by(NOTICE.c.id)
)


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Who reads, and what their letters need to say anything of a date."""

    party: Mapping[str, int]  #: by recipient
    cycles: Mapping[int, CycleFacts]
    names: Names
    now: datetime


def read_revoked(connection: Connection, rows: Sequence[Row[Any]], *, readers: Readers) -> dict[str, tuple[Item, ...]]:
    """Return by recipient the dates that the notices of these rows take back, those still to come first."""
    ended = {(row.recipient, row.obligation_id) for row in rows if row.kind in _ENDS}
    cancelled = {(row.recipient, row.cycle_id) for row in rows if row.kind == MessageKind.CYCLE_CANCELLED.value}
    if not ended and not cancelled:
        return {}
    told: dict[str, dict[tuple[int, str], Row[Any]]] = defaultdict(dict)
    for row in _sent(connection, ended=sorted(ended), cancelled=sorted(cancelled)):
        before = told[row.recipient].get((row.obligation, row.turn))
        if before is None or before.number <= row.number:
            told[row.recipient][row.obligation, row.turn] = row
    return {recipient: _items(list(dates.values()), readers=readers) for recipient, dates in told.items()}


def _sent(connection: Connection, *, ended: Sequence[tuple[str, int]], cancelled: Sequence[tuple[str, int]]) -> Iterator[Row[Any]]:
    for start in range(0, len(ended), SLICE):
        yield from connection.execute(_SENT.where(_either(ended[start : start + SLICE], NOTICE.c.obligation_id)))
    open_still = OBLIGATION.c.state.not_in([state.value for state in FINAL])
    for start in range(0, len(cancelled), SLICE):
        some = _either(cancelled[start : start + SLICE], NOTICE.c.cycle_id)
        yield from connection.execute(_SENT.where(some, open_still))


def _either(pairs: Sequence[tuple[str, int]], column: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a notice is of one of the pairs: of one recipient about one thing."""
    whose: dict[int, list[str]] = defaultdict(list)
    for recipient, about in pairs:
        whose[about].append(recipient)
    return or_(*(and_(column == about, NOTICE.c.recipient.in_(recipients)) for about, recipients in whose.items()))


def _items(rows: list[Row[Any]], *, readers: Readers) -> tuple[Item, ...]:
    rows.sort(key=lambda row: (row.due_at <= readers.now, row.due_at, row.obligation))
    return tuple(_item(row, readers=readers) for row in rows[:MOST_REVOKED])


def _item(row: Row[Any], *, readers: Readers) -> Item:
    cycle, names = readers.cycles[row.cycle_id], readers.names
    timing = timing_of(row, calendar=cycle.calendar, now=readers.now)
    return Item(
        notice=0,
        kind=MessageKind.WAIVED,
        running=cycle.running,
        duty=cycle.duty(row.key, names=names, subject=row.subject),
        obligation=row.obligation,
        party_id=row.party_id,
        party=names.of(row.party_id),
        reader=Reader.OWES if readers.party.get(row.recipient) == row.party_id else Reader.OVERSEES,
        subject=subject_of(row.subject, line=cycle.line(row.key), names=names, cycle=cycle, party=row.party_id),
        state=State.WAIVED,
        timing=replace(timing, number=row.last + 1),
    )
