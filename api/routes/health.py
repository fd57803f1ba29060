"""Health: 200 while the engine acts in time, 503 with the reasons when something due has waited too long or the database is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from api.asking import HasServed, Now
from api.languages import Spoken
from api.version import version
from api.wire.schemas import HealthOut, LastTickOut, LeaseOut, OldestDueOut, OldestUnsentOut, ReasonOut

if TYPE_CHECKING:
    from store.queries.health import Health

router = APIRouter(tags=["health"])


@router.get("/health", responses={503: {"model": HealthOut, "description": "Có việc bị chậm / something waits too long"}})
def read(served: HasServed, now: Now, language: Spoken, response: Response) -> HealthOut:
    """Whether the engine does its work; the oldest due item not acted on is the measure."""
    found = served.vitals.find(now)
    if found.reasons:
        response.status_code = 503
    response.headers.update({"Content-Language": language.value, "Vary": "Accept-Language"})
    return HealthOut(
        healthy=not found.reasons,
        reasons=[ReasonOut(code=reason.code, text=reason.said(language)) for reason in found.reasons],
        version=version(),
        now=now,
        prefect=served.vitals.prefect(),
        **_facts(found.health),
    )


def _facts(health: Health | None) -> dict[str, Any]:
    if health is None:
        return dict.fromkeys(("last_tick", "oldest_due", "oldest_unsent_mail", "outbox", "leases"))
    return {
        "last_tick": LastTickOut.of(health.last_tick) if health.last_tick else None,
        "oldest_due": OldestDueOut.of(health.oldest_due) if health.oldest_due else None,
        "oldest_unsent_mail": OldestUnsentOut.of(health.oldest_unsent) if health.oldest_unsent else None,
        "outbox": health.outbox,
        "leases": [LeaseOut.of(lease) for lease in health.leases],
    }
