"""Contacts of an authority: who answers for which unit in which role, who stands in, at which address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.changing.people import MayAddPeople, MayChangePeople
from api.routes.obligations import Key
from api.wire.described import of_a_change, problems
from api.wire.people import ContactIn, DeputyIn, LastDayIn, NewAddressIn, PersonIn, UnitChangedOut
from evaluation.rights_table import Action
from store.commands import people
from store.commands.people import StandIn

router = APIRouter(prefix="/contacts", tags=["people"])
OF_A_CONTACT = of_a_change("contact")
ContactName = Annotated[Key, Path(description="Khóa của đầu mối / the contact's key", examples=["officer.xa-1"])]


@router.post("", status_code=201, response_model=UnitChangedOut, responses=problems(401, 403, 404, 409, 422, about="unit"))
def add_contact(asked: ContactIn, changing: MayAddPeople) -> Response:
    """Add a contact of a unit in a role; answered is the unit."""
    return changing.add(asked.party, lambda transaction: people.add_contact(changing.store, transaction, changing.authority, asked.contact))


@router.post("/{key}/drop", response_model=UnitChangedOut, responses=OF_A_CONTACT)
def drop_contact(key: ContactName, asked: LastDayIn, changing: MayChangePeople) -> Response:
    """Let a contact leave office after a day; `If-Match` is the `ETag` of the unit."""
    return changing.change_contact(key, lambda transaction: people.drop_contact(transaction, changing.authority, key, on=asked.on))


@router.post("/{key}/replace", response_model=UnitChangedOut, responses=OF_A_CONTACT)
def replace_contact(key: ContactName, asked: PersonIn, changing: MayChangePeople) -> Response:
    """Let another person take over unit and role from a day on; `If-Match` is the `ETag` of the unit."""
    return changing.change_contact(
        key, lambda transaction: people.replace_contact(changing.store, transaction, changing.authority, key, by=asked.contact)
    )


@router.post("/{key}/address", response_model=UnitChangedOut, responses=OF_A_CONTACT)
def change_address(key: ContactName, asked: NewAddressIn, changing: MayChangePeople) -> Response:
    """Give a contact another address, at which it counts as reachable again; `If-Match` is the `ETag` of the unit."""
    return changing.change_contact(
        key, lambda transaction: people.change_address(changing.store, transaction, changing.authority, key, address=asked.address)
    )


@router.post("/{key}/deputy", response_model=UnitChangedOut, responses=OF_A_CONTACT)
def set_deputy(key: ContactName, asked: DeputyIn, changing: MayChangePeople) -> Response:
    """Let another contact stand in during an absence, or nobody any more; `If-Match` is the `ETag` of the unit."""
    stand_in = StandIn(deputy=asked.deputy or "", since=asked.since, until=asked.until)
    return changing.change_contact(
        key,
        lambda transaction: people.set_deputy(changing.store, transaction, changing.authority, key, stand_in=stand_in),
        action=Action.DEPUTISE,
    )
