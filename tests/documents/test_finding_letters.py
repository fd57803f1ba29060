"""Urging letters of findings: asked for by the rule, drafted by themselves, without a signature where nothing is left in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import config
from config.loader import load_plan
from documents.asked import tend_asked_papers
from documents.desk import Desk
from evaluation.inspections.findings import Outcome
from evaluation.paper_facts import OwedFacts
from evaluation.papers import PaperState, Purpose
from store.commands.inspections.concluding import Found
from store.files import open_files
from store.queries.papers import facts_of, list_papers
from store.verify import verify
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


def failed(year: Inspected, *units: str, now: datetime) -> list[int]:
    found_at = year.slot(FOUND_ON)
    findings = [year.hold(one, Found(text="Chậm công khai TTHC"), now=found_at)[0] for one in year.plan(*units, now=found_at)]
    year.tick(found_at)
    for finding in findings:
        year.report(finding, now=now)
    year.tick(now)
    for finding in findings:
        year.look(finding, Outcome.NOT, now=now)
    year.tick(now)
    return findings


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
    assert (paper.purpose, paper.state, [line.unit[:6] for line in facts.lines]) == (
        Purpose.URGING,
        PaperState.DRAFT,
        ["Xã 001", "Xã 002"],
    )
    year.close(findings[0], now=desk.now, basis="3/TB")
    assert tend_asked_papers(desk).redrafted == 1
    year.close(findings[1], now=desk.now, basis="3/TB")
    assert tend_asked_papers(desk).closed == 1
    assert papers(desk)[0].state is PaperState.DISCARDED
    assert verify(year.store) == []


@pytest.mark.parametrize("plan", ["province-two-tier", "vinh-long-2023"])
def test_the_ladder_of_each_shipped_remedy_leaves_an_urging_letter(plan: str) -> None:
    shipped = load_plan(Path(config.__file__).parent / "plans" / f"{plan}.yaml")
    remedies = {line.inspection.remedy for line in shipped.stages if line.inspection is not None}
    assert remedies
    for key in remedies:
        assert Purpose.URGING in {rung.paper for rung in shipped.ladder(shipped.stage(key).ladder)}
