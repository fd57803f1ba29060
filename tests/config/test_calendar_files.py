"""Calendar files: what ships, where it parts from the library, and every fault of a file told at once."""

import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from config.calendar_files import (
    SHIPPED,
    CalendarError,
    calendar_csv,
    import_from_holidays,
    load_calendar,
    read_calendar_file,
    shipped_calendar,
)
from config.calendar_words import CALENDAR_WORDS
from evaluation.workdays import Calendar, DayKind, ListedDay, YearStatus

ROOT = Path(__file__).parent.parent.parent
HEADER = "date,kind,name,source,decision,entered_on"
YEARS = "year,status,source,entered_on\n2026,decided,test,2026-11-21\n2027,projected,test,2026-11-21\n"
NEW_YEAR = "2026-01-01,off,Tết Dương lịch,test,,2026-11-21"
ENTERED_ON = date(2026, 11, 21)


def write_days(folder: Path, *lines: str, name: str = "days.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def write_calendar(folder: Path, *lines: str, years: str = YEARS) -> Path:
    write_days(folder, *lines)
    (folder / "vn-years.csv").write_text(years, encoding="utf-8")
    return folder


def faults_of(error: CalendarError) -> list[tuple[str, int, int, str]]:
    return [(Path(fault.file).name, fault.line, fault.column, fault.code) for fault in error.faults]


def differing_days(days: tuple[ListedDay, ...]) -> set[tuple[date, DayKind, str]]:
    return {(day.on, day.kind, day.name) for day in days}


# What ships


def test_shipped_calendar_holds_the_days_of_its_sources() -> None:
    decided_and_next = [day for day in shipped_calendar().days if day.on.year <= 2027]
    assert Counter(day.kind for day in decided_and_next) == {DayKind.OFF: 141, DayKind.MAKEUP_WORKDAY: 6}


def test_shipped_calendar_is_sure_of_no_year_to_come() -> None:
    decided = dict.fromkeys(range(2018, 2027), YearStatus.DECIDED)
    projected = dict.fromkeys(range(2027, 2033), YearStatus.PROJECTED)
    assert shipped_calendar().years == decided | projected


def test_shipped_calendar_is_read_once() -> None:
    assert shipped_calendar() is shipped_calendar()
    assert shipped_calendar() == load_calendar(SHIPPED)


def test_every_shipped_day_says_where_it_is_known_from_and_since_when() -> None:
    assert [day for day in shipped_calendar().days if not (day.name and day.source and day.entered_on)] == []


def test_decision_is_named_where_it_is_known() -> None:
    named = {day.on.isoformat(): (day.kind, day.decision) for day in shipped_calendar().days if day.decision}
    assert named == {
        "2026-01-02": (DayKind.OFF, "12729/VPCP-KGVX"),
        "2026-01-10": (DayKind.MAKEUP_WORKDAY, "12729/VPCP-KGVX"),
        "2026-11-24": (DayKind.OFF, "80-NQ/TW"),
        "2027-11-24": (DayKind.OFF, "80-NQ/TW"),
    }


def test_every_swap_has_both_its_days() -> None:
    makeups = {day.on for day in shipped_calendar().days if day.kind is DayKind.MAKEUP_WORKDAY}
    named = [
        (f"{on:%d/%m/%Y}", [day for day in shipped_calendar().days if "thay cho" in day.name and f"{on:%d/%m/%Y}" in day.name])
        for on in makeups
    ]
    assert [text for text, swapped in named if len(swapped) != 1] == []


def test_shipped_files_are_written_as_the_import_writes_them() -> None:
    for path in SHIPPED.glob("vn-20*.csv"):
        assert calendar_csv(read_calendar_file(path)) == path.read_text(encoding="utf-8")


# Data and library


def test_library_parts_from_the_data_in_one_swap_alone() -> None:
    """A change here means that the library has changed its mind about a year: read the decision, then mend data or test."""
    library = {day for year in range(2018, 2028) for day in differing_days(import_from_holidays(year))}
    data = differing_days(read_calendar_file(SHIPPED / "vn-2018-2027.csv"))
    assert library - data == set()
    assert data - library == {
        (date(2026, 1, 2), DayKind.OFF, "Nghỉ hoán đổi (thay cho 10/01/2026) – khu vực công"),
        (date(2026, 1, 10), DayKind.MAKEUP_WORKDAY, "Làm bù cho 02/01/2026 – khu vực công"),
    }


def test_computed_years_are_what_the_library_computes() -> None:
    """A change here means that the library computes a coming year differently: import it again."""
    library = {day for year in range(2028, 2033) for day in differing_days(import_from_holidays(year))}
    assert differing_days(read_calendar_file(SHIPPED / "vn-2028-2032.csv")) == library


def test_import_gives_days_of_its_year_alone_oldest_first_with_the_librarys_version() -> None:
    days = import_from_holidays(2018, entered_on=ENTERED_ON)
    assert [day.on for day in days] == sorted({day.on for day in days})
    assert {day.on.year for day in days} == {2018}
    assert days[-1].on == date(2018, 12, 31)
    assert {(day.decision, day.entered_on) for day in days} == {("", ENTERED_ON)}
    (source,) = {day.source for day in days}
    assert source.startswith("python holidays 0.")


def test_reading_the_calendar_does_not_need_the_library() -> None:
    code = "import sys; from config.calendar_files import shipped_calendar; shipped_calendar(); sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# Reading and writing


def test_import_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    days = import_from_holidays(2030, entered_on=ENTERED_ON)
    path = tmp_path / "vn-2030.csv"
    path.write_text(calendar_csv(days), encoding="utf-8")
    assert read_calendar_file(path, years=[2030]) == days


def test_words_with_commas_and_quotes_survive(tmp_path: Path) -> None:
    day = ListedDay(on=date(2026, 1, 1), kind=DayKind.OFF, name='Tết, “Dương lịch", 1/1', source="a, b", decision="1/QĐ")
    path = tmp_path / "days.csv"
    path.write_text(calendar_csv([day]), encoding="utf-8")
    assert read_calendar_file(path) == (day,)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{HEADER}\n{NEW_YEAR}\n".encode("utf-8-sig"), id="with the mark that spreadsheets write"),
        pytest.param(f"{HEADER}\r\n{NEW_YEAR}\r\n".encode(), id="with the line ends of Windows"),
        pytest.param(f"{HEADER}\n\n , , , , , \n,\n{NEW_YEAR}\n\n".encode(), id="with empty lines"),
        pytest.param(f"{HEADER}\n{NEW_YEAR.replace(',', ' , ')}".encode(), id="with blanks around cells and no last line end"),
        pytest.param(unicodedata.normalize("NFD", f"{HEADER}\n{NEW_YEAR}\n").encode(), id="with accents apart (NFD)"),
        pytest.param(
            "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, NEW_YEAR)).encode(),
            id="with its columns in another order",
        ),
    ],
)
def test_file_is_understood(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes(content)
    expected = ListedDay(on=date(2026, 1, 1), kind=DayKind.OFF, name="Tết Dương lịch", source="test", entered_on=ENTERED_ON)
    assert read_calendar_file(path) == (expected,)


def test_calendar_of_a_folder_and_of_its_files_are_the_same(tmp_path: Path) -> None:
    write_calendar(tmp_path, NEW_YEAR)
    assert load_calendar([tmp_path / "vn-years.csv", tmp_path / "days.csv"]) == load_calendar(tmp_path)


def version_of(folder: Path, *lines: str, years: str = YEARS) -> str:
    return load_calendar(write_calendar(folder, *lines, years=years)).version


def test_version_names_what_the_files_say(tmp_path: Path) -> None:
    other = "2026-04-30,off,Ngày Chiến thắng,test,,2026-11-21"
    first = version_of(tmp_path, NEW_YEAR, other)
    assert len(first) == 12
    assert version_of(tmp_path, other, "", NEW_YEAR) == first
    changed = [
        version_of(tmp_path, NEW_YEAR),
        version_of(tmp_path, NEW_YEAR, other.replace("04-30", "04-29")),
        version_of(tmp_path, NEW_YEAR, other.replace("test,,", "test,1/QĐ,")),
        version_of(tmp_path, NEW_YEAR, other, years=YEARS.replace("projected", "decided")),
    ]
    assert len({first, *changed}) == 5


def test_year_marked_unknown_may_be_listed_without_days(tmp_path: Path) -> None:
    calendar: Calendar = load_calendar(write_calendar(tmp_path, NEW_YEAR, years=YEARS + "2028,unknown,none,2026-11-21\n"))
    assert calendar.status(2028) is YearStatus.UNKNOWN


# Faults


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("2026-02-30,off,x,test,,", (1, "calendar-date"), id="a date that does not exist"),
        pytest.param("30/04/2026,off,x,test,,", (1, "calendar-date"), id="a date written the local way"),
        pytest.param("20260430,off,x,test,,", (1, "calendar-date"), id="a date without hyphens"),
        pytest.param("2026-W18-4,off,x,test,,", (1, "calendar-date"), id="a date by week"),
        pytest.param("٢٠٢٦-04-30,off,x,test,,", (1, "calendar-date"), id="a date in digits of another script"),
        pytest.param(",off,x,test,,", (1, "calendar-date"), id="no date"),
        pytest.param("2026-01-01,off,again,test,,", (1, "calendar-duplicate"), id="a date that stands there already"),
        pytest.param("2026-04-30,holiday,x,test,,", (2, "calendar-word"), id="an unknown kind"),
        pytest.param("2026-04-30,,x,test,,", (2, "calendar-word"), id="no kind"),
        pytest.param("2026-01-09,makeup_workday,x,test,,", (2, "calendar-makeup"), id="a make-up day on a Friday, worked already"),
        pytest.param("2026-04-30,off,,test,,", (3, "calendar-empty-cell"), id="no name"),
        pytest.param("2026-04-30,off,x,,,", (4, "calendar-empty-cell"), id="no source"),
        pytest.param("2026-04-30,off,x,test,,yesterday", (6, "calendar-date"), id="a day of entry that is no date"),
        pytest.param("2025-04-30,off,x,test,,", (1, "calendar-year-unknown"), id="a year of which nothing is known"),
        pytest.param("2026-04-30,off,a name, with a comma,test,,", (1, "calendar-cells"), id="a cell too many"),
        pytest.param("2026-04-30,off,x,test", (1, "calendar-cells"), id="cells too few"),
    ],
)
def test_fault_of_a_line_is_told_with_its_place(tmp_path: Path, line: str, fault: tuple[int, str]) -> None:
    write_calendar(tmp_path, NEW_YEAR, line)
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    column, code = fault
    assert faults_of(refused.value) == [("days.csv", 3, column, code)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("26,decided,test,2026-11-21", (1, "calendar-year"), id="a year of two digits"),
        pytest.param("2026,projected,test,2026-11-21", (1, "calendar-duplicate"), id="a year that stands there already"),
        pytest.param("2028,sure,test,2026-11-21", (2, "calendar-word"), id="an unknown status"),
        pytest.param("2028,decided,,2026-11-21", (3, "calendar-empty-cell"), id="no source"),
        pytest.param("2028,decided,test,", (4, "calendar-date"), id="no day of entry"),
        pytest.param("2028,decided,test", (1, "calendar-cells"), id="cells too few"),
    ],
)
def test_fault_of_a_year_is_told_with_its_place(tmp_path: Path, line: str, fault: tuple[int, str]) -> None:
    write_calendar(tmp_path, NEW_YEAR, years=f"{YEARS}{line}\n")
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    column, code = fault
    assert faults_of(refused.value) == [("vn-years.csv", 4, column, code)]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write_calendar(
        tmp_path, "2026-04-31,day off,,test,,", "2026-01-08,makeup_workday,x,test,,", years=f"{YEARS}2028,sure,test,2026-11-21\n"
    )
    write_days(tmp_path, "2026-05-01,off,x,test,,", "2026-01-08,off,x,test,,", name="more.csv")
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    assert faults_of(refused.value) == [
        ("days.csv", 2, 1, "calendar-date"),
        ("days.csv", 2, 2, "calendar-word"),
        ("days.csv", 2, 3, "calendar-empty-cell"),
        ("days.csv", 3, 2, "calendar-makeup"),
        ("more.csv", 3, 1, "calendar-duplicate"),
        ("vn-years.csv", 4, 2, "calendar-word"),
    ]
    assert len(str(refused.value).splitlines()) == 6


