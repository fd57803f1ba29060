"""What the people of a demo year do about the criteria that were weak last year, so that measures are seen at every stage."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.criteria.sets import leaves
from evaluation.improvement.settings import WeakOf
from evaluation.improvement.weak import Result
from evaluation.obligations import State
from store.commands.improvement.lines import followed_version, weak_stage
from store.commands.improvement.measures import Planned, plan_measure, report_progress
from store.commands.improvement.published import published_results, take_published
from store.commands.improvement.weak import take_weak
from store.criteria import load_criteria
from store.queries.improvement import CriterionLine, list_improvement
from store.refusals import RefusalError
from store.results import editions_of
from store.schema import CYCLE, WEAK_CRITERION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from evaluation.criteria.sets import Step
    from store.queries.improvement import MeasureLine
    from store.session import Store
    from store.years import Year

FIRST = 4  #: so many units have weak criteria
_THURSDAY, _FIRST_WEEK = 3, 7
_AFTER = timedelta(days=30)  #: from the launch on, last year's results are there
_STEP, _MOST = 35, 90  #: per cent a month; what is done is handed in, not said
_TEXTS = ("Ban hành văn bản chỉ đạo, phân công rõ người phụ trách", "Tập huấn, kiểm tra việc thực hiện tại các phòng chuyên môn")
_CAUSES = ("Chưa phân công người theo dõi", "Triển khai chậm so với kế hoạch", "")


def people_improve(store: Store, year: Year, *, criteria: str, now: datetime) -> int:
    """Let people do, once a month on a working day, what they do about weak criteria of a set; return how much was done."""
    today = year.rulebook.calendar.local_date(now)
    if today.weekday() != _THURSDAY or today.day > _FIRST_WEEK:
        return 0
    if weak_stage(year, WeakOf.UNITS) is None or not year.rulebook.calendar.is_workday(today):
        return 0
    with store.reading() as connection:
        there = connection.execute(select(WEAK_CRITERION.c.id).where(WEAK_CRITERION.c.cycle_id == year.cycle).limit(1)).first()
        lines = list_improvement(store, connection, year.cycle, now=now) if there is not None else []
    if there is None:
        ripe = year.launched_at is not None and year.launched_at + _AFTER <= now
        return _take(store, year, criteria=criteria, now=now) if ripe else 0
    ends = today + timedelta(days=60)
    done = sum(_plan(store, line, due_on=ends, now=now) for line in lines if line.points is not None and not line.measures)
    return done + sum(_report(store, one, now=now) for line in lines for one in line.measures)


def _take(store: Store, year: Year, *, criteria: str, now: datetime) -> int:
    """Take in what was weak last year: of units as it was published, once it is; where nobody keeps that year, made-up results of a few."""
    before = CYCLE.c.authority_id == year.authority, CYCLE.c.year == year.evaluated - 1
    with store.reading() as connection:
        version = followed_version(connection, year.authority, criteria)
        last = connection.execute(select(CYCLE.c.id).where(*before)).scalar_one_or_none()
        if version is None or (last is not None and not editions_of(connection, last)):
            return 0
        published = None if last is None else published_results(store, connection, year.cycle, now=now)
        steps = leaves(load_criteria(store, connection, version.id))
    made_up = _of_province(year, steps, today=year.rulebook.calendar.local_date(now))
    if published is None:
        made_up = _of_units(year, steps) + made_up
    with store.transaction(now=now) as transaction:
        taken = len(take_weak(store, transaction, year.cycle, made_up, criteria=criteria).raised)
        return taken + (0 if published is None else len(take_published(store, transaction, year.cycle, results=published).raised))


def _of_units(year: Year, steps: Sequence[Step]) -> list[Result]:
    ref = weak_stage(year, WeakOf.UNITS)
    assert ref is not None  # noqa: S101  it was asked before
    keys = {ident: key for key, ident in year.people.ids.items()}
    units = [keys[party] for party in year.people.selected(ref.line.owed_by, on=year.plan.reference_on)[:FIRST]]
    return [_weak(unit, steps[(7 * number) % len(steps)], number=number) for number, unit in enumerate(units)]


def _of_province(year: Year, steps: Sequence[Step], *, today: date) -> list[Result]:
    led = [step for step in steps if (lead := step.lead_on(today)) is not None and lead.party in year.people.ids]
    return [_weak("", step, number=number) for number, step in enumerate(led[::30])]


def _weak(unit: str, step: Step, *, number: int) -> Result:
    most = step.node.maximum or Decimal(1)
    points = Decimal(0) if number % 2 else most / 4
    return Result(unit=unit, criterion=step.node.key, points=points, maximum=most, cause=_CAUSES[number % len(_CAUSES)])


def _plan(store: Store, line: CriterionLine, *, due_on: date, now: datetime) -> int:
    """Plan two measures for a criterion that is open; the last criterion is left without."""
    if line.state is not State.OPEN or line.obligation % FIRST == 0:
        return 0
    for text, days in zip(_TEXTS, (0, 30), strict=True):
        wanted = due_on + timedelta(days=days)
        last = wanted if line.due_on is None else min(wanted, line.due_on)
        try:
            with store.transaction(now=now) as transaction:
                plan_measure(store, transaction, line.obligation, planned=Planned(text=text, answers="Chánh Văn phòng", due_on=last))
        except RefusalError:
            return 0
    return len(_TEXTS)


def _report(store: Store, one: MeasureLine, *, now: datetime) -> int:
    if one.state not in {State.OPEN, State.RETURNED} or one.percent >= _MOST:
        return 0
    with store.transaction(now=now) as transaction:
        report_progress(store, transaction, one.obligation, percent=min(one.percent + _STEP, _MOST))
    return 1
