"""docs/seeds.md and the shipped plans say the same: every sentence that obliges somebody has its stages, and every stage its sentence."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = ROOT / "docs" / "seeds.md"
PLANS = sorted((ROOT / "config" / "plans").glob("*.yaml"))
ROSTERS = sorted((ROOT / "config" / "rosters").glob("*.yaml"))
SECTION = re.compile(r"## Seed (\d{3}): ")
ROW = re.compile(r"\| s(\d+) \| (.+?) \| (.+?) \| (.+?) \|")
REFERENCE = re.compile(r"`([^`/]+)/([^`/]+)`")
REASONS = ("headline; every stage", "caption", "headline: a result", "a result")
SOURCE = re.compile(r"seed (\d{3}) s(\d+)")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    seed: str
    number: int
    words: str
    who: str
    stages: str

    @property
    def references(self) -> set[tuple[str, str]]:
        return {(plan, stage) for plan, stage in REFERENCE.findall(self.stages)}


@cache
def sentences() -> tuple[Sentence, ...]:
    """Return the numbered rows of docs/seeds.md, in order."""
    found: list[Sentence] = []
    seed = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = SECTION.match(line)
            seed = section[1] if section else ""
        elif seed and (row := ROW.fullmatch(line)):
            found.append(Sentence(seed=seed, number=int(row[1]), words=row[2], who=row[3], stages=row[4]))
        else:
            assert not (seed and line.startswith("| s") and line[3].isdigit()), f"not a row of four cells: {line}"
    return tuple(found)


@cache
def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    return data


@cache
def stages() -> dict[tuple[str, str], dict[str, Any]]:
    return {(path.stem, stage["key"]): stage for path in PLANS for stage in read(path)["stages"]}


def from_seeds() -> list[Any]:
    """Return each stage that names a sentence: plan, stage, seed, number."""
    named = [(plan, key, SOURCE.fullmatch(stage["source"])) for (plan, key), stage in stages().items()]
    return [pytest.param(plan, key, found[1], int(found[2]), id=f"{plan}/{key}") for plan, key, found in named if found]


def roster(name: str) -> list[dict[str, Any]]:
    parties: list[dict[str, Any]] = read(ROOT / "config" / "rosters" / f"{name}.yaml")["parties"]
    return parties


def test_six_plans_have_their_rosters() -> None:
    assert [path.stem for path in PLANS] == [
        "bac-lieu-2020",
        "province-two-tier",
        "quang-nam-2023",
        "thai-nguyen-2019",
        "thanh-xuan-2022",
        "vinh-long-2023",
    ]
    assert [read(path)["roster"] for path in PLANS] == [path.stem for path in ROSTERS]


def test_sentences_are_numbered_without_a_gap() -> None:
    numbers = {seed: [s.number for s in sentences() if s.seed == seed] for seed in ("000", "001", "002", "003", "004")}
    assert numbers == {seed: list(range(1, len(found) + 1)) for seed, found in numbers.items()}
    assert {seed: len(found) for seed, found in numbers.items()} == {"000": 12, "001": 18, "002": 11, "003": 16, "004": 7}


def test_every_reference_names_a_stage() -> None:
    named = set(REFERENCE.findall(DOCUMENT.read_text(encoding="utf-8"))) - {("plan", "stage")}
    assert named - set(stages()) == set()


def test_every_reference_stands_in_a_row() -> None:
    elsewhere = set(REFERENCE.findall(DOCUMENT.read_text(encoding="utf-8"))) - {("plan", "stage")}
    assert elsewhere == {reference for sentence in sentences() for reference in sentence.references}


@pytest.mark.parametrize("sentence", sentences(), ids=lambda s: f"seed {s.seed} s{s.number}")
def test_sentence_without_a_stage_says_why(sentence: Sentence) -> None:
    assert sentence.references or sentence.stages.startswith(REASONS)


@pytest.mark.parametrize(("plan", "key", "seed", "number"), from_seeds())
def test_stage_is_referenced_by_its_sentence(plan: str, key: str, seed: str, number: int) -> None:
    row = next(s for s in sentences() if (s.seed, s.number) == (seed, number))
    assert (plan, key) in row.references


@pytest.mark.parametrize(("plan", "key", "seed", "number"), from_seeds())
def test_words_of_a_stage_are_quoted_in_its_sentence(plan: str, key: str, seed: str, number: int) -> None:
    row = next(s for s in sentences() if (s.seed, s.number) == (seed, number))
    assert unicodedata.normalize("NFC", stages()[plan, key]["words"]) in row.words


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.stem)
def test_stage_rests_on_one_seed_or_on_custom(path: Path) -> None:
    sources = Counter(stage["source"].rpartition(" s")[0] or stage["source"] for stage in read(path)["stages"])
    seeds = [source for source in sources if source.startswith("seed ")]
    assert set(sources) <= {"customary", *seeds}
    assert len(seeds) == (0 if path.stem == "province-two-tier" else 1)


@pytest.mark.parametrize("path", PLANS, ids=lambda p: p.stem)
def test_custom_is_said_in_the_words(path: Path) -> None:
    customary = [stage for stage in read(path)["stages"] if stage["source"] == "customary"]
    assert [stage["key"] for stage in customary if not stage["words"].startswith("Thông lệ: ")] == (
        ["quarterly-report-to-chair"] if path.stem == "province-two-tier" else []
    )


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        pytest.param("bac-lieu-2020", {"so-ban-nganh": 16, "ubnd-huyen": 7, "ubnd-xa": 64}, id="seed 004 s6: 16, 7/7, 64/64"),
        pytest.param("quang-nam-2023", {"so-ban-nganh": 20, "ubnd-huyen": 18, "nganh-doc": 5}, id="seed 000 s4: 20, 18, 5"),
        pytest.param("thanh-xuan-2022", {"phong-ban": 14, "ubnd-phuong": 11}, id="seed 003 s2: 11 phường"),
        pytest.param("province-two-tier", {"so-ban-nganh": 14, "ubnd-xa": 124}, id="124 communes and wards since 01/07/2025"),
    ],
)
def test_evaluated_units_are_as_many_as_printed(name: str, groups: dict[str, int]) -> None:
    assert Counter(party["group"] for party in roster(name) if "group" in party and "exempt" not in party) == groups


@pytest.mark.parametrize("plan", ["vinh-long-2023", "province-two-tier"])
def test_chain_of_reports_gets_earlier_downwards(plan: str) -> None:
    units, standing_body = stages()[plan, "quarterly-report"], stages()[plan, "quarterly-report-to-chair"]
    assert (units["through"], units["periods"], units["kind"]) == ("so-noi-vu", "quarters", "quarterly_report")
    assert (standing_body["owed_by"], standing_body["periods"]) == ({"keys": ["so-noi-vu"]}, "quarters")
    assert standing_body["due"]["before"] == 20  # trước ngày 20 tháng cuối quý: ends with day 19
    assert units["due"]["by"] < standing_body["due"]["before"] - 1
    assert units["due"]["of"] == standing_body["due"]["of"] == "last"


def test_office_of_bac_lieu_is_present_and_exempt() -> None:
    assert [party["name"] for party in roster("bac-lieu-2020") if "exempt" in party] == ["Văn phòng UBND tỉnh"]


def test_leads_of_vinh_long_are_the_six_printed() -> None:
    names = {party["key"]: party["name"] for party in roster("vinh-long-2023")}
    assert [names[key] for key in stages()["vinh-long-2023", "lead-criteria"]["owed_by"]["keys"]] == [
        "Sở Nội vụ",
        "Sở Tư pháp",
        "Văn phòng UBND tỉnh",
        "Sở Tài chính",
        "Sở Thông tin và Truyền thông",
        "Sở Kế hoạch và Đầu tư",
    ]


@pytest.mark.parametrize("path", ROSTERS, ids=lambda p: p.stem)
def test_party_without_a_source_is_numbered(path: Path) -> None:
    unnamed = [party["name"] for party in roster(path.stem) if party["source"] == "none"]
    assert [name for name in unnamed if not re.search(r" \d\d \(tên chưa có nguồn\)$", name)] == []


@pytest.mark.parametrize("path", ROSTERS, ids=lambda p: p.stem)
def test_addresses_reach_nobody(path: Path) -> None:
    data = read(path)
    assert data["domain"].endswith(".invalid")
    assert [c["address"] for c in data["contacts"] if not c["address"].endswith("@" + data["domain"])] == []
