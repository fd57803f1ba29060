"""Many units' sheets by the API and in the console: fetched, sent, looked at by the engine, taken in; by right alone."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from config.scores_book_writing import book_workbook
from config.settings import settings
from evaluation.kinds import Role
from evaluation.scores.sheets import Part
from flows.jobs import do_waiting_jobs
from store.queries.jobs import read_job
from tests.api.working import Office, open_office
from tests.store.booking import Booked
from tests.store.scoring import with_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser

PAGE = {"Accept": "text/html"}
COORDINATOR = "so-noi-vu"


@pytest.fixture
def town(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, Booked]]:
    sheets = with_sheets(store, groups=("so", "xa"))
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    settings.cache_clear()
    with open_office(sheets.year, tmp_path, now=sheets.now) as office:
        yield office, Booked(sheets=sheets, folder=tmp_path)
    settings.cache_clear()


def fetched(who: Browser, booked: Booked, **params: Any) -> Response:
    answer: Response = who.client.get(f"/api/v1/cycles/{booked.sheets.year.cycle}/sheets.xlsx", params=params)
    if answer.status_code == 200:
        booked.path.write_bytes(answer.content)
    return answer


def sent(who: Browser, booked: Booked, **params: Any) -> Response:
    path = f"/api/v1/cycles/{booked.sheets.year.cycle}/sheets.xlsx"
    answer: Response = who.client.post(path, params=params, content=booked.path.read_bytes(), headers={"X-CSRF-Token": who.csrf})
    return answer


def posted(who: Browser, path: str, **fields: str) -> Response:
    answer: Response = who.client.post(path, data={"csrf": who.csrf, **fields}, headers=PAGE)
    return answer


def handed(who: Browser, cycle: int, booked: Booked) -> Response:
    headers = {"X-CSRF-Token": who.csrf, **PAGE}
    answer: Response = who.client.post(f"/cycles/{cycle}/sheets.xlsx?name=bang.xlsx", content=booked.path.read_bytes(), headers=headers)
    return answer


def work(office: Office) -> None:
    do_waiting_jobs(office.year.store, holder="engine", now=office.now, leaving=Event())


def test_a_book_by_the_api(town: tuple[Office, Booked]) -> None:
    office, booked = town
    coordinator = office.person(COORDINATOR)
    found = fetched(coordinator, booked, part="self", units="xa-1,xa-2")
    assert found.status_code == 200, found.text
    booked.typed("xa-1", "2", errors=1).typed("xa-2", "1.2", rate=120)
    looked = sent(coordinator, booked).json()
    assert (looked["written"], [(one["unit"], one["changed"], one["refused"]) for one in looked["units"]]) == (
        False,
        [("xa-1", 1, 0), ("xa-2", 0, 1)],
    )
    assert looked["units"][1]["faults"][0]["where"] == f"Các phiếu!{booked.cell('xa-2', '1.2', 'rate')}"
    assert sent(coordinator, booked, take="all").json()["written"] is False
    assert booked.sheets.sheet().sheet.entries == {}
    assert sent(coordinator, booked, take="faultless").json()["written"] is True
    assert booked.sheets.sheet().sheet.entry("2").self_score is not None
    booked.path.write_bytes(b"no workbook")
    assert sent(coordinator, booked).status_code == 422


def test_who_may_fill_nothing_in_sends_nothing(town: tuple[Office, Booked]) -> None:
    office, booked = town
    auditor = office.person("xa-1", Role.AUDITOR)
    assert fetched(auditor, booked).status_code == 200
    assert booked.rows() == []
    refused = sent(auditor, booked)
    assert (refused.status_code, "điền được" in refused.text) == (422, True)
    assert "Không có phiếu nào" in auditor.client.get(f"/cycles/{booked.sheets.year.cycle}/sheets", headers=PAGE).text


def test_a_book_in_the_console_is_looked_at_and_then_taken(town: tuple[Office, Booked]) -> None:
    office, booked = town
    cycle, who = booked.sheets.year.cycle, office.person(COORDINATOR)
    page = who.client.get(f"/cycles/{cycle}/sheets", headers=PAGE).text
    assert f"/api/v1/cycles/{cycle}/sheets.xlsx?part=self" in page
    assert 'sheets.xlsx?part=self&amp;group=xa">' in page
    assert f'data-send-file="/cycles/{cycle}/sheets.xlsx?"' in page
    fetched(who, booked, part="self")
    booked.typed("xa-1", "2", errors=1).typed("xa-2", "1.2", rate=120)
    asked = who.client.post(
        f"/cycles/{cycle}/sheets.xlsx?name=bang.xlsx", content=booked.path.read_bytes(), headers={"X-CSRF-Token": who.csrf, **PAGE}
    )
    assert asked.url.path.startswith("/jobs/"), asked.text
    assert "Xem trước, chưa ghi gì" in asked.text
    work(office)
    shown = who.client.get(asked.url.path, headers=PAGE).text
    assert "Nếu nhập: 1 mục của 1 đơn vị thay đổi" in shown
    assert f"Các phiếu!{booked.cell('xa-2', '1.2', 'rate')}" in shown
    assert ('value="faultless"' in shown, 'value="all"' in shown) == (True, False)
    assert booked.sheets.sheet().sheet.entries == {}
    taken = posted(who, f"{asked.url.path}/take", take="faultless")
    work(office)
    with office.year.store.reading() as connection:
        job = read_job(connection, int(taken.url.path.rpartition("/")[2]))
    assert job is not None
    assert (job.percent, job.fault) == (100, {})
    assert "Đã ghi 1 mục của 1 đơn vị" in who.client.get(f"/jobs/{job.id}", headers=PAGE).text
    assert booked.sheets.sheet().sheet.entry("2").self_score is not None
    for other in (office.person("xa-1"), office.person(COORDINATOR, Role.HEAD)):  # not their job, though the head may look at it
        assert posted(other, f"{asked.url.path}/take", take="all").status_code == 404


def test_what_is_no_book_is_told_on_the_page_of_the_job(town: tuple[Office, Booked]) -> None:
    office, booked = town
    cycle, who = booked.sheets.year.cycle, office.person(COORDINATOR)
    booked.path.write_bytes(book_workbook(iter(()), cycle="999", part=Part.SELF))
    asked = handed(who, cycle, booked)
    work(office)
    shown = who.client.get(asked.url.path, headers=PAGE).text
    assert "Không thực hiện được" in shown
    assert "999" in shown
