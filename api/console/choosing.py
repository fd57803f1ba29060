"""
Choosing: units and people are named in a form as people call them; what was written becomes the keys that the API takes.

A field of one suggests the names while one types (a `datalist`), one of several is a list of boxes with a search. Nobody needs a key, and
one that is written is understood.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError

from config.table_columns import folded
from evaluation.kinds import PartyKind, Role
from evaluation.naming_order import name_order
from notifications.phrases import ROLES
from store.queries.people import list_contacts, list_units
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from api.console.deed import Blank
    from api.console.visiting import Visitor
    from store.queries.health import View
    from store.queries.people import ContactLine

#: So many names are suggested in the place of one that nobody has.
MOST_NEAR = 3


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Whom one may choose: what each is called, by key, in the order of names; no two are called the same."""

    names: Mapping[str, str]

    def called(self, key: str) -> str:
        """Return the name behind a key; what is none stands as it was written."""
        return self.names.get(key, key)

    def key_of(self, written: str) -> str:
        """Return whom somebody means, by name (case, accents and what follows its first comma may be missing) or by key; empty: nobody."""
        wanted = _one_line(written)
        if wanted in self.names:
            return wanted
        for same in (_one_line, folded, lambda name: folded(name.partition(",")[0])):
            meant = [key for key, name in self.names.items() if same(name) == same(wanted)]
            if len(meant) == 1:
                return meant[0]
        return ""

    def near(self, written: str) -> list[str]:
        """Return the names that come near what was written: those that hold its words, then those that are written alike."""
        wanted, plain = folded(written), {name: folded(name) for name in self.names.values()}
        holding = [name for name, words in plain.items() if wanted and all(part in words for part in wanted.split())]
        alike = get_close_matches(wanted, plain.values(), n=MOST_NEAR)
        found = dict.fromkeys([*holding, *(name for words in alike for name in plain if plain[name] == words)])
        return list(found)[:MOST_NEAR]


def choices_of(named: Iterable[tuple[str, str]]) -> Choices:
    """Return what may be chosen, by key and name; where two are called the same, their keys tell them apart."""
    pairs = list(named)
    times = Counter(name for _, name in pairs)
    told = ((key, f"{name} ({key})" if times[name] > 1 else name) for key, name in pairs)
    return Choices(names=dict(sorted(told, key=lambda one: name_order(one[1]))))


def units_of(connection: View, authority: int, *, on: date) -> Choices:
    """Return the units of an authority that exist on a date or will."""
    there = list_units(connection, authority, on=on)
    return choices_of(
        (one.key, one.name) for one in there if one.kind == PartyKind.UNIT.value and (one.valid_to is None or one.valid_to >= on)
    )


def parties_of(connection: View, authority: int, *, on: date) -> Choices:
    """Return the units and the bodies of an authority that exist on a date or will."""
    parties = list_units(connection, authority, on=on)
    return choices_of((one.key, one.name) for one in parties if one.valid_to is None or one.valid_to >= on)


def people_of(
    visitor: Visitor, connection: View, authority: int, *, on: date, who: Callable[[ContactLine], bool] = lambda _: True
) -> Choices:
    """Return the people in office in an authority on a date, by name, post and unit; of them those that are asked for."""
    there = [one for one in list_contacts(connection, authority) if who(one)]
    return choices_of((one.key, person_said(visitor, one)) for one in there if _in_office(one, on=on))


def lists_for(visitor: Visitor, connection: View, blanks: Iterable[Blank], *, authority: int, party: str = "") -> dict[str, Choices]:
    """Return the lists that some fields choose from, none that no field asks for; `party`: whose colleagues are meant."""
    on = authority_today(connection, authority, now=visitor.now)
    makers: dict[str, Callable[[], Choices]] = {
        "units": lambda: units_of(connection, authority, on=on),
        "parties": lambda: parties_of(connection, authority, on=on),
        "people": lambda: people_of(visitor, connection, authority, on=on),
        "colleagues": lambda: people_of(visitor, connection, authority, on=on, who=lambda one: one.party == party),
    }
    return {name: makers[name]() for name in sorted({blank.among for blank in blanks if blank.kind in {"named", "several"}})}


def person_said(visitor: Visitor, line: ContactLine) -> str:
    """Return a person by name, post and unit; by the name alone where it tells the unit; one without a name by the post."""
    if line.party_name in line.name:
        return line.name
    post = f"{visitor.either(*ROLES[Role(line.role)])}, {line.party_name}"
    return f"{line.name}, {post}" if line.name else post


def _in_office(line: ContactLine, *, on: date) -> bool:
    return (line.valid_from is None or line.valid_from <= on) and (line.valid_to is None or on <= line.valid_to)


def as_keys(fields: Mapping[str, str], among: Mapping[str, Choices]) -> dict[str, str]:
    """
    Return the fields of a form with keys in the place of the names that stand in some of them; several stand between spaces.

    Raises RequestValidationError, with the field, what was written and who comes near it, where somebody is meant whom nobody is called.
    """
    meant = {name: among[name].key_of(written) for name, written in fields.items() if name in among and written.strip()}
    faults = [_fault(name, fields[name], among[name]) for name, key in meant.items() if not key]
    if faults:
        raise RequestValidationError(faults)
    return {**fields, **meant}


def among_of(blanks: Iterable[Blank], lists: Mapping[str, Choices]) -> dict[str, Choices]:
    """Return by name the fields of a form in which one is named, with whom one may choose."""
    return {blank.name: lists[blank.among] for blank in blanks if blank.kind == "named"}


def _fault(name: str, written: str, choices: Choices) -> dict[str, object]:
    near = "; ".join(choices.near(written))
    told = {"given": _one_line(written), "near": near}
    return {"type": "nobody_called_that" if near else "nobody_called_so", "loc": ("body", *name.split(".")), "msg": "", "ctx": told}


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
