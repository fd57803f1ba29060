"""How far the cycles are: counts by state, what is late, what is due next. Three queries, however many obligations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from evaluation.kinds import StageKind
from evaluation.obligations import FINAL, State
from evaluation.statuses import Status, unit_status
from evaluation.terms import Turn
from store.schema import AUTHORITY, CYCLE, OBLIGATION, PARTY, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

_FINAL = [state.value for state in FINAL]


@dataclass(kw_only=True)
class Counts:
    """What is counted of a stage, or of a whole cycle."""

    obligations: int = 0
    counts: dict[str, int] = field(default_factory=dict)  #: by state; only states that occur
    late: int = 0  #: the party's turn is overdue
    uncorrected: int = 0  #: of these, the overdue corrections
    review_overdue: int = 0  #: the receiver's turn is overdue
    next_due: date | None = None

    def add(self, other: Counts) -> None:
        """Count the other in."""
        for state, count in other.counts.items():
            self.counts[state] = self.counts.get(state, 0) + count
        self.obligations += other.obligations
        self.late += other.late
        self.uncorrected += other.uncorrected
        self.review_overdue += other.review_overdue
        self.next_due = min((due for due in (self.next_due, other.next_due) if due), default=None)


@dataclass(frozen=True, kw_only=True)
class StageStatus:
    """How far a stage is."""

    stage: str
    kind: str
    title: str
    title_en: str
    waits: bool  #: for another stage
    total: Counts


@dataclass(frozen=True, kw_only=True)
class CycleStatus:
    """How far a cycle is."""

    cycle: int
    authority: str
    authority_name: str
    sandbox: bool
    plan: str
    year: int
    state: str
    title: str
    title_en: str
    plan_version: int
    mail_held: bool
    launched_at: datetime | None
    zone: str
    moves: int  #: rises with every change of the whole
    total: Counts
    stages: tuple[StageStatus, ...]


@dataclass(frozen=True, kw_only=True)
class UnitStatus:
    """How far a unit's evaluation is in a cycle."""

    unit: str
    name: str
    group: str
    status: Status


def overdue(now: datetime) -> ColumnElement[bool]:
    """Return the condition that whoever's turn it is has let the due moment pass: `evaluation.obligations.is_overdue` as SQL."""
    return and_(OBLIGATION.c.state.not_in(_FINAL), OBLIGATION.c.suspended.is_(False), OBLIGATION.c.released.is_(True), TERM.c.due_at <= now)


