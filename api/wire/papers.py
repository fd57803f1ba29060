"""What goes over the wire about official papers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.schemas import Instant, Wire
from api.wire.work import Day, NameOf, Number, Reason, Words
from evaluation.papers import PaperKind, PaperState, Purpose
from store.queries.papers import PaperLine, Version

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(sound_text)]


class PaperOut(Wire):
    """A paper of the register."""

    id: int
    cycle: int | None
    kind: PaperKind
    purpose: Purpose
    issuer: str
    issuer_name: str
    number_text: str
    year: int | None
    dated: date | None
    summary: str
    addressees: list[str]
    state: PaperState
    version: int
    asked_by: int | None
    """The upkeep duty that asked for it."""
    signed_sha256: str | None
    reason: str
    at: Instant

    @classmethod
    def of(cls, line: PaperLine) -> PaperOut:
        """Return a paper as it is told."""
        return cls.model_validate(line)


class IssuedPaperOut(Wire):
    """An issued paper, as the unit that it is about is told of it."""

    id: int
    kind: PaperKind
    purpose: Purpose
    issuer_name: str
    number_text: str
    dated: date | None
    summary: str
    signed_sha256: str

    @classmethod
    def of(cls, line: PaperLine) -> IssuedPaperOut:
        """Return a paper as it is told."""
        return cls.model_validate(line)


class IssuedPapersOut(Wire):
    """Issued papers, the latest first."""

    items: list[IssuedPaperOut]


class PapersOut(Wire):
    """Papers, the latest first."""

    items: list[PaperOut]


class PaperVersionOut(Wire):
    """A paper as it was drafted once."""

    number: int
    sha256: str
    at: Instant

    @classmethod
    def of(cls, version: Version) -> PaperVersionOut:
        """Return a version as it is told."""
        return cls.model_validate(version)


class PaperDetailOut(PaperOut):
    """A paper with what it speaks of and how it was drafted."""

    obligations: list[int]
    versions: list[PaperVersionOut]
    facts: dict[str, Any] | None
    """The facts that its last version was drafted from; null where it was not drafted here."""


class DraftIn(Asked):
    """A letter about who owes what."""

    cycle: Number
    purpose: Purpose = Purpose.URGING
    obligations: list[Number] = Field(min_length=1, max_length=1000)


class ResultPaperIn(Asked):
    """A paper of a cycle's results: minutes of the council, the decision, a unit's result sheet, a unit's self-assessment."""

    cycle: Number
    purpose: Purpose = Purpose.RESULT_DECISION
    unit: NameOf = ""
    """Key: of `result-sheet` and `self-assessment-report`."""
    council: Number | None = None
    """The council's obligation: of `minutes`."""
    session: Annotated[int, Field(ge=1, le=9_999)] = 1
    accepted: Words = ""
    """Of `result-decision`: why it is drafted though scores are missing; without, it is refused with what is missing."""


class RedraftIn(Asked):
    """What is written in place of what is suggested; what is left out stands."""

    summary: NameOf | None = None
    addressees: list[NameOf] | None = Field(default=None, max_length=50)
    copies: list[NameOf] | None = Field(default=None, max_length=50)
    archive: NameOf | None = None
    place: NameOf | None = None
    symbol: NameOf | None = None
    signature_lines: list[NameOf] | None = Field(default=None, max_length=5)
    signature_title: NameOf | None = None
    signature_name: NameOf | None = None
    answer_by: Day | None = None


class NumberIn(Asked):
    """The number and date that the document office gave."""

    number: Filled
    dated: Day


class DiscardIn(Asked):
    """Why a paper will not be issued."""

    reason: Reason


class RegisterIn(Asked):
    """A paper that was issued elsewhere, or came in."""

    kind: PaperKind
    number: Filled
    dated: Day | None = None
    issuer: Filled
    summary: Filled
