"""What became of last year's results, and by when it is owed: nothing is overdue from the start unless that was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.commands.improvement.lines import ImprovementError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evaluation.improvement.weak import Result


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A weak criterion, and the obligation that it became."""

    result: Result
    title: str  #: of the criterion
    owner: str  #: key of the party
    stage: str
    obligation: int
    due_on: date | None
    late: bool = False  #: its due has passed already


@dataclass(frozen=True, kw_only=True)
class Until:
    """By when what is taken in is owed."""

    due_on: date | None = None  #: last included local date; None: as the plan says
    accept_late: bool = False  #: owed though the plan's date has passed


#: By the plan, and nothing that is overdue from the start.
BY_PLAN = Until()


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What became of the results of last year."""

    raised: tuple[Raised, ...]
    strong: int  #: rows that are not weak
    known: int  #: weak ones that were taken in before
    corrected: int = 0  #: taken in before, with other points, maximum or cause; weak or not


def require_in_time(lines: Sequence[Raised], until: Until) -> None:
    """Raise ImprovementError where something would be overdue from the start, unless that was accepted."""
    late = [one for one in lines if one.late]
    if late and not until.accept_late:
        days = sorted({one.due_on for one in late if one.due_on is not None})
        vi_days, en_days = ", ".join(f"{day:%d/%m/%Y}" for day in days), ", ".join(map(str, days))
        vi = f"{len(late)} việc đã quá hạn ngay khi giao (hạn {vi_days}); chọn hạn khác, hoặc đồng ý giao việc quá hạn"
        en = f"{len(late)} would be overdue from the start (due {en_days}); give another date, or accept that they are late"
        raise ImprovementError(vi, en, field="due_on")
