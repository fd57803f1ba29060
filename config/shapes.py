"""
Shapes: what a JSON Schema finds wrong with a source, in words people can act on.

The schema says the noun of a closed list (`x-noun`) and the fault of a pattern (`x-fault`); of several forms that a value
may take, the one that it shares most keys with is taken to be meant.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from config.fault_nouns import NOUNS, TYPES, Both, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from config.faults import FaultList, Place
    from config.source import Source, Steps

FORM_SCHEMA = Path(__file__).with_name("forms") / "form.schema.json"
PLAN_SCHEMA = Path(__file__).with_name("plans") / "plan.schema.json"
ROSTER_SCHEMA = Path(__file__).with_name("rosters") / "roster.schema.json"


def _is_whole(_checker: object, value: object) -> bool:
    """Return whether the value is written as a whole number: JSON Schema alone would take 2023.0 and Python True."""
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def _validator(schema: Path) -> Validator:
    kinds = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
    strict: type[Validator] = extend(Draft202012Validator, type_checker=kinds)  # type: ignore[no-untyped-call]
    return strict(json.loads(schema.read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True)
class _Misfit:
    """A value that a rule of the schema refuses."""

    source: Source
    rule: str
    steps: Steps
    value: Any
    schema: dict[str, Any]  #: the part of the schema that the rule stands in
    is_key: bool  #: the value is a key, and `steps` lead to the mapping that it stands in

    @property
    def key(self) -> str:
        """What the value is called: the last word on the way to it."""
        words = [step for step in self.steps if isinstance(step, str)]
        return shown(words[-1] if words else Path(self.source.file).name)

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return self.source.key_place((*self.steps, self.value)) if self.is_key else self.source.place(self.steps)


def add_shape_faults(source: Source, *, schema: Path, faults: FaultList) -> None:
    """Note every place where the source is not of the schema's shape."""
    data: Any = source.data
    for error in _validator(schema).iter_errors(data):
        for leaf in _leaves(error):
            misfit = _Misfit(
                source=source,
                rule=str(leaf.validator),
                steps=tuple(leaf.absolute_path),
                value=leaf.instance,
                schema=_mapping(leaf.schema),
                is_key="propertyNames" in leaf.absolute_schema_path,
            )
            _ADD.get(misfit.rule, _add_other)(misfit, faults)


def _mapping(schema: object) -> dict[str, Any]:
    return schema if isinstance(schema, dict) else {}


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors of the one form that was probably meant."""
    if error.validator not in {"oneOf", "anyOf"} or not error.context:
        yield error
        return
    branches: defaultdict[int, list[ValidationError]] = defaultdict(list)
    for inner in error.context:
        branches[int(inner.relative_schema_path[0])].append(inner)
    forms = _mapping(error.schema)[error.validator]
    best = min(branches, key=lambda index: _distance(forms[index], branches[index], error.instance))
    for inner in branches[best]:
        yield from _leaves(inner)


def _distance(form: dict[str, object], errors: list[ValidationError], value: object) -> tuple[bool, int, int, int]:
    other_type = any(error.validator == "type" and not error.relative_path for error in errors)
    own = form.get("properties")
    shared = len(value.keys() & own.keys()) if isinstance(value, dict) and isinstance(own, dict) else 0
    wrong = sum(error.validator not in {"required", "minProperties"} for error in errors)
    return other_type, -shared, wrong, len(errors)


def _described(value: object) -> Both:
    match value:
        case None:
            return Both(en="empty", vi="giá trị trống")
        case dict():
            return Both(en="a mapping", vi="một nhóm khóa: giá trị")
        case list():
            return Both(en="a list", vi="một danh sách")
        case str():
            return Both(en=f"the text “{shown(value)}”", vi=f"đoạn chữ “{shown(value)}”")
        case _:
            plain = shown(str(value).lower() if isinstance(value, bool) else value)
            return Both(en=plain, vi=plain)


def _add_type(misfit: _Misfit, faults: FaultList) -> None:
    wanted = TYPES[misfit.schema["type"]]
    faults.add("wrong-type", misfit.place, key=misfit.key, value=_described(misfit.value), wanted=wanted)


def _add_required(misfit: _Misfit, faults: FaultList) -> None:
    for key in misfit.schema["required"]:
        if key not in misfit.value:
            faults.add("missing-key", misfit.source.key_place((*misfit.steps, key)), key=key)


def _add_unknown_keys(misfit: _Misfit, faults: FaultList) -> None:
    known = misfit.schema["properties"]
    for key in misfit.value:
        if key not in known:
            near = suggestion(key, [word for word in known if word not in misfit.value])
            faults.add("unknown-key", misfit.source.key_place((*misfit.steps, key)), key=shown(key), near=near)


def _add_unknown_word(misfit: _Misfit, faults: FaultList) -> None:
    if not (_is_whole(None, misfit.value) if misfit.schema["type"] == "integer" else isinstance(misfit.value, str)):
        return  # its type is a fault of its own
    noun = NOUNS[misfit.schema["x-noun"]]
    near = suggestion(str(misfit.value), [str(word) for word in misfit.schema["enum"]])
    faults.add("unknown-word", misfit.place, noun=noun, value=shown(misfit.value), near=near)


def _add_pattern(misfit: _Misfit, faults: FaultList) -> None:
    faults.add(misfit.schema["x-fault"], misfit.place, value=shown(misfit.value))


def _add_range(misfit: _Misfit, faults: FaultList) -> None:
    low, high = misfit.schema["minimum"], misfit.schema["maximum"]
    faults.add("out-of-range", misfit.place, key=misfit.key, value=shown(misfit.value), low=low, high=high)


def _add_nothing(misfit: _Misfit, faults: FaultList) -> None:
    faults.add("nothing-in-it", misfit.place, key=misfit.key)


def _add_repeated(misfit: _Misfit, faults: FaultList) -> None:
    faults.add("repeated", misfit.place, key=misfit.key)


def _add_too_long(misfit: _Misfit, faults: FaultList) -> None:
    faults.add("too-long", misfit.place, key=misfit.key, most=misfit.schema["maxLength"])


def _add_other(misfit: _Misfit, faults: FaultList) -> None:
    faults.add("bad-shape", misfit.place, key=misfit.key, value=_described(misfit.value))


_ADD: dict[str, Callable[[_Misfit, FaultList], None]] = {
    "type": _add_type,
    "required": _add_required,
    "additionalProperties": _add_unknown_keys,
    "enum": _add_unknown_word,
    "pattern": _add_pattern,
    "minimum": _add_range,
    "maximum": _add_range,
    "minLength": _add_nothing,
    "minItems": _add_nothing,
    "minProperties": _add_nothing,
    "uniqueItems": _add_repeated,
    "maxLength": _add_too_long,
}
