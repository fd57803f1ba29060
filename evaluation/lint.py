"""
The lint: what is unwise about a plan on its roster in a year, though it can be read.

Nothing is decided by it: `dondoc check` shows it, and a launch asks for what it finds to be accepted.
"""

from __future__ import annotations

from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from evaluation import lint_dates, lint_mails, lint_parties, lint_reports
from evaluation.lints import LINTS, Examined, Lint, Severity, named
from evaluation.projection import CyclicStagesError
from evaluation.workdays import UnknownYearError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from evaluation.plans import Plan
    from evaluation.rosters import Roster
    from evaluation.workdays import Calendar

__all__ = ["LINTS", "Lint", "Severity", "lint", "order_of_dates"]

#: Looked at without dates.
_OF_PARTIES = (
    lint_parties.selector_lints,
    lint_parties.criteria_lints,
    lint_parties.twice_lints,
    lint_parties.validity_lints,
    lint_mails.address_lints,
    lint_mails.silence_lints,
    lint_dates.event_lints,
    lint_parties.paper_lints,
)
#: Looked at on the windows of the year.
_OF_DATES = (
    lint_dates.order_lints,
    lint_dates.wait_lints,
    lint_reports.chain_lints,
    lint_dates.rung_lints,
    lint_dates.off_day_lints,
    lint_reports.cut_off_lints,
    lint_dates.projected_lints,
    lint_mails.mail_lints,
)


#: What a changed date can break in a year that runs.
_OF_ORDER = (lint_dates.order_lints, lint_dates.wait_lints, lint_reports.chain_lints)


def order_of_dates(plan: Plan, *, roster: Roster, year: int, calendar: Calendar, known: Mapping[str, date]) -> tuple[Lint, ...]:
    """Return only what is wrong with the order of the plan's dates, in the order of its lines. Raises as `project_plan` does."""
    examined = Examined(plan=plan, roster=roster, year=year, calendar=calendar, known=known)
    return tuple(dict.fromkeys(found for look in _OF_ORDER for found in look(examined)))


def lint(
    plan: Plan, *, roster: Roster, year: int, calendar: Calendar, known: Mapping[str, date] = MappingProxyType({})
) -> tuple[Lint, ...]:
    """
    Return what was found, errors first, then in the order of the plan's lines.

    `known` are moments already known, as for `project_plan`; without a launch date the projection's guess is used.
    """
    examined = Examined(plan=plan, roster=roster, year=year, calendar=calendar, known=known)
    found = dict.fromkeys(_found(examined))
    return tuple(sorted(found, key=lambda one: (one.severity is not Severity.ERROR, one.file != plan.file, one.line)))


def _found(examined: Examined) -> Iterator[Lint]:
    if examined.plan.file and PurePath(examined.plan.file).stem != examined.plan.key:
        name = PurePath(examined.plan.file).name
        vi, en = f"khóa “{examined.plan.key}” khác tên tệp {name}", f"the key “{examined.plan.key}” is not the name of {name}"
        yield examined.of_plan("key-is-not-file-name", vi=vi, en=en)
    for look in _OF_PARTIES:
        yield from look(examined)
    for look in _OF_DATES:
        yield from _dated(look, examined)


def _dated(look: Callable[[Examined], Iterator[Lint]], examined: Examined) -> Iterator[Lint]:
    """Yield what a look at dates finds, or why it could not look; the same reason is kept once by the caller."""
    try:
        yield from look(examined)
    except UnknownYearError as error:
        vi = f"chưa có lịch ngày làm việc năm {error.year}; hãy nhập lịch trước"
        yield examined.of_plan("calendar-unknown", vi=vi, en=str(error))
    except CyclicStagesError as error:
        stages = {stage.key: stage for stage in examined.plan.stages}
        circle = [stages[key] for key in (*error.stages, error.stages[0])]
        vi = f"các công đoạn chờ lẫn nhau: {' → '.join(stage.title for stage in circle)}; bỏ một chỗ chờ hoặc một mốc"
        en = f"stages wait for each other in a circle: {' → '.join(map(named, circle))}; take one of the waits or anchors away"
        yield examined.of_plan("circle", vi=vi, en=en)
