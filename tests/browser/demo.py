"""The demo in browsers: made once, with the web over it, and its accounts signed in."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.clock import utc_now
from config.settings import child_environment
from tests.browser.town import WIDE, chromium, session_of
from tests.serving_process import SETTINGS, running_server, set_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
#: The later of the demo's two years.
CYCLE = 2


@dataclass(kw_only=True)
class Demo:
    """The server over the demo, one Chromium, and who has signed in."""

    base: str
    chromium: Browser
    passwords: dict[str, str]
    states: dict[str, list[Any]] = field(default_factory=dict)
    opened: list[Any] = field(default_factory=list)

    @property
    def places(self) -> dict[str, int]:
        """What the addresses of pages are filled in with."""
        return {"cycle": CYCLE}

    def seat(self, who: str, **options: Any) -> Page:
        """Somebody by their role, signed in; `nobody` is not."""
        if who == "nobody":
            self.states[who] = []
        if who not in self.states:
            self.states[who] = session_of(self.base, f"{who}@demo.dondoc.invalid", password=self.passwords[who])
        context = self.chromium.new_context(**{"base_url": self.base, "locale": "vi-VN", "viewport": WIDE, **options})
        if self.states[who]:
            context.add_cookies(self.states[who])
        self.opened.append(context)
        return context.new_page()

    def close_browsers(self) -> None:
        """Let nothing of a test stay open."""
        for context in self.opened:
            context.close()
        self.opened.clear()


def make_demo(home: Path, *more: str) -> dict[str, str]:
    """The demo, ticked today, and the passwords of its accounts by role."""
    said = _do(home, "demo", *more)
    _do(home, "tick")
    lines = [line.split() for line in said.splitlines() if "@demo" in line]
    return {role: password for role, _, password in lines}


def _do(home: Path, *words: str) -> str:
    environment = child_environment(**SETTINGS, DONDOC_HOME=str(home))
    return subprocess.run(
        [sys.executable, "-m", "cli.start", *words], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def open_demo(home: Path, *more: str) -> Iterator[Demo]:
    """Everything running, as of now."""
    passwords = make_demo(home, *more)
    set_clock(home, utc_now())
    with running_server(f"sqlite:///{home / 'dondoc.db'}", home) as server, chromium() as browser:
        yield Demo(base=server.base, chromium=browser, passwords=passwords)
