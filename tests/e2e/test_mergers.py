"""Two evaluated years across the mergers of 2025: departments merge on 1 March, districts end on 1 July, communes take over."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from config.calendar_files import shipped_calendar
from config.criteria_files import ReadCriteria
from evaluation.actions import Remark
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import CriteriaSet, Decision, Method, Node, Scoring
from evaluation.kinds import PartyKind
from evaluation.obligations import State
from evaluation.rosters import Party, Roster
from evaluation.scores.comparison import Obstacle
from evaluation.scores.methods import Given
from evaluation.scores.settings import ResultRules
from store.commands import moves
from store.commands.authorities import found_authority, import_roster
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.commands.evidence import attach
from store.commands.launching import Launch, launch
from store.commands.leaving import Leave, leave_year
from store.commands.people import add_unit, name_successor
from store.commands.replanning import Change, replan
from store.commands.results.deciding import set_rules
from store.commands.results.publishing import Order, prepare, publish
from store.commands.scores.appraising import Judged, appraise_leaves
from store.commands.scores.held import SheetError
from store.commands.scores.scoring import Typed, save_leaves
from store.commands.scores.taking_over import take_over
from store.files import KeptFile, open_files
from store.lives import read_by_id
from store.queries.people import authority_named
from store.queries.results import read_results
from store.queries.scores import view_sheet
from store.schema import OBLIGATION, PARTY, STAGE
from store.scores import read_sheet
from store.verify import verify
from store.years import load_year
from tests.conftest import DATA, SmallYear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from store.queries.results import CycleResults
    from store.session import Store

CALENDAR = shipped_calendar()
MERGED_ON, DISTRICTS_ENDED_ON = date(2025, 3, 1), date(2025, 7, 1)
ONE_DAY = timedelta(days=1)
KEYS = {
    "Sở Nội vụ": "so-noi-vu",
    "Sở Lao động - Thương binh và Xã hội": "so-lao-dong",
    "Sở Khoa học và Công nghệ": "so-khoa-hoc",
    "Sở Thông tin và Truyền thông": "so-thong-tin",
    "Sở Nông nghiệp và Phát triển nông thôn": "so-nong-nghiep",
    "Sở Tài nguyên và Môi trường": "so-tai-nguyen",
    "Sở Xây dựng": "so-xay-dung",
    "Sở Giao thông vận tải": "so-giao-thong",
    "Sở Kế hoạch và Đầu tư": "so-ke-hoach",
    "Sở Tài chính": "so-tai-chinh",
    "Ban Dân tộc": "ban-dan-toc",
}
#: The department that runs the year goes on under its own key, as the one that took over; every other new unit has a key of its own.
STAYS = "Sở Nội vụ"
DISTRICTS = ("huyen-1", "huyen-2")
#: Communes since July, and which district each comes from; the last lies in both.
COMMUNES = {"xa-moi-1": ("huyen-1",), "xa-moi-2": ("huyen-1",), "xa-moi-3": ("huyen-1", "huyen-2")}
PLAN = """
format: 1
key: hai-nam
title: Chỉ số CCHC năm 2025
title_en: PAR index 2025
year: 2025
reference_date: {reference}
authority: {{key: tinh, name: UBND tỉnh}}
roster: tinh
criteria: {{so: bo-so, huyen: bo-huyen, xa: bo-xa}}
standing_body: so-noi-vu
chair: chu-tich
stages:
  - {{key: plan, kind: duty, title: Kế hoạch, title_en: Plan, {who}, opens: {{on: Y-01-13}}, due: {{by: Y-09-30}}, {rest}}}
  - {{key: self, kind: self_assessment, title: Tự chấm, title_en: Self-assessment, {who}, through: so-noi-vu, items_from: criteria,
     opens: {{on: Y-01-20}}, due: {{by: Y-10-10}}, {rest}}}
  - {{key: appraisal, kind: appraisal, title: Thẩm định, title_en: Appraisal, owed_by: {{keys: [to]}}, owed_to: chu-tich,
     about: {{groups: [so, huyen, xa]}}, opens: {{on: Y-01-20}}, due: {{by: Y-11-28}}, {rest}}}
