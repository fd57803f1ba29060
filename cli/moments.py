"""Local dates and times of an authority, and the moment of which a reading command tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from cli.acting import moment
from cli.language import said
from store.queries.people import authority_named, list_authorities
from store.queries.ticks import last_tick

if TYPE_CHECKING:
    from datetime import date

    from store.queries.people import AuthorityFacts
    from store.session import Store

ZONE = "Asia/Ho_Chi_Minh"  #: where no single authority says


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """The moment of which a reading command tells."""

    now: datetime  #: UTC
    zone: str
    present: bool


def as_of(store: Store, at: str, *, authority: int | None = None) -> AsOf:
    """
    Return the moment given; else the present, or the last tick of a sandbox that was ticked ahead of it.

    Where several authorities are told of at once, the latest such tick counts, if all of them are sandboxes.
    """
    with store.reading() as connection:
        every = [authority_named(connection, one.key) for one in list_authorities(connection)]
        told = [one for one in every if authority in {None, one.id}]
        ticks = [last_tick(connection, one.id) for one in told]
    zone = told[0].zone if told else ZONE
    now = moment(at, zone=zone)
    if at or not all(one.sandbox for one in told):
        return AsOf(now=now, zone=zone, present=not at)
    last = max((tick for tick in ticks if tick is not None), default=now)
    return AsOf(now=max(last, now), zone=zone, present=last <= now)


def say_as_of(seen: AsOf) -> None:
    """Print of which moment a list tells, unless it is the present."""
    if not seen.present:
        then = local(seen.now, zone=seen.zone)
        typer.echo(said(f"Tính đến {then:%d/%m/%Y %H:%M}.", f"As of {then:%d/%m/%Y %H:%M}."))


def today_of(authority: AuthorityFacts, now: datetime) -> date:
    """Return the local date of an authority at an instant."""
    return now.astimezone(ZoneInfo(authority.zone)).date()


def local(at: datetime, *, zone: str) -> datetime:
    """Return an instant as the clock on an authority's wall shows it."""
    return at.astimezone(ZoneInfo(zone))
