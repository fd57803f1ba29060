"""What an officer writes for the head to sign: it stands in the head's form and goes back with the work."""

from __future__ import annotations

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
