"""Criteria fault words: the faults of a criteria set, in English and Vietnamese, as `config.fault_words` has those of other files."""

from __future__ import annotations

from config.fault_words import FaultWords, worded

CRITERIA_FAULT_WORDS: dict[str, FaultWords] = {
    "bad-criterion-key": worded(
        "“{value}” cannot be a criterion's number",
        "write it as printed, in digits, small letters and dots, for example 2.1.3",
        "“{value}” không thể làm số của tiêu chí",
        "viết như trong quyết định, gồm chữ số, chữ thường không dấu và dấu chấm, ví dụ 2.1.3",
    ),
    "no-weak": worded(
        "no sheet has the columns of last year's results",
        "put the headers Đơn vị, Tiêu chí, Điểm đạt above the rows",
        "không trang nào có các cột của kết quả năm trước",
        "ghi hàng tiêu đề Đơn vị, Tiêu chí, Điểm đạt phía trên các dòng",
    ),
    "weak-has-no-stage": worded(
        "the plan has no stage for the weak criteria of {whose}",
        "give a stage on request “improvement: {{weak: {word}}}”, or take the row out",
        "kế hoạch không có công đoạn cho tiêu chí điểm thấp của {whose}",
        "thêm “improvement: {{weak: {word}}}” cho một công đoạn theo yêu cầu, hoặc bỏ dòng này",
    ),
    "nobody-leads": worded(
        "nobody leads the criterion {value} today: there is nobody to answer for it",
        "name its lead (`dondoc criteria lead`), then take the file in again",
        "hôm nay chưa có đơn vị chủ trì tiêu chí {value} nên không giao được cho ai",
        "ghi đơn vị chủ trì (`dondoc criteria lead`) rồi nhập lại",
    ),
    "other-maximum": worded(
        "the maximum {value} is not that of the criteria set: {most}",
        "write {most}, leave it out, or choose the set of that year",
        "điểm tối đa {value} khác bộ tiêu chí: {most}",
        "ghi {most}, để trống, hoặc chọn đúng bộ tiêu chí của năm đó",
    ),
    "points-above-maximum": worded(
        "{value} points are more than the maximum of {most}",
        "write at most {most}",
        "{value} điểm cao hơn điểm tối đa {most}",
        "ghi nhiều nhất {most}",
    ),
    "bad-points": worded(
        "“{value}” is no number of points",
        "write a number with at most 3 decimals, for example 10.5",
        "“{value}” không phải số điểm",
        "viết một số có nhiều nhất 3 chữ số thập phân, ví dụ 10,5",
    ),
    "negative-points": worded(
        "“{key}” is {value}, below 0",
        "only what a bonus or penalty takes off (“floor”) may be below 0",
        "“{key}” là {value}, nhỏ hơn 0",
        "chỉ điểm phạt (“floor” của cách chấm thưởng, phạt) mới được âm",
    ),
    "leaf-without-points": worded(
        "{node} has nothing under it and no points",
        "give it “maximum”, or the criteria under it",
        "{node} không có mục con mà cũng không có điểm tối đa",
        "ghi điểm tối đa, hoặc thêm các mục con",
    ),
    "method-of-no-leaf": worded(
        "{node} has criteria under it: points are given there, it has no method of its own",
        "take “{key}” away from it",
        "{node} có mục con: điểm chấm ở mục con, mục này không có cách chấm riêng",
        "bỏ “{key}” ở mục này",
    ),
    "not-of-method": worded(
        "“{key}” means nothing to the method “{method}”",
        "take it away, or choose the method that it belongs to",
        "“{key}” không dùng cho cách chấm “{method}”",
        "bỏ đi, hoặc chọn cách chấm tương ứng",
    ),
    "method-lacks": worded("the method “{method}” needs “{key}”", "add “{key}”", "cách chấm “{method}” cần có “{key}”", "thêm “{key}”"),
    "level-above-maximum": worded(
        "the level gives {value} points, the criterion has at most {most}",
        "lower the level or raise the maximum",
        "mức này cho {value} điểm, tiêu chí tối đa {most}",
        "hạ điểm của mức hoặc nâng điểm tối đa",
    ),
    "group-not-of-set": worded("the set is not for the group “{value}”", "{near}", "bộ tiêu chí không dành cho nhóm “{value}”", "{near}"),
    "too-many-levels": worded(
        "the tree is deeper than {most} levels", "write it flatter", "cây tiêu chí sâu hơn {most} cấp", "viết lại cho phẳng hơn"
    ),
    "no-criteria": worded(
        "no row with the columns “mã” and “tên” was found",
        "name the columns in one row of a sheet “Tiêu chí”: mã, tên, điểm tối đa, cách chấm, …",
        "không tìm thấy hàng tên cột có “mã” và “tên”",
        "đặt tên cột trong một hàng của trang tính “Tiêu chí”: mã, tên, điểm tối đa, cách chấm, …",
    ),
    "bad-yes": worded("“{value}” is neither yes nor no", "write có or không", "“{value}” không phải có hay không", "viết có hoặc không"),
    "does-not-add-up": worded(
        "{said}",
        "mend the number that is wrong, or take the set in as printed with a reason",
        "{said}",
        "sửa số sai, hoặc nhận đúng như bản in kèm lý do",
    ),
}
