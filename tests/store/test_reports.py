"""Reports with a form: typed in, saved, refused while totals do not add up, frozen when submitted, carried over to the next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, event, func, select, text, update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.obligations import State
from store.actors import Actor
from store.commands import moves
from store.commands.reporting import ReportError, StaleReportError, prepare_reports, save_answers
from store.lives import read_by_id
from store.reports import Draft, ReportFaultsError, draft_of, faults_of
from store.schema import CONTACT, JOURNAL, OBLIGATION, PARTY, REPORT_ANSWER, REPORT_SUBMISSION, SUCCESSION
from store.verify import verify
from store.years import load_year
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.reports.checks import FormFault
    from store.session import Store

#: A report whose totals add up; everything that must be filled in is.
GOOD = {
    "vb-chi-dao": "3",
    "nv-duoc-giao": "10",
    "nv-hoan-thanh": "4",
    "vb-ra-soat": "5",
    "vb-xu-ly": "1",
    "hs-tiep-nhan": "1.000",
    "hs-truoc-han": "600",
    "hs-dung-han": "300",
    "hs-qua-han": "20",
    "hs-dang-giai-quyet": "80",
    "hs-truc-tuyen": "700",
    "phong-ban": "6",
    "bien-che": "42",
    "luot-boi-duong": "12",
    "vi-pham": "0",
    "vb-dien-tu": "99,5",
    "ho-so-cong-viec": "Toàn bộ",
    "ket-qua": "Đã số hóa hồ sơ.",
}
TOTAL = (
    "“Hồ sơ giải quyết trước hạn” (600) + “Hồ sơ giải quyết đúng hạn” (300) + “Hồ sơ giải quyết quá hạn” (21)"
    " + “Hồ sơ đang giải quyết” (80) = 1.001, khác “Tổng số hồ sơ tiếp nhận trong kỳ” (1.000)."
)


@pytest.fixture
def year(store: Store) -> SmallYear:
    return with_forms(store)


def with_forms(store: Store) -> SmallYear:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8")
    with_form = yaml.replace("    deliverable: Báo cáo\n", "    report: {form: cchc-dinh-ky}\n    deliverable: Báo cáo\n", 1)
    assert with_form != yaml
    return launch_small(store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=with_form)


@pytest.fixture
def now(year: SmallYear) -> datetime:
    now = year.slot(date(2025, 3, 3))
    year.tick(now)
    return now


def report_of(year: SmallYear, party: str = "xa-1", subject: str = "2025-Q1") -> int:
    query = select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
    query = query.where(PARTY.c.key == party, OBLIGATION.c.subject == subject, OBLIGATION.c.id.in_(year.ids("report")))
    with year.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def officer(year: SmallYear, key: str = "officer.xa-1") -> Actor:
    with year.store.reading() as connection:
        return Actor(who=f"c{connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one()}")


def save(year: SmallYear, ident: int, given: dict[str, Any], *, seen: int, now: datetime, actor: Actor | None = None) -> int:
    with year.store.transaction(now=now, actor=actor or officer(year)) as transaction:
        return save_answers(year.store, transaction, ident, given, seen=seen)


def draft(year: SmallYear, ident: int, *, now: datetime) -> tuple[Draft, tuple[FormFault, ...]]:
    with year.store.reading() as connection:
        line = load_year(year.store, connection, year.cycle, now=now).stage("report").line
        found = draft_of(connection, ident, line=line)
        assert found is not None
        return found, faults_of(connection, found, line=line)


def deliver(year: SmallYear, ident: int, *, now: datetime) -> None:
    for act in (moves.prepare, moves.submit, moves.accept):
        year.move(act, ident, now=now)


def test_report_is_begun_saved_and_submitted_on_each_database(any_store: Store) -> None:
    year = with_forms(any_store)
    now = year.slot(date(2025, 3, 3))
    year.tick(now)
    ident = report_of(year)
    assert save(year, ident, GOOD, seen=0, now=now) == 1
    deliver(year, ident, now=now)
    assert verify(year.store) == []


def test_totals_that_do_not_add_up_are_refused_and_nothing_is_lost(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    assert save(year, ident, {**GOOD, "hs-qua-han": "21"}, seen=0, now=now) == 1
    with pytest.raises(ReportFaultsError) as refused:
        year.move(moves.prepare, ident, now=now)
    assert [fault.vi for fault in refused.value.faults] == [TOTAL]
    assert (year.obligation(ident).state, draft(year, ident, now=now)[0].answers["hs-qua-han"]) == (State.OPEN, "21")
    assert save(year, ident, {"hs-qua-han": "20"}, seen=1, now=now) == 2
    assert draft(year, ident, now=now)[1] == ()
    deliver(year, ident, now=now)
    assert year.obligation(ident).state is State.ACCEPTED


def test_faults_that_come_after_the_head_was_asked_are_refused_too(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    save(year, ident, GOOD, seen=0, now=now)
    year.move(moves.prepare, ident, now=now)
    save(year, ident, {"hs-qua-han": "21", "ket-qua": ""}, seen=1, now=now)
    with pytest.raises(ReportFaultsError) as refused:
        year.move(moves.submit, ident, now=now)
    assert [fault.field for fault in refused.value.faults] == ["ket-qua", "hs-tiep-nhan"]


def test_whoever_is_overtaken_writes_nothing(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    save(year, ident, {"ket-qua": "một"}, seen=0, now=now)
    with pytest.raises(StaleReportError) as stale:
        save(year, ident, {"ket-qua": "hai"}, seen=0, now=now, actor=officer(year, "head.xa-1"))
    assert stale.value.version == 1
    assert draft(year, ident, now=now)[0].answers == {"ket-qua": "một"}


def test_journal_learns_of_each_pair_of_hands_not_of_each_key(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    for seen, (who, words) in enumerate([("officer.xa-1", "a"), ("officer.xa-1", "b"), ("head.xa-1", "c"), ("head.xa-1", "d")]):
        save(year, ident, {"ket-qua": words}, seen=seen, now=now, actor=officer(year, who))
    assert year.actions().count("fill-report") == 2
    assert year.obligation(ident).moves == 1  # the opening: typing moves nothing, so that no button of a page goes stale


def test_what_was_submitted_stands_and_the_journal_proves_it(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    save(year, ident, GOOD, seen=0, now=now)
    year.move(moves.prepare, ident, now=now)
    year.move(moves.submit, ident, now=now)
    with pytest.raises(ReportError):
        save(year, ident, {"ket-qua": "sau khi nộp"}, seen=1, now=now)
    remark = Remark(reason="Số liệu lệch", items=(("hs-tiep-nhan", "Đối chiếu lại"),))
    year.move(moves.return_for_correction, ident, now=now, remark=remark)
    save(year, ident, {"ket-qua": "đã sửa"}, seen=1, now=now)
    deliver(year, ident, now=now)
    assert year.scalar("SELECT count(*) FROM report_submission") == 2
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(update(REPORT_SUBMISSION).values(answers='{"ket-qua":"khác"}').where(REPORT_SUBMISSION.c.move == 3))
    assert [fault for fault in verify(year.store) if "other answers than its journal" in fault] != []


def test_submitted_report_that_is_gone_is_found(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    save(year, ident, GOOD, seen=0, now=now)
    deliver(year, ident, now=now)
    with year.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM report_submission"))
    assert [fault for fault in verify(year.store) if "nowhere else" in fault] != []


def test_forms_are_begun_when_they_open_and_carry_over(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    assert draft(year, ident, now=now)[0].saved_at == now
    save(year, ident, GOOD, seen=0, now=now)
    deliver(year, ident, now=now)
    later = year.slot(date(2025, 6, 2))
    year.tick(later)
    found = draft(year, report_of(year, subject="2025-Q2"), now=later)[0]
    assert found.answers == {key: GOOD[key] for key in ("nv-duoc-giao", "phong-ban", "bien-che", "ho-so-cong-viec")}
    assert (found.version, set(found.carried)) == (0, set(found.answers))
    assert draft(year, report_of(year, "xa-2", "2025-Q2"), now=later)[0].answers == {}


def test_cumulative_report_is_held_against_the_one_it_holds(year: SmallYear, now: datetime) -> None:
    save(year, report_of(year), GOOD, seen=0, now=now)
    deliver(year, report_of(year), now=now)
    later = year.slot(date(2025, 6, 2))
    year.tick(later)
    ident = report_of(year, subject="2025-Q2")
    save(year, ident, {**GOOD, "hs-tiep-nhan": "900", "hs-truoc-han": "500"}, seen=0, now=later)
    (one,) = draft(year, ident, now=later)[1]
    assert (one.check, one.severity) == ("luy-ke-ho-so", "warning")
    deliver(year, ident, now=later)  # a warning hinders nobody


def test_second_tick_begins_nothing(year: SmallYear, now: datetime) -> None:
    with year.store.reading() as connection:
        before = connection.execute(select(func.count()).select_from(REPORT_ANSWER)).scalar_one()
    year.tick(now)
    assert (year.scalar("SELECT count(*) FROM report_answer"), before > 1) == (before, True)


def test_steps_are_bounded(year: SmallYear) -> None:
    year.tick(year.slot(date(2025, 3, 3)), step_size=1)
    assert year.scalar("SELECT count(*) FROM report_answer") == len(year.ids("report")) / 2


def test_empty_forms_are_begun_in_as_many_statements_for_two_as_for_one(store: Store) -> None:
    def sent_for(year: SmallYear, at_most: int) -> tuple[int, int]:
        sent: list[str] = []
        with year.store.transaction(now=year.slot(date(2025, 3, 3))) as transaction:
            transaction.connection.execute(delete(REPORT_ANSWER))
            event.listen(year.store.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
            line = load_year(year.store, transaction.connection, year.cycle, now=transaction.now).stages[stage].line
            sent.clear()
            begun = prepare_reports(transaction, stage=stage, line=line, now=transaction.now, at_most=at_most)
            return begun, len(sent)

    year = with_forms(store)
    year.tick(year.slot(date(2025, 3, 3)))
    stage = year.scalar("SELECT id FROM stage WHERE key = 'report'")
    (one, for_one), (two, for_two) = sent_for(year, 1), sent_for(year, 2)
    assert (one, two, for_two) == (1, 2, for_one)


def test_paper_needs_no_form(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    with pytest.raises(ReportFaultsError):
        year.move(moves.prepare, ident, now=now)
    on_behalf = Actor(who=officer(year, "officer.so-noi-vu").who, on_behalf_of=year.obligation(ident).party)
    year.move(moves.prepare, ident, now=now, actor=on_behalf)
    paper = {"received_on": date(2025, 3, 3), "document": "12/BC-UBND ngày 03/03/2025"}
    year.move(moves.submit, ident, now=now, actor=on_behalf, **paper)
    assert year.scalar("SELECT count(*) FROM report_submission") == 0


def end(year: SmallYear, party: str, *, successors: tuple[str, ...]) -> None:
    with year.store.engine.begin() as connection:
        ids = dict(connection.execute(select(PARTY.c.key, PARTY.c.id)).tuples().all())
        connection.execute(update(PARTY).where(PARTY.c.key == party).values(valid_to=date(2025, 3, 4)))
        for successor in successors:
            connection.execute(SUCCESSION.insert().values(predecessor_id=ids[party], successor_id=ids[successor]))
        connection.execute(text("UPDATE authority SET people_version = people_version + 1"))
    year.store.kept.clear()


def upkeep(year: SmallYear) -> list[str]:
    with year.store.reading() as connection:
        query = select(OBLIGATION.c.subject).where(OBLIGATION.c.id.in_(year.ids("upkeep")), OBLIGATION.c.subject.startswith("ended-unit/"))
        return list(connection.execute(query.order_by(OBLIGATION.c.id)).scalars())


def test_report_of_a_unit_that_ended_passes_to_its_one_successor(year: SmallYear, now: datetime) -> None:
    ident = report_of(year)
    save(year, ident, GOOD, seen=0, now=now)
    end(year, "xa-1", successors=("xa-2",))
    later = year.slot(date(2025, 3, 12))
    year.tick(later)
    assert (year.obligation(ident).state, upkeep(year)) == (State.TRANSFERRED, [])
    assert draft(year, ident, now=later)[0].answers["ket-qua"] == GOOD["ket-qua"]
    assert verify(year.store) == []


@pytest.mark.parametrize("successors", [pytest.param((), id="nobody"), pytest.param(("xa-2", "so-tu-phap"), id="two")])
def test_report_of_a_unit_that_ended_is_asked_about(year: SmallYear, now: datetime, successors: tuple[str, ...]) -> None:
    ident = report_of(year)
    end(year, "xa-1", successors=successors)
    later = year.slot(date(2025, 3, 12))
    year.tick(later)
    year.tick(later)
    assert (year.obligation(ident).state, upkeep(year)) == (State.OPEN, ["ended-unit/report/2025-Q1/xa-1"])
    del now


def test_refused_save_names_the_field(year: SmallYear, now: datetime) -> None:
    with pytest.raises(ReportError) as refused:
        save(year, report_of(year), {"khong-co": "1"}, seen=0, now=now)
    assert refused.value.field == "khong-co"
    with year.store.reading() as connection:
        assert read_by_id(connection, [report_of(year)])[0].moves == 1
        assert connection.execute(select(JOURNAL.c.action).where(JOURNAL.c.action == "fill-report")).all() == []
