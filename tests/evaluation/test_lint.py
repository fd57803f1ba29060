"""Each lint finds what its line in the table says, and nothing in a plan that is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from evaluation.due_rules import CountedPeriod, DayUnit, FixedDate, PeriodDate, PeriodMonth, Roll, Words
from evaluation.kinds import Audience, MessageKind, PartyKind, Role, StageKind
from evaluation.lint import LINTS, Lint, Severity, lint
from evaluation.papers import Purpose
from evaluation.plans import CountFrom, ItemsFrom, Periods, Plan, Rung, Selector, Stage, Until, Wait
from evaluation.rosters import Party, Roster, RosterContact
from evaluation.workdays import Calendar, DayKind, ListedDay, YearStatus

DECIDED = YearStatus.DECIDED
CALENDAR = Calendar(version="test", days=(), years={2024: DECIDED, 2025: DECIDED, 2026: DECIDED})


def fixed(month: int, day: int, *, year: int = 0, words: Words = Words.BY) -> FixedDate:
    return FixedDate(words=words, year_offset=year, month=month, day=day)


def after(anchor: str, count: int = 5) -> CountedPeriod:
    return CountedPeriod(count=count, unit=DayUnit.CALENDAR, anchor=anchor, roll=Roll.NONE)


def make_rung(**changes: Any) -> Rung:
    given = {"key": "T-3", "offset": -3, "audience": (Audience.OFFICER,), "message": MessageKind.REMINDER_BEFORE_DUE}
    return Rung(**{**given, **changes})


def make_stage(**changes: Any) -> Stage:
    given = {
        "key": "self-assessment",
        "kind": StageKind.SELF_ASSESSMENT,
        "title": "Tự đánh giá",
        "title_en": "Self-assessment",
        "owed_by": Selector(groups=("so",)),
        "owed_to": "so-noi-vu",
        "opens": fixed(12, 1),
        "due": fixed(12, 17),
        "deliverable": "Báo cáo",
        "ladder": "standard",
        "words": "đến ngày 17",
        "line": 20,
    }
    return Stage(**{**given, **changes})


def make_plan(*stages: Stage, **changes: Any) -> Plan:
    given = {
        "key": "plan",
        "title": "Kế hoạch",
        "title_en": "Plan",
        "year": 2025,
        "reference_on": date(2025, 3, 1),
        "authority": "ubnd",
        "authority_name": "UBND tỉnh",
        "roster": "units",
        "standing_body": "so-noi-vu",
        "chair": "chu-tich",
        "slot": time(7, 30),
        "mails_per_day": 6,
        "ladders": {"standard": (make_rung(),)},
        "documents": (),
        "stages": stages or (make_stage(),),
        "file": "plans/plan.yaml",
    }
    return Plan(**{**given, **changes})


def make_party(key: str, **changes: Any) -> Party:
    given = {"key": key, "kind": PartyKind.UNIT, "name": f"Đơn vị {key}", "group": "so", "mailbox": f"{key}@tinh.invalid", "line": 7}
    return Party(**{**given, **changes})


def make_roster(*parties: Party, contacts: tuple[RosterContact, ...] = ()) -> Roster:
    every = parties or (
        make_party("so-noi-vu", group="thuong-truc"),
        make_party("so-1"),
        make_party("so-2"),
        make_party("chu-tich", kind=PartyKind.BODY, group=""),
    )
    return Roster(key="units", title="Đơn vị", groups=(("so", "Sở"),), parties=every, contacts=contacts, file="rosters/units.yaml")


def found(plan: Plan, *, roster: Roster | None = None, year: int = 2025, calendar: Calendar = CALENDAR) -> tuple[Lint, ...]:
    return lint(plan, roster=roster or make_roster(), year=year, calendar=calendar)


def codes(*args: Any, **named: Any) -> list[str]:
    return [one.code for one in found(*args, **named)]


def test_plan_in_order_has_no_lint() -> None:
    assert found(make_plan()) == ()


def test_lint_says_where_how_bad_and_in_both_languages() -> None:
    (one,) = found(make_plan(make_stage(opens=fixed(12, 18), ladder="")))
    assert one == Lint(
        code="dates-out-of-order",
        severity=Severity.ERROR,
        where="self-assessment",
        line=20,
        file="plans/plan.yaml",
        message_vi="Tự đánh giá: mở 18/12/2025, sau hạn 17/12/2025",
        message_en="Self-assessment (self-assessment) opens on 2025-12-18, after it is due on 2025-12-17",
    )


def test_errors_come_first() -> None:
    plan = make_plan(make_stage(line=5, due=fixed(12, 20)), make_stage(key="b", line=30, owed_by=Selector(groups=("none",))))
    assert [(one.severity, one.line) for one in found(plan)] == [(Severity.ERROR, 30), (Severity.WARNING, 5)]


ORDERS = [
    pytest.param({"opens": fixed(12, 17)}, [], id="opens on the day it is due"),
    pytest.param({"opens": fixed(12, 18)}, ["dates-out-of-order"], id="opens after it is due"),
    pytest.param({"opens": fixed(12, 18), "due": None, "locks": fixed(12, 17)}, ["dates-out-of-order"], id="opens after it locks"),
    pytest.param({"locks": fixed(12, 17)}, [], id="locks as it is due"),
    pytest.param({"locks": fixed(12, 16)}, ["dates-out-of-order"], id="locks before it is due"),
    pytest.param({"locks": replace(fixed(12, 17), at=time(12))}, ["dates-out-of-order"], id="locks at noon of the day it is due"),
]


@pytest.mark.parametrize(("changes", "expected"), ORDERS)
def test_order_of_dates(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_plan(make_stage(**changes, ladder=""))) == expected


def waiting(until: Until = Until.ALL_DONE, **changes: Any) -> Plan:
    given = {"opens": fixed(12, 1), "due": fixed(12, 24), "waits_for": (Wait(stage="self-assessment", until=until),)}
    later = make_stage(key="appraisal", kind=StageKind.APPRAISAL, ladder="", line=40, **{**given, **changes})
    return make_plan(make_stage(locks=fixed(12, 19)), later)


WAITS = [
    pytest.param(Until.ALL_DONE, {}, [], id="due after what it waits for"),
    pytest.param(Until.ALL_DONE, {"due": fixed(12, 17)}, [], id="due on its last day"),
    pytest.param(Until.ALL_DONE, {"due": fixed(12, 16)}, ["due-before-release"], id="due the day before"),
    pytest.param(Until.LOCKED, {"due": fixed(12, 18)}, ["due-before-release"], id="due before its lock"),
    pytest.param(Until.ALL_DONE, {"due": after("release")}, [], id="counted from the release"),
    pytest.param(Until.ALL_DONE, {"opens": fixed(11, 3), "due": fixed(11, 28)}, ["waits-in-vain"], id="over before it opens"),
    pytest.param(
        Until.ALL_DONE, {"opens": fixed(11, 3), "due": fixed(11, 28), "locks": fixed(12, 19)}, ["due-before-release"], id="locks in time"
    ),
]


@pytest.mark.parametrize(("until", "changes", "expected"), WAITS)
def test_stage_that_waits(until: Until, changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(waiting(until, **changes)) == expected


def test_stage_that_waits_for_a_report_waits_for_its_last_period() -> None:
    report = make_report("report", due=20, owed_by=Selector(groups=("so",)))
    later = make_stage(
        key="year-end", waits_for=(Wait(stage="report", until=Until.ALL_DONE),), opens=fixed(6, 2), due=fixed(6, 24), ladder=""
    )
    assert "waits-in-vain" in codes(make_plan(report, later))


RUNGS = [
    pytest.param({}, [], id="after the opening"),
    pytest.param({"offset": -16}, [], id="on the day of the opening"),
    pytest.param({"offset": -17}, ["rung-before-opening"], id="before the opening"),
    pytest.param({"offset": -30, "counted_from": CountFrom.LOCK}, [], id="of a lock that is not there"),
]


@pytest.mark.parametrize(("changes", "expected"), RUNGS)
def test_rung_before_the_opening(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_plan(ladders={"standard": (make_rung(**changes),)})) == expected


def test_due_on_an_off_day_is_named() -> None:
    (one,) = found(make_plan(make_stage(due=fixed(12, 20))))
    assert (one.code, one.severity) == ("due-on-off-day", Severity.WARNING)
    assert "20/12/2025" in one.message_vi
    calendar = replace(CALENDAR, days=(ListedDay(on=date(2025, 12, 17), kind=DayKind.OFF, name="nghỉ", source="test"),))
    assert codes(make_plan(), calendar=calendar) == ["due-on-off-day"]


def make_report(key: str, *, due: int, **changes: Any) -> Stage:
    given = {
        "key": key,
        "kind": StageKind.QUARTERLY_REPORT,
        "title": key,
        "periods": Periods.QUARTERS,
        "only_periods": ("Q3",),
        "opens": PeriodDate(words=Words.ON, day=1, of=PeriodMonth.LAST),
        "due": PeriodDate(words=Words.BY, day=due, of=PeriodMonth.LAST),
        "deliverable": key,
        "ladder": "",
    }
    return make_stage(**{**given, **changes})


CHAINS = [
    pytest.param(15, 16, [], id="each before the next"),
    pytest.param(16, 16, ["chain-out-of-order"], id="on one day"),
    pytest.param(17, 16, ["chain-out-of-order"], id="after the next"),
    pytest.param(12, 16, ["before-cut-off"], id="before the data are closed"),
]


@pytest.mark.parametrize(("inner", "outer", "expected"), CHAINS)
def test_chain_of_reports(inner: int, outer: int, expected: list[str]) -> None:
    units = make_report("unit-report", due=inner, owed_to="chu-tich", through="so-noi-vu")
    body = make_report("body-report", due=outer, owed_by=Selector(keys=("so-noi-vu",)), owed_to="chu-tich")
    assert codes(make_plan(units, body)) == expected
    assert codes(make_plan(replace(units, through=""), body)) == [code for code in expected if code != "chain-out-of-order"]


def test_projected_year_is_named() -> None:
    calendar = replace(CALENDAR, years={2025: DECIDED, 2026: YearStatus.PROJECTED})
    stage = make_stage(due=replace(fixed(1, 14, year=1), roll=Roll.FORWARD), ladder="")
    (one,) = found(make_plan(stage), calendar=calendar)
    assert (one.code, one.where) == ("projected-year", "plan")
    assert "2026" in one.message_en


def test_unknown_year_is_an_error_once() -> None:
    (one,) = found(make_plan(), year=2031)
    assert (one.code, one.severity) == ("calendar-unknown", Severity.ERROR)
    assert "2031" in one.message_vi


def test_circle_is_an_error_once() -> None:
    one = make_stage(waits_for=(Wait(stage="b", until=Until.ALL_DONE),))
    two = make_stage(key="b", kind=StageKind.DUTY, waits_for=(Wait(stage="self-assessment", until=Until.ALL_DONE),))
    assert codes(make_plan(one, two)) == ["circle"]


def test_paper_about_what_is_not_late_yet() -> None:
    assert codes(make_plan(ladders={"standard": (make_rung(key="T+0", offset=0, paper=Purpose.URGING),)})) == ["paper-before-due"]
    assert codes(make_plan(ladders={"standard": (make_rung(key="T+1", offset=1, paper=Purpose.URGING),)})) == []


def test_event_without_request() -> None:
    stage = make_stage(due=after("event"), ladder="")
    assert codes(make_plan(stage)) == ["event-at-launch"]
    assert codes(make_plan(replace(stage, on_request=True))) == []


def test_selectors_that_mean_nobody() -> None:
    nobody = Selector(groups=("khac",))
    assert codes(make_plan(make_stage(owed_by=nobody))) == ["owes-nobody"]
    assert codes(make_plan(make_stage(coordinating=nobody))) == ["selects-nobody"]
    assert codes(make_plan(make_stage(about=nobody))) == ["selects-nobody"]
    gone = make_roster(make_party("so-noi-vu", group=""), make_party("chu-tich", group=""), make_party("so-1", valid_to=date(2025, 2, 28)))
    assert codes(make_plan(), roster=gone) == ["owes-nobody"]


def test_items_from_the_criteria_are_for_units_of_a_group() -> None:
    stage = make_stage(items_from=ItemsFrom.CRITERIA, owed_by=Selector(keys=("so-2", "so-noi-vu")))
    roster = make_roster(make_party("so-noi-vu", group=""), make_party("so-2"), make_party("chu-tich", kind=PartyKind.BODY, group=""))
    (one,) = found(make_plan(stage), roster=roster)
    assert one.code == "criteria-of-no-group"
    assert one.message_en.endswith("without criteria: Đơn vị so-noi-vu")


def test_party_that_leads_and_coordinates_is_named() -> None:
    (one,) = found(make_plan(make_stage(coordinating=Selector(keys=("so-2", "chu-tich")))))
    assert one.code == "leads-and-coordinates"
    assert "Đơn vị so-2" in one.message_vi
    assert "chu-tich" not in one.message_vi


TWICE = [
    pytest.param({"deliverable": "Khác"}, ["owes-twice"], id="a second self-assessment"),
    pytest.param({"owed_by": Selector(keys=("so-2", "so-noi-vu"))}, ["owes-twice"], id="for one of them"),
    pytest.param({"owed_by": Selector(keys=("so-noi-vu",))}, [], id="of others"),
    pytest.param({"owed_to": "chu-tich"}, [], id="to another"),
    pytest.param({"kind": StageKind.DUTY}, [], id="of another kind"),
    pytest.param({"subjects": ("a",)}, [], id="about something else"),
    pytest.param({"on_request": True}, [], id="on request"),
]


@pytest.mark.parametrize(("changes", "expected"), TWICE)
def test_party_that_owes_twice(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_plan(make_stage(), make_stage(key="again", line=30, **changes))) == expected


def test_duties_are_the_same_by_their_deliverable() -> None:
    one, two = make_stage(kind=StageKind.DUTY), make_stage(kind=StageKind.DUTY, key="b", deliverable="BÁO CÁO")
    assert codes(make_plan(one, two)) == ["owes-twice"]
    assert codes(make_plan(one, replace(two, deliverable="Kế hoạch"))) == []


def test_units_that_end_before_the_year_does_are_named() -> None:
    parties = [make_party("so-noi-vu", group=""), make_party("chu-tich", group=""), make_party("so-1", valid_to=date(2025, 6, 30))]
    (one,) = found(make_plan(), roster=make_roster(*parties, make_party("so-2")))
    assert one.code == "not-valid-in-year"
    assert "Đơn vị so-1" in one.message_vi
    assert "so-2" not in one.message_vi
    assert found(make_plan(), roster=make_roster(*parties), year=2024) == ()


def contact(key: str, **changes: Any) -> RosterContact:
    given = {"key": key, "party": "so-1", "role": Role.OFFICER, "name": f"Người {key}", "address": f"{key}@tinh.invalid"}
    return RosterContact(**{**given, **changes})


ADDRESSES = [
    pytest.param((), ["without-address"], id="nobody"),
    pytest.param((contact("a"),), [], id="an officer"),
    pytest.param((contact("a", valid_to=date(2025, 2, 28)),), ["without-address"], id="an officer who left"),
    pytest.param((contact("a", party="so-2"),), ["without-address"], id="somebody else's officer"),
]


@pytest.mark.parametrize(("contacts", "expected"), ADDRESSES)
def test_unit_without_an_address(contacts: tuple[RosterContact, ...], expected: list[str]) -> None:
    others = (make_party("so-noi-vu", group=""), make_party("so-2"), make_party("chu-tich", group=""))
    roster = make_roster(make_party("so-1", mailbox=""), *others, contacts=contacts)
    assert codes(make_plan(), roster=roster) == expected


def test_ladder_that_tells_nobody() -> None:
    silent = make_roster(make_party("so-noi-vu", group="", mailbox=""), make_party("so-1", mailbox=""), make_party("chu-tich", group=""))
    assert codes(make_plan(), roster=silent)[0] == "tells-nobody"
    heard = replace(silent, parties=(*silent.parties[:1], make_party("so-1", mailbox="", superior="chu-tich"), silent.parties[2]))
    assert "tells-nobody" not in codes(make_plan(), roster=heard)
    coordinating = {"standard": (make_rung(audience=(Audience.COORDINATING,)),)}
    assert codes(make_plan(ladders=coordinating)) == ["tells-nobody"]


def test_mails_that_go_alone_are_counted_and_those_that_merge_are_one() -> None:
    parties = [make_party("so-noi-vu", group=""), make_party("chu-tich", group=""), *(make_party(f"so-{n}") for n in range(1, 7))]
    chair = make_rung(key="T+5", offset=5, audience=(Audience.CHAIR,), message=MessageKind.PLAN_ISSUED)
    merging = replace(chair, key="T+5b", message=MessageKind.OVERDUE)
    ladders = {"standard": (make_rung(), chair)}
    assert codes(make_plan(ladders=ladders), roster=make_roster(*parties)) == []
    (one,) = found(make_plan(ladders={"standard": (chair, merging)}), roster=make_roster(*parties))
    assert (one.code, one.where, one.file) == ("too-many-mails", "chu-tich", "rosters/units.yaml")
    assert "7 mails on 2025-12-22" in one.message_en
    assert codes(make_plan(ladders={"standard": (merging,)}, mails_per_day=1), roster=make_roster(*parties)) == []


def test_key_that_is_not_the_name_of_the_file() -> None:
    assert codes(make_plan(file="plans/other.yaml")) == ["key-is-not-file-name"]
    assert codes(make_plan(file="")) == []


def test_known_moments_count() -> None:
    plan = make_plan(make_stage(opens=fixed(12, 1), due=after("launch", 20), ladder=""))
    assert lint(plan, roster=make_roster(), year=2025, calendar=CALENDAR, known={"launch": date(2025, 11, 27)}) == ()
    late = lint(plan, roster=make_roster(), year=2025, calendar=CALENDAR, known={"launch": date(2025, 10, 1)})
    assert [one.code for one in late] == ["dates-out-of-order"]


def test_every_code_of_the_table_is_tested_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in LINTS if f'"{code}"' not in text] == []
    assert all(kind.meaning.endswith(".") and kind.meaning_vi.endswith(".") for kind in LINTS.values())
