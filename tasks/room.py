"""The room that tasks work in: the store, and in whose name the engine acts. Carried in a ContextVar, so that flows take ids only."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.leases import Lease

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.commands.steps import Work
    from store.session import Store

#: One transaction holds at most so many obligations.
STEP_SIZE = 1000


@dataclass(frozen=True, kw_only=True)
class Room:
    """What every task of one engine shares."""

    store: Store
    holder: str  #: names this engine in its leases
    step_size: int = STEP_SIZE

    def lease(self, work: Work, epoch: int) -> Lease:
        """Return what this engine holds of the work's authority."""
        return Lease(authority=work.authority, holder=self.holder, epoch=epoch)


_room: ContextVar[Room] = ContextVar("dondoc_room")


@contextmanager
def working_in(room: Room) -> Iterator[None]:
    """Let every task called inside work in that room."""
    token = _room.set(room)
    try:
        yield
    finally:
        _room.reset(token)


def this_room() -> Room:
    """Return the room that is in force; LookupError outside of one."""
    return _room.get()
