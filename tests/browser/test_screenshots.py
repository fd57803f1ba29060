"""The pictures of docs/console.md, taken of the demo: `make screenshots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import ROOT, Demo, open_demo
from tests.browser.town import CHROMIUM, PHONE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.requires_system(CHROMIUM, install="apt-get install chromium")]
SHOTS = ROOT / "docs" / "screenshots"
DESK = {"width": 1280, "height": 620}
MOST_BYTES = 170_000
#: Name of the picture, who looks, at what address, behind which first link of it, on what.
PICTURES = (
    ("dieu-phoi-hom-nay", "coordinator", "/", DESK),
    ("dieu-phoi-bang", "coordinator", "/cycles/2", DESK),
    ("dieu-phoi-hop-thu", "coordinator", "/outbox", DESK),
    ("dieu-phoi-bao-cao", "coordinator", "/cycles/2/reports", DESK),
    ("dieu-phoi-kiem-tra", "coordinator", "/cycles/2/inspections", DESK),
    ("dieu-phoi-van-ban", "coordinator", "/papers", DESK),
    ("dieu-phoi-tieu-chi", "coordinator", "/criteria #main a[href^='/criteria/']", DESK),
    ("dieu-phoi-yeu-cau", "coordinator", "/cycles/2/requests", DESK),
    ("dieu-phoi-tham-dinh", "coordinator", "/cycles/1/appraisals", DESK),
    ("dieu-phoi-dieu-tra", "coordinator", "/cycles/1/survey", DESK),
    ("dieu-phoi-ket-qua", "coordinator", "/cycles/1/results", DESK),
    ("cong-bo", "coordinator", "/published #main a[href^='/published/']", PHONE),
    ("hoi-dong", "council-member", "/cycles/2/council", PHONE),
    ("dau-moi-hom-nay", "officer", "/", PHONE),
    ("dau-moi-viec", "officer", "/ a.due", PHONE),
    ("lanh-dao-viec", "head", "/ a.due", PHONE),
    ("giam-sat-bang", "auditor", "/cycles/2", DESK),
    ("chu-tich-hom-nay", "chair", "/", DESK),
    ("quan-tri-cai-dat", "administrator", "/settings", DESK),
)


def shoot(demo: Demo, picture: tuple[str, str, str, dict[str, int]]) -> None:
    name, who, what, size = picture
    page = demo.seat(who, viewport=size, reduced_motion="reduce")
    path, _, link = what.partition(" ")
    page.goto(path)
    if link:
        page.goto(page.locator(link).first.get_attribute("href") or "")
    page.screenshot(path=SHOTS / f"{name}.png")
    demo.close_browsers()


def test_the_pictures_of_the_guide(tmp_path: Path) -> None:
    SHOTS.mkdir(exist_ok=True)
    with open_demo(tmp_path) as demo:
        for picture in PICTURES:
            shoot(demo, picture)
    assert {path.name: path.stat().st_size for path in SHOTS.glob("*.png") if path.stat().st_size > MOST_BYTES} == {}
