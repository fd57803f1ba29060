"""
Asking the policy in a transaction: who may not, gets nowhere; who may, acts in the capacity that the policy found.

API, console and command line call these as the first thing in the transaction of a command, so that nobody's rights change in between.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from evaluation.rights import decide
from evaluation.rights_words import ACTIONS
from store.commands.moves import NoSuchObligationError
from store.queries.leaf_rights import leaf_resources
from store.queries.rights import facts_of_contact, obligation_resource
from store.refusals import RefusalError
from store.schema import AUTHORITY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.rights import Action, ActorFacts, Resource, Verdict
    from store.session import Store, Transaction


class NotAllowedError(RefusalError):
    """The policy says no: why, in both languages."""

    def __init__(self, verdict: Verdict, *, action: Action) -> None:
        """Keep the verdict and what was to be done."""
        self.verdict, self.action = verdict, action
        vi, en = ACTIONS[action]
        super().__init__(f"{vi}: {verdict.vi}", f"{en}: {verdict.en}")


def authority_today(connection: Connection, authority: int, *, now: datetime) -> date:
    """Return the local date of an authority: offices are held from day to day."""
    zone = connection.execute(select(AUTHORITY.c.zone).where(AUTHORITY.c.id == authority)).scalar_one()
    return now.astimezone(ZoneInfo(zone)).date()


def require(connection: Connection, facts: ActorFacts, action: Action, resource: Resource, *, now: datetime) -> Verdict:
    """Return the verdict that allows it; NotAllowedError if it does not."""
    verdict = decide(facts, action, resource, on=authority_today(connection, resource.authority, now=now))
    if not verdict.allowed:
        raise NotAllowedError(verdict, action=action)
    return verdict


def authorise(store: Store, transaction: Transaction, obligation: int, action: Action, *, facts: ActorFacts | None = None) -> None:
    """
    Let a transaction's actor do something with an obligation, in the capacity that the policy finds: the journal keeps it.

    `facts` are those of an account; without them the actor's own contact is asked. The system may do everything.

    Raises:
        NoSuchObligationError: there is none, or none that the actor may know of.
        NotAllowedError: the policy says no.

    """
    if facts is None and transaction.actor.contact is None:
        return
    resource = obligation_resource(store, transaction.connection, obligation, now=transaction.now)
    if resource is None:
        raise NoSuchObligationError(obligation)
    try:
        authorise_on(transaction, action, resource, facts=facts)
    except NotAllowedError as refused:
        if refused.verdict.hidden:
            raise NoSuchObligationError(obligation) from None
        raise


def authorise_leaves(  # noqa: PLR0913  who, what, and which leaves of what
    store: Store, transaction: Transaction, obligation: int, action: Action, *, nodes: tuple[str, ...], facts: ActorFacts | None = None
) -> None:
    """Let a transaction's actor do something with leaves of a sheet, as `authorise` does with an obligation; each is asked about."""
    if facts is None and transaction.actor.contact is None:
        return
    resources = leaf_resources(store, transaction.connection, obligation, nodes, now=transaction.now)
    if not resources:
        authorise(store, transaction, obligation, action, facts=facts)
    for resource in resources.values():
        try:
            authorise_on(transaction, action, resource, facts=facts)
        except NotAllowedError as refused:
            if refused.verdict.hidden:
                raise NoSuchObligationError(obligation) from None
            raise


def authorise_on(transaction: Transaction, action: Action, resource: Resource, *, facts: ActorFacts | None = None) -> None:
    """
    Let a transaction's actor do something with a cycle, an authority or a contact, as `authorise` does with an obligation.

    Raises:
        NotAllowedError: the policy says no; its verdict says whether the thing is there at all, as far as the actor may know.

    """
    if facts is None and transaction.actor.contact is None:
        return
    known = facts if facts is not None else facts_of_contact(transaction.connection, transaction.actor.contact or 0)
    verdict = require(transaction.connection, known, action, resource, now=transaction.now)
    who = transaction.actor.who if verdict.contact is None else f"c{verdict.contact}"
    transaction.actor = replace(transaction.actor, who=who, deputy_of=verdict.deputy_of, on_behalf_of=verdict.on_behalf_of)
