"""What an authority is called and how its head looks: changed in Settings; its logo, at an address that says its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.asking import HasServed
from api.changing.people import ChangingPeople
from api.console.branding_form import BLANKS
from api.console.forms import Flash, fields_of, refused
from api.console.offices import office_of
from api.console.settings import DONE, shown
from api.console.visiting import Visitor, Visits, frame_of
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.errors import ChangedError
from api.routes.branding import changed
from api.wire.branding import HeadIn
from evaluation.branding import MOST_BYTES
from evaluation.rights_table import Action
from store.commands.branding import HeadChange
from store.queries.branding import logo_of
from store.queries.health import answering
from store.refusals import RefusalError
from store.rights import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.console.deeds import Attempt

router = APIRouter(default_response_class=HTMLResponse)
#: A picture runs nothing and loads nothing, even where it is opened by itself.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_FOR_GOOD = "public, max-age=31536000, immutable"
_REFUSED = (RefusalError, ValidationError, NotAllowedError, ChangedError)


class SentLogo(BaseModel):
    """What is sent beside a picture: what its file is called, which state of the head is meant, and the year in the menu."""

    name: str = Field(default="", max_length=300)
    etag: str = Field(default="", max_length=100)
    cycle: str = Field(default="", pattern=r"^[0-9]{0,18}$")


@router.post("/settings/branding")
async def change(request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Change names and the line of the standing body; drop the logo, where that is ticked."""
    fields = await fields_of(request)

    def done() -> Response:
        attempt = _tried(visitor, person, fields, _asked)
        if attempt is None:
            return RedirectResponse(f"/settings?done=branding{_year(fields, '&cycle=')}", status_code=303)
        return shown(visitor, person, cycle=_cycle(fields), attempt=attempt)

    return await run_in_threadpool(done)


@router.post("/settings/branding/logo")
async def take_logo(request: Request, visitor: Visits, person: SignedIn, sent: Annotated[SentLogo, Query()]) -> Response:
    """Take a picture sent as it is as the logo, once it has been looked into."""
    async with received(request) as spool:
        content = await run_in_threadpool(spool.read, MOST_BYTES + 1)

    def answer() -> Response:
        fields = {"etag": sent.etag, "cycle": sent.cycle}
        attempt = _tried(visitor, person, fields, lambda _: HeadChange(logo=content))
        done = DONE["branding"]
        flash = None if attempt else Flash(tone="success", title=visitor.say(done))
        return shown(visitor, person, cycle=_cycle(fields), attempt=attempt, flash=flash)

    return await run_in_threadpool(answer)


def _asked(fields: Mapping[str, str]) -> HeadChange:
    given = {one.name: fields.get(one.name, "") for one in BLANKS}
    return HeadIn.model_validate(given | ({"logo": b""} if fields.get("drop_logo") else {})).change


def _tried(visitor: Visitor, person: Person, fields: Mapping[str, str], asked: Callable[[Mapping[str, str]], HeadChange]) -> Attempt | None:
    """Change the head of the authority in the menu; return what could not be done, with why."""
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="settings", cycle=_cycle(fields))
        authority = office_of(visitor, connection, frame, person, action=Action.CHANGE_AUTHORITY)
    etag = fields.get("etag", "")
    changing = ChangingPeople(served=visitor.served, person=person, now=visitor.now, keyed=None, authority=authority, if_match=etag)
    try:
        changed(changing, asked(fields), if_match=etag)
    except _REFUSED as error:
        written = {one.name: fields[one.name] for one in BLANKS if one.name in fields}
        return refused(visitor, error, action="branding", fields=written)
    return None


def _cycle(fields: Mapping[str, str]) -> int | None:
    given = fields.get("cycle", "")
    return int(given) if given.isdecimal() else None


def _year(fields: Mapping[str, str], before: str) -> str:
    cycle = _cycle(fields)
    return "" if cycle is None else f"{before}{cycle}"


@router.get("/logo/{sha256}")
def logo(sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], served: HasServed) -> Response:
    """Return a logo; its address is its content, so that browsers keep it for good. It also stands on the sign-in page."""
    with answering(served.store) as connection:
        found = logo_of(connection, sha256)
    if found is None:
        return Response(status_code=404)
    return Response(
        found.content, media_type=found.kind.value, headers={"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": _FOR_GOOD}
    )
