"""Letters of a real year: read, rendered, built, parsed back, and held to what the year knows."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import event, select, update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.kinds import MessageKind
from evaluation.letters import Language, Letter, Reader
from evaluation.obligations import State
from evaluation.papers import Purpose, WaitingPapers
from evaluation.terms import TermReason, Turn
from notifications.mime import Sender, UnfitAddressError, build_mail
from notifications.render import Rendered, render
from store.asked_papers import ask_papers
from store.commands import moves, transferring
from store.commands.authorities import found_authority
from store.commands.cycle_moves import move_cycle
from store.commands.replanning import Change, replan
from store.queries.letters import NoSuchNoticeError, read_letter, read_letters
from store.schema import AUTHORITY, CONTACT, MESSAGE, METADATA, NOTICE, OBLIGATION, PARTY, STAGE
from store.session import open_store
from store.upkeep import ask_upkeep
from store.years import load_year
from tests.conftest import SmallYear, launch_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import ColumnElement

WHY = Remark(reason="Chưa có số liệu", basis="Công văn số 12/UBND")


def _notices(year: SmallYear, *where: ColumnElement[bool]) -> list[Any]:
    with year.store.reading() as connection:
        return list(connection.execute(select(NOTICE).where(*where).order_by(NOTICE.c.id)))


def _letter(year: SmallYear, notice: Any, *, now: datetime) -> Letter:
    with year.store.reading() as connection:
        return read_letter(year.store, connection, authority=notice.authority_id, recipient=notice.recipient, notices=[notice.id], now=now)


def _of_kind(year: SmallYear, kind: MessageKind, *, now: datetime, last: bool = True) -> Letter:
    found = _notices(year, NOTICE.c.kind == kind.value, NOTICE.c.cancelled.is_(False))
    assert found, f"nobody was told {kind}"
    return _letter(year, found[-1 if last else 0], now=now)


def _render(letter: Letter) -> Rendered:
    return render(letter, base_url="http://127.0.0.1:8000", support_phone="0270 000 000")


def _parse(letter: Letter) -> EmailMessage:
    data = build_mail(_render(letter), letter=letter, header_id="<x@dondoc.invalid>", sender=Sender(address="dondoc@dondoc.invalid"))
    mail = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def _text(letter: Letter) -> str:
    body = _parse(letter).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _at(year: SmallYear, on: date, hour: int = 9) -> datetime:
    return year.calendar.instant(on, time(hour, 0))


def _days(year: SmallYear, first: date, last: date) -> None:
    on = first
    while on <= last:
        year.tick(year.slot(on))
        on += timedelta(days=1)


@pytest.fixture(scope="module")
def first_quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year up to 21 March 2025, as a file."""
    path = tmp_path_factory.mktemp("quarter") / "template.db"
    store = open_store(f"sqlite:///{path}", durable=False)
    METADATA.create_all(store.engine)
    calendar = shipped_calendar()
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar)
    _days(year, date(2025, 1, 3), date(2025, 3, 21))
    store.close()
    return path


@pytest.fixture
def quarter(first_quarter: Path, tmp_path: Path) -> Iterator[SmallYear]:
    """The small year up to 21 March 2025: the first quarter's report is opened, was due on the 19th, and is late."""
    path = shutil.copy(first_quarter, tmp_path / "quarter.db")
    store = open_store(f"sqlite:///{path}", durable=False)
    yield SmallYear(store=store, cycle=1, calendar=shipped_calendar())
    store.close()


