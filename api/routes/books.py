"""Books of sheets: many units' sheets as one workbook, and in again: looked at first, then taken whole or without the units with faults."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.asking import HasServed, Now, Served
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.languages import Spoken
from api.problems.errors import NoCycleError
from api.routes.cycles import Number
from api.routes.score_sheets import XLSX
from api.wire.books import BookOut
from api.wire.described import problems
from config.scores_book_writing import book_workbook
from evaluation.scores.books import BookPart
from store.commands.scores.books import BookTaker, Take
from store.commands.scores.held import SheetError
from store.queries.books import Wanted, may_fill, units_of_book
from store.queries.health import answering
from store.queries.rights import cycle_resource, facts_of_account
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from evaluation.rights import ActorFacts
    from store.commands.scores.books import UnitOutcome
    from store.queries.health import View

router = APIRouter(prefix="/cycles/{id}", tags=["scores"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_WORKBOOK = {"requestBody": {"required": True, "content": {XLSX: _BINARY}}}


_FOUND: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: _BINARY}}}
Group = Annotated[str, Query(max_length=100, description="Chỉ một nhóm đơn vị / only one group of units")]
Units = Annotated[
    str, Query(max_length=20_000, description="Chỉ các đơn vị này: khóa, cách nhau bằng dấu phẩy / only these: keys, by commas")
]
Asked = Annotated[Take, Query(description="Xem trước, ghi tất cả, hoặc chỉ đơn vị không lỗi / look, take all, or units without a fault")]


@router.get("/sheets.xlsx", response_class=Response, responses={**_FOUND, **problems(401, 404, 422, about="cycle")})
def fetch_book(  # noqa: PLR0913  which units, for whom
    cycle: Number, person: SignedIn, served: HasServed, now: Now, *, part: BookPart = BookPart.SELF, group: Group = "", units: Units = ""
) -> Response:
    """The sheets of every unit of which you may fill leaves in now, as one workbook: a row for each unit and leaf."""
    with answering(served.store) as connection:
        viewer = viewer_of(connection, person, cycle)
        wanted = Wanted(cycle=cycle, part=part.part, group=group, units=tuple(key for key in units.split(",") if key))
        found = units_of_book(served.store, connection, wanted, viewer=viewer, now=now)
        book = book_workbook(found, cycle=str(cycle), part=part.part)
    return Response(book, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename=dondoc-phieu-{part.value}-{cycle}.xlsx"})


@router.post("/sheets.xlsx", responses=problems(401, 404, 413, 422, about="cycle"), openapi_extra=_WORKBOOK)
async def take_book(  # noqa: PLR0913, PLR0917  a file's name stands in its query, since its body is the file
    cycle: Number, request: Request, person: SignedIn, served: HasServed, now: Now, language: Spoken, take: Asked = Take.LOOK
) -> BookOut:
    """Look at a filled workbook of many units, or take it in; every fault stands with its unit, by its cell."""
    await run_in_threadpool(require_some, served, person, cycle, now=now)  # nobody's workbook is read who may fill nothing in
    async with received(request) as spool:
        outcomes, written = await run_in_threadpool(lambda: _taken(served, person, cycle, spool=spool, take=take, now=now))
    return BookOut.of(outcomes, written=written, language=language)


def _taken(  # noqa: PLR0913  whose file, of which cycle
    served: Served, person: Person, cycle: int, *, spool: BinaryIO, take: Take, now: datetime
) -> tuple[tuple[UnitOutcome, ...], bool]:
    """Return what became of each unit, and whether anything was written."""
    with answering(served.store) as connection:
        facts = viewer_of(connection, person, cycle)
    taker = BookTaker(store=served.store, cycle=cycle, now=now, actor=person.actor, facts=facts)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.xlsx"
        with path.open("wb") as file:
            copyfileobj(spool, file)
        return taker.read(path).act(take)


def viewer_of(connection: View, person: Person, cycle: int) -> ActorFacts:
    """Return who asks about a cycle of their authority, as far as rights go. NoCycleError of any other."""
    try:
        authority = cycle_resource(connection, cycle).authority
    except NoSuchCycleError:
        raise NoCycleError(cycle) from None
    if authority not in person.authorities:
        raise NoCycleError(cycle)
    return facts_of_account(connection, person.account.id)


def require_some(served: Served, person: Person, cycle: int, *, now: datetime) -> None:
    """Raise SheetError of somebody who may fill in nothing of a cycle now; NoCycleError."""
    with answering(served.store) as connection:
        viewer = viewer_of(connection, person, cycle)
        if not any(may_fill(served.store, connection, cycle, part.part, viewer=viewer, now=now) for part in BookPart):
            vi, en = "không có phiếu nào của chu kỳ mà anh/chị điền được lúc này", "there is no sheet of the cycle that you may fill in now"
            raise SheetError(vi, en)
