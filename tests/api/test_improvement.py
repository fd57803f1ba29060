"""Improvement through the API and the pages: seen before it is taken in, owed by whom it belongs to, measures on a phone."""

from __future__ import annotations

import base64
import re
from datetime import date, time
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from config.calendar_files import shipped_calendar
from evaluation.kinds import Role
from store.verify import verify
from tests.api.conftest import HERE
from tests.api.working import Office, open_office
from tests.store.improving import improving_year
from tests.store.resulting import ALL_BUT_ONE, pin_small, score

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.browsing import Browser

HEADERS = ("Đơn vị", "Tiêu chí", "Điểm đạt", "Điểm tối đa", "Nguyên nhân")
ROWS = (
    ("Xã 001 (tên chưa có nguồn)", "1.1", "0", "2", "Chưa ban hành kế hoạch"),
    ("xa-2", "1.1", "2", "2", ""),
    ("", "2.1", "0,5", "4", ""),
)


FAULTY = (("xa-9", "1.1", "0", "2", ""), ("", "3.1", "0", "1", ""), ("xa-1", "1.2", "5", "3", ""))


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (HEADERS, *rows):
        book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def sent(*rows: tuple[str, ...], preview: bool = False) -> dict[str, object]:
    return {"criteria": "chi-so-tinh", "workbook": base64.b64encode(workbook(*rows)).decode(), "preview": preview}


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    year, calendar = improving_year(store), shipped_calendar()
    year.tick(year.slot(date(2025, 3, 3)))
    with open_office(year, tmp_path, now=calendar.instant(date(2025, 3, 3), time(9, 0))) as office:
        yield office


def test_results_are_looked_at_then_taken_in_and_faults_named_by_cell(office: Office) -> None:
    body, there = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}"
    seen = body("POST", f"{there}/weak-criteria", sent(*ROWS, preview=True))
    assert (seen.status_code, seen.json()["strong"]) == (201, 1)
    assert [(one["unit"], one["owner"], one["due_on"]) for one in seen.json()["raised"]] == [
        ("xa-1", "xa-1", "2025-12-31"),
        ("", "so-noi-vu", "2025-12-31"),
    ]
    assert office.year.ids("weak-units") == []
    bad = body(
        "POST",
        f"{there}/weak-criteria",
        sent(*ROWS, *FAULTY),
    )
    assert bad.status_code == 422
    where = {fault["where"]: fault["text"] for fault in bad.json()["errors"]}
    assert [cell.rpartition("!")[2] for cell in where] == ["A5", "B6", "C7"]
    assert "chưa có đơn vị chủ trì tiêu chí 3.1" in "".join(where.values())
    assert office.year.ids("weak-units") == []
    assert body("POST", f"{there}/weak-criteria", sent(*ROWS)).status_code == 201
    assert office.person("xa-1", Role.HEAD)("POST", f"{there}/weak-criteria", sent(*ROWS)).status_code == 403


def test_a_unit_plans_measures_and_reports_on_its_pages(office: Office) -> None:
    there = f"/cycles/{office.year.cycle}"
    office.person("so-noi-vu")("POST", f"{there}/weak-criteria", sent(*ROWS))
    office.year.tick(office.now)
    unit, weak = office.person("xa-1"), office.obligation("xa-1", "weak-units", "1.1")
    page = unit.client.get(f"/obligations/{weak}")
    assert "năm trước đạt 0/2 điểm" in page.text
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": csrf, "moves": str(office.moves(weak)), "text": "Ban hành kế hoạch", "answers": "Văn phòng", "due_on": "2025-06-30"}
    assert unit.client.post(f"/obligations/{weak}/plan-measure", data=form, follow_redirects=False).status_code == 303
    measure = office.obligation("xa-1", "unit-measures", "1.1/bp-1")
    late = unit.client.post(f"/obligations/{weak}/plan-measure", data={**form, "moves": str(office.moves(weak)), "due_on": "2026-06-30"})
    assert (late.status_code, "sau hạn cuối của kế hoạch" in late.text) == (422, True)
    assert office.do(unit, measure, "report-progress", {"percent": 40, "remark": "Đã trình"}).status_code == 200
    assert office.do(unit, measure, "report-progress", {"percent": 140}).status_code == 422
    wrong = {"csrf": csrf, "moves": str(office.moves(measure)), "percent": "140"}
    said = unit.client.post(f"/obligations/{measure}/report-progress", data=wrong).text
    assert "<li>Đã làm được bao nhiêu phần trăm (0–100): không được quá 100</li>" in said
    assert "tiêu chí 1.1 Tiêu chí 1.1, biện pháp 1" in unit.client.get(f"/obligations/{measure}").text
    listed = unit.client.get(f"{there}/improvement").text
    assert "1 biện pháp, tiến độ 40 %" in listed
    assert "data-send-file" not in listed
    assert unit.client.get(f"{there}/improvement?lang=en").status_code == 200
    (line,) = [one for one in unit("GET", f"{there}/improvement").json()["items"] if one["stage"] == "weak-units"]
    assert (line["party"], line["progress"], line["measures"][0]["progress"]) == ("xa-1", 40, "under-way")
    assert office.do(office.person("xa-2"), measure, "report-progress", {"percent": 1}).status_code in {403, 404}
    assert verify(office.year.store) == []


