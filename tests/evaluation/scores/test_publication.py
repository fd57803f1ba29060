"""The frozen bundle: the same bytes for the same edition, its schema, and a check that finds what was touched."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from jsonschema import Draft202012Validator

from config.scores_bundles import BUNDLE_SCHEMA, check_bundle
from evaluation.criteria.sets import Decision
from evaluation.scores.editions import Edition, Measured, outcome_of
from evaluation.scores.encoding import decode_given
from evaluation.scores.faults import ScoreError
from evaluation.scores.index import IndexRules
from evaluation.scores.publication import bundle_of, canonical, freeze, verify
from evaluation.scores.ranking import Band, RankingRules, TieRule
from evaluation.scores.sheets import Part
from tests.evaluation.scores.small_sets import CYCLE, FULL, UNEVEN, make_scope

if TYPE_CHECKING:
    from collections.abc import Callable

D = Decimal


def measured(unit: str, *exempt: str, special: bool = False, group: str = "so", **scores: str) -> Measured:
    final = {**FULL, **{key.removeprefix("n").replace("_", "."): D(points) for key, points in scores.items()}}
    scope = make_scope(unit, *exempt, group=group)
    owed = {step.node.key for step in scope.owed}
    own = {key: points for key, points in final.items() if key in owed}
    appraised = {key: points for key, points in own.items() if key != "3"}
    return Measured(
        scope=scope, name=f"Sở {unit}", special=special, scores={Part.SELF: appraised, Part.APPRAISED: appraised, Part.FINAL: own}
    )


def edition(**changes: Any) -> Edition:
    plain = Edition(
        authority="vinh-long",
        cycle=CYCLE,
        year=2022,
        decision=Decision(number="617/QĐ-UBND", issuer="UBND tỉnh"),
        ranking_rules=RankingRules(bands=(Band(name="Tốt", least=D(85)), Band(name="Khá", least=D(80))), tie_keys=("1", "points")),
        units=(
            measured("b", n2_1="12.345"),
            measured("a"),
            measured("c", "1.2"),
            measured("vp", special=True, n4="-2.5"),
            measured("xa-1", group="xa", n1_1_1="0"),
        ),
    )
    return replace(plain, **changes)


def test_the_same_edition_gives_the_same_bytes_and_its_bundle_is_sound() -> None:
    frozen = freeze(edition())
    assert frozen == freeze(replace(edition(), units=tuple(reversed(edition().units))))
    assert frozen.sha256 == sha256(frozen.content).hexdigest()
    assert verify(frozen.content, expected=frozen.sha256) == ()
    assert "Sở a".encode() in frozen.content
    value = json.loads(frozen.content)
    assert frozen.content == rfc8785.dumps(value) == canonical(value)


def test_the_bundle_says_results_places_and_tables() -> None:
    value = bundle_of(edition())
    results = {unit["unit"]: unit["results"] for unit in value["units"]}
    assert [(key, one["index"], one["place"], one["of"], one["band"]) for key, one in results.items()] == [
        ("a", "85.25", 2, 3, "Tốt"),
        ("b", "84.095", 3, 3, "Khá"),
        ("c", "85." + "8" + "3" * 29, 1, 3, "Tốt"),
        ("vp", "82.75", None, 3, "Khá"),
        ("xa-1", "67.25", 1, 1, ""),
    ]
    assert results["c"]["maximum"] == "90"
    assert results["a"]["self"] == {"points": "60.5", "maximum": "70", "index": "86.428571428571428571428571428571"}
    assert [table["order"] for table in value["tables"]] == [["c", "a", "b", "vp"], ["xa-1"]]
    assert value["tables"][0]["bands"] == [{"name": "Tốt", "units": 2}, {"name": "Khá", "units": 1}]


def test_what_a_bundle_rests_on_is_read_back_as_it_was() -> None:
    plain = edition(index_rules=IndexRules(cap=D(100)), ranking_rules=RankingRules(ties=TieRule.DENSE))
    value = json.loads(freeze(plain).content)
    assert bundle_of(decode_given(value)) == value


def test_a_unit_measured_by_the_survey_alone_has_no_self_assessed_index_and_hinders_nobody() -> None:
    results = bundle_of(edition(units=(measured("a"), measured("b", "1", "2", n4="2"))))["units"][1]["results"]
    assert (results["self"], results["appraised"]) == (None, None)
    assert (results["points"], results["maximum"], results["bonus"]) == ("26.75", "30", "2")


def test_leaves_without_a_final_score_are_not_published() -> None:
    lacking = measured("a")
    scores = {**lacking.scores, Part.FINAL: {key: points for key, points in FULL.items() if key not in {"1.2", "3"}}}
    with pytest.raises(ScoreError) as refused:
        freeze(edition(units=(replace(lacking, scores=scores),)))
    assert [(fault.code, fault.unit) for fault in refused.value.faults] == [("not-complete", "a")]
    assert "2 mục chưa có điểm chính thức: 1.2, 3" in refused.value.text("vi")


def test_two_sets_of_one_key_are_refused() -> None:
    other = measured("b")
    changed = replace(other, scope=replace(other.scope, criteria=replace(UNEVEN, title="Bản khác")))
    with pytest.raises(ScoreError) as refused:
        outcome_of(edition(units=(measured("a"), changed)))
    assert [fault.code for fault in refused.value.faults] == ["sets-of-one-key"]


def test_a_bundle_whose_hash_is_another_is_told() -> None:
    frozen = freeze(edition())
    touched = frozen.content.replace("Sở a".encode(), "Sở z".encode())
    assert [fault.code for fault in verify(touched, expected=frozen.sha256)] == ["bundle-hash"]


def set_final(value: Any) -> None:
    value["units"][0]["scores"][0]["final"] = "19"


def set_maximum(value: Any) -> None:
    value["criteria"][0]["fields"][1]["children"][0]["maximum"] = "16"


def set_place(value: Any) -> None:
    value["units"][0]["results"]["place"] = 1


def set_index(value: Any) -> None:
    value["units"][2]["results"]["index"] = "85.83"


def drop_exemption(value: Any) -> None:
    value["units"][2]["exemptions"].clear()


def set_survey(value: Any) -> None:
    value["rules"]["survey_held"] = False


def add_key(value: Any) -> None:
    value["units"][0]["results"]["note"] = "x"


def drop_table(value: Any) -> None:
    value["tables"].pop()


def break_number(value: Any) -> None:
    value["units"][0]["scores"][0]["final"] = "1e999999999"


def set_band(value: Any) -> None:
    value["rules"]["bands"][0]["least"] = "86"


@pytest.mark.parametrize(
    ("touch", "told"),
    [
        pytest.param(set_final, [("bundle-differs", "tables[0].gap_points")], id="a leaf"),
        pytest.param(set_maximum, [("bundle-differs", "units[0].results.index")], id="a maximum"),
        pytest.param(set_place, [("bundle-differs", "units[0].results.place")], id="a place"),
        pytest.param(set_index, [("bundle-differs", "units[2].results.index")], id="a rounded index"),
        pytest.param(drop_exemption, [("not-complete", "c")], id="an exemption taken away"),
        pytest.param(set_survey, [("survey-not-held", "a · 3")], id="survey or none"),
        pytest.param(add_key, [("bundle-differs", "units[0].results.note")], id="a value that nobody knows"),
        pytest.param(drop_table, [("bundle-differs", "tables")], id="a table taken away"),
        pytest.param(break_number, [("bundle-unreadable", "")], id="a number that is none"),
        pytest.param(set_band, [("bundle-differs", "units[0].results.band")], id="a band"),
    ],
)
def test_whoever_changes_a_value_and_hashes_anew_is_found_by_recomputing(touch: Callable[[Any], None], told: list[tuple[str, str]]) -> None:
    value = json.loads(freeze(edition()).content)
    touch(value)
    content = canonical(value)
    found = [(fault.code, fault.where) for fault in verify(content, expected=sha256(content).hexdigest())]
    assert set(told) <= set(found), found
    assert "bundle-hash" not in {code for code, _ in found}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"{", "bundle-unreadable", id="no JSON"),
        pytest.param(b"[]", "bundle-unreadable", id="a list"),
        pytest.param(b"{}", "bundle-unreadable", id="nothing"),
        pytest.param(b"\xff", "bundle-unreadable", id="no text"),
    ],
)
def test_what_is_no_bundle_is_said_to_be_none(content: bytes, code: str) -> None:
    assert code in [fault.code for fault in verify(content, expected=sha256(content).hexdigest())]


def test_the_same_values_written_otherwise_are_not_the_bundle() -> None:
    content = json.dumps(json.loads(freeze(edition()).content), indent=1).encode()
    assert [fault.code for fault in verify(content, expected=sha256(content).hexdigest())] == ["bundle-not-canonical"]


@pytest.mark.parametrize(
    ("touch", "way"),
    [
        pytest.param(add_key, "units[0].results", id="a value that nobody knows"),
        pytest.param(break_number, "units[0].scores[0].final", id="a number that is none"),
    ],
)
def test_the_schema_refuses_shapes_that_a_bundle_never_has(touch: Callable[[Any], None], way: str) -> None:
    value = json.loads(freeze(edition()).content)
    touch(value)
    content = canonical(value)
    found = check_bundle(content, expected=sha256(content).hexdigest())
    assert ("bundle-shape", way) == (found[0].code, found[0].about)


def test_a_sound_bundle_has_its_shape_and_no_json_has_none() -> None:
    frozen = freeze(edition())
    assert check_bundle(frozen.content, expected=frozen.sha256.upper()) == ()
    assert [fault.code for fault in check_bundle(b"{", expected=sha256(b"{").hexdigest())] == ["bundle-unreadable"]
    assert Draft202012Validator.check_schema(json.loads(BUNDLE_SCHEMA.read_text(encoding="utf-8"))) is None
