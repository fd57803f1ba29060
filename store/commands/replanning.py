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
from evaluation.lateness import passed_windows
from evaluation.obligations import FINAL
from evaluation.projection import project_plan
from evaluation.terms import TermReason
from evaluation.transitions import Setting
from store.commands.authorities import enter_calendar
from store.commands.criteria.pinning import pin_named
from store.commands.dropping import dropped
from store.commands.launch_refusals import LaunchError, no_forms
from store.commands.launching import (
    known_anchors,
    party_id,
    raise_window,
    stage_row,
    wake,
)
from store.commands.plan_rows import insert_stages, keep_plan_version
from store.commands.previewing import Intended, Moved, New, Preview, moved_into_the_past, new_lints, notices_of_issue, strange_dates
from store.commands.redating import changes_dates, dates_anew
from store.commands.replan_refusals import DroppedError, ImpossibleDatesError, LateReplanError, NoSuchDateError, ReplanError, another_plan
from store.commands.steps import dates_by_period, period_of
from store.journal import Entry
from store.lives import read_obligations
from store.locks import hold_cycle
from store.perform import Decided, perform
from store.releases import HAS_CLOSING_STEPS
from store.reports import forms_missing
from store.schema import CALENDAR, CYCLE, OBLIGATION, PLAN_VERSION, STAGE
from store.years import UPKEEP, NoSuchCycleError, load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from evaluation.actions import Remark
    from evaluation.lints import Lint
    from evaluation.plans import Plan
    from evaluation.workdays import Calendar
    from store.session import Store, Transaction
    from store.years import Year


#: What no year can be run with.
IMPOSSIBLE = frozenset({"dates-out-of-order", "waits-in-vain"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be different."""

    yaml: str | None = None  #: the plan's new text
    moved: Mapping[str, date] | None = None  #: anchors set by hand, `stage.due`; added to those set before
    calendar: Calendar | None = None
    accept_late: bool = False  #: dates may be set that have passed, and obligations raised that are over


def replan(store: Store, transaction: Transaction, cycle: int, *, change: Change, remark: Remark) -> Preview:
    """
    Make the change in this transaction and return what it moved; rolled back by the caller, it was a preview.

    A group of units that came since the launch gets the criteria set that the plan names for it.

    Raises:
        ReplanError: the plan is another one, or lacks a stage or a ladder that obligations have, or names a party that is not there; a
            date is set that the plan does not have, or that comes before its stage opens, or (unless accepted) that has passed.
        NoSuchCycleError: there is none, or it is another authority's.
        CriteriaRefusedError: the criteria set that the plan names for a group that has none yet is for other groups.

    """
    hold_cycle(transaction.connection, cycle)
    before = load_year(store, transaction.connection, cycle, now=transaction.now)
    if not before.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    plan = None if change.yaml is None else _changed_plan(transaction, before, change.yaml)
    warnings = _examined(before, change, plan=plan or before.plan)
    number = _keep(store, transaction, before, change, signed=remark.basis if change.yaml is not None else "")
    if plan is not None:
        _put_in_force(transaction, before, plan)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    reason = TermReason.CALENDAR if change.calendar is not None else TermReason.PLAN
    decided = _decide(transaction, year, reason=reason, remark=remark)
    perform(transaction, year, decided)
    over = passed_windows(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year), now=transaction.now)
    preview = Preview(
        moved=tuple(_moved(one, year=year, over=over, now=transaction.now) for one in decided),
        new=_raise_missing(transaction, year, over=over),
        issued=notices_of_issue(year) if change.yaml is not None else 0,
        warnings=warnings,
    )
    if preview.late and not change.accept_late:
        raise LateReplanError(preview)
    for ref in year.stages.values():
        follows_leads = ref.line.improvement is not None and ref.line.improvement.follows_leads
        if ref.released_at is None or (change.yaml is not None and (ref.kind in HAS_CLOSING_STEPS or follows_leads)):
            wake(transaction, ref, at=transaction.now)
    payload = {"plan_version": number, "calendar": year.rulebook.calendar.version, "reason": remark.reason, "basis": remark.basis}
    entry = Entry(authority=year.authority, action="replan", cycle=cycle, move=before.moves + 1, payload=payload)
    transaction.entries.append(entry)
    pin_named(store, transaction, cycle, sets=year.plan.criteria)
    return preview


def _examined(year: Year, change: Change, *, plan: Plan) -> tuple[Lint, ...]:
    """Return what the change makes unwise about the dates; refuse dates that are none, and windows that end before they open."""
    if strange := strange_dates(plan, change.moved or {}, year=year.evaluated):
        raise NoSuchDateError(strange)
    known = known_anchors(year)
    before = Intended(plan=year.plan, calendar=year.rulebook.calendar, known=known)
    after = Intended(plan=plan, calendar=change.calendar or before.calendar, known={**known, **(change.moved or {})})
    found = new_lints(before, after, year=year)
    if impossible := [one for one in found if one.code in IMPOSSIBLE]:
        raise ImpossibleDatesError(impossible)
    return tuple(found)


def _changed_plan(transaction: Transaction, year: Year, yaml: str) -> Plan:
    """Return the changed plan; refuse it, before anything is written, if it is another one or drops what the year needs."""
    plan = parse_plan(yaml, file="plan").named_for(year.evaluated)
    if plan.key != year.plan.key:
        raise another_plan(plan.key, running=year.plan.key)
    if missing := forms_missing(transaction.connection, year.authority, plan):
        refused = no_forms(missing)
        raise ReplanError(refused.vi, refused.en)
    if faults := list(dropped(transaction.connection, year, plan=plan)):
        raise DroppedError(faults)
    return plan


def _keep(store: Store, transaction: Transaction, year: Year, change: Change, *, signed: str) -> int:
    """Store the new plan version and calendar; return the version's number."""
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
    return number


def _calendar(transaction: Transaction, authority: int, calendar: Calendar) -> int:
    known: int | None = transaction.connection.execute(
        select(CALENDAR.c.id).where(CALENDAR.c.authority_id == authority, CALENDAR.c.version == calendar.version)
    ).scalar_one_or_none()
    return enter_calendar(transaction, authority=authority, calendar=calendar) if known is None else known


def _put_in_force(transaction: Transaction, year: Year, plan: Plan) -> None:
    """Store the changed plan's lines; refuse it if a line names a party that is not there."""
    lines = {stage.key: stage for stage in plan.stages}
    known = {ref.key: ref for ref in year.stages.values() if ref.key != UPKEEP}
    try:
        places = enumerate(lines.items(), start=len(year.stages))
        rows = {key: stage_row(stage, place=place, people=year.people) for place, (key, stage) in places}
        bodies = {name: party_id(year.people, getattr(plan, name), line=name) for name in ("standing_body", "chair")}
    except LaunchError as missing:
        raise ReplanError(missing.vi, missing.en) from missing
    insert_stages(transaction, [row for key, row in rows.items() if key not in known], authority=year.authority, cycle=year.cycle)
    for key, ref in known.items():
        _rename(transaction, ref.id, rows[key])
    _rename(transaction, year.stage(UPKEEP).id, {"receiver_id": bodies["standing_body"]})
    heads = {"title": plan.title, "title_en": plan.title_en, "standing_body_id": bodies["standing_body"], "chair_id": bodies["chair"]}
    transaction.connection.execute(update(CYCLE).where(CYCLE.c.id == year.cycle).values(**heads))


def _rename(transaction: Transaction, stage: int, row: Mapping[str, object]) -> None:
    named = {name: row[name] for name in ("kind", "title", "title_en", "receiver_id") if name in row}
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == stage).values(**named))


