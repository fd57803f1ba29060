"""The words of the draft: a period's facts as the sections of an official report, in Vietnamese as offices write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.paper_facts import Cover, ReportFacts, Section, Table
from evaluation.papers import FORM_OF, Purpose, sign_of
from evaluation.reports.numbers import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.improvement.counts import UnitMeasures
    from evaluation.paper_facts import Head, Signature
    from evaluation.reports.facts import GroupFacts, InspectionDeeds, Named, PeriodFacts

NOBODY = "Không có."
NOTHING_SENT = "Chưa có số liệu: chưa đơn vị nào gửi báo cáo theo biểu mẫu."


def report_of(facts: PeriodFacts, *, head: Head, signature: Signature, addressee: str) -> ReportFacts:
    """Return the draft of the standing body's report as a paper, ready to be rendered, edited and signed."""
    name = facts.period.name_vi
    cover = Cover(
        head=head,
        sign=sign_of(FORM_OF[Purpose.REPORT], symbol=head.symbol),
        year=facts.as_of_on.year,
        month=facts.as_of_on.month,
        summary=f"Kết quả công tác cải cách hành chính {name.removeprefix('Báo cáo CCHC ')}",
        addressees=(addressee,),
        copies=(),
        signature=signature,
    )
    return ReportFacts(cover=cover, opening=opening_of(facts), sections=sections_of(facts), closing=closing_of(facts))


def opening_of(facts: PeriodFacts) -> tuple[str, ...]:
    """Return what the report rests on: which data, closed when, as of when."""
    period = facts.period
    data = (
        f"Số liệu từ ngày {period.data_from:%d/%m/%Y} đến ngày {period.data_to:%d/%m/%Y} (chốt số liệu ngày {period.cut_off_on:%d/%m/%Y})"
    )
    return (
        f"{data}; tình hình gửi báo cáo tính đến ngày {facts.as_of_on:%d/%m/%Y}, tổng hợp từ báo cáo của các cơ quan, đơn vị, địa phương.",
    )


def closing_of(facts: PeriodFacts) -> tuple[str, ...]:
    """Return the last sentence."""
    return (f"Trên đây là {facts.period.name_vi[0].lower()}{facts.period.name_vi[1:]}, kính báo cáo./.",)


def sections_of(facts: PeriodFacts) -> tuple[Section, ...]:
    """Return the sections: who sent, who did not, what was done about it, the numbers, what is proposed."""
    measured = measure_sections(facts.measures)
    return (
        Section(heading="I. TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ", paragraphs=(_said(facts),), tables=(_groups(facts.groups),)),
        Section(heading="1. Đơn vị gửi chậm", level=2, paragraphs=_late(facts.late)),
        Section(heading="2. Đơn vị chưa gửi", level=2, paragraphs=_listed(facts.missing)),
        Section(heading="3. Đơn vị chưa hoàn thiện theo yêu cầu trả lại", level=2, paragraphs=_listed(facts.uncorrected)),
        Section(heading="II. ĐÔN ĐỐC, KIỂM TRA, KHẮC PHỤC", paragraphs=_done(facts)),
        Section(
            heading="III. KẾT QUẢ TỔNG HỢP THEO SỐ LIỆU CỦA CÁC ĐƠN VỊ",
            paragraphs=() if facts.sums else (NOTHING_SENT,),
            tables=(_sums(facts),) if facts.sums else (),
        ),
        *measured,
        Section(heading=f"{'V' if measured else 'IV'}. KIẾN NGHỊ, ĐỀ XUẤT CỦA CÁC ĐƠN VỊ", paragraphs=_proposals(facts)),
    )


def _total(facts: PeriodFacts, what: str) -> int:
    return sum(len(getattr(group, what)) for group in facts.groups)


def _said(facts: PeriodFacts) -> str:
    owing, in_time, late = (_total(facts, what) for what in ("owing", "in_time", "late"))
    return (
        f"Tổng số đơn vị phải báo cáo: {owing}; đã gửi: {in_time + late}, trong đó đúng hạn: {in_time}, chậm: {late};"
        f" chưa gửi: {_total(facts, 'missing')}; đã trả lại, quá hạn chưa hoàn thiện: {_total(facts, 'uncorrected')}."
    )


