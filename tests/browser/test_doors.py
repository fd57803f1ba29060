"""Coming in and going: by password, by a mailed link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from config.installation_key import installation_key
from config.settings import Settings
from store.schema import ONE_TIME_LINK
from store.secrets import Secrets
from tests.accounts import make_account
from tests.browser.town import sign_in

if TYPE_CHECKING:
    from tests.browser.town import Town

pytestmark = pytest.mark.browser


def mailed_link(town: Town) -> str:
    """Where the link of the last mail leads."""
    with town.year.store.reading() as connection:
        row = connection.execute(select(ONE_TIME_LINK).order_by(ONE_TIME_LINK.c.id.desc())).first()
    assert row is not None
    key = installation_key(Settings(_env_file=None, home=town.server.home))
    return f"/links/{row.purpose}/{Secrets(key=key).link_token(row.purpose, row.nonce)}"


def test_by_password_to_the_page_that_was_asked_for_and_out(town: Town) -> None:
    unit = town.unit()
    path = f"/obligations/{town.obligation(unit)}"
    known = make_account(town.year.store, now=town.now, email=f"{unit}@people.invalid", party=unit)
    page = town.visitor()
    sign_in(page, known.email, path=path)
    expect(page).to_have_url(re.compile(f"{path}$"))
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile(r"/sign-in$"))
    page.goto(path)
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_by_a_mailed_link_that_works_once(town: Town) -> None:
    unit = town.unit()
    known = make_account(town.year.store, now=town.now, email=f"{unit}@people.invalid", party=unit)
    page = town.visitor()
    page.goto("/sign-in")
    page.get_by_text("Gửi liên kết đăng nhập").first.click()
    form = page.locator("form[action='/sign-in/link']")
    form.locator("[name=email]").fill(known.email)
    form.locator("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hãy xem hộp thư")
    link = mailed_link(town)
    page.goto(link)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#main")).to_be_visible()
    other = town.visitor()
    other.goto(link)
    other.get_by_role("button", name="Đăng nhập").click()
    expect(other.locator("#main")).to_have_count(0)
