"""Rosters kept as workbooks or CSV files say the same as YAML, and their faults name the cell."""

from __future__ import annotations

import contextlib
import csv
import re
import time
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

from config.loader import RosterError, load_roster
from config.table_columns import (
    CONTACT_COLUMNS,
    CONTACT_SHEETS,
    GROUP_COLUMNS,
    GROUP_SHEETS,
    PARTY_COLUMNS,
    PARTY_SHEETS,
    ROSTER_FIELDS,
    ROSTER_SHEETS,
    folded,
)
from evaluation.kinds import PartyKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.faults import Fault
    from evaluation.rosters import Roster

VIETNAMESE = ("STT", "Mã", "Loại", "Tên đơn vị", "Cấp", "Nhóm", "Cấp trên", "Hộp thư", "Hiệu lực từ", "Hiệu lực đến", "Mã thống kê")
ENGLISH = ("No", "key", "kind", "name", "level", "group", "superior", "mailbox", "valid_from", "valid_to", "code")
PARTIES: tuple[tuple[object, ...], ...] = (
    (1, "ubnd-tinh", "Tổ chức", "UBND tỉnh", None, None, None, None, None, None, None),
    (2, "so-noi-vu", "Đơn vị", "Sở Nội vụ", "Sở", "Sở, ban, ngành", "ubnd-tinh", "snv@tinh.invalid", None, None, None),
    (3, "huyen-001", None, "Huyện 001", "Huyện", "UBND cấp huyện", "ubnd-tinh", None, date(2011, 1, 1), "30/6/2025", 855),
)
CONTACTS: tuple[tuple[object, ...], ...] = (
    ("Đơn vị", "Vai trò", "Họ và tên", "Địa chỉ thư điện tử", "Từ ngày", "Lĩnh vực chủ trì"),
    ("so-noi-vu", "Công chức đầu mối", "Công chức 1", "a@tinh.invalid", datetime(2025, 1, 1), None),  # noqa: DTZ001  a cell has no zone
    ("so-noi-vu", "Người đứng đầu", "Giám đốc", "b@tinh.invalid", None, None),
    ("so-noi-vu", "đầu mối", "Công chức 2", "c@tinh.invalid", None, "tcbm; tai-chinh"),
)
DOCUMENT = Path(__file__).parents[2] / "docs" / "plan-format.md"
GROUPS = (("Mã", "Tên"), ("so-ban-nganh", "Sở, ban, ngành"), ("ubnd-cap-huyen", "UBND cấp huyện"), ("ubnd-cap-xa", "UBND cấp xã"))
ABOUT = (("Tên danh sách", "Đơn vị tỉnh"), ("Tên miền", "tinh.invalid"), ("Chức danh mặc định", "Công chức đầu mối; head"))


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def write(header: Sequence[str] = VIETNAMESE, parties: Sequence[Sequence[object]] = PARTIES, *, name: str = "units.xlsx") -> Path:
        workbook = Workbook()
        first = workbook.active
        assert first is not None
        first.title = "Danh sách đơn vị"
        first.append(["DANH SÁCH CƠ QUAN, ĐƠN VỊ"])
        first.append([])
        for row in (header, *parties):
            first.append(list(row))
        for title, rows in (("Đầu mối", CONTACTS), ("Nhóm", GROUPS), ("Thông tin chung", ABOUT)):
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        workbook.create_sheet("Hướng dẫn").append(["Không phải danh sách"])
        workbook.save(tmp_path / name)
        return tmp_path / name

    return write


