"""Leaves of an accepted self-assessment given back by the API and in the console: the form, the round, the leaves that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.commands import moves
from store.verify import verify
from tests.api.score_rooms import filled, leaf, opened, post_form

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.working import Office
    from tests.store.scoring import Sheets


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Iterator[tuple[Office, Sheets]]:
    with opened(store, tmp_path) as found:
        yield found


def test_leaves_of_an_accepted_self_assessment_go_back_from_the_page(town: tuple[Office, Sheets]) -> None:
    office, sheets = town
    own, ident = filled(office, sheets), sheets.of("appraisal")
    sheets.do(moves.accept, own, by="officer.so-noi-vu")
    team, unit = office.person("so-tu-phap"), office.person("xa-1")
    assert f'action="/obligations/{ident}/leaves/2/return"' in team.client.get(f"/obligations/{ident}/sheet").text
    assert post_form(team, f"/obligations/{ident}/leaves/2/return", mend="Thiếu phụ lục 7").status_code == 303
    assert (office.year.obligation(own).state, office.year.obligation(own).rounds) == ("returned", 1)
    page = unit.client.get(f"/obligations/{own}/sheet").text
    assert "Lượt bổ sung này chỉ sửa các mục được trả lại: 2." in page
    assert (f'action="/obligations/{own}/leaves/2/score"' in page, f'action="/obligations/{own}/leaves/1.1/score"' in page) == (True, False)
    sheet = unit("GET", f"/obligations/{own}/sheet").json()
    assert sheet["given_back"] == ["2"]
    other = leaf(unit, own, "1.1", "score", version=1, points="1")
    assert (other.status_code, other.json()["errors"][0]["where"]) == (422, "xa-1 · 1.1")
    assert "không được trả lại" in other.text
    assert leaf(unit, own, "2", "score", version=2, errors=1, explanation="Đã rà lại").status_code == 200
    assert "Trả lại từng phần, hạn bổ sung" in unit.client.get(f"/obligations/{own}").text
    sheets.hand_in()
    assert office.year.obligation(own).state == "accepted"
    assert unit("GET", f"/obligations/{own}/sheet").json()["given_back"] is None
    again = team("POST", f"/obligations/{ident}/return-leaves", {"leaves": [{"node": "1.1", "remark": "Tệp không mở được"}]})
    assert (again.status_code, office.year.obligation(own).rounds) == (200, 2), again.text
    assert verify(office.year.store) == []