def test_reminder_says_what_the_term_says(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    [notice] = _notices(quarter, NOTICE.c.cause == f"r:{report}:1:T-7")
    now = quarter.slot(date(2025, 3, 12))
    letter = _letter(quarter, notice, now=now)
    item, term = letter.items[0], quarter.obligation(report).terms[0]
    assert item.timing is not None
    assert (item.timing.due_on, item.timing.due_at, item.timing.locks_at) == (date(2025, 3, 19), term.due_at, term.locks_at)
    assert (item.timing.days_left, item.timing.workdays_left, item.timing.number) == (7, 5, 1)
    assert (item.kind, item.state, item.reader, item.obligation) == (MessageKind.REMINDER_BEFORE_DUE, State.OPEN, Reader.OWES, report)
    assert item.duty is not None
    assert (item.duty.words, item.duty.receiver) == ("trước ngày 20 tháng cuối quý", "Sở 01 (tên chưa có nguồn)")
    assert (letter.authority, letter.sandbox, letter.language) == ("thu", True, Language.VI)
    assert letter.helpdesk.name == "Sở 01 (tên chưa có nguồn)"


def test_mail_of_a_real_notice_comes_back_with_its_facts(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    [notice] = _notices(quarter, NOTICE.c.cause == f"r:{report}:1:T-7")
    mail = _parse(_letter(quarter, notice, now=quarter.slot(date(2025, 3, 12))))
    assert mail["Subject"] == "[THỬ][CCHC 2025][Còn 7 ngày] Báo cáo định kỳ, quý I/2025 – hạn hết thứ Tư 19/03/2025"
    assert mail["To"].addresses[0].addr_spec == "officer.xa-1@thu.invalid"
    assert mail["Date"].datetime == quarter.slot(date(2025, 3, 12))
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert text.splitlines()[0] == (
        "Báo cáo định kỳ, quý I/2025: hạn 24 giờ 00 thứ Tư 19/03/2025 (hết ngày), theo Kế hoạch số 1 của UBND thử."
    )
    assert f"http://127.0.0.1:8000/obligations/{report}" in text
    part = next(mail.iter_attachments())
    [due] = Calendar.from_ical(part.get_content().encode()).walk("VEVENT")
    assert due.decoded("DTEND") == datetime(2025, 3, 19, 17, tzinfo=UTC)


def test_every_notice_of_a_year_that_nobody_acts_in_becomes_a_mail(quarter: SmallYear) -> None:
    _days(quarter, date(2025, 3, 22), date(2025, 5, 10))
    now = quarter.slot(date(2025, 5, 10))
    notices = _notices(quarter)
    wanted: dict[str, list[int]] = {}
    for notice in notices:
        wanted.setdefault(notice.recipient, []).append(notice.id)
    with quarter.store.reading() as connection:
        letters = read_letters(quarter.store, connection, authority=notices[0].authority_id, wanted=wanted, now=now)
    distinct = {(notice.recipient, notice.kind, notice.obligation_id or -notice.id) for notice in notices}
    assert sum(len(letter.items) for letter in letters.values()) == len(distinct) < len(notices)
    assert {item.kind for letter in letters.values() for item in letter.items} >= {
        MessageKind.STAGE_OPENED,
        MessageKind.REMINDER_BEFORE_DUE,
        MessageKind.DUE_TODAY,
        MessageKind.OVERDUE,
        MessageKind.ESCALATION_STANDING_BODY,
        MessageKind.ESCALATION_CHAIR,
        MessageKind.COORDINATOR_DIGEST,
    }
    for letter in letters.values():
        assert _parse(letter)["To"].addresses[0].addr_spec == letter.address


def test_days_late_are_those_of_the_moment_it_leaves(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    [notice] = _notices(quarter, NOTICE.c.cause == f"r:{report}:1:T-1", NOTICE.c.recipient == _officer(quarter, report))
    held = _letter(quarter, notice, now=_at(quarter, date(2025, 3, 24)))
    assert "[Quá hạn 5 ngày]" in _render(held).subject


def _officer(year: SmallYear, obligation: int) -> str:
    with year.store.reading() as connection:
        query = select(CONTACT.c.id).join(OBLIGATION, OBLIGATION.c.party_id == CONTACT.c.party_id)
        return f"c{connection.execute(query.where(OBLIGATION.c.id == obligation, CONTACT.c.role == 'officer')).scalar_one()}"


def test_coordinating_unit_is_told_that_it_coordinates(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    letters = [
        _letter(quarter, notice, now=_at(quarter, date(2025, 3, 3)))
        for notice in _notices(quarter, NOTICE.c.obligation_id == report, NOTICE.c.kind == MessageKind.STAGE_OPENED.value)
    ]
    assert {letter.items[0].reader: letter.address for letter in letters} == {
        Reader.OWES: "officer.xa-1@thu.invalid",
        Reader.COORDINATES: "officer.so-tu-phap@thu.invalid",
    }
    told = next(letter for letter in letters if letter.items[0].reader is Reader.COORDINATES)
    assert "Xã 001 (tên chưa có nguồn) chủ trì; đề nghị cơ quan, đơn vị phối hợp" in _text(told)


def _submit(year: SmallYear, obligation: int, *, on: date) -> None:
    for verb in (moves.prepare, moves.submit):
        with year.store.transaction(now=_at(year, on)) as transaction:
            verb(year.store, transaction, obligation)


def test_receiver_is_told_how_late_and_until_when_to_review(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    _submit(quarter, report, on=date(2025, 3, 21))
    letter = _of_kind(quarter, MessageKind.RECEIVED, now=_at(quarter, date(2025, 3, 21)))
    item = letter.items[0]
    assert item.timing is not None
    assert (item.reader, item.days_late, item.timing.turn, item.timing.due_on) == (Reader.RECEIVES, 2, Turn.RECEIVER, date(2025, 3, 26))
    assert "trễ hạn 2 ngày" in _text(letter)


def test_return_says_what_is_asked_and_by_when(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    _submit(quarter, report, on=date(2025, 3, 21))
    remark = Remark(reason="Thiếu phụ lục", items=(("bao-cao", "chưa ký"),))
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 24))) as transaction:
        moves.return_for_correction(quarter.store, transaction, report, remark=remark)
    letter = _of_kind(quarter, MessageKind.RETURNED_FOR_CORRECTION, now=_at(quarter, date(2025, 3, 24)))
    item = letter.items[0]
    assert item.timing is not None
    assert (item.rounds, item.remark, item.timing.due_on, item.timing.reason) == (1, remark, date(2025, 3, 31), TermReason.CORRECTION)
    text = _text(letter)
    assert "hạn bổ sung 24 giờ 00 thứ Hai 31/03/2025" in text
    assert "- bao-cao: chưa ký" in text


def test_acceptance_keeps_the_fact_of_lateness_and_names_no_deadline(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    _submit(quarter, report, on=date(2025, 3, 21))
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 24))) as transaction:
        moves.accept(quarter.store, transaction, report)
    letter = _of_kind(quarter, MessageKind.ACCEPTED, now=_at(quarter, date(2025, 3, 24)))
    text = _text(letter)
    assert "Hoàn thành trễ hạn 2 ngày." in text
    assert "Thời hạn:" not in text
    assert "hạn xem xét" not in text


def test_extension_names_old_and_new_date_reason_and_basis(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        moves.extend(quarter.store, transaction, report, due_on=date(2025, 3, 28), remark=WHY)
    letter = _of_kind(quarter, MessageKind.EXTENSION_GRANTED, now=_at(quarter, date(2025, 3, 21)))
    assert (letter.items[0].due_before, letter.items[0].due_at) == (date(2025, 3, 19), datetime(2025, 3, 28, 17, tzinfo=UTC))
    text = _text(letter)
    assert "từ thứ Tư 19/03/2025 đến 24 giờ 00 thứ Sáu 28/03/2025" in text
    assert "Lý do: Chưa có số liệu" in text
    assert "Văn bản: Công văn số 12/UBND" in text


def test_suspension_says_what_is_left_and_resumption_the_new_date(quarter: SmallYear) -> None:
    report = quarter.ids("report")[2]  # the second quarter's is not open yet; the first's of the other unit is
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        moves.extend(quarter.store, transaction, quarter.ids("report")[1], due_on=date(2025, 3, 31), remark=WHY)
        report = quarter.ids("report")[1]
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21), 10)) as transaction:
        moves.suspend(quarter.store, transaction, report, remark=WHY)
    suspended = _of_kind(quarter, MessageKind.SUSPENDED, now=_at(quarter, date(2025, 3, 21), 10))
    assert suspended.items[0].timing is not None
    assert (suspended.items[0].timing.held_days, suspended.items[0].due_at) == (10, None)
    assert "Phần còn lại là 10 ngày" in _text(suspended)
    with quarter.store.transaction(now=_at(quarter, date(2025, 4, 1))) as transaction:
        moves.resume_clock(quarter.store, transaction, report, remark=WHY)
    resumed = _of_kind(quarter, MessageKind.RESUMED, now=_at(quarter, date(2025, 4, 1)))
    assert resumed.items[0].due_at == datetime(2025, 4, 11, 17, tzinfo=UTC)


