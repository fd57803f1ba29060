"""What was published, and what goes with it: editions with their bundles, exemptions, rewards, the rating of heads, weak criteria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, select

from evaluation.kinds import Role
from evaluation.scores.editions import outcome_of
from evaluation.scores.encoding import decode_given, read_number
from evaluation.scores.numbers import less
from evaluation.scores.ranking import Contender, GroupTable, Placed
from evaluation.scores.weakness import weak_criteria
from store.results import Numbers, rules_set
from store.schema import AUTHORITY, CONTACT, CYCLE, EDITION, EXEMPTION, PARTY, REWARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy import Connection, Row, Select

    from evaluation.scores.weakness import Weak


class NoSuchEditionError(LookupError):
    """Nothing of that name was published."""

    def __init__(self, name: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"nothing is published as {name}")


@dataclass(frozen=True, kw_only=True)
class PublishedLine:
    """An edition in a list."""

    id: int
    authority_id: int
    authority: str
    authority_name: str
    sandbox: bool
    cycle: int
    year: int
    number: int
    sha256: str
    decision: str
    decided_on: date
    corrects: int | None  #: number of the edition that it corrects
    corrected_by: int | None  #: number of the edition that corrects it; None: it is the one in force
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ExemptionLine:
    """An exemption of a cycle."""

    id: int
    unit: str
    unit_name: str
    node: str
    reason: str
    approver: str  #: key of the contact; empty: the system
    document: str
    at: datetime
    ended_at: datetime | None
    ended_why: str


@dataclass(frozen=True, kw_only=True)
class RewardLine:
    """A reward."""

    id: int
    unit: str
    unit_name: str
    kind: str
    person: str
    form: str
    decision: str
    decided_on: date | None


@dataclass(frozen=True, kw_only=True)
class OfficeLine:
    """Somebody of a unit whose result is a criterion of their rating: its head, or an officer who advises on the work."""

    unit: str
    role: Role
    name: str


def _published() -> Select[Any]:
    earlier, later = EDITION.alias(), EDITION.alias()
    columns = [EDITION.c[name] for name in ("id", "number", "sha256", "decision", "decided_on", "reason", "at", "cycle_id")]
    authority = [AUTHORITY.c.id.label("authority_id"), AUTHORITY.c.key, AUTHORITY.c.name, AUTHORITY.c.sandbox]
    query = select(*columns, *authority, CYCLE.c.year, earlier.c.number.label("corrects"), later.c.number.label("corrected_by"))
    return (
        query.join(AUTHORITY, AUTHORITY.c.id == EDITION.c.authority_id)
        .join(CYCLE, CYCLE.c.id == EDITION.c.cycle_id)
        .outerjoin(earlier, earlier.c.id == EDITION.c.corrects_id)
        .outerjoin(later, later.c.corrects_id == EDITION.c.id)
    )


def _line(row: Row[Any]) -> PublishedLine:
    return PublishedLine(
        id=row.id,
        authority_id=row.authority_id,
        authority=row.key,
        authority_name=row.name,
        sandbox=row.sandbox,
        cycle=row.cycle_id,
        year=row.year,
        number=row.number,
        sha256=row.sha256,
        decision=row.decision,
        decided_on=row.decided_on,
        corrects=row.corrects,
        corrected_by=row.corrected_by,
        reason=row.reason,
        at=row.at,
    )


def list_published(connection: Connection, *, cycle: int | None = None) -> list[PublishedLine]:
    """Return every edition, the latest year first, in it the latest edition; of one cycle if it is named."""
    query = _published().order_by(AUTHORITY.c.key, CYCLE.c.year.desc(), EDITION.c.number.desc())
    return [_line(row) for row in connection.execute(query if cycle is None else query.where(EDITION.c.cycle_id == cycle))]


def edition_named(connection: Connection, authority: str, year: int, *, number: int | None = None) -> PublishedLine:
    """Return an edition of an authority and an evaluated year; without a number the one in force. NoSuchEditionError."""
    query = _published().where(AUTHORITY.c.key == authority, CYCLE.c.year == year).order_by(EDITION.c.number.desc())
    row = connection.execute(query if number is None else query.where(EDITION.c.number == number)).first()
    if row is None:
        raise NoSuchEditionError(f"{authority}/{year}" + (f"/{number}" if number else ""))
    return _line(row)


def edition_hashed(connection: Connection, sha256: str) -> PublishedLine:
    """Return the edition whose bundle has that SHA-256. NoSuchEditionError."""
    row = connection.execute(_published().where(EDITION.c.sha256 == sha256)).first()
    if row is None:
        raise NoSuchEditionError(sha256)
    return _line(row)


def edition_before(connection: Connection, authority: int, year: int) -> PublishedLine:
    """Return the edition in force of the latest evaluated year up to that one. NoSuchEditionError."""
    query = _published().where(AUTHORITY.c.id == authority, CYCLE.c.year <= year)
    row = connection.execute(query.order_by(CYCLE.c.year.desc(), EDITION.c.number.desc()).limit(1)).first()
    if row is None:
        raise NoSuchEditionError(f"{year}")
    return _line(row)


def content_of_edition(connection: Connection, edition: int) -> str:
    """Return the bundle of an edition as it was frozen."""
    return str(connection.execute(select(EDITION.c.content).where(EDITION.c.id == edition)).scalar_one())


def list_exemptions(connection: Connection, cycle: int, *, unit: str = "") -> list[ExemptionLine]:
    """Return the exemptions of a cycle, those that ended among them, the first first."""
    query = (
        select(EXEMPTION, PARTY.c.key, PARTY.c.name, func.coalesce(CONTACT.c.key, "").label("approver"))
        .join(PARTY, PARTY.c.id == EXEMPTION.c.party_id)
        .outerjoin(CONTACT, CONTACT.c.id == EXEMPTION.c.approver_id)
        .where(EXEMPTION.c.cycle_id == cycle)
        .order_by(EXEMPTION.c.id)
    )
    rows = connection.execute(query.where(PARTY.c.key == unit) if unit else query)
    return [
        ExemptionLine(
            id=row.id,
            unit=row.key,
            unit_name=row.name,
            node=row.node,
            reason=row.reason,
            approver=row.approver,
            document=row.document,
            at=row.at,
            ended_at=row.ended_at,
            ended_why=row.ended_why,
        )
        for row in rows
    ]


def list_rewards(connection: Connection, cycle: int) -> list[RewardLine]:
    """Return the rewards of a cycle that stand, collectives first."""
    query = select(REWARD, PARTY.c.key, PARTY.c.name).join(PARTY, PARTY.c.id == REWARD.c.party_id)
    rows = connection.execute(query.where(REWARD.c.cycle_id == cycle, REWARD.c.ended_at.is_(None)).order_by(REWARD.c.kind, REWARD.c.id))
    return [
        RewardLine(
            id=row.id,
            unit=row.key,
            unit_name=row.name,
            kind=row.kind,
            person=row.person,
            form=row.form,
            decision=row.decision,
            decided_on=row.decided_on,
        )
        for row in rows
    ]


def rated_people(connection: Connection, authority: int, *, on: date) -> list[OfficeLine]:
    """Return the heads of units, and the officers who advise on the work, in office on a day (domain §2.4)."""
    query = select(PARTY.c.key, CONTACT.c.role, CONTACT.c.name, CONTACT.c.valid_from, CONTACT.c.valid_to)
    rows = connection.execute(
        query.join(PARTY, PARTY.c.id == CONTACT.c.party_id)
        .where(CONTACT.c.authority_id == authority, CONTACT.c.role.in_([Role.HEAD.value, Role.OFFICER.value]))
        .order_by(PARTY.c.id, CONTACT.c.role, CONTACT.c.id)
    )
    return [
        OfficeLine(unit=row.key, role=Role(row.role), name=row.name)
        for row in rows
        if (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)
    ]


def weak_of(bundle: Mapping[str, Any], *, below: Decimal) -> dict[str, Sequence[Weak]]:
    """Return the weak leaves of each unit of a bundle, by key: what improvement plans of the year after are owed about."""
    outcome = outcome_of(decode_given(bundle))
    return {unit: weak_criteria(index, below=below) for unit, index in outcome.final.items()}


def weak_below_of(connection: Connection, line: PublishedLine, bundle: Mapping[str, Any]) -> Decimal:
    """Return under how many per cent a leaf of an edition is weak: as it was frozen, else by the settings as they stood then."""
    frozen = bundle["rules"].get("weak_below")
    return rules_set(connection, line.authority_id, line.cycle, at=line.at).weak_below if frozen is None else read_number(frozen)


def tables_published(bundle: Mapping[str, Any]) -> tuple[GroupTable, ...]:
    """Return the tables of a bundle as they were frozen; gaps between neighbours are the differences of what stands there."""
    numbers, units = Numbers(), {unit["unit"]: unit for unit in bundle["units"]}

    def maybe(text: str | None) -> Decimal | None:
        return None if text is None else numbers[text]

    def lines(table: Mapping[str, Any]) -> Iterator[Placed]:
        before: Contender | None = None
        for key in table["order"]:
            found = units[key]["results"]
            one = Contender(
                unit=key,
                group=table["group"],
                index=numbers[found["index"]],
                points=numbers[found["points"]],
                fields={field["node"]: maybe(field["index"]) for field in found["fields"]},
                special=units[key]["special"],
            )
            behind = None if before is None or one.special else before
            yield Placed(
                contender=one,
                place=found["place"],
                of=found["of"],
                tied_with=tuple(found["tied_with"]),
                band=found["band"],
                ahead=None if behind is None else less(behind.index, one.index),
                ahead_points=None if behind is None else less(behind.points, one.points),
            )
            before = one

    return tuple(
        GroupTable(
            group=table["group"],
            lines=tuple(lines(table)),
            mean=maybe(table["mean"]),
            gap=maybe(table["gap"]),
            gap_points=maybe(table["gap_points"]),
            field_means={one["node"]: numbers[one["mean"]] for one in table["field_means"]},
            bands={one["name"]: one["units"] for one in table["bands"]},
        )
        for table in bundle["tables"]
    )


def bundle_of_edition(connection: Connection, edition: int) -> dict[str, Any]:
    """Return the bundle of an edition as values."""
    found: dict[str, Any] = orjson.loads(content_of_edition(connection, edition))
    return found
