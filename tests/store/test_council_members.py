"""Who sits in a session: the council as it stood when it met, whoever is named afterwards; on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from evaluation.scores.council import Choice, How, Post
from store.commands.council.held import CouncilError
from store.commands.council.meeting import Named, name_members, open_session
from store.commands.council.own import declare_conflict
from store.commands.council.voting import Brought, Cast, Place, bring, close_matter, vote
from store.queries.council import council_view
from store.queries.votes_waiting import votes_waiting
from store.schema import NOTICE
from store.score_refusals import SheetFaultsError
from store.verify import verify
from tests.store.surveying import Surveyed, surveyed_year

if TYPE_CHECKING:
    from datetime import datetime

    from store.queries.council_lines import MatterLine, SessionLine
    from store.session import Store

CHAIR, SECOND, THIRD, NEW = "head.so-noi-vu", "head.so-tu-phap", "officer.so-tu-phap", "officer.so-noi-vu"
MET = date(2025, 1, 10)


@pytest.fixture
def year(store: Store) -> Surveyed:
    return surveyed_year(store, asked=False)


def name(year: Surveyed, *keys: str, on: date, decision: str = "12/QĐ") -> None:
    members = [Named(contact=year.contact(CHAIR), post=Post.CHAIR), *(Named(contact=year.contact(key)) for key in keys)]
    year.do(name_members, council_of(year), members=members, decision=decision, now=at(year, on))


def at(year: Surveyed, on: date) -> datetime:
    return year.slot(on)


def council_of(year: Surveyed) -> int:
    return int(year.ids("council")[0])


def meet(year: Surveyed, *, entered: date, there: str = CHAIR, **facts: Any) -> None:
    year.do(open_session, council_of(year), held_on=MET, present=[year.contact(there)], now=at(year, entered), **facts)
    year.do(bring, council_of(year), session=1, matter=Brought(words="Điểm", unit="xa-1"), now=at(year, entered))


def cast(year: Surveyed, on: date, *keys: str) -> None:
    votes = [Cast(contact=year.contact(key), choice=Choice.FOR, how=How.WRITING) for key in keys]
    year.do(vote, council_of(year), Place(session=1, matter=1), votes, now=at(year, on))


def seen(year: Surveyed, on: date) -> tuple[SessionLine, MatterLine]:
    with year.store.reading() as connection:
        view = council_view(year.store, connection, council_of(year), now=at(year, on))
    assert view is not None
    return view.sessions[0], view.sessions[0].matters[0]


def test_members_named_after_a_session_met_do_not_count_in_it(any_store: Store) -> None:
    year = surveyed_year(any_store, asked=False)
    name(year, SECOND, THIRD, on=date(2025, 1, 9))
    meet(year, entered=MET)
    cast(year, MET, CHAIR, SECOND)
    later = date(2025, 1, 14)
    name(year, SECOND, NEW, "head.xa-2", "officer.xa-2", on=later, decision="20/QĐ")
    with pytest.raises(SheetFaultsError, match="no member of the council"):
        cast(year, later, NEW)
    cast(year, later, THIRD)  # replaced since: theirs was the session
    done = year.do(close_matter, council_of(year), Place(session=1, matter=1), now=at(year, later))
    assert (done.carried, len(done.entitled)) == (True, 3)
    name(year, on=date(2025, 1, 20), decision="30/QĐ")
    session, matter = seen(year, date(2025, 1, 20))
    assert [one.contact for one in session.members] == [CHAIR, SECOND, THIRD]
    assert (matter.base, matter.count("for")) == (3, 3)
    assert verify(any_store) == []


def test_a_session_entered_later_is_of_the_council_of_its_day(year: Surveyed) -> None:
    name(year, SECOND, on=date(2025, 1, 9))
    name(year, THIRD, NEW, on=date(2025, 1, 13), decision="20/QĐ")
    with pytest.raises(CouncilError, match="is no member"):
        meet(year, entered=date(2025, 1, 14), there=NEW)
    meet(year, entered=date(2025, 1, 14))
    assert [one.contact for one in seen(year, date(2025, 1, 14))[0].members] == [CHAIR, SECOND]


def test_a_session_that_met_before_anybody_was_entered_is_of_the_first_council(year: Surveyed) -> None:
    name(year, SECOND, on=date(2025, 1, 13))
    meet(year, entered=date(2025, 1, 14))
    assert [one.contact for one in seen(year, date(2025, 1, 14))[0].members] == [CHAIR, SECOND]


def test_a_conflict_declared_after_the_count_leaves_its_base(year: Surveyed) -> None:
    name(year, SECOND, THIRD, on=date(2025, 1, 9))
    meet(year, entered=MET)
    cast(year, MET, CHAIR, SECOND)
    year.do(close_matter, council_of(year), Place(session=1, matter=1), now=at(year, MET))
    conflict: dict[str, Any] = {"unit": "xa-1", "reason": "họ hàng", "contact": year.contact(THIRD)}
    year.do(declare_conflict, council_of(year), now=at(year, date(2025, 1, 14)), **conflict)
    _, matter = seen(year, date(2025, 1, 15))
    assert (matter.base, matter.barred) == (3, ())


def test_only_who_sits_in_a_session_and_is_in_office_is_told_that_it_waits(year: Surveyed) -> None:
    name(year, SECOND, THIRD, on=date(2025, 1, 9))
    meet(year, entered=MET, votes_by=date(2025, 1, 20))
    name(year, SECOND, NEW, on=date(2025, 1, 13), decision="20/QĐ")
    year.tick(at(year, date(2025, 1, 14)))
    with year.store.reading() as connection:
        asked = list(connection.execute(select(NOTICE.c.recipient).where(NOTICE.c.kind == "vote-asked").order_by(NOTICE.c.id)).scalars())
        waiting = [
            bool(votes_waiting(year.store, connection, [year.contact(key)], today=date(2025, 1, 14))) for key in (CHAIR, SECOND, THIRD, NEW)
        ]
    assert asked == [f"c{year.contact(key)}" for key in (CHAIR, SECOND)]
    assert waiting == [True, True, False, False]
