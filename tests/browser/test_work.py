"""A unit's work, done as people do it: by the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evaluation.kinds import Role
from tests.browser.town import BODY, PHONE, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.town import Town

pytestmark = pytest.mark.browser


def do(page: Page, path: str, verb: str, **fields: str) -> None:
    """Open the form of a verb, fill it in and send it."""
    page.goto(path)
    fill(page, path, verb, **fields)
    send(page, path, verb)
    expect(page).to_have_url(re.compile(rf"{path}\?done={verb}$"))


def fill(page: Page, path: str, verb: str, **fields: str) -> None:
    form = page.locator(f"form[action='{path}/{verb}']")
    if not form.is_visible():
        page.locator("details.deed", has=form).locator("summary").click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)


def send(page: Page, path: str, verb: str) -> None:
    page.locator(f"form[action='{path}/{verb}'] button").click()


def says(page: Page, words: str) -> None:
    expect(page.locator("#main")).to_contain_text(words)


def test_a_plan_with_a_file_from_the_officer_to_its_acceptance(town: Town, tmp_path: Path) -> None:
    unit = town.unit()
    path = f"/obligations/{town.obligation(unit)}"
    officer, head, body = town.person(unit), town.person(unit, Role.HEAD), town.person(BODY)
    paper = tmp_path / "Kế hoạch CCHC.pdf"
    paper.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    officer.goto("/")
    officer.locator(f"a.due[href='{path}']").click()
    officer.locator("#file").set_input_files(paper)
    expect(officer.locator("#file-list")).to_contain_text("Kế hoạch CCHC.pdf")
    do(officer, path, "prepare")
    says(officer, "Đã trình lãnh đạo.")
    do(head, path, "send-back", reason="Thiếu phụ lục")
    do(officer, path, "prepare")
    do(head, path, "submit", text="Kế hoạch đã ban hành", document="12/KH-UBND ngày 07/01/2025")
    says(head, "Đã nộp.")
    do(body, path, "return", reason="Chưa phân công người phụ trách")
    officer.goto("/")
    expect(officer.locator(f"a.due[href='{path}']")).to_contain_text("vòng 1")
    do(officer, path, "prepare")
    do(head, path, "submit", text="Đã bổ sung")
    do(body, path, "accept")
    says(body, "Đã chấp nhận.")
    says(body, "12/KH-UBND ngày 07/01/2025")


def test_an_unwelcome_file_is_refused_beside_its_field(town: Town, tmp_path: Path) -> None:
    officer = town.person(unit := town.unit())
    officer.goto(f"/obligations/{town.obligation(unit)}")
    (tmp_path / "a.exe").write_bytes(b"MZ" + b"\0" * 64)
    officer.locator("#file").set_input_files(tmp_path / "a.exe")
    expect(officer.locator("[data-upload] ~ [role=alert]")).not_to_be_empty()


def test_a_longer_term_is_asked_for_and_granted(town: Town) -> None:
    unit = town.unit()
    path = f"/obligations/{town.obligation(unit)}"
    officer, body = town.person(unit), town.person(BODY)
    do(officer, path, "ask-extension", due_on="2025-02-14", reason="Mưa lũ")
    do(body, path, "extend", due_on="2025-02-14", reason="Đồng ý", basis="CV 12/SNV")
    officer.goto(path)
    says(officer, "14/02/2025")


def test_a_double_click_does_it_once(town: Town) -> None:
    ident = town.obligation(unit := town.unit())
    path = f"/obligations/{ident}"
    officer = town.person(unit)
    officer.goto(path)
    before = town.year.obligation(ident).moves
    officer.locator(f"form[action='{path}/prepare'] button").dblclick()
    expect(officer).to_have_url(re.compile(r"done=prepare"))
    assert town.year.obligation(ident).moves == before + 1


def test_two_at_once_the_second_sees_what_is_and_keeps_their_words(town: Town) -> None:
    unit = town.unit()
    path = f"/obligations/{town.obligation(unit)}"
    officer, head, second = town.person(unit), town.person(unit, Role.HEAD), town.person(unit, Role.HEAD)
    do(officer, path, "prepare")
    second.goto(path)
    fill(second, path, "submit", text="Một báo cáo dài của người thứ hai")
    do(head, path, "send-back", reason="Thiếu phụ lục")
    with second.expect_response(re.compile(rf"{path}/submit")) as answer:
        send(second, path, "submit")
    assert answer.value.status == 422
    expect(second.locator("[role=alert]").first).to_contain_text("Trang đang hiện tình trạng mới nhất")
    says(second, "Một báo cáo dài của người thứ hai")
    expect(second.locator(".story")).to_contain_text("Thiếu phụ lục")


def test_what_was_written_outlives_the_session(town: Town) -> None:
    unit = town.unit()
    path = f"/obligations/{town.obligation(unit)}"
    officer, head = town.person(unit), town.person(unit, Role.HEAD)
    do(officer, path, "prepare")
    head.goto(path)
    fill(head, path, "submit")
    words = "Một báo cáo viết trong hai giờ"
    head.locator(f"form[action='{path}/submit'] [name=text]").press_sequentially(words)
    head.context.clear_cookies()
    send(head, path, "submit")
    expect(head).to_have_url(re.compile(r"/sign-in\?next=/obligations/"))
    sign_in(head, f"head.{unit}@people.invalid", path=head.url)
    expect(head).to_have_url(re.compile(rf"{path}$"))
    expect(head.locator(f"form[action='{path}/submit'] [name=text]")).to_have_value(words)
    send(head, path, "submit")
    says(head, "Đã nộp.")
    head.goto(path)
    assert head.evaluate("Object.keys(localStorage).filter(key => key.startsWith('dondoc-draft')).length") == 0


def test_on_a_phone_the_menu_opens_and_work_is_done(town: Town) -> None:
    unit = town.unit()
    officer = town.person(unit, viewport=PHONE, has_touch=True, is_mobile=True)
    officer.goto("/")
    menu = officer.get_by_role("navigation", name="Trình đơn chính")
    expect(menu).to_be_hidden()
    officer.locator(".menu-label").tap()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name="Hôm nay").tap()
    officer.locator("a.due").first.tap()
    path = f"/obligations/{town.obligation(unit)}"
    officer.locator(f"form[action='{path}/prepare'] button").tap()
    expect(officer).to_have_url(re.compile(r"done=prepare"))
