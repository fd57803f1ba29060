"""What was asked of a unit that ended: it passes to the one that took over, whose own answer it joins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.obligations import State
from evaluation.plans import Selector
from store.commands.authorities import import_roster
from store.schema import OBLIGATION, PARTY
from store.verify import verify
from tests.conftest import small_roster
from tests.store.test_asking import FLOOD, asked, launch

if TYPE_CHECKING:
    from store.session import Store


@pytest.mark.parametrize("keys", [("xa-2",), ("xa-1", "xa-2")])
def test_an_ad_hoc_report_passes_to_the_one_successor(store: Store, keys: tuple[str, ...]) -> None:
    year = launch(store)
    now = year.slot(date(2025, 3, 28))
    year.tick(now)
    sent = asked(year, replace(FLOOD, scope=Selector(keys=keys)), now=now)
    year.tick(now)
    parties = tuple(replace(one, valid_to=date(2025, 3, 30)) if one.key == "xa-2" else one for one in small_roster().parties)
    with store.transaction(now=year.slot(date(2025, 3, 31))) as transaction:
        import_roster(transaction, authority=1, roster=replace(small_roster(), parties=parties))
    year.tick(year.slot(date(2025, 4, 4)))
    with store.reading() as connection:
        query = (
            select(PARTY.c.key, OBLIGATION.c.state).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(OBLIGATION.c.subject == sent.key)
        )
        owed = connection.execute(query.order_by(PARTY.c.key)).tuples().all()
    assert dict(owed) == {"xa-1": State.OPEN.value, "xa-2": State.TRANSFERRED.value}
    assert verify(store) == []
