"""A calendar with one year's days entered anew: what an authority does when the decision on a year comes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from config.calendar_files import VERSION_LENGTH, calendar_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.workdays import Calendar, ListedDay, YearStatus


def with_year(calendar: Calendar, *, year: int, days: Iterable[ListedDay], status: YearStatus) -> Calendar:
    """Return the calendar with a year's days replaced by these and its status set; the version is a hash of what it says."""
    kept = [day for day in calendar.days if day.on.year != year]
    every = tuple(sorted([*kept, *days], key=lambda day: day.on))
    years = {**calendar.years, year: status}
    said = calendar_csv(every) + "".join(f"{one},{years[one]}\n" for one in sorted(years))
    return replace(calendar, version=hashlib.sha256(said.encode()).hexdigest()[:VERSION_LENGTH], days=every, years=years)
