"""Report chains: whether what a stage's report goes into is there, is a report of the same periods, and leads out of the chain again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.fault_nouns import Both
from config.references import add_circles, add_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.faults import FaultList
    from config.source import Source, Steps


def add_form_word_faults(source: Source, faults: FaultList, *, known: Collection[str]) -> None:
    """Note the report forms that stages name and that are not among the known ones."""
    add_unknown("form", _texts(source, "form"), known=known, source=source, faults=faults)


def add_chain_faults(source: Source, faults: FaultList, *, stages: Collection[str]) -> None:
    """Note reports without periods, reports that go nowhere, chains that go round in a circle."""
    for steps, stage in source.mappings("stages"):
        if "report" in stage and stage.get("periods") != "quarters":
            faults.add("report-needs-quarters", source.key_place((*steps, "report")))
    add_unknown("stage", _texts(source, "feeds"), known=stages, source=source, faults=faults)
    feeds = {key: outer for key, outer, _ in _links(source)}
    for key, outer, steps in _links(source):
        if outer in stages and not _is_report(source, outer):
            faults.add("feeds-no-report", source.place(steps), stage=key, outer=outer)
    places = {str(stage["key"]): source.place((*steps, "report", "feeds")) for steps, stage in source.mappings("stages") if "key" in stage}
    needs = {key: [outer] if (outer := feeds.get(key, "")) in places else [] for key in places}
    add_circles(Both(en="the reports", vi="chuỗi báo cáo"), needs, places=places, faults=faults)


def _texts(source: Source, name: str) -> Iterator[tuple[Steps, str]]:
    for steps, _ in source.mappings("stages"):
        yield from source.texts(*steps, "report", name)


def _links(source: Source) -> Iterator[tuple[str, str, Steps]]:
    """Yield each stage with what its report goes into, and where that is written."""
    for steps, stage in source.mappings("stages"):
        for where, outer in source.texts(*steps, "report", "feeds"):
            yield str(stage.get("key", "")), outer, where


def _is_report(source: Source, key: str) -> bool:
    return any(stage.get("key") == key and stage.get("periods") == "quarters" for _, stage in source.mappings("stages"))
