"""What people try at the doors, and what comes of it."""

from __future__ import annotations

import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from evaluation.accounts import local_path
from store.commands.authorities import found_authority
from store.schema import ACCOUNT, CONTACT, DOOR_TRY, NOTICE, ONE_TIME_LINK, SESSION
from tests.accounts import PASSWORD, Known, change, enrol, make_account
from tests.api.browsing import API, Browser, mailed_tokens, problem, secrets_of
from tests.api.conftest import HERE, MIDWAY, Web

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import SmallYear


@pytest.fixture
def known(web: Web, small_year: SmallYear) -> Known:
    return make_account(web.store, now=MIDWAY)


@pytest.fixture
def browse(web: Web) -> Callable[..., Browser]:
    def make(**settings: Any) -> Browser:
        return Browser(client=web.at(MIDWAY, **{"open_sandbox": False, **settings}))

    return make


@pytest.fixture
def browser(browse: Callable[..., Browser]) -> Browser:
    return browse()


def scalar(web: Web, query: Any) -> Any:
    with web.store.reading() as connection:
        return connection.execute(query).scalar_one()


# --- another site's page ----------------------------------------------------------------------------------------------

UNSAFE = [
    ("DELETE", "/session", None),
    ("DELETE", "/sessions", None),
    ("DELETE", "/sessions/1", None),
    ("PUT", "/password", {"current": PASSWORD, "password": "một hai ba bốn năm"}),
    ("POST", "/tokens", {"name": "x", "scopes": ["read"]}),
    ("POST", "/account/second-factor", {"password": PASSWORD}),
    ("POST", "/account/second-factor/drop", {"code": "123456"}),
    ("POST", "/invitations", {"authority": "thu"}),
]


@pytest.mark.parametrize("token", ["", "wrong", "another session's"])
def test_a_change_without_the_sessions_token_is_refused(browse: Callable[..., Browser], known: Known, token: str) -> None:
    victim, other = browse(), browse()
    victim.sign_in(known.email)
    other.sign_in(known.email)
    victim.csrf = other.csrf if token.startswith("another") else token
    for method, path, body in UNSAFE:
        assert problem(victim(method, path, body)) == (403, "wrong-csrf-token"), path


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.invalid"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_change_that_another_site_asks_for_is_refused(browser: Browser, known: Known, headers: dict[str, str]) -> None:
    browser.sign_in(known.email)
    for method, path, body in [*UNSAFE, ("POST", "/session", {"email": "can.bo@thu.invalid", "password": PASSWORD})]:
        assert problem(browser(method, path, body, **headers)) == (403, "foreign-origin"), path


def test_our_own_page_may_ask(browser: Browser, known: Known) -> None:
    browser.sign_in(known.email)
    assert browser("DELETE", "/session", Origin=HERE, **{"Sec-Fetch-Site": "same-origin"}).status_code == 204


def test_a_form_carries_the_token_as_a_field(browser: Browser, known: Known) -> None:
    browser.sign_in(known.email)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = browser.client.request("DELETE", f"{API}/session", content="csrf=wrong", headers=kind)
    assert problem(refused) == (403, "wrong-csrf-token")
    done = browser.client.request("DELETE", f"{API}/session", content=f"csrf={browser.csrf}", headers=kind)
    assert done.status_code == 204


def test_a_form_of_another_site_cannot_sign_anybody_in(browser: Browser, known: Known) -> None:
    body = f'{{"email": "{known.email}", "password": "{PASSWORD}"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = browser.client.post(f"{API}/session", content=body.encode(), headers={"Content-Type": kind})
        assert answer.status_code == 422
    assert browser.cookie == ""


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_is_never_one_that_somebody_planted(browse: Callable[..., Browser], known: Known) -> None:
    attacker, victim = browse(), browse()
    attacker.sign_in(known.email)
    planted = attacker.cookie
    victim.client.cookies.set("dondoc-session", planted, domain="127.0.0.1", path="/")
    attacker_csrf = attacker.csrf
    victim.csrf = attacker_csrf
    victim.sign_in(known.email)
    fresh = [cookie.value for cookie in victim.client.cookies.jar if cookie.name == "dondoc-session"]
    assert set(fresh) - {planted}
    assert problem(attacker("GET", "/session")) == (401, "not-signed-in")  # and the planted one has ended


