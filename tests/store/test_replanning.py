"""Replanning a running year: what the preview says is what is done, and what cannot be done is refused whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.obligations import State
from evaluation.terms import TermReason
from evaluation.workdays import DayKind, ListedDay
from store.commands import moves
from store.commands.replan_refusals import ReplanError
from store.commands.replanning import Change, replan
from store.schema import PLAN_VERSION
from store.verify import verify
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from datetime import datetime

    from store.commands.previewing import Preview
    from store.session import Store
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
    preview = replanned(any_year, Change(moved={"report.due:2025-Q1": date(2025, 3, 25)}), now=now)
    assert {one.due_after for one in preview.moved} == {date(2025, 3, 25)}
    report = any_year.obligation(any_year.ids("report")[0])
    assert (report.term.reason, report.term.made_as) == (TermReason.PLAN, TermReason.INITIAL)
    assert verify(any_year.store) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(
            Change(moved={"plan.due": date(2025, 1, 3)}, accept_late=True), r"\(plan\) opens on 2025-01-06, after", id="before it opens"
        ),
        pytest.param(
            Change(moved={"report.due": date(2025, 3, 25)}), r"\(report\) opens on 2025-06-01, after", id="one date for every period"
        ),
        pytest.param(Change(moved={"report.due:2025-Q4": date(2025, 12, 15)}), "the stage has 2025-Q1, 2025-Q2", id="no such period"),
        pytest.param(Change(moved={"plan.due:2025-Q1": date(2025, 2, 15)}), "has no periods, write plan.due", id="no periods"),
        pytest.param(Change(moved={"plam.due": date(2025, 2, 15)}), "no date “plam.due”", id="no such stage"),
        pytest.param(Change(moved={"plan.due": date(2025, 1, 7)}), "4 obligations would get dates that have passed", id="passed"),
        pytest.param(
            Change(yaml=YAML.replace("{by: Y-01-31}", "{by: Y-01-07}")), "4 obligations would get dates that", id="passed by plan"
        ),
    ],
)
def test_dates_that_cannot_be_meant_are_refused(any_year: SmallYear, now: datetime, change: Change, why: str) -> None:
    before = any_year.actions()
    with pytest.raises(ReplanError, match=why):
        replanned(any_year, change, now=now)
    assert any_year.actions() == before
    assert verify(any_year.store) == []


def test_a_date_that_has_passed_is_set_where_that_is_meant(any_year: SmallYear, now: datetime) -> None:
    preview = replanned(any_year, Change(moved={"plan.due": date(2025, 1, 7)}, accept_late=True), now=now)
    assert [(one.stage, one.late) for one in preview.moved] == [*([("plan", True)] * 4), ("summary", False)]
    assert verify(any_year.store) == []


def test_what_was_wrong_before_stops_no_other_change(any_store: Store) -> None:
    """A year launched with a window that ends before it opens is changed elsewhere all the same."""
    calendar = shipped_calendar()
    yaml = YAML.replace("opens: {on: Y-06-01}", "opens: {on: Y-08-01}")
    at = calendar.instant(date(2025, 1, 2))
    year = launch_small(any_store, now=at, calendar=calendar, yaml=yaml)
    assert len(replanned(year, Change(moved={"plan.due": date(2025, 2, 14)}), now=at).moved) == 5


def test_every_notice_that_follows_is_counted(any_store: Store) -> None:
    """Dates moved are told to whom they concern, a changed plan to every unit where a stage of the year issues plans."""
    calendar = shipped_calendar()
    yaml = YAML.replace("kind: duty\n    title: Tổng hợp", "kind: plan_issuance\n    title: Tổng hợp").replace(
        "    waits_for: [{stage: plan, until: all_done}]\n", ""
    )
    at = calendar.instant(date(2025, 1, 8))
    year = launch_small(any_store, now=at, calendar=calendar, yaml=yaml)
    changed = yaml.replace("due: {by: Y-01-31}", "due: {by: Y-02-14}")
    preview = replanned(year, Change(yaml=changed), now=at)
    assert (preview.issued, preview.mails) == (4, 8)
    year.tick(at)
    assert year.scalar("select count(*) from notice where kind = 'plan-issued'") == preview.issued
    assert year.scalar("select count(*) from notice where kind = 'dates-moved'") == preview.mails - preview.issued


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
        pytest.param(YAML[: YAML.index("  - key: after-lock")], "lacks the stage “after-lock”, which 2 obligation", id="a stage less"),
        pytest.param(
            YAML.replace("  standard:", "  usual:").replace("ladder: standard", "ladder: usual"),
            "lacks the ladder “standard”, on which 11 obligation",
            id="a ladder less",
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


def test_a_refused_change_has_written_nothing_yet(any_year: SmallYear, now: datetime) -> None:
    """Whoever makes the change within a greater one finds everything as it was."""
    with any_year.store.transaction(now=now) as transaction:
        with pytest.raises(ReplanError, match="ladder “standard”"):
            replan(any_year.store, transaction, any_year.cycle, change=Change(yaml=UNUSUAL), remark=WHY)
        assert transaction.connection.execute(select(func.count()).select_from(PLAN_VERSION)).scalar_one() == 1
        assert transaction.entries == []
    assert any_year.tick(any_year.slot(date(2025, 1, 24))).failed == 0


def test_what_a_changed_plan_lacks_is_said_at_once_with_who_needs_it(any_year: SmallYear, now: datetime) -> None:
    waived, *_ = any_year.ids("after-lock")
    any_year.move(moves.waive, waived, now=now, remark=WHY)
    with pytest.raises(ReplanError) as refused:
        replanned(any_year, Change(yaml=UNUSUAL[: UNUSUAL.index("  - key: after-lock")]), now=now)
    assert "stage “after-lock”, which 2 obligation(s) of this year have, 1 of them still owed" in str(refused.value)
    assert "waive what is no longer owed" in str(refused.value)
    assert "ladder “standard”, on which 10 obligation(s) stand (1, 2, 3, 4, 5 …); keep the ladder under this name" in str(refused.value)


@pytest.mark.parametrize("by", ["submitted", "suspended"])
def test_a_ladder_to_come_back_to_is_kept(any_year: SmallYear, now: datetime, by: str) -> None:
    """Who has submitted may take it back, a clock that stands will go on: both then stand on the ladder of before."""
    *others, last = [ident for stage in ("report", "summary", "after-lock", "plan") for ident in any_year.ids(stage)]
    for ident in others:
        any_year.move(moves.waive, ident, now=now, remark=WHY)
    if by == "submitted":
        any_year.move(moves.prepare, last, now=now)
        any_year.move(moves.submit, last, now=now)
    else:
        any_year.move(moves.suspend, last, now=now, remark=WHY)
    assert any_year.obligation(last).term.ladder != "standard"
    with pytest.raises(ReplanError, match=rf"ladder “standard”, on which 1 obligation\(s\) stand \({last}\)"):
        replanned(any_year, Change(yaml=UNUSUAL), now=now)
    any_year.move(moves.waive, last, now=now, remark=WHY)
    replanned(any_year, Change(yaml=UNUSUAL), now=now)
    assert verify(any_year.store) == []


def test_the_ladder_of_a_correction_that_waits_for_the_clock_is_kept(any_year: SmallYear, now: datetime) -> None:
    ident = any_year.ids("plan")[2]
    any_year.move(moves.prepare, ident, now=now)
    any_year.move(moves.submit, ident, now=now)
    any_year.move(moves.suspend, ident, now=now, remark=WHY)
    any_year.move(moves.return_for_correction, ident, now=now, remark=WHY)
    renamed = YAML.replace("  correction:\n    - {rung: C-1", "  mending:\n    - {rung: C-1").replace(
        "ladder: correction}", "ladder: mending}"
    )
    with pytest.raises(ReplanError, match=rf"ladder “correction”, on which 1 obligation\(s\) stand \({ident}\)"):
        replanned(any_year, Change(yaml=renamed), now=now)