def test_missing_year_is_told_once_for_all_its_days(tmp_path: Path) -> None:
    write_calendar(tmp_path, "2025-01-01,off,x,test,,", "2025-04-30,off,x,test,,", "2024-01-01,off,x,test,,")
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    assert faults_of(refused.value) == [("days.csv", 2, 1, "calendar-year-unknown"), ("days.csv", 4, 1, "calendar-year-unknown")]


def test_days_of_a_year_marked_unknown_are_a_fault(tmp_path: Path) -> None:
    write_calendar(tmp_path, NEW_YEAR, years=YEARS.replace("decided", "unknown"))
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    assert faults_of(refused.value) == [("days.csv", 2, 1, "calendar-year-unknown")]


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        pytest.param(f"{HEADER}\n2026-01-01,off,".encode() + b"T\xea\n", 2, "calendar-encoding", id="not UTF-8"),
        pytest.param(f"{HEADER}\n{NEW_YEAR}\n".encode("utf-16"), 1, "calendar-encoding", id="UTF-16"),
        pytest.param(b"", 1, "calendar-header", id="empty"),
        pytest.param(f"{HEADER}\n{NEW_YEAR}\n".replace(",", ";").encode(), 1, "calendar-header", id="semicolons between cells"),
        pytest.param(f"{HEADER},note\n{NEW_YEAR},x\n".encode(), 1, "calendar-header", id="an unknown column"),
        pytest.param(f"{NEW_YEAR}\n".encode(), 1, "calendar-header", id="no header"),
        pytest.param(f'{HEADER}\n"{"x" * 140_000}'.encode(), 1, "calendar-unreadable", id="a quote that is never closed"),
    ],
)
def test_fault_of_a_whole_file(tmp_path: Path, content: bytes, line: int, code: str) -> None:
    path = tmp_path / "days.csv"
    path.write_bytes(content)
    with pytest.raises(CalendarError) as refused:
        read_calendar_file(path)
    assert [(fault.line, fault.code) for fault in refused.value.faults] == [(line, code)]


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CalendarError) as refused:
        read_calendar_file(tmp_path / "days.csv")
    assert [fault.code for fault in refused.value.faults] == ["calendar-unreadable"]


