"""
Handing what is owed to a successor: to the obligation that it has already, else to a new one with the same dates.

Both obligations are locked in one order, so that two hand-overs of a stage wait for each other and never in a circle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation import endings
from evaluation.terms import BY_PLAN, TermReason, dates_in_force, new_term
from evaluation.transitions import TransitionError, Verb, require_reason
from store.commands.moves import planned_dates, read_held, setting_of
from store.commands.papers import require_chairs_document
from store.lives import read_by_id
from store.locks import hold_stage, share_cycle
from store.perform import Decided, perform
from store.raising import Raised, raise_obligations
from store.schema import OBLIGATION

if TYPE_CHECKING:
    from sqlalchemy import Select

    from evaluation.actions import Remark
    from evaluation.obligations import Obligation
    from store.session import Store, Transaction
    from store.years import Year


def transfer(  # noqa: PLR0913 -- to whom, and whether the roster has to know
    store: Store, transaction: Transaction, obligation: int, *, successor: int, remark: Remark, undeclared: bool = False
) -> Obligation:
    """
    Pass what is owed to a successor: to the obligation it already has, else to a new one with the same dates.

    The roster names the successor, directly or through others, unless `undeclared` is given.
    """
    hold_both(transaction, obligation, successor=successor)
    year, stage, before = read_held(store, transaction, obligation)
    if successor not in year.people.ids.values():
        raise TransitionError(Verb.TRANSFER, obligation=before, why=f"the authority has no party {successor}")
    require_reason(before, Verb.TRANSFER, remark=remark)
    require_chairs_document(transaction, Verb.TRANSFER, remark=remark)
    setting = setting_of(transaction, year, stage=stage, about=replace(before, party=successor), remark=remark)
    own = _own(transaction, before, stage=stage, party=successor)
    heir = endings.Heir(party=successor, declared=undeclared or year.people.succeeds(successor, before.party), own=own)
    actions = endings.transfer(before, successor=heir, setting=setting, before=year.told(stage, before.party))
    if own is None:
        _hand_over(transaction, year, stage=stage, before=before, successor=successor)
    return perform(transaction, year, [Decided(before=before, stage=stage, actions=actions, action=Verb.TRANSFER.value)])[0]


def hold_both(transaction: Transaction, obligation: int, *, successor: int) -> None:
    """
    Let one hand-over of a stage wait for the other, before either locks an obligation: both may raise the successor's.

    Then both obligations are locked, in the order of their numbers: the successor's may not be finished while something is handed to it.
    """
    query = select(OBLIGATION.c.cycle_id, OBLIGATION.c.stage_id, OBLIGATION.c.subject).where(OBLIGATION.c.id == obligation)
    place = transaction.connection.execute(query).one_or_none()
    if place is not None:
        share_cycle(transaction.connection, place.cycle_id)
        hold_stage(transaction.connection, place.stage_id)
        own = transaction.connection.execute(_of_same(place.stage_id, successor, place.subject)).scalars()
        read_by_id(transaction.connection, [obligation, *own], lock=True)


def _own(transaction: Transaction, before: Obligation, *, stage: int, party: int) -> Obligation | None:
    """Return what a party owes of the same already."""
    found = transaction.connection.execute(_of_same(stage, party, before.subject)).scalar_one_or_none()
    return None if found is None else read_by_id(transaction.connection, [found])[0]


def _of_same(stage: int, party: int, subject: str) -> Select[tuple[int]]:
    return select(OBLIGATION.c.id).where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.party_id == party, OBLIGATION.c.subject == subject)


def _hand_over(transaction: Transaction, year: Year, *, stage: int, before: Obligation, successor: int) -> None:
    """Raise for the successor what the party owed, with the dates in force."""
    old = before.party_term
    dates = dates_in_force(old, planned=planned_dates(year, stage, before))
    term = new_term(year.rulebook, number=1, reason=TermReason.INITIAL, dates=dates, now=transaction.now, ladder=old.ladder)
    if old.made_as not in BY_PLAN:
        term = replace(term, projected_anew=TermReason.EXTENSION)  # a date that a person set stands for the successor too
    raised = [Raised(party=successor, subject=before.subject, released=before.released)]
    raise_obligations(transaction, year, stage=stage, raised=raised, term=term)
