"""The parties and contacts of an authority, kept in memory until one of them changes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from evaluation.audiences import Addressee, Contact, Directory
from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, Roster
from evaluation.workdays import ONE_DAY
from store.schema import AUTHORITY, CONTACT, PARTY, SUCCESSION, SUPERIOR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection, Row

    from evaluation.plans import Selector
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class DatedSuperior:
    """Under whom a party stands between two dates."""

    party: int
    superior: int
    valid_from: date | None
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Return whether it is so on that date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class People:
    """Everyone of an authority, as of one version of its people."""

    ids: Mapping[str, int]  #: party ids by key
    roster: Roster  #: the same parties, for selectors
    mailboxes: frozenset[int]
    superiors: tuple[DatedSuperior, ...]
    contacts: tuple[Contact, ...]
    successors: Mapping[int, tuple[int, ...]]
    _selected: dict[tuple[Selector, date], tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def directory(self, on: date, *, standing_body: int, chair: int) -> Directory:
        """Return who can be told as of a date."""
        above = {dated.party: dated.superior for dated in self.superiors if dated.holds(on)}
        parties = {
            party: Addressee(id=party, superior=above.get(party), has_mailbox=party in self.mailboxes) for party in self.ids.values()
        }
        return Directory(on=on, parties=parties, contacts=self.contacts, standing_body=standing_body, chair=chair)

    def stretch(self, on: date) -> int:
        """Return the number of the stretch of days in which nobody's office, absence or superior begins or ends."""
        return bisect_right(self._changes, on)

    @cached_property
    def _changes(self) -> list[date]:
        times: set[tuple[date | None, date | None]] = {(one.valid_from, one.valid_to) for one in self.contacts}
        times |= {(one.deputy_from, one.deputy_to) for one in self.contacts}
        times |= {(one.valid_from, one.valid_to) for one in self.superiors}
        return sorted({first for first, _ in times if first} | {last + ONE_DAY for _, last in times if last})

    def knows(self, contact: int | None) -> bool:
        """Return whether someone may act here at all: a contact of this authority, or (None) the engine itself."""
        return contact is None or any(known.id == contact for known in self.contacts)

    def group(self, party: int) -> str:
        """Return the unit group of a party; empty if it has none."""
        return self._groups.get(party, "")

    @cached_property
    def _groups(self) -> dict[int, str]:
        return {self.ids[party.key]: party.group for party in self.roster.parties}

    def succeeds(self, later: int, earlier: int) -> bool:
        """Return whether a party takes over from another, directly or through others (units merge and split more than once)."""
        known: set[int] = set()
        ahead = [earlier]
        while ahead:
            fresh = set(self.successors.get(ahead.pop(), ())) - known
            known |= fresh
            ahead.extend(fresh)
        return later in known

    def selected(self, selector: Selector, *, on: date) -> tuple[int, ...]:
        """Return the ids of the parties that a line of a plan means."""
        if (selector, on) not in self._selected:
            self._selected[selector, on] = tuple(self.ids[party.key] for party in self.roster.selected(selector, on=on))
        return self._selected[selector, on]


_VERSION = select(AUTHORITY.c.people_version).where(AUTHORITY.c.id == bindparam("b_authority"))


def load_people(store: Store, connection: Connection, authority: int) -> People:
    """Return the people of an authority, from memory while nobody has changed."""
    version = connection.execute(_VERSION, {"b_authority": authority}).scalar_one()
    kept: tuple[int, People] | None = store.kept.get(("people", authority))
    if kept is not None and kept[0] == version:
        return kept[1]
    people = _read(connection, authority)
    store.kept["people", authority] = (version, people)
    return people


def _read(connection: Connection, authority: int) -> People:
    parties = connection.execute(select(PARTY).where(PARTY.c.authority_id == authority).order_by(PARTY.c.id)).all()
    contacts = connection.execute(select(CONTACT).where(CONTACT.c.authority_id == authority).order_by(CONTACT.c.id)).all()
    superiors = connection.execute(select(SUPERIOR).join(PARTY, PARTY.c.id == SUPERIOR.c.party_id).where(PARTY.c.authority_id == authority))
    succession = connection.execute(
        select(SUCCESSION).join(PARTY, PARTY.c.id == SUCCESSION.c.predecessor_id).where(PARTY.c.authority_id == authority)
    )
    successors: dict[int, tuple[int, ...]] = {}
    for row in succession:
        successors[row.predecessor_id] = (*successors.get(row.predecessor_id, ()), row.successor_id)
    return People(
        ids={row.key: row.id for row in parties},
        roster=Roster(key="", title="", groups=(), parties=tuple(_party(row) for row in parties), contacts=()),
        mailboxes=frozenset(row.id for row in parties if row.mailbox and not row.mailbox_unreachable),
        superiors=tuple(
            DatedSuperior(party=row.party_id, superior=row.superior_id, valid_from=row.valid_from, valid_to=row.valid_to)
            for row in superiors
        ),
        contacts=tuple(_contact(row) for row in contacts),
        successors=successors,
    )


def _party(row: Row[Any]) -> Party:
    return Party(
        key=row.key,
        kind=PartyKind(row.kind),
        name=row.name,
        level=row.level,
        group=row.group,
        mailbox=row.mailbox,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        exempt=row.exempt,
    )


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        id=row.id,
        party=row.party_id,
        role=Role(row.role),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        deputy=row.deputy_id,
        deputy_from=row.deputy_from,
        deputy_to=row.deputy_to,
        reachable=bool(row.address) and row.unreachable_since is None,
    )
