"""
Filling a sheet: each act changes one leaf, is kept in the history, and is refused whole where it may not be.

The unit scores, hands in evidence and explains; the appraiser gives a score with a reason where it differs, returns a leaf or rules on
an explanation; the council settles. An act that changes nothing leaves no record.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.criteria.sets import Method
from evaluation.scores.faults import At, fault, refusal, require
from evaluation.scores.index import is_survey
from evaluation.scores.methods import VALUES, range_faults, score_leaf, typed_faults
from evaluation.scores.numbers import number_written
from evaluation.scores.sheets import Change, Entry, Explanation, Part, Ruling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal

    from evaluation.criteria.sets import Node
    from evaluation.scores.faults import ScoreFault
    from evaluation.scores.methods import Given
    from evaluation.scores.sheets import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Who does something, when (aware), and why."""

    by: str
    at: datetime
    why: str = ""


def score_self(sheet: Sheet, node: str, given: Given, *, act: Act) -> Sheet:
    """
    Return the sheet with the unit's own score of a leaf, worked out by the leaf's method.

    A leaf that was returned is mended by it, and is to be appraised anew.

    Raises:
        ScoreError: no such leaf, exempt, of the survey, appraised and not returned, settled, or nothing that the method can use.
    """
    leaf, entry = _scorable(sheet, node)
    scored = score_leaf(leaf, given, unit=sheet.scope.unit)
    require(scored.faults)
    if entry.appraised is not None and not entry.returned:
        raise refusal("appraised-already", At(unit=sheet.scope.unit, node=node, about=Part.SELF))
    new = replace(entry, given=given, self_score=scored.points, appraised=None, returned="")
    why = act.why or _said(given, leaf)
    return sheet.changed(new, *_changes(entry, new, act=replace(act, why=why), what=("self", "appraised", "returned")))


def clear_score(sheet: Sheet, node: str, *, act: Act) -> Sheet:
    """Return the sheet without the unit's own score of a leaf: it is to be scored again. ScoreError as of `score_self`."""
    _, entry = _scorable(sheet, node)
    if entry.appraised is not None and not entry.returned:
        raise refusal("appraised-already", At(unit=sheet.scope.unit, node=node, about=Part.SELF))
    new = replace(entry, given=None, self_score=None)
    return sheet.changed(new, *_changes(entry, new, act=act, what=("self",)))


def clear_explanation(sheet: Sheet, node: str, *, before: str = "", act: Act) -> Sheet:
    """
    Return the sheet without a leaf's explanation; what was said `before` an answer of how it was scored stands again.

    Raises:
        ScoreError: it was ruled on already.

    """
    _, entry = open_leaf(sheet, node)
    if entry.explanation is not None and entry.explanation.answers and entry.explanation.ruling is not Ruling.OPEN:
        raise refusal("explanation-ruled", At(unit=sheet.scope.unit, node=node, about="explanation"))
    new = replace(entry, explanation=Explanation(text=before, answers=False) if before else None)
    return sheet.changed(new, *_changes(entry, new, act=act, what=("explanation",)))


def mended(sheet: Sheet, *, act: Act) -> Sheet:
    """Return the sheet after its unit has sent it again: no leaf is given back any more, those that were are appraised anew."""
    for step in sheet.scope.owed:
        entry = sheet.entry(step.node.key)
        if entry.returned:
            new = replace(entry, appraised=None, returned="")
            sheet = sheet.changed(new, *_changes(entry, new, act=act, what=("appraised", "returned")))
    return sheet


def appraise(sheet: Sheet, node: str, points: Decimal, *, remark: str = "", act: Act) -> Sheet:
    """
    Return the sheet with the appraised score of a leaf and the appraiser's remark.

    Raises:
        ScoreError: as of `score_self`; a score that differs from the unit's without a remark; an explanation that waits for a ruling.
    """
    leaf, entry = _scorable(sheet, node)
    at = At(unit=sheet.scope.unit, node=node, about=Part.APPRAISED)
    faults = list(_of_typed(leaf, points, entry=entry, at=at))
    if points != entry.self_score and not (remark or entry.remark).strip():
        faults.append(fault("appraised-without-remark", at))
    if entry.explanation is not None and entry.explanation.answers and entry.explanation.ruling is Ruling.OPEN:
        faults.append(fault("explanation-waits", at))
    require(faults)
    new = replace(entry, appraised=points, remark=remark or entry.remark, returned="")
    return sheet.changed(new, *_changes(entry, new, act=act, what=("appraised", "remark", "returned")))


