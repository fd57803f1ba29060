"""Reports asked for through the API and the pages: seen before they are sent, sent once, and nobody else's."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from config.calendar_files import shipped_calendar
from evaluation.kinds import Role
from store.queries.leader import read_standing
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN, launch_small
from tests.store.test_asking import ASKED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store

FLOOD = {"title": "Thiệt hại do bão số 3", "asks": "Số hồ sơ trễ hẹn", "within": {"count": 4, "unit": "hours"}, "groups": ["xa"]}


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8") + ASKED
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)
    with open_office(year, tmp_path, now=calendar.instant(date(2025, 4, 1), time(9, 0))) as office:
        yield office


def test_it_is_seen_first_and_sent_once(office: Office) -> None:
    asker, there = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/requests"
    seen = asker("POST", there, {**FLOOD, "preview": True})
    assert (seen.status_code, seen.json()["mails"], seen.json()["due_at"]) == (201, 2, "2025-04-01T06:00:00Z")
    assert asker("GET", there).json()["items"] == []
    key = {"Idempotency-Key": "k1"}
    first, again = asker("POST", there, FLOOD, **key), asker("POST", there, FLOOD, **key)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    (line,) = asker("GET", there).json()["items"]
    assert (line["key"], line["state"], line["total"], line["answered"]) == ("YC-01", "under_way", 2, 0)
    answers = asker("GET", f"{there}/YC-01").json()["answers"]
    assert [one["party"] for one in answers] == ["xa-1", "xa-2"]


def test_matrix_and_leader_call_a_request_by_its_own_title(office: Office) -> None:
    asker, chair, cycle = office.person("so-noi-vu"), office.person("chu-tich", Role.HEAD), office.year.cycle
    assert asker("POST", f"/cycles/{cycle}/requests", FLOOD).status_code == 201
    office.year.tick(office.now)
    assert FLOOD["title"] in asker.client.get(f"/cycles/{cycle}").text
    assert FLOOD["title"] in chair.client.get(f"/cycles/{cycle}/leader").text
    with office.year.store.reading() as connection:
        late = read_standing(connection, cycle, now=office.now + timedelta(hours=6)).units
    assert {unit.key: unit.works[-1].title for unit in late if unit.key.startswith("xa")} == dict.fromkeys(("xa-1", "xa-2"), FLOOD["title"])


def test_whoever_may_not_gets_nowhere(office: Office) -> None:
    there = f"/cycles/{office.year.cycle}/requests"
    assert office.person("so-noi-vu")("POST", there, FLOOD).status_code == 201
    for who in (office.person("xa-1"), office.person("xa-1", Role.HEAD), office.person("so-tu-phap", Role.HEAD)):
        assert who("POST", there, FLOOD).status_code == 403
        assert who("GET", there).status_code == 403
        assert who("POST", f"{there}/YC-01/cancel", {"reason": "không thích"}).status_code == 403
    other = office.obligation("xa-2", "asked", "YC-01")
    assert office.person("xa-1")("GET", f"/obligations/{other}").status_code in {403, 404}
    assert office.person("chu-tich", Role.HEAD)("POST", f"{there}/YC-01/cancel", {"reason": "đã có số liệu"}).json()["waived"] == 2
    assert office.person("so-noi-vu")("POST", f"{there}/YC-99/cancel", {"reason": "x"}).status_code == 404


def test_a_form_is_looked_at_then_sent_and_pressed_twice_asks_once(office: Office) -> None:
    asker, there = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}/requests"
    page = asker.client.get(there)
    assert "Chưa có yêu cầu báo cáo nào" in page.text
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": csrf, "title": "Thiệt hại do bão số 3", "term": "hours", "count": "4", "group": "xa"}
    form |= {"asks": "Số hồ sơ trễ hẹn", "items": "Biểu số liệu\nBáo cáo", "document": "45/UBND-NC", "document_on": "2025-03-28"}
    seen = asker.client.post(there, data=form)
    assert "13:00 thứ Ba 01/04/2025" in seen.text
    assert "Sẽ gửi 2 thư tới 2 đơn vị." in seen.text
    assert "Thư đi ngay." in seen.text
    assert "45/UBND-NC (28/03/2025)" in seen.text
    assert "<li>Biểu số liệu</li>" in seen.text
    assert "<li>Xã 001 (" in seen.text
    once = seen.text.partition('name="once" value="')[2].partition('"')[0]
    for _ in range(2):
        sent = asker.client.post(there, data={**form, "sure": "yes", "once": once}, follow_redirects=False)
        assert (sent.status_code, sent.headers["Location"]) == (303, f"{there}/YC-01?done=asked")
    assert len(asker("GET", there).json()["items"]) == 1
    assert "Xã 001" in asker.client.get(f"{there}/YC-01").text
    assert asker.client.get(f"{there}/YC-01?lang=en").status_code == 200
    office.year.tick(office.now)
    own = office.person("xa-1").client.get(f"/obligations/{office.obligation('xa-1', 'asked', 'YC-01')}").text
    assert "Được giao, hạn 13:00 ngày 01/04/2025" in own
    told = asker.client.get(f"{there}/YC-01").text
    assert '<dd class="col-7">09:00 ngày 01/04/2025</dd>' in told
    for page in (own, told):  # whoever owes it reads what is asked, in which parts, by which document
        assert all(words in page for words in ("Số hồ sơ trễ hẹn", "<li>Biểu số liệu</li>", "45/UBND-NC ngày 28/03/2025", "Người yêu cầu"))
    bad = asker.client.post(there, data={**form, "count": "0"})
    assert bad.status_code == 422
    assert 'value="Thiệt hại do bão số 3"' in bad.text
