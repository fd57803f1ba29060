"""Which version a database is of, asked without Alembic: `dondoc status` must answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def newest_version() -> str:
    """Return the newest version that this dondoc knows: revisions are numbered, and their files begin with the number."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def found_version(connection: Connection) -> str:
    """Return the version that a database says it is of; the empty text of one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
