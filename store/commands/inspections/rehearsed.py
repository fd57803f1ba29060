"""What the team and the units of a rehearsed year do about the first inspections, so that findings are seen in every state."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.inspections.findings import Claim, FindingStatus, Outcome, status
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.transitions import TransitionError
from store.commands.inspections.concluding import Conclusions, Found, conclude
from store.commands.inspections.holding import write_minutes
from store.commands.inspections.reinspecting import Look, close_finding, reinspect
from store.commands.inspections.remedying import reopen_finding, report_remedy
from store.findings import FindingFacts, read_findings
from store.refusals import RefusalError
from store.schema import FINDING, INSPECTION, OBLIGATION, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from store.session import Store, Transaction
    from store.years import Year

#: So many inspections of a year are concluded with findings, one every few days; the others without.
FIRST = 6
_FOUND = (
    Found(text="Chưa công khai đầy đủ thủ tục hành chính tại Bộ phận Một cửa.", basis="Nghị định số 61/2018/NĐ-CP"),
    Found(text="Báo cáo cải cách hành chính định kỳ gửi chậm hai kỳ.", basis="Công văn hướng dẫn chế độ báo cáo"),
)
_PASSED = Remark(reason="Đã khắc phục, phúc tra đạt.")
_DAY = timedelta(days=1)
_WEDNESDAY = 2
_REPORTED, _LOOKED, _CLOSED = 8 * _DAY, 20 * _DAY, 24 * _DAY
_SETTLED = 90 * _DAY  #: from then on whatever is left of a finding is brought to its end
#: By place: what a unit claims (None: it never answers), what the team then finds (None: it has not looked), whether it is closed.
_STORIES: tuple[tuple[Claim | None, Outcome | None, bool], ...] = (
    (Claim.DONE, Outcome.CLOSED, True),
    (Claim.DONE, None, False),
    (None, None, False),
    (Claim.PARTLY, Outcome.NOT, False),
    (Claim.DONE, Outcome.CLOSED, False),
    (Claim.NOT, Outcome.PARTLY, False),
)


def people_inspect(store: Store, year: Year, *, now: datetime) -> int:
    """Let the team and the units do, once a week on a working day, what their story has them do, and end it; return how much was done."""
    today = year.rulebook.calendar.local_date(now)
    if today.weekday() != _WEDNESDAY or not year.rulebook.calendar.is_workday(today):
        return 0
    done = _conclude(store, year, now=now)
    with store.reading() as connection:
        findings = read_findings(connection, (FINDING.c.cycle_id == year.cycle) & FINDING.c.closed_at.is_(None))
    return done + sum(_follow(store, found, now=now) for found in findings)


def _conclude(store: Store, year: Year, *, now: datetime) -> int:
    with store.reading() as connection:
        query = (
            select(OBLIGATION.c.id, OBLIGATION.c.state, TERM.c.opens_at, INSPECTION.c.concluded_on)
            .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
            .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == 1))
            .outerjoin(INSPECTION, INSPECTION.c.obligation_id == OBLIGATION.c.id)
            .where(OBLIGATION.c.cycle_id == year.cycle, STAGE.c.kind == StageKind.INSPECTION.value, OBLIGATION.c.subject != "")
        )
        rows = connection.execute(query.order_by(OBLIGATION.c.id)).all()
    done = 0
    for place, row in enumerate(rows):
        ready = row.opens_at is not None and row.opens_at + (5 + 3 * place) * _DAY <= now
        if row.concluded_on is None and ready and row.state != State.SCHEDULED.value:
            done += _try(store, partial(_hold, store, year=year, inspection=row.id, number=place + 1), now=now)
    return done


def hold_plainly(store: Store, transaction: Transaction, year: Year, inspection: int) -> None:
    """Write minutes and conclusions without a finding, which hand the inspection in. InspectionError, TransitionError."""
    on, number = year.rulebook.calendar.local_date(transaction.now), f"{inspection:02}"
    write_minutes(store, transaction, inspection, held_on=on, number=f"{number}/BB-ĐKT")
    told = Conclusions(number=f"{number}/TB-ĐKT", on=on, text="Không có tồn tại phải khắc phục.")
    conclude(store, transaction, inspection, conclusions=told)


def _hold(store: Store, transaction: Transaction, *, year: Year, inspection: int, number: int) -> None:
    on = year.rulebook.calendar.local_date(transaction.now)
    write_minutes(store, transaction, inspection, held_on=on, number=f"{number:02}/BB-ĐKT")
    found = _FOUND[: 1 + inspection % 2] if number <= FIRST else ()
    told = Conclusions(number=f"{number:02}/TB-ĐKT", on=on, text="Kết luận kiểm tra công tác CCHC.", found=found)
    conclude(store, transaction, inspection, conclusions=told)


def _follow(store: Store, found: FindingFacts, *, now: datetime) -> int:
    claim, outcome, closes = _STORIES[found.id % len(_STORIES)]
    age, remedy = now - found.at, found.finding.remedy
    looked = any(one.outcome for one in found.finding.reinspections)
    if age >= _SETTLED:
        return _settle(store, found, now=now)
    if claim is not None and remedy.round == 1 and remedy.reported_at is None and age >= _REPORTED:
        return _try(store, partial(_remedy, store, found=found, claim=claim), now=now)
    if outcome is not None and not looked and age >= _LOOKED:
        look = Look(outcome=outcome, text="Đoàn đã phúc tra tại đơn vị.", number=f"{found.id:02}/BB-PT", reopen=outcome is Outcome.NOT)
        return _try(store, lambda transaction: reinspect(store, transaction, found.id, look=look), now=now)
    if closes and looked and age >= _CLOSED:
        return _try(store, lambda transaction: close_finding(store, transaction, found.id, remark=_PASSED), now=now)
    return 0


def _settle(store: Store, found: FindingFacts, *, now: datetime) -> int:
    """Bring a finding one step nearer to its end: remedied, looked at again, closed."""
    match status(found.finding):
        case FindingStatus.PASSED:
            return _try(store, lambda transaction: close_finding(store, transaction, found.id, remark=_PASSED), now=now)
        case FindingStatus.REPORTED:
            look = Look(outcome=Outcome.CLOSED, text="Đoàn đã phúc tra tại đơn vị.", number=f"{found.id:02}/BB-PT")
            return _try(store, lambda transaction: reinspect(store, transaction, found.id, look=look), now=now)
        case _ if found.finding.remedy.reported_at is None:
            return _try(store, partial(_remedy, store, found=found, claim=Claim.DONE), now=now)
        case _:
            return _try(store, lambda transaction: reopen_finding(store, transaction, found.id), now=now)


def _remedy(store: Store, transaction: Transaction, *, found: FindingFacts, claim: Claim) -> None:
    text = "Chưa khắc phục được, đang bố trí kinh phí." if claim is Claim.NOT else "Đã rà soát, khắc phục theo kết luận."
    report_remedy(store, transaction, found.id, claim=claim, text=text, no_evidence="đoàn đã xem trực tiếp tại Bộ phận Một cửa")


def _try(store: Store, act: Callable[[Transaction], object], *, now: datetime) -> int:
    """Do one thing in a transaction of its own; what cannot be done now is left."""
    try:
        with store.transaction(now=now) as transaction:
            act(transaction)
    except (RefusalError, TransitionError):
        return 0
    return 1
