"""What the choice of units rests on: how often each was late, and in which years it was inspected before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from evaluation.inspections.naming import unit_named
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.terms import TermReason, Turn
from evaluation.track_records import Duty, track_record
from store.schema import CYCLE, INSPECTION, OBLIGATION, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.track_records import TrackRecord


def records_of(connection: Connection, parties: Collection[int], *, now: datetime, today: date) -> Mapping[int, TrackRecord]:
    """Return the track record of each of some parties, over all years of the authority; `today` is the local date of `now`."""
    own = select(TERM.c.obligation_id, func.max(TERM.c.number).label("number"))
    own = own.where(TERM.c.turn == Turn.PARTY.value, TERM.c.reason != TermReason.SUSPENSION.value).group_by(TERM.c.obligation_id)
    last = own.subquery()
    query = (
        select(OBLIGATION.c.id, OBLIGATION.c.party_id, OBLIGATION.c.state, OBLIGATION.c.suspended, OBLIGATION.c.days_late)
        .add_columns(TERM.c.due_on, TERM.c.due_at)
        .join(last, last.c.obligation_id == OBLIGATION.c.id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == last.c.number))
        .where(OBLIGATION.c.party_id.in_(sorted(parties)))
        .order_by(OBLIGATION.c.id)
    )
    duties: dict[int, list[Duty]] = defaultdict(list)
    for row in connection.execute(query):
        facts = {"due_on": row.due_on, "due_at": row.due_at, "days_late": row.days_late}
        duties[row.party_id].append(Duty(id=row.id, state=State(row.state), suspended=row.suspended, **facts))
    return {party: track_record(own, now=now, today=today) for party, own in duties.items()}


def inspected_years(connection: Connection, authority: int) -> list[tuple[str, int]]:
    """Return in which evaluated years which units were inspected: pairs (key, year) of all cycles of an authority."""
    done = OBLIGATION.c.state.in_([State.SUBMITTED.value, State.ACCEPTED.value]) | INSPECTION.c.held_on.is_not(None)
    query = (
        select(OBLIGATION.c.subject, CYCLE.c.year)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .outerjoin(INSPECTION, INSPECTION.c.obligation_id == OBLIGATION.c.id)
        .where(OBLIGATION.c.authority_id == authority, STAGE.c.kind == StageKind.INSPECTION.value, done)
    )
    return [(unit_named(row.subject), row.year) for row in connection.execute(query)]
