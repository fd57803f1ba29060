"""A year by the API: a person per role, each signed in at a server process of its own."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import httpx
from sqlalchemy import select

from store.commands.accounts import link_contact, obtain_account
from store.commands.passwords import set_password
from store.schema import CONTACT
from tests.accounts import KEPT
from tests.api.browsing import Browser
from tests.conftest import SmallYear
from tests.e2e.moves_of_a_year import CALENDAR, FOUNDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fastapi.testclient import TestClient

    from store.session import Store
    from tests.e2e.moves_of_a_year import Step, Stretch
    from tests.serving_process import Server

DONE = {200, 201, 204}


def give_accounts(store: Store, people: Iterable[str]) -> dict[str, str]:
    """Let contacts sign in with the password of the tests, and return their addresses."""
    addresses: dict[str, str] = {}
    with store.transaction(now=FOUNDED) as transaction:
        for key in people:
            row = transaction.connection.execute(select(CONTACT).where(CONTACT.c.key == key)).one()
            account = obtain_account(transaction, row.address)
            link_contact(transaction, account, contact=row.id, authority=row.authority_id)
            set_password(transaction, account.id, kept=KEPT)
            addresses[key] = row.address
    return addresses


@dataclass(kw_only=True)
class Office:
    """A running server and who is signed in there."""

    server: Server
    people: dict[str, Browser] = field(default_factory=dict)
    cycle: int = 0

    def launch(self, yaml: str, *, by: str) -> None:
        """The year under way."""
        made = self.people[by]("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": yaml})
        assert made.status_code == 201, made.text
        self.cycle = made.json()["cycle"]

    def act(self, step: Step) -> None:
        """What a person's program does: look the obligation up, take its ETag, act."""
        answer = self._ask(step)
        assert answer.status_code in DONE, (step, answer.text)
        refused = answer.json().get("refused", 0) if answer.content else 0
        assert refused == 0, (step, answer.text)

    def _ask(self, step: Step) -> httpx.Response:
        who = self.people[step.who]
        match step.verb:
            case "hold-mail" | "release-mail":
                return who("POST", f"/cycles/{self.cycle}/outbox/{step.verb.removesuffix('-mail')}", step.body)
            case _ if not step.about:
                etag = who("GET", f"/cycles/{self.cycle}").headers["etag"]
                return who("POST", f"/cycles/{self.cycle}/{step.verb}", step.body, **{"If-Match": etag})
            case "extend-many" | "urge-many":
                chosen = sorted(one["id"] for one in self._found(step))
                return who("POST", f"/obligations/{step.verb}", {**step.body, "obligations": chosen})
        (one,) = self._found(step)
        match step.verb:
            case "attach":
                return self._upload(step, one["id"])
            case "withdraw-evidence":
                listed = who("GET", f"/obligations/{one['id']}/evidence").json()["items"]
                (number,) = [line["id"] for line in listed if line["name"] == step.body["name"]]
                return who("DELETE", f"/evidence/{number}")
            case verb:
                etag = who("GET", f"/obligations/{one['id']}").headers["etag"]
                body = None if verb == "prepare" else step.body
                return who("POST", f"/obligations/{one['id']}/{verb}", body, **{"If-Match": etag})

    def _found(self, step: Step) -> list[dict[str, Any]]:
        stage, party, subject = step.place
        narrowed = f"?cycle={self.cycle}&stage={stage}&limit=500" + (f"&party={party}" if party else "")
        answer = self.people[step.who]("GET", f"/obligations{narrowed}")
        assert answer.status_code == 200, answer.text
        return [one for one in answer.json()["items"] if one["subject"] == subject]

    def _upload(self, step: Step, ident: int) -> httpx.Response:
        who = self.people[step.who]
        client: httpx.Client = who.client
        return client.post(
            f"/api/v1/obligations/{ident}/evidence",
            params={"name": step.body["name"]},
            content=step.body["content"].encode(),
            headers={"X-CSRF-Token": who.csrf, "Content-Type": "application/octet-stream"},
        )


@contextmanager
def office_at(server: Server, addresses: dict[str, str]) -> Iterator[Office]:
    """Everybody signed in at a server, each in a browser of their own."""
    office = Office(server=server)
    with ExitStack() as browsers:
        for key, address in addresses.items():
            client = browsers.enter_context(httpx.Client(base_url=server.base, trust_env=False))
            browser = Browser(client=cast("TestClient", client))  # it asks what every client of httpx can
            answer = browser.sign_in(address)
            assert answer.status_code == 201, answer.text
            office.people[key] = browser
        yield office


def drive(office: Office, store: Store, stretches: Sequence[Stretch]) -> None:
    """The year after its launch; the engine's ticks come from here, as its own process would make them."""
    year = SmallYear(store=store, cycle=office.cycle, calendar=CALENDAR)
    for stretch in stretches:
        for slot in stretch.ticks:
            year.tick(slot)
        office.server.set_clock(stretch.acting)
        for step in stretch.steps:
            office.act(step)
