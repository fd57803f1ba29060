"""Sheets by the API and in the console: scored, refused with the place, appraised by who leads a leaf, returned, explained, ruled on."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from evaluation.actions import Remark
from evaluation.kinds import Role
from notifications.render import render
from store.commands import transferring
from store.queries.letters import read_letters
from store.verify import verify
from tests.api.score_rooms import filled, leaf, opened, post_form
from tests.store.scoring import SAID, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser
    from tests.api.working import Office


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Iterator[tuple[Office, Sheets]]:
    with opened(store, tmp_path) as found:
        yield found


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


def test_the_unit_is_told_which_required_evidence_is_missing_and_may_hand_in(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    ident, officer = sheets.of("self"), office.person("xa-1")
    sheets.fill()
    sheet = officer("GET", f"/obligations/{ident}/sheet").json()
    assert [one["node"] for one in sheet["leaves"] if one["evidence_required"]] == ["1.1"]
    assert (sheet["ready"], [(one["node"], one["code"]) for one in sheet["warnings"]]) == (True, [("1.1", "required-evidence")])
    page = officer.client.get(f"/obligations/{ident}/sheet").text
    assert "1 mục thiếu tài liệu kiểm chứng bắt buộc" in page
    assert page.count("Tài liệu kiểm chứng bắt buộc") == 1, "on the leaf that asks for it"
    assert "Không thiếu gì" not in page
    assert office.do(officer, ident, "prepare").status_code == 200


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
    counted = [(one["unit"], one["appraised"], one["wanted"], one["waiting"], one["reduced"]) for one in lines]
    assert counted == [("xa-1", 2, 3, 1, 1), ("xa-2", 0, 3, 3, 0)]
    mine = lead("GET", f"/cycles/{office.year.cycle}/appraisals").json()["items"]
    assert [(one["own"], one["appraised"], one["wanted"], one["waiting"]) for one in mine] == [(True, 1, 2, 1), (True, 0, 2, 2)]
    assert {(one["due_on"], one["days_left"]) for one in mine} == {("2025-03-10", 26)}


def test_leaves_go_back_and_come_again(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, ident = filled(office, sheets), sheets.of("appraisal")
    team = office.person("so-tu-phap")
    form = f'action="/obligations/{ident}/leaves/1.1/return"'
    assert form in team.client.get(f"/obligations/{ident}/sheet").text
    back = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "2", "remark": "Thiếu số liệu"}]})
    assert back.status_code == 200, back.text
    assert office.year.obligation(own).rounds == 1
    empty = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "1.1", "remark": " "}]})
    assert empty.status_code == 422
    mended = leaf(office.person("xa-1"), own, "2", "score", version=2, errors=1, explanation="Đã rà lại")
    assert (mended.status_code, mended.json()["returned"]) == (200, "")
    page = team.client.get(f"/obligations/{ident}/sheet")
    with office.year.store.engine.begin() as connection:
        connection.execute(text("UPDATE obligation SET state = 'waived' WHERE id = :own"), {"own": own})
    sent = {"csrf": csrf_of(page), "mend": "Thiếu phụ lục 7"}
    refused = team.client.post(f"/obligations/{ident}/leaves/1.1/return", data=sent, headers={"HX-Request": "true"})
    assert "không trả lại được nữa" in refused.text
    assert "Thiếu phụ lục 7" not in refused.text, "why it was to go back is no opinion of the appraiser"
    assert form not in team.client.get(f"/obligations/{ident}/sheet").text, "no longer owed: nothing goes back"


def test_a_sheet_that_is_not_open_says_from_when_it_is(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    ident, officer = sheets.of("self"), office.person("xa-1")
    with office.year.store.engine.begin() as connection:
        connection.execute(text("UPDATE obligation SET state = 'scheduled' WHERE id = :own"), {"own": ident})
    page = officer.client.get(f"/obligations/{ident}/sheet").text
    assert re.search(r"Chưa mở: mở từ \d\d/\d\d/2025\.", page)
    assert "Phiếu đã nộp" not in page
    assert 'href="/published"' in page, "whoever is evaluated finds what was published"


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
    assert "<td>Số đạt: 2; Tổng số: 3</td>" in alone.text, "the history is in words"
    assert "chủ trì: Sở 01 (tên chưa có nguồn)" in alone.text, "by name"
    assert officer.client.get(f"/obligations/{ident}").text.count(f"/obligations/{ident}/sheet") == 1


def test_what_a_predecessor_had_scored_stands_beside_and_is_taken_over_by_api_or_button(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    ident, officer = sheets.of("self"), office.person("xa-1")
    assert officer("GET", f"/obligations/{ident}/sheet").json()["predecessors"] == []
    sheets.fill({"2": SAID["2"], "1.1": SAID["1.1"]}, unit="xa-2")
    heir = sheets.year.obligation(ident).party
    why = Remark(reason="sáp nhập", basis="1/NQ")
    sheets.do(transferring.transfer, sheets.of("self", "xa-2"), by="officer.so-noi-vu", successor=heir, remark=why)
    seen = officer("GET", f"/obligations/{ident}/sheet").json()
    assert [(one["unit"], one["scores"]) for one in seen["predecessors"]] == [("xa-2", {"1.1": "2", "2": "4"})]
    assert seen["done"] == 0, "beside, not in the sheet"
    address = f"/obligations/{ident}/take-over"
    assert office.person("so-tu-phap")("POST", address, {"unit": "xa-2"}).status_code == 403
    assert officer("POST", address, {"unit": "so-tu-phap"}).status_code == 422
    assert leaf(officer, ident, "2", "score", version=0, errors=0, explanation="không lỗi").status_code == 200
    page = officer.client.get(f"/obligations/{ident}/sheet")
    assert ("Đơn vị cũ: Xã 002" in page.text, "Tiếp nhận điểm" in page.text) == (True, True)
    sent = {"csrf": csrf_of(page), "unit": "xa-2"}
    assert officer.client.post(f"/obligations/{ident}/sheet/take-over", data=sent).status_code == 200
    leaves = {one["node"]: one["self_score"] for one in officer("GET", f"/obligations/{ident}/sheet").json()["leaves"]}
    assert (leaves["1.1"], leaves["2"]) == ("2", "5"), "what the unit had scored itself stays"
    history = officer("GET", f"/obligations/{ident}/leaves/1.1/history").json()["items"]
    assert "tiếp nhận từ xa-2" in {one["why"] for one in history}
    again = officer.client.post(f"/obligations/{ident}/sheet/take-over", data=sent)
    assert (again.status_code, again.text.count("Không mục nào của")) == (422, 1)
    assert officer("POST", address, {"unit": "xa-2"}).status_code == 422
    assert verify(sheets.year.store) == []


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
    said = {"csrf": csrf_of(page), "version": "2", "text": "Kế hoạch số 5/KH"}
    explained = unit.client.post(f"/obligations/{window}/leaves/1.1/explain", data=said, headers={"HX-Request": "true"})
    assert "Đã giải trình" in explained.text
    assert [office.do(unit, window, verb, {} if verb == "submit" else None).status_code for verb in ("prepare", "submit")] == [200, 200]
    ruled = {"csrf": csrf, "version": "3", "points": "2", "reason": "Có kế hoạch", "accepted": "yes"}
    answer = team.client.post(f"/obligations/{window}/leaves/1.1/rule", data=ruled, headers={"HX-Request": "true"})
    assert "chấp nhận" in answer.text
    assert sheets.sheet().sheet.entry("1.1").appraised == 2


SECRET = "Thiếu quyết định ban hành"
RULES = {"reason": "Quy chế", "survey_held": True}


def read_by_unit(unit: Browser, own: int, cycle: int) -> str:
    """Everything that a unit reads of its sheet: API, history, pages, workbook, journal, obligations, appraisals."""
    said = [unit("GET", f"/obligations/{own}/sheet").text, unit("GET", f"/obligations/{own}/leaves/1.2/history").text]
    said += [unit("GET", path).text for path in (f"/cycles/{cycle}/appraisals", f"/obligations/{own}", "/journal")]
    said += [unit.client.get(f"/obligations/{own}{more}").text for more in ("/sheet", "/leaves/1.2", "")]
    book = load_workbook(io.BytesIO(unit.client.get(f"/api/v1/obligations/{own}/sheet.xlsx").content))
    said += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    return "\n".join(said)


def test_a_unit_sees_appraised_scores_when_the_settings_say_so(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, cycle = filled(office, sheets), office.year.cycle
    ident, team, unit, boss = sheets.of("appraisal"), office.person("so-tu-phap"), office.person("xa-1"), office.person("so-noi-vu")
    given = {"version": 1, "points": "0.125", "remark": SECRET}
    assert leaf(team, ident, "1.2", "appraise", **given).status_code == 200
    told = read_by_unit(unit, own, cycle)
    assert not any(one in told for one in (SECRET, "0.125", "0,125"))
    (mine,) = [one for one in unit("GET", f"/obligations/{own}/sheet").json()["leaves"] if one["node"] == "1.2"]
    assert (mine["appraised"], mine["hidden"], mine["state"]) == (None, True, "Đã tự chấm")
    for seer in (team, boss):
        assert "0.125" in seer("GET", f"/obligations/{ident}/sheet").text
        assert SECRET in seer("GET", f"/obligations/{ident}/leaves/1.2/history").text
    assert SECRET not in office.person("xa-1", Role.HEAD)("GET", f"/obligations/{own}/sheet").text
    at_once = boss("POST", f"/cycles/{cycle}/result-rules", {**RULES, "appraised_scores_shown": "at_once"})
    assert at_once.status_code == 200, at_once.text
    assert read_by_unit(unit, own, cycle).count(SECRET) > 3
    boss("POST", f"/cycles/{cycle}/result-rules", {**RULES, "appraised_scores_shown": "when_returned"})
    assert leaf(team, ident, "2", "appraise", version=1, points="4").status_code == 200
    assert leaf(team, ident, "1.1", "appraise", version=1, points="2").status_code == 200
    assert [
        office.do(office.person("so-tu-phap", Role.HEAD), ident, verb, {} if verb == "submit" else None).status_code
        for verb in ("prepare", "submit")
    ] == [200, 200]
    asked = {one["node"]: one["appraised"] for one in unit("GET", f"/obligations/{own}/sheet").json()["leaves"]}
    assert (asked["1.2"], asked["2"], asked["1.1"]) == ("0.125", None, None), "only what it may explain"
    boss("POST", f"/cycles/{cycle}/result-rules", {**RULES, "appraised_scores_shown": "after_appraisal"})
    asked = {one["node"]: one["appraised"] for one in unit("GET", f"/obligations/{own}/sheet").json()["leaves"]}
    assert (asked["1.2"], asked["2"], asked["1.1"]) == ("0.125", "4", "2")


def test_a_returned_leaf_is_shown_and_no_mail_tells_a_score(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, ident = filled(office, sheets), sheets.of("appraisal")
    team, unit = office.person("so-tu-phap"), office.person("xa-1")
    assert leaf(team, ident, "1.2", "appraise", version=1, points="0.125", remark=SECRET).status_code == 200
    assert leaf(team, ident, "1.1", "appraise", version=1, points="0.5", remark=SECRET).status_code == 200
    back = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "1.2", "remark": "Thiếu số liệu"}]})
    assert back.status_code == 200, back.text
    scores = {one["node"]: one["appraised"] for one in unit("GET", f"/obligations/{own}/sheet").json()["leaves"]}
    assert scores["1.1"] is None
    page = unit.client.get(f"/obligations/{own}/leaves/1.1").text
    assert not any(one in page for one in (SECRET, "0,5", 'action="/obligations'))
    store = office.year.store
    with store.reading() as connection:
        wanted: dict[str, list[int]] = {}
        for row in connection.execute(text("select id, recipient from notice where recipient like 'c%' order by id")):
            wanted.setdefault(row.recipient, []).append(row.id)
        letters = read_letters(store, connection, authority=1, wanted=wanted, now=office.now)
    mails = [render(letter, base_url="https://dondoc.invalid", support_phone="") for letter in letters.values()]
    assert any("Thiếu số liệu" in mail.text for mail in mails)
    assert not any(one in mail.text + mail.html for mail in mails for one in (SECRET, "0,125", "0.125", "0,5"))


def sent_back(unit: Browser, own: int, **cells: Any) -> Response:
    """The workbook of a unit, fetched, with some cells of leaf 1.1 and 1.2 filled in by column, and sent."""
    book = load_workbook(io.BytesIO(unit.client.get(f"/api/v1/obligations/{own}/sheet.xlsx").content))
    table = book["Phiếu chấm điểm"]
    heads = [cell.value for cell in table[1]]
    for name, value in cells.items():
        node, head = {"done": ("1.2", "Số đạt"), "appraised": ("1.1", "Điểm thẩm định")}[name]
        row = next(row for row in table.iter_rows(min_row=2) if row[0].value == node)
        row[heads.index(head)].value = value
    filled = io.BytesIO()
    book.save(filled)
    headers = {"X-CSRF-Token": unit.csrf}
    answer: Response = unit.client.post(f"/api/v1/obligations/{own}/sheet.xlsx", content=filled.getvalue(), headers=headers)
    return answer


def test_a_returned_leaf_is_mended_by_workbook_and_tells_nothing_of_what_is_hidden(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, ident = filled(office, sheets), sheets.of("appraisal")
    team, unit = office.person("so-tu-phap"), office.person("xa-1")
    for node in ("1.1", "1.2"):
        assert leaf(team, ident, node, "appraise", version=1, points="0.5", remark=SECRET).status_code == 200
    team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "1.2", "remark": "Thiếu số liệu"}]})
    for guess in ("0,5", "0,75"):
        refused = sent_back(unit, own, appraised=guess)
        assert (refused.status_code, "đã bị sửa" in refused.text) == (422, True), "right or wrong, it says the same"
    taken = sent_back(unit, own, done=3)
    assert taken.status_code == 200, taken.text
    entries = sheets.sheet().sheet.entries
    assert (entries["1.2"].self_score, entries["1.1"].appraised, entries["1.1"].remark) == (Decimal(3), Decimal("0.5"), SECRET)


def test_self_scores_are_accepted_as_they_are_once_seen(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    filled(office, sheets)
    ident, lead, team = sheets.of("appraisal"), office.person("so-noi-vu"), office.person("so-tu-phap")
    assert leaf(team, ident, "2", "claim").status_code == 200
    accept = f"/obligations/{ident}/accept-scores"
    seen = lead("POST", accept, {"preview": True}).json()
    leaves = [(one["node"], one["points"], one["version"]) for one in seen["leaves"]]
    assert leaves == [("1.2", "2", 1)], "1.1 has no evidence, 2 is not theirs"
    assert [(one["node"], one["why"], one["text"]) for one in seen["left"]] == [
        ("1.1", "no-evidence", "thiếu tài liệu kiểm chứng bắt buộc")
    ]
    refused = lead("POST", accept, {"leaves": [{"node": "2", "version": 1}]})
    assert refused.status_code == 403
    page = post_form(team, f"/obligations/{ident}/sheet/accept")
    assert "xem trước 2 mục, chưa ghi gì" in page.text
    assert "1 mục để lại, chấm từng mục" in page.text
    assert "1.1 Kế hoạch</a>: thiếu tài liệu kiểm chứng bắt buộc" in page.text
    assert office.person("xa-1")("POST", accept, {"preview": True}).status_code in {403, 404}
    stale = post_form(team, f"/obligations/{ident}/sheet/accept", seen="1.2=1 2=7")
    assert (stale.status_code, "vừa được người khác lưu" in stale.text or "7" in stale.text) == (422, True)
    assert sheets.sheet().sheet.entry("1.2").appraised is None, "all or none"
    done = lead("POST", accept, {"leaves": [{"node": "1.2", "version": 1}]})
    assert done.status_code == 200, done.text
    assert sheets.sheet().sheet.entry("1.2").appraised == 2
    again = lead("POST", accept, {"leaves": [{"node": "1.2", "version": 2}]})
    assert (again.status_code, "1.2: đã có điểm thẩm định" in again.text) == (422, True)
    listed = lead.client.get(f"/cycles/{office.year.cycle}/appraisals").text
    assert "Chỉ đếm các mục thuộc phần anh/chị" in listed
    assert "còn 26 ngày" in listed
    assert verify(office.year.store) == []
