"""A unit's report tells how far its measures are: shown while it is in hand, told when it is sent, frozen with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.actions import Remark
from store.commands import moves
from store.commands.improvement.lines import ImprovementError
from store.commands.reporting import ReportError
from store.reports import ReportFaultsError
from store.schema import JOURNAL, MEASURE_PROGRESS, REPORT_SUBMISSION
from store.verify import verify
from tests.store.improving import planned, reporting_year, taken_in
from tests.store.test_reports import GOOD, draft, report_of, save

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from evaluation.reports.forms import Row as FormRow
    from store.session import Store
    from tests.conftest import SmallYear

TABLE = "tien-do-giai-phap"


def with_measures(year: SmallYear) -> tuple[datetime, int, int]:
    """Return a moment of April at which xa-1 owes two measures, each by its obligation."""
    now = year.slot(date(2025, 4, 1))
    year.tick(year.slot(date(2025, 3, 3)))
    taken_in(year, now=year.slot(date(2025, 3, 3)))
    year.tick(now)
    unit = year.ids("weak-units")[0]
    first = planned(year, unit, now=now, due_on=date(2025, 6, 30))
    second = planned(year, unit, "Tập huấn", now=now)
    year.tick(now)
    return now, first, second


def rows(year: SmallYear, ident: int, *, now: datetime) -> list[FormRow]:
    """Return the measures as the report has them."""
    answer = draft(year, ident, now=now)[0].answers.get(TABLE, ())
    assert not isinstance(answer, str)
    return list(answer)


def said(year: SmallYear) -> list[Row[tuple[int, int, str]]]:
    query = select(MEASURE_PROGRESS.c.number, MEASURE_PROGRESS.c.percent, MEASURE_PROGRESS.c.remark).order_by(MEASURE_PROGRESS.c.id)
    with year.store.reading() as connection:
        return list(connection.execute(query))


def sent(year: SmallYear, ident: int, *, now: datetime) -> None:
    year.move(moves.prepare, ident, now=now)
    year.move(moves.submit, ident, now=now)


def test_progress_typed_into_a_report_is_told_when_it_is_sent_and_once(any_store: Store) -> None:
    year = reporting_year(any_store)
    now, first, second = with_measures(year)
    ident = report_of(year)
    shown = rows(year, ident, now=now)
    assert [(row["measure"], row["criterion"], row["due_on"], row["said"]) for row in shown] == [
        (str(first), "1.1", "2025-06-30", "0"),
        (str(second), "1.1", "2025-12-31", "0"),
    ]
    assert rows(year, report_of(year, "xa-2"), now=now) == [], "of nobody else's"
    typed = {TABLE: [{**shown[0], "percent": "40", "remark": "Đã trình"}]}
    assert save(year, ident, {**GOOD, **typed}, seen=0, now=now) == 1
    assert [fault.text("vi").rpartition(": ")[2] for fault in draft(year, ident, now=now)[1]] == ["chưa báo cáo tiến độ (%)."]
    assert save(year, ident, typed, seen=1, now=now) == 1, "the same again is no version"
    assert said(year) == [], "nothing is told before it is sent"
    sent(year, ident, now=now)
    assert said(year) == [(1, 40, "Đã trình")]
    with year.store.reading() as connection:
        (told,) = connection.execute(select(JOURNAL.c.obligation_id).where(JOURNAL.c.action == "report-progress")).scalars()
        (frozen,) = connection.execute(select(REPORT_SUBMISSION.c.answers)).scalars()
    assert (told, '"said":"0"' in frozen, "Đã trình" in frozen) == (first, True, True)
    assert rows(year, ident, now=now)[0]["said"] == "0", "what was sent stays as it was sent"
    year.move(moves.return_for_correction, ident, now=now, remark=Remark(reason="Thiếu"))
    live = rows(year, ident, now=now)
    assert [(row["said"], row.get("percent")) for row in live] == [("40", "40"), ("0", None)]
    assert save(year, ident, {TABLE: [live[0], {**live[1], "percent": "10"}]}, seen=1, now=now) == 2
    sent(year, ident, now=now)
    assert said(year) == [(1, 40, "Đã trình"), (1, 10, "")], "what was told already is not told again"
    assert verify(year.store) == []


def test_a_measure_that_is_handed_in_is_asked_for_no_more(store: Store) -> None:
    year = reporting_year(store)
    now, first, second = with_measures(year)
    ident = report_of(year)
    save(year, ident, {**GOOD, TABLE: [{"measure": str(first), "percent": "90"}]}, seen=0, now=now)
    sent(year, first, now=now)
    assert [row["measure"] for row in rows(year, ident, now=now)] == [str(second)]
    with pytest.raises(ReportError, match=f"measure {first} is not the unit's, or handed in"):
        save(year, ident, {TABLE: [{"measure": str(first), "percent": "95"}]}, seen=1, now=now)
    sent(year, ident, now=now)
    assert said(year) == []
    assert verify(year.store) == []


def test_the_plan_may_refuse_a_report_that_tells_no_progress(store: Store) -> None:
    year = reporting_year(store, measures="error")
    now, first, second = with_measures(year)
    ident = report_of(year)
    save(year, ident, {**GOOD, TABLE: [{"measure": str(first), "percent": "40"}]}, seen=0, now=now)
    with pytest.raises(ReportFaultsError, match="Tập huấn”: its progress"):
        year.move(moves.prepare, ident, now=now)
    save(year, ident, {TABLE: [{"measure": str(first), "percent": "40"}, {"measure": str(second), "percent": "0"}]}, seen=1, now=now)
    sent(year, ident, now=now)
    assert [(number, percent) for number, percent, _ in said(year)] == [(1, 40), (1, 0)]


def test_a_refused_progress_refuses_the_sending_as_a_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    year = reporting_year(store)
    now, first, second = with_measures(year)
    ident = report_of(year)
    both = [{"measure": str(first), "percent": "40"}, {"measure": str(second), "percent": "10"}]
    save(year, ident, {**GOOD, TABLE: both}, seen=0, now=now)
    year.move(moves.prepare, ident, now=now)
    monkeypatch.setattr("store.commands.improvement.progress.DONE", 20)  # a stricter rule than the form's
    with pytest.raises(ImprovementError):
        year.move(moves.submit, ident, now=now)
    assert (year.obligation(ident).state, said(year)) == ("prepared", [])
    assert verify(year.store) == []
