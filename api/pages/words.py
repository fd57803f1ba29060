"""Words of the pages, in Vietnamese and English."""

from __future__ import annotations

from evaluation.cycles import CycleState

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Tình hình thực hiện", "Status"),
    "product": ("dondoc · đôn đốc cải cách hành chính", "dondoc · administrative reform, followed up"),
    "other_language": ("English", "Tiếng Việt"),
    "sandbox": ("Môi trường thử nghiệm", "Sandbox"),
    "sandbox_says": (
        "Số liệu ở đây là thử nghiệm; không yêu cầu ai làm gì và không có thư nào gửi ra ngoài máy này.",
        "The figures here are a test; nobody is asked for anything real, and no mail leaves this machine.",
    ),
    "as_of": ("Số liệu lúc", "As of"),
    "no_cycles": ("Chưa có chu kỳ đánh giá nào.", "There is no cycle yet."),
    "no_cycles_do": ("Chạy `dondoc demo` để tạo một năm thử nghiệm.", "Run `dondoc demo` to make a year to try."),
    "year": ("năm đánh giá", "evaluated year"),
    "late": ("Quá hạn", "Late"),
    "review_overdue": ("Nơi nhận quá hạn xem xét", "Reviews overdue"),
    "next_due": ("Hạn tiếp theo", "Due next"),
    "stages": ("Các việc của kế hoạch", "Stages of the plan"),
    "stage": ("Việc", "Stage"),
    "by_state": ("Số lượng theo trạng thái", "How many by state"),
    "waits": ("chờ việc khác", "waits for another stage"),
    "nothing_owed": ("chưa có nghĩa vụ", "no obligations yet"),
    "none": ("–", "–"),
    "owed": ("Ai còn nợ việc gì", "Who owes what"),
    "party": ("Đơn vị", "Unit"),
    "what": ("Nội dung", "What"),
    "due": ("Thời hạn", "Due"),
    "review_until": ("hạn xem xét của nơi nhận", "the receiver's review until"),
    "state": ("Trạng thái", "State"),
    "nobody_owes": ("Hiện không ai còn nợ việc gì.", "Nobody owes anything at the moment."),
    "receivers_turn": ("chờ nơi nhận xem xét", "awaits the receiver's review"),
    "more": ("Còn nữa: xem chu kỳ này", "There are more: see this cycle"),
    "more_json": ("Còn nữa: toàn bộ danh sách (JSON)", "There are more: the whole list (JSON)"),
    "all_cycles": ("Tất cả chu kỳ", "All cycles"),
    "mail_held": ("Thư đang được giữ lại, chờ điều phối viên xem.", "Mail is held until a coordinator has seen it."),
    "no_due": ("chưa có hạn", "no due date"),
    "last_tick": ("Nhịp xử lý gần nhất", "Last tick"),
    "never": ("chưa có", "none yet"),
    "back": ("Về trang đầu", "Back to the first page"),
    "health": ("Sức khỏe hệ thống", "Health"),
}
CYCLE_STATES: dict[CycleState, tuple[str, str]] = {
    CycleState.DRAFT: ("Dự thảo", "Draft"),
    CycleState.LAUNCHED: ("Đang thực hiện", "Under way"),
    CycleState.PAUSED: ("Tạm dừng", "Paused"),
    CycleState.CLOSED: ("Đã kết thúc", "Closed"),
    CycleState.CANCELLED: ("Đã hủy", "Cancelled"),
}
