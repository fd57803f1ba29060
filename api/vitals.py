"""Vitals: what is known of the engine's work and of Prefect, asked with little patience."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.probing import PREFECT_SECONDS, PrefectState, Probe, ask_prefect
from config.prefect_environment import prefect_api
from notifications.phrases import pick
from store.queries.health import DatabaseSilentError, Health, answering, read_health

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings
    from notifications.letters import Language
    from store.session import Store

DATABASE_SECONDS = 5.0
REASONS = {
    "database-silent": ("Cơ sở dữ liệu không trả lời.", "The database does not answer."),
    "tick-late": (
        "Việc đến hạn lâu nhất đã chờ {age} mà máy chưa xử lý; giới hạn là {limit}. Báo quản trị hệ thống xem dondoc engine có chạy không.",
        "The oldest due item has waited {age} for the engine; the limit is {limit}. Ask an administrator whether dondoc engine runs.",
    ),
}


_UNITS = ((86400, ("ngày", "days")), (3600, ("giờ", "h")), (60, ("phút", "min")), (1, ("giây", "s")))


def lasting(seconds: int, *, language: Language) -> str:
    """Return how long something lasts, in the largest unit that it fills: `40 giây`, `5 phút`, `3 giờ`, `2 ngày`."""
    size, words = next((one for one in _UNITS if seconds >= one[0]), _UNITS[-1])
    return f"{seconds // size} {pick(words, language=language)}"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why dondoc is not healthy."""

    code: str
    facts: dict[str, int]  #: seconds

    def said(self, language: Language) -> str:
        """Return it as a sentence."""
        ages = {name: lasting(seconds, language=language) for name, seconds in self.facts.items()}
        return pick(REASONS[self.code], language=language).format(**ages)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the database said, None if nothing; and what is wrong."""

    health: Health | None
    reasons: tuple[Reason, ...]


@dataclass(kw_only=True)
class Vitals:
    """The questions of one running app."""

    settings: Settings
    _database: Probe[datetime, Health]
    _prefect: Probe[str, PrefectState]

    @classmethod
    def of(cls, store: Store, *, settings: Settings) -> Vitals:
        """Return the questions about a store and the settings' Prefect server."""

        def ask(now: datetime) -> Health:
            with answering(store) as connection:
                return read_health(connection, now=now)

        return cls(
            settings=settings,
            _database=Probe(ask=ask, patience_seconds=DATABASE_SECONDS),
            _prefect=Probe(ask=ask_prefect, patience_seconds=PREFECT_SECONDS),
        )

    def prefect(self) -> PrefectState:
        """Return what is known of Prefect within a second."""
        return self._prefect.answer(prefect_api(self.settings)) or PrefectState.UNKNOWN

    def find(self, now: datetime) -> Found:
        """Return what is known of the engine's work; a database that is silent is a reason, not an error."""
        try:
            health = self._database.answer(now)
        except DatabaseSilentError:
            health = None
        if health is None:
            return Found(health=None, reasons=(Reason(code="database-silent", facts={}),))
        return Found(health=health, reasons=self._late(health))

    def _late(self, health: Health) -> tuple[Reason, ...]:
        limit, due = self.settings.tick_late_seconds, health.oldest_due
        if due is None or due.age_seconds <= limit:
            return ()
        return (Reason(code="tick-late", facts={"age": due.age_seconds, "limit": int(limit)}),)
