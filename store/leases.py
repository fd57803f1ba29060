"""
Leases: which engine acts for an authority.

Whoever holds the lease renews it as the first statement of each step; one that slept through its lease finds the epoch
risen and stops. Time here is the database's clock alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from store.journal import database_clock
from store.locks import insert_if_new
from store.schema import CYCLE
from store.schema import LEASE as LEASES

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store, Transaction

LEASE_SECONDS = 60
_WHOSE = LEASES.c.authority_id == bindparam("b_authority")
_MINE = (bindparam("b_holder", type_=LEASES.c.holder.type), bindparam("b_epoch", type_=LEASES.c.epoch.type))
_CLOCK = bindparam("b_clock", type_=LEASES.c.renewed_at.type)
_READ = select(LEASES).where(_WHOSE).with_for_update()
_TAKE = update(LEASES).where(_WHOSE).values(holder=_MINE[0], epoch=_MINE[1], renewed_at=_CLOCK)
_RENEW = update(LEASES).where(_WHOSE, LEASES.c.holder == _MINE[0], LEASES.c.epoch == _MINE[1]).values(renewed_at=_CLOCK)


class LeaseLostError(Exception):
    """Another engine acts for the authority now; this one has written nothing and stops."""

    def __init__(self, lease: Lease) -> None:
        """Keep the lease that was lost."""
        self.lease = lease
        whose = f"authority {lease.authority} (holder {lease.holder}, epoch {lease.epoch})"
        super().__init__(f"the lease of {whose} has passed to another engine")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """The right to act for an authority."""

    authority: int
    holder: str
    epoch: int


def take_lease(store: Store, authority: int, *, holder: str, now: datetime) -> Lease | None:
    """Return the lease if it is free, run out or already this holder's; None while another engine holds it."""
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        row = connection.execute(_READ, {"b_authority": authority}).one_or_none()
        if row is None:
            insert_if_new(connection, LEASES, {"authority_id": authority, "holder": holder, "epoch": 1, "renewed_at": clock})
            row = connection.execute(_READ, {"b_authority": authority}).one()
        if row.holder == holder:
            epoch = row.epoch
        elif row.renewed_at + timedelta(seconds=LEASE_SECONDS) > clock:
            return None
        else:
            epoch = row.epoch + 1
        mine = {"b_authority": authority, "b_holder": holder, "b_epoch": epoch, "b_clock": clock}
        connection.execute(_TAKE, mine)
        return Lease(authority=authority, holder=holder, epoch=epoch)


def fence(transaction: Transaction, lease: Lease) -> None:
    """Renew the lease, or raise `LeaseLostError`: the first statement of every step."""
    connection = transaction.connection
    mine = {"b_authority": lease.authority, "b_holder": lease.holder, "b_epoch": lease.epoch, "b_clock": database_clock(connection)}
    renewed = connection.execute(_RENEW, mine)
    if renewed.rowcount != 1:
        raise LeaseLostError(lease)


def give_back(store: Store, *, holder: str, now: datetime) -> None:
    """Let other engines take over at once whatever this one still holds; nothing is written where it holds nothing."""
    with store.transaction(now=now) as transaction:
        run_out = database_clock(transaction.connection) - timedelta(seconds=LEASE_SECONDS)
        transaction.connection.execute(update(LEASES).where(LEASES.c.holder == holder).values(renewed_at=run_out))


def keep_leases(store: Store, *, holder: str, now: datetime) -> int:
    """
    Keep every lease that an engine still holds, and take those that are nobody's; return how many it has.

    So an engine that has nothing to do is seen to be there, and whoever looks after the system is not told that it stands.
    """
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        clock = database_clock(connection)
        alive = LEASES.c.renewed_at > clock - timedelta(seconds=LEASE_SECONDS)
        mine = connection.execute(update(LEASES).where(LEASES.c.holder == holder, alive).values(renewed_at=clock)).rowcount
        taken = {"holder": holder, "epoch": LEASES.c.epoch + 1, "renewed_at": clock}
        mine += connection.execute(update(LEASES).where(~alive).values(**taken)).rowcount
        without = select(CYCLE.c.authority_id).where(CYCLE.c.authority_id.not_in(select(LEASES.c.authority_id))).distinct()
        for authority in connection.execute(without).scalars().all():
            insert_if_new(connection, LEASES, {"authority_id": authority, "holder": holder, "epoch": 1, "renewed_at": clock})
            mine += 1
        return int(mine)
