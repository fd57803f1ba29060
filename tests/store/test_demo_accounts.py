from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.scores.council import Post
from store.commands.accounts import DemoAccountError
from store.commands.authorities import found_authority
from store.commands.council.meeting import Named, name_members
from store.commands.demo_accounts import open_demo_accounts
from store.queries.accounts import account_of
from store.schema import NOTICE
from store.verify import verify
from tests.accounts import KEEPER
from tests.store.surveying import surveyed_year

if TYPE_CHECKING:
    from store.session import Store
    from tests.conftest import SmallYear

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)


def test_each_role_has_an_account_whose_password_is_new_each_time(any_year: SmallYear) -> None:
    store = any_year.store
    first, second = (open_demo_accounts(store, "thu", keeper=KEEPER, now=NOW) for _ in range(2))
    assert {one.role for one in first} == {"administrator", "auditor", "officer", "head", "coordinator", "chair"}
    assert [one.email for one in first] == [one.email for one in second]
    assert not {one.password for one in first} & {one.password for one in second}
    with store.reading() as connection:
        assert connection.execute(select(NOTICE.c.id).where(NOTICE.c.kind == "account-changed")).all() == [], "nobody is written to"
        for one in second:
            account = account_of(connection, one.email)
            assert account is not None
            assert account.demo
            assert KEEPER.is_right(one.password, kept=account.password_hash)
    assert verify(store) == []


def test_nobody_has_two_of_the_accounts(store: Store) -> None:
    year = surveyed_year(store)
    (council,) = year.ids("council")
    named = [Named(contact=year.contact(f"head.{key}")) for key in ("so-tu-phap", "xa-2", "xa-1")]
    chair = Named(contact=year.contact("head.so-noi-vu"), post=Post.CHAIR)
    year.do(name_members, council, members=[chair, *named], decision="10/QĐ-UBND", now=year.noon)
    accounts = open_demo_accounts(store, "thu", keeper=KEEPER, now=year.noon)
    assert "council-member" in {one.role for one in accounts}
    assert len({one.email for one in accounts}) == len(accounts)


def test_a_real_authority_gets_none(any_year: SmallYear) -> None:
    store = any_year.store
    with store.transaction(now=NOW) as transaction:
        found_authority(transaction, key="that", name="UBND thật", sandbox=False)
    with pytest.raises(DemoAccountError):
        open_demo_accounts(store, "that", keeper=KEEPER, now=NOW)
    with store.reading() as connection:
        assert account_of(connection, "administrator@demo.dondoc.invalid") is None
