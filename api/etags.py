"""
ETags of obligations: which state somebody saw, so that nobody changes what somebody else has just changed.

A change of an obligation must say in `If-Match` which state it means. It is the number of the obligation's moves: what time alone changes
(late, overdue) leaves it as it is.
"""

from __future__ import annotations


class NoIfMatchError(Exception):
    """A change did not say which state it means."""


def etag_of(moves: int) -> str:
    """Return the ETag of an obligation that has made so many moves, with its quotation marks."""
    return f'"{moves}"'


def matches(if_match: str, *, etag: str) -> bool:
    """Return whether an `If-Match` header names an ETag; weak ones match nothing. NoIfMatchError if it names none, or any (`*`)."""
    named = [one.strip() for one in if_match.split(",") if one.strip()]
    if not named or "*" in named:
        raise NoIfMatchError
    return etag in named
