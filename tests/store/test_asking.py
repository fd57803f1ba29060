"""Reports that are asked for: in hours or in days, one life, told at once where the term is short, summed up for the asker once."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.asking import By, Count, RequestState, Within
from evaluation.kinds import MessageKind
from evaluation.obligations import State
from evaluation.plans import Selector
from notifications.render import render
from store.actors import Actor
from store.commands import moves, transferring
from store.commands.asking import Order, Sent, ask, cancel_request
from store.commands.requested import RequestError
from store.queries.asking import requests_of
from store.queries.letters import read_letter
from store.queries.obligations import Wanted, find_obligations
from store.schema import CYCLE, NOTICE, REPORT_REQUEST
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

ASKED = """
  - key: asked
    kind: ad_hoc_report
    title: Báo cáo đột xuất
    title_en: Ad-hoc report
    owed_by: {groups: [xa]}
    owed_to: chu-tich
    through: so-noi-vu
    on_request: true
    opens: {count: 0, unit: calendar, from: event, roll: none}
    due: {count: 5, unit: working, from: event}
    deliverable: Báo cáo theo yêu cầu
    items: [{key: bao-cao, title: Báo cáo đã ký}]
    ladder: standard
    review: {count: 3, unit: working, ladder: review}
    correction: {count: 2, unit: working, ladder: correction}
    words: đột xuất theo yêu cầu
    basis: kh-1
    source: none
"""
FLOOD = Order(title="Thiệt hại do bão số 3", asks="Số hồ sơ trễ hẹn, nguyên nhân", items=("Biểu số liệu", "Báo cáo"), document="45/UBND-NC")
WHY = Remark(reason="đã có số liệu", basis="46/UBND-NC")


@pytest.fixture
def year(store: Store) -> SmallYear:
    return launch(store)


@pytest.fixture
def anywhere(any_store: Store) -> SmallYear:
    return launch(any_store)


def launch(store: Store) -> SmallYear:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8") + ASKED
    return launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)


def at(year: SmallYear, on: date, hour: int, minute: int = 0) -> datetime:
    now = year.calendar.instant(on, time(hour, minute))
    year.tick(now)
    return now


def officer(year: SmallYear, party: str) -> int:
    return int(year.scalar(f"select id from contact where key = 'officer.{party}'"))  # noqa: S608  a key of this file


def asked(year: SmallYear, order: Order = FLOOD, *, now: datetime, by: int | None = None) -> Sent:
    actor = Actor(who=f"c{by or officer(year, 'so-noi-vu')}")
    with year.store.transaction(now=now, actor=actor) as transaction:
        return ask(year.store, transaction, year.cycle, order)


def within(count: int, unit: Count = Count.HOURS, **other: Any) -> Order:
    return Order(**{**vars(FLOOD), "deadline": Within(count=count, unit=unit), **other})


def notices(year: SmallYear, kind: MessageKind) -> list[tuple[int, str, datetime]]:
    with year.store.reading() as connection:
        query = select(NOTICE.c.id, NOTICE.c.recipient, NOTICE.c.slot_at).where(NOTICE.c.kind == kind.value, NOTICE.c.cancelled.is_(False))
        return [tuple(row) for row in connection.execute(query.order_by(NOTICE.c.id))]


def words_of(year: SmallYear, notice: tuple[int, str, datetime], *, now: datetime) -> tuple[str, str]:
    with year.store.reading() as connection:
        letter = read_letter(year.store, connection, authority=1, recipient=notice[1], notices=[notice[0]], now=now)
    made = render(letter, base_url="https://dondoc.invalid", support_phone="")
    return made.subject, made.text + (made.ics or b"").decode()


def test_a_term_of_hours_is_an_instant_and_its_units_are_told_at_once(anywhere: SmallYear) -> None:
    """Asked on Friday 28/03 at 18:40 with 4 hours: due at 22:40; the mail does not wait for Monday's slot."""
    now = at(anywhere, date(2025, 3, 28), 18, 40)
    sent = asked(anywhere, within(4), now=now)
    assert (sent.key, sent.due_on, sent.due_at) == ("YC-01", date(2025, 3, 28), anywhere.calendar.instant(date(2025, 3, 28), time(22, 40)))
    assert (sent.mails, sent.unaddressed, sent.leaves_at) == (2, (), now)
    anywhere.tick(now)
    told = notices(anywhere, MessageKind.URGENT_REQUEST)
    assert [slot for _, _, slot in told] == [now, now]
    subject, text = words_of(anywhere, told[0], now=now)
    assert "[Yêu cầu gấp] Thiệt hại do bão số 3, YC-01 – hạn 22:40 thứ Sáu 28/03/2025" in subject
    assert "Nội dung yêu cầu: “Số hồ sơ trễ hẹn, nguyên nhân”" in text
    assert "Văn bản số 45/UBND-NC" in text
    assert "DTEND;TZID=Asia/Ho_Chi_Minh:20250328T224000" in text
    assert anywhere.obligation(sent.obligations[0]).state is State.OPEN
    assert verify(anywhere.store) == []


