"""
When a unit sees what its appraisers gave: a setting of results, applied to each leaf before anybody of the unit reads it.

No binding text was found; by default a unit sees appraised scores when its appraisal was handed in and it may explain; those of a leaf
that is returned to it at once, because it is asked to mend it.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.scores.sheets import Entry, Sheet


class ScoresShown(StrEnum):
    """When a unit sees appraised and final scores of its leaves; once they are published anybody does."""

    WHEN_RETURNED = "when_returned"  #: of the leaves that it is asked about: returned to it, or reduced and to be explained
    AFTER_APPRAISAL = "after_appraisal"  #: all of them once the appraisal was handed in; before that those returned to it
    AT_ONCE = "at_once"  #: as they are typed


SHOWN_WORDS: dict[ScoresShown, tuple[str, str]] = {
    ScoresShown.WHEN_RETURNED: ("chỉ các mục trả lại hoặc phải giải trình", "only of leaves returned, or to be explained"),
    ScoresShown.AFTER_APPRAISAL: (
        "khi thẩm định xong (mở giải trình), hoặc khi mục được trả lại",
        "once appraised, or when a leaf is returned",
    ),
    ScoresShown.AT_ONCE: ("ngay khi thẩm định", "at once"),
}
#: What the history of a leaf calls that which is not shown.
HIDDEN_CHANGES = frozenset({"appraised", "final", "remark", "ruling", "claim"})


def is_shown(entry: Entry, shown: ScoresShown, *, handed_in: bool, published: bool) -> bool:
    """Return whether the unit sees what was given to a leaf; `handed_in`: its appraisal was, or its explanation was asked for."""
    if published or shown is ScoresShown.AT_ONCE or entry.returned:
        return True
    asked = entry.is_reduced or (entry.explanation is not None and entry.explanation.answers)
    return handed_in and (shown is ScoresShown.AFTER_APPRAISAL or asked)


def as_its_unit_sees(sheet: Sheet, hidden: Iterable[str]) -> Sheet:
    """Return a sheet without what was given to some leaves."""
    kept = {node: replace(sheet.entry(node), appraised=None, final=None, remark="") for node in hidden}
    return replace(sheet, entries={**sheet.entries, **kept}, history=())
