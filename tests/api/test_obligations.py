from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from evaluation.actions import Remark
from store.commands import moves
from store.queries.obligations import Page, Wanted, find_obligations
from store.schema import OBLIGATION
from store.upkeep import ask_upkeep
from store.years import load_year
from tests.api.conftest import LAUNCHED, MIDWAY, Web, counted_queries, launch_again

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from store.session import Store
    from tests.conftest import SmallYear


def items(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/obligations", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_an_obligation_with_its_dates(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    (line,) = items(web.at(MIDWAY), stage="report", party="xa-1", state="scheduled", limit=1)
    assert line | {"id": 0} == {
        "id": 0,
        "authority": "thu",
        "cycle": small_year.cycle,
        "plan": "small-plan",
        "year": 2025,
        "stage": "report",
        "kind": "quarterly_report",
        "title": "Báo cáo định kỳ",
        "title_en": "Periodic report",
        "party": "xa-1",
        "party_name": "Xã 001 (tên chưa có nguồn)",
        "subject": "2025-Q1",
        "state": "scheduled",
        "status": "Chưa thực hiện",
        "status_en": "not started",
        "suspended": False,
        "turn": "party",
        "term": 1,
        "reason": "initial",
        "opens_at": "2025-02-28T17:00:00+00:00",
        "opens_on": "2025-03-01",
        "due_at": "2025-03-19T17:00:00+00:00",
        "due_on": "2025-03-19",
        "own_due_at": "2025-03-19T17:00:00+00:00",
        "own_due_on": "2025-03-19",
        "locks_at": "2025-04-02T17:00:00+00:00",
        "locks_on": "2025-04-02",
        "punctuality": "in_time",
        "late": False,
        "uncorrected": False,
        "rounds": 0,
        "days_late": None,
        "projected": False,
        "zone": "Asia/Ho_Chi_Minh",
    }


def test_filters_narrow(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    client = web.at(MIDWAY)
    every = items(client)
    assert {line["stage"] for line in items(client, stage="plan")} == {"plan"}
    assert {line["party"] for line in items(client, party="xa-2")} == {"xa-2"}
    assert {line["state"] for line in items(client, state=["open", "prepared"])} == {"open"}
    assert {line["late"] for line in items(client, late=True)} == {True}
    assert items(client, cycle=small_year.cycle) == every
    assert client.get("/api/v1/obligations", params={"cycle": 77}).status_code == 422
    assert len(items(client, late=True)) + len(items(client, late=False)) == len(every)
    assert 0 < len(items(client, late=True)) < len(every)


def test_pages_hold_everything_once_and_in_order(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    client = web.at(MIDWAY)
    every = [line["id"] for line in items(client)]
    asked: dict[str, Any] = {"limit": 3}
    walked: list[int] = []
    while True:
        page = client.get("/api/v1/obligations", params=asked).json()
        walked += [line["id"] for line in page["items"]]
        if page["next_cursor"] is None:
            break
        assert len(page["items"]) == 3
        asked["cursor"] = page["next_cursor"]
    assert walked == every
    assert len(every) > 6


def test_what_has_no_due_date_comes_last_and_is_walked_to(web: Web, small_year: SmallYear) -> None:
    ident = small_year.ids("plan")[0]
    small_year.tick(MIDWAY)
    with small_year.store.transaction(now=MIDWAY) as transaction:
        moves.suspend(small_year.store, transaction, ident, remark=Remark(reason="chờ hướng dẫn"))
    client = web.at(MIDWAY)
    every = items(client)
    undated = [line["id"] for line in every if line["due_at"] is None]
    assert undated
    assert [line["id"] for line in every][-len(undated) :] == undated
    first = client.get("/api/v1/obligations", params={"limit": len(every) - 1}).json()
    assert [line["id"] for line in items(client, cursor=first["next_cursor"])] == [every[-1]["id"]]


def test_what_has_no_due_date_is_not_late(web: Web, small_year: SmallYear) -> None:
    store = small_year.store
    with store.transaction(now=LAUNCHED) as transaction:
        year = load_year(store, transaction.connection, small_year.cycle, now=LAUNCHED)
        ask_upkeep(transaction, year, ["mail-server/2025-01-02"])
    (line,) = [line for line in items(web.at(MIDWAY), late=False) if line["subject"] == "mail-server/2025-01-02"]
    assert (line["due_at"], line["punctuality"]) == (None, "no_due")


def test_at_most_so_many_of_each_cycle(store: Store) -> None:
    cycles = [launch_again(store, key=key, sandbox=True) for key in ("mot", "hai")]
    with store.reading() as connection:
        lines = find_obligations(store, connection, Wanted(stage="plan"), now=MIDWAY, page=Page(per_cycle=3))
    assert [line.cycle for line in sorted(lines, key=lambda line: line.id)] == [cycles[0]] * 3 + [cycles[1]] * 3


def test_the_last_page_has_no_cursor(web: Web, small_year: SmallYear) -> None:
    client = web.at(MIDWAY)
    every = len(items(client))
    assert client.get("/api/v1/obligations", params={"limit": every}).json()["next_cursor"] is None
    assert client.get("/api/v1/obligations", params={"limit": every - 1}).json()["next_cursor"]


def test_a_real_authoritys_obligations_are_not_listed(web: Web, small_year: SmallYear) -> None:
    real = launch_again(small_year.store, key="that", sandbox=False)
    client = web.at(MIDWAY)
    assert {line["authority"] for line in items(client)} == {"thu"}
    assert client.get("/api/v1/obligations", params={"cycle": real}).status_code == 422


def test_a_surprise_is_hidden_until_its_day(web: Web, small_year: SmallYear) -> None:
    ident = small_year.ids("plan")[0]
    with small_year.store.transaction(now=LAUNCHED) as transaction:
        transaction.connection.execute(update(OBLIGATION).where(OBLIGATION.c.id == ident).values(visible_from=MIDWAY))
    assert ident not in [line["id"] for line in items(web.at(LAUNCHED))]
    assert ident in [line["id"] for line in items(web.at(MIDWAY))]
    assert web.at(LAUNCHED).get(f"/obligations/{ident}").status_code == 404


def test_three_lines_take_as_many_queries_as_one(web: Web, small_year: SmallYear) -> None:
    client = web.at(MIDWAY)
    items(client)
    counts = []
    for limit in (1, 3):
        with counted_queries(small_year.store) as seen:
            counts.append((len(items(client, limit=limit)), len(seen)))
    assert counts == [(1, 1), (3, 1)]


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        pytest.param("stat=open", "stat", id="a misspelt parameter"),
        pytest.param("state=opened", "state.0", id="no such state"),
        pytest.param("limit=0", "limit", id="no lines"),
        pytest.param("limit=501", "limit", id="too many lines"),
        pytest.param("cycle=x", "cycle", id="not a number"),
        pytest.param("cycle=99999999999999999999", "cycle", id="a number that no key has"),
        pytest.param("late=perhaps", "late", id="neither true nor false"),
    ],
)
def test_a_wrong_parameter_is_named(web: Web, store: Store, asked: str, where: str) -> None:
    answer = web.at(MIDWAY).get(f"/api/v1/obligations?{asked}")
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "W251bGwsIm9uZSJd", "W251bGwsMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0XQ", "é"])
def test_a_cursor_that_no_answer_gave_is_refused(web: Web, store: Store, cursor: str) -> None:
    answer = web.at(MIDWAY).get("/api/v1/obligations", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:dondoc:invalid-cursor"
