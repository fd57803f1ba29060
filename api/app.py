"""
The web: a read-only JSON API under /api/v1 and one status page.

Loopback and sandboxes only until there are accounts: the server listens nowhere else (`api.serving`), requests that name another host are
refused, and real authorities are neither listed nor found.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from api.asking import Served
from api.guarding import Guard
from api.pages import status
from api.problems import MEDIA_TYPE, register_handlers
from api.responses import OrjsonResponse
from api.routes import cycles, health, obligations
from api.schemas import ProblemOut
from api.version import version
from api.vitals import Vitals
from config.settings import Settings
from config.settings import settings as read_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from store.session import Store

DESCRIPTION = "Ai còn nợ việc gì, đến hạn khi nào. Chỉ đọc. / Who owes what, by when. Read only, sandboxes only."
STATIC = Path(__file__).with_name("static")


def create_app(store_factory: Callable[[], Store], *, settings: Settings | None = None) -> FastAPI:
    """Return the app; it opens its store when it starts and closes it when it stops."""
    chosen = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = store_factory()
        app.state.served = Served(store=store, vitals=Vitals.of(store, settings=chosen))
        yield
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
        middleware=[Middleware(Guard)],
    )
    register_handlers(app)
    for router in (cycles.router, obligations.router, health.router):
        app.include_router(router, prefix="/api/v1", responses=_problems())
    app.include_router(status.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def _problems() -> dict[int | str, dict[str, Any]]:
    """Return how the document describes errors: all of them are problems, and nothing else."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    return {
        "default": {"description": "Có lỗi (RFC 9457) / a problem (RFC 9457)", "content": content},
        422: {"description": "Yêu cầu không hợp lệ / invalid request", "content": content},
    }


class Described(FastAPI):
    """An app whose document also holds the schema that its errors name."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            described = super().openapi()
            problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
            described["components"]["schemas"] |= {**problem.pop("$defs"), "ProblemOut": problem}
        return super().openapi()
