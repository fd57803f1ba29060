"""The pages that are looked at in every language and light: add a page here once it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page


class Place(Protocol):
    """Where pages are looked at: the town, the demo."""

    @property
    def places(self) -> Mapping[str, int]:
        """What the addresses of pages are filled in with."""

    def seat(self, who: str, **options: Any) -> Page:
        """A browser of somebody's, by what they do."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A page, and who looks at it."""

    who: str  #: of `town.SEATS`, or `nobody`
    path: str  #: `{cycle}` and `{obligation}` are filled in
    press: str = ""  #: what is pressed first, so that what it opens is looked at too
    follow: str = ""  #: the link that leads to the page, the first of its kind on that address

    def __str__(self) -> str:
        return " ".join(filter(None, (self.who, self.path, self.press, self.follow)))


NEXT_YEAR = "authority=thu&plan=cycle-{cycle}&year=2026"
#: Looked at in `make test`; the rest, and every other language and light, in the soak.
PAGES = (
    Look(who="officer", path="/"),
    Look(who="officer", path="/obligations/{obligation}"),
    Look(who="coordinator", path="/"),
    Look(who="coordinator", path="/cycles/{cycle}"),
    Look(who="nobody", path="/sign-in"),
)
MORE_PAGES = (
    Look(who="officer", path="/cycles/{cycle}/units/xa-1"),
    Look(who="coordinator", path="/cycles/{cycle}/plan"),
    Look(who="coordinator", path="/cycles/{cycle}/leader"),
    Look(who="coordinator", path="/cycles/{cycle}/requests"),
    Look(who="coordinator", path="/cycles/{cycle}/change"),
    Look(who="coordinator", path="/cycles/{cycle}/inspections"),
    Look(who="coordinator", path="/cycles/{cycle}/survey"),
    Look(who="coordinator", path="/cycles/{cycle}/council"),
    Look(who="nobody", path="/ballot"),
    Look(who="coordinator", path="/cycles/{cycle}/results"),
    Look(who="coordinator", path="/cycles/{cycle}/publication"),
    Look(who="nobody", path="/published"),
    Look(who="coordinator", path="/launch"),
    *(Look(who="coordinator", path=f"/launch/{step}?{NEXT_YEAR}") for step in ("dates", "people", "check", "rehearsal", "go")),
    Look(who="coordinator", path="/launch/first/{cycle}"),
    Look(who="coordinator", path="/jobs/{job}"),
    Look(who="coordinator", path="/papers"),
    Look(who="coordinator", path="/cycles/{cycle}/reports"),
    Look(who="coordinator", path="/outbox/held"),
    Look(who="coordinator", path="/account/second-factor"),
    Look(who="coordinator", path="/outbox"),
    Look(who="coordinator", path="/journal"),
    Look(who="coordinator", path="/rights"),
    Look(who="coordinator", path="/health"),
    Look(who="coordinator", path="/settings"),
    Look(who="coordinator", path="/criteria"),
    Look(who="coordinator", path="/account"),
    Look(who="administrator", path="/settings", press="details:not([open]) > summary"),
    Look(who="nobody", path="/sign-in", press=".door-more summary"),
    Look(who="head", path="/"),
    Look(who="head", path="/obligations/{obligation}"),
    Look(who="auditor", path="/"),
    Look(who="auditor", path="/cycles/{cycle}"),
    Look(who="administrator", path="/"),
    Look(who="administrator", path="/cycles/{cycle}"),
    Look(who="officer", path="/cycles/{cycle}"),
    Look(who="officer", path="/obligations/999999"),
    Look(who="coordinator", path="/obligations/{obligation}"),
    Look(who="coordinator", path="/obligations/{obligation}", press="details.deed:not([open]) summary"),
    Look(who="coordinator", path="/cycles/{cycle}", press="[data-choose]"),
    Look(who="coordinator", path="/cycles/{cycle}", press="[data-open=keys]"),
    Look(who="coordinator", path="/", press=".cycle-choice summary"),
)
#: The demo's earlier year, which was scored and published.
SCORED = "/cycles/1"
SCORE_PAGES = (
    Look(who="coordinator", path=f"{SCORED}/results"),
    Look(who="coordinator", path=f"{SCORED}/results", follow="#main a[href*='/results/units/']"),
    Look(who="coordinator", path=f"{SCORED}/publication", press="details:not([open]) > summary"),
    Look(who="coordinator", path=f"{SCORED}/improvement"),
    Look(who="coordinator", path=f"{SCORED}/survey", press="details:not([open]) > summary"),
    Look(who="coordinator", path=f"{SCORED}/council", press="details:not([open]) > summary"),
    Look(who="coordinator", path=f"{SCORED}/appraisals"),
    Look(who="coordinator", path=f"{SCORED}/appraisals", follow="#main a[href$='/sheet']"),
    Look(who="officer", path=f"{SCORED}", follow="#main a[href^='/obligations/']"),
    Look(who="chair", path=f"{SCORED}/results"),
    Look(who="nobody", path="/published"),
    Look(who="nobody", path="/published", follow="#main a[href^='/published/']"),
)
#: What only a whole year has: looked at on the demo, in the soak.
DEMO_NEXT_YEAR = "authority=demo&plan=cycle-{cycle}&year=2027"
DEMO_PAGES = (
    Look(who="coordinator", path="/"),
    Look(who="officer", path="/"),
    Look(who="chair", path="/"),
    Look(who="coordinator", path="/cycles/{cycle}"),
    Look(who="coordinator", path="/cycles/{cycle}", follow="#main a[href*='/units/']"),
    Look(who="officer", path="/", follow="#main a[href^='/obligations/']"),
    Look(who="officer", path="/", follow="#main [aria-labelledby=ahead] a.due"),
    Look(who="coordinator", path="/cycles/{cycle}/plan"),
    Look(who="coordinator", path="/cycles/{cycle}/leader"),
    Look(who="coordinator", path="/cycles/{cycle}/inspections"),
    Look(who="coordinator", path="/cycles/{cycle}/inspections", follow="#main a[href^='/inspections/']"),
    Look(who="coordinator", path="/cycles/{cycle}/reports"),
    Look(who="coordinator", path="/cycles/{cycle}/requests"),
    Look(who="coordinator", path="/cycles/{cycle}/requests", follow="#main a[href*='/requests/']"),
    Look(who="coordinator", path="/criteria"),
    Look(who="coordinator", path="/criteria", follow="#main a[href^='/criteria/']"),
    Look(who="coordinator", path="/papers"),
    Look(who="coordinator", path="/papers", follow="#main a[href^='/papers/']"),
    Look(who="coordinator", path="/outbox"),
    Look(who="coordinator", path="/outbox", follow="#main td a[href^='/outbox/']"),
    Look(who="coordinator", path="/journal"),
    Look(who="coordinator", path="/settings", press="details:not([open]) > summary"),
    *(Look(who="coordinator", path=f"/launch/{step}?{DEMO_NEXT_YEAR}") for step in ("dates", "people", "check", "rehearsal", "go")),
    Look(who="coordinator", path="/launch/first/{cycle}"),
    *SCORE_PAGES,
)


def go(place: Place, page: Page, look: Look, *, lang: str = "vi") -> None:
    """Look at a page, with everything open that the look asks for."""
    path = look.path.format(**place.places)
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    if look.follow:
        page.goto(page.locator(look.follow).first.get_attribute("href") or "")
    if look.press:
        page.evaluate("what => document.querySelectorAll(what).forEach(one => one.click())", look.press)


def watched(page: Page) -> list[str]:
    """What the page complains of from now on: errors, warnings, breaches of its policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"{request.url} {request.failure}") if "/live" not in request.url else None)
    return said


def options(light: str, **more: Any) -> dict[str, Any]:
    """How a browser is opened for a light."""
    return {"color_scheme": light, "reduced_motion": "reduce", **more}
