"""Replanning a running year: what the preview says is what is done, and what cannot be done is refused whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.terms import TermReason
from evaluation.workdays import DayKind, ListedDay
from store.commands import moves
from store.commands.replanning import Change, Preview, ReplanError, replan
from store.verify import verify
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from datetime import datetime

    from tests.conftest import SmallYear

WHY = Remark(reason="điều chỉnh", basis="03/QĐ-THU")
YAML = SMALL_PLAN.read_text(encoding="utf-8")
UNUSUAL = YAML.replace("  standard:", "  usual:").replace("ladder: standard", "ladder: usual")
LATER = YAML.replace("due: {by: Y-01-31}", "due: {by: Y-02-14}")


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(date(2025, 1, 8))
    any_year.tick(now)
    return now


def replanned(year: SmallYear, change: Change, *, now: datetime) -> Preview:
    with year.store.transaction(now=now) as transaction:
        return replan(year.store, transaction, year.cycle, change=change, remark=WHY)


class Shown(Exception):  # noqa: N818
    def __init__(self, preview: Preview) -> None:
        self.preview = preview


def previewed(year: SmallYear, change: Change, *, now: datetime) -> Preview:
    with pytest.raises(Shown) as shown, year.store.transaction(now=now) as transaction:
        raise Shown(replan(year.store, transaction, year.cycle, change=change, remark=WHY))
    return shown.value.preview


def test_a_preview_says_what_will_be_done_and_does_nothing(any_year: SmallYear, now: datetime) -> None:
    before = any_year.actions()
    preview = previewed(any_year, Change(yaml=LATER), now=now)
    assert any_year.actions() == before
    assert replanned(any_year, Change(yaml=LATER), now=now) == preview
    assert [(one.stage, one.party, one.due_before, one.due_after, one.mails) for one in preview.moved] == [
        *(("plan", party, date(2025, 1, 31), date(2025, 2, 14), 1) for party in (3, 4, 5, 6)),
        ("summary", 3, date(2025, 2, 17), date(2025, 3, 3), 1),
    ]
    assert verify(any_year.store) == []


def test_a_preview_is_forgotten_before_another_change_is_made(any_year: SmallYear, now: datetime) -> None:
    """The ids of what was rolled back come again; what was read under them must not."""
    strike = ListedDay(on=date(2025, 2, 5), kind=DayKind.OFF, name="thử", source="thử")
    other = replace(strike, on=date(2025, 3, 19))
    previewed(
        any_year, Change(yaml=LATER, calendar=replace(any_year.calendar, version="a", days=(*any_year.calendar.days, strike))), now=now
    )
    calendar = replace(any_year.calendar, version="b", days=(*any_year.calendar.days, other))
    preview = replanned(any_year, Change(yaml=YAML.replace("T-7, offset: -7", "T-7, offset: -9"), calendar=calendar), now=now)
    assert {one.stage for one in preview.moved} >= {"report", "plan"}
    assert verify(any_year.store) == []
    assert any_year.scalar("select count(*) from calendar") == 2
    assert any_year.scalar("select count(*) from term where calendar_version = 'a'") == 0
    assert any_year.scalar("select count(*) from term where calendar_version = 'b'") > 0


def test_an_extension_that_a_person_granted_stands(any_year: SmallYear, now: datetime) -> None:
    extended = any_year.ids("plan")[0]
    any_year.move(moves.extend, extended, now=now, due_on=date(2025, 2, 20), remark=WHY)
    preview = replanned(any_year, Change(yaml=LATER), now=now)
    assert extended not in {one.obligation for one in preview.moved}
    assert any_year.obligation(extended).term.due_on == date(2025, 2, 20)


def test_a_date_set_by_hand_moves_what_hangs_on_it(any_year: SmallYear, now: datetime) -> None:
    preview = replanned(any_year, Change(moved={"report.due": date(2025, 3, 25)}), now=now)
    assert {one.due_after for one in preview.moved} == {date(2025, 3, 25)}
    report = any_year.obligation(any_year.ids("report")[0])
    assert (report.term.reason, report.term.made_as) == (TermReason.PLAN, TermReason.INITIAL)
    assert verify(any_year.store) == []


def test_a_wake_up_is_not_lost_by_replanning(any_year: SmallYear, now: datetime) -> None:
    """The last plan is accepted, then the plan changes before the next tick: the summary is released all the same."""
    any_year.deliver("plan", now=now)
    replanned(any_year, Change(yaml=LATER), now=now)
    any_year.tick(now)
    assert any_year.obligation(any_year.ids("summary")[0]).released


def test_a_new_line_is_stored_and_owed(any_year: SmallYear, now: datetime) -> None:
    line = YAML[YAML.index("  - key: summary") : YAML.index("  - key: after-lock")].replace("summary", "review")
    preview = replanned(any_year, Change(yaml=YAML + line), now=now)
    assert preview.raised == 1
    assert any_year.obligation(any_year.ids("review")[0]).released is False
    any_year.deliver("plan", now=now)
    any_year.tick(now)
    assert any_year.obligation(any_year.ids("review")[0]).state is State.OPEN
    assert verify(any_year.store) == []


def test_a_ladder_that_loses_a_rung_while_an_answer_is_reviewed(any_year: SmallYear, now: datetime) -> None:
    """Withdrawn later, the answer's remaining rungs are those of the plan in force."""
    ident = any_year.ids("plan")[2]
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now)
    without = "\n".join(line for line in YAML.splitlines() if "rung: T-1," not in line)
    replanned(any_year, Change(yaml=without), now=now)
    any_year.move(moves.withdraw, ident, now=now)
    assert any_year.tick(any_year.slot(date(2025, 2, 5))).failed == 0
    assert verify(any_year.store) == []


@pytest.mark.parametrize(
    ("yaml", "why"),
    [
        pytest.param(YAML.replace("key: small-plan", "key: other-plan"), "another plan as a cycle of its own", id="another plan"),
        pytest.param(YAML[: YAML.index("  - key: after-lock")], "lacks the stages after-lock", id="a stage less"),
        pytest.param(
            YAML.replace("  standard:", "  usual:").replace("ladder: standard", "ladder: usual"), "ladder standard", id="a ladder less"
        ),
        pytest.param(YAML.replace("through: so-noi-vu", "through: so-la"), "no party “so-la”", id="an unknown party"),
    ],
)
def test_a_refused_change_leaves_no_trace(any_year: SmallYear, now: datetime, yaml: str, why: str) -> None:
    before = any_year.actions(), any_year.scalar("select count(*) from plan_version"), any_year.obligation(any_year.ids("plan")[0])
    with pytest.raises(ReplanError, match=why):
        replanned(any_year, Change(yaml=yaml), now=now)
    assert before == (
        any_year.actions(),
        any_year.scalar("select count(*) from plan_version"),
        any_year.obligation(any_year.ids("plan")[0]),
    )
