"""Launching a year: a plan becomes a cycle with its stages and obligations; opening them is the first tick's work."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from config.loader import parse_plan
from evaluation.cycles import CycleState, CycleVerb, moved_cycle
from evaluation.due_rules import CountedPeriod, DayUnit
from evaluation.lateness import passed_stages, passed_windows, years_touched
from evaluation.projection import LAUNCH, project_plan
from evaluation.terms import TermReason, dates_of, new_term
from evaluation.workdays import UnknownYearError, YearStatus
from store.commands.authorities import authority_id, enter_calendar
from store.commands.criteria.pinning import pin_named
from store.commands.launch_refusals import (
    LateLaunchError,
    beyond_the_calendar,
    no_forms,
    no_party,
    projected_years,
    runs_already,
    unknown_years,
)
from store.commands.plan_rows import insert_stages, keep_plan_version
from store.journal import Entry
from store.locks import hold_authority
from store.people import load_people
from store.raising import Raised, raise_obligations
from store.releases import wake_at
from store.reports import forms_missing
from store.schema import CALENDAR, CYCLE, STAGE
from store.years import UPKEEP_LINE, load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from evaluation.lateness import Passed
    from evaluation.plans import Plan, Stage
    from evaluation.projection import Window
    from evaluation.terms import Dates
    from evaluation.workdays import Calendar
    from store.people import People
    from store.session import Store, Transaction
    from store.years import StageRef, Year


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What is to be launched."""

    authority: str
    plan_yaml: str  #: the plan's file, word by word
    year: int  #: the evaluated year
    calendar: Calendar
    accept_projection: bool = False
    accept_late: bool = True  #: raise also what has passed already; a person is asked first
    hold_mail: bool = False  #: keep the first mails until a coordinator has seen them


@dataclass(frozen=True, kw_only=True)
class Launched:
    """What a launch made."""

    cycle: int
    stages: int
    obligations: int
    late: tuple[Passed, ...] = ()  #: what had passed already, by stage


def launch(store: Store, transaction: Transaction, order: Launch) -> Launched:
    """
    Launch a plan for an authority and an evaluated year, whole or not at all.

    Raises:
        LaunchError: a year of its dates is unknown, or only projected and not accepted; it already runs; a party or a form is missing.
        LateLaunchError: dates have passed already, and that was not accepted.
        CriteriaRefusedError: the criteria set that the plan names for a group is for other groups.

    """
    connection, first = transaction.connection, len(transaction.entries)
    plan = parse_plan(order.plan_yaml, file="plan").named_for(order.year)
    authority = authority_id(connection, order.authority)
    hold_authority(connection, authority)
    _check_years(order, plan, now=transaction.now)
    _check_free(transaction, authority, plan=plan, year=order.year)
    if missing := forms_missing(connection, authority, plan):
        raise no_forms(missing)
    cycle = _insert_cycle(store, transaction, order=order, plan=plan, authority=authority)
    store.kept["plan", cycle, 1] = (plan, {})
    year = load_year(store, connection, cycle, now=transaction.now)
    raised = _raise_all(transaction, year)
    count = sum(raised.values())
    late = _late(year, raised, now=transaction.now)
    if late and not order.accept_late:
        raise LateLaunchError(late, obligations=count)
    payload = {
        "state": CycleState.LAUNCHED.value,
        "plan": plan.key,
        "year": order.year,
        "plan_version": 1,
        "calendar": order.calendar.version,
    }
    transaction.entries.insert(first, Entry(authority=authority, action=CycleVerb.LAUNCH.value, cycle=cycle, move=1, payload=payload))
    pin_named(store, transaction, cycle, sets=plan.criteria)
    return Launched(cycle=cycle, stages=len(year.stages), obligations=count, late=late)


def _late(year: Year, raised: Mapping[tuple[str, str], int], *, now: datetime) -> tuple[Passed, ...]:
    """Return what of the obligations just raised, counted by stage and period, has passed already."""
    over = passed_windows(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year), now=now)
    return passed_stages([(window, raised.get(key, 0)) for key, window in over.items()], now=now)


def _check_years(order: Launch, plan: Plan, *, now: datetime) -> None:
    """Refuse dates in a year that is unknown, and dates in a projected one that was not accepted."""
    try:
        years = years_touched(plan, year=order.year, calendar=order.calendar, known={LAUNCH: order.calendar.local_date(now)})
    except UnknownYearError as missing:
        raise beyond_the_calendar(missing) from missing
    unknown = [year for year in years if order.calendar.status(year) is YearStatus.UNKNOWN]
    if unknown:
        raise unknown_years(unknown, plan=plan.key)
    projected = [year for year in years if order.calendar.status(year) is YearStatus.PROJECTED]
    if projected and not order.accept_projection:
        raise projected_years(projected, plan=plan.key)


def _check_free(transaction: Transaction, authority: int, *, plan: Plan, year: int) -> None:
    running = transaction.connection.execute(
        select(CYCLE.c.id).where(
            CYCLE.c.authority_id == authority,
            CYCLE.c.plan_key == plan.key,
            CYCLE.c.year == year,
            CYCLE.c.state != CycleState.CANCELLED.value,
        )
    ).scalar_one_or_none()
    if running is not None:
        raise runs_already(plan.key, year=year, cycle=running)


