"""Offices: of which authority a page is, where somebody belongs to several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Query

from api.routes.cycles import LARGEST
from api.whose import authority_asked, require_on_authority
from evaluation.naming_order import name_order

if TYPE_CHECKING:
    from api.console.visiting import Frame, Visitor
    from api.doors.signing_in import Person
    from evaluation.rights_table import Action
    from store.queries.health import View
    from store.queries.people import AuthorityFacts

#: A year chosen by a page's address; the page is then of its authority.
MaybeCycle = Annotated[int | None, Query(ge=1, le=LARGEST)]


@dataclass(frozen=True, kw_only=True)
class Office:
    """An authority that a page can be of."""

    key: str
    name: str
    cycle: int  #: by which its page is asked for


def office_of(visitor: Visitor, connection: View, frame: Frame, person: Person, *, action: Action | None = None) -> AuthorityFacts:
    """
    Return the authority that a page is of: that of the year in the menu, else the only one of whoever looks.

    Raises:
        NoAuthorityError, WhichAuthorityError: there is none, or several.
        NotAllowedError: they may not do that in it.

    """
    authority = authority_asked(connection, person, "" if frame.cycle is None else frame.cycle.authority_key)
    if action is not None:
        require_on_authority(connection, person, action, authority=authority.id, now=visitor.now)
    return authority


def offices_of(frame: Frame) -> list[Office]:
    """Return the authorities to choose from; none where there is no choice."""
    found = {one.authority_key: Office(key=one.authority_key, name=one.authority_name, cycle=one.id) for one in reversed(frame.cycles)}
    return sorted(found.values(), key=lambda one: name_order(one.name)) if len(found) > 1 else []
