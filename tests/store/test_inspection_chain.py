"""A finding of Vĩnh Long 2023 through two rounds, late, returned and strictly handled; and findings in whatever order things happen."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from config.calendar_files import shipped_calendar
from config.loader import find_plan, load_plan_and_roster
from evaluation.actions import Remark
from evaluation.inspections.findings import Claim, FindingStatus, Outcome, status
from evaluation.obligations import FINAL, State
from evaluation.transitions import TransitionError
from store.commands import moves, transferring
from store.commands.authorities import found_authority, import_roster
from store.commands.inspections.concluding import Conclusions, Found, conclude
from store.commands.inspections.held import InspectionError, finding_remedied_by
from store.commands.inspections.holding import write_minutes
from store.commands.inspections.remedying import reopen_finding
from store.commands.launching import Launch, launch
from store.refusals import RefusalError
from store.schema import OBLIGATION, STAGE
from store.session import open_store
from store.verify import verify
from tests.conftest import small_roster
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from store.session import Store

WHY = Remark(reason="vì thế", basis="CV 9/UBND")


def vinh_long(store: Store) -> Inspected:
    calendar, path = shipped_calendar(), find_plan("vinh-long-2023")
    _, roster = load_plan_and_roster(path)
    with store.transaction(now=calendar.instant(date(2023, 8, 1), time(9, 0))) as transaction:
        authority = found_authority(transaction, key="vl", name="UBND tỉnh Vĩnh Long", sandbox=True)
        import_roster(transaction, authority=authority, roster=roster)
        order = Launch(authority="vl", plan_yaml=path.read_text(encoding="utf-8"), year=2023, calendar=calendar)
        launched = launch(store, transaction, order)
    return Inspected(store=store, cycle=launched.cycle, calendar=calendar)


def hand_in(year: Inspected, ident: int, *, now: datetime) -> None:
    for act in (moves.prepare, moves.submit):
        year.move(act, ident, now=now)


def test_two_rounds_of_vinh_long_late_returned_and_strictly_handled(any_store: Store) -> None:
    year = vinh_long(any_store)
    held = year.slot(date(2023, 9, 12))
    year.tick(held)
    inspection = year.ids("inspection")[0]
    (finding,) = year.hold(inspection, Found(text="Chậm giải quyết hồ sơ", basis="NĐ 61/2018/NĐ-CP"), now=held)
    year.tick(held)
    (found,) = year.findings()
    assert found.remedy_due == date(2023, 9, 27), "fifteen days"
    late = year.slot(date(2023, 10, 2))
    year.tick(late)
    year.report(finding, now=late, claim=Claim.PARTLY)
    (found,) = year.findings()
    assert (found.remedy.obligation.days_late, found.finding.urged, len(found.of("reinspection"))) == (5, frozenset(), 1)
    year.move(moves.return_for_correction, found.remedy.obligation.id, now=late, remark=WHY)
    year.tick(late)
    assert status(year.findings()[0].finding) is FindingStatus.NOT_REMEDIED
    again = year.slot(date(2023, 10, 5))
    year.report(finding, now=again)
    year.tick(again)
    looked = year.slot(date(2023, 10, 10))
    year.look(finding, Outcome.NOT, now=looked, reopen=True)
    first, second = year.findings()[0].of("remedy")
    assert (first.obligation.state, first.obligation.days_late, second.subject) == (State.ACCEPTED, 5, f"{first.subject}/2")
    over = year.slot(date(2023, 10, 26))
    year.tick(over, step_size=1)
    year.tick(over)
    (proposal,) = year.ids("handling-proposal")
    hand_in(year, proposal, now=over)
    year.tick(over)
    (handling,) = year.ids("strict-handling")
    hand_in(year, handling, now=over)
    year.move(moves.accept, handling, now=over)
    (found,) = year.findings()
    assert (found.closed_at, found.finding.urged, len(found.of("reinspection"))) == (None, frozenset({1}), 2)
    year.close(finding, now=over, basis="15/QĐ-UBND")
    year.tick(year.slot(date(2023, 11, 20)))
    assert verify(year.store) == []


def test_a_step_is_bounded_and_what_broke_off_is_made_up_once(store: Store) -> None:
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (inspection,) = year.plan("xa-1", now=now)
    findings = year.hold(inspection, *(Found(text=str(number)) for number in range(3)), now=now)
    late = year.slot(date(2025, 5, 6))
    year.tick(late, step_size=1)
    year.tick(late)
    for finding in findings:
        year.look(finding, Outcome.NOT, now=late)
    year.tick(late, step_size=1)
    year.tick(late)
    assert (len(year.ids("reinspection")), year.scalar("select count(*) from finding_step where kind = 'urging'")) == (3, 3)
    with store.reading() as connection:
        upkeep = select(OBLIGATION.c.subject).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(STAGE.c.key == "upkeep")
        letters = [subject for subject in connection.execute(upkeep).scalars() if subject.startswith("letter/")]
    assert letters == ["letter/urging-letter/remedy/2025-05-06"], "one letter of the day speaks of the three"
    assert year.scalar("select count(*) from asked_paper") == 3
    assert verify(store) == []


def test_a_finding_that_fails_holds_up_no_other_and_is_followed_up_once_it_is_mended(store: Store) -> None:
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    findings = [year.hold(one, Found(text="Chậm"), now=now)[0] for one in year.plan("xa-1", "xa-2", now=now)]
    year.tick(now)
    for finding in findings:
        year.report(finding, now=now)
    refuse = f"when new.finding_id = {findings[0]} and new.kind = 'reinspection' begin select raise(abort, 'broken'); end"
    with store.engine.begin() as connection:
        connection.execute(text(f"create trigger broken before insert on finding_step {refuse}"))
    for day in (16, 17):
        assert year.tick(year.slot(date(2025, 4, day))).failed == 1
    assert [len(found.of("reinspection")) for found in year.findings()] == [0, 1]
    assert len(year.ids("reinspection")) == 1, "what was raised for the faulty one is undone"
    named = year.scalar("select payload from journal where action = 'stage-failed' limit 1")
    assert named == f'{{"error":"IntegrityError: finding {year.findings()[0].key}"}}'
    with store.engine.begin() as connection:
        connection.execute(text("drop trigger broken"))
    assert year.tick(year.slot(date(2025, 4, 18))).failed == 0
    assert [len(found.of("reinspection")) for found in year.findings()] == [1, 1]
    assert verify(store) == []


def test_a_finding_about_the_standing_body_is_urged_by_nobody_and_followed_up_all_the_same(store: Store) -> None:
    """Nobody urges itself: the others' findings are followed up in the same step, its own are looked at and proposed."""
    year = inspected_year(store, remedied_by="{groups: [so, xa]}")
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    findings = [year.hold(one, Found(text="Chậm"), now=now)[0] for one in year.plan("so-noi-vu", "xa-1", now=now)]
    year.tick(now)
    for on in (date(2025, 4, 25), date(2025, 5, 12)):
        for finding in findings:
            year.report(finding, now=year.slot(on))
            year.look(finding, Outcome.NOT, now=year.slot(on), reopen=on.month == now.month)
        year.tick(year.slot(on))
    own, other = year.findings()
    assert "stage-failed" not in year.actions()
    assert (own.of("urging"), [step.round for step in other.of("urging")]) == ((), [1, 2])
    assert (len(own.of("proposal")), len(other.of("proposal"))) == (1, 1)
    assert verify(store) == []


