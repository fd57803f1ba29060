"""Improvement's rules: what is weak, who leads what down to which depth, how far a measure is, how subjects are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from evaluation.criteria.sets import CriteriaSet, Lead, Node, Scoring
from evaluation.improvement.counts import Measured, count_measures
from evaluation.improvement.leading import followed, leads_on
from evaluation.improvement.measures import Progress, progress_of, shared_progress
from evaluation.improvement.naming import measure_subject, named_by
from evaluation.improvement.settings import Improving, Per, WeakOf
from evaluation.improvement.weak import Result, is_weak
from evaluation.obligations import State
from evaluation.reports.wording import measure_sections


def leaf(key: str, *leads: Lead) -> Node:
    return Node(key=key, title=key, maximum=Decimal(1), scoring=Scoring(), leads=leads)


TREE = CriteriaSet(
    key="thu",
    title="Thử",
    fields=(
        Node(key="1", title="1", leads=(Lead(party="a"),), children=(Node(key="1.1", title="1.1", children=(leaf("1.1.1"),)), leaf("1.2"))),
        leaf("2", Lead(party="b", to_on=date(2025, 4, 30)), Lead(party="c", from_on=date(2025, 5, 1))),
    ),
)


@pytest.mark.parametrize(
    ("points", "low", "weak"),
    [
        pytest.param("0", 0, True, id="zero always"),
        pytest.param("0.001", 0, False, id="more than zero, where no share is low"),
        pytest.param("1.999", 50, True, id="under half"),
        pytest.param("2", 50, False, id="half"),
        pytest.param("4", 100, False, id="everything"),
    ],
)
def test_weak_is_zero_or_under_the_share(points: str, low: int, *, weak: bool) -> None:
    assert is_weak(Result(unit="", criterion="1", points=Decimal(points), maximum=Decimal(4)), low=low) is weak


@pytest.mark.parametrize(
    ("per", "keys"), [(Per.FIELD, ["1", "2"]), (Per.CRITERION, ["1.1", "1.2", "2"]), (Per.LEAF, ["1.1.1", "1.2", "2"])]
)
def test_what_ends_above_the_depth_counts_itself(per: Per, keys: list[str]) -> None:
    assert [step.node.key for step in followed(TREE, per=per)] == keys


def test_who_leads_is_asked_of_the_day() -> None:
    steps = followed(TREE, per=Per.CRITERION)
    assert leads_on(steps, day=date(2025, 4, 30)) == {"1.1": "a", "1.2": "a", "2": "b"}
    assert leads_on(steps, day=date(2025, 5, 1))["2"] == "c"


def test_leads_are_followed_where_a_line_says_so() -> None:
    lines = (Improving(weak=WeakOf.UNITS), Improving(leads_of="x"), Improving(weak=WeakOf.PROVINCE))
    assert [line.follows_leads for line in lines] == [False, True, True]


@pytest.mark.parametrize(
    ("percent", "state", "progress"),
    [
        (0, State.OPEN, Progress.NOT_BEGUN),
        (1, State.OPEN, Progress.UNDER_WAY),
        (100, State.OPEN, Progress.DONE),
        (40, State.SUBMITTED, Progress.DONE),
        (40, State.ACCEPTED, Progress.ACCEPTED),
        (100, State.WAIVED, Progress.DROPPED),
    ],
)
def test_a_claim_confirms_nothing(percent: int, state: State, progress: Progress) -> None:
    assert progress_of(percent, state=state) is progress


def test_progress_is_shared_by_what_is_still_wanted() -> None:
    assert shared_progress([(50, State.OPEN), (0, State.ACCEPTED), (99, State.WAIVED)]) == 75
    assert shared_progress([]) == 0


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("2.1", ("2.1", 0)),
        ("2.1/bp-3", ("2.1", 3)),
        ("KH/bp-1", ("", 1)),
        ("KH", ("", 0)),
        ("xa-1/3", ("", 0)),
        ("2025-Q1", ("", 0)),
        ("", ("", 0)),
    ],
)
def test_subjects_are_read(subject: str, named: tuple[str, int]) -> None:
    assert named_by(subject) == named


def test_a_subject_is_read_as_it_was_written() -> None:
    assert [named_by(measure_subject(criterion, 2)) for criterion in ("3.1.4", "")] == [("3.1.4", 2), ("", 2)]


def test_measures_are_counted_unit_by_unit_and_told_in_the_report() -> None:
    some = [
        ("Xã A", Progress.ACCEPTED, False),
        ("Xã A", Progress.DONE, True),
        ("Xã A", Progress.DROPPED, True),
        ("Xã B", Progress.UNDER_WAY, True),
        ("Xã B", Progress.NOT_BEGUN, False),
    ]
    counted = count_measures(
        Measured(obligation=number, unit=unit, progress=progress, late=late) for number, (unit, progress, late) in enumerate(some)
    )
    assert [(one.unit, one.total, one.done, one.late) for one in counted] == [("Xã B", 2, (), (3,)), ("Xã A", 2, (0, 1), ())]
    (told,) = measure_sections(counted)
    assert told.paragraphs == ("Tổng số biện pháp: 4; đã thực hiện: 2, đang thực hiện: 1, chưa thực hiện: 1; quá hạn: 1.",)
    assert told.tables[0].rows == (("Xã B", "2", "0", "1", "1"), ("Xã A", "2", "2", "0", "0"))
    assert measure_sections(()) == ()
