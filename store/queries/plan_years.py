"""The plan of a cycle as it falls in its year, who owes in each stage, how far each is, and the cycle of the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from evaluation.cycles import CycleState
from evaluation.obligations import FINAL
from evaluation.plan_changes import PlanYear
from evaluation.projection import project_plan
from store.commands.launching import known_anchors
from store.queries.status import late
from store.schema import CYCLE, OBLIGATION, PARTY, PLAN_VERSION, STAGE, TERM
from store.years import UPKEEP, Year, load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from store.session import Store

_FINAL = [state.value for state in FINAL]


@dataclass(frozen=True, kw_only=True, slots=True)
class Owing:
    """Who owes in a stage."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a stage is in one period: obligations, those done, and those whose party is late."""

    owed: int
    done: int
    late: int


@dataclass(frozen=True, kw_only=True)
class RunningPlan:
    """A cycle's plan in its year."""

    year: Year
    plan: PlanYear
    signed: str  #: number and date of the document that issued it
    version: int


def running_plan(store: Store, connection: Connection, cycle: int, *, owing: Mapping[str, Collection[Owing]], now: datetime) -> RunningPlan:
    """Return the plan of a cycle that is there with every date as far as it is known. UnknownYearError, as `project_plan`."""
    year = load_year(store, connection, cycle, now=now)
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    keys = {stage: frozenset(one.key for one in parties) for stage, parties in owing.items()}
    version = year.rulebook.plan_version
    query = select(PLAN_VERSION.c.signed).where(PLAN_VERSION.c.cycle_id == cycle, PLAN_VERSION.c.number == version)
    plan = PlanYear(year=year.evaluated, plan=year.plan, windows=windows, owing=keys)
    return RunningPlan(year=year, plan=plan, signed=connection.execute(query).scalar_one(), version=version)


def owing_of(connection: Connection, cycles: Collection[int], *, now: datetime, visible: bool) -> dict[int, dict[str, list[Owing]]]:
    """Return who owes in each stage of some cycles, by cycle and stage, in the roster's order; `visible`: as far as seen. One query."""
    query = (
        select(OBLIGATION.c.cycle_id, STAGE.c.key.label("stage"), PARTY.c.id, PARTY.c.key, PARTY.c.name)
        .distinct()
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(OBLIGATION.c.cycle_id.in_(sorted(cycles)), STAGE.c.key != UPKEEP, *([_is_visible(now)] if visible else []))
        .order_by(OBLIGATION.c.cycle_id, STAGE.c.key, PARTY.c.id)
    )
    found: dict[int, dict[str, list[Owing]]] = {cycle: {} for cycle in cycles}
    for row in connection.execute(query):
        found[row.cycle_id].setdefault(row.stage, []).append(Owing(key=row.key, name=row.name))
    return found


def _is_visible(now: datetime) -> ColumnElement[bool]:
    return or_(OBLIGATION.c.visible_from.is_(None), OBLIGATION.c.visible_from <= now)


def progress_of(connection: Connection, cycle: int, *, now: datetime, visible: bool) -> dict[tuple[str, str], Progress]:
    """Return how far each stage is, by its key and what stands before the stroke of the subject; `visible`: of what its party may see."""
    query = (
        select(STAGE.c.key, OBLIGATION.c.subject, func.count())
        .add_columns(func.count().filter(OBLIGATION.c.state.in_(_FINAL)), func.count().filter(late(now)))
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.cycle_id == cycle, *([_is_visible(now)] if visible else []))
        .group_by(STAGE.c.key, OBLIGATION.c.subject)
    )
    sums: dict[tuple[str, str], list[int]] = {}
    for stage, subject, *counts in connection.execute(query):
        for place in {(stage, ""), (stage, subject.partition("/")[0])}:
            kept = sums.setdefault(place, [0, 0, 0])
            sums[place] = [one + more for one, more in zip(kept, counts, strict=True)]
    return {place: Progress(owed=owed, done=done, late=is_late) for place, (owed, done, is_late) in sums.items()}


def year_before(connection: Connection, cycle: int) -> int | None:
    """Return the last cycle of the same authority and plan that evaluated an earlier year and was not cancelled; None if there was none."""
    this = CYCLE.alias()
    query = (
        select(CYCLE.c.id)
        .join(this, and_(this.c.authority_id == CYCLE.c.authority_id, this.c.plan_key == CYCLE.c.plan_key, this.c.year > CYCLE.c.year))
        .where(this.c.id == cycle, CYCLE.c.state.not_in([CycleState.CANCELLED.value, CycleState.DRAFT.value]))
        .order_by(CYCLE.c.year.desc(), CYCLE.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
