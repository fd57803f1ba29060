"""An authority's names and logo: through the API and Settings, on pages, the sign-in page and in mails."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from html import unescape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from evaluation.kinds import Role
from store.commands.branding import HeadChange, change_head
from store.queries.branding import head_of_house, mail_head_of
from store.queries.letters import read_letter
from store.schema import JOURNAL, NOTICE
from tests.api.conftest import HERE, launch_again
from tests.api.console.test_pages import PAGE, field, seen
from tests.api.working import Office, open_office
from tests.evaluation.test_branding import png, svg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

NAMES = {"name": "UBND tỉnh Thử", "name_en": "Test Province", "short_name": "CCHC Thử", "standing_line": "Sở Nội vụ"}
DRAWN = svg('<rect width="4" height="4"/>')
EVIL = svg("<script>alert(1)</script>")


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def entries(office: Office) -> list[Any]:
    with office.year.store.reading() as connection:
        rows = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "change-authority").order_by(JOURNAL.c.number))
        return [json.loads(row.payload) for row in rows]


def give(who: Browser, page: str, **fields: str) -> Any:
    """What comes of the form of the names."""
    hidden = {"csrf": field(page, "csrf", form="/settings/branding"), "etag": etag(page)}
    return who.client.post("/settings/branding", data={**hidden, **fields}, headers=PAGE, follow_redirects=False)


def etag(page: str) -> str:
    return unescape(page.partition('name="etag" value=\'')[2].partition("'")[0])


def send_logo(who: Browser, page: str, content: bytes) -> Any:
    """What comes of a picture that the page's script sends."""
    headers = PAGE | {"X-CSRF-Token": field(page, "csrf", form="/settings/branding"), "Content-Type": "application/octet-stream"}
    return who.client.post("/settings/branding/logo", params={"etag": etag(page), "name": "a.svg"}, content=content, headers=headers)


