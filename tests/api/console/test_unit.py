"""A unit's page: who may see it and how much, its year in one line of time, and how often it was late."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from evaluation.kinds import Role
from store.schema import CONTACT, PARTY
from tests.api.conftest import counted_queries, launch_again
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def status(who: Browser, office: Office, unit: str, *, cycle: int | None = None) -> int:
    return int(who.client.get(f"/cycles/{cycle or office.year.cycle}/units/{unit}", headers=PAGE).status_code)


def seen(who: Browser, office: Office, unit: str, *, lang: str = "vi") -> str:
    answer = who.client.get(f"/cycles/{office.year.cycle}/units/{unit}?lang={lang}", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def story(page: str) -> list[str]:
    """The happenings, the latest first, without their marks."""
    part = page[page.index("data-narrowed") :] if "data-narrowed" in page else ""
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<li data-row.*?</li>", part, re.DOTALL)]


def test_who_may_see_which_unit(office: Office) -> None:
    own, body, auditor = office.person("xa-1"), office.person("so-noi-vu"), office.person("xa-2", Role.AUDITOR)
    assert [status(own, office, unit) for unit in ("xa-1", "xa-2")] == [200, 403]
    assert [status(who, office, "xa-1") for who in (body, auditor)] == [200, 200]
    assert [status(body, office, "xa-1", cycle=99), status(body, office, "khong-co")] == [404, 404]


def test_who_co_ordinates_one_stage_sees_that_alone(office: Office) -> None:
    page = seen(office.person("so-tu-phap"), office, "xa-1")
    assert f'href="/obligations/{office.obligation("xa-1", "report", "2025-Q1")}"' in page
    assert f'href="/obligations/{office.obligation("xa-1")}"' not in page
    assert all("Kế hoạch của đơn vị" not in one for one in story(page))


def test_another_authority_has_no_such_year(office: Office) -> None:
    other = launch_again(office.year.store, key="that", sandbox=False)
    stranger = office.person("so-noi-vu", authority="that")
    assert status(stranger, office, "xa-1") == 404
    assert status(stranger, office, "xa-1", cycle=other) == 200
    assert status(office.person("so-noi-vu"), office, "xa-1", cycle=other) == 404


def test_the_year_is_one_line_of_time(office: Office) -> None:
    body, officer, head = office.person("so-noi-vu"), office.person("xa-1"), office.person("xa-1", Role.HEAD)
    ident = office.obligation("xa-1")
    assert office.do(body, ident, "urge", {"by": "phone", "note": "gọi lúc 9 giờ"}).is_success
    headers = {"X-CSRF-Token": officer.csrf, "Content-Type": "application/octet-stream"}
    path = f"/api/v1/obligations/{ident}/evidence"
    assert officer.client.post(path, params={"name": "ke-hoach.txt", "item": ""}, content=b"text", headers=headers).is_success
    assert office.do(officer, ident, "prepare").is_success
    assert office.do(head, ident, "submit", {}).is_success
    assert office.do(body, ident, "return", {"reason": "thiếu phụ lục"}).is_success
    told = story(seen(body, office, "xa-1"))
    for words in (
        "Đôn đốc qua điện thoại : Kế hoạch của đơn vị",
        "Gửi tài liệu: ke-hoach.txt",
        "Trình lãnh đạo duyệt",
        "Đã gửi : Kế hoạch của đơn vị",
        "Trả lại để bổ sung, hạn 31/01/2025",
        "Thư: Trả lại để bổ sung",
        "Đến lúc thực hiện",
    ):
        assert any(one.startswith(words) for one in told), (words, told)
    assert any("thiếu phụ lục" in one for one in told)
    moments = ("Trả lại", "Đã gửi", "Trình lãnh đạo", "Đến lúc thực hiện")
    order = [next(at for at, one in enumerate(told) if one.startswith(words)) for words in moments]
    assert order == sorted(order)


def test_mails_are_told_with_whom_they_went_to_and_how_they_fared(office: Office) -> None:
    officer, body = office.person("xa-1"), office.person("so-noi-vu")
    own, whole = story(seen(officer, office, "xa-1")), story(seen(body, office, "xa-1"))
    assert [one for one in own if one.startswith("Thư: Việc mới : Kế hoạch") and "tới công chức đầu mối" in one and "chờ gửi" in one]
    assert [one for one in whole if one.startswith("Thư: Việc mới : Kế hoạch") and "tới Công chức đầu mối CCHC – Xã 001" in one]


def test_a_mail_to_somebody_else_is_not_told_as_the_units(office: Office) -> None:
    ident, body = office.obligation("xa-1"), office.person("so-noi-vu")
    assert office.do(office.person("xa-1"), ident, "prepare").is_success
    assert office.do(office.person("xa-1", Role.HEAD), ident, "submit", {}).is_success
    assert not [one for one in story(seen(body, office, "xa-1")) if "Mới nhận, chờ xem xét" in one]


def test_what_another_unit_did_is_not_told(office: Office) -> None:
    office.do(office.person("xa-2"), office.obligation("xa-2"), "prepare")
    assert all("Trình lãnh đạo" not in one for one in story(seen(office.person("so-noi-vu"), office, "xa-1")))


def test_names_are_for_those_who_may_see_people(office: Office) -> None:
    officer, head = office.person("xa-1"), office.person("xa-1", Role.HEAD)
    office.do(officer, office.obligation("xa-1"), "prepare")
    own, whole = seen(officer, office, "xa-1"), seen(head, office, "xa-1")
    assert "Danh sách người phụ trách dành cho" in own
    assert "Cán bộ thử" not in own[own.index("<main") :]
    assert any("công chức đầu mối, Xã 001" in one for one in story(own))
    assert "officer.xa-1@thu.invalid" in whole
    assert any("Cán bộ thử, Xã 001" in one for one in story(whole))


def test_who_cannot_be_reached_and_who_stands_in_are_marked(office: Office) -> None:
    store, body = office.year.store, office.person("so-noi-vu")
    assert "không nhận được thư" not in seen(body, office, "xa-1")
    with store.engine.begin() as connection:
        ids = connection.execute(
            CONTACT.select().where(CONTACT.c.key.in_(["officer.xa-1", "head.xa-1"])).order_by(CONTACT.c.key.desc())
        ).all()
        officer, head = ids
        window = {"deputy_id": head.id, "deputy_from": date(2025, 1, 6), "deputy_to": date(2025, 1, 10), "phone": "0270 3.822.822"}
        connection.execute(update(CONTACT).where(CONTACT.c.id == officer.id).values(unreachable_since=office.now, **window))
    page = seen(body, office, "xa-1")
    assert "không nhận được thư" in page
    assert f"đang vắng, người thay: {head.name}" in page
    assert 'href="tel:02703822822"' in page
    assert any(one.startswith("Không nhận được thư") for one in story(page))


def test_how_often_it_was_late_with_the_list_behind_it(office: Office) -> None:
    body = office.person("so-noi-vu")
    assert "Chưa có việc nào đến hạn để so." in seen(body, office, "xa-1")
    office.now = office.year.slot(date(2025, 2, 10))
    page = seen(body, office, "xa-1")
    assert "Trễ 1 trong 1 kỳ gần đây" in page
    assert "chưa gửi, đã trễ 10 ngày" in page


def test_what_is_to_come_stands_apart(office: Office) -> None:
    page = seen(office.person("xa-1"), office, "xa-1")
    ahead = page[page.index('id="ahead"') : page.index('id="told"')]
    assert re.search(r"31/01/2025</strong> · Đến hạn: .*Kế hoạch của đơn vị", ahead)
    assert "19/03/2025" in ahead


def test_in_english_nothing_is_left_out(office: Office) -> None:
    office.now = office.year.slot(date(2025, 2, 10))
    page = seen(office.person("so-noi-vu"), office, "xa-1", lang="en")
    assert "Late in 1 of the last 1" in page
    assert "not submitted, late by 10 days so far" in page
    assert any(one.startswith("Opened : The unit's own plan".replace("'", "&#39;")) for one in story(page))
    assert " style=" not in page


def test_a_name_is_escaped(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(name="<b>Xã</b>"))
    page = seen(office.person("so-noi-vu"), office, "xa-1")
    assert "<b>Xã</b>" not in page
    assert "&lt;b&gt;Xã&lt;/b&gt;" in page


def test_a_long_year_takes_no_more_queries(office: Office) -> None:
    body, counts = office.person("so-noi-vu"), []
    for on in (date(2025, 1, 7), date(2025, 7, 1)):
        office.now = office.year.slot(on)
        office.year.tick(office.now)
        seen(body, office, "xa-1")
        with counted_queries(office.year.store) as statements:
            told = story(seen(body, office, "xa-1"))
        counts.append((len(statements), len(told)))
    (few, short), (many, long) = counts
    assert few == many
    assert short < long
