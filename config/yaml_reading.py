"""
YAML reading: a YAML 1.2 file as plain data with the place of every value, or faults.

Dates stay texts (the plan's `Y+1-01-15` and the roster's `2025-06-30` are read by the same kind of rule), every text is
in NFC, and of a key that is written twice the first is kept and the second reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from config.fault_nouns import shown
from config.faults import Place
from config.source import Source, Steps
from config.text_reading import hidden_character, normal, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from ruamel.yaml.nodes import Node

    from config.faults import FaultList

_TAG = "tag:yaml.org,2002:"
_MAPPINGS = frozenset({_TAG + "map"})
_SEQUENCES = frozenset({_TAG + "seq"})
_SCALARS = frozenset(_TAG + name for name in ("str", "int", "bool", "null", "float", "timestamp", "merge", "value"))
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,15}")
_DEEPEST = 40
#: Aliases of aliases can make a small file endless.
MOST_NODES = 300_000


def read_yaml(path: Path, faults: FaultList) -> Source | None:
    """Return the file as a source, or None and faults if there is nothing to go on with."""
    text = read_text(path, faults)
    return None if text is None else source_of(text, faults)


def source_of(text: str, faults: FaultList) -> Source | None:
    """Return the text of a YAML file as a source, or None and faults if there is nothing to go on with."""
    root = _composed(text, faults)
    if root is None:
        return None
    reading = _Reading(faults=faults)
    data = reading.value(root, ())
    return Source(file=faults.file, data=data, places=reading.places, key_places=reading.key_places)


def _composed(text: str, faults: FaultList) -> Node | None:
    parser = YAML(typ="safe", pure=True)
    parser.composer.warn_double_anchors = False
    try:
        root: Node | None = parser.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place()
        faults.add("yaml", place, problem=shown(error.problem or error.context or "?"))
    except RecursionError:
        faults.add("too-deep", Place())
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError) as error:
        # the parser raises its own kind for most, but not for all broken texts
        faults.add("yaml", _place_in(text, getattr(error, "position", 0)), problem=shown(getattr(error, "reason", "") or error))
    else:
        if root is None:
            faults.add("empty", Place())
        return root
    return None


def _place_in(text: str, position: int) -> Place:
    before = text[:position]
    return Place(line=before.count("\n") + 1, column=position - before.rfind("\n"))


def _place(node: Node) -> Place:
    return Place(line=node.start_mark.line + 1, column=node.start_mark.column + 1)


@dataclass(kw_only=True)
class _Reading:
    """One pass over a composed file."""

    faults: FaultList
    places: dict[Steps, Place] = field(default_factory=dict)
    key_places: dict[Steps, Place] = field(default_factory=dict)
    open_nodes: set[int] = field(default_factory=set)
    visited: int = 0

    def value(self, node: Node, steps: Steps) -> object:
        """Return a node as plain data and note where it stands."""
        self.visited += 1
        if self.visited > MOST_NODES:
            self.faults.add("too-big", Place(), what=f"> {MOST_NODES}")
            return None
        self.places[steps] = _place(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if id(node) in self.open_nodes:
            self.faults.add("alias-loop", _place(node))
            return None
        if len(steps) > _DEEPEST:
            self.faults.add("too-deep", _place(node))
            return None
        self.open_nodes.add(id(node))
        data = self._mapping(node, steps) if isinstance(node, MappingNode) else self._sequence(node, steps)
        self.open_nodes.discard(id(node))
        return data

    def _mapping(self, node: MappingNode, steps: Steps) -> dict[str, object]:
        self._refuse_tag(node, allowed=_MAPPINGS)
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.faults.add("key-not-text", _place(key_node))
                continue
            key = normal(key_node.value)
            under = (*steps, key)
            if key in data:
                self.faults.add("duplicate-key", _place(key_node), key=shown(key), first=self.key_places[under].line)
                continue
            self.key_places[under] = _place(key_node)
            data[key] = self.value(value_node, under)
        return data

    def _sequence(self, node: Node, steps: Steps) -> list[object]:
        self._refuse_tag(node, allowed=_SEQUENCES)
        return [self.value(item, (*steps, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: ScalarNode) -> object:
        self._refuse_tag(node, allowed=_SCALARS)
        written, kind = node.value, str(node.tag).removeprefix(_TAG)
        if kind == "null":
            return None
        if kind == "bool" and written.lower() in {"true", "false"}:
            return written.lower() == "true"
        if kind == "int" and _WHOLE_NUMBER.fullmatch(written):
            return int(written)
        if kind == "float":
            return _number(written)
        return self._text(written, node)

    def _text(self, written: str, node: ScalarNode) -> str:
        text = normal(written)
        hidden = hidden_character(text)
        if hidden:
            self.faults.add("hidden-character", _place(node), character=hidden)
        return text

    def _refuse_tag(self, node: Node, *, allowed: frozenset[str]) -> None:
        if str(node.tag) not in allowed:
            self.faults.add("yaml-tag", _place(node), tag=shown(node.tag))


def _number(written: str) -> object:
    try:
        return float(written)
    except ValueError:
        return normal(written)
