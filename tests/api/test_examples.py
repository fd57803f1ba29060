"""The document's examples: every body and every answer has one; each is what its schema says, and each body is taken as well formed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.route_rights import PREFIX, ROUTES
from api.wire.example_bodies import BODIES
from api.wire.examples import JSON
from evaluation.kinds import Role
from tests.api.conftest import MIDWAY, Web
from tests.api.test_matrix import said, token_for, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.test_matrix import World

__all__ = ["world"]  # a fixture
#: Where a session is needed, or the body is a file, the form is judged later.
MALFORMED = {"invalid-request", "faults"}


@pytest.fixture
def document(web: Web) -> dict[str, Any]:
    described: dict[str, Any] = web.at(MIDWAY).get("/openapi.json").json()
    return described


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path.removeprefix(PREFIX)}", operation


def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON bodies of requests by route."""
    found = {route: operation.get("requestBody", {}).get("content", {}).get(JSON) for route, operation in operations(document)}
    return {route: content for route, content in found.items() if content is not None}


def answers(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON answers of successes by route and status."""
    return {
        f"{route} {status}": answer["content"][JSON]
        for route, operation in operations(document)
        for status, answer in operation["responses"].items()
        if status.startswith("2") and JSON in answer.get("content", {})
    }


def named(schema: dict[str, Any]) -> str:
    """Return the reference of a schema, of a body that may be left out too; empty where it names none."""
    return next((str(one["$ref"]) for one in (schema, *schema.get("anyOf", ())) if "$ref" in one), "")


def wrong(content: dict[str, Any], document: dict[str, Any]) -> list[str]:
    registry: Registry[Any] = Registry().with_resource("urn:described", Resource.from_contents(document, default_specification=DRAFT202012))
    reference = named(content["schema"])
    schema = {"$ref": f"urn:described{reference}"} if reference else content["schema"]
    found = Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [one.message for one in found.iter_errors(content["example"])]


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    every = {**bodies(document), **answers(document)}
    assert len(every) > 100
    assert {place: found for place, content in every.items() if (found := wrong(content, document))} == {}


def test_every_body_is_written_by_hand_and_used(document: dict[str, Any]) -> None:
    asked = {named(content["schema"]).rpartition("/")[2] for content in bodies(document).values()}
    assert asked == set(BODIES)


def test_every_body_is_taken_as_well_formed(web: Web, world: World, document: dict[str, Any]) -> None:
    client = web.at(MIDWAY, open_sandbox=False)
    token, _ = token_for(web, place="standing body", role=Role.HEAD)
    found = {}
    for route, content in bodies(document).items():
        headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
        answer = client.request(route.split(" ")[0], world.path(route), json=content["example"], headers=headers)
        if answer.status_code >= 500 or said(answer) in MALFORMED:
            found[route] = answer.text
    assert found == {}


def test_reading_says_by_status_what_may_be_refused(document: dict[str, Any]) -> None:
    for route, operation in operations(document):
        rule = ROUTES[route]
        declared = set(operation["responses"])
        if rule.on.value != "public":
            assert "401" in declared, route
        if rule.action is not None:
            assert declared >= {"403", "404"}, route
