"""Issued papers as the unit that they are about opens them: signed ones alone, and no other unit's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from documents.desk import Desk
from documents.inspection_papers import tend_inspection_papers
from evaluation.kinds import Role
from evaluation.papers import Purpose
from store.files import open_files
from store.schema import PAPER_ABOUT
from tests.api.test_inspections import page
from tests.api.test_papers import BODY, GIVEN, PDF, listed, office, office_files, sign
from tests.api.working import Office, open_office
from tests.store.inspecting import inspected_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.session import Store
    from tests.api.browsing import Browser

__all__ = ["office"]


@pytest.fixture
def inspected(store: Store, tmp_path: Path) -> Iterator[Office]:
    """An inspection of xa-1 that was concluded today."""
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (ident,) = year.plan("xa-1", now=now)
    year.hold(ident, now=now)
    with open_office(year, tmp_path, now=now) as found:
        tend_inspection_papers(Desk(store=store, files=open_files(office_files(found), most_bytes=10**7, kinds="pdf,docx"), now=now))
        yield found


def issued(who: Browser, obligation: int) -> list[str]:
    answer = who("GET", f"/obligations/{obligation}/papers")
    return [one["purpose"] for one in answer.json()["items"]] if answer.status_code == 200 else [f"{answer.status_code}"]


def test_a_unit_opens_the_letter_to_it_once_it_is_signed(office: Office) -> None:
    officer, unit = office.person(BODY), office.person("xa-1")
    own, (paper,) = office.obligation("xa-1"), listed(officer)
    file = f"/obligations/{own}/papers/{paper['id']}/file"
    officer("POST", f"/papers/{paper['id']}/number", GIVEN)
    assert (issued(unit, own), unit("GET", file).status_code) == ([], 404), "numbered is not issued"
    assert sign(officer, paper["id"]).status_code == 200
    for who in (unit, office.person("xa-1", Role.HEAD)):
        assert (issued(who, own), who("GET", file).content) == (["urging-letter"], PDF)
        for path in (f"/obligations/{own}", f"/cycles/{office.year.cycle}/units/xa-1"):
            assert f'href="/api/v1{file}"' in page(who, path)
        assert who("GET", f"/papers/{paper['id']}").status_code == 403, "the register is not theirs"
    for stranger in (office.person("xa-2"), office.person("so-tu-phap", Role.HEAD), office.person("xa-1", Role.MEMBER)):
        assert issued(stranger, own) in (["403"], ["404"])
        assert stranger("GET", file).status_code in {403, 404}


def test_who_is_not_named_in_a_letter_does_not_open_it(office: Office) -> None:
    officer, other = office.person(BODY), office.person("xa-2")
    (paper,) = listed(officer)
    mine, theirs = office.obligation("xa-2"), office.obligation("xa-1")
    with office.year.store.engine.begin() as connection:  # a letter that speaks of xa-1 alone
        connection.execute(PAPER_ABOUT.delete().where(PAPER_ABOUT.c.obligation_id == mine))
    officer("POST", f"/papers/{paper['id']}/number", GIVEN)
    assert sign(officer, paper["id"]).status_code == 200
    assert issued(other, mine) == []
    assert other("GET", f"/obligations/{mine}/papers/{paper['id']}/file").status_code == 404
    assert other("GET", f"/obligations/{theirs}/papers/{paper['id']}/file").status_code in {403, 404}
    assert "Văn bản đã ban hành" not in page(other, f"/cycles/{office.year.cycle}/units/xa-2")


def test_who_was_inspected_opens_minutes_and_conclusions_and_no_letter_to_the_team(inspected: Office) -> None:
    officer, unit = inspected.person(BODY), inspected.person("xa-1", Role.HEAD)
    (ident,) = [one for one in inspected.year.ids("inspection") if inspected.year.obligation(one).subject == "xa-1"]
    papers = {one["purpose"]: one["id"] for one in listed(officer)}
    assert issued(unit, ident) == []
    for purpose, number in ((Purpose.MINUTES, "01/BB"), (Purpose.CONCLUSIONS, "02/TB")):
        answer = officer("POST", f"/papers/{papers[purpose.value]}/number", {"number": number, "dated": "2025-04-15"})
        assert answer.status_code == 200, answer.text
        assert sign(officer, papers[purpose.value]).status_code == 200
    assert issued(unit, ident) == ["conclusions", "minutes"]
    assert page(unit, f"/inspections/{ident}").count("/papers/") == 2
    assert page(unit, f"/cycles/{inspected.year.cycle}/units/xa-1").count("/papers/") == 2
    assert issued(inspected.person("xa-2", Role.HEAD), ident) in (["403"], ["404"])
    with inspected.year.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE paper SET purpose = 'urging-letter' WHERE purpose = 'minutes'")
    assert issued(unit, ident) == ["conclusions"], "that the team was urged is not theirs"
