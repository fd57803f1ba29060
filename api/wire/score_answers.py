"""What goes over the wire about sheets: a leaf with its three scores, a sheet, a history, appraisals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from api.wire.schemas import Instant, Wire
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.methods import Given
from evaluation.scores.numbers import number_written

if TYPE_CHECKING:
    from evaluation.scores.faults import ScoreFault
    from notifications.letters import Language
    from store.commands.scores.accepting import Acceptance
    from store.queries.appraisals import AppraisalLine
    from store.queries.score_history import ChangeLine
    from store.queries.scores import BeforeLine, LeafLine, SheetView


class FileOut(Wire):
    """A piece of evidence of a leaf."""

    id: int
    name: str


class LeafOut(Wire):
    """A leaf of a unit's sheet: three scores side by side, and what was said."""

    node: str
    title: str
    method: str
    maximum: str
    evidence_required: bool
    """The criteria set asks for evidence: an explanation alone leaves it missing."""
    version: int
    state: str
    """In the language that was asked for."""
    given: dict[str, str]
    """What the self score was worked out from."""
    self_score: str | None
    appraised: str | None
    final: str | None
    hidden: bool
    """It was appraised; who asks sees the score later, as the settings of results say."""
    last_year: str | None
    explanation: str
    ruling: str
    """On the explanation: `open`, `accepted`, `refused`; empty where it answers nothing."""
    ruling_why: str
    remark: str
    returned: str
    """Why it was given back; empty: it is not."""
    lead: str
    """Key of the party that leads it today."""
    claimed_by: str
    confirmed: bool
    files: list[FileOut]

    @classmethod
    def of(cls, line: LeafLine, *, language: Language) -> LeafOut:
        """Return a leaf as it is told."""
        node, entry = line.step.node, line.entry
        said = entry.explanation
        given = entry.given
        values = {} if given is None else {name: getattr(given, name) for name in Given.__slots__}
        return cls(
            node=node.key,
            title=node.title,
            method=node.scoring.method.value if node.scoring is not None else "",
            maximum=_written(node.maximum) or "0",
            evidence_required=node.evidence_required,
            version=line.version,
            state=line.state.text(language.value),
            given={name: number_written(Decimal(value)) for name, value in values.items() if value is not None},
            self_score=_written(entry.self_score),
            appraised=_written(entry.appraised),
            final=_written(entry.final),
            hidden=line.hidden,
            last_year=_written(line.last_year),
            explanation=said.text if said is not None else "",
            ruling=said.ruling.value if said is not None and said.answers else "",
            ruling_why=said.why if said is not None else "",
            remark=entry.remark,
            returned=entry.returned,
            lead=line.lead,
            claimed_by=line.claimed_by,
            confirmed=line.confirmed,
            files=[FileOut(id=ident, name=name) for ident, name in line.files],
        )


class LackOut(Wire):
    """One thing that a sheet lacks."""

    node: str
    code: str
    text: str

    @classmethod
    def of(cls, fault: ScoreFault, *, language: Language) -> LackOut:
        """Return it as it is told."""
        return cls(node=fault.node, code=fault.code, text=fault.text(language.value))


class BeforeOut(Wire):
    """A predecessor whose sheet came to the unit within the year."""

    unit: str
    name: str
    scores: dict[str, str]
    """Its own scores, by leaf: a source beside the unit's; they count nowhere until they are taken over."""

    @classmethod
    def of(cls, line: BeforeLine) -> BeforeOut:
        """Return a predecessor as it is told."""
        return cls(unit=line.unit, name=line.name, scores={node: number_written(points) for node, points in line.scores.items()})


