"""The pictures of docs/console.md, taken of the demo: `make screenshots`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.clock import utc_now
from config.settings import child_environment
from tests.browser.town import CHROMIUM, PHONE, chromium
from tests.serving_process import SETTINGS, running_server, set_clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.requires_system(CHROMIUM, install="apt-get install chromium")]
ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "docs" / "screenshots"
DESK = {"width": 1280, "height": 620}
MOST_BYTES = 150_000
#: Name of the picture, who looks, at what, on what.
PICTURES = (
    ("dieu-phoi-hom-nay", "coordinator", "/", DESK),
    ("dieu-phoi-bang", "coordinator", "/cycles/2", DESK),
    ("dieu-phoi-hop-thu", "coordinator", "/outbox", DESK),
    ("dau-moi-hom-nay", "officer", "/", PHONE),
    ("dau-moi-viec", "officer", "a.due", PHONE),
    ("lanh-dao-viec", "head", "a.due", PHONE),
    ("giam-sat-bang", "auditor", "/cycles/2", DESK),
    ("chu-tich-hom-nay", "chair", "/", DESK),
    ("quan-tri-cai-dat", "administrator", "/settings", DESK),
)


def make_demo(home: Path) -> dict[str, str]:
    """The demo, and the passwords of its accounts by role."""
    environment = child_environment(**SETTINGS, DONDOC_HOME=str(home))
    command = [sys.executable, "-m", "cli.start", "demo"]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in said.splitlines() if "@demo" in line]
    return {role: password for role, _, password in lines}


def shoot(browser: Browser, base: str, *, picture: tuple[str, str, str, dict[str, int]], password: str) -> None:
    name, who, what, size = picture
    context = browser.new_context(base_url=base, locale="vi-VN", viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    form = page.locator("form[action='/sign-in']")
    form.locator("[name=email]").fill(f"{who}@demo.dondoc.invalid")
    form.locator("[name=password]").fill(password)
    form.locator("button").click()
    page.locator("#main").wait_for()
    if what.startswith("/"):
        page.goto(what)
    else:
        page.locator(what).first.click()
        page.wait_for_url("**/obligations/*")
    page.screenshot(path=SHOTS / f"{name}.png")
    context.close()


def test_the_pictures_of_the_guide(tmp_path: Path) -> None:
    passwords = make_demo(tmp_path)
    set_clock(tmp_path, utc_now())
    SHOTS.mkdir(exist_ok=True)
    with running_server(f"sqlite:///{tmp_path / 'dondoc.db'}", tmp_path) as server, chromium() as browser:
        for picture in PICTURES:
            shoot(browser, server.base, picture=picture, password=passwords[picture[1]])
    assert {path.name: path.stat().st_size for path in SHOTS.glob("*.png") if path.stat().st_size > MOST_BYTES} == {}
