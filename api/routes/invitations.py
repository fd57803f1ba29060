"""Invitations: an administrator lets contacts of the authority in, one by one or all together; each is reported by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter

from api.account_schemas import InvitationOut, InvitationsIn, InvitationsOut
from api.asking import HasServed, Now
from api.door_errors import NotAdministratorError
from api.signing_in import SignedIn
from store.commands.invitations import Inviting, invite_contacts, invite_everyone
from store.queries.health import answering
from store.queries.people import authority_named

if TYPE_CHECKING:
    from store.queries.people import AuthorityFacts

router = APIRouter(tags=["invitations"])


@router.post("/invitations")
def invite(asked: InvitationsIn, person: SignedIn, served: HasServed, now: Now) -> InvitationsOut:
    """Invite contacts of an authority by mail; `everyone`: all in office that have no account."""
    held = next((one for one in person.holdings if one.authority_key == asked.authority), None)
    if held is None:
        raise NotAdministratorError
    actor = person.actor_for(held.authority)
    with answering(served.store) as connection:
        authority: AuthorityFacts = authority_named(connection, asked.authority)
    lasts = timedelta(days=served.settings.invitation_days)
    inviting = Inviting(secrets=served.secrets, now=now, actor=actor, lasts=lasts)
    found = invite_everyone(served.store, authority, inviting) if asked.everyone else []
    found += invite_contacts(served.store, authority, asked.contacts, inviting)
    return InvitationsOut(items=[InvitationOut.model_validate(one) for one in found])
