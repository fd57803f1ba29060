"""
Faults of scores: what is wrong, with which unit and which node, and what to do about it; in Vietnamese and in English.

The words are tables, `evaluation.scores.fault_words` and `body_fault_words`; the facts of a case fill them. What is refused raises a
`ScoreError` that carries every fault found, never only the first; nothing of it has been done then.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluation.criteria.words import printed
from evaluation.scores.body_fault_words import BODY_FAULT_WORDS
from evaluation.scores.fault_words import FAULT_WORDS
from evaluation.scores.result_fault_words import RESULT_FAULT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What fills the words of a fault: a pair reads differently in Vietnamese and English.
Fact = str | int | Decimal | tuple[str, str]

_EVERY_WORD = FAULT_WORDS | BODY_FAULT_WORDS | RESULT_FAULT_WORDS


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreFault:
    """One thing that is wrong."""

    code: str  #: its line in the tables of words
    unit: str = ""  #: key of the unit; empty: of none or of all
    node: str = ""  #: key of the leaf, criterion or field
    about: str = ""  #: which of its values
    vi: str
    en: str
    mend_vi: str  #: what to do
    mend_en: str

    @property
    def where(self) -> str:
        """Return unit, node and value as far as they are known, `so-noi-vu · 2.1.3 · final`."""
        return " · ".join(part for part in (self.unit, self.node, self.about) if part)

    def text(self, language: str = "vi") -> str:
        """Return place, fault and what to do as one line, in `vi` or `en`."""
        what, mend = (self.vi, self.mend_vi) if language == "vi" else (self.en, self.mend_en)
        return f"{self.where}: {what} — {mend}" if self.where else f"{what} — {mend}"


class ScoreError(ValueError):
    """Something about scores is refused; nothing of it was taken."""

    def __init__(self, faults: Iterable[ScoreFault]) -> None:
        """Keep every fault, in the order found."""
        self.faults = tuple(faults)
        super().__init__(self.text("en"))

    def text(self, language: str = "vi") -> str:
        """Return the faults, one a line, in `vi` or `en`."""
        return "\n".join(fault.text(language) for fault in self.faults)


@dataclass(frozen=True, kw_only=True, slots=True)
class At:
    """Where a fault stands."""

    unit: str = ""
    node: str = ""
    about: str = ""


def fault(code: str, at: At | None = None, **facts: Fact) -> ScoreFault:
    """Return the fault of that code at that place, its words filled with the facts; numbers as each language prints them."""
    place = at or At()
    words = _EVERY_WORD[code]
    vi = {name: _said(fact, "vi") for name, fact in facts.items()}
    en = {name: _said(fact, "en") for name, fact in facts.items()}
    return ScoreFault(
        code=code,
        unit=place.unit,
        node=place.node,
        about=place.about,
        vi=words.vi.format(**vi),
        en=words.en.format(**en),
        mend_vi=words.mend_vi.format(**vi),
        mend_en=words.mend_en.format(**en),
    )


def refusal(code: str, at: At | None = None, **facts: Fact) -> ScoreError:
    """Return the error of one fault."""
    return ScoreError((fault(code, at, **facts),))


def require(faults: Iterable[ScoreFault]) -> None:
    """
    Return if there is no fault.

    Raises:
        ScoreError: there is one; it carries all of them.
    """
    found = tuple(faults)
    if found:
        raise ScoreError(found)


def _said(fact: Fact, language: str) -> str:
    if isinstance(fact, Decimal):
        return printed(fact, language)
    if isinstance(fact, tuple):
        return fact[0] if language == "vi" else fact[1]
    return str(fact)
