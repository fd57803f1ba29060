"""What a letter's items say of cycles, lines, terms and parties: ids and keys turned into names and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import or_, select

from evaluation.due_rules import DayUnit, Period
from evaluation.encoding import decode_held
from evaluation.improvement.naming import named_by
from evaluation.inspections.naming import finding_of, unit_named
from evaluation.kinds import Role, StageKind
from evaluation.letter_subjects import Running
from evaluation.letters import Duty, Repair, Subject, Timing
from evaluation.plans import Item, Periods
from evaluation.terms import TermReason, Turn, days_between
from evaluation.workdays import UnknownYearError
from store.calendars import load_calendar
from store.criteria import pinned_items
from store.people import load_people
from store.queries.criterion_titles import CriterionTitles, criterion_titles
from store.schema import CONTACT, CYCLE, PLAN_VERSION
from store.topics import Topics, read_topics
from store.years import UPKEEP, UPKEEP_LINE, load_plan_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.plans import Plan, Stage
    from evaluation.rosters import Party
    from evaluation.terms import Held, Term
    from evaluation.workdays import Calendar
    from store.people import People
    from store.session import Store

#: Farther away, working days are not counted: nobody reads "còn 143 ngày làm việc".
FAR_DAYS = 31
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|H([12])|M(0[1-9]|1[0-2]))")


@dataclass(frozen=True, kw_only=True)
class CycleFacts:
    """A cycle with its plan in force and its calendar."""

    running: Running
    plan: Plan
    calendar: Calendar
    standing_body: int

    leaves: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)  #: of the criteria in use, by unit group
    topics: Topics = field(default_factory=Topics)
    titles: CriterionTitles = field(default_factory=CriterionTitles)
    _duties: dict[tuple[str, str, str], Duty] = field(default_factory=dict, compare=False, repr=False)

    def line(self, key: str) -> Stage:
        """Return a line of the plan, or the built-in one."""
        return UPKEEP_LINE if key == UPKEEP else self.plan.stage(key)

    def duty(self, key: str, *, names: Names, party: int | None = None, subject: str = "") -> Duty:
        """
        Return what a line, or the request that a subject names, says of what is owed.

        Its parts are as they are for a party, where they come from the criteria.
        """
        line, asked = self.line(key), self.topics.request(self.running.id, key, subject)
        group = names.people.group(party) if line.items_from is not None and party is not None else ""
        name = (key, group, subject if asked is not None else "")
        if name not in self._duties:
            whole = replace(line, items=(*line.items, *self.leaves.get(group, ())))
            duty = _duty(whole if asked is None else asked.line(whole), plan=self.plan, names=names)
            self._duties[name] = duty if asked is None else replace(duty, asked=True, basis=asked.document or duty.basis)
        return self._duties[name]


@dataclass(frozen=True, kw_only=True)
class Names:
    """The parties of an authority, by id and by key."""

    people: People
    by_id: Mapping[int, Party]
    by_key: Mapping[str, Party]

    def of(self, party: int | None) -> str:
        """Return a party's name; empty if there is none such."""
        found = None if party is None else self.by_id.get(party)
        return "" if found is None else found.name

    def group_of(self, party: int | None) -> str:
        """Return the key of a party's ranking group; empty if it has none."""
        found = None if party is None else self.by_id.get(party)
        return "" if found is None else found.group

    def of_key(self, key: str) -> str:
        """Return the name of the party of that key; the key itself if there is none such."""
        found = self.by_key.get(key)
        return key if found is None else found.name


def read_names(store: Store, connection: Connection, authority: int) -> Names:
    """Return the parties' names, from memory while nobody has changed."""
    people = load_people(store, connection, authority)
    kept: Names | None = store.kept.get(("names", authority))
    if kept is None or kept.people is not people:
        by_key = {party.key: party for party in people.roster.parties}
        kept = Names(people=people, by_id={ident: by_key[key] for key, ident in people.ids.items()}, by_key=by_key)
        store.kept["names", authority] = kept
    return kept


