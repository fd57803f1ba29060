"""Every verb by the API: who may, the state that is meant, what comes back, what is refused and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import select

from evaluation.kinds import Role
from evaluation.transitions import Verb
from store.queries.unit_work import returns_of, submissions_of
from store.schema import CONTACT, EXTENSION_REQUEST, JOURNAL, OBLIGATION, PARTY
from store.verify import verify
from tests.api.browsing import Browser, problem
from tests.api.conftest import launch_again
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SmallYear

WHY = {"reason": "vì sao", "basis": "CV 1/SNV"}
LATER = {**WHY, "due_on": "2025-02-14"}


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def test_a_plan_goes_from_hand_to_hand(office: Office) -> None:
    ident = office.obligation("xa-1")
    officer, head, body = office.person("xa-1"), office.person("xa-1", Role.HEAD), office.person("so-noi-vu")
    before = office.moves(ident)
    prepared = office.do(officer, ident, "prepare")
    assert (prepared.status_code, prepared.json()["state"]) == (200, "prepared")
    assert prepared.headers["etag"] == prepared.json()["etag"] == f'"{before + 1}"'
    assert office.do(head, ident, "send-back", WHY).json()["state"] == "open"
    assert office.do(officer, ident, "prepare").json()["state"] == "prepared"
    assert office.do(head, ident, "submit", {"text": "Kế hoạch năm 2025"}).json()["state"] == "submitted"
    assert office.do(head, ident, "withdraw", {}).json()["state"] == "open"
    office.do(officer, ident, "prepare")
    office.do(head, ident, "submit", {"text": "Kế hoạch năm 2025, bản 2"})
    items = [{"item": "phu-luc", "words": "thiếu chữ ký"}]
    returned = office.do(body, ident, "return", {**WHY, "items": items}).json()
    assert (returned["state"], returned["rounds"], returned["due_on"]) == ("returned", 1, "2025-01-31")
    office.do(officer, ident, "prepare")
    office.do(head, ident, "submit", {})
    assert office.do(body, ident, "accept", {}).json()["state"] == "accepted"
    with office.year.store.reading() as connection:
        assert [one.text for one in submissions_of(connection, ident)] == ["Kế hoạch năm 2025", "Kế hoạch năm 2025, bản 2", ""]
        assert [(one.reason, one.items) for one in returns_of(connection, ident)] == [("vì sao", (("phu-luc", "thiếu chữ ký"),))]
    assert verify(office.year.store) == []


def test_the_clock_by_the_standing_body(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    unit = office.person("xa-1")
    asked = office.do(unit, ident, "ask-extension", {"due_on": "2025-02-10", "reason": "lũ"})
    assert (asked.status_code, asked.json()["due_on"]) == (200, "2025-01-31")
    assert office.do(body, ident, "refuse-extension", WHY).status_code == 200
    assert problem(office.do(body, ident, "refuse-extension", WHY)) == (404, "no-open-request")
    assert office.do(unit, ident, "ask-extension", {"due_on": "2025-02-10", "reason": "lũ lớn"}).status_code == 200
    assert office.do(body, ident, "extend", LATER).json()["due_on"] == "2025-02-14"
    assert office.do(body, ident, "suspend", WHY).json()["suspended"] is True
    assert office.do(body, ident, "resume-clock", {}).json()["suspended"] is False
    assert office.do(body, ident, "urge", {"by": "phone", "note": "đã gọi"}).status_code == 200
    assert office.do(body, ident, "urge", {"by": "mail"}).status_code == 200
    assert office.do(body, ident, "waive", WHY).json()["state"] == "waived"
    with office.year.store.reading() as connection:
        decided = connection.execute(select(EXTENSION_REQUEST.c.decision).order_by(EXTENSION_REQUEST.c.id)).scalars()
        assert list(decided) == ["refused", "granted"]
    assert verify(office.year.store) == []


def test_a_lapsed_report_is_opened_again(office: Office) -> None:
    ident = office.obligation("xa-1", "report", "2025-Q1")
    office.now = office.year.slot(date(2025, 4, 10))
    office.year.tick(office.now)
    assert office.year.obligation(ident).state == "lapsed"
    opened = office.do(office.person("so-noi-vu"), ident, "reopen", {**WHY, "due_on": "2025-04-20"})
    assert (opened.status_code, opened.json()["state"], opened.json()["due_on"]) == (200, "open", "2025-04-20")


def test_a_duty_passes_to_a_successor(office: Office) -> None:
    ident, body = office.obligation("xa-2", "report", "2025-Q2"), office.person("so-noi-vu")
    assert problem(office.do(body, ident, "transfer", {**WHY, "to": "xa-9"})) == (404, "no-such-party")
    assert office.do(body, ident, "transfer", {**WHY, "to": "xa-1"}).json()["state"] == "transferred"
    with office.year.store.reading() as connection:
        has = select(OBLIGATION.c.state).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(PARTY.c.key == "xa-1")
        assert len(list(connection.execute(has.where(OBLIGATION.c.subject == "2025-Q2")))) == 1


def test_work_is_given_to_a_colleague(office: Office) -> None:
    ident, head = office.obligation("xa-1"), office.person("xa-1", Role.HEAD)
    office.person("xa-1", Role.MEMBER)
    assert office.do(head, ident, "reassign", {"contact": "test.member.xa-1@thu.invalid"}).status_code == 200
    assert office.do(office.person("xa-1", Role.MEMBER), ident, "prepare").status_code == 200
    assert problem(office.do(head, ident, "reassign", {"contact": "nobody"})) == (404, "no-such-contact")
    assert office.do(head, ident, "reassign", {"contact": None}).status_code == 200


def test_a_paper_is_filed_on_behalf_alone(office: Office) -> None:
    ident = office.obligation("xa-1")
    office.do(office.person("xa-1"), ident, "prepare")
    office.now = office.year.slot(date(2025, 2, 5))
    paper = {"received_on": "2025-01-30", "document": "25/BC ngày 29/01/2025"}
    head, body = office.person("xa-1", Role.HEAD), office.person("so-noi-vu")
    assert problem(office.do(head, ident, "submit", paper)) == (422, "received-on")
    assert problem(office.do(body, ident, "submit", {**paper, "received_on": "2025-02-06"})) == (422, "received-on")
    unnamed = office.do(body, ident, "submit", {"received_on": "2025-01-30", "document": " "})
    assert problem(unnamed) == (422, "document-needed")
    assert [one["where"] for one in unnamed.json()["errors"]] == ["document"]
    filed = office.do(body, ident, "submit", paper).json()
    assert (filed["state"], filed["days_late"]) == ("submitted", 0)
    with office.year.store.reading() as connection:
        (line,) = submissions_of(connection, ident)
        assert (line.received_on, line.document) == (date(2025, 1, 30), "25/BC ngày 29/01/2025")
        payload = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "submit")).scalar_one()
        party = connection.execute(select(PARTY.c.id).where(PARTY.c.key == "xa-1")).scalar_one()
        assert f'"on_behalf_of":{party}' in payload


def test_a_correction_in_time_does_not_undo_a_late_submission(office: Office) -> None:
    ident, head, body = office.obligation("xa-1"), office.person("xa-1", Role.HEAD), office.person("so-noi-vu")
    officer = office.person("xa-1")
    office.now = office.year.slot(date(2025, 2, 5))
    office.do(officer, ident, "prepare")
    assert office.do(head, ident, "submit", {}).json()["days_late"] == 5
    office.now = office.year.slot(date(2025, 2, 6))
    office.do(body, ident, "return", WHY)
    office.do(officer, ident, "prepare")
    again = office.do(head, ident, "submit", {}).json()
    assert (again["days_late"], again["punctuality"]) == (5, "done_late")
    with office.year.store.reading() as connection:
        payloads = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "submit").order_by(JOURNAL.c.number)).scalars()
        facts = [next(one for one in orjson.loads(payload)["actions"] if one["do"] == "submitted") for payload in payloads]
    assert [(one["days_late"], one.get("counted")) for one in facts] == [(5, None), (0, 5)]
    assert office.do(body, ident, "accept", {}).json()["punctuality"] == "done_late"
    assert verify(office.year.store) == []


def test_nobody_of_the_standing_body_excuses_it_in_bulk(office: Office) -> None:
    own, other, body = office.obligation("so-noi-vu"), office.obligation("xa-1"), office.person("so-noi-vu")
    head, chair = office.person("so-noi-vu", Role.HEAD), office.person("chu-tich", Role.HEAD)
    asked = {"obligations": [own, other], "reason": "x", "due_on": "2025-02-14", "preview": True}

    def refused(who: Browser, **changes: object) -> list[str]:
        rows = who("POST", "/obligations/extend-many", json={**asked, **changes}).json()["items"]
        return [row["problem"]["type"].removeprefix("urn:dondoc:") if row["problem"] else "" for row in rows]

    assert refused(body) == ["not-allowed", ""]
    assert refused(head) == ["document-needed", ""]
    assert refused(chair) == ["", "not-allowed"]
    assert refused(head, basis="CV 9/UBND", preview=False) == ["", ""]


def test_the_state_that_is_meant_must_be_said(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    path = f"/obligations/{ident}/prepare"
    for given in ({}, {"If-Match": ""}, {"If-Match": "*"}):
        assert problem(officer("POST", path, **given)) == (428, "if-match-required")
    for malformed in ("abc", f'W/"{office.moves(ident)}"', str(office.moves(ident)), '"77", abc'):
        answer = officer("POST", path, **{"If-Match": malformed})
        assert problem(answer) == (400, "if-match-malformed")
        assert 'If-Match: "27"' in answer.json()["detail"]
    stale = officer("POST", path, **{"If-Match": '"77"'})
    assert problem(stale) == (412, "changed-meanwhile")
    assert stale.json()["obligation"]["state"] == "open"
    assert stale.headers["etag"] == stale.json()["obligation"]["etag"] == f'"{office.moves(ident)}"'
    assert officer("POST", path, **{"If-Match": f'"77", "{office.moves(ident)}"'}).status_code == 200


def test_what_is_not_possible_says_what_is(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    answer = office.do(body, ident, "accept", {}, Accept_Language="vi")
    assert problem(answer) == (409, "not-possible-now")
    assert answer.json()["allowed"] == [verb for verb in Verb if verb in answer.json()["allowed"]]
    assert set(answer.json()["allowed"]) >= {"prepare", "extend", "waive"}
    assert answer.json()["detail"].startswith("Không chấp nhận được: trạng thái hiện tại không cho phép. Trạng thái: Đang thực hiện.")
    english = office.do(body, ident, "accept", {}, Accept_Language="en").json()["detail"]
    assert english.startswith("Cannot accept: an obligation that is open does not take it.")


def test_rights_decide_before_anything_else(office: Office) -> None:
    ident = office.obligation("xa-1")
    other = office.person("xa-2")
    assert problem(office.do(other, ident, "prepare")) == (403, "not-allowed")
    assert problem(other("POST", f"/obligations/{ident}/prepare")) == (403, "not-allowed")
    officer = office.person("xa-1")
    refused = office.do(officer, ident, "waive", WHY)
    assert problem(refused) == (403, "not-allowed")
    assert "cơ quan thường trực" in refused.json()["detail"]
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", Role.HEAD, authority="khac")
    assert problem(office.do(stranger, ident, "waive", WHY)) == (404, "no-such-obligation")
    assert problem(stranger("POST", "/obligations/987654/waive", WHY, **{"If-Match": '"1"'})) == (404, "no-such-obligation")
    nobody = office.person("xa-1", Role.MEMBER)
    nobody.client.cookies.clear()
    assert problem(office.do(nobody, ident, "prepare")) == (401, "not-signed-in")
    assert office.year.obligation(ident).state == "open"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        pytest.param("send-back", {}, id="no reason"),
        pytest.param("send-back", {"reason": "  "}, id="a blank reason"),
        pytest.param("extend", {**WHY, "due_on": "9999-12-31"}, id="a day beyond all calendars"),
        pytest.param("extend", {**WHY, "due_on": "0001-01-01"}, id="a day before all calendars"),
        pytest.param("submit", {"text": "a\x00b"}, id="a null character"),
        pytest.param("submit", {"text": "x" * 20_001}, id="too long a text"),
        pytest.param("urge", {"by": "phone"}, id="a call without a note"),
        pytest.param("urge", {"by": "shout"}, id="an unknown way"),
        pytest.param("accept", {"unknown": 1}, id="an unknown field"),
        pytest.param("return", {**WHY, "items": [{"item": "", "words": "x"}]}, id="a part without a name"),
    ],
)
def test_bad_input_is_refused_with_its_place(office: Office, verb: str, body: dict[str, object]) -> None:
    answer = office.do(office.person("so-noi-vu"), office.obligation("xa-1"), verb, body)
    assert problem(answer) == (422, "invalid-request")
    assert answer.json()["errors"]


def test_half_a_character_is_refused(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    headers = {"If-Match": '"1"', "X-CSRF-Token": body.csrf, "Content-Type": "application/json"}
    answer = body.client.post(f"/api/v1/obligations/{ident}/waive", content=rb'{"reason": "\ud800"}', headers=headers)
    assert problem(answer) == (422, "invalid-request")


def test_a_year_without_a_calendar_is_said(office: Office) -> None:
    answer = office.do(office.person("so-noi-vu"), office.obligation("xa-1"), "reopen", {**WHY, "due_on": "2099-01-01"})
    assert answer.status_code in {409, 422}


def test_a_cycle_that_is_over_moves_no_more(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    assert body("POST", f"/cycles/{office.year.cycle}/close", WHY, **{"If-Match": '"1"'}).status_code == 200
    assert problem(office.do(body, ident, "waive", WHY)) == (409, "cycle-not-running")


def test_a_deputy_acts_and_is_marked(office: Office) -> None:
    ident = office.obligation("xa-1")
    deputy = office.person("xa-1", Role.MEMBER)
    with office.year.store.engine.begin() as connection:
        ident_of = select(CONTACT.c.id).where(CONTACT.c.key == "test.member.xa-1@thu.invalid").scalar_subquery()
        head = (CONTACT.c.role == "head") & CONTACT.c.party_id.in_(select(PARTY.c.id).where(PARTY.c.key == "xa-1"))
        connection.execute(CONTACT.update().where(head).values(deputy_id=ident_of, deputy_from=date(2025, 1, 1)))
    office.do(office.person("xa-1"), ident, "prepare")
    assert office.do(deputy, ident, "submit", {}).status_code == 200
    with office.year.store.reading() as connection:
        payload = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "submit")).scalar_one()
    assert '"deputy_of":' in payload


def test_every_verb_has_an_address(office: Office) -> None:
    paths = office.app.openapi()["paths"]
    verbs = {path.rpartition("/")[2] for path, item in paths.items() if path.startswith("/api/v1/obligations/{id}/") and "post" in item}
    assert verbs >= {verb.value for verb in Verb} - {Verb.MOVE_DUE.value} | {"reassign"}


@pytest.mark.parametrize(
    ("content", "kind", "answer", "words"),
    [
        pytest.param(b"{", None, (422, "invalid-request"), ("không phải JSON đúng", "is no JSON"), id="broken JSON"),
        pytest.param(b'{"reason": "\xff"}', None, (400, "unreadable-body"), ("không phải UTF-8", "is no UTF-8"), id="not UTF-8"),
        pytest.param(b"[" * 100000, None, (400, "unreadable-body"), ("lồng nhau quá sâu", "nested too deeply"), id="too deep"),
        pytest.param(b"[]", None, (422, "invalid-request"), ("đối tượng JSON", "a JSON object"), id="a list"),
        pytest.param(
            b"reason=x", "application/x-www-form-urlencoded", (422, "invalid-request"), ("đối tượng JSON", "a JSON object"), id="a form"
        ),
        pytest.param(
            b'{"by": "phone", "note": 7}', None, (422, "invalid-request"), ("phải là chữ", "must be text"), id="a number for a text"
        ),
        pytest.param(
            b'{"by": "phone", "note": "a\\u0000b"}',
            None,
            (422, "invalid-request"),
            ("ký tự rỗng", "a null character"),
            id="a null character",
        ),
        pytest.param(
            b'{"by": "fax"}', None, (422, "invalid-request"), ("'phone' hoặc 'letter'", "'phone' or 'letter'"), id="none of a few"
        ),
        pytest.param(
            b'{"by": "phone"}', None, (422, "invalid-request"), ("phải có `note`", "needs a `note`"), id="two that belong together"
        ),
    ],
)
def test_a_body_that_is_wrong_is_told_how(
    office: Office, content: bytes, kind: str | None, answer: tuple[int, str], words: tuple[str, str]
) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    path, headers = f"/api/v1/obligations/{ident}/urge", {"X-CSRF-Token": body.csrf, "Content-Type": kind or "application/json"}
    headers["If-Match"] = f'"{office.moves(ident)}"'
    for language, said_so in zip(("vi", "en"), words, strict=True):
        said = body.client.post(path, content=content, headers=headers | {"Accept-Language": language})
        assert problem(said) == answer
        assert said_so in said.text


@pytest.mark.parametrize(
    ("address", "where"),
    [
        pytest.param("/obligations?stage=khong-co", "stage", id="a stage"),
        pytest.param("/obligations?party=khong-co", "party", id="a unit"),
        pytest.param("/obligations?cycle=77", "cycle", id="a cycle"),
        pytest.param("/my/obligations?stage=khong-co", "stage", id="a stage of mine"),
        pytest.param("/journal?unit=khong-co", "unit", id="a unit of the journal"),
        pytest.param("/journal?person=khong-co", "person", id="a person"),
        pytest.param("/journal?since=100000", "since", id="behind the end"),
        pytest.param("/obligations?stage=plan&stage=plan", "stage", id="given twice"),
    ],
)
def test_a_filter_that_names_nothing_is_refused_by_name(office: Office, address: str, where: str) -> None:
    said = office.person("so-noi-vu")("GET", address)
    assert problem(said) == (422, "invalid-request")
    assert [one["where"] for one in said.json()["errors"]] == [where]


def test_a_filter_that_names_what_is_there_may_find_nothing(office: Office) -> None:
    body = office.person("so-noi-vu")
    cycle = office.year.cycle
    for address in (
        f"/obligations?cycle={cycle}&party=xa-1&state=waived&state=lapsed",
        "/my/obligations?party=xa-1",
        "/journal?unit=xa-1&person=head.xa-2",
    ):
        answer = body("GET", address)
        assert (answer.status_code, answer.json()["items"]) == (200, []), address
