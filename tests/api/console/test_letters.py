"""Urging letters from the matrix: what they would speak of is said first; the job names what it drafted; issuing waits for its button."""

from __future__ import annotations

import re
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from documents.desk import Desk
from evaluation.papers import PaperState
from flows.jobs import do_waiting_jobs
from store.files import open_files
from store.queries.papers import about_of, list_papers
from store.schema import JOB
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}
BODY = "so-noi-vu"


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The small year on a day on which the plans are late and the reports are open, not due."""
    now = small_year.slot(date(2025, 3, 14))
    for on in (date(2025, 1, 7), now.date()):
        small_year.tick(small_year.slot(on))
    with open_office(small_year, tmp_path, now=now) as office:
        files = open_files(str(office.app.state.served.settings.files_url), most_bytes=10**7, kinds="pdf,docx")
        monkeypatch.setattr("flows.papers.desk_of", lambda store, now: Desk(store=store, files=files, now=now))
        yield office


def letters(office: Office, **fields: str) -> Any:
    """What comes of letters about all units of the matrix, whatever they have to do."""
    who, path = office.person(BODY), f"/cycles/{office.year.cycle}"
    page = who.client.get(path, headers=PAGE).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    data = {"csrf": csrf[1], "party": re.findall(r'name="party" value="(\d+)"', page), "deed": "letters", **fields}
    return who.client.post(f"{path}/chosen", data=data, headers=PAGE, follow_redirects=False)


def jobs(office: Office) -> int:
    with office.year.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(JOB)).scalar_one())


def late_plans(office: Office) -> list[int]:
    own = office.obligation(BODY)
    return [one for one in office.year.ids("plan") if one != own]


def test_what_letters_would_speak_of_is_said_first(office: Office) -> None:
    assert office.year.ids("report"), "open, not late"
    looked = letters(office)
    many = len(late_plans(office))
    assert f"Sẽ soạn 1 công văn, nêu {many} việc của {many} đơn vị" in looked.text
    named = {int(ident) for ident in re.findall(r'href="/obligations/(\d+)"', looked.text)}
    assert (looked.status_code, named, jobs(office)) == (200, set(late_plans(office)), 0)


def test_the_job_names_each_letter_and_drafts_of_what_is_late_alone(office: Office) -> None:
    asked = letters(office, sure="yes")
    assert asked.status_code == 303
    do_waiting_jobs(office.year.store, holder="engine", now=office.now, leaving=Event())
    with office.year.store.reading() as connection:
        (paper,) = list_papers(connection, [1])
        assert sorted(about_of(connection, paper.id)) == late_plans(office)
    page = office.person(BODY).client.get(asked.headers["Location"], headers=PAGE).text
    assert f'<a href="/papers/{paper.id}">{paper.summary}</a>' in page
    assert all(unit in page for unit in paper.addressees)


def test_where_nothing_is_late_no_letter_is_asked_for(small_year: SmallYear, tmp_path: Path) -> None:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        for fields in ({}, {"sure": "yes"}):
            refused = letters(office, **fields)
            assert (refused.status_code, "Chưa soạn công văn nào" in refused.text, jobs(office)) == (422, True, 0)
            assert "Không có việc nào quá hạn" in refused.text


def test_a_signed_copy_waits_for_its_button_that_says_what_it_does(office: Office) -> None:
    letters(office, sure="yes")
    do_waiting_jobs(office.year.store, holder="engine", now=office.now, leaving=Event())
    with office.year.store.reading() as connection:
        (paper,) = list_papers(connection, [1])
    body = office.person(BODY)
    given = {"number": "05/SNV-CCHC", "dated": "2025-03-14"}
    assert body("POST", f"/papers/{paper.id}/number", given).json()["state"] == PaperState.NUMBERED
    page = body.client.get(f"/papers/{paper.id}", headers=PAGE).text
    card = page.partition('id="signing"')[2].partition("</section>")[0]
    assert re.search(r"<button[^>]+ data-upload-now>.*Ban hành</button>", card, re.DOTALL)
    assert "không rút lại được" in card
    assert "Nơi nhận: " in card
    assert "đã đôn đốc bằng công văn" in card
