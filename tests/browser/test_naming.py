"""Forms in which units and people are named: usable by everybody, on a phone too, and with a search that needs no accents."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from evaluation.kinds import Role
from tests.browser.axe import LANGUAGES, SIDEWAYS, violations
from tests.browser.town import BODY, PHONE, Town, chromium
from tests.serving_process import running_server, set_clock
from tests.store.inspecting import inspected_year
from tests.store.surveying import surveyed_year

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import Page

    from store.session import Store
    from tests.conftest import RequiresSystem, SmallYear

pytestmark = pytest.mark.browser
DESK = {"width": 1360, "height": 900}
OPEN_ALL = "document.querySelectorAll('details:not([open]) > summary').forEach((one) => one.click())"

#: The list as it is in a province: long enough to be looked through, which the small year's two units are not.
MANY = """() => {
  const [place, find] = [document.querySelector("form[action$='/plan'] .several-list"), document.createElement("input")];
  find.type = "search";
  place.before(find);
  for (const name of ["Sở Nội vụ", "Sở Tài chính", "Đặc khu Phú Quốc"]) {
    const line = place.querySelector("label").cloneNode(true);
    line.querySelector("input").checked = false;
    delete line.dataset.plain;
    line.querySelector("span").textContent = name;
    place.append(line);
  }
}"""


@contextmanager
def town_of(year: SmallYear, folder: Path, *, now: datetime) -> Iterator[Town]:
    """A server and a browser over a year."""
    set_clock(folder, now)
    url = year.store.engine.url.render_as_string(hide_password=False)
    with running_server(url, folder) as server, chromium() as browser:
        town = Town(year=year, server=server, chromium=browser, now=now)
        yield town
        town.close_browsers()


def looked_at(town: Town, path: str, *, lang: str, size: Any) -> Page:
    """A page with every form open, which is in order."""
    page = town.person(BODY, Role.HEAD, viewport=size, bypass_csp=True, reduced_motion="reduce")
    page.goto(f"{path}?lang={lang}")
    page.evaluate(OPEN_ALL)
    assert (path, lang, page.evaluate(SIDEWAYS)) == (path, lang, 0)
    assert (path, lang, violations(page)) == (path, lang, [])
    return page


def test_the_forms_of_inspections(store: Store, tmp_path: Path, requires_system: RequiresSystem) -> None:
    requires_system("chromium", install="apt-get install chromium")
    year = inspected_year(store)
    now = year.slot(date(2025, 4, 15))
    year.tick(now)
    (ident,) = year.plan("xa-1", now=now)
    with town_of(year, tmp_path, now=now) as town:
        paths = [f"/cycles/{year.cycle}/inspections", f"/inspections/{ident}", f"/obligations/{town.obligation('xa-1')}"]
        for path in paths:
            for lang, size in zip(LANGUAGES, (PHONE, DESK), strict=True):
                page = looked_at(town, path, lang=lang, size=size)
        page = looked_at(town, paths[0], lang="vi", size=PHONE)
        boxes = page.locator("form[action$='/plan'] .several")
        boxes.get_by_label("Xã 001").check()
        expect(boxes.locator("[data-several]")).to_have_text("1")
        page.evaluate(MANY)
        boxes.locator("[type=search]").fill("so noi")
        expect(boxes.locator("label:visible")).to_have_text(["Xã 001 (tên chưa có nguồn)", "Sở Nội vụ"])
        boxes.locator("[type=search]").press("Enter")
        boxes.get_by_label("Xã 001").uncheck()
        expect(boxes.locator("label:visible")).to_have_text(["Sở Nội vụ"])
        expect(boxes.locator("[data-several]")).to_have_text("0")


def test_the_forms_of_the_council_the_survey_and_the_results(store: Store, tmp_path: Path, requires_system: RequiresSystem) -> None:
    requires_system("chromium", install="apt-get install chromium")
    year = surveyed_year(store)
    (council,) = year.ids("council")
    with town_of(year, tmp_path, now=year.noon) as town:
        for path in (f"/councils/{council}", f"/cycles/{year.cycle}/survey", f"/cycles/{year.cycle}/publication"):
            for lang, size in zip(LANGUAGES, (DESK, PHONE), strict=True):
                looked_at(town, path, lang=lang, size=size)
        page = looked_at(town, f"/councils/{council}", lang="vi", size=PHONE)
        lines = page.locator("form[action$='/members'] [data-of-many]")
        before = lines.count()
        page.locator("form[action$='/members'] [data-more]").click()
        expect(lines).to_have_count(before + 1)
        expect(lines.last.locator("input").first).to_have_attribute("name", f"m:{before}:contact")
        page.keyboard.type("Người")
        expect(lines.last.locator("input").first).to_have_value("Người")
