"""
Changing people: contacts come and go, are stood in for, get another address; units come, end, change superiors, get successors.

Every change is one journal entry of ids and dates, never a name or an address. Nobody is deleted: who leaves gets a last day, so that
what they did keeps its author. Where a change mends what an open repair `contact/<party>/<role>` asked for, the repair is accepted in
the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select, update

from evaluation.actions import Move, Remark, void_rest
from evaluation.cycles import CycleState
from evaluation.kinds import Role
from evaluation.obligations import FINAL, State
from evaluation.workdays import ONE_DAY
from store.commands.authorities import contact_row, touched
from store.journal import Entry
from store.lives import read_by_id
from store.locks import hold_authority, share_cycle
from store.outbox.answering import MENDED
from store.perform import Decided, perform
from store.queries.people import AuthorityFacts, contact_named, party_named
from store.refusals import RefusalError
from store.schema import CONTACT, CYCLE, OBLIGATION, PARTY, SUCCESSION, SUPERIOR
from store.years import load_year

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection, Table

    from evaluation.rosters import Party, RosterContact
    from store.session import Store, Transaction

RUNNING = (CycleState.LAUNCHED.value, CycleState.PAUSED.value)


class PeopleError(RefusalError):
    """A contact or unit cannot be changed so: why, and what to do."""


class AlreadyThereError(PeopleError):
    """A key is taken, or a fact is already so."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a change of people came to."""

    id: int  #: of the contact or party
    mended: tuple[int, ...] = ()  #: repairs that it did


# --- contacts ---------------------------------------------------------------------------------------------------------


def add_contact(store: Store, transaction: Transaction, authority: AuthorityFacts, contact: RosterContact) -> Changed:
    """Add a contact of a party in a role; AlreadyThereError if the key is taken."""
    connection = _held(transaction, authority)
    party = party_named(connection, authority, contact.party)
    _require_free(transaction, CONTACT, authority=authority, key=contact.key)
    require_order(contact.valid_from, contact.valid_to)
    ident = int(
        connection.execute(insert(CONTACT).returning(CONTACT.c.id), contact_row(contact, authority=authority.id, party=party)).scalar_one()
    )
    _note(transaction, authority, action="add-contact", contact=ident, party=party, role=contact.role.value)
    return Changed(id=ident, mended=_mend(store, transaction, party=party, role=contact.role.value))


def drop_contact(transaction: Transaction, authority: AuthorityFacts, key: str, *, on: date) -> Changed:
    """Give a contact a last day in office; what is told to the post afterwards goes down the line, and asks for a repair."""
    contact = contact_named(_held(transaction, authority), authority, key)
    require_order(contact.valid_from, on)
    _change(transaction, contact.id, valid_to=on)
    _note(transaction, authority, action="drop-contact", contact=contact.id, last_on=on.isoformat())
    return Changed(id=contact.id)


def replace_contact(store: Store, transaction: Transaction, authority: AuthorityFacts, key: str, *, by: RosterContact) -> Changed:
    """Let another person take over a contact's party and role from a date on, the day after the old one's last."""
    old = contact_named(_held(transaction, authority), authority, key)
    start = by.valid_from or today(transaction, authority)
    if old.valid_from is not None and start <= old.valid_from:
        vi = f"“{key}” mới giữ nhiệm vụ từ {old.valid_from:%d/%m/%Y}; người thay phải bắt đầu sau ngày ấy"
        raise PeopleError(vi, f"“{key}” is in office from {old.valid_from} on only; the successor must begin later than that")
    if old.valid_to is None or old.valid_to >= start:
        _change(transaction, old.id, valid_to=start - ONE_DAY)
    _require_free(transaction, CONTACT, authority=authority, key=by.key)
    row = {**contact_row(by, authority=authority.id, party=old.party), "role": old.role, "valid_from": start}
    ident = int(transaction.connection.execute(insert(CONTACT).returning(CONTACT.c.id), row).scalar_one())
    _note(transaction, authority, action="replace-contact", contact=old.id, by=ident, since=start.isoformat())
    return Changed(id=ident, mended=_mend(store, transaction, party=old.party, role=old.role))


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """Who stands in for a contact between two dates; an open end lasts until it is changed."""

    deputy: str  #: key; empty: nobody any more
    since: date | None = None
    until: date | None = None


