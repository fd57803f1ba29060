"""Units of an authority: added, ended, placed, succeeded; and units and contacts taken in row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.changing.idempotency import answer_of
from api.changing.people import MayAddPeople, MayChangePeople
from api.problems.answering import problem_of
from api.routes.obligations import Key
from api.wire.described import of_a_change, problems
from api.wire.people import LastDayIn, RowFateOut, RowFatesOut, RowsIn, SuccessorIn, SuperiorIn, UnitChangedOut, UnitIn
from evaluation.rights_table import Action
from store.commands import people
from store.commands.people_rows import Fate, import_rows
from store.queries.rights import authority_resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.commands.people_rows import RowFate, Rows
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(tags=["people"])
OF_A_UNIT = of_a_change("unit")
OF_ROWS = problems(401, 403, 404, 409, 422, about="authority")
UnitName = Annotated[Key, Path(description="Khóa của đơn vị / the unit's key", examples=["xa-1"])]


@router.post("/units", status_code=201, response_model=UnitChangedOut, responses=OF_ROWS)
def add_unit(asked: UnitIn, changing: MayAddPeople) -> Response:
    """Add a unit, body or person; a running cycle asks nothing of it before it is added there too."""
    return changing.add(
        asked.key,
        lambda transaction: people.add_unit(transaction, changing.authority, asked.party),
        location=f"/api/v1/units/{asked.key}",
    )


@router.post("/units/{key}/drop", response_model=UnitChangedOut, responses=OF_A_UNIT)
def drop_unit(key: UnitName, asked: LastDayIn, changing: MayChangePeople) -> Response:
    """End a unit after a day; what it owes stands until it is handed over or waived, or the unit is dropped from the cycle."""
    return changing.change_unit(key, lambda transaction: people.drop_unit(transaction, changing.authority, key, on=asked.on))


@router.post("/units/{key}/superior", response_model=UnitChangedOut, responses=OF_A_UNIT)
def place_under(key: UnitName, asked: SuperiorIn, changing: MayChangePeople) -> Response:
    """Put a unit under another superior from a day on."""
    return changing.change_unit(
        key,
        lambda transaction: people.place_under(transaction, changing.authority, key, superior=asked.superior, since=asked.since),
    )


@router.post("/units/{key}/successors", response_model=UnitChangedOut, responses=OF_A_UNIT)
def name_successor(key: UnitName, asked: SuccessorIn, changing: MayChangePeople) -> Response:
    """Name a unit that takes over from another; there may be several."""
    return changing.change_unit(
        key, lambda transaction: people.name_successor(transaction, changing.authority, key, successor=asked.successor)
    )


@router.post("/people/import", response_model=RowFatesOut, responses=OF_ROWS)
def import_people(asked: RowsIn, changing: MayAddPeople, request: Request) -> Response:
    """
    Take in units and contacts, as a roster's file: each row is reported alone, one that is refused keeps no other from being taken.

    What is wrong with a row's form refuses the whole, with every fault listed.
    """

    def work(transaction: Transaction) -> Answer:
        changing.authorise(transaction, Action.CHANGE_PEOPLE, authority_resource(transaction.connection, changing.authority.id))
        parties, contacts = [one.party for one in asked.units], [one.contact for one in asked.contacts]
        return answer_of(_reported(request, import_rows(transaction, changing.authority, parties=parties, contacts=contacts)))

    return changing.look(work) if asked.preview else changing.change(work)


def _reported(request: Request, rows: Rows) -> RowFatesOut:
    every = (*rows.units, *rows.contacts)
    return RowFatesOut(
        taken=sum(one.fate in {Fate.ADDED, Fate.CHANGED} for one in every),
        refused=sum(one.fate is Fate.REFUSED for one in every),
        units=_fates(request, rows.units),
        contacts=_fates(request, rows.contacts),
    )


def _fates(request: Request, rows: Iterable[RowFate]) -> list[RowFateOut]:
    return [
        RowFateOut(key=one.key, outcome=one.fate, problem=None if one.error is None else problem_of(request, one.error)) for one in rows
    ]
