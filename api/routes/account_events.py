"""Account events: what was changed of accounts, and who was not let in, for the administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.routes.cycles import LARGEST
from api.routes.obligations import MOST
from api.whose import Whose, authority_asked, require_on_authority
from api.wire.accounts import AccountEventOut, AccountEventsOut
from api.wire.described import of_a_look
from evaluation.rights import Action
from store.queries.account_events import account_events
from store.queries.health import answering

router = APIRouter(tags=["account"])


class EventFilter(Whose):
    """Which events."""

    before: int | None = Field(default=None, ge=1, le=LARGEST)
    """`next_before` of the page before."""
    limit: int = Field(default=100, ge=1, le=MOST)
    """Events of a page."""


@router.get("/account-events", responses=of_a_look())
def read_account_events(asked: Annotated[EventFilter, Query()], person: SignedIn, served: HasServed, now: Now) -> AccountEventsOut:
    """
    Changes of passwords, second factors and tokens of an authority's accounts, refused tries and shut doors, the newest first.

    Tries of one sort, account and network address are one event for each quarter of an hour, with a count. What was tried with an
    address that has no account is of no authority: `dondoc journal --accounts` shows it to whoever runs the installation.
    """
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.MANAGE_ACCOUNTS, authority=authority.id, now=now)
        found = account_events(connection, authority=authority.id, before=asked.before, at_most=asked.limit + 1)
    shown = found[: asked.limit]
    return AccountEventsOut(
        items=[AccountEventOut.model_validate(vars(one)) for one in shown],
        next_before=shown[-1].id if len(found) > len(shown) else None,
    )
