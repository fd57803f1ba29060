"""
Official papers: their kinds, what they are for, how far they are, and how they are numbered.

`number/KIND-ISSUER` for named kinds (`2845/QĐ-UBND`), `number/ISSUER-DRAFTING UNIT` for a công văn (`185/SNV-CCHC&VTLT`); numbers begin
again at 01 each year (NĐ 30/2020/NĐ-CP). The document office gives the number; a pattern is only warned about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class PaperKind(StrEnum):
    """The form of an official paper."""

    CONG_VAN = "CV"  #: letter
    QUYET_DINH = "QĐ"  #: decision
    KE_HOACH = "KH"  #: plan
    THONG_BAO = "TB"  #: notice, conclusions
    BAO_CAO = "BC"  #: report
    TO_TRINH = "TTr"  #: submission for signature
    BIEN_BAN = "BB"  #: minutes


class Purpose(StrEnum):
    """What a paper is for; each that can be drafted is a template."""

    URGING = "urging-letter"  #: công văn đôn đốc
    LIST_TO_CHAIR = "list-to-chair"  #: báo cáo danh sách đơn vị chậm
    CRITICISM = "criticism"  #: công văn phê bình
    REPORT = "report"  #: báo cáo
    CONCLUSIONS = "conclusions"  #: thông báo kết luận kiểm tra
    MINUTES = "minutes"  #: biên bản
    RESULT_DECISION = "result-decision"  #: quyết định phê duyệt, công bố kết quả
    RESULT_SHEET = "result-sheet"  #: thông báo kết quả của một đơn vị
    SELF_ASSESSMENT = "self-assessment-report"  #: báo cáo tự đánh giá, chấm điểm của đơn vị
    OTHER = "other"  #: any other: registered, never drafted


#: The form in which each purpose is drafted.
FORM_OF: dict[Purpose, PaperKind] = {
    Purpose.URGING: PaperKind.CONG_VAN,
    Purpose.LIST_TO_CHAIR: PaperKind.BAO_CAO,
    Purpose.CRITICISM: PaperKind.CONG_VAN,
    Purpose.REPORT: PaperKind.BAO_CAO,
    Purpose.CONCLUSIONS: PaperKind.THONG_BAO,
    Purpose.MINUTES: PaperKind.BIEN_BAN,
    Purpose.RESULT_DECISION: PaperKind.QUYET_DINH,
    Purpose.RESULT_SHEET: PaperKind.THONG_BAO,
    Purpose.SELF_ASSESSMENT: PaperKind.BAO_CAO,
}
#: What a rung of a ladder may ask for.
OF_RUNGS = (Purpose.URGING, Purpose.LIST_TO_CHAIR, Purpose.CRITICISM)


class PaperState(StrEnum):
    """How far a paper is."""

    DRAFT = "draft"  #: may be drafted anew
    NUMBERED = "numbered"  #: the document office has given its number and date
    SIGNED = "signed"  #: its signed file is attached, or it was registered as issued
    DISCARDED = "discarded"  #: will not be issued; why is kept


#: Nothing follows.
PAPER_OVER = frozenset({PaperState.SIGNED, PaperState.DISCARDED})
LETTER = "letter"  #: what the subject of an upkeep duty that asks for a paper begins with
_ISSUER = r"[A-ZĐ&.]+"
_PATTERNS: dict[bool, str] = {
    True: rf"\d+/{_ISSUER}(-{_ISSUER})?",
    False: rf"\d+/(?P<kind>[A-ZĐa-z]+)-{_ISSUER}(-{_ISSUER})?",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an upkeep duty asks to be signed."""

    purpose: Purpose
    stage: str
    on: str  #: ISO date on which its rungs fired


@dataclass(frozen=True, kw_only=True)
class WaitingPapers:
    """Papers of one purpose that are asked for and not signed yet."""

    purpose: Purpose
    number: int
    units: tuple[tuple[str, int], ...] = ()  #: ranking group, and how many of its units they speak of; most first


def letter_subject(purpose: Purpose, *, stage: str, on: str) -> str:
    """Return the subject of the upkeep duty that asks for a paper: one for a stage, a purpose and a day."""
    return f"{LETTER}/{purpose.value}/{stage}/{on}"


def asked_by(subject: str) -> Asked | None:
    """Return what an upkeep subject asks to be signed; None if it asks for no paper."""
    parts = subject.split("/")
    if parts[0] != LETTER or len(parts) not in {4, 5} or parts[1] not in {one.value for one in OF_RUNGS}:
        return None
    return Asked(purpose=Purpose(parts[1]), stage=parts[2], on=parts[3])


def presses_nobody_of(purpose: Purpose, *, standing_body: int, chair: int) -> int | None:
    """Return the party of which a letter never speaks, for it issues it: nobody urges or criticises itself. The chair is told of all."""
    return {Purpose.URGING: standing_body, Purpose.CRITICISM: chair}.get(purpose)


def number_text(kind: PaperKind, number: int, *, symbol: str) -> str:
    """Return a number as it is printed: `05/SNV-CCHC`, `94/BC-SNV`; `symbol` is what follows the number of a công văn, or the issuer."""
    return f"{number:02}/{sign_of(kind, symbol=symbol)}"


def sign_of(kind: PaperKind, *, symbol: str) -> str:
    """Return what follows the stroke of a number: of a named kind, the kind and the issuer alone."""
    return symbol if kind is PaperKind.CONG_VAN else f"{kind.value}-{symbol.split('-', 1)[0]}"


def number_in(text: str) -> int | None:
    """Return the number that a number's text begins with; None if it begins with none."""
    found = re.match(r"\s*(\d{1,9})\s*/", text)
    return int(found[1]) if found else None


def is_usual(text: str, *, kind: PaperKind) -> bool:
    """Return whether a number is written as numbers of its kind usually are; one that is not is warned about, never refused."""
    found = re.fullmatch(_PATTERNS[kind is PaperKind.CONG_VAN], text.strip())
    return found is not None and (kind is PaperKind.CONG_VAN or found["kind"] == kind.value)


def next_number(taken: Iterable[int]) -> int:
    """Return the number after the highest that an issuer has given in a kind and year; 1 where there is none."""
    return max(taken, default=0) + 1
