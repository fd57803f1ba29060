"""Books of sheets: many units out and in again; what is refused, by cell; all of it or the faultless units; what became stale meanwhile."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from evaluation.scores.methods import Given
from evaluation.scores.sheets import Part
from store.commands.scores.appraising import Judged, appraise_leaf, claim_leaf
from store.commands.scores.books import BookRefusedError, UnitOutcome
from store.commands.scores.scoring import Typed, save_leaf
from store.refusals import RefusalError
from store.verify import verify
from tests.store.booking import Booked
from tests.store.scoring import SAID, with_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store

APPRAISER = "officer.so-tu-phap"


@pytest.fixture
def booked(store: Store, tmp_path: Path) -> Booked:
    return Booked(sheets=with_sheets(store), folder=tmp_path)


def test_both_databases_take_a_book_alike(any_store: Store, tmp_path: Path) -> None:
    booked = Booked(sheets=with_sheets(any_store), folder=tmp_path).written()
    booked.typed("xa-1", "1.2", rate="66,5").typed("xa-2", "2", errors=1)
    assert told(booked.back().take_all()) == {"xa-1": (1, []), "xa-2": (1, [])}
    assert booked.sheets.sheet().sheet.entry("1.2").self_score == Decimal("1.995")
    assert verify(any_store) == []


def told(outcomes: tuple[UnitOutcome, ...]) -> dict[str, tuple[int, list[tuple[str, str]]]]:
    return {one.unit: (one.changed, [(fault.code, fault.cell.partition("!")[2]) for fault in one.faults]) for one in outcomes}


def appraised(booked: Booked) -> Booked:
    """Both units have handed in; the appraiser has a book of them."""
    for unit in ("xa-1", "xa-2"):
        booked.sheets.fill(unit=unit)
        booked.sheets.hand_in(unit)
    return replace(booked, part=Part.APPRAISED, by=APPRAISER).written()


def test_a_book_has_a_row_for_each_unit_and_leaf_that_people_fill_in(booked: Booked) -> None:
    assert booked.written().rows() == [(unit, node) for unit in ("xa-1", "xa-2") for node in ("1.1", "1.2", "2", "4")]
    assert booked.written(units=("xa-2",)).rows()[0][0] == "xa-2"
    assert booked.written(group="khac").rows() == []
    with pytest.raises(RefusalError, match="xa-99"):
        booked.written(units=("xa-1", "xa-99"))
    assert {unit for unit, _ in replace(booked, by="officer.xa-1").written().rows()} == {"xa-1"}  # their own alone
    booked.sheets.fill()
    booked.sheets.hand_in()
    assert {unit for unit, _ in booked.written().rows()} == {"xa-2"}  # what was handed in stands


def test_a_book_that_nobody_touched_changes_nothing(booked: Booked) -> None:
    booked.sheets.fill()
    before = booked.sheets.year.actions()
    assert told(booked.written().back().take_all()) == {"xa-1": (0, []), "xa-2": (0, [])}
    assert booked.sheets.year.actions() == before


def test_it_is_seen_first_and_then_taken_whole(booked: Booked) -> None:
    booked.written().typed("xa-1", "1.2", done=2, of="3", explanation="theo một cửa").typed("xa-2", "2", errors=1)
    before = booked.sheets.year.actions()
    book = booked.back()
    assert told(book.look()) == {"xa-1": (1, []), "xa-2": (1, [])}
    assert booked.sheets.year.actions() == before
    assert booked.sheets.sheet().sheet.entries == {}
    steps: list[tuple[int, int]] = []
    assert told(book.take_all(progress=lambda done, total: steps.append((done, total)))) == {"xa-1": (1, []), "xa-2": (1, [])}
    assert steps == [(1, 2), (2, 2)]
    assert booked.sheets.sheet().sheet.entry("1.2").self_score == Decimal(2)
    assert booked.sheets.sheet("xa-2").sheet.entry("2").given == Given(errors=1)
    assert booked.sheets.year.actions()[len(before) :] == ["score", "score"]
    assert told(booked.back().take_all()) == {"xa-1": (0, []), "xa-2": (0, [])}  # sent again it changes nothing
    assert verify(booked.sheets.year.store) == []


def test_one_unit_with_a_fault_keeps_the_book_out_or_only_itself(booked: Booked) -> None:
    booked.written().typed("xa-1", "1.2", rate="=60+60").typed("xa-1", "2", errors=1).typed("xa-2", "2", errors=1)
    fault = [("sheet-formula", booked.cell("xa-1", "1.2", "rate"))]
    with pytest.raises(BookRefusedError) as refused:
        booked.back().take_all()
    assert told(refused.value.outcomes) == {"xa-1": (0, fault), "xa-2": (1, [])}
    assert booked.sheets.sheet("xa-2").sheet.entries == {}
    assert told(booked.back().take_faultless()) == {"xa-1": (0, fault), "xa-2": (1, [])}
    assert booked.sheets.sheet("xa-1").sheet.entries == {}  # nothing half done within a unit
    assert booked.sheets.sheet("xa-2").sheet.entry("2").given == Given(errors=1)


def test_what_changed_meanwhile_is_told_and_not_written_over(booked: Booked) -> None:
    booked.written()
    own = booked.sheets.of("self")
    booked.sheets.do(save_leaf, own, Typed(node="2", given=Given(errors=3)))
    booked.sheets.do(save_leaf, own, Typed(node="1.1", given=Given(level=2)))
    booked.typed("xa-1", "2", errors=1).typed("xa-1", "1.2", rate=90)
    found = booked.back().look()
    assert told(found)["xa-1"] == (0, [("sheet-score", booked.cell("xa-1", "2", "key"))])  # 1.1 was not touched in the book
    assert "đã được sửa trên hệ thống" in found[0].faults[0].text("vi")
    assert booked.sheets.sheet().sheet.entry("2").given == Given(errors=3)
    assert told(booked.typed("xa-1", "2", errors=3).back().take_all())["xa-1"] == (1, [])  # it says the same by now
    assert booked.sheets.sheet().sheet.entry("1.2").given == Given(rate=Decimal(90))


def test_who_may_not_is_told_unit_by_unit(booked: Booked) -> None:
    booked.written().typed("xa-1", "2", errors=1).typed("xa-2", "2", errors=1)
    found = told(replace(booked, by="officer.xa-1").back().take_faultless())
    assert found["xa-1"] == (1, [])
    assert found["xa-2"][1][0][0] == "book-unit-refused"
    booked.sheets.fill(unit="xa-2")
    booked.sheets.hand_in("xa-2")
    handed_in = booked.back().look()
    assert "Đã gửi" in handed_in[1].faults[0].text("vi")


def test_appraised_scores_come_in_with_their_remarks(booked: Booked) -> None:
    book = appraised(booked)
    assert book.rows() == [(unit, node) for unit in ("xa-1", "xa-2") for node in ("1.1", "1.2", "2")]
    book.typed("xa-1", "1.2", appraised="1,5", remark="thiếu hồ sơ").typed("xa-1", "2", appraised=4).typed("xa-2", "2", appraised=3)
    found = book.back().look()
    assert told(found) == {"xa-1": (2, []), "xa-2": (0, [("sheet-score", book.cell("xa-2", "2", "appraised"))])}
    book.typed("xa-2", "2", appraised=4)
    assert [one.changed for one in book.back().take_all()] == [2, 1]
    entry = book.sheets.sheet().sheet.entry("1.2")
    assert (entry.appraised, entry.remark) == (Decimal("1.5"), "thiếu hồ sơ")
    assert book.sheets.changes("1.2")[-2:] == [("appraised", "", "1.5", "thiếu hồ sơ"), ("remark", "", "thiếu hồ sơ", "thiếu hồ sơ")]
    assert verify(book.sheets.year.store) == []


def test_a_leaf_that_another_appraiser_has_is_not_written_over(booked: Booked) -> None:
    book = appraised(booked)
    appraisal = book.sheets.of("appraisal")
    book.sheets.do(claim_leaf, appraisal, "2", by="head.so-tu-phap")
    judged = Judged(node="1.2", points=Decimal(2), seen=book.sheets.sheet().version("1.2"))
    book.sheets.do(appraise_leaf, appraisal, judged, by=APPRAISER)
    found = book.typed("xa-1", "2", appraised=4).typed("xa-1", "1.2", appraised="1,5", remark="khác").back().look()
    assert told(found)["xa-1"] == (0, [("sheet-score", book.cell("xa-1", node, "key")) for node in ("1.2", "2")])
    assert ["vừa" in fault.what_vi or "đã được sửa" in fault.what_vi for fault in found[0].faults] == [True, False]
    assert book.sheets.sheet().sheet.entry("1.2").appraised == Decimal(2)


def test_before_a_unit_hands_in_there_is_nothing_to_appraise(booked: Booked) -> None:
    booked.sheets.fill(SAID)
    book = replace(booked, part=Part.APPRAISED, by=APPRAISER)
    assert book.written().rows() == []
