"""Voting online: who is awaited, when they are told, until when votes are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar_files import shipped_calendar
from evaluation.scores.council import Matter, Member
from evaluation.scores.rules import CouncilRules
from evaluation.scores.voting import ask_moments, awaited, is_asked_now, met_at, seated, takes_votes

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


# --- who sits in a session --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Named:
    key: str
    named_at: datetime
    ended_at: datetime | None = None


START = datetime(2026, 3, 1, tzinfo=UTC)


def hours(count: int) -> datetime:
    return START + timedelta(hours=count)


def councils(*changes: tuple[int, str]) -> tuple[Named, ...]:
    """Councils one after another: from which hour, and who is named."""
    ends = [hours(later) for later, _ in changes[1:]]
    named = zip(changes, [*ends, None], strict=True)
    return tuple(Named(key=key, named_at=hours(at), ended_at=end) for (at, keys), end in named for key in keys)


@pytest.mark.parametrize(
    ("at", "sitting"),
    [
        pytest.param(-5, "abc", id="entered before anybody was: the first council"),
        pytest.param(0, "abc", id="in the hour of the naming"),
        pytest.param(9, "abc", id="the first council"),
        pytest.param(10, "abd", id="from its naming on the second"),
        pytest.param(19, "abd", id="the second council"),
        pytest.param(20, "e", id="the third council"),
        pytest.param(999, "e", id="long after"),
    ],
)
def test_a_session_is_decided_by_the_council_as_it_stood_when_it_met(at: int, sitting: str) -> None:
    seats = councils((0, "abc"), (10, "abd"), (20, "e"))
    assert "".join(one.key for one in seated(seats, at=hours(at))) == sitting


@given(
    names=st.lists(st.text(alphabet="abcdef", min_size=1, max_size=6), min_size=1, max_size=5),
    met=st.integers(0, 60),
    later=st.integers(1, 60),
    others=st.text(alphabet="xyz", min_size=1, max_size=3),
)
def test_whoever_is_named_later_changes_no_session_that_met(names: list[str], met: int, later: int, others: str) -> None:
    changes = [(number * 10, "".join(sorted(set(keys)))) for number, keys in enumerate(names)]
    then = seated(councils(*changes), at=hours(met))
    changed = councils(*(one for one in changes if one[0] < met + later), (met + later, others))
    assert [one.key for one in seated(changed, at=hours(met))] == [one.key for one in then]


def test_nobody_sits_in_a_council_that_was_never_named() -> None:
    assert seated((), at=START) == ()


@pytest.mark.parametrize(
    ("entered", "counted"),
    [
        pytest.param("2026-03-10T02:00", "2026-03-10T02:00", id="on its day: by the entry"),
        pytest.param("2026-03-12T02:00", "2026-03-10T17:00", id="later: by the end of its day in Việt Nam"),
    ],
)
def test_a_session_entered_later_is_counted_by_its_day(entered: str, counted: str) -> None:
    at = met_at(date(2026, 3, 10), datetime.fromisoformat(entered).replace(tzinfo=UTC), calendar=shipped_calendar())
    assert at == datetime.fromisoformat(counted).replace(tzinfo=UTC)
