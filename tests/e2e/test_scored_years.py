"""Whole evaluated years of two localities on generated scores, published; anybody verifies their bundle without a database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from config.result_tables import leaves_csv, units_csv
from config.settings import child_environment
from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from evaluation.cycles import CycleVerb
from store.commands.cycle_moves import move_cycle
from store.commands.launching import Launch, launch
from store.commands.results.publishing import Order, prepare, publish
from store.commands.results.rewarding import Given, reward
from store.files import open_files
from store.lives import read_by_id
from store.queries.editions import content_of_edition, edition_named, list_rewards
from store.queries.results import read_results
from store.schema import OBLIGATION
from store.score_changes import HeldSheet, keep
from store.scores import read_sheet
from store.verify import verify
from store.years import load_year
from tests.e2e.scored_year import CALENDAR, TOWN_MEETING, ScoredYear, index_by_leaves, play, read_csv, scored_year

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.session import Store

TOWN, PROVINCE = "thanh-xuan-2022", "bac-lieu-2020"
#: Digits after the point to which totals are compared: shares without end are cut at thirty.
DIGITS = Decimal("1e-25")
COLLECTIVES, PERSONS = 8, 13
YEARS = [
    pytest.param((TOWN, {"phong-ban": 14, "ubnd-phuong": 11}), id="Thanh Xuan 2022"),
    pytest.param((PROVINCE, {"so-ban-nganh": 4, "ubnd-huyen": 2, "ubnd-xa": 8}), id="some units of Bac Lieu 2020"),
    pytest.param((PROVINCE, {"so-ban-nganh": 16, "ubnd-huyen": 7, "ubnd-xa": 64}), id="Bac Lieu 2020", marks=pytest.mark.soak),
]


@dataclass(frozen=True, kw_only=True)
class Played:
    """A year that is over, and its bundle."""

    year: ScoredYear
    now: datetime
    content: str
    sha256: str

    @property
    def bundle(self) -> dict[str, Any]:
        """The bundle's facts."""
        found: dict[str, Any] = orjson.loads(self.content)
        return found


def last_years_result(year: ScoredYear, *, now: datetime) -> None:
    """Launch the plan for the year before, score it at once, publish and close it: what this year is compared with."""
    store, before = year.store, year.plan.year - 1
    order = Launch(authority=year.plan.authority, plan_yaml=year.yaml, year=before, calendar=CALENDAR)
    with store.transaction(now=now) as transaction:
        cycle = launch(store, transaction, order).cycle
        of_year = load_year(store, transaction.connection, cycle, now=now)
        first = transaction.connection.execute(OBLIGATION.select().where(OBLIGATION.c.cycle_id == cycle).limit(1)).first()
        assert first is not None
        (course,) = read_by_id(transaction.connection, [first.id])
        for party in year.measured:
            sheet = read_sheet(store, transaction.connection, of_year, of_year.people.ids[party])
            assert sheet is not None
            held = HeldSheet(year=of_year, ref=of_year.stage(course.stage), obligation=course, unit=sheet)
            keep(transaction, held, year.all_final(sheet.sheet, seed=f"{before}/{party}"), action="score")
    dated = CALENDAR.local_date(now)
    prepared = prepare(store, cycle, Order(decision=Decision(number="1/QĐ", dated=dated), accepted="số liệu thử"), now=now)
    with store.transaction(now=now) as transaction:
        publish(store, transaction, cycle, prepared=prepared)
        move_cycle(store, transaction, cycle, verb=CycleVerb.CLOSE, remark=Remark(reason="xong", basis="2/TB"))


