"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, TypeDecorator
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

#: Every constraint has a name, the same on both databases, so that a migration can name what it changes.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

#: A 64-bit key that SQLite numbers by itself.
Key = BigInteger().with_variant(Integer(), "sqlite")


class NaiveInstantError(ValueError):
    """A datetime without a time zone was about to be stored."""

    def __init__(self, value: datetime) -> None:
        """Keep the value."""
        super().__init__(f"{value!r} has no time zone; give an aware datetime in UTC")


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC, to the microsecond; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what PostgreSQL's driver stores: UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstantError(value)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the aware instant that PostgreSQL's driver read."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object] | None:
        """Return how an instant is written; SQLite keeps text, and the rows of a year share few instants."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return how an instant is read."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=4096)
def _written(value: datetime | None) -> str | None:
    """Return the text that SQLAlchemy keeps in SQLite for a date and time."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise NaiveInstantError(value)
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@lru_cache(maxsize=4096)
def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
