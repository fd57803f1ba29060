"""Results over the wire: as they stand, exempt, settled, published to anybody, rewarded, rated."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

import jsonschema
import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from evaluation.scores.publication import verify as verify_bundle
from tests.api.conftest import HERE
from tests.api.working import Office, open_office
from tests.store.resulting import Scores, pin_small, score

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

SCORES: Scores = {
    "xa-1": {"1.1": ("9", "8.5", None), "1.2": ("10", "9", "9.25"), "2": ("10", "4", None)},
    "xa-2": {"1.1": ("7", "7", None), "1.2": ("8", "8", None), "2": ("9", None, None)},
}
DECISION = {"number": "617/QĐ-UBND", "dated": "2025-01-06"}


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    pin_small(small_year.store, small_year.cycle, now=now)
    score(small_year.store, small_year.cycle, SCORES, now=now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


@pytest.fixture
def boss(office: Office) -> Browser:
    return office.person("so-noi-vu")


def test_results_stand_are_exempt_settled_and_traced(boss: Browser, office: Office) -> None:
    of = f"/cycles/{office.year.cycle}"
    found = boss("GET", f"{of}/results").json()
    (group,) = found["groups"]
    assert (found["settled"], group["gap_points"]) == (False, "2.25")
    lines = [(line["unit"], line["place"], line["points"], line["provisional"]) for line in group["lines"]]
    assert lines == [("xa-2", 1, "24", 1), ("xa-1", 2, "21.75", 0)]
    asked = {"unit": "xa-1", "node": "2", "reason": "Không có chức năng"}
    effect = boss("POST", f"{of}/exemptions", {**asked, "preview": True}).json()
    assert (effect["maximum_before"], effect["maximum"], effect["index"]) == ("30", "20", "88.75")
    assert boss("GET", f"{of}/exemptions").json() == {"items": []}
    done = boss("POST", f"{of}/exemptions", asked).json()["exemption"]
    trace = boss("GET", f"{of}/results/units/xa-1").json()
    assert (trace["index"], trace["criteria"], trace["nodes"][3]["exempt"]) == ("88.75", "thu/1", True)
    leaf = trace["nodes"][2]
    assert (leaf["node"], leaf["self_score"], leaf["appraised"], leaf["final"]) == ("1.2", "10", "9", "9.25")
    assert boss("POST", f"{of}/exemptions/{done}/end", {"reason": "nhầm"}).json()["index"] == "72.5"
    refused = boss("POST", f"{of}/result-rules", {"tie_keys": ["9"], "reason": "thử"})
    assert (refused.status_code, "tiêu chí phụ “9”" in refused.text) == (422, True), refused.text
    rules = {"bands": [{"name": "Tốt", "least": "75"}, {"name": "Khá", "least": "50"}], "unranked": ["xa-2"], "reason": "Quy chế"}
    assert boss("POST", f"{of}/result-rules", rules).status_code == 200
    bands = [(line["unit"], line["place"], line["band"]) for line in boss("GET", f"{of}/results").json()["groups"][0]["lines"]]
    assert bands == [("xa-1", 1, "Khá"), ("xa-2", None, "Tốt")]


def test_what_is_seen_is_published_and_anybody_verifies_it(boss: Browser, office: Office) -> None:
    of = f"/cycles/{office.year.cycle}"
    shown = boss("POST", f"{of}/publication/preview", DECISION).json()
    assert (shown["missing"], shown["digest"]) == (1, "")
    assert "xa-2" in shown["faults"][0]
    assert boss("POST", f"{of}/publication", DECISION).status_code == 422
    accepted = {**DECISION, "accepted": "Không thẩm định được"}
    digest = boss("POST", f"{of}/publication/preview", accepted).json()["digest"]
    assert boss("POST", f"{of}/publication", {**accepted, "seen": "0" * 64}).status_code == 422
    done = boss("POST", f"{of}/publication", {**accepted, "seen": digest}).json()
    stranger = TestClient(office.app, base_url=HERE)  # signed in nowhere
    (line,) = stranger.get("/api/v1/published").json()["items"]
    assert (line["sha256"], line["number"], line["sandbox"]) == (done["sha256"], 1, True)
    content = stranger.get(f"/api/v1/published/{done['sha256']}").content
    assert verify_bundle(content, expected=done["sha256"]) == ()
    jsonschema.validate(json.loads(content), stranger.get("/api/v1/published/schema").json())
    rows = list(csv.DictReader(io.StringIO(stranger.get(f"/api/v1/published/{done['sha256']}/csv").text.lstrip("\ufeff"))))
    assert [(row["unit"], row["place"], row["points"]) for row in rows] == [("xa-1", "1", "21.75"), ("xa-2", "2", "15")]
    leaves = stranger.get(f"/api/v1/published/{done['sha256']}/csv?part=leaves").text.splitlines()
    assert leaves[1] == "xa-1,1.1,Tiêu chí 1.1,10,9,8.5,8.5"
    assert stranger.get("/api/v1/published/" + "0" * 64).status_code == 404
    again = boss("POST", f"{of}/publication", {**accepted, "number": "700/QĐ-UBND"})
    assert (again.status_code, "617/QĐ-UBND" in again.text) == (422, True)


def test_rewards_and_the_rating_workbook(boss: Browser, office: Office) -> None:
    of = f"/cycles/{office.year.cycle}"
    assert boss("POST", f"{of}/rewards", {"unit": "xa-1", "decision": "88/QĐ"}).status_code == 422
    boss("POST", f"{of}/publication", {**DECISION, "accepted": "thử"})
    given = boss("POST", f"{of}/rewards", {"unit": "xa-1", "person": "Bà B", "decision": "88/QĐ"}).json()["reward"]
    assert boss("POST", f"{of}/rewards/{given}/end", {"reason": "nhầm"}).status_code == 200
    book = load_workbook(io.BytesIO(boss("GET", f"{of}/rating").content))
    assert book.sheetnames == ["Người đứng đầu", "Công chức tham mưu"]
    heads = list(book["Người đứng đầu"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], str(row[4]), row[7], row[-1]) for row in heads] == [("xa-2", "80", 1, "tạm tính"), ("xa-1", "72.5", 2, None)]
    assert office.person("xa-1")("GET", f"{of}/rating").status_code == 403
