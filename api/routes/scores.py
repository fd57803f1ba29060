"""Sheets: a unit scores itself leaf by leaf; appraisers score, confirm and return; units explain, explanations are ruled on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import Changing, MayChange, Work
from api.changing.idempotency import answer_of
from api.doors.signing_in import SignedIn
from api.languages import Spoken
from api.problems.errors import NoObligationError
from api.wire.described import OF_A_CHANGE, problems
from api.wire.score_answers import AcceptedOut, AskedOut, LeafHistoryOut, LeafOut, SheetOut
from api.wire.scores import AcceptScoresIn, AppraiseLeafIn, ExplainLeafIn, ReturnLeavesIn, RuleOnLeafIn, ScoreLeafIn, SeenIn, TakeOverIn
from evaluation.rights_table import Action
from store.commands.scores.accepting import accept_self_scores
from store.commands.scores.appraising import Judged, appraise_leaf, claim_leaf, confirm_leaf, release_leaf
from store.commands.scores.explaining import Explained, RulingGiven, ask_explanation, explain_leaf, rule_on_explanation
from store.commands.scores.held import no_sheet
from store.commands.scores.returning import return_leaves
from store.commands.scores.scoring import Typed, save_leaf
from store.commands.scores.taking_over import take_over
from store.queries.health import answering
from store.queries.rights import facts_of_account, obligation_resource
from store.queries.score_history import leaf_history
from store.queries.scores import view_sheet
from store.rights import authorise_leaves, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.doors.signing_in import Person
    from notifications.letters import Language
    from store.queries.health import View
    from store.queries.scores import SheetView
    from store.session import Store, Transaction

router = APIRouter(prefix="/obligations/{id}", tags=["scores"])
Leaf = Annotated[str, Path(min_length=1, max_length=60, description="Số của mục / the leaf's key", examples=["1.1"])]


def sheet_seen(served: HasServed, connection: View, person: Person, obligation: int, *, now: datetime) -> SheetView:
    """Return the sheet that an obligation is about, for somebody who may see it. NoObligationError, NotAllowedError, SheetError."""
    facts = facts_of_account(connection, person.account.id)
    resource = obligation_resource(served.store, connection, obligation, now=now)
    if resource is None or resource.authority not in person.authorities:
        raise NoObligationError(obligation)
    require(connection, facts, Action.READ_OBLIGATION, resource, now=now)
    view = view_sheet(served.store, connection, obligation, now=now, viewer=facts)
    if view is None:
        raise no_sheet()
    return view


@router.get("/sheet", responses=problems(401, 403, 404, 422))
def read_sheet(obligation: Work, person: SignedIn, served: HasServed, now: Now, language: Spoken) -> SheetOut:
    """The sheet that a self-assessment, an appraisal or an explanation is about: three scores side by side, and what is missing."""
    with answering(served.store) as connection:
        return SheetOut.of(sheet_seen(served, connection, person, obligation, now=now), language=language)


@router.get("/leaves/{key}/history", responses=problems(401, 403, 404, 422))
def read_history(obligation: Work, key: Leaf, person: SignedIn, served: HasServed, now: Now) -> LeafHistoryOut:
    """The history of a leaf: who, when, old, new, why."""
    with answering(served.store) as connection:
        view = sheet_seen(served, connection, person, obligation, now=now)
        hidden = (line := view.line(key)) is not None and line.hidden
        return LeafHistoryOut.of(key, leaf_history(connection, cycle=view.cycle, party=view.unit, node=key, hidden=hidden))


@router.post("/leaves/{key}/score", response_model=LeafOut, responses=OF_A_CHANGE)
def score(obligation: Work, key: Leaf, asked: ScoreLeafIn, changing: MayChange, language: Spoken) -> Response:
    """Save what a unit says of a leaf; what cannot be is refused, and nothing is written."""
    typed = Typed(node=key, given=asked.given, explanation=asked.explanation, seen=asked.version)
    return on_leaf(changing, (obligation, key, Action.SCORE), lambda s, t: save_leaf(s, t, obligation, typed), language=language)


@router.post("/leaves/{key}/appraise", response_model=LeafOut, responses=OF_A_CHANGE)
def appraise(obligation: Work, key: Leaf, asked: AppraiseLeafIn, changing: MayChange, language: Spoken) -> Response:
    """Give a leaf its appraised score, with a reason where it differs from the unit's."""
    judged = Judged(node=key, points=asked.points, remark=asked.remark, seen=asked.version)
    return on_leaf(changing, (obligation, key, Action.APPRAISE), lambda s, t: appraise_leaf(s, t, obligation, judged), language=language)


@router.post("/leaves/{key}/confirm", response_model=LeafOut, responses=OF_A_CHANGE)
def confirm(obligation: Work, key: Leaf, asked: SeenIn, changing: MayChange, language: Spoken) -> Response:
    """Confirm an appraised score as a second appraiser."""

    def act(store: Store, transaction: Transaction) -> None:
        confirm_leaf(store, transaction, obligation, key, seen=asked.version)

    return on_leaf(changing, (obligation, key, Action.APPRAISE), act, language=language)


@router.post("/leaves/{key}/claim", response_model=LeafOut, responses=OF_A_CHANGE)
def claim(obligation: Work, key: Leaf, changing: MayChange, language: Spoken) -> Response:
    """Take a leaf while one appraises it, so that two appraisers do not collide."""
    return on_leaf(changing, (obligation, key, Action.APPRAISE), lambda s, t: claim_leaf(s, t, obligation, key), language=language)


