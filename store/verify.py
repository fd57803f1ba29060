"""
Verify: the invariants of design §6, asked of a database at rest.

Each finding is one sentence that names the row; none means that the store holds. The moment judged by is the business time of the last
tick in the journal: what has come due since is nobody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.cycles import CycleState
from evaluation.ladders import rung_moments
from evaluation.obligations import FINAL, Obligation, State, is_silent, next_at
from evaluation.replay import Entry, Rebuilt
from evaluation.terms import BY_PLAN, TermReason
from store.asked_checks import request_faults
from store.commands.requested import requested_anew
from store.commands.steps import TICK_DONE, dates_by_period, period_of
from store.criteria_faults import criteria_faults
from store.form_faults import form_faults
from store.improvement_faults import improvement_faults
from store.inspection_checks import inspection_faults
from store.journal import broken_chain, read_entries
from store.lives import MOST_IDS, read_obligations
from store.outbox.checking import outbox_faults
from store.paper_faults import paper_faults
from store.reports import report_faults
from store.result_faults import result_faults
from store.schema import AUTHORITY, CYCLE, JOURNAL, OBLIGATION, RUNG
from store.score_checks import score_faults
from store.survey_checks import council_faults, survey_faults
from store.told import Told, wrongly_told
from store.unit_work import text_faults
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from store.session import Store
    from store.years import Year

#: Further apart than this, business time and recorded time of an entry are worth a look.
CLOCKS_APART_SECONDS = 60


def verify(store: Store) -> list[str]:
    """Return every way in which the store does not hold; an empty list if it does."""
    with store.reading() as connection:
        authorities = connection.execute(select(AUTHORITY.c.id, AUTHORITY.c.key)).all()
        findings = [f"{row.key}: {finding}" for row in authorities for finding in _of_authority(store, connection, row.id)]
        return findings + list(outbox_faults(connection))


def _of_authority(store: Store, connection: Connection, authority: int) -> Iterator[str]:
    yield from broken_chain(connection, authority)
    rebuilt, told = _rebuild(connection, authority)
    yield from rebuilt.faults
    cycles = connection.execute(select(CYCLE.c.id, CYCLE.c.state).where(CYCLE.c.authority_id == authority)).all()
    for cycle in cycles:
        if rebuilt.cycles.get(cycle.id) != cycle.state:
            yield f"cycle {cycle.id} is {cycle.state}, its journal says {rebuilt.cycles.get(cycle.id)}"
        yield from _of_cycle(store, connection, cycle.id, rebuilt=rebuilt)
    there = set(connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.authority_id == authority)).scalars())
    for ident in sorted(rebuilt.obligations.keys() - there):
        yield f"obligation {ident} is in the journal and nowhere else"
    yield from wrongly_told(connection, authority, told=told)
    yield from paper_faults(connection, authority)
    yield from criteria_faults(connection, authority)
    yield from form_faults(connection, authority)
    yield from result_faults(connection, authority)


def _rebuild(connection: Connection, authority: int) -> tuple[Rebuilt, Told]:
    rebuilt, told = Rebuilt(), Told()
    for row in read_entries(connection, authority):
        try:
            entry = _entry(row)
            rebuilt.take(entry)
            told.take(row, payload=entry.payload)
        except (AttributeError, KeyError, TypeError, ValueError):  # whatever a damaged payload makes of itself
            rebuilt.faults.append(f"entry {row.number} says nothing that can be read")
    return rebuilt, told


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        cycle=row.cycle_id,
        stage=row.stage_id,
        obligation=row.obligation_id,
        move=row.move,
        payload=orjson.loads(row.payload),
    )


@dataclass(frozen=True, kw_only=True)
class LastTick:
    """The last tick that acted on everything that was due of a cycle: its business time, and its entry."""

    at: datetime
    entry: int


def last_tick(connection: Connection, cycle: int) -> LastTick | None:
    """Return a cycle's last finished tick, or None. One that broke off half-way is made up by the next, and counts for nothing."""
    row = connection.execute(
        select(JOURNAL.c.at, JOURNAL.c.number)
        .where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action == TICK_DONE)
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else LastTick(at=row.at, entry=row.number)