def settle(sheet: Sheet, node: str, points: Decimal, *, act: Act) -> Sheet:
    """
    Return the sheet with the final score of a leaf, as the council settles it or the survey gives it.

    Raises:
        ScoreError: no such leaf, exempt, out of range; a final score that differs from the appraised one without a reason.
    """
    leaf, entry = _found(sheet, node)
    at = At(unit=sheet.scope.unit, node=node, about=Part.FINAL)
    faults = list(_of_typed(leaf, points, entry=entry, at=at))
    before = entry.final if entry.final is not None else entry.appraised
    if before is not None and points != before and not act.why.strip():
        faults.append(fault("final-without-reason", at))
    require(faults)
    new = replace(entry, final=points, returned="")
    return sheet.changed(new, *_changes(entry, new, act=act, what=("final", "returned")))


def settle_as_appraised(sheet: Sheet, *, act: Act) -> Sheet:
    """Return the sheet with the appraised score as the final one wherever there is one and no final yet."""
    for step in sheet.scope.owed:
        entry = sheet.entry(step.node.key)
        if entry.appraised is not None and entry.final is None:
            sheet = settle(sheet, step.node.key, entry.appraised, act=act)
    return sheet


def take_survey(sheet: Sheet, points: Mapping[str, Decimal], *, act: Act) -> Sheet:
    """
    Return the sheet with the survey's points as the final scores of its leaves, unrounded; all of them or none.

    Raises:
        ScoreError: a leaf that takes no points from the survey, is exempt or is not there; points out of range.
    """
    faults: list[ScoreFault] = []
    for node, earned in points.items():
        leaf, entry = _found(sheet, node)
        at = At(unit=sheet.scope.unit, node=node, about=Part.FINAL)
        faults += range_faults(leaf, earned, at=at) if is_survey(leaf) else [fault("question-of-no-survey-leaf", at)]
        new = replace(entry, final=earned)
        sheet = sheet.changed(new, *_changes(entry, new, act=act, what=("final",)))
    require(faults)
    return sheet


def return_leaf(sheet: Sheet, node: str, *, act: Act) -> Sheet:
    """Return the sheet with one leaf given back for correction; `act.why` says what is to be mended; ScoreError without it."""
    _, entry = open_leaf(sheet, node)
    if not act.why.strip():
        raise refusal("returned-without-reason", At(unit=sheet.scope.unit, node=node))
    new = replace(entry, returned=act.why)
    return sheet.changed(new, *_changes(entry, new, act=act, what=("returned",)))


def explain(sheet: Sheet, node: str, text: str, *, act: Act) -> Sheet:
    """
    Return the sheet with the unit's explanation of a leaf: how it scored, or, once it was appraised, why the appraisal is not right.

    Of a leaf that was returned it says how it scored: that appraisal falls away.

    Raises:
        ScoreError: nothing was said, or the explanation was ruled on already.
    """
    _, entry = open_leaf(sheet, node)
    at = At(unit=sheet.scope.unit, node=node, about="explanation")
    if not text.strip():
        raise refusal("explanation-empty", at)
    answers = entry.appraised is not None and not entry.returned
    earlier = entry.explanation
    if answers and earlier is not None and earlier.answers and earlier.ruling is not Ruling.OPEN:
        raise refusal("explanation-ruled", at)
    new = replace(entry, explanation=Explanation(text=text, answers=answers))
    return sheet.changed(new, *_changes(entry, new, act=act, what=("explanation",)))


def accept_explanation(sheet: Sheet, node: str, points: Decimal, *, act: Act) -> Sheet:
    """Return the sheet with an explanation accepted and the appraised score that follows from it; ScoreError if none waits."""
    leaf, entry = open_leaf(sheet, node)
    at = At(unit=sheet.scope.unit, node=node, about=Part.APPRAISED)
    explanation = _waiting(sheet, entry)
    require(_of_typed(leaf, points, entry=entry, at=at))
    new = replace(entry, appraised=points, explanation=replace(explanation, ruling=Ruling.ACCEPTED, why=act.why))
    return sheet.changed(new, *_changes(entry, new, act=act, what=("appraised", "ruling")))


