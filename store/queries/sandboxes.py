"""Questions of whether a given time may be used, and of which calendar it is counted in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.cycles import CycleState
from store.queries.ticks import last_tick
from store.schema import AUTHORITY, CYCLE, JOURNAL
from store.years import NoSuchCycleError, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

    from sqlalchemy import Connection

    from evaluation.workdays import Calendar
    from store.session import Store


LAUNCHED = "that was launched"
_LIVELIEST = {CycleState.LAUNCHED.value: 0, CycleState.PAUSED.value: 1}
HISTORY_MADE = "history-made"  #: the journal's word for a demo whose history is whole


@dataclass(frozen=True, kw_only=True)
class History:
    """How far the made-up history of a sandbox has come."""

    authority: int
    made: bool = False  #: whole
    ticked_at: datetime | None = None  #: business time of its last finished tick
    cycles: Mapping[int, int] = field(default_factory=dict)  #: ids by evaluated year


def history_made(connection: Connection, authority: str) -> History | None:
    """Return how far the history of the sandbox of that key has come; None if there is no such authority."""
    ident = connection.execute(select(AUTHORITY.c.id).where(AUTHORITY.c.key == authority)).scalar_one_or_none()
    if ident is None:
        return None
    whose = JOURNAL.c.authority_id == ident
    made = select(func.count()).where(whose, JOURNAL.c.action == HISTORY_MADE)
    years = connection.execute(select(CYCLE.c.year, CYCLE.c.id).where(CYCLE.c.authority_id == ident)).all()
    return History(
        authority=ident,
        made=connection.execute(made).scalar_one() > 0,
        ticked_at=last_tick(connection, ident),
        cycles={row.year: row.id for row in years},
    )


def all_sandboxes(connection: Connection) -> bool:
    """Return whether every authority of the database is a sandbox."""
    real = select(func.count()).where(AUTHORITY.c.sandbox.is_(False))
    return connection.execute(real).scalar_one() == 0


def first_route(store: Store, connection: Connection) -> tuple[int, Calendar, time]:
    """
    Return the cycle whose calendar and slot a sandbox is driven by; NoSuchCycleError if none was ever launched.

    The first that runs, else the first that is paused, else any: no rung of those fires, but their mail still has to leave.
    """
    rows = connection.execute(select(CYCLE.c.id, CYCLE.c.state, CYCLE.c.launched_at).where(CYCLE.c.launched_at.is_not(None))).all()
    if not rows:
        raise NoSuchCycleError(LAUNCHED)
    row = min(rows, key=lambda row: (_LIVELIEST.get(row.state, len(_LIVELIEST)), row.id))
    year = load_year(store, connection, row.id, now=row.launched_at)
    return row.id, year.rulebook.calendar, year.plan.slot
