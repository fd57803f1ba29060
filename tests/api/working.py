"""People at work through the API: each signs in for real, in a browser of their own; the moment is the test's."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import create_app
from config.settings import Settings
from evaluation.kinds import Role
from store.schema import OBLIGATION, PARTY, STAGE
from tests.accounts import make_account
from tests.api.browsing import Browser
from tests.api.conftest import CHEAP, HERE, NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fastapi import FastAPI
    from httpx import Response

    from tests.conftest import SmallYear


@dataclass(kw_only=True)
class Office:
    """A year, the app over it, and who works in it."""

    year: SmallYear
    app: FastAPI
    now: datetime
    seated: dict[tuple[str, Role, str], Browser] = field(default_factory=dict)

    def person(self, party: str, role: Role = Role.OFFICER, *, authority: str = "thu") -> Browser:
        """Somebody in a post, signed in."""
        place = (party, role, authority)
        if place not in self.seated:
            email = f"{role.value}.{party}@{authority}.invalid"
            make_account(self.year.store, now=self.now, email=email, party=party, role=role, authority=authority)
            self.seat(party, role, authority=authority)
        return self.seated[place]

    def seat(self, party: str, role: Role, *, authority: str = "thu") -> None:
        """Sign somebody in who has an account."""
        browser = Browser(client=TestClient(self.app, base_url=HERE))
        assert browser.sign_in(f"{role.value}.{party}@{authority}.invalid").status_code == 201
        self.seated[party, role, authority] = browser

    def obligation(self, party: str, stage: str = "plan", subject: str = "") -> int:
        """What a party owes in a stage."""
        query = (
            select(OBLIGATION.c.id)
            .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
            .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
            .where(PARTY.c.key == party, STAGE.c.key == stage, OBLIGATION.c.subject == subject)
        )
        with self.year.store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def moves(self, ident: int) -> int:
        """How often an obligation was moved."""
        return self.year.obligation(ident).moves

    def do(self, who: Browser, ident: int, verb: str, json: Any = None, **headers: str) -> Response:
        """A verb, on the state as it is unless a test says otherwise."""
        given = {"If-Match": f'"{self.moves(ident)}"', **{name.replace("_", "-"): value for name, value in headers.items()}}
        return who("POST", f"/obligations/{ident}/{verb}", json, **given)


@contextmanager
def open_office(year: SmallYear, home: Path, *, now: datetime, **changes: Any) -> Iterator[Office]:
    """The app over a year, whose moment moves with the office's."""
    settings = Settings(**{"home": home, "prefect_api_url": NOBODY, **CHEAP, **changes})
    app = create_app(lambda: year.store, settings=settings, clock=lambda: office.now)
    office = Office(year=year, app=app, now=now)
    with TestClient(app, base_url=HERE):
        yield office
