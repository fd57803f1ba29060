"""Criteria over the wire and in the console: taken in with faults by cell, read by everybody, changed and pinned by the standing body."""

from __future__ import annotations

import base64
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from config.criteria_files import find_criteria, read_uploaded
from config.criteria_writing import criteria_workbook
from evaluation.kinds import Role
from tests.api.conftest import HERE
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

YAML = """format: 1
key: bo-thu
title: Bộ thử
decision: {number: "1/QĐ-UBND", date: "2025-01-03"}
total: "30"
criteria:
  - key: "1"
    title: Chỉ đạo
    children:
      - {key: "1.1", title: Kế hoạch năm, maximum: "10.50", evidence: Kế hoạch đã ký, evidence_required: true, example: true}
      - {key: "1.2", title: Báo cáo, maximum: "9.50"}
  - {key: "2", title: Thể chế, maximum: "10", leads: [{party: so-tu-phap}]}
"""


@pytest.fixture
def boss(office: Office) -> Browser:
    return office.person("so-noi-vu")


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    with open_office(small_year, tmp_path, now=small_year.slot(date(2025, 1, 7))) as office:
        yield office


def post(browser: Browser, path: str, body: dict[str, Any], **headers: str) -> Response:
    return browser("POST", path, body, **headers)


def look(browser: Browser, path: str) -> str:
    """A page."""
    answer = browser.client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def send(browser: Browser, path: str, **given: Any) -> Response:
    """A form, or a file sent as it is."""
    headers = {"X-CSRF-Token": browser.csrf, "Accept": "text/html", "Origin": HERE}
    answer: Response = browser.client.post(path, headers=headers, follow_redirects=False, **given)
    return answer


def test_a_set_is_taken_in_read_led_corrected_copied_compared_and_exported(boss: Browser, office: Office) -> None:
    taken = post(boss, "/criteria", {"yaml": YAML})
    assert taken.status_code == 200, taken.text
    assert [(node["key"], node["points"], node["lead"]) for node in taken.json()["nodes"]] == [
        ("1", "20.00", ""),
        ("1.1", "10.50", ""),
        ("1.2", "9.50", ""),
        ("2", "10", "so-tu-phap"),
    ]
    lead = {"node": "1", "party": "so-noi-vu", "since": "2025-01-01"}
    assert post(boss, "/criteria/bo-thu/lead", lead).status_code == 428
    led = post(boss, "/criteria/bo-thu/lead", lead, **{"If-Match": taken.headers["ETag"]})
    assert [node["lead"] for node in led.json()["nodes"]] == ["so-noi-vu", "so-noi-vu", "so-noi-vu", "so-tu-phap"]
    assert post(boss, "/criteria/bo-thu/lead", lead, **{"If-Match": taken.headers["ETag"]}).status_code == 412
    fix = {"yaml": YAML.replace("10.50", "10.25").replace("9.50", "9.75"), "number": "2/QĐ-UBND", "dated": "2025-02-01"}
    assert post(boss, "/criteria/bo-thu/correct", fix, **{"If-Match": led.headers["ETag"]}).json()["version"]["number"] == 2
    assert post(boss, "/criteria/bo-thu/copy", {"key": "bo-2026"}).json()["version"]["state"] == "draft"
    unit = office.person("xa-1")
    found = unit("GET", "/criteria/bo-thu/differences?before=bo-thu/1").json()["items"]
    said = [(one["node"], one["changed"], one["before"], one["after"]) for one in found]
    assert said == [("1.1", "points", "10,5", "10,25"), ("1.2", "points", "9,5", "9,75")]
    sent = unit("GET", "/criteria/bo-thu/file?version=1").content
    assert str(read_uploaded(sent, name="x.xlsx").criteria.fields[0].children[0].maximum) == "10.5"
    assert [one["key"] for one in unit("GET", "/criteria").json()["versions"]] == ["bo-2026", "bo-thu", "bo-thu"]


def test_what_does_not_add_up_is_refused_at_its_cell_and_taken_with_a_reason(boss: Browser) -> None:
    book = criteria_workbook(read_uploaded(find_criteria("huyen-2019-phong").read_bytes(), name="x.yaml").criteria)
    body = {"workbook": base64.b64encode(book).decode()}
    refused = post(boss, "/criteria", body)
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["where"] == "criteria.xlsx:Bộ tiêu chí!B6"
    assert "99,55, thiếu 0,45" in fault["text"]
    assert post(boss, "/criteria/check", body).json()["leaves"] == 9
    taken = post(boss, "/criteria", {**body, "accept": "bản in sai"})
    assert (taken.json()["version"]["accepted"], len(taken.json()["findings"])) == ("bản in sai", 1)


def test_a_cycle_uses_a_version_and_another_one_only_with_reason_and_document(boss: Browser, office: Office) -> None:
    post(boss, "/criteria", {"yaml": YAML})
    cycle = f"/cycles/{office.year.cycle}"
    etag = boss("GET", f"{cycle}").headers["ETag"]
    pinned = post(boss, f"{cycle}/criteria", {"group": "xa", "criteria": "bo-thu"}, **{"If-Match": etag})
    assert (pinned.status_code, pinned.json()["items"]) == (200, 3)
    post(boss, "/criteria", {"yaml": YAML.replace("bo-thu", "bo-khac")})
    again = post(boss, f"{cycle}/criteria", {"group": "xa", "criteria": "bo-khac"}, **{"If-Match": pinned.headers["ETag"]})
    assert (again.status_code, again.json()["errors"][0]["where"]) == (422, "reason")
    assert [one["key"] for one in office.person("xa-1")("GET", f"{cycle}/criteria").json()["items"]] == ["bo-thu"]
    assert post(office.person("xa-1", Role.HEAD), "/criteria", {"yaml": YAML}).status_code == 403


def test_the_console_shows_the_tree_and_takes_in_pins_and_leads(boss: Browser, office: Office) -> None:
    wrong = send(boss, "/criteria/import?name=bo.yaml", content=YAML.replace('"30"', '"31"').encode())
    assert wrong.status_code == 422
    assert "thiếu 1,00" in wrong.text
    taken = send(boss, "/criteria/import?name=bo.yaml", content=YAML.encode())
    assert taken.status_code == 200
    shown = look(boss, "/criteria/bo-thu")
    for words in ("Kế hoạch năm", "10,50", "bắt buộc", "ví dụ", "chưa ghim"):
        assert words in shown
    fields = {"cycle": str(office.year.cycle), "moves": "0", "group": "xa", "once": "a", "version": "1"}
    moves = shown.partition('name="moves" value="')[2].partition('"')[0]
    done = send(boss, "/criteria/bo-thu/pin", data={**fields, "moves": moves})
    assert done.status_code == 303, done.text
    assert "chưa ghim" in look(boss, "/criteria/bo-thu")
    stale = send(boss, "/criteria/bo-thu/lead", data={"node": "9", "party": "so-noi-vu", "etag": '"0"', "once": "b"})
    assert stale.status_code == 422
    unit = look(office.person("xa-1"), "/criteria/bo-thu")
    assert "Ghim phiên bản này" not in unit
    assert "Kế hoạch năm" in unit
