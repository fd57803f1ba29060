"""Telling a unit of the day of its inspection, in time; a surprise is told to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from evaluation.actions import AskUpkeep, Notify, Wish
from evaluation.audiences import merged
from evaluation.due_rules import DayUnit
from evaluation.kinds import MessageKind, Role
from evaluation.obligations import FINAL
from store.commands.inspections.held import owner_on
from store.commands.inspections.planning import SURPRISE, of_its_day
from store.commands.launching import wake
from store.commands.steps import Report, Work, turn_of
from store.lives import read_by_id
from store.perform import Decided, perform
from store.schema import INSPECTION, OBLIGATION

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Any

    from sqlalchemy import Row

    from evaluation.actions import Action
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

_ONE = timedelta(days=1)


def tell_units(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Tell the units whose inspection's day is near enough, at most so many, and sleep until the next one is."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        waiting = [(now if row.told_of_another else tell_at(year, ref, row.day), row) for row in _untold(transaction, ref)]
        due = [row for at, row in waiting if at <= now][:at_most]
        for row in due:
            _tell(transaction, year, ref, row)
        rest = [at for at, row in waiting if row not in due]
        wake(transaction, ref, at=min(rest, default=None))
        return Report(obligations=len(due), more=len(due) == at_most)


def _untold(transaction: Transaction, ref: StageRef) -> list[Row[Any]]:
    query = (
        select(INSPECTION, exists().where(of_its_day(OBLIGATION.c.id)).correlate(OBLIGATION).label("told_of_another"))
        .join(OBLIGATION, OBLIGATION.c.id == INSPECTION.c.obligation_id)
        .where(
            OBLIGATION.c.stage_id == ref.id,
            OBLIGATION.c.state.not_in([state.value for state in FINAL]),
            INSPECTION.c.kind != SURPRISE,
            INSPECTION.c.day.is_not(None),
            INSPECTION.c.told_at.is_(None),
            INSPECTION.c.held_on.is_(None),
        )
    )
    return list(transaction.connection.execute(query.order_by(INSPECTION.c.obligation_id)))


def tell_at(year: Year, ref: StageRef, day: date) -> datetime:
    """Return when a unit is to be told of a day: so many days before it, on the working day before where that is none, with its mail."""
    settings, calendar = ref.line.inspection, year.rulebook.calendar
    count = 0 if settings is None else settings.notice
    on = day
    while count:
        on -= _ONE
        working = settings is not None and settings.notice_unit is DayUnit.WORKING
        count -= 1 if not working or calendar.is_workday(on) else 0
    while not calendar.is_workday(on):
        on -= _ONE
    return calendar.instant(on, year.plan.slot)


def _tell(transaction: Transaction, year: Year, ref: StageRef, row: Row[Any]) -> None:
    unit = owner_on(year, row.unit_id, on=year.rulebook.calendar.local_date(transaction.now))
    heard = merged(year.directory.told(unit, role) for role in (Role.HEAD, Role.OFFICER))
    word = Notify(kind=MessageKind.INSPECTION_NOTICE, recipients=heard.recipients)
    actions: list[Action] = [Wish(due_on=row.day.isoformat()), word, *(AskUpkeep(subject=subject) for subject in heard.missing)]
    before = read_by_id(transaction.connection, [row.obligation_id], lock=True)[0]
    perform(transaction, year, [Decided(before=before, stage=ref.id, actions=tuple(actions), action="tell-inspection")])
    told = update(INSPECTION).where(INSPECTION.c.obligation_id == row.obligation_id).values(told_at=transaction.now)
    transaction.connection.execute(told)
