"""Mail: what was sent to whom, and why one got it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.problems.errors import NoMessageError
from api.routes.cycles import LARGEST, Number
from api.routes.obligations import MOST
from api.whose import Whose, authority_asked, require_on_authority, verdict_on
from api.wire.described import of_a_look
from api.wire.office import MessageOut, OutboxOut, WhyOut
from evaluation.rights import Action
from store.outbox.states import MessageState
from store.queries.health import answering
from store.queries.outbox import outbox, read_message
from store.queries.people import authority_of_message
from store.queries.rights import authority_resource
from store.queries.why import why
from store.rights import NotAllowedError

if TYPE_CHECKING:
    from api.doors.signing_in import Person

router = APIRouter(tags=["mail"])


class MailFilter(Whose):
    """What narrows the outbox."""

    state: MessageState | None = None
    """Messages in this state only."""
    before: int | None = Field(default=None, ge=1, le=LARGEST)
    """`next_before` of the page before."""
    limit: int = Field(default=100, ge=1, le=MOST)
    """Messages of a page."""


@router.get("/outbox", responses=of_a_look("authority"))
def read_outbox(asked: Annotated[MailFilter, Query()], person: SignedIn, served: HasServed, now: Now) -> OutboxOut:
    """The outbox of one authority, the newest first; never the text of a mail."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.READ_OUTBOX, authority=authority.id, now=now)
        page = outbox(connection, authority=authority.id, state=asked.state, before=asked.before, at_most=asked.limit + 1)
    shown = page.messages[: asked.limit]
    return OutboxOut(
        counts=dict(page.counts),
        items=[MessageOut.model_validate(one) for one in shown],
        next_before=shown[-1].id if len(page.messages) > len(shown) else None,
    )


@router.get("/messages/{id}/why", responses=of_a_look("message"))  # noqa: FAST003  `Number` is its alias
def read_why(message: Number, person: SignedIn, served: HasServed, now: Now) -> WhyOut:
    """Why a mail was sent: for each of its notices the rung or the entry, the term, the plan's line and the document."""
    with answering(served.store) as connection:
        authority = authority_of_message(connection, message)
        if authority is None or authority.id not in person.authorities:
            raise NoMessageError(message)
        if not is_recipient(person, read_message(connection, message).line.recipient):
            verdict = verdict_on(connection, person, Action.READ_OUTBOX, authority_resource(connection, authority.id), now=now)
            if not verdict.allowed:
                raise NotAllowedError(verdict, action=Action.READ_OUTBOX)
        return WhyOut.model_validate(why(served.store, connection, str(message)))


def is_recipient(person: Person, recipient: str) -> bool:
    """Return whether a mail went to a contact that somebody is, or to the official mailbox of a unit in which they hold a post."""
    mailboxes = {f"m{holding.party}" for holding in person.holdings}
    return recipient in mailboxes | {f"c{contact}" for contact in person.contacts}
