"""The council: quorum, votes, conflicts of interest, what is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from evaluation.scores.council import Choice, How, Matter, Member, Post, Recommendation, Resolved, Vote, recommend, resolve, settle_resolved
from evaluation.scores.faults import ScoreError
from evaluation.scores.filling import Act
from evaluation.scores.rules import Base, CouncilRules
from evaluation.scores.sheets import Part, Sheet
from tests.evaluation.scores.small_sets import make_scope

if TYPE_CHECKING:
    from collections.abc import Callable

D = Decimal
NOW = datetime(2023, 3, 1, 2, 0, tzinfo=UTC)
#: Hà Nội's council: ten members, the chair a vice-chairman (domain §1).
TEN = (Member(key="m0", post=Post.CHAIR), *(Member(key=f"m{number}", unit=f"so-{number}") for number in range(1, 10)))
RESULT = Matter(key="ket-qua", words="Kết quả Chỉ số CCHC 2022")
ABOUT_1 = Matter(key="so-1", words="Điểm của Sở 1", unit="so-1")
PLAIN = CouncilRules()


def votes(choices: str, *, start: int = 0, how: How = How.PRESENT) -> list[Vote]:
    meant = {"+": Choice.FOR, "-": Choice.AGAINST, "0": Choice.ABSTAIN}
    return [Vote(member=f"m{number}", choice=meant[one], at=NOW, how=how) for number, one in enumerate(choices, start=start)]


@pytest.mark.parametrize(
    ("choices", "rules", "carried"),
    [
        pytest.param("++++++", PLAIN, True, id="six of ten"),
        pytest.param("+++++-", PLAIN, False, id="five of ten agree: not more than half"),
        pytest.param("+++++-", CouncilRules(base=Base.TAKING_PART), True, id="five of six that took part"),
        pytest.param("+++++-----", CouncilRules(chair_decides=True), True, id="the chair's side decides"),
        pytest.param("-+++++----", CouncilRules(chair_decides=True), False, id="the chair was against"),
        pytest.param("+++++++---", CouncilRules(majority=D(70)), False, id="exactly the majority is not more"),
        pytest.param("++++++0000", PLAIN, True, id="abstentions take part"),
    ],
)
def test_more_than_half_of_the_members_must_agree(choices: str, rules: CouncilRules, *, carried: bool) -> None:
    assert resolve(TEN, RESULT, votes(choices), rules=rules).carried is carried


def test_without_a_quorum_nothing_is_resolved_and_votes_in_writing_make_one() -> None:
    with pytest.raises(ScoreError) as refused:
        resolve(TEN, RESULT, votes("+++++"), rules=PLAIN)
    assert refused.value.text("vi") == (
        "“Kết quả Chỉ số CCHC 2022”: mới có 5 trên 10 thành viên được quyền biểu quyết, cần quá 50 % — "
        "lấy thêm ý kiến tại cuộc họp hoặc bằng văn bản"
    )
    resolved = resolve(TEN, RESULT, [*votes("+++++"), *votes("+", start=5, how=How.WRITING)], rules=PLAIN)
    assert (resolved.carried, resolved.count(Choice.FOR), resolved.by_chair) == (True, 6, False)


def test_a_member_of_the_unit_does_not_vote_on_it_and_is_not_counted() -> None:
    nine = [vote for vote in votes("++++++") if vote.member != "m1"]
    resolved = resolve(TEN, ABOUT_1, nine, rules=PLAIN)
    assert (resolved.excused, len(resolved.entitled), resolved.carried) == (("m1",), 9, True)
    with pytest.raises(ScoreError) as refused:
        resolve(TEN, ABOUT_1, votes("++++++"), rules=PLAIN)
    assert [(fault.code, fault.about) for fault in refused.value.faults] == [("vote-on-own-unit", "m1")]
    assert resolve(TEN, RESULT, votes("++++++"), rules=PLAIN).excused == ()


def test_strangers_double_votes_and_votes_in_writing_where_they_do_not_count_are_refused() -> None:
    given = [*votes("++"), *votes("+"), *votes("+", start=77), *votes("+", start=3, how=How.WRITING)]
    with pytest.raises(ScoreError) as refused:
        resolve(TEN, RESULT, given, rules=CouncilRules(in_writing=False))
    assert [(fault.code, fault.about) for fault in refused.value.faults] == [
        ("voted-twice", "m0"),
        ("vote-of-stranger", "m77"),
        ("vote-in-writing", "m3"),
    ]


def carried(matter: Matter = RESULT, choices: str = "++++++") -> Resolved:
    return resolve(TEN, matter, [vote for vote in votes(choices) if matter.unit != f"so-{vote.member[1:]}"], rules=PLAIN)


def test_what_is_resolved_settles_scores_all_or_none() -> None:
    sheet, act = Sheet(scope=make_scope("so-1")), Act(by="council", at=NOW, why="BB 12")
    done = settle_resolved(sheet, carried(ABOUT_1), {"1.2": D(8), "2.1": D("13.5")}, act=act)
    assert done.scores(Part.FINAL) == {"1.2": D(8), "2.1": D("13.5")}
    assert [change.why for change in done.history] == ["BB 12", "BB 12"]
    with pytest.raises(ScoreError) as refused:
        settle_resolved(sheet, carried(), {"1.2": D(11), "2.1": D(3), "9": D(1)}, act=act)
    assert [(fault.code, fault.node) for fault in refused.value.faults] == [("score-out-of-range", "1.2"), ("no-such-leaf", "9")]


@pytest.mark.parametrize(
    ("resolved", "code"),
    [
        pytest.param(lambda: carried(choices="+++---"), "not-carried", id="not carried"),
        pytest.param(lambda: carried(Matter(key="x", words="Sở 2", unit="so-2")), "matter-of-another-unit", id="another unit"),
    ],
)
def test_only_what_was_carried_about_the_unit_settles_its_scores(resolved: Callable[[], Resolved], code: str) -> None:
    with pytest.raises(ScoreError) as refused:
        settle_resolved(Sheet(scope=make_scope("so-1")), resolved(), {"1.2": D(8)}, act=Act(by="council", at=NOW))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_recommendations_are_made_by_a_carried_vote_to_somebody() -> None:
    good = Recommendation(text="Chỉ số là tiêu chí đánh giá người đứng đầu", to="chu-tich", due_on=date(2023, 6, 30))
    assert recommend(carried(), [good]) == (good,)
    with pytest.raises(ScoreError) as refused:
        recommend(carried(choices="+++---"), [good, Recommendation(text="x", to=" ")])
    assert [fault.code for fault in refused.value.faults] == ["not-carried", "recommendation-empty"]
