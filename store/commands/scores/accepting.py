"""Accepting self scores as they are, many at once: each leaf gets its unit's own score as the appraised one, by the appraiser's command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.rights import decide, posts_filled
from evaluation.rights_table import Action
from evaluation.scores.accepting import LeftOut, left_out
from evaluation.scores.handing_in import appraisable
from store.commands.scores.appraising import CLAIM_LASTS, Judged, appraise_leaves, hold_appraisal
from store.commands.scores.held import SheetError
from store.queries.leaf_rights import leaf_resources
from store.queries.names import contact_names
from store.scores import charged_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from evaluation.criteria.sets import Step
    from evaluation.rights import ActorFacts
    from store.score_changes import HeldSheet
    from store.session import Store, Transaction


_NO_MORE = ("có mục không còn chấp nhận hàng loạt được", "a leaf cannot be accepted as it is any more")
_NONE = ("không có mục nào chấp nhận hàng loạt được", "no leaf can be accepted as it is")


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """A leaf whose self score stands, or would."""

    node: str
    title: str
    points: Decimal
    version: int  #: as it was seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """A leaf of the actor's that is judged by itself, and why."""

    node: str
    title: str
    why: LeftOut
    who: str = ""  #: name of who is at it

    def text(self, language: str = "vi") -> str:
        """Return why as people read it."""
        return self.why.text(language, who=self.who)


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance:
    """Self scores that stand, or would, and the leaves that are left out."""

    accepted: tuple[Accepted, ...]
    left: tuple[Left, ...]  #: as it was before


def accept_self_scores(
    store: Store, transaction: Transaction, obligation: int, *, facts: ActorFacts | None, seen: Mapping[str, int] | None = None
) -> Acceptance:
    """
    Let the self scores of a unit stand, of the leaves that are the actor's, and return them with the versions they had.

    `seen`: leaf → version, as a preview showed them; without it all that may be accepted now. Without `facts` (the system, or whoever runs
    the installation) the leaves are those that who owes the appraisal is charged with.

    Raises:
        SheetError: as of `appraise_leaf`; nothing can be accepted; a leaf that was seen cannot be any more.
        SheetFaultsError, StaleLeafError: as of `appraise_leaf`; all or none.

    """
    held = hold_appraisal(store, transaction, obligation)
    own = _own(store, transaction, held, facts=facts)
    left = _left(transaction, held, own)
    free = {step.node.key: step for step in own if step.node.key not in left}
    wanted = {node: held.unit.version(node) for node in free} if seen is None else dict(seen)
    if gone := sorted(set(wanted) - set(free)):
        raise _refused(_NO_MORE, gone, left)
    if not wanted:
        raise _refused(_NONE, left, left)
    found = tuple(_accepted(held, free[node], version) for node, version in wanted.items())
    appraise_leaves(store, transaction, obligation, [Judged(node=one.node, points=one.points, seen=one.version) for one in found])
    return Acceptance(accepted=found, left=tuple(left.values()))


def _refused(words: tuple[str, str], nodes: Iterable[str], left: Mapping[str, Left]) -> SheetError:
    """Return a refusal that says of each leaf why."""
    leaves = list(nodes)
    vi = "; ".join(f"{node}: {left[node].text('vi') if node in left else 'không phải phần của anh/chị'}" for node in leaves)
    en = "; ".join(f"{node}: {left[node].text('en') if node in left else 'not yours'}" for node in leaves)
    return SheetError(" – ".join(filter(None, (words[0], vi))), " – ".join(filter(None, (words[1], en))), field="leaves")


def _left(transaction: Transaction, held: HeldSheet, steps: Sequence[Step]) -> dict[str, Left]:
    """Return the leaves that are left out, in order, each with why."""
    claims = {node: one.contact for node, one in held.unit.claims.items() if not _is_free(transaction, held, node)}
    names = contact_names(transaction.connection, list(claims.values()))
    found = {}
    for step in steps:
        node = step.node.key
        why = left_out(held.sheet, step) or (LeftOut.CLAIMED if node in claims else None)
        if why is not None:
            who = names.get(claims[node]) or f"c{claims[node]}" if why is LeftOut.CLAIMED else ""
            found[node] = Left(node=node, title=step.node.title, why=why, who=who)
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
