"""docs/settings.md has a heading for each setting, and none for another."""

from __future__ import annotations

import re
from pathlib import Path

from config.settings import Settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_has_a_heading() -> None:
    headings = re.findall(r"^## `DONDOC_([A-Z0-9_]+)`$", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(headings) == sorted(name.upper() for name in Settings.model_fields)
