"""Blocks that every template is built from: the head, the title, to whom it goes, a table of lines, the foot with the signature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docx.table import _Cell

from documents.forming import (
    CELL,
    CELL_HEAD,
    CENTRE,
    HEAD,
    HEAD_BOLD,
    MOTTO,
    SIGNED,
    WIDTH,
    Look,
    keep_last_lines,
    keep_row,
    plain_table,
    rule,
    ruled_table,
    say,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

HEAD_WIDTHS = (68, 97)
FOOT_WIDTHS = (75, 90)
NOTES = Look(size=11)
GAP = Look(size=6)


def head(document: Document, *, about: bool, dated: bool = True) -> None:
    """Write who issues it, the country and its motto, number, place and date; under the number what a letter is about."""
    left, right = plain_table(document, HEAD_WIDTHS).rows[0].cells
    say(left, (("{%p if superior %}", HEAD), ("{{ superior }}", HEAD), ("{%p endif %}", HEAD), ("{{ issuer }}", HEAD_BOLD)))
    rule(left, width=24, room=HEAD_WIDTHS[0] - 4)
    write(left, "Số: {{ number }}", Look(size=13, align=CENTRE, before=4))
    if about:
        write(left, "V/v {{ summary }}", Look(size=12, align=CENTRE, before=4))
    say(right, (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", HEAD_BOLD), ("Độc lập - Tự do - Hạnh phúc", MOTTO)))
    rule(right, width=58, room=HEAD_WIDTHS[1] - 4)
    if dated:
        write(right, "{{ place_and_date }}", Look(size=13, italic=True, align=CENTRE, before=4))


def title(document: Document, kind: str) -> None:
    """Write the kind and the summary of a named paper, centred, with a short rule under them."""
    write(document, kind, Look(bold=True, align=CENTRE, before=18, with_next=True))
    write(document, "{{ summary }}", Look(bold=True, align=CENTRE, with_next=True))
    rule(document, width=45, room=WIDTH)
    write(document, "", GAP)


def addressees(document: Document) -> None:
    """Write to whom it is addressed: one in the line, several one under the other."""
    write(document, "", GAP)
    write(document, "{%p if addressee %}")
    write(document, "Kính gửi: {{ addressee }}", Look(align=CENTRE, before=6, after=6))
    write(document, "{%p elif addressees %}")
    write(document, "Kính gửi:", Look(before=6, left=35))
    each(document, "one", "addressees", "{{ one }}", look=Look(left=55))
    write(document, "{%p endif %}")


def each(document: Document | _Cell, name: str, of: str, words: str, *, look: Look) -> None:
    """Write a paragraph for each of a list."""
    write(document, f"{{%p for {name} in {of} %}}", look)
    write(document, words, look)
    write(document, "{%p endfor %}", look)


def foot(document: Document, *, to: str = "- Như trên;") -> None:
    """Write to whom it goes, and where it is signed."""
    keep_last_lines(document)
    write(document, "", Look(size=6, with_next=True))
    table = plain_table(document, FOOT_WIDTHS)
    keep_row(table.rows[0])
    left, right = table.rows[0].cells
    sent_to(left, to=to)
    say(right, (("{%p for line in signature_lines %}", SIGNED), ("{{ line }}", SIGNED), ("{%p endfor %}", SIGNED)))
    write(right, "{{ signature_title }}", SIGNED)
    for _ in range(4):
        write(right, "", SIGNED)
    write(right, "{{ signature_name }}", Look(bold=True, align=CENTRE))


def sent_to(place: Document | _Cell, *, to: str) -> None:
    """Write to whom a paper goes, the archive last."""
    begun = Look(size=12, bold=True, italic=True)
    if isinstance(place, _Cell):
        say(place, (("Nơi nhận:", begun),))
    else:
        write(place, "Nơi nhận:", replace(begun, before=12))
    for words in (to, "{%p for one in copies %}", "{{ one }}", "{%p endfor %}", "{{ archive }}"):
        if words:
            write(place, words, NOTES)


def rows(document: Document, widths: Sequence[float], columns: Sequence[str], cells: Sequence[tuple[str, Look]], *, of: str) -> None:
    """Write a table whose second row comes once for each of a list."""
    table = ruled_table(document, widths, rows=4)
    for cell, words in zip(table.rows[0].cells, columns, strict=True):
        say(cell, ((words, CELL_HEAD),))
    say(table.rows[1].cells[0], ((f"{{%tr for line in {of} %}}", CELL),))
    for cell, (words, look) in zip(table.rows[2].cells, cells, strict=True):
        say(cell, ((words, look),))
    say(table.rows[3].cells[0], (("{%tr endfor %}", CELL),))
