"""The rows of a plan: its versions, word by word, and its lines."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from store.schema import PLAN_VERSION, STAGE

if TYPE_CHECKING:
    from store.session import Transaction


def insert_stages(transaction: Transaction, rows: list[dict[str, Any]], *, authority: int, cycle: int) -> None:
    """Store lines of a plan; those that wait for nothing are released now."""
    mine = {"authority_id": authority, "cycle_id": cycle, "next_at": None, "moves": 0}
    stages = [{"released_at": None if row.pop("waits") else transaction.now, **row, **mine} for row in rows]
    if stages:
        transaction.connection.execute(insert(STAGE), stages)


def keep_plan_version(  # noqa: PLR0913  the columns of its row
    transaction: Transaction, *, cycle: int, number: int, yaml: str, moved: str = "{}", signed: str = ""
) -> None:
    """Store a version of a cycle's plan, word by word, with the document that issued it where there is one already."""
    transaction.connection.execute(
        insert(PLAN_VERSION),
        {
            "cycle_id": cycle,
            "number": number,
            "yaml": yaml,
            "sha256": hashlib.sha256(yaml.encode()).hexdigest(),
            "moved": moved,
            "signed": signed,
            "entered_at": transaction.now,
        },
    )
