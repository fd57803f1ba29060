"""Changing a cycle as a whole: the right, the state that is meant, the command, and the cycle as it is now, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends

from api.changing.doing import Changing, IfMatch, Work, changing
from api.changing.idempotency import answer_of
from api.problems.errors import ChangedError
from api.wire.etags import matches
from api.wire.work_answers import CycleMovedOut
from store.locks import hold_authority, hold_cycle
from store.queries.cycles import cycle_version
from store.queries.rights import cycle_resource
from store.rights import NotAllowedError
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from starlette.responses import Response

    from evaluation.rights import Resource
    from evaluation.rights_table import Action
    from store.idempotency import Answer
    from store.session import Transaction


@dataclass(frozen=True, kw_only=True)
class ChangingCycle(Changing):
    """A request that changes a cycle: also which, and which state of it is meant."""

    cycle: int
    if_match: str

    def change_cycle(self, action: Action, act: Callable[[Transaction], BaseModel]) -> Response:
        """
        Let a command change the cycle, and return what it says with the ETag of the cycle as it is now.

        Raises:
            NoSuchCycleError, NotAllowedError: by rights.
            NoIfMatchError, ChangedError: the state that is meant was not said, or is not that of now.

        """

        def work(transaction: Transaction) -> Answer:
            authority = authorise_on_cycle(self, transaction, self.cycle, action)
            matches(self.if_match, etag="")
            hold_authority(transaction.connection, authority)
            hold_cycle(transaction.connection, self.cycle)
            now = self.as_it_is(transaction)
            if not matches(self.if_match, etag=now.etag):
                raise ChangedError(now, name="cycle", etag=now.etag)
            done = act(transaction)
            return answer_of(done, ETag=self.as_it_is(transaction).etag)

        return self.change(work)

    def look_at_cycle(self, action: Action, act: Callable[[Transaction], BaseModel]) -> Response:
        """Return what a command would say, with the ETag of the cycle as it is: nothing is changed."""

        def work(transaction: Transaction) -> Answer:
            authority = authorise_on_cycle(self, transaction, self.cycle, action)
            hold_authority(transaction.connection, authority)
            hold_cycle(transaction.connection, self.cycle)
            etag = self.as_it_is(transaction).etag
            return answer_of(act(transaction), ETag=etag)

        return self.look(work)

    def as_it_is(self, transaction: Transaction) -> CycleMovedOut:
        """Return the cycle as the transaction sees it."""
        return CycleMovedOut.of(cycle_version(transaction.connection, self.cycle))


def authorise_on_cycle(
    changing: Changing, transaction: Transaction, cycle: int, action: Action, *, resource: Resource | None = None
) -> int:
    """Let the asker do something with a cycle, and return whose it is. NoSuchCycleError, NotAllowedError."""
    resource = cycle_resource(transaction.connection, cycle) if resource is None else resource
    try:
        changing.authorise(transaction, action, resource)
    except NotAllowedError as refused:
        if refused.verdict.hidden:
            raise NoSuchCycleError(cycle) from None
        raise
    return resource.authority


def changing_cycle(cycle: Work, asked: Annotated[Changing, Depends(changing)], if_match: IfMatch = "") -> ChangingCycle:
    """Return the request as one that changes the cycle of its path."""
    return ChangingCycle(**vars(asked), cycle=cycle, if_match=if_match)


def looking_at_cycle(cycle: Work, asked: Annotated[Changing, Depends(changing)]) -> ChangingCycle:
    """Return the request as one that looks at what a change of the cycle of its path would do."""
    return ChangingCycle(**vars(asked), cycle=cycle, if_match="")


MayChangeCycle = Annotated[ChangingCycle, Depends(changing_cycle)]
MayLookAtCycle = Annotated[ChangingCycle, Depends(looking_at_cycle)]