def refused(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(RosterError) as caught:
        load_roster(path)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return caught.value.faults


def test_workbook_becomes_the_same_records_as_yaml(book: Callable[..., Path], tmp_path: Path) -> None:
    roster = load_roster(book())
    (tmp_path / "same.yaml").write_text(
        """
format: 1
key: units
title: Đơn vị tỉnh
domain: tinh.invalid
groups: {so-ban-nganh: "Sở, ban, ngành", ubnd-cap-huyen: UBND cấp huyện, ubnd-cap-xa: UBND cấp xã}
posts: [officer, head]
parties:
  - {key: ubnd-tinh, kind: body, name: UBND tỉnh, source: units.xlsx}
  - {key: so-noi-vu, name: Sở Nội vụ, level: department, group: so-ban-nganh, superior: ubnd-tinh, mailbox: snv@tinh.invalid,
     source: units.xlsx}
  - {key: huyen-001, name: Huyện 001, level: district, group: ubnd-cap-huyen, superior: ubnd-tinh, valid_from: 2011-01-01,
     valid_to: 2025-06-30, code: "855", source: units.xlsx}
contacts:
  - {key: officer.so-noi-vu, party: so-noi-vu, role: officer, name: Công chức 1, address: a@tinh.invalid, from: 2025-01-01}
  - {key: head.so-noi-vu, party: so-noi-vu, role: head, name: Giám đốc, address: b@tinh.invalid}
  - {key: officer.so-noi-vu.2, party: so-noi-vu, role: officer, name: Công chức 2, address: c@tinh.invalid,
     fields: [tcbm, tai-chinh]}
""",
        encoding="utf-8",
    )
    assert (roster.key, roster.title, roster.groups) == (
        "units",
        "Đơn vị tỉnh",
        GROUPS[1:],
    )
    assert _without_places(roster) == _without_places(load_roster(tmp_path / "same.yaml"))
    assert [party.line for party in roster.parties] == [4, 5, 6]


def _without_places(roster: Roster) -> list[list[tuple[str, object]]]:
    records = (*roster.parties, *roster.contacts)
    return [[(name, value) for name, value in vars(record).items() if name != "line"] for record in records]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", [VIETNAMESE, ENGLISH, tuple(unicodedata.normalize("NFD", word.upper()) for word in VIETNAMESE)])
def test_csv_is_read_with_any_delimiter_and_header(tmp_path: Path, delimiter: str, header: tuple[str, ...]) -> None:
    _write_csv(tmp_path / "units.csv", [header, *PARTIES], delimiter=delimiter)
    _write_csv(tmp_path / "units.contacts.csv", CONTACTS, delimiter=delimiter)
    _write_csv(tmp_path / "units.groups.csv", GROUPS, delimiter=delimiter)
    roster = load_roster(tmp_path / "units.csv")
    assert [(party.key, party.kind, party.level, party.group, party.valid_to) for party in roster.parties] == [
        ("ubnd-tinh", PartyKind.BODY, "", "", None),
        ("so-noi-vu", PartyKind.UNIT, "department", "so-ban-nganh", None),
        ("huyen-001", PartyKind.UNIT, "district", "ubnd-cap-huyen", date(2025, 6, 30)),
    ]
    assert [(contact.role, contact.name) for contact in roster.contacts] == [
        (Role.OFFICER, "Công chức 1"),
        (Role.HEAD, "Giám đốc"),
        (Role.OFFICER, "Công chức 2"),
    ]


def _write_csv(path: Path, rows: Sequence[Sequence[object]], *, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in rows])


def _write_groups(folder: Path) -> None:
    _write_csv(folder / "units.groups.csv", GROUPS)


def changed(row: int, column: str, value: object) -> list[tuple[object, ...]]:
    rows = [list(party) for party in PARTIES]
    rows[row][ENGLISH.index(column)] = value
    return [tuple(cells) for cells in rows]


CELLS = [
    pytest.param(1, "superior", "ubnd-tin", "G5", "unknown party “ubnd-tin” — did you mean “ubnd-tinh”?", id="superior"),
    pytest.param(2, "kind", "Huyện", "C6", "unknown kind “Huyện” — write one of: unit, body, person", id="kind"),
    pytest.param(0, "key", None, "B4", "“key” is missing — add “key”", id="empty cell"),
    pytest.param(2, "key", "so-noi-vu", "B6", "the party “so-noi-vu” is there twice (first in Danh sách đơn vị!B5)", id="key twice"),
    pytest.param(1, "mailbox", "snv", "H5", "“snv” is no e-mail address", id="address"),
    pytest.param(2, "valid_to", "31/06/2025", "J6", "“2025-06-31” is no date", id="31 June"),
    pytest.param(2, "valid_to", "tháng sáu", "J6", "“tháng sáu” is no date", id="words for a date"),
    pytest.param(2, "valid_to", date(2010, 1, 1), "I6", "“valid_from” (2011-01-01) is after “valid_to” (2010-01-01)", id="dates"),
    pytest.param(1, "name", "Sở\u200b Nội vụ", "D5", "the text holds the invisible character U+200B ZERO WIDTH SPACE", id="invisible"),
    pytest.param(1, "name", "=A1&B1", "D5", "the cell holds a formula without a stored value", id="formula"),
    pytest.param(1, "name", "#REF!", "D5", "the cell shows #REF!", id="error"),
]


