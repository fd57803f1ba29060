"""Sheets in the store: scored leaf by leaf, refused with the place, frozen when handed in, appraised, returned, explained; verified."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select, text, update

from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Ruling
from store.commands import moves
from store.commands.criteria.pinning import pin
from store.commands.launching import Launch, launch
from store.commands.scores.appraising import CLAIM_LASTS, Judged, appraise_leaf, claim_leaf, confirm_leaf, release_leaf
from store.commands.scores.explaining import Explained, RulingGiven, ask_explanation, explain_leaf, rule_on_explanation
from store.commands.scores.held import SheetError
from store.commands.scores.returning import return_leaves
from store.commands.scores.scoring import Typed, save_leaf, save_leaves
from store.queries.rights import facts_of_contact
from store.queries.scores import view_sheet
from store.schema import OBLIGATION, PARTY, SCORE, STAGE
from store.score_refusals import SheetFaultsError, StaleLeafError
from store.session import open_store
from store.verify import verify
from tests.store.scoring import FOUR_EYES, SAID, Sheets, plan_with_sheets, with_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation.rights import ActorFacts
    from store.session import Store

APPRAISER, SECOND = "officer.so-tu-phap", "head.so-tu-phap"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> tuple[Path, Sheets]:
    """A file with the year in it, made once and copied for each test."""
    path = tmp_path_factory.mktemp("sheets") / "template.db"
    shutil.copy(_sqlite_template, path)
    store = open_store(f"sqlite:///{path}", durable=False)
    made = with_sheets(store)
    store.close()
    return path, made


@pytest.fixture
def sheets(store: Store, template: tuple[Path, Sheets]) -> Sheets:
    path, made = template
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(store.file)) as own:
        source.backup(own)
    return replace(made, year=replace(made.year, store=store))


def judge(sheets: Sheets, node: str, points: str, *, remark: str = "", by: str = APPRAISER) -> int:
    judged = Judged(node=node, points=Decimal(points), remark=remark, seen=sheets.sheet().version(node))
    return int(sheets.do(appraise_leaf, sheets.of("appraisal"), judged, by=by))


def handed_in(sheets: Sheets) -> Sheets:
    sheets.fill()
    sheets.hand_in()
    return sheets


def appraised(sheets: Sheets) -> Sheets:
    """Leaf 2 is reduced, the others stand; the appraisal is handed in and the unit asked to explain."""
    handed_in(sheets)
    for node, points, remark in (("1.1", "2", ""), ("1.2", "2", ""), ("2", "3", "Thiếu báo cáo quý III")):
        judge(sheets, node, points, remark=remark)
    for act in (moves.prepare, moves.submit):
        sheets.do(act, sheets.of("appraisal"), by=SECOND)
    return sheets


def codes(refused: pytest.ExceptionInfo[SheetFaultsError]) -> list[tuple[str, str]]:
    return [(one.node, one.code) for one in refused.value.faults]


def test_a_year_of_a_sheet_on_each_database(any_store: Store) -> None:
    sheets = appraised(with_sheets(any_store))
    window = sheets.do(ask_explanation, sheets.of("appraisal"), by=APPRAISER)
    sheets.year.tick(sheets.now)
    sheets.do(explain_leaf, window, Explained(node="2", text="Đã gửi, số 15/BC", seen=sheets.sheet().version("2")))
    for act in (moves.prepare, moves.submit):
        sheets.do(act, window, by="head.xa-1")
    ruling = RulingGiven(node="2", accepted=True, points=Decimal("3.5"), why="Có báo cáo", seen=sheets.sheet().version("2"))
    sheets.do(rule_on_explanation, window, ruling, by=APPRAISER)
    sheets.do(moves.accept, window, by=APPRAISER)
    entry = sheets.sheet().sheet.entry("2")
    assert (entry.self_score, entry.appraised) == (Decimal(4), Decimal("3.5"))
    assert entry.explanation is not None
    assert (entry.explanation.ruling, entry.explanation.why) == (Ruling.ACCEPTED, "Có báo cáo")
    assert sheets.changes("2")[-2:] == [("appraised", "3", "3.5", "Có báo cáo"), ("ruling", "open", "accepted", "Có báo cáo")]
    assert verify(any_store) == []


def test_each_leaf_is_scored_by_its_method_and_keeps_its_history(sheets: Sheets) -> None:
    sheets.fill()
    scores = {node: sheets.sheet().sheet.entry(node).self_score for node in SAID}
    assert scores == {"1.1": Decimal(2), "1.2": Decimal(2), "2": Decimal(4)}
    ident = sheets.of("self")
    assert sheets.do(save_leaf, ident, Typed(node="2", given=Given(errors=9), explanation="Theo báo cáo năm", seen=1)) == 2
    assert sheets.changes("2")[3:] == [("self", "4", "1", "số lỗi: 9"), ("given", '{"errors": 2}', '{"errors": 9}', "")]
    assert sheets.do(save_leaf, ident, Typed(node="2", given=Given(errors=9), explanation="Theo báo cáo năm", seen=2)) == 2
    assert sheets.do(save_leaf, ident, Typed(node="2", seen=2)) == 3
    entry = sheets.sheet().sheet.entry("2")
    assert (entry.self_score, entry.given, entry.explanation) == (None, None, None)
    assert sheets.year.actions().count("score") == 5
    assert verify(sheets.year.store) == []


@pytest.mark.parametrize(
    ("node", "given", "code"),
    [
        pytest.param("4", Given(points=Decimal("2.5")), "score-out-of-range", id="above the maximum"),
        pytest.param("4", Given(points=Decimal("-2.5")), "score-out-of-range", id="below the penalty's floor"),
        pytest.param("1.2", Given(done=Decimal(4), of=Decimal(3)), "done-above-all", id="more done than there was"),
        pytest.param("1.1", Given(level=3), "no-such-level", id="no such level"),
        pytest.param("2", Given(points=Decimal(1)), "given-otherwise", id="points where errors are counted"),
        pytest.param("1", Given(points=Decimal(1)), "no-such-leaf", id="a leaf that is a parent"),
        pytest.param("9", Given(points=Decimal(1)), "no-such-leaf", id="an unknown leaf"),
        pytest.param("3", Given(points=Decimal(1)), "survey-scores-itself", id="the survey's"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_nothing_is_half_applied(sheets: Sheets, node: str, given: Given, code: str) -> None:
    good = Typed(node="1.1" if node != "1.1" else "2", given=SAID["1.1"] if node != "1.1" else SAID["2"])
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(save_leaves, sheets.of("self"), [good, Typed(node=node, given=given)])
    assert codes(refused) == [(node, code)]
    assert sheets.sheet().versions == {}
    assert verify(sheets.year.store) == []


def test_whoever_is_overtaken_writes_nothing(sheets: Sheets) -> None:
    ident = sheets.of("self")
    assert sheets.do(save_leaf, ident, Typed(node="2", given=Given(errors=2)), by="head.xa-1") == 1
    with pytest.raises(StaleLeafError) as stale:
        sheets.do(save_leaf, ident, Typed(node="2", given=Given(errors=9)))
    assert (stale.value.node, stale.value.version) == ("2", 1)
    assert sheets.sheet().sheet.entry("2").self_score == Decimal(4)
    assert sheets.do(save_leaf, ident, Typed(node="1.1", given=Given(level=1))) == 1  # another leaf is nobody's business


def test_what_is_missing_refuses_the_heads_signature(sheets: Sheets) -> None:
    ident = sheets.of("self")
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(moves.prepare, ident)
    assert codes(refused) == [("1.1", "not-self-scored"), ("1.2", "not-self-scored"), ("2", "not-self-scored")]
    sheets.fill(explanation="")
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(moves.prepare, ident)
    assert codes(refused) == [("1.1", "not-explained"), ("1.2", "not-explained"), ("2", "not-explained")]
    assert sheets.year.obligation(ident).state is State.OPEN
    sheets.fill()
    sheets.hand_in()
    assert sheets.year.obligation(ident).state is State.SUBMITTED


def test_what_was_handed_in_is_frozen_and_known_by_its_digest(sheets: Sheets) -> None:
    handed_in(sheets)
    with pytest.raises(SheetError, match="only while the work is in hand"):
        sheets.do(save_leaf, sheets.of("self"), Typed(node="2", given=Given(errors=0), seen=1))
    assert verify(sheets.year.store) == []
    engine = create_engine(sheets.year.store.engine.url)
    with engine.begin() as connection:
        connection.execute(text("update score set self_score = '5' where node = '2'"))
        connection.execute(text("update score_change set new = '5' where node = '2' and what = 'self'"))
    engine.dispose()
    assert [one for one in verify(sheets.year.store) if "the sheet handed in by move" in one]


def test_appraisal_waits_for_the_unit_and_needs_a_reason(sheets: Sheets) -> None:
    sheets.fill()
    with pytest.raises(SheetError, match="has not handed in"):
        judge(sheets, "2", "4")
    sheets.hand_in()
    with pytest.raises(SheetFaultsError) as refused:
        judge(sheets, "2", "3")
    assert codes(refused) == [("2", "appraised-without-remark")]
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(moves.prepare, sheets.of("appraisal"), by=APPRAISER)
    assert codes(refused) == [("1.1", "not-appraised"), ("1.2", "not-appraised"), ("2", "not-appraised")]
    assert judge(sheets, "2", "3", remark="Thiếu") == 2


def test_two_appraisers_do_not_collide(sheets: Sheets) -> None:
    handed_in(sheets)
    ident = sheets.of("appraisal")
    sheets.do(claim_leaf, ident, "2", by=APPRAISER)
    with pytest.raises(SheetFaultsError) as refused:
        judge(sheets, "2", "4", by=SECOND)
    assert codes(refused) == [("2", "claimed-by-another")]
    with pytest.raises(SheetFaultsError):
        sheets.do(claim_leaf, ident, "2", by=SECOND)
    later = sheets.now + CLAIM_LASTS + timedelta(minutes=1)
    sheets.do(claim_leaf, ident, "2", by=SECOND, now=later)
    sheets.do(release_leaf, ident, "2", by=SECOND, now=later)
    judge(sheets, "2", "4")
    assert [one[0] for one in sheets.changes("2")][-4:] == ["claim", "claim", "claim", "appraised"]
    assert verify(sheets.year.store) == []


def test_four_eyes_wait_for_a_second_appraiser(store: Store) -> None:
    sheets = handed_in(with_sheets(store, more=FOUR_EYES))
    ident = sheets.of("appraisal")
    for node, points in (("1.1", "2"), ("1.2", "2"), ("2", "4")):
        judge(sheets, node, points)
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(moves.prepare, ident, by=APPRAISER)
    assert {code for _, code in codes(refused)} == {"not-confirmed"}
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(confirm_leaf, ident, "2", seen=2, by=APPRAISER)
    assert codes(refused) == [("2", "confirmed-by-the-same")]
    for node in SAID:
        sheets.do(confirm_leaf, ident, node, seen=2, by=SECOND)
    sheets.do(moves.prepare, ident, by=APPRAISER)
    assert verify(store) == []


def test_leaves_go_back_in_a_numbered_round_with_a_term_and_are_appraised_anew(sheets: Sheets) -> None:
    handed_in(sheets)
    judge(sheets, "1.2", "2")
    judge(sheets, "2", "4")
    own = sheets.of("self")
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(return_leaves, sheets.of("appraisal"), {"2": " "}, by=APPRAISER)
    assert codes(refused) == [("2", "returned-without-reason")]
    sheets.do(return_leaves, sheets.of("appraisal"), {"2": "Thiếu số liệu quý IV"}, by=APPRAISER)
    back = sheets.year.obligation(own)
    assert (back.state, back.rounds, back.term.reason.value) == (State.RETURNED, 1, "correction")
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(save_leaf, own, Typed(node="1.2", given=Given(rate=Decimal(90)), explanation="x", seen=2))
    assert codes(refused) == [("1.2", "appraised-already")]
    sheets.do(return_leaves, sheets.of("appraisal"), {"1.1": "Tệp không mở được"}, by=APPRAISER)
    assert sheets.year.obligation(own).rounds == 1  # joins the round that runs
    sheets.do(save_leaf, own, Typed(node="2", given=Given(errors=4), explanation="Đã rà lại", seen=sheets.sheet().version("2")))
    sheets.hand_in()
    entry = sheets.sheet().sheet.entry
    assert [(entry(node).returned, entry(node).appraised) for node in ("1.1", "1.2", "2")] == [("", None), ("", Decimal(2)), ("", None)]
    assert verify(sheets.year.store) == []


def test_a_window_opens_once_and_only_for_reduced_leaves(sheets: Sheets) -> None:
    handed_in(sheets)
    assert sheets.do(ask_explanation, sheets.of("appraisal"), by=APPRAISER) is None
    for node, points, remark in (("1.1", "1", "Thiếu"), ("1.2", "2", ""), ("2", "4", "")):
        judge(sheets, node, points, remark=remark)
    for act in (moves.prepare, moves.submit):
        sheets.do(act, sheets.of("appraisal"), by=SECOND)
    window = sheets.do(ask_explanation, sheets.of("appraisal"), by=APPRAISER)
    assert sheets.do(ask_explanation, sheets.of("appraisal"), by=APPRAISER) is None
    sheets.year.tick(sheets.now)
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(explain_leaf, window, Explained(node="2", text="Có", seen=2))
    assert codes(refused) == [("2", "not-reduced")]
    assert sheets.do(explain_leaf, window, Explained(node="1.1", text=" ", seen=2)) == 2
    signed = sheets.sheet().sheet.entry("1.1").explanation
    assert (signed is not None and signed.text) == "Theo báo cáo năm", "how it scored was signed, and stands"
    for seen, said in ((2, "Đề nghị xem lại"), (3, "Kế hoạch đã ban hành")):
        sheets.do(explain_leaf, window, Explained(node="1.1", text=said, seen=seen))
    assert sheets.do(explain_leaf, window, Explained(node="1.1", text="", seen=4)) == 5
    assert sheets.sheet().sheet.entry("1.1").explanation == signed, "taken back, what was signed stands again"
    sheets.do(explain_leaf, window, Explained(node="1.1", text="Kế hoạch đã ban hành", seen=5))
    for act in (moves.prepare, moves.submit):
        sheets.do(act, window, by="head.xa-1")
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(moves.accept, window, by=APPRAISER)
    assert codes(refused) == [("1.1", "ruling-waits")]
    with pytest.raises(SheetFaultsError) as refused:
        sheets.do(rule_on_explanation, window, RulingGiven(node="1.1", accepted=False, seen=6), by=APPRAISER)
    assert codes(refused) == [("1.1", "refused-without-reason")]
    sheets.do(rule_on_explanation, window, RulingGiven(node="1.1", accepted=False, why="Ban hành sau hạn", seen=6), by=APPRAISER)
    sheets.do(moves.accept, window, by=APPRAISER)
    assert verify(sheets.year.store) == []


def test_last_years_scores_stand_beside_this_years(sheets: Sheets) -> None:
    year = sheets.year
    then = year.calendar.instant(date(2024, 1, 2), time(9, 0))
    with year.store.transaction(now=then) as transaction:
        order = Launch(authority="thu", plan_yaml=plan_with_sheets(), year=2024, calendar=year.calendar)
        before = launch(year.store, transaction, order).cycle
        pin(year.store, transaction, before, group="xa", name="phieu", remark=Remark())
    then = year.slot(date(2024, 2, 12))
    year.tick(then)
    own = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
    with year.store.reading() as connection:
        ident = connection.execute(own.where(OBLIGATION.c.cycle_id == before, STAGE.c.key == "self", PARTY.c.key == "xa-1")).scalar_one()
    sheets.do(save_leaf, ident, Typed(node="2", given=Given(errors=4)), now=then)
    with year.store.reading() as connection:
        view = view_sheet(year.store, connection, sheets.of("appraisal"), now=sheets.now)
    assert view is not None
    assert {one.step.node.key: one.last_year for one in view.lines if one.last_year is not None} == {"2": Decimal(3)}
    with year.store.transaction(now=then) as transaction:
        given = transaction.connection.execute(update(SCORE).where(SCORE.c.cycle_id == before).values(appraised="1"))
        assert given.rowcount == 1

    def last_year(viewer: ActorFacts | None) -> list[Decimal | None]:
        with year.store.reading() as connection:
            seen = view_sheet(year.store, connection, sheets.of("self"), now=sheets.now, viewer=viewer)
        assert seen is not None
        return [one.last_year for one in seen.lines if one.step.node.key == "2"]

    with year.store.reading() as connection:
        unit, body = (facts_of_contact(connection, sheets.actor(key).contact or 0) for key in ("head.xa-1", "head.so-noi-vu"))
    assert (last_year(unit), last_year(body)) == ([Decimal(3)], [Decimal(1)]), "its unit was not told last year's appraisal yet"


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("update score set remark = 'x' where node = '2'", "leaf 2 of unit 5 differs from its history in remark"),
        ("update score set version = 9 where node = '2'", "leaf 2 of unit 5 differs from its history in version"),
        ("delete from score where node = '2'", "leaf 2 of unit 5 is in the history and nowhere else"),
        ("delete from score_change where node = '2'", "the history of leaf 2 of unit 5, version 1, differs from entry"),
        ("update score_change set why = 'x' where node = '2' and what = 'self'", "the history of leaf 2 of unit 5, version 1, differs"),
    ],
)
def test_verify_finds_what_a_hand_changed(sheets: Sheets, statement: str, finding: str) -> None:
    sheets.fill()
    engine = create_engine(sheets.year.store.engine.url)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()
    found = verify(sheets.year.store)
    assert any(finding in one for one in found), found
