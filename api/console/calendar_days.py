"""Single days of the working calendar, off, made up or swapped; what they would move in the years under way is seen first."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.idempotency import answer_of
from api.changing.people import ChangingPeople
from api.console.catalogues import N_
from api.console.change_effects import EffectView, effect_view
from api.console.deeds import Blank
from api.console.forms import fields_of, refused
from api.console.offices import office_of
from api.console.outbox import changing_by
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.problems.answering import problem_of
from api.problems.errors import ChangedError
from api.routes.calendar import authorise_import, require_unchanged
from api.wire.replanned import Telling, effect
from api.wire.replanning import CalendarEnteredOut, DayIn, ReplannedOut
from api.wire.work import Day
from evaluation.actions import Remark
from evaluation.rights_table import Action
from evaluation.workdays import DayKind, YearStatus
from store.commands.calendar_entry import calendar_of, enter_year
from store.commands.people import today
from store.commands.replan_refusals import ReplanError
from store.commands.replanning import Change, replan
from store.queries.cycles import running_cycles
from store.queries.health import answering
from store.refusals import RefusalError
from store.rights import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.deeds import Attempt
    from evaluation.workdays import Calendar, ListedDay
    from store.commands.leaving import Ended
    from store.commands.previewing import Preview
    from store.idempotency import Answer
    from store.queries.cycles import CycleFacts
    from store.session import Transaction

router = APIRouter(default_response_class=HTMLResponse)
REFUSED = (RefusalError, ValidationError, NotAllowedError, ChangedError)


class Entry(StrEnum):
    """What is entered."""

    OFF = "off"
    MAKEUP = "makeup"
    SWAP = "swap"  #: a working day taken off, and another day worked for it
    CLEAR = "clear"  #: as its weekday says


BLANKS = (
    Blank(
        name="entry",
        label=N_("Nhập gì"),
        kind="choice",
        choices=(
            (Entry.OFF.value, N_("một ngày nghỉ")),
            (Entry.MAKEUP.value, N_("một ngày làm bù")),
            (Entry.SWAP.value, N_("hoán đổi: nghỉ một ngày, làm bù ngày khác")),
            (Entry.CLEAR.value, N_("bỏ: ngày ấy như mọi ngày cùng thứ")),
        ),
    ),
    Blank(name="on", label=N_("Ngày"), kind="date", required=True),
    Blank(name="instead", label=N_("Ngày làm bù (khi hoán đổi)"), kind="date"),
    Blank(name="name", label=N_("Dịp"), hint="Quốc khánh"),
    Blank(name="decision", label=N_("Theo văn bản (số, ngày)"), required=True, hint="CV 12/SNV ngày 01/04/2026"),
)


class DaysIn(BaseModel):
    """What the form says."""

    model_config = ConfigDict(extra="ignore")

    entry: Entry
    on: Day
    instead: Day | None = None
    name: str = ""
    decision: str

    def days(self) -> list[DayIn]:
        """Return the days that stand in the calendar afterwards. ValidationError: a day made up on a working day, a word too long."""
        first = DayKind.MAKEUP_WORKDAY if self.entry is Entry.MAKEUP else DayKind.OFF
        kinds = [] if self.entry is Entry.CLEAR else [(self.on, first)]
        if self.entry is Entry.SWAP:
            kinds.append((self.instead or self.on, DayKind.MAKEUP_WORKDAY))
        name = self.name.strip() or self.decision
        return [
            DayIn.model_validate({"on": on, "kind": kind, "name": name, "source": self.decision, "decision": self.decision})
            for on, kind in kinds
        ]

    def check(self) -> None:
        """RefusalError: a swap lacks its second day, or has it in another year."""
        if self.entry is not Entry.SWAP:
            return
        if self.instead is None:
            vi, en = "hoán đổi thì phải ghi ngày làm bù", "a swap needs the day that is worked instead"
            raise RefusalError(vi, en, field="instead")
        if self.instead.year != self.on.year:
            vi = "hai ngày thuộc hai năm: nhập ngày nghỉ và ngày làm bù thành hai lần"
            en = "the two days are of two years: enter one after the other"
            raise RefusalError(vi, en, field="instead")


@dataclass(frozen=True, kw_only=True)
class YearEffect:
    """What the days would move in a year under way, once its calendar is replaced by this one."""

    cycle: CycleFacts
    out: ReplannedOut | None
    refused: str = ""


@dataclass(kw_only=True)
class Step:
    """What was asked, what it would do, and what was wrong with it."""

    fields: Mapping[str, str]
    attempt: Attempt | None = None
    version: str = ""  #: of the calendar that was looked at; empty: the shipped one
    effects: list[YearEffect] = field(default_factory=list)
    views: list[tuple[YearEffect, EffectView | None]] = field(default_factory=list)


@router.post("/settings/calendar")
async def enter(request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Look at what a day would move; enter it, once that was seen. Years under way keep their calendar until it is replaced there."""
    step = Step(fields=await fields_of(request))
    plain = await changing_by(visitor, person, step.fields)

    def done() -> Response:
        with answering(visitor.served.store) as connection:
            frame = frame_of(visitor, connection, here="settings", cycle=_cycle(step))
            authority = office_of(visitor, connection, frame, person, action=Action.IMPORT_CALENDAR)
        changing = ChangingPeople(**vars(plain), authority=authority, if_match=step.fields.get("etag", ""))
        try:
            asked = DaysIn.model_validate({name: value for name, value in step.fields.items() if value.strip()})
            asked.check()
            if step.fields.get("sure") == "yes":
                changing.change(lambda transaction: _entered(transaction, changing, asked))
                return RedirectResponse(f"/settings?done=calendar&year={asked.on.year}#calendar", status_code=303)
            changing.look(lambda transaction: _seen(transaction, changing, asked, step=step, visitor=visitor))
        except REFUSED as error:
            step.attempt = refused(visitor, error, action="calendar", fields=step.fields)
        return _page(visitor, person, step)

    return await run_in_threadpool(done)


