"""What may be seen: what the policy lets one read of one's own authorities; every sandbox, where this machine's are open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends

from api.asking import HasServed
from api.doors.errors import NotSignedInError, SecondFactorNeededError
from api.doors.signing_in import MaybeSignedIn, Person
from evaluation.rights import Action, ActorFacts, Holding
from store.queries.rights import facts_of_account
from store.queries.sight import cycles_permitted, permitted
from store.queries.status import cycle_status

if TYPE_CHECKING:
    from datetime import datetime

    from store.queries.health import View
    from store.queries.obligations import Wanted
    from store.queries.sight import Readable
    from store.queries.status import CycleStatus
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Seeing:
    """Whose rows a request may see, and which of them."""

    authorities: tuple[int, ...] | None = None  #: None: of sandboxes, whosever they are
    person: Person | None = None
    _facts: list[ActorFacts] = field(default_factory=list, compare=False, repr=False)  #: read once in a request

    @property
    def sandboxes(self) -> bool:
        """Return whether sandboxes alone are seen, and all of them."""
        return self.authorities is None

    def facts(self, connection: View) -> ActorFacts:
        """Return who asks, as far as rights go."""
        if not self._facts:
            self._facts.append(ActorFacts() if self.person is None else facts_of_account(connection, self.person.account.id))
        return self._facts[0]

    def own_facts(self) -> ActorFacts:
        """Return as much of that as is known without asking the database: the posts held today, nobody stood in for."""
        return ActorFacts() if self.person is None else facts_of_person(self.person)

    def readable(self, store: Store, connection: View, *, now: datetime, action: Action = Action.READ_OBLIGATION) -> Readable | None:
        """Return the condition of the obligations that may be read; None where sandboxes are open."""
        return None if self.person is None else permitted(store, connection, self.facts(connection), action, now=now)

    def narrowed(self, wanted: Wanted, store: Store, connection: View, *, now: datetime) -> Wanted:
        """Return what is looked for, of what may be seen; nothing that its party may not see yet where sandboxes are open."""
        readable = self.readable(store, connection, now=now)
        return replace(wanted, sandboxes=self.sandboxes, authorities=self.authorities, visible=self.sandboxes, readable=readable)

    def cycles(self, store: Store, connection: View, *, now: datetime, cycle: int | None = None) -> list[SeenCycle]:
        """Return the cycles of which anything may be seen, or one of them: counted is what may be read."""
        readable = self.readable(store, connection, now=now)
        found = cycle_status(connection, now=now, cycle=cycle, sandboxes=self.sandboxes, authorities=self.authorities, readable=readable)
        if self.person is None:
            return [SeenCycle(status=one, whole=True) for one in found]
        whole = cycles_permitted(connection, self.facts(connection), Action.READ_STATUS, now=now)
        seen = [SeenCycle(status=one, whole=one.cycle in whole) for one in found]
        return [one for one in seen if one.whole or one.status.total.obligations]


@dataclass(frozen=True, kw_only=True)
class SeenCycle:
    """A cycle, and whether all of it may be seen."""

    status: CycleStatus
    whole: bool


def facts_of_person(person: Person) -> ActorFacts:
    """Return the posts that somebody holds today, as far as rights go; of which fields, and for whom they stand in, is left out."""
    held = (
        Holding(
            contact=one.contact,
            authority=one.authority,
            party=one.party,
            role=one.role,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in person.holdings
    )
    return ActorFacts(holdings=tuple(held), account=person.account.id)


async def seeing(found: MaybeSignedIn, served: HasServed) -> Seeing:
    """Return what a request may see; NotSignedInError if that is nothing."""
    if found is not None:
        if not found.is_whole:
            raise SecondFactorNeededError
        return Seeing(authorities=found.authorities, person=found)
    if served.is_open:
        return Seeing()
    raise NotSignedInError


MaySee = Annotated[Seeing, Depends(seeing)]
