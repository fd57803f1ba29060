"""
Replanning a running year: a changed plan, date, ladder or calendar; first what would move, then, with reason and document, the moves.

Terms of the plan's own making are projected anew; a correction, a review and a resumption are counted anew from the day they began; a date
that a person set (extension, re-opening) stands. A term of which nothing changes is left alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from config.loader import parse_plan
from evaluation.actions import Notify, Write
from evaluation.clocks import move_dates
from evaluation.ladders import rung_moments
from evaluation.obligations import FINAL
from evaluation.projection import project_plan
from evaluation.terms import BY_PLAN, TermReason, counted_dates, resumed_dates
from evaluation.transitions import Setting
from store.commands.authorities import enter_calendar
from store.commands.launching import (
    LaunchError,
    insert_stages,
    keep_plan_version,
    known_anchors,
    party_id,
    raise_window,
    stage_row,
    wake,
)
from store.commands.steps import dates_by_period, period_of
from store.journal import Entry
from store.lives import read_obligations
from store.locks import hold_cycle
from store.perform import Decided, perform
from store.releases import HAS_CLOSING_STEPS
from store.schema import CALENDAR, CYCLE, OBLIGATION, PLAN_VERSION, STAGE
from store.years import UPKEEP, NoSuchCycleError, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evaluation.actions import Remark
    from evaluation.obligations import Obligation
    from evaluation.plans import Plan
    from evaluation.terms import Dates
    from evaluation.workdays import Calendar
    from store.session import Store, Transaction
    from store.years import Year


class ReplanError(Exception):
    """A change of a running year cannot be made: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be different."""

    yaml: str | None = None  #: the plan's new text
    moved: Mapping[str, date] | None = None  #: anchors set by hand, `stage.due`; added to those set before
    calendar: Calendar | None = None


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One obligation whose dates the change moves."""

    obligation: int
    stage: str
    party: int
    due_before: date | None
    due_after: date | None
    mails: int  #: notices that go out because of it


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Everything that a change would do; applying it does exactly this."""

    moved: tuple[Moved, ...]
    raised: int = 0  #: obligations of new lines, or of parties new to the roster

    @property
    def mails(self) -> int:
        """How many notices follow at once."""
        return sum(one.mails for one in self.moved)


def replan(store: Store, transaction: Transaction, cycle: int, *, change: Change, remark: Remark) -> Preview:
    """
    Make the change in this transaction and return what it moved; rolled back by the caller, it was a preview.

    Raises:
        ReplanError: the plan is another one, or lacks a stage or a ladder that obligations have, or names a party that is not there.
        NoSuchCycleError: there is none, or it is another authority's.

    """
    hold_cycle(transaction.connection, cycle)
    before = load_year(store, transaction.connection, cycle, now=transaction.now)
    if not before.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    number = _keep(store, transaction, before, change, signed=remark.basis if change.yaml is not None else "")
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    reason = TermReason.CALENDAR if change.calendar is not None else TermReason.PLAN
    decided = _decide(transaction, year, reason=reason, remark=remark)
    perform(transaction, year, decided)
    raised = _raise_missing(transaction, year)
    for ref in year.stages.values():
        if ref.released_at is None or (change.yaml is not None and ref.kind in HAS_CLOSING_STEPS):
            wake(transaction, ref, at=transaction.now)
    payload = {"plan_version": number, "calendar": year.rulebook.calendar.version, "reason": remark.reason, "basis": remark.basis}
    entry = Entry(authority=year.authority, action="replan", cycle=cycle, move=before.moves + 1, payload=payload)
    transaction.entries.append(entry)
    return Preview(moved=tuple(_moved(one) for one in decided), raised=raised)


def _keep(store: Store, transaction: Transaction, year: Year, change: Change, *, signed: str) -> int:
    """Store the new plan version and calendar and put them in force; return the version's number."""
    connection = transaction.connection
    current = connection.execute(
        select(PLAN_VERSION.c.yaml).where(PLAN_VERSION.c.cycle_id == year.cycle, PLAN_VERSION.c.number == year.rulebook.plan_version)
    ).scalar_one()
    number: int = (
        1
        + connection.execute(
            select(PLAN_VERSION.c.number).where(PLAN_VERSION.c.cycle_id == year.cycle).order_by(PLAN_VERSION.c.number.desc()).limit(1)
        ).scalar_one()
    )
    moved = json.dumps({anchor: on.isoformat() for anchor, on in {**year.moved, **(change.moved or {})}.items()}, sort_keys=True)
    keep_plan_version(transaction, cycle=year.cycle, number=number, yaml=change.yaml or current, moved=moved, signed=signed)
    values: dict[str, int] = {"plan_version": number, "moves": year.moves + 1}
    if change.calendar is not None:
        values["calendar_id"] = _calendar(transaction, year.authority, change.calendar)
    connection.execute(update(CYCLE).where(CYCLE.c.id == year.cycle).values(**values))
    store.kept.pop(("plan", year.cycle, number), None)
    if change.yaml is not None:
        _put_in_force(transaction, year, parse_plan(change.yaml, file="plan"))
    return number


def _calendar(transaction: Transaction, authority: int, calendar: Calendar) -> int:
    known: int | None = transaction.connection.execute(
        select(CALENDAR.c.id).where(CALENDAR.c.authority_id == authority, CALENDAR.c.version == calendar.version)
    ).scalar_one_or_none()
    return enter_calendar(transaction, authority=authority, calendar=calendar) if known is None else known


