"""The journal: who did what, when, why and on which basis, in words; narrowed, paged by number, and as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, Response

from api.console.catalogues import N_
from api.console.chosen import XLSX
from api.console.entries import entry_views
from api.console.offices import office_of, offices_of
from api.console.outbox import may
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.routes.cycles import LARGEST
from api.routes.obligations import Key
from documents.workbooks import sheet_of
from evaluation.rights_table import Action
from store.queries.health import answering
from store.queries.journal import Asked, journal_entries, newest_entries
from store.queries.people import list_contacts, list_units
from store.queries.sight import journal_permitted
from store.queries.status import cycle_stages

if TYPE_CHECKING:
    from api.console.visiting import Frame
    from store.queries.health import View
    from store.queries.people import AuthorityFacts

router = APIRouter(default_response_class=HTMLResponse)
MOST = 50
#: Rows of a sheet: what officers' programs open at ease.
MOST_OF_A_SHEET = 20_000
HEADS = (
    N_("Số"),
    N_("Thời điểm"),
    N_("Ghi lúc"),
    N_("Ai"),
    N_("Tư cách"),
    N_("Việc"),
    N_("Về"),
    N_("Kết quả"),
    N_("Lý do"),
    N_("Căn cứ"),
)


class JournalFilter(BaseModel):
    """What narrows the journal; an empty field narrows nothing."""

    model_config = ConfigDict(extra="ignore")

    cycle: int | None = Field(default=None, ge=1, le=LARGEST)  #: the year that the page is opened at
    all: bool = False  #: entries of every year, and of none
    unit: Key = ""
    stage: Key = ""
    person: Key = ""
    before: int = Field(default=0, ge=0, le=LARGEST)

    def query(self, **changes: str | int) -> str:
        """Return the filter as a page's address says it, with changes."""
        given = {
            "cycle": self.cycle or "",
            "all": "true" if self.all else "",
            "unit": self.unit,
            "stage": self.stage,
            "person": self.person,
        }
        return urlencode({name: value for name, value in {**given, **changes}.items() if value})


Filtered = Annotated[JournalFilter, Query()]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to narrow by."""

    key: str
    name: str


@router.get("/journal")
def journal_page(asked: Filtered, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """The newest entries that one may read, of what is asked for."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="journal", cycle=asked.cycle)
        authority = office_of(visitor, connection, frame, person)
        wanted = _wanted(visitor, connection, asked, frame, authority)
        found = newest_entries(connection, wanted, at_most=MOST + 1)
        facts: dict[str, object] = {
            "entries": entry_views(visitor, connection, found[:MOST], zone=authority.zone),
            "next_before": found[MOST - 1].number if len(found) > MOST else None,
            **_choices(visitor, connection, frame, authority, person),
        }
        facts |= {"asked": asked, "offices": offices_of(frame), "authority": authority}
        return page(visitor, "journal.html", frame, facts)


@router.get("/journal.xlsx")
def journal_sheet(asked: Filtered, visitor: Visits, person: SignedIn) -> Response:
    """The same as a sheet, the oldest first."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="journal", cycle=asked.cycle)
        authority = office_of(visitor, connection, frame, person)
        wanted = _wanted(visitor, connection, asked, frame, authority)
        lines = list(islice(journal_entries(connection, wanted), MOST_OF_A_SHEET))
        views = entry_views(visitor, connection, lines, zone=authority.zone)
    rows = [
        (one.number, one.when, one.recorded, one.who, one.capacity, one.what, one.about, "; ".join(one.outcomes), one.reason, one.basis)
        for one in views
    ]
    name = quote(f"dondoc-nhat-ky-{authority.key}-{visitor.now:%Y%m%d}.xlsx")
    sheet = sheet_of([visitor.say(one) for one in HEADS], rows)
    return Response(sheet, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})


def _wanted(visitor: Visitor, connection: View, asked: JournalFilter, frame: Frame, authority: AuthorityFacts) -> Asked:
    facts = visitor.seen.facts(connection)
    return Asked(
        authority=authority.id,
        cycle=None if asked.all or frame.cycle is None else frame.cycle.id,
        unit=asked.unit,
        stage=asked.stage,
        person=asked.person,
        before=asked.before,
        readable=journal_permitted(visitor.served.store, connection, facts, now=visitor.now),
    )


def _choices(visitor: Visitor, connection: View, frame: Frame, authority: AuthorityFacts, person: Person) -> dict[str, list[Choice]]:
    """Return what can be narrowed by: units and people as far as they may be seen."""
    whole = may(visitor, connection, Action.READ_PEOPLE, authority=authority.id)
    own = {one.party_key for one in person.holdings if one.authority == authority.id}
    units = list_units(connection, authority.id, on=visitor.today(authority.zone))
    contacts = list_contacts(connection, authority.id)
    stages = [] if frame.cycle is None else cycle_stages(connection, [frame.cycle.id]).values()
    return {
        "units": [Choice(key=one.key, name=one.name) for one in units if whole or one.key in own],
        "people": [Choice(key=one.key, name=f"{one.name} · {one.party_name}") for one in contacts if whole or one.party in own],
        "stages": [Choice(key=one.stage, name=visitor.either(one.title, one.title_en)) for one in stages],
    }
