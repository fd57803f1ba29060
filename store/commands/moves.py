"""
What people do with one obligation: one function a verb, each one transaction.

The caller gives the transaction (its `now`, its actor); every function returns the obligation as it is afterwards, or raises
`TransitionError` (why not, and what is allowed) with nothing written.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from evaluation import clocks, endings, reviews, submissions
from evaluation.actions import Remark
from evaluation.transitions import Setting, Verb, require_reason
from store.commands.improvement.progress import say_progress
from store.commands.papers import require_chairs_document
from store.commands.steps import dates_by_period, period_of
from store.handing_in import accepted_whole, checked, freeze, submitted_whole
from store.lives import read_by_id
from store.measures import hold_measures, told_by_report
from store.perform import Decided, perform
from store.reports import with_fields
from store.schema import OBLIGATION
from store.topics import line_of
from store.unit_work import keep_prepared, keep_submission, settle_request, take_prepared, text_digest
from store.years import RUNNING, CycleNotRunningError, hold_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.terms import Dates
    from store.session import Store, Transaction
    from store.years import Year

NOTHING_SAID = Remark()
_PLACE = select(OBLIGATION.c.cycle_id, OBLIGATION.c.stage_id).where(OBLIGATION.c.id == bindparam("b_id"))


class NoSuchObligationError(LookupError):
    """No obligation has that id."""

    def __init__(self, obligation: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no obligation {obligation}; `dondoc obligations` lists them")


def _move(  # noqa: PLR0913 -- who asks, what about, and what is decided
    store: Store,
    transaction: Transaction,
    obligation: int,
    *,
    verb: Verb,
    decide: Callable[[Obligation, Setting], tuple[Action, ...]],
    remark: Remark = NOTHING_SAID,
) -> Obligation:
    """Read one obligation with its history under a lock, decide, perform."""
    year, stage, before = read_held(store, transaction, obligation)
    require_reason(before, verb, remark=remark)
    require_chairs_document(transaction, verb, remark=remark)
    setting = setting_of(transaction, year, stage=stage, about=before, remark=remark)
    decided = Decided(before=before, stage=stage, actions=decide(before, setting), action=verb.value)
    return perform(transaction, year, [decided])[0]


def read_held(store: Store, transaction: Transaction, obligation: int) -> tuple[Year, int, Obligation]:
    """
    Return an obligation that nobody else moves until the transaction ends, with its year and the id of its stage.

    Raises:
        NoSuchObligationError: there is none, or the actor is of another authority.
        CycleNotRunningError: its cycle is over.

    """
    connection = transaction.connection
    place = connection.execute(_PLACE, {"b_id": obligation}).one_or_none()
    if place is None:
        raise NoSuchObligationError(obligation)
    year = hold_year(store, transaction, place.cycle_id)
    before = read_by_id(connection, [obligation], history=True, lock=True)[0]
    if not year.people.knows(transaction.actor.contact):
        raise NoSuchObligationError(obligation)
    if year.state not in RUNNING:
        raise CycleNotRunningError(year.cycle, state=year.state)
    return year, place.stage_id, before


def setting_of(transaction: Transaction, year: Year, *, stage: int, about: Obligation, remark: Remark = NOTHING_SAID) -> Setting:
    """Return what a transition needs beside the obligation that it is about, whose party is told."""
    return Setting(
        stage=line_of(transaction.connection, stage, line=year.line_of(stage, about.party), subject=about.subject),
        rulebook=year.rulebook,
        told=year.told(stage, about.party),
        now=transaction.now,
        remark=remark,
        granted_by=transaction.actor.contact,
    )


def prepare(store: Store, transaction: Transaction, obligation: int, *, text: str | None = None) -> Obligation:
    """
    Hand the officer's work to the head for signature, with what is to be signed in words; None: what was written before stands.

    Raises ReportFaultsError, SheetFaultsError while its form or sheet has faults, TextError where the text is too long.
    """
    if text is not None:
        keep_prepared(transaction, obligation, text=text)
    prepared = partial(checked, store, transaction, submissions.prepare)
    return _move(store, transaction, obligation, verb=Verb.PREPARE, decide=lambda o, s: prepared(o, setting=s))


def send_back(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Refuse to sign, as the head."""
    return _move(
        store, transaction, obligation, verb=Verb.SEND_BACK, decide=lambda o, s: submissions.send_back(o, setting=s), remark=remark
    )


def submit(  # noqa: PLR0913 -- a paper answer has facts of its own
    store: Store,
    transaction: Transaction,
    obligation: int,
    *,
    received_on: date | None = None,
    document: str = "",
    text: str | None = None,
    remark: Remark = NOTHING_SAID,
) -> Obligation:
    """
    Submit, with a text (None: with what was prepared for the signature); the progress of measures that its form tells is told with it.

    A paper answer filed on behalf carries the date it was received on and its number and date.

    Raises:
        TextError: the text is too long.
        ReportFaultsError, SheetFaultsError: its form has faults, its sheet lacks something; what was typed stays.
        ImprovementError: a measure of which its form tells progress is handed in or over.

    """
    hold_measures(store, transaction, obligation)
    prepared = take_prepared(transaction, obligation)
    text = text if text is not None else prepared if received_on is None else ""
    sent = partial(submissions.submit, received_on=received_on, document=document, content=text_digest(text))
    submitted = partial(submitted_whole, store, transaction, sent, paper=received_on is not None)
    after = _move(store, transaction, obligation, verb=Verb.SUBMIT, decide=lambda o, s: submitted(o, setting=s), remark=remark)
    keep_submission(transaction, after, text=text, received_on=received_on, document=document)
    freeze(store, transaction, after)
    for one in told_by_report(transaction.connection, after):
        year, stage, measure = read_held(store, transaction, one.obligation)
        say_progress(transaction, year, stage, measure, percent=one.percent, remark=one.remark)
    return after


