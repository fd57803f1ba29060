"""What goes over the wire about criteria: a set's file, its tree, its versions, what another says otherwise, and what a cycle uses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, Field, model_validator
from pydantic_core import PydanticCustomError

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.schemas import Wire
from api.wire.work import Day, NameOf, RemarkIn, Words
from evaluation.criteria.sets import CriteriaSet, Decision, Lead, Method, Step, points_printed, walk
from evaluation.criteria.words import Changed

SetKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=52, examples=["nghe-an-3323-so"])]
NodeKey = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=40, examples=["2.1"])]


class CriteriaFileIn(Asked):
    """A criteria set's file: as YAML, or as a workbook."""

    yaml: Annotated[str, Field(max_length=700_000), AfterValidator(sound_text)] = ""
    """The YAML file, word by word."""
    workbook: Base64Bytes = Field(default=b"", max_length=900_000, examples=[""])
    """The .xlsx workbook in Base64, instead."""
    accept: Words = ""
    """Why it is to be taken in though it does not add up; empty: then it is refused."""

    @model_validator(mode="after")
    def _one_of_them(self) -> CriteriaFileIn:
        if bool(self.yaml) is bool(self.workbook):
            raise PydanticCustomError("one_file", "gửi đúng một trong yaml, workbook / send one of yaml, workbook")
        return self

    @property
    def file(self) -> tuple[str, bytes]:
        """What the file is called in faults, and its content."""
        return ("criteria.yaml", self.yaml.encode()) if self.yaml else ("criteria.xlsx", self.workbook)


class CriteriaIn(CriteriaFileIn):
    """A criteria set to be taken in; without number and date of its decision it is a draft."""

    number: NameOf = Field(default="", examples=["3323/QĐ-UBND"])
    """Number of its decision, where the file has none."""
    dated: Day | None = None
    issuer: NameOf = ""

    @property
    def decision(self) -> Decision | None:
        """The decision that is named beside the file."""
        return Decision(number=self.number, dated=self.dated, issuer=self.issuer) if self.number or self.dated else None


class CorrectionIn(CriteriaFileIn):
    """A correction of a published set, with the decision that corrects."""

    number: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(sound_text)] = Field(examples=["15/QĐ-UBND"])
    dated: Day
    issuer: NameOf = ""
    reason: Words = ""

    @property
    def decision(self) -> Decision:
        """The decision that corrects."""
        return Decision(number=self.number, dated=self.dated, issuer=self.issuer)


class CriteriaCopyIn(Asked):
    """What a copy is called."""

    key: SetKey
    version: Annotated[int | None, Field(ge=1, le=999_999)] = None
    """Of which version it is a copy; else of the newest."""
    title: NameOf = ""
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None


class LeadIn(RemarkIn):
    """Who leads a node and what is under it, from a day to a day."""

    node: NodeKey
    party: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(sound_text)]
    since: Day | None = None
    until: Day | None = None

    @property
    def lead(self) -> Lead:
        """The lead as a record."""
        return Lead(party=self.party, from_on=self.since, to_on=self.until)


class PinIn(RemarkIn):
    """Which version a cycle uses for a unit group."""

    group: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(sound_text)] = Field(examples=["so-ban-nganh"])
    criteria: Annotated[str, Field(min_length=1, max_length=70, pattern=r"^[a-z0-9-]+(/[0-9]{1,6})?$")] = Field(
        examples=["nghe-an-3323-so/1"]
    )
    """A set's key (its newest version), or `key/version`."""


class VersionOut(Wire):
    """A version of a criteria set."""

    key: str
    number: int
    state: Literal["draft", "published"]
    title: str
    decision: str
    decided_on: date | None
    accepted: str
    """Why it was taken in though it does not add up; empty: it does."""
    reason: str
    """Of a correction."""
    sha256: str
    entered_at: datetime
    contact: str
    """Key of who entered it; empty: the system."""


class PinOut(Wire):
    """Which version a cycle uses, or used, for a unit group."""

    cycle: int
    group: str
    number: int
    current: bool
    key: str
    version: int
    title: str
    reason: str
    basis: str
    pinned_at: datetime
    contact: str


class CriteriaListOut(Wire):
    """The criteria sets of an authority, and what its cycles use."""

    authority: str
    versions: list[VersionOut]
    pins: list[PinOut]


class PinListOut(Wire):
    """What a cycle uses and used."""

    items: list[PinOut]


class PinnedOut(Wire):
    """What a pin did."""

    pin: PinOut
    items: int
    """Leaves that a unit of the group hands in."""
    orphans: int
    """Pieces of evidence of leaves that are gone; they are kept."""


class NodeOut(Wire):
    """A field, criterion or sub-criterion, in the order of the tree."""

    key: str
    parent: str
    depth: int
    leaf: bool
    title: str
    points: Decimal
    """As printed, else the sum of what is under it; a text, so that no digit is lost."""
    method: Method | None
    groups: list[str]
    evidence: str
    evidence_required: bool
    lead: str
    """Key of who leads it today; empty: nobody."""
    example: bool
    """Name and points are made up: the source does not print them."""

    @classmethod
    def of(cls, step: Step, *, today: date) -> NodeOut:
        """Return a node as it is on a day."""
        node, lead = step.node, step.lead_on(today)
        return cls(
            key=node.key,
            parent=step.above[-1].key if step.above else "",
            depth=step.depth,
            leaf=node.is_leaf,
            title=node.title,
            points=points_printed(node) if node.maximum is None or not node.is_bonus else node.maximum,
            method=node.scoring.method if node.scoring else None,
            groups=list(step.groups),
            evidence=node.evidence,
            evidence_required=node.evidence_required,
            lead=lead.party if lead else "",
            example=node.example,
        )


class CriteriaOut(Wire):
    """A version of a criteria set with its tree."""

    version: VersionOut
    total: Decimal | None
    groups: list[str]
    note: str
    nodes: list[NodeOut]
    findings: list[str]
    """What does not add up; it was taken in with a reason."""

    @classmethod
    def of(cls, version: VersionOut, criteria: CriteriaSet, *, today: date, findings: list[str]) -> CriteriaOut:
        """Return a version as it is on a day."""
        nodes = [NodeOut.of(step, today=today) for step in walk(criteria)]
        groups = list(criteria.groups)
        return cls(version=version, total=criteria.total, groups=groups, note=criteria.note, nodes=nodes, findings=findings)


class CheckedOut(Wire):
    """A file that can be read, and what in it does not add up."""

    key: str
    title: str
    leaves: int
    findings: list[str]


class DifferenceOut(Wire):
    """One thing that is different about one node."""

    node: str
    title: str
    changed: Changed
    before: str
    after: str


class DifferencesOut(Wire):
    """What a version says otherwise than an earlier one, or another set."""

    items: list[DifferenceOut]
