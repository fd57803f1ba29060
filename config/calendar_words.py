"""Calendar words: every fault of a calendar file, in English and Vietnamese, as `config.fault_words` has them for plans."""

from __future__ import annotations

from config.fault_words import FaultWords

CALENDAR_WORDS: dict[str, FaultWords] = {
    "calendar-none": FaultWords(
        what="there is no calendar here",
        instead="give a folder with *.csv files, one of them *-years.csv",
        what_vi="ở đây không có lịch làm việc",
        instead_vi="chỉ ra thư mục có các tệp *.csv, trong đó có một tệp *-years.csv",
    ),
    "calendar-unreadable": FaultWords(
        what="the file cannot be read ({why})",
        instead="check its name, its folder and its permissions",
        what_vi="không đọc được tệp ({why})",
        instead_vi="kiểm tra tên tệp, thư mục và quyền truy cập",
    ),
    "calendar-encoding": FaultWords(
        what="the file is not UTF-8",
        instead="save it again as “CSV UTF-8”",
        what_vi="tệp không phải UTF-8",
        instead_vi="lưu lại tệp dạng “CSV UTF-8”",
    ),
    "calendar-header": FaultWords(
        what="the header is “{value}”",
        instead="write {wanted}, with commas between",
        what_vi="hàng tên cột là “{value}”",
        instead_vi="viết {wanted}, cách nhau bằng dấu phẩy",
    ),
    "calendar-cells": FaultWords(
        what="the line has {found} cells under {wanted} columns",
        instead="write one cell a column, and quotes around a cell with a comma in it",
        what_vi="dòng có {found} ô, trong khi có {wanted} cột",
        instead_vi="mỗi cột viết một ô; ô có dấu phẩy thì đặt trong dấu ngoặc kép",
    ),
    "calendar-empty-cell": FaultWords(
        what="“{column}” is empty",
        instead="fill it in; a source that nobody knows is written none",
        what_vi="“{column}” để trống",
        instead_vi="điền vào; nguồn chưa rõ thì ghi none",
    ),
    "calendar-date": FaultWords(
        what="“{column}” is “{value}”, which is no date",
        instead="write year-month-day of a day that exists, for example 2026-01-31",
        what_vi="“{column}” là “{value}”, không phải ngày hợp lệ",
        instead_vi="viết năm-tháng-ngày có thật, ví dụ 2026-01-31",
    ),
    "calendar-year": FaultWords(
        what="“{column}” is “{value}”, which is no year",
        instead="write four digits, for example 2026",
        what_vi="“{column}” là “{value}”, không phải năm hợp lệ",
        instead_vi="viết bốn chữ số, ví dụ 2026",
    ),
    "calendar-word": FaultWords(
        what="“{column}” is “{value}”, which is not known",
        instead="{near}",
        what_vi="“{column}” là “{value}”, giá trị lạ",
        instead_vi="{near}",
    ),
    "calendar-duplicate": FaultWords(
        what="{value} stands twice (first in {first})",
        instead="keep one of the two; a date or year is listed once over all files",
        what_vi="{value} có hai lần (lần đầu ở {first})",
        instead_vi="chỉ giữ một; mỗi ngày, mỗi năm được ghi một lần trong tất cả các tệp",
    ),
    "calendar-makeup": FaultWords(
        what="{value} is a weekday, worked already",
        instead="write the Saturday or Sunday that is worked instead",
        what_vi="{value} là ngày làm việc trong tuần, không thể là ngày làm bù",
        instead_vi="ghi ngày thứ Bảy hoặc Chủ nhật đi làm bù",
    ),
    "calendar-year-unknown": FaultWords(
        what="nothing says how sure the year {value} is",
        instead="add a line for {value} to *-years.csv, decided or projected",
        what_vi="chưa có thông tin về độ chắc chắn của năm {value}",
        instead_vi="thêm dòng cho năm {value} vào tệp *-years.csv, ghi decided hoặc projected",
    ),
}