def test_a_term_of_days_is_counted_by_the_law_and_waits_for_the_slot(year: SmallYear) -> None:
    """Three working days after Tuesday 29/04/2025 at 19:00: 30/04-02/05 are off, so Wednesday 07/05."""
    now = at(year, date(2025, 4, 29), 19)
    sent = asked(year, within(3, Count.WORKING), now=now)
    assert (sent.due_on, sent.leaves_at) == (date(2025, 5, 7), year.slot(date(2025, 5, 5)))
    year.tick(now)
    assert notices(year, MessageKind.URGENT_REQUEST) == []
    with year.store.reading() as connection:
        opened = select(NOTICE.c.slot_at).where(NOTICE.c.obligation_id.in_(sent.obligations))
        assert list(connection.execute(opened).scalars()) == [year.slot(date(2025, 5, 5))] * 2


@pytest.mark.parametrize(
    ("deadline", "due", "off_day"),
    [
        pytest.param(Within(count=24, unit=Count.HOURS), (date(2025, 4, 30), time(16, 20)), True, id="hours do not roll over a holiday"),
        pytest.param(Within(count=1, unit=Count.CALENDAR), (date(2025, 5, 5), None), False, id="days do"),
        pytest.param(By(on=date(2025, 5, 5), at=time(11, 0)), (date(2025, 5, 5), time(11, 0)), False, id="a date with its hour"),
        pytest.param(None, (date(2025, 5, 9), None), False, id="as the plan counts"),
    ],
)
def test_deadlines_around_a_holiday(year: SmallYear, deadline: Any, due: tuple[date, time | None], *, off_day: bool) -> None:
    now = at(year, date(2025, 4, 29), 16, 20)
    sent = asked(year, Order(title="Báo cáo nhanh", deadline=deadline), now=now)
    ends = year.calendar.instant(due[0], due[1]) if due[1] else year.calendar.instant(date.fromordinal(due[0].toordinal() + 1))
    assert (sent.due_on, sent.due_at, sent.off_day) == (due[0], ends, off_day)


def test_no_warning_comes_after_an_early_hour(year: SmallYear) -> None:
    """Due on Tuesday at 07:00: what would be told on that day's slot, 07:30, is told on Monday's."""
    now = at(year, date(2025, 3, 20), 10)
    sent = asked(year, Order(title="Báo cáo sáng sớm", deadline=By(on=date(2025, 3, 25), at=time(7, 0))), now=now)
    term = year.obligation(sent.obligations[0]).term
    rungs = {moment.rung: moment.at for moment in term.moments}
    assert rungs["T+0"] == year.slot(date(2025, 3, 24))
    assert rungs["T+1"] == year.slot(date(2025, 3, 26))
    year.tick(rungs["T+0"])
    assert verify(year.store) == []


def test_one_life_returned_late_and_extended(anywhere: SmallYear) -> None:
    now = at(anywhere, date(2025, 4, 1), 9)
    sent = asked(anywhere, within(4), now=now)
    anywhere.tick(now)
    one, two = sent.obligations
    for act in (moves.prepare, moves.submit):
        anywhere.move(act, one, now=now)
    remark = Remark(reason="thiếu biểu", items=(("phan-1", "điền đủ các cột"),))
    anywhere.move(moves.return_for_correction, one, now=now, remark=remark)
    anywhere.move(moves.extend, two, now=now, due_on=date(2025, 4, 1), remark=WHY)
    assert anywhere.obligation(two).term.due_at == anywhere.calendar.instant(date(2025, 4, 2))
    late = at(anywhere, date(2025, 4, 2), 8)
    anywhere.move(moves.prepare, two, now=late)
    assert anywhere.move(moves.submit, two, now=late).days_late == 1
    (line,) = read(anywhere, now=late)
    assert (line.total, line.answered, line.answered_late, line.returned, line.state) == (2, 1, 1, 1, RequestState.UNDER_WAY)
    assert verify(anywhere.store) == []


def read(year: SmallYear, *, now: datetime) -> list[Any]:
    with year.store.reading() as connection:
        return requests_of(connection, now=now, cycle=year.cycle)


def test_the_asker_is_told_once_when_the_last_has_answered(anywhere: SmallYear) -> None:
    now = at(anywhere, date(2025, 4, 1), 9)
    sent = asked(anywhere, within(4), now=now)
    anywhere.tick(now)
    for ident in sent.obligations:
        assert notices(anywhere, MessageKind.REQUEST_SUMMARY) == []
        for act in (moves.prepare, moves.submit):
            anywhere.move(act, ident, now=now)
        anywhere.tick(now)
    (told,) = notices(anywhere, MessageKind.REQUEST_SUMMARY)
    assert told[1] == f"c{officer(anywhere, 'so-noi-vu')}"
    subject, text = words_of(anywhere, told, now=now)
    assert "YC-01, Thiệt hại do bão số 3: 2/2 đã gửi" in subject
    assert "đã gửi đủ báo cáo" in text
    at(anywhere, date(2025, 4, 3), 8)
    assert len(notices(anywhere, MessageKind.REQUEST_SUMMARY)) == 1
    assert read(anywhere, now=now)[0].state is RequestState.ANSWERED
    assert verify(anywhere.store) == []


