"""What people do with an obligation: each move whole and journaled, or refused with no trace."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from config.loader import load_roster
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.obligations import State
from evaluation.terms import TermReason
from evaluation.transitions import TransitionError
from store.actors import Actor
from store.commands import moves, transferring
from store.commands.authorities import found_authority, import_roster
from store.commands.cycle_moves import move_cycle
from store.commands.moves import NoSuchObligationError
from store.commands.people import name_successor
from store.queries.people import authority_named
from store.schema import CONTACT, NOTICE, PARTY
from store.verify import verify
from store.years import CycleNotRunningError, NoSuchCycleError
from tests.conftest import DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evaluation.obligations import Obligation
    from tests.conftest import SmallYear

WHY = Remark(reason="thiếu số liệu", basis="01/QĐ-THU")


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    """The plan stage is open."""
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    return now


def test_a_life_from_open_to_accepted_through_a_return(any_year: SmallYear, now: datetime) -> None:
    ident = any_year.ids("plan")[2]
    day = timedelta(days=1)
    lived = [
        any_year.move(moves.prepare, ident, now=now),
        any_year.move(moves.send_back, ident, now=now, remark=WHY),
        any_year.move(moves.prepare, ident, now=now),
        any_year.move(moves.submit, ident, now=now),
        any_year.move(moves.withdraw, ident, now=now),
        any_year.move(moves.prepare, ident, now=now),
        any_year.move(moves.submit, ident, now=now + day),
        any_year.move(moves.return_for_correction, ident, now=now + 2 * day, remark=WHY),
        any_year.move(moves.prepare, ident, now=now + 3 * day),
        any_year.move(moves.submit, ident, now=now + 3 * day),
        any_year.move(moves.accept, ident, now=now + 5 * day),
    ]
    assert [one.state.value for one in lived] == [
        "prepared", "open", "prepared", "submitted", "open", "prepared", "submitted", "returned", "prepared", "submitted", "accepted",
    ]  # fmt: skip
    end = any_year.obligation(ident)
    assert end == lived[-1]
    assert [term.reason.value for term in end.terms] == ["initial", "review", "withdrawal", "review", "correction", "review"]
    assert (end.moves, end.rounds, end.days_late) == (12, 1, 0)
    assert verify(any_year.store) == []


def test_the_clock_of_an_obligation(any_year: SmallYear, now: datetime) -> None:
    ident = any_year.ids("plan")[3]
    assert any_year.move(moves.extend, ident, now=now, due_on=date(2025, 2, 14), remark=WHY).term.due_on == date(2025, 2, 14)
    assert any_year.move(moves.suspend, ident, now=now, remark=WHY).suspended
    with pytest.raises(TransitionError, match="suspended"):
        any_year.move(moves.prepare, ident, now=now)
    resumed = any_year.move(moves.resume_clock, ident, now=now + timedelta(days=5))
    assert (resumed.term.reason, resumed.term.due_on) == (TermReason.RESUMPTION, date(2025, 2, 19))
    assert any_year.move(moves.refuse_extension, ident, now=now + timedelta(days=5), remark=WHY).term == resumed.term
    assert verify(any_year.store) == []


def test_a_transfer_gives_the_successor_what_was_owed(any_year: SmallYear, now: datetime) -> None:
    plan, report = any_year.ids("plan")[3], any_year.ids("report")[1]
    before = any_year.scalar("select count(*) from obligation")
    assert any_year.move(transferring.transfer, plan, now=now, successor=5, remark=WHY).state is State.TRANSFERRED
    assert any_year.scalar("select count(*) from obligation") == before, "the successor has one already"
    any_year.move(transferring.transfer, report, now=now, successor=4, remark=WHY, undeclared=True)
    raised = any_year.obligation(any_year.ids("report")[-1])
    assert (raised.party, raised.subject, raised.state) == (4, "2025-Q1", State.SCHEDULED)
    assert raised.term.due_on == any_year.obligation(report).term.due_on
    assert verify(any_year.store) == []


def test_a_transfer_needs_a_successor_that_the_roster_names(any_year: SmallYear, now: datetime) -> None:
    plan, before = any_year.ids("plan")[3], any_year.actions()
    with pytest.raises(TransitionError, match="does not name that unit as a successor"):
        any_year.move(transferring.transfer, plan, now=now, successor=4, remark=WHY)
    assert any_year.actions() == before
    with any_year.store.transaction(now=now) as transaction:
        name_successor(transaction, authority_named(transaction.connection, "thu"), "xa-1", successor="so-tu-phap")
    assert any_year.move(transferring.transfer, plan, now=now, successor=4, remark=WHY).state is State.TRANSFERRED, (
        "a successor's successor"
    )
    with pytest.raises(TransitionError, match="does not name that unit as a successor"):
        any_year.move(transferring.transfer, any_year.ids("plan")[1], now=now, successor=6, remark=WHY)


@pytest.mark.parametrize("end", ["waived", "accepted"])
def test_work_does_not_vanish_in_a_transfer(any_year: SmallYear, now: datetime, end: str) -> None:
    *_, heir, ident = any_year.ids("plan")
    if end == "waived":
        any_year.move(moves.waive, heir, now=now, remark=WHY)
    else:
        for act in (moves.prepare, moves.submit, moves.accept):
            any_year.move(act, heir, now=now)
    before = any_year.actions()
    with pytest.raises(TransitionError, match=f"own obligation {heir} is {end} already"):
        any_year.move(transferring.transfer, ident, now=now, successor=5, remark=WHY, undeclared=True)
    assert any_year.actions() == before
    assert any_year.obligation(ident).state is State.OPEN


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        pytest.param(moves.extend, {"due_on": date(2025, 2, 20)}, id="extend"),
        pytest.param(moves.refuse_extension, {}, id="refuse-extension"),
        pytest.param(moves.suspend, {}, id="suspend"),
        pytest.param(moves.waive, {}, id="waive"),
        pytest.param(transferring.transfer, {"successor": 5, "undeclared": True}, id="transfer"),
    ],
)
def test_a_blank_reason_is_none(any_year: SmallYear, now: datetime, act: Callable[..., Obligation], facts: dict[str, Any]) -> None:
    before = any_year.actions()
    with pytest.raises(TransitionError, match="it needs a reason"):
        any_year.move(act, any_year.ids("plan")[3], now=now, remark=Remark(reason=" ", basis="1/QĐ"), **facts)
    assert any_year.actions() == before


def test_a_transfer_to_another_authoritys_party_is_refused(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
        import_roster(transaction, authority=other, roster=load_roster(DATA / "small-roster.yaml"))
        foreign = transaction.connection.execute(
            select(PARTY.c.id).where(PARTY.c.authority_id == other, PARTY.c.key == "xa-1")
        ).scalar_one()
    with pytest.raises(TransitionError, match="no party"):
        any_year.move(transferring.transfer, any_year.ids("plan")[3], now=now, successor=foreign, remark=WHY)


def test_a_refused_move_leaves_no_trace(any_year: SmallYear, now: datetime) -> None:
    ident, before = any_year.ids("plan")[0], any_year.actions()
    with pytest.raises(TransitionError, match="allowed"):
        any_year.move(moves.accept, ident, now=now)
    with pytest.raises(NoSuchObligationError, match="9999"):
        any_year.move(moves.accept, 9999, now=now)
    assert any_year.actions() == before


def test_submitting_cancels_what_still_waits_for_the_post(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 1, 24))
    any_year.tick(now)
    ident = any_year.ids("plan")[2]

    def reminders() -> list[bool]:
        with any_year.store.reading() as connection:
            mine = (NOTICE.c.obligation_id == ident) & NOTICE.c.cause.like("r:%")
            return list(connection.execute(select(NOTICE.c.cancelled).where(mine)).scalars())

    assert reminders()
    assert not any(reminders())
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now)
    assert all(reminders())


def test_nothing_moves_in_a_cancelled_year(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        move_cycle(any_year.store, transaction, any_year.cycle, verb=CycleVerb.CANCEL, remark=WHY)
    with pytest.raises(CycleNotRunningError, match="cancelled"):
        any_year.move(moves.prepare, any_year.ids("plan")[0], now=now)


def test_nobody_of_another_authority_moves_anything(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
        import_roster(transaction, authority=other, roster=load_roster(DATA / "small-roster.yaml"))
        stranger = transaction.connection.execute(select(CONTACT.c.id).where(CONTACT.c.authority_id == other).limit(1)).scalar_one()
    actor, before = Actor(who=f"c{stranger}"), any_year.obligation(any_year.ids("plan")[0])
    with pytest.raises(NoSuchObligationError):
        any_year.move(moves.prepare, before.id, now=now, actor=actor)
    with pytest.raises(NoSuchCycleError), any_year.store.transaction(now=now, actor=actor) as transaction:
        move_cycle(any_year.store, transaction, any_year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    assert any_year.obligation(before.id) == before
    assert any_year.move(moves.prepare, before.id, now=now, actor=Actor(who="c1")).state is State.PREPARED


def test_a_notice_is_never_written_twice(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.reading() as connection:
        row = dict(connection.execute(select(NOTICE).limit(1)).one()._mapping)
    del row["id"]
    with pytest.raises(Exception, match=r"(?i)unique"), any_year.store.transaction(now=now) as transaction:
        transaction.connection.execute(insert(NOTICE), row)
