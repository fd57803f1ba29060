"""
Evidence attached to an obligation, to one of its items or to the whole, and withdrawn.

The file is kept before (`store.files`), outside every transaction; here it becomes evidence. The journal keeps ids and the content's
digest, never a file's name. What was submitted is not touched: evidence comes and goes while the work is in the party's hands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from evaluation.statuses import STATUS_OF_STATE
from evaluation.submissions import takes_evidence
from store.commands import moves
from store.locks import insert_if_new
from store.perform import Decided, mark
from store.refusals import RefusalError
from store.schema import EVIDENCE, EVIDENCE_FILE, OBLIGATION
from store.score_rounds import require_item_given_back
from store.topics import line_of

if TYPE_CHECKING:
    from sqlalchemy import Row

    from evaluation.obligations import Obligation
    from evaluation.plans import Stage
    from store.files import KeptFile
    from store.session import Store, Transaction


class EvidenceError(RefusalError):
    """Evidence cannot be attached or withdrawn: why, and what to do."""


class NoSuchEvidenceError(LookupError):
    """No evidence has that id."""

    def __init__(self, evidence: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no evidence {evidence}")


def attach(store: Store, transaction: Transaction, obligation: int, *, file: KeptFile, item: str = "") -> int:
    """
    Make a kept file evidence of an obligation and return the evidence's id; the same file for the same item again is the evidence it is.

    Raises:
        EvidenceError: the obligation is not in hand, or its deliverable has no such item.
        SheetFaultsError: the item is a leaf that was not given back in the round that runs.

    """
    year, stage, before = moves.read_held(store, transaction, obligation)
    line = line_of(transaction.connection, stage, line=year.line_of(stage, before.party), subject=before.subject)
    _require_in_hand(before, line)
    _require_item(line, item)
    require_item_given_back(store, transaction, year, before, item)
    known = select(EVIDENCE.c.id).where(
        EVIDENCE.c.obligation_id == obligation,
        EVIDENCE.c.item == item,
        EVIDENCE.c.sha256 == file.sha256,
        EVIDENCE.c.withdrawn_at.is_(None),
    )
    already = transaction.connection.execute(known).scalar_one_or_none()
    if already is not None:
        return int(already)
    kept = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type}
    insert_if_new(transaction.connection, EVIDENCE_FILE, kept)
    row = {
        "obligation_id": obligation,
        "term": before.term.number,
        "round": before.rounds,
        "item": item,
        "sha256": file.sha256,
        "name": file.name,
        "contact_id": transaction.actor.contact,
        "at": transaction.now,
    }
    ident = int(transaction.connection.execute(insert(EVIDENCE).returning(EVIDENCE.c.id), row).scalar_one())
    attached = Decided(before=before, stage=stage, actions=(), action="attach")
    facts = {"evidence": ident, "sha256": file.sha256, **({"item": item} if item else {})}
    mark(transaction, year, attached, facts=facts)
    return ident


def attach_again(store: Store, transaction: Transaction, evidence: int, *, item: str) -> int:
    """Make a file that is evidence already evidence of another item of the same obligation, without sending it again."""
    row = _row(transaction, evidence)
    file = transaction.connection.execute(select(EVIDENCE_FILE).where(EVIDENCE_FILE.c.sha256 == row.sha256)).one()
    from store.files import KeptFile  # noqa: PLC0415  what keeps files is not needed for the rest

    kept = KeptFile(sha256=file.sha256, size=file.size, media_type=file.media_type, name=row.name)
    return attach(store, transaction, row.obligation_id, file=kept, item=item)


def withdraw_evidence(store: Store, transaction: Transaction, evidence: int) -> None:
    """
    Withdraw evidence; its row and its file stay, so that what was once submitted can still be shown. Withdrawn already: nothing happens.

    Raises:
        NoSuchEvidenceError: there is none.
        EvidenceError: the obligation is not in hand: what was submitted stands until it is taken back or returned.
        SheetFaultsError: as of `attach`.

    """
    row = _row(transaction, evidence)
    year, stage, before = moves.read_held(store, transaction, row.obligation_id)
    _require_in_hand(before, year.stages[stage].line)
    require_item_given_back(store, transaction, year, before, row.item)
    withdrawn = update(EVIDENCE).where(EVIDENCE.c.id == evidence, EVIDENCE.c.withdrawn_at.is_(None)).values(withdrawn_at=transaction.now)
    if transaction.connection.execute(withdrawn).rowcount:
        gone = Decided(before=before, stage=stage, actions=(), action="withdraw-evidence")
        mark(transaction, year, gone, facts={"evidence": evidence})


def obligation_of_evidence(transaction: Transaction, evidence: int) -> int:
    """Return what a piece of evidence belongs to; NoSuchEvidenceError if there is none."""
    return int(_row(transaction, evidence).obligation_id)


def _row(transaction: Transaction, evidence: int) -> Row[tuple[int, str, str, str]]:
    query = select(EVIDENCE.c.obligation_id, EVIDENCE.c.sha256, EVIDENCE.c.name, EVIDENCE.c.item).where(EVIDENCE.c.id == evidence)
    row = transaction.connection.execute(query.join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)).one_or_none()
    if row is None:
        raise NoSuchEvidenceError(evidence)
    return row


def _require_in_hand(obligation: Obligation, line: Stage) -> None:
    if not takes_evidence(obligation.state, line=line):
        state = STATUS_OF_STATE[obligation.state]
        vi = f"nghĩa vụ đang ở trạng thái “{state.vi}”; tài liệu chỉ thay đổi khi việc còn trong tay đơn vị"
        en = f"the obligation is {obligation.state} ({state.en}); evidence changes only while the work is in the party's hands"
        raise EvidenceError(vi, en)


def _require_item(line: Stage, item: str) -> None:
    keys = [one.key for one in line.items]
    if item and item not in keys:
        vi = f"sản phẩm không có phần “{item}”; có: {', '.join(keys) or 'không phần nào'}"
        raise EvidenceError(vi, f"the deliverable has no part “{item}”; it has: {', '.join(keys) or 'none'}")
