"""The lines of a plan as they are shown: whose they are, when they fall, the ladder, the words, and the bars of the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.console.catalogues import N_
from api.console.gantt import Bar, Scale, bar_of
from evaluation.due_rules import DayUnit
from evaluation.kinds import Audience
from evaluation.plans import CountFrom, Rung, Stage, Until
from notifications.phrases import HEADINGS, document_name
from notifications.wording import counted, period_name, plain_date, short_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from api.console.visiting import Visitor
    from evaluation.due_rules import Deadline
    from evaluation.projection import Window
    from store.queries.letter_facts import Names
    from store.queries.plan_years import Owing, Progress, RunningPlan

_AUDIENCES: dict[Audience, str] = {
    Audience.OFFICER: N_("công chức đầu mối"),
    Audience.HEAD: N_("người đứng đầu"),
    Audience.COORDINATING: N_("cơ quan phối hợp"),
    Audience.SUPERIOR: N_("cấp trên"),
    Audience.RECEIVER: N_("nơi nhận"),
    Audience.STANDING_BODY: N_("cơ quan thường trực"),
    Audience.CHAIR: N_("Chủ tịch"),
}
_UNTIL: dict[Until, str] = {
    Until.ALL_DONE: N_("sau khi mọi đơn vị làm xong “%s”"),
    Until.LOCKED: N_("sau khi khóa “%s”"),
    Until.DECIDED: N_("sau khi có quyết định ở “%s”"),
}


@dataclass(frozen=True, kw_only=True)
class DatesView:
    """When a stage falls in one period, in words."""

    period: str
    opens: str
    due: str
    locks: str
    projected: bool
    progress: str  #: `12/138`: how many are done; empty where nobody owes yet
    late: int


@dataclass(frozen=True, kw_only=True)
class RungView:
    """A step of a ladder in words."""

    when: str
    message: str
    whom: str


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A line of the plan."""

    stage: Stage
    title: str
    owing: list[str]
    coordinating: list[str]
    receiver: str
    through: str
    basis: str
    waits: list[str]
    feeds: str  #: what its report goes into
    cut_off: int  #: day on which the data of a periodic report are closed; 0: it is none
    dates: list[DatesView]
    ladder: list[RungView]
    bars: list[Bar]


@dataclass(frozen=True, kw_only=True)
class PlanSaid:
    """What the lines are told from."""

    visitor: Visitor
    running: RunningPlan
    scale: Scale
    owing: Mapping[str, list[Owing]]
    progress: Mapping[tuple[str, str], Progress]
    names: Names
    today: date

    def title(self, stage: Stage) -> str:
        """Return what a stage is called."""
        return self.visitor.either(stage.title, stage.title_en)


def line_views(said: PlanSaid) -> list[LineView]:
    """Return the lines in the plan's order."""
    windows: dict[str, list[Window]] = {}
    for window in said.running.plan.windows:
        windows.setdefault(window.stage.key, []).append(window)
    return [_line(said, stage, windows.get(stage.key, [])) for stage in said.running.plan.plan.stages]


def _line(said: PlanSaid, stage: Stage, windows: list[Window]) -> LineView:
    plan, names, language = said.running.plan.plan, said.names, said.visitor.language
    basis = next((document for document in plan.documents if document.key == stage.basis), None)
    ref = said.running.year.stage(stage.key)
    dates = [_dates(said, window) for window in windows]
    bars = [_bar(said, window, view) for window, view in zip(windows, dates, strict=True)]
    return LineView(
        stage=stage,
        title=said.title(stage),
        owing=[one.name for one in said.owing.get(stage.key, [])],
        coordinating=[names.of(party) for party in ref.coordinating],
        receiver=names.of_key(stage.owed_to),
        through=names.of_key(stage.through) if stage.through else "",
        basis="" if basis is None else document_name(basis, language=language),
        waits=[said.visitor.say(_UNTIL[wait.until]) % said.title(plan.stage(wait.stage)) for wait in stage.waits_for],
        feeds=said.title(plan.stage(stage.report.feeds)) if stage.report is not None and stage.report.feeds else "",
        cut_off=stage.report.cut_off if stage.report is not None else 0,
        dates=dates,
        ladder=[_rung(said.visitor, rung) for rung in plan.ladder(stage.ladder)],
        bars=[bar for bar in bars if bar is not None],
    )


def _dates(said: PlanSaid, window: Window) -> DatesView:
    language = said.visitor.language
    progress = said.progress.get((window.stage.key, window.subject_period))
    return DatesView(
        period="" if window.period is None else period_name(window.period, language=language),
        opens="" if window.opens is None else plain_date(window.opens.last_on, language=language),
        due=_deadline(said, window.due),
        locks=_deadline(said, window.locks),
        projected=window.projected,
        progress="" if progress is None else f"{progress.done}/{progress.owed}",
        late=0 if progress is None else progress.late,
    )


def _deadline(said: PlanSaid, end: Deadline | None) -> str:
    if end is None:
        return ""
    zone = said.running.year.rulebook.calendar.zone
    return short_deadline(end.last_on, due_at=end.at, zone=zone, language=said.visitor.language)


def _bar(said: PlanSaid, window: Window, view: DatesView) -> Bar | None:
    say = said.visitor.say
    told = [
        view.period,
        say("mở %s") % view.opens if view.opens else "",
        say("hạn %s") % view.due if view.due else "",
        say("khóa %s") % view.locks if view.locks else "",
        say("xong %s") % view.progress if view.progress else "",
        say("trễ %s") % view.late if view.late else "",
    ]
    return bar_of(said.scale, window, words=", ".join(filter(None, told)), tone=_tone(said, window))


def _tone(said: PlanSaid, window: Window) -> str:
    """Return how a bar looks: done, late, under way, or still to come."""
    progress = said.progress.get((window.stage.key, window.subject_period))
    if progress is not None and progress.done == progress.owed:
        return "done"
    if progress is not None and progress.late:
        return "late"
    return "ready" if window.opens is not None and window.opens.last_on <= said.today else "idle"


def _rung(visitor: Visitor, rung: Rung) -> RungView:
    days = counted(abs(rung.offset), language=visitor.language, working=rung.unit is DayUnit.WORKING)
    return RungView(
        when=visitor.say(_when(rung)) % {"days": days},
        message=visitor.either(*HEADINGS[rung.message]),
        whom=", ".join(visitor.say(_AUDIENCES[one]) for one in rung.audience),
    )


_WHEN = {
    (CountFrom.DUE, -1): N_("%(days)s trước hạn"),
    (CountFrom.DUE, 0): N_("ngày đến hạn"),
    (CountFrom.DUE, 1): N_("%(days)s sau hạn"),
    (CountFrom.LOCK, -1): N_("%(days)s trước khi khóa"),
    (CountFrom.LOCK, 0): N_("ngày khóa"),
    (CountFrom.LOCK, 1): N_("%(days)s sau khi khóa"),
}


def _when(rung: Rung) -> str:
    return _WHEN[rung.counted_from, (rung.offset > 0) - (rung.offset < 0)]
