"""A unit as it is shown, and the tag of that: what a change of the unit or of its contacts means in `If-Match`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from api.problems.errors import NoUnitError
from api.wire.etags import etag_of_content
from api.wire.office import ContactOut, UnitDetailOut
from store.queries.people import list_contacts, list_units

if TYPE_CHECKING:
    from datetime import date

    from store.queries.health import View


def unit_shown(connection: View, authority: int, key: str, *, on: date) -> UnitDetailOut:
    """Return a unit with its contacts as of a date; NoUnitError if the authority has none such."""
    unit = next((one for one in list_units(connection, authority, on=on) if one.key == key), None)
    if unit is None:
        raise NoUnitError
    contacts = [ContactOut.model_validate(one) for one in list_contacts(connection, authority) if one.party == key]
    return UnitDetailOut.model_validate({**vars(unit), "contacts": contacts})


def unit_body(unit: UnitDetailOut) -> bytes:
    """Return the bytes that are sent of a unit."""
    return orjson.dumps(unit.model_dump(mode="json"))


def unit_etag(unit: UnitDetailOut) -> str:
    """Return the ETag of a unit with its contacts."""
    return etag_of_content(unit_body(unit))
