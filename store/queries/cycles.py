"""Cycles by the names that people give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.cycles import CycleState
from store.schema import AUTHORITY, CYCLE, NOTICE, STAGE

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_LONGEST_NAME = 3  # authority/plan/year


class AmbiguousCycleError(LookupError):
    """A name fits several cycles."""

    def __init__(self, name: str, *, cycles: list[int]) -> None:
        """Keep the name and the cycles that it fits."""
        self.cycles = cycles
        super().__init__(f"“{name}” fits the cycles {', '.join(map(str, cycles))}; name one of them by its number")


@dataclass(frozen=True, kw_only=True)
class CycleFacts:
    """A cycle, as far as a command needs it."""

    id: int
    authority: int
    plan: str
    year: int
    state: str


def find_cycle(connection: Connection, name: str) -> CycleFacts:
    """
    Return the cycle of a number, of `plan/year`, or of `authority/plan/year`; cancelled ones by number only.

    Raises:
        NoSuchCycleError: there is none.
        AmbiguousCycleError: there are several.

    """
    query = select(CYCLE.c.id, CYCLE.c.authority_id.label("authority"), CYCLE.c.plan_key.label("plan"), CYCLE.c.year, CYCLE.c.state)
    rows = connection.execute(
        query.join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id).where(*_meaning(name)).order_by(CYCLE.c.id)
    ).all()
    if not rows:
        from store.years import NoSuchCycleError  # noqa: PLC0415  that module reads plans, which a question of status need not wait for

        raise NoSuchCycleError(name)
    if len(rows) > 1:
        raise AmbiguousCycleError(name, cycles=[row.id for row in rows])
    return CycleFacts(**rows[0]._mapping)


def _meaning(name: str) -> list[ColumnElement[bool]]:
    if name.isdecimal():
        return [CYCLE.c.id == int(name)]
    parts = name.split("/")
    wanted: list[ColumnElement[bool]] = [CYCLE.c.state != "cancelled"]
    if len(parts) == _LONGEST_NAME:
        wanted.append(AUTHORITY.c.key == parts.pop(0))
    wanted.append(CYCLE.c.plan_key == parts[0])
    if len(parts) > 1:
        wanted.append(CYCLE.c.year == (int(parts[1]) if parts[1].isdecimal() else -1))
    return wanted


def stage_keys(connection: Connection, cycle: int) -> tuple[str, ...]:
    """Return the keys of a cycle's stages in the plan's order."""
    return tuple(connection.execute(select(STAGE.c.key).where(STAGE.c.cycle_id == cycle).order_by(STAGE.c.position)).scalars())


@dataclass(frozen=True, kw_only=True)
class CycleVersion:
    """How a cycle stands, as far as a change needs it; `moves` rises with every change of the whole."""

    id: int
    state: str
    plan_version: int
    moves: int


def cycle_version(connection: Connection, cycle: int) -> CycleVersion:
    """Return how a cycle that is there stands."""
    query = select(CYCLE.c.id, CYCLE.c.state, CYCLE.c.plan_version, CYCLE.c.moves).where(CYCLE.c.id == cycle)
    return CycleVersion(**connection.execute(query).one()._mapping)


def running_cycles(connection: Connection, authority: int) -> list[CycleFacts]:
    """Return the cycles of an authority that are under way, paused ones too, the oldest first."""
    query = select(CYCLE.c.id, CYCLE.c.authority_id.label("authority"), CYCLE.c.plan_key.label("plan"), CYCLE.c.year, CYCLE.c.state)
    rows = connection.execute(
        query.where(CYCLE.c.authority_id == authority, CYCLE.c.state.in_(("launched", "paused"))).order_by(CYCLE.c.id)
    )
    return [CycleFacts(**row._mapping) for row in rows]


def cancelled_notices(connection: Connection, cycle: int) -> int:
    """Return how many notices of a cycle are void."""
    query = select(func.count()).where(NOTICE.c.cycle_id == cycle, NOTICE.c.cancelled.is_(True))
    return int(connection.execute(query).scalar_one())


def cycle_of_plan(connection: Connection, *, authority: int, plan: str, year: int) -> int | None:
    """Return the cycle, not cancelled, in which a plan was launched for a year; None if there is none: of those there is one at most."""
    query = select(CYCLE.c.id).where(CYCLE.c.authority_id == authority, CYCLE.c.plan_key == plan, CYCLE.c.year == year)
    return connection.execute(query.where(CYCLE.c.state != CycleState.CANCELLED.value)).scalar_one_or_none()
