"""
Papers of an inspection: its minutes (biên bản) and its conclusions (thông báo kết luận), as the facts that they are drafted from.

What nobody has recorded (the hours, who else was there) is left open for the pen; nothing is made up. Form: NĐ 30/2020/NĐ-CP, Annex III,
forms 1.5 (notice) and 1.9 (minutes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from evaluation.paper_facts import ConclusionsFacts, Cover, FindingLine, Head, MinutesFacts, Present, Section, Signature
from evaluation.paper_heads import person
from evaluation.papers import FORM_OF, Purpose, sign_of

if TYPE_CHECKING:
    from datetime import time

OPEN = "…………………………"  #: written in by hand
_HOURS = "hồi …… giờ …… phút"
_NUMBER = re.compile(r"(?P<number>\S+/\S+?)(?:,?\s+(?:ngày\s+)?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}))?\s*")
_OF_KIND = {"planned": "Kiểm tra công tác", "surprise": "Kiểm tra đột xuất công tác", "thematic": "Kiểm tra chuyên đề công tác"}


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """What was recorded of an inspection that took place; names as they are printed."""

    unit: str
    unit_head: str = ""  #: who heads the unit, a name or a post; empty: unknown
    team: str
    kind: str  #: planned, surprise, thematic
    theme: str = ""
    held_on: date
    began: time | None = None  #: local; None: not recorded
    ended: time | None = None
    minutes: str  #: number and date, as typed
    minutes_text: str = ""
    concluded_on: date | None = None
    conclusions: str = ""  #: likewise
    conclusions_text: str = ""
    lead: str = ""  #: of the team
    members: tuple[str, ...] = ()  #: without the lead
    findings: tuple[FindingLine, ...] = ()
    basis: str = ""  #: the document that the plan's line rests on
    head: Head  #: of who inspects
    standing_body: str = ""
    chair: str = ""


def minutes_of(told: Inspected) -> MinutesFacts:
    """Return the minutes of an inspection as a paper: who signs on the right is the lead, on the left the unit."""
    number = number_typed(told.minutes)
    return MinutesFacts(
        cover=_cover(told, Purpose.MINUTES, number=number, dated=told.held_on, copies=(told.unit, told.standing_body)),
        began=f"{_hour(told.began)}, ngày {told.held_on:%d/%m/%Y}",
        ended=f"{_hour(told.ended)} cùng ngày",
        place=f"trụ sở {told.unit}",
        present=_present(told),
        sections=(Section(paragraphs=_paragraphs(told.minutes_text) or (OPEN,)),),
        signers=(
            Signature(title="ĐẠI DIỆN ĐƠN VỊ", name=person(told.unit_head)),
            Signature(title="TRƯỞNG ĐOÀN KIỂM TRA", name=person(told.lead)),
        ),
    )


def conclusions_of(told: Inspected) -> ConclusionsFacts:
    """Return the conclusions of an inspection as a paper, each finding with its term; raises ValueError where there are none yet."""
    if told.concluded_on is None:
        msg = "the inspection has no conclusions yet"
        raise ValueError(msg)
    copies = (told.unit, f"{told.chair} (báo cáo)" if told.chair else "", told.standing_body)
    return ConclusionsFacts(
        cover=_cover(told, Purpose.CONCLUSIONS, number=number_typed(told.conclusions), dated=told.concluded_on, copies=copies),
        unit=told.unit,
        inspected=f"ngày {told.held_on:%d/%m/%Y}",
        basis=told.basis,
        results=_paragraphs(told.conclusions_text),
        findings=told.findings,
    )


def measure_of(basis: str) -> str:
    """Return what a finding asks of its unit: what its legal basis says, where one was recorded."""
    return f"Thực hiện đúng {basis}; báo cáo kết quả" if basis else "Khắc phục, báo cáo kết quả"


def number_typed(text: str) -> str:
    """Return the number of `05/BB-ĐKT ngày 15/04/2026` without the date; empty where the text is not written so."""
    found = _NUMBER.fullmatch(text.strip())
    return found["number"] if found else ""


def date_typed(text: str) -> date | None:
    """Return the date of `05/BB-ĐKT ngày 15/04/2026`; None where there is none, or none of the calendar."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or found["day"] is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _hour(hour: time | None) -> str:
    """Return an hour as minutes say it; one that nobody recorded is left open."""
    return _HOURS if hour is None else f"hồi {hour:%H} giờ {hour:%M} phút"


def _cover(told: Inspected, purpose: Purpose, *, number: str, dated: date, copies: tuple[str, ...]) -> Cover:
    theme = f" (chuyên đề: {told.theme})" if told.theme else ""
    inspected = f"{_OF_KIND[told.kind]} cải cách hành chính tại {told.unit}{theme}"
    summary = inspected if purpose is Purpose.MINUTES else f"Kết luận {inspected[0].lower()}{inspected[1:]}"
    return Cover(
        head=told.head,
        sign=sign_of(FORM_OF[purpose], symbol=told.head.symbol),
        number=number,
        dated=dated,
        summary=summary,
        copies=tuple(dict.fromkeys(one for one in copies if one and one != told.team)),
        archive="VT, hồ sơ kiểm tra",
        signature=Signature(title="TRƯỞNG ĐOÀN", name=person(told.lead)),
    )


def _present(told: Inspected) -> tuple[Present, ...]:
    """Return who was there; one who is known by the post alone is named by it."""
    lead = Present(name=told.lead, post="chủ trì") if told.lead else Present(name=OPEN, post=f"{told.team}, chủ trì")
    members = (Present(name=one, post="thành viên đoàn kiểm tra") for one in told.members)
    post_only = told.unit_head and not person(told.unit_head)
    unit = Present(name=told.unit_head or OPEN, post="" if post_only else f"đại diện {told.unit}")
    return lead, *members, unit, Present(name=OPEN, post="thư ký")


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
