"""Every page of the demo may be used by everybody. In a file of its own: one process drives one Chromium at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.axe import LANGUAGES, LIGHTS, look_closely
from tests.browser.demo import Demo, open_demo
from tests.browser.pages import DEMO_PAGES, Look
from tests.browser.town import CHROMIUM, PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import RequiresSystem

pytestmark = pytest.mark.browser
WAYS = [(look, lang, light) for look in DEMO_PAGES for lang in LANGUAGES for light in LIGHTS]


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
@pytest.mark.parametrize(("look", "lang", "light"), WAYS, ids=str)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_of_the_demo_in_every_way(demo: Demo, look: Look, lang: str, light: str, size: Any) -> None:
    look_closely(demo, look, lang=lang, light=light, size=size)
