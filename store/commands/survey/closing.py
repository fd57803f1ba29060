"""
Closing a survey: the ballots make points, and the points stand in the units' sheets as the final scores of the survey's leaves.

All units or none: a unit that no valid ballot speaks of is named, never counted as 0. The journal keeps the digest of all ballots.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import delete, func, insert, select, update

from evaluation.kinds import StageKind
from evaluation.scores.ballots import tally, tally_faults
from evaluation.scores.faults import ScoreError, require
from evaluation.scores.filling import settle
from evaluation.scores.index import is_survey
from evaluation.scores.numbers import number_written
from evaluation.scores.survey import rules_of_plan, survey_result
from store.commands.scores.held import act_of
from store.commands.survey.held import IN_HAND, SurveyRefusedError, hand_in, note, open_survey, running_survey
from store.lives import read_by_id
from store.queries.council import settled_by_council
from store.results import editions_of
from store.schema import BALLOT, OBLIGATION, STAGE, SURVEY_CLOSE, SURVEY_CODE
from store.score_changes import HeldSheet, keep
from store.score_refusals import refusing
from store.scores import read_sheet
from store.survey import ballots_digest, closed_of, last_closing, samples_of, sorted_of, surveyed_groups, surveyed_units, unit_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.obligations import Obligation
    from evaluation.scores.ballots import Ballot
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.survey import SurveyResult
    from store.commands.survey.held import OpenSurvey
    from store.scores import UnitSheet
    from store.session import Store, Transaction
    from store.years import StageRef


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What a closing came to."""

    units: int
    ballots: int
    notes: tuple[tuple[str, str, str], ...]  #: unit, and what has to be said of its result or its counts in Vietnamese and English


