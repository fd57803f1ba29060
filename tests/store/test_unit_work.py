"""What units say: texts of submissions, longer terms asked for and decided, work given to a colleague, many terms at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from evaluation.actions import Remark
from evaluation.kinds import MessageKind
from evaluation.terms import TermReason
from evaluation.transitions import TransitionError
from store.actors import Actor
from store.commands import moves
from store.commands.assigning import AssignmentError, reassign
from store.commands.authorities import touched
from store.commands.bulk import do_many, extending, preview_many
from store.commands.bulk_rows import Row, RowByRow
from store.commands.extensions import NoRequestError, ask_extension, decline_extension, grant_extension
from store.queries.unit_work import extension_requests, returns_of, submissions_of
from store.rights import NotAllowedError
from store.schema import CONTACT, JOURNAL, NOTICE, OBLIGATION, PARTY
from store.unit_work import LONGEST_TEXT, TextError, text_digest
from store.verify import verify

if TYPE_CHECKING:
    from tests.conftest import SmallYear

WHY = Remark(reason="Vì thế")
WANTED = date(2025, 2, 10)


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(date(2025, 1, 7))
    any_year.tick(now)
    return now


def contact(year: SmallYear, key: str) -> int:
    with year.store.reading() as connection:
        return int(connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one())


def acting(year: SmallYear, key: str) -> Actor:
    return Actor(who=f"c{contact(year, key)}")


def plan_of(year: SmallYear, party: str = "xa-1") -> int:
    whose = (PARTY.c.key == party) & OBLIGATION.c.id.in_(year.ids("plan"))
    with year.store.reading() as connection:
        return int(connection.execute(select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(whose)).scalar_one())


def told(year: SmallYear, kind: MessageKind) -> list[str]:
    with year.store.reading() as connection:
        return list(connection.execute(select(NOTICE.c.recipient).where(NOTICE.c.kind == kind.value).order_by(NOTICE.c.id)).scalars())


# --- texts ------------------------------------------------------------------------------------------------------------


def test_each_submission_keeps_its_text(any_year: SmallYear, now: datetime) -> None:
    ident, officer = plan_of(any_year), acting(any_year, "head.xa-1")
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now, actor=officer, text="Kính gửi Sở Nội vụ", document="12/KH")
    any_year.move(moves.return_for_correction, ident, now=now, remark=WHY)
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now, received_on=date(2025, 1, 6))
    with any_year.store.reading() as connection:
        first, second = submissions_of(connection, ident)
        entries = (
            connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "submit").order_by(JOURNAL.c.number)).scalars().all()
        )
    assert (first.number, first.text, first.contact, first.document) == (1, "Kính gửi Sở Nội vụ", "head.xa-1", "12/KH")
    assert (second.number, second.text, second.contact, second.received_on) == (2, "", "", date(2025, 1, 6))
    assert text_digest("Kính gửi Sở Nội vụ") in entries[0]
    assert "Kính gửi" not in entries[0]
    assert "content" not in entries[1]
    assert verify(any_year.store) == []


@pytest.mark.parametrize("change", ["text = 'khác'", "move = move + 1"])
def test_a_changed_text_is_found_out(any_year: SmallYear, now: datetime, change: str) -> None:
    ident = plan_of(any_year)
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now, text="Kính gửi")
    with any_year.store.engine.begin() as connection:
        connection.execute(text(f"UPDATE submission SET {change}"))  # noqa: S608  words of this file
    assert verify(any_year.store) == [f"thu: submission 1 of obligation {ident} has another text than its journal"]


def test_a_text_without_end_is_refused(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    any_year.move(moves.prepare, ident, now=now)
    for words in ("a" * (LONGEST_TEXT + 1), "a\x00b"):
        with pytest.raises(TextError):
            any_year.move(moves.submit, ident, now=now, text=words)
    assert any_year.move(moves.submit, ident, now=now, text="a" * LONGEST_TEXT).state == "submitted"


def test_a_refused_submission_keeps_no_text(any_year: SmallYear, now: datetime) -> None:
    with pytest.raises(TransitionError):
        any_year.move(moves.submit, plan_of(any_year), now=now, text="chưa ký")
    assert any_year.scalar("select count(*) from submission") == 0


def test_remarks_on_items_can_be_read(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    for number, items in enumerate([(("a", "một"),), (("a", "hai"), ("b", "ba"))], start=1):
        any_year.move(moves.prepare, ident, now=now)
        any_year.move(moves.submit, ident, now=now)
        any_year.move(moves.return_for_correction, ident, now=now, remark=Remark(reason=f"lần {number}", basis="CV 1", items=items))
    with any_year.store.reading() as connection:
        first, second = returns_of(connection, ident)
    assert (first.round, first.reason, first.basis, first.items) == (1, "lần 1", "CV 1", (("a", "một"),))
    assert (second.round, second.items) == (2, (("a", "hai"), ("b", "ba")))


# --- longer terms -----------------------------------------------------------------------------------------------------


def asked(year: SmallYear, ident: int, *, now: datetime, wanted_on: date = WANTED) -> None:
    year.move(ask_extension, ident, now=now, actor=acting(year, "officer.xa-1"), wanted_on=wanted_on, reason="Thiếu số liệu")


def test_the_standing_body_is_told_of_a_request_and_nothing_moves(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    before = any_year.obligation(ident)
    asked(any_year, ident, now=now)
    after = any_year.obligation(ident)
    assert (after.state, after.terms, after.moves) == (before.state, before.terms, before.moves + 1)
    assert told(any_year, MessageKind.EXTENSION_ASKED) == [f"c{contact(any_year, 'officer.so-noi-vu')}"]
    with any_year.store.reading() as connection:
        (line,) = extension_requests(connection, obligation=ident, open_only=True)
    assert (line.wanted_on, line.reason, line.contact, line.decision) == (WANTED, "Thiếu số liệu", "officer.xa-1", "open")
    assert verify(any_year.store) == []


def test_granting_is_the_extension_and_decides_the_request(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    asked(any_year, ident, now=now)
    after = any_year.move(grant_extension, ident, now=now, actor=acting(any_year, "officer.so-noi-vu"), remark=WHY)
    assert (after.term.due_on, after.term.reason) == (WANTED, TermReason.EXTENSION)
    with any_year.store.reading() as connection:
        (line,) = extension_requests(connection, obligation=ident)
        assert extension_requests(connection, open_only=True) == []
    assert (line.decision, line.decided_at, line.granted_term) == ("granted", now, after.term.number)
    with pytest.raises(NoRequestError):
        any_year.move(grant_extension, ident, now=now, remark=WHY)
    assert verify(any_year.store) == []


def test_another_day_may_be_granted(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    asked(any_year, ident, now=now)
    assert any_year.move(grant_extension, ident, now=now, remark=WHY, due_on=date(2025, 2, 5)).term.due_on == date(2025, 2, 5)


def test_refusing_needs_a_reason_and_leaves_the_date(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    with pytest.raises(NoRequestError):
        any_year.move(decline_extension, ident, now=now, remark=WHY)
    asked(any_year, ident, now=now)
    with pytest.raises(TransitionError, match="reason"):
        any_year.move(decline_extension, ident, now=now, remark=Remark(reason=" "))
    after = any_year.move(decline_extension, ident, now=now, remark=WHY)
    assert after.term.due_on == date(2025, 1, 31)
    assert told(any_year, MessageKind.EXTENSION_REFUSED) == [f"c{contact(any_year, 'officer.xa-1')}"]
    asked(any_year, ident, now=now)
    with any_year.store.reading() as connection:
        assert [line.decision for line in extension_requests(connection, obligation=ident)] == ["refused", "open"]


@pytest.mark.parametrize(
    ("wanted_on", "reason", "why"),
    [
        pytest.param(date(2025, 1, 31), "x", "not after", id="not later"),
        pytest.param(date(2025, 1, 5), "x", "not after", id="past"),
        pytest.param(WANTED, "  ", "reason", id="no reason"),
    ],
)
def test_a_request_out_of_bounds_is_refused(any_year: SmallYear, now: datetime, wanted_on: date, reason: str, why: str) -> None:
    with pytest.raises(TransitionError, match=why):
        any_year.move(ask_extension, plan_of(any_year), now=now, wanted_on=wanted_on, reason=reason)
    assert any_year.scalar("select count(*) from extension_request") == 0


def test_the_plan_bounds_a_request_too(any_year: SmallYear) -> None:
    now = any_year.slot(date(2025, 3, 4))
    any_year.tick(now)
    with pytest.raises(TransitionError, match="60 days"):
        any_year.move(ask_extension, any_year.ids("report")[0], now=now, wanted_on=date(2025, 6, 30), reason="x")


def test_one_request_at_a_time_and_one_whose_term_is_over_is_void(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    asked(any_year, ident, now=now)
    with pytest.raises(TransitionError, match="awaits"):
        asked(any_year, ident, now=now)
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now)
    with any_year.store.reading() as connection:
        assert [line.decision for line in extension_requests(connection, obligation=ident)] == ["void"]
        assert extension_requests(connection, open_only=True) == []
    any_year.move(moves.return_for_correction, ident, now=now, remark=WHY)
    asked(any_year, ident, now=now)
    with any_year.store.reading() as connection:
        assert [line.decision for line in extension_requests(connection, obligation=ident)] == ["void", "open"]


# --- work given to a colleague ----------------------------------------------------------------------------------------


def test_work_is_given_to_a_colleague_and_back(any_year: SmallYear, now: datetime) -> None:
    ident, head = plan_of(any_year), contact(any_year, "head.xa-1")
    for given in (head, None):
        with any_year.store.transaction(now=now) as transaction:
            reassign(any_year.store, transaction, ident, contact=given)
        assert any_year.scalar(f"select assignee_id from obligation where id = {ident}") == given  # noqa: S608  a number
    assert any_year.actions()[-2:] == ["reassign", "reassign"]
    assert verify(any_year.store) == []


def test_work_is_given_to_nobody_outside_or_gone(any_year: SmallYear, now: datetime) -> None:
    ident, head = plan_of(any_year), contact(any_year, "head.xa-1")
    with any_year.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.id == head).values(valid_to=date(2025, 1, 6)))
        transaction.connection.execute(update(OBLIGATION).where(OBLIGATION.c.id == plan_of(any_year, "xa-2")).values(state="accepted"))
        touched(transaction, any_year.scalar("select id from authority"))
    for obligation, given in ((ident, contact(any_year, "officer.xa-2")), (ident, head), (ident, 999), (plan_of(any_year, "xa-2"), None)):
        with pytest.raises(AssignmentError), any_year.store.transaction(now=now) as transaction:
            reassign(any_year.store, transaction, obligation, contact=given)


# --- many terms at once -----------------------------------------------------------------------------------------------


def test_many_terms_are_looked_at_first_and_each_stands_alone(any_year: SmallYear, now: datetime) -> None:
    ids, coordinator = any_year.ids("plan"), acting(any_year, "head.so-noi-vu")
    any_year.move(moves.extend, ids[1], now=now, due_on=date(2025, 3, 1), remark=WHY)
    before, entries = [any_year.obligation(ident) for ident in ids], any_year.actions()
    order = extending([*ids, ids[0], 9999], due_on=WANTED, remark=Remark(reason="Vì thế", basis="CV 9/UBND"))
    seen = preview_many(any_year.store, order, now=now, actor=coordinator)
    assert [any_year.obligation(ident) for ident in ids] == before
    assert any_year.actions() == entries
    done = do_many(RowByRow(store=any_year.store, now=now, actor=coordinator), order)
    assert [outcome(row) for row in done] == [outcome(row) for row in seen]
    assert [row.obligation for row in done] == [*ids, 9999], "each once"
    assert [row.is_refused for row in done] == [False, True, *[False] * (len(ids) - 2), True]
    assert [any_year.obligation(ident).term.due_on for ident in ids] == [WANTED, date(2025, 3, 1), *[WANTED] * (len(ids) - 2)]
    recipients = [recipient for row in done for recipient in row.told]
    assert sorted(recipients) == sorted(told(any_year, MessageKind.EXTENSION_GRANTED)[-len(recipients) :])
    assert verify(any_year.store) == []


def outcome(row: Row) -> tuple[object, ...]:
    return (row.obligation, type(row.error), row.old_due_on, row.told)


def test_who_may_not_extend_extends_nothing(any_year: SmallYear, now: datetime) -> None:
    order = extending(any_year.ids("plan"), due_on=WANTED, remark=WHY)
    rows = do_many(RowByRow(store=any_year.store, now=now, actor=acting(any_year, "head.xa-1")), order)
    assert {type(row.error) for row in rows} == {NotAllowedError}
    assert all(any_year.obligation(ident).term.due_on == date(2025, 1, 31) for ident in order.obligations)
