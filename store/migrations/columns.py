"""Columns as the migrations since 0014 write them; what stands here is history too, and changes no more."""

import sqlalchemy as sa

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def reference(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    """Return a column of a table that names a row of another one."""
    return sa.Column(column, KEY, sa.ForeignKey(target, name=f"fk_{table}_{column}"), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Return a column of long text."""
    return sa.Column(name, sa.Text(), nullable=nullable)


def word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Return a column of a word or a short line."""
    return sa.Column(name, sa.String(), nullable=nullable)
