"""Today: what needs whoever looks, late first; for the coordinator also how the year stands and what is to be put in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.console.lines import DueView, due_views
from api.console.paper_views import asked_views
from api.console.visiting import Frame, Visitor, Visits, frame_of, page
from evaluation.obligations import State
from evaluation.terms import Turn
from store.outbox.states import MessageState
from store.queries.health import answering
from store.queries.mine import Mine, is_mine, mine_of
from store.queries.obligations import Page, Wanted, find_obligations
from store.queries.outbox import outbox
from store.queries.status import CycleStatus
from store.queries.votes_waiting import VotesWaiting, votes_waiting
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.queries.health import View
    from store.queries.obligations import ObligationLine

router = APIRouter(default_response_class=HTMLResponse)
MOST = 200
MOST_OF_OTHERS = 12
AHEAD = timedelta(days=60)  #: what opens later is shown so long before it is due
_IN_HAND = (State.OPEN, State.PREPARED, State.RETURNED, State.LAPSED)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How the years stand that are under way, of which the reader may see all; and the mail of the authority in the menu."""

    years: list[CycleStatus]
    owed: list[DueView]
    mails: Mapping[MessageState, int]


@dataclass(frozen=True, kw_only=True)
class Own:
    """What is somebody's."""

    waiting: tuple[ObligationLine, ...] = ()
    watched: tuple[ObligationLine, ...] = ()
    ahead: tuple[ObligationLine, ...] = ()


@router.get("/")
def today(visitor: Visits) -> HTMLResponse:
    """What needs whoever looks."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="today")
        mine = _mine(visitor, connection)
        waiting, watched, ahead = mine.waiting, mine.watched, mine.ahead
        to_sign = asked_views(visitor, connection, authority=frame.cycle.authority) if frame.cycle and "papers" in frame.pages else []
        asked_for = {one.duty for one in to_sign}  # they stand in a list of their own
        shown = {
            "waiting": due_views(visitor, connection, [line for line in waiting if line.id not in asked_for]),
            "watched": due_views(visitor, connection, watched[:MOST_OF_OTHERS]),
            "ahead": due_views(visitor, connection, ahead),
            "to_sign": to_sign,
            "votes": _votes(visitor, connection, frame),
            "overview": _overview(visitor, connection, frame),
            "vitals": visitor.served.vitals.find(visitor.now),
        }
        return page(visitor, "today.html", frame, shown)


def _mine(visitor: Visitor, connection: View) -> Own:
    """Return what waits for whoever looks, what of theirs waits for others, and what is to come."""
    seen = visitor.seen
    if seen.person is None:
        return Own()
    mine = mine_of(connection, seen.facts(connection), now=visitor.now)
    found = _found(visitor, connection, Wanted(in_force=True, mine_by=is_mine(mine)))
    waiting = tuple(line for line in found if _waits(line, mine))
    ahead = _found(visitor, connection, Wanted(states=(State.SCHEDULED,), mine_by=is_mine(mine)))
    soon = tuple(line for line in ahead if line.due_at is not None and visitor.now < line.due_at < visitor.now + AHEAD)
    return Own(waiting=waiting, watched=tuple(line for line in found if line not in waiting), ahead=soon[:MOST_OF_OTHERS])


def _votes(visitor: Visitor, connection: View, frame: Frame) -> list[VotesWaiting]:
    """Return the votes that wait for whoever looks, of whatever year."""
    if visitor.seen.person is None or frame.cycle is None:
        return []
    today = authority_today(connection, frame.cycle.authority, now=visitor.now)
    in_office = [one.contact for one in visitor.seen.facts(connection).holdings if one.is_in_office(today)]
    return votes_waiting(visitor.served.store, connection, in_office, today=today)


def _found(visitor: Visitor, connection: View, wanted: Wanted) -> list[ObligationLine]:
    narrowed = replace(_narrowed(visitor, connection, wanted), mine_by=wanted.mine_by)
    return find_obligations(visitor.served.store, connection, narrowed, now=visitor.now, page=Page(at_most=MOST))


def _waits(line: ObligationLine, mine: Mine) -> bool:
    """Whether it is whoever looks who has to do something: their party's turn, their signature as its head, or their review."""
    if line.state is State.PREPARED:
        return line.party_id in mine.headed
    own = line.party_id in mine.own | mine.deputised
    return own if line.turn is Turn.PARTY and line.state in _IN_HAND else not own


def _narrowed(visitor: Visitor, connection: View, wanted: Wanted) -> Wanted:
    return visitor.seen.narrowed(wanted, visitor.served.store, connection, now=visitor.now)


def _overview(visitor: Visitor, connection: View, frame: Frame) -> Overview | None:
    """Return how the years stand, to those who may see all of one; the year in the menu first."""
    if frame.cycle is None or "status" not in frame.pages:
        return None
    store, chosen = visitor.served.store, frame.cycle.id
    under_way = {one.id for one in frame.cycles if one.is_under_way} | {chosen}
    found = visitor.seen.cycles(store, connection, now=visitor.now)
    years = [one.status for one in found if one.whole and one.status.cycle in under_way]
    wanted = _narrowed(visitor, connection, Wanted(in_force=True, late=True))
    late = find_obligations(store, connection, wanted, now=visitor.now, page=Page(at_most=MOST_OF_OTHERS))
    mails = outbox(connection, authority=frame.cycle.authority, at_most=0).counts if "outbox" in frame.pages else {}
    years.sort(key=lambda one: one.cycle != chosen)
    return Overview(years=years, owed=_shown(visitor, connection, late), mails=mails)


def _shown(visitor: Visitor, connection: View, lines: Sequence[ObligationLine]) -> list[DueView]:
    return due_views(visitor, connection, lines)