def read_cycles(store: Store, connection: Connection, cycles: Iterable[int], *, names: Names) -> dict[int, CycleFacts]:
    """Return the cycles of these ids."""
    query = (
        select(CYCLE, PLAN_VERSION.c.signed)
        .join(PLAN_VERSION, (PLAN_VERSION.c.cycle_id == CYCLE.c.id) & (PLAN_VERSION.c.number == CYCLE.c.plan_version))
        .where(CYCLE.c.id.in_(sorted(set(cycles))))
    )
    rows = connection.execute(query).all()
    found = {row.id: _cycle(store, connection, row, names=names) for row in rows}
    if improving := [ident for ident, cycle in found.items() if any(line.improvement is not None for line in cycle.plan.stages)]:
        titles = criterion_titles(store, connection, improving)
        found |= {ident: replace(found[ident], titles=titles) for ident in improving}
    asking = [ident for ident, cycle in found.items() if any(_is_asked(line) for line in cycle.plan.stages)]
    if not asking:
        return found
    topics = read_topics(connection, asking)
    return {ident: replace(cycle, topics=topics) for ident, cycle in found.items()}


def _is_asked(line: Stage) -> bool:
    return line.on_request and line.kind is StageKind.AD_HOC_REPORT


def _cycle(store: Store, connection: Connection, row: Row[Any], *, names: Names) -> CycleFacts:
    plan, _ = load_plan_version(store, connection, cycle=row.id, number=row.plan_version)
    return CycleFacts(
        running=Running(
            id=row.id,
            title=row.title,
            title_en=row.title_en,
            year=row.year,
            version=row.plan_version,
            signed=row.signed,
            standing_body=names.of(row.standing_body_id),
        ),
        plan=plan,
        calendar=load_calendar(store, connection, row.calendar_id),
        standing_body=row.standing_body_id,
        leaves=pinned_items(store, connection, row.id) if any(stage.items_from for stage in plan.stages) else {},
    )


def iso_date(text: str) -> date | None:
    """Return the date that an ISO text names; None for the empty text."""
    return date.fromisoformat(text) if text else None


def _duty(line: Stage, *, plan: Plan, names: Names) -> Duty:
    return Duty(
        title=line.title,
        title_en=line.title_en,
        deliverable=line.deliverable,
        parts=tuple((part.key, part.title) for part in line.items),
        words=line.words,
        basis=next((document for document in plan.documents if document.key == line.basis), None),
        receiver=names.of_key(line.through or line.owed_to) if line.owed_to else "",
        accepts_late=line.accepts_late,
    )


@lru_cache(maxsize=512)
def period_named(key: str) -> Period | None:
    """Return the period that a key such as `2026-Q1` names; None if it names none."""
    found = _PERIOD.fullmatch(key)
    if found is None:
        return None
    year, quarter, half, month = found.groups()
    if quarter:
        return Period.quarter(int(year), int(quarter))
    return Period.half(int(year), int(half)) if half else Period.month(int(year), int(month))


def subject_of(subject: str, *, line: Stage, names: Names, cycle: CycleFacts | None = None, party: int | None = None) -> Subject:
    """Return what an obligation's subject names: its period, and the unit or the words behind it; of whom, where criteria are named."""
    if not subject:
        return Subject()
    head, _, rest = subject.partition("/")
    period = None if line.periods is Periods.ONCE else period_named(head)
    if (finding := finding_of(subject)) and unit_named(finding) in names.by_key:
        return Subject(about=names.of_key(unit_named(subject)), finding=int(finding.partition("/")[2]))
    criterion, measure = named_by(subject) if line.kind is StageKind.IMPROVEMENT else ("", 0)
    if criterion or measure:
        title = "" if cycle is None else cycle.titles.of(cycle.running.id, criterion, party=party)
        return Subject(criterion=criterion, criterion_title=title, measure=measure)
    about = unit_named(subject) if line.kind is StageKind.INSPECTION else subject if period is None else rest
    return Subject(period=period, about=names.of_key(about) if line.about is not None or line.kind is StageKind.INSPECTION else about)


