"""The pages to come in by, as a browser without scripts uses them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from store.schema import ACCOUNT
from tests.accounts import PASSWORD, Known, change, enrol, make_account
from tests.api.browsing import mailed_tokens, secrets_of
from tests.api.conftest import HERE, MIDWAY, Web

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx import Response

    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}


@pytest.fixture
def known(web: Web, small_year: SmallYear) -> Known:
    return make_account(web.store, now=MIDWAY)


@pytest.fixture
def client(web: Web) -> TestClient:
    return web.at(MIDWAY, open_sandbox=False)


def send(client: TestClient, path: str, **fields: Any) -> Response:
    answer: Response = client.post(path, data=fields, headers={**PAGE, "Origin": HERE}, follow_redirects=False)
    return answer


def test_whoever_is_not_signed_in_is_sent_to_the_door_and_back(client: TestClient, known: Known) -> None:
    sent = client.get("/cycles/1?lang=en", headers=PAGE, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/cycles/1%3Flang%3Den")
    page = client.get(sent.headers["location"], headers=PAGE).text
    hidden = re.search(r'name="next" value="([^"]+)"', page)
    assert hidden is not None
    entered = send(client, "/sign-in", email=known.email, password=PASSWORD, next=hidden[1])
    assert (entered.status_code, entered.headers["location"]) == (303, "/cycles/1?lang=en")
    assert "A small plan" in client.get("/cycles/1?lang=en", headers=PAGE).text


def test_a_wrong_password_is_a_page(client: TestClient, known: Known) -> None:
    answer = send(client, "/sign-in", email=known.email, password="wrong")
    assert answer.status_code == 401
    assert "Không đăng nhập được" in answer.text


@pytest.mark.parametrize("next_path", ["//evil.invalid", "https://evil.invalid", "/\\evil.invalid"])
def test_one_is_sent_on_within_this_site_alone(client: TestClient, known: Known, next_path: str) -> None:
    assert 'value="/"' in client.get("/sign-in", params={"next": next_path}).text
    assert send(client, "/sign-in", email=known.email, password=PASSWORD, next=next_path).headers["location"] == "/"


def test_another_sites_form_is_refused(client: TestClient, known: Known) -> None:
    answer = client.post("/sign-in", data={"email": known.email, "password": PASSWORD}, headers={"Origin": "https://evil.invalid"})
    assert answer.status_code == 403
    assert not client.cookies


def test_a_mailed_link_is_used_by_its_button_and_not_by_looking(web: Web, client: TestClient, known: Known) -> None:
    assert "Hãy xem hộp thư" in send(client, "/sign-in/link", email=known.email).text
    ((purpose, token),) = mailed_tokens(web)
    for _ in range(3):  # mail servers look too
        assert client.get(f"/links/{purpose}/{token}").status_code == 200
    entered = send(client, f"/links/{purpose}/{token}")
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert client.get("/", headers=PAGE).status_code == 200
    assert send(client, f"/links/{purpose}/{token}").status_code == 400


def test_a_forgotten_password(web: Web, client: TestClient, known: Known) -> None:
    send(client, "/sign-in/reset", email=known.email)
    ((purpose, token),) = mailed_tokens(web)
    page = client.get(f"/links/{purpose}/{token}").text
    assert 'autocomplete="new-password"' in page
    assert send(client, f"/links/{purpose}/{token}", password="short").status_code == 422
    assert send(client, f"/links/{purpose}/{token}", password="một hai ba bốn").headers["location"] == "/sign-in"
    assert send(client, "/sign-in", email=known.email, password="một hai ba bốn").status_code == 303


def test_the_second_factor(web: Web, client: TestClient, known: Known) -> None:
    app, _ = enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    change(web.store, update(ACCOUNT).values(totp_last_step=0), now=MIDWAY)
    assert send(client, "/sign-in", email=known.email, password=PASSWORD).headers["location"] == "/second-factor"
    assert client.get("/", headers=PAGE, follow_redirects=False).headers["location"] == "/second-factor"
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/second-factor", headers=PAGE).text)
    assert csrf is not None
    assert send(client, "/second-factor", code=app.now()).status_code == 403
    assert send(client, "/second-factor", code=app.now(), csrf=csrf[1]).headers["location"] == "/"
    assert client.get("/", headers=PAGE).status_code == 200


def test_the_pages_load_nothing_and_run_nothing(client: TestClient, known: Known) -> None:
    for path in ("/sign-in", "/links/reset/x", "/sign-in?lang=en"):
        answer = client.get(path)
        assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
        assert "form-action 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_security_txt(client: TestClient, known: Known) -> None:
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith("mailto:")
    assert fields["Expires"] == "2025-08-02T02:00:00Z"
