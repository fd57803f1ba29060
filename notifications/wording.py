"""
Wording of time: dates, weekdays, deadlines and days left, in Vietnamese and in English.

A due date is included: "hết ngày 19/03/2026" ends at 24:00 of it. On screen a date is dd/mm/yyyy; in the citation of a document
a day below 10 and the months 1 and 2 have a leading zero (NĐ 30/2020/NĐ-CP), the other months none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notifications.letters import Language

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from evaluation.due_rules import Period
    from notifications.letters import Timing

WEEKDAYS = {
    Language.VI: ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
QUARTERS = ("I", "II", "III", "IV")
LAST_PADDED_MONTH = 2


def plain_date(on: date, *, language: Language) -> str:
    """Return `19/03/2026` or `19 March 2026`."""
    return f"{on:%d/%m/%Y}" if language is Language.VI else f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def full_date(on: date, *, language: Language) -> str:
    """Return a date with its weekday: `thứ Năm 19/03/2026`, `Thursday 19 March 2026`."""
    return f"{WEEKDAYS[language][on.weekday()]} {plain_date(on, language=language)}"


def document_date(on: date, *, language: Language) -> str:
    """Return a date as documents are cited by: `01/3/2023`, `1 March 2023`."""
    if language is Language.EN:
        return plain_date(on, language=language)
    month = f"{on.month:02}" if on.month <= LAST_PADDED_MONTH else str(on.month)
    return f"{on.day:02}/{month}/{on.year}"


def ends_at_midnight(due_on: date, *, due_at: datetime, zone: tzinfo) -> bool:
    """Return whether the whole of the due date is still in time."""
    return due_at.astimezone(zone).date() > due_on


def deadline(due_on: date, *, due_at: datetime, zone: tzinfo, language: Language) -> str:
    """Return a deadline with weekday, date and hour: `24 giờ 00 thứ Năm 19/03/2026 (hết ngày)`, `17 giờ 00 thứ Năm 19/03/2026`."""
    on = full_date(due_on, language=language)
    whole = ends_at_midnight(due_on, due_at=due_at, zone=zone)
    local = due_at.astimezone(zone)
    if language is Language.VI:
        return f"24 giờ 00 {on} (hết ngày)" if whole else f"{local:%H} giờ {local:%M} {on}"
    return f"24:00 on {on} (end of the day)" if whole else f"{local:%H:%M} on {on}"


def short_deadline(due_on: date, *, due_at: datetime, zone: tzinfo, language: Language) -> str:
    """Return a deadline as a subject has room for it: `hết thứ Năm 19/03/2026`, `17:00 thứ Năm 19/03/2026`."""
    on = full_date(due_on, language=language)
    if not ends_at_midnight(due_on, due_at=due_at, zone=zone):
        return f"{due_at.astimezone(zone):%H:%M} {on}"
    return f"hết {on}" if language is Language.VI else on


def local_moment(at: datetime, *, zone: tzinfo, language: Language) -> str:
    """Return an instant as a local time and date: `00:00 ngày 03/04/2026`, `00:00 on 3 April 2026`."""
    local = at.astimezone(zone)
    between = "ngày" if language is Language.VI else "on"
    return f"{local:%H:%M} {between} {plain_date(local.date(), language=language)}"


def counted(number: int, *, language: Language, working: bool = False) -> str:
    """Return `3 ngày`, `3 ngày làm việc`, `1 day`, `3 working days`."""
    if language is Language.VI:
        return f"{number} ngày làm việc" if working else f"{number} ngày"
    return f"{number} {'working ' if working else ''}day{'' if number == 1 else 's'}"


def time_tag(timing: Timing, *, language: Language) -> str:
    """Return what a subject says of time, by the facts and not by the kind: `Còn 3 ngày`, `Đến hạn hôm nay`, `Quá hạn 2 ngày`."""
    if timing.days_left is None:
        return ""
    vi = language is Language.VI
    if timing.overdue:
        late = counted(timing.days_late, language=language)
        return f"Quá hạn {late}" if vi else f"{late} overdue"
    if timing.days_left == 0:
        return "Đến hạn hôm nay" if vi else "Due today"
    left = counted(timing.days_left, language=language)
    return f"Còn {left}" if vi else f"{left} left"


def time_left(timing: Timing, *, language: Language) -> str:
    """Return the same as half a sentence, with working days: `còn 3 ngày (2 ngày làm việc)`; empty where there is no due date."""
    if timing.days_left is None:
        return ""
    vi = language is Language.VI
    if timing.overdue:
        late = counted(timing.days_late, language=language)
        return f"đã quá hạn {late}" if vi else f"{late} overdue"
    if timing.days_left == 0:
        return "đến hạn hôm nay" if vi else "due today"
    left = counted(timing.days_left, language=language)
    worked = timing.workdays_left
    beside = "" if worked is None or worked == timing.days_left else f" ({counted(worked, language=language, working=True)})"
    return f"còn {left}{beside}" if vi else f"{left} left{beside}"


def period_name(period: Period, *, language: Language) -> str:
    """Return `quý I/2026`, `6 tháng đầu năm 2026`, `tháng 3/2026`; `Q1 2026`, `first half of 2026`, `March 2026`."""
    name = period.key.partition("-")[2]
    number = int(name[1:]) if name else 0
    match name[:1], language:
        case "Q", Language.VI:
            return f"quý {QUARTERS[number - 1]}/{period.year}"
        case "Q", _:
            return f"Q{number} {period.year}"
        case "H", Language.VI:
            return f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {period.year}"
        case "H", _:
            return f"{'first' if number == 1 else 'second'} half of {period.year}"
        case "M", Language.VI:
            return f"tháng {number}/{period.year}"
        case "M", _:
            return f"{MONTHS[number - 1]} {period.year}"
        case _, Language.VI:
            return f"năm {period.year}"
        case _:
            return str(period.year)


def mail_date(now: datetime, *, zone: tzinfo) -> datetime:
    """Return the moment that a mail bears, in the authority's zone, to the second."""
    return (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(zone).replace(microsecond=0)