@pytest.mark.parametrize("folder", ["", "khong-co"])
def test_folder_without_calendar(tmp_path: Path, folder: str) -> None:
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path / folder)
    assert [(fault.file, fault.code) for fault in refused.value.faults] == [(str(tmp_path / folder), "calendar-none")]


def test_fault_is_told_in_both_languages_with_its_cell(tmp_path: Path) -> None:
    path = write_days(tmp_path, "2026-01-09,makeup_workday,x,test,,")
    with pytest.raises(CalendarError) as refused:
        read_calendar_file(path)
    assert (
        refused.value.text("en")
        == f"{path}:B2: 2026-01-09 is a weekday, worked already — write the Saturday or Sunday that is worked instead"
    )
    assert (
        refused.value.text("vi")
        == f"{path}:B2: 2026-01-09 là ngày làm việc trong tuần, không thể là ngày làm bù — ghi ngày thứ Bảy hoặc Chủ nhật đi làm bù"
    )


def test_unknown_word_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = write_days(tmp_path, "2026-01-10,makeup_worday,x,test,,")
    with pytest.raises(CalendarError, match="did you mean “makeup_workday”"):
        read_calendar_file(path)


def test_every_fault_has_words_in_both_languages() -> None:
    words = {code: (told.what, told.instead, told.what_vi, told.instead_vi) for code, told in CALENDAR_WORDS.items()}
    assert {code for code, told in words.items() if not all(told)} == set()
