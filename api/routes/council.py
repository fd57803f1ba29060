"""The council of a cycle: its members, sessions, votes, what it settles and recommends. Its number is that of its obligation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import MayMove, Work
from api.routes.obligations import refuse
from api.sight import MaySee
from api.wire.council import CouncilMembersIn, CouncilMinutesIn, CouncilOut, MatterIn, ResolveIn, SessionIn, VotesIn
from api.wire.described import OF_A_MOVE, of_a_look
from api.wire.etags import etag_of
from api.wire.work_answers import WorkOut
from evaluation.rights_table import Action
from evaluation.scores.council import Recommendation
from store.commands.council import meeting, voting
from store.queries.council import council_view
from store.queries.health import answering
from store.queries.people import authority_of_obligation, contact_named
from store.queries.sight import of_sandboxes

if TYPE_CHECKING:
    from datetime import datetime

    from api.sight import Seeing
    from store.queries.council import CouncilView
    from store.queries.health import View
    from store.session import Store, Transaction

router = APIRouter(prefix="/obligations/{id}/council", tags=["council"])


@router.get("", responses=of_a_look("obligation"))
def read_council(council: Work, seen: MaySee, served: HasServed, now: Now, response: Response) -> CouncilOut:
    """The council: members, sessions, matters with their votes, recommendations; `ETag` of its obligation."""
    with answering(served.store) as connection:
        view = council_seen(served.store, connection, seen, council, now=now)
    response.headers["ETag"] = etag_of(view.moves)
    return CouncilOut.model_validate(view)


def council_seen(store: Store, connection: View, seen: Seeing, council: int, *, now: datetime) -> CouncilView:
    """
    Return a council that somebody may read.

    Raises:
        NoObligationError: there is none, or none that they may know of.
        NotAllowedError: they may not read it.
        NoSuchCouncilError: they may read it, and it is no council's decision.

    """
    readable = of_sandboxes(now=now) if seen.person is None else seen.readable(store, connection, now=now)
    view = council_view(store, connection, council, now=now, readable=readable)
    if view is None:
        refuse(store, connection, seen, council, now=now)
    return view


def _contact(transaction: Transaction, council: int, key: str) -> int:
    whose = authority_of_obligation(transaction.connection, council)
    assert whose is not None  # noqa: S101  it was held a moment ago
    return contact_named(transaction.connection, whose, key).id


@router.post("/members", response_model=WorkOut, responses=OF_A_MOVE)
def name_members(asked: CouncilMembersIn, doing: MayMove) -> Response:
    """Name the council's members under the decision that names them, in the place of whoever was named before."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        named = [meeting.Named(contact=_contact(transaction, ident, one.contact), post=one.post, unit=one.unit) for one in asked.members]
        meeting.name_members(store, transaction, ident, members=named, decision=asked.decision)

    return doing.move(Action.RUN_COUNCIL, act)


@router.post("/sessions", response_model=WorkOut, responses=OF_A_MOVE)
def open_session(asked: SessionIn, doing: MayMove) -> Response:
    """Open a session with those who are there; sessions are numbered from 1."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        present = [_contact(transaction, ident, key) for key in asked.present]
        meeting.open_session(store, transaction, ident, held_on=asked.held_on, present=present)

    return doing.move(Action.RUN_COUNCIL, act)


@router.post("/minutes", response_model=WorkOut, responses=OF_A_MOVE)
def write_minutes(asked: CouncilMinutesIn, doing: MayMove) -> Response:
    """Write number, date and text of a session's minutes."""
    minutes = meeting.Minutes(number=asked.number, text=asked.text)
    return doing.move(
        Action.RUN_COUNCIL,
        lambda store, transaction, ident: meeting.write_minutes(store, transaction, ident, session=asked.session, minutes=minutes),
    )


@router.post("/matters", response_model=WorkOut, responses=OF_A_MOVE)
def bring_matter(asked: MatterIn, doing: MayMove) -> Response:
    """Bring a matter before a session, with the final scores that it settles; matters are numbered from 1."""
    return doing.move(
        Action.RUN_COUNCIL,
        lambda store, transaction, ident: voting.bring(store, transaction, ident, session=asked.session, matter=asked.matter),
    )


@router.post("/votes", response_model=WorkOut, responses=OF_A_MOVE)
def vote(asked: VotesIn, doing: MayMove) -> Response:
    """Record votes, given at the session or in writing; nobody votes on their own unit."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        votes = [voting.Cast(contact=_contact(transaction, ident, one.contact), choice=one.choice, how=one.how) for one in asked.votes]
        voting.vote(store, transaction, ident, voting.Place(session=asked.session, matter=asked.matter), votes)

    return doing.move(Action.RUN_COUNCIL, act)


@router.post("/resolve", response_model=WorkOut, responses=OF_A_MOVE)
def resolve(asked: ResolveIn, doing: MayMove) -> Response:
    """Count the votes; without a quorum it is refused. What is carried is done: scores are settled, recommendations made."""
    made = [Recommendation(text=one.text, to=one.to, due_on=one.due_on) for one in asked.recommendations]

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        voting.close_matter(store, transaction, ident, voting.Place(session=asked.session, matter=asked.matter), made)

    return doing.move(Action.RUN_COUNCIL, act)