def close_survey(store: Store, transaction: Transaction, cycle: int, *, reason: str = "") -> Closing:
    """
    Write the survey's points into every unit's sheet, take no more ballots, and hand in what the survey's stages owe.

    A leaf of the survey that the council settled keeps the council's score; the closing says which. A unit that is exempt from every
    leaf of the survey takes part in none of it.

    Raises:
        SurveyRefusedError: the survey takes no ballots, or none of its stages is open yet.
        SheetFaultsError: a unit has no valid ballot, a group sent too few, or nobody answered a question; each is named.
    """
    survey = open_survey(store, transaction, cycle)
    course = _course(transaction, survey)
    with refusing():
        found = _results(store, transaction, survey)
    ballots, digest = ballots_digest(transaction.connection, cycle)
    settled = settled_by_council(transaction.connection, cycle)
    kept: list[tuple[str, str, str]] = []
    for unit, result in found:
        standing = settled.get(unit.party, frozenset())
        kept += _kept(unit, result, standing)
        _settle(transaction, HeldSheet(year=survey.year, ref=course[0], obligation=course[1], unit=unit), result, standing=standing)
    results = {
        result.unit: {"points": {leaf: number_written(points) for leaf, points in result.points.items()}, "left_out": list(result.left_out)}
        for _, result in found
    }
    row = {
        "cycle_id": cycle,
        "number": last_closing(transaction.connection, cycle) + 1,
        "ballots": ballots,
        "sha256": digest,
        "results": orjson.dumps(results, option=orjson.OPT_SORT_KEYS).decode(),
        "reason": reason.strip(),
        "at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    transaction.connection.execute(insert(SURVEY_CLOSE).values(row))
    shuffle(transaction, cycle)
    note(transaction, survey.year, "close-survey", ballots=ballots, content=digest, units=len(found), reason=reason.strip())
    _hand_in(store, transaction, survey, text=f"{ballots} phiếu, {len(found)} đơn vị")
    notes = tuple((one.unit, one.note("vi"), one.note("en")) for _, one in found if one.left_out)
    return Closing(units=len(found), ballots=ballots, notes=(*notes, *kept, *_disagreeing(transaction, survey)))


def _disagreeing(transaction: Transaction, survey: OpenSurvey) -> Iterator[tuple[str, str, str]]:
    """Yield the units whose counts of ballots do not agree, and how."""
    samples = samples_of(transaction.connection, survey.year.cycle, keys=unit_keys(survey.year))
    sets = survey.form.questions.sets
    for one in tally_faults(tally(samples, sorted_of(transaction.connection, survey.year, survey.form), sets=sets)):
        yield one.unit, f"{one.about}: {one.vi}", f"{one.about}: {one.en}"


def reopen_survey(store: Store, transaction: Transaction, cycle: int, *, reason: str) -> None:
    """
    Let a closed survey take ballots again; its points stand in the sheets until it is closed anew, and nothing is published meanwhile.

    Raises:
        SurveyRefusedError: it is not closed; no reason is given; the results were published: they are frozen.

    """
    year = running_survey(store, transaction, cycle)
    vi = en = field = ""
    if closed_of(transaction.connection, cycle) is None:
        vi, en = "điều tra đang mở, không cần mở lại", "the survey is open, there is nothing to re-open"
    elif editions_of(transaction.connection, cycle):
        vi, en = "kết quả đã công bố, không mở lại điều tra; sai thì đính chính", "the results are published; correct them by a new edition"
    elif not reason.strip():
        vi, en, field = "ghi lý do mở lại", "write why it is re-opened", "reason"
    if vi:
        raise SurveyRefusedError(vi, en, field=field)
    number = last_closing(transaction.connection, cycle)
    last = SURVEY_CLOSE.c.cycle_id == cycle, SURVEY_CLOSE.c.number == number
    reopened = {"reopened_at": transaction.now, "reopened_why": reason.strip()}
    transaction.connection.execute(update(SURVEY_CLOSE).where(*last).values(reopened))
    note(transaction, year, "reopen-survey", number=number, reason=reason.strip())


def shuffle(transaction: Transaction, cycle: int) -> None:
    """Lay ballots and codes of a cycle anew by their random keys: no order and no transaction tells which belong together."""
    for table in (BALLOT, SURVEY_CODE):
        own, (key,) = table.c.cycle_id == cycle, table.primary_key
        rows = transaction.connection.execute(select(table).where(own).order_by(key)).mappings().all()
        transaction.connection.execute(delete(table).where(own))
        if rows:
            transaction.connection.execute(insert(table), [dict(row) for row in rows])


def _course(transaction: Transaction, survey: OpenSurvey) -> tuple[StageRef, Obligation]:
    """Return in the course of which obligation the points are written: the first that the last survey stage with any owes."""
    query = (
        select(func.min(OBLIGATION.c.id), OBLIGATION.c.stage_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == survey.year.cycle, STAGE.c.kind == StageKind.SURVEY.value)
        .group_by(OBLIGATION.c.stage_id, STAGE.c.position)
        .order_by(STAGE.c.position.desc())
    )
    first = transaction.connection.execute(query.limit(1)).one_or_none()
    if first is None:
        vi = "công đoạn điều tra chưa giao cho ai; chờ công đoạn mở hoặc điều chỉnh kế hoạch"
        raise SurveyRefusedError(vi, "nobody owes anything in the survey's stage yet; wait until it opens, or replan")
    return survey.year.stages[first[1]], read_by_id(transaction.connection, [first[0]], lock=True)[0]


def _results(store: Store, transaction: Transaction, survey: OpenSurvey) -> list[tuple[UnitSheet, SurveyResult]]:
    """Return every surveyed unit's sheet with what its ballots came to; ScoreError with the faults of all of them."""
    year, rules = survey.year, rules_of_plan(survey.year.plan)
    valid: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in sorted_of(transaction.connection, year, survey.form).valid:
        valid[ballot.unit].append(ballot)
    groups = surveyed_groups(store, transaction.connection, year)
    found: list[tuple[UnitSheet, SurveyResult]] = []
    faults: list[ScoreFault] = []
    for key, group in surveyed_units(year, survey.form).items():
        sheet = read_sheet(store, transaction.connection, year, year.people.ids[key]) if group in groups else None
        if sheet is None or not any(_owed(sheet)):
            continue
        try:
            found.append((sheet, survey_result(key, valid[key], sets=survey.form.questions.about(group), rules=rules)))
        except ScoreError as error:
            faults += error.faults
    require(faults)
    return found


def _owed(sheet: UnitSheet) -> Iterator[str]:
    """Yield the leaves of the survey that a unit is measured by."""
    yield from (step.node.key for step in sheet.sheet.scope.owed if is_survey(step.node))


def _kept(unit: UnitSheet, result: SurveyResult, standing: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield of which leaves the council's score stands, and what the ballots came to."""
    for leaf in _owed(unit):
        final = unit.sheet.entry(leaf).final
        if leaf in standing and final is not None:
            council, ballots = number_written(final), number_written(result.points[leaf])
            vi = f"mục {leaf}: giữ điểm {council} Hội đồng đã chốt (theo phiếu điều tra: {ballots})"
            yield result.unit, vi, f"leaf {leaf}: the score {council} that the council settled stands (by the ballots: {ballots})"


def _settle(transaction: Transaction, held: HeldSheet, result: SurveyResult, *, standing: frozenset[str]) -> None:
    after = held.sheet
    act = act_of(transaction, why="điều tra xã hội học")
    with refusing():
        for leaf in (one for one in _owed(held.unit) if one not in standing):
            after = settle(after, leaf, result.points[leaf], act=act)
    keep(transaction, held, after, action="settle-scores")


def _hand_in(store: Store, transaction: Transaction, survey: OpenSurvey, *, text: str) -> None:
    """Hand in what the stages of the survey owe and is still in hand."""
    query = (
        select(OBLIGATION.c.id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == survey.year.cycle, STAGE.c.kind == StageKind.SURVEY.value, OBLIGATION.c.state.in_(IN_HAND))
        .order_by(OBLIGATION.c.id)
    )
    for ident in transaction.connection.execute(query).scalars().all():
        hand_in(store, transaction, ident, text=text)
