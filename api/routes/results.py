"""Results of a cycle: as they stand, exempt, settled, published under a decision, rewarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.cycles import authorise_on_cycle
from api.changing.doing import Changing, MayChange
from api.changing.idempotency import answer_of
from api.languages import Spoken
from api.rating import rating_of
from api.routes.cycles import Number, head_for
from api.routes.evidence import disposition
from api.sight import MaySee
from api.wire.described import OF_A_CHANGE, of_a_look
from api.wire.exempting import EffectOut
from api.wire.published import PreparedOut, PublishedOut, RewardedOut
from api.wire.result_answers import (
    ExemptionOut,
    ExemptionsOut,
    GroupOut,
    ResultsOut,
    RulesOut,
    TraceOut,
)
from api.wire.results import ExemptIn, PublishIn, RewardIn, RulesIn
from api.wire.work import ReasonIn
from evaluation.rights_table import Action
from store.commands.results.deciding import set_rules
from store.commands.results.exempting import end_exemption, exempt
from store.commands.results.publishing import Prepared, prepare, publish
from store.commands.results.rewarding import end_reward, reward
from store.queries.editions import list_exemptions
from store.queries.health import answering
from store.queries.results import read_results, trace_unit
from store.results import rules_of, survey_held
from store.score_refusals import MOST_SAID, refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(prefix="/cycles/{id}", tags=["results"])
Key = Annotated[str, Path(alias="key", min_length=1, max_length=200, description="Khóa của đơn vị / the unit's key", examples=["xa-1"])]
Row = Annotated[str, Path(alias="key", pattern="^[1-9][0-9]{0,11}$", description="Số / its number", examples=["1"])]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {WORKBOOK: {"schema": {"type": "string", "format": "binary"}}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": _BINARY, "description": "Tệp / the file"}}


@router.get("/results", responses=of_a_look("cycle"))
def results_of_cycle(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> ResultsOut:
    """The results of a cycle as they stand: places inside groups, bands, gaps, last year beside it. What is published is elsewhere."""
    with answering(served.store) as connection, refusing():
        head_for(connection, cycle, seen, action=Action.READ_RESULTS, now=now)
        found = read_results(served.store, connection, cycle, now=now)
    groups = [GroupOut.of(table, found) for table in found.tables]
    return ResultsOut(year=found.year, settled=found.is_settled, compared_with=found.compared_with, groups=groups)


@router.get("/results/units/{key}", responses=of_a_look("cycle"))
def trace_of_unit(cycle: Number, key: Key, seen: MaySee, served: HasServed, *, now: Now, language: Spoken) -> TraceOut:  # noqa: PLR0913
    """The way from a unit's index to its leaves, and which of them are weak."""
    with answering(served.store) as connection, refusing():
        head_for(connection, cycle, seen, action=Action.READ_RESULTS, now=now)
        return TraceOut.of(trace_unit(served.store, connection, cycle, key, now=now), language=language.value)


