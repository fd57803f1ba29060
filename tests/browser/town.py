"""A town at work: a small year of fourteen communes, the web as a process of its own over it, and people in browsers."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any

import httpx
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select, update

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from evaluation.kinds import Role
from store.commands.authorities import found_authority, import_roster
from store.commands.launching import Launch, launch
from store.schema import OBLIGATION, PARTY
from tests.accounts import PASSWORD, make_account, make_admin
from tests.conftest import DATA, SMALL_PLAN, SmallYear
from tests.serving_process import running_server, set_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from store.session import Store
    from tests.serving_process import Server

CHROMIUM = "chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COMMUNE = "  - {{key: xa-{number}, name: Xã {number:03} (tên chưa có nguồn), level: commune, group: xa, superior: ubnd, source: none}}\n"
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 800}
COMMUNES = 14
BODY = "so-noi-vu"
#: What a person does in the town, and where they sit.
SEATS = {
    "officer": ("xa-1", Role.OFFICER),
    "head": ("xa-1", Role.HEAD),
    "coordinator": (BODY, Role.OFFICER),
    "auditor": (BODY, Role.AUDITOR),
}


@dataclass(kw_only=True)
class Town:
    """The year, its server, one Chromium, and who has signed in."""

    year: SmallYear
    server: Server
    chromium: Browser
    now: datetime
    fresh: list[str] = field(default_factory=lambda: [f"xa-{number}" for number in range(3, COMMUNES + 1)])
    states: dict[str, Any] = field(default_factory=dict)
    opened: list[Any] = field(default_factory=list)

    def unit(self) -> str:
        """A commune that no other test works with."""
        return self.fresh.pop()

    def obligation(self, party: str, stage: str = "plan") -> int:
        """What a party owes in a stage."""
        owner = select(PARTY.c.id).where(PARTY.c.key == party)
        ids = select(OBLIGATION.c.id).where(OBLIGATION.c.party_id.in_(owner), OBLIGATION.c.id.in_(self.year.ids(stage)))
        with self.year.store.reading() as connection:
            return int(connection.execute(ids).scalar_one())

    def visitor(self, **options: Any) -> Page:
        """A browser of its own that nobody has signed in with."""
        context = self.chromium.new_context(**{"base_url": self.server.base, "locale": "vi-VN", "viewport": WIDE, **options})
        context.set_default_timeout(6_000)
        self.opened.append(context)
        return context.new_page()

    def person(self, party: str, role: Role = Role.OFFICER, **options: Any) -> Page:
        """Somebody in a post, signed in."""
        email = f"{role.value}.{party}@people.invalid"
        if email not in self.states:
            if role is Role.ADMINISTRATOR:
                make_admin(self.year.store, now=self.now, email=email)
            else:
                make_account(self.year.store, now=self.now, email=email, party=party, role=role)
            self.states[email] = session_of(self.server.base, email, password=PASSWORD)
        page = self.visitor(**options)
        page.context.add_cookies(self.states[email])
        return page

    def seat(self, who: str, **options: Any) -> Page:
        """Somebody by what they do: `nobody`, `administrator`, or one of SEATS."""
        if who == "nobody":
            return self.visitor(**options)
        party, role = SEATS.get(who, (BODY, Role.ADMINISTRATOR))
        return self.person(party, role, **options)

    @property
    def places(self) -> dict[str, int]:
        """What the addresses of pages are filled in with."""
        return {"cycle": self.year.cycle, "obligation": self.obligation("xa-1")}

    def close_browsers(self) -> None:
        """Let nothing of a test stay open."""
        for context in self.opened:
            context.close()
        self.opened.clear()


def session_of(base: str, email: str, *, password: str) -> list[Any]:
    """The cookies of a session; the page to sign in at has tests of its own."""
    with httpx.Client(base_url=base, trust_env=False) as client:
        client.post("/api/v1/session", json={"email": email, "password": password}).raise_for_status()
        return [{"name": name, "value": value, "url": base} for name, value in client.cookies.items()]


def sign_in(page: Page, email: str, *, path: str = "/sign-in") -> None:
    """Sign in by password, from the page that asks for it."""
    page.goto(path)
    form = page.locator("form[action='/sign-in']")
    form.locator("[name=email]").fill(email)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button").click()
    expect(page.locator("#main")).to_be_visible()


def found(store: Store, folder: Path) -> SmallYear:
    """A launched year whose plans are open since this morning, with more communes than the small roster has."""
    more = "".join(COMMUNE.format(number=number) for number in range(3, COMMUNES + 1))
    roster = folder / "roster.yaml"
    roster.write_text((DATA / "small-roster.yaml").read_text(encoding="utf-8") + more, encoding="utf-8")
    calendar = shipped_calendar()
    with store.transaction(now=calendar.instant(date(2025, 1, 2), time(9))) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=load_roster(roster))
        plan = SMALL_PLAN.read_text(encoding="utf-8")
        launched = launch(store, transaction, Launch(authority="thu", plan_yaml=plan, year=2025, calendar=calendar))
    with store.engine.begin() as connection:  # a name that its key does not tell
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-2").values(name="Sở Tư pháp"))
        connection.execute(update(PARTY).where(PARTY.c.key == "so-tu-phap").values(key="so-02"))
    return SmallYear(store=store, cycle=launched.cycle, calendar=calendar)


@contextmanager
def open_town(store: Store, folder: Path) -> Iterator[Town]:
    """Everything running. The tick comes before Playwright, whose loop would stand in its way."""
    year = found(store, folder)
    now = year.slot(date(2025, 1, 7))
    year.tick(now)
    set_clock(folder, now)
    url = store.engine.url.render_as_string(hide_password=False)
    with running_server(url, folder) as server, chromium() as browser:
        yield Town(year=year, server=server, chromium=browser, now=now)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
