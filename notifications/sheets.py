"""
Sheets: the facts of one item in words, ready for a template, which then only puts them into sentences.

Every text is one line of printable characters in Unicode NFC: no name or title can begin a line, a header or a tag of its own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.terms import Turn
from notifications.letters import Language, Reader, Timing
from notifications.phrases import STATES, document_name, pick, repair_name, subject_name
from notifications.wording import (
    counted,
    deadline,
    document_date,
    full_date,
    local_moment,
    plain_date,
    short_deadline,
    time_left,
    time_tag,
)

if TYPE_CHECKING:
    from datetime import date

    from notifications.letters import Duty, Item, Letter

#: Longest name of an obligation in a subject, and of its parts; the title gives way first, the period and the unit last.
MOST_IN_SUBJECT = 70
MOST_OF_A_PART = 30


def one_line(text: str) -> str:
    """Return a text in NFC on one line: control and format characters and line breaks become single spaces, and so do several."""
    text = unicodedata.normalize("NFC", text)
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def cut(text: str, *, most: int) -> str:
    """Return a text of at most so many characters, with an ellipsis where it was longer."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """The deadline of an item in words; empty texts and False where it has none."""

    due: str = ""  #: weekday, date, hour
    due_short: str = ""
    label: str = ""  #: `hạn`, `hạn bổ sung`, `hạn xem xét`
    tag: str = ""  #: `Còn 3 ngày`
    left: str = ""  #: `còn 3 ngày (2 ngày làm việc)`
    late: str = ""  #: `2 ngày`, once overdue
    locks: str = ""
    held: str = ""  #: what is left while the clock stands
    overdue: bool = False
    today: bool = False
    off_day: bool = False
    last_workday: bool = False  #: no working day is left after today
    projected: bool = False
    suspended: bool = False
    by_calendar: bool = False  #: the working calendar moved it, not the plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One item in words."""

    what: str  #: title and subject: `Báo cáo định kỳ, quý I/2026`
    name: str  #: the same, with the party where the reader is another; short enough for a subject
    party: str
    predecessor: str
    owes: bool  #: the reader is of who owes
    owed: bool  #: the reader is of who owed it before a hand-over
    coordinates: bool
    when: When
    old_due: str
    wanted: str  #: until when a longer term is asked for
    basis: str  #: citation of the document
    title: str  #: of that document
    words: str
    asked: bool  #: these are the words of a request, not of the plan
    deliverable: str
    receiver: str
    state: str
    lapsed: bool
    submitted: bool
    accepts_late: bool
    round: int
    reason: str
    remark_basis: str
    remarks: tuple[tuple[str, str], ...]  #: (part, what is asked of it)
    in_time: bool | None  #: of the last submission; None: none
    days_late: str
    received_on: str
    document: str
    repair: str
    nobody_answers: bool  #: the repair is about a missing contact
    plan: str  #: title of the cycle
    version: int
    decision: str
    moved_on: str  #: when the move was made, which may be days before the mail
    slot_on: str  #: which day the mail was meant for


def sheet_of(item: Item, *, letter: Letter) -> Sheet:
    """Return an item in the letter's language."""
    language = letter.language
    duty, running = item.duty, item.running
    what = what_of(item, language=language)
    plan = "" if running is None else (running.title if language is Language.VI else running.title_en)
    return Sheet(
        what=what,
        name=_name(item, language=language),
        party=one_line(item.party),
        predecessor=one_line(item.predecessor),
        owes=item.reader is Reader.OWES,
        owed=item.reader is Reader.OWED,
        coordinates=item.reader is Reader.COORDINATES,
        when=_when(item, letter=letter),
        old_due="" if item.due_before is None else full_date(item.due_before, language=language),
        wanted="" if item.wanted_on is None else full_date(item.wanted_on, language=language),
        basis=_basis(duty, language=language),
        title=one_line(duty.basis.title) if duty is not None and duty.basis is not None else "",
        words=one_line(duty.words) if duty is not None else "",
        asked=duty is not None and duty.asked,
        deliverable=one_line(duty.deliverable) if duty is not None else "",
        receiver=one_line(duty.receiver) if duty is not None else "",
        state="" if item.state is None or item.repair is not None else pick(STATES[item.state], language=language),
        lapsed=item.state == "lapsed",
        submitted=item.state == "submitted",
        accepts_late=duty is None or duty.accepts_late,
        round=item.rounds,
        reason=one_line(item.remark.reason),
        remark_basis=one_line(item.remark.basis),
        remarks=_remarks(item),
        in_time=None if item.days_late is None else item.days_late == 0,
        days_late=counted(item.days_late, language=language) if item.days_late else "",
        received_on=_date(item.received_on, language=language),
        document=one_line(item.document),
        repair="" if item.repair is None else one_line(repair_name(item.repair, language=language)),
        nobody_answers=item.repair is not None and item.repair.what in {"contact", "mailbox"},
        plan=one_line(plan),
        version=1 if running is None else running.version,
        decision="" if running is None else one_line(running.signed),
        moved_on=_plain(item.moved_on, letter=letter),
        slot_on=_plain(item.slot_on, letter=letter),
    )


