"""Authorities, units and contacts as people ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from store.schema import AUTHORITY, CALENDAR, CONTACT, CYCLE, MESSAGE, OBLIGATION, PARTY, SUCCESSION, SUPERIOR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection


class NoSuchContactError(LookupError):
    """An authority has no contact of that key."""

    def __init__(self, key: str, *, authority: str) -> None:
        """Keep what was asked for."""
        self.key, self.authority = key, authority
        super().__init__(f"“{authority}” has no contact “{key}”; `dondoc contacts list --authority {authority}` names them")


class NoSuchPartyError(LookupError):
    """An authority has no unit, body or person of that key."""

    def __init__(self, key: str, *, authority: str = "", near: Sequence[str] = ()) -> None:
        """Keep what was asked for, and the keys that come near it; without an authority it was asked of all."""
        self.key, self.authority, self.near = key, authority, tuple(near)
        super().__init__(self.text("en"))

    def text(self, language: str = "vi") -> str:
        """Return what is not there, and what is, in `vi` or `en`."""
        listing = f"`dondoc units list{f' --authority {self.authority}' if self.authority else ''}`"
        near = ", ".join(self.near)
        if language == "vi":
            whose = f"“{self.authority}” không có" if self.authority else "không có"
            return f"{whose} đơn vị “{self.key}”; " + (f"có phải {near}?" if near else f"xem {listing}")
        whose = f"“{self.authority}” has" if self.authority else "there is"
        return f"{whose} no unit “{self.key}”; " + (f"did you mean {near}?" if near else f"{listing} names them")


@dataclass(frozen=True, kw_only=True)
class AuthorityFacts:
    """An authority, as far as a command needs it."""

    id: int
    key: str
    name: str
    sandbox: bool
    zone: str
    outbox_held: bool


@dataclass(frozen=True, kw_only=True)
class AuthorityLine:
    """An authority in a list."""

    key: str
    name: str
    sandbox: bool
    zone: str
    outbox_held: bool
    units: int
    contacts: int
    cycles: int


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A unit, body or person in a list; `superior` as of the date asked."""

    key: str
    kind: str
    name: str
    level: str
    group: str
    superior: str
    mailbox: str
    mailbox_unreachable: bool
    valid_from: date | None
    valid_to: date | None
    exempt: str
    successors: tuple[str, ...]
    code: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ContactLine:
    """A contact in a list."""

    key: str
    party: str
    party_name: str
    role: str
    name: str
    address: str
    phone: str
    language: str
    fields: str  #: keys with commas, of a field lead
    valid_from: date | None
    valid_to: date | None
    deputy: str
    deputy_from: date | None
    deputy_to: date | None
    unreachable_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """A contact, as far as a command needs it."""

    id: int
    key: str
    party: int
    role: str
    valid_from: date | None
    valid_to: date | None

    def is_in_office(self, on: date) -> bool:
        """Return whether the contact answers for the role on that date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


_FACTS = (AUTHORITY.c.id, AUTHORITY.c.key, AUTHORITY.c.name, AUTHORITY.c.sandbox, AUTHORITY.c.zone, AUTHORITY.c.outbox_held)


def list_authorities(connection: Connection) -> list[AuthorityLine]:
    """Return every authority, by key, with how many units, contacts and cycles it has."""
    counted = (
        select(func.count()).where(PARTY.c.authority_id == AUTHORITY.c.id, PARTY.c.kind == "unit").scalar_subquery().label("units"),
        select(func.count()).where(CONTACT.c.authority_id == AUTHORITY.c.id).scalar_subquery().label("contacts"),
        select(func.count()).where(CYCLE.c.authority_id == AUTHORITY.c.id).scalar_subquery().label("cycles"),
    )
    rows = connection.execute(select(*_FACTS[1:], *counted).order_by(AUTHORITY.c.key))
    return [AuthorityLine(**row._mapping) for row in rows]


def authority_named(connection: Connection, key: str) -> AuthorityFacts:
    """Return an authority by its key; AuthorityError if there is none."""
    row = connection.execute(select(*_FACTS).where(AUTHORITY.c.key == key)).one_or_none()
    if row is None:
        from store.commands.authorities import authority_id  # noqa: PLC0415  what it needs is too much for a question of status

        return _authority(connection, authority_id(connection, key))
    return AuthorityFacts(**row._mapping)


def authority_of_id(connection: Connection, ident: int) -> AuthorityFacts:
    """Return an authority that is there."""
    return _authority(connection, ident)


def people_version(connection: Connection, authority: int) -> int:
    """Return the number that rises with every change of an authority's parties and contacts."""
    return int(connection.execute(select(AUTHORITY.c.people_version).where(AUTHORITY.c.id == authority)).scalar_one())


def authority_of_cycle(connection: Connection, cycle: int) -> AuthorityFacts:
    """Return whose cycle it is; the cycle exists."""
    return _authority(connection, connection.execute(select(CYCLE.c.authority_id).where(CYCLE.c.id == cycle)).scalar_one())


def authority_of_obligation(connection: Connection, obligation: int) -> AuthorityFacts | None:
    """Return whose obligation it is; None if there is no such obligation."""
    found = connection.execute(select(OBLIGATION.c.authority_id).where(OBLIGATION.c.id == obligation)).scalar_one_or_none()
    return None if found is None else _authority(connection, found)


