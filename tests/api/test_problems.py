from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import routing
from fastapi.testclient import TestClient

from api.app import _routes, create_app
from api.problems.answering import INTERNAL, KINDS, OF_HTTP
from api.problems.of_work import work_facts
from config.settings import Settings
from store.commands.accounts import AccountError
from store.commands.launch_refusals import LaunchError
from store.commands.people import PeopleError
from store.commands.replan_refusals import ReplanError
from store.refusals import RefusalError
from tests.api.conftest import HERE, MIDWAY, NOBODY, Web

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.session import Store


def test_a_problem_in_vietnamese_unless_english_is_preferred(web: Web) -> None:
    client = web.at(MIDWAY)
    vi = client.get("/api/v1/cycles/7")
    assert vi.headers["content-type"] == "application/problem+json"
    assert vi.headers["content-language"] == "vi"
    assert vi.json() == {
        "type": "urn:dondoc:no-such-cycle",
        "title": "Không tìm thấy chu kỳ",
        "status": 404,
        "detail": "Không có chu kỳ số 7 mà anh/chị được xem.",
        "instance": "/api/v1/cycles/7",
    }
    en = client.get("/api/v1/cycles/7", headers={"Accept-Language": "fr, en;q=0.8, vi;q=0.5"})
    assert (en.json()["title"], en.headers["content-language"]) == ("No such cycle", "en")
    assert en.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/nothing", "/docs", "/redoc", "/static/nothing.css", "/static/../app.py"])
def test_nothing_there(web: Web, address: str) -> None:
    answer = web.at(MIDWAY).get(address)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:dondoc:not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["/", "/api/v1/obligations", "/api/v1/health"])
def test_nothing_can_be_written(web: Web, method: str, address: str) -> None:
    answer = web.at(MIDWAY).request(method, address)
    assert (answer.status_code, answer.json()["type"]) == (405, "urn:dondoc:method-not-allowed")
    assert answer.headers["allow"] == "GET"


def test_head_is_get_without_its_body(web: Web) -> None:
    answer = web.at(MIDWAY).head("/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_fault_is_said_in_the_language_asked_for(web: Web) -> None:
    client = web.at(MIDWAY)
    faults = client.get("/api/v1/obligations?limit=501&x=1").json()["errors"]
    assert faults == [{"where": "limit", "text": "không được quá 500"}, {"where": "x", "text": "không có tham số này"}]
    english = client.get("/api/v1/obligations?limit=501", headers={"Accept-Language": "en"}).json()["errors"]
    assert english == [{"where": "limit", "text": "must be at most 500"}]


def test_a_browser_gets_a_page(web: Web) -> None:
    answer = web.at(MIDWAY).get("/cycles/7?lang=en", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert "No such cycle</h1>" in answer.text


def test_a_bug_is_a_problem_without_its_details(store: Store, tmp_path: Path) -> None:
    def broken() -> datetime:
        msg = "secret words"
        raise RuntimeError(msg)

    app = create_app(lambda: store, settings=Settings(prefect_api_url=NOBODY, home=tmp_path, open_sandbox=True), clock=broken)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/cycles")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:dondoc:internal")
    assert "secret" not in answer.text


def test_the_first_request_builds_no_route(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def built(**_: object) -> None:
        pytest.fail("a route was built in a request")

    _routes.cache_clear()  # another test's requests may have built them
    app = create_app(lambda: store, settings=Settings(prefect_api_url=NOBODY, home=tmp_path, open_sandbox=True))
    monkeypatch.setattr(routing, "get_dependant", built)
    with TestClient(app, base_url=HERE) as client:
        assert client.get("/api/v1/nothing").status_code == 404


def test_what_an_error_says_in_english_stands_in_no_vietnamese_problem() -> None:
    english = [kind.name for kind in (*KINDS.values(), *OF_HTTP.values(), INTERNAL) if "{error}" in kind.detail[0]]
    assert english == []


@pytest.mark.parametrize("family", [PeopleError, LaunchError, ReplanError, AccountError], ids=lambda family: family.__name__)
def test_a_refusal_of_a_command_is_said_in_both_languages(family: type[RefusalError]) -> None:
    assert issubclass(family, RefusalError)
    facts = work_facts(family("không được", "not so"))
    assert (facts["said_vi"], facts["said_en"]) == ("Không được.", "Not so.")
