"""Founding an authority and importing its people and calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from evaluation.kinds import PartyKind
from store.calendars import keep_calendar
from store.journal import Entry
from store.locks import hold_authority
from store.schema import AUTHORITY, CONTACT, PARTY, SUCCESSION, SUPERIOR

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Row

    from evaluation.rosters import Party, Roster, RosterContact
    from evaluation.workdays import Calendar
    from store.session import Transaction


class AuthorityError(Exception):
    """An authority is not there, or is there already."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import of a roster did."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    contacts_added: int
    contacts_changed: int
    untold: tuple[str, ...] = ()  #: names of the roster's units that nobody answers for: neither a contact with an address nor a mailbox


def found_authority(transaction: Transaction, *, key: str, name: str, sandbox: bool, zone: str = "Asia/Ho_Chi_Minh") -> int:
    """Make a new authority and return its id; AuthorityError if the key is taken."""
    if _authority_id(transaction.connection, key) is not None:
        msg = f"there is already an authority “{key}”; choose another key"
        raise AuthorityError(msg)
    row = {
        "key": key,
        "name": name,
        "sandbox": sandbox,
        "zone": zone,
        "outbox_held": False,
        "people_version": 0,
        "created_at": transaction.now,
    }
    ident = int(transaction.connection.execute(insert(AUTHORITY).returning(AUTHORITY.c.id), row).scalar_one())
    transaction.entries.append(Entry(authority=ident, action="found-authority", payload={"key": key, "sandbox": sandbox}))
    return ident


def authority_id(connection: Connection, key: str) -> int:
    """Return the id of an authority; AuthorityError if there is none."""
    found = _authority_id(connection, key)
    if found is None:
        msg = f"there is no authority “{key}”; `dondoc authority list` names them"
        raise AuthorityError(msg)
    return found


def _authority_id(connection: Connection, key: str) -> int | None:
    return connection.execute(select(AUTHORITY.c.id).where(AUTHORITY.c.key == key)).scalar_one_or_none()


def enter_calendar(transaction: Transaction, *, authority: int, calendar: Calendar) -> int:
    """Store a calendar version for an authority and return its id; journaled with the years it holds."""
    ident = keep_calendar(transaction, authority=authority, calendar=calendar)
    years = {str(year): status.value for year, status in sorted(calendar.years.items())}
    payload = {"version": calendar.version, "years": years}
    transaction.entries.append(Entry(authority=authority, action="enter-calendar", payload=payload))
    return ident


def import_roster(transaction: Transaction, *, authority: int, roster: Roster) -> Imported:
    """
    Add the parties and contacts of a roster, and change those already there by key; nobody is dropped.

    The journal keeps ids and keys of parties, never a person's name or address.
    """
    connection = transaction.connection
    hold_authority(connection, authority)
    known = {row.key: row for row in connection.execute(select(PARTY).where(PARTY.c.authority_id == authority))}
    added = [party for party in roster.parties if party.key not in known]
    changed = [party for party in roster.parties if party.key in known and _differs(known[party.key], _party_row(party, authority))]
    if added:
        connection.execute(insert(PARTY), [_party_row(party, authority) for party in added])
    for party in changed:
        connection.execute(update(PARTY).where(PARTY.c.id == known[party.key].id).values(**_party_row(party, authority)))
    ids = {row.key: row.id for row in connection.execute(select(PARTY.c.key, PARTY.c.id).where(PARTY.c.authority_id == authority))}
    _place(connection, roster, ids=ids)
    fresh, altered = _import_contacts(connection, roster, ids=ids, authority=authority)
    touched(transaction, authority)
    payload: dict[str, Any] = {
        "parties_added": [ids[party.key] for party in added],
        "parties_changed": [ids[party.key] for party in changed],
        "contacts_added": fresh,
        "contacts_changed": altered,
    }
    transaction.entries.append(Entry(authority=authority, action="import-roster", payload=payload))
    return Imported(
        added=tuple(party.key for party in added),
        changed=tuple(party.key for party in changed),
        contacts_added=fresh,
        contacts_changed=altered,
        untold=_untold(connection, [ids[party.key] for party in roster.parties], on=transaction.now.date()),
    )


