"""The matrix, by hand and by keys; how pages look and speak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.town import BODY

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.town import Town

pytestmark = pytest.mark.browser
COMPOSING = """field => {
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "%s", isComposing: true, bubbles: true, ctrlKey: %s }));
}"""


@pytest.fixture
def matrix(town: Town) -> Page:
    """The coordinator before the matrix."""
    page = town.person(BODY)
    page.goto(f"/cycles/{town.year.cycle}")
    return page


def shown(page: Page) -> Locator:
    return page.locator("tbody tr[data-row]:visible")


def test_chosen_units_are_urged_once_it_was_said_what_would_be_sent(town: Town, matrix: Page) -> None:
    for unit in (town.unit(), town.unit()):
        name = f"Xã {int(unit.removeprefix('xa-')):03} (tên chưa có nguồn)"
        matrix.get_by_role("checkbox", name=name, exact=True).check()
    bar = matrix.locator("[data-chosen-bar]")
    expect(bar).to_contain_text("2 đơn vị được chọn")
    bar.locator("[name=stage]").select_option("plan")
    bar.get_by_role("button", name="Đôn đốc…", exact=True).click()
    matrix.get_by_label("Đôn đốc việc nào").select_option("open")
    matrix.get_by_role("button", name="Xem trước").click()
    expect(matrix.locator("#dry-run")).to_contain_text(re.compile(r"Sẽ gửi \d+ thư tới 2 đơn vị"))
    assert "urge" not in town.year.actions()
    matrix.locator("button[name=sure]").click()
    expect(matrix.get_by_role("status").first).to_contain_text("Đã thực hiện 2 việc")
    assert town.year.actions().count("urge") == 2


def test_a_unit_is_found_without_diacritics(matrix: Page) -> None:
    matrix.locator("[data-find]").press_sequentially("so tu phap")
    expect(shown(matrix)).to_have_count(1)
    expect(shown(matrix)).to_contain_text("Sở Tư pháp")
    expect(matrix.locator("[data-shown]")).to_have_text("1")


def test_rows_are_gone_through_chosen_and_opened_by_keys(matrix: Page) -> None:
    first, second = shown(matrix).nth(0), shown(matrix).nth(1)
    for key in ("j", "j", "k", "j", "x"):
        matrix.keyboard.press(key)
    expect(matrix.locator(".row-here")).to_have_count(1)
    expect(second.locator("[data-choose]")).to_be_checked()
    expect(first.locator("[data-choose]")).not_to_be_checked()
    matrix.keyboard.press("x")
    expect(second.locator("[data-choose]")).not_to_be_checked()
    where = second.locator("a").first.get_attribute("href")
    matrix.keyboard.press("e")
    expect(matrix).to_have_url(re.compile(f"{where}$"))


def test_pages_are_reached_and_searched_by_keys(matrix: Page) -> None:
    matrix.keyboard.press("?")
    keys = matrix.locator("#keys")
    expect(keys).to_be_visible()
    matrix.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    matrix.keyboard.press("/")
    expect(matrix.locator("[data-find]")).to_be_focused()
    matrix.keyboard.type("g t ? j")
    expect(matrix.locator("[data-find]")).to_have_value("g t ? j")
    matrix.locator("#main").focus()
    matrix.keyboard.press("g")
    matrix.keyboard.press("t")
    expect(matrix).to_have_url(re.compile(r"/$"))
    matrix.keyboard.press("g")
    matrix.keyboard.press("m")
    expect(matrix).to_have_url(re.compile(r"/cycles/\d+$"))


def test_keys_can_be_switched_off(matrix: Page) -> None:
    matrix.get_by_role("button", name="Phím tắt").click()
    matrix.get_by_label("Dùng phím tắt một chữ").uncheck()
    matrix.keyboard.press("Escape")
    matrix.reload()
    matrix.keyboard.press("j")
    expect(matrix.locator(".row-here")).to_have_count(0)


def test_no_key_acts_while_a_vietnamese_word_is_composed(town: Town) -> None:
    officer = town.person(unit := town.unit())
    path = f"/obligations/{town.obligation(unit)}"
    officer.goto(path)
    officer.locator("details.deed", has_text="Xin gia hạn").locator("summary").click()
    form = officer.locator(f"form[action='{path}/ask-extension']")
    form.locator("[name=due_on]").fill("2025-02-14")
    reason = form.locator("[name=reason]")
    reason.fill("Mưa lũ")
    reason.evaluate(COMPOSING % ("Enter", "true"))
    officer.locator("#main").evaluate(COMPOSING % ("?", "false"))
    expect(officer.locator("#keys")).to_be_hidden()
    expect(officer).to_have_url(re.compile(f"{path}$"))
    reason.press("Control+Enter")
    expect(officer).to_have_url(re.compile(r"done=ask-extension"))


def test_a_reader_chooses_the_language(matrix: Page) -> None:
    matrix.get_by_role("link", name="English").click()
    expect(matrix.locator("html")).to_have_attribute("lang", "en")
    matrix.goto("/")
    expect(matrix.locator("html")).to_have_attribute("lang", "en")
    matrix.get_by_role("link", name="Tiếng Việt").click()
    expect(matrix.locator("html")).to_have_attribute("lang", "vi")


def test_dark_stays_dark(matrix: Page) -> None:
    html = matrix.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    matrix.locator("[data-theme-switch]").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    matrix.goto("/")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    assert matrix.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_the_system_says_dark_first(town: Town) -> None:
    page = town.visitor(color_scheme="dark")
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
