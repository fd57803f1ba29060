"""Criteria sets as people ask for them: lists, one version, what a cycle uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from config.fault_nouns import nearest
from store.refusals import RefusalError
from store.schema import CONTACT, CRITERIA_PIN, CRITERIA_SET, CRITERIA_VERSION, CYCLE, PARTY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

DRAFT, PUBLISHED = "draft", "published"


class NoSuchCriteriaError(RefusalError, LookupError):
    """An authority has no such criteria set, or no such version of it."""


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """A version of a criteria set in a list."""

    id: int
    set_id: int
    key: str
    number: int
    state: str  #: `draft`, `published`
    title: str
    decision: str
    decided_on: date | None
    accepted: str  #: why it was taken in though it does not add up
    reason: str  #: of a correction
    sha256: str
    entered_at: datetime
    contact: str  #: key of who entered it; empty: the system


@dataclass(frozen=True, kw_only=True)
class PinLine:
    """Which version a cycle uses, or used, for a unit group."""

    cycle: int
    plan: str
    year: int
    group: str
    number: int
    current: bool
    key: str
    version: int
    title: str
    reason: str
    basis: str
    pinned_at: datetime
    contact: str


def versions_of(connection: Connection, authority: int, *, key: str = "") -> list[VersionLine]:
    """Return the versions of an authority's sets, or of one of them, by key, the newest first."""
    whose = CRITERIA_SET.c.authority_id == authority
    return _versions(connection, whose & (CRITERIA_SET.c.key == key) if key else whose)


def _versions(connection: Connection, where: ColumnElement[bool]) -> list[VersionLine]:
    names = ("id", "set_id", "number", "state", "title", "decision", "decided_on", "accepted", "reason", "sha256", "entered_at")
    query = (
        select(*(CRITERIA_VERSION.c[name] for name in names), CRITERIA_SET.c.key, CONTACT.c.key.label("contact"))
        .join(CRITERIA_SET, CRITERIA_SET.c.id == CRITERIA_VERSION.c.set_id)
        .outerjoin(CONTACT, CONTACT.c.id == CRITERIA_VERSION.c.contact_id)
        .where(where)
        .order_by(CRITERIA_SET.c.key, CRITERIA_VERSION.c.number.desc())
    )
    return [VersionLine(**{**row._mapping, "contact": row.contact or ""}) for row in connection.execute(query)]


def version_named(connection: Connection, authority: int, name: str) -> VersionLine:
    """Return the version of `KEY` (the newest) or `KEY/NUMBER`; NoSuchCriteriaError."""
    key, _, number = name.partition("/")
    found = versions_of(connection, authority, key=key)
    for one in found:
        if not number or number == str(one.number):
            return one
    if found:
        listed = ", ".join(str(one.number) for one in reversed(found))
        vi, en = f"bộ tiêu chí “{key}” không có phiên bản “{number}”; có: {listed}", f"“{key}” has no version “{number}”; it has: {listed}"
        raise NoSuchCriteriaError(vi, en)
    known = list(connection.execute(select(CRITERIA_SET.c.key).where(CRITERIA_SET.c.authority_id == authority)).scalars())
    near = nearest(key, known)
    vi = f"không có bộ tiêu chí “{key}”; " + (f"có phải “{near}”?" if near else "`dondoc criteria list` liệt kê")
    en = f"there is no criteria set “{key}”; " + (f"did you mean “{near}”?" if near else "`dondoc criteria list` names them")
    raise NoSuchCriteriaError(vi, en)


def version_pinned(connection: Connection, cycle: int, group: str) -> PinLine | None:
    """Return what a cycle uses for a unit group; None if nothing is pinned."""
    return next((one for one in pins_of(connection, CRITERIA_PIN.c.cycle_id == cycle) if one.group == group and one.current), None)


def pins_of_cycle(connection: Connection, cycle: int) -> list[PinLine]:
    """Return what a cycle uses and used, by group, the newest first."""
    return pins_of(connection, CRITERIA_PIN.c.cycle_id == cycle)


def pins_of_authority(connection: Connection, authority: int) -> list[PinLine]:
    """Return what the cycles of an authority use and used."""
    return pins_of(connection, CYCLE.c.authority_id == authority)


def pins_of(connection: Connection, where: ColumnElement[bool]) -> list[PinLine]:
    """Return pins by cycle and group, the newest first."""
    newest = func.max(CRITERIA_PIN.c.number).over(partition_by=(CRITERIA_PIN.c.cycle_id, CRITERIA_PIN.c.unit_group)).label("newest")
    query = (
        select(CRITERIA_PIN, CYCLE.c.plan_key, CYCLE.c.year, CRITERIA_SET.c.key, CRITERIA_VERSION.c.number.label("version"))
        .add_columns(CRITERIA_VERSION.c.title, CONTACT.c.key.label("contact"), newest)
        .join(CYCLE, CYCLE.c.id == CRITERIA_PIN.c.cycle_id)
        .join(CRITERIA_VERSION, CRITERIA_VERSION.c.id == CRITERIA_PIN.c.version_id)
        .join(CRITERIA_SET, CRITERIA_SET.c.id == CRITERIA_VERSION.c.set_id)
        .outerjoin(CONTACT, CONTACT.c.id == CRITERIA_PIN.c.contact_id)
        .where(where)
        .order_by(CRITERIA_PIN.c.cycle_id.desc(), CRITERIA_PIN.c.unit_group, CRITERIA_PIN.c.number.desc())
    )
    return [
        PinLine(
            cycle=row.cycle_id,
            plan=row.plan_key,
            year=row.year,
            group=row.unit_group,
            number=row.number,
            current=row.number == row.newest,
            key=row.key,
            version=row.version,
            title=row.title,
            reason=row.reason,
            basis=row.basis,
            pinned_at=row.pinned_at,
            contact=row.contact or "",
        )
        for row in connection.execute(query)
    ]


def unit_groups(connection: Connection, authority: int) -> list[str]:
    """Return the unit groups of an authority's parties."""
    query = select(PARTY.c.group).where(PARTY.c.authority_id == authority, PARTY.c.group != "").distinct()
    return sorted(connection.execute(query).scalars())


def party_keys_of(connection: Connection, authority: int) -> dict[str, int]:
    """Return the parties of an authority, ids by key: those that may lead."""
    return dict(connection.execute(select(PARTY.c.key, PARTY.c.id).where(PARTY.c.authority_id == authority)).tuples().all())
