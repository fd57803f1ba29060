"""Improvement as people read it: criteria that were weak or are led, each with who answers, its measures and how far they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from evaluation.criteria.sets import walk
from evaluation.improvement.counts import Measured, count_measures
from evaluation.improvement.measures import Progress, progress_of, shared_progress
from evaluation.improvement.naming import named_by
from evaluation.kinds import StageKind
from evaluation.obligations import State
from store.commands.improvement.lines import followed_version, heirs_of, improving
from store.criteria import load_criteria
from store.queries.obligations import ObligationLine, Wanted, find_obligations
from store.schema import MEASURE, MEASURE_PROGRESS, WEAK_CRITERION
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from evaluation.improvement.counts import UnitMeasures
    from evaluation.improvement.settings import Improving
    from store.queries.sight import Readable
    from store.session import Store
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class MeasureLine:
    """A measure: what is to be done, and how far it is."""

    obligation: int
    party: str
    party_name: str
    number: int
    text: str
    answers: str
    percent: int  #: as it was said last
    remark: str
    said_at: datetime | None
    progress: Progress
    state: State
    due_on: date | None
    late: bool
    moves: int


@dataclass(frozen=True, kw_only=True)
class CriterionLine:
    """A criterion, or a unit's own plan, of which somebody owes its improvement."""

    obligation: int
    stage: str
    title: str  #: of the stage
    title_en: str
    party: str  #: key of who answers
    party_name: str
    criterion: str  #: number; empty: the unit's own plan
    criterion_title: str
    field: str  #: number of the field it stands in
    field_title: str
    of_province: bool
    points: Decimal | None  #: reached last year; None: not known
    maximum: Decimal | None
    cause: str
    state: State
    remedied: bool  #: its obligation is accepted
    due_on: date | None
    late: bool
    moves: int
    takes_measures: bool
    measures: tuple[MeasureLine, ...]

    @property
    def percent(self) -> Decimal | None:
        """The share of the maximum that was reached last year, in per cent."""
        return None if self.points is None or not self.maximum else Decimal(100) * self.points / self.maximum

    @property
    def progress(self) -> int:
        """How far its measures are together, in per cent."""
        return shared_progress([(one.percent, one.state) for one in self.measures])


@dataclass(frozen=True, kw_only=True)
class _Named:
    """What a criterion is called, and the field it stands in."""

    title: str = ""
    field: str = ""
    field_title: str = ""


def list_improvement(  # noqa: PLR0913  of which year, seen by whom
    store: Store, connection: Connection, cycle: int, *, now: datetime, readable: Readable | None = None, party: str = ""
) -> list[CriterionLine]:
    """
    Return the criteria and own plans of a cycle that a reader may see, or a party's, by stage, criterion and who answers.

    What was handed over stands with who owes it now. The number of queries does not grow with the lines. NoSuchCycleError.
    """
    year = load_year(store, connection, cycle, now=now)
    settings = improving(year)
    stages = {year.stages[stage].key: (stage, one) for stage, one in settings.items()}
    if not stages:
        return []
    wanted = [Wanted(cycle=cycle, stage=key, party=party, readable=readable) for key in (*stages, *measuring(settings))]
    lines = [line for one in wanted for line in find_obligations(store, connection, one, now=now)]
    weak = _weak(connection, cycle)
    measures = _measures(connection, cycle, {line.id: line for line in lines})
    names = _Names(store=store, connection=connection, year=year)
    shown = [line for line in lines if line.stage in stages and line.state is not State.TRANSFERRED]
    found = [
        _line(line, settings=stages[line.stage][1], weak=weak.get(line.id), measures=measures.get(line.id, []), names=names)
        for line in shown
    ]
    places = {ref.key: place for place, ref in enumerate(year.stages.values())}
    return sorted(found, key=lambda one: (places[one.stage], _order(one.criterion), one.party_name, one.obligation))


def measures_by_unit(store: Store, connection: Connection, cycle: int, *, now: datetime) -> tuple[UnitMeasures, ...]:
    """Return how far the measures of each unit of a cycle are at `now`; NoSuchCycleError."""
    lines = list_improvement(store, connection, cycle, now=now)
    return count_measures(
        Measured(obligation=one.obligation, unit=one.party_name, progress=one.progress, late=one.late)
        for line in lines
        for one in line.measures
    )


def measuring(settings: Mapping[int, Improving]) -> list[str]:
    """Return the stages in which measures are owed."""
    return [one.measures for one in settings.values() if one.measures]


def improvement_of(
    store: Store, connection: Connection, line: ObligationLine, *, now: datetime
) -> tuple[CriterionLine | None, MeasureLine | None]:
    """Return the criterion, or else the measure, that an obligation is about; None where it is about none."""
    if line.kind != StageKind.IMPROVEMENT:
        return None, None
    found = list_improvement(store, connection, line.cycle, now=now, party=line.party)
    criterion = next((one for one in found if one.obligation == line.id), None)
    measures = [measure for one in found for measure in one.measures]
    return criterion, next((one for one in measures if one.obligation == line.id), None)


