"""Conclusions: what was found, each finding with its term, and the remedy that the unit owes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from evaluation.due_rules import CountedPeriod, DayUnit, due_date
from evaluation.inspections.naming import finding_key, round_subject
from store.commands.inspections.held import (
    InspectionError,
    change_inspection,
    digest,
    finish,
    followed_in,
    hold_inspection,
    owner_on,
    settings_of,
)
from store.commands.requested import Asked, raise_on_request, requested_dates
from store.findings import REMEDY
from store.locks import hold_stage
from store.releases import wake_findings
from store.schema import FINDING, FINDING_STEP, OBLIGATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

    from store.commands.inspections.held import HeldInspection
    from store.session import Store, Transaction
    from store.years import StageRef, Year

LONGEST = 4000  #: characters of a finding
MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding as it is written down."""

    text: str
    basis: str = ""  #: legal
    criterion: str = ""  #: key
    days: int | None = None  #: calendar days from the conclusions; None: as the plan's stage of remedies says


@dataclass(frozen=True, kw_only=True)
class Conclusions:
    """The notice of conclusions (thông báo kết luận)."""

    number: str  #: and date, as they are written
    on: date  #: local date: the days of the remedies count from it
    text: str = ""
    found: tuple[Found, ...] = ()


def conclude(store: Store, transaction: Transaction, inspection: int, *, conclusions: Conclusions) -> list[int]:
    """
    Issue the conclusions of an inspection: each finding asks its unit for a remedy within its term. Return the findings' numbers.

    The team's work is handed in with it.

    Raises:
        InspectionError: there are no minutes, or conclusions already; a finding says nothing, has no term, or one that is over already.
        TransitionError: the plan has not opened the inspection yet.

    """
    held = hold_inspection(store, transaction, inspection)
    _require_ready(held, conclusions, today=held.year.rulebook.calendar.local_date(transaction.now))
    number, text = conclusions.number.strip(), conclusions.text.strip()
    facts: dict[str, Any] = {"on": conclusions.on.isoformat(), "document": number, "content": digest(text)}
    facts["found"] = [digest(one.text.strip()) for one in conclusions.found]
    columns = {"concluded_on": conclusions.on, "conclusions": number, "conclusions_text": text}
    if conclusions.found:
        hold_stage(transaction.connection, followed_in(held.year, held.ref, REMEDY).id)
    change_inspection(transaction, held, action="conclude-inspection", facts=facts, **columns)
    findings = add_findings(transaction, held, conclusions.found, on=conclusions.on)
    finish(store, transaction, inspection, text=text, document=number)
    return findings


def _require_ready(held: HeldInspection, conclusions: Conclusions, *, today: date) -> None:
    vi = en = field = ""
    if held.row.concluded_on is not None:
        vi, en = f"đã có kết luận {held.row.conclusions}", f"there are conclusions already: {held.row.conclusions}"
    elif held.row.held_on is None:
        vi, en = "chưa có biên bản; ghi biên bản trước khi kết luận", "there are no minutes yet; write them first"
    elif not conclusions.number.strip():
        vi, en, field = "thông báo kết luận phải có số, ngày", "the conclusions need their number and date", "number"
    elif not held.row.held_on <= conclusions.on <= today:
        vi = f"ngày kết luận phải từ ngày kiểm tra {held.row.held_on:%d/%m/%Y} đến hôm nay"
        en, field = f"the conclusions are dated between the inspection ({held.row.held_on}) and today", "on"
    if vi:
        raise InspectionError(vi, en, field=field)


def add_findings(
    transaction: Transaction, held: HeldInspection, found: Sequence[Found], *, on: date, added_by: int | None = None
) -> list[int]:
    """Write findings down, each with the remedy that it asks for, and return their numbers; InspectionError for one without a term."""
    if not found:
        return []
    ref = followed_in(held.year, held.ref, REMEDY)
    for number, one in enumerate(found, start=1):
        require_whole(one, number=number, ref=ref)
    mine = select(func.count()).select_from(FINDING).where(FINDING.c.cycle_id == held.year.cycle, FINDING.c.unit_id == held.unit)
    last = transaction.connection.execute(mine).scalar_one()
    return [
        _add(transaction, held, one, key=finding_key(held.unit_key, last + number), on=on, added_by=added_by)
        for number, one in enumerate(found, start=1)
    ]


