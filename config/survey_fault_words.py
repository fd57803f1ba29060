"""Survey fault words: the faults of question sets, sample plans and files of ballots, as `config.fault_words` has those of other files."""

from __future__ import annotations

from config.fault_words import FaultWords, worded

SURVEY_FAULT_WORDS: dict[str, FaultWords] = {
    "scale-or-answers": worded(
        "a question takes its answers from a scale or has its own, one of the two",
        "write “scale” or “answers”",
        "mỗi câu hỏi lấy lựa chọn từ một thang (scale) hoặc ghi riêng (answers), đúng một trong hai",
        "ghi “scale” hoặc “answers”",
    ),
    "bad-count": worded(
        "“{value}” is no number of ballots",
        "write a whole number from 0 to 100000",
        "“{value}” không phải số phiếu",
        "viết số nguyên từ 0 đến 100000",
    ),
    "columns-not-named": worded(
        "no row names the columns that are needed: {wanted}",
        "put the names of the columns into one of the first rows",
        "không có dòng nào nêu các cột cần có: {wanted}",
        "ghi tên các cột ở một trong các dòng đầu",
    ),
    "cell-empty": worded("“{key}” is empty", "fill it in", "“{key}” để trống", "điền vào ô này"),
    "no-answer-of-these": worded(
        "“{value}” is none of the answers to {question}", "{near}", "“{value}” không thuộc các lựa chọn của {question}", "{near}"
    ),
    "own-unit": worded(
        "the respondent belongs to the unit that the ballot is about ({unit})",
        "leave the row out: nobody answers about their own unit",
        "người trả lời thuộc chính đơn vị được đánh giá ({unit})",
        "bỏ dòng này: không ai đánh giá đơn vị mình",
    ),
    "two-columns": worded(
        "two columns are of the question {question} (the first: {first})",
        "keep one of the two, or name the other otherwise",
        "có hai cột của câu hỏi {question} (cột đầu: {first})",
        "chỉ giữ một cột, hoặc đổi tên cột kia",
    ),
    "two-meanings": worded(
        "“{value}” may mean two answers to {question}: {meanings}",
        "write which one is meant, by its letter and words as they stand on the form",
        "“{value}” có thể là hai lựa chọn của {question}: {meanings}",
        "ghi rõ lựa chọn nào, như trên phiếu",
    ),
    "two-units": worded(
        "“{value}” is the name of more than one unit: {units}",
        "write the unit's key",
        "“{value}” là tên của nhiều đơn vị: {units}",
        "ghi khóa của đơn vị",
    ),
    "ballot-twice": worded(
        "ballot {value} is there twice (first {first})", "keep one of the two", "phiếu {value} có hai lần (lần đầu {first})", "chỉ giữ một"
    ),
    "not-about": worded(
        "the question set “{value}” does not ask about units of the group of {unit}",
        "write the set that does, or another unit",
        "bộ câu hỏi “{value}” không dành cho nhóm của {unit}",
        "ghi đúng bộ câu hỏi, hoặc đơn vị khác",
    ),
}
