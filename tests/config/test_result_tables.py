"""Result tables: what people wrote is never a formula of a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from config.result_tables import WEAK_COLUMNS, as_text, weak_csv


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001  full-width forms
def test_what_a_spreadsheet_would_work_out_is_a_text(first: str) -> None:
    said = f"{first}1+1"
    assert as_text(said) == f"'{said}"
    _, row = csv.reader(StringIO(weak_csv([("xa-1", "2", "4", "10", said, "1")]).removeprefix("\ufeff"), newline=""))
    assert dict(zip(WEAK_COLUMNS, row, strict=True))["title"] == f"'{said}"


@pytest.mark.parametrize("said", ["", "Kế hoạch", "1=1", " =1"])
def test_what_is_no_formula_stays_as_it_is(said: str) -> None:
    assert as_text(said) == said
