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
    assert launch(dondoc, *AS) == ExitCode.REFUSED, "everything of 2025 is over"
    assert launch(dondoc, *AS, "--accept-late") == ExitCode.OK
    assert cycle(dondoc)["mail_held"] is True
    dondoc.do("outbox", "release", "--cycle", "small-plan/2025", *AS)
    assert cycle(dondoc)["mail_held"] is False


def test_a_late_launch_says_what_has_passed_and_must_be_meant(staffed: Dondoc) -> None:
    """On 10 April the plans of 31 January and the reports of the first quarter are over; what waits for a release is not."""
    words = ("launch", staffed.data / "small-plan.yaml", "--authority", "thu", "--year", 2025, *AS, "--at", "2025-04-10")
    refused = staffed(*words)
    assert refused.code == ExitCode.REFUSED
    assert "6/11 nghĩa vụ sẽ quá hạn" in refused.err
    assert "- report (Báo cáo định kỳ): 2 quá hạn, hạn sớm nhất 19/03/2025, 2 đã quá mốc khóa\n" in refused.err
    assert "- plan (Kế hoạch của đơn vị): 4 quá hạn, hạn sớm nhất 31/01/2025\n" in refused.err
    assert "--accept-late" in refused.err
    assert staffed.read("status") == []
    told = staffed.do(*words, "--accept-late")
    assert "6 nghĩa vụ quá hạn ngay từ đầu" in told


def test_a_launch_in_time_needs_no_word_and_says_none(staffed: Dondoc) -> None:
    told = staffed.do("launch", staffed.data / "small-plan.yaml", "--authority", "thu", "--year", 2025, *AS, *AT)
    assert "quá hạn" not in told


def test_a_date_in_the_year_after_that_is_only_projected_must_be_accepted(staffed: Dondoc) -> None:
    """2026 is decided, 2027 is not: a plan of 2026 with a date in January 2027 rests on a projection."""
    text = (staffed.data / "small-plan.yaml").read_text(encoding="utf-8").replace("{by: Y-07-15}", "{by: Y+1-01-15}")
    (staffed.home / "small-plan.yaml").write_text(text.replace("{by: Y-07-31}", "{by: Y+1-01-31}"), encoding="utf-8")
    (staffed.home / "small-roster.yaml").write_bytes((staffed.data / "small-roster.yaml").read_bytes())
    at = ("--at", "2026-01-05")
    staffed.do("launch", staffed.data / "small-plan.yaml", "--year", 2026, *AS, *at)
    staffed.do("cancel", 1, *AS, *WHY, *at)
    words = ("launch", staffed.home / "small-plan.yaml", "--year", 2026, *AS, *at)
    refused = staffed(*words)
    assert (refused.code, "--accept-projection" in refused.err, "2027" in refused.err) == (ExitCode.REFUSED, True, True)
    staffed.do(*words, "--accept-projection")


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
    assert "được phép: không có lệnh nào" in done.err


@pytest.mark.parametrize("verb", ["pause", "resume", "close", "cancel"])
def test_a_cycle_move_needs_reason_document_and_somebody(small: Dondoc, verb: str) -> None:
    for missing in (WHY, (*AS, *WHY[2:]), (*AS, *WHY[:2]), (*AS, "--reason", " ", *WHY[2:])):
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
        pytest.param(("--set", "report.due:2025-Q3=2025-03-14"), id="no such period"),
        pytest.param(("--set", "plan.due:2025-Q1=2025-02-14"), id="a stage without periods"),
        pytest.param(("--set", "plan.due=2025-02-14", "--apply", *AS, "--reason", " ", "--document", "1/QĐ"), id="a blank reason"),
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


def test_a_new_unit_is_told_which_of_its_dates_have_passed(small: Dondoc) -> None:
    """Taken in on 10 April: its plan and first report are over, and that is said before anything is applied."""
    text = (small.data / "small-roster.yaml").read_text(encoding="utf-8")
    roster = small.home / "roster.yaml"
    more = "  - {key: xa-3, name: Xã mới, level: commune, group: xa, superior: ubnd, source: none}\n"
    roster.write_text(text + more, encoding="utf-8")
    change = ("replan", 1, "--roster", roster, "--at", "2025-04-10")
    refused = small(*change, "--json")
    assert (refused.code, "--accept-late" in refused.err) == (ExitCode.REFUSED, True)
    assert [(one["stage"], one["name"], one["late"]) for one in refused.data["new"]] == [
        ("report", "Xã mới", True), ("report", "Xã mới", False), ("plan", "Xã mới", True), ("after-lock", "Xã mới", False),
    ]  # fmt: skip
    assert small(*change, "--apply", *AS, *WHY).code == ExitCode.REFUSED
    assert small.read("obligations", "--cycle", 1, "--stage", "report")[-1]["party"] != "xa-3"
    assert small.read(*change, "--apply", "--accept-late", *AS, *WHY)["late"] == 2


@pytest.mark.parametrize("more", [(), ("--apply", *AS, *WHY)])
def test_a_date_before_the_stage_opens_is_refused(small: Dondoc, more: tuple[str, ...]) -> None:
    before = small.read("journal")
    refused = small("replan", 1, "--set", "plan.due=2025-01-03", "--accept-late", *more, *AT)
    assert (refused.code, "mở 06/01/2025, sau hạn 03/01/2025" in refused.err) == (ExitCode.REFUSED, True)
    assert small.read("journal") == before


def test_a_date_that_has_passed_must_be_meant(small: Dondoc) -> None:
    change = ("replan", 1, "--set", "plan.due=2025-01-20", "--at", "2025-01-24", "--apply", *AS, *WHY)
    refused = small(*change)
    assert (refused.code, "4 nghĩa vụ sẽ có hạn đã qua" in refused.err) == (ExitCode.REFUSED, True)
    assert "20/01/2025" in refused.out, "what it would do is shown all the same"
    assert small.read(*change, "--accept-late")["late"] == 4


def test_equal_rows_of_a_preview_are_one_line(small: Dondoc) -> None:
    shown = small.do("replan", 1, "--set", "plan.due=2025-02-14", *AT)
    assert sum("plan" in line and "14/02/2025" in line for line in shown.splitlines()) == 1
    assert "5 nghĩa vụ đổi mốc, 0 nghĩa vụ mới, 0 có hạn đã qua; 5 thông báo (5 về mốc thay đổi, 0 ban hành kế hoạch)" in shown


def test_a_calendar_is_entered_and_replanned_with(small: Dondoc) -> None:
    shown = small.read("calendar", "show", 2025)
    days = small.home / "2025.csv"
    rows = [f"{day['on']},{day['kind']},{day['name']},{day['source']},," for day in shown["days"]]
    added = "2025-04-04,off,Nghỉ thử,bài thử,1/QĐ,2025-01-01"
    days.write_text("\n".join(["date,kind,name,source,decision,entered_on", *rows, added]) + "\n", encoding="utf-8")
    assert "đã quyết định" in small.do(
        "calendar", "import", "--year", 2025, "--file", days, "--authority", "thu", "--as", "officer.so-noi-vu"
    )
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
