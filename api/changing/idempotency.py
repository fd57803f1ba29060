"""Idempotency-Key: a request that is sent again with the same key does nothing twice and gets the same answer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import Depends, Header, Request
from starlette.responses import Response

from api.doors.signing_in import SignedIn
from store.idempotency import Answer, Keyed

if TYPE_CHECKING:
    from pydantic import BaseModel

#: Said of an answer that was given before.
REPLAYED = "Idempotency-Replayed"
KeyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="Khóa do máy khách tạo; gửi lại cùng khóa, cùng nội dung thì không làm lần thứ hai / made by the client: the same key "
        "and body again is not done twice",
    ),
]


async def keyed(request: Request, person: SignedIn, idempotency_key: KeyHeader = "") -> Keyed | None:
    """Return a request as it is known by its key; None if it brought none. Its body has been read."""
    if not idempotency_key:
        return None
    return keyed_as(request, person.account.id, key=idempotency_key, digest=hashlib.sha256(await request.body()).hexdigest())


def keyed_as(request: Request, account: int, *, key: str, digest: str) -> Keyed:
    """Return a request as it is known by its key; what its query says belongs to it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Keyed(account=account, key=key, target=f"{request.method} {request.url.path}{query}", body_sha256=digest)


MaybeKeyed = Annotated[Keyed | None, Depends(keyed)]


def answer_of(sent: BaseModel | None, *, status: int = 200, **headers: str) -> Answer:
    """Return what is sent as bytes that can be kept."""
    body = b"" if sent is None else orjson.dumps(sent.model_dump(mode="json"))
    return Answer(status=status, body=body, headers=headers)


def response_of(answer: Answer) -> Response:
    """Return an answer as it leaves."""
    again = {REPLAYED: "true"} if answer.again else {}
    media = "application/json" if answer.body else None
    return Response(answer.body, status_code=answer.status, media_type=media, headers={**answer.headers, **again})
