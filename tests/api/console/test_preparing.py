"""What an officer writes for the head to sign: it stands in the head's form and goes back with the work."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evaluation.kinds import Role
from store.verify import verify
from tests.api.test_inspections import page, send
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def text_in(shown: str, verb: str) -> str:
    """What stands in the field of the text of a form."""
    return shown.partition(f'id="{verb}-text"')[2].partition(">")[2].partition("</textarea>")[0]


def submitted(office: Office) -> str:
    return str(office.year.scalar("select text from submission order by id desc limit 1"))


def test_the_head_finds_the_officers_text_and_sends_it_as_changed(office: Office) -> None:
    ident = office.obligation("xa-1")
    officer, head, path = office.person("xa-1"), office.person("xa-1", Role.HEAD), f"/obligations/{ident}"
    send(officer, page(officer, path), f"{path}/prepare", text="Đã tiếp 12 lượt dân")
    assert text_in(page(head, path), "submit") == "Đã tiếp 12 lượt dân"
    assert "12 lượt" not in page(office.person("so-noi-vu"), path), "nobody else reads what is not signed"
    send(head, page(head, path), f"{path}/send-back", reason="thiếu số liệu")
    assert text_in(page(officer, path), "prepare") == "Đã tiếp 12 lượt dân"
    send(officer, page(officer, path), f"{path}/prepare", text="Đã tiếp 14 lượt dân")
    send(head, page(head, path), f"{path}/submit", text="Đã tiếp 14 lượt dân, không có tồn đọng")
    assert submitted(office) == "Đã tiếp 14 lượt dân, không có tồn đọng"
    assert verify(office.year.store) == []


@pytest.mark.parametrize(("body", "sent"), [({}, "Đã xong"), ({"text": "Khác"}, "Khác"), ({"text": ""}, "")])
def test_what_is_left_out_is_what_was_prepared(office: Office, body: dict[str, str], sent: str) -> None:
    ident = office.obligation("xa-1")
    assert office.do(office.person("xa-1"), ident, "prepare", {"text": "Đã xong"}).status_code == 200
    assert office.do(office.person("xa-1", Role.HEAD), ident, "submit", body).status_code == 200
    assert submitted(office) == sent
    assert office.year.scalar("select count(*) from prepared_text") == 0


def test_a_head_who_empties_the_field_sends_nothing_in_words(office: Office) -> None:
    ident = office.obligation("xa-1")
    head, path = office.person("xa-1", Role.HEAD), f"/obligations/{ident}"
    office.do(office.person("xa-1"), ident, "prepare", {"text": "Đã xong"})
    send(head, page(head, path), f"{path}/submit", text="")
    assert submitted(office) == ""


def test_the_officer_sees_what_was_handed_to_the_head_and_that_it_waits_there(office: Office) -> None:
    ident = office.obligation("xa-1")
    officer, path = office.person("xa-1"), f"/obligations/{ident}"
    send(officer, page(officer, path), f"{path}/prepare", text="Đã tiếp 12 lượt dân")
    shown = page(officer, path)
    assert "Nội dung đã trình</h2>" in shown
    assert "Đã tiếp 12 lượt dân" in shown
    assert re.search(r"Đến lượt người đứng đầu Xã 001[^:<]*: chờ lãnh đạo duyệt\.", shown)
    assert "Nội dung đã trình</h2>" not in page(office.person("xa-1", Role.HEAD), path), "it stands in the head's form"
    assert "12 lượt" not in page(office.person("so-noi-vu"), path)


def test_a_date_of_receipt_is_asked_of_who_files_for_a_unit_alone(office: Office) -> None:
    ident = office.obligation("xa-1")
    path = f"/obligations/{ident}"
    office.do(office.person("xa-1"), ident, "prepare")
    assert 'id="submit-received_on"' in page(office.person("so-noi-vu"), path)
    assert 'id="submit-received_on"' not in page(office.person("xa-1", Role.HEAD), path)


def listed(office: Office, who: Browser, heading: str) -> bool:
    """Whether the work stands in a list of somebody's day."""
    return f'href="/obligations/{office.obligation("xa-1")}"' in page(who, "/").partition(f'id="{heading}"')[2].partition("</section>")[0]


def test_what_awaits_the_head_stands_in_the_heads_day_alone(office: Office) -> None:
    officer, head = office.person("xa-1"), office.person("xa-1", Role.HEAD)
    assert listed(office, officer, "waiting")
    office.do(officer, office.obligation("xa-1"), "prepare")
    assert [listed(office, who, "waiting") for who in (officer, head)] == [False, True]
    assert [listed(office, who, "watched") for who in (officer, head)] == [True, False]


def test_a_review_that_is_late_is_called_so(office: Office) -> None:
    ident = office.obligation("xa-1")
    office.do(office.person("xa-1"), ident, "prepare")
    office.do(office.person("xa-1", Role.HEAD), ident, "submit", {})
    office.now = office.year.slot(date(2025, 3, 7))
    assert re.search(r"Quá hạn xem xét \d+ ngày \(hạn: ", page(office.person("so-noi-vu"), f"/obligations/{ident}"))
