"""A year as a whole: launched from a plan, looked at first; paused, resumed, closed, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.changing.cycles import ChangingCycle, MayChangeCycle
from api.changing.doing import Changing, MayChange
from api.changing.idempotency import answer_of
from api.problems.errors import NoPlanError
from api.whose import own_authority
from api.wire.described import OF_A_CHANGE, OF_A_CYCLE
from api.wire.work import CycleWordsIn, LaunchIn
from api.wire.work_answers import CycleMovedOut, LaunchedOut
from config.loader import parse_plan, shipped_plans
from evaluation.cycles import CycleVerb
from evaluation.rights_table import Action
from store.commands.calendar_entry import calendar_of
from store.commands.cycle_moves import move_cycle
from store.commands.launching import Launch, launch
from store.queries.health import answering
from store.queries.people import AuthorityFacts, party_named
from store.queries.rights import authority_resource, facts_of_account
from store.rights import require

if TYPE_CHECKING:
    from evaluation.plans import Plan
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(prefix="/cycles", tags=["cycles"], responses=OF_A_CHANGE)


@router.post("", status_code=201, response_model=LaunchedOut)
def launch_year(asked: LaunchIn, changing: MayChange) -> Response:
    """Launch a year from a plan; a real authority's first mails wait until a coordinator lets them go. `preview`: 201, nothing is kept."""
    authority = own_authority(changing.store, changing.person, asked.authority)
    _require_likely(changing, authority)
    yaml = asked.yaml or _shipped(asked.plan)
    plan = parse_plan(yaml, file="plan")
    with answering(changing.store) as connection:
        calendar = calendar_of(changing.store, connection, authority.id)
    order = Launch(
        authority=authority.key,
        plan_yaml=yaml,
        year=asked.year,
        calendar=calendar,
        accept_projection=asked.accept_projection,
        accept_late=asked.accept_late,
        hold_mail=not authority.sandbox,
    )

    def work(transaction: Transaction) -> Answer:
        _require_launcher(changing, transaction, authority, plan=plan)
        done = launch(changing.store, transaction, order)
        sent = LaunchedOut(
            cycle=None if asked.preview else done.cycle, stages=done.stages, obligations=done.obligations, mail_held=order.hold_mail
        )
        if asked.preview:
            return answer_of(sent, status=201)
        return answer_of(sent, status=201, Location=f"/api/v1/cycles/{done.cycle}")

    return changing.look(work) if asked.preview else changing.change(work)


def _require_likely(changing: Changing, authority: AuthorityFacts) -> None:
    """Refuse whoever may not launch whatever the plan says, before it is read; whose first year it is, only the plan says."""
    with answering(changing.store) as connection:
        resource = authority_resource(connection, authority.id)
        if resource.standing_bodies:
            require(connection, facts_of_account(connection, changing.person.account.id), Action.LAUNCH, resource, now=changing.now)


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


@router.post("/{id}/pause", response_model=CycleMovedOut, responses=OF_A_CYCLE)  # noqa: FAST003  the parameter has its name as an alias
def pause(asked: CycleWordsIn, changing: MayChangeCycle) -> Response:
    """Pause: no rung fires, mail is held, dates stand."""
    return _move(changing, asked, verb=CycleVerb.PAUSE)


@router.post("/{id}/resume", response_model=CycleMovedOut, responses=OF_A_CYCLE)  # noqa: FAST003  the parameter has its name as an alias
def resume(asked: CycleWordsIn, changing: MayChangeCycle) -> Response:
    """Resume a paused cycle."""
    return _move(changing, asked, verb=CycleVerb.RESUME)


@router.post("/{id}/close", response_model=CycleMovedOut, responses=OF_A_CYCLE)  # noqa: FAST003  the parameter has its name as an alias
def close(asked: CycleWordsIn, changing: MayChangeCycle) -> Response:
    """Close a cycle that is done."""
    return _move(changing, asked, verb=CycleVerb.CLOSE)


@router.post("/{id}/cancel", response_model=CycleMovedOut, responses=OF_A_CYCLE)  # noqa: FAST003  the parameter has its name as an alias
def cancel(asked: CycleWordsIn, changing: MayChangeCycle) -> Response:
    """Cancel a cycle."""
    return _move(changing, asked, verb=CycleVerb.CANCEL)


def _move(changing: ChangingCycle, asked: CycleWordsIn, *, verb: CycleVerb) -> Response:
    def act(transaction: Transaction) -> CycleMovedOut:
        move_cycle(changing.store, transaction, changing.cycle, verb=verb, remark=asked.remark)
        return changing.as_it_is(transaction)

    return changing.change_cycle(Action(verb.value), act)
