"""Visiting: who looks at the console, in which language, and the frame that every page of theirs has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from api.asking import HasServed, Now, Served
from api.console.catalogues import translations
from api.console.rendering import render
from api.languages import Spoken
from api.sight import MaySee, Seeing
from api.wire.responses import html, packed
from evaluation.rights import decide
from evaluation.rights_table import Action
from notifications.letters import Language
from notifications.phrases import pick
from store.queries.frame import FrameCycle, cycles_of_frame
from store.queries.rights import authority_resource
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from store.queries.health import View

_AUTHORITY_PAGES = {
    Action.READ_OUTBOX: "outbox",
    Action.READ_JOURNAL: "journal",
    Action.READ_PAPERS: "papers",
    Action.READ_PEOPLE: "people",
    Action.IMPORT_CALENDAR: "settings",
    Action.READ_CRITERIA: "criteria",
}


#: What an address may ask and no page repeats as it was written.
_NOT_REPEATED = frozenset({"lang", "only", "done"})


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who looks, and with what."""

    request: Request
    served: Served
    seen: Seeing
    now: datetime
    language: Language

    @property
    def csrf(self) -> str:
        """What a form of theirs must bring; empty where they cannot change anything."""
        person = self.seen.person
        return person.session.csrf if person is not None and person.session is not None else ""

    def say(self, words: str) -> str:
        """Return words of a page in their language."""
        return translations(self.language).gettext(words)

    def either(self, vi: str, en: str) -> str:
        """Return the one in their language, of words that are data."""
        return pick((vi, en), language=self.language)

    def today(self, zone: str) -> date:
        """Return the local day."""
        return self.now.astimezone(ZoneInfo(zone)).date()


def visitor(request: Request, seen: MaySee, served: HasServed, now: Now, language: Spoken) -> Visitor:
    """Return who looks; NotSignedInError if nobody may be."""
    return Visitor(request=request, served=served, seen=seen, now=now, language=language)


Visits = Annotated[Visitor, Depends(visitor)]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around every page: the years to choose from, which is looked at, and the pages that are open to them."""

    cycles: tuple[FrameCycle, ...]
    cycle: FrameCycle | None
    pages: frozenset[str]
    here: str

    @property
    def others(self) -> Sequence[FrameCycle]:
        """The years that are not looked at."""
        return [one for one in self.cycles if one != self.cycle]


def frame_of(visitor: Visitor, connection: View, *, here: str, cycle: int | None = None) -> Frame:
    """Return the frame of a page; where the page is of no year, the latest that has begun stands in its menu."""
    cycles = cycles_of_frame(connection, authorities=visitor.seen.authorities)
    begun = (one for one in cycles if one.is_under_way and one.year <= visitor.today(one.zone).year)
    chosen = next((one for one in cycles if one.id == cycle), None) or next(begun, cycles[0] if cycles else None)
    return Frame(cycles=cycles, cycle=chosen, pages=_pages(visitor, connection, chosen), here=here)


def _pages(visitor: Visitor, connection: View, cycle: FrameCycle | None) -> frozenset[str]:
    if visitor.seen.person is None:
        return frozenset({"status"} if cycle is not None else ())
    if cycle is None:  # the first year of an authority: whoever may launch it is named by its plan
        return frozenset({"launch"} if visitor.seen.person.authorities else ())
    facts, resource = visitor.seen.facts(connection), authority_resource(connection, cycle.authority)
    on = authority_today(connection, cycle.authority, now=visitor.now)
    asked = {
        **_AUTHORITY_PAGES,
        Action.READ_STATUS: "status",
        Action.READ_RESULTS: "results",
        Action.LAUNCH: "launch",
        Action.REPLAN: "change",
    }
    return frozenset(page for action, page in asked.items() if decide(facts, action, resource, on=on).allowed)


def page(visitor: Visitor, template: str, frame: Frame, facts: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
    """Return a page in its frame; it travels compressed, unless it repeats what was sent: its length would tell of its token (BREACH)."""
    made = render(template, language=visitor.language, visitor=visitor, frame=frame, **facts)
    answer = html(made, language=visitor.language, status=status)
    repeats = visitor.request.method != "GET" or not _NOT_REPEATED.issuperset(visitor.request.query_params)
    return answer if repeats else packed(answer, visitor.request.headers)
