"""Form files: what is wrong is said by line, and chains of reports that go nowhere are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.faults import FormError, PlanError
from config.form_files import form_keys, form_text, load_form, parse_form
from config.loader import find_plan, parse_plan

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
format: 1
key: mau
title: Mẫu
title_en: Form
source: customary
sections:
  - key: phan
    title: Phần
    title_en: Part
    fields:
      - {key: a, kind: number, title: A, title_en: A, min: 0}
      - {key: b, kind: number, title: B, title_en: B, min: 0}
checks:
  - {key: k, sum: [a], equals: b}
"""


def codes(text: str) -> list[tuple[int, str]]:
    """Return line and code of each fault of a form."""
    with pytest.raises(FormError) as refused:
        parse_form(text)
    return [(fault.line, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("equals: b", "equals: c", [(14, "unknown-word")], id="a check of a field that is not there"),
        pytest.param("sum: [a], equals: b", "field: a", [(14, "check-form")], id="a check that compares nothing"),
        pytest.param("{key: b, kind: number", "{key: a, kind: number", [(12, "duplicate"), (14, "unknown-word")], id="a field twice"),
        pytest.param(
            "kind: number, title: B, title_en: B, min: 0", "kind: text, title: B, title_en: B", [(14, "unknown-word")], id="no number"
        ),
        pytest.param(
            "kind: number, title: B",
            "kind: choice, title: B",
            [(12, "missing-key"), (12, "not-of-this-kind"), (14, "unknown-word")],
            id="no choices",
        ),
        pytest.param("min: 0}\n      - {key: b", "min: 9, max: 1}\n      - {key: b", [(11, "min-over-max")], id="least over greatest"),
        pytest.param("kind: number, title: A", "kind: so, title: A", [(11, "unknown-word")], id="no such kind"),
        pytest.param("source: customary", "source: customary\nvon: 1", [(6, "unknown-key")], id="an unknown key"),
    ],
)
def test_fault_of_a_form_is_said_by_line(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in SMALL
    found = codes(SMALL.replace(old, new, 1))
    assert set(expected) <= set(found)


def test_form_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "mau.yaml").write_text(SMALL, encoding="utf-8")
    assert [field.key for field in load_form(tmp_path / "mau.yaml").fields] == ["a", "b"]
    with pytest.raises(FormError):
        load_form(tmp_path / "none.yaml")


@pytest.mark.parametrize("key", form_keys())
def test_shipped_form_is_in_order_and_named_as_its_file(key: str) -> None:
    assert parse_form(form_text(key)).key == key


def test_form_that_is_not_there() -> None:
    with pytest.raises(FormError, match="there is no report form"):
        form_text("khong-co")


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        pytest.param("feeds: quarterly-report-to-chair", "feeds: nowhere", "unknown-word", "nowhere", id="a chain to nowhere"),
        pytest.param("feeds: quarterly-report-to-chair", "feeds: communication", "feeds-no-report", "communication", id="into no report"),
        pytest.param(
            "feeds: quarterly-report-to-ministry",
            "feeds: quarterly-report",
            "circle",
            "quarterly-report → quarterly-report-to-chair → quarterly-report",
            id="a circle",
        ),
        pytest.param("form: cchc-dinh-ky", "form: cchc-dinh-kỳ", "unknown-word", "cchc-dinh-ky", id="an unknown form"),
    ],
)
def test_chain_is_refused(old: str, new: str, code: str, said: str) -> None:
    text = find_plan("province-two-tier").read_text(encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        parse_plan(text.replace(old, new, 1), file="plan.yaml", forms=form_keys())
    (fault,) = refused.value.faults
    assert fault.code == code
    assert said in fault.text("vi")


def test_report_without_quarters_is_refused() -> None:
    text = find_plan("province-two-tier").read_text(encoding="utf-8")
    with pytest.raises(PlanError) as refused:
        parse_plan(
            text.replace("    deliverable: Kế hoạch triển khai của đơn vị", "    report: {cut_off: 14}\n    deliverable: x", 1),
            file="plan.yaml",
        )
    assert [fault.code for fault in refused.value.faults] == ["report-needs-quarters"]
