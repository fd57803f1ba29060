"""Papers drafted from facts: the same bytes each time; a template that asks for what there is not is refused by name."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from docx import Document

from documents import TemplateError, draft
from documents.drafting import TEMPLATES, FactsError, template_of
from documents.making import template_bytes
from documents.wording import long_date, undated
from evaluation.paper_facts import decode_facts, encode_facts
from evaluation.papers import Purpose
from tests.documents.samples import COVER, OF_UBND, SAMPLES, owed, owed_line

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation.paper_facts import Facts


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _own(folder: Path, words: str) -> Path:
    document = Document()
    document.add_paragraph(words)
    document.save(str(folder / "urging-letter.docx"))
    return folder


@pytest.mark.parametrize("purpose", [one for one in Purpose if one is not Purpose.OTHER])
def test_templates_are_what_the_script_makes(purpose: Purpose) -> None:
    assert _parts(template_of(purpose).read_bytes()) == _parts(template_bytes(purpose)), "run `python -m documents.making`"


def test_no_template_is_left_over() -> None:
    assert {path.stem for path in TEMPLATES.glob("*")} == {one.value for one in Purpose if one is not Purpose.OTHER}


def test_same_facts_are_the_same_bytes() -> None:
    purpose, facts = SAMPLES["criticism"]
    assert draft(purpose, facts) == draft(purpose, facts)


@pytest.mark.parametrize("name", SAMPLES)
def test_facts_come_back_from_json(name: str) -> None:
    purpose, facts = SAMPLES[name]
    assert decode_facts(purpose, encode_facts(facts)) == facts


def test_facts_of_another_purpose_are_refused() -> None:
    with pytest.raises(FactsError, match="report is drafted from ReportFacts, not from OwedFacts"):
        draft(Purpose.REPORT, owed())


def test_own_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    words = [
        one.text for one in Document(BytesIO(draft(Purpose.URGING, owed(), own=_own(tmp_path, "Mẫu riêng: {{ summary }}")))).paragraphs
    ]
    assert words == ["Mẫu riêng: đôn đốc gửi Báo cáo CCHC Quý I năm 2023"]
    assert draft(Purpose.LIST_TO_CHAIR, owed(), own=tmp_path) == draft(Purpose.LIST_TO_CHAIR, owed())


@pytest.mark.parametrize(
    ("words", "field"),
    [
        pytest.param("{{ sumary }}", "sumary", id="unknown field"),
        pytest.param("{% for line in lines %}{{ line.untt }}{% endfor %}", "untt", id="unknown field of a line"),
    ],
)
def test_template_with_an_unknown_field_is_refused_by_name(tmp_path: Path, words: str, field: str) -> None:
    with pytest.raises(TemplateError) as refused:
        draft(Purpose.URGING, owed(), own=_own(tmp_path, words))
    assert f"mẫu urging-letter.docx: không có trường “{field}”; các trường có: addressee, " in refused.value.vi
    assert "lines[no, unit, owed, due, late" in refused.value.en


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param("{{ summary", "not written as templates are", id="braces left open"),
        pytest.param("{% for one in lines %}", "not written as templates are", id="loop left open"),
        pytest.param("{{ summary.__class__.__mro__ }}", "does what templates may not", id="reaches behind the words"),
        pytest.param("{{ lines.append(1) }}", "does what templates may not", id="changes the facts"),
    ],
)
def test_template_that_cannot_be_filled_in_is_refused(tmp_path: Path, words: str, why: str) -> None:
    with pytest.raises(TemplateError, match=why):
        draft(Purpose.URGING, owed(), own=_own(tmp_path, words))


def test_file_that_is_no_docx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "urging-letter.docx").write_bytes(b"%PDF-1.7")
    with pytest.raises(TemplateError, match=r"no \.docx that can be read"):
        draft(Purpose.URGING, owed(), own=tmp_path)


def test_words_are_words_and_never_fields_nor_markup() -> None:
    line = replace(owed_line(), unit="Sở\x0b<b> & {{ summary }} {% x %}\x00", owed="a\tb")
    paper = Document(BytesIO(draft(Purpose.URGING, replace(owed(), lines=(line,)))))
    cells = [cell.text for cell in paper.tables[1].rows[1].cells]
    assert cells[1:3] == ["Sở <b> & {{ summary }} {% x %}", "a b (Đã trả lại 1 lần)"]


def test_rows_of_units_are_kept_and_their_head_is_repeated() -> None:
    rows = Document(BytesIO(draft(Purpose.URGING, owed(lines=3)))).tables[1].rows
    assert len(rows) == 4
    assert [row._tr.trPr.xpath("w:tblHeader") != [] for row in rows] == [True, False, False, False]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        pytest.param((2023, 1, 5), "ngày 05 tháng 01 năm 2023", id="both below ten"),
        pytest.param((2023, 2, 28), "ngày 28 tháng 02 năm 2023", id="February"),
        pytest.param((2023, 3, 9), "ngày 09 tháng 3 năm 2023", id="March has no leading 0"),
        pytest.param((2023, 11, 24), "ngày 24 tháng 11 năm 2023", id="neither"),
    ],
)
def test_dates_are_written_as_the_decree_says(on: tuple[int, int, int], words: str) -> None:
    assert long_date(date(*on)) == words


def test_draft_leaves_room_for_the_day() -> None:
    assert undated(month=3, year=2023) == "ngày       tháng 3 năm 2023"
    assert "Số:          /SNV-CCHC" in _words(draft(Purpose.URGING, owed(replace(COVER, number="", dated=None))))


def _words(content: bytes) -> str:
    paper = Document(BytesIO(content))
    return "\n".join(one.text for table in paper.tables for row in table.rows for cell in row.cells for one in cell.paragraphs)


def _said(purpose: Purpose, facts: Facts) -> str:
    return "\n".join(one.text for one in Document(BytesIO(draft(purpose, facts))).paragraphs)


def test_papers_say_that_somebody_was_urged_only_where_all_were() -> None:
    facts = owed(OF_UBND)
    unurged = replace(facts, lines=(*facts.lines, replace(facts.lines[0], urged=0)))
    assert "mặc dù đã được đôn đốc, đến ngày 22/03/2023" in _said(Purpose.CRITICISM, facts)
    assert "Kế hoạch số 12/KH-UBND, đến ngày 22/03/2023" in _said(Purpose.CRITICISM, unurged)
    assert "đôn đốc" not in _said(Purpose.CRITICISM, unurged)
    assert "đã đôn đốc theo số lần" not in _said(Purpose.LIST_TO_CHAIR, unurged)


def test_conclusions_without_a_basis_begin_as_a_sentence() -> None:
    assert "Đoàn kiểm tra đã kiểm tra công tác cải cách hành chính tại UBND xã Tân An ngày 12/8/2023." in _said(*SAMPLES["conclusions"])
