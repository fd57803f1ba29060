"""People: the units and contacts of an authority; the head of a unit sees those of the unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.kept import tagged
from api.routes.cycles import UNCHANGED
from api.routes.obligations import Key
from api.whose import Whose, authority_asked
from api.wire.described import of_a_look
from api.wire.office import ContactOut, PeopleOut, UnitDetailOut, UnitOut
from api.wire.unit_views import unit_body, unit_etag, unit_shown
from evaluation.rights import Action, decide, posts_filled
from store.queries.health import answering
from store.queries.people import list_contacts, list_units
from store.queries.rights import authority_resource, facts_of_account
from store.queries.sight import party_keys
from store.rights import NotAllowedError, authority_today

if TYPE_CHECKING:
    from datetime import datetime

    from api.doors.signing_in import Person
    from evaluation.rights import Verdict
    from store.queries.health import View

router = APIRouter(tags=["people"])


@router.get("/people", responses=of_a_look("authority"))
def read_people(asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, now: Now) -> PeopleOut:
    """The units and contacts of an authority; whoever may see those of their own unit alone gets these."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        own, _ = _units_seen(connection, person, authority=authority.id, now=now)
        on = authority_today(connection, authority.id, now=now)
        units = [one for one in list_units(connection, authority.id, on=on) if own is None or one.key in own]
        contacts = [one for one in list_contacts(connection, authority.id) if own is None or one.party in own]
    return PeopleOut(
        authority=authority.key,
        whole=own is None,
        units=[UnitOut.model_validate(one) for one in units],
        contacts=[ContactOut.model_validate(one) for one in contacts],
    )


@router.get("/units/{key}", response_model=UnitDetailOut, responses={**of_a_look("unit"), **UNCHANGED})
def read_unit(  # noqa: PLR0913
    key: Annotated[Key, Path()], asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, *, now: Now, request: Request
) -> Response:
    """A unit, body or person with its contacts; its `ETag` changes with what is shown."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        own, verdict = _units_seen(connection, person, authority=authority.id, now=now)
        on = authority_today(connection, authority.id, now=now)
        shown = unit_shown(connection, authority.id, key, on=on)
        if own is not None and key not in own:
            raise NotAllowedError(verdict, action=Action.READ_PEOPLE)
    return tagged(request, unit_body(shown), tag=unit_etag(shown))


def _units_seen(connection: View, person: Person, *, authority: int, now: datetime) -> tuple[frozenset[str] | None, Verdict]:
    """Return the keys of the units whose people somebody may see (None: all), and what the policy says of the whole. NotAllowedError."""
    facts = facts_of_account(connection, person.account.id)
    on = authority_today(connection, authority, now=now)
    whole = authority_resource(connection, authority)
    verdict = decide(facts, Action.READ_PEOPLE, whole, on=on)
    if verdict.allowed:
        return None, verdict
    mine = {post.party for post in posts_filled(facts, on=on) if post.authority == authority}
    own = [party for party in mine if decide(facts, Action.READ_PEOPLE, replace(whole, owing=party), on=on).allowed]
    if not own:
        raise NotAllowedError(verdict, action=Action.READ_PEOPLE)
    return frozenset(party_keys(connection, own).values()), verdict
