"""What was published: anybody reads it, without signing in."""

from __future__ import annotations

from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

import config
from api.asking import HasServed
from api.routes.evidence import disposition
from api.wire.described import problems
from api.wire.published import EditionOut, EditionsOut
from api.wire.results import LeafPart
from config.result_tables import leaves_csv, units_csv
from store.queries.editions import bundle_of_edition, content_of_edition, edition_hashed, list_published
from store.queries.health import answering

router = APIRouter(prefix="/published", tags=["published"])
Hash = Annotated[str, Path(alias="key", pattern="^[0-9a-f]{64}$", description="SHA-256 của gói / of the bundle", examples=["0" * 64])]
SCHEMA = File(config.__file__).parent / "scores" / "bundle.schema.json"
_JSON, _CSV = "application/json", "text/csv"


def _file(media_type: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {"content": {media_type: {"schema": {"type": "object" if media_type == _JSON else "string"}}}, "description": "Tệp / the file"}
    }


@router.get("")
def list_editions(served: HasServed) -> EditionsOut:
    """What was published of every authority, the latest year first; what a later decision corrects is there with what corrects it."""
    with answering(served.store) as connection:
        return EditionsOut(items=[EditionOut.model_validate(one) for one in list_published(connection)])


@router.get("/schema", response_class=Response, responses=_file(_JSON))
def schema() -> Response:
    """The JSON schema of a bundle."""
    return Response(SCHEMA.read_bytes(), media_type=_JSON)


@router.get("/{key}", response_class=Response, responses={**_file(_JSON), **problems(404, about="edition")})
def bundle(key: Hash, served: HasServed) -> Response:
    """A bundle, byte by byte as it was frozen: `dondoc results verify` checks it against its SHA-256 without any database."""
    with answering(served.store) as connection:
        line = edition_hashed(connection, key)
        content = content_of_edition(connection, line.id)
    name = f"{line.authority}-{line.year}-{line.number}.json"
    return Response(content.encode(), media_type=_JSON, headers={"Content-Disposition": disposition(name)})


@router.get("/{key}/csv", response_class=Response, responses={**_file(_CSV), **problems(404, about="edition")})
def table(key: Hash, served: HasServed, part: Annotated[LeafPart, Query()] = "units") -> Response:
    """A bundle as CSV: a line for each unit, or (`part=leaves`) for each leaf of each unit."""
    with answering(served.store) as connection:
        line = edition_hashed(connection, key)
        content = bundle_of_edition(connection, line.id)
    made = units_csv(content) if part == "units" else leaves_csv(content)
    name = f"{line.authority}-{line.year}-{line.number}-{part}.csv"
    return Response(made.encode(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition(name)})
