"""Scores fault words: the faults of sheets and of exports of ballots, in English and Vietnamese, beside those of `config.fault_words`."""

from __future__ import annotations

from config.fault_words import FaultWords, worded

SCORES_FAULT_WORDS: dict[str, FaultWords] = {
    "sheet-formula": worded(
        "the cell holds a formula",
        "paste its value in place of it",
        "ô có công thức",
        "dán giá trị thay cho công thức",
    ),
    "sheet-merged": worded(
        "the cells {value} are merged",
        "unmerge them: every row has its own cells",
        "các ô {value} bị gộp",
        "bỏ gộp ô: mỗi hàng có các ô riêng",
    ),
    "sheet-date": worded(
        "the cell holds the date {value} where a number is meant: the program may have taken 1.5 for a day",
        "set the cell to a number and type it again",
        "ô chứa ngày {value} thay vì số: có thể chương trình đã hiểu 1.5 là ngày",
        "định dạng ô là số rồi nhập lại",
    ),
    "sheet-number": worded("“{value}” is no number", "write one, for example 10,5", "“{value}” không phải số", "viết một số, ví dụ 10,5"),
    "sheet-ambiguous": worded(
        "“{value}” may be read in two ways: with a decimal point, or with one between thousands",
        "set the cell to a number and type it again, or use a decimal comma",
        "“{value}” có thể hiểu hai cách: dấu chấm thập phân hay dấu phân cách hàng nghìn",
        "định dạng ô là số rồi nhập lại, hoặc dùng dấu phẩy thập phân",
    ),
    "sheet-of-another": worded(
        "the sheet is of the {what} “{value}”, not “{expected}”",
        "take the unit's own sheet of this cycle",
        "phiếu này của {what} “{value}”, không phải “{expected}”",
        "dùng đúng phiếu của đơn vị trong kỳ này",
    ),
    "sheet-no-table": worded(
        "the sheet “{sheet}” with its columns was not found",
        "begin with the workbook that the system writes",
        "không tìm thấy trang “{sheet}” với các cột của nó",
        "dùng tệp do hệ thống xuất ra",
    ),
    "sheet-row-twice": worded(
        "“{value}” has two rows (first in row {first})", "keep one", "“{value}” có hai hàng (lần đầu ở hàng {first})", "chỉ giữ một"
    ),
    "book-row-twice": worded(
        "leaf {value} of {unit} has two rows (first in row {first})",
        "keep one",
        "mục {value} của {unit} có hai hàng (lần đầu ở hàng {first})",
        "chỉ giữ một",
    ),
    "book-unit-unknown": worded("there is no unit “{value}” with a sheet", "{near}", "không có đơn vị “{value}” có phiếu", "{near}"),
    "book-stamp": worded(
        "the row does not say of which state of the leaf it is (“{value}”)",
        "copy the row with this column from the workbook that the system wrote",
        "hàng không cho biết bản của mục (“{value}”)",
        "chép lại hàng kèm cột này từ tệp do hệ thống xuất ra",
    ),
    "report-row-unknown": worded("“{value}” is no field of this form", "{near}", "“{value}” không phải mục của biểu mẫu này", "{near}"),
    "report-choice": worded("“{value}” is none of the choices", "{near}", "“{value}” không có trong các lựa chọn", "{near}"),
    "sheet-row-unknown": worded("“{value}” is no leaf of this sheet", "{near}", "“{value}” không phải mục của phiếu này", "{near}"),
    "sheet-row-moved": worded(
        "row {value} bears the words of another: “{title}”",
        "the columns were sorted apart; begin anew with the workbook of the system",
        "hàng {value} mang nội dung của mục khác: “{title}”",
        "các cột đã bị sắp xếp lệch nhau; làm lại từ tệp do hệ thống xuất ra",
    ),
    "sheet-row-lost": worded(
        "the row of {value} is missing",
        "put it back; leave it empty where nothing is said",
        "thiếu hàng của mục {value}",
        "thêm lại hàng; để trống nếu chưa chấm",
    ),
    "book-unit-refused": worded("{said}", "nothing of it is taken", "{said}", "không nhận gì của phần này"),
    "sheet-row-closed": worded(
        "nothing is scored in this row: {value}", "empty the cell", "hàng này không chấm điểm: {value}", "xóa trống ô"
    ),
    "sheet-score": worded("{said}", "{mend}", "{said}", "{mend}"),
}
