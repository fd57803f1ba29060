"""A letter from the matrix to its signature, done by the pages."""

from __future__ import annotations

import re
from datetime import date
from threading import Event
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from documents.desk import Desk, Letter, draft_letter
from evaluation.papers import Purpose
from flows.jobs import do_waiting_jobs
from store.files import open_files
from tests.browser.town import BODY

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.browser.town import Town

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(name="late")
def _late(town: Town) -> datetime:
    """A day on which the plans are late."""
    late = town.year.slot(date(2025, 2, 5))
    town.server.set_clock(late)
    return late


def test_a_letter_is_drafted_edited_numbered_and_signed(town: Town, late: datetime, tmp_path: Path) -> None:
    files = open_files(str(town.server.home / "files"), most_bytes=10**7, kinds="pdf,docx")
    letter = Letter(cycle=town.year.cycle, purpose=Purpose.URGING, obligations=(town.obligation(town.unit()), town.obligation(town.unit())))
    draft_letter(Desk(store=town.year.store, files=files, now=late), letter)
    page = town.person(BODY)
    page.goto("/papers")
    page.get_by_role("link", name="đôn đốc thực hiện Kế hoạch").click()
    page.get_by_text("Sửa và soạn lại").click()
    page.locator("form[action$='/redraft'] [name=summary]").fill("đôn đốc nộp kế hoạch lần 1")
    page.get_by_role("button", name="Soạn lại").click()
    expect(page).to_have_title(re.compile("đôn đốc nộp kế hoạch lần 1"))
    form = page.locator("form[action$='/number']")
    form.locator("[name=number]").fill("không số")
    form.locator("button").click()
    expect(page.get_by_role("alert").first).to_contain_text("không bắt đầu bằng số")
    form.locator("[name=number]").fill("05/SNV-CCHC")
    form.locator("button").click()
    expect(page).to_have_url(re.compile(r"\?done=number$"))
    signed = tmp_path / "05-SNV.pdf"
    signed.write_bytes(PDF)
    page.locator("#file").set_input_files(signed)
    expect(page.locator("#main")).not_to_contain_text("05-SNV.pdf")
    page.get_by_role("button", name="Ban hành").click()
    expect(page.get_by_role("link", name="05-SNV.pdf")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("05/SNV-CCHC")


def test_letters_about_what_was_chosen_in_the_matrix(town: Town, late: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.papers.desk_of", lambda _store, now: _desk(town, now=now))
    page = town.person(BODY)
    page.goto(f"/cycles/{town.year.cycle}")
    for box in page.locator("input[name=party]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Soạn công văn đôn đốc…").click()
    page.get_by_role("button", name="Soạn dự thảo").click()
    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    assert do_waiting_jobs(town.year.store, holder="thử", now=late, leaving=Event()) == 1
    page.reload()
    page.locator("#main").get_by_role("link", name="đôn đốc thực hiện Kế hoạch").click()
    expect(page).to_have_title(re.compile("đôn đốc thực hiện Kế hoạch"))


def _desk(town: Town, *, now: datetime) -> Desk:
    return Desk(store=town.year.store, files=open_files(str(town.server.home / "files"), most_bytes=10**7, kinds="pdf,docx"), now=now)