def test_at_the_due_the_asker_learns_who_is_missing_and_who_was_late(year: SmallYear) -> None:
    now = at(year, date(2025, 4, 1), 9)
    sent = asked(year, within(4), now=now)
    year.tick(now)
    for act in (moves.prepare, moves.submit):
        year.move(act, sent.obligations[0], now=now)
    at(year, date(2025, 4, 1), 12, 59)
    assert notices(year, MessageKind.REQUEST_SUMMARY) == []
    due = at(year, date(2025, 4, 1), 13)
    (told,) = notices(year, MessageKind.REQUEST_SUMMARY)
    subject, text = words_of(year, told, now=due)
    assert "1/2 đã gửi, 1 chưa gửi" in subject
    assert "Chưa gửi (1)\n- Xã 002" in text
    assert verify(year.store) == []


def test_its_title_stands_wherever_the_obligation_is_named(year: SmallYear) -> None:
    now = at(year, date(2025, 4, 1), 9)
    sent = asked(year, now=now)
    with year.store.reading() as connection:
        (line,) = find_obligations(year.store, connection, Wanted(obligation=sent.obligations[0]), now=now)
    assert (line.title, line.title_en, line.subject) == ("Thiệt hại do bão số 3", "Thiệt hại do bão số 3", "YC-01")


def test_cancelled_with_a_reason_what_is_owed_is_waived(anywhere: SmallYear) -> None:
    now = at(anywhere, date(2025, 4, 1), 9)
    sent = asked(anywhere, now=now)
    anywhere.tick(now)
    with anywhere.store.transaction(now=now) as transaction:
        assert cancel_request(anywhere.store, transaction, sent.id, remark=WHY) == sent.obligations
    assert {anywhere.obligation(ident).state for ident in sent.obligations} == {State.WAIVED}
    assert read(anywhere, now=now)[0].state is RequestState.CANCELLED
    anywhere.tick(now)
    assert notices(anywhere, MessageKind.REQUEST_SUMMARY) == []
    with pytest.raises(RequestError, match="cancelled before"), anywhere.store.transaction(now=now) as transaction:
        cancel_request(anywhere.store, transaction, sent.id, remark=WHY)
    assert verify(anywhere.store) == []


def test_a_unit_that_ends_hands_its_report_to_the_successor(year: SmallYear) -> None:
    now = at(year, date(2025, 4, 1), 9)
    sent = asked(year, within(30, scope=Selector(keys=("xa-2",))), now=now)
    year.tick(now)
    successor = int(year.scalar("select id from party where key = 'xa-1'"))
    year.move(transferring.transfer, sent.obligations[0], now=now, successor=successor, remark=WHY)
    old, new = year.ids("asked")
    assert year.obligation(new).term.due_at == year.obligation(old).terms[0].due_at
    assert (year.obligation(new).party, year.obligation(new).subject) == (successor, "YC-01")
    (line,) = read(year, now=now)
    assert (line.total, line.released) == (1, 1)
    assert verify(year.store) == []


@pytest.mark.parametrize(
    ("order", "said", "field"),
    [
        (Order(title=" "), "what the report is called", "title"),
        (within(0), "between 1 and 240", "deadline"),
        (Order(title="x", deadline=By(on=date(2025, 4, 1), at=time(8, 0))), "is over", "deadline"),
        (Order(title="x", scope=Selector(keys=("nowhere",))), "no unit or group “nowhere”", "scope"),
        (Order(title="x", scope=Selector(keys=("xa-1", "so-tu-phap"))), "so-tu-phap", "scope"),
        (Order(title="x", stage="report"), "no stage for ad-hoc reports", "stage"),
    ],
)
def test_what_cannot_be_asked_is_refused_whole(year: SmallYear, order: Order, said: str, field: str) -> None:
    now = at(year, date(2025, 4, 1), 9)
    before = year.actions()
    with pytest.raises(RequestError, match=said) as refused:
        asked(year, order, now=now)
    assert refused.value.field == field
    assert year.actions() == before


def test_verify_finds_words_changed_behind_the_journal(year: SmallYear) -> None:
    now = at(year, date(2025, 4, 1), 9)
    sent = asked(year, now=now)
    with year.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(REPORT_REQUEST).values(asks="khác"))
    assert f"request {sent.id} says something else" in "\n".join(verify(year.store))


def test_a_paused_year_asks_but_tells_nobody(year: SmallYear) -> None:
    now = at(year, date(2025, 4, 1), 9)
    with year.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(CYCLE).values(state="paused"))
    asked(year, within(4), now=now)
    year.tick(now)
    assert notices(year, MessageKind.URGENT_REQUEST) == []
