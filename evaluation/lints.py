"""Lints: what may be found in a plan that can be read and is still not wise to launch, one line for each code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from evaluation.projection import project_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from evaluation.plans import Plan, Selector, Stage
    from evaluation.projection import Window
    from evaluation.rosters import Party, Roster
    from evaluation.workdays import Calendar

#: How many names a message lists before it counts the rest.
MOST_NAMED = 12


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"  #: the year cannot run as the plan says
    WARNING = "warning"  #: it can; someone should have meant it


@dataclass(frozen=True, kw_only=True)
class LintKind:
    """What a code means."""

    severity: Severity
    meaning: str
    meaning_vi: str


def _error(meaning: str, meaning_vi: str) -> LintKind:
    return LintKind(severity=Severity.ERROR, meaning=meaning, meaning_vi=meaning_vi)


def _warning(meaning: str, meaning_vi: str) -> LintKind:
    return LintKind(severity=Severity.WARNING, meaning=meaning, meaning_vi=meaning_vi)


#: Every code, in the order in which they are looked for.
LINTS: dict[str, LintKind] = {
    "calendar-unknown": _error(
        "A date falls in a year whose working days the calendar does not hold.", "Có mốc rơi vào năm chưa có lịch ngày làm việc."
    ),
    "circle": _error("Stages wait for each other.", "Các công đoạn chờ lẫn nhau."),
    "dates-out-of-order": _error(
        "A stage opens after it is due, or is due after it locks.", "Công đoạn mở sau hạn, hoặc hạn sau mốc khóa."
    ),
    "waits-in-vain": _error(
        "A stage is over before a stage that it waits for has opened.", "Công đoạn kết thúc trước khi công đoạn được chờ bắt đầu."
    ),
    "due-before-release": _error(
        "A fixed due date comes before the stages that are waited for are expected to be done.",
        "Hạn cố định đến trước khi các công đoạn được chờ dự kiến xong.",
    ),
    "chain-out-of-order": _error(
        "A report is due no earlier than the report it goes into.", "Hạn báo cáo của đơn vị không sớm hơn hạn của báo cáo tổng hợp."
    ),
    "owes-nobody": _error("Nobody of the roster owes a stage.", "Không đơn vị nào trong danh sách thực hiện công đoạn."),
    "tells-nobody": _error("A rung of a ladder reaches nobody.", "Có bậc nhắc không đến được ai."),
    "paper-before-due": _warning(
        "A rung asks for an official paper before, or on, the due date.", "Có bậc yêu cầu văn bản đôn đốc khi chưa quá hạn."
    ),
    "rung-before-opening": _warning(
        "A reminder falls before its stage opens and is skipped.", "Có bậc nhắc rơi trước ngày mở và bị bỏ qua."
    ),
    "due-on-off-day": _warning("A due date falls on a day off.", "Có hạn rơi vào ngày nghỉ."),
    "before-cut-off": _warning(
        "A periodic report is due before the cut-off day on which its data are closed, so that it must estimate.",
        "Hạn báo cáo định kỳ trước ngày chốt số liệu, đơn vị phải ước số liệu.",
    ),
    "projected-year": _warning(
        "Dates rest on a year whose working days are only projected.", "Có mốc dựa trên năm mới dự kiến ngày làm việc."
    ),
    "event-at-launch": _warning(
        "A date is counted from a request or finding, but the stage is raised at the launch and not on request.",
        "Mốc tính từ yêu cầu hoặc kết luận, nhưng công đoạn được mở ngay từ đầu, không theo yêu cầu.",
    ),
    "selects-nobody": _warning(
        "Nobody of the roster co-ordinates, or is the subject of, a stage that names some.",
        "Phần phối hợp hoặc đối tượng của công đoạn không chọn được đơn vị nào.",
    ),
    "leads-and-coordinates": _warning(
        "A party both owes a stage and co-ordinates it.", "Có đơn vị vừa chủ trì vừa phối hợp một công đoạn."
    ),
    "owes-twice": _warning(
        "A party owes the same thing to the same addressee in two stages.",
        "Có đơn vị phải thực hiện cùng một việc cho cùng nơi nhận ở hai công đoạn.",
    ),
    "criteria-of-no-group": _warning(
        "A stage takes its items from the criteria, but a party that owes it is in no unit group, so that no set can be pinned for it.",
        "Công đoạn lấy mục từ bộ tiêu chí, nhưng có đơn vị thực hiện không thuộc nhóm nào nên không ghim được bộ tiêu chí.",
    ),
    "not-valid-in-year": _warning(
        "Parties that owe something no longer exist, or not yet, at the end of the evaluated year.",
        "Có đơn vị phải thực hiện không tồn tại vào cuối năm đánh giá.",
    ),
    "without-address": _warning(
        "A party of the plan has neither a contact in office nor a mailbox; its mail goes to its superior.",
        "Đơn vị trong kế hoạch không có đầu mối đương chức và không có hộp thư; thư được gửi lên cấp trên.",
    ),
    "too-many-mails": _warning(
        "A person may get more mails on one day than the plan's ceiling, if nobody delivers.",
        "Một người có thể nhận quá số thư mỗi ngày của kế hoạch, nếu không ai nộp.",
    ),
    "key-is-not-file-name": _warning(
        "The plan's key is not its file's name, so that it is not found by its key.",
        "Khóa của kế hoạch khác tên tệp nên không tìm được theo khóa.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Lint:
    """Something found in a plan."""

    code: str  #: its line in LINTS
    severity: Severity
    where: str  #: key of the stage or the party; of the plan, where it concerns the whole
    line: int  #: in the plan's file; of a party, in the roster's
    message_vi: str
    message_en: str
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A plan on its roster in a year: what the lints look at."""

    plan: Plan
    roster: Roster
    year: int
    calendar: Calendar
    known: Mapping[str, date]

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Where every stage falls; raises as `project_plan` does."""
        return project_plan(self.plan, year=self.year, calendar=self.calendar, known=self.known)

    @cached_property
    def windows_of(self) -> dict[str, list[Window]]:
        """The windows by the key of their stage."""
        found: dict[str, list[Window]] = {stage.key: [] for stage in self.plan.stages}
        for window in self.windows:
            found[window.stage.key].append(window)
        return found

    @cached_property
    def parties(self) -> dict[str, Party]:
        """The parties by their key."""
        return {party.key: party for party in self.roster.parties}

    @cached_property
    def _selected(self) -> dict[Selector, tuple[Party, ...]]:
        return {}

    def selected(self, selector: Selector | None) -> tuple[Party, ...]:
        """Return the parties that a selector means, as of the plan's reference date."""
        if selector is None:
            return ()
        if selector not in self._selected:
            self._selected[selector] = self.roster.selected(selector, on=self.plan.reference_on)
        return self._selected[selector]

    def of_plan(self, code: str, *, vi: str, en: str) -> Lint:
        """Return a lint about the whole plan."""
        return self._lint(code, where=self.plan.key, at=(self.plan.file, 1), vi=vi, en=en)

    def of_stage(self, code: str, stage: Stage, *, vi: str, en: str) -> Lint:
        """Return a lint about a stage."""
        return self._lint(code, where=stage.key, at=(self.plan.file, stage.line), vi=vi, en=en)

    def of_party(self, code: str, party: Party, *, vi: str, en: str) -> Lint:
        """Return a lint about a party."""
        return self._lint(code, where=party.key, at=(self.roster.file, party.line), vi=vi, en=en)

    def _lint(self, code: str, *, where: str, at: tuple[str, int], vi: str, en: str) -> Lint:
        severity = LINTS[code].severity
        return Lint(code=code, severity=severity, where=where, file=at[0], line=at[1], message_vi=vi, message_en=en)


def named(stage: Stage) -> str:
    """Return what a stage is called in English, its key after it; in Vietnamese where the plan has no English."""
    return f"{stage.title_en or stage.title} ({stage.key})"


def listed(names: Iterable[str]) -> str:
    """Return names as one text; the rest are counted."""
    every = list(dict.fromkeys(names))
    return ", ".join(every[:MOST_NAMED]) + (f", … (+{len(every) - MOST_NAMED})" if len(every) > MOST_NAMED else "")


def dates(days: Iterable[date]) -> str:
    """Return dates as officers write them: dd/mm/yyyy."""
    return listed(f"{day:%d/%m/%Y}" for day in sorted(days))
