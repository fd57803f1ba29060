"""
Projection: where every stage of a plan falls in a year.

A plan's dates hang on each other: a due date on a launch, on a release, on another stage's lock. Each of these is a
*moment*; a moment says which moments it needs, the needed ones are worked out first, and a moment that hangs on an
unknown one (a request that nobody has made) is unknown itself. Whatever has happened or been decided since is given as
`known` and takes the place of what the plan says:

- `launch`: the local date of the launch
- `event`: the local date of the request or finding
- `release:STAGE`: the local date on which the stage stopped waiting
- `STAGE.opens`, `STAGE.due`, `STAGE.locks`: the date itself; `STAGE.due:2026-Q1` for one period of several
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from evaluation.due_rules import CountedPeriod, Deadline, DueRule, MissingAnchorError, Period, due_date, end_of, in_month
from evaluation.plans import Stage, Until
from evaluation.workdays import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from evaluation.plans import Plan, Wait

LAUNCH = "launch"
EVENT = "event"
RELEASE = "release"
PARTS = ("opens", "due", "locks")
UNTIL: frozenset[str] = frozenset(Until)


class CyclicStagesError(ValueError):
    """Stages whose dates or waits hang on each other, so that none of them can begin."""

    def __init__(self, stages: Sequence[str]) -> None:
        """Keep the keys of the circle's stages, each waiting for the next and the last for the first."""
        self.stages = tuple(stages)
        circle = " → ".join((*self.stages, self.stages[0]))
        super().__init__(f"stages wait for each other in a circle: {circle}; take one of the waits or anchors away")


@dataclass(frozen=True, kw_only=True)
class Window:
    """When a stage opens, is due and locks in one period; None where no date is known."""

    stage: Stage
    period: Period | None
    opens: Deadline | None
    due: Deadline | None
    locks: Deadline | None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))

    @property
    def subject_period(self) -> str:
        """Return the period's key; the empty text for a stage that comes once."""
        return self.period.key if self.period else ""

    @property
    def projected(self) -> bool:
        """Return whether one of the dates rests on a year whose calendar is only projected."""
        return any(deadline.projected for deadline in (self.opens, self.due, self.locks) if deadline)

    @property
    def opens_at(self) -> datetime | None:
        """Return the instant, in UTC, at which the opening's local date begins: 00:00, not its end."""
        if self.opens is None:
            return None
        return Calendar(version="", days=(), years={}, zone=self.zone).instant(self.opens.last_on)


def project_plan(plan: Plan, *, year: int, calendar: Calendar, known: Mapping[str, date]) -> tuple[Window, ...]:
    """
    Return a window per stage and period of the evaluated year, in the plan's order, then the periods'.

    Raises:
        CyclicStagesError: stages wait for each other.
        MissingAnchorError: a date is counted from a stage that the plan does not have.
        UnknownYearError: a date touches a year that the calendar does not hold.

    """
    reckoning = _Reckoning(plan=plan, year=year, calendar=calendar, known=known)
    rows = [(stage, period) for stage in plan.stages for period in stage.periods_of(year)]
    return reckoning.windows(rows)


def stage_window(  # noqa: PLR0913  a row is named by stage and period, a projection by plan, year, calendar and facts
    plan: Plan, stage: Stage, period: Period | None, *, year: int, calendar: Calendar, known: Mapping[str, date]
) -> Window:
    """Return one stage's window; the same as `project_plan` gives for the row. Raises as that does."""
    reckoning = _Reckoning(plan=plan, year=year, calendar=calendar, known=known)
    return reckoning.windows([(stage, period)])[0]


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """Something that a date can be counted from; `stage` is empty for the launch and the event."""

    stage: str = ""
    period: Period | None = None
    part: str


