"""A unit as its page names it: under whom it stands, who took over from it, who is in office, and whom to phone for help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from evaluation.kinds import Role
from store.schema import CONTACT, CYCLE, PARTY, SUCCESSION, SUPERIOR

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitHead:
    """A unit, body or person; its superior as of the date asked."""

    id: int
    key: str
    name: str
    level: str
    group: str
    mailbox: str
    mailbox_unreachable: bool
    valid_to: date | None
    exempt: str
    superior: str  #: name; empty if none
    successors: tuple[str, ...]  #: names


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonLine:
    """A contact of a unit, in office or not."""

    id: int
    role: Role
    name: str
    address: str
    phone: str
    valid_from: date | None
    valid_to: date | None
    deputy: str  #: name; empty if none is set
    deputy_from: date | None
    deputy_to: date | None
    unreachable_since: datetime | None

    def is_in_office(self, on: date) -> bool:
        """Return whether the contact answers for the role on that date."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def is_deputised(self, on: date) -> bool:
        """Return whether the deputy stands in on that date."""
        return (
            bool(self.deputy)
            and self.deputy_from is not None
            and self.deputy_from <= on
            and (self.deputy_to is None or on <= self.deputy_to)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Help:
    """Whom a unit turns to: the standing body of a cycle; its telephone is empty where none is known."""

    name: str
    mailbox: str
    phone: str


_UNIT = ("id", "key", "name", "level", "group", "mailbox", "mailbox_unreachable", "valid_to", "exempt")
_PERSON = ("id", "name", "address", "phone", "valid_from", "valid_to", "deputy_from", "deputy_to", "unreachable_since")


def unit_head(connection: Connection, authority: int, key: str, *, on: date) -> UnitHead | None:
    """Return a party of an authority; None if it has none of that key. Two queries."""
    above = PARTY.alias()
    holds = and_(
        SUPERIOR.c.party_id == PARTY.c.id,
        or_(SUPERIOR.c.valid_from.is_(None), SUPERIOR.c.valid_from <= on),
        or_(SUPERIOR.c.valid_to.is_(None), SUPERIOR.c.valid_to >= on),
    )
    query = (
        select(*(PARTY.c[name] for name in _UNIT), above.c.name.label("superior"))
        .outerjoin(SUPERIOR, holds)
        .outerjoin(above, above.c.id == SUPERIOR.c.superior_id)
        .where(PARTY.c.authority_id == authority, PARTY.c.key == key)
    )
    row = connection.execute(query.order_by(SUPERIOR.c.id)).first()
    if row is None:
        return None
    after = select(PARTY.c.name).join(SUCCESSION, SUCCESSION.c.successor_id == PARTY.c.id).where(SUCCESSION.c.predecessor_id == row.id)
    successors = tuple(connection.execute(after.order_by(PARTY.c.id)).scalars())
    return UnitHead(**{**row._mapping, "superior": row.superior or "", "successors": successors})


def people_of(connection: Connection, party: int) -> list[PersonLine]:
    """Return the contacts of a unit in the order they came in: one query."""
    deputy = CONTACT.alias()
    query = (
        select(*(CONTACT.c[name] for name in _PERSON), CONTACT.c.role, deputy.c.name.label("deputy"))
        .outerjoin(deputy, deputy.c.id == CONTACT.c.deputy_id)
        .where(CONTACT.c.party_id == party)
        .order_by(CONTACT.c.id)
    )
    return [PersonLine(**{**row._mapping, "role": Role(row.role), "deputy": row.deputy or ""}) for row in connection.execute(query)]


def help_of(connection: Connection, cycle: int, *, on: date) -> Help:
    """Return the standing body of a cycle that is there, with the telephone of its officer, else of its head: one query."""
    in_office = and_(
        CONTACT.c.party_id == PARTY.c.id,
        CONTACT.c.phone != "",
        CONTACT.c.role.in_([Role.OFFICER.value, Role.HEAD.value]),
        or_(CONTACT.c.valid_from.is_(None), CONTACT.c.valid_from <= on),
        or_(CONTACT.c.valid_to.is_(None), CONTACT.c.valid_to >= on),
    )
    query = (
        select(PARTY.c.name, PARTY.c.mailbox, CONTACT.c.phone)
        .join(CYCLE, CYCLE.c.standing_body_id == PARTY.c.id)
        .outerjoin(CONTACT, in_office)
        .where(CYCLE.c.id == cycle)
        .order_by(CONTACT.c.role.desc(), CONTACT.c.id)  # "officer" before "head"
    )
    row = connection.execute(query.limit(1)).one()
    return Help(name=row.name, mailbox=row.mailbox, phone=row.phone or "")
