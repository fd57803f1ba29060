"""
Facts of papers: everything a paper is drafted from, as frozen records, and as JSON for the register.

The same facts give the same paper. Names and words stand here as they are printed; what is counted (days late, times urged) was counted
when the facts were taken, as of the day that they name.
"""

from __future__ import annotations

import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from evaluation.papers import Purpose


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who issues a paper, as its head says it."""

    superior: str = ""  #: `UBND TỈNH VĨNH LONG`; empty where nobody is above
    issuer: str  #: `SỞ NỘI VỤ`
    name: str  #: what it calls itself in its sentences: `Sở Nội vụ`
    place: str  #: `Vĩnh Long`
    symbol: str  #: what follows the number of its công văn: `SNV-CCHC`


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs, and in which capacity."""

    lines: tuple[str, ...] = ()  #: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`
    title: str = ""  #: `GIÁM ĐỐC`
    name: str = ""  #: empty: written in by hand


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What every paper says around its body."""

    head: Head
    sign: str = ""  #: what follows the stroke of the number: `SNV-CCHC`, `BC-SNV`
    number: str = ""  #: `185/SNV-CCHC`; empty: not numbered yet
    dated: date | None = None  #: None: not dated yet
    year: int = 0  #: of an undated draft
    month: int = 0  #: likewise
    summary: str  #: trích yếu, without `V/v`
    addressees: tuple[str, ...] = ()  #: Kính gửi
    copies: tuple[str, ...] = ()  #: Nơi nhận, without the archive
    archive: str = "VT"  #: after `Lưu:`
    signature: Signature = Signature()


@dataclass(frozen=True, kw_only=True)
class OwedLine:
    """A line of a table of units: who owes what, since when."""

    unit: str
    owed: str
    due_on: date | None = None  #: last included date; None: no date was set
    days_late: int = 0  #: calendar days after it
    workdays_late: int = 0  #: working days after it
    urged: int = 0  #: times, by phone, letter or mail
    returned: int = 0  #: times it was returned for correction
    found: str = ""  #: of a remedy: the finding's own words, and its conclusions
    failed: str = ""  #: of a remedy that did not pass its re-inspection: what was reported, when it was looked at, the outcome


@dataclass(frozen=True, kw_only=True)
class OwedFacts:
    """An urging letter, a list of late units to the chair, or a letter of criticism: the units are its lines."""

    cover: Cover
    basis: str = ""  #: what is owed by which paper: `Kế hoạch số 12/KH-UBND ngày 05/01/2026 …`
    as_of: date  #: the day on which lateness was counted
    lines: tuple[OwedLine, ...]
    answer_by: date | None = None  #: until when it is to be done now
    contact: str = ""  #: whom to ask: name, telephone


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of words and numbers, as they are printed."""

    title: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: tuple[int, ...] = ()  #: indexes of the columns that are centred


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report or of minutes: its heading, its paragraphs, then its tables."""

    heading: str = ""  #: with its number, as printed: `I. TÌNH HÌNH CHUNG`
    level: int = 1  #: 1: a part; 2: a part of a part
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """A report: opening words, sections, closing words."""

    cover: Cover
    opening: tuple[str, ...] = ()
    sections: tuple[Section, ...]
    closing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FindingLine:
    """A finding of an inspection."""

    text: str
    measure: str = ""  #: what is to be done
    due_on: date | None = None  #: last included date of the remedy report


@dataclass(frozen=True, kw_only=True)
class ConclusionsFacts:
    """Conclusions of an inspection: what was found, with a deadline each."""

    cover: Cover
    unit: str
    inspected: str  #: when, in words: `ngày 12/08/2026`
    basis: str = ""
    results: tuple[str, ...] = ()  #: what is in order
    findings: tuple[FindingLine, ...]
    requests: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody who was there."""

    name: str
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class MinutesFacts:
    """Minutes of an inspection or a meeting; both sides sign."""

    cover: Cover
    began: str  #: `08 giờ 00 ngày 12/08/2026`
    ended: str = ""
    place: str
    present: tuple[Present, ...]
    sections: tuple[Section, ...]
    signers: tuple[Signature, ...]  #: from left to right


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """A decision: who decides, on which bases, its articles, and an annex of tables."""

    cover: Cover
    decides: str  #: `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VĨNH LONG`
    bases: tuple[str, ...]
    articles: tuple[str, ...]  #: without `Điều 1.`
    annex_title: str = ""
    annex: tuple[Section, ...] = ()


Facts = OwedFacts | ReportFacts | ConclusionsFacts | MinutesFacts | DecisionFacts
#: What each purpose is drafted from.
FACTS_OF: dict[Purpose, type[Facts]] = {
    Purpose.URGING: OwedFacts,
    Purpose.LIST_TO_CHAIR: OwedFacts,
    Purpose.CRITICISM: OwedFacts,
    Purpose.REPORT: ReportFacts,
    Purpose.CONCLUSIONS: ConclusionsFacts,
    Purpose.MINUTES: MinutesFacts,
    Purpose.RESULT_DECISION: DecisionFacts,
    Purpose.RESULT_SHEET: ReportFacts,
    Purpose.SELF_ASSESSMENT: ReportFacts,
}


def encode_facts(facts: object) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return facts as JSON values; what is empty is left out."""
    if is_dataclass(facts):
        told = {one.name: encode_facts(getattr(facts, one.name)) for one in fields(facts)}
        return {name: value for name, value in told.items() if value not in ("", 0, None, [], {})}
    if isinstance(facts, tuple):
        return [encode_facts(one) for one in facts]
    return facts if facts is None or isinstance(facts, str | int) else facts.isoformat()  # type: ignore[attr-defined]  # a date


def decode_facts(purpose: Purpose, value: Any) -> Facts:  # noqa: ANN401  whatever JSON holds
    """Return the facts of a purpose from their JSON values; KeyError, TypeError or ValueError if they are none."""
    decoded: Facts = _decode(FACTS_OF[purpose], value)
    return decoded


def _decode(wanted: Any, value: Any) -> Any:  # noqa: ANN401  a type, and whatever JSON holds
    if is_dataclass(wanted):
        return _record(wanted, value)
    if get_origin(wanted) is tuple:
        inner = get_args(wanted)[0]
        return tuple(_decode(inner, one) for one in value)
    if get_origin(wanted) in {UnionType, typing.Union}:
        return None if value is None else _decode(get_args(wanted)[0], value)
    if wanted is date:
        return date.fromisoformat(value)
    if not isinstance(value, wanted):
        raise TypeError(value)
    return value


def _record(wanted: Any, value: dict[str, Any]) -> Any:  # noqa: ANN401  a record's type
    hints = get_type_hints(wanted)
    known = {one.name: one for one in fields(wanted)}
    if strange := value.keys() - known.keys():
        raise KeyError(*sorted(strange))
    given = {name: _decode(hints[name], value[name]) for name in value}
    for name, one in known.items():
        if name not in given and one.default is MISSING:
            given[name] = () if get_origin(hints[name]) is tuple else ""
    return wanted(**given)
