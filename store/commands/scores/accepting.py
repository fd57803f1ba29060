"""Accepting self scores as they are, many at once: each leaf gets its unit's own score as the appraised one, by the appraiser's command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.rights import decide, posts_filled
from evaluation.rights_table import Action
from evaluation.scores.accepting import acceptable_leaves
from evaluation.scores.handing_in import appraisable
from store.commands.scores.appraising import CLAIM_LASTS, Judged, appraise_leaves, hold_appraisal
from store.commands.scores.held import SheetError
from store.queries.leaf_rights import leaf_resources
from store.scores import charged_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from evaluation.criteria.sets import Step
    from evaluation.rights import ActorFacts
    from store.score_changes import HeldSheet
    from store.session import Store, Transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A leaf whose self score stands, or would."""

    node: str
    title: str
    points: Decimal
    version: int  #: as it was seen


def accept_self_scores(
    store: Store, transaction: Transaction, obligation: int, *, facts: ActorFacts | None, seen: Mapping[str, int] | None = None
) -> tuple[Accepted, ...]:
    """
    Let the self scores of a unit stand, of the leaves that are the actor's, and return them with the versions they had.

    `seen`: leaf → version, as a preview showed them; without it all that may be accepted now. Without `facts` (the system, or whoever runs
    the installation) the leaves are those that who owes the appraisal is charged with.

    Raises:
        SheetError: as of `appraise_leaf`; nothing can be accepted; a leaf that was seen cannot be any more.
        SheetFaultsError, StaleLeafError: as of `appraise_leaf`; all or none.

    """
    held = hold_appraisal(store, transaction, obligation)
    steps = {one.node.key: one for one in acceptable_leaves(held.sheet, _own(store, transaction, held, facts=facts))}
    free = {node: step for node, step in steps.items() if _is_free(transaction, held, node)}
    wanted = {node: held.unit.version(node) for node in free} if seen is None else dict(seen)
    if gone := sorted(set(wanted) - set(free)):
        vi = f"mục {', '.join(gone)} không còn chấp nhận hàng loạt được (đã chấm, trả lại, thiếu minh chứng, phần người khác)"
        en = f"leaf {', '.join(gone)} cannot be accepted any more (judged, returned, without evidence, or not yours); look again"
        raise SheetError(vi, en, field="leaves")
    if not wanted:
        vi, en = "không có mục nào chấp nhận hàng loạt được", "no leaf can be accepted as it is"
        raise SheetError(vi, en, field="leaves")
    found = tuple(_accepted(held, free[node], version) for node, version in wanted.items())
    appraise_leaves(store, transaction, obligation, [Judged(node=one.node, points=one.points, seen=one.version) for one in found])
    return found


def _accepted(held: HeldSheet, step: Step, version: int) -> Accepted:
    points = held.sheet.entry(step.node.key).self_score
    assert points is not None  # noqa: S101  only such leaves may be accepted
    return Accepted(node=step.node.key, title=step.node.title, points=points, version=version)


def _own(store: Store, transaction: Transaction, held: HeldSheet, *, facts: ActorFacts | None) -> tuple[Step, ...]:
    """Return the leaves that are the actor's: those of who owes the appraisal, else those that they lead."""
    charged = charged_of(held.year, held.unit, held.obligation, now=transaction.now)
    if facts is None:
        return charged
    on = held.year.rulebook.calendar.local_date(transaction.now)
    owing = held.obligation.party in {post.party for post in posts_filled(facts, on=on)}
    steps = charged if owing else appraisable(held.sheet)
    resources = leaf_resources(
        store, transaction.connection, held.obligation.id, tuple(step.node.key for step in steps), now=transaction.now
    )
    return tuple(step for step in steps if decide(facts, Action.APPRAISE, resources[step.node.key], on=on).allowed)


def _is_free(transaction: Transaction, held: HeldSheet, node: str) -> bool:
    claim = held.unit.claims.get(node)
    return claim is None or claim.contact == transaction.actor.contact or transaction.now >= claim.at + CLAIM_LASTS
