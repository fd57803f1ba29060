"""Forming: the parts of an official paper in the form of NĐ 30/2020/NĐ-CP, put into a .docx with python-docx."""

# ruff: noqa: SLF001  python-docx leaves fields, borders and repeated rows to its elements
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LEFT, RIGHT, CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
WIDTH = 165  #: millimetres between the margins
BODY = 14  #: points


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a line of words looks."""

    size: float = BODY
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = LEFT
    before: float = 0  #: points above
    after: float = 0
    indent: float = 0  #: millimetres of its first line
    left: float = 0  #: millimetres of all lines
    with_next: bool = False


HEAD = Look(size=12, align=CENTRE)
HEAD_BOLD = Look(size=12, bold=True, align=CENTRE)
MOTTO = Look(size=13, bold=True, align=CENTRE)
TEXT = Look(align=JUSTIFIED, before=6, indent=10)
ITEM = Look(align=JUSTIFIED, indent=10)
PART = Look(bold=True, align=JUSTIFIED, before=6, indent=10, with_next=True)
CELL = Look(size=13)
CELL_CENTRED = Look(size=13, align=CENTRE)
CELL_HEAD = Look(size=12, bold=True, align=CENTRE)
SIGNED = Look(bold=True, align=CENTRE, with_next=True)


def set_page(document: Document) -> None:
    """Make the page A4 with the margins of the decree, its number top centre from the second page on."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    for kind, words in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "2"), ("end", "")):
        number.add_run()._r.append(_field(kind, words))
    dress(number, Look(size=13, align=CENTRE))
    set_font(document)


def _field(kind: str, words: str) -> Any:  # noqa: ANN401  an element of lxml
    if kind in {"", "text"}:
        element = OxmlElement("w:t" if kind else "w:instrText")
        element.text = words
        return element
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def set_font(document: Document) -> None:
    """Let every style write in Times New Roman, in Vietnamese, without space around paragraphs."""
    style = document.styles["Normal"]
    assert style.type is WD_STYLE_TYPE.PARAGRAPH  # noqa: S101
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def dress(paragraph: Paragraph, look: Look) -> Paragraph:
    """Give a paragraph its look and return it."""
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after = look.align, Pt(look.before), Pt(look.after)
    form.first_line_indent, form.left_indent = Mm(look.indent), Mm(look.left)
    form.keep_with_next = look.with_next or None
    form.widow_control = True
    if not paragraph.text:
        _size_mark(paragraph, look.size)
    for run in paragraph.runs:
        run.font.name, run.font.size, run.font.bold, run.font.italic = FONT, Pt(look.size), look.bold, look.italic
    return paragraph


def _size_mark(paragraph: Paragraph, size: float) -> None:
    """Let an empty line be as high as it is said to be: without words its mark is all that has a size."""
    mark, points = OxmlElement("w:rPr"), OxmlElement("w:sz")
    points.set(qn("w:val"), str(round(size * 2)))
    mark.append(points)
    paragraph._p.get_or_add_pPr().append(mark)


def write(place: Document | _Cell, words: str, look: Look = TEXT) -> Paragraph:
    """Add a paragraph of words and return it."""
    paragraph = place.add_paragraph()
    paragraph.add_run(words)
    return dress(paragraph, look)


def say(cell: _Cell, lines: Sequence[tuple[str, Look]]) -> None:
    """Write lines into a cell, from its first paragraph on."""
    for number, (words, look) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.add_run(words)
        dress(paragraph, look)


def keep_last_lines(document: Document, *, lines: int = 2) -> None:
    """Let the last lines of the text stand on the page of the signature: a signature never stands alone."""
    said = [paragraph for paragraph in document.paragraphs if not paragraph.text.startswith("{%p")]
    for paragraph in said[-lines:]:
        paragraph.paragraph_format.keep_with_next = True


def rule(place: Document | _Cell, *, width: float, room: float) -> None:
    """Draw a short centred rule: the upper border of an empty line so wide, in a place so wide (millimetres)."""
    paragraph = dress(place.add_paragraph(), Look(size=2, align=CENTRE))
    side = Mm((room - width) / 2)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = side
    form.line_spacing_rule, form.line_spacing, form.space_before = WD_LINE_SPACING.EXACTLY, Pt(4), Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def plain_table(place: Document, widths: Sequence[float], *, rows: int = 1) -> Table:
    """Add a table without borders, its columns so wide in millimetres."""
    return _sized(place.add_table(rows=rows, cols=len(widths)), widths)


def ruled_table(place: Document, widths: Sequence[float], *, rows: int) -> Table:
    """Add a table with borders whose first row is repeated on each page and whose rows are not broken."""
    table = _sized(place.add_table(rows=rows, cols=len(widths)), widths)
    table.style = "Table Grid"
    for row in table.rows:
        keep_row(row)
    repeat_row(table.rows[0])
    return table


def _sized(table: Table, widths: Sequence[float]) -> Table:
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def name_widths(table: Table, field: str) -> None:
    """Let a table whose columns come from the facts say, in its alternative text, which field holds their widths."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), field)
    table._tbl.tblPr.append(caption)


def repeat_row(row: _Row) -> None:
    """Let a row stand at the top of each page that its table reaches."""
    _mark(row, "w:tblHeader")


def keep_row(row: _Row) -> None:
    """Let a row stand on one page."""
    _mark(row, "w:cantSplit")


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
