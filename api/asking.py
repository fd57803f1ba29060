"""What handlers ask for: the store, the secrets, `now`, and the vitals, handed to them by the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from api.doors.cookies import Cookies
from api.doors.hashing import Hashing
from api.doors.hosts import is_loopback
from api.vitals import Vitals
from config.installation_key import installation_key
from config.settings import Settings
from store.secrets import Secrets
from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a running app has."""

    store: Store
    vitals: Vitals
    settings: Settings
    secrets: Secrets
    hashing: Hashing
    cookies: Cookies
    is_local: bool  #: it listens on this machine alone

    @classmethod
    def of(cls, store: Store, settings: Settings) -> Served:
        """Return what an app over a store has by the settings."""
        return cls(
            store=store,
            vitals=Vitals.of(store, settings=settings),
            settings=settings,
            secrets=Secrets(key=installation_key(settings)),
            hashing=Hashing(settings),
            cookies=Cookies.of(settings),
            is_local=is_loopback(settings.web_host),
        )

    @property
    def is_open(self) -> bool:
        """Return whether anybody may read the sandboxes: asked for, and on this machine alone."""
        return self.settings.open_sandbox and self.is_local

    @property
    def idle(self) -> timedelta:
        """For how long a session may be unused."""
        return timedelta(minutes=self.settings.session_idle_minutes)


def served_by(request: Request) -> Served:
    """Return what the app of a request has."""
    served: Served = request.app.state.served
    return served


def moment_of(request: Request) -> datetime:
    """Return what moment a request comes at, by the clock of its app."""
    moment: datetime = request.app.state.clock()
    return moment


HasServed = Annotated[Served, Depends(served_by)]
#: Read once, at the edge; everything below is handed it.
Now = Annotated[datetime, Depends(moment_of)]
