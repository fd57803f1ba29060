"""A running year as the rules need it: plan version in force, calendar, directory, and the ids of its lines and parties."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from config.loader import parse_plan
from evaluation.audiences import Concerned, Directory, audience_told
from evaluation.cycles import CycleState
from evaluation.due_rules import CountedPeriod, DayUnit
from evaluation.kinds import Audience, StageKind
from evaluation.plans import Selector, Stage
from evaluation.slots import slot_at
from evaluation.terms import Rulebook
from store.calendars import load_calendar
from store.criteria import pinned_items
from store.locks import share_cycle
from store.people import People, load_people
from store.schema import CYCLE, PLAN_VERSION, STAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.actions import Told
    from evaluation.plans import Item, Plan, Rung
    from store.session import Store, Transaction

_CYCLE = select(CYCLE).where(CYCLE.c.id == bindparam("b_cycle"))
_STAGES = select(STAGE).where(STAGE.c.cycle_id == bindparam("b_cycle")).order_by(STAGE.c.position)
#: In which a cycle can be worked on.
RUNNING = frozenset({CycleState.LAUNCHED, CycleState.PAUSED})
UPKEEP = "upkeep"  #: key of the built-in stage of the standing body's repairs
UPKEEP_LINE = Stage(
    key=UPKEEP,
    kind=StageKind.UPKEEP,
    title="Việc cần xử lý của cơ quan thường trực",
    title_en="Repairs asked of the standing body",
    owed_by=Selector(),
    owed_to="",
    opens=CountedPeriod(count=0, unit=DayUnit.CALENDAR, anchor="event"),
    due=None,
    deliverable="",
    sign_off=False,
    on_request=True,
    words="",
)


class NoSuchCycleError(LookupError):
    """No cycle has that id or name."""

    def __init__(self, cycle: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no cycle {cycle}; `dondoc status` lists them")


class CycleNotRunningError(Exception):
    """The obligation's cycle is not under way, so nothing of it moves."""

    def __init__(self, cycle: int, *, state: CycleState) -> None:
        """Keep the cycle and its state."""
        super().__init__(f"cycle {cycle} is {state}; its obligations do not move any more")


@dataclass(frozen=True, kw_only=True)
class StageRef:
    """A line of the plan as it is stored."""

    id: int
    key: str
    kind: StageKind
    receiver: int
    released_at: datetime | None
    next_at: datetime | None
    moves: int
    coordinating: tuple[int, ...] = ()
    line: Stage  #: of the plan; the built-in stage has a line of its own


@dataclass(frozen=True, kw_only=True)
class Year:
    """A cycle with everything that its decisions are made from, read in one transaction."""

    cycle: int
    authority: int
    state: CycleState
    evaluated: int
    launched_at: datetime | None
    rulebook: Rulebook
    moved: Mapping[str, date]  #: anchors set by hand
    directory: Directory
    people: People
    stages: Mapping[int, StageRef]
    moves: int
    leaves: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)  #: of the criteria in use, by unit group
    _ladders: dict[str, dict[str, Rung]] = field(default_factory=dict, compare=False, repr=False)
    _slots: dict[datetime, datetime] = field(default_factory=dict, compare=False, repr=False)

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.rulebook.plan

    def stage(self, key: str) -> StageRef:
        """Return a stage by its key; KeyError if the cycle has none such."""
        for ref in self.stages.values():
            if ref.key == key:
                return ref
        raise KeyError(key)

    def line_of(self, stage: int, party: int) -> Stage:
        """Return a stage's line as it is for a party: where its items come from the criteria, with the leaves of the party's group."""
        line = self.stages[stage].line
        if line.items_from is None:
            return line
        return replace(line, items=(*line.items, *self.leaves.get(self.people.group(party), ())))

    def ladder(self, name: str) -> dict[str, Rung]:
        """Return a ladder by rung key."""
        if name not in self._ladders:
            self._ladders[name] = {rung.key: rung for rung in self.plan.ladder(name)}
        return self._ladders[name]

    def slot(self, now: datetime) -> datetime:
        """Return the slot in which something decided now leaves."""
        if now not in self._slots:
            self._slots[now] = slot_at(now, calendar=self.rulebook.calendar, opens=self.plan.slot)
        return self._slots[now]

    def told(self, stage: int, party: int, *, hidden: bool = False) -> Callable[[Audience], Told]:
        """Return the function that says whom an audience of an obligation means; of a hidden one no co-ordinating party hears."""
        ref = self.stages[stage]
        concerned = Concerned(party=party, receiver=ref.receiver, coordinating=() if hidden else ref.coordinating)
        return lambda audience: audience_told(audience, of=concerned, directory=self.directory)


