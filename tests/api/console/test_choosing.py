"""Choosing by name: nobody types a key; whom nobody is called so is said beside the field, and nothing that was written is lost."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from api.console.choosing import choices_of
from evaluation.kinds import Role
from tests.api.test_inspections import BODY, TEAM, page, read, send
from tests.api.working import Office, open_office
from tests.store.inspecting import inspected_year
from tests.store.surveying import surveyed_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store

UNIT_1, UNIT_2 = "Xã 001 (tên chưa có nguồn)", "Xã 002 (tên chưa có nguồn)"
TESTER = "Cán bộ thử, {post}, {unit} (tên chưa có nguồn)"


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    with open_office(year, tmp_path, now=now) as office:
        yield office


@pytest.fixture
def meeting(store: Store, tmp_path: Path) -> Iterator[Office]:
    year = surveyed_year(store)
    with open_office(year, tmp_path, now=year.noon) as office:
        yield office


def beside(shown: str, field: str) -> str:
    """What is wrong with a field, as it is said beside it."""
    return shown.partition(f'id="{field}-fault">')[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sở Nội vụ", "so-noi-vu"),
        ("  so  noi vu ", "so-noi-vu"),
        ("so-noi-vu", "so-noi-vu"),
        ("SỞ NỘI VU\u0323", "so-noi-vu"),
        ("Nguyễn Thử", "head.xa-1"),
        ("Xã Bình Thử", ""),
        ("Xã Bình Thử (xa-2)", "xa-2"),
        ("Sở", ""),
    ],
)
def test_somebody_is_meant_by_name_with_or_without_accents(written: str, meant: str) -> None:
    named = [
        ("so-noi-vu", "Sở Nội vụ"),
        ("xa-1", "Xã Bình Thử"),
        ("xa-2", "Xã Bình Thử"),
        ("head.xa-1", "Nguyễn Thử, head, Xã A"),
    ]
    assert choices_of(named).key_of(written) == meant


def test_a_team_is_named_by_its_people(office: Office) -> None:
    (ident,) = office.year.plan("xa-1", now=office.now)  # type: ignore[attr-defined]
    head, other = office.person(TEAM, Role.HEAD), office.person("xa-2", Role.INSPECTOR)
    path = f"/inspections/{ident}"
    shown = page(head, path)
    listed = shown.partition('<datalist id="inspectors">')[2].partition("</datalist>")[0]
    assert ("Xã 002" in listed, "Xã 001" in listed, "người kiểm tra" in listed) == (True, False, True), (
        "inspectors of others, nobody inspected"
    )
    wrong = send(head, shown, f"{path}/team", status=422, lead="Ông Nào", members=f"head.{TEAM}")
    assert "chọn một tên trong danh sách" in beside(wrong, "team-lead")
    assert 'value="Ông Nào"' in wrong
    assert re.search(rf'value="head.{TEAM}" checked', wrong)
    send(head, shown, f"{path}/team", lead=TESTER.format(post="người kiểm tra", unit="Xã 002"), members=f"head.{TEAM}")
    assert [(one["contact"], one["is_lead"]) for one in read(other, path)["members"]][1:] == [(f"head.{TEAM}", False)]
    again = page(head, path)
    assert f'name="lead" value="{TESTER.format(post="người kiểm tra", unit="Xã 002")}"' in again


def test_work_is_transferred_and_given_to_somebody_by_name(office: Office) -> None:
    ident = office.obligation("xa-1")
    body, head = office.person(BODY, Role.HEAD), office.person("xa-1", Role.HEAD)
    shown = page(body, f"/obligations/{ident}")
    wrong = send(body, shown, f"/obligations/{ident}/transfer", status=422, to="Xã 01", reason="sáp nhập")
    assert f"có phải: {UNIT_1}" in beside(wrong, "transfer-to")
    assert ">sáp nhập</textarea>" in wrong
    undeclared = send(body, wrong, f"/obligations/{ident}/transfer", status=422, to=UNIT_2, reason="sáp nhập")
    assert "xa-2" not in undeclared.partition("<h1")[0]
    assert "có phải" not in undeclared
    shown = page(head, f"/obligations/{ident}")
    listed = shown.partition('<datalist id="colleagues">')[2].partition("</datalist>")[0]
    assert ("Xã 001" in listed, "Xã 002" in listed) == (True, False)
    send(head, shown, f"/obligations/{ident}/reassign", contact=TESTER.format(post="người đứng đầu", unit="Xã 001"))


def test_a_council_is_named_line_by_line(meeting: Office) -> None:
    who, (council,) = meeting.person(BODY, Role.HEAD), meeting.year.ids("council")
    path, chair = f"/councils/{council}", TESTER.format(post="người đứng đầu", unit="Sở 01")
    named: dict[str, Any] = {
        "decision": "12/QĐ",
        "m:0:contact": chair,
        "m:0:post": "chair",
        "m:3:contact": "Người đứng đầu - Xa 001 (ten chua co nguon)",
    }
    wrong = send(who, page(who, path), f"{path}/members", status=422, **named, **{"m:3:unit": "Xã 9"})
    line = wrong.partition('value="Xã 9"')[2]
    assert "không có “Xã 9”" in line[: line.index("</div>")]
    assert f'value="{chair}"' in wrong
    send(who, wrong, f"{path}/members", **named)
    members = {one["contact"]: (one["post"], one["unit"]) for one in read(who, f"/obligations/{council}/council")["members"]}
    assert members["head.xa-1"] == ("member", "xa-1")
    present: dict[str, Any] = {f"p:{key}": "yes" for key in members}
    send(who, page(who, path), f"{path}/sessions", held_on="2025-01-10", **present)
    shown = page(who, path)
    wrong = send(who, shown, f"{path}/matters", status=422, session="1", words="Điểm", unit="Xã 7")
    assert "không có “Xã 7”" in beside(wrong, "matter-1-unit")
    send(who, wrong, f"{path}/matters", session="1", words="Điểm", unit=UNIT_2)
    conflict: dict[str, Any] = {"contact": "head.xa-1", "unit": UNIT_2, "reason": "người nhà"}
    send(who, page(who, path), f"{path}/conflicts", **conflict)
    assert f"xung đột lợi ích: {UNIT_2}" in re.sub(r"\s+", " ", page(who, path))
    voter = next(key for key in members if key != "head.xa-1")
    votes: dict[str, Any] = {"session": "1", "matter": "1", f"v:{voter}": "for:present"}
    send(who, page(who, path), f"{path}/votes", **votes)
    made: dict[str, Any] = {
        "session": "1",
        "matter": "1",
        "r:0:to": "so 02 (ten chua co nguon)",
        "r:0:text": "Tập huấn",
        "r:0:due_on": "2025-06-01",
    }
    send(who, page(who, path), f"{path}/resolve", **made)
    (matter,) = read(who, f"/obligations/{council}/council")["sessions"][0]["matters"]
    assert matter["recommendations"][0]["text"] == "Tập huấn"


def test_where_a_respondent_works_is_named(meeting: Office) -> None:
    who, path = meeting.person(BODY, Role.HEAD), f"/cycles/{meeting.year.cycle}/survey"
    asked = {"unit": "xa-1", "respondents": "Người dân", "count": "3"}
    wrong = send(who, page(who, path), f"{path}/codes", status=422, **asked, from_unit="Xã 02")
    assert f"có phải: {UNIT_2}" in beside(wrong, "code-from_unit")
    assert 'name="count"' in wrong
    send(who, wrong, f"{path}/codes", status=200, **asked, from_unit=UNIT_2)
