"""What kinds, claims, outcomes and steps are called, in Vietnamese and English."""

from __future__ import annotations

Both = tuple[str, str]

KIND_WORDS: dict[str, Both] = {
    "planned": ("Theo kế hoạch", "planned"),
    "surprise": ("Đột xuất", "surprise"),
    "thematic": ("Chuyên đề", "thematic"),
}
CHOSEN_WORDS: dict[str, Both] = {
    "hand": ("chỉ định", "named"),
    "random": ("bốc thăm", "drawn at random"),
    "record": ("theo số lần trễ hạn", "by record of lateness"),
}
STEP_WORDS: dict[str, Both] = {
    "finding": ("Tồn tại", "finding"),
    "remedy": ("Khắc phục", "remedy"),
    "reinspection": ("Phúc tra", "re-inspection"),
    "closed": ("Kết thúc", "closed"),
    "urging": ("Công văn đôn đốc", "urging letter"),
    "proposal": ("Đề xuất xử lý", "proposal"),
    "handling": ("Xử lý", "handling"),
}
#: What was said of a remedy, and what a re-inspection found.
SAID_WORDS: dict[tuple[str, str], Both] = {
    ("remedy", "done"): ("đã khắc phục", "done"),
    ("remedy", "partly"): ("một phần", "partly"),
    ("remedy", "not"): ("chưa khắc phục", "not done"),
    ("reinspection", "closed"): ("đạt", "passed"),
    ("reinspection", "partly"): ("chưa đạt, mới khắc phục một phần", "not passed, partly remedied"),
    ("reinspection", "not"): ("chưa đạt", "not passed"),
}