def _untold(connection: Connection, parties: list[int], *, on: date) -> tuple[str, ...]:
    """Return the names of the units among these whose mail would go to somebody else, in the order in which they came in."""
    there = or_(PARTY.c.valid_to.is_(None), PARTY.c.valid_to >= on)
    answered = select(CONTACT.c.id).where(CONTACT.c.party_id == PARTY.c.id, CONTACT.c.address != "").exists()
    silent = (PARTY.c.kind == PartyKind.UNIT.value, PARTY.c.mailbox == "", there, ~answered)
    rows = connection.execute(select(PARTY.c.id, PARTY.c.name).where(*silent).order_by(PARTY.c.id))
    mine = set(parties)
    return tuple(row.name for row in rows if row.id in mine)


def touched(transaction: Transaction, authority: int) -> None:
    """Say that the people of an authority have changed, so that nobody goes on with the old ones."""
    version = AUTHORITY.c.people_version + 1
    transaction.connection.execute(update(AUTHORITY).where(AUTHORITY.c.id == authority).values(people_version=version))


def _party_row(party: Party, authority: int) -> dict[str, Any]:
    return {
        "authority_id": authority,
        "key": party.key,
        "kind": party.kind.value,
        "name": party.name,
        "level": party.level,
        "group": party.group,
        "mailbox": party.mailbox,
        "mailbox_unreachable": False,
        "valid_from": party.valid_from,
        "valid_to": party.valid_to,
        "exempt": party.exempt,
        "code": party.code,
        "source": party.source,
    }


def _differs(row: Row[Any], wanted: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in wanted.items())


def _place(connection: Connection, roster: Roster, *, ids: dict[str, int]) -> None:
    """Write superiors and successions that are not there yet; another superior from the same day takes the place of the former."""
    above = {(row.party_id, row.valid_from): row for row in connection.execute(select(SUPERIOR))}
    for p in roster.parties:
        if not p.superior:
            continue
        row = {"party_id": ids[p.key], "superior_id": ids[p.superior], "valid_from": p.valid_from, "valid_to": p.valid_to}
        known = above.get((ids[p.key], p.valid_from))
        if known is None:
            connection.execute(insert(SUPERIOR), row)
        elif _differs(known, row):
            connection.execute(update(SUPERIOR).where(SUPERIOR.c.id == known.id).values(**row))
    after = set(connection.execute(select(SUCCESSION.c.predecessor_id, SUCCESSION.c.successor_id)).tuples())
    pairs = {(ids[p.key], ids[successor]) for p in roster.parties for successor in p.successors} - after
    if pairs:
        connection.execute(insert(SUCCESSION), [{"predecessor_id": old, "successor_id": new} for old, new in sorted(pairs)])


def _import_contacts(connection: Connection, roster: Roster, *, ids: dict[str, int], authority: int) -> tuple[int, int]:
    known = {row.key: row for row in connection.execute(select(CONTACT).where(CONTACT.c.authority_id == authority))}
    rows = {contact.key: contact_row(contact, authority=authority, party=ids[contact.party]) for contact in roster.contacts}
    fresh = [row for key, row in rows.items() if key not in known]
    altered = {known[key].id: row for key, row in rows.items() if key in known and _differs(known[key], row)}
    if fresh:
        connection.execute(insert(CONTACT), fresh)
    for ident, row in altered.items():
        connection.execute(update(CONTACT).where(CONTACT.c.id == ident).values(**row, **_reachable_again(known[row["key"]], row)))
    keys = {row.key: row.id for row in connection.execute(select(CONTACT.c.key, CONTACT.c.id).where(CONTACT.c.authority_id == authority))}
    for contact in roster.contacts:
        if contact.deputy:
            connection.execute(update(CONTACT).where(CONTACT.c.id == keys[contact.key]).values(deputy_id=keys[contact.deputy]))
    return len(fresh), len(altered)


def _reachable_again(known: Row[Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return that nothing is known against a contact's new address."""
    return {} if known.address == wanted["address"] else {"refused_on": None, "unreachable_since": None}


def contact_row(contact: RosterContact, *, authority: int, party: int) -> dict[str, Any]:
    """Return the row of a contact of a party, but for who stands in: that is known when all are there."""
    return {
        "authority_id": authority,
        "party_id": party,
        "key": contact.key,
        "role": contact.role.value,
        "name": contact.name,
        "address": contact.address,
        "phone": contact.phone,
        "language": contact.language,
        "fields": ",".join(contact.fields),
        "valid_from": contact.valid_from,
        "valid_to": contact.valid_to,
        "deputy_from": contact.deputy_from,
        "deputy_to": contact.deputy_to,
    }
