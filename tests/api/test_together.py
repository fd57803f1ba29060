"""Several at once: one wins, the others get the state that is now; a request that is sent again does nothing twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from evaluation.kinds import Role
from store.schema import JOURNAL, KEYED_REQUEST
from store.verify import verify
from tests.api.browsing import Browser, problem
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from httpx import Response

    from tests.conftest import SmallYear

WHY = {"reason": "vì sao", "basis": "CV 1/SNV"}


@pytest.fixture
def office(any_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = any_year.slot(date(2025, 1, 7))
    any_year.tick(now)
    with open_office(any_year, tmp_path, now=now) as office:
        yield office


def at_once(work: list[Callable[[], Response]]) -> list[Response]:
    """What each got; all begin together."""
    start = Barrier(len(work))

    def one(ask: Callable[[], Response]) -> Response:
        start.wait()
        return ask()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def journaled(office: Office, action: str) -> int:
    with office.year.store.reading() as connection:
        return int(connection.execute(select(func.count()).where(JOURNAL.c.action == action)).scalar_one())


def asking(who: Browser, path: str, json: Any = None, **headers: str) -> Callable[[], Response]:
    """A request in the name of a browser, with its cookie copied: threads share no client."""
    cookies = {"dondoc-session": who.cookie}
    given = {"X-CSRF-Token": who.csrf, **{name.replace("_", "-"): value for name, value in headers.items()}}
    client = type(who.client)(who.client.app, base_url=str(who.client.base_url), cookies=cookies)
    return lambda: client.post(f"/api/v1{path}", json=json, headers=given)


def test_one_of_two_wins_and_the_other_sees_what_is(office: Office) -> None:
    ident = office.obligation("xa-1")
    seen = f'"{office.moves(ident)}"'
    body, head = office.person("so-noi-vu"), office.person("so-noi-vu", Role.HEAD)
    first = asking(body, f"/obligations/{ident}/waive", WHY, If_Match=seen)
    second = asking(head, f"/obligations/{ident}/extend", {**WHY, "due_on": "2025-02-14"}, If_Match=seen)
    answers = at_once([first, second] * 4)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    won = next(answer for answer in answers if answer.is_success)
    for lost in (answer for answer in answers if not answer.is_success):
        assert problem(lost) == (412, "changed-meanwhile")
        assert lost.json()["obligation"] == won.json()
        assert lost.headers["etag"] == won.headers["etag"] != seen
    assert journaled(office, "waive") + journaled(office, "extend") == 1
    assert verify(office.year.store) == []


def test_who_saw_it_before_it_was_given_to_another_must_look_again(office: Office) -> None:
    ident, head = office.obligation("xa-1"), office.person("xa-1", Role.HEAD)
    office.person("xa-1")
    seen = f'"{office.moves(ident)}"'
    given = head("POST", f"/obligations/{ident}/reassign", {"contact": "officer.xa-1"}, **{"If-Match": seen})
    assert (given.status_code, given.headers["etag"] != seen) == (200, True), given.text
    late = head("POST", f"/obligations/{ident}/reassign", {"contact": None}, **{"If-Match": seen})
    assert problem(late) == (412, "changed-meanwhile")
    assert verify(office.year.store) == []


def test_two_hand_overs_do_not_wait_in_a_circle(office: Office) -> None:
    body = office.person("so-noi-vu")
    asked = []
    for party, to in (("xa-1", "xa-2"), ("xa-2", "xa-1")):
        ident = office.obligation(party)
        asked.append(
            asking(body, f"/obligations/{ident}/transfer", {**WHY, "to": to, "undeclared": True}, If_Match=f'"{office.moves(ident)}"')
        )
    answers = at_once(asked)
    assert sorted(answer.status_code for answer in answers) == [200, 409], "the later one finds that its heir has handed its own over"
    assert verify(office.year.store) == []


def test_the_same_key_at_once_is_done_once(office: Office) -> None:
    ident = office.obligation("xa-1")
    body, seen = office.person("so-noi-vu"), f'"{office.moves(ident)}"'
    ask = asking(body, f"/obligations/{ident}/urge", {"by": "phone", "note": "đã gọi"}, If_Match=seen, Idempotency_Key="goi-1")
    answers = at_once([ask] + [asking_again(body, ident, seen) for _ in range(5)])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 5
    assert journaled(office, "urge") == 1


def asking_again(body: Browser, ident: int, seen: str) -> Callable[[], Response]:
    return asking(body, f"/obligations/{ident}/urge", {"by": "phone", "note": "đã gọi"}, If_Match=seen, Idempotency_Key="goi-1")


def test_the_same_key_with_another_request_is_refused(office: Office) -> None:
    ident, other = office.obligation("xa-1"), office.obligation("xa-2")
    body = office.person("so-noi-vu")
    note = {"by": "phone", "note": "đã gọi"}
    assert office.do(body, ident, "urge", note, Idempotency_Key="k").status_code == 200
    assert problem(office.do(body, ident, "urge", {**note, "note": "khác"}, Idempotency_Key="k")) == (422, "key-reused")
    assert problem(office.do(body, other, "urge", note, Idempotency_Key="k")) == (422, "key-reused")
    mine = office.person("so-noi-vu", Role.HEAD)
    assert office.do(mine, other, "urge", note, Idempotency_Key="k").status_code == 200, "a key is its account's own"
    assert journaled(office, "urge") == 2


def test_what_failed_leaves_its_key_free(office: Office) -> None:
    ident, head = office.obligation("xa-1"), office.person("xa-1", Role.HEAD)
    assert problem(office.do(head, ident, "submit", {}, Idempotency_Key="nop")) == (409, "not-possible-now")
    office.do(office.person("xa-1"), ident, "prepare")
    assert office.do(head, ident, "submit", {}, Idempotency_Key="nop").status_code == 200
    again = head("POST", f"/obligations/{ident}/submit", {}, **{"If-Match": '"99"', "Idempotency-Key": "nop"})
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")


def test_an_answer_is_forgotten_after_a_day(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    note = {"by": "phone", "note": "đã gọi"}
    office.do(body, ident, "urge", note, Idempotency_Key="cu")
    with office.year.store.engine.begin() as connection:
        connection.execute(update(KEYED_REQUEST).values(expires_at=date_long_ago()))
    office.do(body, ident, "urge", note, Idempotency_Key="cu")
    assert journaled(office, "urge") == 2
    with office.year.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(KEYED_REQUEST)).scalar_one() == 1


def date_long_ago() -> Any:
    from datetime import UTC, datetime  # noqa: PLC0415

    return datetime(2020, 1, 1, tzinfo=UTC)


def test_many_are_reported_one_by_one(office: Office) -> None:
    body = office.person("so-noi-vu", Role.HEAD)
    ids = office.year.ids("plan")[:3]
    office.do(body, ids[1], "waive", WHY)
    order = {**WHY, "obligations": [*ids, 987654, ids[0]], "due_on": "2025-02-14"}
    looked = body("POST", "/obligations/extend-many", {**order, "preview": True}).json()
    assert [(row["obligation"], row["outcome"]) for row in looked["items"]] == [
        (ids[0], "possible"),
        (ids[1], "refused"),
        (ids[2], "possible"),
        (987654, "refused"),
    ]
    assert {one["party"] for one in looked["items"][2]["told"]} == {"xa-1"}
    assert journaled(office, "extend") == 0
    done = body("POST", "/obligations/extend-many", order, **{"Idempotency-Key": "nhieu"})
    assert (done.json()["done"], done.json()["refused"]) == (2, 2)
    assert [row["problem"] and row["problem"]["status"] for row in done.json()["items"]] == [None, 409, None, 404]
    assert done.json()["items"][2]["told"] == looked["items"][2]["told"]
    again = body("POST", "/obligations/extend-many", order, **{"Idempotency-Key": "nhieu"})
    assert (again.content, again.headers["idempotency-replayed"]) == (done.content, "true")
    assert journaled(office, "extend") == 2
    assert office.year.obligation(ids[0]).term.due_on == date(2025, 2, 14)


def test_many_are_urged_by_who_may(office: Office) -> None:
    ids = office.year.ids("plan")
    order = {"obligations": ids, "by": "mail"}
    refused = office.person("xa-1")("POST", "/obligations/urge-many", order).json()
    assert (refused["done"], {row["problem"]["type"] for row in refused["items"]}) == (0, {"urn:dondoc:not-allowed"})
    assert office.person("so-noi-vu")("POST", "/obligations/urge-many", order).json()["done"] == len(ids)
    assert journaled(office, "urge") == len(ids)
    assert verify(office.year.store) == []
