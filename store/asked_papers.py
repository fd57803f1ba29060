"""Papers that rungs and returns ask for: a duty of the standing body each, with the obligations that the paper is to speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.obligations import FINAL
from evaluation.papers import LETTER, Purpose, asked_by, letter_subject, presses_nobody_of
from store.findings import remedies_among, urged_by_letter
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

    A paper that is still to be signed takes the further obligations in; where the day's was signed already, another is asked for. The
    remedy of a finding is urged by one letter: what a letter was asked for already, of a rung or of the finding, is left out. So is what
    the issuer of the letter owes itself.
    Returns the duty that each subject stands for now; none of what is left out.
    """
    asked = {subject: _of_others(transaction, year, subject, some) for subject, some in asked.items()}
    asked = {subject: left for subject, some in asked.items() if (left := _not_urged_yet(transaction, subject, some))}
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


def _of_others(transaction: Transaction, year: Year, subject: str, obligations: Sequence[int]) -> list[int]:
    """Return those of the obligations that somebody else owes than who issues the paper of a subject."""
    asked = asked_by(subject)
    body, chair = year.directory.standing_body, year.directory.chair
    issuer = None if asked is None else presses_nobody_of(asked.purpose, standing_body=body, chair=chair)
    if issuer is None:
        return list(obligations)
    own = select(OBLIGATION.c.id).where(OBLIGATION.c.id.in_(sorted(obligations)), OBLIGATION.c.party_id == issuer)
    left_out = set(transaction.connection.execute(own).scalars())
    return [ident for ident in obligations if ident not in left_out]


def _not_urged_yet(transaction: Transaction, subject: str, obligations: Sequence[int]) -> list[int]:
    """Return of which obligations a paper is to speak: of an urging letter without the remedies that one speaks of already."""
    if not subject.startswith(f"{LETTER}/{Purpose.URGING.value}/"):
        return list(obligations)
    remedies = remedies_among(transaction.connection, obligations)
    urged = urged_by_letter(transaction.connection, OBLIGATION.c.id.in_(remedies)) if remedies else frozenset()
    return [ident for ident in obligations if remedies.get(ident) not in urged]


def _plain(subject: str) -> str:
    """Return a subject without the number behind it."""
    found = asked_by(subject)
    return subject if found is None else letter_subject(found.purpose, stage=found.stage, on=found.on)
