"""Units and contacts brought in from a workbook or a CSV file: every fault by its cell, and nothing taken until there is none."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from api.console.launch_steps import step_page
from api.console.launching import AsWanted, Wanted, chosen_of
from api.console.visiting import Visitor, Visits
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from config.faults import RosterError
from config.loader import load_roster
from config.roster_files import TABLE_ENDINGS
from evaluation.rights_table import Action
from notifications.letters import Language
from store.commands.authorities import Imported, import_roster
from store.queries.health import answering
from store.queries.rights import facts_of_account
from store.queries.rosters import roster_of
from store.rights import authorise_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.console.launching import Chosen
    from config.faults import Fault
    from evaluation.rosters import Roster

router = APIRouter(prefix="/launch", default_response_class=HTMLResponse)
#: A roster of ten thousand units is a tenth of it; what is larger holds pictures.
MOST_BYTES = 10 * 1024 * 1024
_UNUSUAL, _LONGEST_NAME = re.compile(r"[^\w .()-]"), 60
#: So many faults are shown; whoever mends them sees the rest next.
MOST_FAULTS = 500


class WantedFile(Wanted):
    """What is to be launched, what the file is called that is sent, and whether what it does was looked at."""

    name: str = Field(default="", max_length=300)
    sure: Literal["yes", ""] = ""


@dataclass(frozen=True, kw_only=True)
class FaultView:
    """A fault as the page shows it."""

    cell: str
    what: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file."""

    name: str
    imported: Imported | None = None
    looked: Imported | None = None  #: what it would do; nothing is done yet
    faults: Sequence[FaultView] = ()
    more: int = 0  #: faults that are not shown
    wrong: str = ""  #: `size` or `kind`: why it was not even read


@router.get("/people")
def people(wanted: AsWanted, visitor: Visits) -> HTMLResponse:
    """Who is there, and where to bring in more."""
    return people_page(visitor, wanted)


def people_page(visitor: Visitor, wanted: Wanted, *, taken: Taken | None = None) -> HTMLResponse:
    """Return the step of the people, with what became of a file."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        roster = roster_of(connection, chosen.authority.id, on=chosen.plan.reference_on)
        silent = _silent(roster, chosen)
        facts = {"chosen": chosen, "roster": roster, "silent": silent, "taken": taken, "most_bytes": MOST_BYTES}
        good = taken is None or taken.imported is not None or taken.looked is not None
        return step_page(visitor, connection, "/people", facts, status=200 if good else 422)


def _silent(roster: Roster, chosen: Chosen) -> list[str]:
    """Return the names of units that nobody could write to."""
    on = chosen.plan.reference_on
    reached = {one.party for one in roster.contacts if one.address}
    return [one.name for one in roster.parties if one.level and one.is_valid(on) and not one.mailbox and one.key not in reached]


@router.post("/people")
async def take_in(wanted: Annotated[WantedFile, Query()], request: Request, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """Show what a file sent as it is would change; bring it in, all of it or nothing, once that was seen."""
    plain = _UNUSUAL.sub("_", wanted.name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:]
    async with received(request) as spool:
        taken = await run_in_threadpool(_taken, visitor, person, wanted, file=spool, name=plain)
    return await run_in_threadpool(lambda: people_page(visitor, wanted, taken=taken))


def _taken(visitor: Visitor, person: Person, wanted: WantedFile, *, file: BinaryIO, name: str) -> Taken:
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
    if not name.lower().endswith(TABLE_ENDINGS):
        return Taken(name=name, wrong="kind")
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return Taken(name=name, wrong="size")
    try:
        roster = _read(content, name)
    except RosterError as error:
        shown = [_shown(fault, visitor.language) for fault in error.faults[:MOST_FAULTS]]
        return Taken(name=name, faults=shown, more=len(error.faults) - len(shown))
    try:
        return Taken(name=name, imported=_import(visitor, person, chosen, roster, sure=bool(wanted.sure)))
    except _LookedAtError as looked:
        return Taken(name=name, looked=looked.imported)


class _LookedAtError(Exception):
    """What an import would do; whatever it did is taken back."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported


def _import(visitor: Visitor, person: Person, chosen: Chosen, roster: Roster, *, sure: bool) -> Imported:
    with visitor.served.store.transaction(now=visitor.now, actor=person.actor) as transaction:
        facts = facts_of_account(transaction.connection, person.account.id)
        authorise_on(transaction, Action.CHANGE_PEOPLE, chosen.resource, facts=facts)
        imported = import_roster(transaction, authority=chosen.authority.id, roster=roster)
        if not sure:
            raise _LookedAtError(imported)
        return imported


def _read(content: bytes, name: str) -> Roster:
    """Return the roster of a file that was sent; it bears its own name while it is read, since units keep where they are known from."""
    with tempfile.TemporaryDirectory(prefix="dondoc-roster-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return load_roster(path)


def _shown(fault: Fault, language: Language) -> FaultView:
    cell = fault.cell or f"{fault.line}:{fault.column}"
    if language is Language.VI:
        return FaultView(cell=cell, what=fault.what_vi, instead=fault.instead_vi)
    return FaultView(cell=cell, what=fault.what, instead=fault.instead)
