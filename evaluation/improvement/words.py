"""What the progress of a measure is called, in Vietnamese and English."""

from __future__ import annotations

from evaluation.improvement.measures import Progress

PROGRESS_WORDS: dict[Progress, tuple[str, str]] = {
    Progress.NOT_BEGUN: ("Chưa bắt đầu", "not begun"),
    Progress.UNDER_WAY: ("Đang thực hiện", "under way"),
    Progress.DONE: ("Đã thực hiện, chờ xác nhận", "done, to be confirmed"),
    Progress.ACCEPTED: ("Hoàn thành", "done"),
    Progress.DROPPED: ("Không thực hiện nữa", "dropped"),
}
