"""The web is killed in the midst of many: the same request, sent again to the next process, does the rest and nothing twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import func, select, update

from store.idempotency import BROKEN_OFF
from store.journal import database_clock
from store.schema import JOURNAL, KEYED_REQUEST, NOTICE, OBLIGATION, PARTY
from store.verify import verify
from tests.e2e.by_http import give_accounts, office_at
from tests.serving_process import running_server, set_clock

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store
    from tests.conftest import SmallYear
    from tests.serving_process import Server

BODY = "officer.so-noi-vu"
KEY = {"Idempotency-Key": "lu-2025"}


def moved(store: Store, action: str) -> int:
    """How many moves of that name are journaled."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(JOURNAL.c.action == action)).scalar_one())


def told_twice(store: Store, kind: str) -> int:
    """How many were told of the same obligation more than once."""
    pair = (NOTICE.c.obligation_id, NOTICE.c.recipient)
    with store.reading() as connection:
        counts = connection.execute(select(func.count()).where(NOTICE.c.kind == kind).group_by(*pair)).scalars().all()
    assert counts
    return sum(count > 1 for count in counts)


def let_time_pass(store: Store) -> None:
    """As if so long had gone by that an unanswered request counts as broken off."""
    with store.engine.begin() as connection:
        connection.execute(update(KEYED_REQUEST).values(claimed_at=database_clock(connection) - BROKEN_OFF))


@pytest.fixture
def at_work(any_year: SmallYear, tmp_path: Path) -> SmallYear:
    now = any_year.slot(date(2025, 1, 7))
    any_year.tick(now)
    set_clock(tmp_path, now)
    return any_year


def url_of(year: SmallYear) -> str:
    return year.store.engine.url.render_as_string(hide_password=False)


def own(year: SmallYear) -> set[int]:
    """What the standing body itself owes."""
    query = select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(PARTY.c.key == "so-noi-vu")
    with year.store.reading() as connection:
        return set(connection.execute(query).scalars())


CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "extend-many": ("extend", "extension-granted", {"reason": "lũ", "basis": "CV 1", "due_on": "2025-02-14"}),
    "urge-many": ("urge", "urged", {"by": "mail"}),
}


@pytest.mark.parametrize("verb", CALLS)
def test_killed_in_the_midst_of_many(at_work: SmallYear, tmp_path: Path, verb: str) -> None:
    store = at_work.store
    ids = [one for one in at_work.ids("plan") if one not in own(at_work)]  # nobody excuses themselves
    action, kind, body = CALLS[verb]
    addresses = give_accounts(store, [BODY])
    order = {**body, "obligations": ids}

    def ask(server: Server) -> httpx.Response:
        with office_at(server, addresses) as office:
            return office.people[BODY]("POST", f"/obligations/{verb}", order, **KEY)

    with running_server(url_of(at_work), tmp_path) as server, office_at(server, addresses) as office:
        server.die_before(4)  # the key's, two rows', then the third row's
        with pytest.raises(httpx.TransportError):
            office.people[BODY]("POST", f"/obligations/{verb}", order, **KEY)
        assert server.process.wait(20) == -9
    assert moved(store, action) == 2
    with running_server(url_of(at_work), tmp_path) as server:
        soon = ask(server)
        assert (soon.status_code, soon.headers["retry-after"]) == (409, "5")
        let_time_pass(store)
        done = ask(server)
        assert (done.status_code, done.json()["done"], done.json()["refused"]) == (200, len(ids), 0)
        again = ask(server)
        assert (again.content, again.headers["idempotency-replayed"]) == (done.content, "true")
    assert (moved(store, action), told_twice(store, kind)) == (len(ids), 0)
    assert verify(store) == []
