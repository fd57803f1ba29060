"""Improvement checks: whether what a plan says of improvement can be done: in stages on request, each thing in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.references import add_unknown, first_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.faults import FaultList
    from config.source import Source, Steps

_KIND = "improvement"
#: What raises obligations as it comes, and so needs a stage on request.
_RAISES = ("weak", "leads_of")


def add_improvement_faults(source: Source, faults: FaultList, *, on_request: Collection[str]) -> None:
    """Note improvement in stages of other kinds or of the calendar, measures that go nowhere, and what is owed in two places."""
    for steps, stage in source.mappings("stages"):
        if _KIND in stage and stage.get("kind") != _KIND:
            faults.add("improvement-of-other-kind", source.key_place((*steps, _KIND)))
        for name in _RAISES:
            for where, _ in source.texts(*steps, _KIND, name):
                if stage.get("on_request") is not True or "periods" in stage or "waits_for" in stage:
                    faults.add("improvement-not-on-request", source.place(where), key=name)
    add_unknown("stage", _texts(source, "measures"), known=on_request, source=source, faults=faults)
    first_places("stage", _texts(source, "measures"), source=source, faults=faults)
    first_places("weak", _texts(source, "weak"), source=source, faults=faults)


def _texts(source: Source, name: str) -> Iterator[tuple[Steps, str]]:
    for steps, _ in source.mappings("stages"):
        yield from source.texts(*steps, _KIND, name)
