"""security.txt (RFC 9116): to whom those write who found a weakness."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import PlainTextResponse

from api.asking import HasServed, Now

router = APIRouter(default_response_class=PlainTextResponse)
#: It must be renewed within a year; it is made anew whenever it is asked for.
GOOD_FOR = timedelta(days=180)


@router.get("/.well-known/security.txt")
def security_txt(served: HasServed, now: Now) -> PlainTextResponse:
    """Say whom to write to, in which languages, and until when that holds."""
    expires = (now + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    contact = "".join(served.settings.security_contact.split())
    lines = (f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: vi, en")
    return PlainTextResponse("\n".join(lines) + "\n")
