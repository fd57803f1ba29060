"""Rows of what units say beside their moves: texts of submissions, and longer terms that were asked for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import delete, func, insert, select, update

from store.refusals import RefusalError
from store.schema import EXTENSION_REQUEST, JOURNAL, OBLIGATION, PREPARED_TEXT, SUBMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from store.session import Transaction

#: Characters of a submission's text.
LONGEST_TEXT = 20_000


class TextError(RefusalError):
    """A text cannot be taken as it is: why, and what to do."""


def text_digest(text: str) -> str:
    """
    Return the SHA-256 by which the journal knows the text of a submission; empty for none.

    Raises:
        TextError: it is too long, or has characters that mean nothing in a text.

    """
    if len(text) > LONGEST_TEXT:
        vi = f"nội dung dài {len(text)} ký tự, nhiều nhất {LONGEST_TEXT}; hãy đưa phần còn lại vào tệp"
        en = f"the text has {len(text)} characters, at most {LONGEST_TEXT} are taken; put the rest into a file"
        raise TextError(vi, en)
    if "\x00" in text:
        vi, en = "nội dung có ký tự rỗng (NUL); hãy gõ lại", "the text has a null character; type it again"
        raise TextError(vi, en)
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def keep_submission(
    transaction: Transaction, after: Obligation, *, text: str = "", received_on: date | None = None, document: str = ""
) -> None:
    """Keep what was submitted in words, numbered within its obligation, which is given as the submission left it."""
    number = select(func.coalesce(func.max(SUBMISSION.c.number), 0) + 1).where(SUBMISSION.c.obligation_id == after.id).scalar_subquery()
    row = {
        "obligation_id": after.id,
        "number": number,
        "move": after.moves,
        "text": text,
        "contact_id": transaction.actor.contact,
        "at": transaction.now,
        "received_on": received_on,
        "document": document,
    }
    transaction.connection.execute(insert(SUBMISSION).values(row))


def open_request(transaction: Transaction, obligation: int) -> int | None:
    """Return the request for a longer term that nobody has decided yet; None if there is none."""
    query = select(EXTENSION_REQUEST.c.id).where(EXTENSION_REQUEST.c.obligation_id == obligation, EXTENSION_REQUEST.c.decided_at.is_(None))
    return transaction.connection.execute(query).scalar_one_or_none()


def settle_request(transaction: Transaction, obligation: int, *, decision: str, granted_term: int | None = None) -> None:
    """Decide the open request of an obligation, if it has one."""
    transaction.connection.execute(
        update(EXTENSION_REQUEST)
        .where(EXTENSION_REQUEST.c.obligation_id == obligation, EXTENSION_REQUEST.c.decided_at.is_(None))
        .values(decision=decision, decided_at=transaction.now, decided_by=transaction.actor.contact, granted_term=granted_term)
    )


def text_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield a sentence for each text of a submission that is not the one whose digest the journal has."""
    moved = (JOURNAL.c.obligation_id == SUBMISSION.c.obligation_id) & (JOURNAL.c.move == SUBMISSION.c.move)
    rows = connection.execute(
        select(SUBMISSION.c.obligation_id, SUBMISSION.c.number, SUBMISSION.c.text, JOURNAL.c.payload)
        .join(OBLIGATION, OBLIGATION.c.id == SUBMISSION.c.obligation_id)
        .outerjoin(JOURNAL, moved)
        .where(OBLIGATION.c.cycle_id == cycle)
        .order_by(SUBMISSION.c.id)
    )
    for row in rows:
        actions = orjson.loads(row.payload)["actions"] if row.payload else []
        digests = [action.get("content", "") for action in actions if action["do"] == "submitted"]
        if digests != [hashlib.sha256(row.text.encode()).hexdigest() if row.text else ""]:
            yield f"submission {row.number} of obligation {row.obligation_id} has another text than its journal"


def keep_prepared(transaction: Transaction, obligation: int, *, text: str) -> None:
    """Keep what is written for the head to sign, in the place of what was; TextError where it is too long."""
    text_digest(text)
    take_prepared(transaction, obligation)
    row = {"obligation_id": obligation, "text": text, "contact_id": transaction.actor.contact, "at": transaction.now}
    transaction.connection.execute(insert(PREPARED_TEXT), row)


def take_prepared(transaction: Transaction, obligation: int) -> str:
    """Return what was written for the head to sign, which is kept no longer; empty: nothing."""
    taken = delete(PREPARED_TEXT).where(PREPARED_TEXT.c.obligation_id == obligation).returning(PREPARED_TEXT.c.text)
    return str(transaction.connection.execute(taken).scalar_one_or_none() or "")


def prepared_text(connection: Connection, obligation: int) -> str:
    """Return what is written for the head to sign; empty: nothing."""
    query = select(PREPARED_TEXT.c.text).where(PREPARED_TEXT.c.obligation_id == obligation)
    return str(connection.execute(query).scalar_one_or_none() or "")
