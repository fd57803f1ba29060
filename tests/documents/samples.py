"""One paper of each purpose, with facts that are easy to find again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from evaluation.paper_facts import (
    ConclusionsFacts,
    Cover,
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
