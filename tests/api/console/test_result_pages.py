"""Pages of results: ranking, trace, settings, preview and freezing, and what anybody sees without signing in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from evaluation.kinds import Role
from tests.api.conftest import HERE
from tests.api.working import Office, open_office
from tests.store.resulting import ALL_BUT_ONE, pin_small, score

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    pin_small(small_year.store, small_year.cycle, now=now)
    score(small_year.store, small_year.cycle, ALL_BUT_ONE, now=now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


@pytest.fixture
def boss(office: Office) -> Browser:
    return office.person("so-noi-vu")


def look(client: TestClient, path: str, *, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return str(answer.text)


def send(browser: Browser, verb: str, **fields: str | list[str]) -> Response:
    headers = {"X-CSRF-Token": browser.csrf, "Accept": "text/html", "Origin": HERE}
    answer: Response = browser.client.post(f"/cycles/1/publication/{verb}", headers=headers, data=fields, follow_redirects=False)
    return answer


def seen_in(preview: Response) -> str:
    """The digest that a preview showed."""
    return preview.text.split('name="seen" value="')[1].split('"')[0]


def test_the_ranking_says_what_is_provisional_and_traces_every_total(boss: Browser) -> None:
    page = look(boss.client, "/cycles/1/results")
    assert "Tạm tính" in page
    assert "80,00" in page
    assert "72,50" in page
    assert 'href="/cycles/1/results"' in page
    assert page.index("Xã 002") < page.index("Xã 001")
    drawn = re.findall(r'<th scope="row">([^<]+)<svg class="bar".*?width="([0-9.]+)" height="6"/></svg></th><td>([^<]+)</td>', page)
    assert ("1 Chỉ đạo điều hành", "81.88", "81,88 %") in drawn
    trace = look(boss.client, "/cycles/1/results/units/xa-1")
    assert "9,25" in trace
    assert "mất 6,00 điểm" in trace
    assert "Kết quả, xếp hạng" not in look(boss.client, "/cycles/1/results/units/xa-9", status=404)
    english = look(boss.client, "/cycles/1/publication?lang=en")
    assert "leaves have no final score" in english


def test_without_scores_no_table_asks_for_a_chart_that_has_no_place(small_year: SmallYear, tmp_path: Path) -> None:
    now = small_year.slot(date(2025, 1, 7))
    pin_small(small_year.store, small_year.cycle, now=now)
    with open_office(small_year, tmp_path, now=now) as office:
        page = look(office.person("so-noi-vu").client, "/cycles/1/results")
    assert "Chưa có điểm" in page
    assert "data-chart" not in page


def test_every_chart_that_a_table_asks_for_has_its_place(boss: Browser) -> None:
    page = look(boss.client, "/cycles/1/results")
    assert set(re.findall(r'data-chart="([^"]+)"', page)) == set(re.findall(r'<canvas id="([^"]+)"', page)) != set()


def test_settings_and_exemptions_are_forms(boss: Browser) -> None:
    wrong = send(boss, "rules", bands="Khá | 50\nTốt | 75", reason="Quy chế", survey_held="1", decimals="2")
    assert wrong.status_code == 422
    assert "Khá" in wrong.text
    given = {"bands": "Tốt | 75,5\nKhá | 50", "reason": "Quy chế", "survey_held": "1", "decimals": "1", "unranked": "xa-2"}
    assert send(boss, "rules", **given).status_code == 303
    seen = send(boss, "look-exempt", unit="xa-1", node="2", reason="Không có chức năng")
    assert (seen.status_code, "Xem trước, chưa miễn gì" in seen.text) == (200, True)
    assert "điểm tối đa 30 → 20; chỉ số 72,50 % → 88,75 %" in seen.text
    assert "1 đơn vị khác giữ nguyên mẫu số và chỉ số." in seen.text
    assert 'value="Không có chức năng"' in seen.text or ">Không có chức năng</textarea>" in seen.text
    assert send(boss, "exempt", unit="xa-1", node="2", reason="Không có chức năng").status_code == 303
    page = look(boss.client, "/cycles/1/publication?done=exempt")
    assert "Đã miễn chấm." in page
    assert "Tốt | 75,5" in page
    ranked = look(boss.client, "/cycles/1/results")
    assert re.search(r"88,8</td>.*?Tốt</td>", ranked, re.DOTALL)
    assert send(boss, "end", exemption="1", reason="nhầm").status_code == 303
    assert "đã kết thúc: nhầm" in look(boss.client, "/cycles/1/publication")


def test_what_was_previewed_is_frozen_and_anybody_reads_it(boss: Browser, office: Office) -> None:
    page = look(boss.client, "/cycles/1/publication")
    assert "Xã 002 (tên chưa có nguồn): còn 1 mục chưa có điểm chính thức: 2" in page
    decision = {"number": "617/QĐ-UBND", "dated": "2025-01-06"}
    again = send(boss, "publish", **decision)
    assert (again.status_code, 'name="seen"' in again.text) == (200, False), "scores are missing: there is nothing to freeze yet"
    assert 'value="617/QĐ-UBND"' in again.text
    preview = send(boss, "look-publish", **decision, accepted="Không thẩm định được")
    assert "Xem trước, chưa công bố gì" in preview.text
    assert "2 đơn vị; 1 mục chưa có điểm được tính 0; " in preview.text
    look(TestClient(office.app, base_url=HERE), "/published/thu/2025", status=404)
    assert send(boss, "publish", **decision, accepted="Không thẩm định được", seen="0" * 64).status_code == 422, "not what was seen"
    seen = seen_in(preview)
    assert send(boss, "publish", **decision, accepted="Không thẩm định được", seen=seen).status_code == 303
    assert "Chưa công bố được" not in look(boss.client, "/cycles/1/publication?done=publish")
    assert send(boss, "reward", unit="xa-1", form="Bằng khen", decision="88/QĐ").status_code == 303
    stranger = TestClient(office.app, base_url=HERE)
    assert "/published/thu/2025" in look(stranger, "/published")
    public = look(stranger, "/published/thu/2025")
    assert "Công bố khi còn thiếu điểm (tính 0): Không thẩm định được." in public
    assert "Môi trường thử nghiệm" in public
    assert "88/QĐ" in public
    assert public.index("Xã 001") < public.index("Xã 002")
    sheet = look(stranger, "/published/thu/2025/1/units/xa-1")
    assert "Đánh giá qua ĐTXHH" in sheet
    assert "21,75" in sheet
    office.now += timedelta(hours=1)
    assert send(boss, "rules", weak_below="0", reason="Quy chế mới", survey_held="1", decimals="2").status_code == 303
    assert sheet.count("Tiêu chí yếu (") == 1
    assert look(stranger, "/published/thu/2025/1/units/xa-1") == sheet, "what was published does not change with the settings"
    look(stranger, "/published/thu/2024", status=404)
    look(stranger, "/published/thu/2025/1/units/xa-9", status=404)
    correction = {"number": "700/QĐ-UBND", "dated": "2025-01-06", "accepted": "như trước", "corrects": "1", "reason": "in sai"}
    seen = seen_in(send(boss, "look-publish", **correction))
    assert send(boss, "publish", **correction, seen=seen).status_code == 303
    assert "Bản này đã được đính chính." in look(stranger, "/published/thu/2025/1")
    assert "in sai" in look(stranger, "/published/thu/2025")
    english = look(stranger, "/published/thu/2025/1?lang=en")
    assert "This edition has been corrected." in english
    assert '<td data-value="72.50">72.50</td>' in english, "a chart takes the dot of a number for thousands unless it is told"


def fault_at(page: str, field: str) -> str:
    """What the page says is wrong with a field, beside it."""
    return page.partition(f'id="{field}-fault">')[2].partition("</div>")[0]


def test_units_and_people_are_named_not_keyed(boss: Browser, office: Office) -> None:
    office.person("so-noi-vu", Role.HEAD)
    page = look(boss.client, "/cycles/1/publication")
    assert '<option value="Xã 001 (tên chưa có nguồn)"></option>' in page
    assert '<option value="Cán bộ thử, người đứng đầu, Sở 01 (tên chưa có nguồn)"></option>' in page
    named = {
        "unit": "xa 001 (ten chua co nguon)",
        "node": "2",
        "reason": "Không có chức năng",
        "approver": "Cán bộ thử, người đứng đầu, Sở 01 (tên chưa có nguồn)",
    }
    assert send(boss, "exempt", **named).status_code == 303
    page = look(boss.client, "/cycles/1/publication")
    exempted = page.partition('aria-labelledby="exemptions"')[2].partition("</table>")[0]
    assert "Xã 001" in exempted
    assert "head.so-noi-vu" not in exempted


def test_whom_nobody_is_called_is_said_beside_the_field_and_nothing_is_lost(boss: Browser) -> None:
    answer = send(boss, "look-exempt", unit="Xã 01", node="2", reason="Không có chức năng", approver="Ông Nào Đó")
    assert answer.status_code == 422
    assert "có phải: Xã 001 (tên chưa có nguồn)" in fault_at(answer.text, "exempt-unit")
    assert "chọn một tên trong danh sách" in fault_at(answer.text, "exempt-approver")
    assert all(f'value="{words}"' in answer.text for words in ("Xã 01", "Ông Nào Đó", "2"))
    assert ">Không có chức năng</textarea>" in answer.text
    english = send(boss, "look-exempt", unit="Ward 7", node="2", reason="x", lang="en")
    assert english.status_code == 422


def test_settings_are_chosen_and_kept_as_they_were_typed(boss: Browser) -> None:
    given: dict[str, str | list[str]] = {
        "bands": "Tốt | 75,5",
        "survey_held": "1",
        "unranked": ["xa-1", "xa-2"],
        "tie_keys": ["points", "2", ""],
    }
    wrong = send(boss, "rules", **given)
    assert (wrong.status_code, "Lý do" in wrong.text) == (422, True)
    assert len(re.findall(r'name="unranked" value="xa-[12]" checked', wrong.text)) == 2
    ties = wrong.text.partition("theo thứ tự")[2].partition("</fieldset>")[0]
    assert re.findall(r'<option value="(\w*)" selected>', ties) == ["points", "2", ""]
    assert send(boss, "rules", **given, reason="Quy chế").status_code == 303
    page = look(boss.client, "/cycles/1/publication")
    assert "Xã 001 (tên chưa có nguồn); Xã 002 (tên chưa có nguồn)</dd>" in page
