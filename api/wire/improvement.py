"""What goes over the wire about improvement: last year's results, criteria with who answers, measures and how far they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.work import Day, NameOf, Words
from evaluation.improvement.measures import Progress
from evaluation.obligations import State
from store.commands.improvement.measures import Planned
from store.commands.improvement.progress import LONGEST
from store.commands.improvement.taken import Until as UntilGiven

if TYPE_CHECKING:
    from store.commands.improvement.published import PublishedResults
    from store.commands.improvement.taken import TakenIn
    from store.queries.improvement import CriterionLine, MeasureLine


class Until(Asked):
    """By when what is taken in is owed."""

    due_on: Day | None = None
    """The last day; left out: that of the plan."""
    accept_late: bool = False
    """Owed though the plan's date has passed; else that is refused. A preview only says it."""
    preview: bool = False
    """Only look: what would be owed, by whom, by when."""

    @property
    def until(self) -> UntilGiven:
        """By when, as the command takes it; a preview refuses nothing that is late."""
        return UntilGiven(due_on=self.due_on, accept_late=self.accept_late or self.preview)


class WeakFileIn(Until):
    """Last year's results: as YAML, as CSV, or as a workbook."""

    criteria: Annotated[str, Field(min_length=1, max_length=70, pattern=r"^[a-z0-9-]+(/[0-9]{1,6})?$")] = Field(examples=["chi-so-tinh"])
    """The set that the numbers are of: its key, or `key/version`."""
    yaml: Annotated[str, Field(max_length=700_000), AfterValidator(sound_text)] = ""
    """The YAML file, word by word."""
    csv: Annotated[str, Field(max_length=700_000), AfterValidator(sound_text)] = ""
    """The CSV file, instead."""
    workbook: Base64Bytes = Field(default=b"", max_length=900_000, examples=[""])
    """The .xlsx workbook in Base64, instead."""

    @model_validator(mode="after")
    def _one_of_them(self) -> WeakFileIn:
        if sum(map(bool, (self.yaml, self.csv, self.workbook))) != 1:
            raise PydanticCustomError("one_file", "gửi đúng một trong yaml, csv, workbook / send one of yaml, csv, workbook")
        return self

    @property
    def file(self) -> tuple[str, bytes]:
        """What the file is called in faults, and its content."""
        if self.workbook:
            return "weak.xlsx", self.workbook
        return ("weak.yaml", self.yaml.encode()) if self.yaml else ("weak.csv", self.csv.encode())


class WeakPublishedIn(Until):
    """A published edition, whose weak criteria become obligations."""

    edition: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""
    """SHA-256 of the edition; left out: the one in force of the latest year up to the cycle's."""


class MeasureIn(Asked):
    """A measure to be planned."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(sound_text)]
    answers: NameOf = ""
    """Who answers for it, inside the unit."""
    due_on: Day | None = None
    """The last day; left out: that of the plan."""
    criterion: Annotated[str, Field(max_length=40), AfterValidator(sound_text)] = ""
    """Within the unit's own plan: the number of the criterion that it is about, if any."""

    @property
    def planned(self) -> Planned:
        """The measure as the command takes it."""
        return Planned(text=self.text, answers=self.answers, due_on=self.due_on, criterion=self.criterion)


class ProgressIn(Asked):
    """How far a measure is."""

    percent: int = Field(ge=0, le=100)
    remark: Annotated[Words, Field(max_length=LONGEST)] = ""


class _Out(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class WeakOut(_Out):
    """A weak criterion that was taken in, or would be."""

    unit: str
    """Key; empty: the province itself."""
    criterion: str
    title: str
    points: str
    maximum: str
    cause: str
    owner: str
    """Key of who answers for it."""
    stage: str
    due_on: date | None
    late: bool
    """That date has passed already."""


class WeakTakenOut(_Out):
    """What became of last year's results, or would."""

    raised: list[WeakOut]
    strong: int
    """Rows that are not weak."""
    known: int
    """Weak ones that were taken in before."""
    corrected: int
    """Taken in before, with other points, maximum or cause: they are as in this list now."""

    @classmethod
    def of(cls, done: TakenIn) -> WeakTakenOut:
        """Return it as it leaves."""
        raised = [
            WeakOut(
                unit=one.result.unit,
                criterion=one.result.criterion,
                title=one.title,
                points=str(one.result.points),
                maximum=str(one.result.maximum),
                cause=one.result.cause,
                owner=one.owner,
                stage=one.stage,
                due_on=one.due_on,
                late=one.late,
            )
            for one in done.raised
        ]
        return cls(raised=raised, strong=done.strong, known=done.known, corrected=done.corrected)


class WeakPublishedOut(WeakTakenOut):
    """What became of a published edition, or would."""

    edition: str
    """SHA-256."""
    decision: str
    left: list[str]
    """Keys of units of the edition who owe nothing in the plan's line."""

    @classmethod
    def opened(cls, done: TakenIn, results: PublishedResults) -> WeakPublishedOut:
        """Return it as it leaves."""
        taken, edition = WeakTakenOut.of(done), results.edition
        return cls(**vars(taken), edition=edition.sha256, decision=edition.decision, left=list(results.left))


class MeasureOut(_Out):
    """A measure; its number is that of its own obligation."""

    obligation: int
    party: str
    number: int
    """Of its criterion and party, from 1."""
    text: str
    answers: str
    percent: int
    """As it was said last."""
    remark: str
    said_at: datetime | None
    progress: Progress
    state: State
    due_on: date | None
    late: bool

    @classmethod
    def of(cls, line: MeasureLine) -> MeasureOut:
        """Return it as it leaves."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class ImprovedOut(_Out):
    """A criterion, or a unit's own plan, of which somebody owes the improvement."""

    obligation: int
    stage: str
    party: str
    party_name: str
    criterion: str
    """Number; empty: the unit's own plan."""
    criterion_title: str
    field: str
    field_title: str
    of_province: bool
    points: str | None
    """Reached last year; null: not known."""
    maximum: str | None
    cause: str
    state: State
    remedied: bool
    """Its obligation is accepted."""
    due_on: date | None
    late: bool
    progress: int
    """How far its measures are together, in per cent."""
    measures: list[MeasureOut]

    @classmethod
    def of(cls, line: CriterionLine) -> ImprovedOut:
        """Return it as it leaves."""
        plain = set(cls.model_fields) - {"points", "maximum", "measures"}
        points, maximum = (None if value is None else str(value) for value in (line.points, line.maximum))
        measures = [MeasureOut.of(one) for one in line.measures]
        return cls(**{name: getattr(line, name) for name in plain}, points=points, maximum=maximum, measures=measures)


class ImprovementOut(_Out):
    """The criteria and own plans of a cycle that one may read."""

    items: list[ImprovedOut]
