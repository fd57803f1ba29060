"""Sheets read for people: a unit's leaves with three scores side by side, what is missing, and how far an obligation about one is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.handing_in import (
    appraisable,
    appraisal_faults,
    evidence_warnings,
    explanation_faults,
    reduced_leaves,
    self_assessment_faults,
)
from evaluation.scores.sheets import LeafState, leaf_state
from evaluation.submissions import takes_evidence
from store.commands.scores.appraising import may_return, own_states
from store.lives import read_by_id
from store.predecessors import sheets_before
from store.queries.last_year import last_scores
from store.queries.names import contact_names
from store.queries.score_sight import as_seen, hidden_leaves
from store.schema import EVIDENCE, OBLIGATION, PARTY, STAGE
from store.score_rounds import given_back
from store.scores import charged_of, confirmed_leaves, sheet_of
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Step
    from evaluation.obligations import Obligation
    from evaluation.rights import ActorFacts
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.sheets import Entry
    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class LeafLine:
    """A leaf of a unit's sheet, with what stands beside its scores."""

    step: Step
    entry: Entry
    state: LeafState
    version: int
    lead: str  #: key of the party that leads it today; empty: nobody
    claimed_by: str = ""  #: name
    claimed_contact: int | None = None
    confirmed: bool = False  #: by a second appraiser
    hidden: bool = False  #: it has an appraised or final score that the viewer does not see yet
    last_year: Decimal | None = None
    files: tuple[tuple[int, str], ...] = ()  #: evidence: id, name


@dataclass(frozen=True, kw_only=True)
class BeforeLine:
    """A predecessor whose self-assessment came to the unit within the year: a source beside its own sheet."""

    unit: str  #: key
    name: str
    scores: Mapping[str, Decimal]  #: its own, by leaf


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """The sheet that an obligation is about."""

    obligation: int
    cycle: int
    kind: StageKind
    state: State
    in_hand: bool
    rounds: int
    four_eyes: bool
    title: str
    title_en: str
    unit: str  #: key
    unit_name: str
    lines: tuple[LeafLine, ...]
    faults: tuple[ScoreFault, ...]  #: what keeps the obligation from being handed in (an explanation: from being closed)
    done: int  #: leaves that are as far as this obligation brings them
    wanted: int
    warnings: tuple[ScoreFault, ...] = ()  #: what a self-assessment lacks although it may be handed in without it
    returnable: bool = False  #: an appraisal's: leaves can go back to the unit now
    given_back: tuple[str, ...] | None = None  #: leaves that the unit may change in the round that runs; None: all that are open
    opens_on: date | None = None  #: local date from which it is worked on; None: it is open, or nothing says when
    own: int | None = None  #: the unit's self-assessment: the evidence is there
    predecessors: tuple[BeforeLine, ...] = ()

    def line(self, node: str) -> LeafLine | None:
        """Return a leaf; None if there is none of that key."""
        return next((one for one in self.lines if one.step.node.key == node), None)


def view_sheet(
    store: Store, connection: Connection, obligation: int, *, now: datetime, viewer: ActorFacts | None = None
) -> SheetView | None:
    """
    Return the sheet that an obligation is about, as a viewer sees it (`store.queries.score_sight`); None if there is none.

    Without a viewer the system reads for itself, or for whoever runs the installation.
    """
    found = sheet_at(store, connection, obligation, now=now)
    if found is None:
        return None
    year, before, whole = found
    hidden = hidden_leaves(store, connection, year, whole, viewer=viewer, now=now)
    unit = as_seen(whole, hidden)
    ref = year.stage(before.stage)
    today = year.rulebook.calendar.local_date(now)
    name = connection.execute(select(PARTY.c.name).where(PARTY.c.id == unit.party)).scalar_one()
    charged = charged_of(year, unit, before, now=now) if ref.kind is StageKind.APPRAISAL else appraisable(unit.sheet)
    untold = hidden and ref.kind is StageKind.APPRAISAL
    faults = () if untold else _faults(connection, whole, charged, kind=ref.kind, four_eyes=ref.line.four_eyes)
    done, wanted = progress_of(whole, ref.kind, charged)
    return SheetView(
        obligation=obligation,
        cycle=year.cycle,
        kind=ref.kind,
        state=before.state,
        in_hand=takes_evidence(before.state, line=ref.line),
        rounds=before.rounds,
        four_eyes=ref.line.four_eyes,
        title=ref.line.title,
        title_en=ref.line.title_en,
        unit=unit.sheet.scope.unit,
        unit_name=name,
        lines=_lines(connection, unit, last_scores(store, connection, year, unit, viewer=viewer, now=now), today=today, hidden=hidden),
        faults=faults,
        done=done,
        wanted=wanted,
        warnings=evidence_warnings(whole.sheet) if ref.kind is StageKind.SELF_ASSESSMENT else (),
        returnable=ref.kind is StageKind.APPRAISAL and may_return(state for _, state in own_states(connection, unit)),
        given_back=given_back(connection, whole, before) if ref.kind is StageKind.SELF_ASSESSMENT else None,
        opens_on=year.rulebook.calendar.local_date(at) if before.state is State.SCHEDULED and (at := before.term.opens_at) else None,
        own=_own(connection, unit),
        predecessors=_before(store, connection, year, unit.party),
    )


