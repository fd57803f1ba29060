"""
Handing in: what an obligation's form or sheet must be before it is signed or submitted, and the digest of it that the journal keeps.

A paper answer needs neither: what nobody has typed into is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.actions import Submitted
from evaluation.kinds import StageKind
from evaluation.scores.filling import Act, mended
from evaluation.scores.handing_in import appraisal_faults, explanation_faults, self_assessment_faults
from store.inspected import is_inspection, require_concluded
from store.reports import freeze_report, report_digest
from store.schema import OBLIGATION
from store.score_changes import HeldSheet, keep
from store.score_refusals import SheetFaultsError
from store.scores import OF_SHEETS, charged_of, confirmed_leaves, digest_as_it_stands, sheet_of
from store.years import hold_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.actions import Action
    from evaluation.obligations import Obligation
    from evaluation.scores.faults import ScoreFault
    from evaluation.transitions import Setting
    from store.scores import UnitSheet
    from store.session import Store, Transaction
    from store.years import Year


def checked(
    store: Store, transaction: Transaction, prepare: Callable[..., tuple[Action, ...]], before: Obligation, *, setting: Setting
) -> tuple[Action, ...]:
    """
    Return what a decision comes to, of an obligation whose form and sheet have no faults.

    What the standing body files for a unit is a paper: what nobody has typed into is not asked of it.

    Raises:
        ReportFaultsError: the form has faults.
        SheetFaultsError: the sheet has faults, or lacks something.

    """
    actions = prepare(before, setting=setting)
    digest_handed_in(store, transaction, before, setting=setting, paper=transaction.actor.on_behalf_of is not None)
    return actions


def submitted_whole(  # noqa: PLR0913  what is submitted, how, and whether as a paper
    store: Store,
    transaction: Transaction,
    submit: Callable[..., tuple[Action, ...]],
    before: Obligation,
    *,
    setting: Setting,
    paper: bool,
) -> tuple[Action, ...]:
    """Return a submission that carries the digest of its form or sheet; ReportFaultsError, SheetFaultsError where that has faults."""
    actions = submit(before, setting=setting)
    digest = digest_handed_in(store, transaction, before, setting=setting, paper=paper)
    return tuple(replace(action, report=digest) if isinstance(action, Submitted) else action for action in actions)


def accepted_whole(
    store: Store, transaction: Transaction, accept: Callable[..., tuple[Action, ...]], before: Obligation, *, setting: Setting
) -> tuple[Action, ...]:
    """Return an acceptance; SheetFaultsError while an explanation waits for a ruling."""
    actions = accept(before, setting=setting)
    if setting.stage.kind is StageKind.EXPLANATION:
        unit = _sheet(store, transaction, before)
        _require(() if unit is None else explanation_faults(unit.sheet))
    return actions


def digest_handed_in(store: Store, transaction: Transaction, before: Obligation, *, setting: Setting, paper: bool) -> str:
    """Return the digest of what is handed in, a form or a sheet; empty where there is neither. Its faults are raised, NotConcludedError."""
    if setting.stage.kind is StageKind.INSPECTION and is_inspection(_year(store, transaction, before), before):
        require_concluded(transaction, before.id)
    unit = _sheet(store, transaction, before) if setting.stage.kind in OF_SHEETS else None
    if unit is None:
        return report_digest(transaction, before, line=setting.stage, paper=paper)
    if paper and not unit.versions:
        return ""
    _require(_faults(store, transaction, unit, before, setting=setting))
    return digest_as_it_stands(unit)


def freeze(store: Store, transaction: Transaction, after: Obligation) -> None:
    """Keep what was handed in as its submission left it: a report's answers; of a sheet the leaves that were returned are so no more."""
    freeze_report(transaction, after)
    if after.rounds and (unit := _sheet(store, transaction, after)) is not None:
        year = hold_year(store, transaction, unit.cycle)
        held = HeldSheet(year=year, ref=year.stage(after.stage), obligation=after, unit=unit)
        if held.ref.kind is StageKind.SELF_ASSESSMENT:
            keep(transaction, held, mended(unit.sheet, act=Act(by=transaction.actor.who, at=transaction.now)), action="score")


def _faults(store: Store, transaction: Transaction, unit: UnitSheet, before: Obligation, *, setting: Setting) -> tuple[ScoreFault, ...]:
    match setting.stage.kind:
        case StageKind.SELF_ASSESSMENT:
            return self_assessment_faults(unit.sheet)
        case StageKind.APPRAISAL:
            confirmed = confirmed_leaves(transaction.connection, unit) if setting.stage.four_eyes else None
            leaves = charged_of(hold_year(store, transaction, unit.cycle), unit, before, now=transaction.now)
            return appraisal_faults(unit.sheet, leaves=leaves, confirmed=confirmed)
        case _:
            return ()


def _sheet(store: Store, transaction: Transaction, before: Obligation) -> UnitSheet | None:
    """Return the sheet of an obligation whose cycle the transaction holds."""
    return sheet_of(store, transaction.connection, _year(store, transaction, before), before)


def _year(store: Store, transaction: Transaction, before: Obligation) -> Year:
    cycle = transaction.connection.execute(select(OBLIGATION.c.cycle_id).where(OBLIGATION.c.id == before.id)).scalar_one()
    return hold_year(store, transaction, cycle)


def _require(faults: tuple[ScoreFault, ...]) -> None:
    if faults:
        raise SheetFaultsError(faults)
