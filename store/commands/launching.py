"""Launching a year: a plan becomes a cycle with its stages and obligations; opening them is the first tick's work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from config.loader import parse_plan
from evaluation.cycles import CycleState, CycleVerb, moved_cycle
from evaluation.due_rules import CountedPeriod, DayUnit
from evaluation.projection import project_plan
from evaluation.terms import TermReason, dates_of, new_term
from evaluation.workdays import YearStatus
from store.commands.authorities import authority_id, enter_calendar
from store.journal import Entry
from store.locks import hold_authority
from store.people import load_people
from store.raising import Raised, raise_obligations
from store.releases import wake_at
from store.schema import CALENDAR, CYCLE, PLAN_VERSION, STAGE
from store.years import UPKEEP_LINE, load_year

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from evaluation.plans import Plan, Stage
    from evaluation.projection import Window
    from evaluation.terms import Dates
    from evaluation.workdays import Calendar
    from store.people import People
    from store.session import Store, Transaction
    from store.years import StageRef, Year


class LaunchError(Exception):
    """A year cannot be launched: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What is to be launched."""

    authority: str
    plan_yaml: str  #: the plan's file, word by word
    year: int  #: the evaluated year
    calendar: Calendar
    accept_projection: bool = False
    hold_mail: bool = False  #: keep the first mails until a coordinator has seen them


@dataclass(frozen=True, kw_only=True)
class Launched:
    """What a launch made."""

    cycle: int
    stages: int
    obligations: int


def launch(store: Store, transaction: Transaction, order: Launch) -> Launched:
    """
    Launch a plan for an authority and an evaluated year, whole or not at all.

    Raises:
        LaunchError: the year is unknown, only projected and not accepted, or already runs; a party is missing.

    """
    connection, first = transaction.connection, len(transaction.entries)
    plan = parse_plan(order.plan_yaml, file="plan").named_for(order.year)
    authority = authority_id(connection, order.authority)
    hold_authority(connection, authority)
    _check_years(order, plan)
    _check_free(transaction, authority, plan=plan, year=order.year)
    cycle = _insert_cycle(store, transaction, order=order, plan=plan, authority=authority)
    year = load_year(store, connection, cycle, now=transaction.now)
    count = _raise_all(transaction, year)
    payload = {
        "state": CycleState.LAUNCHED.value,
        "plan": plan.key,
        "year": order.year,
        "plan_version": 1,
        "calendar": order.calendar.version,
    }
    transaction.entries.insert(first, Entry(authority=authority, action=CycleVerb.LAUNCH.value, cycle=cycle, move=1, payload=payload))
    return Launched(cycle=cycle, stages=len(year.stages), obligations=count)


def _check_years(order: Launch, plan: Plan) -> None:
    """Refuse a year that is unknown, and a projected one that was not accepted."""
    for year in (order.year, order.year + 1):
        status = order.calendar.status(year)
        if status is YearStatus.UNKNOWN and year == order.year:
            msg = f"the working days of {year} are unknown; import them with `dondoc calendar import --year {year}`"
            raise LaunchError(msg)
        if status is YearStatus.PROJECTED and year == order.year and not order.accept_projection:
            msg = (
                f"the working days of {year} are only projected: dates of “{plan.key}” may move when they are decided; "
                "launch with --accept-projection to go on"
            )
            raise LaunchError(msg)


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
        msg = f"“{plan.key}” of {year} already runs as cycle {running}; cancel it first, or launch another plan"
        raise LaunchError(msg)


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


def insert_stages(transaction: Transaction, rows: list[dict[str, Any]], *, authority: int, cycle: int) -> None:
    """Store lines of a plan; those that wait for nothing are released now."""
    mine = {"authority_id": authority, "cycle_id": cycle, "next_at": None, "moves": 0}
    stages = [{"released_at": None if row.pop("waits") else transaction.now, **row, **mine} for row in rows]
    if stages:
        transaction.connection.execute(insert(STAGE), stages)


def keep_plan_version(  # noqa: PLR0913  the columns of its row
    transaction: Transaction, *, cycle: int, number: int, yaml: str, moved: str = "{}", signed: str = ""
) -> None:
    """Store a version of a cycle's plan, word by word, with the document that issued it where there is one already."""
    transaction.connection.execute(
        insert(PLAN_VERSION),
        {
            "cycle_id": cycle,
            "number": number,
            "yaml": yaml,
            "sha256": hashlib.sha256(yaml.encode()).hexdigest(),
            "moved": moved,
            "signed": signed,
            "entered_at": transaction.now,
        },
    )


def party_id(people: People, key: str, *, line: str) -> int:
    """Return the id of a party that a plan names; LaunchError if the roster lacks it."""
    if key not in people.ids:
        msg = f"{line}: the authority has no party “{key}”; import its roster with `dondoc units import`"
        raise LaunchError(msg)
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


def _raise_all(transaction: Transaction, year: Year) -> int:
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    count = 0
    for window in windows:
        if not window.stage.on_request:
            count += raise_window(transaction, year, window)
    for ref in year.stages.values():
        if ref.released_at is None:
            wake(transaction, ref, at=wake_at(transaction.connection, year, ref))
    if year.plan.digest:
        wake(transaction, year.stage(UPKEEP_LINE.key), at=transaction.now)
    return count


def wake(transaction: Transaction, ref: StageRef, *, at: datetime | None) -> None:
    """Set when the tick looks at a waiting stage by itself."""
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(next_at=at))


def raise_window(transaction: Transaction, year: Year, window: Window, *, besides: Collection[tuple[int, int, str]] = ()) -> int:
    """Raise the obligations of one stage and period but for those there are (stage, party, subject); return how many."""
    stage = window.stage
    ref = year.stage(stage.key)
    term = new_term(
        year.rulebook, number=1, reason=TermReason.INITIAL, dates=window_dates(window), now=transaction.now, ladder=stage.ladder
    )
    wanted = [(party, "/".join(part for part in (window.subject_period, about) if part)) for party, about in owed(year, stage)]
    fresh = [(party, subject) for party, subject in wanted if (ref.id, party, subject) not in besides]
    raised = [Raised(party=party, subject=subject, released=ref.released_at is not None) for party, subject in fresh]
    return len(raise_obligations(transaction, year, stage=ref.id, raised=raised, term=term))


def window_dates(window: Window) -> Dates:
    """Return a window's dates as a term keeps them, with the unit in which a remainder is counted."""
    unit = window.stage.due.unit if isinstance(window.stage.due, CountedPeriod) else DayUnit.CALENDAR
    locks_at = window.locks.at if window.locks else None
    return dates_of(window.due, opens_at=window.opens_at, locks_at=locks_at, unit=unit)


def owed(year: Year, stage: Stage) -> list[tuple[int, str]]:
    """Return who owes a stage about what: party ids with the subject beside the period. Nobody owes about itself."""
    on = year.plan.reference_on
    parties = year.people.selected(stage.owed_by, on=on)
    if stage.about is None:
        return list(product(parties, stage.subjects or ("",)))
    about = year.people.roster.selected(stage.about, on=on)
    return [(party, other.key) for party in parties for other in about if year.people.ids[other.key] != party]
