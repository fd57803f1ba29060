"""
Taking in units and contacts row by row: what can be taken is taken, the rest is reported with why.

As with a roster's file, a row adds what is new and changes what is there by key; nobody is dropped, and deputies stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluation.rosters import Roster
from store.commands.authorities import import_roster
from store.commands.people import AlreadyThereError, PeopleError, require_order, today
from store.locks import hold_authority
from store.queries.people import NoSuchPartyError, list_contacts, list_units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from evaluation.rosters import Party, RosterContact
    from store.queries.people import AuthorityFacts, ContactLine
    from store.session import Transaction


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"  #: it was so already
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class RowFate:
    """What became of one row, and why nothing did."""

    key: str
    fate: Fate
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What became of each unit and each contact, in the order given."""

    units: tuple[RowFate, ...]
    contacts: tuple[RowFate, ...]


def import_rows(
    transaction: Transaction, authority: AuthorityFacts, *, parties: Sequence[Party], contacts: Sequence[RosterContact]
) -> Rows:
    """Take in what can be taken, in one import, and return what became of each row."""
    connection = transaction.connection
    hold_authority(connection, authority.id)
    on = today(transaction, authority)
    units_before, contacts_before = _units(transaction, authority, on=on), _contacts(transaction, authority)
    wrong_units = _wrong_units(parties, known=units_before.keys(), authority=authority.key)
    taken = tuple(party for place, party in enumerate(parties) if place not in wrong_units)
    there = units_before.keys() | {party.key for party in taken}
    wrong_contacts = dict(_wrong_contacts(contacts, parties=there, authority=authority.key))
    staff = tuple(_with_deputy(one, contacts_before) for place, one in enumerate(contacts) if place not in wrong_contacts)
    if taken or staff:
        roster = Roster(key="", title="", groups=(), parties=taken, contacts=staff)
        import_roster(transaction, authority=authority.id, roster=roster)
    units_after, contacts_after = _units(transaction, authority, on=on), _contacts(transaction, authority)
    return Rows(
        units=_fates([one.key for one in parties], wrong=wrong_units, before=units_before, after=units_after),
        contacts=_fates([one.key for one in contacts], wrong=wrong_contacts, before=contacts_before, after=contacts_after),
    )


def _units(transaction: Transaction, authority: AuthorityFacts, *, on: date) -> dict[str, object]:
    return {one.key: one for one in list_units(transaction.connection, authority.id, on=on)}


def _contacts(transaction: Transaction, authority: AuthorityFacts) -> dict[str, ContactLine]:
    return {one.key: one for one in list_contacts(transaction.connection, authority.id)}


def _wrong_units(parties: Sequence[Party], *, known: Collection[str], authority: str) -> dict[int, Exception]:
    """Return what is wrong with units, by place; one that hangs on a row that is refused is refused too."""
    wrong: dict[int, Exception] = {}
    while True:
        there = {*known, *(party.key for place, party in enumerate(parties) if place not in wrong)}
        seen: set[str] = set()
        found = {}
        for place, party in enumerate(parties):
            error = _wrong_unit(party, there=there, twice=party.key in seen, authority=authority)
            seen.add(party.key)
            if error is not None and place not in wrong:
                found[place] = error
        if not found:
            return wrong
        wrong |= found


def _wrong_unit(party: Party, *, there: Collection[str], twice: bool, authority: str) -> Exception | None:
    if party.key in {party.superior, *party.successors}:
        vi, en = f"“{party.key}” không thể là cấp trên hoặc kế thừa của chính mình", f"“{party.key}” cannot stand under or succeed itself"
        return PeopleError(vi, en)
    named = [key for key in (party.superior, *party.successors) if key]
    missing = next((key for key in named if key not in there), None)
    if missing is not None:
        return NoSuchPartyError(missing, authority=authority)
    return _wrong_row(party.key, twice=twice, first=party.valid_from, last=party.valid_to)


def _wrong_contacts(contacts: Sequence[RosterContact], *, parties: Collection[str], authority: str) -> Iterator[tuple[int, Exception]]:
    """Yield what is wrong with contacts, by place."""
    seen: set[str] = set()
    for place, contact in enumerate(contacts):
        error: Exception | None = _wrong_row(contact.key, twice=contact.key in seen, first=contact.valid_from, last=contact.valid_to)
        seen.add(contact.key)
        if contact.party not in parties:
            error = NoSuchPartyError(contact.party, authority=authority)
        if error is not None:
            yield place, error


def _wrong_row(key: str, *, twice: bool, first: date | None, last: date | None) -> PeopleError | None:
    if twice:
        return AlreadyThereError(f"“{key}” đã có ở một dòng trước", f"a row before has “{key}” already")
    try:
        require_order(first, last)
    except PeopleError as error:
        return error
    return None


def _with_deputy(contact: RosterContact, known: Mapping[str, ContactLine]) -> RosterContact:
    """Return a contact with who stands in for it as things are."""
    now = known.get(contact.key)
    return contact if now is None else replace(contact, deputy_from=now.deputy_from, deputy_to=now.deputy_to)


def _fates(
    keys: Sequence[str], *, wrong: Mapping[int, Exception], before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[RowFate, ...]:
    return tuple(
        RowFate(key=key, fate=Fate.REFUSED, error=wrong[place])
        if place in wrong
        else RowFate(key=key, fate=_fate(before.get(key), after[key]))
        for place, key in enumerate(keys)
    )


def _fate(before: object | None, after: object) -> Fate:
    if before is None:
        return Fate.ADDED
    return Fate.SAME if before == after else Fate.CHANGED
