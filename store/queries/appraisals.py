"""How far the appraisals of a year are, unit by unit: of the leaves that are the reader's, how many are done, returned and waiting."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.criteria.sets import leaves
from evaluation.kinds import Role, StageKind
from evaluation.obligations import State
from evaluation.rights import decide, posts_filled
from evaluation.rights_table import Action
from evaluation.scores.index import is_survey
from evaluation.scores.showing import ScoresShown
from evaluation.terms import Turn
from store.criteria import load_criteria, pinned_versions
from store.queries.rights import cycle_resource
from store.results import editions_of, rules_of
from store.schema import CYCLE, EXEMPTION, OBLIGATION, PARTY, SCORE, STAGE, TERM
from store.scores import sheet_party
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Step
    from evaluation.rights import ActorFacts
    from store.queries.sight import Readable
    from store.session import Store
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class AppraisalLine:
    """How far the appraisal of a unit is."""

    obligation: int
    unit: str
    unit_name: str
    state: State
    own: bool  #: only the reader's leaves are counted: those that they lead, or that their appraisal is charged with
    appraised: int
    wanted: int
    waiting: int  #: for a score: neither appraised nor returned
    reduced: int | None  #: None: the unit is the reader's own, and is not told yet
    returned: int
    due_on: date | None
    days_left: int | None  #: calendar days; negative once it is over; None: no due, or handed in


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Whose leaves are counted."""

    parties: Mapping[str, frozenset[str]]  #: by key of a party whose post is filled: the fields of it; none: every field
    whole: bool  #: sees every score

    def leads(self, step: Step, *, on: date) -> bool:
        """Return whether a leaf is led by a party of the reader, in a field of theirs."""
        lead = step.lead_on(on)
        if lead is None or lead.party not in self.parties:
            return False
        fields = self.parties[lead.party]
        return not fields or (*step.above, step.node)[0].key in fields


def list_appraisals(  # noqa: PLR0913  of which cycle, read by whom
    store: Store,
    connection: Connection,
    cycle: int,
    *,
    now: datetime,
    readable: Readable | None = None,
    viewer: ActorFacts | None = None,
) -> list[AppraisalLine]:
    """
    Return the appraisals of a cycle that are about a sheet, in the order of their numbers, of those that may be read.

    With a viewer who leads leaves or owes the appraisal, those leaves alone are counted; of anybody else all that are to be appraised.
    """
    year = load_year(store, connection, cycle, now=now)
    today = year.rulebook.calendar.local_date(now)
    reader = _reader(connection, year, viewer, today=today)
    keys = {ident: key for key, ident in year.people.ids.items()}
    units = [(row, unit) for row in _rows(connection, year, readable) if (unit := _unit_of(year, row)) is not None]
    marked = _Marked.read(store, connection, year, today=today)
    names = dict(connection.execute(select(PARTY.c.id, PARTY.c.name).where(PARTY.c.authority_id == year.authority)).tuples().all())
    told = rules_of(store, connection, year.authority, cycle).appraised_scores_shown is ScoresShown.AT_ONCE or bool(
        editions_of(connection, cycle)
    )
    found = []
    for row, unit in units:
        steps, own = marked.steps_of(year, unit, owing=keys[row.party_id], reader=reader)
        counted = _count(steps, marked.scored[unit], marked.exempt[unit])
        hidden = not (told or reader.whole) and keys[unit] in reader.parties
        due = row.due_on if row.turn == Turn.PARTY.value else None
        line = AppraisalLine(
            obligation=row.id,
            unit=keys[unit],
            unit_name=names[unit],
            state=State(row.state),
            own=own,
            due_on=due,
            days_left=None if due is None else (due - today).days,
            reduced=None if hidden else counted.pop("reduced", 0),
            **{name: counted[name] for name in ("wanted", "appraised", "returned", "waiting")},
        )
        found.append(line)
    return found