def test_a_notice_that_falls_on_a_day_off_leaves_on_the_working_day_before(store: Store) -> None:
    """Seven days before Wednesday 07/05/2025 is the holiday of 30/04: a mail of that day would leave on 05/05, five days late."""
    year = inspected_year(store, notice="{count: 7, unit: calendar}")
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    year.plan("xa-1", now=now, day=date(2025, 5, 7))
    year.tick(year.slot(date(2025, 4, 28)))
    year.tick(year.slot(date(2025, 4, 29)))
    assert year.scalar("select count(*) from notice where kind = 'inspection-notice'") == 2


def test_a_term_that_is_over_when_its_unit_hears_of_it_is_refused_and_a_longer_one_taken(store: Store) -> None:
    """Conclusions entered five weeks after their day: fifteen days from then are over."""
    year = inspected_year(store)
    year.tick(year.slot(date(2025, 4, 15)))
    (inspection,) = year.plan("xa-1", now=year.slot(date(2025, 4, 15)))
    now = year.slot(date(2025, 5, 20))
    year.do(write_minutes, inspection, now=now, held_on=date(2025, 4, 15), number="1/BB")
    told = Conclusions(number="2/TB", on=date(2025, 4, 15), found=(Found(text="a"),))
    for days in (None, 15):
        with pytest.raises(InspectionError, match="ended on 2025-05-05 already"):
            year.do(conclude, inspection, now=now, conclusions=replace(told, found=(Found(text="a", days=days),)))
    assert year.findings() == []
    year.do(conclude, inspection, now=now, conclusions=replace(told, found=(Found(text="a", days=40),)))
    assert year.findings()[0].remedy_due == date(2025, 5, 26)
    assert verify(store) == []


