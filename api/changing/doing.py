"""
Doing: what every change goes through. One transaction: the key, the right, the state that is meant, the command, the answer.

Rights are asked as the first thing in the transaction that they allow, so that nobody's rights change in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Path

from api.asking import HasServed, Now, Served
from api.changing.idempotency import MaybeKeyed, answer_of, response_of
from api.doors.signing_in import Person, SignedIn
from api.problems.errors import ChangedError, NoObligationError
from api.wire.etags import etag_of, matches
from api.wire.work import LARGEST
from api.wire.work_answers import WorkOut
from evaluation.rights_table import Action
from store.commands import moves
from store.idempotency import Answer, Keyed, claim, keep_answer
from store.perform import StaleError
from store.queries.obligations import Wanted, find_obligations
from store.queries.rights import facts_of_account
from store.rights import authorise, authorise_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from evaluation.rights import ActorFacts, Resource
    from store.session import Store, Transaction

Work = Annotated[int, Path(alias="id", ge=1, le=LARGEST)]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=1000,
        description="ETag của nội dung cần sửa, như anh/chị đã xem; bắt buộc / the ETag of what is changed, as you saw it; required",
        examples=['"3"'],
    ),
]


class _LookedAtError(Exception):
    """A preview is over; nothing of it is kept."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@dataclass(frozen=True, kw_only=True)
class Changing:
    """A request that changes something: who asks, when, and by which key."""

    served: Served
    person: Person
    now: datetime
    keyed: Keyed | None

    @property
    def store(self) -> Store:
        """The store that is changed."""
        return self.served.store

    def change(self, work: Callable[[Transaction], Answer]) -> Response:
        """Do some work in one transaction and return its answer; a request that was answered before is answered again."""
        with self.store.transaction(now=self.now, actor=self.person.actor) as transaction:
            answer = None if self.keyed is None else claim(transaction, self.keyed)
            if answer is None:
                answer = work(transaction)
                if self.keyed is not None:
                    keep_answer(transaction, self.keyed, answer)
        return response_of(answer)

    def look(self, work: Callable[[Transaction], Answer]) -> Response:
        """Do some work, take it back whole, and return its answer: what it would do is what doing it does."""
        try:
            with self.store.transaction(now=self.now, actor=self.person.actor) as transaction:
                raise _LookedAtError(work(transaction))  # noqa: TRY301  the one way out of a transaction that takes it back
        except _LookedAtError as looked:
            return response_of(looked.answer)

    def facts(self, transaction: Transaction) -> ActorFacts:
        """Return who asks as far as rights go."""
        return facts_of_account(transaction.connection, self.person.account.id)

    def authorise(self, transaction: Transaction, action: Action, resource: Resource) -> None:
        """Let the asker do something with a cycle or an authority. NotAllowedError."""
        authorise_on(transaction, action, resource, facts=self.facts(transaction))


@dataclass(frozen=True, kw_only=True)
class Doing(Changing):
    """A request that changes one obligation."""

    obligation: int
    if_match: str

    def move(
        self, action: Action, act: Callable[[Store, Transaction, int], object], *, hold: Callable[[Transaction, int], None] | None = None
    ) -> Response:
        """
        Let a command do something with the obligation, and return it as it is now; `hold` locks what comes before it.

        Raises:
            NoSuchObligationError, NotAllowedError: by rights.
            NoIfMatchError, ChangedError: the state that is meant was not said, or is not that of now.
            TransitionError, CycleNotRunningError, RefusalError: as it stands it cannot be done.

        """
        return self.change(lambda transaction: self._moved(transaction, action, act, hold=hold))

    def _moved(
        self,
        transaction: Transaction,
        action: Action,
        act: Callable[[Store, Transaction, int], object],
        *,
        hold: Callable[[Transaction, int], None] | None,
    ) -> Answer:
        authorise(self.store, transaction, self.obligation, action, facts=self.facts(transaction))
        matches(self.if_match, etag="")
        if hold is not None:
            hold(transaction, self.obligation)
        self._require_unchanged(transaction)
        try:
            act(self.store, transaction, self.obligation)
        except StaleError:
            raise self._changed(transaction) from None
        left = self.as_it_is(transaction)
        return answer_of(left, ETag=left.etag)

    def _require_unchanged(self, transaction: Transaction) -> None:
        """Hold the obligation as the command will, and compare what it is with what the asker saw."""
        _, _, before = moves.read_held(self.store, transaction, self.obligation)
        if not matches(self.if_match, etag=etag_of(before.moves)):
            raise self._changed(transaction)

    def _changed(self, transaction: Transaction) -> ChangedError:
        left = self.as_it_is(transaction)
        return ChangedError(left, name="obligation", etag=left.etag)

    def as_it_is(self, transaction: Transaction) -> WorkOut:
        """Return the obligation as the transaction sees it."""
        found = find_obligations(self.store, transaction.connection, Wanted(obligation=self.obligation), now=self.now)
        if not found:
            raise NoObligationError(self.obligation)
        return WorkOut.of_line(found[0])


def changing(served: HasServed, person: SignedIn, now: Now, keyed: MaybeKeyed) -> Changing:
    """Return the request as one that changes something."""
    return Changing(served=served, person=person, now=now, keyed=keyed)


def doing(obligation: Work, asked: Annotated[Changing, Depends(changing)], if_match: IfMatch = "") -> Doing:
    """Return the request as one that changes the obligation of its path."""
    return Doing(**vars(asked), obligation=obligation, if_match=if_match)


MayChange = Annotated[Changing, Depends(changing)]
MayMove = Annotated[Doing, Depends(doing)]
