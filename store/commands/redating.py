"""The dates of an obligation under the plan and calendar in force, and whether they are others than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.clocks import due_hour
from evaluation.ladders import rung_moments
from evaluation.terms import BY_PLAN, TermReason, Turn, corrected_terms, counted_dates, not_before, resumed_dates
from store.commands.requested import requested_anew

if TYPE_CHECKING:
    from evaluation.obligations import Obligation
    from evaluation.terms import Dates
    from store.years import Year


def dates_anew(obligation: Obligation, *, year: Year, planned: Dates | None) -> Dates:
    """Return what the term's dates are under the versions in force."""
    term, calendar, line = obligation.term, year.rulebook.calendar, year.stage(obligation.stage).line
    began = term.opens_at or term.written_at
    match term.made_as:
        case made if made in BY_PLAN:
            return requested_anew(year, obligation) if line.on_request else planned or term.dates
        case TermReason.CORRECTION | TermReason.SUPPLEMENT:
            return not_before(counted_dates(line.correction, calendar=calendar, now=began), corrected_terms(obligation.terms))
        case TermReason.REVIEW:
            return counted_dates(line.review, calendar=calendar, now=began)
        case TermReason.RESUMPTION:
            held = next(old.held for old in reversed(obligation.terms) if old.held is not None)
            hour = due_hour(line, rounds=obligation.rounds) if held.turn is Turn.PARTY else None
            return resumed_dates(held, calendar=calendar, now=began, at=hour)
        case _:
            return term.dates


def changes_dates(obligation: Obligation, *, dates: Dates, year: Year) -> bool:
    """Return whether these dates, or the rungs that hang on them, are others than the term's."""
    term = obligation.term
    moments = rung_moments(dates, ladder=year.plan.ladder(term.ladder), calendar=year.rulebook.calendar, slot=year.plan.slot)
    if term.reason is TermReason.WITHDRAWAL:
        moments = tuple(moment for moment in moments if moment.at > term.written_at)
    same = (dates.opens_at, dates.due_at, dates.locks_at, moments) == (term.opens_at, term.due_at, term.locks_at, term.moments)
    return not same