def _put_in_force(transaction: Transaction, year: Year, plan: Plan) -> None:
    """Store the changed plan's lines; refuse it if it is another one, or if it leaves a running line out."""
    if plan.key != year.plan.key:
        msg = f"the changed plan is “{plan.key}”, the running one “{year.plan.key}”; launch another plan as a cycle of its own"
        raise ReplanError(msg)
    lines = {stage.key: stage for stage in plan.stages}
    known = {ref.key: ref for ref in year.stages.values() if ref.key != UPKEEP}
    if gone := sorted(known.keys() - lines.keys()):
        msg = f"the changed plan lacks the stages {', '.join(gone)}, which have obligations; waive them first, or keep the stages"
        raise ReplanError(msg)
    try:
        places = enumerate(lines.items(), start=len(year.stages))
        rows = {key: stage_row(stage, place=place, people=year.people) for place, (key, stage) in places}
        bodies = {name: party_id(year.people, getattr(plan, name), line=name) for name in ("standing_body", "chair")}
    except LaunchError as missing:
        raise ReplanError(str(missing)) from missing
    insert_stages(transaction, [row for key, row in rows.items() if key not in known], authority=year.authority, cycle=year.cycle)
    for key, ref in known.items():
        _rename(transaction, ref.id, rows[key])
    _rename(transaction, year.stage(UPKEEP).id, {"receiver_id": bodies["standing_body"]})
    heads = {"title": plan.title, "title_en": plan.title_en, "standing_body_id": bodies["standing_body"], "chair_id": bodies["chair"]}
    transaction.connection.execute(update(CYCLE).where(CYCLE.c.id == year.cycle).values(**heads))


def _rename(transaction: Transaction, stage: int, row: Mapping[str, object]) -> None:
    named = {name: row[name] for name in ("kind", "title", "title_en", "receiver_id") if name in row}
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == stage).values(**named))


def _raise_missing(transaction: Transaction, year: Year) -> int:
    """Raise what the plan in force asks for and nobody owes yet: new lines, and parties that are new to the roster."""
    query = select(OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject).where(OBLIGATION.c.cycle_id == year.cycle)
    there = set(transaction.connection.execute(query).tuples())
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    return sum(raise_window(transaction, year, window, besides=there) for window in windows if not window.stage.on_request)


def _check_ladders(obligation: Obligation, year: Year) -> None:
    """Refuse a plan that lacks a ladder on which an obligation's rungs stand, or will stand again."""
    term = obligation.term
    wanted = {term.ladder, obligation.party_term.ladder, term.held.ladder if term.held else ""} - {""}
    if gone := sorted(wanted - year.plan.ladders.keys()):
        msg = f"the changed plan lacks the ladder {', '.join(gone)}, on which obligation {obligation.id} stands; keep it"
        raise ReplanError(msg)


def _decide(transaction: Transaction, year: Year, *, reason: TermReason, remark: Remark) -> list[Decided]:
    live = (OBLIGATION.c.cycle_id == year.cycle) & OBLIGATION.c.state.not_in([state.value for state in FINAL])
    planned = {ref.key: dates_by_period(year, ref) for ref in year.stages.values()}
    decided = []
    for obligation in read_obligations(transaction.connection, live, history=True, lock=True):
        _check_ladders(obligation, year)
        ref = year.stage(obligation.stage)
        dates = _dates(obligation, year=year, planned=planned[obligation.stage].get(period_of(obligation, ref)))
        if obligation.suspended or not _changes(obligation, dates=dates, year=year):
            continue
        setting = Setting(
            stage=ref.line, rulebook=year.rulebook, told=year.told(ref.id, obligation.party), now=transaction.now, remark=remark
        )
        actions = move_dates(obligation, dates=dates, reason=reason, setting=setting)
        decided.append(Decided(before=obligation, stage=ref.id, actions=actions, action="replan"))
    return decided


def _dates(obligation: Obligation, *, year: Year, planned: Dates | None) -> Dates:
    """Return what the term's dates are under the versions in force."""
    term, calendar, line = obligation.term, year.rulebook.calendar, year.stage(obligation.stage).line
    began = term.opens_at or term.written_at
    match term.made_as:
        case made if made in BY_PLAN:
            return term.dates if planned is None or line.on_request else planned
        case TermReason.CORRECTION:
            return counted_dates(line.correction, calendar=calendar, now=began)
        case TermReason.REVIEW:
            return counted_dates(line.review, calendar=calendar, now=began)
        case TermReason.RESUMPTION:
            held = next(old.held for old in reversed(obligation.terms) if old.held is not None)
            return resumed_dates(held, calendar=calendar, now=began)
        case _:
            return term.dates


def _changes(obligation: Obligation, *, dates: Dates, year: Year) -> bool:
    term = obligation.term
    moments = rung_moments(dates, ladder=year.plan.ladder(term.ladder), calendar=year.rulebook.calendar, slot=year.plan.slot)
    if term.reason is TermReason.WITHDRAWAL:
        moments = tuple(moment for moment in moments if moment.at > term.written_at)
    same = (dates.opens_at, dates.due_at, dates.locks_at, moments) == (term.opens_at, term.due_at, term.locks_at, term.moments)
    return not same


def _moved(one: Decided) -> Moved:
    term = next(action.term for action in one.actions if isinstance(action, Write))
    return Moved(
        obligation=one.before.id,
        stage=one.before.stage,
        party=one.before.party,
        due_before=one.before.term.due_on,
        due_after=term.due_on,
        mails=sum(len(action.recipients) for action in one.actions if isinstance(action, Notify)),
    )
