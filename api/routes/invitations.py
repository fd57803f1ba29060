"""Invitations: an administrator lets contacts of the authority in, one by one or all together; each is reported by itself."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.whose import own_authority, verdict_on
from api.wire.accounts import InvitationOut, InvitationsIn, InvitationsOut
from api.wire.described import problems
from evaluation.rights import Action
from store.actors import Actor
from store.commands.invitations import Inviting, invite_contacts, invite_everyone
from store.queries.health import answering
from store.queries.rights import authority_resource
from store.rights import NotAllowedError

router = APIRouter(tags=["invitations"])


@router.post("/invitations", responses=problems(401, 403, 404, about="authority"))
def invite(asked: InvitationsIn, person: SignedIn, served: HasServed, now: Now) -> InvitationsOut:
    """Invite contacts of an authority by mail; `everyone`: all in office that have no account."""
    authority = own_authority(served.store, person, asked.authority)
    with answering(served.store) as connection:
        verdict = verdict_on(connection, person, Action.MANAGE_ACCOUNTS, authority_resource(connection, authority.id), now=now)
    if not verdict.allowed:
        raise NotAllowedError(verdict, action=Action.MANAGE_ACCOUNTS)
    actor = Actor(who=f"c{verdict.contact}", deputy_of=verdict.deputy_of, on_behalf_of=verdict.on_behalf_of)
    lasts = timedelta(days=served.settings.invitation_days)
    inviting = Inviting(secrets=served.secrets, now=now, actor=actor, lasts=lasts)
    found = invite_everyone(served.store, authority, inviting) if asked.everyone else []
    found += invite_contacts(served.store, authority, asked.contacts, inviting)
    return InvitationsOut(items=[InvitationOut.model_validate(one) for one in found])
