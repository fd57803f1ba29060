"""Two findings on one page: what is typed about one stays with that one, whatever is sent, gone back to or loaded again."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evaluation.kinds import Role
from store.commands.inspections.concluding import Found
from tests.browser.town import Town, chromium
from tests.serving_process import running_server, set_clock
from tests.store.inspecting import inspected_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from store.session import Store
    from tests.conftest import RequiresSystem

pytestmark = pytest.mark.browser
TYPED = "Đã niêm yết lại thủ tục tại bộ phận một cửa"


@pytest.fixture
def inspected(store: Store, tmp_path: Path, requires_system: RequiresSystem) -> Iterator[tuple[Town, int]]:
    """An inspection of xa-1 with two findings to remedy, on a server of its own."""
    requires_system("chromium", install="apt-get install chromium")
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (ident,) = year.plan("xa-1", now=now)
    year.hold(ident, Found(text="Chậm công khai"), Found(text="Thiếu hòm thư góp ý"), now=now)
    year.tick(now)
    set_clock(tmp_path, now)
    url = store.engine.url.render_as_string(hide_password=False)
    with running_server(url, tmp_path) as server, chromium() as browser:
        town = Town(year=year, server=server, chromium=browser, now=now)
        yield town, ident
        town.close_browsers()


def form(page: Page, finding: int, verb: str = "report-remedy") -> Locator:
    """The form of a finding, opened."""
    deed = page.locator(f"#finding-{finding} details.deed:has(form[action$='/{verb}'])")
    if not deed.locator("form").is_visible():
        deed.locator("summary").click()
    return deed.locator("form")


def texts(page: Page) -> list[str]:
    """What stands in both forms."""
    return [form(page, finding).locator("[name=text]").input_value() for finding in (1, 2)]


def choices(page: Page) -> list[str]:
    return [form(page, finding).locator("[name=claim]").input_value() for finding in (1, 2)]


def test_what_is_typed_about_one_finding_stays_with_it(inspected: tuple[Town, int]) -> None:
    town, ident = inspected
    page, path = town.person("xa-1", Role.HEAD), f"/inspections/{ident}"
    page.goto(path)
    form(page, 1).locator("[name=claim]").select_option("partly")
    form(page, 1).locator("[name=text]").press_sequentially(TYPED)
    assert texts(page) == [TYPED, ""]
    page.reload()
    assert texts(page) == [TYPED, ""]
    assert choices(page)[1] == "done", "the other form's choice is its first"
    page.goto("/")
    page.go_back()
    assert texts(page) == [TYPED, ""]
    page.go_forward()
    page.goto(path)
    form(page, 2).locator("[name=text]").fill("Đã lắp hòm thư")
    form(page, 1).locator("[name=no_evidence]").fill("niêm yết tại trụ sở")
    form(page, 1).locator("button").click()
    expect(page).to_have_url(re.compile(r"\?done=report-remedy&finding=1"))
    assert form(page, 2).locator("[name=text]").input_value() == "Đã lắp hòm thư"
    for step in (page.go_back, page.go_forward, page.reload):
        step()
        assert TYPED not in form(page, 2).locator("[name=text]").input_value()
        assert form(page, 2).locator("[name=no_evidence]").input_value() == ""
    form(page, 2).locator("[name=no_evidence]").fill("ảnh chụp gửi sau")
    form(page, 2).locator("button").click()
    expect(page).to_have_url(re.compile(r"\?done=report-remedy&finding=2"))
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('dondoc-draft'))") == []


def test_a_reason_to_close_one_finding_is_not_that_of_the_other(inspected: tuple[Town, int]) -> None:
    town, ident = inspected
    page, path = town.person("so-tu-phap", Role.HEAD), f"/inspections/{ident}"
    page.goto(path)
    form(page, 1, "close").locator("[name=reason]").press_sequentially("Đã xem tại chỗ")
    assert form(page, 2, "close").locator("[name=reason]").input_value() == ""
    page.reload()
    assert form(page, 1, "close").locator("[name=reason]").input_value() == "Đã xem tại chỗ"
    assert form(page, 2, "close").locator("[name=reason]").input_value() == ""
