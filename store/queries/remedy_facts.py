"""Facts of letters about remedies: the words of their findings, what the last re-inspection came to, and which term runs now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from evaluation.inspections.findings import FindingStatus, Outcome, status
from evaluation.inspections.papers import date_typed
from evaluation.inspections.urging import Look, failed_words, found_words
from store.findings import REINSPECTION, REMEDY, read_findings
from store.schema import FINDING, FINDING_STEP, INSPECTION, SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from evaluation.terms import Term
    from evaluation.workdays import Calendar
    from store.findings import FindingFacts


@dataclass(frozen=True, kw_only=True)
class RemedyTold:
    """What a letter says of a remedy beyond its obligation."""

    found: str  #: the finding's words and its conclusions
    failed: str  #: what the re-inspection that it did not pass came to; empty: there was none, or a report came since
    term: Term  #: of the remedy that is owed now: of the last round
    reopened: bool  #: whether that remedy was asked for after the re-inspection


def remedies_told(connection: Connection, obligations: Sequence[int], *, calendar: Calendar) -> Mapping[int, RemedyTold]:
    """Return what a letter says of those of these obligations that are remedies of open findings, by id."""
    theirs = exists().where(FINDING_STEP.c.finding_id == FINDING.c.id, FINDING_STEP.c.obligation_id.in_(sorted(set(obligations))))
    found = read_findings(connection, FINDING.c.closed_at.is_(None) & theirs)
    numbers = _conclusions(connection, [one.inspection for one in found])
    reported = _reported(connection, [step.obligation.id for one in found for step in one.of(REMEDY)], calendar=calendar)
    return {
        step.obligation.id: _told(one, conclusions=numbers.get(one.inspection, ""), reported=reported, calendar=calendar)
        for one in found
        for step in one.of(REMEDY)
    }


def _conclusions(connection: Connection, inspections: Sequence[int]) -> dict[int, str]:
    """Return the number of the conclusions of each inspection, as typed."""
    query = select(INSPECTION.c.obligation_id, INSPECTION.c.conclusions).where(INSPECTION.c.obligation_id.in_(sorted(set(inspections))))
    return dict(connection.execute(query).tuples().all())


def _reported(connection: Connection, remedies: Sequence[int], *, calendar: Calendar) -> dict[int, date]:
    """Return the local date of the last report of each of these remedies: a paper's is the day on which it was received."""
    query = select(SUBMISSION).where(SUBMISSION.c.obligation_id.in_(sorted(set(remedies)))).order_by(SUBMISSION.c.number)
    return {row.obligation_id: row.received_on or calendar.local_date(row.at) for row in connection.execute(query)}


def _told(one: FindingFacts, *, conclusions: str, reported: Mapping[int, date], calendar: Calendar) -> RemedyTold:
    failed = status(one.finding) is FindingStatus.FAILED
    look = _last_look(one, reported=reported, calendar=calendar) if failed else None
    return RemedyTold(
        found=found_words(one.text, conclusions="" if one.added_by is not None else conclusions),
        failed="" if look is None else failed_words(look),
        term=one.remedy.obligation.party_term,
        reopened=failed and not one.finding.looks(at_round=one.finding.remedy.round),
    )


def _last_look(one: FindingFacts, *, reported: Mapping[int, date], calendar: Calendar) -> Look | None:
    """Return the last re-inspection that came to an outcome; None if there is none."""
    last = next((step for step in reversed(one.of(REINSPECTION)) if step.said and step.said_at is not None), None)
    if last is None or last.said_at is None:
        return None
    recorded = calendar.local_date(last.said_at)
    reports = (reported[step.obligation.id] for step in one.of(REMEDY) if step.round == last.round and step.obligation.id in reported)
    return Look(
        on=min(date_typed(last.document) or recorded, recorded),
        outcome=Outcome(last.said),
        minutes=last.document,
        reported_on=next(reports, None),
    )
