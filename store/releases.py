"""Waiting stages: when one may go, and who wakes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from evaluation.kinds import StageKind
from evaluation.obligations import FINAL, IN_HAND, State
from evaluation.plans import Until
from store.schema import OBLIGATION, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.plans import Wait
    from store.session import Transaction
    from store.years import StageRef, Year

#: Kinds whose flow goes on after the last obligation is done.
HAS_CLOSING_STEPS = frozenset({StageKind.PLAN_ISSUANCE, StageKind.AD_HOC_REPORT, StageKind.COUNCIL_DECISION, StageKind.PUBLICATION})
#: Kinds whose flow looks again when somebody has answered.
HEARS_ANSWERS = frozenset({StageKind.AD_HOC_REPORT, StageKind.APPRAISAL})
_FINAL = [state.value for state in FINAL]
_OPEN = [state.value for state in (*IN_HAND, State.SCHEDULED)]


def wake_waiting(transaction: Transaction, year: Year, done: Collection[int]) -> None:
    """Make the tick look now at every stage that waits for one of these, and at those that have steps of their own left."""
    keys = {year.stages[stage].key for stage in done}
    own = [stage for stage in done if year.stages[stage].kind in HAS_CLOSING_STEPS]
    if own:
        transaction.connection.execute(update(STAGE).where(STAGE.c.id.in_(own)).values(next_at=transaction.now))
    waiting = [ref.id for ref in year.stages.values() if ref.released_at is None and _waits_for(ref, keys)]
    if waiting:
        wake = update(STAGE).where(STAGE.c.id.in_(waiting), STAGE.c.released_at.is_(None))
        transaction.connection.execute(wake.values(next_at=transaction.now))


def wake_findings(transaction: Transaction, year: Year, keys: Collection[str]) -> None:
    """Make the tick look now at the findings that these stages of re-inspections follow up."""
    stages = [ref.id for ref in year.stages.values() if ref.key in keys and ref.released_at is not None]
    if stages:
        transaction.connection.execute(update(STAGE).where(STAGE.c.id.in_(stages)).values(next_at=transaction.now))


def followed_up_by(year: Year, moved: Collection[int]) -> set[str]:
    """Return the keys of the stages of re-inspections that have to look again when something of these stages has moved."""
    keys = {year.stages[stage].key for stage in moved}
    settings = [ref.line.inspection for ref in year.stages.values() if ref.line.inspection is not None]
    return {one.reinspection for one in settings if keys & {one.remedy, one.reinspection, one.proposal, one.handling}}


def wake_answered(transaction: Transaction, year: Year, submitted: Collection[int]) -> None:
    """Make the tick look now at those of these stages in which an answer is something to act on."""
    own = [stage for stage in submitted if year.stages[stage].kind in HEARS_ANSWERS]
    if own:
        transaction.connection.execute(update(STAGE).where(STAGE.c.id.in_(own)).values(next_at=transaction.now))


def wake_by(transaction: Transaction, stage: int, *, at: datetime) -> None:
    """Make the tick look at a stage at a moment, unless it looks earlier by itself."""
    later = or_(STAGE.c.next_at.is_(None), STAGE.c.next_at > at)
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == stage, later).values(next_at=at))


def _waits_for(ref: StageRef, keys: set[str]) -> bool:
    return any(wait.stage in keys for wait in ref.line.waits_for)


def may_go(connection: Connection, year: Year, ref: StageRef, *, now: datetime) -> bool:
    """Return whether all that a stage waits for has happened."""
    return all(_has_happened(connection, year.stage(wait.stage), wait, now=now) for wait in ref.line.waits_for)


def _has_happened(connection: Connection, awaited: StageRef, wait: Wait, *, now: datetime) -> bool:
    if awaited.released_at is None:
        return False
    of_stage = select(func.count()).select_from(OBLIGATION).where(OBLIGATION.c.stage_id == awaited.id)
    match wait.until:
        case Until.ALL_DONE:
            return connection.execute(of_stage.where(OBLIGATION.c.state.not_in(_FINAL))).scalar_one() == 0
        case Until.DECIDED:
            accepted = connection.execute(of_stage.where(OBLIGATION.c.state == State.ACCEPTED.value)).scalar_one()
            return accepted > 0 and connection.execute(of_stage.where(OBLIGATION.c.state.not_in(_FINAL))).scalar_one() == 0
        case Until.LOCKED:
            unlocked = last_lock(connection, awaited)
            return unlocked is None or unlocked <= now


def last_lock(connection: Connection, awaited: StageRef) -> datetime | None:
    """Return when the last obligation still in hand locks (or is due, where it has no lock); None if none is left."""
    moment = func.coalesce(TERM.c.locks_at, TERM.c.due_at, type_=TERM.c.due_at.type)
    query = (
        select(func.max(moment, type_=TERM.c.due_at.type))
        .join(OBLIGATION, (OBLIGATION.c.id == TERM.c.obligation_id) & (OBLIGATION.c.term == TERM.c.number))
        .where(OBLIGATION.c.stage_id == awaited.id, OBLIGATION.c.state.in_(_OPEN))
    )
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found


def wake_at(connection: Connection, year: Year, ref: StageRef) -> datetime | None:
    """Return when a stage that still waits should be looked at again by itself: the last lock it waits for."""
    locks = [last_lock(connection, year.stage(wait.stage)) for wait in ref.line.waits_for if wait.until is Until.LOCKED]
    return max((lock for lock in locks if lock is not None), default=None)
