"""By when, in words: whose date it is, and a document cited without gaps."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from cli.due_words import due_said
from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from store.commands import moves
from store.outbox.freezing import post_without_sending
from store.queries.obligations import Wanted, find_obligations
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from store.session import Store
    from tests.cli.conftest import Dondoc
    from tests.conftest import SmallYear

FEBRUARY = date(2025, 2, 3)


def said(year: SmallYear, ident: int) -> str:
    with year.store.reading() as connection:
        (row,) = find_obligations(year.store, connection, Wanted(obligation=ident), now=year.slot(FEBRUARY))
    return due_said(row)


def test_a_due_date_is_its_owners(small_year: SmallYear) -> None:
    now = small_year.slot(FEBRUARY)
    small_year.tick(now)
    ident, other = small_year.ids("plan")[2:4]
    assert said(small_year, ident) == "31/01/2025"
    for act in (moves.prepare, moves.submit):
        small_year.move(act, ident, now=now)
    assert said(small_year, ident) == "31/01/2025; xem xét đến 10/02/2025"
    small_year.move(moves.accept, ident, now=now)
    assert said(small_year, ident) == "31/01/2025"
    small_year.move(moves.suspend, other, now=now, remark=Remark(reason="chờ", basis="CV 6"))
    assert said(small_year, other) == ""


def test_a_document_without_a_number_is_cited_without_a_gap(dondoc: Dondoc, store: Store) -> None:
    yaml = SMALL_PLAN.read_text(encoding="utf-8").replace('kind: KH, number: "1", issuer', "kind: KH, issuer")
    calendar = shipped_calendar()
    year = launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9)), calendar=calendar, yaml=yaml)
    year.tick(year.slot(date(2025, 1, 6)))
    assert post_without_sending(store, year.slot(date(2025, 1, 6)))
    assert "căn cứ: KH UBND thử: Kế hoạch thử" in dondoc.do("why", 1)
