"""What goes over the wire about reports that are asked for."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.wire.accounts import Asked
from api.wire.work import Day, NameOf, Reason, Words
from evaluation.asking import By, Count, RequestKind, RequestState, Within
from evaluation.obligations import State
from evaluation.plans import Selector
from store.commands.asking import LONGEST_TITLE, Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation.asking import Deadline
    from store.commands.asking import Sent
    from store.queries.asking import AnswerLine, RequestLine

MOST_NAMED = 1000
MOST_PARTS = 50


class WithinIn(Asked):
    """A period from now."""

    count: int = Field(ge=1, le=366)
    unit: Count
    """`hours`: an instant, whatever the day; `working`, `calendar`: days, today not counted, rolled forward."""


class AskIn(Asked):
    """What is asked for, of whom, by when."""

    title: Annotated[Reason, Field(max_length=LONGEST_TITLE)]
    asks: Words = ""
    kind: RequestKind = RequestKind.AD_HOC
    groups: list[NameOf] = Field(default_factory=list, max_length=MOST_NAMED)
    """Ranking groups that are asked; with `units` and `without` all empty: everybody of whom the plan lets it be asked."""
    units: list[NameOf] = Field(default_factory=list, max_length=MOST_NAMED)
    without: list[NameOf] = Field(default_factory=list, max_length=MOST_NAMED)
    within: WithinIn | None = None
    due_on: Day | None = None
    """The last day; in place of `within`. Neither: as the plan counts."""
    due_hour: time | None = Field(default=None, examples=["11:00"])
    """Local time at which that day ends; 24:00 if none."""
    items: list[NameOf] = Field(default_factory=list, max_length=MOST_PARTS)
    """Titles of the parts of what is to be delivered."""
    document: NameOf = ""
    document_on: Day | None = None
    addressee: NameOf = ""
    stage: NameOf = ""
    """Key of the plan's line; empty: the first by which all of them can be asked."""
    preview: bool = False
    """Only look: who would be asked, by when, how many mails."""

    @model_validator(mode="after")
    def _one_deadline(self) -> AskIn:
        if (self.within is not None and self.due_on is not None) or (self.due_hour is not None and self.due_on is None):
            kind = "one_deadline"
            raise PydanticCustomError(kind, "give `within`, or `due_on` with or without `due_hour`")
        return self

    @property
    def deadline(self) -> Deadline | None:
        """The deadline as it was given."""
        if self.within is not None:
            return Within(count=self.within.count, unit=self.within.unit)
        return None if self.due_on is None else By(on=self.due_on, at=_local(self.due_hour))

    @property
    def order(self) -> Order:
        """What is asked for, as the command takes it."""
        return Order(
            title=self.title,
            asks=self.asks,
            kind=self.kind,
            scope=Selector(groups=tuple(self.groups), keys=tuple(self.units), except_keys=tuple(self.without)),
            deadline=self.deadline,
            stage=self.stage,
            items=tuple(self.items),
            document=self.document,
            document_on=self.document_on,
            addressee=self.addressee,
        )


def _local(hour: time | None) -> time | None:
    return None if hour is None else time(hour.hour, hour.minute)


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class AskedOut(_Out):
    """What was asked, or would be."""

    key: str
    stage: str
    obligations: int
    due_on: date | None
    due_at: datetime | None
    off_day: bool
    """The deadline falls on a day that is not worked."""
    mails: int
    leaves_at: datetime
    """When the word leaves: at once where the deadline is within the day, else at the next slot."""
    units: list[str]
    """Keys of those who are asked."""
    unaddressed: list[str]
    """Keys of those with neither a contact nor a mailbox."""

    @classmethod
    def of(cls, sent: Sent, *, keys: Mapping[int, str]) -> AskedOut:
        """Return it as it leaves."""
        return cls(
            key=sent.key,
            stage=sent.stage,
            obligations=len(sent.obligations),
            due_on=sent.due_on,
            due_at=sent.due_at,
            off_day=sent.off_day,
            mails=sent.mails,
            leaves_at=sent.leaves_at,
            units=[keys[party] for party in sent.parties],
            unaddressed=[keys[party] for party in sent.unaddressed],
        )


class PartOut(_Out):
    """A part of what is to be delivered."""

    key: str
    title: str


class RequestOut(_Out):
    """A request, and how far it is."""

    key: str
    cycle: int
    stage: str
    kind: RequestKind
    state: RequestState
    title: str
    asks: str
    items: list[PartOut]
    document: str
    document_on: date | None
    addressee: str
    due_on: date | None
    due_at: datetime | None
    in_hours: bool
    asked_by: str
    asked_at: datetime
    cancelled_at: datetime | None
    cancelled_why: str
    total: int
    answered: int
    answered_late: int
    accepted: int
    returned: int
    late: int
    missing: int
    released: int


class RequestsOut(_Out):
    """The requests of a cycle, the last first."""

    items: list[RequestOut]


class AnswerOut(_Out):
    """One who was asked."""

    obligation: int
    party: str
    name: str
    state: State
    days_late: int | None
    rounds: int
    due_on: date | None
    due_at: datetime | None

    @classmethod
    def of(cls, line: AnswerLine) -> AnswerOut:
        """Return it as it leaves."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields if name != "party"}, party=line.key)


class RequestDetailOut(RequestOut):
    """A request with everybody who was asked."""

    answers: list[AnswerOut]

    @classmethod
    def with_answers(cls, line: RequestLine, answers: list[AnswerLine]) -> RequestDetailOut:
        """Return it as it leaves."""
        return cls(**RequestOut.model_validate(line).model_dump(), answers=[AnswerOut.of(one) for one in answers])


class CancelledOut(_Out):
    """What a cancellation came to."""

    key: str
    waived: int
    """How many need not answer any more."""
