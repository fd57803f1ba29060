"""What goes over the wire about the council."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.wire.accounts import Asked
from api.wire.work import Day, NameOf, Reason, Words
from config.criteria_points import points
from evaluation.scores.council import Choice, How, Post
from store.commands.council.voting import Brought

MOST_MEMBERS = 200
_Place = Annotated[int, Field(ge=1, le=9_999)]


def _number(text: str) -> str:
    if points(text) is None:
        message = "viết số điểm như 10,5 / write points like 10.5"
        raise ValueError(message)
    return text


Points = Annotated[str, Field(max_length=12, examples=["4.5"]), AfterValidator(_number)]


class NamedIn(Asked):
    """Somebody who is named to the council."""

    contact: NameOf = Field(min_length=1, examples=["head.so-tu-phap"])
    post: Post = Post.MEMBER
    unit: NameOf = ""
    """Key of the unit that they belong to and do not vote on; left out: that of their post."""


class CouncilMembersIn(Asked):
    """The council, as a decision names it."""

    decision: Reason = Field(examples=["12/QĐ-UBND ngày 05/01/2026"])
    members: list[NamedIn] = Field(min_length=1, max_length=MOST_MEMBERS)


class SessionIn(Asked):
    """A session, and who was there."""

    held_on: Day
    present: list[NameOf] = Field(default_factory=list, max_length=MOST_MEMBERS, examples=[["head.so-tu-phap"]])
    votes_by: Day | None = None
    """The last day on which members vote by themselves; who has not is told now and before it. Left out: until it is closed."""


class CouncilMinutesIn(Asked):
    """Minutes of a session (biên bản)."""

    session: _Place
    number: Reason = Field(examples=["03/BB-HĐTĐ ngày 20/02/2026"])
    text: Words = ""


class MatterIn(Asked):
    """What is brought before a session."""

    session: _Place
    words: Reason = Field(examples=["Thông qua kết quả thẩm định"])
    unit: NameOf = ""
    """Key of the unit that it is about; empty: all."""
    scores: dict[NameOf, Points] = Field(default_factory=dict, max_length=500, examples=[{"2.1": "4.5"}])
    """Final scores by leaf, settled if it is carried."""
    why: Words = ""

    @property
    def matter(self) -> Brought:
        """The matter as a record."""
        scores = {node: points(text) or Decimal(0) for node, text in self.scores.items()}
        return Brought(words=self.words, unit=self.unit, scores=scores, why=self.why)


class VoteIn(Asked):
    """A member's vote."""

    contact: NameOf = Field(min_length=1, examples=["head.so-tu-phap"])
    choice: Choice
    how: How = How.PRESENT


class VotesIn(Asked):
    """Votes on a matter; a member's new vote takes the place of the earlier one."""

    session: _Place
    matter: _Place
    votes: list[VoteIn] = Field(min_length=1, max_length=MOST_MEMBERS)


class RecommendationIn(Asked):
    """What the council recommends."""

    text: Reason
    to: NameOf = Field(min_length=1, examples=["so-noi-vu"])
    """Key of the party that it is made to."""
    due_on: Day | None = None


class ResolveIn(Asked):
    """The end of a vote."""

    session: _Place
    matter: _Place
    recommendations: list[RecommendationIn] = Field(default_factory=list, max_length=100)


class CloseSessionIn(Asked):
    """Which session is closed."""

    session: _Place


class OwnVoteIn(Asked):
    """One's own vote on a matter; a new one takes the place of the earlier one."""

    session: _Place
    matter: _Place
    choice: Choice


class OwnConflictIn(Asked):
    """One's own conflict of interest about a unit."""

    unit: NameOf = Field(min_length=1, examples=["xa-31813"])
    reason: Reason


class ConflictIn(OwnConflictIn):
    """A member's conflict of interest about a unit."""

    contact: NameOf = Field(min_length=1, examples=["head.so-tu-phap"])


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)


class CouncilMemberOut(_Read):
    """A member."""

    contact: str
    name: str
    post: str
    unit: str
    """Key of the unit that they belong to; empty: of none."""
    unit_name: str
    decision: str
    conflicts: list[str]
    """Keys of the units about which they declared a conflict of interest."""
    mine: bool
    """It is who asks."""


class VoteOut(_Read):
    """A vote."""

    contact: str
    name: str
    choice: str
    """Empty: the votes are secret, and it is not one's own."""
    how: str


class RecommendationOut(_Read):
    """What the council recommends."""

    number: int
    text: str
    to: str
    due_on: date | None


class MatterOut(_Read):
    """A matter, its votes and what came of it."""

    number: int
    words: str
    unit: str
    unit_name: str
    scores: dict[str, str]
    why: str
    hidden: bool
    """It has scores of the unit of who asks that this unit is not shown yet; they are left out, with the reason."""
    outcome: str
    """`carried`, `lost`; empty: not resolved yet."""
    by_chair: bool
    entitled: list[str]
    """Contacts of the session's members who may vote on it, or might when it was counted."""
    base: int
    """Of how many the majority is asked."""
    votes: list[VoteOut]
    counts: dict[str, int] | None
    """Votes by choice; None: they are secret and not counted yet."""
    recommendations: list[RecommendationOut]


class CouncilSessionOut(_Read):
    """A session."""

    number: int
    held_on: date
    present: list[str]
    members: list[CouncilMemberOut]
    """The council as it stood when the session met: quorum and majority are asked of these."""
    minutes: str
    minutes_text: str
    votes_by: date | None
    closed: bool
    takes_votes: bool
    """Of members by themselves, today."""
    matters: list[MatterOut]


class CouncilRulesOut(_Read):
    """How the council decides, by the plan."""

    quorum: Decimal
    majority: Decimal
    base: str
    in_writing: bool
    chair_decides: bool
    secret: bool
    remind_before: int


class CouncilOut(_Read):
    """The council of a cycle; its number is that of its obligation."""

    id: int
    cycle: int
    party: str
    state: str
    rules: CouncilRulesOut
    members: list[CouncilMemberOut]
    sessions: list[CouncilSessionOut]
