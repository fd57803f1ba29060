"""What was inspected and followed up in a data period: read of inspections and findings, each number by its entries of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import func, select

from evaluation.inspections.findings import REPORTED_STATES
from evaluation.reports.facts import InspectionDeeds
from store.findings import HANDLING, REINSPECTION, REMEDY, read_findings
from store.schema import FINDING, FINDING_STEP, INSPECTION, JOURNAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.reports.periods import ReportPeriod
    from store.findings import FindingFacts
    from store.years import Year

KINDS = ("planned", "surprise", "thematic")
_OF_FINDINGS = ("reinspect", "close-finding")


@dataclass(frozen=True, kw_only=True)
class _Window:
    """A data period, its first and last local date included."""

    year: Year
    period: ReportPeriod

    def has(self, on: date | None) -> bool:
        return on is not None and self.period.data_from <= on <= self.period.data_to

    def has_moment(self, at: datetime | None) -> bool:
        return at is not None and self.has(self.year.rulebook.calendar.local_date(at))


def inspection_deeds(connection: Connection, year: Year, period: ReportPeriod) -> InspectionDeeds:
    """
    Return what was inspected, found, re-inspected, ended and handled in a data period, and what is open now, by entries of the journal.

    An inspection counts by the day on which it was held, a finding by the date of its conclusions, or the day on which a re-inspection
    added it; remedied is what somebody entitled closed, not what its unit says is done.
    """
    window = _Window(year=year, period=period)
    findings = read_findings(connection, FINDING.c.cycle_id == year.cycle)
    raised, told, handed_in = _raised(connection, year), _told(connection, year), _last(connection, year, action="submit")
    found = _found_in(connection, year, findings, window=window)
    handled = [step.obligation for one in findings for step in one.of(HANDLING) if step.obligation.state in REPORTED_STATES]
    looked = ((one, step.said_at) for one in findings for step in one.of(REINSPECTION) if step.said and window.has_moment(step.said_at))
    return InspectionDeeds(
        held=_held(connection, year, window=window),
        found=_sorted(raised[one.id] for one in findings if one.id in found),
        open=_sorted(raised[one.id] for one in findings if one.closed_at is None),
        remedied=_sorted(told["close-finding", one.key, one.closed_at] for one in findings if window.has_moment(one.closed_at)),
        reinspected=_sorted(told["reinspect", one.key, at] for one, at in looked),
        handled=_sorted(handed_in[one.id][0] for one in handled if window.has_moment(handed_in[one.id][1])),
    )


def _sorted(numbers: Iterator[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


def _held(connection: Connection, year: Year, *, window: _Window) -> Mapping[str, tuple[int, ...]]:
    """Return by kind the entries of the last minutes of what was held in the window."""
    minutes = _last(connection, year, action="write-minutes")
    query = select(INSPECTION.c.obligation_id, INSPECTION.c.kind, INSPECTION.c.held_on).where(INSPECTION.c.cycle_id == year.cycle)
    rows = [row for row in connection.execute(query) if window.has(row.held_on)]
    return {kind: _sorted(minutes[row.obligation_id][0] for row in rows if row.kind == kind) for kind in KINDS}


def _found_in(connection: Connection, year: Year, findings: Collection[FindingFacts], *, window: _Window) -> frozenset[int]:
    query = select(INSPECTION.c.obligation_id, INSPECTION.c.concluded_on).where(INSPECTION.c.cycle_id == year.cycle)
    concluded: dict[int, date | None] = dict(connection.execute(query).tuples().all())
    return frozenset(
        one.id for one in findings if (window.has(concluded[one.inspection]) if one.added_by is None else window.has_moment(one.at))
    )


def _raised(connection: Connection, year: Year) -> Mapping[int, int]:
    """Return by finding the entry that raised its first remedy."""
    query = (
        select(FINDING.c.id, JOURNAL.c.number)
        .join(FINDING_STEP, FINDING_STEP.c.finding_id == FINDING.c.id)
        .join(JOURNAL, JOURNAL.c.obligation_id == FINDING_STEP.c.obligation_id)
        .where(FINDING.c.cycle_id == year.cycle, FINDING_STEP.c.kind == REMEDY, FINDING_STEP.c.number == 1, JOURNAL.c.action == "raise")
    )
    return dict(connection.execute(query).tuples().all())


def _told(connection: Connection, year: Year) -> Mapping[tuple[str, str, datetime | None], int]:
    """Return the entries about findings by action, finding and moment."""
    query = select(JOURNAL.c.number, JOURNAL.c.action, JOURNAL.c.at, JOURNAL.c.payload)
    rows = connection.execute(query.where(JOURNAL.c.cycle_id == year.cycle, JOURNAL.c.action.in_(_OF_FINDINGS)))
    return {(row.action, orjson.loads(row.payload)["finding"], row.at): row.number for row in rows}


def _last(connection: Connection, year: Year, *, action: str) -> Mapping[int, tuple[int, datetime]]:
    """Return by obligation the last entry of an action, and its moment."""
    last = select(func.max(JOURNAL.c.number)).where(JOURNAL.c.cycle_id == year.cycle, JOURNAL.c.action == action)
    query = select(JOURNAL.c.obligation_id, JOURNAL.c.number, JOURNAL.c.at)
    rows = connection.execute(query.where(JOURNAL.c.cycle_id == year.cycle, JOURNAL.c.number.in_(last.group_by(JOURNAL.c.obligation_id))))
    return {row.obligation_id: (row.number, row.at) for row in rows}
