"""Report forms: which an authority has taken in, a file looked over with its faults, and taken in once it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.idempotency import keyed_as
from api.changing.people import ChangingPeople
from api.console.catalogues import N_
from api.console.criteria import MOST_FAULTS, fault_said
from api.console.forms import body_digest, fields_of, refused
from api.console.offices import MaybeCycle, office_of
from api.console.outbox import done_flash
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.answering import KINDS
from api.routes.reports import import_form
from api.wire.reports import FormIn
from config.faults import FormError
from config.form_files import form_keys, parse_form
from evaluation.rights_table import Action
from store.commands.report_forms import own_forms
from store.queries.health import answering

if TYPE_CHECKING:
    from api.console.deeds import Attempt
    from evaluation.reports.forms import ReportForm

router = APIRouter(prefix="/report-forms", default_response_class=HTMLResponse)
MOST_BYTES = 256 * 1024
ENDINGS = (".yaml", ".yml")
DONE = {"import": N_("Đã nhập biểu mẫu; báo cáo bắt đầu từ nay dùng biểu mẫu này.")}
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a file that was sent says: a form, or its faults; nothing is kept."""

    text: str = ""
    form: ReportForm | None = None
    faults: tuple[tuple[str, str, str], ...] = ()
    more: int = 0
    wrong: str = ""  #: why it was not even read


@router.get("")
def forms_page(visitor: Visits, person: SignedIn, cycle: MaybeCycle = None) -> HTMLResponse:
    """The report forms of an authority, and where one is taken in. NotAllowedError."""
    return _shown(visitor, person, cycle=cycle)


def _shown(
    visitor: Visitor, person: Person, *, cycle: int | None, looked: Looked | None = None, attempt: Attempt | None = None
) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="reports", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.CHANGE_FORMS)
        facts = {
            "authority": authority,
            "forms": own_forms(connection, authority.id),
            "shipped": form_keys(),
            "looked": looked,
            "attempt": attempt,
            "most_bytes": MOST_BYTES,
            "once": uuid4().hex,
            "flash": done_flash(visitor, DONE),
        }
    wrong = attempt is not None or (looked is not None and looked.form is None)
    return page(visitor, "report_forms.html", frame, facts, status=422 if wrong else 200)


@router.post("/look")
async def look(request: Request, visitor: Visits, person: SignedIn, name: str = "", cycle: MaybeCycle = None) -> HTMLResponse:
    """Look a file over, sent as it is: what it asks, or every fault by line and column; nothing is kept."""
    async with received(request) as spool:
        looked = await run_in_threadpool(_looked, visitor, spool, name)
    return await run_in_threadpool(lambda: _shown(visitor, person, cycle=cycle, looked=looked))


def _looked(visitor: Visitor, file: BinaryIO, name: str) -> Looked:
    content = file.read(MOST_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text or not name.lower().endswith(ENDINGS) or len(content) > MOST_BYTES:
        return Looked(wrong=visitor.say(N_("Chỉ nhận tệp .yaml viết bằng UTF-8, lớn nhất 256 KB; chưa nhận gì.")))
    try:
        return Looked(text=text, form=parse_form(text, file="form.yaml"))
    except FormError as error:
        shown = tuple(fault_said(fault, visitor.language) for fault in error.faults[:MOST_FAULTS])
        return Looked(faults=shown, more=len(error.faults) - len(shown))


@router.post("/take")
async def take(request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Take in the form that was looked over, by the API's own function; what cannot be done is shown again."""
    fields = await fields_of(request)
    given = fields.get("cycle", "")
    cycle = int(given) if given.isdecimal() else None
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))

    def act() -> None:
        with answering(visitor.served.store) as connection:
            authority = office_of(visitor, connection, frame_of(visitor, connection, here="reports", cycle=cycle), person)
        asked = ChangingPeople(served=visitor.served, person=person, now=visitor.now, keyed=keyed, authority=authority, if_match="")
        import_form(FormIn(yaml=fields.get("yaml", "").replace("\r\n", "\n")), asked)

    try:
        await run_in_threadpool(act)
    except REFUSED as error:
        attempt = refused(visitor, error, action="import", fields={})
        return await run_in_threadpool(lambda: _shown(visitor, person, cycle=cycle, attempt=attempt))
    return RedirectResponse("/report-forms?done=import" + (f"&cycle={cycle}" if cycle else ""), status_code=303)
