"""The draft of the standing body's report, number by number against the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.reports.made_up import made_up_answers
from evaluation.reports.wording import sections_of
from store.commands import moves
from store.commands.reporting import save_answers
from store.queries.report_facts import ReportFactsError, draft_paper, entries_behind, report_facts
from store.reports import answers_digest, draft_of
from store.schema import JOURNAL, OBLIGATION, PARTY, REPORT_FORM, REPORT_SUBMISSION
from store.years import load_year
from tests.conftest import DATA, SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.reports.facts import PeriodFacts
    from store.session import Store

STAGE = (DATA / "chair-report-stage.yaml").read_text(encoding="utf-8")
CHAIN = STAGE.replace("    opens:", "    only_periods: [Q1, Q2]\n    opens:", 1)
OWED = "    owed_by: {groups: [xa]}\n    coordinating: {keys: [so-tu-phap]}\n"
WHY = Remark(reason="Vì thế")


def chained(store: Store) -> SmallYear:
    """A small year whose units' reports have a form and go into the standing body's."""
    yaml = SMALL_PLAN.read_text(encoding="utf-8")
    yaml = yaml.replace(
        OWED, "    owed_by: {groups: [so, xa], except: [so-noi-vu]}\n    report: {form: cchc-dinh-ky, feeds: report-up}\n", 1
    )
    yaml = yaml.replace("  - key: plan\n", f"{CHAIN}  - key: plan\n", 1)
    calendar = shipped_calendar()
    return launch_small(store, now=calendar.instant(date(2025, 1, 2)), calendar=calendar, yaml=yaml)


def report_of(year: SmallYear, party: str, *, period: str = "2025-Q1") -> int:
    query = select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
    query = query.where(PARTY.c.key == party, OBLIGATION.c.subject == period, OBLIGATION.c.id.in_(year.ids("report")))
    with year.store.reading() as connection:
        return int(connection.execute(query).scalar_one())


def send(year: SmallYear, party: str, *, now: datetime) -> int:
    """Fill a report in with made-up numbers and submit it."""
    ident = report_of(year, party)
    with year.store.transaction(now=now) as transaction:
        line = load_year(year.store, transaction.connection, year.cycle, now=now).stage("report").line
        draft = draft_of(transaction.connection, ident, line=line)
        assert draft is not None
        answers = {**made_up_answers(draft.form, seed=party, period="2025-Q1", begun={}), "de-xuat": f"Kiến nghị của {party}"}
        save_answers(year.store, transaction, ident, answers, seen=draft.version)
    year.move(moves.prepare, ident, now=now)
    year.move(moves.submit, ident, now=now)
    return ident


@pytest.fixture(name="year")
def year_(store: Store) -> SmallYear:
    """One unit in time, one late, returned and uncorrected, one that has not sent though it was urged twice and had a longer term."""
    year = chained(store)
    slot = year.slot
    year.tick(slot(date(2025, 3, 3)))
    accepted = send(year, "so-tu-phap", now=slot(date(2025, 3, 12)))
    year.move(moves.accept, accepted, now=slot(date(2025, 3, 13)))
    missing = report_of(year, "xa-2")
    year.move(moves.extend, missing, now=slot(date(2025, 3, 14)), due_on=date(2025, 3, 21), remark=WHY)
    for by in ("phone", "mail", "phone"):
        year.move(moves.urge, missing, now=slot(date(2025, 3, 17)), by=by, remark=WHY)
    late = send(year, "xa-1", now=slot(date(2025, 3, 21)))
    year.move(moves.return_for_correction, late, now=slot(date(2025, 3, 21)), remark=WHY)
    return year


NOW = date(2025, 4, 1)


def facts_of(year: SmallYear) -> PeriodFacts:
    with year.store.reading() as connection:
        return report_facts(year.store, connection, year.cycle, "2025-Q1", now=year.slot(NOW))


def behind(year: SmallYear, facts: PeriodFacts) -> dict[str, tuple[int, ...]]:
    with year.store.reading() as connection:
        return entries_behind(connection, facts)


def journal(year: SmallYear) -> dict[int, Any]:
    with year.store.reading() as connection:
        return {row.number: row for row in connection.execute(select(JOURNAL))}


def test_numbers_of_the_draft(year: SmallYear) -> None:
    numbers = facts_of(year).numbers()
    assert {name: int(number) for name, number in numbers.items() if not name.startswith("sum/")} == {
        "owing/so": 1,
        "in-time/so": 1,
        "late/so": 0,
        "missing/so": 0,
        "uncorrected/so": 0,
        "owing/xa": 2,
        "in-time/xa": 0,
        "late/xa": 1,
        "missing/xa": 1,
        "uncorrected/xa": 1,
        "urged/mail": 1,
        "urged/phone": 2,
        "urged/letter": 0,
        "extended": 1,
        "inspected/planned": 0,
        "inspected/surprise": 0,
        "inspected/thematic": 0,
        "findings/found": 0,
        "findings/open": 0,
        "findings/remedied": 0,
        "findings/reinspected": 0,
        "findings/handled": 0,
    }


def test_each_number_is_that_of_the_entries_behind_it(year: SmallYear) -> None:
    facts, entries = facts_of(year), journal(year)
    numbers, found = facts.numbers(), behind(year, facts)
    assert found.keys() == numbers.keys()
    actions = {"owing": "raise", "missing": "raise", "in-time": "submit", "late": "submit", "sum": "submit", "uncorrected": "return"}
    actions |= {"urged": "urge", "extended": "extend"}
    for name, numbered in found.items():
        kind = name.partition("/")[0]
        assert {entries[number].action for number in numbered} <= {actions.get(kind, "")}, name
        assert len(set(numbered)) == len(numbered), name
        if kind != "sum":
            assert len(numbered) == numbers[name], name


def test_lateness_is_that_of_the_journal(year: SmallYear) -> None:
    facts, entries = facts_of(year), journal(year)
    for name, wanted in (("late/xa", [2]), ("in-time/so", [0])):
        said = [orjson.loads(entries[number].payload)["actions"] for number in behind(year, facts)[name]]
        assert [action["days_late"] for actions in said for action in actions if action["do"] == "submitted"] == wanted
    assert [(one.days_late, one.unit) for one in facts.late] == [(2, "Xã 001 (tên chưa có nguồn)")]


def test_each_sum_is_that_of_the_answers_whose_digest_the_journal_has(year: SmallYear) -> None:
    facts, entries, found = facts_of(year), journal(year), behind(year, facts_of(year))
    with year.store.reading() as connection:
        query = select(REPORT_SUBMISSION, REPORT_FORM.c.sha256).join(REPORT_FORM, REPORT_FORM.c.id == REPORT_SUBMISSION.c.form_id)
        answers = {answers_digest(row.sha256, orjson.loads(row.answers)): orjson.loads(row.answers) for row in connection.execute(query)}
    assert len(facts.sums) > 10
    for one in facts.sums:
        actions = [action for number in found[f"sum/{one.field}"] for action in orjson.loads(entries[number].payload)["actions"]]
        reports = [answers[action["report"]] for action in actions if action["do"] == "submitted"]
        assert len(reports) == len(one.obligations) == 2
        assert one.total == sum(Decimal(report[one.field].replace(".", "").replace(",", ".")) for report in reports)


def test_draft_says_the_numbers_and_names_the_units(year: SmallYear) -> None:
    first, late, missing, uncorrected, done, _, proposed = sections_of(facts_of(year))
    assert first.paragraphs == (
        "Tổng số đơn vị phải báo cáo: 3; đã gửi: 2, trong đó đúng hạn: 1, chậm: 1; chưa gửi: 1; đã trả lại, quá hạn chưa hoàn thiện: 1.",
    )
    assert late.paragraphs == ("- Xã 001 (tên chưa có nguồn): chậm 2 ngày.",)
    assert missing.paragraphs == ("- Xã 002 (tên chưa có nguồn).",)
    assert uncorrected.paragraphs == ("- Xã 001 (tên chưa có nguồn).",)
    assert done.paragraphs[0] == "- Đôn đốc: 3 lượt (thư điện tử: 1, điện thoại: 2, văn bản: 0); gia hạn: 1 lượt."
    assert len(proposed.paragraphs) == 2


def test_draft_is_a_paper_to_the_chair(year: SmallYear) -> None:
    with year.store.reading() as connection:
        paper = draft_paper(year.store, connection, facts_of(year))
    assert paper.cover.addressees == ("Chủ tịch thử",)
    assert paper.cover.summary == "Kết quả công tác cải cách hành chính quý I năm 2025"
    assert "(chốt số liệu ngày 14/03/2025)" in paper.opening[0]
    assert paper.closing[-1].endswith("kính báo cáo./.")
    nothing = sections_of(replace(facts_of(year), sums=()))[5]
    assert (nothing.tables, nothing.paragraphs) == ((), ("Chưa có số liệu: chưa đơn vị nào gửi báo cáo theo biểu mẫu.",))


def test_what_was_handed_over_or_waived_is_owed_by_nobody(year: SmallYear) -> None:
    year.move(moves.waive, report_of(year, "xa-2"), now=year.slot(NOW), remark=WHY)
    numbers = facts_of(year).numbers()
    assert [int(numbers[name]) for name in ("owing/xa", "missing/xa", "extended")] == [1, 0, 0]


@pytest.mark.parametrize("period", ["2025", "2025-H1", "x"])
def test_period_that_is_none(year: SmallYear, period: str) -> None:
    with year.store.reading() as connection, pytest.raises(ReportFactsError):
        report_facts(year.store, connection, year.cycle, period, now=year.slot(NOW))


def test_plan_without_a_chain(small_year: SmallYear) -> None:
    with small_year.store.reading() as connection, pytest.raises(ReportFactsError, match="no report of the plan"):
        report_facts(small_year.store, connection, small_year.cycle, "2025-Q1", now=small_year.slot(NOW))