def late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that the party is late."""
    return and_(overdue(now), TERM.c.turn == Turn.PARTY.value)


def cycle_status(  # noqa: PLR0913 -- each narrows by itself
    connection: Connection,
    *,
    now: datetime,
    cycle: int | None = None,
    sandboxes: bool = False,
    authorities: Sequence[int] | None = None,
    readable: ColumnElement[bool] | None = None,
) -> list[CycleStatus]:
    """
    Return every cycle, or one, with its stages in the plan's order, as of `now`; of sandboxes alone, or of some authorities alone.

    Only `readable` obligations are counted.
    """
    wanted = [] if cycle is None else [CYCLE.c.id == cycle]
    if authorities is not None:
        wanted.append(CYCLE.c.authority_id.in_(authorities))
    if sandboxes:
        wanted.append(AUTHORITY.c.sandbox.is_(True))
    cycles = connection.execute(
        select(CYCLE, AUTHORITY.c.key.label("authority"), AUTHORITY.c.name.label("authority_name"), AUTHORITY.c.sandbox, AUTHORITY.c.zone)
        .join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id)
        .where(*wanted)
        .order_by(AUTHORITY.c.key, CYCLE.c.year, CYCLE.c.id)
    ).all()
    ids = [row.id for row in cycles]
    totals = _totals(connection, ids, now=now, readable=readable)
    stages: dict[int, list[StageStatus]] = {ident: [] for ident in ids}
    for row in connection.execute(select(STAGE).where(STAGE.c.cycle_id.in_(ids)).order_by(STAGE.c.position)):
        stages[row.cycle_id].append(_stage(row, totals.get(row.id, Counts())))
    return [_cycle(row, tuple(stages[row.id])) for row in cycles]


def cycle_stages(connection: Connection, cycles: Iterable[int]) -> dict[tuple[int, str], StageStatus]:
    """Return the stages of some cycles by cycle and key, with nothing counted. One query."""
    rows = connection.execute(select(STAGE).where(STAGE.c.cycle_id.in_(sorted(set(cycles)))))
    return {(row.cycle_id, row.key): _stage(row, Counts()) for row in rows}


def counted(now: datetime) -> list[ColumnElement[Any]]:
    """Return what is counted of a group of obligations: `number, late, uncorrected, review_overdue, next_due`."""
    waiting = and_(OBLIGATION.c.state.not_in(_FINAL), OBLIGATION.c.suspended.is_(False), TERM.c.due_at > now)
    return [
        func.count().label("number"),
        _counted(late(now)).label("late"),
        _counted(and_(late(now), OBLIGATION.c.rounds > 0)).label("uncorrected"),
        _counted(and_(overdue(now), TERM.c.turn == Turn.RECEIVER.value)).label("review_overdue"),
        func.min(case((waiting, TERM.c.due_on))).label("next_due"),
    ]


def _totals(connection: Connection, cycles: list[int], *, now: datetime, readable: ColumnElement[bool] | None = None) -> dict[int, Counts]:
    """Return the counts of each stage."""
    query = (
        select(OBLIGATION.c.stage_id, OBLIGATION.c.state, *counted(now))
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.cycle_id.in_(cycles))
        .group_by(OBLIGATION.c.stage_id, OBLIGATION.c.state)
        .order_by(OBLIGATION.c.stage_id, OBLIGATION.c.state)
    )
    if readable is not None:
        query = query.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id).where(readable)
    rows = connection.execute(query)
    totals: dict[int, Counts] = {}
    for row in rows:
        one = Counts(
            obligations=row.number,
            counts={row.state: row.number},
            late=row.late,
            uncorrected=row.uncorrected,
            review_overdue=row.review_overdue,
            next_due=row.next_due,
        )
        totals.setdefault(row.stage_id, Counts()).add(one)
    return totals


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _stage(row: Row[Any], total: Counts) -> StageStatus:
    return StageStatus(stage=row.key, kind=row.kind, title=row.title, title_en=row.title_en, waits=row.released_at is None, total=total)


def _cycle(row: Row[Any], stages: tuple[StageStatus, ...]) -> CycleStatus:
    total = Counts()
    for stage in stages:
        total.add(stage.total)
    return CycleStatus(
        cycle=row.id,
        authority=row.authority,
        authority_name=row.authority_name,
        sandbox=row.sandbox,
        plan=row.plan_key,
        year=row.year,
        state=row.state,
        title=row.title,
        title_en=row.title_en,
        plan_version=row.plan_version,
        mail_held=row.mail_held,
        launched_at=row.launched_at,
        zone=row.zone,
        moves=row.moves,
        total=total,
        stages=stages,
    )


_Step = tuple[StageKind, State]
#: Kinds whose obligations are the whole year's, and kinds whose obligations are one unit's.
_OF_THE_YEAR = (StageKind.COUNCIL_DECISION, StageKind.PUBLICATION)
_OF_A_UNIT = (StageKind.SELF_ASSESSMENT, StageKind.EXPLANATION, StageKind.APPRAISAL)


def unit_statuses(connection: Connection, cycle: int) -> list[UnitStatus]:
    """Return the status of each unit that owes a self-assessment in a cycle, by the order of units. Two queries."""
    parties = {
        row.key: row
        for row in connection.execute(
            select(PARTY.c.id, PARTY.c.key, PARTY.c.name, PARTY.c.group)
            .join(CYCLE, CYCLE.c.authority_id == PARTY.c.authority_id)
            .where(CYCLE.c.id == cycle)
            .order_by(PARTY.c.id)
        )
    }
    common, own = _steps(connection, cycle, parties={key: row.id for key, row in parties.items()})
    return [
        UnitStatus(unit=row.key, name=row.name, group=row.group, status=unit_status([*own[row.id], *common]))
        for row in parties.values()
        if any(kind is StageKind.SELF_ASSESSMENT for kind, _ in own.get(row.id, ()))
    ]


def _steps(connection: Connection, cycle: int, *, parties: dict[str, int]) -> tuple[list[_Step], dict[int, list[_Step]]]:
    """Return the steps of the whole year, and those that concern one party each: an appraisal concerns the one it is about."""
    rows = connection.execute(
        select(STAGE.c.kind, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.state)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == cycle, STAGE.c.kind.in_([kind.value for kind in (*_OF_THE_YEAR, *_OF_A_UNIT)]))
    )
    common: list[_Step] = []
    own: dict[int, list[_Step]] = {}
    for kind, party, subject, state in rows:
        step = (StageKind(kind), State(state))
        about = parties.get(subject.rpartition("/")[2], 0) if step[0] is StageKind.APPRAISAL else party
        (common if step[0] in _OF_THE_YEAR else own.setdefault(about, [])).append(step)
    return common, own
