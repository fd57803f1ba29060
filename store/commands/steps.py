"""
Steps of the tick: each one transaction of a bounded number of obligations of one stage.

Fence, read, decide, write in bulk, journal, notices, `next_at`. A step that raises has written nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import bindparam, select, update

from evaluation.actions import Move, Release, Write, void_rest
from evaluation.asking import must_be_told_at_once
from evaluation.cycles import CycleState
from evaluation.decisions import Line, due_actions
from evaluation.kinds import MessageKind, StageKind
from evaluation.obligations import FINAL
from evaluation.plans import Periods
from evaluation.projection import project_plan
from evaluation.terms import BY_PLAN, Dates, TermReason, new_term
from evaluation.workdays import ONE_DAY
from store.apart import Faults
from store.commands.launching import known_anchors, wake, window_dates
from store.journal import Entry
from store.leases import fence
from store.lives import read_by_id
from store.locks import hold_stage, share_cycle
from store.perform import Decided, perform
from store.releases import may_go, wake_at, wake_waiting
from store.schema import JOURNAL, OBLIGATION, STAGE
from store.upkeep import ask_upkeep
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.terms import Term
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

TICK = "tick"
STAGE_FAILED = "stage-failed"
TICK_DONE = "tick-done"  #: everything that was due of a cycle has been acted on; what is missing after it is missing indeed

_DUE_IDS = (
    select(OBLIGATION.c.id)
    .where(OBLIGATION.c.stage_id == bindparam("b_stage"), OBLIGATION.c.next_at <= bindparam("b_now", type_=OBLIGATION.c.next_at.type))
    .order_by(OBLIGATION.c.id)
    .limit(bindparam("b_most"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A stage that has something due, as the tick's one query finds it."""

    authority: int
    cycle: int
    stage: int
    key: str
    kind: StageKind
    woken: bool = True  #: the stage itself is to be looked at
    due: bool = True  #: some of its obligations are


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a step did."""

    obligations: int = 0
    more: bool = False  #: there is as much again to do
    faulty: tuple[str, ...] = ()  #: what failed alone and is taken up again by the next tick

    def __add__(self, other: Report) -> Report:
        """Return both together."""
        faulty = tuple(dict.fromkeys((*self.faulty, *other.faulty)))
        return Report(obligations=self.obligations + other.obligations, more=other.more, faulty=faulty)


def turn_of(store: Store, transaction: Transaction, work: Work, *, lease: Lease, now: datetime) -> tuple[Year, StageRef] | None:
    """
    Hold a stage under its lease and return it with its year, where it is its turn; None: it is paused, not released, or asleep until later.

    Raises:
        LeaseLostError: another engine has taken the authority over.

    """
    fence(transaction, lease)
    share_cycle(transaction.connection, work.cycle)
    hold_stage(transaction.connection, work.stage)
    year = load_year(store, transaction.connection, work.cycle, now=now)
    ref = year.stages[work.stage]
    asleep = ref.released_at is None or ref.next_at is None or ref.next_at > now
    return None if year.state is not CycleState.LAUNCHED or asleep else (year, ref)


def advance(  # noqa: PLR0913  what, by whose lease, when, how much
    store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int, then: Callable[[Transaction, Year], None] | None = None
) -> Report:
    """
    Open, remind, escalate and lapse what is due of a stage, at most so many obligations; `then` what its kind adds.

    An obligation of which nothing can be decided is left as it is, and named.
    """
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        if year.state is not CycleState.LAUNCHED:
            return Report()
        ids = _due_ids(transaction, work, at_most=at_most)
        due = read_by_id(transaction.connection, ids, lock=True)
        hidden = _hidden(transaction, year.stages[work.stage], ids)
        decided, faults = [], Faults()
        for one in due:
            with faults.deciding(f"obligation {one.id}"):
                decided.append(decide_due(year, work.stage, one, now=now, hidden=one.id in hidden))
        done = perform(transaction, year, decided)
        if done and then is not None:
            then(transaction, year)
        _ask_for_criteria(transaction, year, work.stage, [one for one in decided if any(isinstance(act, Move) for act in one.actions)])
        return Report(obligations=len(done), more=bool(done) and len(ids) == at_most, faulty=tuple(faults.found))


def _ask_for_criteria(transaction: Transaction, year: Year, stage: int, moved: Sequence[Decided]) -> None:
    """Ask the standing body for the criteria of each group whose units now work on leaves that nobody has named."""
    ref = year.stages[stage]
    if ref.line.items_from is not None:
        groups = {year.people.group(one.before.party) for one in moved} - year.leaves.keys() - {""}
        ask_upkeep(transaction, year, [f"no-criteria/{ref.key}/{group}" for group in sorted(groups)])


def _due_ids(transaction: Transaction, work: Work, *, at_most: int) -> list[int]:
    wanted = {"b_stage": work.stage, "b_now": transaction.now, "b_most": at_most}
    return list(transaction.connection.execute(_DUE_IDS, wanted).scalars())


def _hidden(transaction: Transaction, ref: StageRef, ids: Sequence[int]) -> frozenset[int]:
    """Return which of some obligations are kept from those beside who owes them: nobody but a co-ordinating party could hear of them."""
    if not ref.coordinating:
        return frozenset()
    query = select(OBLIGATION.c.id).where(OBLIGATION.c.id.in_(ids), OBLIGATION.c.visible_from > transaction.now)
    return frozenset(transaction.connection.execute(query).scalars())


def decide_due(year: Year, stage: int, obligation: Obligation, *, now: datetime, hidden: bool = False) -> Decided:
    """Return what is due of an obligation now: its opening, its rungs, its lapse; of a hidden one no co-ordinating party hears."""
    line = Line(opening=_opening(year, year.stages[stage], obligation, now=now), ladder=year.ladder(obligation.term.ladder))
    actions = due_actions(obligation, line=line, told=year.told(stage, obligation.party, hidden=hidden), now=now)
    return Decided(before=obligation, stage=stage, actions=actions, action=TICK)


def _opening(year: Year, ref: StageRef, obligation: Obligation, *, now: datetime) -> MessageKind | None:
    if ref.kind is StageKind.UPKEEP:
        return MessageKind.CONTACT_UNREACHABLE
    if ref.kind is StageKind.AD_HOC_REPORT and ref.line.announces:
        slot_on = year.rulebook.calendar.local_date(year.slot(now))
        return MessageKind.URGENT_REQUEST if must_be_told_at_once(obligation.term, slot_on=slot_on) else MessageKind.STAGE_OPENED
    return MessageKind.STAGE_OPENED if ref.line.announces else None


def release(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """
    Let a waiting stage go if all that it waits for has happened.

    Its obligations follow, at most so many a step; counted periods move with a late release, fixed dates stand, and a fixed due
    that lies before its release is a repair asked of the standing body.
    """
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        share_cycle(transaction.connection, work.cycle)
        hold_stage(transaction.connection, work.stage)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.next_at is None or ref.next_at > now:
            return Report()
        if ref.released_at is None:
            if not may_go(transaction.connection, year, ref, now=now):
                wake(transaction, ref, at=_later(wake_at(transaction.connection, year, ref), now=now))
                return Report()
            year = _release_stage(store, transaction, year, ref)
        return _release_obligations(transaction, year, year.stages[work.stage], at_most=at_most)


def _later(at: datetime | None, *, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None


def _release_stage(store: Store, transaction: Transaction, year: Year, ref: StageRef) -> Year:
    now = transaction.now
    released = update(STAGE).where(STAGE.c.id == ref.id).values(released_at=now, next_at=now, moves=ref.moves + 1)
    transaction.connection.execute(released)
    transaction.entries.append(
        Entry(
            authority=year.authority,
            action="release-stage",
            cycle=year.cycle,
            stage=ref.id,
            move=ref.moves + 1,
            payload={"at": now.isoformat()},
        )
    )
    return load_year(store, transaction.connection, year.cycle, now=now)


def _release_obligations(transaction: Transaction, year: Year, ref: StageRef, *, at_most: int) -> Report:
    waiting = select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == ref.id, OBLIGATION.c.released.is_(False))
    ids = list(transaction.connection.execute(waiting.order_by(OBLIGATION.c.id).limit(at_most)).scalars())
    dates = dates_by_period(year, ref)
    decided = [
        Decided(before=before, stage=ref.id, actions=_released(year, before, dates=dates, now=transaction.now), action="release")
        for before in read_by_id(transaction.connection, ids, lock=True)
    ]
    perform(transaction, year, decided)
    if len(ids) < at_most:
        wake(transaction, ref, at=None)
        wake_waiting(transaction, year, {ref.id})
        _alarm(transaction, year, ref, dates=dates)
    return Report(obligations=len(ids), more=len(ids) == at_most)


def dates_by_period(year: Year, ref: StageRef) -> dict[str, Dates]:
    """Return what the plan in force says of a stage's dates now, by period key (empty text: the stage comes once)."""
    windows = project_plan(year.plan, year=year.evaluated, calendar=year.rulebook.calendar, known=known_anchors(year))
    return {window.subject_period: window_dates(window) for window in windows if window.stage.key == ref.key}


