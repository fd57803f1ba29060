"""The description is a valid OpenAPI 3.1 document, and the answers are what it says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from store.session import open_store
from tests.api.conftest import LAUNCHED, MIDWAY, Web

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SmallYear


def schemas(node: Any) -> Iterator[Any]:
    """Every schema that is used outside components."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "schema":
                yield value
            else:
                yield from schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas(value)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> dict[str, Any]:
    """What the app says of itself, asked once: it takes FastAPI a second."""
    home = tmp_path_factory.mktemp("described")
    shutil.copy(_sqlite_template, home / "dondoc.db")
    web = Web(store=open_store(f"sqlite:///{home / 'dondoc.db'}", durable=False), home=home)
    with web.opened:
        answer = web.at(MIDWAY).get("/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


@pytest.fixture
def late_year(small_year: SmallYear) -> SmallYear:
    """A year whose engine has stood for a month."""
    small_year.tick(LAUNCHED)
    return small_year


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    OpenAPI.model_validate(document)
    for schema in (*schemas(document["paths"]), *document["components"]["schemas"].values()):
        Draft202012Validator.check_schema(schema)


def test_its_references_lead_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert "#/components/schemas/ProblemOut" in found
    assert {name.removeprefix("#/components/schemas/") for name in found} <= set(document["components"]["schemas"])


def test_it_describes_what_is_there(document: dict[str, Any]) -> None:
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described >= {("/api/v1/cycles", "get"), ("/api/v1/obligations", "get"), ("/api/v1/health", "get"), ("/api/v1/session", "post")}
    asked = document["paths"]["/api/v1/obligations"]["get"]["parameters"]
    assert {parameter["name"] for parameter in asked} == {"cycle", "stage", "party", "state", "late", "limit", "cursor"}
    operations = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(operations)) == len(operations)


def test_every_error_is_described_as_a_problem(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            for status in ("422", "default"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("path", "address", "status"),
    [
        ("/api/v1/cycles", "/api/v1/cycles", 200),
        ("/api/v1/cycles/{id}", "/api/v1/cycles/1", 200),
        ("/api/v1/obligations", "/api/v1/obligations", 200),
        ("/api/v1/health", "/api/v1/health", 503),
        ("/api/v1/obligations", "/api/v1/obligations?limit=0", 422),
        ("/api/v1/cycles/{id}", "/api/v1/cycles/99", 404),
    ],
)
@pytest.mark.usefixtures("late_year")
def test_answers_are_what_it_says(web: Web, document: dict[str, Any], path: str, address: str, status: int) -> None:
    answer = web.at(MIDWAY).get(address)
    assert answer.status_code == status, answer.text
    responses = document["paths"][path]["get"]["responses"]
    (content,) = responses.get(str(status), responses["default"])["content"].items()
    media_type, described = content
    assert answer.headers["content-type"] == media_type
    registry: Registry[Any] = Registry().with_resource("urn:described", Resource.from_contents(document, default_specification=DRAFT202012))
    whole = {"$ref": f"urn:described{described['schema']['$ref']}"}
    Draft202012Validator(whole, registry=registry).validate(answer.json())
