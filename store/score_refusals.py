"""Refusals about sheets that name leaves: what is wrong place by place, and who was overtaken."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from evaluation.scores.faults import ScoreError
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evaluation.scores.faults import ScoreFault

#: How many faults the message of a refusal names.
MOST_SAID = 12


class SheetFaultsError(RefusalError):
    """Something about scores is refused, place by place; nothing of it was written."""

    def __init__(self, faults: Iterable[ScoreFault]) -> None:
        """Keep every fault; the message names the first of them."""
        self.faults = tuple(faults)
        rest = len(self.faults) - MOST_SAID
        vi = "\n".join(one.text("vi") for one in self.faults[:MOST_SAID]) + (f"\n… và {rest} lỗi nữa" if rest > 0 else "")
        en = "\n".join(one.text("en") for one in self.faults[:MOST_SAID]) + (f"\n… and {rest} more" if rest > 0 else "")
        super().__init__(vi, en, field=self.faults[0].node)


class StaleLeafError(RefusalError):
    """Somebody else has changed the leaf meanwhile; nothing was written."""

    def __init__(self, node: str, *, version: int) -> None:
        """Keep the leaf and the version that stands now."""
        self.node, self.version = node, version
        vi = f"mục {node} vừa được người khác lưu (bản {version}); hãy tải lại mục này rồi nhập tiếp, nội dung của họ không bị ghi đè"
        en = f"somebody else has just saved {node} (version {version}); load it again and go on, theirs is not written over"
        super().__init__(vi, en, field=node)


@contextmanager
def refusing() -> Iterator[None]:
    """Let what the rules refuse be refused in words. SheetFaultsError."""
    try:
        yield
    except ScoreError as error:
        raise SheetFaultsError(error.faults) from error