def _cycle(step: Step) -> int | None:
    given = step.fields.get("cycle", "")
    return int(given) if given.isdecimal() else None


def _with_days(transaction: Transaction, changing: ChangingPeople, asked: DaysIn) -> Calendar:
    """Enter the days beside the others of their year. RefusalError where the year has no days yet."""
    authorise_import(changing, transaction)
    before = calendar_of(changing.store, transaction.connection, changing.authority.id)
    status = before.status(asked.on.year)
    if status is YearStatus.UNKNOWN:
        vi = f"lịch năm {asked.on.year} chưa có: nhập cả năm trước, trên máy chủ: dondoc calendar import --year {asked.on.year}"
        en = (
            f"{asked.on.year} has no calendar yet: enter the whole year first, on the server: dondoc calendar import --year {asked.on.year}"
        )
        raise RefusalError(vi, en, field="on")
    on = today(transaction, changing.authority)
    fresh = [one.listed(entered_on=on) for one in asked.days()]
    gone = {asked.on, *(one.on for one in fresh)}
    kept: list[ListedDay] = [one for one in before.days if one.on.year == asked.on.year and one.on not in gone]
    return enter_year(changing.store, transaction, changing.authority.id, year=asked.on.year, days=[*kept, *fresh], status=status)


def _entered(transaction: Transaction, changing: ChangingPeople, asked: DaysIn) -> Answer:
    require_unchanged(changing, transaction, changing.if_match)
    calendar = _with_days(transaction, changing, asked)
    year = asked.on.year
    days = sum(one.on.year == year for one in calendar.days)
    return answer_of(CalendarEnteredOut(version=calendar.version, year=year, status=calendar.status(year), days=days))


def _seen(transaction: Transaction, changing: ChangingPeople, asked: DaysIn, *, step: Step, visitor: Visitor) -> Answer:
    before = calendar_of(changing.store, transaction.connection, changing.authority.id)
    calendar = _with_days(transaction, changing, asked)
    step.version = before.version
    for cycle in running_cycles(transaction.connection, changing.authority.id):
        telling = Telling(cycle=cycle.id, applied=False, language=visitor.language)
        try:
            out = effect(transaction, telling, partial(_replaced, changing, transaction, cycle.id, calendar=calendar))
        except ReplanError as error:
            problem = problem_of(visitor.request, error, language=visitor.language)
            step.effects.append(YearEffect(cycle=cycle, out=None, refused=problem.detail))
        else:
            step.effects.append(YearEffect(cycle=cycle, out=out))
    return answer_of(CalendarEnteredOut(version=calendar.version, year=asked.on.year, status=calendar.status(asked.on.year), days=0))


def _replaced(changing: ChangingPeople, transaction: Transaction, cycle: int, *, calendar: Calendar) -> tuple[Preview, tuple[Ended, ...]]:
    return replan(changing.store, transaction, cycle, change=Change(calendar=calendar, accept_late=True), remark=Remark()), ()


def _page(visitor: Visitor, person: Person, step: Step) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="settings", cycle=_cycle(step))
        authority = office_of(visitor, connection, frame, person)
        step.views = [(one, None if one.out is None else effect_view(visitor, connection, one.cycle.id, one.out)) for one in step.effects]
        facts: dict[str, Any] = {"authority": authority, "step": step, "blanks": BLANKS, "once": uuid4().hex}
        return page(visitor, "calendar_days.html", frame, facts, status=422 if step.attempt else 200)
