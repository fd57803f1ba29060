"""Many at once under a key, broken off at any write: the same request sent again does the rest and nothing twice."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select, update

from api.changing.idempotency import answer_of
from evaluation.kinds import Role
from store.idempotency import BROKEN_OFF, Keyed, UnderWayError, keep_part, part_done, reserve, settle
from store.journal import database_clock
from store.schema import JOURNAL, KEYED_REQUEST, NOTICE
from store.verify import verify
from tests.accounts import make_account
from tests.api.browsing import problem
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from store.session import Store
    from tests.conftest import SmallYear


class BrokenOffError(Exception):
    """The disk is full, the database restarts."""


@pytest.fixture
def office(any_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = any_year.slot(date(2025, 1, 7))
    any_year.tick(now)
    with open_office(any_year, tmp_path, now=now) as office:
        yield office


@contextmanager
def failing(store: Store, *, write: int) -> Iterator[None]:
    """The write of that number cannot be committed, those after it can."""
    left = write

    def meet(connection: Connection) -> None:
        nonlocal left
        left -= bool(connection.get_execution_options().get("dondoc_write"))
        if left == 0:
            left = -1
            raise BrokenOffError

    event.listen(store.engine, "commit", meet)
    try:
        yield
    finally:
        event.remove(store.engine, "commit", meet)


def counted(office: Office) -> tuple[int, int]:
    with office.year.store.reading() as connection:
        urged = connection.execute(select(func.count()).where(JOURNAL.c.action == "urge")).scalar_one()
        told = connection.execute(select(func.count()).where(NOTICE.c.kind == "urged")).scalar_one()
    return int(urged), int(told)


def let_time_pass(office: Office) -> None:
    """As if so long had gone by that an unanswered request counts as broken off."""
    with office.year.store.engine.begin() as connection:
        connection.execute(update(KEYED_REQUEST).values(claimed_at=database_clock(connection) - BROKEN_OFF))


def test_whichever_write_fails_the_rest_is_done_once(office: Office) -> None:
    body, ids = office.person("so-noi-vu"), office.year.ids("plan")
    order = {"obligations": ids, "by": "mail"}
    whole = body("POST", "/obligations/urge-many", order).json()
    each = counted(office)
    assert each[0] == len(ids)
    for write in range(1, len(ids) + 3):  # the key, each row, the answer
        key = {"Idempotency-Key": f"lan-{write}"}
        with failing(office.year.store, write=write), pytest.raises(BrokenOffError):
            body("POST", "/obligations/urge-many", order, **key)
        if write == len(ids) + 2:
            assert problem(body("POST", "/obligations/urge-many", order, **key)) == (409, "under-way"), "nobody could say that it is over"
            let_time_pass(office)
        assert body("POST", "/obligations/urge-many", order, **key).json() == whole
        assert counted(office) == (each[0] * (write + 1), each[1] * (write + 1)), f"write {write} failed"
    assert verify(office.year.store) == []


def test_a_row_that_was_refused_is_tried_again(office: Office) -> None:
    body, ids = office.person("so-noi-vu", Role.HEAD), office.year.ids("plan")
    order: dict[str, Any] = {"obligations": ids, "reason": "lũ", "basis": "CV 9/UBND", "due_on": "2025-02-14"}
    office.do(body, ids[0], "suspend", {"reason": "lũ", "basis": "CV 9/UBND"})
    with failing(office.year.store, write=len(ids)), pytest.raises(BrokenOffError):
        body("POST", "/obligations/extend-many", order, **{"Idempotency-Key": "lu"})
    office.do(body, ids[0], "resume-clock", {})
    done = body("POST", "/obligations/extend-many", order, **{"Idempotency-Key": "lu"}).json()
    assert (done["done"], done["refused"]) == (len(ids), 0)
    assert {row["old_due_on"] for row in done["items"][1:]} == {"2025-01-31"}, "as it was when the row was done"


def test_who_was_taken_for_broken_off_does_no_more(office: Office) -> None:
    store, now = office.year.store, office.now
    known = make_account(store, now=now, party="so-noi-vu")
    keyed = Keyed(account=known.id, key="cham", target="POST /x", body_sha256="")
    assert reserve(store, keyed, now=now) is None
    with store.transaction(now=now) as transaction:
        assert part_done(transaction, keyed, 1) is None
        keep_part(transaction, keyed, 1, {"told": []})
    with pytest.raises(UnderWayError):
        reserve(store, keyed, now=now)
    settle(store, keyed, None, now=now)
    assert reserve(store, keyed, now=now) is None, "what failed may be sent again at once"
    with store.transaction(now=now) as transaction:
        assert part_done(transaction, keyed, 1) == {"told": []}
    settle(store, keyed, answer_of(None, status=204), now=now)
    with pytest.raises(UnderWayError), store.transaction(now=now) as transaction:
        part_done(transaction, keyed, 2)
