"""Changing a running year: first what would move, then, with reason and document, the move; a unit that joins it or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.changing.cycles import ChangingCycle, MayChangeCycle, MayLookAtCycle
from api.languages import Spoken
from api.problems.errors import NothingAskedError
from api.routes.obligations import Key
from api.wire.described import OF_A_CYCLE, problems
from api.wire.replanned import Telling, effect
from api.wire.replanning import (
    ApplyJoinIn,
    ApplyLeaveIn,
    ChangeIn,
    DateIn,
    JoinIn,
    LeaveIn,
    MoveDueIn,
    ReplanIn,
    ReplannedOut,
)
from evaluation.actions import Remark
from evaluation.rights_table import Action
from store.commands.calendar_entry import calendar_of
from store.commands.leaving import Leave, leave_year
from store.commands.people import add_contact, add_unit
from store.commands.replanning import Change, replan
from store.queries.people import authority_of_cycle
from store.queries.rights import authority_resource
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notifications.letters import Language
    from store.commands.leaving import Ended
    from store.commands.previewing import Preview
    from store.session import Transaction

    Act = Callable[[Transaction], tuple[Preview, Sequence[Ended]]]

router = APIRouter(prefix="/cycles/{id}", tags=["replanning"])
OF_A_PREVIEW = problems(401, 403, 404, 409, 422, about="cycle")
#: What is written where nothing is kept; a waiver needs a reason also there.
UNSAID = Remark(reason="xem trước / preview", basis="xem trước / preview")
StageKey = Annotated[Key, Path(description="Khóa của công đoạn / the stage's key", examples=["plan"])]
UnitKey = Annotated[Key, Path(description="Khóa của đơn vị / the unit's key", examples=["xa-1"])]


@router.post("/replan/preview", response_model=ReplannedOut, responses=OF_A_PREVIEW)
def preview_replan(asked: ChangeIn, changing: MayLookAtCycle, language: Spoken) -> Response:
    """What a changed plan, date, ladder or calendar would move: every term, every mail that follows or becomes void. Nothing is kept."""
    return _look(changing, Action.REPLAN, _replanning(changing, asked, UNSAID), language=language)


@router.post("/replan", response_model=ReplannedOut, responses=OF_A_CYCLE)
def apply_replan(asked: ReplanIn, changing: MayChangeCycle, language: Spoken) -> Response:
    """Change the running year: its plan, dates, ladders or calendar; `If-Match` is the `ETag` of the cycle, or of the preview."""
    return _apply(changing, Action.REPLAN, _replanning(changing, asked, asked.remark), language=language)


def _replanning(changing: ChangingCycle, asked: ChangeIn, remark: Remark) -> Act:
    if not (asked.yaml or asked.dates or asked.calendar):
        raise NothingAskedError

    def act(transaction: Transaction) -> tuple[Preview, Sequence[Ended]]:
        whose = authority_of_cycle(transaction.connection, changing.cycle).id
        calendar = calendar_of(changing.store, transaction.connection, whose) if asked.calendar else None
        change = Change(yaml=asked.yaml or None, moved=asked.dates or None, calendar=calendar, accept_late=asked.accept_late)
        return replan(changing.store, transaction, changing.cycle, change=change, remark=remark), ()

    return act


@router.post("/stages/{key}/move-due/preview", response_model=ReplannedOut, responses=OF_A_PREVIEW)
def preview_move_due(key: StageKey, asked: DateIn, changing: MayLookAtCycle, language: Spoken) -> Response:
    """What another date of one stage would move. Nothing is kept."""
    return _look(changing, Action.MOVE_DUE, _moving(changing, key, asked, UNSAID), language=language)


@router.post("/stages/{key}/move-due", response_model=ReplannedOut, responses=OF_A_CYCLE)
def apply_move_due(key: StageKey, asked: MoveDueIn, changing: MayChangeCycle, language: Spoken) -> Response:
    """Move one date of one stage; `If-Match` is the `ETag` of the cycle, or of the preview."""
    return _apply(changing, Action.MOVE_DUE, _moving(changing, key, asked, asked.remark), language=language)


def _moving(changing: ChangingCycle, stage: str, asked: DateIn, remark: Remark) -> Act:
    name = f"{stage}.{asked.part}" + (f":{asked.period}" if asked.period else "")
    change = Change(moved={name: asked.on}, accept_late=asked.accept_late)
    return lambda transaction: (replan(changing.store, transaction, changing.cycle, change=change, remark=remark), ())


@router.post("/units/preview", response_model=ReplannedOut, responses=OF_A_PREVIEW)
def preview_join(asked: JoinIn, changing: MayLookAtCycle, language: Spoken) -> Response:
    """What a new unit would owe in a running year. Nothing is kept."""
    return _look(changing, Action.REPLAN, _joining(changing, asked, UNSAID), language=language)


@router.post("/units", response_model=ReplannedOut, responses=OF_A_CYCLE)
def apply_join(asked: ApplyJoinIn, changing: MayChangeCycle, language: Spoken) -> Response:
    """Add a unit to the authority and to a running year; `If-Match` is the `ETag` of the cycle, or of the preview."""
    return _apply(changing, Action.REPLAN, _joining(changing, asked, asked.remark), language=language)


def _joining(changing: ChangingCycle, asked: JoinIn, remark: Remark) -> Act:
    def act(transaction: Transaction) -> tuple[Preview, Sequence[Ended]]:
        authority = authority_of_cycle(transaction.connection, changing.cycle)
        changing.authorise(transaction, Action.CHANGE_PEOPLE, authority_resource(transaction.connection, authority.id))
        add_unit(transaction, authority, asked.unit.party)
        for one in asked.contacts:
            add_contact(changing.store, transaction, authority, one.contact)
        change = Change(accept_late=asked.accept_late)
        return replan(changing.store, transaction, changing.cycle, change=change, remark=remark), ()

    return act


@router.post("/units/{key}/drop/preview", response_model=ReplannedOut, responses=OF_A_PREVIEW)
def preview_leave(key: UnitKey, asked: LeaveIn, changing: MayLookAtCycle, language: Spoken) -> Response:
    """What becomes of what a unit owes if it leaves a running year. Nothing is kept."""
    return _look(changing, Action.REPLAN, _leaving(changing, key, asked, UNSAID), language=language)


@router.post("/units/{key}/drop", response_model=ReplannedOut, responses=OF_A_CYCLE)
def apply_leave(key: UnitKey, asked: ApplyLeaveIn, changing: MayChangeCycle, language: Spoken) -> Response:
    """
    Let a unit leave a running year and end: what it still owes is handed over to its successor or waived, at once.

    `If-Match` is the `ETag` of the cycle, or of the preview.
    """
    return _apply(changing, Action.REPLAN, _leaving(changing, key, asked, asked.remark), language=language)


def _leaving(changing: ChangingCycle, unit: str, asked: LeaveIn, remark: Remark) -> Act:
    leave = Leave(unit=unit, **{name: getattr(asked, name) for name in ("on", "successor", "undeclared", "accept_late")})
    on_each = Action.TRANSFER if asked.successor else Action.WAIVE

    def act(transaction: Transaction) -> tuple[Preview, Sequence[Ended]]:
        authority = authority_of_cycle(transaction.connection, changing.cycle)
        facts = changing.facts(transaction)
        changing.authorise(transaction, Action.CHANGE_PEOPLE, authority_resource(transaction.connection, authority.id))
        left = leave_year(
            changing.store,
            transaction,
            authority,
            cycle=changing.cycle,
            leave=leave,
            remark=remark,
            allow=lambda obligation: authorise(changing.store, transaction, obligation, on_each, facts=facts),
        )
        return left.preview, left.ended

    return act


def _look(changing: ChangingCycle, action: Action, act: Act, *, language: Language) -> Response:
    telling = Telling(cycle=changing.cycle, applied=False, language=language)
    return changing.look_at_cycle(action, lambda transaction: effect(transaction, telling, lambda: act(transaction)))


def _apply(changing: ChangingCycle, action: Action, act: Act, *, language: Language) -> Response:
    telling = Telling(cycle=changing.cycle, applied=True, language=language)
    return changing.change_cycle(action, lambda transaction: effect(transaction, telling, lambda: act(transaction)))
