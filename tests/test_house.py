"""The house rules that no tool checks alone: sizes, places, names of machines."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from importlinter.cli import lint_imports

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MOST_LINES_OF_A_FUNCTION = 45
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_TEST_FILE = 500  # and of a migration
REGISTRY = re.compile(r"pyp[i]\.org|pythonhoste[d]\.org|registry\.npmj[s]|deb\.debia[n]\.org")
MACHINE_PATH = re.compile(r"(?<![\w.~/:-])(?:/(?:work|root|home|Users)/\w|[A-Z]:\\Users\\)")


@cache
def tracked(suffix: str = "") -> list[Path]:
    """Return the files that are, or with the next commit may be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name.endswith(suffix) and name]
    return sorted(path for path in paths if path.is_file())


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level name of each module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module.partition(".")[0]


def place(path: Path, line: int | None = None) -> str:
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def test_git_lists_this_file() -> None:
    assert Path(__file__) in tracked(".py")


def test_functions_are_short() -> None:
    lengths = {
        f"{place(path, node.lineno)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {where: lines for where, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_files_are_short() -> None:
    def most(path: Path) -> int:
        looser = {"tests", "migrations"} & set(path.relative_to(ROOT).parts)
        return MOST_LINES_OF_A_TEST_FILE if looser else MOST_LINES_OF_A_FILE

    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked(".py")}
    assert {place(path): lines for path, lines in lengths.items() if lines > most(path)} == {}


@pytest.mark.parametrize(
    "unwanted", [pytest.param(REGISTRY, id="a registry's host"), pytest.param(MACHINE_PATH, id="a path of one machine")]
)
def test_no_file_names_a_machine(unwanted: re.Pattern[str]) -> None:
    places = [
        place(path, number)
        for path in tracked()
        for number, line in enumerate(path.read_bytes().decode("utf-8", errors="replace").splitlines(), start=1)
        if unwanted.search(line)
    ]
    assert places == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        pytest.param("see /" + "work/main", True, id="a path"),
        pytest.param('open("/' + 'home/somebody/x")', True, id="a quoted path"),
        pytest.param("https://example.invalid/work/main", False, id="an address"),
        pytest.param("docs/work/plan.md", False, id="a folder of ours"),
    ],
)
def test_a_machine_path_is_told_from_others(line: str, *, caught: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is caught


def test_nobody_imports_smtplib() -> None:
    assert [place(path) for path in tracked(".py") if "smtplib" in imported(path)] == []


def test_evaluation_imports_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"evaluation"}
    strangers = {place(path): set(imported(path)) - allowed for path in tracked(".py") if path.is_relative_to(ROOT / "evaluation")}
    assert strangers != {}
    assert {path: names for path, names in strangers.items() if names} == {}


def test_every_package_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in contracts["contracts"] if contract["type"] == "layers")
    placed = {package.strip() for layer in layers for package in layer.split("|")}
    packages = {path.relative_to(ROOT).parts[0] for path in tracked(".py")} - {"benchmarks", "tests"}
    assert placed == set(contracts["root_packages"]) == packages


def test_imports_keep_their_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out
