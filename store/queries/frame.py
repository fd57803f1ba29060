"""What stands around every page of the console: the years that there are, the one under way first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.cycles import CycleState
from store.schema import AUTHORITY, BRANDING, CYCLE, JOURNAL_HEAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameCycle:
    """A year in a menu."""

    id: int
    authority: int
    authority_key: str
    authority_name: str
    authority_name_en: str  #: empty: none was given
    short_name: str  #: of the authority; empty: none
    logo: str  #: SHA-256 of its picture; empty: none
    sandbox: bool
    zone: str
    title: str
    title_en: str
    year: int
    state: CycleState

    @property
    def is_under_way(self) -> bool:
        """Whether obligations of it move."""
        return self.state in {CycleState.LAUNCHED, CycleState.PAUSED}


def cycles_of_frame(connection: Connection, *, authorities: Sequence[int] | None) -> tuple[FrameCycle, ...]:
    """Return the years of some authorities, or of every sandbox (None): those under way first, the latest first. One query."""
    query = select(
        CYCLE.c.id,
        CYCLE.c.authority_id.label("authority"),
        AUTHORITY.c.key.label("authority_key"),
        AUTHORITY.c.name.label("authority_name"),
        func.coalesce(BRANDING.c.name_en, "").label("authority_name_en"),
        func.coalesce(BRANDING.c.short_name, "").label("short_name"),
        func.coalesce(BRANDING.c.logo_sha256, "").label("logo"),
        AUTHORITY.c.sandbox,
        AUTHORITY.c.zone,
        CYCLE.c.title,
        CYCLE.c.title_en,
        CYCLE.c.year,
        CYCLE.c.state,
    ).join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id)
    query = query.outerjoin(BRANDING, BRANDING.c.authority_id == CYCLE.c.authority_id)
    wanted = AUTHORITY.c.sandbox.is_(True) if authorities is None else CYCLE.c.authority_id.in_(authorities)
    rows = connection.execute(query.where(wanted).order_by(CYCLE.c.year.desc(), CYCLE.c.id.desc()))
    found = [FrameCycle(**{**row._mapping, "state": CycleState(row.state)}) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.is_under_way))


def journal_heads(connection: Connection) -> dict[int, int]:
    """Return the last number of each authority's journal. One query."""
    return dict(connection.execute(select(JOURNAL_HEAD.c.authority_id, JOURNAL_HEAD.c.number)).tuples().all())
