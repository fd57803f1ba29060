"""
What is owed on request: obligations that no date of the plan brings, raised by an event: a request, a finding, a decision.

The plan's line (`on_request: true`) says who answers for it, on which ladder and in how many days from the event (Civil Code 2015, articles
147-148); the request says who owes, about what, and may set a date and an hour of its own. A date that a person set stands when plan or
calendar change; a counted one is counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.cycles import CycleState
from evaluation.due_rules import CountedPeriod
from evaluation.projection import EVENT, stage_window
from evaluation.terms import TermReason, moved_dates, new_term
from store.commands.launching import known_anchors, window_dates
from store.locks import hold_stage
from store.raising import Raised, raise_obligations
from store.refusals import RefusalError
from store.schema import OBLIGATION
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from evaluation.obligations import Obligation
    from evaluation.plans import Stage
    from evaluation.terms import Dates, Term
    from store.session import Transaction
    from store.years import StageRef, Year


class RequestError(RefusalError):
    """Nothing can be asked for so: why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: of whom, about what, since when, and by when if not as the plan counts it."""

    stage: str  #: key of a stage that comes on request
    parties: tuple[int, ...]
    subject: str  #: of each obligation raised: a finding, a request, a criterion; `<finding>/2` for a second round
    event_on: date | None = None  #: local date from which days are counted; None: today
    due_on: date | None = None  #: last included local date; None: as the plan counts
    due_hour: time | None = None  #: local time at which that date ends; None: 24:00
    visible_from: datetime | None = None  #: UTC; before it the party sees nothing of it


def raise_on_request(transaction: Transaction, year: Year, asked: Asked) -> list[int]:
    """
    Raise what is asked for and return the ids of the obligations, in the order of the parties.

    Raises:
        RequestError: the year does not run; the stage is not there or comes by the calendar; nobody is named, or a party is not of this
            authority; one of them owes the same already; the date is over, or lies before the opening.

    """
    ref = _stage(year, asked.stage)
    _require_parties(year, asked.parties)
    if year.state not in {CycleState.LAUNCHED, CycleState.PAUSED}:
        vi = "chu kỳ không còn chạy nên không giao thêm việc được; khởi động chu kỳ khác hoặc chọn chu kỳ đang chạy"
        raise RequestError(vi, f"cycle {year.cycle} is {year.state}: nothing more is asked for in it; choose one that runs")
    hold_stage(transaction.connection, ref.id)
    _require_new(transaction, ref, asked)
    term = _first_term(year, ref, asked, now=transaction.now)
    raised = [
        Raised(party=party, subject=asked.subject, visible_from=asked.visible_from, released=ref.released_at is not None)
        for party in asked.parties
    ]
    return raise_obligations(transaction, year, stage=ref.id, raised=raised, term=term)


def requested_dates(year: Year, line: Stage, *, event_on: date) -> Dates:
    """Return what the plan in force says of the dates of something that was asked for on that local date."""
    known = {**known_anchors(year), EVENT: event_on}
    window = stage_window(year.plan, line, None, year=year.evaluated, calendar=year.rulebook.calendar, known=known)
    return window_dates(window)


def requested_anew(year: Year, obligation: Obligation) -> Dates:
    """Return the dates under the plan and calendar in force of what was asked for; the term's own where its event's day is not known."""
    line, first = year.stage(obligation.stage).line, obligation.terms[0]
    opens = line.opens
    counts_from_its_day = isinstance(opens, CountedPeriod) and opens.anchor == EVENT and opens.count == 0
    if not counts_from_its_day or first.opens_at is None or line.key == UPKEEP:
        return obligation.term.dates
    return requested_dates(year, line, event_on=year.rulebook.calendar.local_date(first.opens_at))


def _stage(year: Year, key: str) -> StageRef:
    ref = next((one for one in year.stages.values() if one.key == key), None)
    if ref is not None and ref.line.on_request:
        return ref
    there = ", ".join(one.key for one in year.stages.values() if one.line.on_request) or "không có / none"
    if ref is None:
        vi, en = f"kế hoạch không có công đoạn “{key}”", f"the plan has no stage “{key}”"
    else:
        vi = f"công đoạn “{key}” đến theo lịch của kế hoạch, không giao theo yêu cầu được"
        en = f"the stage “{key}” comes by the plan's calendar and is not asked for"
    vi, en = f"{vi}; các công đoạn giao theo yêu cầu: {there}", f"{en}; stages on request: {there}"
    raise RequestError(vi, en, field="stage")


def _require_parties(year: Year, parties: Sequence[int]) -> None:
    if not parties:
        vi, en = "chưa chọn đơn vị nào", "no party is named"
        raise RequestError(vi, en, field="parties")
    if strangers := sorted(set(parties) - set(year.people.ids.values())):
        named = ", ".join(map(str, strangers))
        vi, en = f"cơ quan không có đơn vị số {named}", f"the authority has no party {named}"
        raise RequestError(vi, en, field="parties")


def _require_new(transaction: Transaction, ref: StageRef, asked: Asked) -> None:
    query = select(OBLIGATION.c.id, OBLIGATION.c.party_id).where(OBLIGATION.c.stage_id == ref.id, OBLIGATION.c.subject == asked.subject)
    there = {row.party_id: row.id for row in transaction.connection.execute(query)}
    twice = [there[party] for party in asked.parties if party in there]
    if twice or len(set(asked.parties)) < len(asked.parties):
        named = ", ".join(map(str, twice[:5])) or "cùng một đơn vị hai lần / one party twice"
        vi = f"việc này đã được giao rồi ({named}); mở việc ấy ra, hoặc đặt tên khác cho yêu cầu mới"
        raise RequestError(vi, f"this has been asked for already ({named}); open that, or name the new request otherwise", field="subject")


def _first_term(year: Year, ref: StageRef, asked: Asked, *, now: datetime) -> Term:
    calendar = year.rulebook.calendar
    dates = requested_dates(year, ref.line, event_on=asked.event_on or calendar.local_date(now))
    term = new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=dates, now=now, ladder=ref.line.ladder)
    if asked.due_on is None:
        return term
    own = moved_dates(term, due_on=asked.due_on, calendar=calendar, at=asked.due_hour)
    if own.due_at is not None and own.due_at <= max(now, own.opens_at or now):
        vi = f"hạn {asked.due_on:%d/%m/%Y} đã qua hoặc trước khi việc bắt đầu; chọn hạn sau đó"
        raise RequestError(vi, f"{asked.due_on} is over, or before the work begins; choose a later date", field="due_on")
    written = new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=own, now=now, ladder=ref.line.ladder)
    return replace(written, projected_anew=TermReason.EXTENSION)  # a date that a person set stands
