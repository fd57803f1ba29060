"""Whole lives at random: whatever people, clock, plan and calendar do, the invariants of the design hold after every step."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.cycles import CycleMoveError, CycleVerb
from evaluation.kinds import StageKind
from evaluation.obligations import FINAL, State
from evaluation.transitions import ALLOWED, TransitionError, Verb
from evaluation.workdays import DayKind, ListedDay
from store.actors import Actor
from store.commands import moves, steps, transferring
from store.commands.cycle_moves import move_cycle
from store.commands.replanning import Change, replan
from store.leases import Lease, take_lease
from store.queries.due import due_work
from store.schema import JOURNAL, NOTICE, OBLIGATION, RUNG
from store.session import open_store
from store.verify import verify
from store.years import CycleNotRunningError
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from collections.abc import Callable


CALENDAR = shipped_calendar()
START = CALENDAR.instant(date(2025, 1, 2), time(9, 0))
WHY = Remark(reason="thử", basis="01/QĐ-THU")
_template: list[Path] = []


def _launched() -> Path:
    """A launched small year as a file, made once and copied for each life."""
    if not _template:
        path = Path(tempfile.mkdtemp()) / "template.db"
        store = open_store(f"sqlite:///{path}", durable=False)
        from store.schema import METADATA  # noqa: PLC0415

        METADATA.create_all(store.engine)
        launch_small(store, now=START, calendar=CALENDAR)
        store.close()
        _template.append(path)
    return _template[0]


class Lives(RuleBasedStateMachine):
    """A small year in which anything may happen at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(_launched(), self.folder / "dondoc.db")
        self.store = open_store(f"sqlite:///{self.folder / 'dondoc.db'}", durable=False)
        self.year = SmallYear(store=self.store, cycle=1, calendar=CALENDAR)
        self.now = START
        self.yaml = SMALL_PLAN.read_text(encoding="utf-8")
        self.calendar = CALENDAR
        self.drawn = 0

    @initialize(days=st.sampled_from([20, 62, 75]))
    def year_is_under_way(self, days: int) -> None:
        self.year.tick(self.now)
        self.clock_goes_on(days=days, hour=8)
        self.tick()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def rare(self) -> bool:
        """Ends of lives are drawn less often than their middles."""
        self.drawn += 1
        return self.drawn % 5 == 0

    def _candidates(self, verb: Verb) -> list[int]:
        """Obligations that may take the verb; every obligation if none may, so that refusals are tried too."""
        with self.store.reading() as connection:
            rows = connection.execute(select(OBLIGATION.c.id, OBLIGATION.c.state, OBLIGATION.c.suspended).order_by(OBLIGATION.c.id)).all()
        suspended = verb is Verb.RESUME_CLOCK
        may = [row.id for row in rows if State(row.state) in ALLOWED[verb] and (row.suspended or not suspended)]
        signed = [row.id for row in rows if row.state == State.PREPARED.value] if verb is Verb.SUBMIT else []
        return signed or may or [row.id for row in rows]

    def _try(self, verb: Verb, act: Callable[..., Any], pick: int, **facts: Any) -> None:
        """Make a move on some obligation; one that is not allowed must leave no trace."""
        ids = self._candidates(verb)
        before = self.year.scalar("select count(*) from journal")
        try:
            with self.store.transaction(now=self.now, actor=Actor(who="c1")) as transaction:
                act(self.store, transaction, ids[pick % len(ids)], **facts)
        except (TransitionError, CycleNotRunningError) as error:
            assert re.search("allowed|do not move", str(error))  # noqa: PT017 -- a refusal is one of two good outcomes
            assert self.year.scalar("select count(*) from journal") == before

    # --- time ---------------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 40), hour=st.integers(0, 23))
    def clock_goes_on(self, days: int, hour: int) -> None:
        on = CALENDAR.local_date(self.now) + timedelta(days=days)
        if on < date(2026, 6, 1):
            self.now = CALENDAR.instant(on, time(hour, 5))

    @rule(days=st.integers(1, 20))
    def clock_goes_back(self, days: int) -> None:
        self.now = max(START, self.now - timedelta(days=days))

    @rule()
    def tick(self) -> None:
        assert self.year.tick(self.now).failed == 0

    @rule()
    def tick_twice(self) -> None:
        self.year.tick(self.now)
        before = [self.year.scalar(f"select count(*) from {table}") for table in ("journal", "notice", "rung")]  # noqa: S608
        self.year.tick(self.now)
        assert before == [self.year.scalar(f"select count(*) from {table}") for table in ("journal", "notice", "rung")]  # noqa: S608

    @rule()
    def after_a_tick_nothing_is_due(self) -> None:
        self.year.tick(self.now)
        with self.store.reading() as connection:
            assert due_work(connection, now=self.now) == []

    @rule(steps_done=st.integers(0, 4))
    def crash_between_steps(self, steps_done: int) -> None:
        """Only so many steps of one obligation each are done; then the engine is gone."""
        with self.store.reading() as connection:
            works = due_work(connection, now=self.now)
        for work in works[:steps_done]:
            lease = take_lease(self.store, work.authority, holder="test", now=self.now)
            assert isinstance(lease, Lease)
            if work.kind is not StageKind.UPKEEP:
                steps.release(self.store, work, lease=lease, now=self.now, at_most=1)
            steps.advance(self.store, work, lease=lease, now=self.now, at_most=1)

    # --- people -------------------------------------------------------------------------------------------------

    @rule(pick=st.integers(0, 50))
    def prepare(self, pick: int) -> None:
        self._try(Verb.PREPARE, moves.prepare, pick)

    @rule(pick=st.integers(0, 50))
    def send_back(self, pick: int) -> None:
        self._try(Verb.SEND_BACK, moves.send_back, pick, remark=WHY)

    @rule(pick=st.integers(0, 50), paper=st.booleans())
    def submit(self, pick: int, paper: bool) -> None:  # noqa: FBT001
        received = CALENDAR.local_date(self.now) - timedelta(days=3) if paper else None
        self._try(Verb.SUBMIT, moves.submit, pick, received_on=received)

    @rule(pick=st.integers(0, 50))
    def withdraw(self, pick: int) -> None:
        self._try(Verb.WITHDRAW, moves.withdraw, pick)

    @rule(pick=st.integers(0, 50))
    def accept(self, pick: int) -> None:
        self._try(Verb.ACCEPT, moves.accept, pick)

    @rule(pick=st.integers(0, 50))
    def sign_and_submit(self, pick: int) -> None:
        self._try(Verb.PREPARE, moves.prepare, pick)
        self._try(Verb.SUBMIT, moves.submit, pick)

    @rule(pick=st.integers(0, 50), days=st.integers(1, 12))
    def return_and_wait(self, pick: int, days: int) -> None:
        self.sign_and_submit(pick)
        self._try(Verb.RETURN, moves.return_for_correction, pick, remark=WHY)
        self.clock_goes_on(days=days, hour=8)
        self.tick()

    @rule(pick=st.integers(0, 50), days=st.integers(1, 30))
    def suspend_return_and_resume(self, pick: int, days: int) -> None:
        self.sign_and_submit(pick)
        self._try(Verb.RETURN, moves.suspend, pick, remark=WHY)
        self._try(Verb.RETURN, moves.return_for_correction, pick, remark=WHY)
        self.clock_goes_on(days=days, hour=9)
        self.tick()
        self._try(Verb.RESUME_CLOCK, moves.resume_clock, pick)

    @rule(pick=st.integers(0, 50))
    def return_for_correction(self, pick: int) -> None:
        self._try(Verb.RETURN, moves.return_for_correction, pick, remark=replace(WHY, items=(("bao-cao", "thiếu số liệu"),)))

    @rule(pick=st.integers(0, 50), days=st.integers(1, 12))
    def accept_and_return_parts(self, pick: int, days: int) -> None:
        self.sign_and_submit(pick)
        self._try(Verb.ACCEPT, moves.accept, pick)
        with self.store.reading() as connection:
            found = connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.state == State.ACCEPTED.value)).scalars().all()
        if found and self.year.scalar("select state from cycle") in {"launched", "paused"}:
            with self.store.transaction(now=self.now, actor=Actor(who="c1")) as transaction:
                moves.return_parts(self.store, transaction, found[pick % len(found)], remark=replace(WHY, items=(("bao-cao", "thiếu"),)))
        self.clock_goes_on(days=days, hour=8)
        self.tick()

    @rule(pick=st.integers(0, 50), days=st.integers(1, 50))
    def extend(self, pick: int, days: int) -> None:
        self._try(Verb.EXTEND, moves.extend, pick, due_on=CALENDAR.local_date(self.now) + timedelta(days=days), remark=WHY)

    @rule(pick=st.integers(0, 50))
    def suspend(self, pick: int) -> None:
        self._try(Verb.SUSPEND, moves.suspend, pick, remark=WHY)

    @rule(pick=st.integers(0, 50))
    def resume_clock(self, pick: int) -> None:
        self._try(Verb.RESUME_CLOCK, moves.resume_clock, pick)

    @precondition(lambda self: self.rare())
    @rule(pick=st.integers(0, 50))
    def waive(self, pick: int) -> None:
        self._try(Verb.WAIVE, moves.waive, pick, remark=WHY)

    @precondition(lambda self: self.rare())
    @rule(pick=st.integers(0, 50))
    def transfer(self, pick: int) -> None:
        self._try(Verb.TRANSFER, transferring.transfer, pick, successor=5, remark=WHY, undeclared=True)

    @rule(pick=st.integers(0, 50), days=st.integers(0, 30))
    def reopen(self, pick: int, days: int) -> None:
        self._try(Verb.REOPEN, moves.reopen, pick, due_on=CALENDAR.local_date(self.now) + timedelta(days=days), remark=WHY)

    @rule(pick=st.integers(0, 50), by=st.sampled_from(["mail", "phone", "letter"]))
    def urge(self, pick: int, by: str) -> None:
        self._try(Verb.URGE, moves.urge, pick, by=by, remark=WHY)

    @precondition(lambda self: self.rare())
    @rule()
    def everyone_delivers_the_plan(self) -> None:
        """What waits for all to be done is released."""
        for ident in self.year.ids("plan"):
            for act in (moves.prepare, moves.submit, moves.accept):
                try:
                    with self.store.transaction(now=self.now) as transaction:
                        act(self.store, transaction, ident)
                except (TransitionError, CycleNotRunningError):
                    pass

    # --- the year -----------------------------------------------------------------------------------------------

    @rule(verb=st.sampled_from([CycleVerb.PAUSE, CycleVerb.RESUME]))
    def pause_or_resume(self, verb: CycleVerb) -> None:
        try:
            with self.store.transaction(now=self.now) as transaction:
                move_cycle(self.store, transaction, 1, verb=verb, remark=WHY)
        except CycleMoveError as error:
            assert "allowed" in str(error)  # noqa: PT017 -- likewise

    def _replan(self, change: Change) -> None:
        with self.store.transaction(now=self.now) as transaction:
            replan(self.store, transaction, 1, change=change, remark=WHY)

    @rule(offset=st.integers(-9, -2))
    def ladder_edit(self, offset: int) -> None:
        self.yaml = re.sub(r"rung: T-7, offset: -?\d+", f"rung: T-7, offset: {offset}", self.yaml)
        self._replan(Change(yaml=self.yaml, accept_late=True))

    @rule(day=st.integers(15, 28))
    def plan_edit(self, day: int) -> None:
        self.yaml = re.sub(r"due: \{by: Y-01-\d\d\}", f"due: {{by: Y-01-{day}}}", self.yaml)
        self._replan(Change(yaml=self.yaml, accept_late=True))

    @rule(on=st.dates(date(2025, 1, 6), date(2025, 12, 26)))
    def calendar_edit(self, on: date) -> None:
        if on.weekday() >= 5 or any(day.on == on for day in self.calendar.days):
            return
        day = ListedDay(on=on, kind=DayKind.OFF, name="thử", source="thử")
        self.calendar = replace(self.calendar, days=(*self.calendar.days, day), version=f"thử-{len(self.calendar.days)}")
        self._replan(Change(calendar=self.calendar, accept_late=True))

    # --- the invariants -----------------------------------------------------------------------------------------

    @invariant()
    def store_holds(self) -> None:
        assert verify(self.store) == []

    @invariant()
    def notices_agree_with_rungs(self) -> None:
        """A notice of a rung exists for exactly those whom the rung's row says were told, once each."""
        with self.store.reading() as connection:
            told = {
                (row.obligation_id, row.term, row.rung, who)
                for row in connection.execute(select(RUNG).where(RUNG.c.outcome == "noticed"))
                for who in re.findall(r"[cm]\d+", row.told)
            }
            rows = connection.execute(select(NOTICE.c.cause, NOTICE.c.recipient).where(NOTICE.c.cause.like("r:%"))).all()
        noticed = []
        for cause, recipient in rows:
            _, ident, term, rung = cause.split(":")
            noticed.append((int(ident), int(term), rung, recipient))
        assert len(noticed) == len(set(noticed))
        assert set(noticed) == told

    @invariant()
    def done_ones_have_no_waiting_reminder(self) -> None:
        """No unsent notice of a rung is left of an obligation whose turn is over."""
        quiet = [state.value for state in FINAL] + [State.SUBMITTED.value]
        with self.store.reading() as connection:
            left = connection.execute(
                select(NOTICE.c.id, OBLIGATION.c.state)
                .join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
                .where(
                    NOTICE.c.cause.like("r:%"),
                    NOTICE.c.cancelled.is_(False),
                    NOTICE.c.term < OBLIGATION.c.term,
                    NOTICE.c.message_id.is_(None),
                )
            ).all()
            assert left == []
            final = connection.execute(
                select(NOTICE.c.id)
                .join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
                .where(NOTICE.c.cause.like("r:%"), NOTICE.c.cancelled.is_(False), OBLIGATION.c.state.in_(quiet[:-1]))
            ).all()
            assert final == []

    @precondition(lambda self: self.now > START)
    @invariant()
    def journal_only_grows(self) -> None:
        with self.store.reading() as connection:
            numbers = connection.execute(select(JOURNAL.c.number).order_by(JOURNAL.c.number)).scalars().all()
        assert numbers == list(range(1, len(numbers) + 1))


Lives.TestCase.settings = settings(max_examples=12, stateful_step_count=40, derandomize=True, deadline=None)
TestLives = Lives.TestCase
