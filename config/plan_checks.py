"""Plan checks: what a plan's shape cannot tell: words that stand for something elsewhere, and things that are there twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.improvement_checks import add_improvement_faults
from config.plan_dates import add_date_faults
from config.references import add_impossible_dates, add_unknown, first_places
from config.report_chains import add_chain_faults, add_form_word_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.faults import FaultList
    from config.source import Source, Steps
    from evaluation.rosters import Roster

_FOLLOWED_IN = ("remedy", "reinspection", "proposal", "handling")
_SELECTORS = (("owed_by",), ("coordinating",), ("about",), ("inspection", "among"))
#: What only stages of one kind say.
_OF_KIND = {"survey": "survey", "council": "council_decision"}
_PARTY_FIELDS = ("owed_to", "through")
_LADDER_FIELDS = (("ladder",), ("review", "ladder"), ("correction", "ladder"))


@dataclass(frozen=True, kw_only=True)
class Known:
    """The words that a plan may use of its roster."""

    parties: Collection[str]
    groups: Collection[str]
    levels: Collection[str]

    @classmethod
    def of(cls, roster: Roster) -> Known:
        """Return the words of a roster."""
        levels = {party.level: None for party in roster.parties if party.level}
        return cls(parties={party.key: None for party in roster.parties}, groups=dict(roster.groups), levels=levels)


def add_plan_faults(source: Source, *, roster: Roster | None, faults: FaultList, forms: Collection[str] | None = None) -> None:
    """Note every fault of a plan beyond its shape; without a roster, or the known report forms, its words are taken on trust."""
    add_impossible_dates(_dates(source), source=source, faults=faults)
    _add_duplicates(source, faults)
    _add_unknown_own_words(source, faults)
    if roster is not None:
        _add_unknown_roster_words(source, Known.of(roster), faults=faults)
    if forms is not None:
        add_form_word_faults(source, faults, known=forms)
    add_date_faults(source, faults)
    for steps, stage in source.mappings("stages"):
        for key, kind in _OF_KIND.items():
            if key in stage and stage.get("kind") != kind:
                faults.add("not-of-this-kind", source.key_place((*steps, key)), key=key, kind=kind)


def _dates(source: Source) -> Iterator[tuple[Steps, str]]:
    yield from source.texts("reference_date")
    for key in source.mapping(("documents",)):
        yield from source.texts("documents", key, "date")


def _stages(source: Source, *fields: str) -> Iterator[tuple[Steps, str]]:
    for steps, _ in source.mappings("stages"):
        yield from source.texts(*steps, *fields)


def _add_duplicates(source: Source, faults: FaultList) -> None:
    first_places("stage", _stages(source, "key"), source=source, faults=faults)
    for name in source.mapping(("ladders",)):
        rungs = (text for steps, _ in source.mappings("ladders", name) for text in source.texts(*steps, "rung"))
        first_places("rung", rungs, source=source, faults=faults)
    for stage, _ in source.mappings("stages"):
        items = (text for steps, _ in source.mappings(*stage, "items") for text in source.texts(*steps, "key"))
        first_places("item", items, source=source, faults=faults)


def _add_unknown_own_words(source: Source, faults: FaultList) -> None:
    for fields in _LADDER_FIELDS:
        add_unknown("ladder", _stages(source, *fields), known=source.mapping(("ladders",)), source=source, faults=faults)
    add_unknown("document", _stages(source, "basis"), known=source.mapping(("documents",)), source=source, faults=faults)
    stages = {key: None for _, key in _stages(source, "key")}
    on_request = {str(stage.get("key")): None for _, stage in source.mappings("stages") if stage.get("on_request") is True}
    for field in _FOLLOWED_IN:
        add_unknown("stage", _stages(source, "inspection", field), known=on_request, source=source, faults=faults)
    add_improvement_faults(source, faults, on_request=on_request)
    waits = (wait for stage, _ in source.mappings("stages") for wait, _ in source.mappings(*stage, "waits_for"))
    awaited = (text for wait in waits for text in source.texts(*wait, "stage"))
    add_unknown("stage", awaited, known=stages, source=source, faults=faults)
    add_chain_faults(source, faults, stages=stages)


def _add_unknown_roster_words(source: Source, known: Known, *, faults: FaultList) -> None:
    parties = [*source.texts("standing_body"), *source.texts("chair")]
    for field in _PARTY_FIELDS:
        parties += _stages(source, field)
    for selector in _SELECTORS:
        parties += [*_stages(source, *selector, "keys"), *_stages(source, *selector, "except")]
        add_unknown("group", _stages(source, *selector, "groups"), known=known.groups, source=source, faults=faults)
        add_unknown("level", _stages(source, *selector, "levels"), known=known.levels, source=source, faults=faults)
    add_unknown("party", parties, known=known.parties, source=source, faults=faults)
    measured = [(("criteria", group), group) for group in source.mapping(("criteria",))]
    add_unknown("group", measured, known=known.groups, source=source, faults=faults)