def set_deputy(store: Store, transaction: Transaction, authority: AuthorityFacts, key: str, *, stand_in: StandIn) -> Changed:
    """Let another contact stand in for one while absent, or nobody any more."""
    contact = contact_named(_held(transaction, authority), authority, key)
    if stand_in.deputy == key:
        vi, en = f"“{key}” không thể thay mặt chính mình", f"“{key}” cannot stand in for itself"
        raise PeopleError(vi, en)
    require_order(stand_in.since, stand_in.until)
    deputy = contact_named(transaction.connection, authority, stand_in.deputy).id if stand_in.deputy else None
    since = (stand_in.since or today(transaction, authority)) if deputy else None
    _change(transaction, contact.id, deputy_id=deputy, deputy_from=since, deputy_to=stand_in.until if deputy else None)
    dates = {"since": since.isoformat() if since else None, "until": stand_in.until.isoformat() if stand_in.until and deputy else None}
    _note(transaction, authority, action="set-deputy", contact=contact.id, deputy=deputy, **dates)
    return Changed(id=contact.id, mended=_mend(store, transaction, party=contact.party, role=contact.role))


def change_address(store: Store, transaction: Transaction, authority: AuthorityFacts, key: str, *, address: str) -> Changed:
    """Give a contact another address, from which on it counts as reachable again."""
    contact = contact_named(_held(transaction, authority), authority, key)
    _change(transaction, contact.id, address=address, unreachable_since=None, refused_on=None)
    _note(transaction, authority, action="change-address", contact=contact.id)
    return Changed(id=contact.id, mended=_mend(store, transaction, party=contact.party, role=contact.role))


def _change(transaction: Transaction, contact: int, **values: object) -> None:
    transaction.connection.execute(update(CONTACT).where(CONTACT.c.id == contact).values(**values))


# --- units ------------------------------------------------------------------------------------------------------------


def add_unit(transaction: Transaction, authority: AuthorityFacts, party: Party) -> Changed:
    """Add a unit, body or person, under its superior if it names one; AlreadyThereError if the key is taken."""
    connection = _held(transaction, authority)
    _require_free(transaction, PARTY, authority=authority, key=party.key)
    require_order(party.valid_from, party.valid_to)
    above = party_named(connection, authority, party.superior) if party.superior else None
    row = {
        "authority_id": authority.id,
        "kind": party.kind.value,
        **{
            name: getattr(party, name)
            for name in ("key", "name", "level", "group", "mailbox", "valid_from", "valid_to", "exempt", "code", "source")
        },
    }
    ident = int(connection.execute(insert(PARTY).returning(PARTY.c.id), row).scalar_one())
    if above is not None:
        connection.execute(
            insert(SUPERIOR), {"party_id": ident, "superior_id": above, "valid_from": party.valid_from, "valid_to": party.valid_to}
        )
    _note(transaction, authority, action="add-unit", party=ident, superior=above)
    return Changed(id=ident)


def drop_unit(transaction: Transaction, authority: AuthorityFacts, key: str, *, on: date) -> Changed:
    """Give a unit a last day; what it still owes is handed over or waived, obligation by obligation."""
    party = party_named(_held(transaction, authority), authority, key)
    valid_from = transaction.connection.execute(select(PARTY.c.valid_from).where(PARTY.c.id == party)).scalar_one()
    require_order(valid_from, on)
    transaction.connection.execute(update(PARTY).where(PARTY.c.id == party).values(valid_to=on))
    _note(transaction, authority, action="drop-unit", party=party, last_on=on.isoformat())
    return Changed(id=party)


def place_under(transaction: Transaction, authority: AuthorityFacts, key: str, *, superior: str, since: date) -> Changed:
    """Put a unit under another superior from a date on; where it stood before ends the day before."""
    connection = _held(transaction, authority)
    party, above = party_named(connection, authority, key), party_named(connection, authority, superior)
    if party == above:
        vi, en = f"“{key}” không thể là cấp dưới của chính mình", f"“{key}” cannot stand under itself"
        raise PeopleError(vi, en)
    now_under = (SUPERIOR.c.party_id == party) & or_(SUPERIOR.c.valid_to.is_(None), SUPERIOR.c.valid_to >= since)
    for row in connection.execute(select(SUPERIOR).where(now_under)).all():
        if row.valid_from is not None and row.valid_from >= since:
            vi = f"“{key}” đã có cấp trên khác từ {row.valid_from:%d/%m/%Y}; hãy chọn ngày sau đó"
            raise AlreadyThereError(vi, f"“{key}” gets another superior on {row.valid_from} already; choose a later date")
    connection.execute(update(SUPERIOR).where(now_under).values(valid_to=since - ONE_DAY))
    connection.execute(insert(SUPERIOR), {"party_id": party, "superior_id": above, "valid_from": since, "valid_to": None})
    _note(transaction, authority, action="place-under", party=party, superior=above, since=since.isoformat())
    return Changed(id=party)