@router.post("/leaves/{key}/release", response_model=LeafOut, responses=OF_A_CHANGE)
def release(obligation: Work, key: Leaf, changing: MayChange, language: Spoken) -> Response:
    """Give a claimed leaf back."""
    return on_leaf(changing, (obligation, key, Action.APPRAISE), lambda s, t: release_leaf(s, t, obligation, key), language=language)


@router.post("/leaves/{key}/explain", response_model=LeafOut, responses=OF_A_CHANGE)
def explain(obligation: Work, key: Leaf, asked: ExplainLeafIn, changing: MayChange, language: Spoken) -> Response:
    """Say why the appraised score of a leaf is not right."""
    explained = Explained(node=key, text=asked.text, seen=asked.version)
    return on_leaf(changing, (obligation, key, Action.EXPLAIN), lambda s, t: explain_leaf(s, t, obligation, explained), language=language)


@router.post("/leaves/{key}/rule", response_model=LeafOut, responses=OF_A_CHANGE)
def rule(obligation: Work, key: Leaf, asked: RuleOnLeafIn, changing: MayChange, language: Spoken) -> Response:
    """Accept an explanation, with the score that follows, or refuse it with a reason."""
    ruling = RulingGiven(node=key, accepted=asked.accepted, points=asked.points, why=asked.reason, seen=asked.version)

    def act(store: Store, transaction: Transaction) -> None:
        rule_on_explanation(store, transaction, obligation, ruling)

    return on_leaf(changing, (obligation, key, Action.RULE_ON_EXPLANATION), act, language=language)


@router.post("/return-leaves", response_model=SheetOut, responses=OF_A_CHANGE)
def give_back(obligation: Work, asked: ReturnLeavesIn, changing: MayChange, language: Spoken) -> Response:
    """Return leaves to their unit for correction, each with what is to be mended, in one round with its own term."""
    whys = {one.node: one.remark for one in asked.leaves}

    def work(transaction: Transaction) -> SheetOut:
        _permit(changing, transaction, obligation, Action.RETURN_LEAF, nodes=tuple(whys))
        return_leaves(changing.store, transaction, obligation, whys)
        return SheetOut.of(_view(changing, transaction, obligation), language=language)

    return changing.change(lambda transaction: answer_of(work(transaction)))


@router.post("/take-over", response_model=SheetOut, responses=OF_A_CHANGE)
def take(obligation: Work, asked: TakeOverIn, changing: MayChange, language: Spoken) -> Response:
    """Take what a predecessor had scored, with its files, into the leaves that the unit has not scored yet."""

    def work(transaction: Transaction) -> SheetOut:
        _permit(changing, transaction, obligation, Action.SCORE, nodes=())
        take_over(changing.store, transaction, obligation, asked.unit)
        return SheetOut.of(_view(changing, transaction, obligation), language=language)

    return changing.change(lambda transaction: answer_of(work(transaction)))


@router.post("/accept-scores", response_model=AcceptedOut, responses=OF_A_CHANGE)
def accept(obligation: Work, asked: AcceptScoresIn, changing: MayChange, language: Spoken) -> Response:
    """Let self scores of a unit stand as they are, of the leaves that are yours; `preview` only says which, and why not the others."""
    seen = {one.node: one.version for one in asked.leaves} or None

    def work(transaction: Transaction) -> AcceptedOut:
        _permit(changing, transaction, obligation, Action.APPRAISE, nodes=tuple(seen or ()))
        facts = changing.facts(transaction)
        return AcceptedOut.of(accept_self_scores(changing.store, transaction, obligation, facts=facts, seen=seen), language=language)

    act = changing.look if asked.preview else changing.change
    return act(lambda transaction: answer_of(work(transaction)))


@router.post("/ask-explanation", response_model=AskedOut, responses=OF_A_CHANGE)
def ask(obligation: Work, changing: MayChange) -> Response:
    """Ask the unit of an appraisal that was handed in to explain what was reduced; the tick does it by itself, once."""

    def work(transaction: Transaction) -> AskedOut:
        _permit(changing, transaction, obligation, Action.APPRAISE, nodes=())
        return AskedOut(obligation=ask_explanation(changing.store, transaction, obligation))

    return changing.change(lambda transaction: answer_of(work(transaction)))


def on_leaf(
    changing: Changing, what: tuple[int, str, Action], act: Callable[[Store, Transaction], object], *, language: Language
) -> Response:
    """Let a command do something with a leaf (obligation, key, right), and return the leaf as it is now."""
    obligation, node, action = what

    def work(transaction: Transaction) -> LeafOut:
        _permit(changing, transaction, obligation, action, nodes=(node,))
        act(changing.store, transaction)
        line = _view(changing, transaction, obligation).line(node)
        assert line is not None  # noqa: S101  it was changed a moment ago
        return LeafOut.of(line, language=language)

    return changing.change(lambda transaction: answer_of(work(transaction)))


def _permit(changing: Changing, transaction: Transaction, obligation: int, action: Action, *, nodes: tuple[str, ...]) -> None:
    authorise_leaves(changing.store, transaction, obligation, action, nodes=nodes, facts=changing.facts(transaction))


def _view(changing: Changing, transaction: Transaction, obligation: int) -> SheetView:
    view = view_sheet(changing.store, transaction.connection, obligation, now=changing.now, viewer=changing.facts(transaction))
    if view is None:
        raise no_sheet()
    return view
