"""Refusals of scores as people read them: the faults that the rules found, one a line, in both languages."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from evaluation.scores.faults import ScoreError
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.scores.faults import ScoreFault

#: So many faults are told one by one; of more, how many.
MOST_TOLD = 60


class ScoresRefusedError(RefusalError):
    """Something about scores is not in order; each fault has its place and what to do."""

    def __init__(self, faults: Sequence[ScoreFault]) -> None:
        """Keep every fault."""
        self.faults = tuple(faults)
        super().__init__(self._lines("vi", "và %s lỗi nữa"), self._lines("en", "and %s more"))

    def _lines(self, language: str, more: str) -> str:
        left = len(self.faults) - MOST_TOLD
        told = [fault.text(language) for fault in self.faults[:MOST_TOLD]]
        return "\n".join([*told, more % left] if left > 0 else told)


@contextmanager
def refusing() -> Iterator[None]:
    """Let what the rules refuse be refused in words. ScoresRefusedError."""
    try:
        yield
    except ScoreError as error:
        raise ScoresRefusedError(error.faults) from error
