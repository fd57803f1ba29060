"""
Sheets (phiếu chấm điểm): a unit's leaves, each with its self, appraised and final score side by side, explanation, evidence and remark.

Every change is kept as a record: who, when, which value, old, new, why (domain §12). Where evidence is missing the unit must explain how
it scored (domain §3). What the sheet says of a leaf is read from its values; nothing of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.index import is_survey
from evaluation.statuses import Status, unit_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal

    from evaluation.criteria.sets import Node, Step
    from evaluation.scores.exemptions import Scope
    from evaluation.scores.methods import Given


class Part(StrEnum):
    """Whose score of a leaf; the three always stand side by side."""

    SELF = "self"
    APPRAISED = "appraised"
    FINAL = "final"


#: Vietnamese, English.
PARTS: dict[Part, tuple[str, str]] = {
    Part.SELF: ("điểm tự chấm", "self score"),
    Part.APPRAISED: ("điểm thẩm định", "appraised score"),
    Part.FINAL: ("điểm chính thức", "final score"),
}


class Ruling(StrEnum):
    """What became of an explanation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class LeafState(Enum):
    """How far a leaf has got, in Vietnamese and English."""

    NOT_APPLICABLE = ("Không áp dụng", "not applicable")
    NOT_SCORED = ("Chưa chấm", "not scored")
    SCORED = ("Đã tự chấm", "self-scored")
    RETURNED = ("Trả lại để bổ sung", "returned")
    AWAITING_EXPLANATION = ("Chờ giải trình", "awaiting explanation")
    EXPLAINED = ("Đã giải trình", "explained")
    APPRAISED = ("Đã thẩm định", "appraised")
    SETTLED = ("Đã có điểm chính thức", "final score settled")

    def text(self, language: str = "vi") -> str:
        """Return the state's name."""
        return self.value[0] if language == "vi" else self.value[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A unit's explanation (giải trình) of a leaf."""

    text: str
    answers: bool  #: it answers an appraised score; else it says how the unit scored
    ruling: Ruling = Ruling.OPEN
    why: str = ""  #: why it was accepted or refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a sheet holds of one leaf; None and empty: not yet."""

    node: str
    given: Given | None = None  #: what the self score was worked out from
    self_score: Decimal | None = None
    appraised: Decimal | None = None
    final: Decimal | None = None
    explanation: Explanation | None = None
    evidence: tuple[str, ...] = ()  #: keys of files, in the order of the unit
    remark: str = ""  #: the appraiser's (ý kiến thẩm định)
    returned: str = ""  #: why the leaf was returned for correction; empty: it is not

    def score(self, part: Part) -> Decimal | None:
        """Return one of the three scores."""
        return {Part.SELF: self.self_score, Part.APPRAISED: self.appraised, Part.FINAL: self.final}[part]

    @property
    def is_reduced(self) -> bool:
        """Whether the appraisal gave less than the unit."""
        return self.appraised is not None and self.self_score is not None and self.appraised < self.self_score


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One value of one leaf was changed: who, when (UTC), what, old, new, why."""

    at: datetime
    by: str
    node: str
    what: str  #: `self`, `appraised`, `final`, `explanation`, `ruling`, `evidence`, `remark`, `returned`
    old: str
    new: str
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A unit's sheet in a cycle."""

    scope: Scope
    entries: Mapping[str, Entry] = field(default_factory=dict)
    history: tuple[Change, ...] = ()  #: oldest first; nothing is ever taken out

    def entry(self, node: str) -> Entry:
        """Return what is there of a leaf; an empty entry before anything was said."""
        return self.entries.get(node) or Entry(node=node)

    def scores(self, part: Part) -> dict[str, Decimal]:
        """Return the scores of one part by leaf, of what the unit owes, as the index is worked out from."""
        found = ((step.node.key, self.entry(step.node.key).score(part)) for step in self.scope.owed)
        return {key: points for key, points in found if points is not None}

    def changed(self, entry: Entry, *changes: Change) -> Sheet:
        """Return the sheet with one entry in place of what it was, and the changes at the end of its history."""
        return replace(self, entries={**self.entries, entry.node: entry}, history=(*self.history, *changes))

    def history_of(self, node: str) -> tuple[Change, ...]:
        """Return what was changed about a leaf, oldest first."""
        return tuple(change for change in self.history if change.node == node)


class Lack(StrEnum):
    """What a unit has not handed in for a leaf."""

    SCORE = "score"
    EVIDENCE = "evidence"  #: required by the criteria set
    EXPLANATION = "explanation"  #: no evidence: it must say how it scored


#: Vietnamese, English.
LACKS: dict[Lack, tuple[str, str]] = {
    Lack.SCORE: ("chưa tự chấm", "not self-scored"),
    Lack.EVIDENCE: ("thiếu tài liệu kiểm chứng bắt buộc", "the required evidence is missing"),
    Lack.EXPLANATION: (
        "không có tài liệu kiểm chứng, phải giải trình cách chấm",
        "there is no evidence: it must be explained how it was scored",
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """One thing that a unit has not handed in."""

    node: str
    title: str
    lack: Lack

    def text(self, language: str = "vi") -> str:
        """Return it as one line."""
        return f"{self.node} {self.title}: {LACKS[self.lack][0 if language == 'vi' else 1]}"


def missing_of(sheet: Sheet) -> tuple[Missing, ...]:
    """
    Return what the unit has not handed in, in the order of the tree.

    Of leaves that it does not score itself (survey) and of bonus leaves that it does not ask for, nothing is missing. Required evidence
    is missing even beside an explanation: the explanation alone says why.
    """
    return tuple(
        Missing(node=step.node.key, title=step.node.title, lack=lack)
        for step in sheet.scope.owed
        for lack in _lacks(step.node, sheet.entry(step.node.key))
    )


def _lacks(node: Node, entry: Entry) -> Iterator[Lack]:
    if is_survey(node):
        return
    if entry.self_score is None:
        if not node.is_bonus:
            yield Lack.SCORE
        return
    if entry.evidence:
        return
    if node.evidence_required:
        yield Lack.EVIDENCE
    if entry.explanation is None:
        yield Lack.EXPLANATION


def leaf_state(sheet: Sheet, step: Step) -> LeafState:
    """Return how far a leaf has got: the furthest step that holds."""
    if sheet.scope.is_exempt(step):
        return LeafState.NOT_APPLICABLE
    entry = sheet.entry(step.node.key)
    if entry.final is not None:
        return LeafState.SETTLED
    if entry.returned:
        return LeafState.RETURNED
    if entry.appraised is None:
        return LeafState.NOT_SCORED if entry.self_score is None else LeafState.SCORED
    answer = entry.explanation if entry.explanation is not None and entry.explanation.answers else None
    if answer is None:
        return LeafState.AWAITING_EXPLANATION if entry.is_reduced else LeafState.APPRAISED
    return LeafState.EXPLAINED if answer.ruling is Ruling.OPEN else LeafState.APPRAISED


def sheet_status(sheet: Sheet, *, handed: State, published: bool = False) -> Status:
    """
    Return which of the officers' statuses the unit has (domain §13): the one table of `evaluation.statuses`, read from the leaves.

    `handed` is the state of its self-assessment; `published` says whether the result is.
    """
    states = [leaf_state(sheet, step) for step in sheet.scope.owed if not is_survey(step.node) and not step.node.is_bonus]
    return unit_status(_steps(states, handed=handed, published=published))


def _steps(states: list[LeafState], *, handed: State, published: bool) -> Iterator[tuple[StageKind, State]]:
    """Yield how far the leaves bring each kind of stage."""
    untouched = handed is State.OPEN and all(state is LeafState.NOT_SCORED for state in states)
    returned = handed is not State.OPEN and LeafState.RETURNED in states
    yield StageKind.SELF_ASSESSMENT, State.SCHEDULED if untouched else State.RETURNED if returned else handed
    known = {LeafState.APPRAISED, LeafState.AWAITING_EXPLANATION, LeafState.EXPLAINED, LeafState.SETTLED}
    if known & set(states):
        waiting = {LeafState.AWAITING_EXPLANATION, LeafState.EXPLAINED} & set(states)
        yield StageKind.APPRAISAL, State.ACCEPTED if known >= set(states) and not waiting else State.OPEN
    if LeafState.AWAITING_EXPLANATION in states:
        yield StageKind.EXPLANATION, State.OPEN
    elif LeafState.EXPLAINED in states:
        yield StageKind.EXPLANATION, State.SUBMITTED
    if states and all(state is LeafState.SETTLED for state in states):
        yield StageKind.COUNCIL_DECISION, State.ACCEPTED
    if published:
        yield StageKind.PUBLICATION, State.ACCEPTED
