"""Working calendars as stored: a version is never changed, so it is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from evaluation.workdays import Calendar, DayKind, ListedDay, YearStatus
from store.schema import AUTHORITY, CALENDAR, CALENDAR_DAY, CALENDAR_YEAR

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.session import Store, Transaction


def load_calendar(store: Store, connection: Connection, calendar: int) -> Calendar:
    """Return a stored calendar version."""
    kept: Calendar | None = store.kept.get(("calendar", calendar))
    if kept is None:
        kept = store.kept["calendar", calendar] = _read(connection, calendar)
    return kept


def _read(connection: Connection, calendar: int) -> Calendar:
    head = connection.execute(
        select(CALENDAR.c.version, AUTHORITY.c.zone)
        .join(AUTHORITY, AUTHORITY.c.id == CALENDAR.c.authority_id)
        .where(CALENDAR.c.id == calendar)
    ).one()
    days = connection.execute(select(CALENDAR_DAY).where(CALENDAR_DAY.c.calendar_id == calendar).order_by(CALENDAR_DAY.c.on))
    years = connection.execute(select(CALENDAR_YEAR).where(CALENDAR_YEAR.c.calendar_id == calendar))
    return Calendar(
        version=head.version,
        zone=ZoneInfo(head.zone),
        years={row.year: YearStatus(row.status) for row in years},
        days=tuple(
            ListedDay(on=row.on, kind=DayKind(row.kind), name=row.name, source=row.source, decision=row.decision, entered_on=row.entered_on)
            for row in days
        ),
    )


def keep_calendar(transaction: Transaction, *, authority: int, calendar: Calendar) -> int:
    """Store a calendar version for an authority, once, and return its id."""
    connection = transaction.connection
    known = connection.execute(
        select(CALENDAR.c.id).where(CALENDAR.c.authority_id == authority, CALENDAR.c.version == calendar.version)
    ).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = {"authority_id": authority, "version": calendar.version, "entered_at": transaction.now}
    ident = int(connection.execute(insert(CALENDAR).returning(CALENDAR.c.id), row).scalar_one())
    if calendar.days:
        connection.execute(
            insert(CALENDAR_DAY),
            [
                {
                    "calendar_id": ident,
                    "on": day.on,
                    "kind": day.kind.value,
                    "name": day.name,
                    "source": day.source,
                    "decision": day.decision,
                    "entered_on": day.entered_on,
                }
                for day in calendar.days
            ],
        )
    connection.execute(
        insert(CALENDAR_YEAR), [{"calendar_id": ident, "year": year, "status": status.value} for year, status in calendar.years.items()]
    )
    return ident
