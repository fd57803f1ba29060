"""What the standing body's report says of inspections: each number that of the journal's entries behind it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from evaluation.inspections.findings import Outcome
from evaluation.reports.wording import sections_of
from store.commands import moves
from store.commands.inspections.concluding import Found
from store.commands.inspections.holding import write_minutes
from store.queries.report_facts import entries_behind, report_facts
from store.schema import JOURNAL
from tests.conftest import DATA, SMALL_PLAN
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from evaluation.reports.facts import PeriodFacts
    from store.session import Store

UP = (DATA / "chair-report-stage.yaml").read_text(encoding="utf-8")
REPORT = "  - key: report\n"
OWED = "    coordinating: {keys: [so-tu-phap]}\n"
INSPECTED, TOLD, OVER, AFTER = date(2025, 4, 15), date(2025, 4, 28), date(2025, 5, 20), date(2025, 6, 20)


@pytest.fixture(name="year")
def year_(store: Store) -> Inspected:
    """
    One planned, one surprise and one thematic inspection; of three findings one is closed, one handled strictly, one open.

    After the period's last day a further inspection is held.
    """
    head, _, tail = SMALL_PLAN.read_text(encoding="utf-8").partition(REPORT)
    year = inspected_year(store, plan=head + UP + REPORT + tail.replace(OWED, f"{OWED}    report: {{feeds: report-up}}\n", 1))
    now, told, over, after = map(year.slot, (INSPECTED, TOLD, OVER, AFTER))
    year.tick(now)
    (planned,) = year.plan("xa-1", now=now)
    (thematic,) = year.plan("xa-2", now=now, kind="thematic", theme="TTHC")
    (surprise,) = year.plan("xa-2", now=now, kind="surprise", day=TOLD)
    closed, handled, _ = year.hold(planned, *(Found(text=f"Tồn tại {number}") for number in (1, 2, 3)), now=now)
    year.hold(thematic, now=now)
    year.tick(told)
    year.do(write_minutes, surprise, now=told, held_on=TOLD, number="05/BB")
    for finding, look in ((closed, Outcome.CLOSED), (handled, Outcome.NOT)):
        year.report(finding, now=told)
        year.tick(told)
        year.look(finding, look, now=told, reopen=look is Outcome.NOT)
    year.close(closed, now=told)
    year.tick(over)
    for key in ("proposal", "handling"):
        (owed,) = year.ids(key)
        year.move(moves.prepare, owed, now=over)
        year.move(moves.submit, owed, now=over)
        year.tick(over)
    (late,) = year.plan("xa-1", now=over, kind="thematic", theme="Chuyển đổi số")
    year.hold(late, Found(text="Sau kỳ"), now=after)
    return year


def facts_at(year: Inspected, period: str) -> tuple[PeriodFacts, dict[str, tuple[int, ...]], dict[int, Any]]:
    with year.store.reading() as connection:
        facts = report_facts(year.store, connection, year.cycle, period, now=year.slot(AFTER))
        return facts, entries_behind(connection, facts), {row.number: row for row in connection.execute(select(JOURNAL))}


def numbers_of(facts: PeriodFacts) -> dict[str, int]:
    return {name: int(number) for name, number in facts.numbers().items() if name.startswith(("inspected/", "findings/"))}


def test_inspections_are_counted_by_what_took_place(year: Inspected) -> None:
    facts, _, _ = facts_at(year, "2025-Q2")
    assert numbers_of(facts) == {
        "inspected/planned": 1,
        "inspected/surprise": 1,
        "inspected/thematic": 1,
        "findings/found": 3,
        "findings/open": 3,
        "findings/remedied": 1,
        "findings/reinspected": 2,
        "findings/handled": 1,
    }
    assert next(one.paragraphs for one in sections_of(facts) if one.heading.startswith("II."))[1:] == (
        "- Kiểm tra: 3 cuộc trong kỳ số liệu (theo kế hoạch: 1, đột xuất: 1, chuyên đề: 1).",
        (
            "- Tồn tại, hạn chế: phát hiện trong kỳ: 3; phúc tra: 2 lượt; đã khắc phục xong: 1; xử lý nghiêm: 1;"
            " còn phải khắc phục đến nay: 3."
        ),
    )


def test_what_lies_outside_the_period_is_not_counted(year: Inspected) -> None:
    facts, _, _ = facts_at(year, "2025-Q1")
    assert {name: number for name, number in numbers_of(facts).items() if number} == {"findings/open": 3}


def test_each_number_of_inspections_is_that_of_the_entries_behind_it(year: Inspected) -> None:
    facts, behind, entries = facts_at(year, "2025-Q2")
    actions = {"inspected": "write-minutes", "found": "raise", "open": "raise", "remedied": "close-finding", "reinspected": "reinspect"}
    for name, number in numbers_of(facts).items():
        kind, _, what = name.partition("/")
        assert len(set(behind[name])) == len(behind[name]) == number, name
        assert {entries[one].action for one in behind[name]} <= {actions.get(kind) or actions.get(what, "submit")}, name
