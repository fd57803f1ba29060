"""Every page may be used by everybody: WCAG 2.2 AA as far as axe-core can tell, on a phone, and without a word in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.axe import LANGUAGES, LIGHTS, look_closely
from tests.browser.pages import MORE_PAGES, PAGES, Look, go, watched
from tests.browser.town import PHONE, WIDE

if TYPE_CHECKING:
    from tests.browser.town import Town

pytestmark = pytest.mark.browser
WAYS = [(look, lang, light) for look in (*PAGES, *MORE_PAGES) for lang in LANGUAGES for light in LIGHTS]


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("look", PAGES, ids=str)
def test_a_page_can_be_used_by_everybody_on_a_phone(town: Town, look: Look, light: str) -> None:
    look_closely(town, look, lang="vi", light=light, size=PHONE)


@pytest.mark.soak
@pytest.mark.parametrize(("look", "lang", "light"), WAYS, ids=str)
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_in_every_way(town: Town, look: Look, lang: str, light: str, size: Any) -> None:
    look_closely(town, look, lang=lang, light=light, size=size)


def complaints(town: Town, look: Look) -> list[str]:
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
