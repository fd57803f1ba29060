"""
Council (Hội đồng thẩm định): members, quorum, votes present or in writing, and what is settled by them.

More than half of the members must take part, and more than half of them agree (Hà Nội: > 50 % of members, present or in writing, domain
§14.5); both shares are settings. A member of a unit, or one who declared a conflict of interest about it, does not vote on it and is not
counted among those entitled. Nothing is settled without a quorum.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.scores.faults import At, ScoreError, fault, refusal, require
from evaluation.scores.filling import settle
from evaluation.scores.rules import Base, CouncilRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from evaluation.plans import Plan
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.filling import Act
    from evaluation.scores.sheets import Sheet


class Post(StrEnum):
    """What a member is in the council."""

    CHAIR = "chair"
    VICE_CHAIR = "vice-chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class Choice(StrEnum):
    """What a member votes."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class How(StrEnum):
    """How a vote was given."""

    PRESENT = "present"
    WRITING = "writing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member of the council."""

    key: str
    unit: str = ""  #: the unit that they belong to
    post: Post = Post.MEMBER
    conflicts: frozenset[str] = frozenset()  #: units about which they declared a conflict of interest

    def is_barred(self, unit: str) -> bool:
        """Return whether they do not vote on a unit: their own, or one about which they declared a conflict of interest."""
        return bool(unit) and (unit == self.unit or unit in self.conflicts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """A member's vote on a matter."""

    member: str
    choice: Choice
    at: datetime
    how: How = How.PRESENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """What is voted on."""

    key: str
    words: str
    unit: str = ""  #: the unit that it is about; empty: all


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """What came of a vote that was quorate."""

    matter: Matter
    entitled: tuple[str, ...]
    excused: tuple[str, ...]  #: members of the unit that it is about, and those with a conflict of interest
    votes: tuple[Vote, ...]
    carried: bool
    by_chair: bool = False  #: the chair's side decided

    def count(self, choice: Choice) -> int:
        """Return how many voted so."""
        return sum(vote.choice is choice for vote in self.votes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """What the council recommends (kiến nghị)."""

    text: str
    to: str  #: the party that it is made to
    unit: str = ""  #: the unit that it is about; empty: all
    due_on: date | None = None


def rules_of_plan(plan: Plan) -> CouncilRules:
    """Return what a plan says of how its council decides; one that says nothing goes by more than half."""
    stages = (stage for stage in plan.stages if stage.kind is StageKind.COUNCIL_DECISION)
    return next((stage.council for stage in stages if stage.council is not None), CouncilRules())


def resolve(members: Sequence[Member], matter: Matter, votes: Sequence[Vote], *, rules: CouncilRules) -> Resolved:
    """
    Return what the council resolved on a matter.

    Raises:
        ScoreError: votes of strangers, of members of the unit concerned, given twice, in writing where that does not count; no quorum.
    """
    excused = tuple(one.key for one in members if one.is_barred(matter.unit))
    entitled = tuple(one.key for one in members if one.key not in excused)
    require(_vote_faults(matter, votes, members=members, rules=rules))
    if not _above(len(votes), rules.quorum, len(entitled)):
        at, took_part = At(unit=matter.unit), len(votes)
        raise refusal("no-quorum", at, matter=matter.words, count=took_part, entitled=len(entitled), share=rules.quorum)
    agreed = sum(vote.choice is Choice.FOR for vote in votes)
    base = len(entitled) if rules.base is Base.ENTITLED else len(votes)
    carried = _above(agreed, rules.majority, base)
    chair = next((one.key for one in members if one.post is Post.CHAIR), "")
    by_chair = (
        not carried
        and rules.chair_decides
        and Decimal(agreed) * 100 == rules.majority * base
        and any(vote.member == chair and vote.choice is Choice.FOR for vote in votes)
    )
    return Resolved(matter=matter, entitled=entitled, excused=excused, votes=tuple(votes), carried=carried or by_chair, by_chair=by_chair)


def settle_resolved(sheet: Sheet, resolved: Resolved, scores: Mapping[str, Decimal], *, act: Act) -> Sheet:
    """
    Return a unit's sheet with the final scores that the council settled, all of them or none.

    Raises:
        ScoreError: the matter was not carried or is about another unit; a score that cannot be the leaf's.
    """
    at = At(unit=sheet.scope.unit)
    if not resolved.carried:
        raise refusal("not-carried", at, matter=resolved.matter.words)
    if resolved.matter.unit not in {"", sheet.scope.unit}:
        raise refusal("matter-of-another-unit", at, unit=resolved.matter.unit)
    faults: list[ScoreFault] = []
    for node, points in scores.items():
        try:
            sheet = settle(sheet, node, points, act=act)
        except ScoreError as error:
            faults += error.faults
    require(faults)
    return sheet


def recommend(resolved: Resolved, recommendations: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """Return the recommendations as made; ScoreError where the matter was not carried, or one says nothing or is made to nobody."""
    require(_recommendation_faults(resolved, recommendations))
    return tuple(recommendations)


def _vote_faults(matter: Matter, votes: Sequence[Vote], *, members: Sequence[Member], rules: CouncilRules) -> Iterator[ScoreFault]:
    known = {one.key: one for one in members}
    seen: set[str] = set()
    for vote in votes:
        at = At(unit=matter.unit, about=vote.member)
        member = known.get(vote.member)
        if member is None:
            yield fault("vote-of-stranger", at)
        elif member.is_barred(matter.unit):
            yield fault("vote-on-own-unit" if member.unit == matter.unit else "vote-with-conflict", at)
        if vote.member in seen:
            yield fault("voted-twice", at)
        if vote.how is How.WRITING and not rules.in_writing:
            yield fault("vote-in-writing", at)
        seen.add(vote.member)


def _recommendation_faults(resolved: Resolved, recommendations: Sequence[Recommendation]) -> Iterator[ScoreFault]:
    if not resolved.carried:
        yield fault("not-carried", At(unit=resolved.matter.unit), matter=resolved.matter.words)
    for number, one in enumerate(recommendations, start=1):
        if not one.text.strip() or not one.to.strip():
            yield fault("recommendation-empty", At(unit=one.unit), number=number)


def _above(count: int, share: Decimal, whole: int) -> bool:
    """Return whether a count is more than a share, in per cent, of the whole."""
    return Decimal(count) * 100 > share * whole
