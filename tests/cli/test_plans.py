"""Plans before they run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode
from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster, shipped_plans
from evaluation.projection import project_plan

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

#: As they are listed, in this order.
COLUMNS = [
    "stage",
    "kind",
    "period",
    "owed_by",
    "coordinating",
    "owed_to",
    "through",
    "opens_on",
    "due_on",
    "due_at",
    "locks_at",
    "words",
    "roll",
    "basis",
    "projected",
    "feeds",
]


def test_every_shipped_plan_is_listed_with_its_numbers(dondoc: Dondoc) -> None:
    rows = dondoc.read("plans")
    assert [row["key"] for row in rows] == [path.stem for path in shipped_plans()]
    numbers = {row["key"]: (row["units"], row["year"]) for row in rows}
    assert numbers["bac-lieu-2020"] == (87, 2020)
    assert numbers["quang-nam-2023"] == (43, 2023)
    for row in rows:
        roster = load_plan_and_roster(find_plan(row["key"]))[1]
        assert row["unsourced_names"] == sum("chưa có nguồn" in party.name or party.source == "none" for party in roster.parties)


def test_the_table_of_plans_names_them(dondoc: Dondoc) -> None:
    out = dondoc.do("plans")
    assert all(path.stem in out for path in shipped_plans())


def test_deadlines_have_exactly_these_columns(dondoc: Dondoc) -> None:
    rows = dondoc.read("deadlines", "vinh-long-2023", "--year", 2026)
    assert {tuple(row) for row in rows} == {tuple(COLUMNS)}


def test_the_quarterly_report_is_due_before_day_20(dondoc: Dondoc) -> None:
    rows = dondoc.read("deadlines", "vinh-long-2023", "--year", 2026)
    quarterly = [row for row in rows if row["kind"] == "quarterly_report" and "trước ngày 20" in row["words"]]
    due = {row["period"]: row["due_on"] for row in quarterly}
    assert due == {period: on for period, on in due.items() if on.endswith("-19")} != {}
    assert set(due) >= {"2026-Q3", "2026-Q4"}
    row = next(row for row in quarterly if row["period"] == "2026-Q4")
    assert (row["due_on"], row["due_at"], row["owed_by"]) == ("2026-12-19", "2026-12-19T17:00:00+00:00", "so-noi-vu")


def test_deadlines_are_those_of_the_projection(dondoc: Dondoc) -> None:
    rows = dondoc.read("deadlines", dondoc.data / "small-plan.yaml", "--year", 2027)
    plan, _ = load_plan_and_roster(dondoc.data / "small-plan.yaml")
    windows = project_plan(plan, year=2027, calendar=shipped_calendar(), known={})
    assert [(row["stage"], row["period"]) for row in rows] == [(window.stage.key, window.subject_period) for window in windows]
    due = [window.due.last_on if window.due else None for window in windows]
    assert [date.fromisoformat(row["due_on"]) if row["due_on"] else None for row in rows] == due
    assert {row["projected"] for row in rows} == {window.projected for window in windows}


def test_deadlines_of_an_unknown_year_are_refused(dondoc: Dondoc) -> None:
    done = dondoc("deadlines", "bac-lieu-2020", "--year", 2060)
    assert done.code == ExitCode.REFUSED
    assert "calendar import --year" in done.err


@pytest.mark.parametrize("plan", [path.stem for path in shipped_plans()])
def test_shipped_plans_pass_the_check(dondoc: Dondoc, plan: str) -> None:
    done = dondoc("check", plan)
    assert done.code == ExitCode.OK
    assert "0 lỗi" in done.out


def test_warnings_fail_a_strict_check(dondoc: Dondoc) -> None:
    assert any(one["severity"] == "warning" for one in dondoc.read("check", "bac-lieu-2020"))
    assert dondoc("check", "bac-lieu-2020", "--strict").code == ExitCode.REFUSED


def test_an_impossible_plan_fails_the_check(dondoc: Dondoc) -> None:
    text = (dondoc.data / "small-plan.yaml").read_text(encoding="utf-8")
    plan = dondoc.home / "small-plan.yaml"
    plan.write_text(text.replace("due: {by: Y-01-31}", "due: {by: Y-01-02}"), encoding="utf-8")
    (dondoc.home / "small-roster.yaml").write_bytes((dondoc.data / "small-roster.yaml").read_bytes())
    done = dondoc("check", plan, "--json")
    assert done.code == ExitCode.REFUSED
    assert "dates-out-of-order" in {one["code"] for one in done.data if one["severity"] == "error"}


def test_a_faulty_file_lists_every_fault(dondoc: Dondoc) -> None:
    plan = dondoc.home / "bad.yaml"
    plan.write_text("format: 1\nkey: bad\ntitel: x\n", encoding="utf-8")
    done = dondoc("check", plan, "--json")
    assert done.code == ExitCode.REFUSED
    assert len(done.data) > 1
    assert {"code", "severity", "where", "line", "file", "message_vi", "message_en"} == set(done.data[0])
    assert dondoc("check", plan).out.count(str(plan)) == len(done.data)


def test_a_plan_that_is_nowhere_is_not_found(dondoc: Dondoc) -> None:
    done = dondoc("check", "bac-lieu-2021")
    assert done.code == ExitCode.NOT_FOUND
    assert "bac-lieu-2020" in done.err, "the nearest name is offered"