class SheetOut(Wire):
    """The sheet that an obligation is about."""

    obligation: int
    cycle: int
    kind: StageKind
    state: State
    unit: str
    unit_name: str
    rounds: int
    """How often it was returned for correction."""
    done: int
    """Of so many leaves wanted, as far as this obligation brings them."""
    wanted: int
    leaves: list[LeafOut]
    missing: list[LackOut]
    """What keeps it from being handed in."""
    warnings: list[LackOut]
    """Required evidence that is missing; beside an explanation it keeps nothing from being handed in, and the leaf is judged by itself."""
    ready: bool
    """Whether nothing keeps it from being handed in."""
    given_back: list[str] | None
    """Leaves that the unit may change in the round of correction that runs, in the order of the sheet; null: all that are open."""
    predecessors: list[BeforeOut]
    """Units that were merged into this one within the year, with what they had scored."""

    @classmethod
    def of(cls, view: SheetView, *, language: Language) -> SheetOut:
        """Return a sheet as it is told."""
        plain = ("obligation", "cycle", "kind", "state", "unit", "unit_name", "rounds", "done", "wanted")
        return cls(
            leaves=[LeafOut.of(line, language=language) for line in view.lines],
            missing=[LackOut.of(one, language=language) for one in view.faults],
            warnings=[LackOut.of(one, language=language) for one in view.warnings],
            ready=not view.faults,
            given_back=None if view.given_back is None else list(view.given_back),
            predecessors=[BeforeOut.of(one) for one in view.predecessors],
            **{name: getattr(view, name) for name in plain},
        )


class ScoreChangeOut(Wire):
    """One value of a leaf was changed: who, when, old, new, why."""

    at: Instant
    who: str
    contact: int | None
    what: str
    old: str
    new: str
    why: str
    version: int


class LeafHistoryOut(Wire):
    """The history of a leaf, oldest first."""

    node: str
    items: list[ScoreChangeOut]

    @classmethod
    def of(cls, node: str, lines: list[ChangeLine]) -> LeafHistoryOut:
        """Return a history as it is told."""
        return cls(node=node, items=[ScoreChangeOut.model_validate(line) for line in lines])


class AppraisalOut(Wire):
    """How far the appraisal of a unit is."""

    obligation: int
    unit: str
    unit_name: str
    state: State
    own: bool
    """Only the leaves that are yours are counted: those you lead, or that your appraisal is charged with."""
    appraised: int
    wanted: int
    waiting: int
    """For a score: neither appraised nor returned."""
    reduced: int | None
    """Null: of your own unit, not told yet."""
    returned: int
    due_on: date | None
    days_left: int | None
    """Calendar days to the due date, negative once it is over; null: no due, or handed in."""


class AppraisalsOut(Wire):
    """The appraisals of a cycle."""

    items: list[AppraisalOut]

    @classmethod
    def of(cls, lines: list[AppraisalLine]) -> AppraisalsOut:
        """Return them as they are told."""
        return cls(items=[AppraisalOut.model_validate(line) for line in lines])


class AcceptedLeafOut(Wire):
    """A leaf whose self score stands, or would."""

    node: str
    title: str
    points: str
    version: int
    """As it was seen; send it back to accept what was looked at."""


class LeftLeafOut(Wire):
    """A leaf that is left out: it is judged by itself."""

    node: str
    title: str
    why: str
    """`settled`, `returned`, `judged`, `not-scored`, `no-evidence`, `claimed`."""
    text: str
    """The same in the language that was asked for; of a claim, whose it is."""


class AcceptedOut(Wire):
    """Self scores that stand, or would, and the leaves of yours that are left out."""

    leaves: list[AcceptedLeafOut]
    left: list[LeftLeafOut]

    @classmethod
    def of(cls, done: Acceptance, *, language: Language) -> AcceptedOut:
        """Return them as they are told."""
        return cls(
            leaves=[
                AcceptedLeafOut(node=one.node, title=one.title, points=number_written(one.points), version=one.version)
                for one in done.accepted
            ],
            left=[
                LeftLeafOut(node=one.node, title=one.title, why=one.why.name.lower().replace("_", "-"), text=one.text(language.value))
                for one in done.left
            ],
        )


class AskedOut(Wire):
    """The explanation that was asked for."""

    obligation: int | None
    """None: nothing is reduced, or a window stands open already."""


def _written(points: Decimal | None) -> str | None:
    return None if points is None else number_written(points)
