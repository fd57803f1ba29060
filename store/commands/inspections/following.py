"""
Following findings up: what the tick does about them by itself.

One step asks for the re-inspections, urging letters, proposals and decisions that the rule wants now, at most so many; what it has asked
for it does not ask for again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.inspections.following import Decide, Propose, Reinspect, Urge, next_look, wanted
from evaluation.inspections.naming import round_subject
from evaluation.papers import Purpose, letter_subject, presses_nobody_of
from store.apart import Faults
from store.asked_papers import ask_papers
from store.commands.inspections.concluding import keep_step
from store.commands.inspections.held import followed_in, same_subject
from store.commands.launching import wake
from store.commands.requested import Asked, raise_on_request
from store.commands.steps import Report, Work, turn_of
from store.findings import HANDLING, PROPOSAL, REINSPECTION, REMEDY, URGING, read_findings
from store.journal import Entry
from store.schema import FINDING, OBLIGATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from evaluation.inspections.following import Wanted
    from store.findings import FindingFacts
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_A_MOMENT = timedelta(seconds=1)


def follow_findings(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Ask for what the open findings of a stage of re-inspections want now, at most so many things; one that fails holds up no other."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        own = _followed(transaction, year, ref)
        asked = [(found, source, want) for found, source in own for want in _wanted(year, found, source, now=now)]
        faults = Faults()
        for found, source, want in asked[:at_most]:
            with faults.writing(transaction, f"finding {found.key}"):
                _ask(transaction, year, source, found, want)
        done, faulty = len(asked[:at_most]) - len(faults.found), tuple(faults.found)
        if len(asked) > at_most or faulty:
            return Report(obligations=done, more=done > 0 and len(asked) > at_most, faulty=faulty)  # still awake: it is looked at again
        upcoming = [at for found, _ in own if (at := next_look(found.finding, now=now)) is not None]
        wake(transaction, ref, at=min(upcoming, default=None))
        return Report(obligations=done)


def _followed(transaction: Transaction, year: Year, ref: StageRef) -> list[tuple[FindingFacts, StageRef]]:
    """Return the open findings that a stage of re-inspections follows up, each with the stage that it was made in."""
    found = read_findings(transaction.connection, (FINDING.c.cycle_id == year.cycle) & FINDING.c.closed_at.is_(None))
    ids = sorted({one.inspection for one in found})
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id).where(OBLIGATION.c.id.in_(ids))
    stages = dict(transaction.connection.execute(query).tuples().all())
    pairs = [(one, year.stages[stages[one.inspection]]) for one in found]
    return [(one, source) for one, source in pairs if source.line.inspection is not None and source.line.inspection.reinspection == ref.key]


def _wanted(year: Year, found: FindingFacts, source: StageRef, *, now: datetime) -> Sequence[Wanted]:
    """Return what the rule wants of a finding; what the plan has no stage for is not asked, and nobody is to urge itself."""
    settings = source.line.inspection
    if settings is None:
        return ()
    issuer = presses_nobody_of(Purpose.URGING, standing_body=year.directory.standing_body, chair=year.directory.chair)
    has = {Urge: found.owner != issuer, Propose: bool(settings.proposal), Decide: bool(settings.handling)}
    return [want for want in wanted(found.finding, now=now, rounds=settings.rounds) if has.get(type(want), True)]


def _ask(transaction: Transaction, year: Year, source: StageRef, found: FindingFacts, want: Wanted) -> None:
    match want:
        case Reinspect():
            ask_reinspection(transaction, year, source, found, since=want.since)
        case Urge():
            _ask_letter(transaction, year, found, at_round=want.round)
        case Propose() | Decide():
            kind = PROPOSAL if isinstance(want, Propose) else HANDLING
            _ask_once(transaction, year, followed_in(year, source, kind), found, kind=kind, at_round=want.round)


def ask_reinspection(transaction: Transaction, year: Year, source: StageRef, found: FindingFacts, *, since: datetime | None = None) -> int:
    """Ask the team for a re-inspection, its days counted from the report or from the remedy's last day; return the obligation."""
    stage = followed_in(year, source, REINSPECTION)
    team = year.people.selected(stage.line.owed_by, on=year.plan.reference_on)[0]
    number = len(found.of(REINSPECTION)) + 1
    reported = found.finding.remedy.reported_at is not None
    moment = since or transaction.now
    on = year.rulebook.calendar.local_date(moment if reported or since is None else moment - _A_MOMENT)
    asked = Asked(stage=stage.key, parties=(team,), subject=round_subject(found.key, number), event_on=on)
    (obligation,) = raise_on_request(transaction, year, asked)
    _link(transaction, year, found, kind=REINSPECTION, number=number, at_round=found.remedy.round, obligation=obligation)
    return obligation


def _ask_letter(transaction: Transaction, year: Year, found: FindingFacts, *, at_round: int) -> None:
    """Ask the standing body for the urging letter of a round: the day's one about remedies, drafted like those that rungs ask for."""
    remedy = next(step for step in found.of(REMEDY) if step.round == at_round)
    on = year.rulebook.calendar.local_date(transaction.now).isoformat()
    subject = letter_subject(Purpose.URGING, stage=year.stages[remedy.stage].key, on=on)
    obligation = ask_papers(transaction, year, {subject: [remedy.obligation.id]})[subject]
    _link(transaction, year, found, kind=URGING, number=at_round, at_round=at_round, obligation=obligation)


def _ask_once(transaction: Transaction, year: Year, stage: StageRef, found: FindingFacts, *, kind: str, at_round: int) -> None:  # noqa: PLR0913
    """Ask for a proposal or a decision about a finding; one that somebody has asked for by hand is taken for it."""
    party = year.people.selected(stage.line.owed_by, on=year.plan.reference_on)[0]
    there = same_subject(transaction, stage, party=party, subject=found.key)
    if there is None:
        (there,) = raise_on_request(transaction, year, Asked(stage=stage.key, parties=(party,), subject=found.key))
    _link(transaction, year, found, kind=kind, number=1, at_round=at_round, obligation=there)


def _link(transaction: Transaction, year: Year, found: FindingFacts, *, kind: str, number: int, at_round: int, obligation: int) -> None:  # noqa: PLR0913
    keep_step(transaction, finding=found.id, kind=kind, number=number, at_round=at_round, obligation=obligation)
    payload = {"finding": found.key, "step": kind, "number": number, "round": at_round, "obligation": obligation}
    transaction.entries.append(Entry(authority=year.authority, action="follow-finding", cycle=year.cycle, payload=payload))
