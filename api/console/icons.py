"""Icons: drawings of the icon set, put into the page, so that they take the colour of the words beside them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
#: What the pages use; set-up copies these alone.
ICONS = (
    "adjustments",
    "alert-triangle",
    "arrow-back-up",
    "arrow-left",
    "arrow-right",
    "ban",
    "bell-ringing",
    "building-off",
    "building-plus",
    "calendar",
    "calendar-due",
    "calendar-stats",
    "checks",
    "chevron-down",
    "circle-check",
    "circle-dashed",
    "circle-dotted",
    "clock",
    "clock-exclamation",
    "clock-pause",
    "clock-plus",
    "code",
    "corner-up-left",
    "device-laptop",
    "download",
    "exchange",
    "eye",
    "file-spreadsheet",
    "file-text",
    "hand-stop",
    "heartbeat",
    "hourglass",
    "info-circle",
    "key",
    "keyboard",
    "language",
    "layout-dashboard",
    "lock",
    "lock-open",
    "login",
    "logout",
    "mail",
    "mail-check",
    "mail-forward",
    "mail-off",
    "mail-question",
    "menu-2",
    "moon",
    "notebook",
    "paperclip",
    "phone",
    "player-pause",
    "player-play",
    "presentation",
    "printer",
    "refresh",
    "rocket",
    "search",
    "send",
    "settings",
    "shield-check",
    "signature",
    "table",
    "trash",
    "upload",
    "user",
    "x",
)


_STROKE = 'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


@lru_cache
def icon(name: str) -> Markup:
    """Return a drawing; hidden from those who hear the page, since words stand beside it."""
    return Markup(f'<svg class="icon" width="20" height="20" {_STROKE} aria-hidden="true" focusable="false">{_inner(name)}</svg>')  # noqa: S704


@lru_cache
def symbol(name: str) -> Markup:
    """Return a drawing that a page uses many times, to be named as `#i-<name>`."""
    return Markup(f'<symbol id="i-{name}" {_STROKE}>{_inner(name)}</symbol>')  # noqa: S704


def _inner(name: str) -> str:
    drawing = (VENDOR / "icons" / f"{name}.svg").read_text("utf-8")
    return drawing[drawing.index("<path") : drawing.rindex("</svg>")]
