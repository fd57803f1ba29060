"""Evidence: files sent as they are, kept by content, downloaded as files and never as pages, withdrawn without being lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.asking import HasServed, Now
from api.changing.doing import Changing, MayChange, Work
from api.changing.idempotency import KeyHeader, answer_of, keyed_as
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.errors import NoEvidenceError
from api.wire.described import OF_A_CHANGE, of_a_look, problems
from api.wire.etags import etag_of
from api.wire.work import LARGEST
from api.wire.work_answers import EvidenceListOut, EvidenceOut, MissingListOut, MissingOut
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.commands.evidence import attach, withdraw_evidence
from store.commands.moves import NoSuchObligationError, read_held
from store.files import Files, chunks_of, open_files
from store.queries.health import answering
from store.queries.rights import cycle_resource, facts_of_account, obligation_resource, obligation_resources
from store.queries.unit_work import EvidenceLine, evidence_named, evidence_of, missing_evidence
from store.rights import NotAllowedError, authorise, authority_today, require
from store.years import NoSuchCycleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from api.asking import Served
    from store.files import KeptFile
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(tags=["evidence"])
FileNumber = Annotated[int, Path(alias="id", ge=1, le=LARGEST)]
#: A file runs nothing and reaches nothing, even where a browser shows it.
SANDBOX = "default-src 'none'; sandbox"
_ANYTHING = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_AS_SENT = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
_THERE_ALREADY: dict[int | str, dict[str, Any]] = {
    200: {"model": EvidenceOut, "description": "Đã có tệp này / there already, as it was sent first"}
}
_UPLOAD = {"requestBody": {"required": True, "content": _ANYTHING}}


def evidence_files(served: HasServed) -> Files:
    """Return where this installation keeps evidence."""
    chosen = served.settings
    return open_files(chosen.files_url, most_bytes=chosen.file_most_bytes, kinds=chosen.file_kinds)


HasFiles = Annotated[Files, Depends(evidence_files)]


async def changing_by_stream(served: HasServed, person: SignedIn, now: Now) -> Changing:
    """Return an upload as a request that changes something; its key counts once its body is known."""
    return Changing(served=served, person=person, now=now, keyed=None)


@router.post(
    "/obligations/{id}/evidence",
    status_code=201,
    response_model=EvidenceOut,
    responses={**_THERE_ALREADY, **OF_A_CHANGE, **problems(413)},
    openapi_extra=_UPLOAD,
)
async def upload(  # noqa: PLR0913, PLR0917  an upload's name and part stand in its query, since its body is the file
    obligation: Work,
    request: Request,
    uploading: Annotated[Changing, Depends(changing_by_stream)],
    files: HasFiles,
    name: Annotated[str, Query(min_length=1, max_length=300, description="Tên tệp / the file's name", examples=["bao-cao.pdf"])],
    item: Annotated[str, Query(max_length=200, description="Phần của sản phẩm / part of the deliverable")] = "",
    key: KeyHeader = "",
) -> Response:
    """
    Send a file as the body, as it is, as evidence of an obligation or of one part of its deliverable.

    The same content for the same part again is the evidence that is there: 200, with its first name.
    """
    person, served = uploading.person, uploading.served
    # nobody's bytes are taken in who may not send them
    await run_in_threadpool(_require, served, person, obligation, Action.UPLOAD, now=uploading.now)
    async with received(request) as stream:
        kept = await run_in_threadpool(lambda: files.keep(chunks_of(stream), name=name))
    keyed = keyed_as(request, person.account.id, key=key, digest=kept.sha256) if key else None
    ready = Changing(served=served, person=person, now=uploading.now, keyed=keyed)
    return await run_in_threadpool(ready.change, _attaching(ready, obligation, file=kept, item=item))


def _attaching(changing: Changing, obligation: int, *, file: KeptFile, item: str) -> Callable[[Transaction], Answer]:
    def work(transaction: Transaction) -> Answer:
        authorise(changing.store, transaction, obligation, Action.UPLOAD, facts=changing.facts(transaction))
        standing = {line.id for line in evidence_of(transaction.connection, obligation)}
        ident = attach(changing.store, transaction, obligation, file=file, item=item)
        line = evidence_named(transaction.connection, ident)
        etag = _etag(changing, transaction, obligation)
        status = 200 if ident in standing else 201
        return answer_of(EvidenceOut.model_validate(line), status=status, Location=f"/api/v1/evidence/{ident}/file", ETag=etag)

    return work


def _etag(changing: Changing, transaction: Transaction, obligation: int) -> str:
    """Return the obligation's ETag as it is now: what comes and goes of its evidence changes it."""
    _, _, after = read_held(changing.store, transaction, obligation)
    return etag_of(after.moves)


