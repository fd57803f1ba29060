"""An inspection and its findings: chosen, told, held, concluded; remedied, looked at again, urged, handled, closed."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from evaluation.actions import Remark
from evaluation.inspections.findings import Claim, FindingStatus, Outcome, chain, status
from evaluation.obligations import State
from evaluation.paper_facts import MinutesFacts
from evaluation.papers import Purpose
from evaluation.rehearsing import RehearsedMove
from evaluation.transitions import Verb
from store.commands import moves, transferring
from store.commands.evidence import attach, withdraw_evidence
from store.commands.inspections.concluding import Conclusions, Found, conclude
from store.commands.inspections.drawing import Draw, draw_units, units_by_record
from store.commands.inspections.held import InspectionError
from store.commands.inspections.holding import Hours, Member, name_team, schedule, write_minutes
from store.commands.inspections.planning import Choice
from store.commands.inspections.reinspecting import Look, reinspect
from store.commands.inspections.remedying import reopen_finding
from store.commands.rehearsing import make_moves
from store.files import KeptFile
from store.findings import FOLLOWING
from store.inspected import NotConcludedError
from store.queries.inspection_papers import inspection_paper
from store.schema import NOTICE, OBLIGATION
from store.verify import verify
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store

BASIS = "3/TB-UBND ngày 02/06/2025"


@pytest.fixture
def year(store: Store) -> Inspected:
    return inspected_year(store)


@pytest.fixture
def now(year: Inspected) -> datetime:
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    return now


def one_finding(year: Inspected, *, now: datetime, **found: object) -> int:
    (inspection,) = year.plan("xa-1", now=now)
    (finding,) = year.hold(inspection, Found(text="Chậm công khai TTHC", **found), now=now)  # type: ignore[arg-type]
    year.tick(now)
    return finding


# --- the choice -------------------------------------------------------------------------------------------------------


def test_a_draw_is_kept_with_what_repeats_it_and_a_changed_result_is_found_out(year: Inspected, now: datetime) -> None:
    drawn = year.do(draw_units, year.cycle, now=now, asked=Draw(choice=Choice(), seed="2025-a"))
    assert (drawn.pool, drawn.wanted, len(drawn.result)) == (("xa-1", "xa-2"), 1, 1)
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE inspection_draw SET result = '[\"xa-3\"]'"))
    assert verify(year.store) == [
        "thu: draw 1 of inspections does not come to what its seed and pool give",
        "thu: draw 1 of inspections differs from its journal",
    ]


def test_whom_an_inspection_reaches_is_drawn_no_more(year: Inspected, now: datetime) -> None:
    year.plan("xa-1", now=now)
    assert year.do(draw_units, year.cycle, now=now, asked=Draw(choice=Choice(), wanted=1)).pool == ("xa-2",)
    with pytest.raises(InspectionError, match="0 units"):
        year.do(draw_units, year.cycle, now=now, asked=Draw(choice=Choice()))  # the share of one of two is reached
    with pytest.raises(InspectionError, match="in the plan of inspections already"):
        year.plan("xa-1", now=now)


def test_the_most_late_are_chosen_by_their_record(year: Inspected) -> None:
    late = year.slot(date(2025, 2, 20))
    year.tick(late)
    first = next(
        ident for ident in year.ids("plan") if year.obligation(ident).party == year.scalar("select id from party where key='xa-1'")
    )
    year.move(moves.prepare, first, now=late)
    year.move(moves.submit, first, now=late)
    assert year.do(units_by_record, year.cycle, now=late + timedelta(days=9), choice=Choice(), wanted=1) == ("xa-2",)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"units": ()}, "no unit"),
        ({"units": ("xa-9",)}, "no unit “xa-9”"),
        ({"units": ("so-tu-phap",)}, "does not inspect itself"),
        ({"kind": "surprise"}, "needs a day"),
        ({"kind": "thematic"}, "needs its theme"),
        ({"kind": "surprise", "units": ("so-noi-vu",), "day": date(2025, 5, 1)}, "cannot be surprised"),
        ({"day": date(2025, 4, 14)}, "is over"),
        ({"stage": "remedy"}, "name the stage"),
    ],
)
def test_what_cannot_be_planned_is_refused_whole(year: Inspected, now: datetime, choice: dict[str, object], said: str) -> None:
    before = year.actions()
    units = choice.pop("units", ("xa-1",))
    with pytest.raises(InspectionError, match=said):
        year.plan(*units, now=now, **choice)  # type: ignore[misc]
    assert year.actions() == before


# --- the inspection ---------------------------------------------------------------------------------------------------


def notices(year: Inspected, kind: str) -> list[str]:
    with year.store.reading() as connection:
        return list(connection.execute(select(NOTICE.c.recipient).where(NOTICE.c.kind == kind).order_by(NOTICE.c.id)).scalars())


def test_the_unit_is_told_five_working_days_before_and_again_when_the_day_moves(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now, day=date(2025, 4, 28))
    year.tick(now)
    assert notices(year, "inspection-notice") == []
    told = [f"c{year.contact('head.xa-1')}", f"c{year.contact('officer.xa-1')}"]
    year.tick(year.slot(date(2025, 4, 22)) - timedelta(minutes=1))
    assert notices(year, "inspection-notice") == [], "Saturday the 26th is made up: the fifth working day before is the 22nd"
    for day in (22, 23):
        year.tick(year.slot(date(2025, 4, day)))
        assert sorted(notices(year, "inspection-notice")) == sorted(told), "once"
    year.do(schedule, inspection, now=year.slot(date(2025, 4, 23)), day=date(2025, 4, 29))
    year.tick(year.slot(date(2025, 4, 23)))
    assert len(notices(year, "inspection-notice")) == 4
    assert verify(year.store) == []


def test_an_inspection_is_handed_in_by_its_conclusions_alone(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    year.tick(now)
    with pytest.raises(NotConcludedError, match="no minutes and conclusions"):
        year.move(moves.prepare, inspection, now=now)
    assert year.obligation(inspection).state is State.OPEN
    year.hold(inspection, now=now)
    assert year.obligation(inspection).state is State.SUBMITTED


def test_a_rehearsed_inspection_is_concluded_before_it_is_handed_in(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    year.tick(now)
    move = RehearsedMove(on=year.calendar.local_date(now), stage="inspection", party="so-tu-phap", subject="xa-1", verb=Verb.PREPARE)
    assert make_moves(year.store, year.cycle, [move], now=now) == [move]
    assert year.obligation(inspection).state is State.SUBMITTED
    assert year.scalar("select count(*) from inspection where concluded_on is not null") == 1


def test_a_surprise_is_told_to_its_team_alone(year: Inspected, now: datetime) -> None:
    year.plan("xa-1", now=now, kind="surprise", day=date(2025, 5, 20))
    for day in (15, 28):
        year.tick(year.slot(date(2025, 4, day)))
    assert notices(year, "inspection-notice") == []
    with year.store.reading() as connection:
        query = select(NOTICE.c.recipient).join(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
        told = set(connection.execute(query.where(OBLIGATION.c.visible_from.is_not(None))).scalars())
    assert told == {f"c{year.contact('officer.so-tu-phap')}"}, "neither the unit nor a co-ordinating party"
    assert verify(year.store) == []


def test_a_team_has_one_lead_and_nobody_of_the_unit(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    head, officer = year.contact("head.so-tu-phap"), year.contact("officer.so-tu-phap")
    year.do(name_team, inspection, now=now, members=[Member(contact=head, is_lead=True), Member(contact=officer)])
    assert year.scalar("select count(*) from inspection_member") == 2
    for members, said in (
        ([Member(contact=officer)], "one lead"),
        ([Member(contact=year.contact("head.xa-1"), is_lead=True)], "of the unit that is inspected"),
        ([Member(contact=year.contact("head.xa-2"), is_lead=True)], "no post of who inspects"),
        ([Member(contact=999, is_lead=True)], "no contact 999"),
    ):
        with pytest.raises(InspectionError, match=said):
            year.do(name_team, inspection, now=now, members=members)


def test_minutes_come_before_conclusions_and_neither_before_its_day(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    with pytest.raises(InspectionError, match="has not come"):
        year.do(write_minutes, inspection, now=now, held_on=date(2025, 4, 16), number="1/BB")
    with pytest.raises(InspectionError, match="no minutes yet"):
        year.do(conclude, inspection, now=now, conclusions=Conclusions(number="2/TB", on=date(2025, 4, 15)))
    year.hold(inspection, now=now)
    assert year.obligation(inspection).state is State.SUBMITTED
    with pytest.raises(InspectionError, match="nothing of it changes"):
        year.do(write_minutes, inspection, now=now, held_on=date(2025, 4, 15), number="9/BB")
    with pytest.raises(InspectionError, match="already"):
        year.do(conclude, inspection, now=now, conclusions=Conclusions(number="2/TB", on=date(2025, 4, 15)))


# --- findings ---------------------------------------------------------------------------------------------------------


def test_a_finding_asks_its_unit_for_a_remedy_counted_and_rolled_by_law(year: Inspected, now: datetime) -> None:
    """15 days from 15/04/2025 end on Wednesday 30/04, a holiday, so with Monday 05/05 (Civil Code 2015, articles 147-148)."""
    one_finding(year, now=now)
    (found,) = year.findings()
    assert (found.key, found.remedy.subject, found.remedy_due) == ("xa-1/1", "xa-1/1", date(2025, 5, 5))
    assert found.remedy.obligation.state is State.OPEN
    assert status(found.finding) is FindingStatus.NOT_REMEDIED
    assert verify(year.store) == []


def test_a_finding_may_have_a_term_of_its_own_and_must_have_one(store: Store) -> None:
    year = inspected_year(store, remedy_due="none")
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    with pytest.raises(InspectionError, match="finding 1 has no term"):
        one_finding(year, now=now)
    assert year.findings() == []
    (inspection,) = year.ids("inspection")
    told = Conclusions(number="2/TB", on=date(2025, 4, 15), found=(Found(text="a", days=10),))
    year.do(conclude, inspection, now=now, conclusions=told)
    assert year.findings()[0].remedy_due == date(2025, 4, 25)


def test_a_claim_is_no_confirmation_and_only_a_close_ends_it(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    year.report(finding, now=now)
    (found,) = year.findings()
    assert (status(found.finding), found.closed_at) == (FindingStatus.REPORTED, None)
    with pytest.raises(InspectionError, match="not found remedied"):
        year.close(finding, now=now)
    year.tick(now)
    year.look(finding, Outcome.CLOSED, now=now)
    (found,) = year.findings()
    assert (status(found.finding), found.closed_at) == (FindingStatus.PASSED, None)
    year.close(finding, now=now)
    (found,) = year.findings()
    assert (found.closed_at, found.closed_why) == (now, "Đã khắc phục")
    assert [link.kind for link in chain(found.finding)] == ["finding", "remedy", "reinspection", "closed"]
    assert all(link.done for link in chain(found.finding))
    with pytest.raises(InspectionError, match="is closed"):
        year.close(finding, now=now)
    assert verify(year.store) == []


@pytest.mark.parametrize("claim", [Claim.DONE, Claim.PARTLY])
def test_a_claim_is_shown_by_a_file_or_says_why_not(year: Inspected, now: datetime, claim: Claim) -> None:
    finding = one_finding(year, now=now)
    (remedy,) = year.ids("remedy")
    file = KeptFile(sha256="a" * 64, size=7, media_type="application/pdf", name="ảnh niêm yết.pdf")
    with pytest.raises(InspectionError, match=f"attach evidence to obligation {remedy} .* or say why"):
        year.report(finding, now=now, claim=claim, no_evidence="  ")
    evidence = year.do(attach, remedy, now=now, file=file)
    year.do(withdraw_evidence, evidence, now=now)
    with pytest.raises(InspectionError, match="attach evidence"):
        year.report(finding, now=now, claim=claim, no_evidence="")
    year.do(attach, remedy, now=now, file=file)
    year.report(finding, now=now, claim=claim, no_evidence="")
    assert year.findings()[0].remedy.note == "Đã làm"
    assert verify(year.store) == []


def test_a_claim_without_a_file_keeps_its_reason_and_none_needs_no_reason(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    year.report(finding, now=now, no_evidence="niêm yết tại trụ sở")
    assert year.findings()[0].remedy.note == "Đã làm\nKhông kèm tài liệu kiểm chứng, lý do: niêm yết tại trụ sở"
    (inspection,) = year.plan("xa-2", now=now)
    (other,) = year.hold(inspection, Found(text="Chậm công khai TTHC"), now=now)
    year.tick(now)
    year.report(other, now=now, claim=Claim.NOT, no_evidence="")
    assert [found.remedy.said for found in year.findings()] == ["done", "not"]
    assert verify(year.store) == []


def test_a_re_inspection_is_asked_for_by_the_rule_once(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    assert year.ids("reinspection") == []
    reported = year.slot(date(2025, 4, 28))
    year.report(finding, now=reported)
    year.tick(reported)
    year.tick(reported)
    (look,) = year.ids("reinspection")
    assert (year.obligation(look).state, year.obligation(look).term.due_on) == (State.OPEN, date(2025, 5, 28))
    year.tick(year.slot(date(2025, 5, 12)))
    assert year.ids("reinspection") == [look]
    assert verify(year.store) == []


def test_a_remedy_that_is_overdue_is_looked_at_and_urged_by_its_ladder_alone(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    with pytest.raises(InspectionError, match="possible from 2025-05-06"):
        year.look(finding, Outcome.NOT, now=now)
    late = year.slot(date(2025, 5, 6))
    year.tick(late)
    (look,) = year.ids("reinspection")
    assert year.obligation(look).term.due_on == date(2025, 6, 4), "30 days from the remedy's last day"
    year.tick(year.slot(date(2025, 5, 7)))
    assert year.findings()[0].finding.urged == frozenset()
    assert not [ident for ident in year.ids("upkeep") if year.obligation(ident).subject.startswith("letter/")]
    assert verify(year.store) == []


def test_two_rounds_uncorrected_are_proposed_and_decided(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    first = year.slot(date(2025, 5, 5))
    year.report(finding, now=first)
    year.tick(first)
    year.look(finding, Outcome.PARTLY, now=first, reopen=True, days=10)
    year.tick(first)
    (found,) = year.findings()
    assert [step.subject for step in found.of("remedy")] == ["xa-1/1", "xa-1/1/2"]
    assert found.of("remedy")[0].obligation.state is State.ACCEPTED
    assert found.remedy_due == date(2025, 5, 15)
    assert status(found.finding) is FindingStatus.FAILED
    with pytest.raises(InspectionError, match="still owed"):
        year.do(reopen_finding, finding, now=first)
    late = year.slot(date(2025, 5, 16))
    year.tick(late)
    (proposal,) = year.ids("proposal")
    assert year.ids("handling") == []
    year.move(moves.prepare, proposal, now=late)
    year.move(moves.submit, proposal, now=late)
    year.tick(late)
    (handling,) = year.ids("handling")
    assert (year.obligation(handling).subject, year.findings()[0].finding.urged) == ("xa-1/1", frozenset({1}))
    assert year.findings()[0].closed_at is None, "strict handling ends nothing"
    year.close(finding, now=late, basis=BASIS)
    (found,) = year.findings()
    ended = {step.obligation.state for kind in FOLLOWING for step in found.of(kind)}
    assert ended <= {State.ACCEPTED, State.WAIVED}
    year.tick(year.slot(date(2025, 6, 20)))
    assert verify(year.store) == []


def test_a_re_inspection_may_add_findings(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    year.report(finding, now=now)
    year.look(finding, Outcome.CLOSED, now=now, added=(Found(text="Thêm"),))
    assert [found.key for found in year.findings()] == ["xa-1/1", "xa-1/2"]
    assert year.findings()[1].added_by == year.findings()[0].of("reinspection")[0].obligation.id
    assert verify(year.store) == []


def test_an_open_finding_passes_to_the_successor_and_stays_linked(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-2", now=now)
    (finding,) = year.hold(inspection, Found(text="a"), now=now)
    year.tick(now)
    (remedy,) = year.ids("remedy")
    heir = year.scalar("select id from party where key = 'xa-1'")
    year.move(transferring.transfer, remedy, now=now, successor=heir, remark=Remark(reason="sáp nhập", basis=BASIS))
    (found,) = year.findings()
    assert (found.owner, found.unit) == (heir, year.scalar("select id from party where key = 'xa-2'"))
    year.tick(now)
    year.report(finding, now=now)
    year.tick(now)
    year.look(finding, Outcome.NOT, now=now, reopen=True)
    (found,) = year.findings()
    assert (found.owner, found.finding.remedy.round) == (heir, 2)
    assert verify(year.store) == []


def test_what_a_hand_changes_is_found_out(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    year.report(finding, now=now)
    for statement, said in (
        ("UPDATE finding SET closed_why = 'xong'", "closed otherwise"),
        ("UPDATE finding SET closed_why = '', text = 'khác'", "the findings of inspection"),
        ("UPDATE finding_step SET said = 'not'", "says otherwise"),
        ("UPDATE inspection SET minutes = '7/BB'", "the minutes"),
    ):
        with year.store.engine.begin() as connection:
            connection.execute(text(statement))
        assert any(said in fault for fault in verify(year.store)), statement


def test_a_look_says_what_it_found(year: Inspected, now: datetime) -> None:
    finding = one_finding(year, now=now)
    year.report(finding, now=now, claim=Claim.PARTLY)
    for look, said in (
        (Look(outcome=Outcome.NOT, text=" "), "say what"),
        (Look(outcome=Outcome.CLOSED, text="đạt", reopen=True), "no further remedy"),
    ):
        with pytest.raises(InspectionError, match=said):
            year.do(reinspect, finding, now=now, look=look)


def test_minutes_say_from_when_to_when_and_a_changed_hour_is_found_out(year: Inspected, now: datetime) -> None:
    (inspection,) = year.plan("xa-1", now=now)
    held: dict[str, Any] = {"held_on": date(2025, 4, 15), "number": "1/BB"}
    for hours in (Hours(began=time(9), ended=time(9)), Hours(ended=time(9))):
        with pytest.raises(InspectionError, match="ends after it began"):
            year.do(write_minutes, inspection, now=now, hours=hours, **held)
    year.do(write_minutes, inspection, now=now, hours=Hours(began=time(8), ended=time(11, 30)), **held)
    with year.store.reading() as connection:
        facts = inspection_paper(year.store, connection, inspection, Purpose.MINUTES, now=now).facts
    assert isinstance(facts, MinutesFacts)
    assert (facts.began, facts.ended) == ("hồi 08 giờ 00 phút, ngày 15/04/2025", "hồi 11 giờ 30 phút cùng ngày")
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE inspection SET ended = '12:00:00.000000'"))
    assert verify(year.store) == [f"thu: the minutes of inspection {inspection} differ from its journal"]
