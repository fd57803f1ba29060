"""Findings read as the rules see them: each with the obligations that followed of it, whoever owes them now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, select

from evaluation.inspections.findings import Claim, Finding, Outcome, Reinspection, Remedy
from evaluation.obligations import FINAL, State
from evaluation.papers import LETTER, PaperState, Purpose
from store.lives import read_obligations
from store.schema import ASKED_PAPER, FINDING, FINDING_STEP, OBLIGATION, PAPER, PAPER_ABOUT, SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from evaluation.obligations import Obligation

REMEDY, REINSPECTION, URGING, PROPOSAL, HANDLING = "remedy", "reinspection", "urging", "proposal", "handling"
FOLLOWING = (REMEDY, REINSPECTION, PROPOSAL, HANDLING)


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """Something that followed of a finding, with the obligation as it is owed now."""

    id: int
    kind: str
    number: int
    round: int
    stage: int
    subject: str
    at: datetime
    said: str
    said_at: datetime | None
    note: str
    document: str
    obligation: Obligation
    submitted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    """A finding as it is stored, with its steps in order and what the rules see of it."""

    id: int
    cycle: int
    authority: int
    inspection: int  #: obligation of the team
    unit: int  #: party about which it was found
    key: str
    text: str
    basis: str
    criterion: str
    days: int | None
    added_by: int | None
    at: datetime
    closed_at: datetime | None
    closed_by: str
    closed_why: str
    closed_basis: str
    steps: tuple[StepFacts, ...]
    finding: Finding

    def of(self, kind: str) -> tuple[StepFacts, ...]:
        """Return the steps of one kind, in order."""
        return tuple(step for step in self.steps if step.kind == kind)

    @property
    def remedy(self) -> StepFacts:
        """The remedy of the last round."""
        return self.of(REMEDY)[-1]

    @property
    def owner(self) -> int:
        """The party that owes its remedy now: the unit, or who took over from it."""
        return self.remedy.obligation.party

    @property
    def remedy_due(self) -> date | None:
        """The last included local date of the unit's own term."""
        return self.remedy.obligation.party_term.due_on


def read_findings(connection: Connection, where: ColumnElement[bool]) -> list[FindingFacts]:
    """Return the findings that a condition names, by id; the number of queries does not grow with them."""
    rows = connection.execute(select(FINDING).where(where).order_by(FINDING.c.id)).all()
    if not rows:
        return []
    chosen = select(FINDING.c.id).where(where)
    steps: dict[int, list[Row[Any]]] = defaultdict(list)
    for step in connection.execute(select(FINDING_STEP).where(FINDING_STEP.c.finding_id.in_(chosen)).order_by(FINDING_STEP.c.id)):
        steps[step.finding_id].append(step)
    owed = _Owed(
        now=_owed(connection, chosen), submitted=_submitted(connection, chosen), urged=urged_by_letter(connection, _theirs(chosen))
    )
    return [_facts(row, steps[row.id], owed=owed) for row in rows]


def urged_by_letter(connection: Connection, where: ColumnElement[bool]) -> frozenset[tuple[int, str]]:
    """
    Return stage and subject of the obligations of a condition that an urging letter speaks of: one still to be signed, or a signed one.

    A letter that was discarded, because nothing was owed any more or by hand, counts for none.
    """
    duty, place = OBLIGATION.alias("duty"), select(OBLIGATION.c.stage_id, OBLIGATION.c.subject)
    asked = (
        place.join(ASKED_PAPER, ASKED_PAPER.c.obligation_id == OBLIGATION.c.id)
        .join(duty, duty.c.id == ASKED_PAPER.c.duty_id)
        .where(where, duty.c.subject.like(f"{LETTER}/{Purpose.URGING.value}/%"), duty.c.state.not_in([state.value for state in FINAL]))
    )
    signed = (
        place.join(PAPER_ABOUT, PAPER_ABOUT.c.obligation_id == OBLIGATION.c.id)
        .join(PAPER, PAPER.c.id == PAPER_ABOUT.c.paper_id)
        .where(where, PAPER.c.purpose == Purpose.URGING.value, PAPER.c.state == PaperState.SIGNED.value)
    )
    return frozenset((row.stage_id, row.subject) for query in (asked, signed) for row in connection.execute(query))


