"""
The web: a JSON API under /api/v1, and the console, with the pages to come in by.

Everything but health, the description and the doors asks who it is, unless the sandboxes of this machine are open on purpose.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.middleware import Middleware

from api.asking import Served
from api.console import live
from api.console.pages import PAGES
from api.console.static_files import CONSOLE, STATIC, MarkedFiles
from api.doors.bodies import BodyLimit
from api.doors.cookies import Cookies
from api.doors.guarding import Guard
from api.doors.hosts import Names
from api.doors.oidc import OidcCookie, SignInService, oidc_key
from api.kept import KeptAnswers
from api.problems.answering import MEDIA_TYPE, register_handlers
from api.routes import (
    account,
    account_events,
    appraisals,
    books,
    branding,
    bulk,
    calendar,
    contacts,
    council,
    criteria,
    cycle_moves,
    cycles,
    evidence,
    extensions,
    health,
    improvement,
    inspections,
    invitations,
    issued,
    journal,
    mail,
    my,
    obligations,
    oidc,
    papers,
    passwords,
    people,
    published,
    replanning,
    report_sheets,
    reports,
    requests,
    results,
    score_sheets,
    scores,
    session,
    survey,
    units,
    why,
    work,
)
from api.version import version
from api.wire.described import SCHEMAS
from api.wire.examples import add_examples
from api.wire.filters import each_once
from api.wire.responses import OrjsonResponse
from config.clock import utc_now
from config.installation_key import installation_key
from config.settings import Settings
from config.settings import settings as read_settings
from store.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from starlette.routing import BaseRoute

    from store.session import Store

DESCRIPTION = "Ai còn nợ việc gì, đến hạn khi nào. / Who owes what, by when."
ROUTERS = (
    cycles.router,
    obligations.router,
    bulk.router,
    work.router,
    extensions.router,
    evidence.router,
    papers.router,
    issued.router,
    inspections.router,
    improvement.router,
    survey.router,
    council.router,
    results.router,
    published.router,
    cycle_moves.router,
    replanning.router,
    reports.router,
    report_sheets.router,
    scores.router,
    score_sheets.router,
    books.router,
    appraisals.router,
    requests.router,
    mail.router,
    my.router,
    journal.router,
    why.router,
    people.router,
    units.router,
    contacts.router,
    calendar.router,
    branding.router,
    criteria.router,
    session.router,
    passwords.router,
    account.router,
    account_events.router,
    invitations.router,
    oidc.router,
    health.router,
)


def create_app(store_factory: Callable[[], Store], *, settings: Settings | None = None, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """Return the app; it opens its store when it starts and closes it when it stops. `clock` says what moment a request comes at."""
    chosen = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = store_factory()
        app.state.served = Served.of(store, chosen)
        app.state.sign_in_service = SignInService.of(chosen)
        app.state.kept = KeptAnswers()
        app.state.heads = live.Heads(store=store)
        yield
        app.state.served.hashing.close()
        store.close()

    app = Described(
        title="dondoc",
        description=DESCRIPTION,
        version=version(),
        license_info={"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        docs_url=None,  # both load their scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        default_response_class=OrjsonResponse,
        middleware=_middleware(chosen),
        routes=list(_routes()),
    )
    app.state.clock = clock
    register_handlers(app)
    app.mount("/static", MarkedFiles(directory=STATIC), name="static")
    app.mount("/console", MarkedFiles(directory=CONSOLE), name="console")
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return every route of the API and the console, built once a process: it takes FastAPI half a second."""
    router = APIRouter(default_response_class=OrjsonResponse)
    for routes in ROUTERS:
        router.include_router(routes, prefix="/api/v1", responses=_problems(), dependencies=[Depends(each_once)])
    for pages in PAGES:
        router.include_router(pages, include_in_schema=False)
    list(iter_route_contexts(router.routes))  # built here: FastAPI builds them at the first request, which several threads may make at once
    return tuple(router.routes)


def _middleware(settings: Settings) -> list[Middleware]:
    """Return what stands before the app, the outermost first."""
    key = oidc_key(Secrets(key=installation_key(settings)))
    return [
        Middleware(Guard, names=Names.of(settings), secure=settings.is_https),
        Middleware(BodyLimit, most=settings.body_bytes, seconds=settings.body_seconds, files=settings.file_most_bytes),
        Middleware(OidcCookie, key=key, cookies=Cookies.of(settings)),
    ]


def _problems() -> dict[int | str, dict[str, Any]]:
    """Return how the document describes errors: all of them are problems, and nothing else."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    return {
        "default": {"description": "Có lỗi (RFC 9457) / a problem (RFC 9457)", "content": content},
        422: {"description": "Yêu cầu không hợp lệ / invalid request", "content": content},
    }


class Described(FastAPI):
    """An app whose document also holds the schemas that its errors name, and examples."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            described = super().openapi()
            for named in SCHEMAS:
                schema = named.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
                described["components"]["schemas"] |= {**schema.pop("$defs", {}), named.__name__: schema}
            add_examples(described)
        return super().openapi()