@pytest.fixture(params=YEARS)
def played(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> tuple[Played, dict[str, int]]:
    """A shipped plan's year from its launch to the end of its last ladder."""
    name, groups = request.param
    files = open_files(str(tmp_path / "files"), most_bytes=10_000, kinds="pdf")
    file = files.keep([b"%PDF-1.4\n%%EOF\n"], name="ke-hoach.pdf")
    year, route = scored_year(store, name, folder=tmp_path, file=file, number="617/QĐ-UBND", groups=groups)
    if name == TOWN:
        last_years_result(year, now=CALENDAR.instant(route.first, time(7, 15)))
    play(year, route)
    with store.reading() as connection:
        line = edition_named(connection, year.plan.authority, year.plan.year)
        content = content_of_edition(connection, line.id)
    now = CALENDAR.instant(route.last, time(12, 0))
    return Played(year=year, now=now, content=content, sha256=line.sha256), groups


@pytest.mark.timeout(900)
def test_a_whole_year_is_scored_decided_published_and_verified_without_a_database(
    played: tuple[Played, dict[str, int]], tmp_path: Path
) -> None:
    with localcontext(prec=60):
        _published_and_verified(*played, folder=tmp_path)


def _published_and_verified(done: Played, groups: dict[str, int], *, folder: Path) -> None:
    people_did_all_of_it(done, units=sum(groups.values()))
    assert {table["group"]: len(table["order"]) for table in done.bundle["tables"]} == groups
    totals_add_up(done)
    verified_offline(done, folder)
    rewarded(done)
    if done.year.plan.key == TOWN:
        beside_the_year_before(done)
    else:
        surveyed_and_exempt(done)
    assert verify(done.year.store) == []


def people_did_all_of_it(played: Played, *, units: int) -> None:
    """Every unit scored itself, was appraised, some leaves came back, explanations went both ways, the council voted."""
    did = played.year.done
    assert (did["self-assessments"], did["appraisals"], did["votes"]) == (units, units, TOWN_MEETING - 1)
    assert did["returned leaves"] == 2 * did["sent again"] > 0
    assert min(did["explanations accepted"], did["explanations refused"], did["files"]) > 0
    with played.year.store.reading() as connection:
        query = "select count(*) from obligation o join stage s on s.id = o.stage_id where o.cycle_id = {} and {}"
        late = query.format(played.year.cycle, "s.kind != 'upkeep' and o.released and o.state not in ('accepted', 'waived')")
        assert connection.exec_driver_sql(late).scalar_one() == 0
        repairs = query.format(played.year.cycle, "s.kind = 'upkeep' and o.state = 'open'")
        assert connection.exec_driver_sql(repairs).scalar_one() == 0, "nothing is left to repair: the decision was frozen by itself"


def totals_add_up(played: Played) -> None:
    """What the leaves of the bundle come to, added up here, is what was published, and so are the places."""
    published = {row["unit"]: row for row in read_csv(units_csv(played.bundle))}
    added = index_by_leaves(leaves_csv(played.bundle))
    assert set(added) == set(published) == set(played.year.measured)
    for unit, (points, most) in added.items():
        assert Decimal(published[unit]["points"]).quantize(DIGITS) == points.quantize(DIGITS), unit
        assert Decimal(published[unit]["maximum"]) == most, unit
        assert Decimal(published[unit]["index"]).quantize(DIGITS) == (100 * points / most).quantize(DIGITS), unit
    for table in played.bundle["tables"]:
        indexes = [100 * added[unit][0] / added[unit][1] for unit in table["order"]]
        assert indexes == sorted(indexes, reverse=True)
        assert [int(published[unit]["place"]) for unit in table["order"]] == [1 + sum(one > own for one in indexes) for own in indexes]


def verified_offline(played: Played, folder: Path) -> None:
    """A process that has no database says that the bundle holds, and of one with a changed point that it does not."""
    bundle = folder / "goi.json"
    bundle.write_text(played.content, encoding="utf-8")
    held = dondoc(folder, "results", "verify", bundle, "--sha256", played.sha256)
    assert (held.returncode, played.sha256 in held.stdout) == (0, True), held.stderr
    unit = played.bundle["units"][0]
    score = next(one for one in unit["scores"] if one["final"] and Decimal(one["final"]) > 0)
    whole = f'"final":"{score["final"]}","node":"{score["node"]}"'
    assert whole in played.content
    bundle.write_text(played.content.replace(whole, f'"final":"0","node":"{score["node"]}"', 1), encoding="utf-8")
    for given in ((), ("--sha256", played.sha256)):
        refused = dondoc(folder, "results", "verify", bundle, *given)
        assert refused.returncode != 0
        assert unit["unit"] in refused.stderr or "SHA-256" in refused.stderr
    assert sorted(path.name for path in folder.glob("home/**/*.db")) == []


def dondoc(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A command as a process that is given no database and an empty home."""
    nowhere = {
        "DONDOC_DATABASE_URL": f"sqlite:///{folder}/nowhere/none.db",
        "DONDOC_HOME": str(folder / "home"),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "cli.main", *(str(word) for word in words)]
    return subprocess.run(command, env=child_environment(**nowhere), capture_output=True, text=True, check=False)


def rewarded(played: Played) -> None:
    """Eight collectives and thirteen individuals, as seed 003 s16 has them."""
    year = played.year
    units = [*year.measured, *year.measured][:PERSONS]
    with year.store.transaction(now=played.now) as transaction:
        for unit in units[:COLLECTIVES]:
            reward(year.store, transaction, year.cycle, given=Given(unit=unit, decision="9/QĐ", decided_on=date(2021, 1, 4)))
        for number, unit in enumerate(units):
            given = Given(unit=unit, person=f"Công chức {number}", decision="9/QĐ", decided_on=date(2021, 1, 4))
            reward(year.store, transaction, year.cycle, given=given)
    with year.store.reading() as connection:
        found = list_rewards(connection, year.cycle)
    assert [bool(one.person) for one in found].count(False) == COLLECTIVES
    assert [bool(one.person) for one in found].count(True) == PERSONS


def beside_the_year_before(played: Played) -> None:
    """Two series, points and per cent, of each unit; the gap of first and last of both years; no survey, and it is said."""
    year = played.year
    with year.store.reading() as connection:
        results = read_results(year.store, connection, year.cycle, now=played.now)
        before = orjson.loads(content_of_edition(connection, edition_named(connection, year.plan.authority, year.plan.year - 1).id))
    assert len(results.comparisons) == len(year.measured)
    for one in results.comparisons:
        assert one.is_comparable
        assert one.before is not None
        assert one.after is not None
        assert (one.points, one.index) == (one.after.points - one.before.points, one.after.index - one.before.index)
    assert any(one.points != one.index for one in results.comparisons), "the maximum without survey is no 100: two series, not one"
    then = {row["unit"]: row for row in read_csv(units_csv(before))}
    for table in results.tables:
        indexes = [line.contender.index for line in table.lines]
        assert table.gap == max(indexes) - min(indexes) > 0
        old = [Decimal(row["index"]) for row in then.values() if row["group"] == table.group]
        assert next(one for one in before["tables"] if one["group"] == table.group)["gap"] is not None
        assert max(old) - min(old) > 0
    assert played.bundle["rules"]["survey_held"] is False
    surveyed = [unit["unit"] for unit in played.bundle["units"] for one in unit["scores"] if one["node"] in {"3.6", "5.5"} and one["final"]]
    assert surveyed == []


def surveyed_and_exempt(played: Played) -> None:
    """Each surveyed unit has points of its ballots; the Office of the People's Committee is not measured."""
    year = played.year
    surveyed = [row for row in read_csv(units_csv(played.bundle)) if Decimal(row["survey_maximum"]) > 0]
    assert {row["group"] for row in surveyed} == {"ubnd-huyen", "ubnd-xa"}
    assert year.done["surveyed units"] == len(surveyed)
    assert year.done["ballots"] == 2 * (3 * year.groups["ubnd-huyen"] + 4 * year.groups["ubnd-xa"])
    assert all(0 < Decimal(row["survey_points"]) <= Decimal(row["survey_maximum"]) for row in surveyed)
    assert "van-phong-ubnd" not in year.measured
    assert [party.key for party in year.roster.parties if party.exempt] == ["van-phong-ubnd"]