def authority_of_message(connection: Connection, message: int) -> AuthorityFacts | None:
    """Return whose message it is; None if there is no such message."""
    found = connection.execute(select(MESSAGE.c.authority_id).where(MESSAGE.c.id == message)).scalar_one_or_none()
    return None if found is None else _authority(connection, found)


def _authority(connection: Connection, ident: int) -> AuthorityFacts:
    return AuthorityFacts(**connection.execute(select(*_FACTS).where(AUTHORITY.c.id == ident)).one()._mapping)


def contact_named(connection: Connection, authority: AuthorityFacts, key: str) -> ContactFacts:
    """Return a contact of an authority by its key; NoSuchContactError if it has none such."""
    row = connection.execute(
        select(
            CONTACT.c.id, CONTACT.c.key, CONTACT.c.party_id.label("party"), CONTACT.c.role, CONTACT.c.valid_from, CONTACT.c.valid_to
        ).where(CONTACT.c.authority_id == authority.id, CONTACT.c.key == key)
    ).one_or_none()
    if row is None:
        raise NoSuchContactError(key, authority=authority.key)
    return ContactFacts(**row._mapping)


def party_named(connection: Connection, authority: AuthorityFacts, key: str) -> int:
    """Return the id of a unit, body or person; NoSuchPartyError if the authority has none such."""
    found = connection.execute(select(PARTY.c.id).where(PARTY.c.authority_id == authority.id, PARTY.c.key == key)).scalar_one_or_none()
    if found is None:
        raise NoSuchPartyError(key, authority=authority.key)
    return int(found)


def require_party(connection: Connection, key: str, *, authority: int | None) -> None:
    """Raise NoSuchPartyError, with the keys that come near, unless an authority (any, where none is given) has a party of that key."""
    query = select(PARTY.c.key).distinct().order_by(PARTY.c.key)
    known = list(connection.execute(query if authority is None else query.where(PARTY.c.authority_id == authority)).scalars())
    if key not in known:
        name = "" if authority is None else _authority(connection, authority).key
        raise NoSuchPartyError(key, authority=name, near=get_close_matches(key, known))


def newest_calendar(connection: Connection, authority: int) -> int | None:
    """Return the id of the calendar version that an authority entered last; None if it never entered one."""
    query = select(CALENDAR.c.id).where(CALENDAR.c.authority_id == authority).order_by(CALENDAR.c.entered_at.desc(), CALENDAR.c.id.desc())
    return connection.execute(query.limit(1)).scalar_one_or_none()


def list_units(connection: Connection, authority: int, *, on: date) -> list[UnitLine]:
    """Return the parties of an authority in the order they came in, each with its superior as of a date."""
    above = PARTY.alias()
    holds = and_(
        SUPERIOR.c.party_id == PARTY.c.id,
        or_(SUPERIOR.c.valid_from.is_(None), SUPERIOR.c.valid_from <= on),
        or_(SUPERIOR.c.valid_to.is_(None), SUPERIOR.c.valid_to >= on),
    )
    query = (
        select(PARTY, above.c.key.label("superior"))
        .outerjoin(SUPERIOR, holds)
        .outerjoin(above, above.c.id == SUPERIOR.c.superior_id)
        .where(PARTY.c.authority_id == authority)
        .order_by(PARTY.c.id)
    )
    rows = {row.id: row for row in connection.execute(query)}
    successors = _successors(connection, authority)
    names = [name for name in UnitLine.__dataclass_fields__ if name not in {"superior", "successors"}]
    return [
        UnitLine(**{name: row._mapping[name] for name in names}, superior=row.superior or "", successors=successors.get(ident, ()))
        for ident, row in rows.items()
    ]


def _successors(connection: Connection, authority: int) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(
        select(SUCCESSION.c.predecessor_id, PARTY.c.key)
        .join(PARTY, PARTY.c.id == SUCCESSION.c.successor_id)
        .where(PARTY.c.authority_id == authority)
        .order_by(PARTY.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for old, new in rows:
        found[old] = (*found.get(old, ()), new)
    return found


def list_contacts(connection: Connection, authority: int) -> list[ContactLine]:
    """Return the contacts of an authority, by party, then in the order they came in."""
    deputy = CONTACT.alias()
    query = (
        select(CONTACT, PARTY.c.key.label("party"), PARTY.c.name.label("party_name"), deputy.c.key.label("deputy"))
        .join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .outerjoin(deputy, deputy.c.id == CONTACT.c.deputy_id)
        .where(CONTACT.c.authority_id == authority)
        .order_by(PARTY.c.id, CONTACT.c.id)
    )
    names = [name for name in ContactLine.__dataclass_fields__ if name != "deputy"]
    return [
        ContactLine(**{name: row._mapping[name] for name in names}, deputy=row._mapping["deputy"] or "")
        for row in connection.execute(query)
    ]


def party_names(connection: Connection, cycle: int) -> dict[int, str]:
    """Return the names of the parties of a cycle's authority by id."""
    query = select(PARTY.c.id, PARTY.c.name).join(CYCLE, CYCLE.c.authority_id == PARTY.c.authority_id).where(CYCLE.c.id == cycle)
    return dict(connection.execute(query).tuples().all())


def parties_of_contact(connection: Connection, key: str, *, authority: int | None = None) -> list[int]:
    """Return the parties of the contacts of that key, in every authority or in one."""
    wanted = [CONTACT.c.key == key, *([] if authority is None else [CONTACT.c.authority_id == authority])]
    return list(connection.execute(select(CONTACT.c.party_id).where(*wanted).order_by(CONTACT.c.id)).scalars())