def refuse_explanation(sheet: Sheet, node: str, *, act: Act) -> Sheet:
    """Return the sheet with an explanation refused, the appraised score as it was; ScoreError if none waits or `act.why` is empty."""
    _, entry = open_leaf(sheet, node)
    explanation = _waiting(sheet, entry)
    if not act.why.strip():
        raise refusal("refused-without-reason", At(unit=sheet.scope.unit, node=node, about="explanation"))
    new = replace(entry, explanation=replace(explanation, ruling=Ruling.REFUSED, why=act.why))
    return sheet.changed(new, *_changes(entry, new, act=act, what=("ruling",)))


def hand_in(sheet: Sheet, node: str, evidence: tuple[str, ...], *, act: Act) -> Sheet:
    """Return the sheet with the evidence of a leaf as it now is, in the unit's order, each file once; ScoreError of no such leaf."""
    _, entry = open_leaf(sheet, node)
    new = replace(entry, evidence=tuple(dict.fromkeys(evidence)))
    return sheet.changed(new, *_changes(entry, new, act=act, what=("evidence",)))


def _found(sheet: Sheet, node: str) -> tuple[Node, Entry]:
    step = next((step for step in sheet.scope.leaves if step.node.key == node), None)
    if step is None or sheet.scope.is_exempt(step):
        raise refusal("no-such-leaf" if step is None else "leaf-exempt", At(unit=sheet.scope.unit, node=node))
    return step.node, sheet.entry(node)


def open_leaf(sheet: Sheet, node: str) -> tuple[Node, Entry]:
    """Return the leaf and what is there of it, as long as its final score is not settled; ScoreError of no such leaf, exempt, settled."""
    leaf, entry = _found(sheet, node)
    if entry.final is not None:
        raise refusal("leaf-settled", At(unit=sheet.scope.unit, node=node))
    return leaf, entry


def _scorable(sheet: Sheet, node: str) -> tuple[Node, Entry]:
    """Return a leaf that people score: the survey's come from its ballots alone."""
    leaf, entry = open_leaf(sheet, node)
    if is_survey(leaf):
        raise refusal("survey-scores-itself", At(unit=sheet.scope.unit, node=node))
    return leaf, entry


def _waiting(sheet: Sheet, entry: Entry) -> Explanation:
    explanation = entry.explanation
    if explanation is None or not explanation.answers or explanation.ruling is not Ruling.OPEN:
        raise refusal("no-explanation-waits", At(unit=sheet.scope.unit, node=entry.node, about="explanation"))
    return explanation


def _of_typed(leaf: Node, points: Decimal, *, entry: Entry, at: At) -> Iterator[ScoreFault]:
    """Yield what is wrong with a typed score; one that is there already, or of the survey, may have more decimals."""
    if is_survey(leaf):
        yield from range_faults(leaf, points, at=at)
    elif points not in {entry.self_score, entry.appraised}:
        yield from typed_faults(leaf, points, at=at)


def _changes(old: Entry, new: Entry, *, act: Act, what: tuple[str, ...]) -> tuple[Change, ...]:
    pairs = ((name, _value(old, name), _value(new, name)) for name in what)
    return tuple(
        Change(at=act.at, by=act.by, node=new.node, what=name, old=was, new=now, why=act.why) for name, was, now in pairs if was != now
    )


def _value(entry: Entry, name: str) -> str:
    """Return a value of an entry as the history writes it."""
    scores = {"self": entry.self_score, "appraised": entry.appraised, "final": entry.final}
    if name in scores:
        points = scores[name]
        return "" if points is None else number_written(points)
    if name == "evidence":
        return ", ".join(entry.evidence)
    if name in {"explanation", "ruling"}:
        given = entry.explanation
        return "" if given is None else given.text if name == "explanation" else given.ruling.value
    return str(getattr(entry, name))


def _said(given: Given, leaf: Node) -> str:
    """Return what a score was worked out from, where it is not the score itself."""
    if leaf.scoring is not None and leaf.scoring.method in {Method.RATIO, Method.DEDUCTION, Method.LEVELS}:
        there = ((VALUES[name][0], getattr(given, name)) for name in VALUES)
        return ", ".join(f"{name}: {value}" for name, value in there if value is not None)
    return ""
