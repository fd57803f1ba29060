"""What was published, for anybody: no sign-in; a year's tables with charts, a unit's result sheet to print, files to check and reuse."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from api.asking import HasServed, Served
from api.console.rendering import render
from api.console.result_views import Beside, Printer, node_views, table_views
from api.languages import Spoken
from api.wire.responses import html, packed
from evaluation.scores.encoding import decode_given
from evaluation.scores.index import index_of
from evaluation.scores.results import result_sheet
from evaluation.scores.sheets import Part
from evaluation.scores.weakness import weak_criteria
from notifications.letters import Language
from store.people import load_people
from store.queries.editions import (
    NoSuchEditionError,
    bundle_of_edition,
    edition_named,
    list_published,
    list_rewards,
    tables_published,
    weak_below_of,
)
from store.queries.health import answering
from store.queries.results import beside_last_year, standings_published
from store.results import rules_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from store.queries.editions import PublishedLine
    from store.queries.health import View

router = APIRouter(prefix="/published", default_response_class=HTMLResponse)
Authority = Annotated[str, Path(max_length=100)]
Year = Annotated[int, Path(ge=1900, le=2200)]
Edition = Annotated[int, Path(ge=1, le=999_999)]
Unit = Annotated[str, Path(max_length=200)]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for a public page, and how."""

    request: Request
    served: Served
    language: Language

    def page(self, template: str, **facts: object) -> Response:
        """Return a page without a frame."""
        path = self.request.url.path
        made = html(render(template, language=self.language, path=path, **facts), language=self.language)
        return packed(made, self.request.headers)


@router.get("")
def listed(request: Request, served: HasServed, language: Spoken) -> Response:
    """Every authority's published years."""
    with answering(served.store) as connection:
        lines = list_published(connection)
    current = [one for one in lines if one.corrected_by is None]
    return Asked(request=request, served=served, language=language).page("published_list.html", lines=current)


@router.get("/{authority}/{year}")
def current(authority: Authority, year: Year, request: Request, served: HasServed, *, language: Spoken) -> Response:
    """The edition of a year that is in force. NoSuchEditionError."""
    return _edition(Asked(request=request, served=served, language=language), authority, year, number=None)


@router.get("/{authority}/{year}/{number}")
def edition(  # noqa: PLR0913  what FastAPI hands in
    authority: Authority, year: Year, number: Edition, request: Request, *, served: HasServed, language: Spoken
) -> Response:
    """One edition of a year, as it was frozen. NoSuchEditionError."""
    return _edition(Asked(request=request, served=served, language=language), authority, year, number=number)


def _edition(asked: Asked, authority: str, year: int, *, number: int | None) -> Response:
    store = asked.served.store
    with answering(store) as connection:
        line = edition_named(connection, authority, year, number=number)
        bundle = bundle_kept(asked.served, connection, line)
        whose, rules = line.authority_id, rules_of(store, connection, line.authority_id, line.cycle, at=line.at)
        people = load_people(store, connection, whose)
        standings = standings_published(bundle)
        decision, compared = beside_last_year(connection, whose, line.year, standings, people=people, rules=rules)
        rewards = list_rewards(connection, line.cycle)
    titles = {one["key"]: {field["key"]: field["title"] for field in one["fields"]} for one in bundle["criteria"]}
    beside = Beside(
        names={unit["unit"]: unit["name"] for unit in bundle["units"]},
        maxima={unit["unit"]: Decimal(unit["results"]["maximum"]) for unit in bundle["units"]},
        titles={unit["group"]: titles[unit["criteria"]] for unit in bundle["units"]},
        comparisons=compared,
    )
    printer = Printer(language=asked.language, decimals=bundle["rules"]["decimals"])
    return asked.page(
        "published.html",
        line=line,
        tables=table_views(tables_published(bundle), beside, printer=printer),
        accepted=bundle["accepted"],
        survey_held=bundle["rules"]["survey_held"],
        compared_with=decision,
        rewards=rewards,
    )


@router.get("/{authority}/{year}/{number}/units/{unit}")
def sheet(  # noqa: PLR0913  what FastAPI hands in
    authority: Authority, year: Year, number: Edition, unit: Unit, request: Request, *, served: HasServed, language: Spoken
) -> Response:
    """A unit's result sheet, to print: per field the survey, the appraisal, the sum, the index; then every leaf. NoSuchEditionError."""
    with answering(served.store) as connection:
        line = edition_named(connection, authority, year, number=number)
        bundle = bundle_kept(served, connection, line)
        weak_below = weak_below_of(connection, line, bundle)
    own = next((one for one in bundle["units"] if one["unit"] == unit), None)
    if own is None:
        raise NoSuchEditionError(f"{authority}/{year}/{number}/{unit}")
    given = decode_given({**bundle, "units": [own]})
    (measured,) = given.units
    index = index_of(measured.scope, measured.scores[Part.FINAL], rules=given.index_rules)
    printer = Printer(language=language, decimals=bundle["rules"]["decimals"])
    return Asked(request=request, served=served, language=language).page(
        "published_unit.html",
        line=line,
        name=own["name"],
        results=own["results"],
        lines=result_sheet(index, decimals=bundle["rules"]["decimals"]),
        nodes=node_views(index, measured.scores, printer=printer),
        weak=weak_criteria(index, below=weak_below, unscored=True),
        exemptions=own["exemptions"],
        number=printer,
        note=index.note(language.value),
        missing=len(index.whole.missing),
    )


def bundle_kept(served: Served, connection: View, line: PublishedLine) -> dict[str, Any]:
    """Return an edition's bundle, kept once read: what was published never changes."""
    key = ("published", line.id, line.sha256)
    kept: dict[str, Any] | None = served.store.kept.get(key)
    if kept is None:
        kept = served.store.kept[key] = bundle_of_edition(connection, line.id)
    return kept
