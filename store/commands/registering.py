"""
The document register: papers drafted, drafted anew, numbered, signed, discarded, and registered by the number they bear.

A paper is rendered and its file kept before, outside every transaction; here its row, its links and its entry are written together. The
journal keeps ids, digests, numbers and dates, never names. Signing an urging letter urges what it speaks of; signing or discarding what an
upkeep duty asked for does that duty.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, select, update

from evaluation.paper_edits import Edits, encode_edits
from evaluation.paper_facts import encode_facts
from evaluation.papers import FORM_OF, PaperKind, PaperState, Purpose, number_in
from store.commands.paper_refusals import (
    NumberTakenError,
    PaperMovedError,
    no_pdf,
    not_allowed_in,
    number_needed,
    reason_needed,
    stale_letter,
)
from store.commands.signing import settle_signed
from store.journal import Entry
from store.locks import hold_authority, insert_if_new
from store.queries.papers import read_paper
from store.schema import EVIDENCE_FILE, PAPER, PAPER_ABOUT, PAPER_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evaluation.paper_facts import Facts
    from store.files import KeptFile
    from store.queries.papers import PaperLine
    from store.session import Store, Transaction

DRAFT_PAPER, REDRAFT_PAPER, NUMBER_PAPER = "draft-paper", "redraft-paper", "number-paper"
SIGN_PAPER, DISCARD_PAPER, REGISTER_PAPER = "sign-paper", "discard-paper", "register-paper"
#: The entries of the register.
PAPER_ACTIONS = frozenset({DRAFT_PAPER, REDRAFT_PAPER, NUMBER_PAPER, SIGN_PAPER, DISCARD_PAPER, REGISTER_PAPER})
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A paper as it was rendered: its facts, its file, what it speaks of."""

    purpose: Purpose
    facts: Facts
    file: KeptFile
    about: tuple[int, ...] = ()
    edits: Edits = field(default_factory=Edits)


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
    """Return the id of a paper that was drafted, now in the register; where another drafted what the same duty asks for, that one's."""
    hold_authority(transaction.connection, authority)
    if asked_by is not None:
        known = transaction.connection.execute(select(PAPER.c.id).where(PAPER.c.asked_by == asked_by)).scalar()
        if known is not None:
            return int(known)
    row = {
        "authority_id": authority,
        "cycle_id": cycle,
        "kind": FORM_OF[drafted.purpose].value,
        "purpose": drafted.purpose.value,
        "issuer": issuer,
        "number_text": "",
        "signed_name": "",
        "state": PaperState.DRAFT.value,
        "version": 1,
        "asked_by": asked_by,
        **_told(drafted),
        **_made_by(transaction),
    }
    paper = int(transaction.connection.execute(insert(PAPER).returning(PAPER.c.id), row).scalar_one())
    _keep_version(transaction, paper, 1, drafted=drafted)
    _enter(transaction, read_paper(transaction.connection, paper), DRAFT_PAPER, facts=_drafted_facts(drafted, version=1))
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
    _change(transaction, paper, version=version, **_told(drafted))
    _keep_version(transaction, paper.id, version, drafted=drafted)
    _enter(transaction, paper, REDRAFT_PAPER, facts=_drafted_facts(drafted, version=version))


def give_number(transaction: Transaction, paper: PaperLine, number: Number, *, drafted: Drafted) -> None:
    """
    Give a draft the number and date that the document office entered it under; the version with both is its last.

    Raises:
        PaperStateError, PaperMovedError: as in `keep_redraft`.
        NumberTakenError: another paper of that issuer, kind and year bears the number.
        RefusalError: the number has none in it; or something it speaks of was done meanwhile: draft it anew.

    """
    _require(paper, PaperState.DRAFT)
    given = number_in(number.text)
    if given is None:
        raise number_needed(number.text)
    hold_authority(transaction.connection, paper.authority)
    _require_current(paper, transaction=transaction, drafted=drafted)
    _require_free(transaction, paper.authority, issuer=paper.issuer, kind=paper.kind, year=number.dated.year, number=given)
    version = paper.version + 1
    named = {"number": given, "number_text": number.text.strip(), "year": number.dated.year, "dated": number.dated}
    _change(transaction, paper, state=PaperState.NUMBERED.value, version=version, **named, **_told(drafted))
    _keep_version(transaction, paper.id, version, drafted=drafted)
    told = {**named, "dated": number.dated.isoformat()}
    _enter(transaction, paper, NUMBER_PAPER, facts={**_drafted_facts(drafted, version=version), **told})


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
    _keep_file(transaction, file)
    _change(transaction, paper, state=PaperState.SIGNED.value, signed_sha256=file.sha256, signed_name=file.name)
    _enter(transaction, paper, SIGN_PAPER, facts={"signed": file.sha256})
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
    _change(transaction, paper, state=PaperState.DISCARDED.value, reason=reason.strip())
    _enter(transaction, paper, DISCARD_PAPER, facts={"reason": reason.strip()})
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
        _require_free(transaction, authority, issuer=issued.issuer.strip(), kind=issued.kind, year=year, number=number)
    if file is not None:
        _keep_file(transaction, file)
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
        **_made_by(transaction),
    }
    paper = int(transaction.connection.execute(insert(PAPER).returning(PAPER.c.id), row).scalar_one())
    _link(transaction, paper, issued.about)
    dated = None if issued.dated is None else issued.dated.isoformat()
    told = {"number": number, "number_text": row["number_text"], "year": year, "dated": dated, "signed": row["signed_sha256"]}
    facts = {"kind": issued.kind.value, "purpose": issued.purpose.value, "about": sorted(issued.about), **told}
    _enter(transaction, read_paper(transaction.connection, paper), REGISTER_PAPER, facts=facts)
    return paper


