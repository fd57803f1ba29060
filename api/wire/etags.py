"""
ETags of what is changed: which state somebody saw, so that nobody changes what somebody else has just changed.

A change must say in `If-Match` which state it means. Of an obligation or a cycle it is the number of its moves: what time alone changes
(late, overdue) leaves it as it is. Of a unit it is the hash of what is shown of it, of a calendar its version.
"""

from __future__ import annotations

import re
from hashlib import sha256

_TAG = re.compile(r'"[^"]*"')


class NoIfMatchError(Exception):
    """A change did not say which state it means."""


class BadIfMatchError(Exception):
    """What stands in `If-Match` is no strong ETag: without its quotation marks, or weak (`W/`)."""


def etag_of(moves: int) -> str:
    """Return the ETag of an obligation or a cycle that has made so many moves, with its quotation marks."""
    return f'"{moves}"'


def etag_of_content(body: bytes) -> str:
    """Return the ETag of what is shown: another content has another one."""
    return f'"{sha256(body).hexdigest()[:16]}"'


def matches(if_match: str, *, etag: str) -> bool:
    """
    Return whether an `If-Match` header names an ETag.

    Raises:
        NoIfMatchError: it names none, or any (`*`).
        BadIfMatchError: it names something that no answer gave as an ETag: such a one was never seen, so nothing was changed meanwhile.

    """
    named = [one.strip() for one in if_match.split(",") if one.strip()]
    if not named or "*" in named:
        raise NoIfMatchError
    if not all(_TAG.fullmatch(one) for one in named):
        raise BadIfMatchError
    return etag in named