def _reader(connection: Connection, year: Year, viewer: ActorFacts | None, *, today: date) -> _Reader:
    if viewer is None:
        return _Reader(parties={}, whole=True)
    keys = {ident: key for key, ident in year.people.ids.items()}
    parties: dict[str, frozenset[str]] = {}
    for post in posts_filled(viewer, on=today):
        if post.party in keys:
            fields = post.fields if post.role is Role.FIELD_LEAD else frozenset()
            before = parties.get(keys[post.party])
            parties[keys[post.party]] = fields if before is None else (fields | before if fields and before else frozenset())
    whole = decide(viewer, Action.READ_RESULTS, cycle_resource(connection, year.cycle), on=today).allowed
    return _Reader(parties=parties, whole=whole)


def _rows(connection: Connection, year: Year, readable: Readable | None) -> Sequence[Any]:
    stages = [ref.id for ref in year.stages.values() if ref.kind is StageKind.APPRAISAL]
    columns = [OBLIGATION.c[name] for name in ("id", "stage_id", "party_id", "subject", "state")]
    query = select(*columns, TERM.c.due_on, TERM.c.turn).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    query = query.join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    query = query.outerjoin(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
    mine = (OBLIGATION.c.stage_id.in_(stages), *(() if readable is None else (readable,)))
    return connection.execute(query.where(*mine).order_by(OBLIGATION.c.id)).all()


def _unit_of(year: Year, row: Any) -> int | None:  # noqa: ANN401  a row of an appraisal
    return sheet_party(year, year.stages[row.stage_id], party=row.party_id, subject=row.subject)


@dataclass(frozen=True, kw_only=True)
class _Marked:
    """What is there of every unit: leaves with who leads them, scores, exemptions; a few queries, however many units."""

    steps: Mapping[str, tuple[Step, ...]]  #: by group
    scored: Mapping[int, Mapping[str, Any]]
    exempt: Mapping[int, Collection[str]]
    today: date

    @classmethod
    def read(cls, store: Store, connection: Connection, year: Year, *, today: date) -> _Marked:
        scored: dict[int, dict[str, Any]] = defaultdict(dict)
        names = ("party_id", "node", "self_score", "appraised", "final", "returned")
        for row in connection.execute(select(*(SCORE.c[name] for name in names)).where(SCORE.c.cycle_id == year.cycle)):
            scored[row.party_id][row.node] = row
        exempt: dict[int, set[str]] = defaultdict(set)
        ended = EXEMPTION.c.ended_at.is_(None)
        for row in connection.execute(select(EXEMPTION.c.party_id, EXEMPTION.c.node).where(EXEMPTION.c.cycle_id == year.cycle, ended)):
            exempt[row.party_id].add(row.node)
        steps = {
            group: leaves(load_criteria(store, connection, version), group=group)
            for group, version in pinned_versions(connection, year.cycle).items()
        }
        return cls(steps=steps, scored=scored, exempt=exempt, today=today)

    def steps_of(self, year: Year, unit: int, *, owing: str, reader: _Reader) -> tuple[tuple[Step, ...], bool]:
        """Return the leaves of a unit that are the reader's, and whether they are not all: of who owes what they are charged with."""
        every = self.steps[year.people.group(unit)]
        led = tuple(step for step in every if reader.leads(step, on=self.today))
        if led:
            return led, True
        if owing in reader.parties:
            charged = tuple(step for step in every if (lead := step.lead_on(self.today)) is not None and lead.party == owing)
            return charged or every, bool(charged)
        return every, False


def _count(steps: tuple[Step, ...], rows: Mapping[str, Any], exempt: Collection[str]) -> dict[str, int]:
    own = [
        (rows.get(step.node.key), step.node)
        for step in steps
        if not is_survey(step.node) and not set(exempt) & {node.key for node in (step.node, *step.above)}
    ]
    wanted = [row for row, node in own if not node.is_bonus or (row is not None and row.self_score is not None)]
    there = [row for row in wanted if row is not None]
    judged = [row for row in there if row.appraised is not None]
    appraised, returned = sum(not row.returned for row in judged), sum(bool(row.returned) for row in there)
    return {
        "wanted": len(wanted),
        "appraised": appraised,
        "reduced": sum(row.self_score is not None and Decimal(row.appraised) < Decimal(row.self_score) for row in judged),
        "returned": returned,
        "waiting": len(wanted) - appraised - returned,
    }
