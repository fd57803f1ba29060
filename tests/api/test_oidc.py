"""Signing in by a real sign-in service, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update

from store.schema import ACCOUNT, OIDC_IDENTITY
from tests.accounts import Known, change, enrol, make_account
from tests.api.browsing import API, Browser, problem, secrets_of
from tests.api.conftest import HERE, MIDWAY, Web
from tests.api.test_serving import free_port
from tests.oidc_provider import CLIENT, SECRET, Provider, provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from httpx import Response

    from tests.conftest import SmallYear


@pytest.fixture(scope="module")
def service() -> Iterator[Provider]:
    with provider(free_port(), callback=f"{HERE}{API}/oidc/callback") as running:
        yield running


@pytest.fixture
def known(web: Web, small_year: SmallYear) -> Known:
    return make_account(web.store, now=MIDWAY)


@pytest.fixture
def browse(web: Web, service: Provider) -> Callable[..., Browser]:
    def make(**settings: Any) -> Browser:
        given = {"oidc_issuer": service.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_trust_email": True}
        return Browser(client=web.at(MIDWAY, **{"open_sandbox": False, **given, **settings}))

    return make


def go(browser: Browser, next_path: str = "/") -> str:
    answer = browser.client.get(f"{API}/oidc/start", params={"next": next_path}, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


def back(browser: Browser, address: str) -> Response:
    answer: Response = browser.client.get(address, follow_redirects=False)
    return answer


def test_the_way_there_carries_state_nonce_and_pkce(browse: Callable[..., Browser], service: Provider) -> None:
    browser = browse()
    asked = urlsplit(go(browser))
    said = {name: values[0] for name, values in parse_qs(asked.query).items()}
    assert f"{asked.scheme}://{asked.netloc}" == service.issuer
    assert said["redirect_uri"] == f"{HERE}{API}/oidc/callback"
    assert (said["response_type"], said["code_challenge_method"]) == ("code", "S256")
    assert all(len(said[name]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_an_invited_person_signs_in(web: Web, browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    browser = browse()
    returned = service.sign_in(go(browser, "/cycles/1"), user="canbo")
    answer = back(browser, returned)
    assert (answer.status_code, answer.headers["location"]) == (302, "/cycles/1")
    session = browser("GET", "/session").json()
    assert (session["email"], session["how"]) == (known.email, "oidc")
    with web.store.reading() as connection:
        row = connection.execute(select(OIDC_IDENTITY)).one()
    assert (row.issuer, row.subject, row.account_id) == (service.issuer, "canbo", known.id)


def test_the_answer_is_good_once_and_for_who_asked(browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    browser, thief = browse(), browse()
    returned = service.sign_in(go(browser), user="canbo")
    assert problem(back(thief, returned)) == (400, "oidc-failed")
    go(thief)
    assert problem(back(thief, returned)) == (400, "oidc-failed")  # its own state is another
    assert back(browser, returned).status_code == 302
    assert problem(back(browser, returned)) == (400, "oidc-failed")


@pytest.mark.parametrize("change_of", ["state", "code", "error"])
def test_a_forged_answer_is_refused(browse: Callable[..., Browser], service: Provider, known: Known, change_of: str) -> None:
    browser = browse()
    returned = service.sign_in(go(browser), user="canbo")
    said = {name: values[0] for name, values in parse_qs(urlsplit(returned).query).items()}
    forged = browser.client.get(f"{API}/oidc/callback", params={**said, change_of: "forged"}, follow_redirects=False)
    assert problem(forged) == (400, "oidc-failed")
    assert problem(browser("GET", "/session")) == (401, "not-signed-in")


def test_who_was_not_invited_is_refused(web: Web, browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    browser = browse()
    assert problem(back(browser, service.sign_in(go(browser), user="nguoila"))) == (403, "unknown-identity")
    with web.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(OIDC_IDENTITY)).scalar_one() == 0


def test_an_address_that_the_service_did_not_verify_is_refused(browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    browser = browse(oidc_trust_email=False)
    assert problem(back(browser, service.sign_in(go(browser), user="canbo"))) == (403, "unknown-identity")


@pytest.mark.parametrize("next_path", ["//evil.invalid", "https://evil.invalid", "/\\evil.invalid", "/\r\nX: y"])
def test_one_is_sent_on_within_this_site_alone(browse: Callable[..., Browser], service: Provider, known: Known, next_path: str) -> None:
    browser = browse()
    assert back(browser, service.sign_in(go(browser, next_path), user="canbo")).headers["location"] == "/"


def test_the_second_factor_is_still_asked(web: Web, browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    app, _ = enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    change(web.store, update(ACCOUNT).values(totp_last_step=0), now=MIDWAY)
    browser = browse()
    back(browser, service.sign_in(go(browser), user="canbo"))
    session = browser("GET", "/session").json()
    assert session["second_factor"] == "needed"
    browser.csrf = session["csrf"]
    assert browser.give_code(app.now()).json()["second_factor"] == "given"


def test_a_wrong_client_secret_or_a_silent_service_is_said(browse: Callable[..., Browser], service: Provider, known: Known) -> None:
    browser = browse(oidc_client_secret="wrong")
    assert problem(back(browser, service.sign_in(go(browser), user="canbo"))) == (400, "oidc-failed")
    silent = browse(oidc_issuer="http://127.0.0.1:9")
    assert problem(silent("GET", "/oidc/start")) == (400, "oidc-failed")


def test_without_a_service_there_is_none(browse: Callable[..., Browser], small_year: SmallYear) -> None:
    browser = browse(oidc_issuer="")
    assert problem(browser("GET", "/oidc/start")) == (404, "no-oidc")
    assert problem(browser("GET", "/oidc/callback")) == (404, "no-oidc")
