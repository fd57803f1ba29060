"""docs/security.md promises nothing that is not there: what it names exists, and each row has a test or says that it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and not line.startswith("| requirement")]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}
NAMED = sorted(set(re.findall(r"`(test_\w+)`", DOCUMENT)))
FILES = sorted(set(re.findall(r"`([\w.-]+/[\w./-]+)`", DOCUMENT)) - {"password/account"})


def test_there_is_something_to_be_held() -> None:
    assert len(ROWS) > 50
    assert len(NAMED) > 50
    assert len(FILES) > 30


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists(name: str) -> None:
    assert name in TESTS


@pytest.mark.parametrize("path", FILES)
def test_a_named_file_exists(path: str) -> None:
    assert path.startswith(".well-known/") or (ROOT / path).exists()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:42])
def test_a_row_names_where_and_by_what_it_is_shown(row: str) -> None:
    cells = [cell.strip() for cell in row.strip("| ").split(" | ")]
    assert len(cells) == 3
    _, where, shown = cells
    assert "test_" in shown or "tests/" in shown or ("–" in shown and any(word in row for word in ("not met", "operator", "In part")))
    assert "`" in where or "not met" in where or "operator" in where