def test_hand_over_speaks_of_the_successor(quarter: SmallYear) -> None:
    old = quarter.ids("report")[1]
    successor = quarter.obligation(quarter.ids("report")[0]).party
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        transferring.transfer(quarter.store, transaction, old, successor=successor, remark=WHY, undeclared=True)
    letter = _of_kind(quarter, MessageKind.HANDED_OVER, now=_at(quarter, date(2025, 3, 21)), last=False)
    item = letter.items[0]
    assert (item.party, item.predecessor) == ("Xã 001 (tên chưa có nguồn)", "Xã 002 (tên chưa có nguồn)")
    assert (item.obligation, item.reader) == (quarter.ids("report")[0], Reader.OWES)


def test_moved_plan_says_from_when_to_when(small_year: SmallYear) -> None:
    now = _at(small_year, date(2025, 1, 10))
    small_year.tick(small_year.slot(date(2025, 1, 6)))
    with small_year.store.transaction(now=now) as transaction:
        replan(small_year.store, transaction, small_year.cycle, change=Change(moved={"plan.due": date(2025, 2, 14)}), remark=WHY)
    letter = _of_kind(small_year, MessageKind.DATES_MOVED, now=now, last=False)
    assert "Do kế hoạch thay đổi, thời hạn chuyển từ thứ Sáu 31/01/2025 sang 24 giờ 00 thứ Sáu 14/02/2025" in _text(letter)


