"""What would be overdue from the start is refused unless it was accepted, or another date was given; what criteria are called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from evaluation.letters import Subject
from evaluation.papers import Purpose
from notifications.letters import Language
from notifications.phrases import subject_name
from store.commands.improvement.lines import ImprovementError
from store.commands.improvement.taken import Until
from store.commands.improvement.weak import take_weak
from store.commands.requested import RequestError
from store.queries.criterion_titles import criterion_titles
from store.queries.paper_facts import owed_now
from store.verify import verify
from tests.store.improving import WEAK, improving_year, taken_in

if TYPE_CHECKING:
    from store.commands.improvement.taken import TakenIn
    from store.session import Store
    from tests.conftest import SmallYear

JANUARY = date(2026, 1, 5)  #: the plan's date, 31 December 2025, is over


@pytest.fixture
def year(store: Store) -> SmallYear:
    year = improving_year(store)
    year.tick(year.slot(date(2025, 3, 3)))
    return year


def taken_late(year: SmallYear, until: Until) -> TakenIn:
    with year.store.transaction(now=year.slot(JANUARY)) as transaction:
        return take_weak(year.store, transaction, year.cycle, WEAK, criteria="chi-so-tinh", until=until)


def test_what_would_be_overdue_from_the_start_is_refused_whole(year: SmallYear) -> None:
    with pytest.raises(ImprovementError) as refused:
        taken_late(year, Until())
    assert refused.value.vi.startswith("3 việc đã quá hạn ngay khi giao (hạn 31/12/2025); chọn hạn khác")
    assert year.ids("weak-units") == []


def test_it_is_owed_by_another_date_or_where_that_was_accepted(any_store: Store) -> None:
    year = improving_year(any_store)
    year.tick(year.slot(date(2025, 3, 3)))
    with pytest.raises(RequestError, match="is over"):
        taken_late(year, Until(due_on=date(2026, 1, 4), accept_late=True))
    done = taken_late(year, Until(due_on=date(2026, 3, 31)))
    assert {(one.due_on, one.late) for one in done.raised} == {(date(2026, 3, 31), False)}
    assert verify(any_store) == []


def test_it_may_be_accepted(year: SmallYear) -> None:
    assert {(one.due_on, one.late) for one in taken_late(year, Until(accept_late=True)).raised} == {(date(2025, 12, 31), True)}
    year.tick(year.slot(date(2026, 1, 6)))
    assert verify(year.store) == []


def test_what_is_in_time_needs_no_word(year: SmallYear) -> None:
    assert not any(one.late for one in taken_in(year, now=year.slot(date(2025, 3, 4))).raised)


def test_a_criterion_is_told_by_number_and_name(year: SmallYear) -> None:
    taken_in(year, now=year.slot(date(2025, 3, 4)))
    with year.store.reading() as connection:
        titles = criterion_titles(year.store, connection, [year.cycle])
    assert (titles.of(year.cycle, "1.1"), titles.of(year.cycle, "2.1"), titles.of(year.cycle, "9.9")) == (
        "Tiêu chí 1.1",
        "Tiêu chí 2.1",
        "",
    )
    subject = Subject(criterion="1.1", criterion_title="Ban hành kế hoạch", measure=2)
    assert subject_name(subject, language=Language.VI) == "tiêu chí 1.1 Ban hành kế hoạch, biện pháp 2"


def test_a_letter_names_the_criterion(year: SmallYear) -> None:
    done = taken_late(year, Until(accept_late=True))
    now = year.slot(date(2026, 1, 6))
    year.tick(now)
    ident = next(one.obligation for one in done.raised if one.result.unit == "xa-1")
    with year.store.reading() as connection:
        told = owed_now(year.store, connection, year.cycle, [ident], purpose=Purpose.URGING, now=now)
    assert [line.owed for line in told.facts.lines] == ["Kết quả (tiêu chí 1.1 Tiêu chí 1.1)"]
