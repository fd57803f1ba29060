"""Launching a year: whole or not at all, once, and only where its working days are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from store.commands.cycle_moves import move_cycle
from store.commands.launch_refusals import LateLaunchError, LaunchError
from store.commands.launching import Launch, launch
from store.schema import CYCLE, OBLIGATION, STAGE
from store.verify import verify
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from evaluation.workdays import YearStatus
    from store.commands.launching import Launched
    from tests.conftest import SmallYear

CALENDAR = shipped_calendar()
NOW = CALENDAR.instant(date(2025, 1, 2), time(9, 0))
YAML = SMALL_PLAN.read_text(encoding="utf-8")
ORDER = Launch(authority="thu", plan_yaml=YAML, year=2025, calendar=CALENDAR)
INTO_NEXT = YAML.replace("due: {by: Y-07-15}", "due: {by: Y+1-01-15}").replace("locks: {by: Y-07-31}", "locks: {by: Y+1-01-31}")
LAME = YAML.replace("through: so-noi-vu", "through: so-la", 1)
WHY = Remark(reason="thử", basis="01/QĐ-THU")


def launched(year: SmallYear, order: Launch) -> Launched:
    with year.store.transaction(now=NOW) as transaction:
        return launch(year.store, transaction, order)


def counts(year: SmallYear) -> list[int]:
    return [year.scalar(f"select count(*) from {table}") for table in ("cycle", "stage", "obligation", "term", "journal", "plan_version")]  # noqa: S608


def test_a_launch_raises_what_each_party_owes(any_year: SmallYear) -> None:
    with any_year.store.reading() as connection:
        query = select(STAGE.c.key, OBLIGATION.c.subject, OBLIGATION.c.party_id, OBLIGATION.c.state, OBLIGATION.c.released)
        rows = connection.execute(query.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).order_by(OBLIGATION.c.id)).all()
    assert [tuple(row) for row in rows] == [
        ("report", "2025-Q1", 5, "scheduled", True),
        ("report", "2025-Q1", 6, "scheduled", True),
        ("report", "2025-Q2", 5, "scheduled", True),
        ("report", "2025-Q2", 6, "scheduled", True),
        ("plan", "", 3, "scheduled", True),
        ("plan", "", 4, "scheduled", True),
        ("plan", "", 5, "scheduled", True),
        ("plan", "", 6, "scheduled", True),
        ("summary", "", 3, "scheduled", False),
        ("after-lock", "", 5, "scheduled", False),
        ("after-lock", "", 6, "scheduled", False),
    ]
    assert verify(any_year.store) == []


def test_launching_opens_nothing_and_tells_nobody(any_year: SmallYear) -> None:
    assert any_year.actions() == ["found-authority", "import-roster", "launch", "enter-calendar", *["raise"] * 11]
    assert any_year.scalar("select count(*) from notice") == 0


def test_the_same_plan_and_year_run_once_at_a_time(any_year: SmallYear) -> None:
    before = counts(any_year)
    with pytest.raises(LaunchError, match="already runs as cycle 1"):
        launched(any_year, ORDER)
    assert counts(any_year) == before
    assert launched(any_year, replace(ORDER, year=2024)).cycle != any_year.cycle
    with any_year.store.transaction(now=NOW) as transaction:
        move_cycle(any_year.store, transaction, any_year.cycle, verb=CycleVerb.CANCEL, remark=WHY)
    assert launched(any_year, ORDER).obligations == 11
    assert verify(any_year.store) == []


def test_the_database_itself_keeps_a_second_running_cycle_out(any_year: SmallYear) -> None:
    with any_year.store.reading() as connection:
        row = dict(connection.execute(select(CYCLE)).one()._mapping)
    del row["id"]
    with pytest.raises(IntegrityError), any_year.store.transaction(now=NOW) as transaction:
        transaction.connection.execute(insert(CYCLE), row)
    with any_year.store.transaction(now=NOW) as transaction:
        transaction.connection.execute(insert(CYCLE), {**row, "state": "cancelled"})
        transaction.connection.execute(insert(CYCLE), {**row, "state": "cancelled"})


def without(year: int) -> dict[int, YearStatus]:
    return {known: status for known, status in CALENDAR.years.items() if known != year}


@pytest.mark.parametrize(
    ("order", "why"),
    [
        pytest.param(replace(ORDER, year=2024, calendar=replace(CALENDAR, version="v", years=without(2024))), "unknown", id="unknown year"),
        pytest.param(replace(ORDER, year=2030), "only projected", id="projected year"),
        pytest.param(replace(ORDER, year=2026, plan_yaml=INTO_NEXT), "2027 are only projected", id="dates in a projected year"),
        pytest.param(
            replace(
                ORDER, year=2026, plan_yaml=INTO_NEXT, accept_projection=True, calendar=replace(CALENDAR, version="v", years=without(2027))
            ),
            "of 2027 are unknown",
            id="dates in an unknown year, whatever is accepted",
        ),
        pytest.param(replace(ORDER, year=2024, accept_late=False), "would be late from the first day on", id="late"),
        pytest.param(replace(ORDER, year=2024, plan_yaml=LAME), "no party “so-la”", id="party"),
        pytest.param(replace(ORDER, authority="la"), "no authority “la”", id="authority"),
    ],
)
def test_a_refused_launch_leaves_nothing(any_year: SmallYear, order: Launch, why: str) -> None:
    before = counts(any_year)
    with pytest.raises(Exception, match=why):
        launched(any_year, order)
    assert counts(any_year) == before


def test_what_a_launch_finds_late_is_said(any_year: SmallYear) -> None:
    """On 2 January 2025 everything of 2024 is over but what still waits for a release from which it is counted."""
    done = launched(any_year, replace(ORDER, year=2024))
    assert [(one.stage, one.late, one.locked) for one in done.late] == [("report", 4, 4), ("plan", 4, 0), ("after-lock", 2, 2)]
    with pytest.raises(LateLaunchError) as refused:
        launched(any_year, replace(ORDER, year=2023, accept_late=False))
    assert sum(one.late for one in refused.value.late) == 10
    assert refused.value.text("vi").startswith("10/11 nghĩa vụ sẽ quá hạn")
    assert launched(any_year, replace(ORDER, year=2026, accept_late=False)).late == ()


def test_a_projected_year_is_launched_when_accepted_and_marked(any_year: SmallYear) -> None:
    cycle = launched(any_year, replace(ORDER, year=2030, accept_projection=True)).cycle
    projected = f"select count(*) from term t join obligation o on o.id = t.obligation_id where o.cycle_id = {cycle} and t.projected"  # noqa: S608
    assert any_year.scalar(projected) > 0


def test_a_failed_launch_leaves_no_plan_in_memory(any_year: SmallYear) -> None:
    """On SQLite the next cycle gets the same id; it must not get the same plan."""

    class Torn(Exception):  # noqa: N818
        pass

    def torn() -> None:
        with any_year.store.transaction(now=NOW) as transaction:
            launch(any_year.store, transaction, replace(ORDER, year=2024))
            raise Torn

    with pytest.raises(Torn):
        torn()
    later = YAML.replace("due: {by: Y-01-31}", "due: {by: Y-02-14}")
    cycle = launched(any_year, replace(ORDER, year=2024, plan_yaml=later)).cycle
    due = f"select max(t.due_on) from term t join obligation o on o.id = t.obligation_id where o.cycle_id = {cycle} and o.party_id = 4"  # noqa: S608
    assert str(any_year.scalar(due)) == "2024-02-14"
