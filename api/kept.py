"""
Kept answers: bytes that stand while the journal of an authority has not moved, nothing fell due, and the day is the same.

Their tag begins with the number of the journal's last entry and the business day, and ends with the bytes' own hash, so that every process
gives the same tag to the same answer.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date, datetime

MOST = 64  #: answers kept; the one used longest ago goes first


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer, and while what it is good."""

    body: bytes
    tag: str
    journal: int  #: number of the journal's last entry
    day: date
    since: datetime
    until: datetime | None  #: the next moment at which time alone changes it

    def holds(self, *, journal: int, day: date, now: datetime) -> bool:
        """Return whether it is what would be answered now."""
        return self.journal == journal and self.day == day and self.since <= now and (self.until is None or now < self.until)


def kept(body: bytes, *, journal: int, day: date, since: datetime, until: datetime | None) -> Kept:
    """Return an answer with its tag."""
    tag = f'"{journal}-{day:%Y%m%d}-{sha256(body).hexdigest()[:12]}"'
    return Kept(body=body, tag=tag, journal=journal, day=day, since=since, until=until)


@dataclass(kw_only=True)
class KeptAnswers:
    """The answers that this process keeps."""

    _answers: OrderedDict[Hashable, Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Kept | None:
        """Return what is kept under a key."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: Kept) -> None:
        """Keep an answer; forget the one used longest ago where there are too many."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)


def kept_by(request: Request) -> KeptAnswers:
    """Return what the app of a request keeps."""
    found: KeptAnswers = request.app.state.kept
    return found


HasKept = Annotated[KeptAnswers, Depends(kept_by)]
#: An answer with a tag may be kept by whoever asked, who asks each time whether it still stands.
AGAIN = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}


def tagged(request: Request, body: bytes, *, tag: str) -> Response:
    """Return JSON bytes under their tag; 304 without them if the request names that tag (RFC 9110, 13.1.2)."""
    headers = {**AGAIN, "ETag": tag}
    if is_known(request.headers.get("if-none-match", ""), tag=tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def is_known(header: str, *, tag: str) -> bool:
    """Return whether `If-None-Match` names a tag; a weak one compares as the strong one."""
    return header.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in header.split(",")}
