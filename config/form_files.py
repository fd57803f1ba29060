"""Report forms as files: YAML read into records, or refused with every fault by line and column."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.fault_nouns import NOUNS, shown, suggestion
from config.faults import FaultList, FormError, only_fault
from config.form_checks import add_form_faults
from config.shapes import FORM_SCHEMA, add_shape_faults
from config.text_reading import read_text
from config.yaml_reading import source_of
from evaluation.reports.forms import (
    MEASURE_COLUMNS,
    Check,
    CheckKind,
    Column,
    Field,
    FieldKind,
    ReportForm,
    RowsOf,
    Section,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.source import Source

SHIPPED_FORMS = Path(__file__).with_name("forms")


def form_keys() -> tuple[str, ...]:
    """Return the keys of the forms that come with dondoc."""
    return tuple(sorted(path.stem for path in SHIPPED_FORMS.glob("*.yaml")))


@cache
def form_text(key: str) -> str:
    """
    Return the YAML of a shipped form, as it is kept with the reports that answer it.

    Raises:
        FormError: there is none of that key.

    """
    if key not in form_keys():
        near = suggestion(key, form_keys())
        raise FormError(only_fault("not-found", file=SHIPPED_FORMS / f"{key}.yaml", noun=NOUNS["form"], value=shown(key), near=near))
    return (SHIPPED_FORMS / f"{key}.yaml").read_text(encoding="utf-8")


def load_form(path: Path) -> ReportForm:
    """Return the form of a YAML file; FormError with all its faults."""
    return parse_form(form_file_text(path), file=str(path))


def form_file_text(path: Path) -> str:
    """Return what a file says, word by word; FormError if it cannot be read."""
    faults = FaultList(file=str(path))
    text = read_text(path, faults)
    if text is None:
        raise FormError(faults)
    return text


@cache
def parse_form(text: str, *, file: str = "form") -> ReportForm:
    """
    Return the form of a YAML text.

    Raises:
        FormError: the text is no form; every fault is listed and nothing is taken.

    """
    faults = FaultList(file=file)
    source = source_of(text, faults)
    if source is None:
        raise FormError(faults)
    add_shape_faults(source, schema=FORM_SCHEMA, faults=faults)
    add_form_faults(source, faults)
    if faults:
        raise FormError(faults)
    return _form(source)


def _form(source: Source) -> ReportForm:
    given: dict[str, Any] = source.mapping()
    return ReportForm(
        key=given["key"],
        title=given["title"],
        title_en=given["title_en"],
        source=given["source"],
        sections=tuple(map(_section, given["sections"])),
        checks=tuple(map(_check, given.get("checks", ()))),
    )


def _section(given: Mapping[str, Any]) -> Section:
    fields = tuple(map(_field, given["fields"]))
    return Section(key=given["key"], title=given["title"], title_en=given["title_en"], fields=fields)


def _field(given: Mapping[str, Any]) -> Field:
    kind = FieldKind(given["kind"])
    return Field(
        key=given["key"],
        kind=kind,
        title=given["title"],
        title_en=given["title_en"],
        unit=given.get("unit", ""),
        minimum=Decimal(str(given["min"])) if "min" in given else None,
        maximum=Decimal(str(given["max"])) if "max" in given else None,
        decimals=given.get("decimals", 0),
        required=given.get("required", True),
        carry=given.get("carry", False),
        choices=tuple((choice["title"], choice["title_en"]) for choice in given.get("choices", ())),
        columns=MEASURE_COLUMNS if kind is FieldKind.MEASURES else tuple(map(_column, given.get("columns", ()))),
        rows=RowsOf(given.get("rows", RowsOf.FREE)),
        item=given.get("item", ""),
    )


def _column(given: Mapping[str, Any]) -> Column:
    return Column(
        key=given["key"],
        title=given["title"],
        title_en=given["title_en"],
        kind=FieldKind(given.get("kind", FieldKind.TEXT)),
        decimals=given.get("decimals", 0),
    )


def _check(given: Mapping[str, Any]) -> Check:
    kind = CheckKind.SUM if "sum" in given else CheckKind.AT_MOST if "at_most" in given else CheckKind.HOLDS_EARLIER
    return Check(
        key=given["key"],
        kind=kind,
        terms=tuple(given["sum"]) if kind is CheckKind.SUM else (given["field"],),
        total=given.get("equals", given.get("at_most", "")),
        severity=Severity(given.get("severity", Severity.ERROR)),
        words=given.get("words", ""),
        words_en=given.get("words_en", given.get("words", "")),
    )