def _insert_cycle(store: Store, transaction: Transaction, *, order: Launch, plan: Plan, authority: int) -> int:
    connection = transaction.connection
    people = load_people(store, connection, authority)
    calendar = connection.execute(
        select(CALENDAR.c.id).where(CALENDAR.c.authority_id == authority, CALENDAR.c.version == order.calendar.version)
    ).scalar_one_or_none()
    if calendar is None:
        calendar = enter_calendar(transaction, authority=authority, calendar=order.calendar)
    standing_body = party_id(people, plan.standing_body, line="standing_body")
    row = {
        "authority_id": authority,
        "plan_key": plan.key,
        "year": order.year,
        "state": moved_cycle(CycleState.DRAFT, verb=CycleVerb.LAUNCH).value,
        "title": plan.title,
        "title_en": plan.title_en,
        "plan_version": 1,
        "calendar_id": calendar,
        "standing_body_id": standing_body,
        "chair_id": party_id(people, plan.chair, line="chair"),
        "launched_at": transaction.now,
        "mail_held": order.hold_mail,
        "moves": 1,
    }
    cycle = int(connection.execute(insert(CYCLE).returning(CYCLE.c.id), row).scalar_one())
    keep_plan_version(transaction, cycle=cycle, number=1, yaml=order.plan_yaml)
    rows = [stage_row(stage, place=place, people=people) for place, stage in enumerate(plan.stages)]
    rows.append(_upkeep_row(place=len(rows), standing_body=standing_body))
    insert_stages(transaction, rows, authority=authority, cycle=cycle)
    return cycle


def party_id(people: People, key: str, *, line: str) -> int:
    """Return the id of a party that a plan names; LaunchError if the roster lacks it."""
    if key not in people.ids:
        raise no_party(key, line=line)
    return people.ids[key]


def stage_row(stage: Stage, *, place: int, people: People) -> dict[str, Any]:
    """Return what is stored of a line of the plan, and whether it waits; LaunchError if the roster lacks its receiver."""
    receiver = stage.through or stage.owed_to
    return {
        "key": stage.key,
        "kind": stage.kind.value,
        "position": place,
        "title": stage.title,
        "title_en": stage.title_en,
        "receiver_id": party_id(people, receiver, line=f"stage {stage.key}"),
        "waits": bool(stage.waits_for),
    }


def _upkeep_row(*, place: int, standing_body: int) -> dict[str, Any]:
    return {
        "key": UPKEEP_LINE.key,
        "kind": UPKEEP_LINE.kind.value,
        "position": place,
        "title": UPKEEP_LINE.title,
        "title_en": UPKEEP_LINE.title_en,
        "receiver_id": standing_body,
        "waits": False,
    }


def known_anchors(year: Year) -> dict[str, date]:
    """Return what has happened or been decided so far, as the projection asks for it."""
    local = year.rulebook.calendar.local_date
    released = {
        f"release:{ref.key}": local(ref.released_at) for ref in year.stages.values() if ref.released_at is not None and ref.line.waits_for
    }
    launched = {} if year.launched_at is None else {"launch": local(year.launched_at)}
    return {**launched, **released, **year.moved}


def _raise_all(transaction: Transaction, year: Year) -> dict[tuple[str, str], int]:
    """Raise what everybody owes; return how many obligations of each stage and period."""
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    raised = {
        (window.stage.key, window.subject_period): len(raise_window(transaction, year, window))
        for window in windows
        if not window.stage.on_request
    }
    for ref in year.stages.values():
        if ref.released_at is None:
            wake(transaction, ref, at=wake_at(transaction.connection, year, ref))
        elif ref.line.improvement is not None and ref.line.improvement.follows_leads:
            wake(transaction, ref, at=transaction.now)
    if year.plan.digest:
        wake(transaction, year.stage(UPKEEP_LINE.key), at=transaction.now)
    return raised


def wake(transaction: Transaction, ref: StageRef, *, at: datetime | None) -> None:
    """Set when the tick looks at a waiting stage by itself."""
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(next_at=at))


def raise_window(
    transaction: Transaction, year: Year, window: Window, *, besides: Collection[tuple[int, int, str]] = ()
) -> list[tuple[int, str]]:
    """Raise the obligations of one stage and period but for those there are (stage, party, subject); return them (party, subject)."""
    stage = window.stage
    ref = year.stage(stage.key)
    term = new_term(
        year.rulebook, number=1, reason=TermReason.INITIAL, dates=window_dates(window), now=transaction.now, ladder=stage.ladder
    )
    wanted = [(party, "/".join(part for part in (window.subject_period, about) if part)) for party, about in owed(year, stage)]
    fresh = [(party, subject) for party, subject in wanted if (ref.id, party, subject) not in besides]
    raised = [Raised(party=party, subject=subject, released=ref.released_at is not None) for party, subject in fresh]
    raise_obligations(transaction, year, stage=ref.id, raised=raised, term=term)
    return fresh


def window_dates(window: Window) -> Dates:
    """Return a window's dates as a term keeps them, with the unit in which a remainder is counted."""
    unit = window.stage.due.unit if isinstance(window.stage.due, CountedPeriod) else DayUnit.CALENDAR
    locks_at = window.locks.at if window.locks else None
    return dates_of(window.due, opens_at=window.opens_at, locks_at=locks_at, unit=unit)


def owed(year: Year, stage: Stage) -> list[tuple[int, str]]:
    """Return who owes a stage about what: party ids with the subject beside the period; about itself only where the plan says so."""
    on = year.plan.reference_on
    parties = year.people.selected(stage.owed_by, on=on)
    if stage.about is None:
        return list(product(parties, stage.subjects or ("",)))
    about = year.people.roster.selected(stage.about, on=on)
    return [(party, other.key) for party in parties for other in about if stage.appraises_own or year.people.ids[other.key] != party]
