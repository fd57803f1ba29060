"""A unit's measures in its report: on the page, by the API, in the workbook; told when the report is sent."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from evaluation.kinds import Role
from tests.api.working import open_office
from tests.store.improving import reporting_year
from tests.store.test_report_measures import TABLE, said, with_measures
from tests.store.test_reports import GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store


def test_progress_goes_from_page_and_api_into_the_measures(store: Store, tmp_path: Path) -> None:
    year = reporting_year(store)
    now, first, second = with_measures(year)
    with open_office(year, tmp_path, now=now) as office:
        ident, officer, head = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
        address = f"/obligations/{ident}/report"
        page = officer.client.get(address).text
        assert f'<a href="/obligations/{first}">Ban hành kế hoạch</a></td><td>30/06/2025</td><td>0</td>' in page
        cells = {f"t:{TABLE}:0:measure": str(first), f"t:{TABLE}:0:percent": "40", f"t:{TABLE}:0:remark": "Đã trình"}
        cells |= {f"t:{TABLE}:1:measure": str(second), f"t:{TABLE}:1:percent": "", f"t:{TABLE}:1:remark": ""}
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        sent = {"csrf": csrf, "version": "0", **{f"f:{key}": value for key, value in GOOD.items()}, **cells}
        saved = officer.client.post(address, data=sent, headers={"HX-Request": "true"})
        assert (saved.status_code, "Đủ để gửi." in saved.text, "chưa báo cáo tiến độ (%)" in saved.text) == (200, True, True)
        assert f'name="t:{TABLE}:0:percent" value="40"' in officer.client.get(address).text
        rows = officer("GET", address).json()["answers"][TABLE]
        assert [(row["said"], row["state"], row.get("percent")) for row in rows] == [("0", "open", "40"), ("0", "open", None)]
        strange = officer("POST", address, {"version": 1, "answers": {TABLE: [{"measure": str(ident), "percent": "1"}]}})
        assert (strange.status_code, TABLE in strange.text or "giải pháp" in strange.text) == (422, True), strange.text
        told = officer("POST", address, {"version": 1, "answers": {TABLE: [rows[0], {**rows[1], "percent": "10"}]}})
        assert (told.status_code, told.json()["faults"]) == (200, []), told.text
        sheet = load_workbook(BytesIO(officer.client.get(f"{address}.xlsx").content)).active
        assert sheet is not None
        lines = [f"{row[1]} = {row[2]}" for row in sheet.iter_rows(values_only=True)]
        assert "Tiến độ các giải pháp của đơn vị: 1, Hạn = 30/06/2025" in lines
        for who, verb, body in ((officer, "prepare", None), (head, "submit", {"text": ""})):
            done = office.do(who, ident, verb, body)
            assert done.status_code == 200, done.text
        assert said(year) == [(1, 40, "Đã trình"), (1, 10, "")]
        page = officer.client.get(address).text
        assert ('value="40"' in page, "<fieldset disabled" in page) == (True, True)
