"""Templates of decisions: who decides, the bases, the articles, the signature, and an annex of tables on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.blocks import each, foot, head, title
from documents.forming import CENTRE, TEXT, Look, write
from documents.reports import sections

if TYPE_CHECKING:
    from docx.document import Document

_DECIDES = Look(bold=True, align=CENTRE, before=6, after=6, with_next=True)


def result_decision(document: Document) -> None:
    """The decision that approves and publishes results, the rank tables as its annex."""
    head(document, about=False)
    title(document, "QUYẾT ĐỊNH")
    write(document, "{{ decides }}", _DECIDES)
    each(document, "words", "bases", "{{ words }}", look=Look(italic=True, align=TEXT.align, before=3, indent=TEXT.indent))
    write(document, "QUYẾT ĐỊNH:", _DECIDES)
    write(document, "{%p for article in articles %}")
    article = write(document, "Điều {{ article.no }}. ", TEXT)
    article.runs[0].font.bold = True
    article.add_run("{{ article.text }}").font.size = article.runs[0].font.size
    write(document, "{%p endfor %}")
    foot(document, to="")
    write(document, "{%p if blocks %}")
    annex = write(document, "PHỤ LỤC", Look(bold=True, align=CENTRE, with_next=True))
    annex.paragraph_format.page_break_before = True
    write(document, "{{ annex_title }}", Look(bold=True, align=CENTRE, with_next=True))
    write(document, "(Kèm theo Quyết định số {{ number }})", Look(italic=True, align=CENTRE, after=6, with_next=True))
    sections(document, tight=True)
    write(document, "{%p endif %}")
