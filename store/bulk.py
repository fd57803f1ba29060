"""
Many rows at once: an INSERT compiled once for a table and its columns, its rows handed to the driver as they are.

SQLAlchemy builds the parameters of every row anew; of ten thousand notices that costs more than writing them. Types are bound by the same
processors, columns that are left out get the same defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect, Table

_FEW = 20  #: for fewer rows nothing is gained


@dataclass(frozen=True, kw_only=True)
class _Compiled:
    """An INSERT of some columns of a table for one kind of database."""

    sql: str
    names: tuple[str, ...]  #: of the parameters, in their order
    defaults: Mapping[str, Any]  #: of columns that no row names
    processors: tuple[tuple[str, Callable[[Any], Any]], ...]
    positional: bool


_KEPT: dict[tuple[str, str, tuple[str, ...]], _Compiled | None] = {}


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns; none is fine too."""
    if not rows:
        return
    compiled = _compiled(connection.dialect, table, tuple(rows[0])) if len(rows) > _FEW else None
    if compiled is None:
        connection.execute(insert(table), list(rows))
        return
    connection.exec_driver_sql(compiled.sql, _bound(compiled, rows))


def _compiled(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Compiled | None:
    """Return the INSERT of these columns; None where a default is not one plain value, so that SQLAlchemy has to make it."""
    key = (dialect.name, table.name, columns)
    if key not in _KEPT:
        _KEPT[key] = _compile(dialect, table, columns)
    return _KEPT[key]


def _compile(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Compiled | None:
    left_out = [column for column in table.columns if column.name not in columns and column.default is not None]
    if any(not getattr(column.default, "is_scalar", False) for column in left_out):
        return None
    defaults = {column.name: column.default.arg for column in left_out}  # type: ignore[union-attr]  # they have one
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=[*columns, *defaults])
    names = tuple(compiled.positiontup or ()) if compiled.positional else tuple(compiled.binds)
    return _Compiled(
        sql=str(compiled),
        names=names,
        defaults=defaults,
        processors=tuple(compiled._bind_processors.items()),  # noqa: SLF001  what the execution itself uses
        positional=compiled.positional,
    )


def _bound(compiled: _Compiled, rows: Sequence[dict[str, Any]]) -> list[Any]:
    made = []
    for row in rows:
        whole = {**compiled.defaults, **row}
        for name, process in compiled.processors:
            whole[name] = process(whole[name])
        made.append(tuple([whole[name] for name in compiled.names]) if compiled.positional else whole)
    return made