@router.get("/rating", response_class=Response, responses={**_FILE, **of_a_look("cycle")})
def rating(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> Response:
    """The results of the units beside their heads and the officers who advise, as a workbook for their rating."""
    with answering(served.store) as connection, refusing():
        head = head_for(connection, cycle, seen, action=Action.READ_RESULTS, now=now)
        body = rating_of(served.store, connection, cycle, authority=head.authority, now=now)
    return Response(body, media_type=WORKBOOK, headers={"Content-Disposition": disposition(f"xep-loai-{cycle}.xlsx")})


@router.get("/result-rules", responses=of_a_look("cycle"))
def read_rules(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> RulesOut:
    """The settings of the index and the ranking that hold for a cycle."""
    with answering(served.store) as connection:
        head = head_for(connection, cycle, seen, action=Action.READ_RESULTS, now=now)
        return RulesOut.of(rules_of(served.store, connection, head.authority, cycle))


def _change(changing: Changing, cycle: int, action: Action, act: Callable[[Transaction], Answer]) -> Response:
    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, cycle, action)
        return act(transaction)

    return changing.change(work)


@router.post("/result-rules", response_model=RulesOut, responses=OF_A_CHANGE)
def change_rules(cycle: Number, asked: RulesIn, changing: MayChange) -> Response:
    """Let other settings hold; what was published before keeps those that it was published with."""

    def act(transaction: Transaction) -> Answer:
        rules = asked.rules(held=survey_held(changing.store, transaction.connection, cycle))
        set_rules(changing.store, transaction, cycle, rules=rules, everywhere=asked.everywhere, remark=asked.remark)
        return answer_of(RulesOut.of(rules))

    return _change(changing, cycle, Action.SET_RESULT_RULES, act)


@router.get("/exemptions", responses=of_a_look("cycle"))
def exemptions_of_cycle(cycle: Number, seen: MaySee, served: HasServed, now: Now) -> ExemptionsOut:
    """The exemptions of a cycle, those that ended among them."""
    with answering(served.store) as connection:
        head_for(connection, cycle, seen, action=Action.READ_RESULTS, now=now)
        return ExemptionsOut(items=[ExemptionOut.model_validate(one) for one in list_exemptions(connection, cycle)])


@router.post("/exemptions", response_model=EffectOut, responses=OF_A_CHANGE)
def exempt_unit(cycle: Number, asked: ExemptIn, changing: MayChange) -> Response:
    """Exempt a unit from a leaf, or from all leaves under a criterion or field; with `preview` only say what that would do."""

    def work(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, cycle, Action.EXEMPT)
        done = exempt(changing.store, transaction, cycle, unit=asked.unit, node=asked.node, approver=asked.approver, remark=asked.remark)
        return answer_of(EffectOut.of(done))

    return changing.look(work) if asked.preview else changing.change(work)


@router.post("/exemptions/{key}/end", response_model=EffectOut, responses=OF_A_CHANGE)
def end_unit_exemption(cycle: Number, key: Row, asked: ReasonIn, changing: MayChange) -> Response:
    """End an exemption: what was exempt counts again, with the scores it has."""

    def act(transaction: Transaction) -> Answer:
        return answer_of(EffectOut.of(end_exemption(changing.store, transaction, cycle, int(key), remark=asked.remark)))

    return _change(changing, cycle, Action.EXEMPT, act)


def prepared_for(changing: Changing, cycle: int, asked: PublishIn) -> Prepared:
    """Return what would be published, worked out beside any write: whoever may not gets nowhere. NotAllowedError, NoSuchCycleError."""

    def allowed(transaction: Transaction) -> Answer:
        authorise_on_cycle(changing, transaction, cycle, Action.PUBLISH_RESULTS)
        return answer_of(PublishedOut(number=0, sha256=""))

    changing.look(allowed)
    return prepare(changing.store, cycle, asked.order, now=changing.now)


@router.post("/publication/preview", response_model=PreparedOut, responses=OF_A_CHANGE)
def preview_publication(cycle: Number, asked: PublishIn, changing: MayChange, language: Spoken) -> Response:
    """What would be published as everything stands, or why nothing can be."""
    found = prepared_for(changing, cycle, asked)
    told = [fault.text(language.value) for fault in found.faults[:MOST_SAID]]
    unscored = list(found.unscored)
    answer = PreparedOut(units=found.units, missing=found.missing, unscored=unscored, told=found.told, digest=found.digest, faults=told)
    return changing.look(lambda _transaction: answer_of(answer))


@router.post("/publication", response_model=PublishedOut, responses=OF_A_CHANGE)
def publish_results(cycle: Number, asked: PublishIn, changing: MayChange) -> Response:
    """Freeze the results under a decision; a second time only as a correction, by a decision of its own, of the edition that it names."""
    prepared = prepared_for(changing, cycle, asked)

    def act(transaction: Transaction) -> Answer:
        done = publish(changing.store, transaction, cycle, prepared=prepared, seen=asked.seen)
        return answer_of(PublishedOut(number=done.number, sha256=done.sha256))

    return _change(changing, cycle, Action.PUBLISH_RESULTS, act)


@router.post("/rewards", response_model=RewardedOut, responses=OF_A_CHANGE)
def give_reward(cycle: Number, asked: RewardIn, changing: MayChange) -> Response:
    """Write down that a unit, or somebody in it, was rewarded for a published result."""

    def act(transaction: Transaction) -> Answer:
        return answer_of(RewardedOut(reward=reward(changing.store, transaction, cycle, given=asked.given)))

    return _change(changing, cycle, Action.REWARD, act)


@router.post("/rewards/{key}/end", response_model=RewardedOut, responses=OF_A_CHANGE)
def take_reward_back(cycle: Number, key: Row, asked: ReasonIn, changing: MayChange) -> Response:
    """Take a reward back, with a reason."""

    def act(transaction: Transaction) -> Answer:
        end_reward(changing.store, transaction, cycle, int(key), remark=asked.remark)
        return answer_of(RewardedOut(reward=int(key)))

    return _change(changing, cycle, Action.REWARD, act)
