"""Words: what the libraries say in English is put into the language spoken, and nothing is left raw."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode
from cli.words import CYCLE_STATES, MESSAGE_STATES, message_kind
from config.settings import settings
from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind
from evaluation.transition_words import reason_words
from store.outbox.states import MessageState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Dondoc

ROOT = Path(__file__).parents[2]
AS = ("--as", "officer.so-noi-vu")
AT = ("--at", "2025-01-02T10:00")


def reasons() -> Iterator[str]:
    """Yield every reason that a move is refused for, its facts filled in with a date and with a number."""
    for path in chain((ROOT / "evaluation").glob("*.py"), (ROOT / "store" / "commands").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(isinstance(node, ast.Name) and node.id == "TransitionError" for node in ast.walk(tree)):
            continue
        given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "why"]
        named = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "why"]
        for value in [*given, *named]:
            yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one)
            yield from _texts(other)
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)  # type: ignore[misc]


def is_known(reason: str) -> bool:
    fills = ("2025-03-19", "5", "accepted", "waived", "transferred", "")
    tries = [reason.replace("{}", fill) for fill in fills]
    for fill in fills[2:5]:
        tries.append(reason.replace("{}", "5", 1).replace("{}", fill, 1).replace("{}", "x"))
        tries.append(reason.replace("{}", "2025-03-19", 1).replace("{}", ""))
        tries.append(reason.replace("{}", "5", 1).replace("{}", "2025-03-19"))
    return any(reason_words(one) not in {one, one.replace("2025-03-19", "19/03/2025")} for one in tries)


def test_every_reason_of_a_refused_move_has_vietnamese_words() -> None:
    every = list(reasons())
    assert len(every) > 15
    assert [reason for reason in every if not is_known(reason)] == []
    assert not is_known("a reason that the table does not know")


def test_every_state_and_kind_has_a_word() -> None:
    assert set(CYCLE_STATES) == set(CycleState)
    assert set(MESSAGE_STATES) == set(MessageState)
    assert [kind for kind in MessageKind if message_kind(kind) == kind.value] == []


def test_a_refused_move_is_vietnamese_all_through(small: Dondoc) -> None:
    done = small("accept", 1, *AS, *AT)
    assert done.code == ExitCode.REFUSED
    assert done.err.startswith("Lỗi: không thực hiện được “accept”: trạng thái hiện tại không cho phép (trạng thái: ")
    assert "cannot" not in done.err
    assert "cannot accept" in small("accept", 1, *AS, *AT, "--lang", "en").err


def test_a_cycles_new_state_is_a_word(small: Dondoc) -> None:
    assert "tạm dừng" in small.do("pause", 1, *AS, *AT, "--reason", "bão", "--document", "1/CV")


@pytest.mark.parametrize(
    ("words", "vietnamese", "english"),
    [
        pytest.param(("deadlines", "x"), "thiếu tùy chọn --year\nXem: ", "Missing option '--year'.", id="option missing"),
        pytest.param(("launch",), "thiếu đối số PLAN", "Missing argument", id="argument missing"),
        pytest.param(("deadlines", "x", "--year", "1"), "--year: phải từ 2000 trở lên", "greater than or equal", id="out of range"),
        pytest.param(("calendar", "show", "x"), "YEAR: phải là số nguyên", "valid integer", id="no number"),
        pytest.param(("obligations", "--state", "x"), "viết một trong: 'scheduled'", "is not one of", id="no such word"),
        pytest.param(("tick", "--from", "31/02/2026"), "không phải ngày", "does not match", id="no day"),
        pytest.param(("stats",), "không có lệnh “stats”; có phải 'status'", "No such command", id="no such command"),
        pytest.param(("status", "--jso"), "không có tùy chọn --jso; có phải --as, --json?", "No such option", id="no such option"),
        pytest.param(("status", "--at"), "tùy chọn --at cần một giá trị", "requires an argument", id="no value"),
        pytest.param(("status", "1", "2"), "thừa đối số: 2", "unexpected extra", id="one too many"),
    ],
)
def test_a_wrong_command_line_is_said_in_the_language_spoken(dondoc: Dondoc, words: tuple[str, ...], vietnamese: str, english: str) -> None:
    done = dondoc(*words)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert done.err.startswith("Lỗi: ")
    assert vietnamese in done.err
    assert "╭" not in done.err
    told = dondoc("--lang", "en", *words).err
    assert told.startswith("Error: ")
    assert english in told


def test_wrong_settings_are_named_one_a_line(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_WEB_PORT", "eighty")
    monkeypatch.setenv("DONDOC_SMTP_CONNECTIONS", "99")
    settings.cache_clear()
    done = dondoc("status")
    assert done.code == ExitCode.UNAVAILABLE
    assert done.err.splitlines()[1:] == ["DONDOC_WEB_PORT=eighty: phải là số nguyên", "DONDOC_SMTP_CONNECTIONS=99: phải từ 64 trở xuống"]
    assert "valid integer" in dondoc("status", "--lang", "en").err


def test_the_version_is_told(dondoc: Dondoc) -> None:
    assert dondoc.do("--version").startswith("dondoc 0.")


@pytest.mark.soak  # on a machine with other work the years may be over before the signal comes
def test_a_year_of_ticks_broken_off_says_how_far_it_came(small: Dondoc) -> None:
    command = [sys.executable, "-m", "cli.main", "tick", "--from", "2025-01-03", "--to", "2031-12-31"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        while small.read("journal", "--since", 30) == []:
            time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in told
    assert "Lỗi: đã dừng (Ctrl-C)" in told


@pytest.mark.soak  # wherever it happens to be by then: mostly in somebody else's imports
@pytest.mark.parametrize("seconds", [0.4, 0.8, 1.6])
def test_ctrl_c_at_start_up_is_one_sentence(dondoc: Dondoc, seconds: float) -> None:
    dondoc.do("status")
    command = [sys.executable, "-c", "print('begun', flush=True); from cli.start import main; main()", "engine"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode in {0, ExitCode.INTERRUPTED}
    assert "Traceback" not in told


def test_ctrl_c_while_dondoc_is_imported_is_one_sentence() -> None:
    code = """
import sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt
sys.argv = ["dondoc", "status"]
sys.meta_path.insert(0, Interrupting())
from cli.start import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (ExitCode.INTERRUPTED, "Đã dừng (Ctrl-C).\n")
