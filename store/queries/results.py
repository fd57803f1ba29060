"""Results of a cycle as they stand: every index, places inside groups, last year beside this one, and a unit's trace to its leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from evaluation.scores.comparison import Standing, Succession, compare_years
from evaluation.scores.index import index_of
from evaluation.scores.ranking import rank_units
from evaluation.scores.settings import ResultRules
from evaluation.scores.sheets import Part
from evaluation.scores.standings import Measure, measure_of, totals_of
from evaluation.scores.weakness import weak_criteria
from store.queries.people import NoSuchPartyError
from store.results import OWN, Numbers, counted_nodes, leaf_texts, measured_units, parts_of, rules_of, survey_nodes
from store.schema import CYCLE, EDITION
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from typing import Any

    from sqlalchemy import Connection

    from evaluation.scores.comparison import Comparison
    from evaluation.scores.index import UnitIndex
    from evaluation.scores.ranking import GroupTable
    from evaluation.scores.standings import Totals
    from evaluation.scores.weakness import Weak
    from store.people import People
    from store.results import MeasuredUnit
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class UnitStanding:
    """A unit with what its scores come to now."""

    unit: MeasuredUnit
    totals: Totals
    provisional: int  #: leaves of which only the unit's own score is there
    scored: bool = True  #: whether any leaf but the survey's has a score: without, it has no place and no index yet

    @property
    def is_settled(self) -> bool:
        """Whether every leaf that counts was settled or appraised."""
        return not (self.provisional or self.totals.missing)


@dataclass(frozen=True, kw_only=True)
class CycleResults:
    """The results of a cycle as they stand."""

    year: int
    rules: ResultRules
    units: Mapping[str, UnitStanding]  #: by key, in the roster's order
    tables: tuple[GroupTable, ...]
    comparisons: tuple[Comparison, ...]  #: with what was published of the year before; none: nothing was
    compared_with: str  #: the decision that published it; empty: nothing was
    field_titles: Mapping[str, str]

    @property
    def is_settled(self) -> bool:
        """Whether all of it could be published."""
        return bool(self.units) and all(one.is_settled for one in self.units.values())

    def compared(self, unit: str) -> tuple[Comparison, ...]:
        """Return a unit's lines beside last year; a merged unit has several."""
        return tuple(one for one in self.comparisons if one.unit == unit and one.after is not None)


@dataclass(frozen=True, kw_only=True)
class UnitTrace:
    """A unit's index with its tree down to the leaves, and the three scores of each leaf."""

    unit: MeasuredUnit
    index: UnitIndex
    parts: Mapping[Part, Mapping[str, Decimal]]
    provisional: frozenset[str]  #: leaves of which only the unit's own score is there
    weak: tuple[Weak, ...]  #: those that count 0 for want of a score too
    rules: ResultRules

    @property
    def scored(self) -> bool:
        """Whether any leaf but the survey's has a score."""
        surveyed = survey_nodes(self.unit.scope.criteria)
        return any(node not in surveyed for some in self.parts.values() for node in some)


def read_results(store: Store, connection: Connection, cycle: int, *, now: datetime) -> CycleResults:
    """
    Return the results of a cycle as they stand.

    Raises:
        NoSuchCycleError: there is none.
        ScoreError: a set, a setting or a score is not in order.

    """
    year = load_year(store, connection, cycle, now=now)
    rules = rules_of(store, connection, year.authority, cycle)
    units = standings(connection, cycle, measured_units(store, connection, year, rules=rules), rules=rules)
    contenders = (
        one.totals.contender(key, group=one.unit.scope.group, special=one.unit.special or not one.scored) for key, one in units.items()
    )
    tables = rank_units(contenders, rules=rules.ranking)
    after = [_standing(line, units=units, rules=rules) for table in tables for line in table.lines if units[line.contender.unit].scored]
    decision, compared = beside_last_year(connection, year.authority, year.evaluated, after, people=year.people, rules=rules)
    titles = {field.key: field.title for one in units.values() for field in one.unit.scope.criteria.fields}
    return CycleResults(
        year=year.evaluated,
        rules=rules,
        units=units,
        tables=tables,
        comparisons=compared,
        compared_with=decision,
        field_titles=titles,
    )


