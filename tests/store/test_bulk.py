"""Many rows at once: the driver gets what SQLAlchemy would have written, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from store.bulk import insert_rows
from store.columns import NaiveInstantError
from store.schema import NOTICE

if TYPE_CHECKING:
    from tests.conftest import SmallYear

AT = datetime(2025, 1, 2, 9, 0, tzinfo=timezone(timedelta(hours=7)))


def rows(year: SmallYear, many: int, **columns: Any) -> list[dict[str, Any]]:
    stage = year.scalar("select id from stage where key = 'plan'")
    return [
        {
            "authority_id": 1,
            "cycle_id": year.cycle,
            "stage_id": stage,
            "obligation_id": year.ids("plan")[0],
            "cause": "e:tried",
            "kind": "stage-opened",
            "recipient": f"c{number}",
            "term": 1,
            "at": AT,
            "slot_at": AT,
            **columns,
        }
        for number in range(many)
    ]


@pytest.mark.parametrize("many", [0, 3, 50])
def test_few_and_many_are_read_back_alike(any_year: SmallYear, many: int) -> None:
    """In UTC, with the defaults of the columns that no row names."""
    with any_year.store.transaction(now=AT) as transaction:
        insert_rows(transaction.connection, NOTICE, rows(any_year, many))
        found = transaction.connection.execute(select(NOTICE).where(NOTICE.c.cause == "e:tried").order_by(NOTICE.c.id)).all()
    assert [(row.recipient, row.at, row.cancelled, row.message_id) for row in found] == [
        (f"c{number}", AT.astimezone(UTC), False, None) for number in range(many)
    ]


def test_what_a_column_refuses_is_refused(any_year: SmallYear) -> None:
    with pytest.raises(Exception, match="no time zone") as refused, any_year.store.transaction(now=AT) as transaction:
        insert_rows(transaction.connection, NOTICE, rows(any_year, 50, at=AT.replace(tzinfo=None)))
    assert isinstance(refused.value, NaiveInstantError)
