"""What follows when a paper is signed or discarded: what it urges, and the duty that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.actions import Move, Remark, void_rest
from evaluation.endings import urge_by_paper
from evaluation.obligations import FINAL, State
from evaluation.paper_letters import has_longer
from evaluation.papers import Purpose
from evaluation.transitions import Verb
from store.commands.moves import read_held, setting_of
from store.perform import Decided, perform
from store.queries.paper_facts import is_still_owed
from store.queries.papers import about_of, versions_of

if TYPE_CHECKING:
    from evaluation.obligations import Obligation
    from store.queries.papers import PaperLine
    from store.session import Store, Transaction
    from store.years import Year

MENDED = "mended"  #: the journal's word for a duty of upkeep that needs nobody any more


def settle_signed(store: Store, transaction: Transaction, paper: PaperLine, *, reason: str = "") -> tuple[int, ...]:
    """
    Urge what a signed urging letter speaks of, and do the duty that asked for the paper; return what was urged.

    What was done since it was numbered, or got a longer term, is not urged.

    With a reason the paper was discarded: nothing is urged.
    """
    name = "" if reason else paper_name(paper)
    urged = [] if reason or paper.purpose is not Purpose.URGING else about_of(transaction.connection, paper.id)
    if paper.cycle is None or not (urged or paper.asked_by):
        return ()
    numbered_at = next((one.at for one in versions_of(transaction.connection, paper.id)), paper.at)
    decided: list[Decided] = []
    year = None
    for ident in sorted({*urged, *([paper.asked_by] if paper.asked_by else [])}):
        year, stage, before = read_held(store, transaction, ident)
        if ident == paper.asked_by:
            decided += _done(before, stage=stage, remark=Remark(reason=reason, basis=name))
        elif is_still_owed(before) and not has_longer(before, since=numbered_at, now=transaction.now):
            decided.append(_urged(transaction, year, stage=stage, before=before, name=name))
    if year is not None:
        perform(transaction, year, decided)
    return tuple(one.before.id for one in decided if one.action == Verb.URGE.value)


def paper_name(paper: PaperLine) -> str:
    """Return a paper's number and date: `05/SNV-CCHC ngày 05/01/2023`."""
    return f"{paper.number_text} ngày {paper.dated:%d/%m/%Y}" if paper.dated is not None else paper.number_text


def close_duty(store: Store, transaction: Transaction, duty: int, *, reason: str) -> None:
    """Count an upkeep duty as done, since what it asked for needs nobody any more; nothing happens where it is done already."""
    year, stage, before = read_held(store, transaction, duty)
    decided = _done(before, stage=stage, remark=Remark(reason=reason))
    if decided:
        perform(transaction, year, decided)


def _done(before: Obligation, *, stage: int, remark: Remark) -> list[Decided]:
    if before.state in FINAL:
        return []
    return [Decided(before=before, stage=stage, actions=(*void_rest(before), Move(to=State.ACCEPTED), remark), action=MENDED)]


def _urged(transaction: Transaction, year: Year, *, stage: int, before: Obligation, name: str) -> Decided:
    setting = setting_of(transaction, year, stage=stage, about=before)
    return Decided(before=before, stage=stage, actions=urge_by_paper(before, paper=name, setting=setting), action=Verb.URGE.value)