def _told(drafted: Drafted) -> dict[str, Any]:
    cover = drafted.facts.cover
    return {
        "summary": cover.summary,
        "addressees": orjson.dumps(cover.addressees).decode(),
        "edits": orjson.dumps(encode_edits(drafted.edits), option=orjson.OPT_SORT_KEYS).decode(),
    }


def _made_by(transaction: Transaction) -> dict[str, Any]:
    return {"contact_id": transaction.actor.contact, "at": transaction.now, "reason": "", "moves": 0}


def _drafted_facts(drafted: Drafted, *, version: int) -> dict[str, Any]:
    return {
        "purpose": drafted.purpose.value,
        "version": version,
        "file": drafted.file.sha256,
        "facts": facts_digest(drafted.facts),
        "about": sorted(drafted.about),
    }


def facts_json(facts: Facts) -> str:
    """Return facts as the register keeps them."""
    return orjson.dumps(encode_facts(facts), option=orjson.OPT_SORT_KEYS).decode()


def facts_digest(facts: Facts) -> str:
    """Return the SHA-256 by which the journal knows the facts of a version."""
    return hashlib.sha256(facts_json(facts).encode()).hexdigest()


def _keep_version(transaction: Transaction, paper: int, version: int, *, drafted: Drafted) -> None:
    _keep_file(transaction, drafted.file)
    row = {
        "paper_id": paper,
        "number": version,
        "facts": facts_json(drafted.facts),
        "sha256": drafted.file.sha256,
        "contact_id": transaction.actor.contact,
        "at": transaction.now,
    }
    transaction.connection.execute(insert(PAPER_VERSION), row)
    _link(transaction, paper, drafted.about)


def _keep_file(transaction: Transaction, file: KeptFile) -> None:
    insert_if_new(transaction.connection, EVIDENCE_FILE, {"sha256": file.sha256, "size": file.size, "media_type": file.media_type})


def _link(transaction: Transaction, paper: int, about: Sequence[int]) -> None:
    transaction.connection.execute(PAPER_ABOUT.delete().where(PAPER_ABOUT.c.paper_id == paper))
    rows = [{"paper_id": paper, "obligation_id": one} for one in sorted(set(about))]
    if rows:
        transaction.connection.execute(insert(PAPER_ABOUT), rows)


def _require(paper: PaperLine, *states: PaperState) -> None:
    if paper.state not in states:
        raise not_allowed_in(paper.state)


def _require_current(paper: PaperLine, *, transaction: Transaction, drafted: Drafted) -> None:
    """Let no letter be numbered that speaks of what was done meanwhile, or that says nothing any more."""
    linked = select(PAPER_ABOUT.c.obligation_id).where(PAPER_ABOUT.c.paper_id == paper.id)
    gone = set(transaction.connection.execute(linked).scalars()) - set(drafted.about)
    if gone:
        raise stale_letter(len(gone))


def _require_free(transaction: Transaction, authority: int, *, issuer: str, kind: PaperKind, year: int, number: int) -> None:  # noqa: PLR0913
    same = (PAPER.c.authority_id == authority, PAPER.c.issuer == issuer, PAPER.c.kind == kind.value)
    holder = transaction.connection.execute(select(PAPER.c.id).where(*same, PAPER.c.year == year, PAPER.c.number == number)).scalar()
    if holder is not None:
        raise NumberTakenError(read_paper(transaction.connection, holder))


def _change(transaction: Transaction, paper: PaperLine, **values: Any) -> None:  # noqa: ANN401  columns of any type
    changed = update(PAPER).where(PAPER.c.id == paper.id, PAPER.c.moves == paper.moves).values(moves=paper.moves + 1, **values)
    if transaction.connection.execute(changed).rowcount != 1:
        raise PaperMovedError(paper.id)


def _enter(transaction: Transaction, paper: PaperLine, action: str, *, facts: dict[str, Any]) -> None:
    payload = {"paper": paper.id, **facts, **transaction.actor.capacity}
    transaction.entries.append(Entry(authority=paper.authority, action=action, cycle=paper.cycle, payload=payload))
