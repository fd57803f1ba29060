"""What people do in a year, each on a day, said once for both ways in: the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from config.calendar_files import shipped_calendar
from evaluation.workdays import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

CALENDAR = shipped_calendar()
YEAR = "small-plan/2025"
FIRST, LAST = date(2025, 1, 2), date(2025, 7, 31)
FOUNDED = CALENDAR.instant(FIRST, time(7, 0))
SLOT = time(7, 30)
ACTING = timedelta(minutes=90)  #: people act so long after the morning's tick
WHY = {"reason": "vì sao", "basis": "CV 1/SNV"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody does on a day: with an obligation (`stage/party/subject`), with those of a stage (no party), or with the cycle."""

    on: date
    who: str  #: a contact's key
    verb: str
    about: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str, str]:
        """Stage, party and subject."""
        stage, party, subject = self.about.split("/")
        return stage, party, subject


def step(month: int, day: int, who: str, verb: str, about: str = "", **body: Any) -> Step:
    """A step in 2025."""
    return Step(on=date(2025, month, day), who=who, verb=verb, about=about, body=body)


def _delivered(month: int, day: int, about: str) -> list[Step]:
    """Prepared, submitted and accepted on one day."""
    party = about.split("/")[1]
    return [
        step(month, day, f"officer.{party}", "prepare", about),
        step(month, day, f"head.{party}", "submit", about, text="Kế hoạch"),
        step(month, day, BODY, "accept", about),
    ]


BODY, BODY_HEAD, MEMBER = "officer.so-noi-vu", "head.so-noi-vu", "member.xa-1"
#: Every move that people make, refused and granted, by one person of each role.
SCRIPT = [
    step(1, 7, "head.xa-1", "reassign", "plan/xa-1/", contact=MEMBER),
    step(1, 7, MEMBER, "prepare", "plan/xa-1/"),
    step(1, 7, "head.xa-1", "send-back", "plan/xa-1/", **WHY),
    step(1, 8, "officer.xa-1", "attach", "plan/xa-1/", name="ke-hoach.pdf", content="%PDF-1.7 kế hoạch"),
    step(1, 8, "officer.xa-1", "attach", "plan/xa-1/", name="nham.txt", content="nhầm"),
    step(1, 8, "officer.xa-1", "withdraw-evidence", "plan/xa-1/", name="nham.txt"),
    step(1, 8, "officer.xa-1", "prepare", "plan/xa-1/"),
    step(1, 8, "head.xa-1", "submit", "plan/xa-1/", text="Kế hoạch năm 2025"),
    step(1, 9, BODY, "return", "plan/xa-1/", **WHY, items=[{"item": "phu-luc", "words": "thiếu chữ ký"}]),
    step(1, 10, "officer.xa-1", "attach", "plan/xa-1/", name="phu-luc.pdf", content="%PDF-1.7 phụ lục"),
    *_delivered(1, 10, "plan/xa-1/"),
    step(1, 13, "officer.xa-2", "ask-extension", "plan/xa-2/", due_on="2025-02-10", reason="lũ"),
    step(1, 14, BODY, "refuse-extension", "plan/xa-2/", **WHY),
    step(1, 14, BODY, "suspend", "plan/so-tu-phap/", **WHY),
    step(1, 15, "officer.xa-2", "ask-extension", "plan/xa-2/", due_on="2025-02-10", reason="lũ lớn"),
    step(1, 16, BODY_HEAD, "extend", "plan/xa-2/", **WHY, due_on="2025-02-07"),
    step(1, 17, BODY, "hold-mail", **WHY),
    step(1, 20, BODY, "release-mail", **WHY),
    step(1, 20, BODY, "resume-clock", "plan/so-tu-phap/"),
    step(1, 21, "officer.so-tu-phap", "prepare", "plan/so-tu-phap/"),
    step(1, 21, "head.so-tu-phap", "submit", "plan/so-tu-phap/"),
    step(1, 22, "head.so-tu-phap", "withdraw", "plan/so-tu-phap/", **WHY),
    *_delivered(1, 23, "plan/so-tu-phap/"),
    *_delivered(1, 24, "plan/so-noi-vu/"),
    step(2, 3, BODY, "urge", "plan/xa-2/", by="phone", note="đã gọi"),
    *_delivered(2, 10, "plan/xa-2/"),
    step(2, 13, BODY, "submit", "summary/so-noi-vu/", text="Tờ trình"),
    step(2, 14, "head.chu-tich", "accept", "summary/so-noi-vu/"),
    step(3, 10, BODY, "extend-many", "report//2025-Q1", **WHY, due_on="2025-03-25"),
    step(3, 17, BODY, "urge-many", "report//2025-Q1", by="letter", note="CV 9/SNV"),
    *_delivered(3, 18, "report/xa-1/2025-Q1"),
    step(3, 24, "officer.xa-2", "prepare", "report/xa-2/2025-Q1"),
    step(3, 27, BODY, "submit", "report/xa-2/2025-Q1", received_on="2025-03-24", document="25/BC ngày 23/3/2025"),
    step(3, 28, BODY, "accept", "report/xa-2/2025-Q1"),
    step(4, 15, BODY_HEAD, "pause", **WHY),
    step(4, 17, BODY_HEAD, "resume", **WHY),
    step(6, 2, BODY, "waive", "report/xa-2/2025-Q2", **WHY),
    step(6, 3, BODY, "transfer", "after-lock/xa-2/", **WHY, to="xa-1"),
    step(7, 8, BODY_HEAD, "reopen", "report/xa-1/2025-Q2", **WHY, due_on="2025-07-15"),
    *_delivered(7, 14, "report/xa-1/2025-Q2"),
    step(7, 31, BODY_HEAD, "close", **WHY),
]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Mornings in a row with a tick each, and what people do on the last of them."""

    first: date
    last: date
    steps: tuple[Step, ...]

    @property
    def acting(self) -> datetime:
        """When people act, UTC."""
        return CALENDAR.instant(self.last, SLOT) + ACTING

    @property
    def ticks(self) -> list[datetime]:
        """When its ticks are, UTC."""
        return [CALENDAR.instant(self.first + number * ONE_DAY, SLOT) for number in range((self.last - self.first).days + 1)]


def stretches(script: Sequence[Step], *, last: date = LAST) -> Iterator[Stretch]:
    """The year from its first day to its last, cut after each day on which people do something."""
    begin = FIRST
    for day in sorted({one.on for one in script} | {last}):
        yield Stretch(first=begin, last=day, steps=tuple(one for one in script if one.on == day))
        begin = day + ONE_DAY


def everybody(script: Iterable[Step]) -> list[str]:
    """Who does anything: the keys of contacts."""
    return sorted({one.who for one in script} | {BODY})
