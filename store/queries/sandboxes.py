"""Questions of whether a given time may be used, and of which calendar it is counted in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.cycles import CycleState
from store.schema import AUTHORITY, CYCLE
from store.years import NoSuchCycleError, load_year

if TYPE_CHECKING:
    from datetime import time

    from sqlalchemy import Connection

    from evaluation.workdays import Calendar
    from store.session import Store


RUNNING = "that runs"


def all_sandboxes(connection: Connection) -> bool:
    """Return whether every authority of the database is a sandbox."""
    real = select(func.count()).where(AUTHORITY.c.sandbox.is_(False))
    return connection.execute(real).scalar_one() == 0


def first_route(store: Store, connection: Connection) -> tuple[int, Calendar, time]:
    """Return the first running cycle with its calendar and slot; NoSuchCycleError if none runs."""
    row = connection.execute(
        select(CYCLE.c.id, CYCLE.c.launched_at).where(CYCLE.c.state == CycleState.LAUNCHED.value).order_by(CYCLE.c.id).limit(1)
    ).one_or_none()
    if row is None:
        raise NoSuchCycleError(RUNNING)
    year = load_year(store, connection, row.id, now=row.launched_at)
    return row.id, year.rulebook.calendar, year.plan.slot
