"""What is read by the command line: status, obligations, journal, the reason of a message; and keeping the store."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode
from config.settings import settings

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

AS = ("--as", "officer.so-noi-vu")
IN_FEBRUARY = ("--at", "2025-02-10")


def test_a_cycle_is_found_by_each_of_its_names(small: Dondoc) -> None:
    found = [small.read("status", name) for name in ("1", "small-plan/2025", "thu/small-plan/2025", "small-plan")]
    assert all(one == found[0] for one in found)
    for name in ("2", "small-plan/2024", "khac/small-plan/2025", "small-plan/x"):
        assert small("status", name).code == ExitCode.NOT_FOUND


def test_status_counts_each_stage(small: Dondoc) -> None:
    (one,) = small.read("status", 1, *IN_FEBRUARY)
    stages = {stage["stage"]: stage for stage in one["stages"]}
    assert list(stages) == ["report", "plan", "summary", "after-lock", "upkeep"]
    assert (stages["plan"]["obligations"], stages["plan"]["late"], stages["report"]["late"]) == (4, 4, 0)
    assert stages["report"]["next_due"] == "2025-03-19"
    assert stages["summary"]["waits"] is True


def test_status_is_a_line_for_each_cycle(small: Dondoc) -> None:
    out = small.do("status", *IN_FEBRUARY)
    assert out.count("small-plan") == 1
    next_due = date.fromisoformat(small.read("status", *IN_FEBRUARY)[0]["next_due"])
    assert f"{next_due:%d/%m/%Y}" in out
    assert "Báo cáo định kỳ" in small.do("status", 1)
    assert "Periodic report" in small.do("status", 1, "--lang", "en")


def test_obligations_are_narrowed(small: Dondoc) -> None:
    def count(*words: object) -> int:
        return len(small.read("obligations", *IN_FEBRUARY, *words))

    assert count() == 11
    assert count("--stage", "plan") == 4
    assert count("--party", "xa-1") == 4
    assert count("--late") == 4
    assert count("--state", "scheduled") == 11
    assert count("--state", "open", "--state", "returned") == 0
    assert count("--cycle", "small-plan/2025", "--stage", "report", "--party", "xa-2") == 2
    assert count("--mine", "--as", "officer.xa-1") == 4
    assert count("--authority", "thu") == 11


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("--mine",), ExitCode.USAGE, id="mine, but who"),
        pytest.param(("--mine", "--as", "nobody"), ExitCode.NOT_FOUND, id="nobody's"),
        pytest.param(("--cycle", "9"), ExitCode.NOT_FOUND, id="no such cycle"),
        pytest.param(("--authority", "khac"), ExitCode.NOT_FOUND, id="no such authority"),
        pytest.param(("--state", "lost"), ExitCode.USAGE, id="no such state"),
        pytest.param(("--at", "tomorrow"), ExitCode.USAGE, id="no moment"),
    ],
)
def test_obligations_that_cannot_be_asked_for(small: Dondoc, words: tuple[str, ...], code: ExitCode) -> None:
    assert small("obligations", *words).code == code


def test_the_journal_is_narrowed_and_continued(small: Dondoc) -> None:
    every = small.read("journal")
    assert [entry["number"] for entry in every] == list(range(1, len(every) + 1))
    assert small.read("journal", "--since", 3) == every[3:]
    assert {entry["party"] for entry in small.read("journal", "--unit", "xa-1")} == {"xa-1"}
    assert {entry["cycle"] for entry in small.read("journal", "--cycle", 1)} == {1}
    assert "found-authority" in small.do("journal")


def test_the_normalised_journal_has_no_ids(small: Dondoc) -> None:
    lines = [json.loads(line) for line in small.do("journal", "--normalised").splitlines()]
    assert {tuple(line) for line in lines} == {("cycle", "obligation", "action", "term", "rung", "now")}
    raised = [line for line in lines if line["action"] == "raise:write:initial"]
    assert {"report/xa-1/2025-Q1", "summary/so-noi-vu/"} <= {line["obligation"] for line in raised}
    assert len(raised) == 11


def test_an_unknown_message_is_not_found(small: Dondoc) -> None:
    for name in ("1", "<nothing@dondoc.invalid>"):
        assert small("why", name).code == ExitCode.NOT_FOUND


def test_a_sound_store_is_verified(small: Dondoc) -> None:
    assert small.read("verify") == {"findings": [], "clocks_apart": []}
    assert "0 phát hiện" in small.do("verify")


def test_a_backup_comes_back_with_its_mail_held(small: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    file = small.home / "copy.db"
    small.do("backup", file)
    assert small("backup", file).code == ExitCode.UNAVAILABLE, "never in another's place"
    monkeypatch.setenv("DONDOC_HOME", str(small.home / "elsewhere"))
    settings.cache_clear()
    small.do("restore", file)
    assert small("restore", file).code == ExitCode.UNAVAILABLE
    (authority,) = small.read("authority", "list")
    assert (authority["outbox_held"], authority["cycles"]) == (True, 1)
    small.do("outbox", "release", *AS)
    assert small.read("authority", "list")[0]["outbox_held"] is False


def test_migrating_a_current_database_changes_nothing(small: Dondoc) -> None:
    before = small.read("journal")
    small.do("migrate")
    assert small.read("journal") == before


def test_the_outbox_is_held_and_released(small: Dondoc) -> None:
    small.do("outbox", "hold", "--cycle", 1, "--reason", "kiểm tra", *AS)
    assert small.read("status")[0]["mail_held"] is True
    small.do("outbox", "release", "--cycle", 1, *AS)
    assert small.read("status")[0]["mail_held"] is False
    assert small.read("outbox", "list")["messages"] == []
    assert small.read("outbox", "held")["counts"]["held"] == 0
    assert small("outbox", "resend", 7, *AS).code == ExitCode.NOT_FOUND
    assert small("outbox", "count-as-sent", 7, *AS).code == ExitCode.NOT_FOUND
    assert small("outbox", "list", "--state", "lost").code == ExitCode.USAGE