def planned_dates(year: Year, stage: int, obligation: Obligation) -> Dates | None:
    """Return what the plan in force says of the obligation's dates, if it says anything."""
    ref = year.stages[stage]
    return None if ref.line.on_request else dates_by_period(year, ref).get(period_of(obligation, ref))


def withdraw(store: Store, transaction: Transaction, obligation: int, *, remark: Remark = NOTHING_SAID) -> Obligation:
    """Take a submission back before review."""
    year, stage, before = read_held(store, transaction, obligation)
    setting = setting_of(transaction, year, stage=stage, about=before, remark=remark)
    actions = submissions.withdraw(before, setting=setting, planned=planned_dates(year, stage, before))
    return perform(transaction, year, [Decided(before=before, stage=stage, actions=actions, action=Verb.WITHDRAW.value)])[0]


def accept(store: Store, transaction: Transaction, obligation: int, *, remark: Remark = NOTHING_SAID) -> Obligation:
    """Accept a submission, as its receiver; SheetFaultsError while an explanation in it waits for a ruling."""
    accepted = partial(accepted_whole, store, transaction, reviews.accept)
    return _move(store, transaction, obligation, verb=Verb.ACCEPT, decide=lambda o, s: accepted(o, setting=s), remark=remark)


def return_for_correction(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Return a submission for correction, with a remark, and one on each part or field of its form that is named."""
    returned = partial(with_fields, transaction, reviews.return_for_correction)
    return _move(store, transaction, obligation, verb=Verb.RETURN, decide=lambda o, s: returned(o, setting=s), remark=remark)


def return_parts(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Return parts of what was accepted for correction, each with a remark, as whoever goes on with it: the acceptance stands."""
    year, stage, before = read_held(store, transaction, obligation)
    require_reason(before, Verb.RETURN, remark=remark)
    setting = setting_of(transaction, year, stage=stage, about=before, remark=remark)
    actions = reviews.return_parts(before, setting=setting)
    return perform(transaction, year, [Decided(before=before, stage=stage, actions=actions, action=Verb.RETURN.value)])[0]


def extend(store: Store, transaction: Transaction, obligation: int, *, due_on: date, remark: Remark) -> Obligation:
    """Grant a longer term; if one was asked for, that is decided with it."""
    after = _move(
        store, transaction, obligation, verb=Verb.EXTEND, decide=lambda o, s: clocks.extend(o, due_on=due_on, setting=s), remark=remark
    )
    settle_request(transaction, obligation, decision="granted", granted_term=after.term.number)
    return after


def refuse_extension(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Refuse a longer term, with a reason; if one was asked for, that is decided with it."""
    after = _move(
        store,
        transaction,
        obligation,
        verb=Verb.REFUSE_EXTENSION,
        decide=lambda o, s: clocks.refuse_extension(o, setting=s),
        remark=remark,
    )
    settle_request(transaction, obligation, decision="refused")
    return after


def suspend(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Stop the clock."""
    return _move(store, transaction, obligation, verb=Verb.SUSPEND, decide=lambda o, s: clocks.suspend(o, setting=s), remark=remark)


def resume_clock(store: Store, transaction: Transaction, obligation: int, *, remark: Remark = NOTHING_SAID) -> Obligation:
    """Let the clock go on with what was left."""
    return _move(
        store, transaction, obligation, verb=Verb.RESUME_CLOCK, decide=lambda o, s: clocks.resume_clock(o, setting=s), remark=remark
    )


def waive(store: Store, transaction: Transaction, obligation: int, *, remark: Remark) -> Obligation:
    """Say that it is no longer owed."""
    return _move(store, transaction, obligation, verb=Verb.WAIVE, decide=lambda o, s: endings.waive(o, setting=s), remark=remark)


def reopen(store: Store, transaction: Transaction, obligation: int, *, due_on: date, remark: Remark) -> Obligation:
    """Open a lapsed obligation again."""
    return _move(
        store, transaction, obligation, verb=Verb.REOPEN, decide=lambda o, s: clocks.reopen(o, due_on=due_on, setting=s), remark=remark
    )


def urge(store: Store, transaction: Transaction, obligation: int, *, by: str, remark: Remark) -> Obligation:
    """Urge whoever's turn it is, by mail, phone or letter."""
    return _move(store, transaction, obligation, verb=Verb.URGE, decide=lambda o, s: endings.urge(o, by=by, setting=s), remark=remark)
