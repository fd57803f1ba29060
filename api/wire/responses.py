"""How answers are written: JSON by orjson, pages as UTF-8 that no cache keeps."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import orjson
from starlette.responses import HTMLResponse, JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.letters import Language


_LONG = 4096  #: bytes; a page below that is sent as it is
_QUICKLY = 4


class OrjsonResponse(JSONResponse):
    """JSON, written by orjson."""

    def render(self, content: object) -> bytes:
        """Return the bytes of plain JSON values."""
        return orjson.dumps(content)


def packed(answer: HTMLResponse, headers: Mapping[str, str]) -> HTMLResponse:
    """Return a page compressed where it is long and the browser takes that, as `headers` of its request say."""
    if len(answer.body) < _LONG or "gzip" not in headers.get("accept-encoding", ""):
        return answer
    kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
    named = {**kept, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HTMLResponse(gzip.compress(answer.body, compresslevel=_QUICKLY, mtime=0), status_code=answer.status_code, headers=named)


def html(page: str, *, language: Language, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return a page in the language that it is written in."""
    return HTMLResponse(page, status_code=status, headers={**(headers or {}), "Content-Language": language.value})
