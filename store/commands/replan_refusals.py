"""Why a running year cannot be changed so, in Vietnamese and English, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.lints import Lint
    from store.commands.previewing import Preview


class ReplanError(RefusalError):
    """A change of a running year cannot be made: why, and what to do."""


class NoSuchDateError(ReplanError):
    """Dates are set that the plan does not have."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        """Keep what is wrong with each, in Vietnamese and English."""
        self.found = tuple(found)
        super().__init__("; ".join(vi for vi, _ in self.found), "; ".join(en for _, en in self.found))


class ImpossibleDatesError(ReplanError):
    """The changed dates contradict each other."""

    def __init__(self, found: Sequence[Lint]) -> None:
        """Keep what was found."""
        self.found = tuple(found)
        super().__init__("; ".join(one.message_vi for one in self.found), "; ".join(one.message_en for one in self.found))


class DroppedError(ReplanError):
    """The changed plan lacks what the year needs."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        """Keep what is missing, in Vietnamese and English."""
        super().__init__("; ".join(vi for vi, _ in found), "; ".join(en for _, en in found))


class LateReplanError(ReplanError):
    """Dates have passed already that the change would set, and nobody said that it is meant; what has been done must be taken back."""

    def __init__(self, preview: Preview) -> None:
        """Keep what the change would do."""
        self.preview = preview
        vi = f"{preview.late} nghĩa vụ sẽ có hạn đã qua; sửa ngày, hoặc thêm --accept-late (`accept_late`)"
        en = f"{preview.late} obligations would get dates that have passed; correct the dates, or add --accept-late (`accept_late`)"
        super().__init__(vi, en)


def another_plan(key: str, *, running: str) -> ReplanError:
    """Return that the changed plan is not the one that runs."""
    vi = f"kế hoạch đã sửa là “{key}”, kế hoạch đang chạy là “{running}”; kế hoạch khác thì khởi động thành chu kỳ riêng"
    en = f"the changed plan is “{key}”, the running one “{running}”; launch another plan as a cycle of its own"
    return ReplanError(vi, en)
