"""Whose things are asked for: the authority that a request names, or the only one of whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from api.problems.errors import NoAuthorityError, WhichAuthorityError
from api.routes.obligations import Key
from evaluation.rights import decide
from store.commands.authorities import AuthorityError
from store.queries.health import answering
from store.queries.people import authority_named, authority_of_id
from store.queries.rights import authority_resource, facts_of_account
from store.rights import NotAllowedError, authority_today

if TYPE_CHECKING:
    from datetime import datetime

    from api.doors.signing_in import Person
    from evaluation.rights import Action, Resource, Verdict
    from store.queries.health import View
    from store.queries.people import AuthorityFacts
    from store.session import Store


class Whose(BaseModel):
    """Whose things; whoever belongs to several authorities must say."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    authority: Key = ""
    """Key of an authority; not needed by whoever belongs to one only."""


def own_authority(store: Store, person: Person, key: str) -> AuthorityFacts:
    """Return an authority in which somebody holds a post today; NoAuthorityError of any other, there or not."""
    with answering(store) as connection:
        try:
            found = authority_named(connection, key)
        except AuthorityError:
            raise NoAuthorityError(key) from None
    if found.id not in person.authorities:
        raise NoAuthorityError(key)
    return found


def authority_asked(connection: View, person: Person, key: str) -> AuthorityFacts:
    """
    Return the authority that a request is about.

    Raises:
        NoAuthorityError: one holds no post in it today.
        WhichAuthorityError: one belongs to several, and named none.

    """
    held = {one.authority_key: one.authority for one in person.holdings}
    if not key and len(held) > 1:
        raise WhichAuthorityError(sorted(held))
    found = held.get(key) if key else next(iter(held.values()), None)
    if found is None:
        raise NoAuthorityError
    return authority_of_id(connection, found)


def verdict_on(connection: View, person: Person, action: Action, resource: Resource, *, now: datetime) -> Verdict:
    """Return what the policy says."""
    facts = facts_of_account(connection, person.account.id)
    return decide(facts, action, resource, on=authority_today(connection, resource.authority, now=now))


def require_on_authority(connection: View, person: Person, action: Action, *, authority: int, now: datetime) -> None:
    """Raise NotAllowedError unless the policy lets somebody do something in an authority as a whole."""
    verdict = verdict_on(connection, person, action, authority_resource(connection, authority), now=now)
    if not verdict.allowed:
        raise NotAllowedError(verdict, action=action)
