"""What a request names to narrow a list: whether it is there, in the authorities that are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from store.schema import AUTHORITY, CONTACT, CYCLE, PARTY, STAGE

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, kw_only=True)
class Named:
    """What is named; what is empty is not asked about."""

    authorities: tuple[int, ...] | None  #: None: those of sandboxes
    cycle: int | None = None
    stage: str = ""
    party: str = ""
    person: str = ""


def not_there(connection: Connection, named: Named) -> dict[str, str]:
    """Return what is named and is not there, by the field's name; at most one query."""
    ours = select(AUTHORITY.c.id).where(
        AUTHORITY.c.sandbox.is_(True) if named.authorities is None else AUTHORITY.c.id.in_(named.authorities)
    )
    looked_for = {
        "cycle": (named.cycle, exists().where(CYCLE.c.id == named.cycle, CYCLE.c.authority_id.in_(ours))),
        "stage": (named.stage, exists().where(STAGE.c.key == named.stage, STAGE.c.cycle_id == CYCLE.c.id, CYCLE.c.authority_id.in_(ours))),
        "party": (named.party, exists().where(PARTY.c.key == named.party, PARTY.c.authority_id.in_(ours))),
        "person": (named.person, exists().where(CONTACT.c.key == named.person, CONTACT.c.authority_id.in_(ours))),
    }
    asked = {name: (given, there) for name, (given, there) in looked_for.items() if given}
    if not asked:
        return {}
    row = connection.execute(select(*(there.label(name) for name, (_, there) in asked.items()))).one()
    return {name: str(given) for name, (given, _) in asked.items() if not getattr(row, name)}
