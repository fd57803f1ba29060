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
from store.commands.improvement.weak import take_weak
from store.criteria import load_criteria
from store.queries.improvement import CriterionLine, list_improvement
from store.refusals import RefusalError
from store.schema import WEAK_CRITERION
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from store.queries.improvement import MeasureLine
    from store.session import Store
    from store.years import Year

FIRST = 4  #: so many units have weak criteria
_THURSDAY, _FIRST_WEEK = 3, 7
_AFTER = timedelta(days=30)  #: from the launch on, last year's results are there
_STEP, _MOST = 35, 90  #: per cent a month; what is done is handed in, not said
_TEXTS = ("Ban hành văn bản chỉ đạo, phân công rõ người phụ trách", "Tập huấn, kiểm tra việc thực hiện tại các phòng chuyên môn")
_CAUSES = ("Chưa phân công người theo dõi", "Triển khai chậm so với kế hoạch", "")


def people_improve(store: Store, cycle: int, *, criteria: str, today: date, now: datetime) -> int:
    """Let people do, once a month on a working day, what they do about weak criteria of a set; return how much was done."""
    if today.weekday() != _THURSDAY or today.day > _FIRST_WEEK:
        return 0
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        if weak_stage(year, WeakOf.UNITS) is None or not year.rulebook.calendar.is_workday(today):
            return 0
        there = connection.execute(select(WEAK_CRITERION.c.id).where(WEAK_CRITERION.c.cycle_id == cycle).limit(1)).first()
        lines = list_improvement(store, connection, cycle, now=now) if there is not None else []
    if there is None:
        return _take(store, year, criteria=criteria, now=now) if year.launched_at is not None and year.launched_at + _AFTER <= now else 0
    ends = today + timedelta(days=60)
    done = sum(_plan(store, line, due_on=ends, now=now) for line in lines if line.points is not None and not line.measures)
    return done + sum(_report(store, one, now=now) for line in lines for one in line.measures)


def _take(store: Store, year: Year, *, criteria: str, now: datetime) -> int:
    with store.reading() as connection:
        version = followed_version(connection, year.authority, criteria)
        if version is None:
            return 0
        steps = leaves(load_criteria(store, connection, version.id))
        today = year.rulebook.calendar.local_date(now)
    ref = weak_stage(year, WeakOf.UNITS)
    assert ref is not None  # noqa: S101  it was asked before
    keys = {ident: key for key, ident in year.people.ids.items()}
    units = [keys[party] for party in year.people.selected(ref.line.owed_by, on=year.plan.reference_on)[:FIRST]]
    led = [step for step in steps if (lead := step.lead_on(today)) is not None and lead.party in year.people.ids]
    placed = [(unit, steps[(7 * number) % len(steps)]) for number, unit in enumerate(units)] + [("", step) for step in led[::30]]
    results = [
        Result(
            unit=unit,
            criterion=step.node.key,
            points=Decimal(0) if number % 2 else (step.node.maximum or Decimal(1)) / 4,
            maximum=step.node.maximum or Decimal(1),
            cause=_CAUSES[number % len(_CAUSES)],
        )
        for number, (unit, step) in enumerate(placed)
    ]
    return _taken(store, year, results, criteria=criteria, now=now)


def _taken(store: Store, year: Year, results: Sequence[Result], *, criteria: str, now: datetime) -> int:
    with store.transaction(now=now) as transaction:
        return len(take_weak(store, transaction, year.cycle, results, criteria=criteria).raised)


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
