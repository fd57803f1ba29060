"""The survey as stored: question sets in force, sample, ballots as the rules see them, and who is surveyed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import func, select

from config.survey_files import parse_survey
from config.survey_tables import Known
from evaluation.criteria.sets import leaves
from evaluation.kinds import PartyKind
from evaluation.scores.ballots import Ballot, Mode, Sample, sort_ballots
from evaluation.scores.index import is_survey
from evaluation.scores.survey import rules_of_plan
from store.criteria import load_criteria, pinned_versions
from store.schema import BALLOT, SURVEY_CLOSE, SURVEY_FORM, SURVEY_SAMPLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from config.survey_files import Questionnaire
    from evaluation.criteria.sets import CriteriaSet
    from evaluation.scores.ballots import Sorted
    from store.session import Store
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Form:
    """The question sets that a cycle asks."""

    number: int
    questions: Questionnaire


@dataclass(frozen=True, kw_only=True)
class UnitResult:
    """What the survey came to for a unit: points by leaf as text, and the groups of respondents that sent too few."""

    points: Mapping[str, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """What the last closing came to."""

    number: int
    ballots: int
    sha256: str
    results: Mapping[str, UnitResult]  #: by unit


def form_of(connection: Connection, cycle: int) -> Form | None:
    """Return the question sets in force; None while there are none."""
    query = select(SURVEY_FORM.c.number, SURVEY_FORM.c.yaml).where(SURVEY_FORM.c.cycle_id == cycle)
    row = connection.execute(query.order_by(SURVEY_FORM.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Form(number=row.number, questions=parse_survey(row.yaml))


def surveyed_groups(store: Store, connection: Connection, year: Year) -> dict[str, CriteriaSet]:
    """Return the unit groups whose criteria have leaves of the survey, with their sets; none where no survey is held."""
    if not rules_of_plan(year.plan).held:
        return {}
    sets = {group: load_criteria(store, connection, version) for group, version in pinned_versions(connection, year.cycle).items()}
    return {group: one for group, one in sets.items() if any(is_survey(step.node) for step in leaves(one, group=group))}


def surveyed_units(year: Year, form: Form) -> dict[str, str]:
    """Return the units that some question set asks about, key → group, in the roster's order, but for those that are wholly exempt."""
    on = year.plan.reference_on
    return {
        party.key: party.group
        for party in year.people.roster.parties
        if party.kind is PartyKind.UNIT and not party.exempt and party.is_valid(on) and form.questions.about(party.group)
    }


def known_of(year: Year, form: Form) -> Known:
    """Return the words that a sample plan or a file of ballots may use; any unit may be where somebody works."""
    units = [party for party in year.people.roster.parties if party.kind is PartyKind.UNIT]
    names = {party.key: party.name for party in units}
    return Known(names=names, groups={party.key: party.group for party in units}, sets=form.questions.sets)


def samples_of(connection: Connection, cycle: int, *, keys: Mapping[int, str]) -> list[Sample]:
    """Return the sample plan of a cycle with what was handed out."""
    rows = connection.execute(
        select(SURVEY_SAMPLE)
        .where(SURVEY_SAMPLE.c.cycle_id == cycle)
        .order_by(SURVEY_SAMPLE.c.unit_id, SURVEY_SAMPLE.c.respondents, SURVEY_SAMPLE.c.mode)
    )
    return [
        Sample(unit=keys[row.unit_id], respondents=row.respondents, planned=row.planned, issued=row.issued, mode=Mode(row.mode))
        for row in rows
    ]


def ballots_of(connection: Connection, cycle: int, *, keys: Mapping[int, str]) -> list[Ballot]:
    """Return the ballots that came back, in the order of their random keys, which says nothing of when they came."""
    rows = connection.execute(select(BALLOT).where(BALLOT.c.cycle_id == cycle).order_by(BALLOT.c.key))
    return [
        Ballot(
            key=row.key,
            unit=keys[row.unit_id],
            question_set=row.question_set,
            answers=orjson.loads(row.answers),
            mode=Mode(row.mode),
            from_unit=keys.get(row.from_unit_id, ""),
        )
        for row in rows
    ]


def sorted_of(connection: Connection, year: Year, form: Form) -> Sorted:
    """Return the ballots of a cycle, those that count and those that do not."""
    groups = {party.key: party.group for party in year.people.roster.parties}
    return sort_ballots(ballots_of(connection, year.cycle, keys=unit_keys(year)), sets=form.questions.sets, groups=groups)


def unit_keys(year: Year) -> dict[int, str]:
    """Return the keys of all parties by id."""
    return {ident: key for key, ident in year.people.ids.items()}


def closed_of(connection: Connection, cycle: int) -> Closed | None:
    """Return what the survey of a cycle came to; None while it is open, also where it was closed and re-opened."""
    query = select(SURVEY_CLOSE).where(SURVEY_CLOSE.c.cycle_id == cycle).order_by(SURVEY_CLOSE.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None or row.reopened_at is not None:
        return None
    results = {unit: UnitResult(points=one["points"], left_out=tuple(one["left_out"])) for unit, one in orjson.loads(row.results).items()}
    return Closed(number=row.number, ballots=row.ballots, sha256=row.sha256, results=results)


def is_reopened(connection: Connection, cycle: int) -> bool:
    """Return whether the survey of a cycle was closed and takes ballots again: the points in the sheets are those of before."""
    return closed_of(connection, cycle) is None and last_closing(connection, cycle) > 0


def last_closing(connection: Connection, cycle: int) -> int:
    """Return the number of the last closing of a cycle's survey; 0: there was none."""
    query = select(func.coalesce(func.max(SURVEY_CLOSE.c.number), 0)).where(SURVEY_CLOSE.c.cycle_id == cycle)
    return int(connection.execute(query).scalar_one())


def ballots_digest(connection: Connection, cycle: int) -> tuple[int, str]:
    """Return how many ballots a cycle has and the SHA-256 of all of them, in the order of their keys."""
    names = ("key", "form", "unit_id", "question_set", "mode", "source", "number", "from_unit_id", "answers", "day")
    rows = connection.execute(select(*(BALLOT.c[name] for name in names)).where(BALLOT.c.cycle_id == cycle).order_by(BALLOT.c.key)).all()
    written = orjson.dumps([[*row[:-1], row.day.isoformat()] for row in rows])
    return len(rows), hashlib.sha256(written).hexdigest()


def journaled_choice(choice: str, seal: str) -> str:
    """Return a vote as the journal knows it: as it was given, or, where it is secret, by a digest that nothing but its seal explains."""
    return text_digest(f"{choice}/{seal}") if seal else choice


def text_digest(text: str) -> str:
    """Return the SHA-256 by which the journal knows a text."""
    return hashlib.sha256(text.encode()).hexdigest()