def load_year(store: Store, connection: Connection, cycle: int, *, now: datetime) -> Year:
    """Return a cycle ready for decisions at `now`; NoSuchCycleError if there is none."""
    row = connection.execute(_CYCLE, {"b_cycle": cycle}).one_or_none()
    if row is None:
        raise NoSuchCycleError(cycle)
    plan, moved = load_plan_version(store, connection, cycle=cycle, number=row.plan_version)
    calendar = load_calendar(store, connection, row.calendar_id)
    people = load_people(store, connection, row.authority_id)
    return Year(
        cycle=cycle,
        authority=row.authority_id,
        state=CycleState(row.state),
        evaluated=row.year,
        launched_at=row.launched_at,
        rulebook=Rulebook(plan=plan, plan_version=row.plan_version, calendar=calendar),
        moved=moved,
        directory=_directory(store, people, row=row, on=calendar.local_date(now)),
        people=people,
        stages=_stages(store, connection, cycle, plan=plan, people=people),
        moves=row.moves,
        leaves=pinned_items(store, connection, cycle) if any(stage.items_from for stage in plan.stages) else {},
    )


def hold_year(store: Store, transaction: Transaction, cycle: int) -> Year:
    """Return a cycle that nobody changes until the transaction ends; read once, however many moves the transaction makes."""
    if cycle not in transaction.locked:
        share_cycle(transaction.connection, cycle)
        transaction.locked[cycle] = load_year(store, transaction.connection, cycle, now=transaction.now)
    found: Year = transaction.locked[cycle]
    return found


def load_plan_version(store: Store, connection: Connection, *, cycle: int, number: int) -> tuple[Plan, dict[str, date]]:
    """Return a version of a cycle's plan, its titles of the cycle's own year, and the anchors set by hand in it."""
    key = ("plan", cycle, number)
    if key not in store.kept:
        version = connection.execute(
            select(PLAN_VERSION.c.yaml, PLAN_VERSION.c.moved, CYCLE.c.year)
            .join(CYCLE, CYCLE.c.id == PLAN_VERSION.c.cycle_id)
            .where(PLAN_VERSION.c.cycle_id == cycle, PLAN_VERSION.c.number == number)
        ).one()
        moved = {anchor: date.fromisoformat(on) for anchor, on in json.loads(version.moved).items()}
        written = parse_plan(version.yaml, file=f"cycle {cycle}, version {number}")
        store.kept[key] = (written.named_for(version.year), moved)
    kept: tuple[Plan, dict[str, date]] = store.kept[key]
    return kept


def _directory(store: Store, people: People, *, row: Row[Any], on: date) -> Directory:
    key, stretch = ("directory", row.id), people.stretch(on)
    kept: tuple[People, int, Directory] | None = store.kept.get(key)
    if kept is None or kept[0] is not people or kept[1] != stretch:
        directory = people.directory(on, standing_body=row.standing_body_id, chair=row.chair_id)
        kept = store.kept[key] = (people, stretch, directory)
    return kept[2]


def _stages(store: Store, connection: Connection, cycle: int, *, plan: Plan, people: People) -> dict[int, StageRef]:
    """Return the stages of a cycle; those whose row stands as it was last read, under the same plan and people, are not made again."""
    rows = connection.execute(_STAGES, {"b_cycle": cycle}).all()
    kept: tuple[Plan, People, dict[Row[Any], StageRef]] | None = store.kept.get(("stages", cycle))
    known = kept[2] if kept is not None and kept[0] is plan and kept[1] is people else {}
    made = {row: known.get(row) or _stage_ref(row, plan=plan, people=people) for row in rows}
    store.kept["stages", cycle] = (plan, people, made)
    return {ref.id: ref for ref in made.values()}


def _stage_ref(row: Row[Any], *, plan: Plan, people: People) -> StageRef:
    line = UPKEEP_LINE if row.key == UPKEEP else plan.stage(row.key)
    told = () if line.coordinating is None else people.selected(line.coordinating, on=plan.reference_on)
    return StageRef(
        id=row.id,
        key=row.key,
        kind=StageKind(row.kind),
        receiver=row.receiver_id,
        released_at=row.released_at,
        next_at=row.next_at,
        moves=row.moves,
        coordinating=told,
        line=line,
    )