"""

WHO, REST = "owed_by: {groups: [so, huyen, xa]}, owed_to: chu-tich", "deliverable: Báo cáo, words: thông lệ, source: none"


def plan_of(reference: date) -> str:
    """The plan, its roster taken as of a day."""
    return PLAN.format(reference=reference, who=WHO, rest=REST)


def old_names() -> dict[str, str]:
    """What each department was merged into, by its old name; functions that moved without their unit are none."""
    rows = csv.DictReader((DATA / "so-mergers-2025-lam-dong.csv").read_text(encoding="utf-8").splitlines())
    return {old: row["new_unit"] for row in rows for old in row["merged_from"].split(" + ") if old in KEYS}


INTO = old_names()


def new_key(name: str) -> str:
    """The key of a unit since March."""
    return KEYS[name] if name == STAYS else f"{KEYS.get(name, 'so-dan-toc')}-2025" if name in KEYS else NEW_ONES[name]


NEW_ONES = {"Sở Nông nghiệp và Môi trường": "so-nong-nghiep-moi-truong", "Sở Dân tộc và Tôn giáo": "so-dan-toc-ton-giao"}


def leaf(key: str, maximum: str = "10") -> Node:
    return Node(key=key, title=f"Tiêu chí {key}", maximum=Decimal(maximum), scoring=Scoring(method=Method.POINTS))


def unit(key: str, name: str, group: str, **dates: date) -> Party:
    return Party(key=key, kind=PartyKind.UNIT, name=name, group=group, level="department", **dates)  # type: ignore[arg-type]


@dataclass(kw_only=True)
class Province:
    """A province and its two years."""

    store: Store
    file: KeptFile
    cycles: dict[int, int] = field(default_factory=dict)
    year: int = 2024

    def at(self, on: date) -> datetime:
        """The morning of a day."""
        return CALENDAR.instant(on, time(9, 0))

    def do(self, act: Callable[..., Any], *given: Any, on: date, **facts: Any) -> Any:
        """One act in one transaction."""
        with self.store.transaction(now=self.at(on)) as transaction:
            return act(self.store, transaction, *given, **facts)

    def launched(self, year: int, *, on: date) -> None:
        """Launch a year, whose roster is that of its first days."""
        order = Launch(authority="tinh", plan_yaml=plan_of(on), year=year, calendar=CALENDAR)
        self.cycles[year], self.year = self.do(launch, order, on=on).cycle, year
        self.tick(on + timedelta(days=25))

    def tick(self, on: date) -> None:
        """What opens is opened."""
        SmallYear(store=self.store, cycle=self.cycles[self.year], calendar=CALENDAR).tick(self.at(on))

    def owed(self, stage: str, key: str) -> tuple[int, State]:
        """The obligation of a stage that a unit owes, or that is about it."""
        query = OBLIGATION.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).select()
        whose = OBLIGATION.c.subject == key if stage == "appraisal" else PARTY.c.key == key
        with self.store.reading() as connection:
            found = query.with_only_columns(OBLIGATION.c.id, OBLIGATION.c.state).where(
                OBLIGATION.c.cycle_id == self.cycles[self.year], STAGE.c.key == stage, whose
            )
            row = connection.execute(found).one()
        return row.id, State(row.state)

    def sheet(self, key: str) -> dict[str, str]:
        """A unit's own scores as they stand."""
        with self.store.reading() as connection:
            year = load_year(self.store, connection, self.cycles[self.year], now=self.at(date(self.year, 9, 1)))
            found = read_sheet(self.store, connection, year, year.people.ids[key])
        assert found is not None
        return {node: str(entry.self_score) for node, entry in found.sheet.entries.items() if entry.self_score is not None}

    def score(self, key: str, *, on: date, **points: str) -> None:
        """A unit scores some leaves: `n1="7"`."""
        typed = [
            Typed(node=node.removeprefix("n"), given=Given(points=Decimal(one)), explanation="báo cáo") for node, one in points.items()
        ]
        self.do(save_leaves, self.owed("self", key)[0], typed, on=on)

    def finished(self, keys: Iterable[str], *, on: date) -> None:
        """Units hand in what they have scored, with the rest; it is appraised as it stands and taken in."""
        for place, key in enumerate(keys):
            ident, _ = self.owed("self", key)
            rest = {f"n{node}": str(5 + place % 4) for node in ("1", "2") if node not in self.sheet(key)}
            if rest:
                self.score(key, on=on, **rest)
            self.do(moves.prepare, ident, on=on)
            self.do(moves.submit, ident, on=on)
            judged = [Judged(node=node, points=Decimal(one), seen=1) for node, one in self.sheet(key).items()]
            appraisal, _ = self.owed("appraisal", key)
            self.do(appraise_leaves, appraisal, judged, on=on)
            for act, which in ((moves.prepare, appraisal), (moves.submit, appraisal), (moves.accept, appraisal), (moves.accept, ident)):
                self.do(act, which, on=on)

    def published(self, *, on: date) -> CycleResults:
        """The year's results, published under a decision, and as they stand beside the year before."""
        cycle = self.cycles[self.year]
        prepared = prepare(self.store, cycle, Order(decision=Decision(number=f"{self.year}/QĐ", dated=on)), now=self.at(on))
        self.do(publish, cycle, prepared=prepared, on=on)
        return self.results(on=on)

    def results(self, *, on: date) -> CycleResults:
        """The year's results as they stand."""
        with self.store.reading() as connection:
            return read_results(self.store, connection, self.cycles[self.year], now=self.at(on))

    def begins(self, party: Party, *, after: Iterable[str], on: date) -> None:
        """A new unit is entered with its predecessors."""
        with self.store.transaction(now=self.at(on)) as transaction:
            authority = authority_named(transaction.connection, "tinh")
            add_unit(transaction, authority, party)
            for old in after:
                name_successor(transaction, authority, old, successor=party.key)

    def ends(self, key: str, *, on: date, successor: str = "") -> Any:
        """A unit leaves the running year: what it owes passes on, or is closed with the reason."""
        with self.store.transaction(now=self.at(on)) as transaction:
            authority = authority_named(transaction.connection, "tinh")
            leave = Leave(unit=key, on=on - ONE_DAY, successor=successor, accept_late=True)
            why = Remark(reason="Sắp xếp tổ chức bộ máy năm 2025", basis="391/NQ-HĐND ngày 18/02/2025")
            return leave_year(self.store, transaction, authority, cycle=self.cycles[self.year], leave=leave, remark=why)

    def looked_through(self, *, on: date) -> None:
        """The year's roster is that of another day from now on."""
        change = Change(yaml=plan_of(on), accept_late=True)
        self.do(replan, self.cycles[self.year], change=change, remark=Remark(reason="đổi mốc", basis="1/QĐ"), on=on)
        self.tick(on)


