"""A plan is read whole or refused with every fault, by file, line and column."""

from __future__ import annotations

import json
import unicodedata
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from config.fault_nouns import NOUNS
from config.fault_words import FAULT_WORDS
from config.loader import PlanError, find_plan, load_plan, load_plan_and_roster, parse_plan, shipped_plans
from config.shapes import _ADD, PLAN_SCHEMA, ROSTER_SCHEMA
from evaluation.due_rules import CountedPeriod, DayUnit, FixedDate, PeriodDate, PeriodMonth, Roll, Words
from evaluation.kinds import Audience, MessageKind, PartyKind, StageKind, manner
from evaluation.plans import CountFrom, Extension, Item, OnTimeBy, Periods, Rung, Selector, TurnRule, Until, Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.faults import Fault

INPUTS = Path(__file__).with_name("inputs")
ROSTER = (INPUTS / "units.yaml").read_text(encoding="utf-8")
PLAN = (INPUTS / "plan.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units.yaml").write_text(ROSTER, encoding="utf-8")
    return tmp_path


@pytest.fixture
def faults_of(folder: Path) -> Callable[[str | bytes], tuple[Fault, ...]]:
    def refuse(text: str | bytes) -> tuple[Fault, ...]:
        path = folder / "plan.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(PlanError) as caught:
            load_plan(path)
        assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
        return caught.value.faults

    return refuse


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_plan_becomes_records(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    plan, roster = load_plan_and_roster(folder / "plan.yaml")
    assert (plan.key, plan.year, plan.reference_on, plan.slot, plan.mails_per_day, plan.digest) == (
        "plan", 2025, date(2025, 3, 1), time(7, 30), 6, True,
    )  # fmt: skip
    assert (plan.authority, plan.authority_name, plan.file) == ("ubnd", "UBND tỉnh", str(folder / "plan.yaml"))
    assert plan.documents[0].dated == date(2025, 1, 2)
    assert plan.ladders["standard"][1:] == (
        Rung(
            key="T+1",
            offset=1,
            unit=DayUnit.WORKING,
            audience=(Audience.OFFICER, Audience.HEAD),
            message=MessageKind.OVERDUE,
            also_by_urging=True,
        ),
        Rung(
            key="L-1",
            offset=-1,
            counted_from=CountFrom.LOCK,
            audience=(Audience.OFFICER,),
            message=MessageKind.REMINDER_BEFORE_DUE,
        ),
    )
    first, report, appraisal = plan.stages
    assert first.kind is StageKind.SELF_ASSESSMENT
    assert first.owed_by == Selector(groups=("so", "huyen"), except_keys=("so-y-te",))
    assert first.opens == FixedDate(words=Words.ON, year_offset=0, month=12, day=1)
    assert first.due == FixedDate(words=Words.BY, year_offset=1, month=1, day=15, at=time(17), roll=Roll.BACK)
    assert first.locks == CountedPeriod(count=10, unit=DayUnit.WORKING, anchor="self-assessment.due")
    assert first.review == TurnRule(count=3, unit=DayUnit.WORKING, ladder="standard")
    assert first.correction == TurnRule()
    assert first.extension == Extension(allowed=True, at_most_days=10, at_most_times=1)
    assert first.items == (Item(key="bao-cao", title="Báo cáo đã ký"),)
    assert first.line == line_of(PLAN, "- key: self-assessment")
    assert report.owed_by == Selector(kind=PartyKind.UNIT, levels=("department",))
    assert (report.periods, report.only_periods, report.sign_off) == (Periods.QUARTERS, ("Q1", "Q3"), False)
    assert [stage.on_time_by for stage in plan.stages] == [OnTimeBy.WORST, OnTimeBy.LAST, OnTimeBy.WORST]
    assert report.due == PeriodDate(words=Words.BEFORE, day=20, of=PeriodMonth.LAST)
    assert appraisal.due is None
    assert appraisal.waits_for == (Wait(stage="self-assessment", until=Until.LOCKED),)
    assert [party.key for party in roster.parties] == ["chu-tich", "so-noi-vu", "so-y-te", "huyen-001"]


# What is wrong → its code, and the line and column it is found at.
FAULTS = [
    pytest.param("kind: appraisal", "kind: apraisal", "unknown-word", "did you mean “appraisal”?", id="kind"),
    pytest.param("[officer, head]", "[officer, haed]", "unknown-word", "did you mean “head”?", id="audience"),
    pytest.param("message: overdue", "message: over-due", "unknown-word", "did you mean “overdue”?", id="message"),
    pytest.param("unit: working, audience", "unit: workng, audience", "unknown-word", "did you mean “working”?", id="unit"),
    pytest.param("from: self-assessment.due", "from: self-assesment.due", "unknown-word", "“self-assessment.due”?", id="anchor"),
    pytest.param("from: release", "from: report.locks", "no-lock", "give it “locks”", id="anchor without lock"),
    pytest.param("from: lock", "from: locks", "unknown-word", "did you mean “lock”?", id="rung's anchor"),
    pytest.param("ladder: standard}", "ladder: standart}", "unknown-word", "did you mean “standard”?", id="ladder of a turn"),
    pytest.param("stage: self-assessment,", "stage: self-asessment,", "unknown-word", "did you mean “self-assessment”?", id="stage"),
    pytest.param("roster: ", "criteria: {huyenn: bo}\nroster: ", "unknown-word", "did you mean “huyen”?", id="group of criteria"),
    pytest.param("groups: [huyen]", "groups: [huyenn]", "unknown-word", "did you mean “huyen”?", id="group"),
    pytest.param("levels: [department]", "levels: [departement]", "unknown-word", "did you mean “department”?", id="level"),
    pytest.param("through: so-noi-vu", "through: so-noi-vuu", "unknown-word", "did you mean “so-noi-vu”?", id="party"),
    pytest.param("chair: chu-tich", "chair: chu-tic", "unknown-word", "did you mean “chu-tich”?", id="chair"),
    pytest.param("except: [so-y-te]", "except: [so-y-tee]", "unknown-word", "did you mean “so-y-te”?", id="exception"),
    pytest.param("basis: kh-1", "basis: kh-2", "unknown-word", "did you mean “kh-1”?", id="document"),
    pytest.param("[Q1, Q3]", "[Q1, Q5]", "unknown-word", "write one of: Q1, Q2, Q3, Q4", id="period"),
    pytest.param("until: locked", "until: closed", "unknown-word", "did you mean “locked”?", id="until"),
    pytest.param("roster: units", "roster: unist", "not-found", "did you mean “units”?", id="roster"),
    pytest.param("    title_en: Appraisal", "    titel_en: Appraisal", "unknown-key", "did you mean “title_en”?", id="key"),
    pytest.param("format: 1", "format: 2", "unknown-word", "write one of: 1", id="format"),
    pytest.param("Y+1-01-15", "Y+1-13-01", "bad-plan-date", "write Y-12-29", id="month 13"),
    pytest.param("on: Y-12-01", "on: 2025-12-01", "bad-plan-date", "write Y-12-29", id="a date that names its year"),
    pytest.param("2025-03-01", "2025-02-30", "bad-date", "a day that exists", id="30 February"),
    pytest.param("date: 2025-01-02", "date: 02/01/2025", "bad-date", "year-month-day", id="day first"),
    pytest.param('"17:00"', '"25:00"', "bad-time", "07:30", id="hour 25"),
    pytest.param("offset: -7", "offset: -700", "out-of-range", "from -366 to 366", id="offset"),
    pytest.param("count: 10", "count: -1", "out-of-range", "from 0 to 1000", id="count"),
    pytest.param("year: 2025", "year: 25", "out-of-range", "from 2000 to 2100", id="year"),
    pytest.param("before: 20", "before: 32", "out-of-range", "from 1 to 31", id="day of a month"),
    pytest.param("count: 10", "count: ten", "wrong-type", "a whole number", id="text for a number"),
    pytest.param("year: 2025", "year: 2025.0", "wrong-type", "a whole number", id="fraction for a whole number"),
    pytest.param("sign_off: false", "sign_off: no", "wrong-type", "true or false", id="no is a word"),
    pytest.param('number: "1"', "number: 1", "wrong-type", "in quotes", id="number for a text"),
    pytest.param("groups: [huyen]", "groups: huyen", "wrong-type", "a list", id="text for a list"),
    pytest.param("due: none", "due: 20", "wrong-type", "a mapping", id="number for a due rule"),
    pytest.param("before: 20, of: last", "before: 20", "missing-key", "add “of”", id="day without month"),
    pytest.param("count: 10, unit: working", "count: 10", "missing-key", "add “unit”", id="count without unit"),
    pytest.param("by: Y+1-01-15", "by: Y+1-01-15, on: Y-12-29", "one-word", "exactly one", id="two days"),
    pytest.param("{on: Y-12-01}", "{roll: back}", "one-word", "exactly one", id="no day"),
    pytest.param("{on: Y-12-01}", "{}", "nothing-in-it", "fill it in", id="empty due rule"),
    pytest.param("    periods: quarters\n    only_periods: [Q1, Q3]\n", "", "needs-periods", "periods: quarters", id="no periods"),
    pytest.param("    periods: quarters\n    only", "    only", "needs-periods", "“only_periods” away", id="only periods"),
    pytest.param("{on: Y-12-01}", '{on: Y-12-01, at: "08:00"}', "opens-with-time", "leave “at” out", id="opens with time"),
    pytest.param("title: Kế hoạch\n", 'title: ""\n', "nothing-in-it", "fill it in", id="empty text"),
    pytest.param("owed_by: {keys: [so-noi-vu]}", "owed_by: {}", "nothing-in-it", "fill it in", id="empty selector"),
    pytest.param("title: Kế hoạch\n", f"title: {'ê' * 501}\n", "too-long", "shorten it", id="long text"),
    pytest.param("rung: T+1", "rung: T +1", "bad-rung", "for example T-7", id="key of a rung"),
    pytest.param("key: report", "key: Báo cáo", "bad-key", "small letters", id="key with accents"),
    pytest.param("key: appraisal", "key: report", "duplicate", "another key", id="stage twice"),
    pytest.param("rung: T+1", "rung: T-7", "duplicate", "another key", id="rung twice"),
    pytest.param("audience: [officer, head]", "audience: [officer, officer]", "repeated", "keep it once", id="audience twice"),
    pytest.param("chair: chu-tich\n", "chair: chu-tich\nchair: so-y-te\n", "duplicate-key", "keep one", id="key twice"),
    pytest.param("Tự đánh giá", "!!binary Tự", "yaml-tag", "leave it out", id="tag"),
    pytest.param("title: Kế hoạch\n", 'title: "Kế \\u200bhoạch"\n', "hidden-character", "type the text anew", id="invisible character"),
    pytest.param("title: Kế hoạch\n", 'title: "Kế \\ud800"\n', "hidden-character", "type the text anew", id="half a character"),
    pytest.param("  kh-1:", "  KH 1:", "bad-key", "small letters", id="key of a document"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "code", "instead"), FAULTS)
def test_fault_is_named_at_its_line(faults_of: Callable[[str], tuple[Fault, ...]], right: str, wrong: str, code: str, instead: str) -> None:
    assert right in PLAN
    faults = faults_of(PLAN.replace(right, wrong, 1))
    fault = next(fault for fault in faults if fault.code == code)
    assert instead in fault.instead
    assert abs(fault.line - line_of(PLAN, right)) <= right.count("\n") + 5
    assert str(fault).startswith(f"{fault.file}:{fault.line}:{fault.column}: ")
    assert fault.what_vi != fault.what
    assert fault.text("vi").endswith(fault.instead_vi)


@pytest.mark.parametrize(
    ("right", "wrong", "at", "text"),
    [
        ("message: overdue", "message: over-due", "over-due", "unknown message “over-due” — did you mean “overdue”?"),
        ("{by: Y+1-01-15", "{by: Y+1-13-01", "Y+1-13", "“Y+1-13-01” is no date of a plan — write Y-12-29 for the evaluated year,"),
        ("sign_off: false", "sign_of: false", "sign_of:", "unknown key “sign_of” — did you mean “sign_off”?"),
        ("    owed_to: so-noi-vu\n", "", "key: report", "“owed_to” is missing — add “owed_to”"),
        ("{on: 1, of: last}", "{on: 1, from: release}", "from: release}", "unknown key “from” — write one of: by, before, of, roll, at"),
    ],
)
def test_place_is_exact(faults_of: Callable[[str], tuple[Fault, ...]], right: str, wrong: str, at: str, text: str) -> None:
    broken = PLAN.replace(right, wrong, 1)
    before = broken[: broken.index(at)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert f"plan.yaml:{line}:{column}: {text}" in "\n".join(map(str, faults_of(broken)))


def test_every_fault_is_listed(faults_of: Callable[[str], tuple[Fault, ...]]) -> None:
    text = PLAN
    for right, wrong in (("kind: appraisal", "kind: x"), ("basis: kh-1", "basis: kh-9"), ("year: 2025", "year: 1"), ("[Q1, Q3]", "[Q9]")):
        text = text.replace(right, wrong, 1)
    assert [(fault.line, fault.code) for fault in faults_of(text)] == [
        (line_of(text, "year: 1"), "out-of-range"),
        (line_of(text, "basis: kh-9"), "unknown-word"),
        (line_of(text, "[Q9]"), "unknown-word"),
        (line_of(text, "kind: x"), "unknown-word"),
    ]


def test_faults_of_the_roster_are_listed_too(folder: Path, faults_of: Callable[[str], tuple[Fault, ...]]) -> None:
    (folder / "units.yaml").write_text(ROSTER.replace("group: huyen", "group: huyeen"), encoding="utf-8")
    faults = faults_of(PLAN.replace("basis: kh-1", "basis: kh-9"))
    assert [(Path(fault.file).name, fault.code) for fault in faults] == [("plan.yaml", "unknown-word"), ("units.yaml", "unknown-word")]


@pytest.mark.parametrize(
    ("content", "code", "line", "says"),
    [
        pytest.param(PLAN.encode("utf-16"), "encoding", 1, "UTF-16", id="UTF-16 with a mark"),
        pytest.param(PLAN.encode("utf-16-le"), "encoding", 1, "UTF-16", id="UTF-16 without"),
        pytest.param(
            unicodedata.normalize("NFD", "title: Ke\u0302\u0301 ho\u1ea1ch").replace("e\u0302", "ê").encode("cp1258"),
            "encoding",
            1,
            "Windows-1258",
            id="cp1258",
        ),
        pytest.param("format: 1\ntitle: Café".encode("latin-1"), "encoding", 2, "Latin-1", id="Latin-1"),
        pytest.param(b"", "empty", 1, "empty", id="empty"),
        pytest.param(b"# nothing\n", "empty", 1, "empty", id="comment only"),
        pytest.param(b"format: 1\nstages: [{key: a", "yaml", 2, "breaks off", id="half written"),
        pytest.param(b"format: 1\n\tkey: a", "yaml", 2, "breaks off", id="tab"),
        pytest.param(b"format: 1\n--- \nkey: a", "yaml", 2, "breaks off", id="two documents"),
        pytest.param(b"a: \x07", "yaml", 1, "breaks off", id="bell"),
        pytest.param(b"a: &a [*a]", "alias-loop", 1, "refers to itself", id="alias of itself"),
        pytest.param(b"[" * 3000, "too-deep", 1, "too deeply", id="deep"),
        pytest.param(b"- a", "wrong-type", 1, "must not be a list", id="a list"),
        pytest.param(b"? [a]\n: b", "key-not-text", 1, "one word", id="a list as key"),
    ],
)
def test_broken_file_is_explained(faults_of: Callable[[bytes], tuple[Fault, ...]], content: bytes, code: str, line: int, says: str) -> None:
    fault = next(fault for fault in faults_of(content) if fault.code == code)
    assert fault.line == line
    assert says in fault.what


def test_aliases_of_aliases_end(faults_of: Callable[[str], tuple[Fault, ...]]) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9))
    assert "too-big" in {fault.code for fault in faults_of(f"l0: &l0 [x]\n{levels}\n")}


