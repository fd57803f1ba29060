"""Ladders: when the rungs of a term fall due, and which are due now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from evaluation.due_rules import DayUnit
from evaluation.plans import CountFrom

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime, time

    from evaluation.plans import Rung
    from evaluation.workdays import Calendar


class Span(Protocol):
    """What a ladder is counted from."""

    @property
    def due_on(self) -> date | None:
        """The last included local date, if any."""

    @property
    def due_at(self) -> datetime | None:
        """The instant (UTC) from which it is too late, if any."""

    @property
    def locks_at(self) -> datetime | None:
        """The lock, if any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """The instant of one rung of one term."""

    rung: str
    at: datetime  #: UTC


def rung_moments(span: Span, *, ladder: Sequence[Rung], calendar: Calendar, slot: time) -> tuple[Moment, ...]:
    """
    Return the instants of a ladder's rungs, oldest first; computed once, when the term is written.

    A warning that falls on an off day is moved to the working day before, a report of lateness to the one after;
    all leave at the slot. A warning whose slot would come when the span is due already, because it is due at an early hour, is moved to the
    working day before too. A rung whose anchor (due or lock) the span lacks has no moment.
    """
    moments = (
        Moment(rung=rung.key, at=_moment(rung, anchor=anchor, ends=_end(rung, span=span), calendar=calendar, slot=slot))
        for rung in ladder
        if (anchor := _anchor(rung, span=span, calendar=calendar)) is not None
    )
    return tuple(sorted(moments, key=lambda moment: moment.at))


def _moment(rung: Rung, *, anchor: date, ends: datetime | None, calendar: Calendar, slot: time) -> datetime:
    on = rung_date(rung, anchor=anchor, calendar=calendar)
    at = calendar.instant(on, slot)
    if rung.offset > 0 or ends is None or at < ends:
        return at
    return calendar.instant(calendar.roll_back(on - timedelta(days=1)), slot)


def _end(rung: Rung, *, span: Span) -> datetime | None:
    return span.due_at if rung.counted_from is CountFrom.DUE else span.locks_at


def _anchor(rung: Rung, *, span: Span, calendar: Calendar) -> date | None:
    if rung.counted_from is CountFrom.DUE:
        return span.due_on
    return None if span.locks_at is None else calendar.last_date(span.locks_at)


def rung_date(rung: Rung, *, anchor: date, calendar: Calendar) -> date:
    """Return the working day on which a rung is noticed."""
    if rung.unit is DayUnit.WORKING and rung.offset:
        return calendar.add_workdays(anchor, rung.offset)
    on = anchor + timedelta(days=rung.offset)
    return calendar.roll_forward(on) if rung.offset > 0 else calendar.roll_back(on)


def due_moments(moments: Sequence[Moment], *, settled: Collection[str], now: datetime) -> list[Moment]:
    """
    Return the moments that have come and have no row yet, oldest first.

    A rung is due from its moment on, so a missed tick is made up by the next one.
    """
    return [moment for moment in moments if moment.at <= now and moment.rung not in settled]


def open_moments(moments: Sequence[Moment], *, settled: Collection[str]) -> list[Moment]:
    """Return the moments that have no row yet, come or not."""
    return [moment for moment in moments if moment.rung not in settled]
