"""A year as a whole: launched from a plan, looked at first; paused, resumed, closed, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.described import OF_A_CHANGE
from api.doing import Changing, MayChange, Work
from api.errors import NoAuthorityError, NoPlanError
from api.idempotency import answer_of, response_of
from api.work_answers import CycleMovedOut, LaunchedOut
from api.work_schemas import CycleWordsIn, LaunchIn
from config.calendar_files import shipped_calendar
from config.loader import parse_plan, shipped_plans
from evaluation.cycles import CycleVerb
from evaluation.rights_table import Action
from store.calendars import load_calendar
from store.commands.authorities import AuthorityError
from store.commands.cycle_moves import move_cycle
from store.commands.launching import Launch, launch
from store.queries.health import answering
from store.queries.people import AuthorityFacts, authority_named, newest_calendar, party_named
from store.queries.rights import authority_resource, cycle_resource, facts_of_account
from store.rights import NotAllowedError, require
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from evaluation.plans import Plan
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(prefix="/cycles", tags=["cycles"], responses=OF_A_CHANGE)


class _LookedAtError(Exception):
    """A preview is over; nothing of it is kept."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@router.post("", status_code=201, response_model=LaunchedOut)
def launch_year(asked: LaunchIn, changing: MayChange) -> Response:
    """Launch a year from a plan; a real authority's first mails wait until a coordinator lets them go. `preview`: 201, nothing is kept."""
    authority = own_authority(changing, asked.authority)
    _require_likely(changing, authority)
    yaml = asked.yaml or _shipped(asked.plan)
    plan = parse_plan(yaml, file="plan")
    with answering(changing.store) as connection:
        entered = newest_calendar(connection, authority.id)
        calendar = shipped_calendar() if entered is None else load_calendar(changing.store, connection, entered)
    order = Launch(
        authority=authority.key,
        plan_yaml=yaml,
        year=asked.year,
        calendar=calendar,
        accept_projection=asked.accept_projection,
        hold_mail=not authority.sandbox,
    )

    def work(transaction: Transaction) -> Answer:
        _require_launcher(changing, transaction, authority, plan=plan)
        done = launch(changing.store, transaction, order)
        sent = LaunchedOut(
            cycle=None if asked.preview else done.cycle, stages=done.stages, obligations=done.obligations, mail_held=order.hold_mail
        )
        if asked.preview:
            raise _LookedAtError(answer_of(sent, status=201))
        return answer_of(sent, status=201, Location=f"/api/v1/cycles/{done.cycle}")

    try:
        return changing.change(work)
    except _LookedAtError as looked:
        return response_of(looked.answer)


def _require_likely(changing: Changing, authority: AuthorityFacts) -> None:
    """Refuse whoever may not launch whatever the plan says, before it is read; whose first year it is, only the plan says."""
    with answering(changing.store) as connection:
        resource = authority_resource(connection, authority.id)
        if resource.standing_bodies:
            require(connection, facts_of_account(connection, changing.person.account.id), Action.LAUNCH, resource, now=changing.now)


def own_authority(changing: Changing, key: str) -> AuthorityFacts:
    """Return an authority in which the asker has ever had a post; NoAuthorityError of any other, there or not."""
    with answering(changing.store) as connection:
        try:
            found = authority_named(connection, key)
        except AuthorityError:
            raise NoAuthorityError(key) from None
    if found.id not in changing.person.authorities:
        raise NoAuthorityError(key)
    return found


def _shipped(key: str) -> str:
    """Return a shipped plan's text by its key alone: no path leads anywhere else. NoPlanError."""
    for path in shipped_plans():
        if path.stem == key:
            return path.read_text(encoding="utf-8-sig")
    raise NoPlanError(key)


def _require_launcher(changing: Changing, transaction: Transaction, authority: AuthorityFacts, *, plan: Plan) -> None:
    """Refuse whoever is not of the authority's standing body; of its first year that is whom the plan names."""
    body = party_named(transaction.connection, authority, plan.standing_body)
    changing.authorise(transaction, Action.LAUNCH, authority_resource(transaction.connection, authority.id, first=[body]))


@router.post("/{id}/pause", response_model=CycleMovedOut)  # noqa: FAST003  the parameter has its name as an alias
def pause(cycle: Work, asked: CycleWordsIn, changing: MayChange) -> Response:
    """Pause: no rung fires, mail is held, dates stand."""
    return _move(changing, cycle, asked, verb=CycleVerb.PAUSE)


@router.post("/{id}/resume", response_model=CycleMovedOut)  # noqa: FAST003  the parameter has its name as an alias
def resume(cycle: Work, asked: CycleWordsIn, changing: MayChange) -> Response:
    """Resume a paused cycle."""
    return _move(changing, cycle, asked, verb=CycleVerb.RESUME)


@router.post("/{id}/close", response_model=CycleMovedOut)  # noqa: FAST003  the parameter has its name as an alias
def close(cycle: Work, asked: CycleWordsIn, changing: MayChange) -> Response:
    """Close a cycle that is done."""
    return _move(changing, cycle, asked, verb=CycleVerb.CLOSE)


@router.post("/{id}/cancel", response_model=CycleMovedOut)  # noqa: FAST003  the parameter has its name as an alias
def cancel(cycle: Work, asked: CycleWordsIn, changing: MayChange) -> Response:
    """Cancel a cycle."""
    return _move(changing, cycle, asked, verb=CycleVerb.CANCEL)


def _move(changing: Changing, cycle: int, asked: CycleWordsIn, *, verb: CycleVerb) -> Response:
    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, cycle, Action(verb.value))
        state = move_cycle(changing.store, transaction, cycle, verb=verb, remark=asked.remark)
        return answer_of(CycleMovedOut(id=cycle, state=state))

    return changing.change(work)


def authorise_on_cycle(changing: Changing, transaction: Transaction, cycle: int, action: Action) -> int:
    """Let the asker do something with a cycle, and return whose it is. NoSuchCycleError, NotAllowedError."""
    resource = cycle_resource(transaction.connection, cycle)
    try:
        changing.authorise(transaction, action, resource)
    except NotAllowedError as refused:
        if refused.verdict.hidden:
            raise NoSuchCycleError(cycle) from None
        raise
    return resource.authority
