"""The register against the journal: what its entries amount to is what the rows say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.papers import PaperState
from store.commands.paper_rows import (
    DISCARD_PAPER,
    DRAFT_PAPER,
    NUMBER_PAPER,
    PAPER_ACTIONS,
    REDRAFT_PAPER,
    REGISTER_PAPER,
    SIGN_PAPER,
)
from store.schema import JOURNAL, PAPER, PAPER_ABOUT, PAPER_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row

_STATE_AFTER = {
    DRAFT_PAPER: PaperState.DRAFT,
    REDRAFT_PAPER: PaperState.DRAFT,
    NUMBER_PAPER: PaperState.NUMBERED,
    SIGN_PAPER: PaperState.SIGNED,
    REGISTER_PAPER: PaperState.SIGNED,
    DISCARD_PAPER: PaperState.DISCARDED,
}


@dataclass(kw_only=True)
class _Told:
    """What the journal says of a paper."""

    state: str = ""
    version: int = 0
    number: int | None = None
    year: int | None = None
    signed: str | None = None
    about: tuple[int, ...] = ()
    file: str | None = None
    facts: str | None = None

    def take(self, action: str, payload: dict[str, Any]) -> None:
        """Fold one entry in."""
        self.state = _STATE_AFTER[action].value
        for name in ("version", "number", "year", "signed", "file", "facts"):
            if name in payload:
                setattr(self, name, payload[name])
        if "about" in payload:
            self.about = tuple(payload["about"])


def paper_faults(connection: Connection, authority: int) -> Iterator[str]:
    """Yield a sentence for each paper that is not what its journal says, and for each that is in the journal alone."""
    told = _told(connection, authority)
    rows = connection.execute(select(PAPER).where(PAPER.c.authority_id == authority).order_by(PAPER.c.id)).all()
    for row in rows:
        said = _row(connection, row)
        if row.id not in told:
            yield f"paper {row.id} is not in the journal"
        elif said != told[row.id]:
            names = [name for name in vars(said) if getattr(said, name) != getattr(told[row.id], name)]
            yield f"paper {row.id} differs from its journal in {', '.join(names)}"
    for ident in sorted(told.keys() - {row.id for row in rows}):
        yield f"paper {ident} is in the journal and nowhere else"


def _told(connection: Connection, authority: int) -> dict[int, _Told]:
    entries = select(JOURNAL.c.action, JOURNAL.c.payload).where(
        JOURNAL.c.authority_id == authority, JOURNAL.c.action.in_(sorted(PAPER_ACTIONS))
    )
    found: dict[int, _Told] = {}
    for action, payload in connection.execute(entries.order_by(JOURNAL.c.number)):
        said = orjson.loads(payload)
        found.setdefault(said["paper"], _Told()).take(action, said)
    return found


def _row(connection: Connection, row: Row[Any]) -> _Told:
    about = select(PAPER_ABOUT.c.obligation_id).where(PAPER_ABOUT.c.paper_id == row.id).order_by(PAPER_ABOUT.c.obligation_id)
    version = connection.execute(
        select(PAPER_VERSION.c.sha256, PAPER_VERSION.c.facts).where(
            PAPER_VERSION.c.paper_id == row.id, PAPER_VERSION.c.number == row.version
        )
    ).one_or_none()
    return _Told(
        state=row.state,
        version=row.version,
        number=row.number,
        year=row.year,
        signed=row.signed_sha256,
        about=tuple(connection.execute(about).scalars()),
        file=None if version is None else version.sha256,
        facts=None if version is None else hashlib.sha256(version.facts.encode()).hexdigest(),
    )
