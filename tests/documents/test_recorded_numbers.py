"""Numbers of papers drafted of a record: the one that was recorded, and no other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from documents.desk import Desk, number, redraft
from documents.inspection_papers import tend_inspection_papers
from evaluation.papers import PaperKind, PaperState, Purpose
from store.commands.inspections.concluding import Conclusions, conclude
from store.commands.inspections.holding import write_minutes
from store.commands.paper_refusals import PaperError
from store.commands.registering import Number
from store.files import open_files
from store.queries.papers import list_papers, suggested_number
from store.verify import verify
from tests.store.inspecting import inspected_year

if TYPE_CHECKING:
    from pathlib import Path

    from store.queries.papers import PaperLine
    from store.session import Store

HELD_ON = date(2025, 4, 15)


def test_minutes_and_conclusions_bear_the_numbers_that_were_recorded(store: Store, tmp_path: Path) -> None:
    year = inspected_year(store)
    now = year.slot(HELD_ON)
    year.tick(now)
    first, second = year.plan("xa-1", "xa-2", now=now)
    for inspection in (first, second):
        year.do(write_minutes, inspection, now=now, held_on=HELD_ON, number="04/BB-ĐKT ngày 15/04/2025")
    year.do(conclude, first, now=now, conclusions=Conclusions(number="15/TB-ĐKT", on=HELD_ON, text="Kết luận", found=()))
    desk = Desk(store=store, files=open_files(str(tmp_path / "files"), most_bytes=10**7, kinds="pdf,docx"), now=now)
    assert tend_inspection_papers(desk) == 3

    def papers() -> dict[int, PaperLine]:
        with store.reading() as connection:
            return {one.id: one for one in list_papers(connection, [1])}

    told = [(one.kind, one.number_text, one.dated, one.state) for _, one in sorted(papers().items())]
    draft = PaperState.DRAFT
    assert told == [
        (PaperKind.BIEN_BAN, "04/BB-ĐKT", HELD_ON, draft),
        (PaperKind.THONG_BAO, "15/TB-ĐKT", HELD_ON, draft),
        (PaperKind.BIEN_BAN, "", None, draft),  # recorded twice: one paper alone bears it
    ]
    conclusions = next(one for one in papers().values() if one.purpose is Purpose.CONCLUSIONS)
    with pytest.raises(PaperError, match="15/TB-ĐKT"):
        number(desk, conclusions.id, Number(text="01/TB-ĐKT", dated=HELD_ON))
    redraft(desk, conclusions.id)
    number(desk, conclusions.id, Number(text="15/TB-ĐKT", dated=HELD_ON))
    assert (papers()[conclusions.id].state, papers()[conclusions.id].number) == (PaperState.NUMBERED, 15)
    with store.reading() as connection:
        assert suggested_number(connection, conclusions, year=2025) == 16
    assert verify(store) == []
