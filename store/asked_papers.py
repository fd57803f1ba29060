"""Papers that rungs and returns ask for: a duty of the standing body each, with the obligations that the paper is to speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.obligations import FINAL
from evaluation.papers import LETTER, asked_by, letter_subject
from store.locks import insert_if_new
from store.schema import ASKED_PAPER, OBLIGATION
from store.upkeep import ask_upkeep
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.session import Transaction
    from store.years import Year


def ask_papers(transaction: Transaction, year: Year, asked: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """
    Ask the standing body to sign papers about obligations, by upkeep subject: one duty for a stage, a purpose and a day.

    A paper that is still to be signed takes the further obligations in; where the day's was signed already, another is asked for.
    Returns the duty that each subject stands for now.
    """
    if not asked:
        return {}
    ask_upkeep(transaction, year, sorted(asked))
    open_now = select(OBLIGATION.c.id, OBLIGATION.c.subject).where(
        OBLIGATION.c.stage_id == year.stage(UPKEEP).id,
        OBLIGATION.c.state.not_in([state.value for state in FINAL]),
        OBLIGATION.c.subject.like(f"{LETTER}/%"),
    )
    duties = {_plain(row.subject): row.id for row in transaction.connection.execute(open_now)}
    for subject, obligations in sorted(asked.items()):
        for obligation in sorted(obligations):
            insert_if_new(transaction.connection, ASKED_PAPER, {"duty_id": duties[subject], "obligation_id": obligation})
    return {subject: duties[subject] for subject in asked}


def _plain(subject: str) -> str:
    """Return a subject without the number behind it."""
    found = asked_by(subject)
    return subject if found is None else letter_subject(found.purpose, stage=found.stage, on=found.on)
