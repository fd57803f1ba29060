"""Remedies: what a unit says it did about a finding, and a further remedy where that was not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from evaluation.inspections.findings import Claim
from evaluation.inspections.following import may_reopen
from evaluation.obligations import State
from store.commands import moves
from store.commands.inspections.concluding import MOST_DAYS, ask_remedy
from store.commands.inspections.held import InspectionError, digest, hold_finding, note, require_open
from store.queries.unit_work import has_evidence
from store.schema import FINDING_STEP, OBLIGATION, STAGE

if TYPE_CHECKING:
    from datetime import date

    from evaluation.obligations import Obligation
    from store.findings import FindingFacts
    from store.session import Store, Transaction
    from store.years import StageRef, Year


def report_remedy(  # noqa: PLR0913  what is said, and the paper that says it
    store: Store,
    transaction: Transaction,
    finding: int,
    *,
    claim: Claim,
    text: str = "",
    no_evidence: str = "",
    document: str = "",
    received_on: date | None = None,
    signed: bool = True,
) -> Obligation:
    """
    Say how far a finding is remedied; `signed`: it is sent, else it waits for the head. A claim confirms nothing: the finding stays open.

    What only its head may send, a lapsed one, does not wait: then it is refused.

    Whoever says that something was done shows it: a file attached to the remedy, or the reason why there is none, which becomes the last
    line of the report.

    Raises:
        InspectionError: the finding is closed; it says that something was done and not what, or shows nothing and does not say why.
        TransitionError: the remedy is not to be answered now.

    """
    _, found = hold_finding(store, transaction, finding)
    require_open(found)
    if claim is not Claim.NOT and not text.strip():
        vi, en = "nêu đã khắc phục những gì", "say what was done"
        raise InspectionError(vi, en, field="text")
    if claim is Claim.NOT and not text.strip():
        vi, en = "nêu lý do chưa khắc phục", "say why nothing was done"
        raise InspectionError(vi, en, field="text")
    step = found.remedy
    text = _shown(transaction, step.obligation.id, claim=claim, text=text.strip(), no_evidence=no_evidence.strip())
    said = {"said": claim.value, "said_at": transaction.now, "note": text, "document": document.strip()}
    transaction.connection.execute(update(FINDING_STEP).where(FINDING_STEP.c.id == step.id).values(**said))
    facts = {"finding": found.key, "claim": claim.value, "content": digest(text)}
    note(transaction, _year(store, transaction, found), step.obligation.id, action="claim-remedy", facts=facts)
    return _hand_in(store, transaction, step.obligation.id, text=text, document=document, received_on=received_on, signed=signed)


def _shown(transaction: Transaction, obligation: int, *, claim: Claim, text: str, no_evidence: str) -> str:
    """Return the text of a report whose claim is shown by a file or says why it is not; InspectionError where it is neither."""
    if claim is Claim.NOT or has_evidence(transaction.connection, obligation):
        return text
    if not no_evidence:
        vi = f"đính kèm tài liệu kiểm chứng vào việc {obligation} trước khi báo cáo đã khắc phục, hoặc nêu lý do không có tài liệu"
        en = f"attach evidence to obligation {obligation} before reporting that something was done, or say why there is none"
        raise InspectionError(vi, en, field="no_evidence")
    return f"{text}\nKhông kèm tài liệu kiểm chứng, lý do: {no_evidence}"


def _year(store: Store, transaction: Transaction, found: FindingFacts) -> Year:
    return moves.read_held(store, transaction, found.remedy.obligation.id)[0]


def _hand_in(  # noqa: PLR0913
    store: Store, transaction: Transaction, obligation: int, *, text: str, document: str, received_on: date | None, signed: bool
) -> Obligation:
    year, stage, before = moves.read_held(store, transaction, obligation)
    if not signed:
        return before if before.state is State.PREPARED else moves.prepare(store, transaction, obligation)
    if before.state in {State.OPEN, State.RETURNED} and year.stages[stage].line.sign_off:
        moves.prepare(store, transaction, obligation)
    return moves.submit(store, transaction, obligation, text=text, document=document, received_on=received_on)


def reopen_finding(store: Store, transaction: Transaction, finding: int, *, days: int | None = None) -> int:
    """
    Ask for a further remedy of a finding that was not fully remedied, counted from today; the one before stays as it was.

    Return the obligation.

    Raises:
        InspectionError: it is closed; its remedy is still owed, so that urging or extending that one is the way; the term is none.

    """
    year, found = hold_finding(store, transaction, finding, asks=True)
    require_open(found)
    if not may_reopen(found.finding):
        vi = f"khắc phục lần {found.remedy.round} của tồn tại {found.key} chưa xong; đôn đốc hoặc gia hạn việc {found.remedy.obligation.id}"
        en = f"remedy {found.remedy.round} of finding {found.key} is still owed ({found.remedy.obligation.id}); urge or extend that one"
        raise InspectionError(vi, en)
    if days is not None and not 0 < days <= MOST_DAYS:
        vi, en = f"thời hạn từ 1 đến {MOST_DAYS} ngày", f"a term has 1 to {MOST_DAYS} days"
        raise InspectionError(vi, en, field="days")
    ref = stage_of_inspection(year, transaction, found)
    number = found.remedy.round + 1
    today = year.rulebook.calendar.local_date(transaction.now)
    obligation = ask_remedy(transaction, year, ref, finding=finding, key=found.key, owner=found.owner, number=number, on=today, days=days)
    facts = {"finding": found.key, "round": number, "obligation": obligation}
    note(transaction, year, found.inspection, action="reopen-finding", facts=facts)
    return obligation


def stage_of_inspection(year: Year, transaction: Transaction, found: FindingFacts) -> StageRef:
    """Return the stage of inspections in which a finding was made."""
    query = OBLIGATION.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).select().with_only_columns(STAGE.c.id)
    return year.stages[transaction.connection.execute(query.where(OBLIGATION.c.id == found.inspection)).scalar_one()]
