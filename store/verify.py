"""
Verify: the invariants of design §6, asked of a database at rest.

Each finding is one sentence that names the row; none means that the store holds. The moment judged by is the business time of the last
tick in the journal: what has come due since is nobody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, func, or_, select

from evaluation.actions import Outcome
from evaluation.cycles import CycleState
from evaluation.ladders import rung_moments
from evaluation.obligations import FINAL, Obligation, State, next_at
from evaluation.replay import Entry, Rebuilt
from evaluation.terms import BY_PLAN, TermReason
from store.commands.steps import TICK, dates_by_period, period_of
from store.journal import broken_links, read_entries
from store.lives import MOST_IDS, read_obligations
from store.schema import ATTEMPT, AUTHORITY, CYCLE, JOURNAL, MESSAGE, NOTICE, OBLIGATION, RUNG
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store
    from store.years import Year

#: Further apart than this, business time and recorded time of an entry are worth a look.
CLOCKS_APART_SECONDS = 60


def verify(store: Store) -> list[str]:
    """Return every way in which the store does not hold; an empty list if it does."""
    with store.reading() as connection:
        authorities = connection.execute(select(AUTHORITY.c.id, AUTHORITY.c.key)).all()
        findings = [f"{row.key}: {finding}" for row in authorities for finding in _of_authority(store, connection, row.id)]
        return findings + list(_outbox(connection))


def _of_authority(store: Store, connection: Connection, authority: int) -> Iterator[str]:
    yield from broken_links(read_entries(connection, authority))
    rebuilt = _rebuild(connection, authority)
    yield from rebuilt.faults
    cycles = connection.execute(select(CYCLE.c.id, CYCLE.c.state).where(CYCLE.c.authority_id == authority)).all()
    for cycle in cycles:
        if rebuilt.cycles.get(cycle.id) != cycle.state:
            yield f"cycle {cycle.id} is {cycle.state}, its journal says {rebuilt.cycles.get(cycle.id)}"
        yield from _of_cycle(store, connection, cycle.id, rebuilt=rebuilt)


def _rebuild(connection: Connection, authority: int) -> Rebuilt:
    rebuilt = Rebuilt()
    for row in read_entries(connection, authority):
        rebuilt.take(
            Entry(
                number=row.number,
                cycle=row.cycle_id,
                stage=row.stage_id,
                obligation=row.obligation_id,
                move=row.move,
                payload=orjson.loads(row.payload),
            )
        )
    return rebuilt


@dataclass(frozen=True, kw_only=True)
class LastTick:
    """The last tick that did something in a cycle: its business time, and its last entry."""

    at: datetime
    entry: int


def last_tick(connection: Connection, cycle: int) -> LastTick | None:
    """Return a cycle's last tick that did something; None if there was none."""
    row = connection.execute(
        select(JOURNAL.c.at, JOURNAL.c.number)
        .where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action == TICK)
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LastTick(at=row.at, entry=row.number)


def _of_cycle(store: Store, connection: Connection, cycle: int, *, rebuilt: Rebuilt) -> Iterator[str]:
    tick = last_tick(connection, cycle)
    row = connection.execute(select(CYCLE.c.launched_at).where(CYCLE.c.id == cycle)).one()
    year = load_year(store, connection, cycle, now=tick.at if tick else row.launched_at)
    outcomes = _outcomes(connection, cycle)
    ids = connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.cycle_id == cycle).order_by(OBLIGATION.c.id)).scalars().all()
    for start in range(0, len(ids), MOST_IDS):
        some = OBLIGATION.c.id.in_(ids[start : start + MOST_IDS])
        for obligation in read_obligations(connection, some, history=True):
            yield from _against_journal(obligation, rebuilt=rebuilt, year=year)
            yield from _rungs(obligation, outcomes=outcomes, rebuilt=rebuilt, came=_came(obligation, rebuilt=rebuilt, year=year, tick=tick))
    yield from _stored_times(connection, year)


def _outcomes(connection: Connection, cycle: int) -> dict[tuple[int, int], dict[str, str]]:
    rows = connection.execute(
        select(RUNG.c.obligation_id, RUNG.c.term, RUNG.c.rung, RUNG.c.outcome)
        .join(OBLIGATION, OBLIGATION.c.id == RUNG.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle)
    )
    found: dict[tuple[int, int], dict[str, str]] = {}
    for ident, term, rung, outcome in rows:
        found.setdefault((ident, term), {})[rung] = outcome
    return found


def _against_journal(obligation: Obligation, *, rebuilt: Rebuilt, year: Year) -> Iterator[str]:
    """Invariant 4: what the journal rebuilds equals the table."""
    built = rebuilt.obligations.get(obligation.id)
    if built is None:
        yield f"obligation {obligation.id} is not in the journal"
        return
    built = replace(built, stage=obligation.stage)
    if built != obligation:
        names = [name for name in Obligation.__slots__ if getattr(built, name) != getattr(obligation, name)]
        yield f"obligation {obligation.id} ({year.cycle}) differs from its journal in {', '.join(names)}"


