"""Evidence by the API: sent as it is, downloaded safely, by those who may; withdrawn while the work is in hand; missing where it is."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from api.routes.evidence import disposition
from config.calendar_files import shipped_calendar
from evaluation.kinds import Role
from store.verify import verify
from tests.api.browsing import problem
from tests.api.conftest import launch_again
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser

ITEMS = "deliverable: Kế hoạch\n    items: [{key: van-ban, title: Văn bản}, {key: phu-luc, title: Phụ lục}]\n"
TEXT = "Kế hoạch\n".encode()


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[Office]:
    calendar = shipped_calendar()
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("deliverable: Kế hoạch\n", ITEMS)
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=yaml)
    now = year.slot(date(2025, 1, 7))
    year.tick(now)
    with open_office(year, tmp_path, now=now, file_most_bytes=2000, body_bytes=1024) as office:
        yield office


def send(who: Browser, ident: int, content: bytes = TEXT, *, name: str = "kế hoạch.txt", item: str = "", key: str = "") -> Response:
    headers = {"X-CSRF-Token": who.csrf, "Content-Type": "application/octet-stream"} | ({"Idempotency-Key": key} if key else {})
    asked = {"name": name, "item": item}
    answer: Response = who.client.post(f"/api/v1/obligations/{ident}/evidence", params=asked, content=content, headers=headers)
    return answer


def test_a_file_is_sent_and_fetched(office: Office) -> None:
    ident, officer, body = office.obligation("xa-1"), office.person("xa-1"), office.person("so-noi-vu")
    sent = send(officer, ident, item="van-ban")
    assert sent.status_code == 201, sent.text
    made = sent.json()
    assert (made["name"], made["item"], made["size"], made["withdrawn_at"]) == ("kế hoạch.txt", "van-ban", len(TEXT), None)
    fetched = body("GET", sent.headers["location"].removeprefix("/api/v1"))
    assert fetched.content == TEXT
    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"k_ ho_ch.txt\"; filename*=UTF-8''k%E1%BA%BF%20ho%E1%BA%A1ch.txt"
    )
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert fetched.headers["content-type"].startswith("text/plain")
    assert fetched.headers["cache-control"] == "no-store"
    assert [one["id"] for one in body("GET", f"/obligations/{ident}/evidence").json()["items"]] == [made["id"]]


def test_what_comes_and_goes_is_seen_by_who_signs(office: Office) -> None:
    ident, officer, head = office.obligation("xa-1"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
    office.do(officer, ident, "prepare")
    seen = f'"{office.moves(ident)}"'
    sent = send(officer, ident)
    assert sent.headers["etag"] == f'"{office.moves(ident)}"' != seen
    assert problem(head("POST", f"/obligations/{ident}/submit", {}, **{"If-Match": seen})) == (412, "changed-meanwhile")
    gone = officer("DELETE", f"/evidence/{sent.json()['id']}")
    assert gone.headers["etag"] == f'"{office.moves(ident)}"' != sent.headers["etag"]
    assert problem(head("POST", f"/obligations/{ident}/submit", {}, **{"If-Match": sent.headers["etag"]})) == (412, "changed-meanwhile")
    assert head("POST", f"/obligations/{ident}/submit", {}, **{"If-Match": gone.headers["etag"]}).status_code == 200
    assert verify(office.year.store) == []


def test_nobody_else_sends_or_fetches(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    path = send(officer, ident).headers["location"].removeprefix("/api/v1")
    number = path.split("/")[2]
    other = office.person("xa-2")
    assert problem(send(other, ident)) == (403, "not-allowed")
    assert problem(send(other, ident, b"MZ", name="a.exe")) == (403, "not-allowed"), "nothing is kept or looked at before"
    assert problem(other("GET", path)) == (403, "not-allowed")
    assert problem(other("GET", f"/obligations/{ident}/evidence")) == (403, "not-allowed")
    assert problem(other("DELETE", f"/evidence/{number}")) == (403, "not-allowed")
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", Role.HEAD, authority="khac")
    assert problem(send(stranger, ident)) == (404, "no-such-obligation")
    assert problem(stranger("GET", path)) == (404, "no-such-evidence")
    assert problem(stranger("DELETE", f"/evidence/{number}")) == (404, "no-such-evidence")
    assert problem(stranger("GET", f"/cycles/{office.year.cycle}/missing-evidence")) == (404, "no-such-cycle")
    assert problem(officer("GET", "/evidence/987654/file")) == (404, "no-such-evidence")


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        pytest.param("../../etc/passwd.txt", TEXT, (422, "refused"), id="a path for a name"),
        pytest.param("a\u202etxt.exe", TEXT, (422, "refused"), id="a name that reads backwards"),
        pytest.param("a.exe", b"MZ" + TEXT, (422, "refused"), id="a program"),
        pytest.param("a.pdf", TEXT, (422, "refused"), id="not what its name says"),
        pytest.param("a.txt", b"x" * 2001, (413, "file-too-large"), id="too long"),
        pytest.param("a.txt", b"", (422, "refused"), id="empty"),
    ],
)
def test_what_is_no_evidence_is_refused(office: Office, tmp_path: Path, name: str, content: bytes, answer: tuple[int, str]) -> None:
    assert problem(send(office.person("xa-1"), office.obligation("xa-1"), content, name=name)) == answer
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_file_may_be_longer_than_other_bodies(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    assert send(officer, ident, b"x" * 1900).status_code == 201
    note = {"reason": "x" * 1900, "due_on": "2025-02-05"}
    assert problem(office.do(officer, ident, "ask-extension", note)) == (413, "body-too-long")


def test_the_same_upload_again_is_the_same_evidence(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    first = send(officer, ident, key="gui-1")
    again = send(officer, ident, key="gui-1")
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert problem(send(officer, ident, b"khac\n", key="gui-1")) == (422, "key-reused")
    assert problem(send(officer, ident, item="van-ban", key="gui-1")) == (422, "key-reused")


def test_evidence_is_withdrawn_while_in_hand(office: Office) -> None:
    ident, officer, head = office.obligation("xa-1"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
    first, second = (send(officer, ident, content).json()["id"] for content in (b"mot\n", b"hai\n"))
    assert officer("DELETE", f"/evidence/{first}").status_code == 204
    assert [one["id"] for one in officer("GET", f"/obligations/{ident}/evidence").json()["items"]] == [second]
    shown = officer("GET", f"/obligations/{ident}/evidence?withdrawn=true").json()["items"]
    assert [bool(one["withdrawn_at"]) for one in shown] == [True, False]
    office.do(officer, ident, "prepare")
    office.do(head, ident, "submit", {})
    assert problem(officer("DELETE", f"/evidence/{second}")) == (422, "refused")
    assert problem(send(officer, ident, b"ba\n")) == (422, "refused")
    assert officer("GET", f"/evidence/{first}/file").content == b"mot\n"


def test_what_is_missing_of_what_one_may_see(office: Office) -> None:
    ident, officer, body = office.obligation("xa-1"), office.person("xa-1"), office.person("so-noi-vu")
    send(officer, ident, item="van-ban")
    path = f"/cycles/{office.year.cycle}/missing-evidence"
    assert [(one["party"], one["item"]) for one in officer("GET", path).json()["items"]] == [("xa-1", "phu-luc")]
    everything = body("GET", path).json()["items"]
    assert {one["party"] for one in everything} == {"so-noi-vu", "so-tu-phap", "xa-1", "xa-2"}
    assert {one["party"] for one in body("GET", f"{path}?party=xa-2").json()["items"]} == {"xa-2"}


@pytest.mark.parametrize("name", ['a";x="b.txt', "a\r\nSet-Cookie: x=1.txt", "tệp.pdf"])
def test_a_name_stays_within_its_header(name: str) -> None:
    said = disposition(name)
    assert said.isascii()
    assert not set(said) & {"\r", "\n"}
    assert said.count('"') == 2


def test_a_file_that_is_too_long_is_told_how_long_it_may_be(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    assert send(officer, ident, b"x" * 2001).json()["detail"] == "Tệp quá lớn; nhiều nhất 2000 byte; hãy giảm dung lượng hoặc chia nhỏ."
    note = {"reason": "x" * 1900, "due_on": "2025-02-05"}
    assert "1024 byte" in office.do(officer, ident, "ask-extension", note).json()["detail"]


def test_the_same_content_under_another_name_is_there_already(office: Office) -> None:
    ident, officer = office.obligation("xa-1"), office.person("xa-1")
    first = send(officer, ident)
    again = send(officer, ident, name="khác.txt")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert send(officer, ident, item="van-ban").status_code == 201, "of another part it is another"
