"""Every page may be used by everybody: WCAG 2.2 AA as far as axe-core can tell, on a phone, and without a word in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.console.vendoring import MODULES
from tests.browser.demo import Demo, open_demo
from tests.browser.pages import DEMO_PAGES, MORE_PAGES, PAGES, Look, Place, go, options, watched
from tests.browser.town import CHROMIUM, PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.town import Town
    from tests.conftest import RequiresSystem

pytestmark = pytest.mark.browser
AXE = MODULES / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })"
#: How far the page itself can be pushed aside.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LANGUAGES, LIGHTS = ("vi", "en"), ("light", "dark")
DEMO_WAYS = [(look, lang, light) for look in DEMO_PAGES for lang in LANGUAGES for light in LIGHTS]
WAYS = [(look, lang, light) for look in (*PAGES, *MORE_PAGES) for lang in LANGUAGES for light in LIGHTS]


def violations(page: Page) -> list[tuple[str, Any]]:
    page.add_script_tag(path=AXE)
    found = page.evaluate(RUN, TAGS)["violations"]
    return [(one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"]]) for one in found]


def look_closely(town: Place, look: Look, *, lang: str, light: str, size: Any) -> None:
    page = town.seat(look.who, **options(light, viewport=size, bypass_csp=True))
    go(town, page, look, lang=lang)
    assert page.evaluate(SIDEWAYS) <= 0
    assert violations(page) == []


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("look", PAGES, ids=str)
def test_a_page_can_be_used_by_everybody_on_a_phone(town: Town, look: Look, light: str) -> None:
    look_closely(town, look, lang="vi", light=light, size=PHONE)


@pytest.mark.soak
@pytest.mark.parametrize(("look", "lang", "light"), WAYS, ids=str)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_in_every_way(town: Town, look: Look, lang: str, light: str, size: Any) -> None:
    look_closely(town, look, lang=lang, light=light, size=size)


@pytest.fixture(scope="module")
def _demo(tmp_path_factory: pytest.TempPathFactory, requires_system: RequiresSystem) -> Iterator[Demo]:
    requires_system(CHROMIUM, install="apt-get install chromium")
    with open_demo(tmp_path_factory.mktemp("demo"), "--units", "12") as demo:
        yield demo


@pytest.fixture
def demo(_demo: Demo) -> Iterator[Demo]:
    """The demo, with no browser open yet."""
    yield _demo
    _demo.close_browsers()


@pytest.mark.soak
@pytest.mark.parametrize(("look", "lang", "light"), DEMO_WAYS, ids=str)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_of_the_demo_in_every_way(demo: Demo, look: Look, lang: str, light: str, size: Any) -> None:
    look_closely(demo, look, lang=lang, light=light, size=size)


def complaints(town: Place, look: Look) -> list[str]:
    page = town.seat(look.who)
    said = watched(page)
    go(town, page, look)
    page.wait_for_load_state("load")
    return said


@pytest.mark.parametrize("look", PAGES, ids=str)
def test_a_page_complains_of_nothing(town: Town, look: Look) -> None:
    assert complaints(town, look) == []


@pytest.mark.soak
@pytest.mark.parametrize("look", [look for look in MORE_PAGES if "999999" not in look.path], ids=str)
def test_no_page_complains_of_anything(town: Town, look: Look) -> None:
    assert complaints(town, look) == []