@pytest.mark.parametrize(("unit", "asked"), [("xa-2", []), ("xa-1", ["ended-unit/remedy/xa-1.1/xa-1"])])
def test_the_remedy_of_a_unit_that_ended_passes_to_its_one_successor_or_is_asked_about(store: Store, unit: str, asked: list[str]) -> None:
    year = inspected_year(store)
    found_at = year.slot(date(2025, 4, 15))
    year.tick(found_at)
    (inspection,) = year.plan(unit, now=found_at)
    (finding,) = year.hold(inspection, Found(text="Chậm"), now=found_at)
    year.tick(found_at)
    parties = tuple(replace(one, valid_to=date(2025, 4, 18)) if one.key == unit else one for one in small_roster().parties)
    with store.transaction(now=year.slot(date(2025, 4, 21))) as transaction:
        import_roster(transaction, authority=1, roster=replace(small_roster(), parties=parties))
    due = year.slot(date(2025, 5, 6))
    year.tick(due)
    (found,) = year.findings()
    heir = year.scalar(f"select id from party where key = '{'xa-1' if not asked else unit}'")  # noqa: S608  a key of this test
    assert found.owner == heir
    with store.reading() as connection:
        repairs = select(OBLIGATION.c.subject).where(OBLIGATION.c.id.in_(year.ids("upkeep")), OBLIGATION.c.subject.startswith("ended"))
        assert list(connection.execute(repairs).scalars()) == asked
    if not asked:
        year.report(finding, now=due)
    assert verify(store) == []


def test_who_owes_the_remedy_no_more_reports_it_no_more(store: Store) -> None:
    """Neither by the round before, nor by what was handed over: it would be told in the name of who owes it now."""
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (inspection,) = year.plan("xa-2", now=now)
    (finding,) = year.hold(inspection, Found(text="Chậm"), now=now)
    year.tick(now)
    (first,) = year.ids("remedy")
    with store.reading() as connection:
        assert finding_remedied_by(connection, first) == finding
    year.move(transferring.transfer, first, now=now, successor=year.scalar("select id from party where key = 'xa-1'"), remark=WHY)
    year.tick(now)
    year.report(finding, now=now)
    year.look(finding, Outcome.NOT, now=now, reopen=True)
    taken, further = year.ids("remedy")[1:]
    with store.reading() as connection:
        assert finding_remedied_by(connection, further) == finding
        for over in (first, taken):
            with pytest.raises(InspectionError, match=f"what is owed of finding xa-2/1 now is {further}"):
                finding_remedied_by(connection, over)


def test_an_officer_alone_sends_no_lapsed_remedy(store: Store) -> None:
    year = inspected_year(store, remedy_due="{count: 15, unit: calendar, from: event}\n    locks: {count: 16, unit: calendar, from: event}")
    now, late = year.slot(date(2025, 4, 15)), year.slot(date(2025, 5, 12))
    year.tick(now)
    (inspection,) = year.plan("xa-1", now=now)
    (finding,) = year.hold(inspection, Found(text="Chậm"), now=now)
    year.tick(now)
    year.tick(late)
    assert year.findings()[0].remedy.obligation.state is State.LAPSED
    with pytest.raises(TransitionError):
        year.report(finding, now=late, signed=False)
    year.report(finding, now=late)
    assert year.findings()[0].remedy.obligation.state is State.SUBMITTED
    assert verify(store) == []


DEEDS = ("report", "not", "partly", "closed", "reopen", "close", "force", "accept", "return", "waive", "tick", "later")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(DEEDS), min_size=4, max_size=14))
def test_whatever_the_order_only_a_close_ends_a_finding(tmp_path: Path, _sqlite_template: Path, deeds: list[str]) -> None:  # noqa: PT019  its value is the template
    """At most one remedy is owed at a time, and the store holds; what the rules refuse has changed nothing."""
    shutil.copy(_sqlite_template, tmp_path / "order.db")
    store = open_store(f"sqlite:///{tmp_path / 'order.db'}", durable=False)
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (inspection,) = year.plan("xa-1", now=now)
    (finding,) = year.hold(inspection, Found(text="a"), now=now)
    closed = False
    for deed in deeds:
        now += timedelta(days=20) if deed == "later" else timedelta(minutes=1)
        try:
            one_deed(year, finding, deed, now=now)
        except (RefusalError, TransitionError):
            pass
        else:
            closed = closed or deed in {"close", "force"}
        (found,) = year.findings()
        assert (found.closed_at is not None) == closed
        assert sum(step.obligation.state not in FINAL for step in found.of("remedy")) <= 1
    assert verify(store) == []
    store.close()


def one_deed(year: Inspected, finding: int, deed: str, *, now: datetime) -> None:
    remedy = year.findings()[0].remedy.obligation.id
    if deed in {"not", "partly", "closed"}:
        year.look(finding, Outcome(deed), now=now)
    elif deed == "report":
        year.report(finding, now=now)
    elif deed == "reopen":
        year.do(reopen_finding, finding, now=now)
    elif deed in {"close", "force"}:
        year.close(finding, now=now, basis="3/TB" if deed == "force" else "")
    elif deed == "accept":
        year.move(moves.accept, remedy, now=now)
    elif deed in {"return", "waive"}:
        year.move(moves.return_for_correction if deed == "return" else moves.waive, remedy, now=now, remark=WHY)
    else:
        year.tick(now)