def test_the_standing_body_filters_and_takes_in_on_the_page(office: Office) -> None:
    body, there = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/improvement"
    take = f"{there}/import?criteria=chi-so-tinh&name=ket-qua.xlsx"
    headers = {"X-CSRF-Token": body.csrf, "Content-Type": "application/octet-stream", "Accept": "text/html", "Origin": HERE}
    looked = body.client.post(take, content=workbook(*ROWS), headers=headers)
    assert (looked.status_code, "xem trước, chưa nhận gì" in looked.text) == (200, True)
    assert office.year.ids("weak-units") == []
    wrong = body.client.post(take, content=workbook(("xa-1", "9.9", "0", "1", "")), headers=headers)
    assert (wrong.status_code, "!B2" in wrong.text) == (422, True)
    assert "Đã nhập ket-qua.xlsx" in body.client.post(f"{take}&sure=yes", content=workbook(*ROWS), headers=headers).text
    assert "Chưa ban hành kế hoạch" in body.client.get(f"{there}?unit=xa-1&field=1").text
    assert "Chưa ban hành kế hoạch" not in body.client.get(f"{there}?unit=so-noi-vu").text
    assert "Chưa có tiêu chí nào" in body.client.get(f"{there}?show=done").text


def test_weak_criteria_of_an_edition_are_opened_once(office: Office) -> None:
    year, boss, there = office.year, office.person("so-noi-vu"), f"/cycles/{office.year.cycle}"
    pin_small(year.store, year.cycle, now=office.now)
    score(year.store, year.cycle, ALL_BUT_ONE, now=office.now)
    asked = f"{there}/weak-criteria/published"
    assert boss("POST", asked, {}).status_code == 404, "nothing is published yet"
    decision = {"number": "617/QĐ-UBND", "dated": "2025-03-01", "accepted": "Không thẩm định được"}
    assert boss("POST", f"{there}/publication", decision).status_code == 200
    page = boss.client.get(f"{there}/results", headers={"Accept": "text/html"}).text
    sha256 = re.search(r'name="edition" value="([0-9a-f]{64})"', page)
    assert sha256 is not None
    seen = post(boss, f"{there}/improvement/published", edition=sha256[1])
    assert "xem trước, chưa giao gì" in seen
    assert "31/12/2025" in seen
    assert "<td>Xã 001 (tên chưa có nguồn)</td>" in seen
    assert year.ids("weak-units") == []
    assert "Đã giao khắc phục theo 617/QĐ-UBND" in post(boss, f"{there}/improvement/published", edition=sha256[1], sure="yes")
    assert boss("GET", f"{there}/improvement").json()["items"][-1]["points"] == "4"
    again = boss("POST", asked, {"edition": sha256[1]}).json()
    assert (again["raised"], again["known"], again["strong"], again["left"]) == ([], 1, 4, [])
    assert len(year.ids("weak-units")) == 1
    assert office.person("xa-1", Role.HEAD)("POST", asked, {}).status_code == 403
    assert verify(year.store) == []


def post(browser: Browser, path: str, **fields: str) -> str:
    headers = {"X-CSRF-Token": browser.csrf, "Accept": "text/html", "Origin": HERE}
    return str(browser.client.post(path, headers=headers, data=fields).text)


def test_what_is_overdue_from_the_start_takes_a_word_or_a_date(store: Store, tmp_path: Path) -> None:
    year = improving_year(store)
    year.tick(year.slot(date(2025, 3, 3)))
    with open_office(year, tmp_path, now=year.slot(date(2026, 1, 5))) as office:
        boss, there = office.person("so-noi-vu"), f"/cycles/{year.cycle}"
        pin_small(year.store, year.cycle, now=office.now)
        score(year.store, year.cycle, ALL_BUT_ONE, now=office.now)
        decision = {"number": "617/QĐ-UBND", "dated": "2026-01-05", "accepted": "Không thẩm định được"}
        assert boss("POST", f"{there}/publication", decision).status_code == 200
        asked = f"{there}/weak-criteria/published"
        seen = boss("POST", asked, {"preview": True}).json()
        assert [(one["due_on"], one["late"]) for one in seen["raised"]] == [("2025-12-31", True)]
        refused = boss("POST", asked, {})
        assert (refused.status_code, "hạn 31/12/2025" in refused.text) == (422, True)
        page = post(boss, f"{there}/improvement/published", edition=seen["edition"])
        assert "1 việc đã quá hạn ngay khi giao." in page
        assert "Đồng ý giao việc đã quá hạn" in page
        assert "Chưa giao được" in post(boss, f"{there}/improvement/published", edition=seen["edition"], sure="yes")
        assert "Chưa giao được" in post(boss, f"{there}/improvement/published", edition=seen["edition"], due_on="2026-99-01")
        again = post(boss, f"{there}/improvement/published", edition=seen["edition"], due_on="2026-03-31")
        assert ("31/03/2026" in again, "quá hạn ngay khi giao" in again) == (True, False)
        assert year.ids("weak-units") == []
        assert "Đã giao khắc phục" in post(boss, f"{there}/improvement/published", edition=seen["edition"], sure="yes", late="yes")
        (ident,) = year.ids("weak-units")
        assert "tiêu chí 2 Tiêu chí 2" in boss.client.get(f"/obligations/{ident}", headers={"Accept": "text/html"}).text
        assert verify(year.store) == []
