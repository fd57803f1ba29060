"""Forms: what they send, and how what could not be done is said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.console.deeds import Attempt
from api.problems.answering import problem_of
from api.problems.errors import ChangedError
from store.perform import StaleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import Request

    from api.console.deed import Blank
    from api.console.visiting import Visitor


@dataclass(frozen=True, kw_only=True)
class Flash:
    """What a page says first."""

    tone: str  #: `success`, `danger`, `warning`
    title: str
    text: str = ""


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; of one that is given twice the last."""
    return dict(await all_fields_of(request))


async def all_fields_of(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a form, each as often as it is given."""
    return parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True)


async def fields_with_several(request: Request, *several: str) -> dict[str, str]:
    """Return the fields of a form; of those of which several may be chosen all that were, between spaces."""
    sent = await all_fields_of(request)
    return dict(sent) | {name: " ".join(value for key, value in sent if key == name) for name in several}


async def body_digest(request: Request) -> str:
    """Return what tells one sending of a form from another."""
    return hashlib.sha256(await request.body()).hexdigest()


def refused(visitor: Visitor, error: Exception, *, action: str, fields: Mapping[str, str], blanks: Sequence[Blank] = ()) -> Attempt:
    """Return what was sent and could not be done, with why, in the reader's language; `blanks` are the form's own fields."""
    said = (
        RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()])
        if isinstance(error, ValidationError)
        else error
    )
    problem = problem_of(visitor.request, said, language=visitor.language)
    faults = tuple((fault.where, fault.text) for fault in problem.errors or [])
    labels = {blank.name: visitor.say(blank.label) for blank in blanks}
    stale = isinstance(error, ChangedError | StaleError)
    text = "" if stale else problem.detail  # it speaks of requests; the page shows what has changed
    return Attempt(action=action, fields=fields, title=problem.title, text=text, faults=faults, stale=stale, labels=labels)
