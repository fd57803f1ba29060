"""Units and contacts changed by the API: two who change the same unit see each other, rows are reported one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from evaluation.kinds import Role
from store.verify import verify
from tests.api.browsing import Browser, problem
from tests.api.conftest import launch_again
from tests.api.test_together import asking, at_once
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from tests.conftest import SmallYear

NEW = {"key": "moi.xa-1", "name": "Trần Thị B", "address": "b@xa-1.invalid"}


@pytest.fixture
def office(any_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    with open_office(any_year, tmp_path, now=any_year.slot(date(2025, 1, 7))) as office:
        yield office


def tag(who: Browser, unit: str = "xa-1") -> str:
    """The ETag of a unit as somebody sees it."""
    return str(who("GET", f"/units/{unit}").headers["etag"])


def change(who: Browser, path: str, json: dict[str, Any], *, unit: str = "xa-1") -> Response:
    """A change of the unit as it is."""
    return who("POST", path, json, **{"If-Match": tag(who, unit)})


def contact(answer: Response, key: str) -> dict[str, Any]:
    """A contact of the unit that was answered."""
    (found,) = (one for one in answer.json()["unit"]["contacts"] if one["key"] == key)
    return dict(found)


def test_a_contact_comes_and_goes(office: Office) -> None:
    body = office.person("so-noi-vu")
    made = body("POST", "/contacts", {**NEW, "party": "xa-1", "role": "member"}, **{"Idempotency-Key": "moi"})
    assert (made.status_code, contact(made, "moi.xa-1")["role"]) == (201, "member")
    assert made.headers["etag"] == made.json()["etag"] == tag(body)
    again = body("POST", "/contacts", {**NEW, "party": "xa-1", "role": "member"}, **{"Idempotency-Key": "moi"})
    assert (again.content, again.headers["idempotency-replayed"]) == (made.content, "true")
    gone = change(body, "/contacts/moi.xa-1/drop", {"on": "2025-03-31"})
    assert contact(gone, "moi.xa-1")["valid_to"] == "2025-03-31"
    assert verify(office.year.store) == []


def test_somebody_takes_over(office: Office) -> None:
    body = office.person("so-noi-vu")
    done = change(body, "/contacts/head.xa-1/replace", {**NEW, "valid_from": "2025-02-01"})
    assert (contact(done, "head.xa-1")["valid_to"], contact(done, "moi.xa-1")["role"]) == ("2025-01-31", "head")
    moved = change(body, "/contacts/moi.xa-1/address", {"address": "c@xa-1.invalid"})
    assert contact(moved, "moi.xa-1")["address"] == "c@xa-1.invalid"


def test_a_head_names_a_deputy_and_changes_nothing_else(office: Office) -> None:
    head, other = office.person("xa-1", Role.HEAD), office.person("xa-2", Role.HEAD)
    named = {"deputy": "head.xa-1", "since": "2025-01-08", "until": "2025-01-20"}
    done = change(head, "/contacts/officer.xa-1/deputy", named)
    assert {name: contact(done, "officer.xa-1")[name] for name in ("deputy", "deputy_from", "deputy_to")} == {
        "deputy": "head.xa-1",
        "deputy_from": "2025-01-08",
        "deputy_to": "2025-01-20",
    }
    assert contact(change(head, "/contacts/officer.xa-1/deputy", {"deputy": None}), "officer.xa-1")["deputy"] == ""
    assert problem(change(head, "/contacts/officer.xa-1/address", {"address": "c@xa-1.invalid"})) == (403, "not-allowed")
    assert problem(other("POST", "/contacts/officer.xa-1/deputy", named)) == (403, "not-allowed")
    assert problem(other("POST", "/contacts/nobody/deputy", named)) == (403, "not-allowed")


def test_a_unit_is_added_placed_succeeded_and_ended(office: Office) -> None:
    body = office.person("so-noi-vu")
    made = body("POST", "/units", {"key": "xa-9", "name": "Xã Chín", "superior": "ubnd"})
    assert (made.status_code, made.headers["location"], made.json()["unit"]["superior"]) == (201, "/api/v1/units/xa-9", "ubnd")
    placed = change(body, "/units/xa-9/superior", {"superior": "so-noi-vu", "since": "2025-01-07"}, unit="xa-9")
    assert placed.json()["unit"]["superior"] == "so-noi-vu"
    assert change(body, "/units/xa-9/successors", {"successor": "xa-1"}, unit="xa-9").json()["unit"]["successors"] == ["xa-1"]
    assert change(body, "/units/xa-9/drop", {"on": "2025-06-30"}, unit="xa-9").json()["unit"]["valid_to"] == "2025-06-30"


def test_two_change_one_unit_and_one_wins(office: Office) -> None:
    body, head = office.person("so-noi-vu"), office.person("so-noi-vu", Role.HEAD)
    seen = tag(body)
    first = asking(body, "/contacts/officer.xa-1/address", {"address": "first@xa-1.invalid"}, If_Match=seen)
    second = asking(head, "/contacts/head.xa-1/drop", {"on": "2025-03-31"}, If_Match=seen)
    answers = sorted(at_once([first, second]), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 412]
    won, lost = answers
    assert lost.json()["unit"] == won.json()["unit"]
    assert lost.headers["etag"] == won.headers["etag"] != seen
    assert "`unit`" in lost.json()["detail"]
    assert problem(body("POST", "/contacts/head.xa-1/drop", {"on": "2025-03-31"})) == (428, "if-match-required")


def test_a_change_of_another_unit_is_in_nobodys_way(office: Office) -> None:
    body = office.person("so-noi-vu")
    seen = tag(body)
    assert change(body, "/contacts/officer.xa-2/address", {"address": "z@xa-2.invalid"}, unit="xa-2").is_success
    assert body("POST", "/contacts/officer.xa-1/address", {"address": "z@xa-1.invalid"}, **{"If-Match": seen}).is_success


@pytest.mark.parametrize(
    ("path", "json", "expected", "vi"),
    [
        ("/contacts/head.xa-1/deputy", {"deputy": "head.xa-1"}, (409, "people-state"), "“head.xa-1” không thể thay mặt chính mình."),
        ("/units/xa-2/successors", {"successor": "xa-1"}, (409, "already-there"), "“xa-1” đã là đơn vị kế thừa của “xa-2”."),
        ("/units/xa-1/successors", {"successor": "xa-1"}, (409, "people-state"), "“xa-1” không thể kế thừa chính mình."),
        ("/contacts/head.xa-9/drop", {"on": "2025-03-31"}, (404, "no-such-contact"), "Cơ quan không có đầu mối “head.xa-9”."),
    ],
)
def test_a_refusal_speaks_the_language_asked_for(
    office: Office, path: str, json: dict[str, Any], expected: tuple[int, str], vi: str
) -> None:
    body = office.person("so-noi-vu")
    unit = "xa-2" if "xa-2" in path else "xa-1"
    refused = change(body, path, json, unit=unit)
    assert (problem(refused), refused.json()["detail"]) == (expected, vi)
    english = body("POST", path, json, **{"If-Match": tag(body, unit), "Accept-Language": "en"})

    assert english.json()["detail"] != vi


def test_rows_are_reported_one_by_one(office: Office) -> None:
    body = office.person("so-noi-vu")
    unit = {"key": "xa-8", "name": "Xã Tám", "superior": "xa-7"}
    contacts = [
        {"key": "officer.xa-7", "party": "xa-7", "role": "officer", "name": "A", "address": "a@xa-7.invalid"},
        {"key": "officer.xa-8", "party": "xa-8", "role": "officer", "name": "B", "address": "b@xa-8.invalid"},
        {"key": "lost", "party": "xa-6", "role": "officer", "name": "C", "address": "c@xa-6.invalid"},
    ]
    units = [unit, {"key": "xa-7", "name": "Xã Bảy"}, {"key": "xa-5", "name": "Xã", "superior": "xa-4"}, {"key": "xa-7", "name": "Hai"}]
    looked = body("POST", "/people/import", {"units": units, "contacts": contacts, "preview": True})
    assert body("GET", "/units/xa-7").status_code == 404, "nothing is kept of a preview"
    done = body("POST", "/people/import", {"units": units, "contacts": contacts})
    assert done.json() == looked.json()
    said = done.json()
    assert [one["outcome"] for one in said["units"]] == ["added", "added", "refused", "refused"]
    assert [one["outcome"] for one in said["contacts"]] == ["added", "added", "refused"]
    assert (said["taken"], said["refused"]) == (4, 3)
    assert said["units"][2]["problem"]["type"] == said["contacts"][2]["problem"]["type"] == "urn:dondoc:no-such-party"
    assert said["units"][3]["problem"]["detail"] == "“xa-7” đã có ở một dòng trước."
    assert body("GET", "/units/xa-8").json()["superior"] == "xa-7"
    again = body("POST", "/people/import", {"units": units[:2], "contacts": [{**contacts[0], "name": "D"}, contacts[1]]}).json()
    assert [one["outcome"] for one in (*again["units"], *again["contacts"])] == ["same", "same", "changed", "same"]
    assert verify(office.year.store) == []


def test_an_import_leaves_deputies_alone(office: Office) -> None:
    body = office.person("so-noi-vu")
    change(body, "/contacts/officer.xa-1/deputy", {"deputy": "head.xa-1", "since": "2025-01-08", "until": "2025-01-20"})
    row = {"key": "officer.xa-1", "party": "xa-1", "role": "officer", "name": "Tên mới", "address": "a@xa-1.invalid"}
    assert body("POST", "/people/import", {"contacts": [row]}).json()["contacts"][0]["outcome"] == "changed"
    (kept,) = (one for one in body("GET", "/units/xa-1").json()["contacts"] if one["key"] == "officer.xa-1")
    assert (kept["name"], kept["deputy"], kept["deputy_from"], kept["deputy_to"]) == ("Tên mới", "head.xa-1", "2025-01-08", "2025-01-20")


def test_faults_of_form_are_listed_by_row(office: Office) -> None:
    wrong = {"units": [{"key": "Xã 9", "name": "A"}], "contacts": [{**NEW, "address": "nowhere", "party": "xa-1", "role": "officer"}]}
    answer = office.person("so-noi-vu")("POST", "/people/import", wrong)
    assert problem(answer) == (422, "invalid-request")
    assert {one["where"]: one["text"] for one in answer.json()["errors"]} == {
        "units.0.key": "chỉ gồm chữ thường không dấu, số và gạch nối, như xa-31813",
        "contacts.0.address": "phải là địa chỉ thư, như ten@coquan.gov.vn",
    }


def test_strangers_find_nothing(office: Office) -> None:
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", authority="khac")
    assert problem(stranger("POST", "/units?authority=thu", {"key": "xa-9", "name": "A"})) == (404, "no-such-authority")
    assert problem(stranger("POST", "/contacts/head.xa-1/drop?authority=thu", {"on": "2025-03-31"})) == (404, "no-such-authority")
