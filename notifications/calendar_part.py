"""
The calendar part: what is due, as events that a calendar program takes over (RFC 5545, METHOD:PUBLISH of RFC 5546).

A date that holds no longer is taken back by the same event with a higher number (METHOD:CANCEL); one that moved is published again.
An event ends at the due moment and begins half an hour before, so that a due date which ends at midnight stands on its own day.
"""

from __future__ import annotations

import unicodedata
import uuid
from datetime import UTC, date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import Calendar, Timezone

from evaluation.letters import NOT_IN_CALENDAR
from evaluation.obligations import FINAL
from notifications.letters import Language, Reader
from notifications.phrases import document_name
from notifications.sheets import one_line, what_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from notifications.letters import Item, Letter

NAMESPACE = uuid.UUID("5f0c6a55-7a3b-5d1e-9d6f-2b7c8e1f4a90")  #: of everything that dondoc names by a UUIDv5
MOST_EVENTS = 10
LENGTH = timedelta(minutes=30)
LINE = 75  #: octets


class Method(StrEnum):
    """What a calendar program is to do with the events."""

    PUBLISH = "PUBLISH"  #: take them over
    CANCEL = "CANCEL"  #: take them out


def calendar_of(letter: Letter, *, base_url: str) -> bytes | None:
    """Return the calendar of what the letter's reader has still to do in time; None if that is nothing, or more than ten."""
    due = [item for item in letter.items if _stands_in_calendar(item)]
    if not due or len(due) > MOST_EVENTS:
        return None
    return _calendar(due, letter=letter, base_url=base_url, method=Method.PUBLISH)


def revocation_of(letter: Letter, *, base_url: str) -> bytes | None:
    """Return the calendar that takes out what the letter's reader has no longer to do; None if that is nothing."""
    return _calendar(letter.revoked, letter=letter, base_url=base_url, method=Method.CANCEL) if letter.revoked else None


def _calendar(due: Sequence[Item], *, letter: Letter, base_url: str, method: Method) -> bytes:
    first = min(item.due_at.year for item in due if item.due_at is not None)
    head, foot = _frame(letter.zone, first, letter.language, method)
    events = {event_uid(letter, item): item for item in due}.values()
    return b"".join([head, *(_event(item, letter=letter, base_url=base_url, method=method) for item in events), foot])


def _stands_in_calendar(item: Item) -> bool:
    timing = item.timing
    theirs = item.kind not in NOT_IN_CALENDAR and item.reader is not Reader.OWED
    running = item.obligation is not None and theirs and item.state not in FINAL
    return running and timing is not None and timing.due_at is not None and not timing.overdue


def event_uid(letter: Letter, item: Item) -> str:
    """Return the UID of an obligation's event, the same in every mail; the receiver's turn is an event of its own."""
    turn = "" if item.timing is None or item.timing.turn == "party" else f"/{item.timing.turn}"
    return f"{uuid.uuid5(NAMESPACE, f'event/{letter.authority}/{item.obligation}{turn}')}@dondoc"


@lru_cache(maxsize=64)
def _frame(zone: tzinfo, year: int, language: Language, method: Method) -> tuple[bytes, bytes]:
    """Return what stands before and behind the events: making the zone anew for each mail would cost more than the rest of it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//dondoc//dondoc//{language.value.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    component = Timezone.from_tzinfo(zone, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    component.pop("COMMENT", None)
    calendar.add_component(component)
    head, end, foot = bytes(calendar.to_ical()).rpartition(b"END:VCALENDAR")
    return head, end + foot


def _event(item: Item, *, letter: Letter, base_url: str, method: Method) -> bytes:
    """Return an event's lines; written here, for the library takes a millisecond of each (the tests read them with it)."""
    timing, zone = item.timing, letter.zone
    assert timing is not None  # noqa: S101
    assert timing.due_at is not None  # noqa: S101
    ends = timing.due_at.astimezone(zone)
    place = f";TZID={getattr(zone, 'key', 'UTC')}:"
    basis = item.duty.basis if item.duty is not None else None
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event_uid(letter, item)}",
        f"DTSTAMP:{letter.now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART{place}{ends - LENGTH:%Y%m%dT%H%M%S}",
        f"DTEND{place}{ends:%Y%m%dT%H%M%S}",
        f"SEQUENCE:{timing.number}",
        f"SUMMARY:{_text(_summary(item, letter=letter))}",
        *([] if basis is None else [f"DESCRIPTION:{_text(document_name(basis, language=letter.language))}"]),
        f"URL:{base_url.rstrip('/')}/obligations/{item.obligation}",
        "TRANSP:TRANSPARENT",
        *(["STATUS:CANCELLED"] if method is Method.CANCEL else []),
        *_organizer(letter),
        "END:VEVENT",
    ]
    return b"".join(_folded(line.encode()) for line in lines)


def _organizer(letter: Letter) -> list[str]:
    """Return whose calendar it is: a published event names its organizer (RFC 5546), as far as it has a mailbox."""
    mailbox = one_line(letter.helpdesk.mailbox)
    name = one_line(letter.helpdesk.name).replace('"', "'")
    return [f'ORGANIZER;CN="{name}":mailto:{mailbox}'] if mailbox else []


def _text(value: str) -> str:
    """Return a text as RFC 5545 escapes it."""
    return one_line(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: bytes) -> bytes:
    """Return a line in pieces of at most 75 octets, no character split."""
    pieces = []
    room = LINE
    while len(line) > room:
        end = room
        while line[end] & 0xC0 == 0x80:  # noqa: PLR2004  (inside a character of UTF-8)
            end -= 1
        pieces.append(line[:end])
        line, room = line[end:], LINE - 1
    return b"\r\n ".join([*pieces, line]) + b"\r\n"


def _summary(item: Item, *, letter: Letter) -> str:
    vi = letter.language is Language.VI
    test = ("[THỬ] " if vi else "[TEST] ") if letter.sandbox else ""
    party = "" if item.reader == "owes" else f"{one_line(item.party)}: "
    return unicodedata.normalize("NFC", f"{test}{'Hạn' if vi else 'Due'}: {party}{what_of(item, language=letter.language)}")
