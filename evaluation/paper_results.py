"""
Papers of results: the council's minutes, the decision that approves the results with its annex, a unit's result sheet, its self-assessment.

What is printed here are suggestions in the form that such papers usually have; people edit, number and sign them. Numbers are rounded
half up for reading, with a decimal comma; the sheet stands per field: survey, appraisal, together, maximum, index (domain §3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.criteria.words import printed
from evaluation.group_names import GROUP_NAMES
from evaluation.inspections.papers import OPEN, number_typed
from evaluation.paper_facts import Cover, DecisionFacts, MinutesFacts, Present, ReportFacts, Section, Signature, Table
from evaluation.paper_heads import addressed, initials
from evaluation.papers import FORM_OF, Purpose, sign_of
from evaluation.scores.index import deepening
from evaluation.scores.numbers import displayed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from evaluation.paper_facts import Head
    from evaluation.scores.index import Figure, UnitIndex
    from evaluation.scores.ranking import GroupTable
    from evaluation.scores.sheets import Entry

RESULT_COLUMNS = ("TT", "Lĩnh vực", "Đánh giá qua ĐTXHH", "Thẩm định", "Tổng điểm", "Điểm tối đa", "Chỉ số (%)")
RANK_COLUMNS = ("Hạng", "Đơn vị", "Điểm", "Điểm tối đa", "Chỉ số (%)", "Xếp loại")
SELF_COLUMNS = ("Mục", "Nội dung", "Điểm tối đa", "Điểm tự chấm", "Giải trình, tài liệu kiểm chứng")
DASH = "–"
POSTS = {"chair": "Chủ tịch Hội đồng", "vice-chair": "Phó Chủ tịch Hội đồng", "secretary": "Thư ký Hội đồng", "member": "Ủy viên"}


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """By whom a paper of results is issued, for which year, on which day it is drafted."""

    head: Head
    signature: Signature
    year: int  #: evaluated
    today: date
    decimals: int = 2

    def cover(self, purpose: Purpose, *, summary: str, addressees: Sequence[str] = (), copies: Sequence[str] = ()) -> Cover:
        """Return the cover of a draft."""
        return Cover(
            head=self.head,
            sign=sign_of(FORM_OF[purpose], symbol=self.head.symbol),
            year=self.today.year,
            month=self.today.month,
            summary=summary,
            addressees=tuple(addressees),
            copies=tuple(copies),
            signature=self.signature,
        )

    def number(self, value: Decimal | None) -> str:
        """Return a number as it is printed; a dash for none."""
        return DASH if value is None else printed(displayed(value, self.decimals))


@dataclass(frozen=True, kw_only=True)
class MatterPut:
    """A matter of the council as its minutes tell it."""

    words: str
    unit: str = ""  #: name; empty: all
    scores: Mapping[str, str]
    why: str = ""
    outcome: str  #: `carried`, `lost`; empty: not counted
    counts: Mapping[str, int] | None  #: votes by choice; None: secret and not counted
    recommendations: tuple[str, ...] = ()
    written: tuple[str, ...] = ()  #: names of the members who voted in writing
    barred: tuple[str, ...] = ()  #: of those who did not vote for a conflict of interest
    majority: str = ""  #: of how many so many agreed, and how many had to; empty: not counted


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A session of the council as its minutes tell it."""

    number: int
    held_on: date
    council: str  #: name
    present: tuple[Present, ...]
    members: int  #: in office
    chair: str = ""  #: name of a person; empty: written in by hand
    secretary: str = ""
    matters: tuple[MatterPut, ...]
    text: str = ""  #: what was written into the minutes by hand
    minutes: str = ""  #: their number and date, as typed; empty: not given yet


def council_minutes(meeting: Meeting, *, issuing: Issuing) -> MinutesFacts:
    """Return the minutes of a session (biên bản): who was there, each matter with its votes, what came of it, recommendations."""
    written = len({name for one in meeting.matters for name in one.written})
    also = f"; {written} thành viên biểu quyết bằng văn bản" if written else ""
    opening = f"{meeting.council} họp phiên {meeting.number}, dự họp {len(meeting.present)}/{meeting.members} thành viên{also}."
    sections = [Section(heading="I. NỘI DUNG", paragraphs=(opening, *filter(None, meeting.text.splitlines())))]
    sections += [_matter(number, one) for number, one in enumerate(meeting.matters, start=1)]
    made = tuple(words for one in meeting.matters for words in one.recommendations)
    if made:
        sections.append(Section(heading="II. KIẾN NGHỊ", paragraphs=tuple(f"- {words}" for words in made)))
    return MinutesFacts(
        cover=_of_council(meeting, issuing),
        began=f"ngày {meeting.held_on:%d/%m/%Y}",
        place=OPEN,
        present=meeting.present,
        sections=tuple(sections),
        signers=(Signature(title="THƯ KÝ", name=meeting.secretary), Signature(title="CHỦ TỊCH HỘI ĐỒNG", name=meeting.chair)),
    )


