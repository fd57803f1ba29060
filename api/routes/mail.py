"""The outbox: held, released; a single message let go, sent again, counted as sent. What may be read of it is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.changing.cycles import authorise_on_cycle
from api.changing.doing import Changing, MayChange, Work
from api.changing.idempotency import answer_of
from api.problems.errors import NoAuthorityError, NoMessageError
from api.whose import own_authority
from api.wire.described import OF_A_CHANGE
from api.wire.work import ReasonIn, RemarkIn
from api.wire.work_answers import MailOut
from evaluation.rights_table import Action
from store.outbox.holding import Outbox, count_as_sent, hold_outbox, release_message, release_outbox, resend
from store.queries.people import authority_of_message
from store.queries.rights import authority_resource
from store.rights import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(tags=["mail"], responses=OF_A_CHANGE)
AuthorityKey = Annotated[str, Path(alias="key", min_length=1, max_length=200, description="Khóa của cơ quan / the authority's key")]


@router.post("/authorities/{key}/outbox/hold", response_model=MailOut)  # noqa: FAST003  the parameter has its name as an alias
def hold_all(authority: AuthorityKey, asked: ReasonIn, changing: MayChange) -> Response:
    """Let no mail of an authority leave."""
    return _of_authority(changing, authority, asked, held=True)


@router.post("/authorities/{key}/outbox/release", response_model=MailOut)  # noqa: FAST003  the parameter has its name as an alias
def release_all(authority: AuthorityKey, asked: RemarkIn, changing: MayChange) -> Response:
    """Let the held mail of an authority go."""
    return _of_authority(changing, authority, asked, held=False)


@router.post("/cycles/{id}/outbox/hold", response_model=MailOut)  # noqa: FAST003  the parameter has its name as an alias
def hold_cycle(cycle: Work, asked: ReasonIn, changing: MayChange) -> Response:
    """Let no mail of a cycle leave."""
    return _of_cycle(changing, cycle, asked, held=True)


@router.post("/cycles/{id}/outbox/release", response_model=MailOut)  # noqa: FAST003  the parameter has its name as an alias
def release_cycle(cycle: Work, asked: RemarkIn, changing: MayChange) -> Response:
    """Let the held mail of a cycle go."""
    return _of_cycle(changing, cycle, asked, held=False)


def _of_authority(changing: Changing, key: str, asked: RemarkIn, *, held: bool) -> Response:
    found = own_authority(changing.store, changing.person, key)

    def work(transaction: Transaction) -> Answer:
        try:
            changing.authorise(transaction, _action(held=held), authority_resource(transaction.connection, found.id))
        except NotAllowedError as refused:
            if refused.verdict.hidden:
                raise NoAuthorityError(key) from None
            raise
        return _flagged(changing, transaction, Outbox(authority=found.id), asked, held=held)

    return changing.change(work)


def _of_cycle(changing: Changing, cycle: int, asked: RemarkIn, *, held: bool) -> Response:
    def work(transaction: Transaction) -> Answer:
        authority = authorise_on_cycle(changing, transaction, cycle, _action(held=held))
        return _flagged(changing, transaction, Outbox(authority=authority, cycle=cycle), asked, held=held)

    return changing.change(work)


def _action(*, held: bool) -> Action:
    return Action.HOLD_MAIL if held else Action.RELEASE_MAIL


def _flagged(changing: Changing, transaction: Transaction, outbox: Outbox, asked: RemarkIn, *, held: bool) -> Answer:
    do = hold_outbox if held else release_outbox
    return answer_of(MailOut(messages=do(changing.store, transaction, outbox, remark=asked.remark)))


@router.post("/messages/{id}/release", status_code=204, response_class=Response)  # noqa: FAST003  the parameter has its name as an alias
def release(message: Work, asked: RemarkIn, changing: MayChange) -> Response:
    """Let one held message go."""
    return _decide(changing, message, Action.RELEASE_MAIL, asked, release_message)


@router.post("/messages/{id}/resend", status_code=204, response_class=Response)  # noqa: FAST003  the parameter has its name as an alias
def send_again(message: Work, asked: RemarkIn, changing: MayChange) -> Response:
    """Send a message again of which nobody knows whether it left."""
    return _decide(changing, message, Action.RESEND_MAIL, asked, resend)


@router.post("/messages/{id}/count-as-sent", status_code=204, response_class=Response)  # noqa: FAST003  the parameter has its name as an alias
def say_sent(message: Work, asked: RemarkIn, changing: MayChange) -> Response:
    """Say that a message of which nobody knew has arrived."""
    return _decide(changing, message, Action.RESEND_MAIL, asked, count_as_sent)


def _decide(changing: Changing, message: int, action: Action, asked: RemarkIn, do: Callable[..., None]) -> Response:
    def work(transaction: Transaction) -> Answer:
        authority = authority_of_message(transaction.connection, message)
        if authority is None:
            raise NoMessageError(message)
        try:
            changing.authorise(transaction, action, authority_resource(transaction.connection, authority.id))
        except NotAllowedError as refused:
            if refused.verdict.hidden:
                raise NoMessageError(message) from None
            raise
        do(changing.store, transaction, message, remark=asked.remark)
        return answer_of(None, status=204)

    return changing.change(work)
