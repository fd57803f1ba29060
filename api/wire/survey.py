"""What goes over the wire about a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.work import NameOf, Reason, Words
from evaluation.scores.ballots import Mode
from store.commands.survey.asking import MOST_CODES, Batch
from store.commands.survey.ballots import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.survey import Counts, SurveyView, UnitCounts

_Count = Annotated[int, Field(ge=0, le=100_000)]
_Name = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(sound_text)]


class QuestionsIn(Asked):
    """Question sets, as their YAML says them (docs/survey.md)."""

    yaml: Annotated[str, Field(min_length=1, max_length=700_000), AfterValidator(sound_text)]


class TableIn(Asked):
    """A table, as .xlsx or .csv in Base64."""

    file: Base64Bytes = Field(default=b"", max_length=4_000_000, examples=[""])
    name: NameOf = Field(default="", examples=["phieu.xlsx"])
    """What the file is called; its ending says what it is."""


class SampleIn(TableIn):
    """A sample plan: a table, or so many ballots per unit for each group of respondents."""

    quotas: dict[_Name, _Count] = Field(default_factory=dict, max_length=100, examples=[{"Người dân": 10}])
    mode: Mode = Mode.DIRECT

    @model_validator(mode="after")
    def _one_of_them(self) -> SampleIn:
        if bool(self.quotas) is bool(self.file):
            raise PydanticCustomError("one_plan", "gửi đúng một trong quotas, file / send one of quotas, file")
        return self


class BatchIn(Asked):
    """Ballots to be handed out."""

    unit: NameOf = Field(min_length=1, examples=["xa-1"])
    """Key of whom they are about."""
    respondents: _Name = Field(examples=["Người dân"])
    """The group of respondents, or the key of its question set."""
    count: Annotated[int, Field(ge=1, le=MOST_CODES)]
    from_unit: NameOf = ""
    """Key of where the respondents work, where it is known; never the unit itself."""

    @property
    def batch(self) -> Batch:
        """The ballots as a record."""
        return Batch(unit=self.unit, respondents=self.respondents, count=self.count, from_unit=self.from_unit)


class BallotIn(Asked):
    """A paper ballot."""

    number: NameOf = Field(min_length=1, examples=["0017"])
    """As written on it: it is entered once."""
    unit: NameOf = Field(min_length=1, examples=["xa-1"])
    respondents: _Name = Field(examples=["Người dân"])
    answers: dict[NameOf, NameOf] = Field(default_factory=dict, max_length=500, examples=[{"d1": "A"}])
    from_unit: NameOf = ""

    @property
    def paper(self) -> Paper:
        """The ballot as a record."""
        return Paper(number=self.number, unit=self.unit, respondents=self.respondents, answers=self.answers, from_unit=self.from_unit)


class BallotsIn(TableIn):
    """Ballots as LimeSurvey, KoboToolbox or a table has them; where the whole file is of one set or unit, it is named here."""

    unit: NameOf = ""
    respondents: Annotated[str, Field(max_length=600), AfterValidator(sound_text)] = ""


class CloseSurveyIn(Asked):
    """Why a survey is closed now, where that needs saying."""

    reason: Words = ""


class ReopenSurveyIn(Asked):
    """Why a closed survey takes ballots again."""

    reason: Reason


class ReopenedOut(BaseModel):
    """The survey takes ballots again."""

    reopened: bool


class FormOut(BaseModel):
    """Which version of the question sets is in force."""

    version: int


class PlannedBallotsOut(BaseModel):
    """How many ballots are planned in all."""

    planned: int


class CodesOut(BaseModel):
    """Codes, each for one ballot; they are shown now and never again."""

    codes: list[str]
    links: list[str]


class IssuedOut(BaseModel):
    """How many papers were handed out."""

    issued: int


class BallotOut(BaseModel):
    """Whether a ballot counts."""

    valid: bool


class ImportedOut(BaseModel):
    """How many ballots were taken in, and how many responses were never sent off."""

    ballots: int
    unfinished: int


class ClosedOut(BaseModel):
    """What closing came to."""

    units: int
    ballots: int
    notes: list[str]


class CountsOut(BaseModel):
    """Ballots planned, handed out, back, and valid."""

    model_config = ConfigDict(from_attributes=True)

    planned: int
    issued: int
    returned: int
    valid: int


class SurveyUnitOut(BaseModel):
    """A unit: its ballots by group of respondents, and its points by leaf once the survey is closed."""

    unit: str
    name: str
    group: str
    counts: dict[str, CountsOut]
    points: dict[str, str]
    left_out: list[str]

    @classmethod
    def of(cls, row: UnitCounts) -> SurveyUnitOut:
        """Return a row as it goes over the wire."""
        return cls(
            unit=row.unit,
            name=row.name,
            group=row.group,
            counts=_by_group(row.counts),
            points=dict(row.points),
            left_out=list(row.left_out),
        )


class SurveyOut(BaseModel):
    """The survey of a cycle."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    held: bool
    minimum: int
    too_few: Literal["refuse", "leave-out", "count"]
    form: int
    """Version of the question sets; 0: there are none yet."""
    title: str
    example: bool
    respondents: list[str]
    totals: dict[str, CountsOut]
    modes: dict[str, CountsOut]
    units: list[SurveyUnitOut]
    closed: bool
    note: str
    """What has to stand beside every result of a year without a survey."""

    @classmethod
    def of(cls, view: SurveyView) -> SurveyOut:
        """Return a survey as it goes over the wire."""
        return cls(
            held=view.rules.held,
            minimum=view.rules.minimum,
            too_few=view.rules.too_few.value,
            form=view.form,
            title=view.title,
            example=view.is_example,
            respondents=list(view.respondents),
            totals=_by_group(view.totals),
            modes=_by_group(view.modes),
            units=[SurveyUnitOut.of(row) for row in view.rows],
            closed=view.closed is not None,
            note=view.note("vi"),
        )


def _by_group(counts: Mapping[str, Counts]) -> dict[str, CountsOut]:
    return {group: CountsOut.model_validate(one) for group, one in counts.items()}