def period_of(obligation: Obligation, ref: StageRef) -> str:
    """Return the period key that an obligation's subject begins with; the empty text if its stage comes once."""
    return "" if ref.line.periods is Periods.ONCE else obligation.subject.split("/", 1)[0]


def _released(year: Year, before: Obligation, *, dates: Mapping[str, Dates], now: datetime) -> tuple[Action, ...]:
    line = year.stage(before.stage)
    planned = dates.get(period_of(before, line))
    old = before.term
    moved = planned is not None and (planned.opens_at, planned.due_at, planned.locks_at) != (old.opens_at, old.due_at, old.locks_at)
    if planned is None or not moved or old.made_as not in BY_PLAN or before.state in FINAL:
        return (Release(),)
    return (*void_rest(before), Release(), Write(term=_planned(year, before, dates=planned, now=now)))


def _planned(year: Year, before: Obligation, *, dates: Dates, now: datetime) -> Term:
    old = before.term
    term = new_term(year.rulebook, number=old.number + 1, reason=TermReason.PLAN, dates=dates, now=now, ladder=old.ladder)
    return replace(term, projected_anew=old.made_as)


def _alarm(transaction: Transaction, year: Year, ref: StageRef, *, dates: Mapping[str, Dates]) -> None:
    late = [period for period, planned in dates.items() if planned.due_at is not None and planned.due_at <= transaction.now]
    ask_upkeep(transaction, year, [f"released-after-due/{ref.key}{f'/{period}' if period else ''}" for period in late])


def journal_failure(store: Store, work: Work, *, error: str, now: datetime) -> None:
    """
    Remember that a stage, or what is named of it, failed at this tick, with the error's name; the rows concerned are as they were.

    What fails the same way tick after tick is said once a day.
    """
    with store.transaction(now=now) as transaction:
        last = select(JOURNAL.c.payload, JOURNAL.c.at).where(JOURNAL.c.stage_id == work.stage, JOURNAL.c.action == STAGE_FAILED)
        said = transaction.connection.execute(last.order_by(JOURNAL.c.number.desc()).limit(1)).one_or_none()
        if said is not None and orjson.loads(said.payload) == {"error": error} and said.at > now - ONE_DAY:
            return
        entry = Entry(authority=work.authority, action=STAGE_FAILED, cycle=work.cycle, stage=work.stage, payload={"error": error})
        transaction.entries.append(entry)


def journal_tick(store: Store, works: Sequence[Work], *, now: datetime) -> None:
    """Remember that everything due of the cycles of these works was acted on, so that `verify` knows up to when nothing may be missing."""
    with store.transaction(now=now) as transaction:
        transaction.entries += [Entry(authority=work.authority, action=TICK_DONE, cycle=work.cycle) for work in works]