def name_successor(transaction: Transaction, authority: AuthorityFacts, key: str, *, successor: str) -> Changed:
    """Say that a unit takes over from another; a unit may have several successors, and be the successor of several."""
    connection = _held(transaction, authority)
    old, new = party_named(connection, authority, key), party_named(connection, authority, successor)
    if old == new:
        vi, en = f"“{key}” không thể kế thừa chính mình", f"“{key}” cannot succeed itself"
        raise PeopleError(vi, en)
    known = select(SUCCESSION.c.successor_id).where(SUCCESSION.c.predecessor_id == old, SUCCESSION.c.successor_id == new)
    if connection.execute(known).scalar_one_or_none() is not None:
        vi, en = f"“{successor}” đã là đơn vị kế thừa của “{key}”", f"“{successor}” is a successor of “{key}” already"
        raise AlreadyThereError(vi, en)
    connection.execute(insert(SUCCESSION), {"predecessor_id": old, "successor_id": new})
    _note(transaction, authority, action="name-successor", party=old, successor=new)
    return Changed(id=old)


# --- what every change needs ------------------------------------------------------------------------------------------


def _held(transaction: Transaction, authority: AuthorityFacts) -> Connection:
    """Return the connection, with the authority's people kept from changing until the transaction ends."""
    hold_authority(transaction.connection, authority.id)
    return transaction.connection


def today(transaction: Transaction, authority: AuthorityFacts) -> date:
    """Return the local date of a transaction."""
    return transaction.now.astimezone(ZoneInfo(authority.zone)).date()


def _require_free(transaction: Transaction, table: Table, *, authority: AuthorityFacts, key: str) -> None:
    taken = select(table.c.id).where(table.c.authority_id == authority.id, table.c.key == key)
    if transaction.connection.execute(taken).scalar_one_or_none() is not None:
        vi, en = f"“{authority.key}” đã có “{key}”; hãy chọn khóa khác", f"“{authority.key}” has “{key}” already; choose another key"
        raise AlreadyThereError(vi, en)


def require_order(first: date | None, last: date | None) -> None:
    """Refuse a last day that lies before the first."""
    if first is not None and last is not None and last < first:
        vi = f"ngày cuối {last:%d/%m/%Y} đứng trước ngày đầu {first:%d/%m/%Y}"
        raise PeopleError(vi, f"the last day {last} lies before the first day {first}")


def _note(transaction: Transaction, authority: AuthorityFacts, *, action: str, **ids: object) -> None:
    touched(transaction, authority.id)
    transaction.entries.append(
        Entry(authority=authority.id, action=action, payload={key: value for key, value in ids.items() if value is not None})
    )


def _mend(store: Store, transaction: Transaction, *, party: int, role: str) -> tuple[int, ...]:
    """Accept the open repairs that asked for somebody in a role of a party, in every running cycle where somebody now answers."""
    subject = f"contact/{party}/{role}"
    rows = transaction.connection.execute(
        select(OBLIGATION.c.id, OBLIGATION.c.cycle_id, OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .where(
            or_(OBLIGATION.c.subject == subject, OBLIGATION.c.subject.like(f"{subject}/%")),
            OBLIGATION.c.state.not_in([state.value for state in FINAL]),
            CYCLE.c.state.in_(RUNNING),
        )
        .order_by(OBLIGATION.c.id)
    ).all()
    mended = []
    for row in rows:
        share_cycle(transaction.connection, row.cycle_id)
        year = load_year(store, transaction.connection, row.cycle_id, now=transaction.now)
        if subject in year.directory.told(party, Role(role)).missing:
            continue
        before = read_by_id(transaction.connection, [row.id], lock=True)[0]
        actions = (*void_rest(before), Move(to=State.ACCEPTED), Remark(reason=subject))
        perform(transaction, year, [Decided(before=before, stage=row.stage_id, actions=actions, action=MENDED)])
        mended.append(int(row.id))
    return tuple(mended)
