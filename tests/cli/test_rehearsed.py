"""What a rehearsal shows: the weeks of the year with their mails, as JSON and as bars."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from cli.rehearsed import as_data, show
from flows.rehearsal import Rehearsed
from store.queries.traffic import PersonDay

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Dondoc


def rehearsed(**mails: int) -> Rehearsed:
    """A year from Thursday 2 to Wednesday 22 January 2025 in which one officer gets so many mails on each day (`d07=3`)."""
    people = tuple(
        PersonDay(on=date(2025, 1, int(day[1:])), recipient="officer.xa-1@thu.invalid", mails=count) for day, count in mails.items()
    )
    return Rehearsed(
        launched_at=datetime(2025, 1, 2, tzinfo=UTC),
        first=date(2025, 1, 2),
        last=date(2025, 1, 22),
        stages=1,
        obligations=1,
        notices={},
        people=people,
        moves=(),
        projected=False,
    )


def test_weeks_begin_on_monday_and_none_is_left_out() -> None:
    done = rehearsed(d05=1, d06=2, d07=3, d22=8)
    weeks = [("2024-12-30", 1), ("2025-01-06", 5), ("2025-01-13", 0), ("2025-01-20", 8)]
    assert [(monday.isoformat(), mails) for monday, mails in done.mails_per_week()] == weeks
    assert as_data(done, ceiling=6)["mails_per_week"] == [{"from": date.fromisoformat(monday), "mails": mails} for monday, mails in weeks]


def test_the_weeks_are_bars_as_long_as_their_mails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    show(rehearsed(d06=5, d13=10, d22=20), ceiling=6)
    lines = capsys.readouterr().out.splitlines()
    bars = {on: next(line for line in lines if f"│ {on} " in line[30:]) for on in ("30/12/2024", "06/01/2025", "13/01/2025", "20/01/2025")}
    assert [line.count("█") for line in bars.values()] == [0, 10, 20, 40]
    assert max(len(line) for line in lines) <= 120
    assert "│ 22/01/2025 │          20 │" in "\n".join(lines), "the busiest day stands beside the weeks"


def test_a_year_without_mails_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    show(rehearsed(), ceiling=6)
    assert "█" not in capsys.readouterr().out


def test_the_picture_fits_a_narrow_window(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show(rehearsed(d22=20), ceiling=6)
    week = next(line for line in capsys.readouterr().out.splitlines() if "20/01/2025" in line)
    assert week.rstrip().endswith("█ │"), "the bar is whole"


def test_a_rehearsal_says_its_mails_per_week(dondoc: Dondoc) -> None:
    found = dondoc.read("rehearse", dondoc.data / "small-plan.yaml", "--year", 2025)
    per_day: Counter[date] = Counter()
    for one in found["people"]:
        per_day[date.fromisoformat(one["on"])] += one["mails"]
    weeks = {date.fromisoformat(week["from"]): week["mails"] for week in found["mails_per_week"]}
    assert list(weeks) == [min(weeks) + timedelta(weeks=number) for number in range(len(weeks))]
    assert {monday.weekday() for monday in weeks} == {0}
    assert weeks == {monday: sum(per_day[monday + timedelta(days=day)] for day in range(7)) for monday in weeks}
    assert sum(weeks.values()) == found["mails"] > 0
