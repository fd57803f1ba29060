"""The commands as a whole: each is there, has a heading in docs/cli.md, says what it does; languages; errors."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.commands import COMMANDS
from cli.errors import KNOWN, ExitCode, RefusedError, exit_code, message
from cli.language import Language, speak, without_language
from evaluation.cycles import CycleMoveError, CycleState, CycleVerb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.lazy import Place
    from tests.cli.conftest import Dondoc

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def walked(places: dict[str, Place]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, place in places.items():
        if isinstance(place, str):
            yield (name,), place
        else:
            yield from (((name, *rest), where) for rest, where in walked(dict(place[1])))


EVERY = dict(walked(COMMANDS))


def test_every_command_has_a_heading() -> None:
    headings = {line.strip("# `") for line in DOCUMENT.splitlines() if line.startswith("#")}
    assert [name for name in (" ".join(words) for words in EVERY) if f"dondoc {name}" not in headings] == []


def test_every_heading_is_a_command() -> None:
    headings = re.findall(r"^#+ `dondoc (.+)`$", DOCUMENT, flags=re.MULTILINE)
    assert sorted(headings) == sorted(" ".join(words) for words in EVERY)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_says_what_it_does(dondoc: Dondoc, words: tuple[str, ...]) -> None:
    module, _, function = EVERY[words].partition(":")
    told = getattr(import_module(module), function).__doc__
    shown = " ".join(dondoc.do(*words, "--help").split())
    assert told.split(" / ")[0].split(":")[0].split()[0] in shown


def test_every_reading_command_speaks_json(dondoc: Dondoc) -> None:
    reading = [
        ("plans",),
        ("check", "x"),
        ("deadlines", "x"),
        ("authority", "list"),
        ("units", "list"),
        ("contacts", "list"),
        ("calendar", "show"),
        ("calendar", "check"),
        ("status",),
        ("obligations",),
        ("outbox", "list"),
        ("outbox", "held"),
        ("journal",),
        ("why",),
        ("verify",),
        ("rehearse",),
    ]
    assert [words for words in reading if "--json" not in dondoc.do(*words, "--help")] == []


def test_exit_codes_are_documented() -> None:
    assert [code for code in ExitCode if f"| {code.value} |" not in DOCUMENT] == []


@pytest.mark.parametrize("name", KNOWN)
def test_known_errors_exist(name: str) -> None:
    module, _, error = name.rpartition(".")
    assert issubclass(getattr(import_module(module), error), BaseException)


def test_the_first_listed_class_of_an_error_decides() -> None:
    assert exit_code(FileNotFoundError("x")) is ExitCode.UNAVAILABLE
    assert exit_code(RefusedError("a", "b", code=ExitCode.CONFLICT)) is ExitCode.CONFLICT
    assert exit_code(RuntimeError("nobody expected it")) is None


def test_an_error_is_said_in_the_language_spoken() -> None:
    error = CycleMoveError(CycleVerb.PAUSE, state=CycleState.CLOSED)
    speak(Language.EN)
    assert message(error) == str(error)
    speak(Language.VI)
    assert message(error) == "chu kỳ đã đóng không nhận lệnh này; được phép: không có lệnh nào"


@pytest.mark.parametrize(
    ("given", "left", "language"),
    [
        pytest.param(["status"], ["status"], None, id="none"),
        pytest.param(["--lang", "en", "status"], ["status"], "en", id="in front"),
        pytest.param(["status", "--lang=en", "1"], ["status", "1"], "en", id="in the middle"),
        pytest.param(["urge", "--", "--lang", "en"], ["urge", "--", "--lang", "en"], None, id="behind the dashes"),
        pytest.param(["status", "--lang"], ["status"], "", id="without a value"),
    ],
)
def test_the_language_is_taken_from_anywhere(given: list[str], left: list[str], language: str | None) -> None:
    assert without_language(given) == (left, language)


def test_english_and_vietnamese(dondoc: Dondoc) -> None:
    assert "Chưa có chu kỳ nào" in dondoc.do("status")
    assert "There is no cycle yet" in dondoc.do("status", "--lang", "en")
    assert "Chưa có chu kỳ nào" in dondoc.do("status"), "the language of one line is not the next one's"
    assert dondoc("status", "--lang", "fr").code == ExitCode.USAGE


def test_an_unknown_command_is_a_usage_error(dondoc: Dondoc) -> None:
    done = dondoc("nonsense")
    assert done.code == ExitCode.USAGE
    assert "nonsense" in done.err


def test_status_imports_only_what_it_needs(dondoc: Dondoc) -> None:
    dondoc.do("status")
    heavy = ["prefect", "fastapi", "apscheduler", "alembic", "aiosmtplib", "jinja2", "holidays", "openpyxl", "ruamel", "jsonschema"]
    code = f"""
import sys
from cli.main import app
try:
    app(["status"])
except SystemExit as end:
    assert end.code == 0, end.code
print([name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done


def test_an_expected_error_is_one_message_and_no_traceback(dondoc: Dondoc) -> None:
    dondoc.do("status")
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "status", "no-such-plan/2025"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (ExitCode.NOT_FOUND, "")
    assert done.stderr.startswith("Lỗi: không có chu kỳ này")
    assert "Traceback" not in done.stderr
