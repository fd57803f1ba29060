"""Fault words of the settings of results, and of a cycle's results as a whole; as `evaluation.scores.fault_words`."""

from __future__ import annotations

from evaluation.scores.fault_words import FaultWords, words

RESULT_FAULT_WORDS: dict[str, FaultWords] = {
    "tie-key-unknown": words(
        "không có tiêu chí phụ “{key}” để phân định đồng hạng",
        "dùng: {known}",
        "there is no key “{key}” to break ties by",
        "use: {known}",
    ),
    "unranked-unknown": words(
        "chu kỳ không có đơn vị này trong diện đánh giá",
        "ghi khóa của một đơn vị được đánh giá",
        "the cycle measures no such unit",
        "write the key of one that it measures",
    ),
    "cap-below-floor": words(
        "mức trần {cap} % không lớn hơn mức sàn {floor} %",
        "ghi mức trần lớn hơn mức sàn, hoặc bỏ trống",
        "the cap of {cap} % is not above the floor of {floor} %",
        "write a cap above the floor, or none",
    ),
    "weak-out-of-range": words(
        "ngưỡng tiêu chí yếu {value} % nằm ngoài 0 đến 100",
        "ghi ngưỡng theo phần trăm",
        "the threshold of weak criteria, {value} %, lies outside 0 to 100",
        "write it in per cent",
    ),
    "nobody-measured": words(
        "chu kỳ chưa có đơn vị nào được đánh giá: chưa ghim bộ tiêu chí cho nhóm nào",
        "ghim bộ tiêu chí cho các nhóm đơn vị rồi làm lại",
        "the cycle measures no unit: no criteria set is pinned for a group",
        "pin one for each unit group, then try again",
    ),
}
