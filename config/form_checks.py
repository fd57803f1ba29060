"""Form checks: what a form's shape cannot tell: words that stand for a field, things that are there twice, or that a kind does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.references import add_unknown, first_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.faults import FaultList
    from config.source import Source, Steps

#: What each kind of field needs, and what only it takes.
_NEEDS = {"choice": ("choices",), "table": ("columns",)}
_OWN = {"unit": "number", "min": "number", "max": "number", "decimals": "number", "choices": "choice"} | {
    "columns": "table",
    "rows": "table",
    "item": "file",
}
#: The ways to write a check, each by its keys.
_FORMS = ({"sum", "equals"}, {"field", "at_most"}, {"field", "holds_earlier"})
_COMPARING = frozenset().union(*_FORMS)


def add_form_faults(source: Source, faults: FaultList) -> None:
    """Note every fault of a form beyond its shape."""
    first_places("section", _keys(source, "sections"), source=source, faults=faults)
    fields = [*_fields(source)]
    texts = (text for steps, _ in fields for text in source.texts(*steps, "key"))
    first_places("field", texts, source=source, faults=faults)
    for steps, field in fields:
        _add_field_faults(field, steps=steps, source=source, faults=faults)
    first_places("check", _keys(source, "checks"), source=source, faults=faults)
    _add_check_faults(source, faults)


def _keys(source: Source, name: str) -> Iterator[tuple[Steps, str]]:
    for steps, _ in source.mappings(name):
        yield from source.texts(*steps, "key")


def _fields(source: Source) -> Iterator[tuple[Steps, dict[str, object]]]:
    for steps, _ in source.mappings("sections"):
        yield from source.mappings(*steps, "fields")


def _add_field_faults(field: dict[str, object], *, steps: Steps, source: Source, faults: FaultList) -> None:
    kind = str(field.get("kind"))
    for key in _NEEDS.get(kind, ()):
        if key not in field:
            faults.add("missing-key", source.key_place((*steps, key)), key=key)
    for key, only in _OWN.items():
        if key in field and kind != only:
            faults.add("not-of-this-kind", source.key_place((*steps, key)), key=key, kind=only)
    low, high = field.get("min"), field.get("max")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        faults.add("min-over-max", source.key_place((*steps, "min")), low=str(low), high=str(high))
    columns = (text for column, _ in source.mappings(*steps, "columns") for text in source.texts(*column, "key"))
    first_places("column", columns, source=source, faults=faults)


def _add_check_faults(source: Source, faults: FaultList) -> None:
    known = [*_terms(source)]
    for steps, check in source.mappings("checks"):
        if {*check} & _COMPARING not in _FORMS:
            faults.add("check-form", source.place(steps))
        terms = [text for name in ("sum", "equals", "field", "at_most") for text in source.texts(*steps, name)]
        add_unknown("term", terms, known=known, source=source, faults=faults)


def _terms(source: Source) -> Iterator[str]:
    """Yield what a check may compare: fields of numbers, and columns of numbers."""
    for steps, field in _fields(source):
        if field.get("kind") == "number":
            yield str(field.get("key"))
        for _, column in source.mappings(*steps, "columns"):
            if column.get("kind") == "number":
                yield f"{field.get('key')}.{column.get('key')}"
