"""
Catalogues: what the console says in English. Its own words are Vietnamese and stand in the pages; a catalogue gives each its English.

The catalogue is read as it is written (`locale/en/console.po`), so nothing has to be compiled. `python -m api.console.catalogues` takes up
new words from the pages; a test says which of them have no English yet.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from notifications.letters import Language

HERE = Path(__file__).parent
PO = HERE / "locale" / "en" / "console.po"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_KEYWORDS = {**DEFAULT_KEYWORDS, "say": None}
_OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false", "trimmed": "true"}}


class EnglishMissingError(Exception):
    """A word of the console has no English."""


class _Strict(NullTranslations):
    """What stands behind the catalogue: a word that it lacks is a mistake, not shown in the wrong language."""

    def gettext(self, message: str) -> str:
        raise EnglishMissingError(message)


def N_(words: str) -> str:  # noqa: N802  gettext's own name for words that are translated later
    """Mark words of a table for the catalogue."""
    return words


@lru_cache
def translations(language: Language) -> NullTranslations:
    """Return the words of a language."""
    if language is Language.VI:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, english())
    compiled.seek(0)
    found = GNUTranslations(compiled)
    found.add_fallback(_Strict())
    return found


def english() -> Catalog:
    """Return the catalogue as it is written."""
    return read_po(BytesIO(PO.read_bytes()), locale="en")


def extracted() -> Catalog:
    """Return every word of the pages, with the places where it stands."""
    catalog = Catalog(project="dondoc", fuzzy=False, header_comment="# English of the console.")
    for filename, line, message, comments, _ in extract_from_dir(HERE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS):
        catalog.add(message, None, [(filename, line)], auto_comments=comments)
    return catalog


def _take_up() -> None:
    known = english()
    known.update(extracted(), no_fuzzy_matching=True)
    with PO.open("wb") as file:
        write_po(file, known, width=140, omit_header=False, include_lineno=False, sort_output=True, ignore_obsolete=True)


if __name__ == "__main__":
    _take_up()
