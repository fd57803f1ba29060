"""Urging letters of findings: asked for by the rule, drafted by themselves, without a signature where nothing is left in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

import config
from config.loader import load_plan
from documents.asked import tend_asked_papers
from documents.desk import Desk, redraft
from documents.drafting import draft
from evaluation.inspections.findings import Claim, Outcome
from evaluation.paper_facts import OwedFacts
from evaluation.paper_heads import addressed
from evaluation.papers import PaperState, Purpose
from store.actors import Actor
from store.commands.inspections.concluding import Found
from store.commands.inspections.remedying import reopen_finding, report_remedy
from store.files import open_files
from store.queries.papers import facts_of, list_papers, read_paper
from store.verify import verify
from tests.conftest import SMALL_PLAN
from tests.store.inspecting import Inspected, inspected_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.queries.papers import PaperLine
    from store.session import Store

FOUND_ON, FAILED_ON = date(2025, 4, 15), date(2025, 4, 28)


@pytest.fixture(name="year")
def _year(store: Store) -> Inspected:
    year = inspected_year(store)
    year.tick(year.slot(FOUND_ON))
    return year


@pytest.fixture(name="desk")
def _desk(year: Inspected, tmp_path: Path) -> Desk:
    files = open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx,txt")
    return Desk(store=year.store, files=files, now=year.slot(FAILED_ON))


def failed(year: Inspected, *units: str, now: datetime, number: str = "") -> list[int]:
    found_at = year.slot(FOUND_ON)
    findings = [year.hold(one, Found(text="Chậm công khai TTHC"), now=found_at)[0] for one in year.plan(*units, now=found_at)]
    year.tick(found_at)
    for finding in findings:
        year.report(finding, now=now)
    year.tick(now)
    for finding in findings:
        year.look(finding, Outcome.NOT, now=now, number=number)
    year.tick(now)
    return findings


def words_of(content: bytes) -> list[str]:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def papers(desk: Desk) -> list[PaperLine]:
    with desk.store.reading() as connection:
        return list_papers(connection, [1])


def test_what_was_not_corrected_in_its_term_is_urged_by_one_letter(year: Inspected, desk: Desk) -> None:
    findings = failed(year, "xa-1", "xa-2", now=desk.now)
    assert tend_asked_papers(desk).drafted == 1
    (paper,) = papers(desk)
    with desk.store.reading() as connection:
        facts = facts_of(connection, paper)
    assert isinstance(facts, OwedFacts)
    assert (paper.purpose, paper.state, [line.unit[:11] for line in facts.lines]) == (
        Purpose.URGING,
        PaperState.DRAFT,
        ["UBND xã 001", "UBND xã 002"],
    )
    year.close(findings[0], now=desk.now, basis="3/TB")
    assert tend_asked_papers(desk).redrafted == 1
    year.close(findings[1], now=desk.now, basis="3/TB")
    assert tend_asked_papers(desk).closed == 1
    assert papers(desk)[0].state is PaperState.DISCARDED
    assert verify(year.store) == []


def test_a_letter_after_a_look_names_it_and_counts_from_the_remedy_asked_for_since(year: Inspected, desk: Desk) -> None:
    (finding,) = failed(year, "xa-1", now=desk.now, number="04/BB-ĐKT")
    tend_asked_papers(desk)
    (paper,) = papers(desk)
    year.do(reopen_finding, finding, now=desk.now, days=3)
    redraft(desk, paper.id)
    with desk.store.reading() as connection:
        facts = facts_of(connection, read_paper(connection, paper.id))
    assert isinstance(facts, OwedFacts)
    (line,) = facts.lines
    assert line.found == "“Chậm công khai TTHC”, nêu tại Kết luận kiểm tra số 02/TB"
    assert line.failed == "đã báo cáo khắc phục ngày 28/04/2025; phúc tra ngày 28/04/2025 (biên bản số 04/BB-ĐKT): chưa đạt"
    assert (line.due_on, line.days_late, facts.answer_by) == (date(2025, 5, 5), 0, date(2025, 5, 5))
    told = " ".join(paragraph for paragraph in words_of(draft(Purpose.URGING, facts)))
    assert "qua phúc tra chưa đạt:" in told
    assert "Đã báo cáo khắc phục ngày 28/04/2025" in told
    assert "nguyên nhân khắc phục chưa đạt," in told
    assert "theo thời hạn quy định" not in told


def test_a_letter_dates_a_look_by_its_minutes_and_a_report_by_its_paper(year: Inspected, desk: Desk) -> None:
    """What was recorded days later, or filed for the unit, is told with the day on which it was; what was only prepared is no report."""
    found_at, recorded = year.slot(FOUND_ON), year.slot(date(2025, 5, 8))
    findings = [year.hold(one, Found(text="Chậm"), now=found_at)[0] for one in year.plan("xa-1", "xa-2", now=found_at)]
    year.tick(found_at)
    filed = Actor(who=f"c{year.contact('officer.so-noi-vu')}", on_behalf_of=year.findings()[0].owner)
    with year.store.transaction(now=desk.now, actor=filed) as transaction:
        said = partial(report_remedy, year.store, transaction, findings[0], claim=Claim.DONE, text="Xong", no_evidence="bản giấy")
        said(document="25/BC-UBND ngày 25/04/2025", received_on=date(2025, 4, 25))
    year.report(findings[1], now=desk.now, signed=False)
    for finding in findings:
        year.look(finding, Outcome.NOT, now=recorded, number="04/BB-ĐKT ngày 06/05/2025")
    year.tick(recorded)
    tend_asked_papers(replace(desk, now=recorded))
    with desk.store.reading() as connection:
        facts = facts_of(connection, papers(desk)[0])
    assert isinstance(facts, OwedFacts)
    looked = "phúc tra ngày 06/05/2025 (biên bản số 04/BB-ĐKT ngày 06/05/2025): chưa đạt"
    told = {line.unit[:11]: line.failed for line in facts.lines}
    assert told["UBND xã 001"] == f"đã báo cáo khắc phục ngày 25/04/2025; {looked}"
    assert told["UBND xã 002"] == f"chưa báo cáo khắc phục; {looked}"


@pytest.mark.parametrize("plan", ["province-two-tier", "vinh-long-2023"])
def test_the_ladder_of_each_shipped_remedy_leaves_an_urging_letter(plan: str) -> None:
    shipped = load_plan(Path(config.__file__).parent / "plans" / f"{plan}.yaml")
    remedies = {line.inspection.remedy for line in shipped.stages if line.inspection is not None}
    assert remedies
    for key in remedies:
        assert Purpose.URGING in {rung.paper for rung in shipped.ladder(shipped.stage(key).ladder)}


T5 = "    - {rung: T+5, offset: 5, unit: working, audience: [standing_body], message: escalation-standing-body, paper: urging-letter}\n"
T20 = "    - {rung: T+20,"
OVERDUE, LATER = date(2025, 5, 6), date(2025, 5, 20)


def late_year(store: Store) -> tuple[Inspected, int]:
    """A remedy that is due on 05/05, on a ladder whose rung T+5 asks for a letter."""
    year = inspected_year(store, plan=SMALL_PLAN.read_text(encoding="utf-8").replace(T20, T5 + T20, 1))
    found_at = year.slot(FOUND_ON)
    year.tick(found_at)
    (inspection,) = year.plan("xa-1", now=found_at)
    (finding,) = year.hold(inspection, Found(text="Chậm"), now=found_at)
    return year, finding


def urged(year: Inspected) -> list[str]:
    """The urging letters about remedies that were asked for."""
    subjects = [year.obligation(ident).subject for ident in year.ids("upkeep")]
    return [one for one in subjects if one.startswith("letter/urging-letter/remedy/")]


def test_lateness_is_urged_by_the_ladder_and_a_look_that_fails_asks_no_second_letter(store: Store) -> None:
    year, finding = late_year(store)
    year.tick(year.slot(OVERDUE))
    assert urged(year) == []
    year.tick(year.slot(LATER))
    assert urged(year) == ["letter/urging-letter/remedy/2025-05-20"]
    year.look(finding, Outcome.NOT, now=year.slot(LATER))
    year.tick(year.slot(LATER))
    year.tick(year.slot(date(2025, 5, 21)))
    assert len(urged(year)) == 1
    assert year.findings()[0].finding.urged == {1}
    assert verify(year.store) == []


def test_what_a_look_had_urged_already_the_ladder_urges_no_second_time(store: Store) -> None:
    year, finding = late_year(store)
    overdue = year.slot(OVERDUE)
    year.tick(overdue)
    year.look(finding, Outcome.NOT, now=overdue)
    year.tick(overdue)
    year.tick(year.slot(LATER))
    assert urged(year) == ["letter/urging-letter/remedy/2025-05-06"]
    assert verify(year.store) == []


def test_a_letter_that_was_closed_without_a_signature_urged_nobody(store: Store, tmp_path: Path) -> None:
    year, finding = late_year(store)
    year.tick(year.slot(OVERDUE))
    now = year.slot(LATER)
    year.tick(now)
    year.report(finding, now=now)
    files = open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx,txt")
    assert tend_asked_papers(Desk(store=year.store, files=files, now=now)).closed == 1
    year.look(finding, Outcome.NOT, now=now)
    year.tick(now)
    assert len(urged(year)) == 2


@pytest.mark.parametrize(
    ("named", "written_to"),
    [
        ("Phường Phú Khương", "UBND phường Phú Khương"),
        ("Thành phố Vĩnh Long", "UBND thành phố Vĩnh Long"),
        ("Đặc khu Côn Đảo", "UBND đặc khu Côn Đảo"),
        ("UBND xã Tân An", "UBND xã Tân An"),
        ("Sở Tư pháp", "Sở Tư pháp"),
        ("Thành đoàn", "Thành đoàn"),
    ],
)
def test_a_letter_goes_to_the_committee_of_an_area(named: str, written_to: str) -> None:
    assert addressed(named) == written_to
