"""Changing people: the right, the unit that is meant, the command, and the unit as it is now, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query

from api.changing.doing import Changing, IfMatch, changing
from api.changing.idempotency import answer_of
from api.problems.errors import ChangedError
from api.whose import Whose, authority_asked
from api.wire.etags import matches
from api.wire.people import UnitChangedOut
from api.wire.unit_views import unit_etag, unit_shown
from evaluation.rights_table import Action
from store.commands.people import today
from store.locks import hold_authority
from store.queries.health import answering
from store.queries.people import NoSuchContactError, contact_named
from store.queries.rights import authority_resource, contact_resource
from store.queries.sight import party_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from api.wire.office import UnitDetailOut
    from store.commands.people import Changed
    from store.idempotency import Answer
    from store.queries.people import AuthorityFacts
    from store.session import Transaction


@dataclass(frozen=True, kw_only=True)
class ChangingPeople(Changing):
    """A request that changes people of an authority; `if_match`: which state of their unit is meant."""

    authority: AuthorityFacts
    if_match: str

    def add(self, unit: str, act: Callable[[Transaction], Changed], *, location: str = "") -> Response:
        """Let a command add somebody or a unit, and return the unit as it is then. NotAllowedError."""

        def work(transaction: Transaction) -> Answer:
            self.authorise(transaction, Action.CHANGE_PEOPLE, authority_resource(transaction.connection, self.authority.id))
            done = act(transaction)
            headers = {"Location": location} if location else {}
            return self._answer(transaction, unit, done, status=201, **headers)

        return self.change(work)

    def change_unit(self, key: str, act: Callable[[Transaction], Changed]) -> Response:
        """
        Let a command change a unit, and return it as it is then.

        Raises:
            NotAllowedError, NoUnitError: by rights; it is not there.
            NoIfMatchError, ChangedError: the state that is meant was not said, or is not that of now.

        """

        def work(transaction: Transaction) -> Answer:
            self.authorise(transaction, Action.CHANGE_PEOPLE, authority_resource(transaction.connection, self.authority.id))
            self._require_unchanged(transaction, key)
            return self._answer(transaction, key, act(transaction))

        return self.change(work)

    def change_contact(self, key: str, act: Callable[[Transaction], Changed], *, action: Action = Action.CHANGE_PEOPLE) -> Response:
        """
        Let a command change a contact, and return its unit as it is then.

        Raises:
            NotAllowedError, NoSuchContactError: by rights; it is not there.
            NoIfMatchError, ChangedError: the state of the unit that is meant was not said, or is not that of now.

        """

        def work(transaction: Transaction) -> Answer:
            unit = self._authorised(transaction, key, action)
            self._require_unchanged(transaction, unit)
            return self._answer(transaction, unit, act(transaction))

        return self.change(work)

    def _authorised(self, transaction: Transaction, key: str, action: Action) -> str:
        """Ask the right to a contact, and return the key of its unit; where there is none, the right to all of them is asked first."""
        connection = transaction.connection
        try:
            found = contact_named(connection, self.authority, key)
        except NoSuchContactError:
            self.authorise(transaction, action, authority_resource(connection, self.authority.id))
            raise
        resource = contact_resource(connection, found.id)
        assert resource is not None  # noqa: S101  it was just found
        self.authorise(transaction, action, resource)
        return party_keys(connection, [found.party])[found.party]

    def _require_unchanged(self, transaction: Transaction, unit: str) -> None:
        matches(self.if_match, etag="")
        hold_authority(transaction.connection, self.authority.id)
        before = self.as_it_is(transaction, unit)
        etag = unit_etag(before)
        if not matches(self.if_match, etag=etag):
            raise ChangedError(before, name="unit", etag=etag)

    def as_it_is(self, transaction: Transaction, unit: str) -> UnitDetailOut:
        """Return a unit as the transaction sees it; NoUnitError if there is none."""
        return unit_shown(transaction.connection, self.authority.id, unit, on=today(transaction, self.authority))

    def _answer(self, transaction: Transaction, unit: str, done: Changed, *, status: int = 200, **headers: str) -> Answer:
        left = self.as_it_is(transaction, unit)
        etag = unit_etag(left)
        return answer_of(UnitChangedOut(unit=left, etag=etag, mended=list(done.mended)), status=status, ETag=etag, **headers)


def changing_people(
    asked: Annotated[Changing, Depends(changing)], whose: Annotated[Whose, Query()], if_match: IfMatch = ""
) -> ChangingPeople:
    """Return the request as one that changes people of the authority that it names."""
    return ChangingPeople(**vars(asked), authority=_authority(asked, whose), if_match=if_match)


def adding_people(asked: Annotated[Changing, Depends(changing)], whose: Annotated[Whose, Query()]) -> ChangingPeople:
    """Return the request as one that adds people to the authority that it names."""
    return ChangingPeople(**vars(asked), authority=_authority(asked, whose), if_match="")


def _authority(asked: Changing, whose: Whose) -> AuthorityFacts:
    with answering(asked.store) as connection:
        return authority_asked(connection, asked.person, whose.authority)


MayChangePeople = Annotated[ChangingPeople, Depends(changing_people)]
MayAddPeople = Annotated[ChangingPeople, Depends(adding_people)]
