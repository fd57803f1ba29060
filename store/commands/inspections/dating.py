"""
By when the team is to have concluded an inspection: by the plan's date, or so many days after its day where that is not before it.

A date that hangs on the day follows it when the day moves. One that a person gave stands, unless the inspection would come after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.clocks import move_dates
from evaluation.due_rules import CountedPeriod, DayUnit, due_date
from evaluation.obligations import State
from evaluation.terms import BY_PLAN, TermReason, Turn, moved_dates
from store.commands import moves
from store.commands.requested import requested_anew
from store.perform import Decided, perform

if TYPE_CHECKING:
    from datetime import date, datetime

    from evaluation.obligations import Obligation
    from evaluation.terms import Dates
    from store.session import Store, Transaction
    from store.years import Year

#: An inspection whose day is not before the plan's date is to be concluded so many days after it.
AFTER_ITS_DAY = CountedPeriod(count=15, unit=DayUnit.CALENDAR, anchor="day")
_AWAITED = frozenset({State.SCHEDULED, State.OPEN, State.PREPARED})


def concluded_by(year: Year, day: date, *, base: date) -> date:
    """Return by when an inspection of a day is to be concluded, where another day would leave it until `base`."""
    if base > day:
        return base
    return due_date(AFTER_ITS_DAY, year=year.evaluated, period=None, anchors={"day": day}, calendar=year.rulebook.calendar).last_on


def follow_day(store: Store, transaction: Transaction, inspection: int, *, was: date | None, day: date) -> None:
    """Write the team a further term where the day of its inspection asks for other dates; it is told where its due date moved."""
    year, stage, before = moves.read_held(store, transaction, inspection)
    if before.suspended or before.state not in _AWAITED or before.term.turn is not Turn.PARTY or before.term.due_on is None:
        return
    line = year.stages[stage].line
    planned = (requested_anew(year, before) if line.on_request else moves.planned_dates(year, stage, before)) or before.term.dates
    dates = _opened(year, before, _dates(year, before, planned=planned, was=was, day=day), day=day, now=transaction.now)
    if dates == before.term.dates:
        return
    setting = moves.setting_of(transaction, year, stage=stage, about=before)
    made_as = TermReason.PLAN if dates == planned else TermReason.EXTENSION
    actions = move_dates(before, dates=dates, reason=TermReason.PLAN, made_as=made_as, setting=setting)
    perform(transaction, year, [Decided(before=before, stage=stage, actions=actions, action="move-due")])


def _dates(year: Year, before: Obligation, *, planned: Dates, was: date | None, day: date) -> Dates:
    """Return the term's dates with the due date that a day asks for: by the plan's where the term's hangs on the day, else by its own."""
    own = before.term.dates
    hangs = before.term.made_as in BY_PLAN or own.due_on == _hanging(year, planned, was)
    chosen = replace(planned, opens_at=own.opens_at) if hangs else own
    if chosen.due_on is None or (due_on := concluded_by(year, day, base=chosen.due_on)) == chosen.due_on:
        return chosen
    return moved_dates(replace(before.term, due_at=chosen.due_at, locks_at=chosen.locks_at), due_on=due_on, calendar=year.rulebook.calendar)


def _hanging(year: Year, planned: Dates, day: date | None) -> date | None:
    """Return the due date that hangs on a day; None where there is no day, or no date of the plan."""
    return None if day is None or planned.due_on is None else concluded_by(year, day, base=planned.due_on)


def _opened(year: Year, before: Obligation, dates: Dates, *, day: date, now: datetime) -> Dates:
    """Return the dates opened now where the work would open only after the inspection's day."""
    opens_at = dates.opens_at
    late = before.state is State.SCHEDULED and opens_at is not None and opens_at > max(now, year.rulebook.calendar.instant(day))
    return replace(dates, opens_at=now) if late else dates
