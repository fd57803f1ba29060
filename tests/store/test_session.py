"""The two doors: a reading changes nothing, a transaction is whole, and every instant has its zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from store.actors import Actor
from store.columns import NaiveInstantError
from store.commands.authorities import found_authority
from store.journal import Entry
from store.schema import AUTHORITY, JOURNAL, PARTY
from store.verify import verify

if TYPE_CHECKING:
    from store.session import Store

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)


def authorities(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(AUTHORITY.c.key).order_by(AUTHORITY.c.id)).scalars())


def founded(store: Store, key: str, *, now: datetime = NOW) -> int:
    with store.transaction(now=now) as transaction:
        return found_authority(transaction, key=key, name=key, sandbox=True)


def test_a_reading_cannot_write(any_store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), any_store.reading() as connection:
        connection.execute(text("update authority set name = 'khác'"))
    founded(any_store, "thu")
    assert authorities(any_store) == ["thu"], "the connection that read may write again"


def test_a_transaction_that_raises_leaves_neither_fact_nor_entry(any_store: Store) -> None:
    founded(any_store, "thu")

    def torn() -> None:
        with any_store.transaction(now=NOW) as transaction:
            found_authority(transaction, key="khac", name="khác", sandbox=True)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        torn()
    assert authorities(any_store) == ["thu"]
    with any_store.reading() as connection:
        assert connection.execute(select(JOURNAL.c.number)).scalars().all() == [1]


def test_an_entry_that_cannot_be_written_takes_the_fact_with_it(any_store: Store) -> None:
    def torn() -> None:
        with any_store.transaction(now=NOW) as transaction:
            found_authority(transaction, key="thu", name="thử", sandbox=True)
            transaction.entries.append(Entry(authority=999, action="none"))

    with pytest.raises(DBAPIError):
        torn()
    assert authorities(any_store) == []


def test_a_naive_now_is_refused_at_the_door(any_store: Store) -> None:
    with pytest.raises(NaiveInstantError, match="no time zone"):
        founded(any_store, "thu", now=datetime(2025, 1, 2))  # noqa: DTZ001
    assert authorities(any_store) == []


def test_a_naive_instant_is_refused_in_a_row(any_store: Store) -> None:
    row = {"key": "thu", "name": "thử", "sandbox": True, "zone": "UTC", "outbox_held": False, "people_version": 0}
    naive = {**row, "created_at": datetime(2025, 1, 2)}  # noqa: DTZ001
    with pytest.raises(StatementError, match="no time zone"), any_store.transaction(now=NOW) as transaction:
        transaction.connection.execute(insert(AUTHORITY), naive)


def test_an_instant_of_any_zone_comes_back_in_utc(any_store: Store) -> None:
    local = datetime(2025, 1, 2, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
    founded(any_store, "thu", now=local)
    with any_store.reading() as connection:
        stored = connection.execute(select(AUTHORITY.c.created_at)).scalar_one()
    assert stored == local
    assert stored.utcoffset() == timedelta(0)
    assert verify(any_store) == [], "the chain is hashed in UTC whatever zone the caller used"


def test_foreign_keys_hold(any_store: Store) -> None:
    stray = {"authority_id": 999, "key": "x", "kind": "unit", "name": "x"}
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), any_store.transaction(now=NOW) as transaction:
        transaction.connection.execute(insert(PARTY), stray)


def test_what_a_failed_write_had_read_is_forgotten(any_store: Store) -> None:
    any_store.kept["before"] = 1

    def torn() -> None:
        with any_store.transaction(now=NOW):
            any_store.kept["before"] = 2
            any_store.kept["meanwhile"] = 3
            raise RuntimeError

    with pytest.raises(RuntimeError):
        torn()
    assert any_store.kept == {"before": 1}


@pytest.mark.parametrize(("who", "contact"), [("system", None), ("c17", 17)])
def test_an_actor_is_the_engine_or_a_contact(who: str, contact: int | None) -> None:
    assert Actor(who=who).contact == contact


def test_the_day_is_a_date(any_store: Store) -> None:
    founded(any_store, "thu")
    with any_store.transaction(now=NOW) as transaction:
        row = {"authority_id": 1, "key": "x", "kind": "unit", "name": "x", "valid_from": date(2025, 2, 28)}
        transaction.connection.execute(insert(PARTY), row)
    with any_store.reading() as connection:
        assert connection.execute(select(PARTY.c.valid_from)).scalar_one() == date(2025, 2, 28)
