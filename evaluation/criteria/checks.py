"""
Checks: whether a criteria set adds up as it says (domain §3: Σ leaves = Σ fields = declared total; children ≤ parent; counts per field).

A finding is no fault of form: the set can be read and is refused all the same, or is taken in with a recorded reason, because decisions
are printed with slips of the pen. A district's set of 2019 prints 10.05 for 10.50, so that its fields sum to 99.55 under a total of 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from evaluation.criteria.sets import points_below, points_printed, walk
from evaluation.criteria.words import printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.criteria.sets import CriteriaSet, Node

_CRITERIA, _SUB_CRITERIA = 1, 2
#: How many slips of the pen are guessed.
_MOST_GUESSES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that does not add up."""

    code: str
    node: str = ""  #: key of the node; empty: the whole set
    about: str  #: which of its values: `total`, `maximum`, `counts`
    vi: str
    en: str

    def text(self, language: str = "vi") -> str:
        """Return the finding as a sentence."""
        return self.vi if language == "vi" else self.en


def findings_of(criteria: CriteriaSet) -> tuple[Finding, ...]:
    """Return everything that does not add up, in the order of the tree, what is about the whole set first."""
    return (*_of_total(criteria), *_of_all_counts(criteria), *(one for step in walk(criteria) for one in _of_node(step.node, step.depth)))


def _of_total(criteria: CriteriaSet) -> Iterator[Finding]:
    fields = sum(map(points_printed, criteria.fields), Decimal(0))
    below = sum(map(points_below, criteria.fields), Decimal(0))
    if criteria.total is None:
        return
    if fields != criteria.total:
        vi, en = _off(fields, declared=criteria.total)
        guess_vi, guess_en = _guess(criteria.fields, short=criteria.total - fields)
        yield Finding(
            code="sum-of-fields",
            about="total",
            vi=f"tổng điểm của {len(criteria.fields)} lĩnh vực là {vi} so với tổng điểm ghi là {printed(criteria.total)}{guess_vi}",
            en=f"the {len(criteria.fields)} fields sum to {en} the declared total of {printed(criteria.total, 'en')}{guess_en}",
        )
    if below not in {fields, criteria.total}:
        vi, en = _off(below, declared=criteria.total)
        yield Finding(
            code="sum-of-leaves",
            about="total",
            vi=f"tổng điểm của các tiêu chí không chia nhỏ hơn là {vi} so với tổng điểm ghi là {printed(criteria.total)}",
            en=f"the leaves sum to {en} the declared total of {printed(criteria.total, 'en')}",
        )


def _of_node(node: Node, depth: int) -> Iterator[Finding]:
    if depth == 0:
        yield from _of_counts(node)
    if node.maximum is None or node.is_leaf:
        return
    declared = node.maximum
    for child in node.children:
        if not child.is_bonus and points_printed(child) > declared:
            above = points_printed(child)
            yield Finding(
                code="child-above-parent",
                node=child.key,
                about="maximum",
                vi=f"{child.key} có {printed(above)} điểm, cao hơn {printed(declared)} điểm của {node.key} chứa nó",
                en=f"{child.key} has {printed(above, 'en')} points, more than the {printed(declared, 'en')} of {node.key} that holds it",
            )
    together = sum((points_printed(child) for child in node.children), Decimal(0))
    if together != declared:
        vi, en = _off(together, declared=declared)
        guess_vi, guess_en = _guess(node.children, short=declared - together)
        yield Finding(
            code="sum-of-children",
            node=node.key,
            about="maximum",
            vi=f"các mục con của {node.key} cộng lại được {vi} so với {printed(declared)} điểm ghi ở {node.key}{guess_vi}",
            en=f"what is under {node.key} sums to {en} the {printed(declared, 'en')} points of {node.key}{guess_en}",
        )


def _off(together: Decimal, *, declared: Decimal) -> tuple[str, str]:
    off = declared - together
    if off > 0:
        return f"{printed(together)}, thiếu {printed(off)}", f"{printed(together, 'en')}, {printed(off, 'en')} short of"
    return f"{printed(together)}, thừa {printed(-off)}", f"{printed(together, 'en')}, {printed(-off, 'en')} above"


def _guess(nodes: Sequence[Node], *, short: Decimal) -> tuple[str, str]:
    """Return, in words, which printed number would be right with two neighbouring digits changed over; empty where none or many would."""
    slips = [(node.key, node.maximum, meant) for node in nodes if node.maximum is not None for meant in _swapped(node.maximum, short)]
    if not 0 < len(slips) <= _MOST_GUESSES:
        return "", ""
    vi = "; ".join(f"{key} ghi {printed(wrong)}, nếu là {printed(meant)} thì khớp" for key, wrong, meant in slips)
    en = "; ".join(f"{key} says {printed(wrong, 'en')}, {printed(meant, 'en')} would fit" for key, wrong, meant in slips)
    return f" ({vi})", f" ({en})"


def _swapped(points: Decimal, short: Decimal) -> set[Decimal]:
    """Return what the number would be with two neighbouring digits changed over, as far as that makes up what is short."""
    written = format(points, "f")
    places = [place for place, character in enumerate(written) if character.isdigit()]
    swaps = set()
    for first, second in pairwise(places):
        changed = list(written)
        changed[first], changed[second] = changed[second], changed[first]
        swaps.add(Decimal("".join(changed)))
    return {meant for meant in swaps if meant - points == short}


def _of_counts(field: Node) -> Iterator[Finding]:
    there = len(field.children), sum(len(child.children) for child in field.children)
    yield from _counted(field.key, declared=(field.counts.criteria, field.counts.sub_criteria), there=there)


def _of_all_counts(criteria: CriteriaSet) -> Iterator[Finding]:
    depths = [step.depth for step in walk(criteria)]
    declared = criteria.counts
    if declared.fields is not None and declared.fields != len(criteria.fields):
        yield _count_finding("", what=("lĩnh vực", "fields"), declared=declared.fields, there=len(criteria.fields))
    there = depths.count(_CRITERIA), depths.count(_SUB_CRITERIA)
    yield from _counted("", declared=(declared.criteria, declared.sub_criteria), there=there)


def _counted(key: str, *, declared: tuple[int | None, int | None], there: tuple[int, int]) -> Iterator[Finding]:
    words = (("tiêu chí", "criteria"), ("tiêu chí thành phần", "sub-criteria"))
    for what, wanted, found in zip(words, declared, there, strict=True):
        if wanted is not None and wanted != found:
            yield _count_finding(key, what=what, declared=wanted, there=found)


def _count_finding(key: str, *, what: tuple[str, str], declared: int, there: int) -> Finding:
    vi, en = what
    where_vi, where_en = (f"{key} có", f"{key} has") if key else ("bộ tiêu chí có", "the set has")
    return Finding(
        code="count",
        node=key,
        about="counts",
        vi=f"{where_vi} {there} {vi}, quyết định ghi {declared}",
        en=f"{where_en} {there} {en}, the decision says {declared}",
    )
