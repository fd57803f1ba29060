"""Voting online: who is awaited, when they are told, until when votes are taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from config.calendar_files import shipped_calendar
from evaluation.scores.council import Matter, Member
from evaluation.scores.rules import CouncilRules
from evaluation.scores.voting import ask_moments, awaited, is_asked_now, takes_votes

MEMBERS = (Member(key="c1"), Member(key="c2", unit="xa-1"), Member(key="c3", conflicts=frozenset({"xa-2"})))
SLOT = time(7, 30)


@pytest.mark.parametrize(
    ("unit", "voted", "waiting"),
    [
        ("", {"c1"}, ("c2", "c3")),
        ("xa-1", set(), ("c1", "c3")),
        ("xa-2", {"c2"}, ("c1",)),
        ("xa-2", {"c1", "c2"}, ()),
    ],
)
def test_whoever_may_vote_and_has_not_is_awaited(unit: str, voted: set[str], waiting: tuple[str, ...]) -> None:
    assert awaited(MEMBERS, {Matter(key="1", words="điểm", unit=unit): voted}) == waiting


@pytest.mark.parametrize(
    ("opened", "votes_by", "before", "days"),
    [
        (date(2025, 1, 10), date(2025, 1, 20), 1, [date(2025, 1, 10), date(2025, 1, 17)]),
        (date(2025, 1, 11), date(2025, 1, 20), 3, [date(2025, 1, 13), date(2025, 1, 15)]),
        (date(2025, 1, 10), date(2025, 1, 13), 1, [date(2025, 1, 10)]),
        (date(2025, 1, 10), date(2025, 1, 20), 0, [date(2025, 1, 10)]),
    ],
    ids=["a weekend between", "opened on a Saturday", "the reminder would come with the first word", "no reminder"],
)
def test_they_are_told_when_it_opens_and_so_many_working_days_before_it_ends(
    opened: date, votes_by: date, before: int, days: list[date]
) -> None:
    calendar, rules = shipped_calendar(), CouncilRules(remind_before=before)
    told = ask_moments(opened, votes_by, rules=rules, calendar=calendar, slot=SLOT)
    assert list(told) == [calendar.instant(on, SLOT) for on in days]


def test_each_moment_tells_once_and_a_late_tick_makes_it_up() -> None:
    first, again = datetime(2025, 1, 10, 0, 30, tzinfo=UTC), datetime(2025, 1, 17, 0, 30, tzinfo=UTC)
    late = datetime(2025, 1, 18, tzinfo=UTC)
    assert [is_asked_now((first, again), asked_at=asked, now=late) for asked in (None, first, again, late)] == [True, True, False, False]
    assert not is_asked_now((first, again), asked_at=first, now=datetime(2025, 1, 12, tzinfo=UTC))


def test_votes_are_taken_to_the_end_of_the_last_day_and_never_once_it_is_closed() -> None:
    last = date(2025, 1, 20)
    assert takes_votes(votes_by=last, closed=False, today=last)
    assert not takes_votes(votes_by=last, closed=False, today=date(2025, 1, 21))
    assert takes_votes(votes_by=None, closed=False, today=last)
    assert not takes_votes(votes_by=None, closed=True, today=last)