def _groups(groups: Sequence[GroupFacts]) -> Table:
    rows = [(one.name, *(str(len(ids)) for ids in (one.owing, one.in_time, one.late, one.missing, one.uncorrected))) for one in groups]
    columns = ("Nhóm đơn vị", "Phải báo cáo", "Đúng hạn", "Chậm", "Chưa gửi", "Chưa hoàn thiện")
    return Table(columns=columns, rows=tuple(rows), numeric=(1, 2, 3, 4, 5))


def _late(late: Sequence[Named]) -> tuple[str, ...]:
    return tuple(f"- {one.unit}: chậm {one.days_late} ngày." for one in late) or (NOBODY,)


def _listed(units: Sequence[Named]) -> tuple[str, ...]:
    return tuple(f"- {one.unit}." for one in units) or (NOBODY,)


def _done(facts: PeriodFacts) -> tuple[str, ...]:
    deeds = facts.deeds
    urged = {by: len(entries) for by, entries in deeds.urged.items()}
    ways = f"thư điện tử: {urged['mail']}, điện thoại: {urged['phone']}, văn bản: {urged['letter']}"
    pressed = f"- Đôn đốc: {sum(urged.values())} lượt ({ways}); gia hạn: {len(deeds.extended)} lượt."
    return (pressed, *_inspected(deeds.inspections))


def _inspected(deeds: InspectionDeeds) -> tuple[str, str]:
    held = {kind: len(entries) for kind, entries in deeds.held.items()}
    kinds = f"theo kế hoạch: {held['planned']}, đột xuất: {held['surprise']}, chuyên đề: {held['thematic']}"
    followed = f"phúc tra: {len(deeds.reinspected)} lượt; đã khắc phục xong: {len(deeds.remedied)}; xử lý nghiêm: {len(deeds.handled)}"
    return (
        f"- Kiểm tra: {sum(held.values())} cuộc trong kỳ số liệu ({kinds}).",
        f"- Tồn tại, hạn chế: phát hiện trong kỳ: {len(deeds.found)}; {followed}; còn phải khắc phục đến nay: {len(deeds.open)}.",
    )


def _sums(facts: PeriodFacts) -> Table:
    rows = [(one.title, one.unit, number_text(one.total), str(len(one.obligations))) for one in facts.sums]
    return Table(columns=("Nội dung", "Đơn vị tính", "Tổng số", "Số đơn vị báo cáo"), rows=tuple(rows), numeric=(1, 2, 3))


def measure_sections(measures: Sequence[UnitMeasures]) -> tuple[Section, ...]:
    """Return the part about the measures of improvement (lồng ghép): in all, and unit by unit; none where there are no measures."""
    if not measures:
        return ()
    total, done, under_way, late = (sum(counts) for counts in zip(*map(_counts, measures), strict=True))
    said = f"Tổng số biện pháp: {total}; đã thực hiện: {done}, đang thực hiện: {under_way}, chưa thực hiện: {total - done - under_way};"
    rows = [(one.unit, *map(str, _counts(one))) for one in measures]
    columns = ("Đơn vị", "Số biện pháp", "Đã thực hiện", "Đang thực hiện", "Quá hạn")
    table = Table(columns=columns, rows=tuple(rows), numeric=(1, 2, 3, 4))
    heading = "IV. KẾT QUẢ THỰC HIỆN BIỆN PHÁP CẢI THIỆN CHỈ SỐ CCHC"
    return (Section(heading=heading, paragraphs=(f"{said} quá hạn: {late}.",), tables=(table,)),)


def _counts(one: UnitMeasures) -> tuple[int, int, int, int]:
    return one.total, len(one.done), len(one.under_way), len(one.late)


def _proposals(facts: PeriodFacts) -> tuple[str, ...]:
    return tuple(f"- {one.unit}: {' '.join(one.text.split())}" for one in facts.proposals) or (NOBODY,)