@pytest.mark.parametrize(("row", "column", "value", "cell", "text"), CELLS)
def test_fault_names_the_cell(  # noqa: PLR0917  the columns of the table above
    book: Callable[..., Path], row: int, column: str, value: object, cell: str, text: str
) -> None:
    path = book(parties=changed(row, column, value))
    assert f"{path}:Danh sách đơn vị!{cell}: {text}" in "\n".join(map(str, refused(path)))


def test_fault_of_a_csv_names_the_cell(tmp_path: Path) -> None:
    _write_groups(tmp_path)
    _write_csv(tmp_path / "units.csv", [ENGLISH, *changed(1, "superior", "ubnd-tin")])
    _write_csv(tmp_path / "units.contacts.csv", [*CONTACTS, ("so-y-te", "head", "Giám đốc", "d@tinh.invalid")])
    assert [fault.where for fault in refused(tmp_path / "units.csv")] == [
        f"{tmp_path / 'units.contacts.csv'}:A5",
        f"{tmp_path / 'units.csv'}:G3",
    ]


def test_text_that_begins_like_a_formula_is_text(book: Callable[..., Path], tmp_path: Path) -> None:
    _write_groups(tmp_path)
    path = book()
    workbook = load_workbook(path)
    for row, text in ((5, "=cmd|' /C calc'!A0"), (6, "+84 270")):
        cell = workbook["Danh sách đơn vị"].cell(row=row, column=4)
        cell.value = text
        cell.data_type = "s"
    workbook.save(path)
    assert [party.name for party in load_roster(path).parties] == ["UBND tỉnh", "=cmd|' /C calc'!A0", "+84 270"]
    _write_csv(tmp_path / "units.csv", [ENGLISH, *changed(1, "name", "=1+1")])
    assert load_roster(tmp_path / "units.csv").parties[1].name == "=1+1"


def test_formula_counts_as_the_value_stored_with_it(book: Callable[..., Path], tmp_path: Path) -> None:
    book(parties=changed(1, "superior", "=B4"))
    with zipfile.ZipFile(tmp_path / "units.xlsx") as packed, zipfile.ZipFile(tmp_path / "worked-out.xlsx", "w") as again:
        for name in packed.namelist():
            content = packed.read(name).replace(b'r="G5"><f>B4</f><v></v>', b'r="G5" t="str"><f>B4</f><v>ubnd-tinh</v>')
            again.writestr(name, content.replace(b'r="G5"><f>B4</f><v />', b'r="G5" t="str"><f>B4</f><v>ubnd-tinh</v>'))
    assert load_roster(tmp_path / "worked-out.xlsx").parties[1].superior == "ubnd-tinh"


def test_number_keeps_the_zeros_that_are_shown(book: Callable[..., Path]) -> None:
    path = book()
    workbook = load_workbook(path)
    workbook["Danh sách đơn vị"]["K6"].number_format = "00000"
    workbook.save(path)
    assert load_roster(path).parties[2].code == "00855"


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused_whatever_the_file_is_called(book: Callable[..., Path], part: str) -> None:
    path = book()
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(part, b"Sub Auto_Open()")
    assert [fault.code for fault in refused(path)] == ["macros"]


@pytest.mark.parametrize("name", ["units.xlsm", "units.XLSM", "units.xltm", "units.xlsb"])
def test_kinds_of_workbook_with_macros_are_refused(book: Callable[..., Path], name: str) -> None:
    assert [fault.code for fault in refused(book().rename(book().with_name(name)))] == ["macros"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not-a-table", id="empty"),
        pytest.param(b"PK\x03\x04 half a file", "not-a-table", id="half a file"),
        pytest.param(b"<html><table></table></html>", "not-a-table", id="a web page called .xlsx"),
    ],
)
def test_broken_workbook_is_explained(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "units.xlsx").write_bytes(content)
    assert [fault.code for fault in refused(tmp_path / "units.xlsx")] == [code]


