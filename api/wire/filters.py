"""Filters: a parameter that names nothing that is there is refused by name; a slip of the pen is not taken for an empty list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from store.queries.named import Named, not_there

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.health import View

#: Parameters that may be given more than once.
_LISTS = frozenset({"state"})


async def each_once(request: Request) -> None:
    """Let a request through that gives no parameter twice. RequestValidationError."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    refuse_parameters({name: {} for name, times in given.items() if times > 1 and name not in _LISTS}, kind="given_twice")


def require_there(connection: View, named: Named, *, called: dict[str, str] | None = None) -> None:
    """Let go on whoever names what is there, in one query; `called`: parameters of another name than the field. RequestValidationError."""
    wrong = {(called or {}).get(name, name): {"given": given} for name, given in not_there(connection, named).items()}
    refuse_parameters(wrong, kind="nobody_there")


def refuse_parameters(wrong: Mapping[str, Mapping[str, object]], *, kind: str) -> None:
    """Refuse some parameters with the facts of each, if there are any. RequestValidationError."""
    if wrong:
        raise RequestValidationError([{"type": kind, "loc": ("query", name), "ctx": facts} for name, facts in wrong.items()])
