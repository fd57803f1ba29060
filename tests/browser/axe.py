"""axe-core on a page: WCAG 2.2 AA as far as it can tell, and nothing that pushes the page aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.console.vendoring import MODULES
from tests.browser.pages import Look, Place, go, options

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = MODULES / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })"
#: How far the page itself can be pushed aside.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANGUAGES, LIGHTS = ("vi", "en"), ("light", "dark")


def violations(page: Page) -> list[tuple[str, Any]]:
    page.add_script_tag(path=AXE)
    found = page.evaluate(RUN, TAGS)["violations"]
    return [(one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"]]) for one in found]


def look_closely(town: Place, look: Look, *, lang: str, light: str, size: Any) -> None:
    page = town.seat(look.who, **options(light, viewport=size, bypass_csp=True))
    go(town, page, look, lang=lang)
    assert page.evaluate(SIDEWAYS) <= 0
    assert violations(page) == []
