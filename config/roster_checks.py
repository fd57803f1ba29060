"""Roster checks: what a roster's shape cannot tell: keys that are there, dates in order, addresses, names that are there twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from config.addresses import is_address
from config.fault_nouns import NOUNS, Both, shown
from config.references import add_circles, add_impossible_dates, add_unknown, as_date, first_places, position
from config.roster_records import post_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.faults import FaultList
    from config.source import Source, Steps

_DATES = (("parties", "valid_from"), ("parties", "valid_to"), ("contacts", "from"), ("contacts", "to"))
_DEPUTY_DATES = (("contacts", "deputy_from"), ("contacts", "deputy_to"))
_SPANS = (("parties", "valid_from", "valid_to"), ("contacts", "from", "to"), ("contacts", "deputy_from", "deputy_to"))
_ADDRESSES = (("parties", "mailbox"), ("contacts", "address"))
_THEMSELVES = (("parties", "successors"), ("contacts", "deputy"))


def add_roster_faults(source: Source, faults: FaultList) -> None:
    """Note every fault of a roster beyond its shape."""
    parties = first_places("party", _fields(source, "parties", "key"), source=source, faults=faults)
    contacts = first_places("contact", _fields(source, "contacts", "key"), source=source, faults=faults)
    groups = source.mapping(("groups",))
    add_unknown("group", _fields(source, "parties", "group"), known=groups, source=source, faults=faults)
    for listed, field in (("parties", "superior"), ("parties", "successors"), ("contacts", "party")):
        add_unknown("party", _fields(source, listed, field), known=parties, source=source, faults=faults)
    add_unknown("contact", _fields(source, "contacts", "deputy"), known=contacts, source=source, faults=faults)
    _add_taken_post_keys(source, faults, contacts=contacts)
    _add_those_naming_themselves(source, faults)
    _add_circles_of_superiors(source, faults, parties=parties)
    _add_date_faults(source, faults)
    _add_bad_addresses(source, faults)
    _add_duplicate_names(source, faults)
    if source.mapping().get("posts") and "domain" not in source.mapping():
        faults.add("posts-without-domain", source.key_place(("posts",)))


def _fields(source: Source, listed: str, field: str) -> Iterator[tuple[Steps, str]]:
    for steps, _ in source.mappings(listed):
        yield from source.texts(*steps, field)


def _add_taken_post_keys(source: Source, faults: FaultList, *, contacts: dict[str, Steps]) -> None:
    """Note contacts whose key is the one that a post of another party gets."""
    staffed = {text for _, text in _fields(source, "contacts", "party")}
    for steps, key in _fields(source, "parties", "key"):
        for _, role in source.texts("posts") if key not in staffed else ():
            taken = contacts.get(post_key(role, key))
            if taken is not None:
                where = position(source.place(steps))
                faults.add("duplicate", source.place(taken), noun=NOUNS["contact"], value=post_key(role, key), first=where)


def _add_those_naming_themselves(source: Source, faults: FaultList) -> None:
    for listed, field in _THEMSELVES:
        for steps, record in source.mappings(listed):
            for named, text in source.texts(*steps, field):
                if text == record.get("key"):
                    faults.add("names-itself", source.place(named), value=shown(text), key=field)


def _add_circles_of_superiors(source: Source, faults: FaultList, *, parties: dict[str, Steps]) -> None:
    superiors: dict[str, list[str]] = {}
    successors: dict[str, list[str]] = {}
    for steps, party in source.mappings("parties"):
        key = str(party.get("key"))
        superiors[key] = [text for _, text in source.texts(*steps, "superior") if text in parties]
        successors[key] = [text for _, text in source.texts(*steps, "successors") if text in parties and text != key]
    places = {key: source.place(steps) for key, steps in parties.items()}
    add_circles(Both(en="the superiors", vi="các cấp trên"), superiors, places=places, faults=faults)
    add_circles(Both(en="the successors", vi="các đơn vị kế thừa"), successors, places=places, faults=faults)


def _add_date_faults(source: Source, faults: FaultList) -> None:
    for listed, field in (*_DATES, *_DEPUTY_DATES):
        add_impossible_dates(_fields(source, listed, field), source=source, faults=faults)
    for listed, first, last in _SPANS:
        for steps, record in source.mappings(listed):
            begins, ends = as_date(record.get(first)), as_date(record.get(last))
            if begins is not None and ends is not None and begins > ends:
                facts = {"first": first, "last": last, "from_on": begins.isoformat(), "to_on": ends.isoformat()}
                faults.add("dates-reversed", source.place((*steps, first)), **facts)


def _add_bad_addresses(source: Source, faults: FaultList) -> None:
    for listed, field in _ADDRESSES:
        for steps, text in _fields(source, listed, field):
            if not is_address(text):
                faults.add("bad-address", source.place(steps), value=shown(text))


def _add_duplicate_names(source: Source, faults: FaultList) -> None:
    """Note parties that nobody could tell apart: one name at one level under one superior, at the same time."""
    alike: defaultdict[tuple[str, ...], list[tuple[Steps, dict[str, Any]]]] = defaultdict(list)
    for steps, party in source.mappings("parties"):
        if isinstance(party.get("name"), str):
            alike[str(party["name"]).casefold(), str(party.get("level", "")), str(party.get("superior", ""))].append((steps, party))
    for namesakes in alike.values():
        first_steps, first = namesakes[0]
        for steps, party in namesakes[1:]:
            if _overlap(first, party):
                where = position(source.place((*first_steps, "name")))
                faults.add("duplicate-name", source.place((*steps, "name")), value=shown(party["name"]), first=where)


def _overlap(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Return whether both exist on some day: a unit and its successor may share a name (domain of the 2025 reform)."""
    begins = max(as_date(party.get("valid_from")) or date.min for party in (first, second))
    ends = min(as_date(party.get("valid_to")) or date.max for party in (first, second))
    return begins <= ends
