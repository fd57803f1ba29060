"""
The year's plan of inspections: how a unit that was chosen comes to the team as an obligation.

A surprise inspection is kept from its unit until its day: its obligation has a `visible_from`, and nobody who belongs to the unit, stands
above it or co-ordinates sees or hears of it before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from evaluation.inspections.naming import inspection_subject, unit_named
from evaluation.kinds import MessageKind, StageKind
from evaluation.terms import TermReason, moved_dates, new_term
from store.commands.inspections.dating import concluded_by, follow_day
from store.commands.inspections.held import InspectionError, keep_inspection, note, require_unit
from store.commands.launching import wake
from store.commands.requested import requested_dates
from store.locks import hold_stage, share_cycle
from store.raising import Raised, raise_obligations
from store.schema import INSPECTION, NOTICE, OBLIGATION
from store.years import RUNNING, CycleNotRunningError, load_year

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from evaluation.terms import Term
    from store.session import Store, Transaction
    from store.years import StageRef, Year

PLANNED, SURPRISE, THEMATIC = KINDS = ("planned", "surprise", "thematic")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which units are to be inspected, in which stage of the plan, and how."""

    stage: str = ""  #: key; empty: the plan's only one
    units: tuple[str, ...] = ()  #: keys
    kind: str = PLANNED
    chosen: str = "hand"
    day: date | None = None  #: local; a surprise needs one
    theme: str = ""  #: of a thematic one
    draw: int | None = None


def inspection_stage(year: Year, key: str) -> StageRef:
    """Return the stage of inspections of that key, the only one if no key is given; InspectionError if there is none such."""
    there = [ref for ref in year.stages.values() if ref.kind is StageKind.INSPECTION and ref.line.inspection is not None]
    found = [ref for ref in there if ref.key == key] if key else there
    if len(found) == 1:
        return found[0]
    named = ", ".join(ref.key for ref in there) or "không có / none"
    vi = f"hãy nêu công đoạn kiểm tra; kế hoạch có: {named}"
    raise InspectionError(vi, f"name the stage of inspections; the plan has: {named}", field="stage")


def running_year(store: Store, transaction: Transaction, cycle: int) -> Year:
    """Return a year that runs, shared until the transaction ends; CycleNotRunningError if it does not."""
    share_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    if year.state not in RUNNING:
        raise CycleNotRunningError(cycle, state=year.state)
    return year


def plan_inspections(store: Store, transaction: Transaction, cycle: int, *, choice: Choice) -> list[int]:
    """
    Put inspections of units into the year's plan and return the numbers of the team's obligations, in the order of the units.

    A planned inspection that the plan has raised already is taken up; every other is raised anew.

    Raises:
        InspectionError: nobody or somebody unknown is named; a surprise has no day, or is to surprise who runs the year.

    """
    year = running_year(store, transaction, cycle)
    ref = inspection_stage(year, choice.stage)
    _require_whole(choice)
    hold_stage(transaction.connection, ref.id)
    today = year.rulebook.calendar.local_date(transaction.now)
    if choice.day is not None and choice.day < today:
        vi, en = f"ngày kiểm tra {choice.day:%d/%m/%Y} đã qua", f"the day {choice.day} is over"
        raise InspectionError(vi, en, field="day")
    units = {key: require_unit(year, key, on=choice.day or today) for key in choice.units}
    planned = [_plan_one(transaction, year, ref, choice=choice, unit=unit, key=key) for key, unit in units.items()]
    if choice.day is not None:
        for ident in planned:
            follow_day(store, transaction, ident, was=None, day=choice.day)  # one that the plan raised knew of no day
    return planned


def _require_whole(choice: Choice) -> None:
    vi = en = field = ""
    if not choice.units:
        vi, en, field = "chưa chọn đơn vị nào", "no unit is named", "units"
    elif choice.kind not in KINDS:
        vi, en, field = f"không có loại kiểm tra “{choice.kind}”", f"there is no kind of inspection “{choice.kind}”", "kind"
    elif choice.kind == SURPRISE and choice.day is None:
        vi = "kiểm tra đột xuất phải có ngày: đến ngày đó đơn vị mới thấy"
        en, field = "a surprise inspection needs a day: until then its unit does not see it", "day"
    elif choice.kind == THEMATIC and not choice.theme.strip():
        vi, en, field = "kiểm tra chuyên đề phải nêu chuyên đề", "a thematic inspection needs its theme", "theme"
    if vi:
        raise InspectionError(vi, en, field=field)


def _plan_one(transaction: Transaction, year: Year, ref: StageRef, *, choice: Choice, unit: int, key: str) -> int:  # noqa: PLR0913
    team = team_of(year, ref)
    _require_stranger(year, ref, unit=unit, key=key, kind=choice.kind)
    raised = _untouched(transaction, ref, unit_key=key) if choice.kind == PLANNED else None
    ident = raised if raised is not None else _raise(transaction, year, ref, choice=choice, key=key, team=team)
    row = {"kind": choice.kind, "chosen": choice.chosen, "draw_id": choice.draw, "theme": choice.theme.strip(), "day": choice.day}
    keep_inspection(transaction, year, obligation=ident, unit=unit, **row)
    facts: dict[str, Any] = {"unit": unit, "kind": choice.kind, "chosen": choice.chosen}
    facts |= {"draw": choice.draw} if choice.draw is not None else {}
    note(transaction, year, ident, action="plan-inspection", facts={**facts, **day_fact(choice.day)})
    if choice.day is not None and choice.kind != SURPRISE:
        wake_now(transaction, ref)
    return ident