def test_workbook_without_its_parts_is_explained(book: Callable[..., Path], tmp_path: Path) -> None:
    whole = book()
    with zipfile.ZipFile(whole) as packed:
        names = packed.namelist()
        for missing in names:
            with zipfile.ZipFile(tmp_path / "less.xlsx", "w") as less:
                for name in names:
                    if name != missing:
                        less.writestr(name, packed.read(name))
            with contextlib.suppress(RosterError):  # never another one
                load_roster(tmp_path / "less.xlsx")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "no-header", id="empty"),
        pytest.param("key;name\nso;S\u1edf".encode("utf-16"), "encoding", id="UTF-16"),
        pytest.param(b"nothing,of,use\n1,2,3\n", "no-header", id="no header"),
        pytest.param(b'key,name\n"half', "not-a-table", id="open quote"),
        pytest.param("key,name\nso,Sở\x00".encode(), "hidden-character", id="zero byte"),
    ],
)
def test_broken_csv_is_explained(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "units.csv").write_bytes(content)
    assert code in [fault.code for fault in refused(tmp_path / "units.csv")]


def test_columns_are_explained(tmp_path: Path) -> None:
    _write_csv(tmp_path / "units.csv", [("key", "level", "nmae", "kind", "Kind"), ("so", "department", "Sở", "unit", "unit")])
    assert [(fault.cell, fault.code) for fault in refused(tmp_path / "units.csv")] == [
        ("A1", "missing-column"),
        ("C1", "unknown-column"),
        ("E1", "duplicate-key"),
        ("A2", "missing-key"),
    ]


def test_groups_of_their_own_sheet_are_a_closed_list(book: Callable[..., Path]) -> None:
    path = book()
    workbook = load_workbook(path)
    workbook["Nhóm"].delete_rows(3)
    workbook.save(path)
    (fault,) = refused(path)
    assert (fault.cell, fault.code) == ("Danh sách đơn vị!F6", "unknown-word")


def test_the_example_of_the_documents_is_a_roster(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(r"```csv\n(.*?)```", text, flags=re.DOTALL)
    for name, block in zip(("units.csv", "units.groups.csv", "units.contacts.csv"), blocks, strict=True):
        (tmp_path / name).write_text(block, encoding="utf-8")
    roster = load_roster(tmp_path / "units.csv")
    assert [party.group for party in roster.parties] == ["", "so-ban-nganh", "ubnd-cap-huyen"]
    assert [(contact.party, contact.role) for contact in roster.contacts] == [("so-noi-vu", Role.OFFICER), ("huyen-001", Role.HEAD)]


def test_every_header_and_sheet_is_documented() -> None:
    table = DOCUMENT.read_text(encoding="utf-8").partition("## A roster as a table")[2]
    named = {folded(word) for word in re.findall(r"`([^`]+)`", table)}
    columns = (PARTY_COLUMNS, CONTACT_COLUMNS, GROUP_COLUMNS, ROSTER_FIELDS)
    headers = {folded(word) for fields in columns for words in fields.values() for word in words}
    sheets = {folded(word) for word in (*PARTY_SHEETS, *CONTACT_SHEETS, *GROUP_SHEETS, *ROSTER_SHEETS)}
    assert (headers | sheets) - named == set()


def test_a_group_that_is_listed_nowhere_is_a_fault_as_in_yaml(book: Callable[..., Path]) -> None:
    """A slip of the pen would else be a ranking group of its own, which no line of a plan means."""
    path = book()
    workbook = load_workbook(path)
    del workbook["Nhóm"]
    workbook.save(path)
    (fault,) = refused(path)
    assert (fault.cell, fault.code) == ("Danh sách đơn vị!F3", "no-group-list")
    assert "Sở, ban, ngành; UBND cấp huyện" in fault.what
    assert "“Nhóm”" in fault.instead_vi


def test_five_thousand_rows_list_all_their_faults_quickly(book: Callable[..., Path]) -> None:
    rows: list[list[object]] = [list(party) for party in PARTIES[:2]]
    rows += [[n, f"xa-{n:05}", "unit", f"Xã {n:05}", "Xã", "UBND cấp xã", "ubnd-tinh", None, None, None, n] for n in range(5000)]
    for number, row in enumerate(rows[2::16][:300]):
        column, wrong = ((6, "ubnd-tin"), (7, "không có"), (1, f"xã {number}"))[number % 3]
        row[column] = wrong
    path = book(parties=rows)
    begun = time.perf_counter()
    faults = refused(path)
    assert len(faults) == 300
    assert time.perf_counter() - begun < 30