def test_names_are_changed_in_settings_and_shown_on_every_page(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = seen(body, "/settings")
    assert give(body, page, **NAMES).headers["location"] == "/settings?done=branding"
    there = seen(body, "/settings?done=branding")
    assert "Đã lưu. Tên và logo mới" in there
    assert "<span>CCHC Thử</span>" in seen(body, "/")
    assert "UBND tỉnh Thử" in there
    assert entries(office) == [{"changed": ["name", "name_en", "short_name", "standing_line"]}]
    assert give(body, seen(body, "/settings"), **NAMES).status_code == 303
    assert len(entries(office)) == 1  # nothing was different


def test_a_form_that_somebody_was_faster_than_is_told(office: Office) -> None:
    body = office.person("so-noi-vu")
    old = seen(body, "/settings")
    assert give(body, old, **NAMES).status_code == 303
    answer = give(body, old, **NAMES | {"short_name": "Khác"})
    assert answer.status_code == 422
    assert "chưa có gì của anh/chị được lưu" in answer.text
    assert "Khác" in answer.text
    assert 'value="CCHC Thử"' in answer.text
    assert len(entries(office)) == 1


def test_what_cannot_be_is_said_and_kept(office: Office) -> None:
    body = office.person("so-noi-vu")
    answer = give(body, seen(body, "/settings"), name="  ", short_name="Giữ lại")
    assert answer.status_code == 422
    assert "ơ quan phải có tên" in answer.text
    assert 'value="Giữ lại"' in answer.text
    assert entries(office) == []


def test_a_logo_is_looked_into_and_served_from_here(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = seen(body, "/settings")
    refused = send_logo(body, page, EVIL)
    assert refused.status_code == 422
    assert "hình SVG có phần tử &lt;script&gt;" in refused.text
    assert 'value="UBND thử"' in refused.text
    assert entries(office) == []
    assert send_logo(body, page, DRAWN).status_code == 200
    mark = hashlib.sha256(DRAWN).hexdigest()
    assert entries(office) == [{"changed": ["logo"], "logo": mark}]
    assert f'<img class="brand-logo" src="/logo/{mark}" alt="">' in seen(body, "/")
    picture = TestClient(office.app, base_url=HERE).get(f"/logo/{mark}")  # nobody need be signed in: it stands on the sign-in page
    assert picture.content == DRAWN
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert "script-src" not in picture.headers["content-security-policy"]
    assert body.client.get(f"/logo/{'0' * 64}").status_code == 404
    assert give(body, seen(body, "/settings"), name="UBND thử", drop_logo="yes").status_code == 303
    assert body.client.get(f"/logo/{mark}").status_code == 404


@pytest.mark.parametrize(
    ("party", "role", "status"), [("xa-1", Role.OFFICER, 403), ("so-noi-vu", Role.AUDITOR, 403), ("so-noi-vu", Role.HEAD, 200)]
)
def test_names_are_changed_by_who_may(office: Office, party: str, role: Role, status: int) -> None:
    asked = {"name_en": "Test", "logo": base64.b64encode(png()).decode()}
    answer = office.person(party, role)("POST", "/branding", asked, **{"If-Match": '"0"'})
    assert answer.status_code == status
    assert len(entries(office)) == (status == HTTPStatus.OK)


def test_a_change_means_the_state_that_was_seen(office: Office) -> None:
    head = office.person("so-noi-vu", Role.HEAD)
    first = head("POST", "/branding", {"name_en": "Test"}, **{"If-Match": head("GET", "/branding").headers["ETag"]})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    stale = head("POST", "/branding", {"name_en": "Again"}, **{"If-Match": '"0"'})
    assert (stale.status_code, stale.json()["head"]["name_en"]) == (412, "Test")
    evil = head("POST", "/branding", {"logo": base64.b64encode(EVIL).decode()}, **{"If-Match": first.headers["ETag"]})
    assert (evil.status_code, evil.json()["errors"][0]["where"]) == (422, "logo")
    assert head("POST", "/branding", {"short_name": "x" * 25}, **{"If-Match": '"1"'}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(entries(office)) == 1


def test_the_sign_in_page_says_whose_house_it_is(office: Office) -> None:
    body = office.person("so-noi-vu")
    assert "Sở Nội vụ" not in body.client.get("/sign-in", headers=PAGE).text
    give(body, seen(body, "/settings"), **NAMES)
    assert "UBND tỉnh Thử" in body.client.get("/sign-in", headers=PAGE).text
    assert "Test Province" in body.client.get("/sign-in?lang=en", headers=PAGE).text
    launch_again(office.year.store, key="khac", sandbox=True)
    with office.year.store.reading() as connection:
        assert head_of_house(connection) is None  # two sandboxes: nobody's house


def test_mails_say_the_names_in_their_language_and_carry_a_small_png(office: Office) -> None:
    change = HeadChange(name_en="Test Province", standing_line="Sở Nội vụ", logo=DRAWN)
    with office.year.store.transaction(now=office.now) as transaction:
        change_head(transaction, 1, change)
        drawn = mail_head_of(transaction.connection, 1)
        change_head(transaction, 1, HeadChange(logo=png()))
        small = mail_head_of(transaction.connection, 1)
        told = select(NOTICE.c.recipient, NOTICE.c.id).where(NOTICE.c.recipient.like("c%")).limit(1)
        recipient, notice = transaction.connection.execute(told).one()
        letter = read_letter(office.year.store, transaction.connection, authority=1, recipient=recipient, notices=[notice], now=office.now)
    assert (drawn.logo, small.logo) == (b"", png())
    assert (letter.authority_name, letter.standing_line, letter.logo) == ("UBND thử", "Sở Nội vụ", png())
    assert small.words.name_in("en") == "Test Province"


def test_what_people_read_names_no_keys_of_plans(office: Office) -> None:
    """A reminder in an obligation's story says when it fell; the health page calls what waits by its title."""
    body, ident = office.person("so-noi-vu"), office.obligation("xa-1")
    office.now = office.year.slot(date(2025, 1, 31))
    assert "Việc cần xử lý của cơ quan thường trực" in body.client.get("/health", headers=PAGE).text
    office.year.tick(office.now)
    assert "Gửi thư nhắc (ngày đến hạn)" in seen(body, f"/obligations/{ident}")
    assert "Reminder mailed (" in seen(body, f"/obligations/{ident}?lang=en")