def _before(store: Store, connection: Connection, year: Year, party: int) -> tuple[BeforeLine, ...]:
    sheets = sheets_before(store, connection, year, party)
    if not sheets:
        return ()
    rows = connection.execute(select(PARTY.c.id, PARTY.c.name).where(PARTY.c.id.in_([one.party for one in sheets])))
    names = {row.id: row.name for row in rows}
    return tuple(
        BeforeLine(
            unit=one.sheet.scope.unit,
            name=names[one.party],
            scores={key: entry.self_score for key, entry in one.sheet.entries.items() if entry.self_score is not None},
        )
        for one in sheets
    )


def sheet_at(store: Store, connection: Connection, obligation: int, *, now: datetime) -> tuple[Year, Obligation, UnitSheet] | None:
    """Return the sheet that an obligation is about, with its year and the obligation; None if it is about none."""
    cycle = connection.execute(select(OBLIGATION.c.cycle_id).where(OBLIGATION.c.id == obligation)).scalar_one_or_none()
    if cycle is None:
        return None
    year = load_year(store, connection, cycle, now=now)
    before = read_by_id(connection, [obligation], history=True)[0]
    unit = sheet_of(store, connection, year, before)
    return None if unit is None else (year, before, unit)


def progress_of(unit: UnitSheet, kind: StageKind, charged: Sequence[Step]) -> tuple[int, int]:
    """Return of how many leaves (those charged with) how many are as far as a stage of this kind brings them."""
    entries = [unit.sheet.entry(step.node.key) for step in charged]
    match kind:
        case StageKind.SELF_ASSESSMENT:
            return sum(one.self_score is not None for one in entries), len(entries)
        case StageKind.APPRAISAL:
            return sum((one.appraised is not None or one.final is not None) and not one.returned for one in entries), len(entries)
        case _:
            reduced = [unit.sheet.entry(node) for node in reduced_leaves(unit.sheet)]
            return sum(one.explanation is not None and one.explanation.answers for one in reduced), len(reduced)


def _faults(
    connection: Connection, unit: UnitSheet, charged: Sequence[Step], *, kind: StageKind, four_eyes: bool
) -> tuple[ScoreFault, ...]:
    match kind:
        case StageKind.SELF_ASSESSMENT:
            return self_assessment_faults(unit.sheet)
        case StageKind.APPRAISAL:
            confirmed = confirmed_leaves(connection, unit) if four_eyes else None
            return appraisal_faults(unit.sheet, leaves=charged, confirmed=confirmed)
        case _:
            return explanation_faults(unit.sheet)


def _own(connection: Connection, unit: UnitSheet) -> int | None:
    query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    mine = query.where(OBLIGATION.c.cycle_id == unit.cycle, OBLIGATION.c.party_id == unit.party)
    return connection.execute(mine.where(STAGE.c.kind == StageKind.SELF_ASSESSMENT.value).order_by(OBLIGATION.c.id).limit(1)).scalar()


def _lines(
    connection: Connection, unit: UnitSheet, last_year: Mapping[str, Decimal], *, today: date, hidden: frozenset[str]
) -> tuple[LeafLine, ...]:
    names = contact_names(connection, [claim.contact for claim in unit.claims.values()])
    confirmed, files = confirmed_leaves(connection, unit), files_of_sheet(connection, unit)
    found = []
    for step in unit.sheet.scope.leaves:
        key, lead = step.node.key, step.lead_on(today)
        claim = unit.claims.get(key)
        line = LeafLine(
            step=step,
            entry=unit.sheet.entry(key),
            state=leaf_state(unit.sheet, step),
            version=unit.version(key),
            lead=lead.party if lead is not None else "",
            claimed_by=names.get(claim.contact, "") if claim is not None else "",
            claimed_contact=claim.contact if claim is not None else None,
            confirmed=key in confirmed and key not in hidden,
            hidden=key in hidden,
            last_year=last_year.get(key),
            files=files.get(key, ()),
        )
        found.append(line)
    return tuple(found)


def files_of_sheet(connection: Connection, unit: UnitSheet) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return the files that a unit has handed in, id and name, by leaf."""
    query = (
        select(EVIDENCE.c.id, EVIDENCE.c.item, EVIDENCE.c.name)
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == unit.cycle, OBLIGATION.c.party_id == unit.party, EVIDENCE.c.withdrawn_at.is_(None))
        .where(STAGE.c.kind == StageKind.SELF_ASSESSMENT.value, EVIDENCE.c.item != "")
    )
    found: dict[str, tuple[tuple[int, str], ...]] = defaultdict(tuple)
    for row in connection.execute(query.order_by(EVIDENCE.c.id)):
        found[row.item] += ((row.id, row.name),)
    return found
