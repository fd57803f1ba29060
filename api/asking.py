"""What handlers ask for: the store, `now`, and the vitals, handed to them by the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.vitals import Vitals
from config.clock import utc_now
from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a running app has."""

    store: Store
    vitals: Vitals


def served_by(request: Request) -> Served:
    """Return what the app of a request has."""
    served: Served = request.app.state.served
    return served


HasServed = Annotated[Served, Depends(served_by)]
#: Read once, at the edge; everything below is handed it.
Now = Annotated[datetime, Depends(utc_now)]
