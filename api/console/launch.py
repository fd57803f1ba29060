"""Launching a year, step by step: the plan, its dates, its checks, its rehearsal; people and the launch are beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.catalogues import N_
from api.console.forms import fields_of, refused
from api.console.jobs import seen_job, view_of
from api.console.launch_dates import dates_of
from api.console.launch_steps import step_page
from api.console.launching import COPIED, AsWanted, Wanted, choosable, chosen_of, copyable, ready_plans
from api.console.visiting import Visitor, Visits
from api.doors.signing_in import SignedIn
from api.routes.cycles import LARGEST
from config.faults import PlanError
from config.loader import parse_plan
from evaluation.jobs import JobKind
from evaluation.lint import Severity, lint
from evaluation.rehearsing import Habit
from evaluation.rights_table import Action
from evaluation.workdays import UnknownYearError
from store.commands.jobs import JobOrder, TooManyJobsError, ask_job
from store.queries.health import answering
from store.queries.rights import facts_of_account
from store.queries.rosters import roster_of
from store.reports import known_forms
from store.rights import authorise_on

if TYPE_CHECKING:
    from api.console.deeds import Attempt
    from api.console.launching import Chosen
    from config.faults import Fault
    from evaluation.lints import Lint
    from store.queries.health import View

router = APIRouter(prefix="/launch", default_response_class=HTMLResponse)
HABITS = {
    Habit.MIXED: N_("Phần lớn đúng hạn, một số trễ, một số bị trả lại"),
    Habit.NONE: N_("Không ai nộp gì (thấy hết các bậc nhắc)"),
    Habit.GOOD: N_("Ai cũng nộp đúng hạn"),
    Habit.LATE: N_("Phần lớn đúng hạn, một số trễ, cuối cùng ai cũng nộp"),
    Habit.POOR: N_("Một nửa trễ hoặc không nộp"),
}


#: A lint about a plan's file: here the plan comes from the database or the shipped ones.
OF_FILES = "key-is-not-file-name"


class WantedJob(Wanted):
    """What is to be launched, and the job that rehearses it; 0: none was asked for."""

    job: int = Field(default=0, ge=0, le=LARGEST)


@router.get("")
def choose(
    visitor: Visits,
    authority: Annotated[str, Query(max_length=200)] = "",
    plan: Annotated[str, Query(max_length=200)] = "",
    year: Annotated[int, Query(ge=0, le=9999)] = 0,
) -> HTMLResponse:
    """For whom, by which plan, for which year."""
    with answering(visitor.served.store) as connection:
        authorities = choosable(visitor, connection)
        ran = copyable(connection, *(one.id for one in authorities))
        given = {"authority": authority or authorities[0].key, "plan": plan, "year": year or visitor.today(authorities[0].zone).year}
        if ran and not plan:
            given |= {"plan": f"{COPIED}{ran[0].id}", "year": year or ran[0].year + 1}
        return step_page(visitor, connection, "", {"authorities": authorities, "ran": ran, "ready": ready_plans(), "given": given})


@router.get("/dates")
def dates(wanted: AsWanted, visitor: Visits) -> HTMLResponse:
    """The dates of the year beside those of the year that the plan is taken from."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        return step_page(visitor, connection, "/dates", {"chosen": chosen, "dates": dates_of(chosen, now=visitor.now)})


@router.get("/check")
def check(wanted: AsWanted, visitor: Visits) -> HTMLResponse:
    """What is wrong with the plan on these people in this year, and what somebody should have meant."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        faults, found = checked(connection, chosen)
        errors = [one for one in found if one.severity is Severity.ERROR]
        warnings = [one for one in found if one.severity is Severity.WARNING]
        names = names_in(connection, chosen) if found else {}
        facts = {"chosen": chosen, "faults": faults, "errors": errors, "warnings": warnings, "names": names}
        return step_page(visitor, connection, "/check", facts)


def checked(connection: View, chosen: Chosen) -> tuple[tuple[Fault, ...], tuple[Lint, ...]]:
    """Return the plan's words that its people lack, and, where there is none, what the lints find."""
    roster = roster_of(connection, chosen.authority.id, on=chosen.plan.reference_on)
    try:
        plan = parse_plan(chosen.yaml, file=chosen.wanted.plan, roster=roster, forms=known_forms(connection, chosen.authority.id))
    except PlanError as error:
        return error.faults, ()
    try:
        found = lint(plan.named_for(chosen.wanted.year), roster=roster, year=chosen.wanted.year, calendar=chosen.calendar)
    except UnknownYearError:  # the step of the dates says what to do
        return (), ()
    return (), tuple(one for one in found if one.code != OF_FILES)


def names_in(connection: View, chosen: Chosen) -> dict[str, tuple[str, str]]:
    """Return what the stages, the parties and the plan that a lint may speak of are called, in Vietnamese and English, by key."""
    roster = roster_of(connection, chosen.authority.id, on=chosen.plan.reference_on)
    parties = {party.key: (party.name, party.name) for party in roster.parties}
    stages = {stage.key: (stage.title, stage.title_en) for stage in chosen.plan.stages}
    return {**parties, **stages, chosen.plan.key: chosen.title}


@router.get("/rehearsal")
def rehearsal(wanted: Annotated[WantedJob, Query()], visitor: Visits) -> HTMLResponse:
    """The year on a copy: asked for, under way, or done."""
    return rehearsal_page(visitor, wanted, job=wanted.job)


def rehearsal_page(visitor: Visitor, wanted: Wanted, *, job: int = 0, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the step of the rehearsal, with a job that one may look at."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        view = view_of(visitor, connection, seen_job(visitor, connection, job)) if job else None
        facts = {"chosen": chosen, "job": view, "habits": HABITS, "attempt": attempt}
        return step_page(visitor, connection, "/rehearsal", facts, status=422 if attempt else 200)


@router.post("/rehearsal")
async def ask_rehearsal(wanted: AsWanted, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Ask for a rehearsal; the engine does it."""
    fields = await fields_of(request)
    habit = Habit(fields["habit"]) if fields.get("habit") in set(Habit) else Habit.MIXED
    try:
        job = await run_in_threadpool(_asked, visitor, wanted, account=person.account.id, habit=habit)
    except TooManyJobsError as error:
        attempt = refused(visitor, error, action="rehearsal", fields=fields)
        return await run_in_threadpool(lambda: rehearsal_page(visitor, wanted, attempt=attempt))
    return RedirectResponse(f"/launch/rehearsal?{wanted.query}&job={job}", status_code=303)


def _asked(visitor: Visitor, wanted: Wanted, *, account: int, habit: Habit) -> int:
    store = visitor.served.store
    with answering(store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
    vi, en = chosen.title
    script = {"plan": wanted.plan, "title": vi, "title_en": en, "yaml": chosen.yaml, "year": wanted.year, "habit": habit.value}
    with store.transaction(now=visitor.now) as transaction:
        facts = facts_of_account(transaction.connection, account)
        authorise_on(transaction, Action.LAUNCH, chosen.resource, facts=facts)
        return ask_job(transaction, JobOrder(authority=chosen.authority.id, account=account, kind=JobKind.REHEARSAL, script=script))
