"""
Fault words: every fault of an input file in one table, in English and Vietnamese.

A code's line says what is wrong and what to write instead; `{…}` is filled with the facts of the case. A fact that reads
differently in the two languages is a `Both`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.fault_nouns import Both

if TYPE_CHECKING:
    from collections.abc import Mapping

Fact = str | int | Both


@dataclass(frozen=True, kw_only=True)
class FaultWords:
    """What is wrong and what to write instead."""

    what: str
    instead: str
    what_vi: str
    instead_vi: str


def worded(what: str, instead: str, what_vi: str, instead_vi: str) -> FaultWords:
    """Return the words of a fault; every table of faults is written with it."""
    return FaultWords(what=what, instead=instead, what_vi=what_vi, instead_vi=instead_vi)


def in_language(english: str, vietnamese: str, facts: Mapping[str, Fact]) -> tuple[str, str]:
    """Return both texts with the facts filled in."""
    en = {name: fact.en if isinstance(fact, Both) else fact for name, fact in facts.items()}
    vi = {name: fact.vi if isinstance(fact, Both) else fact for name, fact in facts.items()}
    return english.format(**en), vietnamese.format(**vi)


FAULT_WORDS: dict[str, FaultWords] = {
    # the file
    "unreadable": worded(
        "the file cannot be read ({why})",
        "check its name, its folder and its permissions",
        "không đọc được tệp ({why})",
        "kiểm tra tên tệp, thư mục và quyền truy cập",
    ),
    "not-found": worded("there is no {noun} “{value}”", "{near}", "không có {noun} “{value}”", "{near}"),
    "encoding": worded(
        "the file is not UTF-8: it looks like {encoding}",
        "save it again with the encoding UTF-8",
        "tệp không phải UTF-8: có vẻ là {encoding}",
        "lưu lại tệp với bảng mã UTF-8",
    ),
    "empty": worded("the file is empty", "begin with “format: 1”", "tệp trống", "bắt đầu bằng “format: 1”"),
    "yaml": worded(
        "the YAML breaks off here ({problem})",
        "mend the indentation, the quotes or the brackets of this line or the one before",
        "YAML bị lỗi ở đây ({problem})",
        "sửa thụt dòng, dấu ngoặc kép hoặc dấu ngoặc của dòng này hay dòng trước",
    ),
    "too-deep": worded("the file is nested too deeply", "write it out flatly", "tệp lồng nhau quá sâu", "viết lại cho phẳng hơn"),
    "alias-loop": worded("an alias refers to itself", "write the value out", "bí danh trỏ về chính nó", "viết rõ giá trị ra"),
    "yaml-tag": worded("the tag “{tag}” means nothing here", "leave it out", "thẻ “{tag}” không có nghĩa ở đây", "bỏ thẻ đi"),
    "key-not-text": worded("a key must be one word", "write “word: value”", "khóa phải là một từ", "viết dạng “từ: giá trị”"),
    "hidden-character": worded(
        "the text holds the invisible character {character}",
        "delete it and type the text anew",
        "đoạn chữ có ký tự ẩn {character}",
        "xóa đi và gõ lại đoạn chữ",
    ),
    # the shape
    "duplicate-key": worded(
        "“{key}” is written twice (first on line {first})",
        "keep one of the two",
        "“{key}” được viết hai lần (lần đầu ở dòng {first})",
        "chỉ giữ một",
    ),
    "unknown-key": worded("unknown key “{key}”", "{near}", "khóa lạ “{key}”", "{near}"),
    "missing-key": worded("“{key}” is missing", "add “{key}”", "thiếu “{key}”", "thêm “{key}”"),
    "wrong-type": worded("“{key}” must not be {value}", "write {wanted}", "“{key}” không được là {value}", "viết {wanted}"),
    "unknown-word": worded("unknown {noun} “{value}”", "{near}", "{noun} “{value}” không có", "{near}"),
    "out-of-range": worded(
        "“{key}” is {value}, out of range",
        "write a whole number from {low} to {high}",
        "“{key}” là {value}, ngoài khoảng cho phép",
        "viết số nguyên từ {low} đến {high}",
    ),
    "nothing-in-it": worded("“{key}” is empty", "fill it in, or leave “{key}” out", "“{key}” để trống", "điền vào hoặc bỏ “{key}” đi"),
    "repeated": worded("a value stands twice in “{key}”", "keep it once", "có giá trị lặp lại trong “{key}”", "chỉ giữ một lần"),
    "bad-shape": worded(
        "“{key}” does not fit: {value}", "see docs/plan-format.md", "“{key}” không đúng: {value}", "xem docs/plan-format.md"
    ),
    "too-long": worded("“{key}” is longer than {most} characters", "shorten it", "“{key}” dài hơn {most} ký tự", "rút ngắn lại"),
    # words of a certain form
    "bad-key": worded(
        "“{value}” cannot be a key",
        "use small letters a–z, digits and hyphens, for example so-noi-vu",
        "“{value}” không thể làm khóa",
        "dùng chữ thường a–z không dấu, chữ số và dấu gạch nối, ví dụ so-noi-vu",
    ),
    "bad-rung": worded(
        "“{value}” cannot be a rung's key",
        "use letters, digits, + and -, for example T-7 or T+3",
        "“{value}” không thể làm khóa của bậc nhắc",
        "dùng chữ cái, chữ số, dấu + và -, ví dụ T-7 hoặc T+3",
    ),
    "bad-plan-date": worded(
        "“{value}” is no date of a plan",
        "write Y-12-29 for the evaluated year, Y+1-01-15 for the year after",
        "“{value}” không phải ngày của kế hoạch",
        "viết Y-12-29 cho năm đánh giá, Y+1-01-15 cho năm sau",
    ),
    "bad-date": worded(
        "“{value}” is no date",
        "write year-month-day of a day that exists, for example 2025-06-30",
        "“{value}” không phải ngày hợp lệ",
        "viết năm-tháng-ngày có thật, ví dụ 2025-06-30",
    ),
    "bad-time": worded(
        "“{value}” is no time of day",
        'write hours and minutes, for example "07:30"',
        "“{value}” không phải giờ trong ngày",
        'viết giờ và phút, ví dụ "07:30"',
    ),
    "bad-domain": worded(
        "“{value}” is no domain", "write it like vinhlong.invalid", "“{value}” không phải tên miền", "viết dạng vinhlong.invalid"
    ),
    "bad-address": worded(
        "“{value}” is no e-mail address",
        "write it like ten@donvi.invalid: no spaces, no accents, one @",
        "“{value}” không phải địa chỉ thư điện tử",
        "viết dạng ten@donvi.invalid: không dấu, không khoảng trắng, một @",
    ),
    # the plan
    "duplicate": worded(
        "the {noun} “{value}” is there twice (first {first})",
        "give one of the two another key, or remove it",
        "{noun} “{value}” có hai lần (lần đầu {first})",
        "đặt khóa khác cho một trong hai, hoặc bỏ đi",
    ),
    "no-lock": worded(
        "the stage “{stage}” has no lock to count from",
        "give it “locks”, or count from {stage}.due",
        "công đoạn “{stage}” không có mốc khóa để tính",
        "thêm “locks” cho công đoạn đó, hoặc tính từ {stage}.due",
    ),
    "report-needs-quarters": worded(
        "“report” needs a stage with quarters",
        "add “periods: quarters”, or take “report” away",
        "“report” chỉ dùng cho công đoạn báo cáo theo quý",
        "thêm “periods: quarters”, hoặc bỏ “report”",
    ),
    "feeds-no-report": worded(
        "the report “{stage}” goes into “{outer}”, which comes in no quarters",
        "name the stage whose quarterly report is made of it, or give “{outer}” “periods: quarters”",
        "báo cáo “{stage}” được tổng hợp vào “{outer}”, nhưng công đoạn này không theo quý",
        "ghi công đoạn báo cáo quý tổng hợp từ báo cáo này, hoặc thêm “periods: quarters” cho “{outer}”",
    ),
    "improvement-of-other-kind": worded(
        "only a stage of the kind improvement says “improvement”",
        "write “kind: improvement”, or take “improvement” away",
        "chỉ công đoạn loại improvement mới có “improvement”",
        "viết “kind: improvement”, hoặc bỏ “improvement”",
    ),
    "improvement-not-on-request": worded(
        "“{key}” is owed as it comes, but the stage comes by the calendar",
        "add “on_request: true” and take “periods” and “waits_for” away",
        "“{key}” được giao khi phát sinh, nhưng công đoạn này đến theo lịch",
        "thêm “on_request: true”, bỏ “periods” và “waits_for”",
    ),
    "needs-periods": worded(
        "“{key}” needs a stage with periods",
        "add “periods: quarters”, or take “{key}” away",
        "“{key}” chỉ dùng cho công đoạn có kỳ",
        "thêm “periods: quarters”, hoặc bỏ “{key}”",
    ),
    "one-word": worded(
        "“{key}” must name its day once",
        "write exactly one of on, by, before (or count, unit, from)",
        "“{key}” phải ghi ngày đúng một lần",
        "viết đúng một trong on, by, before (hoặc count, unit, from)",
    ),
    "opens-with-time": worded(
        "a stage opens at 00:00 of its date",
        "leave “at” out of “opens”",
        "công đoạn mở lúc 00:00 của ngày",
        "bỏ “at” khỏi “opens”",
    ),
    "circle": worded(
        "{what} go round in a circle: {circle}",
        "break the circle at one of them",
        "{what} tạo thành vòng tròn: {circle}",
        "cắt vòng tại một chỗ",
    ),
    # the form of a report
    "not-of-this-kind": worded(
        "only a field of the kind “{kind}” takes “{key}”",
        "take “{key}” away, or change the kind",
        "chỉ mục loại “{kind}” mới có “{key}”",
        "bỏ “{key}”, hoặc đổi loại",
    ),
    "min-over-max": worded(
        "“min” ({low}) is more than “max” ({high})",
        "swap or mend the two",
        "“min” ({low}) lớn hơn “max” ({high})",
        "đổi chỗ hoặc sửa hai số",
    ),
    "check-form": worded(
        "a check compares in one of three ways",
        "write “sum” and “equals”, or “field” and “at_most”, or “field” and “holds_earlier: true”",
        "phép kiểm tra có ba cách viết",
        "viết “sum” và “equals”, hoặc “field” và “at_most”, hoặc “field” và “holds_earlier: true”",
    ),
    # the roster
    "duplicate-name": worded(
        "“{value}” is there twice at the same level under the same superior (first {first})",
        "remove one of the two, or tell them apart by name or dates",
        "“{value}” có hai lần ở cùng cấp, cùng cấp trên (lần đầu {first})",
        "bỏ một, hoặc phân biệt bằng tên hay ngày hiệu lực",
    ),
    "dates-reversed": worded(
        "“{first}” ({from_on}) is after “{last}” ({to_on})",
        "swap or mend the two dates",
        "“{first}” ({from_on}) sau “{last}” ({to_on})",
        "đổi chỗ hoặc sửa hai ngày",
    ),
    "posts-without-domain": worded(
        "posts need a domain to make their addresses from",
        "add “domain”, for example vinhlong.invalid",
        "chức danh mặc định cần tên miền để tạo địa chỉ",
        "thêm “domain”, ví dụ vinhlong.invalid",
    ),
    "names-itself": worded(
        "“{value}” names itself as {key}",
        "name another, or leave “{key}” out",
        "“{value}” tự ghi mình vào {key}",
        "ghi tên khác hoặc bỏ “{key}”",
    ),
    # tables
    "macros": worded(
        "the workbook holds macros",
        "save it as a plain .xlsx workbook without macros",
        "bảng tính có macro",
        "lưu lại thành tệp .xlsx không có macro",
    ),
    "not-a-table": worded(
        "the file is no workbook that can be read ({why})",
        "save it as .xlsx or as .csv in UTF-8",
        "tệp không phải bảng tính đọc được ({why})",
        "lưu lại thành .xlsx hoặc .csv mã UTF-8",
    ),
    "too-big": worded(
        "the table is too big ({what})", "remove what does not belong to it", "bảng quá lớn ({what})", "bỏ phần không liên quan"
    ),
    "no-header": worded(
        "no row with column names was found",
        "name the columns in one row: key, name, level, group, superior, …",
        "không tìm thấy hàng tên cột",
        "đặt tên cột trong một hàng: mã, tên, cấp, nhóm, cấp trên, …",
    ),
    "unknown-column": worded("unknown column “{value}”", "{near}", "cột lạ “{value}”", "{near}"),
    "missing-column": worded("the column “{key}” is missing", "add it", "thiếu cột “{key}”", "thêm cột này"),
    "no-group-list": worded(
        "the column names groups that are listed nowhere: {groups}",
        "list them on a sheet “Nhóm” with the columns “mã” and “tên” (of a CSV file NAME.csv: in NAME.groups.csv)",
        "cột này nêu những nhóm chưa được khai: {groups}",
        "khai các nhóm ở trang tính “Nhóm” gồm hai cột “mã” và “tên” (với tệp CSV TÊN.csv: ở TÊN.groups.csv)",
    ),
    "formula-without-value": worded(
        "the cell holds a formula without a stored value",
        "type the value itself, or open and save the workbook in a spreadsheet program",
        "ô chứa công thức chưa có giá trị",
        "gõ trực tiếp giá trị, hoặc mở và lưu lại tệp bằng phần mềm bảng tính",
    ),
    "cell-error": worded("the cell shows {value}", "type the value itself", "ô báo lỗi {value}", "gõ trực tiếp giá trị"),
}
