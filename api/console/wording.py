"""Wording: what the console says of time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from evaluation.obligations import FINAL
from evaluation.terms import Turn
from notifications.letters import Language
from notifications.wording import counted, short_deadline

if TYPE_CHECKING:
    from datetime import date

    from api.console.visiting import Visitor
    from store.queries.obligations import ObligationLine


def time_said(visitor: Visitor, line: ObligationLine) -> str:
    """Return how much time is left: `Còn 3 ngày làm việc, đến hết thứ Hai 14/12/2026`, `Quá hạn 2 ngày, từ …`; empty without a date."""
    on, at, zone = line.due_on, line.due_at, ZoneInfo(line.zone)
    if on is None or at is None or line.state in FINAL:
        return ""
    until = short_deadline(on, due_at=at, zone=zone, language=visitor.language)
    days = (on - visitor.today(line.zone)).days
    if at <= visitor.now:
        say, late = visitor.say, counted(max(-days, 1), language=visitor.language)
        reviewed = line.turn is Turn.RECEIVER
        words = say("Quá hạn xem xét %(days)s (hạn: %(until)s)") if reviewed else say("Quá hạn %(days)s (hạn: %(until)s)")
        return words % {"days": late, "until": until}
    if not days:
        return visitor.say("Đến hạn hôm nay, %(until)s") % {"until": until}
    return visitor.say("Còn %(days)s, đến %(until)s") % {"days": _left(visitor.language, days, line.workdays_left), "until": until}


def _left(language: Language, days: int, workdays: int | None) -> str:
    return counted(days, language=language) if workdays is None else counted(workdays, language=language, working=True)


def age_said(visitor: Visitor, since: date, *, zone: str) -> str:
    """Return how long something has been so: `hôm nay`, `5 ngày`."""
    days = (visitor.today(zone) - since).days
    return counted(days, language=visitor.language) if days > 0 else visitor.say("hôm nay")
