"""Cursors: where a page of a list ended, as text that only this program makes and reads."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from api.problems.errors import CursorError

if TYPE_CHECKING:
    from store.queries.obligations import ObligationLine


def cursor_behind(line: ObligationLine) -> str:
    """Return the cursor of what comes after an obligation."""
    due_at = None if line.due_at is None else line.due_at.isoformat()
    return urlsafe_b64encode(orjson.dumps([due_at, line.id])).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime | None, int]:
    """Return the due moment and number behind which a page begins; CursorError if no answer gave that text."""
    try:
        due_at, ident = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment = None if due_at is None else datetime.fromisoformat(due_at).astimezone(UTC)
        return moment, _key(ident)
    except (ValueError, TypeError, OverflowError) as error:
        raise CursorError from error


def _key(ident: object) -> int:
    if not isinstance(ident, int) or isinstance(ident, bool) or not 0 < ident < 2**63:
        raise CursorError
    return ident
