"""A year driven through the API alone, a person per role signed in for real: its journal is that of the same moves by the command line."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from config.loader import load_plan_and_roster
from evaluation.rehearsing import Habit
from evaluation.transitions import Verb
from flows.rehearsal import Script, rehearse
from store.schema import NOTICE
from store.session import open_store
from tests.conftest import DATA
from tests.e2e import by_cli, by_http
from tests.e2e.by_cli import PLAN, ROSTER, CommandLine
from tests.e2e.moves_of_a_year import BODY, CALENDAR, FIRST, FOUNDED, LAST, SCRIPT, WHY, Step, everybody, stretches
from tests.serving_process import running_server, set_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from evaluation.rehearsing import RehearsedMove
    from store.session import Store
    from tests.conftest import PostgresServer
    from tests.e2e.moves_of_a_year import Stretch

#: What a step is called in the journal, where it is not by its own name.
JOURNALED = {"hold-mail": "hold-outbox", "release-mail": "release-outbox", "extend-many": "extend", "urge-many": "urge"}
NOTED = (NOTICE.c.cause, NOTICE.c.kind, NOTICE.c.recipient, NOTICE.c.at, NOTICE.c.slot_at, NOTICE.c.cancelled)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """A function that makes one more empty database and returns its URL."""
    if request.param == "sqlite":
        numbers = iter(range(100))
        yield lambda: f"sqlite:///{tmp_path / f'year-{next(numbers)}.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made: list[str] = []

    def create() -> str:
        made.append(server.create())
        return made[-1]

    yield create
    for url in made:
        server.drop(url)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of a year: its journal without ids, its journal as it is, the mail it noted, and what `dondoc verify` finds."""

    journal: list[str]
    entries: list[tuple[object, ...]]
    notices: list[tuple[object, ...]]
    found: list[str]

    @classmethod
    def of(cls, year: CommandLine) -> Came:
        """Read it by the command line, whoever drove it."""
        with opened(year.url) as store, store.reading() as connection:
            rows = connection.execute(select(*NOTED).order_by(*NOTED)).all()
        return cls(journal=year.journal(), entries=year.entries(), notices=[tuple(row) for row in rows], found=year.verified())


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = open_store(url, durable=False)
    yield store
    store.close()


def home_in(folder: Path) -> Path:
    """A home with the plan and its roster."""
    folder.mkdir()
    for name in (PLAN, ROSTER):
        shutil.copy(DATA / name, folder / name)
    return folder


def by_the_api(year: CommandLine, parts: Sequence[Stretch]) -> Came:
    """The year by the API: its people are there already, everything else is asked for by HTTP."""
    year.found()
    set_clock(year.home, FOUNDED)
    with opened(year.url) as store:
        addresses = by_http.give_accounts(store, everybody(step for part in parts for step in part.steps))
        with running_server(year.url, year.home) as server, by_http.office_at(server, addresses) as office:
            office.launch((year.home / PLAN).read_text(encoding="utf-8"), by=BODY)
            by_http.drive(office, store, parts)
    return Came.of(year)


def by_the_command_line(year: CommandLine, parts: Sequence[Stretch]) -> Came:
    by_cli.drive(year, parts, by=BODY)
    return Came.of(replace(year, as_processes=False))


@pytest.mark.timeout(180)
def test_a_year_by_the_api_is_the_year_by_the_command_line(
    empty: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = list(stretches(SCRIPT))
    asked = by_the_api(CommandLine(url=empty(), home=home_in(tmp_path / "api"), patch=monkeypatch), parts)
    typed = by_the_command_line(CommandLine(url=empty(), home=home_in(tmp_path / "cli"), patch=monkeypatch), parts)
    assert asked.journal == typed.journal
    assert asked == typed
    assert asked.found == []
    done = {str(entry[2]) for entry in asked.entries}
    assert done >= {JOURNALED.get(step.verb, step.verb) for step in SCRIPT} | {"launch", "tick"}
    assert len(asked.journal) > 200
    assert len(asked.notices) > 50


@pytest.mark.timeout(120)
def test_each_command_as_a_process_of_its_own_writes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first days only: a command takes a second to start. The year is founded and looked at in this process."""
    parts = list(stretches(SCRIPT[:2], last=date(2025, 1, 7)))
    here = CommandLine(url=f"sqlite:///{tmp_path / 'here.db'}", home=home_in(tmp_path / "here"), patch=monkeypatch)
    apart = CommandLine(url=f"sqlite:///{tmp_path / 'apart.db'}", home=home_in(tmp_path / "apart"), patch=monkeypatch, as_processes=True)
    assert by_the_command_line(apart, parts) == by_the_command_line(here, parts)


# --- at length ---------------------------------------------------------------------------------------------------------


def rehearsed(home: Path, *, units: int, seed: int) -> list[Step]:
    """What people of so many communes do in the year, drawn from a seed; the roster in the home has them all."""
    roster = home / ROSTER
    more = "".join(
        f"  - {{key: xa-{number}, name: Xã {number:03} (tên chưa có nguồn), level: commune, group: xa, superior: ubnd, source: none}}\n"
        for number in range(3, units + 1)
    )
    roster.write_text(roster.read_text(encoding="utf-8") + more, encoding="utf-8")
    plan, people = load_plan_and_roster(home / PLAN)
    yaml = (home / PLAN).read_text(encoding="utf-8")
    script = Script(plan=plan, plan_yaml=yaml, roster=people, calendar=CALENDAR, year=2025, habit=Habit.POOR, seed=seed)
    return [step_of(move) for move in rehearse(script).moves if FIRST < move.on <= LAST]


def step_of(move: RehearsedMove) -> Step:
    """A rehearsed move as somebody makes it."""
    body: dict[str, Any]
    receiver = "head.chu-tich" if move.stage in {"summary", "after-lock"} else BODY
    match move.verb:
        case Verb.PREPARE:
            who, body = f"officer.{move.party}", {}
        case Verb.SUBMIT:
            who, body = f"head.{move.party}", {"text": "Nội dung"}
        case Verb.RETURN:
            who, body = receiver, {**WHY, "items": [{"item": "bao-cao", "words": "thiếu bảng 2"}]}
        case Verb.EXTEND:
            who, body = BODY, {**WHY, "due_on": str(move.due_on)}
        case _:
            who, body = receiver, {}
    return Step(on=move.on, who=who, verb=move.verb.value, about=f"{move.stage}/{move.party}/{move.subject}", body=body)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_many_units_by_the_api_and_by_the_command_line(
    empty: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    asking, typing = home_in(tmp_path / "api"), home_in(tmp_path / "cli")
    steps = rehearsed(asking, units=24, seed=seed)
    shutil.copy(asking / ROSTER, typing / ROSTER)
    parts = list(stretches(steps))
    asked = by_the_api(CommandLine(url=empty(), home=asking, patch=monkeypatch), parts)
    typed = by_the_command_line(CommandLine(url=empty(), home=typing, patch=monkeypatch), parts)
    assert asked == typed
    assert asked.found == []
    assert {"return", "extend"} <= {str(entry[2]) for entry in asked.entries}
    assert len(steps) > 150


@pytest.mark.soak
def test_the_whole_year_with_each_command_as_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = list(stretches(SCRIPT))
    here = CommandLine(url=f"sqlite:///{tmp_path / 'here.db'}", home=home_in(tmp_path / "here"), patch=monkeypatch)
    apart = CommandLine(url=f"sqlite:///{tmp_path / 'apart.db'}", home=home_in(tmp_path / "apart"), patch=monkeypatch, as_processes=True)
    assert by_the_command_line(apart, parts) == by_the_command_line(here, parts)
