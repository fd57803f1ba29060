"""The council of a cycle: its members, sessions, votes, what it settles and recommends. Its number is that of its obligation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import Doing, MayChange, MayMove, Work
from api.changing.idempotency import answer_of
from api.problems.errors import NoObligationError
from api.routes.obligations import refuse
from api.sight import MaySee
from api.wire.council import (
    CloseSessionIn,
    ConflictIn,
    CouncilMembersIn,
    CouncilMinutesIn,
    CouncilOut,
    MatterIn,
    OwnConflictIn,
    OwnVoteIn,
    ResolveIn,
    SessionIn,
    VotesIn,
)
from api.wire.council_sheets import CouncilSheetOut, CouncilUnitOut, CouncilUnitsOut
from api.wire.described import OF_A_CHANGE, OF_A_MOVE, of_a_look, problems
from api.wire.etags import etag_of
from api.wire.work_answers import WorkOut
from evaluation.rights_table import Action
from evaluation.scores.council import Recommendation
from store.commands.council import meeting, own, voting
from store.queries.council import council_view
from store.queries.council_sheets import council_sheet, council_units
from store.queries.council_sight import council_as_seen, hidden_of_own
from store.queries.health import answering
from store.queries.people import authority_of_obligation, contact_named
from store.queries.rights import obligation_resource
from store.queries.sight import of_sandboxes
from store.rights import authorise, require
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.changing.doing import Changing
    from api.sight import Seeing
    from store.idempotency import Answer
    from store.queries.council_lines import CouncilView
    from store.queries.health import View
    from store.session import Store, Transaction

router = APIRouter(prefix="/obligations/{id}/council", tags=["council"])
Unit = Annotated[str, Path(min_length=1, max_length=200, examples=["xa-31813"])]


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
    me = () if seen.person is None else [one.contact for one in seen.facts(connection).holdings]
    view = council_view(store, connection, council, now=now, readable=readable, me=me)
    if view is None:
        refuse(store, connection, seen, council, now=now)
    viewer = None if seen.person is None else seen.facts(connection)
    return council_as_seen(view, hidden_of_own(store, connection, view, viewer=viewer, now=now))


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
        meeting.open_session(store, transaction, ident, held_on=asked.held_on, present=present, votes_by=asked.votes_by)

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


@router.post("/close-session", response_model=WorkOut, responses=OF_A_MOVE)
def close_session(asked: CloseSessionIn, doing: MayMove) -> Response:
    """Close a session: it takes no more matters and votes; what was voted on can still be counted."""
    return doing.move(
        Action.RUN_COUNCIL, lambda store, transaction, ident: meeting.close_session(store, transaction, ident, session=asked.session)
    )


@router.post("/conflicts", response_model=WorkOut, responses=OF_A_MOVE)
def note_conflict(asked: ConflictIn, doing: MayMove) -> Response:
    """Write down that a member has a conflict of interest about a unit: they do not vote on it, and their votes on it are dropped."""

    def act(store: Store, transaction: Transaction, ident: int) -> None:
        contact = _contact(transaction, ident, asked.contact)
        own.declare_conflict(store, transaction, ident, unit=asked.unit, reason=asked.reason, contact=contact)

    return doing.move(Action.RUN_COUNCIL, act)


@router.post("/own-vote", response_model=WorkOut, responses=OF_A_CHANGE)
def cast_own_vote(council: Work, asked: OwnVoteIn, changing: MayChange) -> Response:
    """Vote, or change one's vote, until the session is closed: present for who is there, else in writing. Nobody else changes it."""
    place = voting.Place(session=asked.session, matter=asked.matter)
    return _of_oneself(changing, council, lambda store, transaction: own.cast_own(store, transaction, council, place, asked.choice))


@router.post("/own-conflict", response_model=WorkOut, responses=OF_A_CHANGE)
def declare_own_conflict(council: Work, asked: OwnConflictIn, changing: MayChange) -> Response:
    """Declare one's own conflict of interest about a unit: one's votes on it that are not counted yet are dropped."""
    return _of_oneself(
        changing,
        council,
        lambda store, transaction: own.declare_conflict(store, transaction, council, unit=asked.unit, reason=asked.reason),
    )


def _of_oneself(changing: Changing, council: int, act: Callable[[Store, Transaction], object]) -> Response:
    """Do what touches nothing that anybody else changes: no state is meant, and members who vote at once do not get in each other's way."""
    doing = Doing(**vars(changing), obligation=council, if_match="")

    def work(transaction: Transaction) -> Answer:
        authorise(changing.store, transaction, council, Action.CAST_VOTE, facts=changing.facts(transaction))
        act(changing.store, transaction)
        left = doing.as_it_is(transaction)
        return answer_of(left, ETag=left.etag)

    return changing.change(work)


@router.get("/units", responses=problems(401, 403, 404, 422))
def list_units(council: Work, served: HasServed, seen: MaySee, now: Now) -> CouncilUnitsOut:
    """The units that the council may be asked about, with their index as it stands."""
    with answering(served.store) as connection, refusing():
        view = sheets_seen(served.store, connection, seen, council, now=now)
        return CouncilUnitsOut(
            items=[
                CouncilUnitOut.of(line) for line in council_units(served.store, connection, view, now=now, viewer=seen.facts(connection))
            ]
        )


@router.get("/units/{key}", responses=problems(401, 403, 404, 422))
def read_unit(council: Work, key: Unit, served: HasServed, seen: MaySee, now: Now) -> CouncilSheetOut:
    """A unit's sheet as members read it before they vote: index, three scores, explanations, what is proposed."""
    with answering(served.store) as connection, refusing():
        view = sheets_seen(served.store, connection, seen, council, now=now)
        return CouncilSheetOut.of(council_sheet(served.store, connection, view, key, now=now, viewer=seen.facts(connection)))


def sheets_seen(store: Store, connection: View, seen: Seeing, council: int, *, now: datetime) -> CouncilView:
    """Return a council whose sheets somebody may read. NoObligationError, NotAllowedError; NoSuchCouncilError of another obligation."""
    resource = obligation_resource(store, connection, council, now=now)
    if seen.person is None or resource is None or resource.authority not in seen.person.authorities:
        raise NoObligationError(council)
    require(connection, seen.facts(connection), Action.READ_COUNCIL_SHEETS, resource, now=now)
    return council_seen(store, connection, seen, council, now=now)
