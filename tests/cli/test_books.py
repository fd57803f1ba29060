"""Many units' sheets on the command line: out as one workbook, seen, taken whole or without the units that have faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.errors import ExitCode
from cli.opening import opened
from tests.store.booking import Booked
from tests.store.scoring import with_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Dondoc

AT = ("--as", "officer.so-noi-vu", "--at", "2025-02-12T09:00")


def test_a_book_by_command_line(dondoc: Dondoc, tmp_path: Path) -> None:
    dondoc.do("authority", "list")
    with opened() as store:
        sheets = with_sheets(store)
        booked = Booked(sheets=sheets, folder=tmp_path)
        cycle = f"{sheets.year.cycle}"
        assert "2 đơn vị, 8 mục" in dondoc.do("score", "export-many", cycle, booked.path, *AT)
        assert dondoc("score", "export-many", cycle, booked.path, "--part", "appraised", *AT).code == ExitCode.REFUSED
        booked.typed("xa-1", "2", errors=1).typed("xa-2", "1.2", rate=130)
        looked = dondoc("score", "import-many", cycle, booked.path, *AT)
        assert (looked.code, "Xem trước, chưa ghi gì: 1 mục của 1 đơn vị" in looked.out) == (ExitCode.REFUSED, True)
        assert f"bang.xlsx:Các phiếu!{booked.cell('xa-2', '1.2', 'rate')}" in looked.out
        assert dondoc("score", "import-many", cycle, booked.path, "--take", "all", *AT).code == ExitCode.REFUSED
        assert sheets.sheet().sheet.entries == {}
        taken = dondoc("score", "import-many", cycle, booked.path, "--take", "faultless", "--json", *AT)
        assert '"written": true' in taken.out
        assert (sheets.sheet().sheet.entry("2").given is not None, sheets.sheet("xa-2").sheet.entries) == (True, {})
        booked.written().typed("xa-2", "1.2", rate=90)
        assert "Đã ghi: 1 mục của 1 đơn vị" in dondoc.do("score", "import-many", cycle, booked.path, "--take", "all", *AT)
