"""What is to be launched, as the addresses of the wizard carry it: for whom, by which plan, for which year. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.doors.errors import NotSignedInError
from api.problems.errors import NoAuthorityError, NoPlanError
from config.calendar_files import shipped_calendar
from config.loader import parse_plan, shipped_plans
from evaluation.kinds import Role
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.calendars import load_calendar
from store.commands.authorities import AuthorityError
from store.queries.frame import FrameCycle, cycles_of_frame
from store.queries.people import AuthorityFacts, NoSuchPartyError, authority_named, authority_of_id, newest_calendar, party_named
from store.queries.plans import plan_in_force
from store.queries.rights import authority_resource
from store.rights import authority_today, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from api.console.visiting import Visitor
    from evaluation.plans import Plan
    from evaluation.rights import Resource
    from evaluation.workdays import Calendar
    from store.queries.health import View

#: How the plan of a year that ran already is named in an address.
COPIED = "cycle-"
_MAY_BE_FIRST = frozenset({Role.OFFICER, Role.HEAD})


class Wanted(BaseModel):
    """What is to be launched, as an address says it."""

    model_config = ConfigDict(frozen=True)
    authority: str = Field(min_length=1, max_length=200)
    plan: str = Field(min_length=1, max_length=200)
    year: int = Field(ge=2000, le=2100)

    @property
    def query(self) -> str:
        """The same, for another step's address."""
        return urlencode({"authority": self.authority, "plan": self.plan, "year": self.year})

    @property
    def copied(self) -> int | None:
        """The cycle whose plan is taken; None of a shipped one."""
        number = self.plan.removeprefix(COPIED)
        return int(number) if number != self.plan and number.isdecimal() else None


AsWanted = Annotated[Wanted, Query()]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What is to be launched, read."""

    wanted: Wanted
    authority: AuthorityFacts
    plan: Plan
    yaml: str
    calendar: Calendar
    before: int  #: the year that the plan was made, or run, for
    moved: Mapping[str, date]  #: dates that were set by hand in the year that is copied
    resource: Resource

    @property
    def title(self) -> tuple[str, str]:
        """What the year will be called, in Vietnamese and English."""
        named = self.plan.named_for(self.wanted.year)
        return named.title, named.title_en


@dataclass(frozen=True, kw_only=True)
class ReadyPlan:
    """A plan to choose from."""

    key: str
    title: str
    title_en: str
    year: int


@lru_cache
def ready_plans() -> tuple[ReadyPlan, ...]:
    """Return the plans that come with dondoc."""
    read = [(path.stem, parse_plan(path.read_text(encoding="utf-8-sig"), file=path.name)) for path in shipped_plans()]
    return tuple(ReadyPlan(key=key, title=plan.title, title_en=plan.title_en, year=plan.year) for key, plan in read)


def choosable(visitor: Visitor, connection: View) -> list[AuthorityFacts]:
    """
    Return the authorities in which one may launch a year; of one without any year yet only its plan will say who may.

    Raises:
        NotSignedInError: nobody is signed in.
        NotAllowedError: there is none.

    """
    person = visitor.seen.person
    if person is None:
        raise NotSignedInError
    found: list[AuthorityFacts] = []
    facts = visitor.seen.facts(connection)
    for ident in sorted(person.authorities):
        resource = authority_resource(connection, ident)
        today = authority_today(connection, ident, now=visitor.now)
        first = not resource.standing_bodies and any(
            one.authority == ident and one.role in {Role.OFFICER, Role.HEAD} for one in person.holdings
        )
        if first or decide(facts, Action.LAUNCH, resource, on=today).allowed:
            found.append(authority_of_id(connection, ident))
    if not found:
        require(connection, facts, Action.LAUNCH, authority_resource(connection, min(person.authorities)), now=visitor.now)
    return found


def chosen_of(visitor: Visitor, connection: View, wanted: Wanted) -> Chosen:
    """
    Return what is to be launched, for somebody who may.

    Raises:
        NotSignedInError: nobody is signed in.
        NoAuthorityError, NoPlanError: it is not there, or not for them.
        NotAllowedError: they may not launch.
        PlanError: the plan of a year that ran already cannot be read any more.

    """
    person = visitor.seen.person
    if person is None:
        raise NotSignedInError
    authority = _own(connection, wanted.authority, person.authorities)
    yaml, moved, before = _plan_text(connection, wanted, authority=authority.id)
    plan = parse_plan(yaml, file=wanted.plan)
    entered = newest_calendar(connection, authority.id)
    chosen = Chosen(
        wanted=wanted,
        authority=authority,
        plan=plan,
        yaml=yaml,
        calendar=shipped_calendar() if entered is None else load_calendar(visitor.served.store, connection, entered),
        before=before or plan.year,
        moved=moved,
        resource=authority_resource(connection, authority.id, first=_first(connection, authority, plan)),
    )
    require(connection, visitor.seen.facts(connection), Action.LAUNCH, chosen.resource, now=visitor.now)
    return chosen


def _own(connection: View, key: str, authorities: Sequence[int]) -> AuthorityFacts:
    try:
        found = authority_named(connection, key)
    except AuthorityError:
        raise NoAuthorityError(key) from None
    if found.id not in authorities:
        raise NoAuthorityError(key)
    return found


def _first(connection: View, authority: AuthorityFacts, plan: Plan) -> list[int]:
    try:
        return [party_named(connection, authority, plan.standing_body)]
    except NoSuchPartyError:
        return []


def _plan_text(connection: View, wanted: Wanted, *, authority: int) -> tuple[str, Mapping[str, date], int]:
    """Return a plan's file, the dates set in it by hand, and the year that it ran for (0: its own)."""
    if wanted.copied is not None:
        ran = next((one for one in copyable(connection, authority) if one.id == wanted.copied), None)
        if ran is None:
            raise NoPlanError(wanted.plan)
        text = plan_in_force(connection, ran.id)
        return text.yaml, text.moved, ran.year
    path = next((path for path in shipped_plans() if path.stem == wanted.plan), None)
    if path is None:
        raise NoPlanError(wanted.plan)
    return path.read_text(encoding="utf-8-sig"), {}, 0


def copyable(connection: View, *authorities: int) -> list[FrameCycle]:
    """Return the years of authorities whose plans can be taken again, the latest first."""
    return sorted(cycles_of_frame(connection, authorities=authorities), key=lambda one: (-one.year, -one.id))
