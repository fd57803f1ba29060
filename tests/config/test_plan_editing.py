"""One rung of a plan's text is edited: that line and no other."""

from __future__ import annotations

import difflib

import pytest

from config.loader import parse_plan, shipped_plans
from config.plan_editing import NoSuchRungError, RungEdit, with_rung
from evaluation.due_rules import DayUnit
from evaluation.kinds import Audience, MessageKind

NEW = RungEdit(ladder="standard", offset=2, unit=DayUnit.WORKING, audience=(Audience.OFFICER, Audience.HEAD), message=MessageKind.OVERDUE)
PLAN = """
ladders:
  standard:
    - {rung: T-7, offset: -7, audience: [officer], message: reminder-before-due}  # a week
    - rung: T+1
      offset: 1
      audience: [officer]
      message: overdue

  other: [{rung: T-1, offset: -1, audience: [officer], message: due-today}]
"""


def changed_lines(before: str, after: str) -> list[str]:
    return [one for one in difflib.ndiff(before.splitlines(), after.splitlines()) if one[0] in "+-"]


@pytest.mark.parametrize("path", shipped_plans(), ids=lambda path: path.stem)
def test_a_rung_of_every_shipped_plan_is_moved_and_one_added(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    moved = with_rung(text, RungEdit(ladder="standard", rung="T-7", offset=-10))
    assert [one[0] for one in changed_lines(text, moved)] == ["-", "+"]
    added = with_rung(moved, NEW)
    assert [one[0] for one in changed_lines(moved, added)] == ["+"]
    rungs = {rung.key: rung for rung in parse_plan(added, file="plan").ladders["standard"]}
    assert "T-7" not in rungs
    assert (rungs["T-10"].offset, rungs["T+2"].audience) == (-10, NEW.audience)


def test_comments_stay_and_a_rung_of_several_lines_is_changed_whole() -> None:
    assert "offset: -5, audience: [officer], message: reminder-before-due}  # a week\n" in with_rung(
        PLAN, RungEdit(ladder="standard", rung="T-7", offset=-5)
    )
    later = with_rung(PLAN, RungEdit(ladder="standard", rung="T+1", offset=3))
    assert "    - {rung: T+3, offset: 3, audience: [officer], message: overdue}\n" in later
    assert "message: overdue\n\n" not in later.replace("overdue}\n", "")


def test_a_rung_is_dropped() -> None:
    left = with_rung(PLAN, RungEdit(ladder="standard", rung="T+1", drop=True))
    assert "T+1" not in left
    assert "T-7" in left


@pytest.mark.parametrize("edit", [RungEdit(ladder="nowhere"), RungEdit(ladder="standard", rung="T-99", offset=1)])
def test_what_is_not_there_is_not_edited(edit: RungEdit) -> None:
    with pytest.raises(NoSuchRungError):
        with_rung(PLAN, edit)
