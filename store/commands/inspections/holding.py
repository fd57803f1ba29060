"""Holding an inspection: its team, its day, its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from evaluation.kinds import Role
from store.commands.inspections.dating import follow_day
from store.commands.inspections.held import InspectionError, change_inspection, digest, hold_inspection
from store.commands.inspections.planning import SURPRISE, day_fact, hide_until, of_its_day, wake_now
from store.outbox.cancelling import cancel_where
from store.schema import INSPECTION_MEMBER, OBLIGATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from store.commands.inspections.held import HeldInspection
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a team, between two local dates."""

    contact: int
    is_lead: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """From when to when an inspection took place, local, on one day; None: not recorded."""

    began: time | None = None
    ended: time | None = None

    @property
    def told(self) -> dict[str, str]:
        """They as the journal keeps them; what is not recorded is left out."""
        given = {"began": self.began, "ended": self.ended}
        return {name: f"{hour:%H:%M}" for name, hour in given.items() if hour is not None}


NO_HOURS = Hours()


def name_team(store: Store, transaction: Transaction, inspection: int, *, members: Sequence[Member]) -> None:
    """
    Name the team of an inspection, in the place of whoever was named before.

    Raises:
        InspectionError: there is not one lead; somebody is named twice, unknown, of the unit inspected, or holds no post of who inspects.

    """
    held = hold_inspection(store, transaction, inspection)
    _require_open(held)
    if [member.is_lead for member in members].count(True) != 1 or len({member.contact for member in members}) != len(members):
        vi, en = "đoàn có đúng một trưởng đoàn, mỗi người nêu một lần", "a team has one lead, and each member once"
        raise InspectionError(vi, en, field="members")
    for member in members:
        _require_inspector(held, member)
    transaction.connection.execute(delete(INSPECTION_MEMBER).where(INSPECTION_MEMBER.c.obligation_id == inspection))
    rows = [
        {
            "obligation_id": inspection,
            "contact_id": member.contact,
            "is_lead": member.is_lead,
            "valid_from": member.valid_from,
            "valid_to": member.valid_to,
        }
        for member in members
    ]
    transaction.connection.execute(insert(INSPECTION_MEMBER), rows)
    facts = {"lead": next(one.contact for one in members if one.is_lead), "members": sorted(one.contact for one in members)}
    change_inspection(transaction, held, action="name-team", facts=facts)


def _require_inspector(held: HeldInspection, member: Member) -> None:
    known = next((one for one in held.year.people.contacts if one.id == member.contact), None)
    vi = en = ""
    if known is None:
        vi, en = f"cơ quan không có đầu mối số {member.contact}", f"the authority has no contact {member.contact}"
    elif known.party == held.unit:
        vi, en = f"đầu mối {member.contact} thuộc chính đơn vị được kiểm tra", f"contact {member.contact} is of the unit that is inspected"
    elif known.party != held.obligation.party and known.role is not Role.INSPECTOR:
        vi = f"đầu mối {member.contact} không thuộc đoàn; thêm người này làm thành viên đoàn (vai trò inspector) trước"
        en = f"contact {member.contact} holds no post of who inspects; add them there first (role inspector)"
    elif member.valid_from is not None and member.valid_to is not None and member.valid_to < member.valid_from:
        vi, en = "ngày thôi trước ngày vào đoàn", "the last day lies before the first"
    if vi:
        raise InspectionError(vi, en, field="members")


def schedule(store: Store, transaction: Transaction, inspection: int, *, day: date) -> None:
    """
    Set or move the day of an inspection, and with it the team's due date; the unit is told in time, unless it is to be surprised.

    A unit that was told of another day is told of this one at once.

    Raises:
        InspectionError: it took place; the day is over; a surprise has been seen already.

    """
    held = hold_inspection(store, transaction, inspection)
    _require_not_held(held)
    today = held.year.rulebook.calendar.local_date(transaction.now)
    if day < today:
        vi, en = f"ngày kiểm tra {day:%d/%m/%Y} đã qua", f"the day {day} is over"
        raise InspectionError(vi, en, field="day")
    if held.row.kind == SURPRISE:
        _require_unseen(transaction, inspection)
        hide_until(transaction, held.year, inspection, day=day)
    moved = {} if day == held.row.day else {"day": day, "told_at": None}
    change_inspection(transaction, held, action="schedule-inspection", facts=day_fact(day), **moved)
    if moved:
        cancel_where(transaction, of_its_day(inspection))
    follow_day(store, transaction, inspection, was=held.row.day, day=day)
    if held.row.kind != SURPRISE:
        wake_now(transaction, held.ref)


def _require_unseen(transaction: Transaction, inspection: int) -> None:
    seen = transaction.connection.execute(select(OBLIGATION.c.visible_from).where(OBLIGATION.c.id == inspection)).scalar_one()
    if seen is not None and seen <= transaction.now:
        vi = "đơn vị đã thấy cuộc kiểm tra này nên không còn đột xuất; ghi biên bản, hoặc miễn rồi lập cuộc khác"
        en = "the unit has seen this inspection, it surprises nobody any more; write its minutes, or waive it and plan another"
        raise InspectionError(vi, en, field="day")


def write_minutes(  # noqa: PLR0913  a paper has its day, number and text
    store: Store, transaction: Transaction, inspection: int, *, held_on: date, number: str, text: str = "", hours: Hours = NO_HOURS
) -> None:
    """
    Write down that an inspection took place, when it began and ended, with number and date of its minutes (biên bản).

    Raises:
        InspectionError: it is concluded; the day is to come, or a surprise is not due yet; it ended before it began; the
            minutes have no number.

    """
    held = hold_inspection(store, transaction, inspection)
    _require_open(held)
    today = held.year.rulebook.calendar.local_date(transaction.now)
    vi = en = field = ""
    if held_on > today:
        vi, en, field = f"ngày {held_on:%d/%m/%Y} chưa đến", f"{held_on} has not come yet", "held_on"
    elif held.row.kind == SURPRISE and held.row.day is not None and held_on < held.row.day:
        vi = f"kiểm tra đột xuất này định vào {held.row.day:%d/%m/%Y}; đổi ngày trước khi ghi biên bản"
        en, field = f"this surprise is set for {held.row.day}; move its day before writing minutes", "held_on"
    elif not number.strip():
        vi, en, field = "biên bản phải có số, ngày", "the minutes need their number and date", "number"
    elif hours.ended is not None and (hours.began is None or hours.ended <= hours.began):
        vi, en, field = "giờ kết thúc phải sau giờ bắt đầu, trong cùng ngày", "it ends after it began, on the same day", "ended"
    if vi:
        raise InspectionError(vi, en, field=field)
    columns: dict[str, Any] = {"held_on": held_on, "minutes": number.strip(), "minutes_text": text.strip()}
    columns |= {"began": hours.began, "ended": hours.ended}
    facts = {"held_on": held_on.isoformat(), "document": number.strip(), "content": digest(text.strip()), **hours.told}
    change_inspection(transaction, held, action="write-minutes", facts=facts, **columns)


def _require_not_held(held: HeldInspection) -> None:
    if held.row.held_on is not None:
        vi = f"cuộc kiểm tra đã tiến hành ngày {held.row.held_on:%d/%m/%Y}"
        raise InspectionError(vi, f"the inspection took place on {held.row.held_on}", field="day")


def _require_open(held: HeldInspection) -> None:
    if held.row.concluded_on is not None:
        vi = f"đã có kết luận {held.row.conclusions}; không sửa được nữa"
        raise InspectionError(vi, f"its conclusions {held.row.conclusions} are issued; nothing of it changes any more")
