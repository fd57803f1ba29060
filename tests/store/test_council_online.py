"""Members of the council vote by themselves: until when, who is told, conflicts of interest, secret votes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from evaluation.obligations import State
from evaluation.scores.council import Choice, Post
from store.commands.council.held import CouncilError
from store.commands.council.meeting import Named, close_session, name_members, open_session
from store.commands.council.own import cast_own, declare_conflict
from store.commands.council.rehearsed import leave_a_vote, people_council
from store.commands.council.voting import Brought, Place, bring, close_matter
from store.queries.council import council_view
from store.queries.council_sheets import council_sheet, council_units
from store.schema import JOURNAL, NOTICE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.surveying import Surveyed, surveyed_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.queries.council_lines import CouncilView
    from store.session import Store

CHAIR, OWN, THIRD = "head.so-noi-vu", "head.xa-1", "head.so-tu-phap"
FIRST, SECOND = Place(session=1, matter=1), Place(session=1, matter=2)
LAST_DAY = date(2025, 1, 20)


def council_of(year: Surveyed) -> int:
    """A council of three in a session whose votes end on 20 January; a matter about xa-1, one about xa-2."""
    (council,) = year.ids("council")
    named = [Named(contact=year.contact(CHAIR), post=Post.CHAIR), *(Named(contact=year.contact(key)) for key in (OWN, THIRD))]
    year.do(name_members, council, members=named, decision="12/QĐ", now=year.noon)
    year.do(open_session, council, held_on=date(2025, 1, 10), present=[year.contact(CHAIR)], votes_by=LAST_DAY, now=year.noon)
    for unit in ("xa-1", "xa-2"):
        matter = Brought(words=f"Điểm mục 1.1 của {unit}", unit=unit, scores={"1.1": Decimal("4.5")}, why="đủ hồ sơ")
        year.do(bring, council, session=1, matter=matter, now=year.noon)
    return council


@pytest.fixture
def year(store: Store) -> Surveyed:
    return surveyed_year(store, asked=False)


def own(year: Surveyed, council: int, who: str, place: Place, choice: Choice, *, now: datetime | None = None) -> Any:
    return year.do(cast_own, council, place, choice, now=now or year.noon, who=who)


def seen(year: Surveyed, council: int, *who: str) -> CouncilView:
    with year.store.reading() as connection:
        view = council_view(year.store, connection, council, now=year.noon, me=[year.contact(key) for key in who])
    assert view is not None
    return view


def asked(year: Surveyed) -> list[tuple[str, bool]]:
    """Who was asked for a vote, and whether the word was taken back."""
    with year.store.reading() as connection:
        query = select(NOTICE.c.recipient, NOTICE.c.cancelled).where(NOTICE.c.kind == "vote-asked").order_by(NOTICE.c.id)
        return [(str(row.recipient), bool(row.cancelled)) for row in connection.execute(query)]


def test_members_vote_change_their_vote_and_are_told_while_something_is_left(year: Surveyed) -> None:
    council = council_of(year)
    year.tick(year.noon)
    told = [f"c{year.contact(key)}" for key in (CHAIR, OWN, THIRD)]
    assert asked(year) == [(one, False) for one in told]
    year.tick(year.slot(date(2025, 1, 13)))
    assert len(asked(year)) == 3, "once"
    assert own(year, council, THIRD, FIRST, Choice.AGAINST).value == "writing"
    assert own(year, council, THIRD, FIRST, Choice.FOR).value == "writing"
    assert own(year, council, CHAIR, FIRST, Choice.FOR).value == "present"
    with pytest.raises(SheetFaultsError, match="belongs to the unit that is voted on"):
        own(year, council, OWN, FIRST, Choice.FOR)
    own(year, council, OWN, SECOND, Choice.ABSTAIN)
    assert asked(year) == [(told[0], False), (told[1], True), (told[2], False)], "xa-1's head has nothing left to vote on"
    year.tick(year.slot(date(2025, 1, 17)))
    assert asked(year)[3:] == [(told[0], False), (told[2], False)], "the working day before the last one"
    view = seen(year, council, THIRD)
    assert (view.me and view.me.contact, view.sessions[0].matters[0].count("for")) == (THIRD, 2)
    assert year.do(close_matter, council, FIRST, now=year.noon).carried
    assert year.scalar("SELECT final FROM score") == "4.5"
    assert verify(year.store) == []


def test_after_the_last_day_and_after_the_closing_nobody_votes(year: Surveyed) -> None:
    council = council_of(year)
    own(year, council, CHAIR, SECOND, Choice.FOR, now=year.slot(LAST_DAY))
    with pytest.raises(CouncilError, match="takes no more votes"):
        own(year, council, THIRD, SECOND, Choice.FOR, now=year.slot(date(2025, 1, 21)))
    year.do(close_session, council, session=1, now=year.noon)
    with pytest.raises(CouncilError, match="takes no more votes"):
        own(year, council, THIRD, SECOND, Choice.FOR)
    for act, facts in ((bring, {"session": 1, "matter": Brought(words="Thêm")}), (close_session, {"session": 1})):
        with pytest.raises(CouncilError, match="session 1 is closed"):
            year.do(act, council, now=year.noon, **facts)
    with pytest.raises(SheetFaultsError, match="1 of 3"):
        year.do(close_matter, council, SECOND, now=year.noon)
    assert verify(year.store) == []


def test_who_declares_a_conflict_of_interest_votes_on_that_unit_no_more(year: Surveyed) -> None:
    council = council_of(year)
    own(year, council, THIRD, SECOND, Choice.FOR)
    own(year, council, CHAIR, SECOND, Choice.FOR)
    year.do(declare_conflict, council, unit="xa-2", reason="nguyên Chủ tịch xã", now=year.noon, who=THIRD)
    with pytest.raises(SheetFaultsError, match="declared a conflict of interest"):
        own(year, council, THIRD, SECOND, Choice.FOR)
    with pytest.raises(CouncilError, match="do not vote on “xa-2” already"):
        year.do(declare_conflict, council, unit="xa-2", reason="nhắc lại", contact=year.contact(THIRD), now=year.noon)
    own(year, council, OWN, SECOND, Choice.FOR)
    done = year.do(close_matter, council, SECOND, now=year.noon)
    assert (done.entitled, done.excused) == ((f"c{year.contact(CHAIR)}", f"c{year.contact(OWN)}"), (f"c{year.contact(THIRD)}",))
    assert verify(year.store) == []
    with year.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM council_conflict"))
    assert any("conflicts of interest" in fault for fault in verify(year.store))


def test_nobody_but_a_member_votes(year: Surveyed) -> None:
    council = council_of(year)
    with pytest.raises(SheetFaultsError, match="no member of the council"):
        own(year, council, "head.xa-2", FIRST, Choice.FOR)
    with pytest.raises(CouncilError, match="nobody votes in the place"):
        year.do(cast_own, council, FIRST, Choice.FOR, now=year.noon)
    with pytest.raises(CouncilError, match="is no member of the council"):
        year.do(declare_conflict, council, unit="xa-1", reason="có", now=year.noon, who="head.xa-2")


def test_a_secret_vote_is_counted_when_it_is_counted_and_names_nobody(any_store: Store) -> None:
    year = surveyed_year(any_store, asked=False, council="{secret: true, remind_before: 0}")
    council = council_of(year)
    own(year, council, CHAIR, FIRST, Choice.FOR)
    own(year, council, THIRD, FIRST, Choice.AGAINST)
    (matter, _) = seen(year, council, THIRD).sessions[0].matters
    assert (matter.counts, {vote.contact: vote.choice for vote in matter.votes}) == (None, {CHAIR: "", THIRD: "against"})
    assert verify(year.store) == []
    year.do(close_matter, council, FIRST, now=year.noon)
    (matter, _) = seen(year, council).sessions[0].matters
    assert (matter.outcome, matter.count("for"), matter.count("against")) == ("lost", 1, 1)
    assert {vote.choice for vote in matter.votes} == {""}
    with year.store.reading() as connection:
        told = connection.execute(select(JOURNAL.c.payload).where(JOURNAL.c.action == "vote")).scalars().all()
    assert not [payload for payload in told if "for" in payload or "against" in payload]
    with year.store.engine.begin() as connection:
        connection.execute(text("UPDATE council_vote SET choice = 'for'"))
    assert len(verify(year.store)) == 1


def test_the_papers_before_a_vote_show_what_is_proposed(year: Surveyed) -> None:
    council = council_of(year)
    view = seen(year, council)
    with year.store.reading() as connection:
        units = council_units(year.store, connection, view, now=year.noon)
        sheet = council_sheet(year.store, connection, view, "xa-2", now=year.noon)
    assert [one.unit for one in units] == ["xa-1", "xa-2"]
    assert {line.figure.node: line.proposed for line in sheet.lines}["1.1"] == "4.5"


def test_people_of_a_demo_meet_on_a_thursday_count_a_week_later_and_decide(year: Surveyed) -> None:
    (council,) = year.ids("council")
    days = [year.slot(date(2025, 1, day)) for day in (15, 16, 17, 23, 24, 30)]
    meetings = [people_council(year.store, year.loaded(now), now=now) for now in days]
    assert meetings == [False, True, False, True, True, False]
    view = seen(year, council)
    (session,) = view.sessions
    assert (session.closed, [one.outcome for one in session.matters], view.members[0].post) == (True, ["carried"], "chair")
    assert year.obligation(council).state is State.ACCEPTED
    for _ in range(2):
        assert leave_a_vote(year.store, year.cycle, now=days[-1])
    _, following = seen(year, council).sessions
    assert (following.takes_votes, [one.outcome for one in following.matters]) == (True, [""]), "somebody who tries the demo may vote"
    assert verify(year.store) == []


def test_a_council_does_not_meet_before_what_was_reduced_is_explained(year: Surveyed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.commands.council.rehearsed._all_ruled_on", lambda *_: False)
    now = year.slot(date(2025, 1, 16))
    assert not people_council(year.store, year.loaded(now), now=now)
