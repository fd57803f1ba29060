"""
The document register: papers drafted, drafted anew, numbered, signed, discarded, and registered by the number they bear.

A paper is rendered and its file kept before, outside every transaction; here its row, its links and its entry are written together. The
journal keeps ids, digests, numbers and dates, never names. Signing an urging letter urges what it speaks of; signing or discarding what an
upkeep duty asked for does that duty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from evaluation.papers import FORM_OF, PaperKind, PaperState, Purpose, number_in
from store.commands.paper_refusals import dated_ahead, no_pdf, not_allowed_in, number_needed, of_record, reason_needed, stale_letter
from store.commands.paper_rows import (
    DISCARD_PAPER,
    DRAFT_PAPER,
    NUMBER_PAPER,
    REDRAFT_PAPER,
    REGISTER_PAPER,
    SIGN_PAPER,
    Drafted,
    Numbering,
    change_paper,
    drafted_facts,
    enter,
    keep_file,
    keep_version,
    link_about,
    made_by,
    number_told,
    recorded_number,
    require_free,
    told_of,
)
from store.commands.signing import settle_signed
from store.locks import hold_authority
from store.queries.papers import read_paper
from store.rights import authority_today
from store.schema import PAPER, PAPER_ABOUT

if TYPE_CHECKING:
    from datetime import date

    from store.files import KeptFile
    from store.queries.papers import PaperLine
    from store.session import Store, Transaction

PDF = "application/pdf"
#: A paper is dated so far ahead at most: what is later is a slip of the pen.
AHEAD = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Number:
    """What the document office gives a paper."""

    text: str  #: `185/SNV-CCHC`
    dated: date


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A paper that was issued elsewhere, or came in."""

    kind: PaperKind
    number: str
    dated: date | None = None
    issuer: str
    summary: str
    purpose: Purpose = Purpose.OTHER
    about: tuple[int, ...] = ()


def keep_draft(  # noqa: PLR0913 -- whose it is, and what asked for it
    transaction: Transaction, drafted: Drafted, *, authority: int, issuer: str, cycle: int | None = None, asked_by: int | None = None
) -> int:
    """
    Return the id of a paper that was drafted, now in the register; where another drafted what the same duty asks for, that one's.

    One that is drafted of a record with a number and a date bears them from the first, unless another paper does.
    """
    hold_authority(transaction.connection, authority)
    if asked_by is not None:
        known = transaction.connection.execute(select(PAPER.c.id).where(PAPER.c.asked_by == asked_by)).scalar()
        if known is not None:
            return int(known)
    kind = FORM_OF[drafted.purpose]
    borne = recorded_number(transaction, drafted, Numbering(authority=authority, issuer=issuer, kind=kind))
    row = {
        "authority_id": authority,
        "cycle_id": cycle,
        "kind": kind.value,
        "purpose": drafted.purpose.value,
        "issuer": issuer,
        "signed_name": "",
        **borne,
        "state": PaperState.DRAFT.value,
        "version": 1,
        "asked_by": asked_by,
        **told_of(drafted),
        **made_by(transaction),
    }
    paper = int(transaction.connection.execute(insert(PAPER).returning(PAPER.c.id), row).scalar_one())
    keep_version(transaction, paper, 1, drafted=drafted)
    enter(
        transaction,
        read_paper(transaction.connection, paper),
        DRAFT_PAPER,
        facts={**drafted_facts(drafted, version=1), **number_told(borne)},
    )
    return paper


def keep_redraft(transaction: Transaction, paper: PaperLine, drafted: Drafted) -> None:
    """
    Put a new version in the place of a draft.

    Raises:
        PaperStateError: it is no draft any more.
        PaperMovedError: somebody changed it since it was read.

    """
    _require(paper, PaperState.DRAFT)
    version = paper.version + 1
    hold_authority(transaction.connection, paper.authority)
    borne = recorded_number(transaction, drafted, numbering_of(paper))
    change_paper(transaction, paper, version=version, **borne, **told_of(drafted))
    keep_version(transaction, paper.id, version, drafted=drafted)
    enter(transaction, paper, REDRAFT_PAPER, facts={**drafted_facts(drafted, version=version), **number_told(borne)})


def give_number(transaction: Transaction, paper: PaperLine, number: Number, *, drafted: Drafted) -> None:
    """
    Give a draft the number and date that the document office entered it under; the version with both is its last.

    Raises:
        PaperStateError, PaperMovedError: as in `keep_redraft`.
        NumberTakenError: another paper of that issuer, kind and year bears the number.
        RefusalError: the number has none in it, or is not the one of the record that it was drafted of; its date lies more than `AHEAD`
            to come; or something it speaks of was done meanwhile: draft it anew.

    """
    _require(paper, PaperState.DRAFT)
    given = number_in(number.text)
    if given is None:
        raise number_needed(number.text)
    if paper.number is not None and (paper.number_text, paper.dated) != (number.text.strip(), number.dated):
        raise of_record(paper)
    _require_near(transaction, paper.authority, number.dated)
    hold_authority(transaction.connection, paper.authority)
    _require_current(paper, transaction=transaction, drafted=drafted)
    require_free(transaction, numbering_of(paper), year=number.dated.year, number=given)
    version = paper.version + 1
    named = {"number": given, "number_text": number.text.strip(), "year": number.dated.year, "dated": number.dated}
    change_paper(transaction, paper, state=PaperState.NUMBERED.value, version=version, **named, **told_of(drafted))
    keep_version(transaction, paper.id, version, drafted=drafted)
    told = {**named, "dated": number.dated.isoformat()}
    enter(transaction, paper, NUMBER_PAPER, facts={**drafted_facts(drafted, version=version), **told})


