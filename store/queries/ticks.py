"""When an authority was last ticked, asked without the rules: `dondoc status` must answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from store.schema import JOURNAL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

TICK_DONE = "tick-done"  #: the journal's word for a finished tick


def last_tick(connection: Connection, authority: int) -> datetime | None:
    """Return the business time of an authority's last finished tick; None if it never had one."""
    ticks = select(JOURNAL.c.at).where(JOURNAL.c.authority_id == authority, JOURNAL.c.action == TICK_DONE)
    return connection.execute(ticks.order_by(JOURNAL.c.number.desc()).limit(1)).scalar_one_or_none()