@dataclass(frozen=True, kw_only=True)
class _Reckoning:
    """A plan, a year, its working days, and what is known by now."""

    plan: Plan
    year: int
    calendar: Calendar
    known: Mapping[str, date]

    def windows(self, rows: Sequence[tuple[Stage, Period | None]]) -> tuple[Window, ...]:
        """Return the window of each row, every moment worked out once."""
        self._refuse_circle_of_waits()
        wanted = [_Moment(stage=stage.key, period=period, part=part) for stage, period in rows for part in PARTS]
        found = self._work_out(wanted)
        return tuple(
            Window(
                stage=stage,
                period=period,
                **{part: found[_Moment(stage=stage.key, period=period, part=part)] for part in PARTS},
                zone=self.calendar.zone,
            )
            for stage, period in rows
        )

    def _work_out(self, wanted: Iterable[_Moment]) -> dict[_Moment, Deadline | None]:
        needs: dict[_Moment, tuple[_Moment, ...]] = {}
        ahead = list(wanted)
        while ahead:
            moment = ahead.pop()
            if moment not in needs:
                needs[moment] = tuple(self._needs(moment))
                ahead.extend(needs[moment])
        found: dict[_Moment, Deadline | None] = {}
        for moment in self._in_order(needs):
            found[moment] = self._answer(moment, [found[need] for need in needs[moment]])
        return found

    def _in_order(self, needs: Mapping[_Moment, Iterable[_Moment]]) -> tuple[_Moment, ...]:
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as error:
            raise CyclicStagesError(self._circle(moment.stage for moment in error.args[1])) from None

    def _refuse_circle_of_waits(self) -> None:
        """Fixed dates hide a circle of waits from the dates, and the year would stand still all the same."""
        waits = {stage.key: [wait.stage for wait in self._waits(stage)] for stage in self.plan.stages}
        try:
            TopologicalSorter(waits).prepare()
        except CycleError as error:
            raise CyclicStagesError(self._circle(error.args[1])) from None

    def _circle(self, needed_first: Iterable[str]) -> tuple[str, ...]:
        """Return the stages of a closed walk once each, who waits before what is waited for, the plan's first first."""
        keys = tuple(dict.fromkeys(reversed([*needed_first])))
        order = [stage.key for stage in self.plan.stages]
        first = min(range(len(keys)), key=lambda at: order.index(keys[at]))
        return keys[first:] + keys[:first]

    def _stage(self, key: str, *, named_by: str) -> Stage:
        try:
            return self.plan.stage(key)
        except KeyError:
            raise MissingAnchorError(named_by) from None

    def _rule(self, moment: _Moment) -> DueRule | None:
        stage = self.plan.stage(moment.stage)
        return {"opens": stage.opens, "due": stage.due, "locks": stage.locks}[moment.part]

    def _waits(self, stage: Stage) -> tuple[Wait, ...]:
        """Return what the stage still waits for: nothing, once its release is known."""
        return () if f"{RELEASE}:{stage.key}" in self.known else stage.waits_for

    # What a moment needs

    def _needs(self, moment: _Moment) -> Iterator[_Moment]:
        """Yield the moments that must be worked out before this one."""
        if self._given(moment) is not None or moment.part == EVENT:
            return
        if moment.part == LAUNCH:
            yield from self._fixed_openings()
        elif moment.part == RELEASE:
            yield from self._needs_of_release(moment)
        elif moment.part in UNTIL:
            yield from self._needs_of_wait(moment)
        elif isinstance(rule := self._rule(moment), CountedPeriod):
            yield self._anchor(rule.anchor, moment=moment)

    def _fixed_openings(self) -> Iterator[_Moment]:
        for stage in self.plan.stages:
            if not isinstance(stage.opens, CountedPeriod):
                for period in stage.periods_of(self.year):
                    yield _Moment(stage=stage.key, period=period, part="opens")

    def _needs_of_release(self, moment: _Moment) -> Iterator[_Moment]:
        stage = self.plan.stage(moment.stage)
        waits = self._waits(stage)
        for wait in waits:
            yield _Moment(stage=self._stage(wait.stage, named_by=wait.stage).key, part=wait.until)
        if not waits:
            own = stage.opens
            circular = isinstance(own, CountedPeriod) and own.anchor == RELEASE
            yield _Moment(part=LAUNCH) if circular else replace(moment, part="opens")

    def _needs_of_wait(self, moment: _Moment) -> Iterator[_Moment]:
        awaited = self.plan.stage(moment.stage)
        part = "locks" if moment.part == Until.LOCKED and awaited.locks is not None else "due"
        for period in awaited.periods_of(self.year):
            yield _Moment(stage=awaited.key, period=period, part=part)
        if self._may_be_empty(moment):
            yield _Moment(part=LAUNCH)

    def _may_be_empty(self, moment: _Moment) -> bool:
        """Return whether the wait may have nothing to wait for: all of no requests are done."""
        return moment.part == Until.ALL_DONE and self.plan.stage(moment.stage).on_request

    def _anchor(self, anchor: str, *, moment: _Moment) -> _Moment:
        """Return the moment that a counted period of the given moment's stage is counted from."""
        if anchor in {LAUNCH, EVENT}:
            return _Moment(part=anchor)
        if anchor == RELEASE:
            return replace(moment, part=RELEASE)
        key, _, part = anchor.partition(".")
        if part not in PARTS:
            raise MissingAnchorError(anchor)
        stage = self._stage(key, named_by=anchor)
        return _Moment(stage=key, period=_counterpart(stage, moment.period, year=self.year), part=part)

    # What a moment comes to

    def _given(self, moment: _Moment) -> date | None:
        """Return the date that is known of the moment, most particular first."""
        if not moment.stage:
            return self.known.get(moment.part)
        if moment.part == RELEASE:
            return self.known.get(f"{RELEASE}:{moment.stage}")
        name = f"{moment.stage}.{moment.part}"
        of_period = f"{name}:{moment.period.key}" if moment.period else name
        return self.known.get(of_period, self.known.get(name))

    def _answer(self, moment: _Moment, needed: Sequence[Deadline | None]) -> Deadline | None:
        given = self._given(moment)
        if given is not None:
            return self._plain(given, rule=self._rule(moment) if moment.part in PARTS else None)
        if moment.part == EVENT:
            return None
        if moment.part == LAUNCH:
            return self._launch(needed)
        if moment.part == RELEASE or moment.part in UNTIL:
            return self._latest(needed, skip_unknown=moment.part in UNTIL and self._may_be_empty(moment))
        return self._dated(moment, needed)

    def _plain(self, on: date, *, rule: DueRule | None) -> Deadline:
        """Return a date that is a fact: it rests on no calendar, and keeps the time of day that the plan gives."""
        at = end_of(on, at=rule.at if rule else None, calendar=self.calendar)
        return Deadline(last_on=on, at=at, nominal_on=on, projected=False)

    def _launch(self, openings: Sequence[Deadline | None]) -> Deadline:
        """Return the earliest fixed opening; where a plan has none, its reference date, moved to the year."""
        if openings:
            return min((opening for opening in openings if opening), key=lambda opening: opening.last_on)
        reference = self.plan.reference_on
        moved = in_month(reference.year + self.year - self.plan.year, reference.month, reference.day)
        return self._plain(moved, rule=None)

    def _latest(self, needed: Sequence[Deadline | None], *, skip_unknown: bool) -> Deadline | None:
        """Return the latest of the moments waited for; unknown as long as one of them is, unless those are skipped."""
        if None in needed and not skip_unknown:
            return None
        return max((deadline for deadline in needed if deadline), key=lambda deadline: deadline.last_on, default=None)

    def _dated(self, moment: _Moment, needed: Sequence[Deadline | None]) -> Deadline | None:
        """Return what the plan's rule comes to; a date counted from a projected one is projected too."""
        rule = self._rule(moment)
        if rule is None or None in needed:
            return None
        counted_from = [anchor for anchor in needed if anchor]
        anchors = {rule.anchor: counted_from[0].last_on} if isinstance(rule, CountedPeriod) else {}
        deadline = due_date(rule, year=self.year, period=moment.period, anchors=anchors, calendar=self.calendar)
        return replace(deadline, projected=deadline.projected or any(anchor.projected for anchor in counted_from))


def _counterpart(stage: Stage, period: Period | None, *, year: int) -> Period | None:
    """Return the period of the stage that a date of `period` means: the latest that overlaps it, else its last."""
    periods = stage.periods_of(year)
    overlapping = [
        own for own in periods if own and period and own.first_month <= period.last_month and period.first_month <= own.last_month
    ]
    return [*periods, *overlapping][-1]
