"""
Results as stored: who is measured by what in a cycle, the settings that hold, the scores of the leaves, the frozen editions.

What counts of a leaf is its final score, else the appraised one: what nobody changed stands. Only where there is neither the unit's own
score counts, and then the result is provisional: it is shown and never published as settled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import case, func, literal, or_, select

from evaluation.criteria.sets import walk, without_leads
from evaluation.kinds import PartyKind, StageKind
from evaluation.obligations import State
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.index import is_survey
from evaluation.scores.settings import ResultRules, decode_rules
from evaluation.scores.sheets import Part
from evaluation.scores.survey import rules_of_plan
from store.criteria import load_criteria, pinned_versions
from store.schema import (
    CONTACT,
    CRITERIA_SET,
    CRITERIA_VERSION,
    CYCLE,
    EDITION,
    EXEMPTION,
    OBLIGATION,
    PARTY,
    RESULT_RULES,
    SCORE,
    STAGE,
)
from store.years import load_plan_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.criteria.sets import CriteriaSet
    from store.session import Store
    from store.years import Year

_GONE = (State.WAIVED.value, State.TRANSFERRED.value)


@dataclass(frozen=True, kw_only=True)
class MeasuredUnit:
    """A unit that a cycle measures, and by what."""

    party: int
    name: str
    special: bool  #: evaluated, not ranked
    scope: Scope

    @property
    def key(self) -> str:
        """The unit's key."""
        return self.scope.unit


@dataclass(frozen=True, kw_only=True)
class EditionLine:
    """An edition, without its bundle."""

    id: int
    number: int
    sha256: str
    decision: str
    corrects: int | None  #: number of the edition that it corrects


def cycle_name(year: Year) -> str:
    """Return what a cycle is called in what is published: `quang-nam-2023/2023`."""
    return f"{year.plan.key}/{year.evaluated}"


def rules_of(store: Store, connection: Connection, authority: int, cycle: int, *, at: datetime | None = None) -> ResultRules:
    """
    Return the settings by which a cycle is measured, or was at an instant.

    Where its plan holds no survey, the survey's leaves count nowhere, whatever the settings say: no survey is not one scored 0 (domain §3).
    """
    rules = rules_set(connection, authority, cycle, at=at)
    return rules if survey_held(store, connection, cycle) else replace(rules, index=replace(rules.index, survey_held=False))


def rules_set(connection: Connection, authority: int, cycle: int, *, at: datetime | None = None) -> ResultRules:
    """Return the settings as people set them, or had set them at an instant: the cycle's own, else its authority's, else the defaults."""
    own = or_(RESULT_RULES.c.cycle_id == cycle, RESULT_RULES.c.cycle_id.is_(None))
    query = select(RESULT_RULES.c.content).where(RESULT_RULES.c.authority_id == authority, own)
    query = query if at is None else query.where(RESULT_RULES.c.at <= at)
    first = case((RESULT_RULES.c.cycle_id.is_(None), 1), else_=0)
    content = connection.execute(query.order_by(first, RESULT_RULES.c.id.desc()).limit(1)).scalar_one_or_none()
    return ResultRules() if content is None else decode_rules(orjson.loads(content))


def survey_held(store: Store, connection: Connection, cycle: int) -> bool:
    """Return whether a cycle's plan in force holds a survey."""
    number = connection.execute(select(CYCLE.c.plan_version).where(CYCLE.c.id == cycle)).scalar_one()
    return rules_of_plan(load_plan_version(store, connection, cycle=cycle, number=number)[0]).held


def sets_in_use(store: Store, connection: Connection, cycle: int) -> dict[str, CriteriaSet]:
    """Return the criteria set that a cycle uses for each unit group, its key with the number of its version."""
    found = {}
    for group, version in pinned_versions(connection, cycle).items():
        key = ("criteria-measured", version)  # only what is published is pinned, and that never changes
        if key not in store.kept:
            query = select(CRITERIA_SET.c.key, CRITERIA_VERSION.c.number).join(CRITERIA_SET, CRITERIA_SET.c.id == CRITERIA_VERSION.c.set_id)
            row = connection.execute(query.where(CRITERIA_VERSION.c.id == version)).one()
            store.kept[key] = replace(without_leads(load_criteria(store, connection, version)), key=f"{row.key}/{row.number}")
        found[group] = store.kept[key]
    return found


def measured_units(store: Store, connection: Connection, year: Year, *, rules: ResultRules) -> tuple[MeasuredUnit, ...]:
    """
    Return the units that a cycle measures, in the roster's order.

    A unit is measured by the set that is pinned for its group, if it takes part on the plan's reference date or owes a self-assessment all
    the same, as a successor does, is not exempt as a whole, and its self-assessment was not waived or passed on (domain §2.5, §10).
    """
    sets = sets_in_use(store, connection, year.cycle)
    exempt = _exemptions(connection, year)
    gone, owing = _taken_out(connection, year.cycle)
    name, on = cycle_name(year), year.plan.reference_on
    found = []
    for party in year.people.roster.parties:
        ident = year.people.ids[party.key]
        there = (party.is_valid(on) or ident in owing) and ident not in gone
        if party.kind is not PartyKind.UNIT or party.group not in sets or party.exempt or not there:
            continue
        scope = Scope(cycle=name, unit=party.key, criteria=sets[party.group], group=party.group, exemptions=exempt.get(ident, ()))
        found.append(MeasuredUnit(party=ident, name=party.name, special=party.key in rules.unranked, scope=scope))
    return tuple(found)


