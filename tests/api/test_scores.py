"""Sheets by the API and in the console: scored, refused with the place, appraised by who leads a leaf, returned, explained, ruled on."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

from api.routes.score_sheets import XLSX
from config.scores_columns import ROWS_SHEET
from evaluation.kinds import Role
from tests.api.working import Office, open_office
from tests.store.scoring import SAID, Sheets, with_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser


@contextmanager
def opened(store: Store, home: Path) -> Iterator[tuple[Office, Sheets]]:
    sheets = with_sheets(store)
    with open_office(sheets.year, home, now=sheets.now) as office:
        yield office, sheets


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Iterator[tuple[Office, Sheets]]:
    with opened(store, tmp_path) as found:
        yield found


def leaf(who: Browser, ident: int, node: str, verb: str, **body: Any) -> Response:
    return who("POST", f"/obligations/{ident}/leaves/{node}/{verb}", body)


def filled(office: Office, sheets: Sheets) -> int:
    """The unit has handed its sheet in."""
    own = sheets.of("self")
    sheets.fill()
    sheets.hand_in()
    assert office.year.obligation(own).state == "submitted"
    return own


def test_a_leaf_is_scored_told_and_refused(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    ident, officer = sheets.of("self"), office.person("xa-1")
    sheet = officer("GET", f"/obligations/{ident}/sheet").json()
    assert (sheet["done"], sheet["wanted"], sheet["ready"], len(sheet["leaves"])) == (0, 3, False, 5)
    scored = leaf(officer, ident, "1.2", "score", version=0, done="2", of="3", explanation="theo hệ thống một cửa")
    assert (scored.status_code, scored.json()["self_score"], scored.json()["version"]) == (200, "2", 1), scored.text
    stale = leaf(officer, ident, "1.2", "score", version=0, rate="90")
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:dondoc:leaf-changed")
    wrong = leaf(officer, ident, "2", "score", version=0, points="9")
    assert (wrong.status_code, [one["where"] for one in wrong.json()["errors"]]) == (422, ["xa-1 · 2"])
    assert leaf(officer, ident, "1", "score", version=0, points="1").status_code == 422
    refused = office.do(officer, ident, "prepare")
    assert (refused.status_code, len(refused.json()["errors"])) == (422, 2)
    history = officer("GET", f"/obligations/{ident}/leaves/1.2/history").json()["items"]
    assert [(one["what"], one["new"]) for one in history] == [
        ("self", "2"),
        ("given", '{"done": "2", "of": "3"}'),
        ("explanation", "theo hệ thống một cửa"),
    ]


def test_who_leads_a_leaf_appraises_it_and_nobody_their_own_unit(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    filled(office, sheets)
    ident = sheets.of("appraisal")
    lead, team, unit = office.person("so-noi-vu"), office.person("so-tu-phap"), office.person("xa-1")
    assert leaf(lead, ident, "1.1", "claim").status_code == 200
    collided = leaf(team, ident, "1.1", "appraise", version=2, points="2")
    assert (collided.status_code, "c" in collided.json()["errors"][0]["text"]) == (422, True)
    assert leaf(lead, ident, "1.1", "appraise", version=2, points="2").json()["appraised"] == "2"
    assert leaf(lead, ident, "2", "appraise", version=1, points="4").status_code == 403  # led by nobody: the team's
    assert leaf(team, ident, "2", "appraise", version=1, points="3.5", remark="Thiếu quý III").status_code == 200
    assert leaf(unit, ident, "2", "appraise", version=2, points="4").status_code in {403, 404}
    lines = team("GET", f"/cycles/{office.year.cycle}/appraisals").json()["items"]
    assert [(one["unit"], one["appraised"], one["wanted"], one["reduced"]) for one in lines] == [("xa-1", 2, 3, 1), ("xa-2", 0, 3, 0)]


def test_leaves_go_back_and_come_again(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, ident = filled(office, sheets), sheets.of("appraisal")
    team = office.person("so-tu-phap")
    back = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "2", "remark": "Thiếu số liệu"}]})
    assert back.status_code == 200, back.text
    assert office.year.obligation(own).rounds == 1
    empty = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "1.1", "remark": " "}]})
    assert empty.status_code == 422
    mended = leaf(office.person("xa-1"), own, "2", "score", version=2, errors=1, explanation="Đã rà lại")
    assert (mended.status_code, mended.json()["returned"]) == (200, "")


def test_a_unit_is_exempted_by_who_runs_the_year(town: tuple[Office, Sheets]) -> None:
    office, _ = town
    address, head = f"/cycles/{office.year.cycle}/exemptions", office.person("so-noi-vu", Role.HEAD)
    given = {"unit": "xa-1", "node": "2", "reason": "Không có chức năng"}
    assert office.person("xa-1")("POST", address, given).status_code == 403
    ident = head("POST", address, given).json()["exemption"]
    assert head("POST", address, given).status_code == 422
    assert [one["id"] for one in head("GET", address).json()["items"]] == [ident]
    ended = head("POST", f"{address}/{ident}/end", {"reason": "Nhầm"})
    assert (ended.status_code, ended.json()["items"][0]["ended_why"]) == (200, "Nhầm")
    assert head("POST", f"{address}/99/end", {"reason": "Nhầm"}).status_code == 404


def test_a_sheet_goes_out_as_a_workbook_and_comes_back(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    sheets.fill({"2": SAID["2"]})
    ident, officer = sheets.of("self"), office.person("xa-1")

    def send(book: Workbook) -> Response:
        written = BytesIO()
        book.save(written)
        address = f"/api/v1/obligations/{ident}/sheet.xlsx"
        answer: Response = officer.client.post(
            address, content=written.getvalue(), headers={"X-CSRF-Token": officer.csrf, "Content-Type": XLSX}
        )
        return answer

    fetched = officer("GET", f"/obligations/{ident}/sheet.xlsx")
    assert fetched.content[:2] == b"PK"
    book = load_workbook(BytesIO(fetched.content))
    table = book[ROWS_SHEET]
    head = {cell.value: number for number, cell in enumerate(table[1], start=1)}
    row = {table.cell(line, 1).value: line for line in range(2, table.max_row + 1)}
    table.cell(row["1.2"], head["Số đạt"], 4)
    table.cell(row["1.2"], head["Tổng số"], 3)
    table.cell(row["1.1"], head["Mức"], 1)
    wrong = send(book)
    assert (wrong.status_code, [one["where"] for one in wrong.json()["errors"]]) == (422, [f"sheet.xlsx:{ROWS_SHEET}!F{row['1.2']}"]), (
        wrong.text
    )
    assert sheets.sheet().versions == {"2": 1}
    table.cell(row["1.2"], head["Số đạt"], 2)
    table.cell(row["1.2"], head["Giải trình"], "theo một cửa")
    taken = send(book)
    assert (taken.status_code, taken.json()["done"]) == (200, 3), taken.text
    stale = send(book)
    assert (stale.status_code, "phiếu đã được sửa" in stale.text.lower() or "was changed since" in stale.text) == (422, True), stale.text
    assert sheets.sheet().sheet.entry("1.2").self_score == 2
    assert (
        officer.client.post(f"/api/v1/obligations/{ident}/sheet.xlsx", content=b"x", headers={"X-CSRF-Token": officer.csrf}).status_code
        == 422
    )


def csrf_of(page: Response) -> str:
    return page.text.split('name="csrf" value="')[1].split('"')[0]


def test_pages_of_a_sheet_and_of_a_leaf(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    ident, officer = sheets.of("self"), office.person("xa-1")
    page = officer.client.get(f"/obligations/{ident}/sheet")
    assert (page.status_code, "Điều hành" in page.text, "0/3 mục" in page.text) == (200, True, True)
    address = f"/obligations/{ident}/leaves/1.2"
    sent = {"csrf": csrf_of(page), "version": "0", "done": "2", "of": "3", "explanation": "một cửa"}
    saved = officer.client.post(f"{address}/score", data=sent, headers={"HX-Request": "true"})
    assert (saved.status_code, "1/3 mục" in saved.text, "<html" in saved.text) == (200, True, False)
    assert 'value="1" hx-swap-oob' in saved.text
    stale = officer.client.post(f"{address}/score", data={**sent, "done": "1"}, headers={"HX-Request": "true"})
    assert "vừa được người khác lưu" in stale.text
    wrong = officer.client.post(f"{address}/score", data={**sent, "version": "1", "done": "nhiều"})
    assert (wrong.status_code, 'value="nhiều"' in wrong.text) == (422, True)
    alone = officer.client.get(address)
    assert (alone.status_code, "Điểm tự chấm" in alone.text, 'rel="next"' in alone.text) == (200, True, True)
    assert officer.client.get(f"/obligations/{ident}").text.count(f"/obligations/{ident}/sheet") == 1


def test_pages_of_an_appraiser_and_of_an_explanation(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    filled(office, sheets)
    ident, team = sheets.of("appraisal"), office.person("so-tu-phap", Role.HEAD)
    listed = team.client.get(f"/cycles/{office.year.cycle}/appraisals")
    assert (listed.status_code, "0/3" in listed.text) == (200, True)
    csrf = csrf_of(team.client.get(f"/obligations/{ident}/sheet"))
    for node, points in (("1.1", "1"), ("1.2", "2"), ("2", "4,0")):
        given = {"csrf": csrf, "version": "1", "points": points, "remark": "Thiếu" if node == "1.1" else ""}
        done = team.client.post(f"/obligations/{ident}/leaves/{node}/appraise", data=given, headers={"HX-Request": "true"})
        assert "Đã thẩm định" in done.text or "Chờ giải trình" in done.text, done.text
    assert [office.do(team, ident, verb, {} if verb == "submit" else None).status_code for verb in ("prepare", "submit")] == [200, 200]
    office.year.tick(office.now)
    (window,) = office.year.ids("explanation")
    office.year.tick(office.now)
    unit = office.person("xa-1", Role.HEAD)
    page = unit.client.get(f"/obligations/{window}/sheet")
    text = {"csrf": csrf_of(page), "version": "2", "text": "Kế hoạch số 5/KH"}
    explained = unit.client.post(f"/obligations/{window}/leaves/1.1/explain", data=text, headers={"HX-Request": "true"})
    assert "Đã giải trình" in explained.text
    assert [office.do(unit, window, verb, {} if verb == "submit" else None).status_code for verb in ("prepare", "submit")] == [200, 200]
    ruled = {"csrf": csrf, "version": "3", "points": "2", "reason": "Có kế hoạch", "accepted": "yes"}
    answer = team.client.post(f"/obligations/{window}/leaves/1.1/rule", data=ruled, headers={"HX-Request": "true"})
    assert "chấp nhận" in answer.text
    assert sheets.sheet().sheet.entry("1.1").appraised == 2
