"""Choices: what the forms that change a year offer, each with what stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.console.grounds import ladder_said, rung_said
from api.console.groups import group_said, level_said
from api.console.mails import kind_said
from api.console.rung_changes import MESSAGES
from evaluation.kinds import PartyKind
from evaluation.letters import Subject
from evaluation.naming_order import name_order
from evaluation.projection import project_plan
from notifications.phrases import subject_name
from notifications.wording import full_date
from store.commands.launching import known_anchors
from store.queries.people import list_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.console.visiting import Visitor
    from evaluation.projection import Window
    from store.queries.health import View
    from store.queries.people import UnitLine
    from store.years import Year

    Choices = Mapping[str, Sequence[tuple[str, str]]]


def choices_of(visitor: Visitor, connection: View, year: Year) -> Choices:
    """Return, for each field that is chosen from a list, its values and words; two queries."""
    today = year.rulebook.calendar.local_date(visitor.now)
    parties = list_units(connection, year.authority, on=today)
    there = [one for one in parties if one.valid_to is None or one.valid_to >= today]
    units = sorted(((one.key, one.name) for one in there if one.kind == PartyKind.UNIT.value), key=lambda one: name_order(one[1]))
    nobody = ("", visitor.say("không có"))
    return {
        "stage": _stages(visitor, year),
        "rung": list(_rungs(visitor, year)),
        "message": [("", visitor.say("giữ như đang có")), *((one.value, kind_said(visitor, one)) for one in MESSAGES)],
        "leaving": units,
        "successor": [("", visitor.say("không có: miễn các việc còn lại")), *units],
        "unit.group": _groups(visitor, there),
        "unit.level": [nobody, *((level, level_said(visitor, level)) for level in sorted({one.level for one in there if one.level}))],
        "unit.superior": [nobody, *((one.key, one.name) for one in there if one.kind == PartyKind.BODY.value), *units],
    }


def _rungs(visitor: Visitor, year: Year) -> Iterator[tuple[str, str]]:
    """Yield every rung of the plan in force, ladder by ladder, and behind each ladder a new one."""
    for ladder, rungs in year.plan.ladders.items():
        for rung in rungs:
            yield f"{ladder}:{rung.key}", f"{ladder_said(visitor, ladder)} · {rung_said(visitor, rung)}"
        yield f"{ladder}:", visitor.say("%s · thêm bậc mới") % ladder_said(visitor, ladder)


def _groups(visitor: Visitor, parties: Sequence[UnitLine]) -> list[tuple[str, str]]:
    found = sorted({one.group for one in parties if one.group})
    return [(group, group_said(visitor, group)) for group in found]


def _stages(visitor: Visitor, year: Year) -> list[tuple[str, str]]:
    """Return the stages and their periods, each with the date that it has now."""
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    return [(_place(window), _said(visitor, window)) for window in windows if not window.stage.on_request]


def _place(window: Window) -> str:
    return f"{window.stage.key}:{window.subject_period}" if window.subject_period else window.stage.key


def _said(visitor: Visitor, window: Window) -> str:
    title = visitor.either(window.stage.title, window.stage.title_en)
    period = subject_name(Subject(period=window.period), language=visitor.language)
    due = visitor.say("chưa có hạn")
    if window.due is not None:
        due = visitor.say("hạn %s") % full_date(window.due.last_on, language=visitor.language)
    return " · ".join(filter(None, (title, period, due)))
