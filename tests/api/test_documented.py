"""docs/api.md names every address, field of health, parameter and problem."""

from __future__ import annotations

import pytest

from api.problems import INTERNAL, KINDS, OF_HTTP
from api.routes.obligations import Filter
from api.schemas import HealthOut
from api.vitals import REASONS
from tests.api.conftest import MIDWAY, Web
from tests.conftest import DATA

DOCUMENT = (DATA.parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
PROBLEMS = {kind.name for kind in (*KINDS.values(), *OF_HTTP.values(), INTERNAL)}


@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_every_problem_is_in_the_table(name: str) -> None:
    assert f"`urn:dondoc:{name}`" in DOCUMENT


@pytest.mark.parametrize("name", sorted({*Filter.model_fields, *REASONS, *set(HealthOut.model_fields) - {"healthy", "reasons"}}))
def test_every_parameter_and_field_is_named(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


def test_every_address_has_a_heading(web: Web) -> None:
    for path in web.at(MIDWAY).get("/openapi.json").json()["paths"]:
        assert f"## `GET {path}`\n" in DOCUMENT
