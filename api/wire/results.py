"""What goes over the wire to change results: exemptions, settings, a publication, rewards."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.wire.accounts import Asked
from api.wire.criteria import NodeKey
from api.wire.work import Day, NameOf, Reason, RemarkIn, Words
from evaluation.criteria.sets import Decision
from evaluation.scores.comparison import Obstacle
from evaluation.scores.index import IndexRules
from evaluation.scores.ranking import Band, By, RankingRules, TieRule
from evaluation.scores.settings import LONGEST_NAME, MOST_BANDS, MOST_DECIMALS_SHOWN, ResultRules
from evaluation.scores.showing import ScoresShown
from store.commands.results.publishing import Order
from store.commands.results.rewarding import Given

MOST_UNITS = 1000
PerCent = Annotated[Decimal, Field(ge=-1000, le=1000, max_digits=12, decimal_places=6)]
UnitKey = Annotated[str, Field(min_length=1, max_length=200, examples=["xa-1"])]


class ExemptIn(RemarkIn):
    """A unit is not measured by a leaf, or by all leaves under a criterion or field."""

    unit: UnitKey
    """Key."""
    node: NodeKey
    approver: NameOf = Field(default="", examples=["head.so-noi-vu"])
    """Key of the contact who approved; left out: whoever asks."""
    reason: Reason
    preview: bool = False
    """Say what it would do, and do nothing."""


class BandIn(Asked):
    """A band (loại): from so many per cent on."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] = Field(examples=["Tốt"])
    least: PerCent = Field(examples=["90"])


class RulesIn(RemarkIn):
    """How results are worked out and ranked."""

    survey_held: bool | None = None
    """Left out: as the plan says."""
    cap: PerCent | None = None
    """The most per cent after bonus; left out: no cap."""
    floor: PerCent | None = None
    ties: TieRule = TieRule.SHARED
    tie_keys: list[NameOf] = Field(default_factory=list, max_length=20, examples=[["points"]])
    """What breaks ties, the first first: `points`, or the key of a field."""
    bands: list[BandIn] = Field(default_factory=list, max_length=MOST_BANDS)
    bands_by: By = By.EXACT
    decimals: Annotated[int, Field(ge=0, le=MOST_DECIMALS_SHOWN)] = 2
    unranked: list[UnitKey] = Field(default_factory=list, max_length=MOST_UNITS)
    """Keys of special units: evaluated, not ranked."""
    weak_below: PerCent = Decimal(50)
    appraised_scores_shown: ScoresShown = ScoresShown.AFTER_APPRAISAL
    """When a unit sees what its appraisers gave."""
    allowed: list[Obstacle] = Field(default_factory=list, max_length=len(Obstacle))
    """What does not stand against comparing with last year."""
    everywhere: bool = False
    """For every cycle of the authority that has no settings of its own."""
    reason: Reason

    def rules(self, *, held: bool) -> ResultRules:
        """Return them as the command takes them; `held`: whether the plan holds a survey."""
        return ResultRules(
            index=IndexRules(survey_held=held if self.survey_held is None else self.survey_held, cap=self.cap, floor=self.floor),
            ranking=RankingRules(
                ties=self.ties,
                tie_keys=tuple(self.tie_keys),
                bands=tuple(Band(name=one.name, least=one.least) for one in self.bands),
                bands_by=self.bands_by,
                decimals=self.decimals,
            ),
            unranked=tuple(self.unranked),
            weak_below=self.weak_below,
            appraised_scores_shown=self.appraised_scores_shown,
            allowed=frozenset(self.allowed),
        )


class PublishIn(Asked):
    """A publication, under a decision."""

    number: NameOf = Field(default="", examples=["617/QĐ-UBND"])
    dated: Day | None = None
    issuer: NameOf = ""
    accepted: Words = ""
    """Why it is published though scores are missing; empty: then it is refused, with the list."""
    corrects: Annotated[int, Field(ge=1, le=999_999)] | None = None
    """Number of the edition that it corrects."""
    reason: Words = ""
    """Of a correction."""
    seen: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""
    """The digest that a preview showed: what was seen is what is published, or nothing."""

    @property
    def order(self) -> Order:
        """It as the command takes it."""
        decision = Decision(number=self.number.strip(), dated=self.dated, issuer=self.issuer.strip())
        return Order(decision=decision, accepted=self.accepted, corrects=self.corrects, reason=self.reason)


class RewardIn(Asked):
    """A reward of a unit, or of somebody in it."""

    unit: UnitKey
    person: NameOf = ""
    """Name of an individual; left out: the unit is rewarded."""
    form: NameOf = Field(default="Bằng khen", min_length=1)
    decision: NameOf = Field(min_length=1, examples=["88/QĐ-UBND"])
    decided_on: Day | None = None

    @property
    def given(self) -> Given:
        """It as the command takes it."""
        return Given(unit=self.unit, person=self.person, form=self.form, decision=self.decision, decided_on=self.decided_on)


LeafPart = Literal["units", "leaves"]