def founded(store: Store, file: KeptFile) -> Province:
    """The province of 2024: the departments of before the mergers, two districts, a unit that nothing happens to."""
    bodies = [
        Party(key=key, kind=PartyKind.BODY, name=name)
        for key, name in (("ubnd", "UBND tỉnh"), ("chu-tich", "Chủ tịch"), ("to", "Tổ giúp việc"))
    ]
    old = [unit(KEYS[name], name, "so") for name in INTO]
    rest = [unit("so-y-te", "Sở Y tế", "so"), *(unit(key, f"Huyện {key[-1]}", "huyen") for key in DISTRICTS)]
    parties = [*bodies, *old, *rest]
    roster = Roster(key="tinh", title="Tỉnh", groups=(("so", "Sở"), ("huyen", "Huyện"), ("xa", "Xã")), parties=tuple(parties), contacts=())
    province, first = Province(store=store, file=file), date(2024, 1, 2)
    with store.transaction(now=province.at(first)) as transaction:
        authority = found_authority(transaction, key="tinh", name="UBND tỉnh", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        for key, second in (("bo-so", "10"), ("bo-huyen", "10"), ("bo-xa", "20")):
            decided = Decision(number=f"{key}/QĐ", dated=date(2024, 1, 1), issuer="UBND tỉnh")
            made = CriteriaSet(key=key, title="Bộ thử", decision=decided, fields=(leaf("1"), leaf("2", second)))
            take_in(transaction, authority, ReadCriteria(criteria=made, findings=findings_of(made), misfits=()))
    return province


@pytest.mark.timeout(300)
def test_two_years_across_the_mergers(store: Store, tmp_path: Path) -> None:
    file = open_files(str(tmp_path), most_bytes=10_000, kinds="pdf").keep([b"%PDF-1.4\n%%EOF\n"], name="ke-hoach.pdf")
    province = founded(store, file)
    province.launched(2024, on=date(2024, 1, 2))
    old = [*(KEYS[name] for name in INTO), "so-y-te", *DISTRICTS]
    province.finished(old, on=date(2024, 9, 10))
    first = province.published(on=date(2024, 12, 20))
    assert {table.group: len(table.lines) for table in first.tables} == {"so": 12, "huyen": 2}
    province.launched(2025, on=date(2025, 1, 2))
    departments_merge(province)
    districts_end(province)
    units = [*sorted({new_key(name) for name in INTO.values()}), "so-y-te", *COMMUNES]
    province.finished(units, on=date(2025, 9, 10))
    beside(province, province.published(on=date(2025, 12, 20)), units=units)
    assert verify(store) == []


def departments_merge(province: Province) -> None:
    """In the middle of their self-assessments; what is owed passes on, the new unit sees what was scored and takes over what it chooses."""
    before, on = date(2025, 2, 14), MERGED_ON + 2 * ONE_DAY
    province.score("so-khoa-hoc", on=before, n1="7")
    province.score("so-thong-tin", on=before, n1="4", n2="6")
    province.score("so-lao-dong", on=before, n1="9")
    province.do(attach, province.owed("self", "so-thong-tin")[0], file=province.file, item="2", on=before)
    for name in sorted(set(INTO.values()) - {STAYS}):
        merged = [KEYS[old] for old, new in INTO.items() if new == name]
        province.begins(unit(new_key(name), name, "so", valid_from=MERGED_ON), after=merged, on=on)
        for key in merged:
            assert province.ends(key, on=MERGED_ON, successor=new_key(name)).ended
    with province.store.transaction(now=province.at(on)) as transaction:
        name_successor(transaction, authority_named(transaction.connection, "tinh"), "so-lao-dong", successor="so-noi-vu")
    province.ends("so-lao-dong", on=MERGED_ON, successor="so-noi-vu")
    new = new_key("Sở Khoa học và Công nghệ")
    measured = set(province.results(on=on).units)
    assert (new in measured, "so-khoa-hoc" in measured) == (True, False), "who took over is measured, newer than the roster as it is"
    province.looked_through(on=on)
    assert (province.owed("self", "so-khoa-hoc")[1], province.owed("self", new)[1]) == (State.TRANSFERRED, State.OPEN)
    assert (province.sheet("so-khoa-hoc"), province.sheet(new)) == ({"1": "7"}, {}), "two units of one name, and the new one begins empty"
    ident, _ = province.owed("self", new)
    with province.store.reading() as connection:
        seen = view_sheet(province.store, connection, ident, now=province.at(on))
    assert seen is not None
    assert {one.unit: {node: str(points) for node, points in one.scores.items()} for one in seen.predecessors} == {
        "so-khoa-hoc": {"1": "7"},
        "so-thong-tin": {"1": "4", "2": "6"},
    }
    took_over(province, ident, new, on=on)


def took_over(province: Province, ident: int, new: str, *, on: date) -> None:
    """One predecessor after the other, each by name; what is scored already stays; whoever passed nothing on has nothing to give."""
    first = province.do(take_over, ident, "so-khoa-hoc", on=on)
    assert (first.nodes, first.left, first.files) == (("1",), (), 0)
    second = province.do(take_over, ident, "so-thong-tin", on=on)
    assert (second.nodes, second.left, second.files) == (("2",), ("1",), 1)
    assert province.sheet(new) == {"1": "7", "2": "6"}
    for stranger, words in (("so-y-te", "passed no scored sheet"), ("so-thong-tin", "no leaf of")):
        with pytest.raises(SheetError, match=words):
            province.do(take_over, ident, stranger, on=on)
    province.do(take_over, province.owed("self", "so-noi-vu")[0], "so-lao-dong", on=on)
    assert province.sheet("so-noi-vu") == {"1": "9"}, "a unit that goes on takes over into the obligation that it has"


def districts_end(province: Province) -> None:
    """One district's duties are closed with the reason, the other's pass to a commune; communes are many to many."""
    before, on = date(2025, 6, 16), DISTRICTS_ENDED_ON
    province.score("huyen-2", on=before, n1="3", n2="8")
    for key, districts in COMMUNES.items():
        province.begins(unit(key, "Xã Long Hồ" if key == "xa-moi-1" else key, "xa", valid_from=on), after=districts, on=on)
    province.ends("huyen-1", on=on)
    province.ends("huyen-2", on=on, successor="xa-moi-3")
    assert [province.owed("self", key)[1] for key in DISTRICTS] == [State.WAIVED, State.TRANSFERRED]
    province.looked_through(on=on)
    province.do(pin, province.cycles[2025], group="xa", name="bo-xa", remark=Remark(), on=on)  # nobody was in the group at the launch
    taken = province.do(take_over, province.owed("self", "xa-moi-3")[0], "huyen-2", on=on + ONE_DAY)
    assert (taken.nodes, taken.left) == (("1",), ("2",)), "of the commune's set the second leaf has another maximum"


def beside(province: Province, results: CycleResults, *, units: list[str]) -> None:
    """Each new unit beside what it came from, nothing subtracted across a merger or a split; a unit that only goes on is, and is marked."""
    assert sorted(results.units) == sorted(units)
    lines: dict[str, list[Any]] = {}
    for one in results.comparisons:
        lines.setdefault(one.unit, []).append(one)
    (health,) = lines["so-y-te"]
    assert (health.is_comparable, health.continued, health.obstacles) == (True, False, ())
    (ethnic,) = lines["so-dan-toc-ton-giao"]
    assert (ethnic.is_comparable, ethnic.continued, ethnic.before.unit) == (True, True, "ban-dan-toc")
    science = lines[new_key("Sở Khoa học và Công nghệ")]
    assert {one.before.unit for one in science} == {"so-khoa-hoc", "so-thong-tin"}
    assert [(one.is_comparable, one.points) for one in science] == [(False, None)] * 2
    assert {one.before.unit for one in lines["so-noi-vu"]} == {"so-noi-vu", "so-lao-dong"}
    assert all(Obstacle.MERGED in one.obstacles for one in (*science, *lines["so-noi-vu"]))
    assert {one.before.unit for one in lines["xa-moi-3"]} == set(DISTRICTS)
    assert all(Obstacle.SPLIT in one.obstacles and not one.is_comparable for one in lines["xa-moi-1"])
    rules = ResultRules(allowed=frozenset({Obstacle.MERGED}))
    province.do(
        set_rules,
        province.cycles[2025],
        rules=rules,
        everywhere=False,
        remark=Remark(reason="cho phép", basis="1/QĐ"),
        on=date(2025, 12, 21),
    )
    allowed = [one for one in province.results(on=date(2025, 12, 21)).comparisons if one.unit == science[0].unit]
    assert all(one.is_comparable and one.continued and Obstacle.MERGED in one.obstacles for one in allowed)
    with province.store.reading() as connection:
        waived = read_by_id(connection, [province.owed("self", "huyen-1")[0]])[0]
    assert waived.state is State.WAIVED
