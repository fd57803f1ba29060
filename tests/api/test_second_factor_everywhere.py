"""A second factor that is asked for is asked for at every address: whoever has not given it gets nowhere but to giving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.route_rights import PREFIX, ROUTES, On
from evaluation.accounts import Scope
from evaluation.kinds import Role
from store.commands.tokens import create_token
from tests.accounts import Known, ask_second_factor, enrol, make_account
from tests.api.browsing import Browser, problem, secrets_of
from tests.api.conftest import MIDWAY, Web

if TYPE_CHECKING:
    from httpx import Response

    from tests.conftest import SmallYear

#: What one needs for giving it, setting it up, or going away again.
OPEN_TO_HALF = {
    "GET /session",
    "DELETE /session",
    "POST /session/second-factor",
    "POST /account/second-factor",
    "POST /account/second-factor/confirm",
}
BEHIND = sorted(route for route, rule in ROUTES.items() if rule.on is not On.PUBLIC and route not in OPEN_TO_HALF)
PAGES = ["GET /"]


@pytest.fixture
def coordinator(web: Web, small_year: SmallYear) -> Known:
    return make_account(small_year.store, now=MIDWAY, email="dieu.phoi@thu.invalid", party="so-noi-vu", role=Role.HEAD)


@pytest.fixture
def browser(web: Web) -> Browser:
    return Browser(client=web.at(MIDWAY, open_sandbox=False))


def ask(browser: Browser, route: str, **headers: str) -> Response:
    """A request with a body that could be right, so that nothing but the missing factor is refused."""
    method, path = route.split(" ")
    path = path.replace("{id}", "1").replace("{key}", "xa-1")
    return browser(method, path, {} if method in {"POST", "PUT"} else None, **headers)


@pytest.mark.parametrize("stands", ["has one and has not given it", "has none yet"])
def test_who_has_not_given_it_gets_nowhere(web: Web, browser: Browser, coordinator: Known, stands: str) -> None:
    ask_second_factor(web.store, now=MIDWAY)
    if stands.startswith("has one"):
        enrol(web.store, coordinator.id, now=MIDWAY, secrets=secrets_of(web))
    entered = browser.sign_in(coordinator.email).json()
    assert entered["second_factor"] == ("needed" if stands.startswith("has one") else "to-be-set-up")
    answers = {route: problem(ask(browser, route)) for route in BEHIND}
    assert set(answers.values()) == {(403, "second-factor-needed")}, [route for route, one in answers.items() if one[0] != 403]


def test_every_address_is_tried_or_named() -> None:
    assert set(ROUTES) > OPEN_TO_HALF
    assert len(BEHIND) + len(OPEN_TO_HALF) + sum(rule.on is On.PUBLIC for rule in ROUTES.values()) == len(ROUTES)


@pytest.mark.parametrize("path", ["/", "/second-factor"])
def test_a_page_shows_nothing_to_who_has_not_given_it(web: Web, browser: Browser, coordinator: Known, path: str) -> None:
    ask_second_factor(web.store, now=MIDWAY)
    enrol(web.store, coordinator.id, now=MIDWAY, secrets=secrets_of(web))
    browser.sign_in(coordinator.email)
    assert "Kế hoạch thử" not in browser.client.get(path, headers={"Accept": "text/html"}).text


def test_a_token_does_not_get_round_it(web: Web, browser: Browser, coordinator: Known) -> None:
    with web.store.transaction(now=MIDWAY) as transaction:
        token = create_token(transaction, coordinator.id, name="máy", scopes={Scope.READ}).token
    bearer = {"Authorization": f"Bearer {token}"}
    assert browser.client.get(f"{PREFIX}/cycles", headers=bearer).status_code == 200
    ask_second_factor(web.store, now=MIDWAY)
    assert problem(browser.client.get(f"{PREFIX}/cycles", headers=bearer)) == (403, "second-factor-needed")
    enrol(web.store, coordinator.id, now=MIDWAY, secrets=secrets_of(web))
    assert browser.client.get(f"{PREFIX}/cycles", headers=bearer).status_code == 200