def _plain(on: date | None, *, letter: Letter) -> str:
    return today_of(letter) if on is None else plain_date(on, language=letter.language)


def _date(on: date | None, *, language: Language) -> str:
    return "" if on is None else document_date(on, language=language)


def what_of(item: Item, *, language: Language) -> str:
    """Return what an item is about; a unit's subject is told apart by its period, its subject, or both."""
    if item.duty is None:
        return ""
    title = item.duty.title if language is Language.VI else item.duty.title_en
    return one_line(", ".join(part for part in (title, subject_name(item.subject, language=language)) if part))


def _name(item: Item, *, language: Language) -> str:
    """Return who and what, at most 70 characters: a long title is cut, the unit and the period stay readable."""
    if item.duty is None:
        return ""
    title = one_line(item.duty.title if language is Language.VI else item.duty.title_en)
    subject = cut(one_line(subject_name(item.subject, language=language)), most=MOST_OF_A_PART)
    party = "" if item.reader is Reader.OWES or not item.party else cut(one_line(item.party), most=MOST_OF_A_PART) + ": "
    beside = f", {subject}" if subject else ""
    return party + cut(title, most=MOST_IN_SUBJECT - len(party) - len(beside)) + beside


def _basis(duty: Duty | None, *, language: Language) -> str:
    return "" if duty is None or duty.basis is None else one_line(document_name(duty.basis, language=language))


def _remarks(item: Item) -> tuple[tuple[str, str], ...]:
    titles = dict(item.duty.parts) if item.duty is not None else {}
    return tuple((one_line(titles.get(key, key)), one_line(words)) for key, words in item.remark.items)


def _when(item: Item, *, letter: Letter) -> When:
    timing, language, zone = item.timing, letter.language, letter.zone
    if timing is None:
        return When()
    held = "" if timing.held_days is None else counted(max(0, timing.held_days), language=language, working=timing.held_working)
    when = When(label=_label(item, timing), held=held, suspended=timing.reason == "suspension", by_calendar=timing.reason == "calendar")
    if timing.due_on is None or timing.due_at is None:
        return when
    left = timing.days_left or 0
    return replace(
        when,
        due=deadline(timing.due_on, due_at=timing.due_at, zone=zone, language=language),
        due_short=short_deadline(timing.due_on, due_at=timing.due_at, zone=zone, language=language),
        tag=time_tag(timing, language=language),
        left=time_left(timing, language=language),
        late=counted(timing.days_late, language=language) if timing.overdue else "",
        locks="" if timing.locks_at is None else local_moment(timing.locks_at, zone=zone, language=language),
        overdue=timing.overdue,
        today=timing.days_left == 0 and not timing.overdue,
        off_day=timing.off_day,
        last_workday=left > 0 and not timing.overdue and timing.workdays_left == 0,
        projected=timing.projected,
    )


def _label(item: Item, timing: Timing) -> str:
    """Return whose deadline it is, as a key of the layout's words."""
    if timing.turn == Turn.RECEIVER:
        return "review"
    return "correction" if item.rounds and timing.made_as != "initial" else "due"


def today_of(letter: Letter) -> str:
    """Return the letter's local date."""
    return plain_date(letter.now.astimezone(letter.zone).date(), language=letter.language)
