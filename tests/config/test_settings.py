"""Settings: what the environment may say, and that docs/settings.md says what the code does."""

from __future__ import annotations

import ast
import re
from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import Settings
from evaluation.slots import EVENING

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
SOURCE = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")


def declared() -> dict[str, str]:
    """Return the first line that the document owes each setting: the comment beside it and its default, as they stand in the code."""
    (record,) = (node for node in ast.parse(SOURCE).body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found = {}
    for node in record.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            value = (
                next((word.value for word in node.value.keywords if word.arg == "default"), node.value)
                if isinstance(node.value, ast.Call)
                else node.value
            )
            assert value is not None
            comment = SOURCE.splitlines()[node.lineno - 1].partition("#: ")[2] or node.target.id.replace("_", " ")
            found[node.target.id] = f"{comment}. Default: `{ast.get_source_segment(SOURCE, value)}`."
    return found


def test_the_document_says_of_each_setting_what_the_code_says() -> None:
    sections = re.findall(r"^## `DONDOC_(\w+)`\n\n(.+)$", DOCUMENT, flags=re.MULTILINE)
    assert {name.lower(): line for name, line in sections} == declared()
    assert [name.lower() for name, _ in sections] == list(Settings.model_fields)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        pytest.param("17:30", time(17, 30), id="earlier"),
        pytest.param("23:59", time(23, 59), id="all day"),
        pytest.param(None, EVENING, id="not said"),
    ],
)
def test_the_mailing_day_ends_when_the_environment_says(monkeypatch: pytest.MonkeyPatch, text: str | None, until: time) -> None:
    if text is not None:
        monkeypatch.setenv("DONDOC_MAIL_UNTIL", text)
    assert Settings(_env_file=None).mail_until == until


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("18", "too short", id="an hour alone"),
        pytest.param("07:00", "12:00", id="in the morning"),
        pytest.param("18:00Z", "without a zone", id="a zone"),
    ],
)
def test_an_end_of_the_mailing_day_that_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, why: str) -> None:
    monkeypatch.setenv("DONDOC_MAIL_UNTIL", text)
    with pytest.raises(ValidationError, match=why):
        Settings(_env_file=None)


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        pytest.param({}, "http://127.0.0.1:8000", id="nothing"),
        pytest.param({"WEB_PORT": "8123"}, "http://127.0.0.1:8123", id="the port"),
        pytest.param({"WEB_HOST": "10.0.0.7", "WEB_PORT": "80"}, "http://10.0.0.7:80", id="host and port"),
        pytest.param({"WEB_HOST": "::1"}, "http://[::1]:8000", id="an IPv6 host"),
        pytest.param({"WEB_HOST": "0.0.0.0"}, "http://127.0.0.1:8000", id="every address"),  # noqa: S104  nothing is bound
        pytest.param({"WEB_PORT": "8123", "BASE_URL": "https://cchc.invalid"}, "https://cchc.invalid", id="its own"),
        pytest.param({"WEB_PORT": "8123", "BASE_URL": ""}, "http://127.0.0.1:8123", id="empty"),
    ],
)
def test_links_begin_where_the_web_is_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch, said: dict[str, str], begins: str) -> None:
    for name in ("WEB_HOST", "WEB_PORT", "BASE_URL"):
        monkeypatch.delenv(f"DONDOC_{name}", raising=False)
    for name, value in said.items():
        monkeypatch.setenv(f"DONDOC_{name}", value)
    assert Settings(_env_file=None).base_url == begins
