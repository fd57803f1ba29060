"""Alarms of the delivery: what the standing body is asked to look at, each once until it is mended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update

from evaluation.cycles import CycleState
from store.commands.authorities import touched
from store.journal import Entry
from store.outbox.states import MessageState
from store.schema import AUTHORITY, CONTACT, CYCLE, MESSAGE, NOTICE, PARTY
from store.upkeep import ask_upkeep
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection, Row

    from store.session import Store, Transaction

log = structlog.get_logger()
_RUNNING = (CycleState.LAUNCHED.value, CycleState.PAUSED.value)
_CAME_TO_AN_END = (MessageState.SENT.value, MessageState.REFUSED.value, MessageState.BOUNCED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something the standing body of an authority is asked to look at."""

    authority: int
    subject: str
    message: int | None = None  #: in whose cycle it is asked; else in the newest that runs


def raise_alarms(store: Store, transaction: Transaction, alarms: Iterable[Alarm]) -> None:
    """Ask for each repair that is not asked for yet; where no cycle runs, nobody can be asked and the log alone has it."""
    by_cycle: dict[int | None, list[str]] = defaultdict(list)
    for alarm in alarms:
        log.warning("delivery.alarm", authority=alarm.authority, subject=alarm.subject)
        by_cycle[_cycle_for(transaction.connection, alarm)].append(alarm.subject)
    for cycle, subjects in by_cycle.items():
        if cycle is not None:
            ask_upkeep(transaction, load_year(store, transaction.connection, cycle, now=transaction.now), sorted(set(subjects)))


def _cycle_for(connection: Connection, alarm: Alarm) -> int | None:
    running = select(CYCLE.c.id).where(CYCLE.c.authority_id == alarm.authority, CYCLE.c.state.in_(_RUNNING))
    if alarm.message is not None:
        own = running.join(NOTICE, NOTICE.c.cycle_id == CYCLE.c.id).where(NOTICE.c.message_id == alarm.message)
        found = connection.execute(own.order_by(CYCLE.c.id.desc()).limit(1)).scalar_one_or_none()
        if found is not None:
            return int(found)
    return connection.execute(running.order_by(CYCLE.c.id.desc()).limit(1)).scalar_one_or_none()


def local_date(transaction: Transaction, authority: int) -> date:
    """Return today's date where the authority is."""
    zone = transaction.connection.execute(select(AUTHORITY.c.zone).where(AUTHORITY.c.id == authority)).scalar_one()
    return transaction.now.astimezone(ZoneInfo(zone)).date()


def server_alarms(transaction: Transaction, authorities: Iterable[int]) -> list[Alarm]:
    """Return the day's one alarm of each authority whose mail server takes nothing."""
    return [
        Alarm(authority=authority, subject=f"mail-server/{local_date(transaction, authority).isoformat()}")
        for authority in sorted(set(authorities))
    ]


def refused(store: Store, transaction: Transaction, messages: Sequence[int]) -> None:
    """
    Keep that these messages' recipients were refused for good or sent back.

    The second time in a row on another day, or at once where there is no address at all, the recipient is unreachable: nobody is
    told there any more, and the standing body is asked for a better address.
    """
    connection = transaction.connection
    for row in connection.execute(select(MESSAGE).where(MESSAGE.c.id.in_(messages)).order_by(MESSAGE.c.id)).all():
        today = local_date(transaction, row.authority_id)
        if row.recipient.startswith("c"):
            connection.execute(update(CONTACT).where(CONTACT.c.id == int(row.recipient[1:])).values(refused_on=today))
        if not row.address or _refused_before(transaction, row, today=today):
            _unreachable(store, transaction, row)


def _refused_before(transaction: Transaction, row: Row[Any], *, today: date) -> bool:
    """Return whether what came to an end last for the same recipient and address was refused too, on another day."""
    earlier = transaction.connection.execute(
        select(MESSAGE.c.state, MESSAGE.c.at)
        .where(
            MESSAGE.c.authority_id == row.authority_id,
            MESSAGE.c.recipient == row.recipient,
            MESSAGE.c.address == row.address,
            MESSAGE.c.id != row.id,
            MESSAGE.c.state.in_(_CAME_TO_AN_END),
        )
        .order_by(MESSAGE.c.id.desc())
        .limit(1)
    ).one_or_none()
    if earlier is None or earlier.state == MessageState.SENT.value:
        return False
    zone = transaction.connection.execute(select(AUTHORITY.c.zone).where(AUTHORITY.c.id == row.authority_id)).scalar_one()
    return bool(earlier.at.astimezone(ZoneInfo(zone)).date() != today)


def _unreachable(store: Store, transaction: Transaction, row: Row[Any]) -> None:
    connection, ident = transaction.connection, int(row.recipient[1:])
    if row.recipient.startswith("a"):
        raise_alarms(store, transaction, [Alarm(authority=row.authority_id, subject=f"account-mail/{ident}", message=row.id)])
        return
    if row.recipient.startswith("c"):
        contact = connection.execute(select(CONTACT.c.party_id, CONTACT.c.role).where(CONTACT.c.id == ident)).one()
        marked = update(CONTACT).where(CONTACT.c.id == ident, CONTACT.c.unreachable_since.is_(None))
        changed = connection.execute(marked.values(unreachable_since=transaction.now)).rowcount
        who, subject = {"contact": ident}, f"contact/{contact.party_id}/{contact.role}"
    else:
        marked = update(PARTY).where(PARTY.c.id == ident, PARTY.c.mailbox_unreachable.is_(False))
        changed = connection.execute(marked.values(mailbox_unreachable=True)).rowcount
        who, subject = {"party": ident}, f"mailbox/{ident}"
    if changed:
        touched(transaction, row.authority_id)
        transaction.entries.append(Entry(authority=row.authority_id, action="unreachable", payload=who))
    raise_alarms(store, transaction, [Alarm(authority=row.authority_id, subject=subject, message=row.id)])
