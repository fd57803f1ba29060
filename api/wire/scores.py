"""What comes over the wire about sheets: what is typed into a leaf, an appraisal, an explanation and its ruling."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.wire.accounts import Asked
from evaluation.scores.methods import Given

Number = Annotated[Decimal, Field(max_digits=30, decimal_places=15, examples=["2.5"])]
Version = Annotated[int, Field(ge=0, le=10**9, examples=[0])]
Words = Annotated[str, Field(max_length=4_000)]
NodeKey = Annotated[str, Field(min_length=1, max_length=60, examples=["1.1"])]


class ScoreLeafIn(Asked):
    """What a unit says of a leaf; nothing at all clears it."""

    version: Version
    """Of the leaf, as it was seen; 0 where nobody has touched it."""
    level: Annotated[int, Field(ge=-1_000, le=1_000)] | None = None
    """Levels: which one, from 1."""
    done: Number | None = None
    """Ratio: so many …"""
    of: Number | None = None
    """… of so many."""
    rate: Number | None = None
    """Ratio: the share itself, in per cent."""
    errors: Annotated[int, Field(ge=-1_000_000, le=1_000_000)] | None = None
    """Deduction: how many."""
    points: Number | None = None
    """The points themselves, where the method takes them."""
    explanation: Words = ""
    """How it was scored; required where there is no evidence."""

    @property
    def given(self) -> Given | None:
        """What the score is worked out from; None where nothing was said."""
        values = self.model_dump(include={"level", "done", "of", "rate", "errors", "points"}, exclude_none=True)
        return Given(**values) if values else None


class AppraiseLeafIn(Asked):
    """What an appraiser says of a leaf."""

    version: Version
    points: Number
    remark: Words = ""
    """Why; required where the score differs from the unit's."""


class TakeOverIn(Asked):
    """Whose scores are taken over."""

    unit: Annotated[str, Field(min_length=1, max_length=60, examples=["so-khoa-hoc-cong-nghe"])]
    """Key of the predecessor."""


class AcceptedLeafIn(Asked):
    """A leaf whose self score is to stand."""

    node: NodeKey
    version: Version


class AcceptScoresIn(Asked):
    """Self scores that are to stand as they are."""

    leaves: Annotated[list[AcceptedLeafIn], Field(max_length=500)] = Field(default_factory=list, max_length=500)
    """As a preview showed them; left out: all that are yours and may be accepted."""
    preview: bool = False
    """Only look: which they would be."""


class SeenIn(Asked):
    """Which version of a leaf was seen."""

    version: Version


class ReturnedLeafIn(Asked):
    """A leaf that is given back."""

    node: NodeKey
    remark: Words
    """What is to be mended."""


class ReturnLeavesIn(Asked):
    """Leaves that are given back to their unit in one round."""

    leaves: Annotated[list[ReturnedLeafIn], Field(min_length=1, max_length=500)]


class ExplainLeafIn(Asked):
    """Why the appraised score of a leaf is not right; empty takes it back."""

    version: Version
    text: Words


class RuleOnLeafIn(Asked):
    """What is decided on the explanation of a leaf."""

    version: Version
    accepted: bool
    points: Number | None = None
    """Of an accepted one: the appraised score that follows; else the unit's own."""
    reason: Words = ""
    """Required where it is refused."""
