"""The working calendar of an authority."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import HasServed, Now
from api.errors import NoCalendarError
from api.office_schemas import CalendarOut, DayOut
from api.signing_in import SignedIn
from api.whose import Whose, authority_asked, require_on_authority
from evaluation.rights import Action
from store.calendars import load_calendar
from store.queries.health import answering
from store.queries.people import newest_calendar

router = APIRouter(tags=["calendar"])


@router.get("/calendar")
def read_calendar(asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, now: Now) -> CalendarOut:
    """The working calendar that an authority entered last: how sure each year is, and the dates that differ from their weekday."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.READ_CALENDAR, authority=authority.id, now=now)
        newest = newest_calendar(connection, authority.id)
        if newest is None:
            raise NoCalendarError
        found = load_calendar(served.store, connection, newest)
    return CalendarOut(
        authority=authority.key,
        version=found.version,
        zone=str(found.zone),
        years=dict(found.years),
        days=[DayOut.model_validate(one) for one in found.days],
    )