def _exemptions(connection: Connection, year: Year) -> dict[int, tuple[Exemption, ...]]:
    """Return what holds, by unit. Who approved is said by office, never by name: what is published outlives people."""
    office = select(CONTACT.c.id, PARTY.c.key, CONTACT.c.role).join(PARTY, PARTY.c.id == CONTACT.c.party_id)
    offices = {row.id: f"{row.key}/{row.role}" for row in connection.execute(office.where(CONTACT.c.authority_id == year.authority))}
    keys = {ident: key for key, ident in year.people.ids.items()}
    query = select(EXEMPTION).where(EXEMPTION.c.cycle_id == year.cycle, EXEMPTION.c.ended_at.is_(None)).order_by(EXEMPTION.c.id)
    found: dict[int, tuple[Exemption, ...]] = {}
    for row in connection.execute(query):
        one = Exemption(
            cycle=cycle_name(year),
            unit=keys[row.party_id],
            node=row.node,
            reason=row.reason,
            approver=offices.get(row.approver_id, "system"),
            document=row.document,
        )
        found[row.party_id] = (*found.get(row.party_id, ()), one)
    return found


def _taken_out(connection: Connection, cycle: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the units of whose self-assessments every one was waived or passed on, and those that owe one."""
    left = func.sum(case((OBLIGATION.c.state.in_(_GONE), 0), else_=1))
    query = select(OBLIGATION.c.party_id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    owing = query.where(OBLIGATION.c.cycle_id == cycle, STAGE.c.kind == StageKind.SELF_ASSESSMENT.value)
    counted = connection.execute(owing.add_columns(left).group_by(OBLIGATION.c.party_id)).tuples().all()
    return frozenset(party for party, some in counted if not some), frozenset(party for party, some in counted if some)


#: Stands before a score that only the unit itself gave.
OWN = "~"


class Numbers(dict[str, Decimal]):
    """The numbers that texts are, with or without the mark of a unit's own, each read once: few texts stand for many scores."""

    def __missing__(self, text: str) -> Decimal:
        """Read one."""
        found = self[text] = Decimal(text.removeprefix(OWN))
        return found


def counted_nodes(scope: Scope, rules: ResultRules) -> frozenset[str]:
    """Return the leaves whose scores count for a unit: neither exempt nor of a survey that is not held."""
    return frozenset(step.node.key for step in scope.owed if rules.index.survey_held or not is_survey(step.node))


def survey_nodes(criteria: CriteriaSet) -> frozenset[str]:
    """Return the leaves whose points come from the survey."""
    return frozenset(step.node.key for step in walk(criteria) if step.node.is_leaf and is_survey(step.node))


def parts_of(connection: Connection, cycle: int, *, party: int | None = None) -> dict[int, dict[Part, dict[str, Decimal]]]:
    """Return the scores of a cycle's sheets as they stand, by unit, whose score it is, and leaf."""
    query = select(SCORE.c.party_id, SCORE.c.node, SCORE.c.self_score, SCORE.c.appraised, SCORE.c.final).where(SCORE.c.cycle_id == cycle)
    numbers = Numbers()
    found: dict[int, dict[Part, dict[str, Decimal]]] = {}
    for row in connection.execute(query if party is None else query.where(SCORE.c.party_id == party)):
        own = found.setdefault(row.party_id, {part: {} for part in Part})
        for part, text in ((Part.SELF, row.self_score), (Part.APPRAISED, row.appraised), (Part.FINAL, row.final)):
            if text is not None:
                own[part][row.node] = numbers[text]
    return found


def published_parts(
    unit: MeasuredUnit, parts: Mapping[Part, Mapping[str, Decimal]], *, rules: ResultRules
) -> dict[Part, dict[str, Decimal]]:
    """Return the scores of a unit as they are published: of the leaves that count; final is what was settled, else what was appraised."""
    counted, surveyed = counted_nodes(unit.scope, rules), survey_nodes(unit.scope.criteria)
    final = {**parts.get(Part.APPRAISED, {}), **parts.get(Part.FINAL, {})}
    own = counted - surveyed  # neither the unit nor the appraisers score the survey
    return {
        Part.SELF: {node: points for node, points in parts.get(Part.SELF, {}).items() if node in own},
        Part.APPRAISED: {node: points for node, points in parts.get(Part.APPRAISED, {}).items() if node in own},
        Part.FINAL: {node: points for node, points in final.items() if node in counted},
    }


def editions_of(connection: Connection, cycle: int) -> tuple[EditionLine, ...]:
    """Return the editions of a cycle, the first first."""
    query = select(EDITION.c.id, EDITION.c.number, EDITION.c.sha256, EDITION.c.decision, EDITION.c.corrects_id)
    rows = connection.execute(query.where(EDITION.c.cycle_id == cycle).order_by(EDITION.c.number)).all()
    numbers = {row.id: row.number for row in rows}
    return tuple(
        EditionLine(id=row.id, number=row.number, sha256=row.sha256, decision=row.decision, corrects=numbers.get(row.corrects_id))
        for row in rows
    )


def leaf_texts(connection: Connection, cycle: int) -> Iterator[tuple[int, str]]:
    """
    Yield for each unit with scores what counts of its leaves, `node=number` joined by `;`.

    The number is the final or the appraised one; with `~` before it one that only the unit itself gave. One row a unit: a million leaves
    come as ten thousand rows.
    """
    text = func.coalesce(SCORE.c.final, SCORE.c.appraised, literal(OWN).concat(SCORE.c.self_score))
    pairs = func.aggregate_strings(SCORE.c.node.concat("=").concat(text), ";")
    query = select(SCORE.c.party_id, pairs).where(SCORE.c.cycle_id == cycle, text.is_not(None)).group_by(SCORE.c.party_id)
    yield from connection.execute(query).tuples()
