"""Improvement in the store: weak criteria become obligations, leads owe what they lead today, measures are obligations of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from evaluation.actions import Remark
from evaluation.criteria.sets import Lead
from evaluation.improvement.measures import Progress
from evaluation.obligations import State
from store.commands import moves
from store.commands.criteria.leading import name_lead
from store.commands.improvement.lines import ImprovementError
from store.commands.improvement.measures import report_progress
from store.commands.requested import RequestError
from store.queries.improvement import CriterionLine, list_improvement, measures_by_unit
from store.schema import CONTACT, MEASURE, MEASURE_PROGRESS, NOTICE, OBLIGATION, PARTY, STAGE, WEAK_CRITERION
from store.verify import verify
from tests.store.improving import WEAK, improving_year, planned, result, taken_in

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store
    from tests.conftest import SmallYear

MARCH, APRIL, MAY = date(2025, 3, 3), date(2025, 4, 1), date(2025, 5, 5)


@pytest.fixture
def year(store: Store) -> SmallYear:
    return improving_year(store)


@pytest.fixture
def any_improving(any_store: Store) -> SmallYear:
    """The same, on each database in turn."""
    return improving_year(any_store)


def begun(year: SmallYear) -> datetime:
    """The first tick, in March."""
    now = year.slot(MARCH)
    year.tick(now)
    return now


@pytest.fixture
def now(year: SmallYear) -> datetime:
    return begun(year)


def owed(year: SmallYear, stage: str) -> list[tuple[str, str, str]]:
    """Who owes what of a stage: party, subject, state."""
    query = (
        select(PARTY.c.key, OBLIGATION.c.subject, OBLIGATION.c.state)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(STAGE.c.key == stage)
    )
    with year.store.reading() as connection:
        return list(connection.execute(query.order_by(OBLIGATION.c.id)).tuples())


def lines(year: SmallYear, stage: str, *, now: datetime) -> list[CriterionLine]:
    with year.store.reading() as connection:
        return [one for one in list_improvement(year.store, connection, year.cycle, now=now) if one.stage == stage]


def repairs(year: SmallYear) -> list[tuple[str, str]]:
    return [(subject, state) for _, subject, state in owed(year, "upkeep") if subject.startswith(("no-lead", "lead-"))]


def test_what_was_weak_is_owed_by_its_unit_or_by_its_lead(any_improving: SmallYear) -> None:
    year, now = any_improving, begun(any_improving)
    done = taken_in(year, now=now)
    assert (len(done.raised), done.strong, done.known) == (3, 2, 0)
    assert [(one.owner, one.result.criterion, one.due_on) for one in done.raised][:2] == [
        ("xa-1", "1.1", date(2025, 12, 31)),
        ("xa-2", "1.1", date(2025, 12, 31)),
    ]
    assert owed(year, "weak-units") == [("xa-1", "1.1", "scheduled"), ("xa-2", "1.1", "scheduled")]
    assert owed(year, "weak-province") == [("so-noi-vu", "2.1", "scheduled")]
    again = taken_in(year, *WEAK, result("xa-2", "2.1", "0", "4"), now=now)
    assert ([one.result.criterion for one in again.raised], again.known) == (["2.1"], 3)
    year.tick(now)
    assert {state for _, _, state in owed(year, "weak-units")} == {"open"}
    assert verify(year.store) == []


def test_a_list_sent_again_corrects_points_with_an_entry_and_raises_nothing_anew(any_improving: SmallYear) -> None:
    year, now = any_improving, begun(any_improving)
    taken_in(year, result("xa-1", "1.1", "0", "2"), result("xa-2", "1.1", "0.5", "2"), now=now)
    again = taken_in(year, result("xa-1", "1.1", "0.25", "2"), result("xa-2", "1.1", "0.50", "2"), now=now)
    assert (again.raised, again.known, again.corrected) == ((), 2, 1), "0.50 is 0.5"
    strong = taken_in(year, result("xa-1", "1.1", "2", "2"), now=now)
    assert (strong.strong, strong.corrected) == (1, 1), "weak no more; the obligation stays until somebody waives it"
    assert owed(year, "weak-units") == [("xa-1", "1.1", "scheduled"), ("xa-2", "1.1", "scheduled")]
    with year.store.reading() as connection:
        rows = connection.execute(select(WEAK_CRITERION.c.points).order_by(WEAK_CRITERION.c.id)).scalars().all()
    assert (rows, year.actions().count("correct-weak-criteria")) == (["2", "0.5"], 2)
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(update(WEAK_CRITERION).where(WEAK_CRITERION.c.points == "2").values(points="0"))
    assert [fault for fault in verify(year.store) if "weak criteri" in fault]


def test_what_nobody_leads_is_refused_whole(year: SmallYear, now: datetime) -> None:
    with pytest.raises(ImprovementError, match=r"nobody leads the criterion 3\.1"):
        taken_in(year, result("xa-1", "1.1", "0", "2"), result("", "3.1", "0", "1"), now=now)
    assert owed(year, "weak-units") == []


def test_each_lead_owes_what_it_leads_and_others_are_told(year: SmallYear, now: datetime) -> None:
    assert owed(year, "leads") == [("so-noi-vu", "1.1", "open"), ("so-noi-vu", "1.2", "open"), ("so-noi-vu", "2.1", "open")]
    assert repairs(year) == [("no-lead/leads/3", "open")]
    with year.store.reading() as connection:
        query = select(NOTICE.c.recipient).join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
        told = set(connection.execute(query.where(OBLIGATION.c.id == year.ids("leads")[0])).scalars())
    with year.store.reading() as connection:
        officers = {party: f"c{ident}" for ident, party in _officers(connection)}
    assert told == {officers[party] for party in ("so-noi-vu", "xa-1", "xa-2")}
    with year.store.transaction(now=now) as transaction:
        name_lead(year.store, transaction, 1, "chi-so-tinh", node="3", lead=Lead(party="so-tu-phap"), remark=Remark())
    year.tick(year.slot(date(2025, 3, 4)))
    assert ("so-tu-phap", "3.1", "open") in owed(year, "leads")
    assert repairs(year) == [("no-lead/leads/3", "accepted")]
    before = year.actions()
    year.tick(year.slot(date(2025, 3, 4)))
    assert year.actions() == before
    assert verify(year.store) == []


def _officers(connection: Connection) -> list[tuple[int, str]]:
    query = select(CONTACT.c.id, PARTY.c.key).join(PARTY, PARTY.c.id == CONTACT.c.party_id).where(CONTACT.c.role == "officer")
    return list(connection.execute(query).tuples())


def test_what_a_lead_still_owes_passes_on_with_its_measures(any_improving: SmallYear) -> None:
    year, now = any_improving, begun(any_improving)
    taken_in(year, now=now)
    year.tick(year.slot(APRIL))
    (weak,) = year.ids("weak-province")
    measure = planned(year, weak, now=year.slot(APRIL), due_on=date(2025, 6, 30))
    year.tick(year.slot(date(2025, 4, 2)))
    year.tick(year.slot(MAY))
    assert owed(year, "leads")[2:] == [("so-noi-vu", "2.1", "transferred"), ("so-tu-phap", "2.1", "open")]
    assert owed(year, "weak-province") == [("so-noi-vu", "2.1", "transferred"), ("so-tu-phap", "2.1", "open")]
    assert owed(year, "province-measures") == [("so-noi-vu", "2.1/bp-1", "transferred"), ("so-tu-phap", "2.1/bp-1", "open")]
    passed = year.ids("province-measures")[1]
    assert passed != measure
    with year.store.transaction(now=year.slot(MAY)) as transaction:
        report_progress(year.store, transaction, passed, percent=40, remark="Đã trình dự thảo")
    (line,) = lines(year, "weak-province", now=year.slot(MAY))
    (shown,) = line.measures
    assert (line.party, shown.obligation, shown.percent, shown.text) == ("so-tu-phap", passed, 40, "Ban hành kế hoạch")
    assert shown.due_on == date(2025, 6, 30)
    assert verify(year.store) == []


def test_a_lead_that_comes_back_is_asked_about_by_hand(year: SmallYear, now: datetime) -> None:
    year.tick(year.slot(MAY))
    with year.store.transaction(now=year.slot(MAY)) as transaction:
        name_lead(year.store, transaction, 1, "chi-so-tinh", node="2", lead=Lead(party="so-noi-vu"), remark=Remark())
    year.tick(year.slot(date(2025, 5, 6)))
    assert ("lead-changed/leads/2.1", "open") in repairs(year)
    assert ("so-tu-phap", "2.1", "open") in owed(year, "leads")


def test_a_measure_is_owed_reminded_of_and_done_by_acceptance(year: SmallYear, now: datetime) -> None:
    taken_in(year, now=now)
    year.tick(year.slot(APRIL))
    unit = year.ids("weak-units")[0]
    first = planned(year, unit, now=year.slot(APRIL), due_on=date(2025, 4, 30))
    planned(year, unit, "Tập huấn", now=year.slot(APRIL))
    assert owed(year, "unit-measures") == [("xa-1", "1.1/bp-1", "scheduled"), ("xa-1", "1.1/bp-2", "scheduled")]
    year.tick(year.slot(APRIL))
    (line,) = [one for one in lines(year, "weak-units", now=year.slot(APRIL)) if one.party == "xa-1"]
    assert (line.criterion_title, line.field_title, line.points, line.cause) == (
        "Tiêu chí 1.1",
        "Chỉ đạo, điều hành",
        Decimal(0),
        "Chưa ban hành kế hoạch",
    )
    assert [one.progress for one in line.measures] == [Progress.NOT_BEGUN, Progress.NOT_BEGUN]
    with year.store.transaction(now=year.slot(APRIL)) as transaction:
        report_progress(year.store, transaction, first, percent=50)
    for day in (date(2025, 4, 23), date(2025, 4, 29), MAY):
        year.tick(year.slot(day))
    (line,) = [one for one in lines(year, "weak-units", now=year.slot(MAY)) if one.party == "xa-1"]
    with year.store.reading() as connection:
        (counted,) = measures_by_unit(year.store, connection, year.cycle, now=year.slot(MAY))
    assert (counted.unit, counted.total, len(counted.under_way), len(counted.late)) == (line.party_name, 2, 1, 1)
    assert [(one.progress, one.percent, one.late) for one in line.measures] == [
        (Progress.UNDER_WAY, 50, True),
        (Progress.NOT_BEGUN, 0, False),
    ]
    assert line.progress == 25
    for act in (moves.prepare, moves.submit, moves.accept):
        year.move(act, first, now=year.slot(MAY))
    (line,) = [one for one in lines(year, "weak-units", now=year.slot(MAY)) if one.party == "xa-1"]
    assert (line.measures[0].progress, line.progress, line.remedied) == (Progress.ACCEPTED, 50, False)
    for act in (moves.prepare, moves.submit, moves.accept):
        year.move(act, unit, now=year.slot(MAY))
    (line,) = [one for one in lines(year, "weak-units", now=year.slot(MAY)) if one.party == "xa-1"]
    assert line.remedied
    assert verify(year.store) == []


def test_measures_keep_within_the_plan(year: SmallYear, now: datetime) -> None:
    taken_in(year, now=now)
    year.tick(now)
    unit, report = year.ids("weak-units")[0], year.ids("report")[0]
    with pytest.raises(ImprovementError, match="lies after the plan's last day 2025-12-31"):
        planned(year, unit, now=now, due_on=date(2026, 1, 5))
    with pytest.raises(RequestError, match="is over"):
        planned(year, unit, now=now, due_on=date(2025, 3, 2))
    with pytest.raises(ImprovementError, match="say what is to be done"):
        planned(year, unit, "  ", now=now)
    with pytest.raises(ImprovementError, match="has no measures"):
        planned(year, report, now=now)
    year.move(moves.prepare, unit, now=now)
    year.move(moves.submit, unit, now=now)
    with pytest.raises(ImprovementError, match="handed in or over"):
        planned(year, unit, now=now)
    with pytest.raises(ImprovementError, match="is no measure"), year.store.transaction(now=now) as transaction:
        report_progress(year.store, transaction, unit, percent=10)
    assert owed(year, "unit-measures") == []


def test_verify_finds_what_was_changed_behind_the_journal(year: SmallYear, now: datetime) -> None:
    taken_in(year, now=now)
    year.tick(now)
    measure = planned(year, year.ids("weak-units")[0], now=now)
    with year.store.transaction(now=now) as transaction:
        report_progress(year.store, transaction, measure, percent=10)
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(update(WEAK_CRITERION).where(WEAK_CRITERION.c.criterion == "2.1").values(points="3"))
        connection.execute(update(MEASURE).values(text="Khác"))
        connection.execute(update(MEASURE_PROGRESS).values(percent=90))
    found = "\n".join(verify(year.store))
    assert "was not taken in as it is" in found
    assert "was not planned as it is" in found
    assert "progress 1 was not reported as it is" in found


def test_a_unit_that_ended_is_answered_for_by_its_successor(year: SmallYear, now: datetime) -> None:
    with year.store.engine.begin() as connection:
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-2").values(valid_to=date(2025, 2, 28)))
    year.store.kept.clear()
    done = taken_in(year, replace(WEAK[2], criterion="1.1"), WEAK[0], now=now)
    assert {(one.result.unit, one.owner) for one in done.raised} == {("xa-2", "xa-1"), ("xa-1", "xa-1")}
    assert [(party, subject) for party, subject, _ in owed(year, "weak-units")] == [("xa-1", "1.1")]
    assert year.obligation(year.ids("weak-units")[0]).state is State.SCHEDULED