def _of_cycle(store: Store, connection: Connection, cycle: int, *, rebuilt: Rebuilt) -> Iterator[str]:
    tick = last_tick(connection, cycle)
    row = connection.execute(select(CYCLE.c.launched_at).where(CYCLE.c.id == cycle)).one()
    year = load_year(store, connection, cycle, now=tick.at if tick else row.launched_at)
    outcomes, told = _outcomes(connection, cycle), _told_of(rebuilt)
    ids = connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.cycle_id == cycle).order_by(OBLIGATION.c.id)).scalars().all()
    for start in range(0, len(ids), MOST_IDS):
        some = OBLIGATION.c.id.in_(ids[start : start + MOST_IDS])
        for obligation in read_obligations(connection, some, history=True):
            yield from _against_journal(obligation, rebuilt=rebuilt, year=year)
            came = _came(obligation, rebuilt=rebuilt, year=year, tick=tick)
            yield from _rungs_of_terms(obligation, rows=outcomes.get(obligation.id, {}), came=came)
            yield from _rungs_of_journal(obligation, rows=outcomes.get(obligation.id, {}), told=told.get(obligation.id, {}))
    yield from _stored_times(connection, year)
    yield from text_faults(connection, cycle)
    yield from report_faults(connection, cycle)
    yield from inspection_faults(connection, cycle)
    yield from request_faults(connection, cycle)
    yield from improvement_faults(connection, cycle)
    yield from score_faults(connection, year)
    yield from survey_faults(connection, cycle)
    yield from council_faults(connection, cycle)


#: Of one obligation: how each rung of each term ended.
Ends = dict[tuple[int, str], str]


def _outcomes(connection: Connection, cycle: int) -> dict[int, Ends]:
    rows = connection.execute(
        select(RUNG.c.obligation_id, RUNG.c.term, RUNG.c.rung, RUNG.c.outcome)
        .join(OBLIGATION, OBLIGATION.c.id == RUNG.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle)
    )
    found: dict[int, Ends] = {}
    for ident, term, rung, outcome in rows:
        found.setdefault(ident, {})[term, rung] = outcome
    return found


def _told_of(rebuilt: Rebuilt) -> dict[int, Ends]:
    found: dict[int, Ends] = {}
    for (ident, term, rung), outcome in rebuilt.rungs.items():
        found.setdefault(ident, {})[term, rung] = outcome.value
    return found


def _against_journal(obligation: Obligation, *, rebuilt: Rebuilt, year: Year) -> Iterator[str]:
    """Invariant 4: what the journal rebuilds equals the table."""
    built = rebuilt.obligations.get(obligation.id)
    if built is None:
        yield f"obligation {obligation.id} is not in the journal"
        return
    stage = year.stages.get(int(built.stage))
    built = replace(built, stage=stage.key if stage else "")
    if built != obligation:
        names = [name for name in Obligation.__slots__ if getattr(built, name) != getattr(obligation, name)]
        yield f"obligation {obligation.id} ({year.cycle}) differs from its journal in {', '.join(names)}"


def _rungs_of_journal(obligation: Obligation, *, rows: Ends, told: Ends) -> Iterator[str]:
    """Invariant 4: the rows of rungs are those that the journal tells of, no more and no fewer."""
    for term, rung in sorted(rows.keys() | told.keys()):
        if rows.get((term, rung)) != told.get((term, rung)):
            yield f"rung {rung} of term {term} of obligation {obligation.id} differs from its journal"


def _rungs_of_terms(obligation: Obligation, *, rows: Ends, came: datetime | None) -> Iterator[str]:
    """Invariant 1: each rung whose moment has come has its row, and no other has one."""
    known = {(term.number, moment.rung) for term in obligation.terms for moment in term.moments}
    if strange := sorted(rows.keys() - known):
        names = ", ".join(f"{rung} of term {term}" for term, rung in strange)
        yield f"obligation {obligation.id} has rows of rungs that its terms do not have: {names}"
    for term in obligation.terms:
        over = term is not obligation.term or obligation.state in FINAL
        due = [moment.rung for moment in term.moments if over or (came is not None and moment.at <= came)]
        if missing := [rung for rung in due if (term.number, rung) not in rows]:
            yield f"obligation {obligation.id}, term {term.number}: no row for {', '.join(missing)}"


def _came(obligation: Obligation, *, rebuilt: Rebuilt, year: Year, tick: LastTick | None) -> datetime | None:
    """Return up to when the last tick had to notice or skip the rungs of an obligation; None if it had not to look at it."""
    live = year.state is CycleState.LAUNCHED and not is_silent(obligation) and obligation.state is not State.SCHEDULED
    if tick is None or not live or rebuilt.moved_by.get(obligation.id, 0) > tick.entry:
        return None
    return tick.at


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
    by_plan = planned[obligation.stage].get(period_of(obligation, ref))
    dates = requested_anew(year, obligation) if ref.line.on_request else by_plan
    if term.made_as in BY_PLAN and obligation.released and dates is not None and dates.due_on != term.due_on:
        yield f"obligation {obligation.id}: due on {term.due_on}, the plan says {dates.due_on}"


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
