"""Criteria in the store: drafts and decisions, corrections, leads, copies, pins, and the items that come from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from config.calendar_files import shipped_calendar
from config.criteria_files import ReadCriteria, find_criteria, read_criteria
from config.faults import CriteriaError
from evaluation.actions import Remark
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import CriteriaSet, Decision, Lead, Node, Scoring, step_named
from evaluation.kinds import PartyKind
from evaluation.rosters import Party
from evaluation.transitions import TransitionError
from store.commands import moves
from store.commands.criteria.leading import name_lead
from store.commands.criteria.pinning import Pinned, pin
from store.commands.criteria.versions import Copy, CriteriaRefusedError, copy, correct, take_in
from store.commands.evidence import EvidenceError, attach
from store.commands.launching import Launch, launch
from store.commands.people import add_unit
from store.commands.replanning import Change, replan
from store.criteria import load_criteria
from store.files import open_files
from store.queries.criteria import NoSuchCriteriaError, pins_of_cycle, version_named, versions_of
from store.queries.people import authority_named
from store.queries.unit_work import missing_evidence
from store.schema import CRITERIA_VERSION, OBLIGATION, PARTY, STAGE
from store.verify import verify
from tests.conftest import SMALL_PLAN, SmallYear, launch_small

if TYPE_CHECKING:
    from pathlib import Path

    from store.queries.criteria import VersionLine
    from store.session import Store

DECIDED = Decision(number="12/QĐ-UBND", dated=date(2025, 1, 3), issuer="UBND thử")
BOTH = Remark(reason="đính chính", basis="15/QĐ-UBND")


def make_set(*points: str, key: str = "thu", decision: Decision = DECIDED, **changes: object) -> ReadCriteria:
    fields = tuple(
        Node(
            key=str(number), title=f"Lĩnh vực {number}", maximum=Decimal(some), scoring=Scoring(), groups=() if number > 1 else ("so", "xa")
        )
        for number, some in enumerate(points, start=1)
    )
    given = {"key": key, "title": "Bộ thử", "decision": decision, "fields": fields, **changes}
    criteria = CriteriaSet(**given)  # type: ignore[arg-type]
    return ReadCriteria(criteria=criteria, findings=findings_of(criteria), misfits=())


@pytest.fixture
def year(any_store: Store) -> SmallYear:
    """The small year in which the units' plans have the criteria's leaves as items."""
    calendar = shipped_calendar()
    items = "deliverable: Kế hoạch\n    items: [{key: ky, title: Bản ký}]\n    items_from: criteria\n"
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("deliverable: Kế hoạch\n", items)
    return launch_small(any_store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return year.slot(date(2025, 1, 6))


def taken(year: SmallYear, read: ReadCriteria, *, now: datetime, accept: str = "") -> VersionLine:
    with year.store.transaction(now=now) as transaction:
        return take_in(transaction, 1, read, accept=accept)


def pinned(year: SmallYear, name: str, *, now: datetime, group: str = "xa", remark: Remark = Remark()) -> Pinned:  # noqa: B008  frozen
    with year.store.transaction(now=now) as transaction:
        return pin(year.store, transaction, year.cycle, group=group, name=name, remark=remark)


def stored(year: SmallYear, name: str) -> CriteriaSet:
    with year.store.reading() as connection:
        return load_criteria(year.store, connection, version_named(connection, 1, name).id)


def missing(year: SmallYear, party: str, *, now: datetime) -> list[str]:
    with year.store.reading() as connection:
        return [line.item for line in missing_evidence(year.store, connection, year.cycle, now=now, party=party) if line.stage == "plan"]


def test_a_launch_pins_the_published_sets_that_its_plan_names(small_year: SmallYear) -> None:
    now = small_year.slot(date(2025, 1, 6))
    taken(small_year, make_set("10", key="xa"), now=now)
    taken(small_year, make_set("5", key="nhap", decision=Decision()), now=now)
    named = SMALL_PLAN.read_text(encoding="utf-8").replace(
        "standing_body:", "criteria: {xa: xa, so: nhap, huyen: xa, phong: thieu}\nstanding_body:"
    )
    order = Launch(authority="thu", plan_yaml=named, year=2026, calendar=small_year.calendar, accept_projection=True)
    with small_year.store.transaction(now=now) as transaction:
        cycle = launch(small_year.store, transaction, order).cycle
    with small_year.store.reading() as connection:
        pins = [(one.group, one.key, one.version) for one in pins_of_cycle(connection, cycle)]
    assert pins == [("xa", "xa", 1)], "a draft is not pinned, nor a set or a group that is not there"
    assert verify(small_year.store) == []
    for_others = named.replace("xa: xa, so: nhap", "so: xa")
    with small_year.store.transaction(now=now) as transaction:
        taken_for = replace(make_set("3", key="rieng"), criteria=replace(make_set("3", key="rieng").criteria, groups=("xa",)))
        take_in(transaction, 1, taken_for)
        wrong = replace(order, year=2027, plan_yaml=for_others.replace("{so: xa", "{so: rieng"))
        with pytest.raises(CriteriaRefusedError, match="is for xa, not for “so”"):
            launch(small_year.store, transaction, wrong)


def test_a_group_that_comes_in_a_running_year_gets_the_set_that_the_plan_names(year: SmallYear, now: datetime) -> None:
    taken(year, make_set("10", "20"), now=now)
    yaml = str(year.scalar("SELECT yaml FROM plan_version"))
    named = yaml.replace("standing_body:", "criteria: {xa: thu, dac-khu: thu}\nstanding_body:").replace("[so, xa]", "[so, xa, dac-khu]")
    with year.store.transaction(now=now) as transaction:
        replan(year.store, transaction, year.cycle, change=Change(yaml=named), remark=BOTH)
        authority = authority_named(transaction.connection, "thu")
        island = Party(key="dao-1", name="Đặc khu 1", kind=PartyKind.UNIT, level="commune", group="dac-khu")
        add_unit(transaction, authority, island)
    with year.store.transaction(now=now) as transaction:
        replan(year.store, transaction, year.cycle, change=Change(), remark=BOTH)
        pins = [(one.group, one.key, one.number) for one in pins_of_cycle(transaction.connection, year.cycle)]
    assert pins == [("dac-khu", "thu", 1), ("xa", "thu", 1)]
    year.tick(now)
    assert missing(year, "dao-1", now=now) == ["ky", "2"]
    assert verify(year.store) == []


def test_a_draft_is_replaced_and_what_is_published_is_only_corrected(year: SmallYear, now: datetime) -> None:
    assert taken(year, make_set("10", decision=Decision()), now=now).state == "draft"
    assert (taken(year, make_set("10.50", "20"), now=now).state, taken_number(year)) == ("published", 1)
    with pytest.raises(CriteriaRefusedError, match="is published"):
        taken(year, make_set("11"), now=now)
    with year.store.transaction(now=now) as transaction:
        with pytest.raises(CriteriaRefusedError, match="says nothing else"):
            correct(transaction, 1, make_set("10.50", "20"), decision=replace(DECIDED, number="15/QĐ-UBND"))
        with pytest.raises(CriteriaRefusedError, match="number and date"):
            correct(transaction, 1, make_set("11", "20"), decision=Decision(number="15/QĐ-UBND"))
        second = correct(transaction, 1, make_set("11", "20"), decision=replace(DECIDED, number="15/QĐ-UBND"), reason="in sai")
    assert (second.number, second.decision, second.reason) == (2, "15/QĐ-UBND", "in sai")
    assert [str(stored(year, f"thu/{number}").fields[0].maximum) for number in (1, 2)] == ["10.50", "11"]
    with pytest.raises(NoSuchCriteriaError, match="it has: 1, 2"):
        stored(year, "thu/3")
    assert verify(year.store) == []


def taken_number(year: SmallYear) -> int:
    with year.store.reading() as connection:
        (only,) = versions_of(connection, 1)
    return only.number


def test_the_misprinted_set_is_kept_with_the_reason(year: SmallYear, now: datetime) -> None:
    read = read_criteria(find_criteria("huyen-2019-phong"))
    with pytest.raises(CriteriaError, match=r"99\.55"):
        taken(year, read, now=now)
    assert taken(year, read, now=now, accept="Bản in sai, chờ đính chính").accepted == "Bản in sai, chờ đính chính"
    assert year.scalar("select payload from journal where action = 'import-criteria'").count("chờ đính chính") == 1


def test_leads_change_by_day_beside_the_published_version_and_go_with_a_copy(year: SmallYear, now: datetime) -> None:
    taken(year, make_set("10"), now=now)
    with year.store.transaction(now=now) as transaction:
        for party, since, to in (("so-noi-vu", None, date(2025, 1, 5)), ("so-tu-phap", date(2025, 1, 6), None)):
            name_lead(year.store, transaction, 1, "thu", node="1", lead=Lead(party=party, from_on=since, to_on=to), remark=Remark())
        with pytest.raises(CriteriaRefusedError, match="no party “so-x”"):
            name_lead(year.store, transaction, 1, "thu", node="1", lead=Lead(party="so-x"), remark=Remark())
        with pytest.raises(CriteriaRefusedError, match="no node “9”"):
            name_lead(year.store, transaction, 1, "thu", node="9", lead=Lead(party="so-noi-vu"), remark=Remark())
        made = copy(year.store, transaction, 1, "thu", to=Copy(key="thu-2026", year=2026), today=date(2025, 1, 6))
    step = step_named(stored(year, "thu"), "1")
    assert step is not None
    assert [lead.party for day in (5, 6) if (lead := step.lead_on(date(2025, 1, day)))] == ["so-noi-vu", "so-tu-phap"]
    assert (made.state, made.decision) == ("draft", "")
    assert [lead.party for lead in stored(year, "thu-2026").fields[0].leads] == ["so-tu-phap"]
    assert verify(year.store) == []


def test_leaves_of_the_pinned_set_are_the_items_of_what_is_owed(year: SmallYear, now: datetime, tmp_path: Path) -> None:
    year.tick(now)
    assert sorted(subjects(year)) == ["no-criteria/plan/so", "no-criteria/plan/xa"]
    assert missing(year, "xa-1", now=now) == ["ky"]
    taken(year, make_set("10", "20"), now=now)
    done = pinned(year, "thu", now=now)
    assert (done.items, len(done.mended)) == (2, 1)
    assert missing(year, "xa-1", now=now) == ["ky", "1", "2"]
    assert missing(year, "so-tu-phap", now=now) == ["ky"]
    ident = owed_by(year, "xa-1")
    file = open_files(str(tmp_path), most_bytes=100, kinds="txt").keep([b"x"], name="x.txt")
    with year.store.transaction(now=now) as transaction:
        attach(year.store, transaction, ident, file=file, item="2")
        with pytest.raises(EvidenceError, match="it has: ky, 1, 2"):
            attach(year.store, transaction, ident, file=file, item="3")
    assert missing(year, "xa-1", now=now) == ["ky", "1"]
    for act in (moves.prepare, moves.submit):
        year.move(act, ident, now=now)
    with pytest.raises(TransitionError, match="its parts: ky, 1, 2"):
        year.move(moves.return_for_correction, ident, now=now, remark=Remark(reason="thiếu", items=(("3", "bổ sung"),)))
    year.move(moves.return_for_correction, ident, now=now, remark=Remark(reason="thiếu", items=(("2", "bổ sung"),)))
    assert verify(year.store) == []


def test_another_version_takes_a_reason_and_a_document(year: SmallYear, now: datetime, tmp_path: Path) -> None:
    year.tick(now)
    taken(year, make_set("10", "20"), now=now)
    pinned(year, "thu", now=now)
    file = open_files(str(tmp_path), most_bytes=100, kinds="txt").keep([b"x"], name="x.txt")
    with year.store.transaction(now=now) as transaction:
        attach(year.store, transaction, owed_by(year, "xa-1"), file=file, item="2")
        correct(transaction, 1, make_set("30"), decision=replace(DECIDED, number="15/QĐ-UBND"))
    assert pinned(year, "thu/1", now=now).pin.number == 1
    for remark in (Remark(), Remark(reason="đính chính"), Remark(basis="15/QĐ-UBND")):
        with pytest.raises(CriteriaRefusedError, match="another version takes"):
            pinned(year, "thu", now=now, remark=remark)
    done = pinned(year, "thu", now=now, remark=BOTH)
    assert (done.pin.number, done.pin.version, done.items, done.orphans) == (2, 2, 1, 1)
    assert missing(year, "xa-1", now=now) == ["ky", "1"]
    assert verify(year.store) == []


@pytest.mark.parametrize(
    ("changes", "group", "said"),
    [
        pytest.param({"decision": Decision()}, "xa", "is a draft", id="a draft"),
        pytest.param({"groups": ("so",)}, "xa", "the set is for so", id="another group's set"),
        pytest.param({}, "phong", "no unit is in the group “phong”", id="nobody's group"),
    ],
)
def test_what_cannot_be_pinned(small_year: SmallYear, changes: dict[str, object], group: str, said: str) -> None:
    now = small_year.slot(date(2025, 1, 6))
    taken(small_year, make_set("10", **changes), now=now)  # type: ignore[arg-type]
    with pytest.raises(CriteriaRefusedError, match=said):
        pinned(small_year, "thu", now=now, group=group)


def test_verify_sees_a_version_that_was_changed(small_year: SmallYear) -> None:
    now = small_year.slot(date(2025, 1, 6))
    taken(small_year, make_set("10"), now=now)
    with small_year.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(CRITERIA_VERSION).values(content="{}"))
    assert verify(small_year.store) == ["thu: version 1 of criteria set 1 is not the one that the journal knows"]


def subjects(year: SmallYear) -> list[str]:
    return [year.obligation(ident).subject for ident in year.ids("upkeep")]


def owed_by(year: SmallYear, party: str) -> int:
    query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
    with year.store.reading() as connection:
        return int(connection.execute(query.where(STAGE.c.key == "plan", PARTY.c.key == party)).scalar_one())
