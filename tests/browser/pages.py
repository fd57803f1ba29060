"""The pages that are looked at in every language and light: add a page here once it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.town import Town


@dataclass(frozen=True, kw_only=True)
class Look:
    """A page, and who looks at it."""

    who: str  #: of `town.SEATS`, or `nobody`
    path: str  #: `{cycle}` and `{obligation}` are filled in
    press: str = ""  #: what is pressed first, so that what it opens is looked at too

    def __str__(self) -> str:
        return f"{self.who} {self.path} {self.press}".strip()


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
    Look(who="coordinator", path="/cycles/{cycle}/results"),
    Look(who="coordinator", path="/cycles/{cycle}/publication"),
    Look(who="nobody", path="/published"),
    Look(who="coordinator", path="/launch"),
    Look(who="coordinator", path="/outbox/held"),
    Look(who="coordinator", path="/account/second-factor"),
    Look(who="coordinator", path="/outbox"),
    Look(who="coordinator", path="/journal"),
    Look(who="coordinator", path="/rights"),
    Look(who="coordinator", path="/health"),
    Look(who="coordinator", path="/settings"),
    Look(who="coordinator", path="/criteria"),
    Look(who="coordinator", path="/account"),
    Look(who="administrator", path="/settings"),
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


def go(town: Town, page: Page, look: Look, *, lang: str = "vi") -> None:
    """Look at a page, with everything open that the look asks for."""
    path = look.path.format(cycle=town.year.cycle, obligation=town.obligation("xa-1"))
    page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
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
