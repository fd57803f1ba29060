"""Sheets in an office over the wire: the year with them opened, a leaf acted on, a form of a page sent."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.api.conftest import HERE
from tests.api.working import Office, open_office
from tests.store.scoring import Sheets, with_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store
    from tests.api.browsing import Browser


@contextmanager
def opened(store: Store, home: Path) -> Iterator[tuple[Office, Sheets]]:
    sheets = with_sheets(store)
    with open_office(sheets.year, home, now=sheets.now) as office:
        yield office, sheets


def leaf(who: Browser, ident: int, node: str, verb: str, **body: Any) -> Response:
    return who("POST", f"/obligations/{ident}/leaves/{node}/{verb}", body)


def filled(office: Office, sheets: Sheets) -> int:
    """The unit has handed its sheet in."""
    own = sheets.of("self")
    sheets.fill()
    sheets.hand_in()
    assert office.year.obligation(own).state == "submitted"
    return own


def post_form(who: Browser, path: str, **fields: str) -> Response:
    headers = {"X-CSRF-Token": who.csrf, "Accept": "text/html", "Origin": HERE}
    answer: Response = who.client.post(path, headers=headers, data=fields, follow_redirects=False)
    return answer
