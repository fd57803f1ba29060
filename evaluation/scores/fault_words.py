"""
Fault words of scores: what is wrong and what to do about it, in Vietnamese and in English; `{…}` is filled with the facts.

Here those of sets, leaves, the index and ranking; `evaluation.scores.body_fault_words` has those of what people and bodies do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultWords:
    """What is wrong and what to do."""

    vi: str
    mend_vi: str
    en: str
    mend_en: str


def words(vi: str, mend_vi: str, en: str, mend_en: str) -> FaultWords:
    """Return the words of one fault."""
    return FaultWords(vi=vi, mend_vi=mend_vi, en=en, mend_en=mend_en)


_OF_SETS = {
    "maximum-negative": words(
        "điểm tối đa {value} nhỏ hơn 0 hoặc không phải số",
        "ghi điểm tối đa từ 0 trở lên; điểm phạt ghi ở điểm sàn của mục thưởng, phạt",
        "the maximum {value} is below 0 or no number",
        "write a maximum of 0 or more; a penalty is the floor of a bonus leaf",
    ),
    "maximum-missing": words(
        "mục không chia nhỏ mà không có điểm tối đa",
        "ghi điểm tối đa trong bộ tiêu chí",
        "a leaf without a maximum",
        "give it a maximum in the criteria set",
    ),
    "leaf-is-parent": words(
        "mục có mục con ({children}) mà cũng có cách chấm: điểm sẽ bị cộng hai lần",
        "chỉ để cách chấm ở các mục con",
        "it has children ({children}) and a method of its own: its points would count twice",
        "leave the method to the children",
    ),
    "level-out-of-range": words(
        "mức {level} cho {value} điểm, ngoài khoảng {least} đến {most}",
        "sửa điểm của mức hoặc điểm tối đa",
        "level {level} gives {value} points, outside {least} to {most}",
        "mend the level's points or the maximum",
    ),
    "levels-missing": words(
        "chấm theo mức mà chưa có mức nào", "ghi các mức điểm", "scored by levels and there is none", "write its levels"
    ),
    "threshold-out-of-range": words(
        "ngưỡng {value} % nằm ngoài 0 đến 100",
        "ghi ngưỡng theo phần trăm",
        "the threshold of {value} % lies outside 0 to 100",
        "write it in per cent",
    ),
    "deduction-missing": words(
        "chưa có số điểm trừ lớn hơn 0 cho mỗi lỗi",
        "ghi số điểm trừ mỗi lỗi",
        "there is no deduction above 0 for each error",
        "write what is taken off for each",
    ),
    "floor-out-of-range": words(
        "điểm sàn {value} nằm ngoài 0 đến {most}", "sửa điểm sàn", "the floor {value} lies outside 0 to {most}", "mend the floor"
    ),
    "floor-of-bonus": words(
        "điểm sàn của mục thưởng, phạt là {value}, lớn hơn 0",
        "ghi số âm là điểm phạt nhiều nhất, hoặc bỏ trống",
        "the floor of a bonus is {value}, above 0",
        "write the most that is taken off as a negative number, or nothing",
    ),
}
_OF_SCORES = {
    "not-a-leaf": words(
        "mục này có mục con, không chấm điểm trực tiếp",
        "chấm ở các mục con",
        "it has children and is not scored itself",
        "score its children",
    ),
    "no-such-leaf": words(
        "bộ tiêu chí của đơn vị không có mục này, hoặc mục không áp dụng cho nhóm của đơn vị",
        "chọn một mục trong phiếu chấm của đơn vị",
        "the unit's criteria set has no such leaf, or it does not apply to the unit's group",
        "choose a leaf of the unit's sheet",
    ),
    "leaf-exempt": words(
        "đơn vị được miễn chấm mục này",
        "bỏ miễn chấm trước nếu vẫn cần chấm",
        "the unit is exempt from it",
        "lift the exemption first if it is to be scored",
    ),
    "given-otherwise": words(
        "mục này chấm theo: {asked}; hiện có: {there}",
        "nhập đúng một trong các cách đó",
        "it is scored by: {asked}; given: {there}",
        "give exactly one of these",
    ),
    "score-no-number": words("“{value}” không phải số", "nhập một số, ví dụ 10,5", "“{value}” is no number", "write one, for example 10.5"),
    "score-out-of-range": words(
        "{value} điểm nằm ngoài khoảng {least} đến {most}",
        "nhập điểm trong khoảng này",
        "{value} points lie outside {least} to {most}",
        "give points inside of that",
    ),
    "score-decimals": words(
        "{value} có quá {most} chữ số thập phân",
        "làm tròn điểm nhập",
        "{value} has more than {most} decimals",
        "round what is entered",
    ),
    "no-such-level": words("không có mức {value}", "chọn mức từ 1 đến {most}", "there is no level {value}", "choose one from 1 to {most}"),
    "points-of-no-level": words(
        "{value} điểm không thuộc mức nào",
        "chọn một trong các mức: {levels}",
        "no level gives {value} points",
        "choose one of the levels: {levels}",
    ),
    "of-nothing": words(
        "tổng số là {value}: không tính được tỷ lệ",
        "nhập tổng số lớn hơn 0; nếu năm đó không phát sinh, đề nghị miễn chấm mục này",
        "the whole is {value}: there is no share of it",
        "give a whole above 0; where nothing arose in the year, ask for an exemption",
    ),
    "done-above-all": words(
        "số đạt {value} lớn hơn tổng số {most}", "kiểm tra hai số", "{value} done is more than all {most}", "look at the two numbers"
    ),
    "value-out-of-range": words(
        "{what} {value} không hợp lệ",
        "nhập từ 0 trở lên, tỷ lệ không quá 100",
        "{what}: {value} cannot be",
        "write 0 or more; a rate at most 100",
    ),
}
_OF_THE_INDEX = {
    "no-such-node": words(
        "bộ tiêu chí không có mục này",
        "ghi số của một lĩnh vực, tiêu chí hoặc tiêu chí thành phần",
        "the criteria set has no such node",
        "write the number of a field, criterion or sub-criterion",
    ),
    "exempt-twice": words("đã miễn chấm mục này rồi", "bỏ một trong hai", "it is exempted twice", "take one of the two away"),
    "exemption-without-reason": words(
        "miễn chấm mà không có lý do", "ghi lý do", "an exemption without a reason", "write why it does not apply"
    ),
    "exemption-without-approver": words(
        "miễn chấm mà không có người duyệt", "ghi người duyệt", "an exemption that nobody approved", "write who approved it"
    ),
    "exempt-from-everything": words(
        "miễn chấm hết mọi mục thì không còn gì để đánh giá",
        "để đơn vị ngoài kỳ đánh giá, hoặc giữ lại ít nhất một mục",
        "exempt from everything, there is nothing left to evaluate",
        "leave the unit out of the cycle, or keep at least one leaf",
    ),
    "survey-not-held": words(
        "năm này không tổ chức điều tra xã hội học mà mục này có điểm",
        "bỏ điểm đi (không tổ chức khác với được 0 điểm), hoặc ghi là có tổ chức",
        "no survey was held this year, and this leaf has a score",
        "take the score away (no survey is not a survey that scored 0), or say that one was held",
    ),
    "nothing-to-measure": words(
        "không có mục nào có điểm tối đa áp dụng cho đơn vị",
        "kiểm tra nhóm của đơn vị, bộ tiêu chí và việc tổ chức điều tra xã hội học",
        "no leaf with points applies to the unit",
        "look at the unit's group, the criteria set, and whether a survey is held",
    ),
}
_OF_RANKING = {
    "ranked-twice": words("đơn vị có hai kết quả", "chỉ giữ một", "the unit is there twice", "keep one result of it"),
    "no-such-tie-key": words(
        "không phân định được bằng “{key}”",
        "dùng points hoặc số của một lĩnh vực có trong bộ tiêu chí của mọi đơn vị",
        "“{key}” cannot break a tie",
        "use points, or the number of a field that the set of every unit has",
    ),
    "bands-disordered": words(
        "các loại không xếp từ cao xuống thấp: {bands}",
        "ghi loại cao nhất trước, mỗi mức một loại",
        "the bands do not go from high to low: {bands}",
        "write the highest first, each with a bound of its own",
    ),
}
FAULT_WORDS: dict[str, FaultWords] = {**_OF_SETS, **_OF_SCORES, **_OF_THE_INDEX, **_OF_RANKING}
