"""Which of the two languages a request asks for: Vietnamese unless it prefers English."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Request

from notifications.letters import Language

COOKIE = "dondoc-language"  #: what was chosen on a page


def accepted_language(header: str) -> Language:
    """Return the language that an Accept-Language header prefers; Vietnamese where it says nothing of either."""
    best, most = Language.VI, 0.0
    for part in header.split(","):
        name, _, parameter = part.partition(";")
        language = name.strip().partition("-")[0].lower()
        weight = _weight(parameter)
        if language in set(Language) and weight > most:
            best, most = Language(language), weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    with suppress(ValueError):
        return float(value)
    return 0.0


def language_of(request: Request) -> Language:
    """Return the language of a request's answer: `?lang=`, else on a page what was chosen there, in the API what the browser accepts."""
    asked = request.query_params.get("lang") or ("" if is_api(request) else request.cookies.get(COOKIE))
    if asked in set(Language):
        return Language(asked)
    return accepted_language(request.headers.get("accept-language", "")) if is_api(request) else Language.VI


def is_api(request: Request) -> bool:
    """Return whether programs, not people, ask at this address."""
    return request.url.path.startswith("/api/") or request.url.path == "/openapi.json"


Spoken = Annotated[Language, Depends(language_of)]
