"""Reports as pages show them: when each was sent, returned, sent again and accepted; which period is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, select

from evaluation.obligations import State
from evaluation.reports.chain import chains
from store.schema import JOURNAL, OBLIGATION, STAGE
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store

MILESTONES = ("submit", "withdraw", "return", "accept")


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """Something that happened to a report."""

    action: str  #: one of MILESTONES
    at: datetime
    days_late: int | None  #: of a submission, its own
    received_on: str  #: ISO date of a paper
    again: bool  #: sent again after a return


def milestones(connection: Connection, obligation: int) -> list[Milestone]:
    """Return when a report was sent, taken back, returned, sent again and accepted, in order."""
    query = select(JOURNAL.c.action, JOURNAL.c.at, JOURNAL.c.payload).where(JOURNAL.c.obligation_id == obligation)
    found: list[Milestone] = []
    for row in connection.execute(query.where(JOURNAL.c.action.in_(MILESTONES)).order_by(JOURNAL.c.number)):
        sent: dict[str, Any] = next((action for action in orjson.loads(row.payload)["actions"] if action["do"] == "submitted"), {})
        again = row.action == "submit" and any(one.action == "return" for one in found)
        late, received = sent.get("days_late"), str(sent.get("received_on", ""))
        found.append(Milestone(action=row.action, at=row.at, days_late=late, received_on=received, again=again))
    return found


def report_periods(store: Store, connection: Connection, cycle: int, *, now: datetime) -> list[str]:
    """Return the periods of a cycle's first chain of reports, in order; none where its plan has no chain."""
    chain = next(iter(chains(load_year(store, connection, cycle, now=now).plan)), ())
    keys = [stage.key for stage in chain[:2]]
    query = select(OBLIGATION.c.subject).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    query = query.where(OBLIGATION.c.cycle_id == cycle, STAGE.c.key.in_(keys)).group_by(OBLIGATION.c.subject)
    return list(connection.execute(query.order_by(OBLIGATION.c.subject)).scalars())


def period_under_way(store: Store, connection: Connection, cycle: int, *, now: datetime) -> str:
    """Return the last period of which a report has opened; the first where none has, the empty text where there are none."""
    periods = report_periods(store, connection, cycle, now=now)
    query = (
        select(func.max(OBLIGATION.c.subject))
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.subject.in_(periods), OBLIGATION.c.state != State.SCHEDULED.value)
    )
    return connection.execute(query).scalar() or next(iter(periods), "")
