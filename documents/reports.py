"""Templates of sections and findings: reports, conclusions of inspections, minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docx.enum.text import WD_LINE_SPACING
from docx.shared import Pt

from documents.blocks import GAP, addressees, each, foot, head, rows, sent_to, title
from documents.forming import (
    CELL,
    CELL_CENTRED,
    CELL_HEAD,
    CENTRE,
    ITEM,
    JUSTIFIED,
    PART,
    SIGNED,
    TEXT,
    WIDTH,
    Look,
    keep_last_lines,
    keep_row,
    name_widths,
    plain_table,
    ruled_table,
    say,
    write,
)

if TYPE_CHECKING:
    from docx.document import Document

FINDING_WIDTHS = (11, 62, 62, 30)
FINDING_COLUMNS = ("TT", "Tồn tại, hạn chế", "Yêu cầu khắc phục", "Thời hạn báo cáo kết quả")


def sections(document: Document, *, tight: bool = False) -> None:
    """Write the blocks of a report one after the other; `tight`: a table that fills its page leaves no empty one behind it."""
    write(document, "{%p for block in blocks %}")
    for kind, look in (
        ("part", PART),
        ("subpart", Look(bold=True, italic=True, align=JUSTIFIED, before=6, indent=10, with_next=True)),
        ("paragraph", TEXT),
    ):
        write(document, f"{{%p if block.kind == '{kind}' %}}")
        write(document, "{{ block.text }}", look)
        write(document, "{%p endif %}")
    write(document, "{%p if block.kind == 'caption' %}")
    write(document, "{{ block.text }}", Look(size=13, italic=True, align=CENTRE, before=6, with_next=True))
    write(document, "{%p endif %}")
    write(document, "{%p if block.kind == 'table' %}")
    write(document, "{%p if not block.captioned %}")
    write(document, "", replace(GAP, with_next=True))
    write(document, "{%p endif %}")
    _free_table(document)
    gap = write(document, "", GAP)
    if tight:
        gap.paragraph_format.line_spacing_rule, gap.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    write(document, "{%p endif %}")
    write(document, "{%p endfor %}")


def _free_table(document: Document) -> None:
    """Write a table whose columns and rows both come from the facts."""
    table = ruled_table(document, (WIDTH / 3,) * 3, rows=4)
    name_widths(table, "{{ block.widths }}")
    head, body = table.rows[0].cells, table.rows[2].cells
    say(head[0], (("{%tc for name in block.columns %}", CELL_HEAD),))
    say(head[1], (("{{ name }}", CELL_HEAD),))
    say(head[2], (("{%tc endfor %}", CELL_HEAD),))
    say(table.rows[1].cells[0], (("{%tr for row in block.rows %}", CELL),))
    say(body[0], (("{%tc for cell in row %}", CELL),))
    say(
        body[1],
        (
            ("{%p if cell.centred %}", CELL),
            ("{{ cell.text }}", CELL_CENTRED),
            ("{%p else %}", CELL),
            ("{{ cell.text }}", CELL),
            ("{%p endif %}", CELL),
        ),
    )
    say(body[2], (("{%tc endfor %}", CELL),))
    say(table.rows[3].cells[0], (("{%tr endfor %}", CELL),))


def report(document: Document) -> None:
    """A report: opening words, parts, closing words."""
    _told(document, "BÁO CÁO")


def result_sheet(document: Document) -> None:
    """The notice of a unit's results: opening words, parts, closing words."""
    _told(document, "THÔNG BÁO")


def _told(document: Document, kind: str) -> None:
    head(document, about=False)
    title(document, kind)
    addressees(document)
    each(document, "words", "opening", "{{ words }}", look=TEXT)
    sections(document)
    each(document, "words", "closing", "{{ words }}", look=TEXT)
    foot(document)


def conclusions(document: Document) -> None:
    """Conclusions of an inspection, with the findings and their deadlines."""
    head(document, about=False)
    title(document, "THÔNG BÁO")
    addressees(document)
    write(
        document,
        "{% if basis %}Thực hiện {{ basis }}, đoàn{% else %}Đoàn{% endif %} kiểm tra đã kiểm tra công tác cải cách hành chính tại "
        "{{ unit }} {{ inspected }}. {{ issuer_name }} thông báo kết luận như sau:",
    )
    write(document, "{%p if results %}")
    write(document, "{{ parts.results }}. KẾT QUẢ ĐẠT ĐƯỢC", PART)
    each(document, "words", "results", "{{ words }}", look=TEXT)
    write(document, "{%p endif %}")
    write(document, "{{ parts.findings }}. TỒN TẠI, HẠN CHẾ VÀ YÊU CẦU KHẮC PHỤC", PART)
    cells = (("{{ line.no }}", CELL_CENTRED), ("{{ line.text }}", CELL), ("{{ line.measure }}", CELL), ("{{ line.due }}", CELL_CENTRED))
    write(document, "{%p if findings %}")
    write(document, "", replace(GAP, with_next=True))
    rows(document, FINDING_WIDTHS, FINDING_COLUMNS, cells, of="findings")
    write(document, "{%p else %}")
    write(document, "Không phát hiện tồn tại, hạn chế.")
    write(document, "{%p endif %}")
    write(document, "{{ parts.requests }}. YÊU CẦU", PART)
    each(document, "words", "requests", "{{ words }}", look=TEXT)
    write(
        document,
        "{{ unit }} {% if findings %}tổ chức khắc phục, báo cáo kết quả từng nội dung về {{ issuer_name }} trong thời hạn nêu trên"
        "{% else %}tiếp tục duy trì, nâng cao kết quả công tác cải cách hành chính{% endif %}./.",
    )
    foot(document, to="")


def minutes(document: Document) -> None:
    """Minutes, which those who were there sign; as form 1.9 of the decree they bear no line of place and date."""
    head(document, about=False, dated=False)
    title(document, "BIÊN BẢN")
    write(document, "Thời gian bắt đầu: {{ began }}.")
    write(document, "Địa điểm: {{ place }}.")
    write(document, "Thành phần tham dự:")
    each(document, "one", "present", "{{ one }}", look=ITEM)
    write(document, "Nội dung:")
    sections(document)
    write(
        document,
        "{% if ended %}Buổi làm việc kết thúc vào {{ ended }}. {% endif %}Biên bản được đọc lại cho những người có tên trên cùng nghe, "
        "thống nhất và ký tên./.",
    )
    keep_last_lines(document)
    write(document, "", Look(size=6, with_next=True))
    table = plain_table(document, (WIDTH / 3,) * 3)
    keep_row(table.rows[0])
    left, middle, right = table.rows[0].cells
    say(left, (("{%tc for signer in signers %}", SIGNED),))
    say(
        middle,
        (("{%p for line in signer.lines %}", SIGNED), ("{{ line }}", SIGNED), ("{%p endfor %}", SIGNED), ("{{ signer.title }}", SIGNED)),
    )
    for _ in range(4):
        write(middle, "", SIGNED)
    write(middle, "{{ signer.name }}", Look(bold=True, align=CENTRE))
    say(right, (("{%tc endfor %}", SIGNED),))
    sent_to(document, to="")
