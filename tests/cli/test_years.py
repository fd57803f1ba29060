"""A year as a whole by the command line: launched, replanned, paused, closed; and its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cli.errors import ExitCode

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

AS = ("--as", "officer.so-noi-vu")
AT = ("--at", "2025-01-02T10:00")
WHY = ("--reason", "Thiên tai", "--document", "CV 3/UBND-NC")


def cycle(dondoc: Dondoc) -> dict[str, Any]:
    found: dict[str, Any] = dondoc.read("status")[0]
    return found


def launch(dondoc: Dondoc, *words: object) -> int:
    return dondoc("launch", dondoc.data / "small-plan.yaml", "--authority", "thu", "--year", 2025, *words).code


def test_a_launched_year_is_under_way(small: Dondoc) -> None:
    one = cycle(small)
    assert (one["plan"], one["year"], one["state"], one["mail_held"]) == ("small-plan", 2025, "launched", False)
    assert one["obligations"] == 11
    assert small.read("journal", "--cycle", 1)[0]["actor_key"] == "officer.so-noi-vu"


def test_launching_needs_somebody(staffed: Dondoc) -> None:
    assert launch(staffed, *AT) == ExitCode.USAGE
    assert launch(staffed, "--as", "nobody", *AT) == ExitCode.NOT_FOUND
    assert staffed.read("status") == []


def test_a_year_is_launched_once(small: Dondoc) -> None:
    assert launch(small, *AS, *AT) == ExitCode.REFUSED
    assert len(small.read("status")) == 1


def test_a_real_launch_holds_its_mail(dondoc: Dondoc) -> None:
    dondoc.do("authority", "create", "thu", "--name", "UBND thật")
    dondoc.do("units", "import", dondoc.data / "small-roster.yaml")
    assert launch(dondoc, *AS, *AT) == ExitCode.REFUSED, "a real authority has no given time"
    assert launch(dondoc, *AS) == ExitCode.OK
    assert cycle(dondoc)["mail_held"] is True
    dondoc.do("outbox", "release", "--cycle", "small-plan/2025", *AS)
    assert cycle(dondoc)["mail_held"] is False


def test_a_projected_year_must_be_accepted(staffed: Dondoc) -> None:
    words = ("launch", staffed.data / "small-plan.yaml", "--year", 2029, *AS, *AT)
    refused = staffed(*words)
    assert (refused.code, "--accept-projection" in refused.err) == (ExitCode.REFUSED, True)
    staffed.do(*words, "--accept-projection")


def test_a_plan_for_another_roster_is_refused_whole(staffed: Dondoc) -> None:
    done = staffed("launch", "bac-lieu-2020", "--year", 2025, *AS, *AT)
    assert done.code == ExitCode.REFUSED
    assert staffed.read("status") == []


def test_a_cycle_is_paused_resumed_and_closed(small: Dondoc) -> None:
    states = []
    for verb in ("pause", "resume", "close"):
        small.do(verb, "small-plan/2025", *AS, *WHY, *AT)
        states.append(cycle(small)["state"])
    assert states == ["paused", "launched", "closed"]
    assert [entry["payload"]["basis"] for entry in small.read("journal")[-3:]] == ["CV 3/UBND-NC"] * 3


def test_a_cycle_move_that_is_not_allowed_says_what_is(small: Dondoc) -> None:
    small.do("cancel", 1, *AS, *WHY, *AT)
    done = small("resume", 1, *AS, *WHY, *AT)
    assert done.code == ExitCode.REFUSED
    assert "allowed: nothing" in done.err


@pytest.mark.parametrize("verb", ["pause", "resume", "close", "cancel"])
def test_a_cycle_move_needs_reason_document_and_somebody(small: Dondoc, verb: str) -> None:
    for missing in (WHY, (*AS, *WHY[2:]), (*AS, *WHY[:2])):
        assert small(verb, 1, *missing, *AT).code == ExitCode.USAGE


def test_a_replan_is_a_preview_until_it_is_applied(small: Dondoc) -> None:
    before = small.read("journal")
    change = ("replan", 1, "--set", "plan.due=2025-02-14", *AT)
    preview = small.read(*change)
    assert preview["applied"] is False
    assert [row["stage"] for row in preview["moved"]] == ["plan"] * 4 + ["summary"], "who waits for the plans moves with them"
    assert {row["due_after"] for row in preview["moved"] if row["stage"] == "plan"} == {"2025-02-14"}
    assert small.read("journal") == before
    applied = small.read(*change, "--apply", *AS, *WHY)
    assert applied == {**preview, "applied": True}
    assert {row["due_on"] for row in small.read("obligations", "--stage", "plan")} == {"2025-02-14"}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="nothing changed"),
        pytest.param(("--set", "plan.due=tomorrow"), id="no date"),
        pytest.param(("--set", "plam.due=2025-02-14"), id="no such stage"),
        pytest.param(("--set", "plan.end=2025-02-14"), id="no such part"),
        pytest.param(("--set", "plan.due=2025-02-14", "--apply", *AS, *WHY[:2]), id="no document"),
        pytest.param(("--set", "plan.due=2025-02-14", "--apply", *WHY), id="nobody"),
    ],
)
def test_a_replan_that_says_too_little_is_a_usage_error(small: Dondoc, words: tuple[str, ...]) -> None:
    before = small.read("journal")
    assert small("replan", 1, *words, *AT).code == ExitCode.USAGE
    assert small.read("journal") == before


def test_a_roster_is_previewed_and_applied(small: Dondoc) -> None:
    text = (small.data / "small-roster.yaml").read_text(encoding="utf-8")
    roster = small.home / "roster.yaml"
    more = "  - {key: xa-3, name: Xã 003 (tên chưa có nguồn), level: commune, group: xa, superior: ubnd, source: none}\n"
    roster.write_text(text + more, encoding="utf-8")
    change = ("replan", 1, "--roster", roster, *AT)
    assert small.read(*change)["raised"] == 4
    assert len(small.read("units", "list")) == 6
    small.do(*change, "--apply", *AS, *WHY)
    assert {row["stage"] for row in small.read("obligations", "--party", "xa-3")} == {"report", "plan", "after-lock"}


def test_a_calendar_is_entered_and_replanned_with(small: Dondoc) -> None:
    shown = small.read("calendar", "show", 2025)
    days = small.home / "2025.csv"
    rows = [f"{day['on']},{day['kind']},{day['name']},{day['source']},," for day in shown["days"]]
    added = "2025-04-04,off,Nghỉ thử,bài thử,1/QĐ,2025-01-01"
    days.write_text("\n".join(["date,kind,name,source,decision,entered_on", *rows, added]) + "\n", encoding="utf-8")
    assert "đã quyết định" in small.do("calendar", "import", "--year", 2025, "--file", days, "--authority", "thu")
    assert small.read("calendar", "show", 2025, "--authority", "thu")["version"] != shown["version"]
    preview = small.read("replan", 1, "--calendar", *AT)
    assert {row["stage"] for row in preview["moved"]} == {"report"}, "ten working days after the report's due pass 4 April"


def test_a_projection_never_replaces_a_decided_year(staffed: Dondoc) -> None:
    done = staffed("calendar", "import", "--year", 2025, "--authority", "thu")
    assert (done.code, "--file" in done.err) == (ExitCode.REFUSED, True)


def test_a_year_is_computed_as_a_projection(staffed: Dondoc) -> None:
    text = staffed.do("calendar", "import", "--year", 2033)
    file = staffed.home / "2033.csv"
    file.write_text(text, encoding="utf-8")
    assert len(staffed.read("calendar", "check", file)) == len(text.splitlines()) - 1
    assert staffed("calendar", "show", 2033, "--authority", "thu").code == ExitCode.REFUSED
    staffed.do("calendar", "import", "--year", 2033, "--authority", "thu")
    assert staffed.read("calendar", "show", 2033, "--authority", "thu")["status"] == "projected"
    assert staffed.read("journal")[-1]["actor"] == "system"


def test_a_faulty_calendar_lists_every_fault(dondoc: Dondoc) -> None:
    file = dondoc.home / "bad.csv"
    file.write_text("date,kind,name,source,decision,entered_on\n2025-13-01,off,x,y,,\n2025-01-01,of,x,y,,\n", encoding="utf-8")
    done = dondoc("calendar", "check", file)
    assert done.code == ExitCode.REFUSED
    assert done.err.count("bad.csv:") == 2
