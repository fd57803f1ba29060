"""
What people do with one obligation: an address for each verb.

Each asks for the state that is meant (`If-Match`), is one transaction, and answers the obligation as it is now with its ETag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.changing.doing import MayMove
from api.wire.described import OF_A_MOVE
from api.wire.work import PrepareIn, ReasonIn, ReassignIn, RemarkIn, ReturnIn, SubmitIn, TransferIn, UrgeIn
from api.wire.work_answers import WorkOut
from evaluation.actions import Remark
from evaluation.rights_table import Action
from store.commands import assigning, moves, transferring
from store.commands.papers import require_paper
from store.measures import hold_measures
from store.queries.people import AuthorityFacts, authority_of_obligation, contact_named, party_named

if TYPE_CHECKING:
    from store.session import Store, Transaction

router = APIRouter(prefix="/obligations/{id}", tags=["work"], responses=OF_A_MOVE)


@router.post("/prepare", response_model=WorkOut)
def prepare(doing: MayMove, asked: PrepareIn | None = None) -> Response:
    """Hand the work to the head for signature, with what is to be signed in words."""
    text = None if asked is None else asked.text
    return doing.move(Action.PREPARE, lambda store, transaction, ident: moves.prepare(store, transaction, ident, text=text))


@router.post("/send-back", response_model=WorkOut)
def send_back(asked: ReasonIn, doing: MayMove) -> Response:
    """Refuse to sign, as the head."""
    return doing.move(Action.SEND_BACK, lambda store, transaction, ident: moves.send_back(store, transaction, ident, remark=asked.remark))


@router.post("/submit", response_model=WorkOut)
def submit(asked: SubmitIn, doing: MayMove) -> Response:
    """Submit; a paper that the standing body files for a unit carries when it came in, its number and date."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        require_paper(transaction, ident, asked.received_on, document=asked.document)
        came, document = asked.received_on, asked.document
        moves.submit(store, transaction, ident, received_on=came, document=document, text=asked.text, remark=asked.remark)

    return doing.move(Action.SUBMIT, act, hold=lambda transaction, ident: hold_measures(doing.store, transaction, ident))


@router.post("/withdraw", response_model=WorkOut)
def withdraw(asked: RemarkIn, doing: MayMove) -> Response:
    """Take a submission back before it is reviewed."""
    return doing.move(Action.WITHDRAW, lambda store, transaction, ident: moves.withdraw(store, transaction, ident, remark=asked.remark))


@router.post("/accept", response_model=WorkOut)
def accept(asked: RemarkIn, doing: MayMove) -> Response:
    """Accept a submission, as its receiver."""
    return doing.move(Action.ACCEPT, lambda store, transaction, ident: moves.accept(store, transaction, ident, remark=asked.remark))


@router.post("/return", response_model=WorkOut)
def return_for_correction(asked: ReturnIn, doing: MayMove) -> Response:
    """Return a submission for correction, with a remark on the whole and on each part."""
    return doing.move(
        Action.RETURN, lambda store, transaction, ident: moves.return_for_correction(store, transaction, ident, remark=asked.remark)
    )


@router.post("/suspend", response_model=WorkOut)
def suspend(asked: ReasonIn, doing: MayMove) -> Response:
    """Stop the clock."""
    return doing.move(Action.SUSPEND, lambda store, transaction, ident: moves.suspend(store, transaction, ident, remark=asked.remark))


@router.post("/resume-clock", response_model=WorkOut)
def resume_clock(asked: RemarkIn, doing: MayMove) -> Response:
    """Let the clock go on with what was left."""
    return doing.move(
        Action.RESUME_CLOCK, lambda store, transaction, ident: moves.resume_clock(store, transaction, ident, remark=asked.remark)
    )


@router.post("/waive", response_model=WorkOut)
def waive(asked: ReasonIn, doing: MayMove) -> Response:
    """Say that it is no longer owed."""
    return doing.move(Action.WAIVE, lambda store, transaction, ident: moves.waive(store, transaction, ident, remark=asked.remark))


@router.post("/transfer", response_model=WorkOut)
def transfer(asked: TransferIn, doing: MayMove) -> Response:
    """Pass it to a successor."""

    def successor(transaction: Transaction, ident: int) -> int:
        return party_named(transaction.connection, _authority(transaction, ident), asked.to)

    def hold(transaction: Transaction, ident: int) -> None:
        transferring.hold_both(transaction, ident, successor=successor(transaction, ident))

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        to = successor(transaction, ident)
        transferring.transfer(store, transaction, ident, successor=to, remark=asked.remark, undeclared=asked.undeclared)

    return doing.move(Action.TRANSFER, act, hold=hold)


@router.post("/urge", response_model=WorkOut)
def urge(asked: UrgeIn, doing: MayMove) -> Response:
    """Urge whoever's turn it is, by mail, phone or letter."""
    note = Remark(reason=asked.note)
    return doing.move(Action.URGE, lambda store, transaction, ident: moves.urge(store, transaction, ident, by=asked.by.value, remark=note))


@router.post("/reassign", response_model=WorkOut)
def reassign(asked: ReassignIn, doing: MayMove) -> Response:
    """Give the work to another contact of the same unit, or back to the officer; both are told of it as before."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        key = asked.contact
        colleague = contact_named(transaction.connection, _authority(transaction, ident), key).id if key else None
        assigning.reassign(store, transaction, ident, contact=colleague)

    return doing.move(Action.REASSIGN, act)


def _authority(transaction: Transaction, obligation: int) -> AuthorityFacts:
    found = authority_of_obligation(transaction.connection, obligation)
    assert found is not None  # noqa: S101  the right to it was just asked
    return found