def _require(served: Served, person: Person, obligation: int, action: Action, *, now: datetime) -> None:
    """Let somebody go on who may do that with an obligation, as things are. NoSuchObligationError, NotAllowedError."""
    with answering(served.store) as connection:
        resource = obligation_resource(served.store, connection, obligation, now=now)
        if resource is None:
            raise NoSuchObligationError(obligation)
        facts = facts_of_account(connection, person.account.id)
        try:
            require(connection, facts, action, resource, now=now)
        except NotAllowedError as refused:
            if refused.verdict.hidden:
                raise NoSuchObligationError(obligation) from None
            raise


@router.get("/obligations/{id}/evidence", responses=of_a_look("obligation"))  # noqa: FAST003  the parameter has its name as an alias
def list_evidence(
    obligation: Work,
    person: SignedIn,
    served: HasServed,
    now: Now,
    *,
    withdrawn: Annotated[bool, Query(description="Cả tài liệu đã rút / also what was withdrawn")] = False,
) -> EvidenceListOut:
    """The evidence of an obligation."""
    _require(served, person, obligation, Action.DOWNLOAD, now=now)
    with answering(served.store) as connection:
        lines = evidence_of(connection, obligation, withdrawn=withdrawn)
    return EvidenceListOut(items=[EvidenceOut.model_validate(line) for line in lines])


def _evidence(served: Served, evidence: int) -> EvidenceLine:
    with answering(served.store) as connection:
        line = evidence_named(connection, evidence)
    if line is None:
        raise NoEvidenceError(evidence)
    return line


@router.get(
    "/evidence/{id}/file",  # noqa: FAST003  the parameter has its name as an alias
    response_class=Response,
    responses={200: {"content": _AS_SENT, "description": "Tệp / the file"}, **of_a_look("evidence")},
)
def download(evidence: FileNumber, person: SignedIn, served: HasServed, now: Now, files: HasFiles) -> Response:
    """A piece of evidence as the file that was sent; withdrawn or not."""
    line = _evidence(served, evidence)
    try:
        _require(served, person, line.obligation, Action.DOWNLOAD, now=now)
    except NoSuchObligationError:
        raise NoEvidenceError(evidence) from None
    stream = files.read(line.sha256)
    headers = {
        "Content-Disposition": disposition(line.name),
        "Content-Length": str(line.size),
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(chunks_of(stream), media_type=line.media_type, headers=headers, background=BackgroundTask(stream.close))


def disposition(name: str) -> str:
    """Return how a file's name is said in a header (RFC 6266, 8187): plainly in ASCII, and as it is."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@router.delete("/evidence/{id}", status_code=204, response_class=Response, responses=OF_A_CHANGE)  # noqa: FAST003  the parameter has its name as an alias
def withdraw(evidence: FileNumber, changing: MayChange) -> Response:
    """Withdraw evidence while the work is in hand; its file stays, so that what was once submitted can still be shown."""
    line = _evidence(changing.served, evidence)

    def work(transaction: Transaction) -> Answer:
        try:
            authorise(changing.store, transaction, line.obligation, Action.WITHDRAW_EVIDENCE, facts=changing.facts(transaction))
        except NoSuchObligationError:
            raise NoEvidenceError(evidence) from None
        withdraw_evidence(changing.store, transaction, evidence)
        return answer_of(None, status=204, ETag=_etag(changing, transaction, line.obligation))

    return changing.change(work)


@router.get("/cycles/{id}/missing-evidence", responses=of_a_look("cycle"))  # noqa: FAST003  the parameter has its name as an alias
def list_missing(
    cycle: Work,
    person: SignedIn,
    served: HasServed,
    now: Now,
    party: Annotated[str, Query(max_length=200, description="Chỉ đơn vị này / of this unit only")] = "",
) -> MissingListOut:
    """Parts of deliverables for which there is no evidence yet, of the obligations that one may see."""
    store = served.store
    with answering(store) as connection:
        facts = facts_of_account(connection, person.account.id)
        authority = cycle_resource(connection, cycle).authority
        if authority not in {holding.authority for holding in facts.holdings}:
            raise NoSuchCycleError(cycle)
        lines = missing_evidence(store, connection, cycle, now=now, party=party)
        on = authority_today(connection, authority, now=now)
        found = obligation_resources(store, connection, sorted({line.obligation for line in lines}), now=now)
        seen = {ident for ident, one in found.items() if decide(facts, Action.READ_OBLIGATION, one, on=on).allowed}
    return MissingListOut(items=[MissingOut.model_validate(line) for line in lines if line.obligation in seen])