def _of_council(meeting: Meeting, issuing: Issuing) -> Cover:
    """Return the cover of minutes: headed by the council, with the number that they were given and the day of the session."""
    head = replace(issuing.head, issuer=meeting.council.upper(), name=meeting.council, symbol=initials(meeting.council))
    cover = replace(issuing, head=head).cover(Purpose.MINUTES, summary=f"Họp {meeting.council} năm {issuing.year}")
    number = number_typed(meeting.minutes)
    return replace(cover, number=number, dated=meeting.held_on) if number else cover


def _matter(number: int, one: MatterPut) -> Section:
    heading = f"{number}. {one.words}" + (f" ({one.unit})" if one.unit else "")
    scores = "; ".join(f"mục {node}: {points.replace('.', ',')} điểm" for node, points in one.scores.items())
    lines = [f"Điểm chính thức đề nghị: {scores}."] if scores else []
    lines += [f"Lý do: {one.why}."] if scores and one.why else []
    if one.counts is not None:
        said = (("for", "tán thành"), ("against", "không tán thành"), ("abstain", "ý kiến khác"))
        counts = ", ".join(f"{one.counts.get(key, 0)} {words}" for key, words in said)
        lines.append(f"Biểu quyết: {counts}{f'; {one.majority}' if one.majority else ''}.")
    lines += [f"Biểu quyết bằng văn bản: {', '.join(one.written)}."] if one.written else []
    lines += [f"Không biểu quyết vì xung đột lợi ích: {', '.join(one.barred)}."] if one.barred else []
    outcome = {"carried": "Hội đồng thông qua.", "lost": "Hội đồng không thông qua."}.get(one.outcome, "Chưa kiểm phiếu.")
    return Section(heading=heading, level=2, paragraphs=(*lines, outcome))


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """The rank tables of a cycle, with what stands beside the units' lines."""

    tables: Sequence[GroupTable]
    names: Mapping[str, str]
    maxima: Mapping[str, Decimal]
    missing: int = 0  #: leaves without a score, counted 0
    accepted: str = ""  #: why it is published though they are missing


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The decision by which results were published."""

    number: str
    dated: date

    @property
    def words(self) -> str:
        """The decision as a paper cites it."""
        return f"Quyết định số {self.number} ngày {self.dated:%d/%m/%Y}"


def result_decision(
    ranked: Ranked, *, bases: Sequence[str], proposed_by: str, issuing: Issuing, corrects: Decided | None = None
) -> DecisionFacts:
    """
    Return the decision that approves and publishes the results, with the rank table of each group as its annex.

    `corrects`: the decision in force, which it says that it corrects; None: nothing was published before.
    """
    count = sum(len(table.lines) for table in ranked.tables)
    year = issuing.year
    cover = issuing.cover(
        Purpose.RESULT_DECISION,
        summary=f"{'Đính chính' if corrects else 'Phê duyệt, công bố'} kết quả xác định Chỉ số cải cách hành chính năm {year}",
        copies=("Như Điều 3", proposed_by),
    )
    approves = f"Phê duyệt, công bố kết quả xác định Chỉ số cải cách hành chính năm {year} của {count} cơ quan, đơn vị (Phụ lục kèm theo)."
    approves += f" Kết quả này đính chính, thay thế kết quả ban hành theo {corrects.words}." if corrects else ""
    approves += f" {ranked.missing} mục chưa có điểm được tính 0 điểm: {ranked.accepted}." if ranked.missing else ""
    improve = "Căn cứ kết quả tại Điều 1, các cơ quan, đơn vị phân tích nguyên nhân của tiêu chí đạt thấp và có biện pháp khắc phục"
    holds = "Quyết định có hiệu lực kể từ ngày ký."
    return DecisionFacts(
        cover=cover,
        decides=f"CHỦ TỊCH {issuing.head.issuer}".replace("\n", " "),
        bases=(*(f"Căn cứ {one};" for one in bases), f"Theo đề nghị của {proposed_by}."),
        articles=(
            approves,
            f"{improve}; {proposed_by} theo dõi, đôn đốc, báo cáo.",
            f"{holds} {proposed_by} và các cơ quan, đơn vị có tên trong Phụ lục chịu trách nhiệm thi hành./.",
        ),
        annex_title=f"KẾT QUẢ XÁC ĐỊNH CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {year}",
        annex=tuple(_of_group(number, table, ranked, issuing) for number, table in enumerate(ranked.tables, start=1)),
    )


def _of_group(number: int, table: GroupTable, ranked: Ranked, issuing: Issuing) -> Section:
    called = GROUP_NAMES.get(table.group, (table.group, table.group))[0]
    rows = []
    for line in table.lines:
        unit = line.contender.unit
        name = ranked.names.get(unit, unit)
        place = DASH if line.place is None else str(line.place)
        points, index = issuing.number(line.contender.points), issuing.number(line.contender.index)
        rows.append((place, name, points, printed(ranked.maxima[unit]), index, line.band or DASH))
    return Section(tables=(Table(title=f"Bảng {number}. {called}", columns=RANK_COLUMNS, rows=tuple(rows), numeric=(0, 2, 3, 4, 5)),))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a unit stands."""

    unit: str  #: name
    place: str  #: `3/20`; empty: without a place
    band: str
    is_open: bool  #: its result is not settled
    decided: Decided | None = None  #: by which it was published; None: as it stands


