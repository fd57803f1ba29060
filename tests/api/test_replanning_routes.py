"""A running year changed by the API: looked at first, applied by one of two, with reason and document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from evaluation.kinds import Role
from store.schema import JOURNAL, NOTICE, PARTY, PLAN_VERSION
from store.verify import verify
from tests.api.browsing import Browser, problem
from tests.api.test_together import asking, at_once
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from tests.conftest import SmallYear

WHY = {"reason": "dời theo chỉ đạo", "basis": "CV 9/SNV"}
LATER = {"dates": {"plan.due": "2025-02-14"}}
UNIT = {"key": "xa-9", "name": "Xã Chín", "level": "commune", "group": "xa", "superior": "ubnd"}
NEW_YEAR = {"on": "2027-01-01", "kind": "off", "name": "Tết Dương lịch", "source": "QĐ 1"}


@pytest.fixture
def office(any_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = any_year.slot(date(2025, 1, 7))
    any_year.tick(now)
    with open_office(any_year, tmp_path, now=now) as office:
        yield office


def cycle(office: Office, rest: str = "") -> str:
    return f"/cycles/{office.year.cycle}{rest}"


def apply(office: Office, who: Browser, rest: str, json: dict[str, Any], *, etag: str = "") -> Response:
    """A change of the cycle as it is, or as somebody saw it."""
    return who("POST", cycle(office, rest), json, **{"If-Match": etag or who("GET", cycle(office)).headers["etag"]})


def counted(office: Office) -> tuple[int, int, int, int]:
    """How many entries, notices, plan versions and parties there are: whatever a preview might leave behind."""
    with office.year.store.reading() as connection:
        tables = (JOURNAL, NOTICE, PLAN_VERSION, PARTY)
        found = [int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables]
    return found[0], found[1], found[2], found[3]


def due_of(office: Office, who: Browser, party: str) -> str:
    return str(who("GET", f"/obligations/{office.obligation(party)}").json()["due_on"])


def test_what_is_looked_at_is_what_happens(office: Office) -> None:
    body, before = office.person("so-noi-vu"), counted(office)
    looked = body("POST", cycle(office, "/replan/preview"), LATER)
    assert looked.status_code == 200, looked.text
    said = looked.json()
    moves = {(one["stage"], one["due_before"], one["due_after"]) for one in said["moved"]}
    assert moves == {("plan", "2025-01-31", "2025-02-14"), ("summary", "2025-02-17", "2025-03-03")}, "the summary is counted from the plans"
    assert {one["party"] for one in said["moved"]} >= {"xa-1", "xa-2"}
    assert said["mails"] == sum(one["mails"] for one in said["moved"]) > 0
    assert counted(office) == before
    assert due_of(office, body, "xa-1") == "2025-01-31"
    done = apply(office, body, "/replan", {**LATER, **WHY}, etag=looked.headers["etag"])
    assert done.json() == {**said, "applied": True}
    assert due_of(office, body, "xa-1") == "2025-02-14"
    assert done.headers["etag"] == body("GET", cycle(office)).headers["etag"] != looked.headers["etag"]
    assert verify(office.year.store) == []


def test_mail_not_sent_yet_becomes_void(office: Office) -> None:
    office.now = office.year.slot(date(2025, 1, 24))
    office.year.tick(office.now)  # a reminder of the plans waits for its slot
    body = office.person("so-noi-vu")
    said = body("POST", cycle(office, "/replan/preview"), LATER).json()
    with office.year.store.reading() as connection:
        before = connection.execute(select(func.count()).where(NOTICE.c.cancelled.is_(True))).scalar_one()
    assert apply(office, body, "/replan", {**LATER, **WHY}).is_success
    with office.year.store.reading() as connection:
        after = connection.execute(select(func.count()).where(NOTICE.c.cancelled.is_(True))).scalar_one()
    assert said["cancelled"] == after - before > 0


def test_of_two_plans_one_wins(office: Office) -> None:
    body, head = office.person("so-noi-vu"), office.person("so-noi-vu", Role.HEAD)
    seen = body("GET", cycle(office)).headers["etag"]
    first = asking(body, cycle(office, "/replan"), {**LATER, **WHY}, If_Match=seen)
    second = asking(head, cycle(office, "/stages/plan/move-due"), {"on": "2025-02-20", **WHY}, If_Match=seen)
    answers = sorted(at_once([first, second]), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 412]
    assert answers[1].json()["cycle"]["etag"] == answers[0].headers["etag"]
    assert answers[1].json()["cycle"]["plan_version"] == 2
    assert problem(body("POST", cycle(office, "/replan"), {**LATER, **WHY})) == (428, "if-match-required")
    assert verify(office.year.store) == []


def test_one_date_of_a_stage_is_moved(office: Office) -> None:
    body = office.person("so-noi-vu")
    looked = body("POST", cycle(office, "/stages/plan/move-due/preview"), {"on": "2025-02-20"}).json()
    assert {one["due_after"] for one in looked["moved"] if one["stage"] == "plan"} == {"2025-02-20"}
    assert apply(office, body, "/stages/plan/move-due", {"on": "2025-02-20", **WHY}).json() == {**looked, "applied": True}
    strange = apply(office, body, "/stages/nothing/move-due", {"on": "2025-02-20", **WHY})
    assert problem(strange) == (409, "cannot-replan")
    assert "Không có mốc “nothing.due”" in strange.json()["detail"]
    unit = office.person("xa-1", Role.HEAD)
    assert problem(unit("POST", cycle(office, "/stages/plan/move-due/preview"), {"on": "2025-02-20"})) == (403, "not-allowed")


def test_dates_that_have_passed_must_be_meant(office: Office) -> None:
    body = office.person("so-noi-vu")
    passed = {"dates": {"plan.due": "2025-01-06"}}
    looked = body("POST", cycle(office, "/replan/preview"), passed).json()
    assert (looked["needs_accept_late"], looked["late"] > 0) == (True, True)
    refused = apply(office, body, "/replan", {**passed, **WHY})
    assert (problem(refused), "`accept_late`" in refused.json()["detail"]) == ((409, "cannot-replan"), True)
    assert apply(office, body, "/replan", {**passed, **WHY, "accept_late": True}).json()["late"] == looked["late"]


def test_a_ladder_is_changed_with_the_plan(office: Office) -> None:
    body, yaml = office.person("so-noi-vu"), SMALL_PLAN.read_text(encoding="utf-8")
    other = yaml.replace("key: small-plan", "key: other-plan")
    refused = apply(office, body, "/replan", {"yaml": other, **WHY})
    assert (problem(refused), "là “other-plan”" in refused.json()["detail"]) == ((409, "cannot-replan"), True)
    assert problem(apply(office, body, "/replan", {"yaml": "no: plan", **WHY})) == (422, "faults")
    assert problem(apply(office, body, "/replan", WHY)) == (422, "refused")
    again = apply(office, body, "/replan", {"yaml": yaml, **WHY})
    assert (again.status_code, again.json()["moved"]) == (200, [])
    assert body("GET", cycle(office, "/plan")).json()["signed"] == "CV 9/SNV"


def test_a_unit_joins_and_leaves(office: Office) -> None:
    body, before = office.person("so-noi-vu"), counted(office)
    contact = {"key": "officer.xa-9", "party": "xa-9", "role": "officer", "name": "A", "address": "a@xa-9.invalid"}
    joining = {"unit": UNIT, "contacts": [contact], "accept_late": True}
    looked = body("POST", cycle(office, "/units/preview"), joining)
    assert (looked.status_code, {one["party"] for one in looked.json()["new"]}) == (200, {"xa-9"}), looked.text
    assert counted(office) == before
    joined = apply(office, body, "/units", {**joining, **WHY}, etag=looked.headers["etag"])
    assert joined.json() == {**looked.json(), "applied": True}
    owed = body("GET", f"/obligations?cycle={office.year.cycle}&party=xa-9").json()["items"]
    assert len(owed) == len(looked.json()["new"])
    leaving = {"on": "2025-01-31"}
    gone = body("POST", cycle(office, "/units/xa-9/drop/preview"), leaving)
    assert {one["obligation"] for one in gone.json()["ended"]} == {one["id"] for one in owed}
    left = apply(office, body, "/units/xa-9/drop", {**leaving, **WHY}, etag=gone.headers["etag"])
    assert left.json() == {**gone.json(), "applied": True}
    states = {one["state"] for one in body("GET", f"/obligations?cycle={office.year.cycle}&party=xa-9").json()["items"]}
    assert (states, body("GET", "/units/xa-9").json()["valid_to"]) == ({"waived"}, "2025-01-31")
    assert verify(office.year.store) == []


def test_a_unit_hands_over_what_it_owes(office: Office) -> None:
    body = office.person("so-noi-vu")
    done = apply(office, body, "/units/xa-2/drop", {"on": "2025-01-31", "successor": "xa-1", **WHY})
    assert done.status_code == 200, done.text
    states = {one["state"] for one in body("GET", f"/obligations?cycle={office.year.cycle}&party=xa-2").json()["items"]}
    assert states == {"transferred"}
    strange = apply(office, body, "/units/xa-1/drop", {"on": "2025-01-31", "successor": "so-tu-phap", **WHY})
    assert problem(strange) == (409, "not-possible-now")
    assert body("GET", "/units/xa-1").json()["valid_to"] is None, "the whole is taken back"
    assert verify(office.year.store) == []


def test_a_year_of_the_calendar_is_entered(office: Office) -> None:
    body, before = office.person("so-noi-vu"), counted(office)
    given = {"year": 2027, "status": "decided", "days": [NEW_YEAR]}
    looked = body("POST", "/calendar/preview", given)
    assert [(one["cycle"], one["problem"]) for one in looked.json()["cycles"]] == [(office.year.cycle, None)], looked.text
    assert counted(office) == before
    assert problem(body("POST", "/calendar", given)) == (428, "if-match-required")
    seen = body("GET", "/calendar").headers["etag"]
    done = body("POST", "/calendar", given, **{"If-Match": seen})
    assert (done.json()["version"], done.json()["days"]) == (looked.json()["version"], 1)
    late = body("POST", "/calendar", {**given, "days": [{**NEW_YEAR, "name": "khác"}]}, **{"If-Match": seen})
    assert (problem(late), late.json()["calendar"]["version"]) == ((412, "changed-meanwhile"), done.json()["version"])
    worse = body("POST", "/calendar", {**given, "status": "projected"}, **{"If-Match": done.headers["etag"]})
    assert (problem(worse), "đã quyết định" in worse.json()["detail"]) == ((422, "refused"), True)
    put = apply(office, body, "/replan", {"calendar": True, **WHY})
    assert put.status_code == 200, put.text
    assert verify(office.year.store) == []


def test_a_day_off_moves_what_rests_on_it(office: Office) -> None:
    """The plan's working day is made a day off: the preview says so of the cycle, and replanning with the calendar does it."""
    body = office.person("so-noi-vu")
    body("POST", cycle(office, "/replan"), {**LATER, **WHY}, **{"If-Match": body("GET", cycle(office)).headers["etag"]})
    calendar = body("GET", "/calendar").json()
    kept = [{name: one[name] for name in ("on", "kind", "name", "source", "decision")} for one in calendar["days"]]
    days = [one for one in kept if one["on"].startswith("2025")]
    off = [{"on": f"2025-02-{day}", "kind": "off", "name": "Nghỉ", "source": "QĐ 2"} for day in ("11", "12", "13", "14")]
    given = {"year": 2025, "status": "decided", "days": [*days, *off]}
    (effect,) = body("POST", "/calendar/preview", given).json()["cycles"]
    assert effect["moved"] > 0
    assert body("POST", "/calendar", given, **{"If-Match": f'"{calendar["version"]}"'}).is_success
    put = apply(office, body, "/replan", {"calendar": True, "accept_late": True, **WHY}).json()
    assert (len(put["moved"]), put["mails"], put["cancelled"]) == (effect["moved"], effect["mails"], effect["cancelled"])


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([{**NEW_YEAR, "kind": "makeup_workday"}], "ngày làm bù phải là thứ bảy hoặc chủ nhật"),
        ([{**NEW_YEAR, "on": "2026-01-01"}], "mọi ngày phải thuộc năm `year`"),
        ([NEW_YEAR, NEW_YEAR], "mỗi ngày chỉ được nêu một lần"),
    ],
)
def test_days_that_cannot_be_are_refused(office: Office, days: list[dict[str, Any]], text: str) -> None:
    answer = office.person("so-noi-vu")("POST", "/calendar/preview", {"year": 2027, "status": "decided", "days": days})
    assert (problem(answer), [one["text"] for one in answer.json()["errors"]]) == ((422, "invalid-request"), [text])
