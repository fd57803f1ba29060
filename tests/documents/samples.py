"""One paper of each purpose, with facts that are easy to find again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from evaluation.paper_facts import (
    ConclusionsFacts,
    Cover,
    DecisionFacts,
    Facts,
    FindingLine,
    Head,
    MinutesFacts,
    OwedFacts,
    OwedLine,
    Present,
    ReportFacts,
    Section,
    Signature,
    Table,
)
from evaluation.paper_results import RANK_COLUMNS, RESULT_COLUMNS, SELF_COLUMNS
from evaluation.papers import Purpose

SNV = Head(superior="UBND TỈNH VĨNH LONG", issuer="SỞ NỘI VỤ", name="Sở Nội vụ", place="Vĩnh Long", symbol="SNV-CCHC")
UBND = Head(issuer="ỦY BAN NHÂN DÂN\nTỈNH VĨNH LONG", name="Ủy ban nhân dân tỉnh", place="Vĩnh Long", symbol="UBND-SNV")
COVER = Cover(
    head=SNV,
    sign="SNV-CCHC",
    number="05/SNV-CCHC",
    dated=date(2023, 1, 5),
    summary="đôn đốc gửi Báo cáo CCHC Quý I năm 2023",
    addressees=("Các cơ quan, đơn vị, địa phương có tên dưới đây",),
    copies=("Chủ tịch UBND tỉnh (báo cáo)",),
    archive="VT, CCHC",
    signature=Signature(title="GIÁM ĐỐC", name="Nguyễn Văn An"),
)
TO_CHAIR = replace(COVER, number="94/BC-SNV", sign="BC-SNV", summary="Tình hình chậm gửi báo cáo", addressees=("Chủ tịch UBND tỉnh",))
OF_UBND = replace(
    COVER,
    head=UBND,
    number="1234/UBND-SNV",
    dated=date(2023, 11, 24),
    summary="phê bình chậm gửi báo cáo",
    signature=Signature(lines=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"), title="PHÓ CHỦ TỊCH", name="Trần Thị Bình"),
)
UNITS = 40
RANKED = 45
TAN_AN = "UBND xã Tân An"


def owed_line(number: int = 1) -> OwedLine:
    return OwedLine(
        unit=f"UBND xã An {number}",
        owed="Báo cáo CCHC & số liệu",
        due_on=date(2023, 3, 15),
        days_late=100 + number,
        workdays_late=70 + number,
        urged=3,
        returned=number % 2,
    )


def owed(cover: Cover = COVER, *, lines: int = 2) -> OwedFacts:
    return OwedFacts(
        cover=cover,
        basis="Kế hoạch số 12/KH-UBND",
        as_of=date(2023, 3, 22),
        lines=tuple(owed_line(number) for number in range(1, lines + 1)),
        answer_by=date(2023, 3, 29),
    )


SECTIONS = (
    Section(heading="I. TÌNH HÌNH CHUNG", paragraphs=("Có 97 đơn vị gửi đúng hạn.",)),
    Section(
        heading="1. Kết quả",
        level=2,
        tables=(Table(title="Bảng 1. Gửi báo cáo", columns=("TT", "Nhóm", "Chậm"), rows=(("1", "Sở, ban, ngành", "2"),), numeric=(0, 2)),),
    ),
)
SAMPLES: dict[str, tuple[Purpose, Facts]] = {
    "urging": (Purpose.URGING, owed(lines=UNITS)),
    "draft": (Purpose.URGING, owed(replace(COVER, number="", dated=None, year=2023, month=2, addressees=("Sở Tài chính", "UBND xã A")))),
    "list": (Purpose.LIST_TO_CHAIR, owed(TO_CHAIR)),
    "criticism": (Purpose.CRITICISM, owed(OF_UBND)),
    "report": (
        Purpose.REPORT,
        ReportFacts(cover=TO_CHAIR, opening=("Sở Nội vụ báo cáo:",), sections=SECTIONS, closing=("Kính báo cáo./.",)),
    ),
    "conclusions": (
        Purpose.CONCLUSIONS,
        ConclusionsFacts(
            cover=replace(OF_UBND, number="23/TB-UBND", addressees=()),
            unit="UBND xã Tân An",
            inspected="ngày 12/8/2023",
            results=("Đã ban hành kế hoạch.",),
            findings=(FindingLine(text="Chưa niêm yết thủ tục", measure="Niêm yết đủ", due_on=date(2023, 9, 5)),),
            requests=("Báo cáo đúng hạn.",),
        ),
    ),
    "decision": (
        Purpose.RESULT_DECISION,
        DecisionFacts(
            cover=replace(
                OF_UBND,
                number="617/QĐ-UBND",
                summary="Phê duyệt, công bố kết quả xác định Chỉ số cải cách hành chính năm 2022",
                addressees=(),
                copies=("Như Điều 3", "Sở Nội vụ"),
                signature=Signature(title="CHỦ TỊCH", name="Lê Trí Dũng"),
            ),
            decides="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH VĨNH LONG",
            bases=("Căn cứ Kế hoạch số 12/KH-UBND ngày 05/01/2023 của UBND tỉnh;", "Theo đề nghị của Sở Nội vụ."),
            articles=("Phê duyệt kết quả (Phụ lục kèm theo).", "Các đơn vị khắc phục.", "Quyết định có hiệu lực kể từ ngày ký./."),
            annex_title="KẾT QUẢ XÁC ĐỊNH CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM 2022",
            annex=(
                Section(
                    tables=(
                        Table(
                            title="Bảng 1. UBND cấp xã",
                            columns=RANK_COLUMNS,
                            rows=tuple(
                                (str(n), f"UBND xã An {n}", f"{90 - n},50", "100", f"{90 - n},50", "A") for n in range(1, UNITS + 1)
                            ),
                            numeric=(0, 2, 3, 4, 5),
                        ),
                    )
                ),
            ),
        ),
    ),
    "sheet": (
        Purpose.RESULT_SHEET,
        ReportFacts(
            cover=replace(
                COVER,
                number="98/TB-SNV",
                sign="TB-SNV",
                summary="Kết quả xác định Chỉ số CCHC năm 2022 của UBND xã Tân An",
                addressees=("UBND xã Tân An",),
            ),
            opening=("Sở Nội vụ thông báo kết quả:",),
            sections=(
                Section(
                    heading="II. KẾT QUẢ THEO LĨNH VỰC",
                    tables=(
                        Table(
                            columns=RESULT_COLUMNS,
                            rows=(
                                ("1", "Công tác chỉ đạo, điều hành cải cách hành chính", "–", "14,50", "14,50", "20", "72,50"),
                                ("2", "Cải cách thủ tục hành chính", "8,25", "20,00", "28,25", "30", "94,17"),
                                ("", "Tổng cộng", "8,25", "34,50", "42,75", "50", "85,50"),
                            ),
                            numeric=(0, 2, 3, 4, 5, 6),
                        ),
                    ),
                ),
            ),
            closing=("Sở Nội vụ thông báo để UBND xã Tân An biết, thực hiện./.",),
        ),
    ),
    "self-assessment": (
        Purpose.SELF_ASSESSMENT,
        ReportFacts(
            cover=replace(
                COVER, number="", sign="BC-UBND", summary="Tự đánh giá, chấm điểm Chỉ số CCHC năm 2022", addressees=("Sở Nội vụ",)
            ),
            sections=(
                Section(
                    heading="II. ĐIỂM TỪNG MỤC",
                    tables=(
                        Table(
                            columns=SELF_COLUMNS,
                            rows=(
                                ("1", "Công tác chỉ đạo", "20", "14,50", ""),
                                (
                                    "1.1",
                                    "Ban hành kế hoạch cải cách hành chính năm đúng thời hạn",
                                    "2",
                                    "1,5",
                                    "Ban hành ngày 15/01; ke-hoach-cchc.pdf",
                                ),
                            ),
                            numeric=(2, 3),
                        ),
                    ),
                ),
            ),
        ),
    ),
    "minutes": (
        Purpose.MINUTES,
        MinutesFacts(
            cover=replace(COVER, number="", sign="BB-SNV", addressees=()),
            began="08 giờ 00 ngày 12/8/2023",
            ended="11 giờ 00 cùng ngày",
            place="trụ sở UBND xã Tân An",
            present=(Present(name="Ông Nguyễn Văn An", post="Trưởng đoàn"),),
            sections=SECTIONS,
            signers=(Signature(title="ĐẠI DIỆN ĐƠN VỊ", name="Lê Văn Cường"), Signature(title="TRƯỞNG ĐOÀN", name="Nguyễn Văn An")),
        ),
    ),
}