def _raise_missing(transaction: Transaction, year: Year, *, over: Collection[tuple[str, str]]) -> tuple[New, ...]:
    """Raise what the plan in force asks for and nobody owes yet: new lines, and parties that are new to the roster."""
    query = select(OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject).where(OBLIGATION.c.cycle_id == year.cycle)
    there = set(transaction.connection.execute(query).tuples())
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    return tuple(
        New(
            stage=window.stage.key,
            party=party,
            subject=subject,
            due=window.due.last_on if window.due else None,
            late=(window.stage.key, window.subject_period) in over,
        )
        for window in windows
        if not window.stage.on_request
        for party, subject in raise_window(transaction, year, window, besides=there)
    )


def _decide(transaction: Transaction, year: Year, *, reason: TermReason, remark: Remark) -> list[Decided]:
    live = (OBLIGATION.c.cycle_id == year.cycle) & OBLIGATION.c.state.not_in([state.value for state in FINAL])
    planned = {ref.key: dates_by_period(year, ref) for ref in year.stages.values()}
    decided = []
    for obligation in read_obligations(transaction.connection, live, history=True, lock=True):
        ref = year.stage(obligation.stage)
        dates = dates_anew(obligation, year=year, planned=planned[obligation.stage].get(period_of(obligation, ref)))
        if obligation.suspended or not changes_dates(obligation, dates=dates, year=year):
            continue
        setting = Setting(
            stage=ref.line, rulebook=year.rulebook, told=year.told(ref.id, obligation.party), now=transaction.now, remark=remark
        )
        actions = move_dates(obligation, dates=dates, reason=reason, setting=setting)
        decided.append(Decided(before=obligation, stage=ref.id, actions=actions, action="replan"))
    return decided


def _moved(one: Decided, *, year: Year, over: Collection[tuple[str, str]], now: datetime) -> Moved:
    period = period_of(one.before, year.stages[one.stage])
    term = next(action.term for action in one.actions if isinstance(action, Write))
    return Moved(
        obligation=one.before.id,
        stage=one.before.stage,
        party=one.before.party,
        due_before=one.before.term.due_on,
        due_after=term.due_on,
        mails=sum(len(action.recipients) for action in one.actions if isinstance(action, Notify)),
        late=moved_into_the_past(one.before, term, passed=over, period=period, now=now),
    )
