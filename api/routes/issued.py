"""Issued papers as the unit that they are about opens them, at the work that they speak of; drafts are nobody's but the register's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.asking import HasServed, Now
from api.changing.doing import Work
from api.doors.signing_in import SignedIn
from api.problems.errors import NoPaperError
from api.routes.evidence import HasFiles
from api.routes.papers import FILE, file_answer
from api.wire.described import of_a_look
from api.wire.papers import IssuedPaperOut, IssuedPapersOut
from evaluation.rights_table import Action
from store.commands.moves import NoSuchObligationError
from store.queries.health import answering
from store.queries.issued_papers import issued_at
from store.queries.rights import facts_of_account, obligation_resource
from store.rights import NotAllowedError, require

if TYPE_CHECKING:
    from datetime import datetime

    from api.asking import Served
    from api.doors.signing_in import Person
    from store.queries.issued_papers import IssuedPaper

router = APIRouter(prefix="/obligations/{id}/papers", tags=["papers"])
Which = Annotated[str, Path(pattern="^[1-9][0-9]{0,17}$", description="Số của văn bản / the paper's number", examples=["1"])]


@router.get("", responses=of_a_look("obligation"))
def list_issued(obligation: Work, person: SignedIn, served: HasServed, now: Now) -> IssuedPapersOut:
    """The signed papers about this work that its unit may open: letters to it, minutes and conclusions of its inspection."""
    return IssuedPapersOut(items=[IssuedPaperOut.of(one.paper) for one in _issued(served, person, obligation, now=now)])


@router.get(
    "/{key}/file",
    response_class=Response,
    responses={200: {"content": FILE, "description": "Tệp / the file"}, **of_a_look("obligation")},
)
def download_issued(  # noqa: PLR0913, PLR0917  which file, of whom, for whom
    obligation: Work, key: Which, person: SignedIn, served: HasServed, now: Now, files: HasFiles
) -> Response:
    """The signed file of one of them."""
    found = next((one.paper for one in _issued(served, person, obligation, now=now) if one.paper.id == int(key)), None)
    if found is None or found.signed_sha256 is None:
        raise NoPaperError(int(key))
    return file_answer(files, found.signed_sha256, name=found.signed_name)


def _issued(served: Served, person: Person, obligation: int, *, now: datetime) -> list[IssuedPaper]:
    with answering(served.store) as connection:
        resource = obligation_resource(served.store, connection, obligation, now=now)
        if resource is None:
            raise NoSuchObligationError(obligation)
        facts = facts_of_account(connection, person.account.id)
        try:
            require(connection, facts, Action.READ_ISSUED, resource, now=now)
        except NotAllowedError as refused:
            if refused.verdict.hidden:
                raise NoSuchObligationError(obligation) from None
            raise
        return issued_at(served.store, connection, facts, obligation, now=now)