def _rungs(
    obligation: Obligation, *, outcomes: dict[tuple[int, int], dict[str, str]], rebuilt: Rebuilt, came: datetime | None
) -> Iterator[str]:
    """Invariants 1 and 4: each rung that must have a row has the one that the journal tells of."""
    for term in obligation.terms:
        rows = outcomes.get((obligation.id, term.number), {})
        for rung, outcome in rows.items():
            if rebuilt.rungs.get((obligation.id, term.number, rung)) != Outcome(outcome):
                yield f"rung {rung} of term {term.number} of obligation {obligation.id} differs from its journal"
        known = {moment.rung for moment in term.moments}
        if strange := sorted(rows.keys() - known):
            yield f"obligation {obligation.id} has rows of rungs that its term {term.number} does not have: {', '.join(strange)}"
        over = term is not obligation.term or obligation.state in FINAL
        missing = [m.rung for m in term.moments if m.rung not in rows and (over or (came is not None and m.at <= came))]
        if missing:
            yield f"obligation {obligation.id}, term {term.number}: no row for {', '.join(missing)}"


def _came(obligation: Obligation, *, rebuilt: Rebuilt, year: Year, tick: LastTick | None) -> datetime | None:
    """Return up to when the last tick had to notice or skip the rungs of an obligation; None if it had not to look at it."""
    live = year.state is CycleState.LAUNCHED and obligation.released and not obligation.suspended and obligation.state is not State.SCHEDULED
    looked_at = tick is not None and rebuilt.moved_by.get(obligation.id, 0) <= tick.entry
    return tick.at if live and looked_at and tick is not None else None


def _stored_times(connection: Connection, year: Year) -> Iterator[str]:
    """Invariant 5: stored moments equal their derivation from plan, calendar and term."""
    planned = {ref.key: dates_by_period(year, ref) for ref in year.stages.values()}
    every = OBLIGATION.c.cycle_id == year.cycle
    stored = dict(connection.execute(select(OBLIGATION.c.id, OBLIGATION.c.next_at).where(every)).tuples().all())
    for obligation in read_obligations(connection, every):
        if stored[obligation.id] != next_at(obligation):
            yield f"obligation {obligation.id}: next_at is {stored[obligation.id]}, it should be {next_at(obligation)}"
        if obligation.state in FINAL or obligation.suspended:
            continue
        yield from _term_times(obligation, year=year, planned=planned)


def _term_times(obligation: Obligation, *, year: Year, planned: dict[str, dict[str, Any]]) -> Iterator[str]:
    term = obligation.term
    if term.plan_version == year.rulebook.plan_version and term.calendar_version == year.rulebook.calendar.version:
        ladder = year.plan.ladder(term.ladder)
        moments = rung_moments(term, ladder=ladder, calendar=year.rulebook.calendar, slot=year.plan.slot)
        if term.reason is TermReason.WITHDRAWAL:
            moments = tuple(moment for moment in moments if moment.at > term.written_at)
        if moments != term.moments:
            yield f"obligation {obligation.id}: the rungs of term {term.number} are not where plan and calendar put them"
    ref = year.stage(obligation.stage)
    dates = planned[obligation.stage].get(period_of(obligation, ref))
    if term.made_as in BY_PLAN and obligation.released and dates is not None and not ref.line.on_request and dates.due_on != term.due_on:
        yield f"obligation {obligation.id}: due on {term.due_on}, the plan says {dates.due_on}"


def _outbox(connection: Connection) -> Iterator[str]:
    """Invariants 2 and 3: every message is in one state, sent once unless it was unknown; no cancelled notice waits in one."""
    waiting = (
        select(NOTICE.c.id)
        .join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        .where(NOTICE.c.cancelled, MESSAGE.c.state.in_(("held", "queued")))
    )
    for ident in connection.execute(waiting).scalars():
        yield f"notice {ident} is cancelled and its message still waits"
    twice = (
        select(ATTEMPT.c.message_id, func.count())
        .where(ATTEMPT.c.outcome == "sent")
        .group_by(ATTEMPT.c.message_id)
        .having(func.count() > 1)
    )
    for ident, times in connection.execute(twice):
        unsure = select(func.count()).where(ATTEMPT.c.message_id == ident, ATTEMPT.c.outcome == "unknown")
        if connection.execute(unsure).scalar_one() == 0:
            yield f"message {ident} was sent {times} times and was never unknown"
    sent_without = select(MESSAGE.c.id).where(
        or_(
            and_(MESSAGE.c.state == "sent", MESSAGE.c.sent_at.is_(None)),
            and_(MESSAGE.c.state.in_(("held", "queued", "sending")), MESSAGE.c.sent_at.is_not(None)),
        )
    )
    for ident in connection.execute(sent_without).scalars():
        yield f"message {ident}: its state and its time of sending do not agree"


def clocks_apart(connection: Connection) -> Iterator[str]:
    """Yield the entries of real authorities whose business time and recorded time differ by more than a minute."""
    rows = connection.execute(
        select(JOURNAL.c.authority_id, JOURNAL.c.number, JOURNAL.c.at, JOURNAL.c.recorded_at)
        .join(AUTHORITY, AUTHORITY.c.id == JOURNAL.c.authority_id)
        .where(AUTHORITY.c.sandbox.is_(False))
    )
    for row in rows:
        if abs((row.at - row.recorded_at).total_seconds()) > CLOCKS_APART_SECONDS:
            yield f"entry {row.number} of authority {row.authority_id}: done at {row.at}, recorded at {row.recorded_at}"