def remedies_among(connection: Connection, obligations: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return which of these obligations are remedies of findings, by id with stage and subject."""
    same = and_(FINDING_STEP.c.stage_id == OBLIGATION.c.stage_id, FINDING_STEP.c.subject == OBLIGATION.c.subject)
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.subject).join(FINDING_STEP, same)
    found = connection.execute(query.where(FINDING_STEP.c.kind == REMEDY, OBLIGATION.c.id.in_(obligations)))
    return {row.id: (row.stage_id, row.subject) for row in found}


@dataclass(frozen=True, kw_only=True)
class _Owed:
    """What is known of the obligations of findings, by stage and subject, or by id."""

    now: Mapping[tuple[int, str], Obligation]
    submitted: Mapping[int, datetime]
    urged: frozenset[tuple[int, str]]


def _theirs(chosen: Any) -> ColumnElement[bool]:  # noqa: ANN401  a selection of SQLAlchemy
    """Return the condition of the obligations of steps, those handed to a successor and those taken over."""
    same = and_(FINDING_STEP.c.stage_id == OBLIGATION.c.stage_id, FINDING_STEP.c.subject == OBLIGATION.c.subject)
    return exists(select(FINDING_STEP.c.id).where(same, FINDING_STEP.c.finding_id.in_(chosen)).correlate(OBLIGATION))


def _owed(connection: Connection, chosen: Any) -> Mapping[tuple[int, str], Obligation]:  # noqa: ANN401
    """Return by stage and subject the obligation as it is owed now: the last that was not handed on."""
    theirs = _theirs(chosen)
    stages = dict(connection.execute(select(OBLIGATION.c.id, OBLIGATION.c.stage_id).where(theirs)).tuples().all())
    found: dict[tuple[int, str], Obligation] = {}
    for one in read_obligations(connection, theirs, history=True):
        key = (stages[one.id], one.subject)
        if key not in found or one.state is not State.TRANSFERRED:
            found[key] = one
    return found


def _submitted(connection: Connection, chosen: Any) -> Mapping[int, datetime]:  # noqa: ANN401
    last = func.max(SUBMISSION.c.at, type_=SUBMISSION.c.at.type)
    query = select(SUBMISSION.c.obligation_id, last).join(OBLIGATION, OBLIGATION.c.id == SUBMISSION.c.obligation_id)
    return dict(connection.execute(query.where(_theirs(chosen)).group_by(SUBMISSION.c.obligation_id)).tuples().all())


def _facts(row: Row[Any], rows: Iterable[Row[Any]], *, owed: _Owed) -> FindingFacts:
    steps = tuple(_step(step, owed=owed) for step in rows)
    names = ("id", "key", "text", "basis", "criterion", "days", "added_by", "at", "closed_at", "closed_by", "closed_why", "closed_basis")
    return FindingFacts(
        cycle=row.cycle_id,
        authority=row.authority_id,
        inspection=row.inspection_id,
        unit=row.unit_id,
        steps=steps,
        finding=_as_the_rules_see(row.key, steps, urged=owed.urged, closed=row.closed_at is not None),
        **{name: getattr(row, name) for name in names},
    )


def _step(row: Row[Any], *, owed: _Owed) -> StepFacts:
    obligation = owed.now[row.stage_id, row.subject]
    names = ("id", "kind", "number", "round", "subject", "at", "said", "said_at", "note", "document")
    plain = {name: getattr(row, name) for name in names}
    return StepFacts(stage=row.stage_id, obligation=obligation, submitted_at=owed.submitted.get(obligation.id), **plain)


def _as_the_rules_see(key: str, steps: Sequence[StepFacts], *, urged: frozenset[tuple[int, str]], closed: bool) -> Finding:
    by_kind: dict[str, list[StepFacts]] = defaultdict(list)
    for step in steps:
        by_kind[step.kind].append(step)
    return Finding(
        key=key,
        remedies=tuple(map(_remedy, by_kind[REMEDY])),
        reinspections=tuple(map(_reinspection, by_kind[REINSPECTION])),
        urged=frozenset(
            [step.round for step in by_kind[URGING]] + [step.round for step in by_kind[REMEDY] if (step.stage, step.subject) in urged]
        ),
        proposal=next((step.obligation.state for step in by_kind[PROPOSAL]), None),
        decided=next((step.obligation.state for step in by_kind[HANDLING]), None),
        closed=closed,
    )


def _remedy(step: StepFacts) -> Remedy:
    obligation = step.obligation
    return Remedy(
        round=step.round,
        state=obligation.state,
        due_at=obligation.party_term.due_at,
        suspended=obligation.suspended,
        submitted_at=step.submitted_at,
        days_late=obligation.days_late,
        claim=Claim(step.said) if step.said else None,
    )


def _reinspection(step: StepFacts) -> Reinspection:
    return Reinspection(
        number=step.number,
        round=step.round,
        state=step.obligation.state,
        raised_at=step.at,
        outcome=Outcome(step.said) if step.said else None,
        recorded_at=step.said_at,
    )
