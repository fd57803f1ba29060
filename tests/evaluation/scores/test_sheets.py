"""A unit's sheet: three scores side by side, what is missing, explanations, returns, history, status."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from evaluation.criteria.sets import Level, Method, Node, Scoring
from evaluation.obligations import State
from evaluation.scores.faults import ScoreError
from evaluation.scores.filling import (
    Act,
    accept_explanation,
    appraise,
    explain,
    hand_in,
    refuse_explanation,
    return_leaf,
    score_self,
    settle,
    settle_as_appraised,
)
from evaluation.scores.index import IndexRules, index_of
from evaluation.scores.methods import Given
from evaluation.scores.sheets import Lack, LeafState, Part, Sheet, leaf_state, missing_of, sheet_status
from evaluation.statuses import Status
from tests.evaluation.scores.small_sets import make_leaf, make_scope, make_set

D = Decimal
START = datetime(2023, 1, 9, 2, 0, tzinfo=UTC)
RATIO = Node(key="1.2", title="TTHC đúng hạn", maximum=D(3), scoring=Scoring(method=Method.RATIO, threshold=D(60)))
LEVELS = Scoring(method=Method.LEVELS, levels=(Level(words="Đủ", points=D(2)), Level(words="Thiếu", points=D(0))))
CRITERIA = make_set(
    Node(
        key="1",
        title="Điều hành",
        children=(make_leaf("1.1", "2", scoring=LEVELS, evidence_required=True), RATIO),
    ),
    make_leaf("2", "5"),
    make_leaf("3", "10", Method.SURVEY),
    make_leaf("4", "5", Method.BONUS),
)


def act(by: str = "officer", why: str = "", after: int = 0) -> Act:
    return Act(by=by, at=START + timedelta(days=after), why=why)


def empty(*exempt: str) -> Sheet:
    return Sheet(scope=make_scope("so-noi-vu", *exempt, criteria=CRITERIA))


def scored() -> Sheet:
    sheet = score_self(empty(), "1.1", Given(level=1), act=act())
    sheet = score_self(sheet, "1.2", Given(done=D(2), of=D(3)), act=act())
    return score_self(sheet, "2", Given(points=D("4.5")), act=act())


def appraised() -> Sheet:
    sheet = appraise(scored(), "1.1", D(2), act=act("appraiser", after=1))
    return appraise(sheet, "2", D(3), remark="Thiếu báo cáo quý III", act=act("appraiser", after=1))


def state_of(sheet: Sheet, node: str) -> LeafState:
    return next(leaf_state(sheet, step) for step in sheet.scope.leaves if step.node.key == node)


def refused(error: pytest.ExceptionInfo[ScoreError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def test_three_scores_stand_side_by_side_and_each_makes_its_own_index() -> None:
    sheet = settle(appraised(), "2", D("3.5"), act=act("council", why="Đã có báo cáo", after=9))
    entry = sheet.entry("2")
    assert [entry.score(part) for part in Part] == [D("4.5"), D(3), D("3.5")]
    assert sheet.scores(Part.APPRAISED) == {"1.1": D(2), "2": D(3)}
    assert sheet.scores(Part.SELF) == {"1.1": D(2), "1.2": D(2), "2": D("4.5")}
    own = index_of(sheet.scope, sheet.scores(Part.SELF), rules=IndexRules(survey_held=False))
    assert (own.points, own.maximum, own.index) == (D("8.5"), D(10), D(85))


def test_every_change_is_kept_with_who_when_old_new_and_why() -> None:
    sheet = score_self(scored(), "2", Given(points=D(5)), act=act("head", why="Bổ sung quý IV", after=2))
    sheet = score_self(sheet, "2", Given(points=D("5.00")), act=act("head", after=3))
    assert [(one.by, one.at, one.what, one.old, one.new, one.why) for one in sheet.history_of("2")] == [
        ("officer", START, "self", "", "4.5", ""),
        ("head", START + timedelta(days=2), "self", "4.5", "5", "Bổ sung quý IV"),
    ]
    (ratio,) = sheet.history_of("1.2")
    assert (ratio.new, ratio.why) == ("2", "số đạt: 2, tổng số: 3")


def test_without_evidence_a_unit_must_explain_how_it_scored() -> None:
    sheet = scored()
    assert [(one.node, one.lack) for one in missing_of(empty())] == [("1.1", Lack.SCORE), ("1.2", Lack.SCORE), ("2", Lack.SCORE)]
    assert [(one.node, one.lack) for one in missing_of(sheet)] == [
        ("1.1", Lack.EVIDENCE),
        ("1.1", Lack.EXPLANATION),
        ("1.2", Lack.EXPLANATION),
        ("2", Lack.EXPLANATION),
    ]
    assert missing_of(sheet)[0].text("vi") == "1.1 Tiêu chí 1.1: thiếu tài liệu kiểm chứng bắt buộc"
    sheet = hand_in(sheet, "1.2", ("b.pdf", "a.pdf", "b.pdf"), act=act())
    sheet = explain(sheet, "2", "Tính theo báo cáo năm", act=act())
    sheet = explain(sheet, "1.1", "Kế hoạch đang trình ký", act=act())
    assert [(one.node, one.lack) for one in missing_of(sheet)] == [("1.1", Lack.EVIDENCE)]
    assert sheet.entry("1.2").evidence == ("b.pdf", "a.pdf")
    assert missing_of(hand_in(sheet, "1.1", ("kh.pdf",), act=act())) == ()


def test_exempt_and_survey_leaves_are_owed_by_nobody() -> None:
    sheet = empty("1")
    assert [one.node for one in missing_of(sheet)] == ["2"]
    assert state_of(sheet, "1.2") is LeafState.NOT_APPLICABLE
    for node, code in (("1.1", "leaf-exempt"), ("3", "survey-scores-itself"), ("1", "no-such-leaf"), ("9", "no-such-leaf")):
        with pytest.raises(ScoreError) as error:
            score_self(sheet, node, Given(points=D(1)), act=act())
        assert refused(error) == [code]


def test_an_appraised_score_that_differs_needs_a_remark_and_awaits_an_explanation() -> None:
    with pytest.raises(ScoreError) as error:
        appraise(scored(), "2", D("5.5"), act=act("appraiser"))
    assert refused(error) == ["score-out-of-range", "appraised-without-remark"]
    sheet = appraised()
    assert [state_of(sheet, node) for node in ("1.1", "1.2", "2")] == [
        LeafState.APPRAISED,
        LeafState.SCORED,
        LeafState.AWAITING_EXPLANATION,
    ]


def test_an_appraiser_may_confirm_a_ratio_that_has_no_end() -> None:
    third = replace(CRITERIA, fields=(replace(RATIO, key="1", maximum=D(1), scoring=Scoring(method=Method.RATIO)),))
    sheet = score_self(Sheet(scope=make_scope(criteria=third)), "1", Given(done=D(1), of=D(3)), act=act())
    own = sheet.entry("1").self_score
    assert own is not None
    assert settle_as_appraised(appraise(sheet, "1", own, act=act()), act=act("council")).entry("1").final == own
    with pytest.raises(ScoreError):
        appraise(sheet, "1", D("0.3333"), remark="làm tròn", act=act())


def test_an_explanation_is_accepted_or_refused_and_holds_the_appraisal_until_then() -> None:
    sheet = explain(appraised(), "2", "Báo cáo quý III gửi kèm", act=act(after=3))
    assert state_of(sheet, "2") is LeafState.EXPLAINED
    with pytest.raises(ScoreError) as waits:
        appraise(sheet, "2", D(4), remark="xem lại", act=act("appraiser"))
    assert refused(waits) == ["explanation-waits"]
    accepted = accept_explanation(sheet, "2", D("4.5"), act=act("appraiser", why="Đủ báo cáo", after=4))
    assert (accepted.entry("2").appraised, state_of(accepted, "2")) == (D("4.5"), LeafState.APPRAISED)
    assert [(one.what, one.old, one.new) for one in accepted.history_of("2")[-2:]] == [
        ("appraised", "3", "4.5"),
        ("ruling", "open", "accepted"),
    ]
    no = refuse_explanation(sheet, "2", act=act("appraiser", why="Gửi sau hạn", after=4))
    assert (no.entry("2").appraised, state_of(no, "2")) == (D(3), LeafState.APPRAISED)
    with pytest.raises(ScoreError) as again:
        explain(no, "2", "Xin xem lại", act=act(after=5))
    assert refused(again) == ["explanation-ruled"]
    with pytest.raises(ScoreError) as nothing:
        refuse_explanation(no, "2", act=act("appraiser", why="x"))
    assert refused(nothing) == ["no-explanation-waits"]


@pytest.mark.parametrize("wrong", ["return", "refuse", "explain", "settle"])
def test_what_has_to_be_said_has_to_be_said(wrong: str) -> None:
    sheet = explain(appraised(), "2", "Gửi kèm", act=act())
    with pytest.raises(ScoreError):
        {
            "return": lambda: return_leaf(sheet, "1.2", act=act(why=" ")),
            "refuse": lambda: refuse_explanation(sheet, "2", act=act()),
            "explain": lambda: explain(sheet, "1.2", "  ", act=act()),
            "settle": lambda: settle(sheet, "2", D(4), act=act()),
        }[wrong]()


def test_a_returned_leaf_is_mended_by_a_new_score_and_appraised_anew() -> None:
    with pytest.raises(ScoreError) as stands:
        score_self(appraised(), "2", Given(points=D(4)), act=act())
    assert refused(stands) == ["appraised-already"]
    sheet = return_leaf(appraised(), "2", act=act("appraiser", why="Thiếu quý III"))
    assert state_of(sheet, "2") is LeafState.RETURNED
    sheet = score_self(sheet, "2", Given(points=D(4)), act=act())
    assert (state_of(sheet, "2"), sheet.entry("2").appraised) == (LeafState.SCORED, None)
    assert [(one.what, one.old, one.new) for one in sheet.history_of("2")[-3:]] == [
        ("self", "4.5", "4"),
        ("appraised", "3", ""),
        ("returned", "Thiếu quý III", ""),
    ]


def test_what_is_settled_stands() -> None:
    sheet = settle_as_appraised(appraised(), act=act("council"))
    assert sheet.scores(Part.FINAL) == {"1.1": D(2), "2": D(3)}
    errors = []
    with pytest.raises(ScoreError) as error:
        appraise(sheet, "2", D(4), remark="x", act=act())
    errors.append(refused(error))
    with pytest.raises(ScoreError) as error:
        return_leaf(sheet, "2", act=act(why="x"))
    errors.append(refused(error))
    with pytest.raises(ScoreError) as error:
        hand_in(sheet, "2", ("x",), act=act())
    assert [*errors, refused(error)] == [["leaf-settled"]] * 3
    assert settle(sheet, "2", D(4), act=act("council", why="QĐ đính chính")).entry("2").final == D(4)


def test_the_status_of_a_unit_is_read_from_its_leaves() -> None:
    def of(sheet: Sheet, handed: State = State.SUBMITTED, *, published: bool = False) -> Status:
        return sheet_status(sheet, handed=handed, published=published)

    waiting = appraise(appraised(), "1.2", D(2), act=act("appraiser"))
    explained = explain(waiting, "2", "Gửi kèm", act=act())
    ruled = refuse_explanation(explained, "2", act=act("appraiser", why="Muộn"))
    final = settle_as_appraised(ruled, act=act("council"))
    assert [
        of(empty(), State.OPEN),
        of(scored(), State.OPEN),
        of(scored(), State.PREPARED),
        of(scored()),
        of(return_leaf(scored(), "2", act=act(why="x"))),
        of(appraise(scored(), "1.1", D(2), act=act())),
        of(waiting),
        of(explained),
        of(ruled),
        of(final),
        of(final, published=True),
        of(empty(), State.WAIVED),
    ] == [
        Status.NOT_STARTED,
        Status.SELF_SCORING,
        Status.AWAITING_HEAD,
        Status.SUBMITTED,
        Status.RETURNED,
        Status.IN_APPRAISAL,
        Status.AWAITING_EXPLANATION,
        Status.EXPLAINED,
        Status.APPRAISED,
        Status.APPROVED,
        Status.PUBLISHED,
        Status.NOT_APPLICABLE,
    ]
