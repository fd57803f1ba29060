"""People: the units and contacts of an authority; the head of a unit sees those of the unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from api.asking import HasServed, Now
from api.errors import NoUnitError
from api.kept import tagged
from api.office_schemas import ContactOut, PeopleOut, UnitDetailOut, UnitOut
from api.routes.cycles import UNCHANGED
from api.routes.obligations import Key
from api.signing_in import SignedIn
from api.whose import Whose, authority_asked
from evaluation.rights import Action, decide, posts_filled
from store.queries.health import answering
from store.queries.people import list_contacts, list_units, people_version
from store.queries.rights import authority_resource, facts_of_account
from store.queries.sight import party_keys
from store.rights import NotAllowedError, authority_today

if TYPE_CHECKING:
    from datetime import datetime

    from api.signing_in import Person
    from evaluation.rights import Verdict
    from store.queries.health import View

router = APIRouter(tags=["people"])


@router.get("/people")
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


@router.get("/units/{key}", response_model=UnitDetailOut, responses=UNCHANGED)
def read_unit(  # noqa: PLR0913
    key: Annotated[Key, Path()], asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, *, now: Now, request: Request
) -> Response:
    """A unit, body or person with its contacts; its `ETag` changes with the people of the authority, and with the day."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        version = people_version(connection, authority.id)  # first: what changes meanwhile gets another tag
        own, verdict = _units_seen(connection, person, authority=authority.id, now=now)
        on = authority_today(connection, authority.id, now=now)
        unit = next((one for one in list_units(connection, authority.id, on=on) if one.key == key), None)
        if unit is None:
            raise NoUnitError
        if own is not None and key not in own:
            raise NotAllowedError(verdict, action=Action.READ_PEOPLE)
        contacts = [ContactOut.model_validate(one) for one in list_contacts(connection, authority.id) if one.party == key]
    shown = UnitDetailOut.model_validate({**vars(unit), "contacts": contacts})
    return tagged(request, orjson.dumps(shown.model_dump(mode="json")), tag=f'"{authority.id}-{version}-{on:%Y%m%d}"')


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
