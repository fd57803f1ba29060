"""Leaves returned by an appraisal whether the self-assessment was accepted or not: one round, its own term, these leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.scores.handing_in import appraisal_faults
from evaluation.scores.methods import Given
from evaluation.scores.rows import rows_of
from evaluation.terms import TermReason, Turn
from store.commands import moves
from store.commands.evidence import attach, withdraw_evidence
from store.commands.replanning import Change, replan
from store.commands.scores.appraising import Judged, appraise_leaf, appraise_leaves
from store.commands.scores.held import SheetError
from store.commands.scores.returning import return_leaves
from store.commands.scores.scoring import Typed, save_leaf
from store.commands.scores.workbooks import stamp_of, take_workbook
from store.files import KeptFile
from store.queries.scores import view_sheet
from store.schema import NOTICE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.scoring import SAID, Sheets, plan_with_sheets, with_sheets

if TYPE_CHECKING:
    from store.session import Store

APPRAISER, SECOND, RECEIVER = "officer.so-tu-phap", "head.so-tu-phap", "officer.so-noi-vu"
MENDED = Given(errors=4)


@pytest.fixture
def sheets(store: Store) -> Sheets:
    return accepted(with_sheets(store))


def accepted(sheets: Sheets) -> Sheets:
    """The unit has handed in, the standing body has accepted it, leaf 2 and leaf 1.2 are appraised."""
    sheets.fill()
    sheets.hand_in()
    sheets.do(moves.accept, sheets.of("self"), by=RECEIVER)
    for node, points in (("1.2", "2"), ("2", "4")):
        sheets.do(appraise_leaf, sheets.of("appraisal"), Judged(node=node, points=Decimal(points), seen=1), by=APPRAISER)
    return sheets


def give_back(sheets: Sheets, **whys: str) -> None:
    sheets.do(return_leaves, sheets.of("appraisal"), {node.strip("n").replace("_", "."): why for node, why in whys.items()}, by=APPRAISER)


def save(sheets: Sheets, node: str, given: Given = MENDED, *, why: str = "Đã rà lại") -> None:
    typed = Typed(node=node, given=given, explanation=why, seen=sheets.sheet().version(node))
    sheets.do(save_leaf, sheets.of("self"), typed)


def told(sheets: Sheets, kind: str) -> list[str]:
    with sheets.year.store.reading() as connection:
        query = select(NOTICE.c.recipient).where(NOTICE.c.obligation_id == sheets.of("self"), NOTICE.c.kind == kind)
        return list(connection.execute(query.order_by(NOTICE.c.id)).scalars())


def codes(refused: pytest.ExceptionInfo[SheetFaultsError]) -> list[tuple[str, str]]:
    return [(one.node, one.code) for one in refused.value.faults]


def test_leaves_of_an_accepted_self_assessment_go_back_and_its_acceptance_stands(any_store: Store) -> None:
    sheets = accepted(with_sheets(any_store))
    own = sheets.of("self")
    give_back(sheets, n2="Thiếu số liệu quý IV")
    back = sheets.year.obligation(own)
    assert (back.state, back.rounds, back.term.reason, back.term.due_on) == (State.RETURNED, 1, TermReason.SUPPLEMENT, date(2025, 2, 20))
    assert len(told(sheets, "returned-for-correction")) == 1
    give_back(sheets, n1_1="Tệp không mở được")
    assert sheets.year.obligation(own).rounds == 1  # joins the round that runs
    save(sheets, "2")
    received = told(sheets, "received")
    sheets.hand_in()
    done = sheets.year.obligation(own)
    assert (done.state, done.term.turn, done.term.due_on, done.days_late) == (State.ACCEPTED, Turn.RECEIVER, None, 0)
    assert told(sheets, "received") == received  # its receiver is asked for nothing
    entry = sheets.sheet().sheet.entry
    assert [(entry(node).returned, entry(node).appraised) for node in ("1.1", "1.2", "2")] == [("", None), ("", Decimal(2)), ("", None)]
    assert ("returned", "Thiếu số liệu quý IV", "", "số lỗi: 4") in sheets.changes("2")
    judged = [Judged(node=node, points=Decimal(points), seen=sheets.sheet().version(node)) for node, points in (("1.1", "2"), ("2", "3"))]
    sheets.do(appraise_leaves, sheets.of("appraisal"), judged, by=APPRAISER)
    for act in (moves.prepare, moves.submit):
        sheets.do(act, sheets.of("appraisal"), by=SECOND)
    with pytest.raises(SheetError):
        give_back(sheets, n2="Muộn rồi")  # the appraisal is not in hand any more
    assert verify(any_store) == []


def test_further_rounds_are_numbered_and_each_has_its_own_leaves(sheets: Sheets) -> None:
    give_back(sheets, n2="Thiếu số liệu")
    save(sheets, "2")
    sheets.hand_in()
    later = sheets.year.slot(date(2025, 2, 24))
    sheets.year.tick(later)
    sheets.do(return_leaves, sheets.of("appraisal"), {"1.2": "Sai mẫu số"}, by=APPRAISER, now=later)
    back = sheets.year.obligation(sheets.of("self"))
    assert (back.rounds, back.term.reason, back.term.due_on) == (2, TermReason.SUPPLEMENT, date(2025, 2, 27))
    with pytest.raises(SheetFaultsError) as refused:
        save(sheets, "2", Given(errors=1))
    assert codes(refused) == [("2", "not-given-back")]
    assert "1.2" in refused.value.faults[0].mend_vi
    assert verify(sheets.year.store) == []


def test_the_ladder_of_the_correction_runs_and_ends_with_it(sheets: Sheets) -> None:
    give_back(sheets, n2="Thiếu số liệu")
    sheets.year.tick(sheets.year.slot(date(2025, 2, 19)))
    assert len(told(sheets, "correction-reminder")) == 1
    late = sheets.year.slot(date(2025, 2, 21))
    sheets.year.tick(late)
    assert len(told(sheets, "correction-overdue")) == 2
    assert verify(sheets.year.store) == []
    sheets.do(save_leaf, sheets.of("self"), Typed(node="2", given=MENDED, explanation="x", seen=sheets.sheet().version("2")), now=late)
    for act in (moves.prepare, moves.submit):
        sheets.do(act, sheets.of("self"), by="head.xa-1", now=late)
    done = sheets.year.obligation(sheets.of("self"))
    assert (done.state, done.days_late) == (State.ACCEPTED, 1)
    sheets.year.tick(sheets.year.slot(date(2025, 2, 28)))
    assert len(told(sheets, "correction-overdue")) == 2
    assert verify(sheets.year.store) == []


def test_only_what_was_given_back_may_be_changed(sheets: Sheets) -> None:
    file = KeptFile(sha256="a" * 64, size=1, media_type="application/pdf", name="bc.pdf")
    give_back(sheets, n2="Thiếu số liệu")
    own = sheets.of("self")
    for node, given in (("1.1", Given(level=2)), ("1.1", None)):
        typed = Typed(node=node, given=given, explanation="khác", seen=sheets.sheet().version(node))
        with pytest.raises(SheetFaultsError) as refused:
            sheets.do(save_leaf, own, typed)
        assert codes(refused) == [("1.1", "not-given-back")]
    with pytest.raises(SheetFaultsError):
        sheets.do(attach, own, file=file, item="1.1")
    evidence = sheets.do(attach, own, file=file, item="2")
    sheets.do(withdraw_evidence, evidence)
    save(sheets, "2")
    save(sheets, "2", Given(errors=3))  # as often as the unit wants, until it sends
    with sheets.year.store.reading() as connection:
        view = view_sheet(sheets.year.store, connection, own, now=sheets.now)
    assert view is not None
    assert view.given_back == ("2",)
    assert verify(sheets.year.store) == []


def test_a_return_of_the_whole_leaves_every_leaf_that_nobody_has_appraised_to_the_unit(store: Store) -> None:
    sheets = with_sheets(store)
    sheets.fill()
    sheets.hand_in()
    sheets.do(moves.return_for_correction, sheets.of("self"), remark=Remark(reason="Thiếu chữ ký"), by=RECEIVER)
    later = sheets.year.slot(date(2025, 2, 13))
    sheets.do(return_leaves, sheets.of("appraisal"), {"2": "Thiếu số liệu"}, by=APPRAISER, now=later)
    save(sheets, "1.1", Given(level=2))
    assert sheets.year.obligation(sheets.of("self")).rounds == 1
    assert verify(store) == []


def test_a_workbook_changes_what_was_given_back_and_its_explanation_blocks_no_appraisal(sheets: Sheets) -> None:
    give_back(sheets, n2="Nói rõ cách tính")
    rows = rows_of(sheets.sheet().sheet)
    said = {node: replace(row, explanation=f"Theo bảng kê, mục {node}") for node, row in rows.items() if node in SAID}
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(take_workbook, sheets.of("self"), rows | said, stamp=stamp_of(sheets.sheet()))
    assert codes(refused) == [("1.1", "not-given-back"), ("1.2", "not-given-back")]
    sheets.do(take_workbook, sheets.of("self"), rows | {"2": said["2"]}, stamp=stamp_of(sheets.sheet()))
    sheets.hand_in()
    sheets.do(appraise_leaf, sheets.of("appraisal"), Judged(node="2", points=Decimal(4), seen=sheets.sheet().version("2")), by=APPRAISER)
    assert [one.node for one in appraisal_faults(sheets.sheet().sheet)] == ["1.1"]
    assert verify(sheets.year.store) == []


def test_a_changed_plan_moves_the_round(sheets: Sheets) -> None:
    give_back(sheets, n2="Thiếu số liệu")
    yaml = plan_with_sheets().replace("correction: {count: 3, unit: working", "correction: {count: 10, unit: working")
    with sheets.year.store.transaction(now=sheets.now) as transaction:
        replan(sheets.year.store, transaction, sheets.year.cycle, change=Change(yaml=yaml, accept_late=True), remark=Remark(reason="x"))
    assert sheets.year.obligation(sheets.of("self")).term.due_on == date(2025, 2, 26)
    assert verify(sheets.year.store) == []


def test_nothing_goes_back_to_a_unit_that_owes_it_no_longer(sheets: Sheets) -> None:
    other = sheets.of("self", "xa-2")
    sheets.do(moves.waive, other, remark=Remark(reason="sáp nhập", basis="1/QĐ"), by="head.so-noi-vu")
    with pytest.raises(SheetError) as refused:
        sheets.do(return_leaves, sheets.of("appraisal", "xa-2"), {"2": "Thiếu"}, by=APPRAISER)
    assert "Không áp dụng" in refused.value.vi
