"""
Urging letters about findings: what a letter says of a finding that is not remedied, and until when it may ask for an answer.

A remedy that was reported and did not pass its re-inspection is not late: the letter says what was reported, when the team looked again,
by which minutes and with which outcome, and counts from the term of the remedy that is owed now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.inspections.words import SAID_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from evaluation.inspections.findings import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """The last re-inspection of a finding that came to an outcome, and the report that it looked at; local dates."""

    on: date  #: that of its minutes; where those say none, on which it was recorded
    outcome: Outcome
    minutes: str = ""  #: number and date, as typed
    reported_on: date | None = None  #: None: nothing was reported


def failed_words(look: Look) -> str:
    """Return what a letter says of a remedy that did not pass: reported when, looked at when, by which minutes, with which outcome."""
    reported = "chưa báo cáo khắc phục" if look.reported_on is None else f"đã báo cáo khắc phục ngày {look.reported_on:%d/%m/%Y}"
    minutes = f" (biên bản số {look.minutes})" if look.minutes else ""
    return f"{reported}; phúc tra ngày {look.on:%d/%m/%Y}{minutes}: {SAID_WORDS['reinspection', look.outcome.value][0]}"


def found_words(text: str, *, conclusions: str = "") -> str:
    """Return a finding's own words, and by which conclusions it was found, where their number is known."""
    return f"“{text}”" + (f", nêu tại Kết luận kiểm tra số {conclusions}" if conclusions else "")


def answered_by(suggested: date | None, *, running: Collection[date], every: bool) -> date | None:
    """
    Return until when a letter asks for an answer: never after a term of what it speaks of has passed that still runs.

    `running`: the last days of the terms that still run; `every`: whether the terms of all that it speaks of do. Then the letter asks for
    nothing earlier than was given: their day where it is one, None where each has its own.
    """
    if every and running:
        return next(iter(running)) if len(set(running)) == 1 else None
    known = [*running, *([] if suggested is None else [suggested])]
    return min(known, default=None)