def test_the_cookie_of_half_a_sign_in_is_worthless_afterwards(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    app, _ = enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    change(web.store, update(ACCOUNT).values(totp_last_step=0), now=MIDWAY)
    browser, thief = browse(), browse()
    browser.sign_in(known.email)
    half = browser.cookie
    browser.give_code(app.now())
    thief.client.cookies.set("dondoc-session", half)
    assert problem(thief("GET", "/session")) == (401, "not-signed-in")


def test_cookies_over_tls_are_bound_to_the_host(web: Web, known: Known) -> None:
    client = web.at(MIDWAY, base_url="https://dondoc.thu.invalid")
    answer = client.post(f"{API}/session", json={"email": known.email, "password": PASSWORD}, headers={"Host": "dondoc.thu.invalid"})
    assert answer.status_code == 201
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-dondoc-")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"]


def test_nothing_of_a_session_is_kept_by_a_cache(browser: Browser, known: Known) -> None:
    answer = browser.sign_in(known.email)
    assert answer.headers["cache-control"] == "no-store"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]


# --- where one is sent, and what one is told ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/cycles/1?x=1#y", "/cycles/1?x=1#y"),
        ("//evil.invalid", "/"),
        ("/\\evil.invalid", "/"),
        ("https://evil.invalid/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.invalid", "/"),
        ("/x\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
        ("cycles", "/"),
        ("/%0d%0aSet-Cookie:a=b", "/%0d%0aSet-Cookie:a=b"),
    ],
)
def test_one_is_sent_on_within_this_site_alone(asked: str, sent: str) -> None:
    assert local_path(asked) == sent


@pytest.mark.parametrize("host", ["evil.invalid", "127.0.0.1:8000@evil.invalid", ""])
def test_a_link_never_leads_to_the_host_that_was_asked_for(web: Web, browser: Browser, known: Known, host: str) -> None:
    answer = browser("POST", "/password/reset", {"email": known.email}, Host=host, **{"X-Forwarded-Host": "evil.invalid"})
    assert problem(answer) == (421, "foreign-host")
    assert mailed_tokens(web) == []


@pytest.mark.parametrize(
    "email", ["can.bo@thu.invalid\r\nBcc: x@evil.invalid", "can.bo@thu.invalid%0aBcc:x", "a@b\x00.invalid", "<can.bo@thu.invalid>"]
)
def test_no_header_comes_in_with_an_address(web: Web, browser: Browser, known: Known, email: str) -> None:
    assert browser("POST", "/session/link", {"email": email}).status_code == 202
    assert mailed_tokens(web) == []


def test_a_browsers_name_is_kept_short_and_harmless(web: Web, browser: Browser, known: Known) -> None:
    browser("POST", "/session", {"email": known.email, "password": PASSWORD}, **{"User-Agent": "x" * 5000})
    assert len(scalar(web, select(SESSION.c.user_agent))) == 200


LOOK_ALIKE = [
    "c\u0430n.bo@thu.invalid",
    "can.bo@\uff54hu.invalid",
    "can.bo\u200b@thu.invalid",
    "can.bo@thu.inval\u0131d",
    "ca\u0300n.bo@thu.invalid",
]


@pytest.mark.parametrize("email", LOOK_ALIKE)
def test_an_address_that_looks_alike_is_not_the_same(web: Web, browser: Browser, known: Known, email: str) -> None:
    assert problem(browser.sign_in(email)) == (401, "wrong-sign-in")
    assert browser("POST", "/password/reset", {"email": email}).status_code == 202
    assert mailed_tokens(web) == []


