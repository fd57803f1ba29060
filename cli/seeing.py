"""
Reading as somebody: with `--as` a command shows what that contact may see by the table of rights.

Without it whoever holds the machine reads everything: they hold the database's file too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cli.errors import ExitCode, RefusedError
from config.clock import utc_now
from evaluation.rights import Action, decide
from store.queries.people import AuthorityFacts, NoSuchContactError, authority_named, contact_named, list_authorities, party_named
from store.queries.rights import authority_resource, facts_of_contact
from store.rights import authority_today, require

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from evaluation.rights import ActorFacts, Resource
    from store.queries.health import View


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Somebody who reads: a contact of an authority, as of now."""

    contact: int
    party: int
    authority: AuthorityFacts
    facts: ActorFacts
    now: datetime

    def require(self, connection: View, action: Action, resource: Resource | None = None) -> None:
        """Raise NotAllowedError unless they may read that of a thing, or of their authority as a whole."""
        whole = authority_resource(connection, self.authority.id) if resource is None else resource
        require(connection, self.facts, action, whole, now=self.now)

    def people_seen(self, connection: View, parties: Collection[str]) -> set[str]:
        """Return the parties, by key, whose people they may read; NotAllowedError if it is none."""
        whole = authority_resource(connection, self.authority.id)
        on = authority_today(connection, self.authority.id, now=self.now)
        resources = {key: replace(whole, owing=party_named(connection, self.authority, key)) for key in parties}
        seen = {key for key, one in resources.items() if decide(self.facts, Action.READ_PEOPLE, one, on=on).allowed}
        if not seen:
            self.require(connection, Action.READ_PEOPLE)
        return seen


def reader_of(connection: View, contact: str, *, authority: str = "") -> Reading | None:
    """
    Return who reads; None where nobody is named.

    Raises:
        NoSuchContactError: no authority has such a contact.
        RefusedError: several have one, and none was named.

    """
    if not contact:
        return None
    found = []
    keys = [authority] if authority else [one.key for one in list_authorities(connection)]
    for facts in [authority_named(connection, key) for key in keys]:
        try:
            found.append((facts, contact_named(connection, facts, contact)))
        except NoSuchContactError:
            continue
    if not found:
        raise NoSuchContactError(contact, authority=", ".join(keys))
    if len(found) > 1:
        vi, en = (
            f"nhiều cơ quan có đầu mối “{contact}”: thêm --authority",
            f"several authorities have a contact “{contact}”: add --authority",
        )
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    facts, one = found[0]
    return Reading(contact=one.id, party=one.party, authority=facts, facts=facts_of_contact(connection, one.id), now=utc_now())