def _order(criterion: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part) if part.isdecimal() else 0, part) for part in criterion.split("."))


def _weak(connection: Connection, cycle: int) -> dict[int, Row[Any]]:
    """Return what was taken in, by the obligation that it is now; of several that came together the first."""
    rows = connection.execute(select(WEAK_CRITERION).where(WEAK_CRITERION.c.cycle_id == cycle).order_by(WEAK_CRITERION.c.id)).all()
    heirs = heirs_of(connection, {row.obligation_id for row in rows})
    found: dict[int, Row[Any]] = {}
    for row in rows:
        found.setdefault(heirs[row.obligation_id], row)
    return found


def _measures(connection: Connection, cycle: int, lines: dict[int, ObligationLine]) -> dict[int, list[MeasureLine]]:
    """Return the measures by what they were planned for, as it is owed now; of those that a reader may see."""
    rows = connection.execute(select(MEASURE).where(MEASURE.c.cycle_id == cycle).order_by(MEASURE.c.id)).all()
    heirs = heirs_of(connection, {row.obligation_id for row in rows} | {row.plan_id for row in rows})
    said = _said(connection, cycle)
    found: dict[int, list[MeasureLine]] = defaultdict(list)
    for row in rows:
        line = lines.get(heirs[row.obligation_id])
        if line is not None:
            found[heirs[row.plan_id]].append(_measure(row, line, said=said.get(row.id)))
    return found


def _said(connection: Connection, cycle: int) -> dict[int, Row[Any]]:
    """Return the last progress of each measure."""
    newest = func.max(MEASURE_PROGRESS.c.number).over(partition_by=MEASURE_PROGRESS.c.measure_id).label("newest")
    query = select(MEASURE_PROGRESS, newest).join(MEASURE, MEASURE.c.id == MEASURE_PROGRESS.c.measure_id)
    rows = connection.execute(query.where(MEASURE.c.cycle_id == cycle))
    return {row.measure_id: row for row in rows if row.number == row.newest}


def _measure(row: Row[Any], line: ObligationLine, *, said: Row[Any] | None) -> MeasureLine:
    percent = 0 if said is None else int(said.percent)
    return MeasureLine(
        obligation=line.id,
        party=line.party,
        party_name=line.party_name,
        number=named_by(line.subject)[1],
        text=row.text,
        answers=row.answers,
        percent=percent,
        remark="" if said is None else said.remark,
        said_at=None if said is None else said.at,
        progress=progress_of(percent, state=line.state),
        state=line.state,
        due_on=line.own_due_on or line.due_on,
        late=line.late,
        moves=line.moves,
    )


@dataclass(frozen=True, kw_only=True)
class _Names:
    """What criteria are called, by the set that a line is about; each set is looked up once."""

    store: Store
    connection: Connection
    year: Year
    versions: dict[str, int | None] = dataclass_field(default_factory=dict)  #: that the leads of a set follow, by its key
    known: dict[int, dict[str, _Named]] = dataclass_field(default_factory=dict)  #: by version

    def of(self, criterion: str, *, version: int | None, settings: Improving) -> _Named:
        """Return what a criterion is called in a version, else in the set that the stage's leads follow."""
        known = version if version is not None else self._followed(settings.leads_of)
        return _Named() if known is None else self._by_key(known).get(criterion, _Named())

    def _followed(self, key: str) -> int | None:
        if key not in self.versions:
            line = followed_version(self.connection, self.year.authority, key) if key else None
            self.versions[key] = None if line is None else line.id
        return self.versions[key]

    def _by_key(self, version: int) -> dict[str, _Named]:
        if version not in self.known:
            steps = tuple(walk(load_criteria(self.store, self.connection, version)))
            heads = [((*step.above, step.node)[0], step.node) for step in steps]
            self.known[version] = {node.key: _Named(title=node.title, field=head.key, field_title=head.title) for head, node in heads}
        return self.known[version]


def _line(line: ObligationLine, *, settings: Improving, weak: Row[Any] | None, measures: list[MeasureLine], names: _Names) -> CriterionLine:
    criterion = named_by(line.subject)[0]
    named = names.of(criterion, version=None if weak is None else weak.version_id, settings=settings)
    return CriterionLine(
        obligation=line.id,
        stage=line.stage,
        title=line.title,
        title_en=line.title_en,
        party=line.party,
        party_name=line.party_name,
        criterion=criterion,
        criterion_title=named.title,
        field=named.field,
        field_title=named.field_title,
        of_province=settings.follows_leads,
        points=None if weak is None else Decimal(weak.points),
        maximum=None if weak is None else Decimal(weak.maximum),
        cause="" if weak is None else weak.cause,
        state=line.state,
        remedied=line.state is State.ACCEPTED,
        due_on=line.own_due_on or line.due_on,
        late=line.late,
        moves=line.moves,
        takes_measures=bool(settings.measures),
        measures=tuple(measures),
    )
