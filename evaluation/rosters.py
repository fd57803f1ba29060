"""Rosters: the units, bodies, persons and contacts of an authority, with the dates between which each is valid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.kinds import PartyKind

if TYPE_CHECKING:
    from datetime import date

    from evaluation.kinds import Role
    from evaluation.plans import Selector


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who can owe something: a unit, a body or a person."""

    key: str  #: unique in its roster: `so-noi-vu`, `xa-31813`
    kind: PartyKind
    name: str
    level: str = ""  #: `province`, `department`, `district`, `commune`, `division`, `vertical`, `body`
    group: str = ""  #: ranking group
    superior: str = ""  #: key of the superior unit; of the unit, for a person
    mailbox: str = ""  #: official mailbox
    valid_from: date | None = None
    valid_to: date | None = None  #: last day it exists
    exempt: str = ""  #: why the unit is left out of the evaluation; empty if it takes part
    successors: tuple[str, ...] = ()
    code: str = ""  #: code of the General Statistics Office, where known
    source: str = "none"
    line: int = 0

    def is_valid(self, on: date) -> bool:
        """Return whether the party exists on that local date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class RosterContact:
    """Who answers for a party in a role, between two dates."""

    key: str
    party: str
    role: Role
    name: str  #: a person's name, or the name of the post where no person is known
    address: str
    valid_from: date | None = None
    valid_to: date | None = None
    deputy: str = ""  #: key of the contact who stands in
    deputy_from: date | None = None
    deputy_to: date | None = None
    phone: str = ""
    language: str = "vi"
    fields: tuple[str, ...] = ()  #: keys of the fields that a field lead leads; none: every field
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The parties and contacts of one authority."""

    key: str
    title: str
    groups: tuple[tuple[str, str], ...]  #: (key, name) of each ranking group
    parties: tuple[Party, ...]
    contacts: tuple[RosterContact, ...]
    file: str = ""

    def selected(self, selector: Selector, *, on: date) -> tuple[Party, ...]:
        """
        Return the parties that a line means, as of a date, in roster order.

        Exempt parties are never selected by group or level, only by name.
        """
        return tuple(party for party in self.parties if party.is_valid(on) and _matches(party, selector))


def _matches(party: Party, selector: Selector) -> bool:
    if party.key in selector.except_keys:
        return False
    if party.key in selector.keys:
        return True
    narrowed = bool(selector.groups or selector.levels or selector.kind)
    return (
        narrowed
        and not party.exempt
        and party.kind is (selector.kind or PartyKind.UNIT)
        and (not selector.groups or party.group in selector.groups)
        and (not selector.levels or party.level in selector.levels)
    )