def test_missing_file_and_folder_are_explained(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(PlanError, match="cannot be read"):
            load_plan(path)


CIRCLES = [
    pytest.param(
        "    waits_for: [{stage: self-assessment, until: locked}]",
        "    waits_for: [{stage: appraisal, until: all_done}]",
        "appraisal → appraisal",
        id="waits for itself",
    ),
    pytest.param(
        "    due: {before: 20, of: last}\n",
        "    due: {count: 1, unit: calendar, from: report.locks}\n    locks: {count: 1, unit: calendar, from: report.due}\n",
        "report.due → report.locks → report.due",
        id="due and lock",
    ),
    pytest.param(
        "    opens: {on: Y-12-01}\n",
        "    opens: {count: 1, unit: calendar, from: appraisal.opens}\n",
        "",
        id="no circle: it is due on a date",
    ),
    pytest.param(
        '    due: {by: Y+1-01-15, at: "17:00", roll: back}\n',
        "    due: {count: 1, unit: calendar, from: appraisal.opens}\n",
        "appraisal.opens → appraisal.release → self-assessment.locks → self-assessment.due → appraisal.opens",
        id="through a release",
    ),
    pytest.param(
        "    opens: {on: 1, of: last}\n",
        "    opens: {on: 1, of: last}\n    waits_for: [{stage: appraisal, until: decided}]\n",
        "",
        id="no circle: a chain",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "circle"), CIRCLES)
def test_circle_is_named(folder: Path, right: str, wrong: str, circle: str) -> None:
    assert right in PLAN
    (folder / "plan.yaml").write_text(PLAN.replace(right, wrong), encoding="utf-8")
    if not circle:
        assert load_plan(folder / "plan.yaml").key == "plan"
        return
    with pytest.raises(PlanError) as caught:
        load_plan(folder / "plan.yaml")
    (fault,) = caught.value.faults
    assert fault.code == "circle"
    assert fault.what.endswith(circle)


def test_two_stages_that_wait_for_each_other_are_one_circle(faults_of: Callable[[str], tuple[Fault, ...]]) -> None:
    waits = "    waits_for: [{stage: appraisal, until: all_done}]\n    words: chậm nhất"
    (fault,) = faults_of(PLAN.replace("    words: chậm nhất", waits))
    assert fault.what.endswith("appraisal → self-assessment → appraisal")


def test_dates_that_a_month_lacks_are_fine(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN.replace("Y+1-01-15", "Y+1-02-30"), encoding="utf-8")
    assert load_plan(folder / "plan.yaml").stages[0].due == FixedDate(
        words=Words.BY, year_offset=1, month=2, day=30, at=time(17), roll=Roll.BACK
    )


def test_nfd_and_nfc_give_the_same_records(folder: Path) -> None:
    (folder / "plan.yaml").write_text(unicodedata.normalize("NFC", PLAN), encoding="utf-8")
    composed = load_plan_and_roster(folder / "plan.yaml")
    (folder / "plan.yaml").write_text(unicodedata.normalize("NFD", PLAN), encoding="utf-8-sig")
    (folder / "units.yaml").write_text(unicodedata.normalize("NFD", ROSTER), encoding="utf-8")
    assert load_plan_and_roster(folder / "plan.yaml") == composed


def test_stored_text_needs_no_roster() -> None:
    assert parse_plan(PLAN, file="version 1").stages[2].key == "appraisal"
    with pytest.raises(PlanError, match="version 1:1:1: “chair” is missing"):
        parse_plan(PLAN.replace("chair: chu-tich\n", ""), file="version 1")
    with pytest.raises(PlanError, match="exactly one"):
        parse_plan(PLAN.replace("{on: Y-12-01}", "{roll: back}"), file="version 1")


def test_plan_is_found_by_key_or_path(folder: Path) -> None:
    assert find_plan(folder / "units.yaml") == folder / "units.yaml"
    for path in shipped_plans():
        assert find_plan(path.stem) == path
    with pytest.raises(PlanError, match="did you mean “vinh-long-2023”"):
        find_plan("vinh-log-2023")


@pytest.mark.parametrize("path", shipped_plans(), ids=lambda path: path.stem)
def test_shipped_plan_is_faultless_and_named_by_its_key(path: Path) -> None:
    assert load_plan(path).key == path.stem


def test_schema_lists_the_words_of_the_records() -> None:
    schema = json.loads(PLAN_SCHEMA.read_text(encoding="utf-8"))
    defs = schema["$defs"]
    rung, stage = defs["rung"]["properties"], defs["stage"]["properties"]
    assert rung["message"]["enum"] == [kind.value for kind in MessageKind if not manner(kind).confidential]
    assert rung["audience"]["items"]["enum"] == [audience.value for audience in Audience]
    assert rung["from"]["enum"] == [anchor.value for anchor in CountFrom]
    assert stage["kind"]["enum"] == [kind.value for kind in StageKind if kind is not StageKind.UPKEEP]
    assert stage["on_time_by"]["enum"] == [by.value for by in OnTimeBy]
    assert stage["periods"]["enum"] == [periods.value for periods in Periods]
    assert stage["waits_for"]["items"]["properties"]["until"]["enum"] == [until.value for until in Until]
    assert defs["unit"]["enum"] == [unit.value for unit in DayUnit]
    assert defs["roll"]["enum"] == [roll.value for roll in Roll]
    assert defs["selector"]["properties"]["kind"]["enum"] == [kind.value for kind in PartyKind]


@pytest.mark.parametrize("schema", [PLAN_SCHEMA, ROSTER_SCHEMA], ids=lambda path: path.stem)
def test_every_rule_of_a_schema_has_words_for_its_fault(schema: Path) -> None:
    whole = json.loads(schema.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(whole)
    says_nothing = {"$schema", "$id", "$ref", "$defs", "title", "description", "default", "properties", "items", "propertyNames"}
    rules = {key for part in _parts(whole) for key in part} - says_nothing - {"oneOf", "anyOf", "x-fault", "x-noun"}
    assert rules <= _ADD.keys()
    for part in _parts(whole):
        assert ("pattern" in part) is ("x-fault" in part)
        assert ("enum" in part) is ("x-noun" in part)
        assert part.get("x-fault", "bad-key") in FAULT_WORDS
        assert part.get("x-noun", "value") in NOUNS


def _parts(schema: object) -> Iterator[dict[str, object]]:
    """Yield the schemas inside a schema, not the mappings of names to schemas."""
    if isinstance(schema, list):
        for item in schema:
            yield from _parts(item)
    elif isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key in {"properties", "$defs"}:
                yield from _parts(list(value.values()))
            elif isinstance(value, dict) or key in {"oneOf", "anyOf"}:
                yield from _parts(value)


def test_fault_words_are_filled_alike_in_both_languages() -> None:
    for code, words in FAULT_WORDS.items():
        for english, vietnamese in ((words.what, words.what_vi), (words.instead, words.instead_vi)):
            assert set(_facts(english)) == set(_facts(vietnamese)), code


def _facts(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]
