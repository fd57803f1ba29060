"""A year launched on pages: from last year's plan to a year under way, with the rehearsal done by the engine's own function."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from evaluation.cycles import CycleState
from flows.jobs import do_waiting_jobs
from store.queries.frame import cycles_of_frame
from store.schema import PARTY
from tests.browser.town import BODY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.town import Town

pytestmark = pytest.mark.browser


def here(page: Page) -> str:
    return page.locator("[aria-current=step]").inner_text()


def test_a_year_is_launched_step_by_step(town: Town) -> None:
    with town.year.store.engine.begin() as connection:  # the plan names it by the key that it had
        connection.execute(update(PARTY).where(PARTY.c.key == "so-02").values(key="so-tu-phap"))
    page = town.person(BODY)
    page.goto("/launch")
    page.get_by_label("Năm đánh giá").fill("2026")
    page.get_by_role("button", name="Xem các mốc thời gian").click()
    expect(page.locator("[aria-current=step]")).to_have_text("Các mốc thời gian")
    for step in ("Đơn vị, đầu mối", "Kiểm tra", "Chạy thử"):
        page.locator(".steps-foot .btn").last.click()
        expect(page.locator("[aria-current=step]")).to_have_text(step)
    page.get_by_role("button", name="Chạy thử cả năm").click()
    expect(page.locator("progress, .progress").first).to_be_visible()
    with ThreadPoolExecutor(1) as engine:  # the browser's loop has this thread
        assert engine.submit(do_waiting_jobs, town.year.store, holder="engine", now=town.now, leaving=Event()).result() == 1
    expect(page.locator("canvas")).to_be_visible(timeout=15_000)
    page.locator(".steps-foot .btn").last.click()
    assert here(page) == "Khởi động"
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Khởi động năm 2026").click()
    expect(page.locator("[aria-current=step]")).to_have_text("Thư đầu tiên")
    with town.year.store.reading() as connection:
        launched = {one.year: one.state for one in cycles_of_frame(connection, authorities=None)}
    assert launched[2026] is CycleState.LAUNCHED