def test_a_changed_contact_address_gets_none_of_the_accounts_links(web: Web, browser: Browser, known: Known) -> None:
    change(web.store, update(CONTACT).where(CONTACT.c.id == known.contact).values(address="thief@thu.invalid"), now=MIDWAY)
    for email in (known.email, "thief@thu.invalid"):
        browser("POST", "/password/reset", {"email": email})
    assert scalar(web, select(NOTICE.c.recipient).where(NOTICE.c.kind == "password-reset")) == f"a{known.id}"


# --- is there such an account? ------------------------------------------------------------------------------------------


def told(answer: Any) -> tuple[Any, ...]:
    fields = {name: value for name, value in answer.headers.items() if name not in {"date", "content-length"}}
    return answer.status_code, answer.content, fields


def test_nobody_learns_whether_there_is_an_account(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    without = make_account(web.store, now=MIDWAY, email="khong.mat.khau@thu.invalid")
    off = make_account(web.store, now=MIDWAY, email="da.khoa@thu.invalid")
    change(web.store, update(ACCOUNT).where(ACCOUNT.c.id == without.id).values(password_hash=""), now=MIDWAY)
    change(web.store, update(ACCOUNT).where(ACCOUNT.c.id == off.id).values(disabled_at=MIDWAY), now=MIDWAY)
    browser = browse()
    emails = (known.email, without.email, off.email, "nobody@thu.invalid", "not an address")
    assert len({repr(told(browser.sign_in(email, "wrong password"))) for email in emails}) == 1
    assert problem(browser.sign_in(off.email)) == problem(browser.sign_in(without.email)) == (401, "wrong-sign-in")
    assert scalar(web, select(func.count()).select_from(SESSION)) == 0
    for path in ("/session/link", "/password/reset"):
        assert len({repr(told(browser("POST", path, {"email": email}))) for email in emails}) == 1


def test_the_same_work_is_done_for_nobody(browse: Callable[..., Browser], known: Known) -> None:
    browser = browse(argon2_rounds=6, tries_per_account=1000, tries_per_address=1000)
    browser.sign_in(known.email)  # from now on its hash has the cost of this installation
    spans: dict[str, list[float]] = {known.email: [], "nobody@thu.invalid": []}
    for _ in range(9):
        for email, own in spans.items():
            began = time.perf_counter()
            browser.sign_in(email, "wrong password")
            own.append(time.perf_counter() - began)
    one, other = (statistics.median(own) for own in spans.values())
    assert 0.6 < one / other < 1.7


@pytest.mark.parametrize("path", ["/session/link", "/password/reset"])
def test_asking_for_a_link_takes_the_same_time(browser: Browser, known: Known, path: str) -> None:
    spans = []
    for email in (known.email, "nobody@thu.invalid"):
        began = time.perf_counter()
        browser("POST", path, {"email": email})
        spans.append(time.perf_counter() - began)
    assert min(spans) > 0.29


# --- guessing -----------------------------------------------------------------------------------------------------------


def guess(browser: Browser, email: str, times: int) -> list[int]:
    return [browser.sign_in(email, f"guess {number}").status_code for number in range(times)]


def test_guessing_shuts_the_door_of_an_account_and_says_for_how_long(browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse(tries_per_account=5)
    assert guess(stranger, known.email, 5) == [401] * 5
    shut = stranger.sign_in(known.email)
    assert problem(shut) == (429, "too-many-tries")
    assert 0 < int(shut.headers["retry-after"]) <= 900


def test_an_account_that_is_not_there_shuts_its_door_too(browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse(tries_per_account=5)
    assert guess(stranger, "nobody@thu.invalid", 7) == [401] * 5 + [429] * 2


def test_a_stranger_alone_never_locks_the_owner_out(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    desk, stranger, fresh = browse(tries_per_account=5), browse(tries_per_account=5), browse(tries_per_account=5)
    desk.sign_in(known.email)
    desk("DELETE", "/session")
    assert guess(stranger, known.email, 9)[-1] == 429
    desk.csrf = ""
    assert desk.sign_in(known.email).status_code == 201  # a browser that is known
    assert fresh("POST", "/session/link", {"email": known.email}).status_code == 202  # and one that is not
    assert fresh.use_link(mailed_tokens(web)[-1][1]).status_code == 201


def test_a_stranger_that_asks_for_links_only_fills_a_mailbox_a_little(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse()
    assert {stranger("POST", "/session/link", {"email": known.email}).status_code for _ in range(6)} == {202}
    tokens = mailed_tokens(web)
    assert len(tokens) == 3
    assert browse().use_link(tokens[0][1]).status_code == 201


def test_guessing_from_one_address_shuts_every_account_to_it(browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse(tries_per_address=5)
    assert [stranger.sign_in(f"x{number}@thu.invalid").status_code for number in range(6)] == [401] * 5 + [429]
    assert browse(tries_per_address=500).sign_in(known.email).status_code == 201


def test_those_who_sign_in_well_are_not_counted(browse: Callable[..., Browser], known: Known) -> None:
    browser = browse(tries_per_address=5, tries_per_account=5)
    assert [browser.sign_in(known.email).status_code for _ in range(8)] == [201] * 8


def test_many_guesses_at_once_gain_nothing(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse(tries_per_account=5)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: stranger.sign_in(known.email, f"guess {number}").status_code, range(16)))
    assert sorted(answers) == [401] * 5 + [429] * 11


def test_guessing_codes_ends_the_session(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    thief = browse()
    thief.sign_in(known.email)
    assert [thief.give_code("000000").status_code for _ in range(5)] == [403] * 5
    assert problem(thief.give_code("000000")) == (429, "too-many-tries")
    assert problem(thief("GET", "/session")) == (401, "not-signed-in")


@pytest.mark.parametrize(
    ("path", "body"), [("/session/link/use", {}), ("/password/reset/use", {"password": PASSWORD}), ("/invitation", {"password": PASSWORD})]
)
def test_guessing_links_shuts_the_door(browse: Callable[..., Browser], known: Known, path: str, body: dict[str, str]) -> None:
    stranger = browse(tries_per_address=5)
    answers = [stranger("POST", path, {"token": f"guess{number}", **body}) for number in range(6)]
    assert [problem(one) for one in answers] == [(400, "link-not-good")] * 5 + [(429, "too-many-tries")]


def test_the_tries_name_nobody(web: Web, browser: Browser, known: Known) -> None:
    browser.sign_in(known.email, "wrong")
    rows = str(scalar(web, select(func.group_concat(DOOR_TRY.c.subject))))
    assert re.fullmatch(r"[0-9a-f,]+", rows)


def test_a_device_cookie_of_another_account_or_our_own_making_is_nothing(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    other = make_account(web.store, now=MIDWAY, email="b@thu.invalid")
    thief = browse(tries_per_account=5)
    thief.sign_in(other.email)
    guess(thief, known.email, 5)
    assert thief.sign_in(known.email).status_code == 429
    thief.client.cookies.clear()
    thief.client.cookies.set("dondoc-device", f'[{known.id},"x"]')
    thief.csrf = ""
    assert thief.sign_in(known.email).status_code == 429


def test_hashing_keeps_no_other_request_waiting(browse: Callable[..., Browser], known: Known) -> None:
    browser = browse(argon2_rounds=8, argon2_memory_kib=65536, hashing_at_once=1, tries_per_account=1000)
    with ThreadPoolExecutor(6) as pool:
        began = time.perf_counter()
        signing_in = [pool.submit(browser.sign_in, "nobody@thu.invalid", "wrong") for _ in range(5)]
        time.sleep(0.2)
        asked = time.perf_counter()
        assert browser("GET", "/health").status_code in {200, 503}
        answered = time.perf_counter() - asked
        assert [one.result().status_code for one in signing_in] == [401] * 5
        whole = time.perf_counter() - began
    assert answered < whole / 3


def test_more_than_can_be_hashed_soon_are_told_to_come_back(browse: Callable[..., Browser], known: Known) -> None:
    browser = browse(argon2_rounds=10, hashing_at_once=1, tries_per_account=1000, tries_per_address=1000)
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: browser.sign_in("nobody@thu.invalid", "wrong"), range(30)))
    busy = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {401, 503}
    assert {(problem(answer), answer.headers["retry-after"]) for answer in busy} == {((503, "busy"), "5")}


# --- the demo's accounts ------------------------------------------------------------------------------------------------


def test_a_demo_account_is_good_on_this_machine_alone(web: Web, browse: Callable[..., Browser], small_year: SmallYear) -> None:
    demo = make_account(web.store, now=MIDWAY, email="demo@thu.invalid", demo=True)
    assert browse().sign_in(demo.email).status_code == 201
    far = browse(web_host="192.0.2.1", base_url=HERE)
    assert problem(far.sign_in(demo.email)) == (401, "wrong-sign-in")


def test_a_demo_account_that_came_into_a_real_authority_is_shut_out(
    web: Web, browse: Callable[..., Browser], small_year: SmallYear
) -> None:
    demo = make_account(web.store, now=MIDWAY, email="demo@thu.invalid", demo=True)
    browser = browse()
    browser.sign_in(demo.email)
    with web.store.transaction(now=MIDWAY) as transaction:
        real = found_authority(transaction, key="that", name="UBND thật", sandbox=False)
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.id == demo.contact).values(authority_id=real))
    assert problem(browser("GET", "/session")) == (401, "not-signed-in")
    assert problem(browse().sign_in(demo.email)) == (401, "wrong-sign-in")


def test_an_open_sandbox_is_open_on_this_machine_alone(web: Web, browse: Callable[..., Browser], small_year: SmallYear) -> None:
    assert browse(open_sandbox=True)("GET", "/cycles").status_code == 200
    far = browse(open_sandbox=True, web_host="192.0.2.1", base_url=HERE)
    assert problem(far("GET", "/cycles")) == (401, "not-signed-in")


# --- bodies -------------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused(browser: Browser, known: Known) -> None:
    said = browser.client.post(f"{API}/session", content=b"x", headers={"Content-Length": "99999999"})
    assert problem(said) == (413, "body-too-long")

    def endless() -> Any:
        for _ in range(300):
            yield b"x" * 8192

    unsaid = browser.client.post(f"{API}/session", content=endless(), headers={"Content-Type": "application/json"})
    assert problem(unsaid) == (413, "body-too-long")


@pytest.mark.parametrize("field", ["email", "password"])
def test_a_field_that_is_too_long_is_refused_before_it_is_hashed(browser: Browser, known: Known, field: str) -> None:
    answer = browser("POST", "/session", {"email": known.email, "password": PASSWORD, field: "x" * 2000})
    assert answer.status_code == 422
    assert "x" * 50 not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'{"email": 1, "password": {}}',
        b'{"email": "a", "password": "b", "x": 1}',
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_nonsense_is_refused(browser: Browser, known: Known, body: bytes) -> None:
    answer = browser.client.post(f"{API}/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("password", ["a\x00b" * 5, "\ud800" * 12, "😀" * 300, "' OR 1=1 --      "])
def test_strange_passwords_are_only_wrong(browser: Browser, known: Known, password: str) -> None:
    body = json.dumps({"email": known.email, "password": password}).encode()
    answer = browser.client.post(f"{API}/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {401, 422}


def test_a_sealed_database_signs_nobody_in(web: Web, browser: Browser, known: Known) -> None:
    """What a thief of the database has is worth nothing at the doors."""
    browser("POST", "/session/link", {"email": known.email})
    browser.sign_in(known.email)
    with web.store.reading() as connection:
        tables = (SESSION, ONE_TIME_LINK, ACCOUNT)
        words = [str(value) for table in tables for row in connection.execute(select(table)) for value in row]
    thief = Browser(client=web.at(MIDWAY, open_sandbox=False, tries_per_address=1000))
    for word in words:
        assert problem(thief.use_link(word[:200])) == (400, "link-not-good")
        if word.isascii() and word.isprintable() and ";" not in word:
            thief.client.cookies.set("dondoc-session", word)
            assert problem(thief("GET", "/session")) == (401, "not-signed-in")
