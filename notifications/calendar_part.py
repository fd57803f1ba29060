"""
The calendar part: what is due, as events that a calendar program takes over (RFC 5545, METHOD:PUBLISH of RFC 5546).

An event ends at the due moment and begins half an hour before, so that a due date which ends at midnight stands on its own day.
"""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, Timezone, vCalAddress

from evaluation.kinds import MessageKind
from evaluation.obligations import FINAL
from notifications.letters import Language
from notifications.phrases import document_name
from notifications.sheets import one_line, sheet_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from notifications.letters import Item, Letter

NAMESPACE = uuid.UUID("5f0c6a55-7a3b-5d1e-9d6f-2b7c8e1f4a90")  #: of everything that dondoc names by a UUIDv5
MOST_EVENTS = 10
LENGTH = timedelta(minutes=30)
#: Told to those who watch, not to those whose calendar it should stand in.
_NOT_THEIRS = frozenset({MessageKind.ESCALATION_STANDING_BODY, MessageKind.ESCALATION_CHAIR, MessageKind.CONTACT_UNREACHABLE})


def calendar_of(letter: Letter, *, base_url: str) -> bytes | None:
    """Return the calendar of what the letter's reader has still to do in time; None if that is nothing, or more than ten."""
    due = [item for item in letter.items if _stands_in_calendar(item)]
    if not due or len(due) > MOST_EVENTS:
        return None
    calendar = Calendar()
    calendar.add("prodid", f"-//dondoc//dondoc//{letter.language.value.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    first = min(item.due_at.year for item in due if item.due_at is not None)
    calendar.add_component(_zone(letter.zone, first))
    for item in {event_uid(letter, item): item for item in due}.values():
        calendar.add_component(_event(item, letter=letter, base_url=base_url))
    return bytes(calendar.to_ical())


def _stands_in_calendar(item: Item) -> bool:
    timing = item.timing
    running = item.obligation is not None and item.kind not in _NOT_THEIRS and item.state not in FINAL
    return running and timing is not None and timing.due_at is not None and not timing.overdue


def event_uid(letter: Letter, item: Item) -> str:
    """Return the UID of an obligation's event, the same in every mail; the receiver's turn is an event of its own."""
    turn = "" if item.timing is None or item.timing.turn == "party" else f"/{item.timing.turn}"
    return f"{uuid.uuid5(NAMESPACE, f'event/{letter.authority}/{item.obligation}{turn}')}@dondoc"


@lru_cache(maxsize=64)
def _zone(zone: tzinfo, year: int) -> Timezone:
    component: Timezone = Timezone.from_tzinfo(zone, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    component.pop("COMMENT", None)
    return component


def _event(item: Item, *, letter: Letter, base_url: str) -> Event:
    timing = item.timing
    assert timing is not None  # noqa: S101
    assert timing.due_at is not None  # noqa: S101
    sheet = sheet_of(item, letter=letter)
    ends = timing.due_at.astimezone(letter.zone)
    event = Event()
    event.add("uid", event_uid(letter, item))
    event.add("dtstamp", letter.now)
    event.add("dtstart", ends - LENGTH)
    event.add("dtend", ends)
    event.add("sequence", timing.number)
    event.add("summary", _summary(item, what=sheet.what, letter=letter))
    basis = item.duty.basis if item.duty is not None else None
    if basis is not None:
        event.add("description", one_line(document_name(basis, language=letter.language)))
    event.add("url", f"{base_url.rstrip('/')}/obligations/{item.obligation}")
    event.add("transp", "TRANSPARENT")
    if letter.helpdesk.mailbox:
        organizer = vCalAddress(f"mailto:{one_line(letter.helpdesk.mailbox)}")
        organizer.params["cn"] = one_line(letter.helpdesk.name)
        event.add("organizer", organizer)
    return event


def _summary(item: Item, *, what: str, letter: Letter) -> str:
    vi = letter.language is Language.VI
    test = ("[THỬ] " if vi else "[TEST] ") if letter.sandbox else ""
    party = "" if item.reader == "owes" else f"{one_line(item.party)}: "
    return unicodedata.normalize("NFC", f"{test}{'Hạn' if vi else 'Due'}: {party}{what}")