def result_sheet(index: UnitIndex, standing: Standing, *, issuing: Issuing) -> ReportFacts:
    """Return a unit's result sheet: per field survey, appraisal, together, maximum, index; a provisional one says so."""
    rows = [_field(str(number), one.title, one, issuing) for number, one in enumerate(index.fields, start=1)]
    rows.append(_field("", "Tổng cộng", index.whole, issuing))
    year, unit = issuing.year, standing.unit
    achieved = f"{issuing.number(index.points)} trên {printed(index.maximum)} điểm"
    told = [f"Chỉ số cải cách hành chính năm {year}: {issuing.number(index.index)} % ({achieved})."]
    told += [f"Công bố theo {standing.decided.words}."] if standing.decided else []
    told += [f"Xếp hạng: {standing.place}."] if standing.place else []
    told += [f"Xếp loại: {standing.band}."] if standing.band else []
    told += [index.note()] if index.note() else []
    told += ["Kết quả tạm tính: còn mục chưa thẩm định hoặc chưa có điểm."] if standing.is_open else []
    return ReportFacts(
        cover=issuing.cover(
            Purpose.RESULT_SHEET,
            summary=f"Kết quả xác định Chỉ số cải cách hành chính năm {year} của {unit}",
            addressees=(addressed(unit),),
        ),
        opening=(f"{issuing.head.name} thông báo kết quả xác định Chỉ số cải cách hành chính năm {year} của {unit} như sau:",),
        sections=(
            Section(heading="I. KẾT QUẢ CHUNG", paragraphs=tuple(told)),
            Section(
                heading="II. KẾT QUẢ THEO LĨNH VỰC",
                tables=(Table(title="", columns=RESULT_COLUMNS, rows=tuple(rows), numeric=(0, 2, 3, 4, 5, 6)),),
            ),
        ),
        closing=(f"{issuing.head.name} thông báo để {unit} biết, thực hiện./.",),
    )


def _field(number: str, title: str, figure: Figure, issuing: Issuing) -> tuple[str, ...]:
    surveyed = issuing.number(figure.survey_points) if figure.survey_maximum else DASH
    return (
        number,
        title,
        surveyed,
        issuing.number(figure.appraised_points),
        issuing.number(figure.points),
        printed(figure.maximum),
        issuing.number(figure.index),
    )


def self_assessment_report(
    index: UnitIndex, entries: Mapping[str, Entry], *, files: Mapping[str, Sequence[str]], to: str, issuing: Issuing
) -> ReportFacts:
    """Return a unit's report of its self-assessment: what it scored itself, leaf by leaf, with explanation and evidence."""
    year, name = issuing.year, issuing.head.name
    every = [one for one, _ in deepening(index.fields)]
    rows = [_leaf(one, entries.get(one.node), files.get(one.node, ()), issuing) for one in every if not one.left_out]
    told = [f"Tổng điểm tự chấm: {issuing.number(index.points)} trên {printed(index.maximum)} điểm, đạt {issuing.number(index.index)} %."]
    missing = len(index.whole.missing)
    told += [f"Còn {missing} mục chưa tự chấm, tính 0 điểm."] if missing else []
    told += ["Các mục điều tra xã hội học không do đơn vị tự chấm."] if any(one.left_out for one in every) else []
    return ReportFacts(
        cover=issuing.cover(
            Purpose.SELF_ASSESSMENT, summary=f"Tự đánh giá, chấm điểm Chỉ số cải cách hành chính năm {year}", addressees=(to,) if to else ()
        ),
        opening=(f"{name} báo cáo kết quả tự đánh giá, chấm điểm Chỉ số cải cách hành chính năm {year} như sau:",),
        sections=(
            Section(heading="I. KẾT QUẢ CHUNG", paragraphs=tuple(told)),
            Section(heading="II. ĐIỂM TỪNG MỤC", tables=(Table(columns=SELF_COLUMNS, rows=tuple(rows), numeric=(2, 3)),)),
        ),
        closing=(f"{name} chịu trách nhiệm về tính chính xác của số liệu tự chấm./.",),
    )


def _leaf(figure: Figure, entry: Entry | None, files: Sequence[str], issuing: Issuing) -> tuple[str, ...]:
    if figure.exempt:
        return (figure.node, figure.title, DASH, DASH, "Miễn chấm")
    if figure.children:
        return (figure.node, figure.title, printed(figure.maximum), issuing.number(figure.points), "")
    words = "" if entry is None or entry.explanation is None else entry.explanation.text
    score = None if entry is None else entry.self_score
    proof = "; ".join((*((words,) if words else ()), *files))
    return (figure.node, figure.title, printed(figure.maximum), DASH if score is None else printed(score), proof)
