"""Static files: their addresses carry what they hold, so that browsers keep them for good and never an old one; they travel compressed."""

from __future__ import annotations

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.types import Scope

STATIC = Path(__file__).parents[1] / "static"
CONSOLE = Path(__file__).with_name("static")
_PACKED = (".css", ".js", ".svg")
_FOR_GOOD = "public, max-age=31536000, immutable"
_MARK = 12


class MarkedFiles(StaticFiles):
    """Files of a folder; asked for under the mark of what they hold, they are kept for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, compressed where the browser takes that."""
        answer = await super().get_response(path, scope)
        if answer.status_code != 200:  # noqa: PLR2004  the one good answer
            return answer
        if path.endswith(_PACKED) and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "content-encoding"}}
            answer = Response(_packed(str(self.directory), path), headers={**kept, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
        if scope["query_string"]:
            answer.headers["Cache-Control"] = _FOR_GOOD
        return answer


@lru_cache
def _packed(folder: str, path: str) -> bytes:
    return gzip.compress((Path(folder) / path).read_bytes(), mtime=0)


@lru_cache
def address(path: str) -> str:
    """Return the address of a file under `/static` or, where it is the console's own, `/console`."""
    name = path.removeprefix("console/")
    folder = CONSOLE if name != path else STATIC
    mark = sha256((folder / name).read_bytes()).hexdigest()[:_MARK]
    return f"/{'console' if name != path else 'static'}/{name}?{mark}"
