"""Papers as they are printed: each opened in LibreOffice, turned to PDF in one go, and read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from documents import draft
from tests.documents.printing import printed, require_printing
from tests.documents.samples import SAMPLES, UNITS

if TYPE_CHECKING:
    from tests.conftest import RequiresSystem


@pytest.fixture(name="pages", scope="module")
def _pages(tmp_path_factory: pytest.TempPathFactory, requires_system: RequiresSystem) -> dict[str, list[str]]:
    """The words of each page of each paper."""
    require_printing(requires_system)
    papers = {name: draft(purpose, facts) for name, (purpose, facts) in SAMPLES.items()}
    return printed(tmp_path_factory.mktemp("papers"), papers, way="layout")


def _flat(pages: list[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(pages))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param(
            "urging",
            ["Số: 05/SNV-CCHC", "Vĩnh Long, ngày 05 tháng 01 năm 2023", "V/v đôn đốc gửi", "GIÁM ĐỐC", "Nguyễn Văn An"],
            id="urging",
        ),
        pytest.param(
            "urging", ["đến ngày 22/03/2023", "chậm nhất ngày 29/03/2023", "Nơi nhận:", "- Lưu: VT, CCHC."], id="urging, its terms"
        ),
        pytest.param("draft", ["/SNV-CCHC", "tháng 02 năm 2023", "- Sở Tài chính;", "- UBND xã A."], id="draft"),
        pytest.param(
            "list", ["Số: 94/BC-SNV", "BÁO CÁO", "Kính gửi: Chủ tịch UBND tỉnh", "còn 2 cơ quan", "2 nội dung"], id="list to the chair"
        ),
        pytest.param(
            "criticism",
            [
                "Số: 1234/UBND-SNV",
                "ngày 24 tháng 11 năm 2023",
                "TM. ỦY BAN NHÂN DÂN",
                "KT. CHỦ TỊCH",
                "PHÓ CHỦ TỊCH",
                "phê bình người đứng đầu",
            ],
            id="criticism",
        ),
        pytest.param(
            "report", ["I. TÌNH HÌNH CHUNG", "97 đơn vị", "Bảng 1. Gửi báo cáo", "1 Sở, ban, ngành 2", "Kính báo cáo./."], id="report"
        ),
        pytest.param(
            "decision",
            [
                "Số: 617/QĐ-UBND",
                "QUYẾT ĐỊNH",
                "Điều 3. Quyết định có hiệu lực",
                "PHỤ LỤC",
                "(Kèm theo Quyết định số 617/QĐ-UBND)",
                "Bảng 1. UBND",
            ],
            id="decision",
        ),
        pytest.param("sheet", ["Số: 98/TB-SNV", "ĐTXHH", "8,25 34,50 42,75 50 85,50"], id="result sheet"),
        pytest.param("self-assessment", ["BÁO CÁO", "Kính gửi: Sở Nội vụ", "1.1", "14,50"], id="self-assessment"),
        pytest.param("conclusions", ["THÔNG BÁO", "Chưa niêm yết thủ tục", "Niêm yết đủ", "05/09/2023"], id="conclusions"),
        pytest.param("minutes", ["BIÊN BẢN", "08 giờ 00 ngày 12/8/2023", "ĐẠI DIỆN ĐƠN VỊ", "Lê Văn Cường", "TRƯỞNG ĐOÀN"], id="minutes"),
    ],
)
def test_paper_says_its_facts(pages: dict[str, list[str]], name: str, said: list[str]) -> None:
    assert [words for words in said if words not in _flat(pages[name])] == []


def test_every_unit_is_listed_with_its_days_late(pages: dict[str, list[str]]) -> None:
    flat = _flat(pages["urging"])
    late = [f"{100 + number} ({70 + number})" for number in range(1, UNITS + 1)]
    units = [f"UBND xã An {number} " for number in range(1, UNITS + 1)]
    assert [words for words in (*late, *units) if words not in flat] == []


def test_table_repeats_its_head_and_pages_are_numbered_from_the_second(pages: dict[str, list[str]]) -> None:
    every = pages["urging"]
    assert len(every) > 2
    assert all("Thời hạn" in page for page in every if "UBND xã An " in page)
    assert [page.split()[0] for page in every[1:]] == [str(number) for number in range(2, len(every) + 1)]
    assert "CỘNG HÒA" in every[0].split("\n")[0]


def test_signature_never_stands_alone(pages: dict[str, list[str]]) -> None:
    last = pages["urging"][-1]
    assert last.index("quan tâm thực hiện./.") < last.index("GIÁM ĐỐC")


def test_head_takes_one_line(pages: dict[str, list[str]]) -> None:
    assert re.search(r"UBND TỈNH VĨNH LONG +CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", pages["urging"][0])
