"""The working calendar of an authority: read; a year of it entered, and what that would do to the years under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from api.asking import HasServed, Now
from api.changing.doing import IfMatch
from api.changing.idempotency import answer_of
from api.changing.people import ChangingPeople, MayAddPeople
from api.doors.signing_in import SignedIn
from api.problems.answering import problem_of
from api.problems.errors import ChangedError, NoCalendarError
from api.whose import Whose, authority_asked, require_on_authority
from api.wire.described import of_a_change, of_a_look, problems
from api.wire.etags import matches
from api.wire.office import CalendarOut, DayOut
from api.wire.replanning import CalendarEffectOut, CalendarEnteredOut, CalendarYearIn, CycleEffectOut
from evaluation.actions import Remark
from evaluation.rights import Action
from store.calendars import load_calendar
from store.commands.calendar_entry import enter_year
from store.commands.people import today
from store.commands.previewing import Preview
from store.commands.replan_refusals import ReplanError
from store.commands.replanning import Change, replan
from store.locks import hold_authority
from store.queries.cycles import cancelled_notices, running_cycles
from store.queries.health import answering
from store.queries.people import newest_calendar
from store.queries.rights import authority_resource

if TYPE_CHECKING:
    from evaluation.workdays import Calendar
    from store.idempotency import Answer
    from store.queries.cycles import CycleFacts
    from store.session import Transaction

router = APIRouter(tags=["calendar"])


@router.get("/calendar", responses=of_a_look("calendar"))
def read_calendar(asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, now: Now, response: Response) -> CalendarOut:
    """The working calendar that an authority entered last: how sure each year is, and the dates that differ from their weekday; `ETag`."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.READ_CALENDAR, authority=authority.id, now=now)
        newest = newest_calendar(connection, authority.id)
        if newest is None:
            raise NoCalendarError
        found = load_calendar(served.store, connection, newest)
    response.headers["ETag"] = _etag(found)
    return _shown(authority.key, found)


def _etag(calendar: Calendar) -> str:
    return f'"{calendar.version}"'


def _shown(authority: str, calendar: Calendar) -> CalendarOut:
    return CalendarOut(
        authority=authority,
        version=calendar.version,
        zone=str(calendar.zone),
        years=dict(calendar.years),
        days=[DayOut.model_validate(one) for one in calendar.days],
    )


@router.post("/calendar/preview", response_model=CalendarEffectOut, responses=problems(401, 403, 404, 409, 422))
def preview_calendar(asked: CalendarYearIn, changing: MayAddPeople, request: Request) -> Response:
    """What a year's days would move in the cycles under way, once put in force there. Nothing is kept."""

    def work(transaction: Transaction) -> Answer:
        calendar = _entered(changing, transaction, asked)
        cycles = running_cycles(transaction.connection, changing.authority.id)
        effects = [_effect(changing, transaction, one, calendar=calendar, request=request) for one in cycles]
        return answer_of(CalendarEffectOut(version=calendar.version, cycles=effects))

    return changing.look(work)


@router.post("/calendar", response_model=CalendarEnteredOut, responses=of_a_change("calendar"))
def enter_calendar(asked: CalendarYearIn, changing: MayAddPeople, if_match: IfMatch = "") -> Response:
    """
    Enter the days of a year in place of those that the calendar has of it; cycles under way keep theirs until they are replanned.

    `If-Match` is the `ETag` of the calendar; it is not needed where the authority has entered none.
    """

    def work(transaction: Transaction) -> Answer:
        authorise_import(changing, transaction)
        require_unchanged(changing, transaction, if_match)
        calendar = _entered(changing, transaction, asked)
        sent = CalendarEnteredOut(version=calendar.version, year=asked.year, status=asked.status, days=len(asked.days))
        return answer_of(sent, ETag=_etag(calendar))

    return changing.change(work)


def authorise_import(changing: ChangingPeople, transaction: Transaction) -> None:
    """Let whoever asks enter days of an authority. NotAllowedError."""
    changing.authorise(transaction, Action.IMPORT_CALENDAR, authority_resource(transaction.connection, changing.authority.id))


def require_unchanged(changing: ChangingPeople, transaction: Transaction, if_match: str) -> None:
    """Let nobody enter days beside a calendar that they have not seen. ChangedError."""
    hold_authority(transaction.connection, changing.authority.id)
    newest = newest_calendar(transaction.connection, changing.authority.id)
    if newest is None:
        return
    calendar = load_calendar(changing.store, transaction.connection, newest)
    if not matches(if_match, etag=_etag(calendar)):
        raise ChangedError(_shown(changing.authority.key, calendar), name="calendar", etag=_etag(calendar))


def _entered(changing: ChangingPeople, transaction: Transaction, asked: CalendarYearIn) -> Calendar:
    authorise_import(changing, transaction)
    on = today(transaction, changing.authority)
    days = [day.listed(entered_on=on) for day in asked.days]
    return enter_year(changing.store, transaction, changing.authority.id, year=asked.year, days=days, status=asked.status)


def _effect(
    changing: ChangingPeople, transaction: Transaction, cycle: CycleFacts, *, calendar: Calendar, request: Request
) -> CycleEffectOut:
    before, preview, problem = cancelled_notices(transaction.connection, cycle.id), Preview(moved=()), None
    try:
        change = Change(calendar=calendar, accept_late=True)
        preview = replan(changing.store, transaction, cycle.id, change=change, remark=Remark())
    except ReplanError as refused:
        problem = problem_of(request, refused)
    return CycleEffectOut(
        cycle=cycle.id,
        plan=cycle.plan,
        year=cycle.year,
        moved=len(preview.moved),
        late=preview.late,
        mails=preview.mails,
        cancelled=cancelled_notices(transaction.connection, cycle.id) - before,
        problem=problem,
    )
