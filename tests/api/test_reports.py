"""Reports by the API and in the console: filled in, told what is wrong, refused, a period seen and drafted."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.form_files import form_text
from evaluation.kinds import Role
from tests.api.working import Office, open_office
from tests.store.queries.test_report_facts import chained
from tests.store.test_reports import GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser


@contextmanager
def opened(store: Store, home: Path) -> Iterator[Office]:
    year = chained(store)
    now = year.slot(date(2025, 3, 12))
    year.tick(now)
    with open_office(year, home, now=now) as office:
        yield office


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    with opened(store, tmp_path) as found:
        yield found


def test_report_is_filled_in_told_and_refused(office: Office) -> None:
    ident, officer = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1")
    empty = officer("GET", f"/obligations/{ident}/report").json()
    assert (empty["version"], empty["ready"], empty["form"]) == (0, False, "cchc-dinh-ky")
    wrong = officer("POST", f"/obligations/{ident}/report", {"version": 0, "answers": {**GOOD, "hs-qua-han": "21"}})
    assert wrong.status_code == 200, wrong.text
    assert [(one["field"], one["check"]) for one in wrong.json()["faults"]] == [("hs-tiep-nhan", "ho-so")]
    refused = office.do(officer, ident, "prepare")
    assert (refused.status_code, [one["where"] for one in refused.json()["errors"]]) == (422, ["hs-tiep-nhan"])
    stale = officer("POST", f"/obligations/{ident}/report", {"version": 0, "answers": {"ket-qua": "x"}})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:dondoc:report-changed")
    mended = officer("POST", f"/obligations/{ident}/report", {"version": 1, "answers": {"hs-qua-han": "20"}})
    assert (mended.json()["version"], mended.json()["ready"]) == (2, True)
    assert office.do(officer, ident, "prepare").status_code == 200


def test_a_remark_stands_beside_its_field_until_the_report_is_sent_again(office: Office) -> None:
    ident, officer, head = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
    receiver, page = office.person("so-noi-vu", Role.HEAD), f"/obligations/{ident}/report"
    assert officer("POST", page, {"version": 0, "answers": GOOD}).status_code == 200
    for who, verb, body in ((officer, "prepare", None), (head, "submit", {"text": ""})):
        assert office.do(who, ident, verb, body).status_code == 200
    named = {"reason": "Số liệu chưa khớp", "items": [{"item": "hs-qua-han", "words": "đối chiếu lại với Cổng dịch vụ công"}]}
    strange = office.do(receiver, ident, "return", {**named, "items": [{"item": "hs-khac", "words": "?"}]})
    assert (strange.status_code, "hs-khac" in strange.text) == (409, True)
    assert office.do(receiver, ident, "return", named).status_code == 200
    shown = officer.client.get(page).text
    at = shown.index('id="at-hs-qua-han"')
    assert at < shown.index("Ý kiến khi trả lại: đối chiếu lại với Cổng dịch vụ công") < shown.index('id="at-', at + 1)
    assert shown.count("Ý kiến khi trả lại") == 1
    for who, verb, body in ((officer, "prepare", None), (head, "submit", {"text": ""})):
        assert office.do(who, ident, verb, body).status_code == 200
    assert "Ý kiến khi trả lại" not in officer.client.get(page).text


def test_a_form_whose_time_has_not_come_says_from_when_it_is_open(office: Office) -> None:
    ident, officer = office.obligation("xa-1", "report", "2025-Q2"), office.person("xa-1")
    page = officer.client.get(f"/obligations/{ident}/report").text
    assert "Biểu mẫu mở để nhập từ ngày" in page
    assert "phải sửa trước khi gửi" not in page
    now = officer.client.get(f"/obligations/{office.obligation('xa-1', 'report', '2025-Q1')}/report").text
    assert ("Biểu mẫu mở" in now, "phải sửa trước khi gửi" in now) == (False, True)


def test_console_returns_a_report_with_remarks_on_its_fields(office: Office) -> None:
    ident, officer, head = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
    receiver = office.person("so-noi-vu", Role.HEAD)
    assert officer("POST", f"/obligations/{ident}/report", {"version": 0, "answers": GOOD}).status_code == 200
    for who, verb, body in ((officer, "prepare", None), (head, "submit", {"text": ""})):
        assert office.do(who, ident, verb, body).status_code == 200
    page = receiver.client.get(f"/obligations/{ident}").text
    assert 'name="item:hs-qua-han"' in page
    sent = {"csrf": found_in(page, "csrf"), "moves": found_in(page, "moves"), "item:hs-qua-han": "đối chiếu lại", "item:hs-tiep-nhan": " "}
    without = receiver.client.post(f"/obligations/{ident}/return", data=sent)
    assert (without.status_code, 'value="đối chiếu lại"' in without.text) == (422, True), "what was written is kept"
    done = receiver.client.post(f"/obligations/{ident}/return", data={**sent, "reason": "Số liệu chưa khớp"}, follow_redirects=False)
    assert done.status_code == 303, done.text
    told = officer.client.get(f"/obligations/{ident}").text
    assert (": đối chiếu lại" in told, "hs-qua-han: đối chiếu lại" in told) == (True, False), "a field is called by its title"
    shown = officer.client.get(f"/obligations/{ident}/report").text
    assert shown.count("Ý kiến khi trả lại") == 1
    at = shown.index('id="at-hs-qua-han"')
    assert at < shown.index("Ý kiến khi trả lại: đối chiếu lại") < shown.index('id="at-', at + 1)


def test_own_form_is_taken_in_by_who_keeps_criteria_with_faults_by_line(office: Office) -> None:
    boss, own = office.person("so-noi-vu", Role.HEAD), form_text("cchc-dinh-ky") + "# của tỉnh\n"
    taken = boss("POST", "/report-forms", {"yaml": own})
    assert (taken.status_code, taken.json()["number"]) == (201, 1), taken.text
    wrong = boss("POST", "/report-forms", {"yaml": own.replace("kind: number", "kind: nmuber", 1)})
    assert (wrong.status_code, wrong.json()["errors"][0]["where"]) == (422, "form.yaml:14:33"), wrong.text
    assert office.person("xa-1")("POST", "/report-forms", {"yaml": own}).status_code == 403


def test_own_form_is_seen_before_it_is_taken_in_on_the_page(office: Office) -> None:
    own = form_text("cchc-dinh-ky").replace("key: cchc-dinh-ky", "key: rieng", 1)
    boss = office.person("so-noi-vu", Role.HEAD).client
    page = boss.get("/report-forms")
    assert (page.status_code, "Chưa nhập biểu mẫu nào" in page.text) == (200, True)
    csrf = {"X-CSRF-Token": found_in(page.text, "csrf")}
    wrong = own.replace("kind: number", "kind: nmuber", 1)
    faulty = boss.post("/report-forms/look?name=rieng.yaml", content=wrong.encode(), headers=csrf)
    assert (faulty.status_code, "14:33" in faulty.text, "Nhập biểu mẫu này" in faulty.text) == (422, True, False), faulty.text
    assert boss.post("/report-forms/look?name=rieng.exe", content=own.encode(), headers=csrf).status_code == 422
    seen = boss.post("/report-forms/look?name=rieng.yaml", content=own.encode(), headers=csrf)
    assert (seen.status_code, "Mã riêng “rieng”" in seen.text, "Tổng số hồ sơ tiếp nhận trong kỳ" in seen.text) == (200, True, True)
    assert "Chưa nhập biểu mẫu nào" in boss.get("/report-forms").text, "nothing is kept by looking"
    sent = {"csrf": found_in(seen.text, "csrf"), "once": found_in(seen.text, "once"), "yaml": own}
    done = boss.post("/report-forms/take", data=sent)
    assert (done.status_code, "<code>rieng</code>" in done.text) == (200, True), done.text
    again = boss.post("/report-forms/take", data={**sent, "once": "another"})
    assert (again.status_code, "Tệp không khác gì phiên bản 1." in again.text) == (422, True), again.text
    assert office.person("xa-1").client.get("/report-forms").status_code == 403


def found_in(page: str, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert match is not None, name
    return match[1]


def sheet(who: Browser, path: str) -> Worksheet:
    found = load_workbook(BytesIO(who.client.get(path).content)).active
    assert isinstance(found, Worksheet)
    return found


def test_a_report_and_a_period_are_sheets_in_which_nothing_is_a_formula(office: Office) -> None:
    ident, officer, coordinator = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1"), office.person("so-noi-vu")
    answers = {**GOOD, "ket-qua": '=HYPERLINK("http://x.invalid")'}
    assert officer("POST", f"/obligations/{ident}/report", {"version": 0, "answers": answers}).status_code == 200
    for who, verb, body in ((officer, "prepare", None), (office.person("xa-1", Role.HEAD), "submit", {"text": ""})):
        assert office.do(who, ident, verb, body).status_code == 200
    form = sheet(officer, f"/obligations/{ident}/report.xlsx")
    values = {row[1].value: row[2] for row in form.iter_rows(min_row=2)}
    assert values["Tổng số hồ sơ tiếp nhận trong kỳ"].value == 1000
    assert [(cell.data_type, cell.value) for cell in values.values() if str(cell.value).startswith("=")] == [("s", answers["ket-qua"])]
    address = f"/cycles/{office.year.cycle}/reports/2025-Q1/units.xlsx"
    table = sheet(coordinator, address)
    rows = list(table.iter_rows(values_only=True))
    column = next(place for place, head in enumerate(rows[0]) if str(head).startswith("Tổng số hồ sơ tiếp nhận"))
    sent = {str(row[0])[:6]: row[column] for row in rows[1:]}
    assert (sent["Xã 001"], sent["Xã 002"], list(sent)[-1], sent["Cộng"]) == (1000, None, "Cộng", 1000)
    assert "f" not in {cell.data_type for row in table.iter_rows() for cell in row}
    assert office.person("xa-2").client.get(f"/obligations/{ident}/report.xlsx").status_code in {403, 404}
    assert office.person("xa-2").client.get(address).status_code in {403, 404}


def test_a_form_filled_in_away_comes_back_or_says_why_by_its_cell(office: Office) -> None:
    ident, officer = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1")
    path, headers = f"/api/v1/obligations/{ident}/report.xlsx", {"X-CSRF-Token": officer.csrf}
    assert f'data-upload="{path}"' in officer.client.get(f"/obligations/{ident}/report", headers={"Accept": "text/html"}).text
    book = load_workbook(BytesIO(officer.client.get(path).content))
    table = book.worksheets[0]
    rows = {str(row[4]): number for number, row in enumerate(table.iter_rows(min_row=2, values_only=True), start=2)}

    def sent(who: Browser = officer) -> Response:
        written = BytesIO()
        book.save(written)
        answer: Response = who.client.post(path, content=written.getvalue(), headers={**headers, "X-CSRF-Token": who.csrf})
        return answer

    table.cell(rows["hs-tiep-nhan"], 3).value, table.cell(rows["hs-qua-han"], 3).value = 1000, "=1+1"
    refused = sent()
    assert (refused.status_code, [one["where"] for one in refused.json()["errors"]]) == (422, [f"report.xlsx:Sheet!C{rows['hs-qua-han']}"])
    table.cell(rows["hs-qua-han"], 3).value = "20"
    taken = sent().json()
    assert (taken["version"], taken["answers"]["hs-tiep-nhan"], taken["answers"]["hs-qua-han"]) == (1, "1.000", "20")
    table.cell(rows["hs-qua-han"], 3).value = 30
    assert sent().status_code == 409  # written of version 0: somebody has saved since
    assert sent(office.person("xa-2")).status_code in {403, 404}


def test_nobody_else_fills_a_report_in(office: Office) -> None:
    ident = office.obligation("xa-1", "report", "2025-Q1")
    answers = {"version": 0, "answers": {"ket-qua": "x"}}
    assert office.person("xa-2")("POST", f"/obligations/{ident}/report", answers).status_code in {403, 404}
    assert office.person("xa-2")("GET", f"/obligations/{ident}/report").status_code in {403, 404}
    without = office.obligation("xa-1", "plan")
    assert office.person("xa-1")("GET", f"/obligations/{without}/report").status_code == 422


def test_period_is_seen_by_who_runs_the_year_and_drafted(office: Office) -> None:
    coordinator, address = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/reports/2025-Q1"
    seen = coordinator("GET", address)
    assert seen.status_code == 200, seen.text
    numbers = {one["name"]: (one["value"], len(one["entries"])) for one in seen.json()["numbers"]}
    assert (numbers["missing/xa"], numbers["late/xa"]) == (("2", 2), ("0", 0))
    assert office.person("xa-1")("GET", address).status_code == 403
    assert coordinator("GET", address.replace("2025-Q1", "2025")).status_code == 422
    drafted = coordinator("POST", f"{address}/draft")
    assert (drafted.status_code, drafted.json()["purpose"]) == (201, "report"), drafted.text
    assert coordinator("GET", f"/papers/{drafted.json()['id']}/file").content[:2] == b"PK"


def test_pages_of_a_report_and_of_a_period(office: Office) -> None:
    ident, officer = office.obligation("xa-1", "report", "2025-Q1"), office.person("xa-1", Role.HEAD)
    page = officer.client.get(f"/obligations/{ident}/report")
    assert page.status_code == 200
    assert "Tổng số hồ sơ tiếp nhận trong kỳ" in page.text
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    sent = {"csrf": csrf, "version": "0", **{f"f:{key}": value for key, value in GOOD.items()}, "t:giai-phap:0:tieu-chi": "1.1"}
    by_itself = officer.client.post(f"/obligations/{ident}/report", data=sent, headers={"HX-Request": "true"})
    assert (by_itself.status_code, "Đủ để gửi." in by_itself.text, "<html" in by_itself.text) == (200, True, False)
    stale = officer.client.post(f"/obligations/{ident}/report", data=sent)
    assert stale.status_code == 422
    assert "vừa được người khác lưu" in stale.text
    coordinator = office.person("so-noi-vu")
    period = coordinator.client.get(f"/cycles/{office.year.cycle}/reports")
    assert (period.status_code, str(period.url).rpartition("/")[2]) == (200, "2025-Q1")
    assert "Soạn dự thảo báo cáo" in period.text
    assert coordinator.client.get(f"/cycles/{office.year.cycle}/reports/x").status_code == 200
