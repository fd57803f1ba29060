"""Dates that a mail takes back: each that its reader was sent, and no other."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.endings import Heir, transfer
from evaluation.kinds import MessageKind
from evaluation.letters import Letter, Reader
from evaluation.transitions import Setting
from notifications.render import render
from store.commands import moves
from store.commands.cycle_moves import move_cycle
from store.outbox.freezing import post_without_sending
from store.perform import Decided, perform
from store.queries.letters import read_letters
from store.schema import CONTACT, MESSAGE, NOTICE
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conftest import SmallYear

WHY = Remark(reason="đơn vị giải thể", basis="5/NQ-HĐND")


@pytest.fixture
def told(any_year: SmallYear) -> SmallYear:
    """The small year on 31 January 2025: everybody was told of the opening and reminded of the day, and all of it was sent."""
    for on in (date(2025, 1, 6), date(2025, 1, 24)):
        any_year.tick(any_year.slot(on))
        post_without_sending(any_year.store, any_year.slot(on))
    return any_year


def at(year: SmallYear, on: date = date(2025, 1, 24), hour: int = 9) -> datetime:
    return year.calendar.instant(on, time(hour))


def letters(year: SmallYear, kind: MessageKind, *, now: datetime) -> dict[str, Letter]:
    """The letters of all notices of a kind, by recipient."""
    with year.store.reading() as connection:
        wanted: dict[str, list[int]] = {}
        for row in connection.execute(select(NOTICE.c.id, NOTICE.c.recipient).where(NOTICE.c.kind == kind.value)):
            wanted.setdefault(row.recipient, []).append(row.id)
        return read_letters(year.store, connection, authority=1, wanted=wanted, now=now)


def officer_of(year: SmallYear, obligation: int) -> str:
    """The officer of who owes an obligation."""
    with year.store.reading() as connection:
        owner = year.obligation(obligation).party
        return f"c{connection.execute(select(CONTACT.c.id).where(CONTACT.c.party_id == owner, CONTACT.c.role == 'officer')).scalar_one()}"


def events(letter: Letter, part: str = "revoked") -> list[Any]:
    """The calendar events of a letter, as a calendar program reads them."""
    content = getattr(render(letter, base_url="https://dondoc.invalid", support_phone=""), part)
    return [] if content is None else list(Calendar.from_ical(content).walk("VEVENT"))


def sent_events(year: SmallYear, recipient: str, obligation: int) -> list[Any]:
    """The events about an obligation, not over yet, in the mails that a recipient was sent."""
    with year.store.reading() as connection:
        query = select(NOTICE.c.id, MESSAGE.c.at).join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        rows = connection.execute(query.where(NOTICE.c.recipient == recipient, NOTICE.c.obligation_id == obligation)).all()
        found = [read_letters(year.store, connection, authority=1, wanted={recipient: [row.id]}, now=row.at)[recipient] for row in rows]
    return [one for letter in found for one in events(letter, "ics")]


def test_a_waived_date_is_taken_back_under_a_higher_number(told: SmallYear) -> None:
    ident = told.ids("plan")[2]
    officer = officer_of(told, ident)
    before = sent_events(told, officer, ident)
    assert {event["SEQUENCE"] for event in before} == {1}
    told.move(moves.waive, ident, now=at(told), remark=WHY)
    letter = letters(told, MessageKind.WAIVED, now=at(told))[officer]
    [event] = events(letter)
    assert {one["UID"] for one in before} == {event["UID"]}
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CANCELLED")
    assert event["DTEND"].dt == before[-1]["DTEND"].dt
    assert events(letter, "ics") == []


def test_the_last_date_that_was_sent_is_taken_back_after_an_extension(told: SmallYear) -> None:
    ident = told.ids("plan")[2]
    told.move(moves.extend, ident, now=at(told), due_on=date(2025, 2, 14), remark=WHY)
    post_without_sending(told.store, told.slot(date(2025, 2, 3)))
    officer = officer_of(told, ident)
    assert max(one["SEQUENCE"] for one in sent_events(told, officer, ident)) == 2
    told.move(moves.waive, ident, now=at(told, date(2025, 2, 4)), remark=WHY)
    [event] = events(letters(told, MessageKind.WAIVED, now=at(told, date(2025, 2, 4)))[officer])
    assert (event["SEQUENCE"], event["DTEND"].dt.date()) == (3, date(2025, 2, 15))


@pytest.mark.parametrize(
    ("gathered", "state", "revoked"),
    [
        pytest.param(date(2025, 1, 24), "sent", 1, id="sent"),
        pytest.param(date(2025, 1, 24), "unknown", 1, id="perhaps sent"),
        pytest.param(date(2025, 1, 24), "held", 0, id="still held"),
        pytest.param(date(2025, 1, 24), "refused", 0, id="refused"),
        pytest.param(date(2025, 2, 10), "sent", 0, id="sent when it was too late: without an event"),
        pytest.param(None, "", 0, id="not gathered yet"),
    ],
)
def test_only_a_date_that_was_sent_is_taken_back(any_year: SmallYear, gathered: date | None, state: str, revoked: int) -> None:
    any_year.tick(any_year.slot(date(2025, 1, 6)))
    if gathered is not None:
        post_without_sending(any_year.store, any_year.slot(gathered))
        with any_year.store.transaction(now=at(any_year)) as transaction:
            transaction.connection.execute(update(MESSAGE).values(state=state))
    any_year.move(moves.waive, any_year.ids("plan")[0], now=at(any_year, date(2025, 2, 11)), remark=WHY)
    [letter] = letters(any_year, MessageKind.WAIVED, now=at(any_year, date(2025, 2, 11))).values()
    assert len(letter.revoked) == revoked


def test_a_cancelled_year_takes_back_everything_that_is_still_owed(told: SmallYear) -> None:
    done, *owed = told.ids("plan")
    told.move(moves.waive, done, now=at(told), remark=WHY)
    with told.store.transaction(now=at(told, hour=10)) as transaction:
        move_cycle(told.store, transaction, told.cycle, verb=CycleVerb.CANCEL, remark=WHY)
    found = letters(told, MessageKind.CYCLE_CANCELLED, now=at(told, hour=10))
    for ident in owed:
        officer = officer_of(told, ident)
        assert ident in [item.obligation for item in found[officer].revoked]
        assert {event["UID"] for event in events(found[officer])} >= {event["UID"] for event in sent_events(told, officer, ident)}
    every = [item.obligation for letter in found.values() for item in letter.revoked]
    assert set(every) == set(owed), "what was waived was taken back before, what is not open yet was never sent"


def test_each_turn_is_an_event_of_its_own_to_take_back(told: SmallYear) -> None:
    ident = told.ids("plan")[2]
    told.move(moves.prepare, ident, now=at(told))
    told.move(moves.submit, ident, now=at(told))
    post_without_sending(told.store, told.slot(date(2025, 1, 25)) + timedelta(days=9))
    with told.store.transaction(now=at(told, hour=11)) as transaction:
        transaction.connection.execute(update(MESSAGE).where(MESSAGE.c.at > at(told)).values(at=at(told)))
        move_cycle(told.store, transaction, told.cycle, verb=CycleVerb.CANCEL, remark=WHY)
    found = letters(told, MessageKind.CYCLE_CANCELLED, now=at(told, hour=11))
    turns = {
        (item.reader, item.timing.turn.value)
        for letter in found.values()
        for item in letter.revoked
        if item.obligation == ident and item.timing
    }
    assert turns == {(Reader.OWES, "party"), (Reader.OVERSEES, "receiver")}


def hand_over(year: SmallYear, ident: int, *, to: int) -> None:
    """Hand an obligation over to a party that has one already, and tell both."""
    with year.store.transaction(now=at(year)) as transaction:
        running = load_year(year.store, transaction.connection, year.cycle, now=at(year))
        before, stage = year.obligation(ident), running.stage("plan")
        setting = Setting(stage=stage.line, rulebook=running.rulebook, told=running.told(stage.id, to), now=at(year), remark=WHY)
        actions = transfer(before, successor=Heir(party=to), setting=setting, before=running.told(stage.id, before.party))
        perform(transaction, running, [Decided(before=before, stage=stage.id, actions=actions, action="transfer")])


def test_who_owed_it_before_a_hand_over_is_told_and_loses_the_date(told: SmallYear) -> None:
    old = told.ids("plan")[3]
    officer = officer_of(told, old)
    before = sent_events(told, officer, old)
    hand_over(told, old, to=told.obligation(told.ids("plan")[2]).party)
    found = letters(told, MessageKind.HANDED_OVER, now=at(told))
    letter = found.pop(officer)
    assert (letter.items[0].reader, letter.items[0].predecessor) == (Reader.OWED, letter.revoked[0].party)
    [event] = events(letter)
    assert {one["UID"] for one in before} == {event["UID"]}
    assert events(letter, "ics") == []
    assert [other.revoked for other in found.values()] == [() for _ in found]
