"""Signing in, the second factor, sessions, passwords and tokens over HTTP."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from sqlalchemy import select, update

from store.queries.accounts import account_of
from store.schema import ACCOUNT, API_TOKEN, CONTACT, NOTICE, SESSION
from tests.accounts import PASSWORD, Known, ask_second_factor, change, enrol, make_account, make_admin
from tests.api.browsing import Browser, mailed_tokens, problem, secrets_of
from tests.api.conftest import MIDWAY, Web, launch_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import SmallYear

NEW = "một hai ba bốn năm sáu"


@pytest.fixture
def known(web: Web, small_year: SmallYear) -> Known:
    return make_account(web.store, now=MIDWAY)


@pytest.fixture
def browse(web: Web) -> Callable[..., Browser]:
    """Makes browsers at an installation that is not open."""

    def make(**settings: Any) -> Browser:
        return Browser(client=web.at(MIDWAY, **{"open_sandbox": False, **settings}))

    return make


@pytest.fixture
def browser(browse: Callable[..., Browser]) -> Browser:
    return browse()


def test_signing_in_and_out(browser: Browser, known: Known) -> None:
    assert problem(browser("GET", "/cycles")) == (401, "not-signed-in")
    answer = browser.sign_in(" CAN.Bo@thu.invalid ")
    assert answer.status_code == 201
    session = answer.json()
    assert (session["email"], session["second_factor"], session["how"]) == (known.email, "not-asked", "password")
    assert [one["contact"] for one in session["contacts"]] == [known.contact]
    assert [one["authority"] for one in browser("GET", "/cycles").json()["items"]] == ["thu"]
    assert browser("GET", "/session").json() == session
    assert browser("DELETE", "/session").status_code == 204
    assert problem(browser("GET", "/session")) == (401, "not-signed-in")


def test_only_ones_own_authorities_are_seen(web: Web, browser: Browser, known: Known, small_year: SmallYear) -> None:
    other = launch_again(web.store, key="khac", sandbox=True)
    real = launch_again(web.store, key="that", sandbox=False)
    browser.sign_in(known.email)
    small_year.tick(MIDWAY)
    assert [one["id"] for one in browser("GET", "/cycles").json()["items"]] == [small_year.cycle]
    for cycle in (other, real):
        assert problem(browser("GET", f"/cycles/{cycle}")) == (404, "no-such-cycle")
        assert problem(browser("GET", f"/obligations?cycle={cycle}")) == (422, "invalid-request")
        assert browser.client.get(f"/cycles/{cycle}").status_code == 404
    assert {one["authority"] for one in browser("GET", "/obligations?limit=500").json()["items"]} == {"thu"}


def test_an_officer_of_a_real_authority_sees_it(web: Web, browser: Browser, known: Known) -> None:
    real = launch_again(web.store, key="that", sandbox=False)
    officer = make_account(web.store, now=MIDWAY, email="b@thu.invalid", authority="that")
    browser.sign_in(officer.email)
    assert [one["id"] for one in browser("GET", "/cycles").json()["items"]] == [real]


def test_a_contact_out_of_office_sees_nothing(web: Web, browser: Browser, known: Known) -> None:
    change(web.store, update(CONTACT).where(CONTACT.c.id == known.contact).values(valid_to=date(2025, 1, 31)), now=MIDWAY)
    assert browser.sign_in(known.email).json()["contacts"] == []
    assert browser("GET", "/cycles").json()["items"] == []


@pytest.mark.parametrize(
    "address", ["/", "/cycles/1", "/obligations/1", "/api/v1/cycles", "/api/v1/obligations", "/api/v1/account", "/api/v1/tokens"]
)
def test_nothing_is_shown_to_whoever_is_not_signed_in(browser: Browser, known: Known, address: str) -> None:
    answer = browser.client.get(address, follow_redirects=False)
    assert answer.status_code in {303, 401}
    assert "Xã 001" not in answer.text


@pytest.mark.parametrize("address", ["/api/v1/health", "/openapi.json", "/.well-known/security.txt", "/console/console.css"])
def test_what_is_open_to_all(browser: Browser, known: Known, address: str) -> None:
    assert browser.client.get(address).status_code in {200, 503}


def test_the_second_factor(web: Web, browser: Browser, known: Known) -> None:
    app, codes = enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    change(web.store, update(ACCOUNT).values(totp_last_step=0), now=MIDWAY)
    session = browser.sign_in(known.email).json()
    assert (session["second_factor"], session["contacts"]) == ("needed", [])
    for path in ("/cycles", "/account", "/sessions", "/tokens"):
        assert problem(browser("GET", path)) == (403, "second-factor-needed")
    again = browser("POST", "/account/second-factor", {"password": PASSWORD})
    assert problem(again) == (409, "second-factor-state")
    assert again.json()["detail"].startswith("Tài khoản này đã có bước xác thực thứ hai;")
    assert problem(browser.give_code("000000")) == (403, "wrong-code")
    before = browser.cookie
    assert browser.give_code(app.now()).json()["second_factor"] == "given"
    assert browser.cookie != before
    assert browser("GET", "/account").json()["recovery_codes_left"] == 10
    assert browser("POST", "/account/second-factor/drop", {"code": codes[0]}).status_code == 204
    assert browser("GET", "/account").json()["has_second_factor"] is False


def test_a_required_second_factor_must_be_set_up_first(web: Web, browser: Browser, known: Known) -> None:
    officer = make_account(web.store, now=MIDWAY, email="b@thu.invalid", party="so-noi-vu")
    ask_second_factor(web.store, now=MIDWAY)
    assert browser.sign_in(officer.email).json()["second_factor"] == "to-be-set-up"
    assert problem(browser("GET", "/cycles")) == (403, "second-factor-needed")
    assert problem(browser("POST", "/account/second-factor", {"password": "wrong"})) == (403, "wrong-password")
    begun = browser("POST", "/account/second-factor", {"password": PASSWORD}).json()
    assert begun["svg"].startswith("<svg")
    assert officer.email.replace("@", "%40") in begun["uri"]
    assert problem(browser("POST", "/account/second-factor/confirm", {"code": "000000"})) == (403, "wrong-code")
    codes = browser("POST", "/account/second-factor/confirm", {"code": pyotp.TOTP(begun["secret"]).now()}).json()["codes"]
    assert len(codes) == 10
    assert browser("GET", "/session").json()["second_factor"] == "given"
    assert browser("GET", "/cycles").status_code == 200


def test_a_link_by_mail_signs_in_once(web: Web, browser: Browser, known: Known) -> None:
    assert browser("POST", "/session/link", {"email": known.email}).status_code == 202
    ((purpose, token),) = mailed_tokens(web)
    assert purpose == "sign-in"
    with web.store.reading() as connection:
        notice = connection.execute(select(NOTICE.c.kind, NOTICE.c.recipient).where(NOTICE.c.cause.like("l:%"))).one()
    assert tuple(notice) == ("sign-in-link", f"a{known.id}")
    assert browser.use_link(token).json()["how"] == "link"
    assert browser("GET", "/cycles").status_code == 200
    assert problem(browser.use_link(token)) == (400, "link-not-good")


def test_a_forgotten_password(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    elsewhere, browser = browse(), browse()
    elsewhere.sign_in(known.email)
    browser("POST", "/password/reset", {"email": known.email})
    ((_, token),) = mailed_tokens(web)
    assert problem(browser.use_link(token)) == (400, "link-not-good")
    weak = browser("POST", "/password/reset/use", {"token": token, "password": "password1234"}, **{"Accept-Language": "en"})
    assert problem(weak) == (422, "weak-password")
    assert "among the first" in weak.json()["detail"]
    assert browser("POST", "/password/reset/use", {"token": token, "password": NEW}).status_code == 204
    assert problem(elsewhere("GET", "/session")) == (401, "not-signed-in")
    assert problem(browser.sign_in(known.email)) == (401, "wrong-sign-in")
    assert browser.sign_in(known.email, NEW).status_code == 201


@pytest.mark.parametrize(
    "password",
    ["short", "elevenchars", "PASSWORD1234", "aaaaaaaaaaaaaaaa", "can.bo@thu.invalid", "CAN.BO@thu.invalid1", "x" * 257],
)
def test_a_weak_password_is_refused(browser: Browser, known: Known, password: str) -> None:
    browser.sign_in(known.email)
    answer = browser("PUT", "/password", {"current": PASSWORD, "password": password})
    assert problem(answer) == (422, "weak-password")


@pytest.mark.parametrize("password", ["chỉ có chữ thường", "123456 789012 3", "Mật khẩu dài " * 19])
def test_a_long_password_needs_no_kinds_of_characters(browser: Browser, known: Known, password: str) -> None:
    browser.sign_in(known.email)
    assert browser("PUT", "/password", {"current": PASSWORD, "password": password}).status_code == 204
    assert browser.sign_in(known.email, password).status_code == 201


def test_changing_the_password_needs_it_and_ends_the_other_sessions(browse: Callable[..., Browser], known: Known) -> None:
    elsewhere, browser = browse(), browse()
    elsewhere.sign_in(known.email)
    browser.sign_in(known.email)
    assert problem(browser("PUT", "/password", {"current": "wrong", "password": NEW})) == (403, "wrong-password")
    assert browser("PUT", "/password", {"current": PASSWORD, "password": NEW}).status_code == 204
    assert browser("GET", "/session").status_code == 200
    assert problem(elsewhere("GET", "/session")) == (401, "not-signed-in")


def test_sessions_are_listed_and_ended(browse: Callable[..., Browser], web: Web, known: Known) -> None:
    stranger = make_account(web.store, now=MIDWAY, email="b@thu.invalid")
    phone, desk, other = browse(), browse(), browse()
    phone("GET", "/health")
    for one, email in ((phone, known.email), (desk, known.email), (other, stranger.email)):
        one.sign_in(email)
    listed = desk("GET", "/sessions").json()["items"]
    assert [one["current"] for one in listed] == [True, False]
    assert "testclient" in listed[0]["user_agent"]
    strangers = other("GET", "/sessions").json()["items"][0]["id"]
    assert problem(desk("DELETE", f"/sessions/{strangers}")) == (404, "no-such-session")
    assert desk("DELETE", f"/sessions/{listed[1]['id']}").status_code == 204
    assert problem(phone("GET", "/session")) == (401, "not-signed-in")
    phone.csrf = ""
    phone.sign_in(known.email)
    assert desk("DELETE", "/sessions").json() == {"ended": 1}
    assert problem(phone("GET", "/session")) == (401, "not-signed-in")
    assert other("GET", "/session").status_code == 200


def test_an_invitation_by_an_administrator(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    admin, officer, guest = browse(), browse(), browse()
    admin.sign_in(make_admin(web.store, now=MIDWAY).email)
    officer.sign_in(known.email)
    asked = {"authority": "thu", "contacts": ["officer.xa-2", "nobody"]}
    assert problem(officer("POST", "/invitations", asked)) == (403, "not-allowed")
    assert problem(admin("POST", "/invitations", {**asked, "authority": "khac"})) == (404, "no-such-authority")
    items = admin("POST", "/invitations", asked).json()["items"]
    assert [(one["contact"], one["outcome"]) for one in items] == [("officer.xa-2", "sent"), ("nobody", "refused")]
    ((purpose, token),) = mailed_tokens(web)
    assert purpose == "invitation"
    answer = guest("POST", "/invitation", {"token": token, "password": NEW})
    assert answer.status_code == 201
    assert answer.json()["email"] == "officer.xa-2@thu.invalid"
    assert problem(guest("POST", "/invitation", {"token": token, "password": NEW})) == (400, "link-not-good")
    everyone = admin("POST", "/invitations", {"authority": "thu", "everyone": True}).json()["items"]
    assert {one["outcome"] for one in everyone} == {"sent"}


def test_a_password_is_hashed_anew_when_the_cost_changes(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    def kept() -> str:
        with web.store.reading() as connection:
            found = account_of(connection, known.email)
        assert found is not None
        return found.password_hash

    settled = kept()
    browse().sign_in(known.email)
    assert kept() == settled
    assert browse(argon2_rounds=4).sign_in(known.email).status_code == 201
    assert "t=4" in kept()


def make_token(browser: Browser, *scopes: str, days: int = 1) -> str:
    made = browser("POST", "/tokens", {"name": "máy", "scopes": list(scopes), "days": days})
    assert made.status_code == 201, made.text
    return str(made.json()["token"])


def test_a_token_does_what_its_scopes_say(browse: Callable[..., Browser], known: Known) -> None:
    desk, program = browse(), browse()
    desk.sign_in(known.email)
    reads, writes = (f"Bearer {make_token(desk, scope)}" for scope in ("read", "write"))
    assert program("GET", "/cycles", Authorization=reads).status_code == 200
    assert problem(program("GET", "/cycles", Authorization=writes)) == (403, "token-scope")
    assert problem(program("POST", "/invitations", {"authority": "thu"}, Authorization=reads)) == (403, "token-scope")
    assert problem(program("POST", "/invitations", {"authority": "thu"}, Authorization=writes)) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/tokens", None),
        ("POST", "/tokens", {"name": "x", "scopes": ["read"]}),
        ("DELETE", "/tokens/1", None),
        ("GET", "/sessions", None),
        ("DELETE", "/sessions", None),
        ("PUT", "/password", {"current": PASSWORD, "password": NEW}),
        ("GET", "/session", None),
        ("POST", "/account/second-factor", {"password": PASSWORD}),
    ],
)
def test_a_token_is_of_no_use_for_the_account_itself(
    browse: Callable[..., Browser], known: Known, method: str, path: str, body: Any
) -> None:
    desk = browse()
    desk.sign_in(known.email)
    token = make_token(desk, "read", "write")
    assert problem(browse()(method, path, body, Authorization=f"Bearer {token}")) == (403, "session-needed")


def test_a_token_ends(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    desk, program = browse(), browse()
    desk.sign_in(known.email)
    token = make_token(desk, "read")
    (listed,) = desk("GET", "/tokens").json()["items"]
    assert token not in str(listed)
    assert program("GET", "/cycles", Authorization=f"Bearer {token}").status_code == 200
    change(web.store, update(API_TOKEN).values(expires_at=select(SESSION.c.created_at).limit(1).scalar_subquery()), now=MIDWAY)
    assert problem(program("GET", "/cycles", Authorization=f"Bearer {token}")) == (401, "not-signed-in")
    again = make_token(desk, "read")
    assert desk("DELETE", "/tokens/2").status_code == 204
    assert problem(desk("DELETE", "/tokens/2")) == (404, "no-such-token")
    for bad in (again, "", "x", token + "x"):
        assert problem(program("GET", "/cycles", Authorization=f"Bearer {bad}")) == (401, "not-signed-in")
    assert desk("POST", "/tokens", {"name": "x", "scopes": ["read"], "days": 366}).status_code == 422
    assert desk("POST", "/tokens", {"name": "x", "scopes": ["admin"]}).status_code == 422