def test_paused_cycle_says_why(small_year: SmallYear) -> None:
    now = _at(small_year, date(2025, 1, 10))
    with small_year.store.transaction(now=now) as transaction:
        move_cycle(small_year.store, transaction, small_year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    letter = _of_kind(small_year, MessageKind.CYCLE_PAUSED, now=now)
    assert letter.items[0].remark == WHY
    assert f"/cycles/{small_year.cycle}" in _text(letter)
    assert _text(letter).splitlines()[0] == "Kế hoạch nhỏ để thử: tạm dừng từ ngày 10/01/2025, theo Công văn số 12/UBND."


def test_cancelled_cycle_says_its_own_reason_however_much_moved_before(quarter: SmallYear) -> None:
    now = _at(quarter, date(2025, 3, 24))
    for hour, verb in enumerate((CycleVerb.PAUSE, CycleVerb.RESUME, CycleVerb.PAUSE), start=9):
        with quarter.store.transaction(now=_at(quarter, date(2025, 3, 24), hour)) as transaction:
            move_cycle(quarter.store, transaction, quarter.cycle, verb=verb, remark=Remark(reason=f"{verb} {hour}"))
    fresh = next(ident for ident in quarter.ids("after-lock") if quarter.obligation(ident).moves == 0)
    for days in range(1, 5):  # an obligation's moves bear the same numbers as the cycle's
        with quarter.store.transaction(now=_at(quarter, date(2025, 3, 24), 12)) as transaction:
            remark = Remark(reason="không phải của chu kỳ")
            if days < 4:
                moves.extend(quarter.store, transaction, fresh, due_on=date(2025, 7, 15 + days), remark=remark)
            else:
                moves.waive(quarter.store, transaction, fresh, remark=remark)
    found = [_letter(quarter, notice, now=now) for notice in _notices(quarter, NOTICE.c.kind == MessageKind.CYCLE_PAUSED.value)]
    assert {letter.items[0].remark.reason for letter in found} == {"pause 9", "pause 11"}


def test_term_is_over_at_its_very_moment(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    [notice] = _notices(quarter, NOTICE.c.cause == f"r:{report}:1:T-7")
    due = quarter.obligation(report).terms[0].due_at
    assert due is not None
    seen = [_letter(quarter, notice, now=now).items[0].timing for now in (due - timedelta(microseconds=1), due)]
    assert [(timing.overdue, timing.days_left, timing.days_late) for timing in seen if timing] == [(False, 0, 0), (True, -1, 1)]


def test_digest_tells_the_uncorrected_from_the_late(quarter: SmallYear) -> None:
    report = quarter.ids("report")[0]
    _submit(quarter, report, on=date(2025, 3, 21))
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 24))) as transaction:
        moves.return_for_correction(quarter.store, transaction, report, remark=WHY)
    _days(quarter, date(2025, 3, 25), date(2025, 4, 2))
    digest = _of_kind(quarter, MessageKind.COORDINATOR_DIGEST, now=_at(quarter, date(2025, 4, 2))).items[0].digest
    assert digest is not None
    assert [(line.party, line.title, line.due_on) for line in digest.uncorrected.lines] == [
        ("Xã 001 (tên chưa có nguồn)", "Báo cáo định kỳ", date(2025, 3, 31))
    ]
    assert ("Xã 001 (tên chưa có nguồn)", "Báo cáo định kỳ") not in {(line.party, line.title) for line in digest.late.lines}