def repair_of(subject: str, *, cycle: CycleFacts, names: Names) -> Repair:
    """Return what an upkeep subject asks for; a number behind it counts how often the same broke again, and is not told."""
    what, _, rest = subject.partition("/")
    parts = rest.split("/")
    match what, parts:
        case "contact", [party, role, *_] if party.isdigit() and role in set(Role):
            return Repair(what=what, party=names.of(int(party)), role=Role(role))
        case "released-after-due", [stage, *more] if any(stage == line.key for line in cycle.plan.stages):
            line = cycle.plan.stage(stage)
            period = next((found for part in more if (found := period_named(part)) is not None), None)
            return Repair(what=what, title=line.title, title_en=line.title_en, period=period)
        case "letter", [purpose, stage, on, *_] if any(stage == line.key for line in cycle.plan.stages) and _ISO_DATE.fullmatch(on):
            line = cycle.plan.stage(stage)
            return Repair(what=what, rest=purpose, title=line.title, title_en=line.title_en, on=date.fromisoformat(on))
        case "no-criteria" | "no-lead" | "lead-changed" | "results-missing" | "results-unpublished", [stage, *more] if any(
            stage == line.key for line in cycle.plan.stages
        ):
            line = cycle.plan.stage(stage)
            return Repair(what=what, title=line.title, title_en=line.title_en, rest=more[0] if more else "")
        case "letter", ["urging", unit, number, *_]:
            return Repair(what=what, party=names.of_key(unit), rest=number)
        case "ended-unit", [stage, period, party, *_] if any(stage == line.key for line in cycle.plan.stages):
            line = cycle.plan.stage(stage)
            return Repair(what=what, party=names.of_key(party), title=line.title, title_en=line.title_en, period=period_named(period))
        case "mailbox", [party, *_] if party.isdigit():
            return Repair(what=what, party=names.of(int(party)))
        case "mail-server" | "fuse", [on, *_] if _ISO_DATE.fullmatch(on):
            return Repair(what=what, on=date.fromisoformat(on))
        case "unknown-mail" | "mail-not-made", [name, *_]:
            return Repair(what=what, rest=name)
        case _:
            return Repair(what=what, rest=rest)


def timing_of(term: Term | Row[Any], *, calendar: Calendar, now: datetime) -> Timing:
    """Return what a term (a row, or the record of the journal) says at `now`."""
    today, due_on = calendar.local_date(now), term.due_on
    held = _held(term)
    return Timing(
        number=term.number,
        reason=TermReason(term.reason),
        made_as=TermReason(term.projected_anew or term.reason),
        turn=Turn(term.turn),
        due_on=due_on,
        due_at=term.due_at,
        locks_at=term.locks_at,
        overdue=term.due_at is not None and term.due_at <= now,
        days_left=None if due_on is None else (due_on - today).days,
        workdays_left=None if due_on is None else _workdays(today, due_on, calendar=calendar),
        off_day=due_on is not None and _is_off(due_on, calendar=calendar),
        projected=term.projected,
        held_days=None if held is None else held.days_left,
        held_working=held is not None and held.unit is DayUnit.WORKING,
    )


def _held(term: Term | Row[Any]) -> Held | None:
    return decode_held(orjson.loads(term.held)) if isinstance(term.held, str) else term.held


def _workdays(today: date, due_on: date, *, calendar: Calendar) -> int | None:
    if abs((due_on - today).days) > FAR_DAYS:
        return None
    try:
        return days_between(today, due_on, unit=DayUnit.WORKING, calendar=calendar)
    except UnknownYearError:
        return None


def _is_off(on: date, *, calendar: Calendar) -> bool:
    try:
        return not calendar.is_workday(on)
    except UnknownYearError:
        return False


def phone_of(connection: Connection, party: int, *, on: date) -> str:
    """Return the telephone of a party's officer, else of its head, in office on a day; empty if neither has one."""
    query = (
        select(CONTACT.c.phone)
        .where(
            CONTACT.c.party_id == party,
            CONTACT.c.phone != "",
            CONTACT.c.role.in_([Role.OFFICER.value, Role.HEAD.value]),
            or_(CONTACT.c.valid_from.is_(None), CONTACT.c.valid_from <= on),
            or_(CONTACT.c.valid_to.is_(None), CONTACT.c.valid_to >= on),
        )
        .order_by(CONTACT.c.role.desc(), CONTACT.c.id)  # "officer" before "head"
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or ""
