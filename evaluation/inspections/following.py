"""
Following findings: what the rule asks for by itself, and what people may ask for.

A re-inspection comes when the unit has reported, or its term has passed. What a re-inspection found not remedied is urged by letter;
lateness is the ladder's, whose rung may ask for a letter; a round has one, whoever asks first. After so many rounds left uncorrected
the standing body proposes strict handling, and the chair decides. A finding that is closed asks for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.inspections.findings import REPORTED_STATES, Outcome, failed_rounds, uncorrected_rounds
from evaluation.obligations import State

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.inspections.findings import Finding

#: Uncorrected in so many rounds, strict handling is proposed, unless the plan says otherwise.
ROUNDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Reinspect:
    """Ask the team for a re-inspection, counted from the day of that moment."""

    number: int
    round: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Urge:
    """Ask the standing body for an urging letter about a round."""

    round: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Propose:
    """Ask the standing body to propose strict handling."""

    round: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Decide:
    """Ask the chair to decide on strict handling."""

    round: int


Wanted = Reinspect | Urge | Propose | Decide


def wanted(finding: Finding, *, now: datetime, rounds: int = ROUNDS) -> tuple[Wanted, ...]:
    """Return what the rule asks for now and nobody was asked for yet; the same question a second time, with that done, gives nothing."""
    if finding.closed:
        return ()
    found: list[Wanted] = []
    since = _reinspected_since(finding, now=now)
    if since is not None:
        found.append(Reinspect(number=len(finding.reinspections) + 1, round=finding.remedy.round, since=since))
    failed = uncorrected_rounds(finding, now=now)
    found += [Urge(round=number) for number in sorted(failed_rounds(finding) - finding.urged)]
    if len(failed) >= rounds and finding.proposal is None:
        found.append(Propose(round=failed[-1]))
    if finding.proposal in REPORTED_STATES and finding.decided is None:
        found.append(Decide(round=failed[-1] if failed else finding.remedy.round))
    return tuple(found)


def _reinspected_since(finding: Finding, *, now: datetime) -> datetime | None:
    """Return the moment from which the days of a re-inspection that is wanted now count; None: none is."""
    remedy = finding.remedy
    looks = finding.looks(at_round=remedy.round)
    if any(one.is_pending for one in finding.reinspections) or remedy.suspended:
        return None
    if any(one.outcome is Outcome.CLOSED for one in looks):
        return None
    if remedy.reported_at is not None:
        unseen = all(remedy.reported_at > one.looked_at for one in looks)
        return remedy.reported_at if unseen and remedy.reported_at <= now else None
    return remedy.due_at if remedy.is_uncorrected(now) and not looks else None


def next_look(finding: Finding, *, now: datetime) -> datetime | None:
    """Return when the rule has to look again by itself: when the remedy's term passes; None: when people have moved something."""
    remedy = finding.remedy
    waits = not finding.closed and not remedy.suspended and remedy.state not in REPORTED_STATES
    return remedy.due_at if waits and remedy.due_at is not None and remedy.due_at > now else None


def may_be_reinspected(finding: Finding, *, now: datetime) -> bool:
    """Return whether a re-inspection may take place: the unit has reported, or the remedy's term is over."""
    remedy = finding.remedy
    return remedy.reported_at is not None or remedy.due_at is None or remedy.due_at <= now


def may_reopen(finding: Finding) -> bool:
    """Return whether a further remedy may be asked for: the last was answered and taken in, and no other is owed."""
    return not finding.closed and all(one.state in {State.ACCEPTED, State.WAIVED, State.TRANSFERRED} for one in finding.remedies)