def test_digest_lists_what_is_late_awaiting_and_to_be_repaired(quarter: SmallYear) -> None:
    _submit(quarter, quarter.ids("report")[0], on=date(2025, 3, 21))
    now = _at(quarter, date(2025, 3, 24))
    with quarter.store.transaction(now=now) as transaction:
        year = load_year(quarter.store, transaction.connection, quarter.cycle, now=now)
        ask_upkeep(transaction, year, [f"contact/{quarter.obligation(quarter.ids('report')[1]).party}/head"])
        row = {"authority_id": year.authority, "recipient": "c1", "slot_at": now, "gathering": 1, "at": now, "kind": "overdue"}
        transaction.connection.execute(MESSAGE.insert(), {**row, "header_id": "<h@x>", "state": "held"})
    letter = _of_kind(quarter, MessageKind.COORDINATOR_DIGEST, now=now)
    digest = letter.items[0].digest
    assert digest is not None
    assert {(line.party, line.title, line.days_late) for line in digest.late.lines} == {
        ("Xã 002 (tên chưa có nguồn)", "Báo cáo định kỳ", 5),
        *((f"{party} (tên chưa có nguồn)", "Kế hoạch của đơn vị", 52) for party in ("Xã 001", "Xã 002", "Sở 01", "Sở 02")),
    }
    assert [line.party for line in digest.awaiting_review.lines] == ["Xã 001 (tên chưa có nguồn)"]
    assert digest.repairs.total >= 1
    assert (digest.held, digest.unknown, digest.refused) == (1, 0, 0)
    assert [(one.group, one.late_units, one.late) for one in digest.groups] == [("so", 2, 2), ("xa", 2, 3)]
    assert "- 2 đơn vị của khối UBND xã, phường quá hạn 3 việc" in _text(letter)
    text = _text(letter)
    assert "Xã 002 (tên chưa có nguồn): chưa có người đứng đầu nhận được thư" in text
    assert "Thư cần chú ý: 1 đang giữ." in text


def test_digest_says_what_is_to_be_signed_by_kind_and_group(quarter: SmallYear) -> None:
    now = _at(quarter, date(2025, 3, 24))
    reports, plans = quarter.ids("report"), quarter.ids("plan")
    asked = {"letter/urging-letter/report/2025-03-24": reports[:1], "letter/urging-letter/plan/2025-03-24": plans}
    with quarter.store.transaction(now=now) as transaction:
        year = load_year(quarter.store, transaction.connection, quarter.cycle, now=now)
        ask_papers(transaction, year, {**asked, "letter/list-to-chair/plan/2025-03-24": plans[:1]})
    letter = _of_kind(quarter, MessageKind.COORDINATOR_DIGEST, now=now)
    digest = letter.items[0].digest
    assert digest is not None
    assert digest.to_sign == (
        WaitingPapers(purpose=Purpose.URGING, number=2, units=(("xa", 2), ("so", 1))),
        WaitingPapers(purpose=Purpose.LIST_TO_CHAIR, number=1, units=(("so", 1),)),
    )
    assert not [line for line in digest.repairs.lines if line.repair is not None and line.repair.what == "letter"]
    assert "- Công văn đôn đốc: 2 văn bản, về 2 đơn vị của khối" in _text(letter)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("released-after-due/report/2025-Q1", "“Báo cáo định kỳ, quý I/2025” được mở sau thời hạn của chính nó"),
        (
            "ended-unit/report/2025-Q1/xa-1",
            "Xã 001 (tên chưa có nguồn) đã kết thúc, còn “Báo cáo định kỳ, quý I/2025”: chuyển cho đơn vị kế thừa hoặc miễn",
        ),
        ("released-after-due/plan/2", "“Kế hoạch của đơn vị” được mở sau thời hạn của chính nó"),
        ("contact/5/head/2", "Xã 001 (tên chưa có nguồn): chưa có người đứng đầu nhận được thư"),
        ("mailbox/5", "Xã 001 (tên chưa có nguồn): hộp thư chung không nhận được thư"),
        ("mail-server/2025-03-24", "Máy chủ thư không nhận thư từ ngày 24/03/2025; việc gửi đã dừng"),
        ("something/else", "Việc cần xử lý: something else"),
    ],
)
def test_repair_is_told_in_words(subject: str, told: str, quarter: SmallYear) -> None:
    now = _at(quarter, date(2025, 3, 24))
    with quarter.store.transaction(now=now) as transaction:
        year = load_year(quarter.store, transaction.connection, quarter.cycle, now=now)
        ask_upkeep(transaction, year, [subject])
    quarter.tick(now)
    letter = _of_kind(quarter, MessageKind.CONTACT_UNREACHABLE, now=now)
    assert _render(letter).subject == f"[THỬ][CCHC 2025][Cần xử lý] {told}"


