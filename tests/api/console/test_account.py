"""One's own account in the console: the password, the second factor, the sessions, the tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from fastapi.testclient import TestClient

from api.console.account import browser_said
from evaluation.kinds import Role
from tests.accounts import PASSWORD, ask_second_factor, make_account
from tests.api.browsing import Browser
from tests.api.conftest import HERE, MIDWAY
from tests.api.console.test_pages import PAGE, seen

if TYPE_CHECKING:
    from tests.accounts import Known
    from tests.api.conftest import Web
    from tests.conftest import SmallYear

NEW = "bốn con ngựa sắt phi nhanh"


@pytest.fixture
def owner(web: Web, small_year: SmallYear) -> Known:
    return make_account(small_year.store, now=MIDWAY, email="dieu.phoi@thu.invalid", party="so-noi-vu", role=Role.HEAD)


@pytest.fixture
def browser(web: Web, owner: Known) -> Browser:
    browser = Browser(client=web.at(MIDWAY, open_sandbox=False))
    browser.sign_in(owner.email)
    return browser


def post(who: Browser, path: str, **fields: Any) -> Any:
    return who.client.post(path, data={"csrf": who.csrf, **fields}, headers=PAGE, follow_redirects=False)


def other_browser(browser: Browser, owner: Known) -> Browser:
    """The same person somewhere else, at the same app."""
    other = Browser(client=TestClient(browser.client.app, base_url=HERE, headers={"User-Agent": "Firefox/128 (Windows NT 10.0)"}))
    assert other.sign_in(owner.email).status_code == 201
    return other


def test_the_account_says_who_one_is(browser: Browser, owner: Known) -> None:
    page = seen(browser, "/account")
    assert owner.email in page
    assert "người đứng đầu · Sở 01" in page
    assert "head · Sở 01" in seen(browser, "/account?lang=en")


def test_a_password_is_changed_by_who_knows_it(browser: Browser, owner: Known) -> None:
    wrong = post(browser, "/account/password", current="không phải", password=NEW)
    assert wrong.status_code == 422
    assert "alert-danger" in wrong.text
    assert NEW not in wrong.text
    weak = post(browser, "/account/password", current=PASSWORD, password="12345678")
    assert weak.status_code == 422
    done = post(browser, "/account/password", current=PASSWORD, password=NEW)
    assert done.headers["location"] == "/account?done=password"
    assert "Đã đổi mật khẩu" in seen(browser, "/account?done=password")
    assert browser.sign_in(owner.email, NEW).status_code == 201


def test_a_second_factor_is_set_up_with_a_drawing(browser: Browser) -> None:
    assert "<svg" not in post(browser, "/account/second-factor", password="sai").text.split("alert-danger")[1]
    drawn = post(browser, "/account/second-factor", password=PASSWORD).text
    assert 'class="qr"' in drawn
    assert "style=" not in drawn
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", drawn)
    assert found is not None
    app = pyotp.TOTP(found[1].replace(" ", ""))
    wrong = post(browser, "/account/second-factor/confirm", code="000000" if app.now() != "000000" else "111111")
    assert wrong.status_code == 422
    done = post(browser, "/account/second-factor/confirm", code=app.now())
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", done.text)
    assert len(codes) == 10
    page = seen(browser, "/account")  # the session goes on under its new cookie
    assert "Còn 10 mã dự phòng." in page
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    browser.csrf = token[1]
    assert post(browser, "/account/second-factor/drop", code="nope").status_code == 422
    assert post(browser, "/account/second-factor/drop", code=codes[0]).headers["location"] == "/account?done=drop"


def test_who_must_have_a_second_factor_is_led_to_set_it_up(browser: Browser, web: Web) -> None:
    ask_second_factor(web.store, now=MIDWAY)
    page = browser.client.get("/", headers=PAGE)
    assert page.url.path == "/account/second-factor"
    assert "Cơ quan yêu cầu tài khoản này phải bật." in page.text
    assert browser.client.get("/account", headers=PAGE, follow_redirects=False).headers["location"] == "/second-factor"


def test_sessions_are_listed_and_ended(browser: Browser, owner: Known, web: Web) -> None:
    other = other_browser(browser, owner)
    page = seen(browser, "/account")
    assert "Firefox · Windows" in page
    ended = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert len(ended) == 1
    assert post(browser, ended[0]).headers["location"] == "/account?done=session"
    assert other.client.get("/account", headers=PAGE, follow_redirects=False).status_code == 303
    assert post(browser, ended[0]).status_code == 404
    again = other_browser(browser, owner)
    post(browser, "/account/sessions/end-others")
    assert again.client.get("/account", headers=PAGE, follow_redirects=False).status_code == 303


def test_a_token_is_shown_once_and_revoked(browser: Browser) -> None:
    made = post(browser, "/account/tokens", name="báo cáo tuần", scopes=["read", "write"], days="7")
    token = re.search(r'<code class="token">([^<]+)</code>', made.text)
    assert token is not None
    page = seen(browser, "/account")
    assert token[1] not in page
    assert "xem, thay đổi" in page
    bearer = {"Authorization": f"Bearer {token[1]}"}
    assert browser.client.get("/api/v1/cycles", headers=bearer).status_code == 200
    found = re.search(r'action="(/account/tokens/\d+/revoke)"', page)
    assert found is not None
    assert post(browser, found[1]).status_code == 303
    assert browser.client.get("/api/v1/cycles", headers=bearer).status_code == 401
    assert "đã thu hồi" in seen(browser, "/account")


def test_a_token_without_a_name_keeps_what_was_written(browser: Browser) -> None:
    refused = post(browser, "/account/tokens", name=" ", scopes=["read"], days="33")
    assert refused.status_code == 422
    assert 'value="33"' in refused.text
    assert "không được để trống" in refused.text


def test_a_form_of_the_account_needs_its_token(browser: Browser) -> None:
    for path in ("/account/password", "/account/tokens", "/account/sessions/end-others", "/account/second-factor"):
        assert browser.client.post(path, data={"current": PASSWORD}, headers=PAGE).status_code == 403, path


def test_a_token_of_the_api_opens_no_account(browser: Browser) -> None:
    made = post(browser, "/account/tokens", name="máy", scopes=["read"])
    token = re.search(r'<code class="token">([^<]+)</code>', made.text)
    assert token is not None
    browser.client.cookies.clear()
    answer = browser.client.get("/account", headers={**PAGE, "Authorization": f"Bearer {token[1]}"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        pytest.param("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0", "Edge · Windows", id="edge"),
        pytest.param("Mozilla/5.0 (Linux; Android 14) Chrome/128.0 Mobile Safari/537.36", "Chrome · Android", id="a telephone"),
        pytest.param("curl/8", "", id="nothing known"),
    ],
)
def test_a_browser_is_called_as_its_owner_knows_it(agent: str, said: str) -> None:
    assert browser_said(agent) == said
