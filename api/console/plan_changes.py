"""In what a year's plan differs from the one before, in words, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.console.catalogues import N_
from notifications.wording import counted, period_name, plain_date
from store.queries.letter_facts import period_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from api.console.visiting import Visitor
    from evaluation.plan_changes import MovedDate, OwingChange, PlanChanges
    from evaluation.plans import Stage

_PARTS = {"opens": N_("Ngày mở"), "due": N_("Hạn"), "locks": N_("Ngày khóa")}
_NAMED = 3  #: names that stand in a line; the rest is counted


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """A stage in which the years differ."""

    stage: Stage
    title: str
    lines: list[str]


def change_views(visitor: Visitor, changes: PlanChanges, *, names: Mapping[str, str]) -> list[ChangeView]:
    """Return the stages that are new, those that are gone, then the changed ones."""
    found: dict[str, ChangeView] = {}

    def add(stage: Stage, line: str) -> None:
        view = found.setdefault(stage.key, ChangeView(stage=stage, title=visitor.either(stage.title, stage.title_en), lines=[]))
        view.lines.append(line)

    for stage in changes.added:
        add(stage, visitor.say("Việc mới, năm trước không có"))
    for stage in changes.dropped:
        add(stage, visitor.say("Năm nay không còn"))
    for moved in changes.moved:
        add(moved.stage, _moved(visitor, moved))
    for words in changes.words:
        add(
            words.stage,
            visitor.say("Lời trong kế hoạch: trước là “%(before)s”, nay là “%(after)s”") % _both(words.before, words.stage.words),
        )
    for owing in changes.owing:
        for line in _owing(visitor, owing, names=names):
            add(owing.stage, line)
    return list(found.values())


def _both(before: str, after: str) -> dict[str, str]:
    return {"before": before, "after": after}


def _moved(visitor: Visitor, moved: MovedDate) -> str:
    part, period = visitor.say(_PARTS[moved.part]), period_named(moved.period)
    what = part if period is None else f"{part} ({period_name(period, language=visitor.language)})"
    dates = _both(_date(visitor, moved.before), _date(visitor, moved.after))
    return ", ".join(filter(None, (f"{what}: {dates['before']} → {dates['after']}", _how_far(visitor, moved))))


def _date(visitor: Visitor, on: date | None) -> str:
    return visitor.say("chưa có ngày") if on is None else plain_date(on, language=visitor.language)


def _how_far(visitor: Visitor, moved: MovedDate) -> str:
    if moved.days is None:
        return ""
    days = counted(abs(moved.days), language=visitor.language)
    said = visitor.say("muộn hơn %s") % days if moved.days > 0 else visitor.say("sớm hơn %s") % days
    because = visitor.say("do ngày nghỉ")
    return f"{said} ({because})" if moved.by_calendar else said


def _owing(visitor: Visitor, change: OwingChange, *, names: Mapping[str, str]) -> list[str]:
    lines = []
    if change.added:
        lines.append(visitor.say("Thêm đơn vị: %s") % _named(visitor, change.added, names=names))
    if change.dropped:
        lines.append(visitor.say("Không còn đơn vị: %s") % _named(visitor, change.dropped, names=names))
    return lines


def _named(visitor: Visitor, keys: Collection[str], *, names: Mapping[str, str]) -> str:
    said = sorted(names.get(key, key) for key in keys)
    more = len(said) - _NAMED
    first = ", ".join(said[:_NAMED])
    return visitor.say("%(names)s và %(more)s đơn vị nữa") % {"names": first, "more": more} if more > 0 else first
