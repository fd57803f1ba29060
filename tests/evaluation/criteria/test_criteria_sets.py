"""Criteria sets: leaves at any depth, leads by day, sums, differences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from evaluation.criteria.checks import findings_of
from evaluation.criteria.differences import compare
from evaluation.criteria.sets import Counts, CriteriaSet, Lead, Method, Node, Scoring, items_of, leaves, points_below, step_named, walk
from evaluation.criteria.words import Changed
from evaluation.plans import Item


def make_leaf(key: str, points: str = "10", **changes: Any) -> Node:
    return Node(**{"key": key, "title": f"Tiêu chí {key}", "maximum": Decimal(points), "scoring": Scoring(), **changes})


def make_set(*fields: Node, total: str | None = None, **changes: Any) -> CriteriaSet:
    given = {"key": "thu", "title": "Thử", "fields": fields, "total": None if total is None else Decimal(total)}
    return CriteriaSet(**{**given, **changes})


#: Field 1 has a criterion with two sub-criteria and one without; field 2 is a leaf itself.
UNEVEN = make_set(
    Node(
        key="1",
        title="Chỉ đạo điều hành",
        maximum=Decimal(25),
        counts=Counts(criteria=2, sub_criteria=2),
        children=(
            Node(key="1.1", title="Kế hoạch", maximum=Decimal(15), children=(make_leaf("1.1.1", "7.5"), make_leaf("1.1.2", "7.50"))),
            make_leaf("1.2", groups=("so",)),
        ),
    ),
    make_leaf("2", "75"),
    total="100.000",
    counts=Counts(fields=2, criteria=2, sub_criteria=2),
)


def test_leaves_stand_at_any_depth_and_become_items_in_the_order_of_the_tree() -> None:
    assert [(step.node.key, step.depth) for step in walk(UNEVEN)] == [
        ("1", 0),
        ("1.1", 1),
        ("1.1.1", 2),
        ("1.1.2", 2),
        ("1.2", 1),
        ("2", 0),
    ]
    assert [step.node.key for step in leaves(UNEVEN)] == ["1.1.1", "1.1.2", "1.2", "2"]
    assert items_of(UNEVEN, group="xa") == tuple(Item(key=key, title=f"Tiêu chí {key}") for key in ("1.1.1", "1.1.2", "2"))
    assert [item.key for item in items_of(UNEVEN, group="so")] == ["1.1.1", "1.1.2", "1.2", "2"]


def test_a_criterion_is_never_added_to_its_sub_criteria() -> None:
    assert points_below(UNEVEN.fields[0]) == Decimal(25)
    assert findings_of(UNEVEN) == ()


@pytest.mark.parametrize(
    ("day", "party"),
    [
        pytest.param(date(2024, 12, 31), "so-tttt", id="inherited from the field"),
        pytest.param(date(2025, 3, 1), "so-khcn", id="the field's lead changed inside the cycle"),
        pytest.param(date(2025, 7, 1), "so-noi-vu", id="its own lead goes before the field's"),
        pytest.param(date(2026, 1, 1), "so-khcn", id="its own has ended: the field's again"),
    ],
)
def test_a_lead_holds_on_its_days_and_is_inherited(day: date, party: str) -> None:
    field = UNEVEN.fields[0]
    own = Lead(party="so-noi-vu", from_on=date(2025, 6, 1), to_on=date(2025, 12, 31))
    led = replace(field.children[1], leads=(own,))
    former = Lead(party="so-tttt", to_on=date(2025, 2, 28))
    leads = (former, Lead(party="so-khcn", from_on=date(2025, 3, 1)))
    criteria = replace(UNEVEN, fields=(replace(field, leads=leads, children=(field.children[0], led)), UNEVEN.fields[1]))
    step = step_named(criteria, "1.2")
    assert step is not None
    lead = step.lead_on(day)
    assert lead is not None
    assert lead.party == party


def test_the_misprinted_set_of_2019_is_told_by_what_is_missing_and_which_digits_were_changed_over() -> None:
    printed = ("20.5", "10.00", "10.00", "6.00", "10.05", "6.00", "14.00", "9.00", "14.00")
    criteria = make_set(*(make_leaf(str(number), points) for number, points in enumerate(printed, start=1)), total="100")
    (finding,) = findings_of(criteria)
    assert (
        finding.text("vi")
        == "tổng điểm của 9 lĩnh vực là 99,55, thiếu 0,45 so với tổng điểm ghi là 100 (5 ghi 10,05, nếu là 10,50 thì khớp)"
    )
    assert finding.text("en") == "the 9 fields sum to 99.55, 0.45 short of the declared total of 100 (5 says 10.05, 10.50 would fit)"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"total": Decimal("99.5")}, "tổng điểm của 2 lĩnh vực là 100, thừa 0,5 so với tổng điểm ghi là 99,5", id="too much"),
        pytest.param({"counts": Counts(fields=3)}, "bộ tiêu chí có 2 lĩnh vực, quyết định ghi 3", id="fields counted"),
        pytest.param(
            {"counts": Counts(sub_criteria=3)}, "bộ tiêu chí có 2 tiêu chí thành phần, quyết định ghi 3", id="sub-criteria counted"
        ),
    ],
)
def test_what_is_wrong_about_the_whole(changes: dict[str, Any], said: str) -> None:
    assert [finding.text() for finding in findings_of(replace(UNEVEN, **changes))] == [said]


def test_children_are_held_to_what_their_parent_prints() -> None:
    field = replace(UNEVEN.fields[0], children=(replace(UNEVEN.fields[0].children[0], maximum=Decimal(26)), UNEVEN.fields[0].children[1]))
    found = findings_of(replace(UNEVEN, fields=(field, UNEVEN.fields[1])))
    assert [(finding.code, finding.node, finding.about) for finding in found] == [
        ("child-above-parent", "1.1", "maximum"),
        ("sum-of-children", "1", "maximum"),
        ("sum-of-children", "1.1", "maximum"),
    ]


def test_a_bonus_stands_beside_the_sum() -> None:
    bonus = make_leaf("3", "5", scoring=Scoring(method=Method.BONUS, floor=Decimal(-5)))
    assert findings_of(replace(UNEVEN, fields=(*UNEVEN.fields, bonus), counts=Counts())) == ()


def test_what_another_set_says_otherwise() -> None:
    field, second = UNEVEN.fields
    moved = replace(field.children[1], maximum=Decimal("9.5"), leads=(Lead(party="so-noi-vu"),))
    renumbered = replace(field.children[0].children[1], key="2.1")
    after = replace(
        UNEVEN,
        fields=(
            replace(
                field, title="Chỉ đạo, điều hành", children=(replace(field.children[0], children=field.children[0].children[:1]), moved)
            ),
            replace(second, children=(renumbered, make_leaf("2.2")), scoring=None),
        ),
    )
    compared = compare(UNEVEN, after)
    assert [(one.node, one.changed, one.before, one.after) for one in compared.differences] == [
        ("1", Changed.WORDS, "Chỉ đạo điều hành", "Chỉ đạo, điều hành"),
        ("1.2", Changed.POINTS, "10", "9,5"),
        ("1.2", Changed.LEADS, "", "so-noi-vu"),
        ("2", Changed.METHOD, "chấm điểm", ""),
        ("2.1", Changed.RENUMBERED, "1.1.2", "2.1"),
        ("2.1", Changed.MOVED, "1.1", "2"),
        ("2.2", Changed.ADDED, "", "10"),
    ]
    assert [one.changed for one in compare(after, UNEVEN).differences].count(Changed.DROPPED) == 1
    assert not compare(UNEVEN, UNEVEN)
