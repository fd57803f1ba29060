"""Places inside groups, ties, bands, gaps; weak criteria; last year beside this one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from evaluation.scores.comparison import Comparison, Obstacle, Standing, Succession, compare_groups, compare_years
from evaluation.scores.faults import ScoreError
from evaluation.scores.index import IndexRules, index_of
from evaluation.scores.ranking import Band, By, Contender, RankingRules, TieRule, band_of, rank_units
from evaluation.scores.weakness import weak_criteria
from tests.evaluation.scores.small_sets import FULL, make_scope

D = Decimal
MINISTRY = (Band(name="A", least=D(90)), Band(name="B", least=D(80)), Band(name="C", least=D(70)))


def one(unit: str, index: str, points: str = "", group: str = "so", **changes: Any) -> Contender:
    return Contender(unit=unit, group=group, index=D(index), points=D(points or index), **changes)


def places(*contenders: Contender, **rules: Any) -> list[tuple[str, int | None]]:
    (table,) = rank_units(contenders, rules=RankingRules(**rules))
    return [(line.contender.unit, line.place) for line in table.lines]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        pytest.param(TieRule.SHARED, [1, 2, 2, 4], id="shared, the next skipped"),
        pytest.param(TieRule.DENSE, [1, 2, 2, 3], id="dense"),
        pytest.param(TieRule.DISTINCT, [1, 2, 3, 4], id="each its own"),
    ],
)
def test_the_tie_rule_decides_what_equals_get(ties: TieRule, expected: list[int]) -> None:
    found = places(one("d", "70"), one("c", "80.0"), one("b", "80"), one("a", "90"), ties=ties)
    assert found == list(zip("abcd", expected, strict=True))


def test_the_same_displayed_value_may_hold_two_places_because_unrounded_values_decide() -> None:
    contenders = one("a", "83.5449"), one("b", "83.5401")
    assert places(*contenders) == [("a", 1), ("b", 2)]
    (table,) = rank_units(contenders, rules=RankingRules())
    assert [line.tied_with for line in table.lines] == [(), ()]


def test_keys_break_ties_before_the_tie_rule_in_their_order() -> None:
    contenders = (
        one("a", "80", "72", fields={"1": D(70), "2": None}),
        one("b", "80", "80", fields={"1": D(90), "2": D(10)}),
        one("c", "80", "72", fields={"1": D(75), "2": D(0)}),
        one("d", "80", "72", fields={"1": D(70), "2": D(0)}),
    )
    assert places(*contenders) == [("a", 1), ("b", 1), ("c", 1), ("d", 1)]
    assert places(*contenders, tie_keys=("points",)) == [("b", 1), ("a", 2), ("c", 2), ("d", 2)]
    assert places(*contenders, tie_keys=("points", "1")) == [("b", 1), ("c", 2), ("a", 3), ("d", 3)]
    assert places(*contenders, tie_keys=("points", "1", "2")) == [("b", 1), ("c", 2), ("d", 3), ("a", 4)]


def test_distinct_places_of_equals_say_whom_they_equal() -> None:
    (table,) = rank_units([one("b", "80"), one("a", "80")], rules=RankingRules(ties=TieRule.DISTINCT))
    assert [(line.contender.unit, line.place, line.tied_with) for line in table.lines] == [("a", 1, ("b",)), ("b", 2, ("a",))]


def test_groups_are_ranked_apart_and_special_units_stand_without_a_place() -> None:
    tables = rank_units(
        [one("so-a", "80"), one("xa-a", "95", group="xa"), one("so-b", "85"), one("vp-ubnd", "99", special=True)],
        rules=RankingRules(bands=MINISTRY),
    )
    assert [(table.group, [(line.contender.unit, line.place, line.of) for line in table.lines]) for table in tables] == [
        ("so", [("so-b", 1, 2), ("so-a", 2, 2), ("vp-ubnd", None, 2)]),
        ("xa", [("xa-a", 1, 1)]),
    ]
    so = tables[0]
    assert (so.mean, so.gap, dict(so.bands)) == (D("82.5"), D(5), {"A": 0, "B": 2, "C": 0})
    assert [line.band for line in so.lines] == ["B", "B", "A"]
    assert so.line("nobody") is None


def test_gaps_are_in_index_and_in_points_and_means_are_of_those_a_field_applies_to() -> None:
    (table,) = rank_units(
        [
            one("a", "92", "90", fields={"1": D(90), "2": D(100)}),
            one("b", "89.5", "89.4", fields={"1": D(80), "2": None}),
            one("c", "87.7", "88.9", fields={"1": D(70), "2": D(50)}),
        ],
        rules=RankingRules(),
    )
    assert [(line.ahead, line.ahead_points) for line in table.lines] == [(None, None), (D("2.5"), D("0.6")), (D("1.8"), D("0.5"))]
    assert (table.gap, table.gap_points) == (D("4.3"), D("1.1"))
    assert dict(table.field_means) == {"1": D(80), "2": D(75)}


def test_the_gap_in_points_is_between_the_best_and_the_worst_points_whoever_is_first() -> None:
    """Exempt from ten points, the first of the group has fewer than the second: points and index are two series (domain §2.4)."""
    (table,) = rank_units([one("a", "90", "81"), one("b", "89", "89"), one("c", "85.5", "85.5")], rules=RankingRules())
    assert (table.gap, table.gap_points) == (D("4.5"), D(8))
    assert [line.ahead_points for line in table.lines] == [None, D(-8), D("3.5")]


def test_bands_go_by_the_exact_value_unless_the_displayed_one_decides() -> None:
    exact, shown = RankingRules(bands=MINISTRY), RankingRules(bands=MINISTRY, bands_by=By.DISPLAYED)
    assert [band_of(D(value), exact) for value in ("90", "89.995", "80", "79.9999", "69.99")] == ["A", "B", "B", "C", ""]
    assert [band_of(D(value), shown) for value in ("89.995", "89.9949", "79.995")] == ["A", "B", "B"]


def test_disordered_bands_unknown_keys_and_units_named_twice_are_refused() -> None:
    rules = RankingRules(bands=tuple(reversed(MINISTRY)), tie_keys=("9",))
    with pytest.raises(ScoreError) as refused:
        rank_units([one("a", "1"), one("a", "2")], rules=rules)
    assert [fault.code for fault in refused.value.faults] == ["no-such-tie-key", "ranked-twice", "no-such-tie-key", "bands-disordered"]


def test_a_group_of_special_units_alone_has_a_table_without_places() -> None:
    (table,) = rank_units([one("a", "1", special=True)], rules=RankingRules())
    assert (table.mean, table.gap, table.gap_points, table.lines[0].place) == (None, None, None, None)


def test_weak_criteria_are_told_per_field_the_dearest_first() -> None:
    scores = {**FULL, "1.1.1": D(9), "1.1.2": D(0), "1.2": D(5), "2.1": D(0)}
    found = weak_criteria(index_of(make_scope("u", "3"), {key: points for key, points in scores.items() if key != "3"}, rules=IndexRules()))
    assert [(weak.field, weak.node, weak.lost, weak.is_zero) for weak in found] == [
        ("1", "1.1.1", D(11), False),
        ("1", "1.1.2", D(10), True),
        ("2", "2.1", D(15), True),
    ]
    nobody_scored = index_of(make_scope(), {}, rules=IndexRules())
    assert weak_criteria(nobody_scored) == ()


# Last year beside this one


def year(unit: str, index: str, place: int | None = None, of: int = 0, **changes: Any) -> Standing:
    plain = Standing(unit=unit, group="tinh", criteria="876", points=D(index), maximum=D(100), index=D(index), place=place, of=of)
    return replace(plain, **changes)


def test_vinh_long_is_up_twelve_places_of_63() -> None:
    """Index 2022: 83.54, place 46 of 63, up 12 on 2021 (domain §2.2)."""
    (found,) = compare_years([year("vinh-long", "82.1", 58, 63)], [year("vinh-long", "83.54", 46, 63)])
    assert (found.places, found.index, found.is_comparable, found.words()) == (12, D("1.44"), True, "")
    assert found.after is not None
    assert found.after.placed == "46/63"


def test_places_of_groups_of_another_size_are_shown_and_not_subtracted() -> None:
    (found,) = compare_years([year("a", "80", 46, 63)], [year("a", "81", 30, 34)])
    assert (found.is_comparable, found.index, found.places) == (True, D(1), None)


def test_points_and_per_cent_are_two_series() -> None:
    before, after = year("a", "80", points=D(80), maximum=D(100)), year("a", "84", points=D("75.6"), maximum=D(90))
    (found,) = compare_years([before], [after])
    assert (found.points, found.index) == (D("-4.4"), D(4))


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        pytest.param({"criteria": "1051"}, Obstacle.SET, id="another set"),
        pytest.param({"group": "so"}, Obstacle.GROUP, id="another group"),
        pytest.param({"survey_held": False}, Obstacle.SURVEY, id="a survey in one year only"),
    ],
)
def test_what_changed_is_not_compared_unless_allowed_and_then_still_said(changes: dict[str, Any], obstacle: Obstacle) -> None:
    before, after = [year("a", "80", 1, 9)], [year("a", "81", 2, 9, **changes)]
    (refused,) = compare_years(before, after)
    (allowed,) = compare_years(before, after, allowed=frozenset({obstacle}))
    assert (refused.is_comparable, refused.index, refused.places, refused.obstacles) == (False, None, None, (obstacle,))
    assert (allowed.is_comparable, allowed.index, allowed.places, allowed.obstacles) == (True, D(1), -1, (obstacle,))
    assert allowed.words()
    assert allowed.words("en")


def test_a_merged_unit_stands_beside_each_it_came_from_and_is_compared_only_if_allowed() -> None:
    """Sở Khoa học và Công nghệ of 01/03/2025 took in Sở Thông tin và Truyền thông (domain §10)."""
    before = [year("so-khcn", "80", 5, 20), year("so-tttt", "86", 2, 20)]
    after = [year("so-khcn", "83", 3, 14)]
    links = [Succession(before="so-tttt", after="so-khcn")]
    found = compare_years(before, after, successions=links)
    assert [(line.unit, line.before and line.before.unit, line.is_comparable, line.continued) for line in found] == [
        ("so-khcn", "so-khcn", False, False),
        ("so-khcn", "so-tttt", False, True),
    ]
    assert {line.obstacles for line in found} == {(Obstacle.MERGED,)}
    allowed = compare_years(before, after, successions=links, allowed=frozenset({Obstacle.MERGED}))
    assert [line.index for line in allowed] == [D(3), D(-3)]


def test_a_unit_that_goes_on_under_another_key_is_compared_and_marked() -> None:
    links = [Succession(before="a", after="middle"), Succession(before="middle", after="b")]
    (found,) = compare_years([year("a", "80")], [year("b", "81")], successions=links)
    assert (found.unit, found.continued, found.is_comparable, found.index) == ("b", True, True, D(1))


def test_a_split_unit_a_new_one_and_an_ended_one() -> None:
    links = [Succession(before="old", after="x"), Succession(before="old", after="y")]
    found = compare_years(
        [year("old", "80"), year("gone", "70")],
        [year("x", "81"), year("y", "79"), year("new", "60")],
        successions=links,
        allowed=frozenset({Obstacle.SET}),
    )

    def seen(line: Comparison) -> tuple[str, tuple[Obstacle, ...], bool]:
        return line.unit, line.obstacles, line.is_comparable

    assert [seen(line) for line in found] == [
        ("x", (Obstacle.SPLIT,), False),
        ("y", (Obstacle.SPLIT,), False),
        ("new", (Obstacle.NEW,), False),
        ("gone", (Obstacle.ENDED,), False),
    ]
    everything = frozenset(Obstacle)
    assert [line.is_comparable for line in compare_years([year("gone", "1")], [year("new", "1")], allowed=everything)] == [False, False]


@pytest.mark.parametrize(
    ("before", "after", "links", "seen"),
    [
        ("a", "ab", ["ab"], [("a", {Obstacle.SPLIT}), ("b", {Obstacle.SPLIT})]),  # b was split off, a goes on
        ("a", "yz", ["ax", "xy", "xz"], [("y", {Obstacle.SPLIT}), ("z", {Obstacle.SPLIT})]),
        ("ab", "ab", ["ab!"], [("a", set()), ("b", set())]),  # split in an earlier year, or merged in a later one: a day tells
        ("ab", "ab", ["ab"], [("a", {Obstacle.SPLIT}), ("b", {Obstacle.MERGED}), ("b", {Obstacle.MERGED, Obstacle.SPLIT})]),
        ("ab", "a", ["ba"], [("a", {Obstacle.MERGED}), ("a", {Obstacle.MERGED})]),
    ],
)
def test_a_link_stands_against_comparing_the_years_between_which_it_was(
    before: str, after: str, links: list[str], seen: list[tuple[str, set[Obstacle]]]
) -> None:
    successions = [Succession(before=link[0], after=link[1], dated="!" in link) for link in links]
    found = compare_years([year(one, "80") for one in before], [year(one, "81") for one in after], successions=successions)
    assert [(line.unit, set(line.obstacles)) for line in found] == seen
    assert all(line.is_comparable is not bool(line.obstacles) for line in found)


def test_the_gap_of_thanh_xuan_narrowed_from_14_3_to_4_5() -> None:
    """Phòng ban 14.3 (2021) → 4.5 (2022), phường 8.9 → 3.36 (domain §2.4)."""
    rules = RankingRules(bands=MINISTRY)
    phong_2021, phuong_2021 = [one("p1", "92.3", group="phong"), one("p2", "78", group="phong")], [one("w1", "90", group="phuong")]
    before = rank_units([*phong_2021, *phuong_2021, one("w2", "81.1", group="phuong")], rules=rules)
    after = rank_units(
        [
            one("p1", "94.5", group="phong"),
            one("p2", "90", group="phong"),
            one("p3", "93", group="phong"),
            one("vp", "70", group="phong", special=True),
            one("w1", "95.36", group="phuong"),
            one("w2", "92", group="phuong"),
            one("x", "1", group="moi"),
        ],
        rules=rules,
    )
    phong, phuong = compare_groups(before, after)
    assert (phong.gaps, phong.gap_change, phong.sizes) == ((D("14.3"), D("4.5")), D("-9.8"), (2, 3))
    assert (phuong.gaps, phuong.gap_change) == ((D("8.9"), D("3.36")), D("-5.54"))
    assert [dict(bands) for bands in phong.bands] == [{"A": 1, "B": 0, "C": 1}, {"A": 3, "B": 0, "C": 0}]
