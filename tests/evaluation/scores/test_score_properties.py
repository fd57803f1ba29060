"""What holds of every set, every score and every table: a few examples each."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.criteria.sets import CriteriaSet, Method, Node, Scoring, walk
from evaluation.scores.editions import Edition, Measured
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.index import IndexRules, figures, index_of, trace
from evaluation.scores.numbers import displayed, total
from evaluation.scores.publication import canonical, freeze, verify
from evaluation.scores.ranking import Contender, RankingRules, TieRule, rank_units
from evaluation.scores.results import result_sheet
from evaluation.scores.sheets import Part

if TYPE_CHECKING:
    from collections.abc import Callable

D = Decimal
FEW = settings(max_examples=25, deadline=None)
THOUSANDTHS = st.integers(min_value=1, max_value=20_000).map(lambda number: D(number).scaleb(-3))


@st.composite
def sets(draw: st.DrawFn) -> CriteriaSet:
    """Fields with leaves, some of them criteria with sub-criteria; sometimes a survey."""
    fields = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        maxima = draw(st.lists(THOUSANDTHS, min_size=1, max_size=3))
        leaves = tuple(_leaf(f"{number}.{place}", maximum) for place, maximum in enumerate(maxima, start=1))
        nested = draw(st.booleans())
        inside = (Node(key=f"{number}.9", title="TC", children=tuple(_leaf(f"{number}.9.{n}", one) for n, one in enumerate(maxima))),)
        fields.append(Node(key=str(number), title=f"Lĩnh vực {number}", children=inside if nested else leaves))
    if draw(st.booleans()):
        fields.append(_leaf("8", draw(THOUSANDTHS), Method.SURVEY))
    return CriteriaSet(key="s", title="S", fields=tuple(fields))


def _leaf(key: str, maximum: Decimal, method: Method = Method.POINTS) -> Node:
    return Node(key=key, title=key, maximum=maximum, scoring=Scoring(method=method))


@st.composite
def measured_units(draw: st.DrawFn) -> tuple[Measured, ...]:
    """A few units of one set, each with scores of every leaf; a ratio may give decimals without end."""
    criteria = draw(sets())
    units = []
    for number in range(draw(st.integers(1, 4))):
        scope = Scope(cycle="2022", unit=f"u{number}", criteria=criteria, group="so")
        shares = {step.node.key: draw(st.integers(0, 7)) for step in scope.leaves}
        scores = {step.node.key: (step.node.maximum or D(0)) * shares[step.node.key] / 7 for step in scope.leaves}
        units.append(Measured(scope=scope, name=f"Đơn vị {number}", scores={Part.FINAL: scores}))
    return tuple(units)


@FEW
@given(measured_units())
def test_an_index_without_bonus_lies_between_0_and_100_at_every_node(units: tuple[Measured, ...]) -> None:
    for unit in units:
        found = index_of(unit.scope, unit.scores[Part.FINAL], rules=IndexRules())
        assert all(0 <= one.index <= 100 for one in (found.whole, *figures(found.fields)) if one.index is not None)
        assert found.index == found.whole.index


@FEW
@given(measured_units())
def test_every_total_is_the_sum_of_its_leaves(units: tuple[Measured, ...]) -> None:
    found = index_of(units[0].scope, units[0].scores[Part.FINAL], rules=IndexRules())
    for one in figures(found.fields):
        assert one.points == total(leaf.points for leaf in trace(found, one.node))
        assert one.maximum == total(leaf.maximum for leaf in trace(found, one.node))


@FEW
@given(measured_units(), st.data())
def test_exempting_a_node_changes_no_other_unit_and_never_raises_the_denominator(units: tuple[Measured, ...], data: st.DataObject) -> None:
    scope = units[0].scope
    node = data.draw(st.sampled_from([step.node.key for step in walk(scope.criteria)]))
    exemption = Exemption(cycle="2022", unit="u0", node=node, reason="r", approver="a")
    exempt = tuple(replace(unit, scope=replace(unit.scope, exemptions=(exemption,))) for unit in units)
    for before, after in zip(units[1:], exempt[1:], strict=True):
        was = index_of(before.scope, before.scores[Part.FINAL], rules=IndexRules())
        assert index_of(after.scope, after.scores[Part.FINAL], rules=IndexRules()) == was
    owed = {step.node.key for step in exempt[0].scope.owed}
    if owed:
        scores = units[0].scores[Part.FINAL]
        lowered = index_of(exempt[0].scope, {key: points for key, points in scores.items() if key in owed}, rules=IndexRules())
        assert lowered.maximum < index_of(scope, scores, rules=IndexRules()).maximum


@FEW
@given(measured_units())
def test_displayed_parts_make_up_the_displayed_total_within_half_a_digit_each(units: tuple[Measured, ...]) -> None:
    *fields, whole = result_sheet(index_of(units[0].scope, units[0].scores[Part.FINAL], rules=IndexRules()))
    off = abs(total(line.points for line in fields) - whole.points)
    assert off <= D("0.005") * (len(fields) + 1)


INDEXES = st.lists(st.sampled_from([D(number) / 3 for number in range(240, 246)] + [D("80.004"), D("80.0041")]), min_size=1, max_size=9)


@FEW
@given(INDEXES, st.sampled_from(TieRule))
def test_a_ranking_is_a_weak_order_of_unrounded_values(indexes: list[Decimal], ties: TieRule) -> None:
    contenders = [Contender(unit=f"u{number}", group="so", index=index, points=index) for number, index in enumerate(indexes)]
    (table,) = rank_units(contenders, rules=RankingRules(ties=ties))
    assert sorted(line.contender.unit for line in table.lines) == sorted(one.unit for one in contenders)
    for one in table.lines:
        for other in table.lines:
            assert one.place is not None
            assert other.place is not None
            if one.contender.index > other.contender.index:
                assert one.place < other.place
            if one.contender.index == other.contender.index and ties is not TieRule.DISTINCT:
                assert one.place == other.place
    shared = len(indexes) - indexes.count(min(indexes)) + 1
    highest = {TieRule.SHARED: shared, TieRule.DENSE: len(set(indexes)), TieRule.DISTINCT: len(indexes)}
    assert max(line.place or 0 for line in table.lines) == highest[ties]
    (again,) = rank_units(reversed(contenders), rules=RankingRules(ties=ties))
    assert again == table


@FEW
@given(measured_units(), st.data())
def test_a_bundle_with_any_one_value_changed_is_found_out(units: tuple[Measured, ...], data: st.DataObject) -> None:
    frozen = freeze(Edition(authority="a", cycle="2022", year=2022, units=units))
    assert verify(frozen.content, expected=frozen.sha256) == ()
    value = json.loads(frozen.content)
    places = list(_values(value))
    change = data.draw(st.sampled_from(places))
    change()
    content = canonical(value)
    assert content != frozen.content
    assert verify(content, expected=frozen.sha256) != ()


@FEW
@given(measured_units(), st.data())
def test_a_result_changed_and_hashed_anew_is_found_by_recomputing_from_the_leaves(units: tuple[Measured, ...], data: st.DataObject) -> None:
    value = json.loads(freeze(Edition(authority="a", cycle="2022", year=2022, units=units)).content)
    unit = data.draw(st.sampled_from(value["units"]))
    data.draw(st.sampled_from([*_values(unit["results"]), *_values(value["tables"])]))()
    content = canonical(value)
    assert verify(content, expected=sha256(content).hexdigest()) != ()


def _values(held: Any) -> list[Callable[[], None]]:
    """Return, for each plain value below a list or mapping, what changes it to another."""
    pairs = held.items() if isinstance(held, dict) else enumerate(held)
    changes: list[Callable[[], None]] = []
    for key, value in pairs:
        if isinstance(value, dict | list):
            changes += _values(value)
        else:
            changes.append(lambda key=key, value=value: held.__setitem__(key, _other(value)))  # type: ignore[misc]
    return changes


def _other(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}1"


def test_other_values_are_others() -> None:
    assert [_other(value) for value in (True, None, 1, "83.54", "")] == [False, True, 2, "83.541", "1"]
    assert displayed(D(1)) == D("1.00")
