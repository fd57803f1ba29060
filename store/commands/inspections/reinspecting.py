"""Re-inspection (phúc tra): what was found when the team looked again, and the decision of somebody entitled that ends a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from evaluation.actions import Remark
from evaluation.inspections.findings import FindingStatus, Outcome, status
from evaluation.inspections.following import may_be_reinspected
from evaluation.obligations import FINAL, State
from store.commands import moves
from store.commands.inspections.concluding import Found, add_findings
from store.commands.inspections.following import ask_reinspection
from store.commands.inspections.held import InspectionError, digest, finish, hold_finding, hold_inspection, note, require_open
from store.commands.inspections.remedying import reopen_finding, stage_of_inspection
from store.findings import REINSPECTION, URGING, StepFacts, read_findings
from store.schema import FINDING, FINDING_STEP

if TYPE_CHECKING:
    from datetime import date

    from store.findings import FindingFacts
    from store.session import Store, Transaction
    from store.years import Year


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a re-inspection came to."""

    outcome: Outcome
    text: str
    number: str = ""  #: and date of its minutes
    reopen: bool = False  #: ask for a further remedy at once
    days: int | None = None  #: of that remedy
    added: tuple[Found, ...] = ()  #: findings that it adds


def reinspect(store: Store, transaction: Transaction, finding: int, *, look: Look) -> int:
    """
    Write down what a re-inspection of a finding came to, and return the obligation of the team that it fulfils.

    A report that was waiting is taken in. The finding stays open whatever the outcome: closing it is a decision of its own.

    Raises:
        InspectionError: the finding is closed; the unit has not reported and its term is not over; the outcome is said without a word;
            a further remedy is asked for where the finding was remedied, or is still owed.

    """
    year, found = hold_finding(store, transaction, finding, asks=look.reopen or bool(look.added))
    require_open(found)
    _require_time(year, found, transaction)
    _require_whole(look)
    ref = stage_of_inspection(year, transaction, found)
    pending = _pending(found)
    obligation = pending.obligation.id if pending is not None else ask_reinspection(transaction, year, ref, found)
    said = {"said": look.outcome.value, "said_at": transaction.now, "note": look.text.strip(), "document": look.number.strip()}
    whose = FINDING_STEP.c.obligation_id == obligation if pending is None else FINDING_STEP.c.id == pending.id
    transaction.connection.execute(update(FINDING_STEP).where(whose).values(**said))
    facts = {"finding": found.key, "outcome": look.outcome.value, "content": digest(look.text.strip())}
    note(transaction, year, found.inspection, action="reinspect", facts=facts)
    finish(store, transaction, obligation, text=look.text, document=look.number)
    if found.remedy.obligation.state is State.SUBMITTED:
        moves.accept(store, transaction, found.remedy.obligation.id, remark=Remark(reason="Đã phúc tra", basis=look.number))
    if look.added:
        held = hold_inspection(store, transaction, found.inspection)
        add_findings(transaction, held, look.added, on=held.year.rulebook.calendar.local_date(transaction.now), added_by=obligation)
    if look.reopen:
        reopen_finding(store, transaction, finding, days=look.days)
    return obligation


def _require_time(year: Year, found: FindingFacts, transaction: Transaction) -> None:
    if may_be_reinspected(found.finding, now=transaction.now):
        return
    possible = earliest_look(found)
    del year
    vi = f"chưa phúc tra được tồn tại {found.key}: đơn vị chưa báo cáo; phúc tra được từ ngày {possible:%d/%m/%Y}, hoặc ngay khi có báo cáo"
    en = f"finding {found.key} cannot be re-inspected yet: its unit has not reported; possible from {possible} on, or once it has reported"
    raise InspectionError(vi, en)


def earliest_look(found: FindingFacts) -> date | None:
    """Return the local date from which a re-inspection is possible without a report: the day after the remedy's last day."""
    due = found.remedy_due
    return None if due is None else due + timedelta(days=1)


def _require_whole(look: Look) -> None:
    if not look.text.strip():
        vi, en = "nêu kết quả phúc tra", "say what the re-inspection found"
        raise InspectionError(vi, en, field="text")
    if look.reopen and look.outcome is Outcome.CLOSED:
        vi, en = "phúc tra đạt thì không yêu cầu khắc phục thêm", "what was remedied needs no further remedy"
        raise InspectionError(vi, en, field="reopen")


def _pending(found: FindingFacts) -> StepFacts | None:
    gone = {State.WAIVED, State.TRANSFERRED}
    return next((one for one in found.of(REINSPECTION) if not one.said and one.obligation.state not in gone), None)


def close_finding(store: Store, transaction: Transaction, finding: int, *, remark: Remark) -> None:
    """
    End a finding, with a reason: nothing of it is owed any more. Without a passed re-inspection it takes a document.

    Raises:
        InspectionError: it is closed; there is no reason; it was not found remedied and no document says why it ends all the same.

    """
    year, found = hold_finding(store, transaction, finding)
    require_open(found)
    if not remark.reason.strip():
        vi, en = "nêu lý do kết thúc", "say why it is closed"
        raise InspectionError(vi, en, field="reason")
    if status(found.finding) is not FindingStatus.PASSED and not remark.basis.strip():
        vi = "chưa phúc tra đạt: phúc tra trước, hoặc nêu văn bản (số, ngày) cho phép kết thúc"
        raise InspectionError(vi, "it was not found remedied: re-inspect it, or name the document that ends it all the same", field="basis")
    facts = {"finding": found.key, "reason": remark.reason.strip(), "basis": remark.basis.strip()}
    values = {"closed_at": transaction.now, "closed_by": transaction.actor.who}
    values |= {"closed_why": remark.reason.strip(), "closed_basis": remark.basis.strip()}
    transaction.connection.execute(update(FINDING).where(FINDING.c.id == finding).values(**values))
    note(transaction, year, found.inspection, action="close-finding", facts=facts)
    for step in read_findings(transaction.connection, FINDING.c.id == finding)[0].steps:
        _end(store, transaction, step, remark=remark)


def _end(store: Store, transaction: Transaction, step: StepFacts, *, remark: Remark) -> None:
    """
    Let nothing be owed of a closed finding: what was handed in is taken in, the rest is waived.

    An urging letter may speak of other findings too: it is drafted anew without this one, or closed where nothing is left in it.
    """
    if step.obligation.state in FINAL or step.kind == URGING:
        return
    if step.obligation.state is State.SUBMITTED:
        moves.accept(store, transaction, step.obligation.id, remark=remark)
    else:
        moves.waive(store, transaction, step.obligation.id, remark=remark)
