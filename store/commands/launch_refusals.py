"""Why a year cannot be launched, in Vietnamese and English, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.lateness import passed_lines
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.lateness import Passed
    from evaluation.workdays import UnknownYearError


class LaunchError(RefusalError):
    """A year cannot be launched: why, and what to do."""


class LateLaunchError(LaunchError):
    """A launch so late that something would be overdue from the first tick on, and nobody said that it is meant."""

    def __init__(self, late: Sequence[Passed], *, obligations: int) -> None:
        """Keep what has passed, by stage, and of how many obligations."""
        self.late, self.obligations = tuple(late), obligations
        super().__init__(self._said("vi"), self._said("en"))

    def _said(self, language: str) -> str:
        """Return how many are late, by stage, and what to do."""
        count = sum(one.late for one in self.late)
        if language == "vi":
            head = f"{count}/{self.obligations} nghĩa vụ sẽ quá hạn ngay từ ngày đầu, vì mốc đã qua:"
            instead = "sửa các mốc của kế hoạch, hoặc thêm --accept-late (`accept_late`)"
            return "\n".join((head, *passed_lines(self.late, language=language), instead))
        head = f"{count} of {self.obligations} obligations would be late from the first day on, their dates have passed:"
        instead = "correct the plan's dates, or launch with --accept-late (`accept_late`)"
        return "\n".join((head, *passed_lines(self.late, language=language), instead))


def beyond_the_calendar(missing: UnknownYearError) -> LaunchError:
    """Return that the plan's dates lead to a year that the calendar does not hold."""
    span = f"{missing.known[0]}-{missing.known[-1]}" if missing.known else "không có năm nào"
    command = f"`dondoc calendar import --year {missing.year}`"
    return LaunchError(f"chưa biết ngày làm việc của năm {missing.year} (lịch có: {span}); nhập bằng {command}", str(missing))


def unknown_years(years: Sequence[int], *, plan: str) -> LaunchError:
    """Return that the plan has dates in years whose working days are unknown."""
    commands = ", ".join(f"`dondoc calendar import --year {year}`" for year in years)
    vi = f"chưa biết ngày làm việc của năm {_and(years)}, mà “{plan}” có mốc ở đó; nhập bằng {commands}"
    en = f"the working days of {_and(years)} are unknown, and “{plan}” has dates there; import them with {commands}"
    return LaunchError(vi, en)


def projected_years(years: Sequence[int], *, plan: str) -> LaunchError:
    """Return that the plan has dates in years whose working days are not decided, which nobody accepted."""
    vi = (
        f"ngày làm việc của năm {_and(years)} mới là dự kiến: mốc của “{plan}” có thể dời khi có quyết định; "
        "khởi động với --accept-projection (`accept_projection`) nếu vẫn tiếp tục"
    )
    en = (
        f"the working days of {_and(years)} are only projected: dates of “{plan}” may move when they are decided; "
        "launch with --accept-projection (`accept_projection`) to go on"
    )
    return LaunchError(vi, en)


def runs_already(plan: str, *, year: int, cycle: int) -> LaunchError:
    """Return that the plan's year is under way."""
    vi = f"“{plan}” của năm {year} đang chạy, là chu kỳ {cycle}; hãy hủy chu kỳ ấy trước, hoặc khởi động kế hoạch khác"
    return LaunchError(vi, f"“{plan}” of {year} already runs as cycle {cycle}; cancel it first, or launch another plan")


def no_party(key: str, *, line: str) -> LaunchError:
    """Return that the plan names a party that the authority's roster lacks."""
    vi = f"{line}: cơ quan không có đơn vị “{key}”; nhập danh sách bằng `dondoc units import`"
    return LaunchError(vi, f"{line}: the authority has no party “{key}”; import its roster with `dondoc units import`")


def no_forms(keys: Sequence[str]) -> LaunchError:
    """Return that the plan asks report forms that the authority does not have."""
    named = ", ".join(f"“{key}”" for key in keys)
    vi = f"cơ quan chưa có biểu mẫu báo cáo {named} mà kế hoạch nêu; nhập bằng `dondoc reports import-form`"
    return LaunchError(vi, f"the authority has no report form {named}, which the plan names; take it in with `dondoc reports import-form`")


def _and(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))
