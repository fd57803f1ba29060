"""The journal: numbered and chained per authority, canonical, and never quiet about a change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from store.actors import Actor
from store.commands.authorities import found_authority
from store.journal import GENESIS, Entry, broken_chain, canonical, database_clock, read_entries
from store.schema import JOURNAL, JOURNAL_HEAD

if TYPE_CHECKING:
    from store.session import Store

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10)
leaves = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20)


@given(values)
def test_the_canonical_form_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.fixture
def journal(any_store: Store) -> Store:
    """Two authorities with three entries each, written in turn."""
    with any_store.transaction(now=NOW) as transaction:
        for key in ("mot", "hai"):
            found_authority(transaction, key=key, name=key, sandbox=True)
    for number in range(2):
        with any_store.transaction(now=NOW, actor=Actor(who="c1", os_user="root")) as transaction:
            transaction.entries += [Entry(authority=authority, action="note", payload={"n": number, "ở": "đó"}) for authority in (2, 1)]
    return any_store


def findings(store: Store, authority: int = 1) -> list[str]:
    with store.reading() as connection:
        return list(broken_chain(connection, authority))


def test_each_authority_has_its_own_chain(journal: Store) -> None:
    with journal.reading() as connection:
        for authority in (1, 2):
            rows = list(read_entries(connection, authority))
            assert [row.number for row in rows] == [1, 2, 3]
            assert [row.previous for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
            assert [row.actor for row in rows] == ["system", "c1", "c1"]
            assert [orjson.loads(row.payload).get("n") for row in rows] == [None, 0, 1]
        heads = connection.execute(select(JOURNAL_HEAD.c.number, JOURNAL_HEAD.c.hash).order_by(JOURNAL_HEAD.c.authority_id)).all()
        assert [head.number for head in heads] == [3, 3]
    assert findings(journal, 1) == findings(journal, 2) == []


def test_business_time_and_recorded_time_are_both_kept(journal: Store) -> None:
    with journal.reading() as connection:
        row = next(read_entries(connection, 1))
        assert row.at == NOW
        assert abs(row.recorded_at - database_clock(connection)) < timedelta(minutes=2)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payload", '{"n":7}'),
        ("action", "other"),
        ("actor", "c2"),
        ("os_user", "khac"),
        ("at", NOW + timedelta(microseconds=1)),
        ("recorded_at", NOW),
        ("move", 1),
        ("hash", "0" * 64),
        ("previous", "1" * 64),
    ],
)
def test_any_change_of_an_entry_shows(journal: Store, field: str, value: object) -> None:
    with journal.engine.begin() as connection:
        connection.execute(update(JOURNAL).where(JOURNAL.c.authority_id == 1, JOURNAL.c.number == 2).values({field: value}))
    assert any("entry 2" in finding or "entry 3" in finding for finding in findings(journal))
    assert findings(journal, 2) == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_entry_shows_the_last_one_too(journal: Store, number: int) -> None:
    with journal.engine.begin() as connection:
        connection.execute(delete(JOURNAL).where(JOURNAL.c.authority_id == 1, JOURNAL.c.number == number))
    assert findings(journal)


def test_a_changed_head_shows(journal: Store) -> None:
    with journal.engine.begin() as connection:
        connection.execute(update(JOURNAL_HEAD).where(JOURNAL_HEAD.c.authority_id == 1).values(number=2))
    assert findings(journal) == ["the chain ends with entry 3, its head says 2"]


def test_more_entries_than_a_slice_are_read_in_order(any_store: Store) -> None:
    with any_store.transaction(now=NOW) as transaction:
        found_authority(transaction, key="mot", name="mot", sandbox=True)
        transaction.entries += [Entry(authority=1, action="note", payload={"n": number}) for number in range(2500)]
    assert findings(any_store) == []
    with any_store.reading() as connection:
        assert [row.number for row in read_entries(connection, 1, after=1990)] == list(range(1991, 2502))
