"""Invitations: a contact gets an account and a link by mail; one, or all of an authority, each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from evaluation.account_addresses import UnfitAccountAddressError
from evaluation.accounts import Purpose
from store.commands.accounts import AccountError, link_contact, note, obtain_account
from store.commands.links import send_link, void_links
from store.queries.people import NoSuchContactError, contact_named
from store.schema import CONTACT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from store.actors import Actor
    from store.queries.people import AuthorityFacts
    from store.secrets import Secrets
    from store.session import Store, Transaction

INVITATION_LASTS = timedelta(days=14)


class Invited(StrEnum):
    """What became of one invitation."""

    SENT = "sent"  #: a link is on its way
    LINKED = "linked"  #: the person has an account in use already, which now is this contact too
    REFUSED = "refused"  #: not possible: why, is said beside it


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One contact's invitation."""

    contact: str  #: key
    outcome: Invited
    account: int | None = None
    why: str = ""


def invite(
    transaction: Transaction, secrets: Secrets, authority: AuthorityFacts, key: str, *, lasts: timedelta = INVITATION_LASTS
) -> Invitation:
    """
    Invite a contact; one that was invited before and has not come gets a new link, and the old one is void.

    Raises:
        NoSuchContactError: the authority has no such contact.
        UnfitAccountAddressError: its address can be no account's.
        AccountError: its account is switched off, or is the demo's and the authority real.

    """
    connection = transaction.connection
    contact = contact_named(connection, authority, key)
    row = connection.execute(select(CONTACT.c.address, CONTACT.c.language, CONTACT.c.account_id).where(CONTACT.c.id == contact.id)).one()
    account = obtain_account(transaction, row.address, language=row.language)
    if row.account_id is None:
        link_contact(transaction, account, contact=contact.id, authority=authority.id)
    elif row.account_id != account.id:
        vi = "tài khoản của đầu mối này có địa chỉ khác với đầu mối; hãy để đầu mối khác thay"
        en = "this contact's account has another address than the contact; let another contact take over the post instead"
        raise AccountError(vi, en)
    if account.activated:
        return Invitation(contact=key, outcome=Invited.LINKED, account=account.id)
    void_links(transaction, account.id, purpose=Purpose.INVITATION)
    send_link(transaction, secrets, account.id, purpose=Purpose.INVITATION, lasts=lasts)
    note(transaction, account.id, "invite", contact=contact.id)
    return Invitation(contact=key, outcome=Invited.SENT, account=account.id)


@dataclass(frozen=True, kw_only=True)
class Inviting:
    """Who invites everyone, when, and for how long their links are good."""

    secrets: Secrets
    now: datetime
    actor: Actor | None = None
    lasts: timedelta = INVITATION_LASTS


def invite_everyone(store: Store, authority: AuthorityFacts, inviting: Inviting) -> list[Invitation]:
    """Invite each contact in office that has no account, each in a transaction of its own, and return what became of each."""
    today = inviting.now.astimezone(ZoneInfo(authority.zone)).date()
    in_office = (
        CONTACT.c.authority_id == authority.id,
        CONTACT.c.account_id.is_(None),
        or_(CONTACT.c.valid_from.is_(None), CONTACT.c.valid_from <= today),
        or_(CONTACT.c.valid_to.is_(None), CONTACT.c.valid_to >= today),
    )
    with store.reading() as connection:
        keys = connection.execute(select(CONTACT.c.key).where(*in_office).order_by(CONTACT.c.id)).scalars().all()
    return invite_contacts(store, authority, keys, inviting)


def invite_contacts(store: Store, authority: AuthorityFacts, keys: Iterable[str], inviting: Inviting) -> list[Invitation]:
    """Invite some contacts, each in a transaction of its own, and return what became of each."""
    return [_invited(store, authority, key, inviting) for key in keys]


def _invited(store: Store, authority: AuthorityFacts, key: str, inviting: Inviting) -> Invitation:
    try:
        with store.transaction(now=inviting.now, actor=inviting.actor) as transaction:
            return invite(transaction, inviting.secrets, authority, key, lasts=inviting.lasts)
    except (AccountError, UnfitAccountAddressError, NoSuchContactError) as error:
        return Invitation(contact=key, outcome=Invited.REFUSED, why=str(error))
