"""How answers are written: JSON by orjson, pages as UTF-8 that no cache keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from starlette.responses import HTMLResponse, JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.letters import Language


class OrjsonResponse(JSONResponse):
    """JSON, written by orjson."""

    def render(self, content: object) -> bytes:
        """Return the bytes of plain JSON values."""
        return orjson.dumps(content)


def html(page: str, *, language: Language, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """Return a page in the language that it is written in."""
    return HTMLResponse(page, status_code=status, headers={**(headers or {}), "Content-Language": language.value})
