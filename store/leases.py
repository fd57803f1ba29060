"""
Leases: which engine acts for an authority.

Whoever holds the lease renews it as the first statement of each step; one that slept through its lease finds the epoch
risen and stops. Time here is the database's clock alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from store.journal import database_clock
from store.locks import insert_if_new
from store.schema import LEASE as LEASES

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Store, Transaction

LEASE_SECONDS = 60


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
        insert_if_new(connection, LEASES, {"authority_id": authority, "holder": holder, "epoch": 1, "renewed_at": clock})
        row = connection.execute(select(LEASES).where(LEASES.c.authority_id == authority).with_for_update()).one()
        if row.holder == holder:
            epoch = row.epoch
        elif row.renewed_at + timedelta(seconds=LEASE_SECONDS) > clock:
            return None
        else:
            epoch = row.epoch + 1
        mine = {"holder": holder, "epoch": epoch, "renewed_at": clock}
        connection.execute(update(LEASES).where(LEASES.c.authority_id == authority).values(**mine))
        return Lease(authority=authority, holder=holder, epoch=epoch)


def fence(transaction: Transaction, lease: Lease) -> None:
    """Renew the lease, or raise `LeaseLostError`: the first statement of every step."""
    connection = transaction.connection
    renewed = connection.execute(
        update(LEASES)
        .where(LEASES.c.authority_id == lease.authority, LEASES.c.holder == lease.holder, LEASES.c.epoch == lease.epoch)
        .values(renewed_at=database_clock(connection))
    )
    if renewed.rowcount != 1:
        raise LeaseLostError(lease)


def give_back(store: Store, *, holder: str, now: datetime) -> None:
    """Let other engines take over at once whatever this one still holds; nothing is written where it holds nothing."""
    with store.transaction(now=now) as transaction:
        run_out = database_clock(transaction.connection) - timedelta(seconds=LEASE_SECONDS)
        transaction.connection.execute(update(LEASES).where(LEASES.c.holder == holder).values(renewed_at=run_out))


def renew_leases(store: Store, *, holder: str, now: datetime) -> int:
    """Keep every lease that an engine still holds; return how many."""
    with store.transaction(now=now) as transaction:
        clock = database_clock(transaction.connection)
        mine = update(LEASES).where(LEASES.c.holder == holder, LEASES.c.renewed_at > clock - timedelta(seconds=LEASE_SECONDS))
        return int(transaction.connection.execute(mine.values(renewed_at=clock)).rowcount)
