"""
Making: our own templates, written by this script so that they can be read, reviewed and made again.

`python -m documents.making` writes documents/templates/*.docx. An authority that wants another form copies one of them, changes it in
Word, and puts it under the same name into its own folder.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document

from documents.bodies import BODIES
from documents.drafting import TEMPLATES, repacked
from documents.forming import set_page

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation.papers import Purpose

#: When python-docx's own blank paper was made; a template says no other time.
_MADE = datetime(2013, 12, 23, tzinfo=UTC).replace(tzinfo=None)


def template_bytes(purpose: Purpose) -> bytes:
    """Return the template of a purpose as a .docx."""
    document = Document()
    set_page(document)
    facts = document.core_properties
    facts.author = facts.last_modified_by = "dondoc"
    facts.title = facts.comments = ""
    facts.created = facts.modified = _MADE
    BODIES[purpose](document)
    made = BytesIO()
    document.save(made)
    return repacked(made.getvalue())


def make_templates(folder: Path = TEMPLATES) -> list[Path]:
    """Write every template into a folder and return the files."""
    made = []
    for purpose in BODIES:
        target = folder / f"{purpose.value}.docx"
        target.write_bytes(template_bytes(purpose))
        made.append(target)
    return made


if __name__ == "__main__":
    make_templates()
