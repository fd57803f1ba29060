"""
Locks: the order in which writers wait for each other, so that none waits in a circle.

Lease, then authority, then cycle, then stages, then obligations by id, then the stage of repairs, then the journal's head. SQLite has one
writer at a time and needs none of them; on PostgreSQL they are row locks, and never `FOR UPDATE`: that one would also stop whoever only
inserts a row that refers to the locked one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from store.schema import AUTHORITY, CYCLE, STAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select, Table


def _row(table: Table) -> Select[tuple[int]]:
    return select(table.c.id).where(table.c.id == bindparam("b_id"))


_HOLD_AUTHORITY = _row(AUTHORITY).with_for_update(key_share=True)
_SHARE_CYCLE = _row(CYCLE).with_for_update(read=True)
_HOLD_CYCLE = _row(CYCLE).with_for_update(key_share=True)
_HOLD_STAGE = _row(STAGE).with_for_update(key_share=True)


def hold_authority(connection: Connection, authority: int) -> None:
    """Keep others from launching a year or importing people of an authority until the transaction ends."""
    connection.execute(_HOLD_AUTHORITY, {"b_id": authority})


def share_cycle(connection: Connection, cycle: int) -> None:
    """Keep a cycle from being paused, closed or replanned until the transaction ends; many may share it."""
    connection.execute(_SHARE_CYCLE, {"b_id": cycle})


def hold_cycle(connection: Connection, cycle: int) -> None:
    """Keep everyone else from moving anything of a cycle until the transaction ends."""
    connection.execute(_HOLD_CYCLE, {"b_id": cycle})


def hold_stage(connection: Connection, stage: int) -> None:
    """Keep others from waking a stage, or from raising repairs in it, until the transaction ends."""
    connection.execute(_HOLD_STAGE, {"b_id": stage})


def insert_if_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row unless its key is there already, also where two insert it at once; return whether it is new."""
    return bool(insert_new(connection, table, [row]))


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Insert the rows whose keys are not there already, also where others insert them at once; return the keys of those that are new."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return set(connection.execute(fresh, rows).tuples())
