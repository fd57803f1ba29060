"""The draw, coverage and the way of a finding, as rules alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.inspections.coverage import Inspectable, coverage, last_inspected
from evaluation.inspections.drawing import draw, share_of
from evaluation.inspections.findings import (
    Finding,
    FindingStatus,
    Outcome,
    Reinspection,
    Remedy,
    chain,
    days_over,
    status,
    uncorrected_rounds,
)
from evaluation.inspections.following import Decide, Propose, Reinspect, Urge, may_be_reinspected, may_reopen, next_look, wanted
from evaluation.inspections.naming import finding_key, finding_of, inspection_subject, round_subject, unit_named
from evaluation.inspections.papers import number_typed
from evaluation.inspections.urging import Look, answered_by, failed_words
from evaluation.obligations import State

NOW = datetime(2026, 5, 5, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)
UNITS = [f"xa-{number}" for number in range(20)]


@given(st.permutations(UNITS), st.text(max_size=20), st.integers(0, 25))
def test_a_draw_depends_on_seed_and_pool_alone(pool: list[str], seed: str, number: int) -> None:
    drawn = draw(pool, seed=seed, wanted=number)
    assert drawn == draw(sorted(pool), seed=seed, wanted=number)
    assert len(set(drawn)) == len(drawn) == min(number, len(pool))
    assert drawn == draw(pool, seed=seed, wanted=25)[:number], "a longer draw begins with the shorter"


def test_a_draw_is_repeated_with_sha256_alone() -> None:
    by_hand = sorted(UNITS, key=lambda unit: hashlib.sha256(f"2026-a\n{unit}".encode()).hexdigest())[:4]
    assert list(draw(UNITS, seed="2026-a", wanted=4)) == by_hand
    assert draw(UNITS, seed="2026-b", wanted=4) != draw(UNITS, seed="2026-a", wanted=4)


@pytest.mark.parametrize(("units", "share", "number"), [(138, 20, 28), (34, 20, 7), (5, 20, 1), (0, 20, 0), (3, 100, 3)])
def test_a_share_is_at_least_that(units: int, share: int, number: int) -> None:
    assert share_of(units, share) == number


def test_coverage_counts_what_is_planned_and_names_whom_nobody_saw_for_long() -> None:
    units = [
        Inspectable(unit="a", group="xa", planned=True, inspected=True),
        Inspectable(unit="b", group="xa", last_year=2024),
        Inspectable(unit="c", group="so", last_year=2021),
        Inspectable(unit="d", group="so"),
    ]
    found = coverage(units, share=50, year=2026, neglected_years=3)
    assert (found.whole.units, found.whole.planned, found.whole.inspected, found.whole.wanted, found.whole.missing) == (4, 1, 1, 2, 1)
    assert [one.unit for one in found.neglected] == ["d", "c"]
    assert [(one.group, one.planned) for one in found.groups] == [("xa", 1), ("so", 0)]
    assert last_inspected([("a", 2024), ("a", 2022), ("b", 2026)], before=2026) == {"a": 2024}


def test_subjects_name_their_unit_and_finding() -> None:
    assert (inspection_subject("xa-1", 1), inspection_subject("xa-1", 2)) == ("xa-1", "xa-1/kt-2")
    key = finding_key("xa-1", 3)
    assert [finding_of(subject) for subject in (key, round_subject(key, 2), "xa-1", "xa-1/kt-2", "2026-Q1/xa-1")] == [key, key, "", "", ""]
    assert {unit_named(subject) for subject in (key, round_subject(key, 2), "xa-1/kt-2")} == {"xa-1"}


def remedy(number: int = 1, state: State = State.OPEN, *, due: int = 1, sent: int | None = None) -> Remedy:
    """Days from NOW."""
    at = None if sent is None else NOW + sent * DAY
    return Remedy(round=number, state=state, due_at=NOW + due * DAY, submitted_at=at)


def look(number: int, outcome: Outcome | None, *, at_round: int = 1, days: int = -1) -> Reinspection:
    at = NOW + days * DAY
    return Reinspection(
        number=number, round=at_round, state=State.OPEN, raised_at=at, outcome=outcome, recorded_at=None if outcome is None else at
    )


SENT = remedy(state=State.SUBMITTED, sent=-2)
LATE = remedy(due=-1)
FAILED = look(1, Outcome.NOT)


@pytest.mark.parametrize(
    ("finding", "expected", "asked"),
    [
        pytest.param(Finding(key="x/1", remedies=(remedy(),)), FindingStatus.NOT_REMEDIED, (), id="in time"),
        pytest.param(
            Finding(key="x/1", remedies=(SENT,)),
            FindingStatus.REPORTED,
            (Reinspect(number=1, round=1, since=NOW - 2 * DAY),),
            id="reported",
        ),
        pytest.param(
            Finding(key="x/1", remedies=(SENT,), reinspections=(look(1, None),)), FindingStatus.REPORTED, (), id="being looked at"
        ),
        pytest.param(
            Finding(key="x/1", remedies=(LATE,)),
            FindingStatus.NOT_REMEDIED,
            (Reinspect(number=1, round=1, since=NOW - DAY),),
            id="overdue: its letter is the ladder's",
        ),
        pytest.param(Finding(key="x/1", remedies=(SENT,), reinspections=(look(1, Outcome.CLOSED),)), FindingStatus.PASSED, (), id="passed"),
        pytest.param(Finding(key="x/1", remedies=(SENT,), reinspections=(FAILED,)), FindingStatus.FAILED, (Urge(round=1),), id="failed"),
        pytest.param(
            Finding(key="x/1", remedies=(SENT, remedy(2, due=-1)), reinspections=(FAILED,), urged=frozenset({1})),
            FindingStatus.FAILED,
            (Reinspect(number=2, round=2, since=NOW - DAY), Propose(round=2)),
            id="twice uncorrected",
        ),
        pytest.param(
            Finding(
                key="x/1",
                remedies=(SENT, remedy(2, due=-1)),
                reinspections=(FAILED, look(2, None, at_round=2)),
                urged=frozenset({1, 2}),
                proposal=State.SUBMITTED,
            ),
            FindingStatus.FAILED,
            (Decide(round=2),),
            id="proposed",
        ),
        pytest.param(Finding(key="x/1", remedies=(LATE,), closed=True), FindingStatus.NOT_REMEDIED, (), id="closed all the same"),
    ],
)
def test_where_a_finding_stands_and_what_the_rule_wants(finding: Finding, expected: FindingStatus, asked: tuple[object, ...]) -> None:
    assert status(finding) is expected
    assert wanted(finding, now=NOW) == asked


def test_a_report_after_a_look_is_looked_at_again() -> None:
    again = Finding(key="x/1", remedies=(remedy(state=State.SUBMITTED, sent=0),), reinspections=(FAILED,), urged=frozenset({1}))
    assert status(again) is FindingStatus.REPORTED
    assert wanted(again, now=NOW) == (Reinspect(number=2, round=1, since=NOW),)
    assert uncorrected_rounds(again, now=NOW) == (1,)


def test_a_look_waits_for_a_report_or_the_end_of_the_term() -> None:
    owed = Finding(key="x/1", remedies=(remedy(),))
    assert not may_be_reinspected(owed, now=NOW)
    assert may_be_reinspected(owed, now=NOW + DAY)
    assert next_look(owed, now=NOW) == NOW + DAY
    assert not may_reopen(owed)
    assert may_reopen(Finding(key="x/1", remedies=(remedy(state=State.ACCEPTED),)))


def test_the_line_of_a_finding_says_every_round() -> None:
    finding = Finding(key="x/1", remedies=(SENT, remedy(2)), reinspections=(FAILED,))
    told = [(link.kind, link.number, link.word, link.done) for link in chain(finding)]
    assert told == [
        ("finding", 1, "", True),
        ("remedy", 1, "", True),
        ("reinspection", 1, "not", True),
        ("remedy", 2, "", False),
        ("reinspection", 2, "", False),
        ("closed", 1, "", False),
    ]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("05/BB-ĐKT ngày 15/04/2026", "05/BB-ĐKT"),
        ("12/TB-ĐKT, ngày 5.4.2026", "12/TB-ĐKT"),
        ("185/SNV-CCHC&VTLT", "185/SNV-CCHC&VTLT"),
        ("số năm", ""),
        ("", ""),
    ],
)
def test_number_is_read_without_its_date(typed: str, number: str) -> None:
    assert number_typed(typed) == number


FIRST, LAST = date(2026, 11, 27), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("running", "every", "asked"),
    [
        pytest.param([], False, LAST, id="all late: the usual day"),
        pytest.param([FIRST], True, FIRST, id="one that runs: its own day"),
        pytest.param([date(2026, 12, 7)], True, date(2026, 12, 7), id="nothing earlier than was given"),
        pytest.param([FIRST, LAST], True, None, id="each its own"),
        pytest.param([FIRST], False, FIRST, id="some late: not after a term that runs"),
    ],
)
def test_a_letter_asks_for_no_answer_after_a_term_has_passed(running: list[date], *, every: bool, asked: date | None) -> None:
    assert answered_by(LAST, running=running, every=every) == asked


def test_a_letter_says_nothing_of_a_report_that_was_not_made() -> None:
    assert failed_words(Look(on=FIRST, outcome=Outcome.PARTLY)) == (
        "chưa báo cáo khắc phục; phúc tra ngày 27/11/2026: chưa đạt, mới khắc phục một phần"
    )


def test_days_late_count_after_the_due_date() -> None:
    due, today = date(2026, 9, 3), date(2026, 11, 22)
    assert days_over(due, late=True, today=today) == 80
    assert days_over(due, late=True, today=due) == 1, "over within its last day"
    assert days_over(due, late=False, today=today) == 0