def standings(connection: Connection, cycle: int, measured: Iterable[MeasuredUnit], *, rules: ResultRules) -> dict[str, UnitStanding]:
    """Return what the units' scores come to, by key: final, else appraised, else (provisional) the unit's own. ScoreError."""
    texts, numbers = dict(leaf_texts(connection, cycle)), Numbers()
    made: dict[tuple[object, ...], tuple[Measure, frozenset[str], frozenset[str]]] = {}
    found = {}
    for unit in measured:
        scope = unit.scope
        same = (scope.criteria.key, scope.group, scope.exempt_nodes)
        if same not in made:
            counted = counted_nodes(scope, rules)
            made[same] = measure_of(scope, rules=rules.index), counted, counted - survey_nodes(scope.criteria)
        measure, counted, judged = made[same]
        text = texts.get(unit.party, "")
        given = dict([pair.split("=") for pair in text.split(";")]) if text else {}
        scores = {node: numbers[value] for node, value in given.items() if node in counted}
        own = sum(value[0] == OWN and node in counted for node, value in given.items()) if OWN in text else 0
        totals = totals_of(measure, scores, unit=unit.key)
        found[unit.key] = UnitStanding(unit=unit, totals=totals, provisional=own, scored=not judged.isdisjoint(scores))
    return found


def trace_unit(  # noqa: PLR0913  whose, of which cycle, when, without what
    store: Store, connection: Connection, cycle: int, key: str, *, now: datetime, without: Collection[str] = ()
) -> UnitTrace:
    """
    Return the way from a unit's index to its leaves; as if appraisers had given nothing to the leaves `without` which it is read.

    Raises:
        NoSuchPartyError: the cycle measures no such unit.
        ScoreError: a score is not in order.

    """
    year = load_year(store, connection, cycle, now=now)
    rules = rules_of(store, connection, year.authority, cycle)
    unit = next((one for one in measured_units(store, connection, year, rules=rules) if one.key == key), None)
    if unit is None:
        raise NoSuchPartyError(key)
    whole = parts_of(connection, cycle, party=unit.party).get(unit.party, {part: {} for part in Part})
    parts = {
        part: {node: points for node, points in some.items() if part is Part.SELF or node not in without} for part, some in whole.items()
    }
    counted = counted_nodes(unit.scope, rules)
    settled = {**parts[Part.APPRAISED], **parts[Part.FINAL]}
    scores = {node: points for node, points in {**parts[Part.SELF], **settled}.items() if node in counted}
    index = index_of(unit.scope, scores, rules=rules.index)
    return UnitTrace(
        unit=unit,
        index=index,
        parts=parts,
        provisional=frozenset(scores) - frozenset(settled),
        weak=weak_criteria(index, below=rules.weak_below, unscored=True),
        rules=rules,
    )


def _standing(line: Any, *, units: Mapping[str, UnitStanding], rules: ResultRules) -> Standing:  # noqa: ANN401  a line of a table
    one = units[line.contender.unit]
    return Standing(
        unit=one.unit.key,
        group=one.unit.scope.group,
        criteria=one.unit.scope.criteria.key,
        points=one.totals.points,
        maximum=one.totals.maximum,
        index=one.totals.index,
        place=line.place,
        of=line.of,
        survey_held=rules.index.survey_held,
    )


def beside_last_year(  # noqa: PLR0913  whose, of which year, and by which rules
    connection: Connection, authority: int, year: int, after: Sequence[Standing], *, people: People, rules: ResultRules
) -> tuple[str, tuple[Comparison, ...]]:
    """Return the decision that last published the year before, and each unit's two years side by side; nothing if nothing was published."""
    decision, before = _standings_before(connection, authority, year)
    if not before:
        return "", ()
    return decision, compare_years(before, after, successions=_successions(people), allowed=rules.allowed)


def _standings_before(connection: Connection, authority: int, year: int) -> tuple[str, list[Standing]]:
    query = select(EDITION.c.content).join(CYCLE, CYCLE.c.id == EDITION.c.cycle_id)
    last = query.where(EDITION.c.authority_id == authority, CYCLE.c.year == year - 1).order_by(EDITION.c.id.desc()).limit(1)
    content = connection.execute(last).scalar_one_or_none()
    if content is None:
        return "", []
    bundle = orjson.loads(content)
    return bundle["decision"]["number"], standings_published(bundle)


def standings_published(bundle: Mapping[str, Any]) -> list[Standing]:
    """Return where each unit of a bundle stands."""
    numbers, held = Numbers(), bundle["rules"]["survey_held"]
    return [
        Standing(
            unit=unit["unit"],
            group=unit["group"],
            criteria=unit["criteria"],
            points=numbers[unit["results"]["points"]],
            maximum=numbers[unit["results"]["maximum"]],
            index=numbers[unit["results"]["index"]],
            place=unit["results"]["place"],
            of=unit["results"]["of"],
            survey_held=held,
        )
        for unit in bundle["units"]
    ]


def _successions(people: People) -> tuple[Succession, ...]:
    """Return who goes on as whom, as the authority has entered it: nothing is guessed from names (domain §10)."""
    parties = {people.ids[party.key]: party for party in people.roster.parties}
    return tuple(
        Succession(
            before=parties[before].key,
            after=parties[after].key,
            dated=parties[before].valid_to is not None or parties[after].valid_from is not None,
        )
        for before, some in people.successors.items()
        for after in some
    )
