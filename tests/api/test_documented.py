"""docs/api.md names every address, field of health, parameter and problem."""

from __future__ import annotations

import pytest

from api.problems.answering import INTERNAL, KINDS, OF_HTTP
from api.routes.obligations import Filter
from api.vitals import REASONS
from api.wire.reference import errors_of, reference_of
from api.wire.schemas import HealthOut
from tests.api.conftest import MIDWAY, Web
from tests.conftest import DATA

DOCUMENT = (DATA.parents[1] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_problem_is_in_the_table() -> None:
    assert errors_of((*KINDS.values(), *OF_HTTP.values(), INTERNAL)) in DOCUMENT, (
        "put what `api.wire.reference.errors_of` makes in its place"
    )


@pytest.mark.parametrize("name", sorted({*Filter.model_fields, *REASONS, *set(HealthOut.model_fields) - {"healthy", "reasons"}}))
def test_every_parameter_and_field_is_named(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


def test_the_reference_is_made_from_the_description(web: Web) -> None:
    made = reference_of(web.at(MIDWAY).get("/openapi.json").json())
    assert made in DOCUMENT, "docs/api.md is behind the API: put what `api.wire.reference.reference_of` makes in the place of what is there"


def test_every_address_has_a_heading(web: Web) -> None:
    for path, item in web.at(MIDWAY).get("/openapi.json").json()["paths"].items():
        for method in item:
            assert f"## `{method.upper()} {path}`\n" in DOCUMENT