def require_whole(one: Found, *, number: int, ref: StageRef) -> None:
    """Raise InspectionError unless a finding says what was found and by when it is to be remedied."""
    vi = en = ""
    if not one.text.strip() or len(one.text) > LONGEST:
        vi, en = f"phải có nội dung, nhiều nhất {LONGEST} ký tự", f"says what was found, in at most {LONGEST} characters"
    elif one.days is None and ref.line.due is None:
        vi = f"chưa có thời hạn khắc phục: nêu số ngày, hoặc đặt `due` cho công đoạn “{ref.key}” của kế hoạch"
        en = f"has no term: say in how many days it is to be remedied, or give stage “{ref.key}” of the plan a `due`"
    elif one.days is not None and not 0 < one.days <= MOST_DAYS:
        vi, en = f"thời hạn từ 1 đến {MOST_DAYS} ngày", f"has a term of 1 to {MOST_DAYS} days"
    if vi:
        vi, en = f"tồn tại {number}: {vi}", f"finding {number} {en}"
        raise InspectionError(vi, en, field="found")


def _add(transaction: Transaction, held: HeldInspection, one: Found, *, key: str, on: date, added_by: int | None) -> int:  # noqa: PLR0913
    row = {
        "authority_id": held.year.authority,
        "cycle_id": held.year.cycle,
        "inspection_id": held.obligation.id,
        "unit_id": held.unit,
        "key": key,
        "text": one.text.strip(),
        "basis": one.basis.strip(),
        "criterion": one.criterion.strip(),
        "days": one.days,
        "added_by": added_by,
        "at": transaction.now,
        "closed_by": "",
        "closed_why": "",
        "closed_basis": "",
    }
    ident = int(transaction.connection.execute(insert(FINDING).returning(FINDING.c.id), row).scalar_one())
    today = held.year.rulebook.calendar.local_date(transaction.now)
    owner = owner_on(held.year, held.unit, on=today)
    ask_remedy(transaction, held.year, held.ref, finding=ident, key=key, owner=owner, number=1, on=on, days=one.days)
    return ident


def ask_remedy(  # noqa: PLR0913  who owes what of which finding, since when, and for how long
    transaction: Transaction,
    year: Year,
    ref: StageRef,
    *,
    finding: int,
    key: str,
    owner: int,
    number: int,
    on: date,
    days: int | None,
) -> int:
    """Ask for a remedy of a finding, its days counted from a local date and rolled by the law; return the obligation."""
    stage = followed_in(year, ref, REMEDY)
    subject = round_subject(key, number)
    due_on = None if days is None else _counted(year, on=on, days=days)
    _require_time(transaction, due_on or requested_dates(year, stage.line, event_on=on).due_on, year=year, key=key)
    asked = Asked(stage=stage.key, parties=(owner,), subject=subject, event_on=on, due_on=due_on)
    (obligation,) = raise_on_request(transaction, year, asked)
    keep_step(transaction, finding=finding, kind=REMEDY, number=number, at_round=number, obligation=obligation)
    wake_findings(transaction, year, {settings_of(ref).reinspection})
    return obligation


def _require_time(transaction: Transaction, due_on: date | None, *, year: Year, key: str) -> None:
    """Raise InspectionError where a term is over before its unit hears of it."""
    if due_on is not None and due_on < year.rulebook.calendar.local_date(transaction.now):
        vi = f"tồn tại {key}: thời hạn khắc phục {due_on:%d/%m/%Y} đã qua; nêu số ngày dài hơn, tính từ ngày kết luận"
        raise InspectionError(
            vi, f"finding {key}: its term ended on {due_on} already; give it more days from the conclusions", field="found"
        )


def _counted(year: Year, *, on: date, days: int) -> date:
    rule = CountedPeriod(count=days, unit=DayUnit.CALENDAR, anchor="conclusions")
    return due_date(rule, year=year.evaluated, period=None, anchors={"conclusions": on}, calendar=year.rulebook.calendar).last_on


def keep_step(transaction: Transaction, *, finding: int, kind: str, number: int, at_round: int, obligation: int) -> None:  # noqa: PLR0913
    """Link an obligation to the finding that it follows up."""
    place = transaction.connection.execute(select(OBLIGATION.c.stage_id, OBLIGATION.c.subject).where(OBLIGATION.c.id == obligation)).one()
    row = {"finding_id": finding, "kind": kind, "number": number, "round": at_round, "obligation_id": obligation}
    row |= {"stage_id": place.stage_id, "subject": place.subject, "at": transaction.now, "said": "", "note": "", "document": ""}
    transaction.connection.execute(insert(FINDING_STEP).values(row))
