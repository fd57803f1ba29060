"""Rehearsed sheets: made-up scores of the people of a demo or a rehearsal, by the same commands, a whole sheet at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.kinds import StageKind
from evaluation.scores.handing_in import explanation_faults
from evaluation.scores.made_up import ANSWER, made_up_judgement, made_up_ruling, made_up_score
from evaluation.scores.sheets import Part
from evaluation.transitions import Verb
from store.commands.scores.appraising import Judged, appraise_leaves
from store.commands.scores.explaining import Explained, RulingGiven, explain_leaf, rule_on_explanation, unanswered
from store.commands.scores.scoring import Typed, save_leaves
from store.lives import read_by_id
from store.scores import OF_SHEETS, charged_of, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.criteria.sets import Step
    from store.scores import UnitSheet
    from store.session import Store, Transaction
    from store.years import Year

_SENDS = frozenset({Verb.PREPARE, Verb.SUBMIT})


def fill_sheet(store: Store, transaction: Transaction, year: Year, obligation: int, *, stage: str, verb: Verb) -> None:  # noqa: PLR0913
    """
    Say of a sheet what a rehearsed person has to before a move: score or appraise what nobody has, explain, rule.

    Of an obligation that is about no sheet nothing is done.

    Raises:
        RefusalError: it cannot be, such as an appraisal of a unit that has not handed in.

    """
    kind = year.stage(stage).kind
    if kind not in OF_SHEETS or (verb not in _SENDS and not (verb is Verb.ACCEPT and kind is StageKind.EXPLANATION)):
        return
    before = read_by_id(transaction.connection, [obligation])[0]
    unit = sheet_of(store, transaction.connection, year, before)
    if unit is None:
        return
    match kind:
        case StageKind.SELF_ASSESSMENT:
            _score(store, transaction, obligation, unit)
        case StageKind.APPRAISAL:
            _appraise(store, transaction, obligation, unit, charged_of(year, unit, before, now=transaction.now))
        case _ if verb is Verb.ACCEPT:
            _rule(store, transaction, obligation, unit)
        case _:
            for node in unanswered(unit.sheet):
                explain_leaf(store, transaction, obligation, Explained(node=node, text=ANSWER, seen=unit.version(node)))


def _seed(unit: UnitSheet) -> str:
    return f"{unit.sheet.scope.cycle}/{unit.sheet.scope.unit}"


def _score(store: Store, transaction: Transaction, obligation: int, unit: UnitSheet) -> None:
    fresh = [step.node for step in unit.sheet.scope.owed if unit.sheet.entry(step.node.key).self_score is None]
    made = [(node.key, made_up_score(node, seed=_seed(unit))) for node in fresh]
    typed = [Typed(node=key, given=one[0], explanation=one[1], seen=unit.version(key)) for key, one in made if one is not None]
    if typed:
        save_leaves(store, transaction, obligation, typed)


def _appraise(store: Store, transaction: Transaction, obligation: int, unit: UnitSheet, charged: Sequence[Step]) -> None:
    judged = []
    for step in charged:
        entry, key = unit.sheet.entry(step.node.key), step.node.key
        if entry.appraised is None:
            points, remark = made_up_judgement(step.node, entry.score(Part.SELF), seed=_seed(unit))
            judged.append(Judged(node=key, points=points, remark=remark, seen=unit.version(key)))
    if judged:
        appraise_leaves(store, transaction, obligation, judged)


def _rule(store: Store, transaction: Transaction, obligation: int, unit: UnitSheet) -> None:
    for one in explanation_faults(unit.sheet):
        accepted, why = made_up_ruling(one.node, seed=_seed(unit))
        ruling = RulingGiven(node=one.node, accepted=accepted, why=why, seen=unit.version(one.node))
        rule_on_explanation(store, transaction, obligation, ruling)
