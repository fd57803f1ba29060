"""The council in the store: who is named, a quorum, conflicts of interest, what is carried and what follows of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, text

from evaluation.actions import Remark
from evaluation.scores.council import Choice, How, Post, Recommendation
from store.commands.council.held import CouncilError
from store.commands.council.meeting import Minutes, Named, name_members, open_session, write_minutes
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.commands.moves import accept, submit
from store.commands.results.exempting import exempt
from store.queries.council import council_view
from store.schema import SCORE, SCORE_CHANGE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.surveying import Surveyed, surveyed_year

if TYPE_CHECKING:
    from store.queries.council_lines import CouncilView
    from store.session import Store

CHAIR, OWN, THIRD = "head.so-noi-vu", "head.xa-1", "head.so-tu-phap"
FIRST = Place(session=1, matter=1)


@pytest.fixture
def year(store: Store) -> Surveyed:
    return surveyed_year(store, asked=False)


@pytest.fixture
def council(year: Surveyed) -> int:
    """The council of three, one of them of xa-1, in a session with all of them."""
    (council,) = year.ids("council")
    named = [Named(contact=year.contact(CHAIR), post=Post.CHAIR), *(Named(contact=year.contact(key)) for key in (OWN, THIRD))]
    year.do(name_members, council, members=named, decision="12/QĐ", now=year.noon)
    there = [year.contact(key) for key in (CHAIR, OWN)]
    assert year.do(open_session, council, held_on=date(2025, 1, 10), present=there, now=year.noon) == 1
    return council


def brought(year: Surveyed, council: int, **facts: Any) -> int:
    matter = Brought(**{"words": "Điểm mục 1.1", **facts})
    return int(year.do(bring, council, session=1, matter=matter, now=year.noon))


def cast(year: Surveyed, council: int, *votes: tuple[str, Choice, How]) -> None:
    given = [Cast(contact=year.contact(key), choice=choice, how=how) for key, choice, how in votes]
    year.do(vote, council, FIRST, given, now=year.noon)


def resolve(year: Surveyed, council: int, *made: Recommendation) -> Any:
    return year.do(close_matter, council, FIRST, made, now=year.noon, who=CHAIR)


def seen(year: Surveyed, council: int) -> CouncilView:
    with year.store.reading() as connection:
        view = council_view(year.store, connection, council, now=year.noon)
    assert view is not None
    return view


def test_what_is_carried_settles_scores_and_recommends(year: Surveyed, council: int) -> None:
    brought(year, council, unit="xa-1", scores={"1.1": Decimal("4.5")}, why="đủ hồ sơ")
    cast(year, council, (CHAIR, Choice.FOR, How.PRESENT), (THIRD, Choice.FOR, How.WRITING))
    done = resolve(year, council, Recommendation(text="Tập huấn", to="so-tu-phap", due_on=date(2025, 6, 1)))
    assert (done.carried, done.excused) == (True, (f"c{year.contact(OWN)}",))
    with year.store.reading() as connection:
        score = connection.execute(select(SCORE.c.node, SCORE.c.final)).one()
        change = connection.execute(select(SCORE_CHANGE)).one()
    assert tuple(score) == ("1.1", "4.5")
    assert (change.old, change.new, change.why, change.obligation_id) == ("", "4.5", "đủ hồ sơ", council)
    (matter,) = seen(year, council).sessions[0].matters
    assert matter.base == 2, "the member of the unit concerned is not entitled"
    assert (matter.outcome, matter.count("for"), matter.recommendations[0].to) == ("carried", 2, "Sở 02 (tên chưa có nguồn)")
    assert verify(year.store) == []
    with pytest.raises(CouncilError, match="matter 1 is resolved"):
        cast(year, council, (CHAIR, Choice.AGAINST, How.PRESENT))


def test_votes_without_a_quorum_are_refused_and_settle_nothing(year: Surveyed, council: int) -> None:
    brought(year, council, unit="xa-1", scores={"1.1": Decimal(4)})
    cast(year, council, (CHAIR, Choice.FOR, How.PRESENT))
    with pytest.raises(SheetFaultsError, match="1 of 2 entitled members took part, more than 50 % must — gather more votes"):
        resolve(year, council)
    assert year.scalar("SELECT count(*) FROM score") == 0
    assert seen(year, council).sessions[0].matters[0].outcome == ""


@pytest.mark.parametrize(
    ("votes", "error", "words"),
    [
        pytest.param([(OWN, How.PRESENT)], SheetFaultsError, "belongs to the unit that is voted on", id="one's own unit"),
        pytest.param([("head.xa-2", How.WRITING)], SheetFaultsError, "no member of the council", id="a stranger"),
        pytest.param([(CHAIR, How.PRESENT), (CHAIR, How.PRESENT)], SheetFaultsError, "voted twice", id="twice"),
        pytest.param([(THIRD, How.PRESENT)], CouncilError, "was not at session 1; record the vote as in writing", id="absent"),
    ],
)
def test_a_vote_is_refused(year: Surveyed, council: int, votes: list[tuple[str, How]], error: type[Exception], words: str) -> None:
    brought(year, council, unit="xa-1")
    with pytest.raises(error, match=words):
        cast(year, council, *((key, Choice.FOR, how) for key, how in votes))
    assert seen(year, council).sessions[0].matters[0].votes == ()


def test_a_later_vote_takes_the_place_of_the_earlier(year: Surveyed, council: int) -> None:
    brought(year, council)
    cast(year, council, (CHAIR, Choice.FOR, How.PRESENT), (OWN, Choice.FOR, How.PRESENT))
    cast(year, council, (OWN, Choice.AGAINST, How.PRESENT))
    assert resolve(year, council).carried is False
    assert verify(year.store) == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"unit": "xa-1", "scores": {"1.1": Decimal(7)}}, "1.1"),
        ({"unit": "xa-1", "scores": {"9": Decimal(1)}}, "9"),
        ({"scores": {"1.1": Decimal(1)}}, "write the unit whose scores are settled"),
        ({"unit": "so-tu-phap", "scores": {"1.1": Decimal(1)}}, "no criteria set is pinned for its group"),
        ({"unit": "nowhere"}, "there is no unit “nowhere”"),
        ({"words": " "}, "write what is voted on"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_brought(year: Surveyed, council: int, facts: dict[str, Any], words: str) -> None:
    with pytest.raises((CouncilError, SheetFaultsError), match=words):
        brought(year, council, **facts)
    assert seen(year, council).sessions[0].matters == ()


@pytest.mark.parametrize(
    ("members", "decision", "words"),
    [
        ([(CHAIR, Post.MEMBER)], "1/QĐ", "one chair"),
        ([(CHAIR, Post.CHAIR), (CHAIR, Post.MEMBER)], "1/QĐ", "each member once"),
        ([(CHAIR, Post.CHAIR)], " ", "number and date of the decision"),
    ],
)
def test_a_council_is_named_by_a_decision_with_one_chair(
    year: Surveyed, members: list[tuple[str, Post]], decision: str, words: str
) -> None:
    named = [Named(contact=year.contact(key), post=post) for key, post in members]
    with pytest.raises(CouncilError, match=words):
        year.do(name_members, year.ids("council")[0], members=named, decision=decision, now=year.noon)


def test_minutes_need_their_number_and_another_obligation_is_no_council(year: Surveyed, council: int) -> None:
    with pytest.raises(CouncilError, match="number and date"):
        year.do(write_minutes, council, session=1, minutes=Minutes(number=" "), now=year.noon)
    year.do(write_minutes, council, session=1, minutes=Minutes(number="3/BB", text="Thông qua"), now=year.noon)
    assert seen(year, council).sessions[0].minutes == "3/BB"
    with pytest.raises(CouncilError, match="is no council's decision"):
        year.do(open_session, year.ids("survey")[0], held_on=date(2025, 1, 10), present=[], now=year.noon)


def appraised(year: Surveyed, unit: str, points: str) -> None:
    """A leaf as an appraiser left it."""
    plain = {"explanation": "", "answers": False, "ruling": "", "ruling_why": "", "remark": "", "returned": ""}
    with year.store.engine.begin() as connection:
        party = connection.execute(text("SELECT id FROM party WHERE key = :key"), {"key": unit}).scalar_one()
        authority = connection.execute(text("SELECT id FROM authority")).scalar_one()
        row = {"cycle_id": year.cycle, "party_id": party, "node": "1.1", "authority_id": authority, "version": 1, "appraised": points}
        connection.execute(insert(SCORE).values(**row, **plain))


def test_once_the_decision_is_accepted_what_was_appraised_is_final(year: Surveyed, council: int) -> None:
    appraised(year, "xa-1", "5")
    appraised(year, "xa-2", "3.5")
    brought(year, council, unit="xa-2", scores={"1.1": Decimal(4)}, why="bổ sung hồ sơ")
    cast(year, council, (CHAIR, Choice.FOR, How.PRESENT), (THIRD, Choice.FOR, How.WRITING))
    resolve(year, council)
    year.tick(year.noon)
    assert year.scalar("SELECT count(*) FROM score WHERE final IS NOT NULL") == 1
    year.move(submit, council, now=year.noon)
    year.move(accept, council, now=year.noon)
    year.tick(year.noon)
    assert year.scalar("SELECT group_concat(final) FROM (SELECT final FROM score ORDER BY party_id)") == "5,4"
    year.tick(year.noon)
    assert year.scalar("SELECT count(*) FROM score_change") == 2


def test_a_unit_that_became_exempt_keeps_nobody_behind_it_from_a_final_score(year: Surveyed, council: int) -> None:
    appraised(year, "xa-1", "5")
    appraised(year, "xa-2", "3.5")
    year.do(exempt, year.cycle, unit="xa-1", node="1.1", remark=Remark(reason="không có chức năng"), now=year.noon)
    year.move(submit, council, now=year.noon)
    year.move(accept, council, now=year.noon)
    year.tick(year.noon, step_size=1)
    year.tick(year.noon, step_size=1)
    assert year.scalar("SELECT group_concat(final) FROM (SELECT final FROM score ORDER BY party_id)") == "3.5"


def test_verify_finds_a_vote_that_was_changed_behind_the_journal(year: Surveyed, council: int) -> None:
    brought(year, council)
    cast(year, council, (CHAIR, Choice.FOR, How.PRESENT))
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE council_vote SET choice = 'against'"))
    assert verify(year.store) == [f"thu: matter 1 of session 1 of the council ({council}) differs from its journal"]
