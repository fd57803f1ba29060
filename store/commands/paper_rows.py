"""Rows and entries of the register, as every command of it writes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, select, update

from evaluation.paper_edits import Edits, encode_edits
from evaluation.paper_facts import encode_facts
from evaluation.papers import number_in
from store.commands.paper_refusals import NumberTakenError, PaperMovedError
from store.journal import Entry
from store.locks import insert_if_new
from store.queries.papers import read_paper
from store.schema import EVIDENCE_FILE, PAPER, PAPER_ABOUT, PAPER_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.paper_facts import Facts
    from evaluation.papers import PaperKind, Purpose
    from store.files import KeptFile
    from store.queries.papers import PaperLine
    from store.session import Transaction

DRAFT_PAPER, REDRAFT_PAPER, NUMBER_PAPER = "draft-paper", "redraft-paper", "number-paper"
SIGN_PAPER, DISCARD_PAPER, REGISTER_PAPER = "sign-paper", "discard-paper", "register-paper"
#: The entries of the register.
PAPER_ACTIONS = frozenset({DRAFT_PAPER, REDRAFT_PAPER, NUMBER_PAPER, SIGN_PAPER, DISCARD_PAPER, REGISTER_PAPER})


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A paper as it was rendered: its facts, its file, what it speaks of."""

    purpose: Purpose
    facts: Facts
    file: KeptFile
    about: tuple[int, ...] = ()
    edits: Edits = field(default_factory=Edits)


def told_of(drafted: Drafted) -> dict[str, Any]:
    """Return the columns that a draft says of a paper."""
    cover = drafted.facts.cover
    return {
        "summary": cover.summary,
        "addressees": orjson.dumps(cover.addressees).decode(),
        "edits": orjson.dumps(encode_edits(drafted.edits), option=orjson.OPT_SORT_KEYS).decode(),
    }


def made_by(transaction: Transaction) -> dict[str, Any]:
    """Return the columns that say who made a paper, and when."""
    return {"contact_id": transaction.actor.contact, "at": transaction.now, "reason": "", "moves": 0}


def drafted_facts(drafted: Drafted, *, version: int) -> dict[str, Any]:
    """Return what the journal says of a version."""
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


def keep_version(transaction: Transaction, paper: int, version: int, *, drafted: Drafted) -> None:
    """Insert a version of a paper, with its file and what it speaks of."""
    keep_file(transaction, drafted.file)
    row = {
        "paper_id": paper,
        "number": version,
        "facts": facts_json(drafted.facts),
        "sha256": drafted.file.sha256,
        "contact_id": transaction.actor.contact,
        "at": transaction.now,
    }
    transaction.connection.execute(insert(PAPER_VERSION), row)
    link_about(transaction, paper, drafted.about)


def keep_file(transaction: Transaction, file: KeptFile) -> None:
    """Let the database know a file that is kept."""
    insert_if_new(transaction.connection, EVIDENCE_FILE, {"sha256": file.sha256, "size": file.size, "media_type": file.media_type})


def link_about(transaction: Transaction, paper: int, about: Sequence[int]) -> None:
    """Say anew which obligations a paper speaks of."""
    transaction.connection.execute(PAPER_ABOUT.delete().where(PAPER_ABOUT.c.paper_id == paper))
    rows = [{"paper_id": paper, "obligation_id": one} for one in sorted(set(about))]
    if rows:
        transaction.connection.execute(insert(PAPER_ABOUT), rows)


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """Whose numbers they are: of an issuer and a kind; `paper`: the one that is to bear a number, where it is in the register already."""

    authority: int
    issuer: str
    kind: PaperKind
    paper: int = 0

    def holder(self, transaction: Transaction, *, year: int, number: int) -> int | None:
        """Return the other paper that bears a number of a year; None: it is free."""
        same = (PAPER.c.authority_id == self.authority, PAPER.c.issuer == self.issuer, PAPER.c.kind == self.kind.value)
        query = select(PAPER.c.id).where(*same, PAPER.c.year == year, PAPER.c.number == number, PAPER.c.id != self.paper)
        return transaction.connection.execute(query).scalar()


def require_free(transaction: Transaction, numbering: Numbering, *, year: int, number: int) -> None:
    """Raise NumberTakenError where another paper of that issuer, kind and year bears the number."""
    holder = numbering.holder(transaction, year=year, number=number)
    if holder is not None:
        raise NumberTakenError(read_paper(transaction.connection, holder))


def recorded_number(transaction: Transaction, drafted: Drafted, numbering: Numbering) -> dict[str, Any]:
    """Return the columns of the number and date that the record a draft was made of says; empty where it says none, or it is taken."""
    cover = drafted.facts.cover
    given, dated = number_in(cover.number), cover.dated
    if given is None or dated is None or numbering.holder(transaction, year=dated.year, number=given) is not None:
        return {"number": None, "number_text": "", "year": None, "dated": None}
    return {"number": given, "number_text": cover.number, "year": dated.year, "dated": dated}


def number_told(columns: dict[str, Any]) -> dict[str, Any]:
    """Return what the journal says of a number."""
    dated = columns["dated"]
    return {**columns, "dated": None if dated is None else dated.isoformat()}


def change_paper(transaction: Transaction, paper: PaperLine, **values: Any) -> None:  # noqa: ANN401  columns of any type
    """Change a paper that nobody changed since it was read; PaperMovedError if somebody did."""
    changed = update(PAPER).where(PAPER.c.id == paper.id, PAPER.c.moves == paper.moves).values(moves=paper.moves + 1, **values)
    if transaction.connection.execute(changed).rowcount != 1:
        raise PaperMovedError(paper.id)


def enter(transaction: Transaction, paper: PaperLine, action: str, *, facts: dict[str, Any]) -> None:
    """Enter what was done with a paper into the journal."""
    payload = {"paper": paper.id, **facts, **transaction.actor.capacity}
    transaction.entries.append(Entry(authority=paper.authority, action=action, cycle=paper.cycle, payload=payload))