def test_official_mailbox_gets_a_letter_of_its_own(quarter: SmallYear) -> None:
    party = quarter.obligation(quarter.ids("report")[0]).party
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.party_id == party).values(valid_to=date(2025, 3, 20)))
        transaction.connection.execute(update(AUTHORITY).values(people_version=AUTHORITY.c.people_version + 1))
        moves.urge(quarter.store, transaction, quarter.ids("report")[0], by="mail", remark=WHY)
    letter = _of_kind(quarter, MessageKind.URGED, now=_at(quarter, date(2025, 3, 21)))
    assert (letter.recipient, letter.address, letter.items[0].reader) == (f"m{party}", "xa-1@thu.invalid", Reader.OWES)
    assert "hộp thư chung" in _text(letter)


def test_english_reader_gets_english(quarter: SmallYear) -> None:
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        transaction.connection.execute(update(CONTACT).values(language="en"))
    letter = _of_kind(quarter, MessageKind.OVERDUE, now=_at(quarter, date(2025, 3, 20)))
    assert _render(letter).subject.startswith("[TEST][PAR 2025][1 day overdue] Periodic report, Q1 2025")


def test_telephone_of_the_standing_body_is_named(quarter: SmallYear) -> None:
    with quarter.store.transaction(now=_at(quarter, date(2025, 3, 21))) as transaction:
        body = select(PARTY.c.id).where(PARTY.c.key == "so-noi-vu").scalar_subquery()
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.party_id == body).values(phone="0270 123 456"))
    letter = _of_kind(quarter, MessageKind.OVERDUE, now=_at(quarter, date(2025, 3, 21)))
    assert "điện thoại 0270 123 456" in _text(letter)


def test_notices_of_others_are_not_read(quarter: SmallYear) -> None:
    first, *_, last = [notice for notice in _notices(quarter) if notice.recipient.startswith("c")]
    other = next(notice for notice in _notices(quarter) if notice.recipient != first.recipient)
    now = _at(quarter, date(2025, 3, 21))
    with quarter.store.reading() as connection:
        for authority, recipient, notices in (
            (first.authority_id, first.recipient, [other.id]),
            (first.authority_id, first.recipient, [10**6]),
        ):
            with pytest.raises(NoSuchNoticeError):
                read_letter(quarter.store, connection, authority=authority, recipient=recipient, notices=notices, now=now)
        mixed = read_letter(
            quarter.store, connection, authority=last.authority_id, recipient=first.recipient, notices=[first.id, other.id], now=now
        )
    assert [item.notice for item in mixed.items] == [first.id]


def test_another_authority_reads_nothing(quarter: SmallYear) -> None:
    now = _at(quarter, date(2025, 3, 21))
    with quarter.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
    notice = _notices(quarter)[0]
    with quarter.store.reading() as connection, pytest.raises(NoSuchNoticeError):
        read_letter(quarter.store, connection, authority=other, recipient=notice.recipient, notices=[notice.id], now=now)


def test_contact_erased_meanwhile_has_no_address(quarter: SmallYear) -> None:
    now = _at(quarter, date(2025, 3, 21))
    with quarter.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(NOTICE).where(NOTICE.c.id == _notices(quarter)[0].id).values(recipient="c999"))
    letter = _letter(quarter, _notices(quarter)[0], now=now)
    with pytest.raises(UnfitAddressError):
        _parse(letter)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_letters(count: int, quarter: SmallYear) -> None:
    chosen: dict[str, list[int]] = {}
    for notice in _notices(quarter, NOTICE.c.kind == MessageKind.OVERDUE.value):
        if notice.recipient in chosen or len(chosen) < count:
            chosen.setdefault(notice.recipient, []).append(notice.id)
    assert len(chosen) == count
    _letter(quarter, _notices(quarter, NOTICE.c.kind == MessageKind.OVERDUE.value)[0], now=_at(quarter, date(2025, 3, 21)))  # warm
    asked: list[str] = []
    event.listen(quarter.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with quarter.store.reading() as connection:
        asked.clear()
        read_letters(quarter.store, connection, authority=1, wanted=chosen, now=_at(quarter, date(2025, 3, 21)))
        assert len(asked) == 6


def test_stage_keys_of_the_small_plan_are_those_tested(quarter: SmallYear) -> None:
    with quarter.store.reading() as connection:
        assert set(connection.execute(select(STAGE.c.key)).scalars()) == {"report", "plan", "summary", "after-lock", "upkeep"}
