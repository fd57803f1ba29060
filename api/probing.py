"""Probes: questions whose answer may be long in coming, asked with little patience and never twice at once."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(kw_only=True)
class Probe(Generic[Question, Answer]):
    """Asks in a thread of its own, so that one who waits can stop waiting."""

    ask: Callable[[Question], Answer]
    patience_seconds: float
    _asked: Future[Answer] | None = None
    _lock: Lock = field(default_factory=Lock)

    def answer(self, question: Question) -> Answer | None:
        """Return the answer; None if it does not come in time. A question still under way is waited for, not asked again."""
        try:
            return self._future(question).result(timeout=self.patience_seconds)
        except TimeoutError:
            return None

    def _future(self, question: Question) -> Future[Answer]:
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                Thread(target=self._run, args=(self._asked, question), daemon=True).start()
            return self._asked

    def _run(self, future: Future[Answer], question: Question) -> None:
        try:
            future.set_result(self.ask(question))
        except Exception as error:  # noqa: BLE001  handed to whoever waits
            future.set_exception(error)


class PrefectState(StrEnum):
    """What is known of the Prefect server; nothing that is owed depends on it."""

    UP = "up"
    DOWN = "down"  #: refuses, or answers with an error
    UNKNOWN = "unknown"  #: did not answer in time


PREFECT_SECONDS = 1.0


def ask_prefect(api: str) -> PrefectState:
    """Return the state of the Prefect server whose API is at that address."""
    try:
        with httpx.Client(timeout=PREFECT_SECONDS, trust_env=False) as client:
            return PrefectState.UP if client.get(f"{api}/health").is_success else PrefectState.DOWN
    except httpx.TimeoutException:
        return PrefectState.UNKNOWN
    except (httpx.HTTPError, httpx.InvalidURL):
        return PrefectState.DOWN
