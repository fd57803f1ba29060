"""The first mail of a launch can be seen before it leaves; what waits in a paused year leaves; what left is told."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode
from config.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Dondoc

AS = ("--as", "officer.so-noi-vu")
SUNDAY = ("--at", "2025-01-12T10:00")
MONDAY = ("--at", "2025-01-13T08:00")


@pytest.fixture
def waiting(small: Dondoc) -> Dondoc:
    """A year whose mail is held, ticked on a Sunday: its first notices wait for Monday's slot, and no mail is made of them."""
    small.do("outbox", "hold", "--cycle", 1, "--reason", "lần đầu", *AS, *SUNDAY)
    small.do("tick", *SUNDAY)
    return small


@pytest.fixture
def dead_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sandbox's mail server that nobody answers at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("DONDOC_SANDBOX_SMTP", f"127.0.0.1:{free.getsockname()[1]}")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_what_waits_ungathered_is_listed_with_its_slot(waiting: Dondoc) -> None:
    found = waiting.read("outbox", "held")
    assert found["messages"] == []
    assert found["waiting"]["notices"] == sum(line["notices"] for line in found["waiting"]["lines"]) > 0
    assert {(line["cycle"], line["slot_at"]) for line in found["waiting"]["lines"]} == {(1, "2025-01-13T00:30:00+00:00")}
    shown = waiting.do("outbox", "held")
    assert "13/01/2025 07:30" in shown, "the slot in local time"
    assert f"{found['waiting']['notices']} thông báo cho {found['waiting']['recipients']} người nhận đang chờ" in shown


def test_a_sample_shows_a_mail_that_is_not_made_yet_and_changes_nothing(waiting: Dondoc) -> None:
    before = waiting.read("journal")
    one = waiting.read("outbox", "sample", "--cycle", 1)
    assert (one["message"], one["state"]) == (None, "")
    assert one["subject"].startswith("[THỬ]")
    assert one["to"].endswith(".invalid>") or one["to"].endswith(".invalid")
    assert "Thư mẫu, chưa gửi" in waiting.do("outbox", "sample", "--cycle", 1)
    assert waiting.read("outbox", "list")["messages"] == []
    assert waiting.read("journal") == before


def test_a_release_is_refused_while_there_is_nothing_to_see(waiting: Dondoc) -> None:
    for words in (("--cycle", 1), ()):
        if not words:
            waiting.do("outbox", "hold", "--reason", "tất cả", *AS, *SUNDAY)
        done = waiting("outbox", "release", *words, *AS, *SUNDAY)
        assert done.code == ExitCode.REFUSED
        assert f"{waiting.read('outbox', 'held')['waiting']['notices']} thông báo" in done.err
        assert "dondoc outbox held" in done.err
        assert "dondoc outbox sample" in done.err
        assert waiting.read("status")[0]["mail_held"] is True
    waiting.do("outbox", "release", "--unseen", *AS, *SUNDAY)
    waiting.do("outbox", "release", "--cycle", 1, "--unseen", *AS, *SUNDAY)
    assert waiting.read("status")[0]["mail_held"] is False
    assert waiting.read("outbox", "held")["waiting"]["notices"] == 0


@pytest.mark.usefixtures("dead_server")
def test_once_gathered_the_mails_are_seen_and_released(waiting: Dondoc) -> None:
    assert "0 đã gửi, 0 còn chờ" in waiting.do("deliver", *MONDAY)
    found = waiting.read("outbox", "held")
    assert found["counts"]["held"] == len(found["messages"]) > 0
    assert found["waiting"]["notices"] == 0
    one = waiting.read("outbox", "show", found["messages"][0]["id"])
    assert (one["state"], one["subject"]) == ("held", found["messages"][0]["subject"])
    assert one["text"]
    sample = waiting.read("outbox", "sample", "--cycle", 1)
    assert sample["message"] == min(message["id"] for message in found["messages"])
    assert f"Đã thả {found['counts']['held']} thư" in waiting.do("outbox", "release", "--cycle", 1, *AS, *MONDAY)
    assert "13/01/2025 07:30" in waiting.do("outbox", "list")
    assert "đang chờ" in waiting.do("outbox", "list")


@pytest.mark.parametrize("words", [("show", 99), ("sample", "--cycle", 1), ("sample", "--cycle", 7)])
def test_a_mail_that_is_not_there_is_not_found(small: Dondoc, words: tuple[object, ...]) -> None:
    assert small("outbox", *words).code == ExitCode.NOT_FOUND


@pytest.mark.usefixtures("dead_server")
def test_a_mail_server_out_of_reach_is_a_sentence_and_an_exit_code(small: Dondoc) -> None:
    small.do("tick", *MONDAY)
    done = small("deliver", *MONDAY)
    assert done.code == ExitCode.UNAVAILABLE
    waits = small.read("outbox", "list")["counts"]["queued"]
    assert waits > 0
    assert done.out.startswith(f"0 đã gửi, {waits} còn chờ, 0 đang giữ")
    assert done.err.startswith("Lỗi: không tới được máy chủ thư")
    assert len(done.err.splitlines()) == 1, "no line of a log"
    again = small("deliver", *MONDAY, "--json")
    assert again.data["left"]["queued"] == waits


def test_the_mail_of_a_pause_leaves_though_nothing_runs(small: Dondoc) -> None:
    small.do("tick", "--from", "06/01/2025", "--to", "06/01/2025")
    small.do("pause", 1, *AS, "--at", "07/01/2025", "--reason", "bão", "--document", "1/CV")
    small.do("tick", "--from", "2025-01-07", "--to", "2025-01-08", "--deliver")
    gone = [message for message in small.read("outbox", "list")["messages"] if message["kind"] == "cycle-paused"]
    assert gone != []


def test_an_ended_year_is_driven_too_and_a_database_without_one_is_not(small: Dondoc, staffed: Dondoc) -> None:
    small.do("close", 1, *AS, "--at", "07/01/2025", "--reason", "xong", "--document", "1/CV")
    assert small.do("tick", "--from", "2025-01-07", "--to", "2025-01-08").startswith("0 công đoạn")
    assert staffed is small


def test_without_any_launched_year_there_are_no_days_to_drive(staffed: Dondoc) -> None:
    assert staffed("tick", "--from", "2025-01-07").code == ExitCode.NOT_FOUND


def test_ticks_speak_json(small: Dondoc) -> None:
    done = small("tick", *MONDAY, "--json")
    assert done.code == 0
    assert done.data["elsewhere"] == []
    assert done.data["obligations"] > 0