def day_fact(day: date | None) -> dict[str, str]:
    """Return a day as the journal keeps it; nothing where there is none."""
    return {} if day is None else {"day": day.isoformat()}


def of_its_day(inspection: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition of the notices that tell a unit of the day of its inspection, and have not been taken back."""
    return (NOTICE.c.obligation_id == inspection) & (NOTICE.c.kind == MessageKind.INSPECTION_NOTICE.value) & NOTICE.c.cancelled.is_(False)


def wake_now(transaction: Transaction, ref: StageRef) -> None:
    """Make the tick look at a stage now: a day was set of which a unit is to be told."""
    wake(transaction, ref, at=transaction.now)


def team_of(year: Year, ref: StageRef) -> int:
    """Return who inspects in a stage; InspectionError if the plan does not name one party."""
    teams = year.people.selected(ref.line.owed_by, on=year.plan.reference_on)
    if len(teams) != 1:
        vi = f"công đoạn “{ref.key}” phải giao cho đúng một đoàn kiểm tra, kế hoạch nêu {len(teams)}"
        raise InspectionError(vi, f"stage “{ref.key}” has to be owed by one team, the plan names {len(teams)}", field="stage")
    return teams[0]


def insiders(year: Year, ref: StageRef, *, kind: str) -> frozenset[int | None]:
    """Return whom an inspection of that kind cannot be about: the team; of a surprise also who runs the year or receives it."""
    knows = {year.directory.standing_body, year.directory.chair, ref.receiver} if kind == SURPRISE else set()
    return frozenset({team_of(year, ref), *knows})


def _require_stranger(year: Year, ref: StageRef, *, unit: int, key: str, kind: str) -> None:
    if unit == team_of(year, ref):
        vi, en = "đoàn không tự kiểm tra mình", "a team does not inspect itself"
        raise InspectionError(vi, en, field="unit")
    if unit in insiders(year, ref, kind=kind):
        vi = f"“{key}” điều hành hoặc tiếp nhận cuộc kiểm tra này nên không thể kiểm tra đột xuất; dùng kiểm tra theo kế hoạch"
        raise InspectionError(vi, f"“{key}” runs or receives this inspection and cannot be surprised; plan it openly", field="unit")


def _untouched(transaction: Transaction, ref: StageRef, *, unit_key: str) -> int | None:
    """Return the inspection of a unit that the plan raised and nobody has touched; InspectionError if it stands in the plan already."""
    query = select(OBLIGATION.c.id, INSPECTION.c.obligation_id).outerjoin(INSPECTION, INSPECTION.c.obligation_id == OBLIGATION.c.id)
    row = transaction.connection.execute(query.where(OBLIGATION.c.stage_id == ref.id, OBLIGATION.c.subject == unit_key)).first()
    if row is not None and row.obligation_id is not None:
        vi = f"“{unit_key}” đã có trong kế hoạch kiểm tra (số {row.id}); kiểm tra thêm thì chọn chuyên đề hoặc đột xuất"
        en = f"“{unit_key}” is in the plan of inspections already ({row.id}); a further one is thematic or a surprise"
        raise InspectionError(vi, en, field="unit")
    return None if row is None else int(row.id)


def _raise(transaction: Transaction, year: Year, ref: StageRef, *, choice: Choice, key: str, team: int) -> int:  # noqa: PLR0913
    subjects = select(OBLIGATION.c.subject).where(OBLIGATION.c.stage_id == ref.id, OBLIGATION.c.subject.startswith(key))
    there = [subject for subject in transaction.connection.execute(subjects).scalars() if unit_named(subject) == key]
    raised = Raised(
        party=team,
        subject=inspection_subject(key, len(there) + 1),
        visible_from=visible_from(year, choice.day) if choice.kind == SURPRISE and choice.day is not None else None,
        released=ref.released_at is not None,
    )
    return raise_obligations(transaction, year, stage=ref.id, raised=[raised], term=_term(year, ref, choice, now=transaction.now))[0]


def visible_from(year: Year, day: date) -> datetime:
    """Return when a surprise of a day may be seen by its unit: when that day's mail leaves."""
    return year.rulebook.calendar.instant(day, year.plan.slot)


def _term(year: Year, ref: StageRef, choice: Choice, *, now: datetime) -> Term:
    """Return the first term: the plan's dates; opened at once where the day comes before them, due later where it comes after."""
    calendar = year.rulebook.calendar
    dates = requested_dates(year, ref.line, event_on=calendar.local_date(now))
    early = choice.day is not None and dates.opens_at is not None and calendar.instant(choice.day) < dates.opens_at
    opened = replace(dates, opens_at=now) if early or choice.kind != PLANNED else dates
    term = new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=opened, now=now, ladder=ref.line.ladder)
    last = choice.day or calendar.local_date(now)
    if opened.due_on is None or (due_on := concluded_by(year, last, base=opened.due_on)) == opened.due_on:
        return term if opened is dates else replace(term, projected_anew=TermReason.EXTENSION)
    moved = moved_dates(term, due_on=due_on, calendar=calendar)
    written = new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=moved, now=now, ladder=ref.line.ladder)
    return replace(written, projected_anew=TermReason.EXTENSION)  # a date that a person set stands


def hide_until(transaction: Transaction, year: Year, inspection: int, *, day: date) -> None:
    """Keep a surprise from its unit until another day."""
    seen = visible_from(year, day)
    transaction.connection.execute(update(OBLIGATION).where(OBLIGATION.c.id == inspection).values(visible_from=seen))