def _require_near(transaction: Transaction, authority: int, dated: date) -> None:
    if dated > authority_today(transaction.connection, authority, now=transaction.now) + AHEAD:
        raise dated_ahead(dated)


def sign(store: Store, transaction: Transaction, paper: PaperLine, *, file: KeptFile) -> tuple[int, ...]:
    """
    Attach the signed PDF, and return what was urged by it; what was done or waived since it was numbered is not urged.

    Raises:
        PaperStateError, PaperMovedError: it bears no number yet, or is signed or discarded already; somebody changed it since.
        RefusalError: the file is no PDF.

    """
    _require(paper, PaperState.NUMBERED)
    if file.media_type != PDF:
        raise no_pdf(file.name)
    keep_file(transaction, file)
    change_paper(transaction, paper, state=PaperState.SIGNED.value, signed_sha256=file.sha256, signed_name=file.name)
    enter(transaction, paper, SIGN_PAPER, facts={"signed": file.sha256})
    return settle_signed(store, transaction, paper)


def discard(store: Store, transaction: Transaction, paper: PaperLine, *, reason: str) -> None:
    """
    Say that a paper will not be issued, and why; its number, if it has one, stays taken.

    Raises:
        PaperStateError, PaperMovedError: it is signed or discarded already; somebody changed it since.
        RefusalError: no reason is given.

    """
    _require(paper, PaperState.DRAFT, PaperState.NUMBERED)
    if not reason.strip():
        raise reason_needed()
    change_paper(transaction, paper, state=PaperState.DISCARDED.value, reason=reason.strip())
    enter(transaction, paper, DISCARD_PAPER, facts={"reason": reason.strip()})
    settle_signed(store, transaction, paper, reason=reason.strip())


def register(transaction: Transaction, issued: Issued, *, authority: int, cycle: int | None = None, file: KeptFile | None = None) -> int:
    """
    Return the id of a paper that was issued elsewhere, now in the register under the number that it bears.

    Raises:
        NumberTakenError: the register holds one of that issuer, kind, year and number.
        RefusalError: no number, issuer or summary is given.

    """
    if not issued.number.strip() or not issued.issuer.strip() or not issued.summary.strip():
        raise number_needed(issued.number)
    hold_authority(transaction.connection, authority)
    number, year = number_in(issued.number), None if issued.dated is None else issued.dated.year
    if number is not None and year is not None:
        numbering = Numbering(authority=authority, issuer=issued.issuer.strip(), kind=issued.kind)
        require_free(transaction, numbering, year=year, number=number)
    if file is not None:
        keep_file(transaction, file)
    row = {
        "authority_id": authority,
        "cycle_id": cycle,
        "kind": issued.kind.value,
        "purpose": issued.purpose.value,
        "issuer": issued.issuer.strip(),
        "number": number,
        "number_text": issued.number.strip(),
        "year": year,
        "dated": issued.dated,
        "summary": issued.summary.strip(),
        "addressees": "[]",
        "state": PaperState.SIGNED.value,
        "version": 0,
        "edits": "{}",
        "signed_sha256": None if file is None else file.sha256,
        "signed_name": "" if file is None else file.name,
        **made_by(transaction),
    }
    paper = int(transaction.connection.execute(insert(PAPER).returning(PAPER.c.id), row).scalar_one())
    link_about(transaction, paper, issued.about)
    dated = None if issued.dated is None else issued.dated.isoformat()
    told = {"number": number, "number_text": row["number_text"], "year": year, "dated": dated, "signed": row["signed_sha256"]}
    facts = {"kind": issued.kind.value, "purpose": issued.purpose.value, "about": sorted(issued.about), **told}
    enter(transaction, read_paper(transaction.connection, paper), REGISTER_PAPER, facts=facts)
    return paper


def numbering_of(paper: PaperLine) -> Numbering:
    """Return whose numbers a paper bears one of."""
    return Numbering(authority=paper.authority, issuer=paper.issuer, kind=paper.kind, paper=paper.id)


def _require(paper: PaperLine, *states: PaperState) -> None:
    if paper.state not in states:
        raise not_allowed_in(paper.state)


def _require_current(paper: PaperLine, *, transaction: Transaction, drafted: Drafted) -> None:
    """Let no letter be numbered that speaks of what was done meanwhile, or that says nothing any more."""
    linked = select(PAPER_ABOUT.c.obligation_id).where(PAPER_ABOUT.c.paper_id == paper.id)
    gone = set(transaction.connection.execute(linked).scalars()) - set(drafted.about)
    if gone:
        raise stale_letter(len(gone))
