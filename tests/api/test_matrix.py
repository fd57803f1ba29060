"""Every role at every address: what the policy says is what the API does."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from httpx import Response
from sqlalchemy import insert, select

from api.route_rights import PREFIX, ROUTES, On, Rule
from evaluation.accounts import Scope
from evaluation.kinds import Role
from evaluation.rights import Action, Verdict, Why, decide
from evaluation.rights_table import ABOUT_ONESELF
from store.commands.tokens import create_token
from store.queries.rights import authority_resource, contact_resource, cycle_resource, facts_of_account, obligation_resource
from store.rights import authority_today
from store.schema import CONTACT, EVIDENCE, EVIDENCE_FILE, MESSAGE, PAPER, PARTY
from tests.accounts import make_account
from tests.api.conftest import LAUNCHED, MIDWAY, Web, launch_again
from tests.api.matrix_bodies import BODIES, DUE, KEYS, NAMED_IN_THE_BODY, WORDS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from evaluation.rights import ActorFacts, Resource
    from tests.conftest import SmallYear

#: Whose post somebody holds, beside the unit that owes.
PLACES = {"own unit": "xa-1", "other unit": "xa-2", "standing body": "so-noi-vu", "chair": "chu-tich", "other authority": "so-noi-vu"}
NEVER_THERE = {f"no-such-{thing}" for thing in ("obligation", "cycle", "authority", "message", "evidence", "unit", "paper")}
REFUSED = {"not-allowed"}


@dataclass(frozen=True, kw_only=True)
class World:
    """What is asked for: a unit's obligation and what hangs on it, in an authority beside another."""

    year: SmallYear
    obligation: int
    evidence: int
    message: int
    paper: int
    unit: int
    contact: int

    def path(self, route: str) -> str:
        """The address of a route, about the things of this world."""
        method, path = route.split(" ")
        things = {"evidence": self.evidence, "messages": self.message, "papers": self.paper, "cycles": self.year.cycle}
        number = things.get(path.split("/")[1], self.obligation)
        key = next((key for part, key in KEYS.items() if part in path), "thu")
        path = path.replace("{id}", str(number)).replace("{key}", key).replace("{period}", "2025-Q1")
        if ROUTES[route].on in {On.AUTHORITY, On.PEOPLE, On.CONTACT} and route not in NAMED_IN_THE_BODY:
            path += "?authority=thu"
        return PREFIX + (path + "?name=a.pdf" if method == "POST" and path.endswith(("/evidence", "/sign")) else path)

    def resource(self, connection: Any, rule: Rule) -> Resource:
        """What the policy is asked about."""
        if rule.on in {On.OBLIGATION, On.EVIDENCE, On.EACH}:
            found = obligation_resource(self.year.store, connection, self.obligation, now=MIDWAY)
            assert found is not None
            return found
        if rule.on is On.CONTACT:
            contact = contact_resource(connection, self.contact)
            assert contact is not None
            return contact
        authority = authority_resource(connection, 1)
        return cycle_resource(connection, self.year.cycle) if rule.on is On.CYCLE else authority


@pytest.fixture
def world(small_year: SmallYear) -> World:
    small_year.tick(MIDWAY)
    launch_again(small_year.store, key="khac", sandbox=True)
    with small_year.store.transaction(now=MIDWAY) as transaction:
        connection = transaction.connection
        unit = int(connection.execute(select(PARTY.c.id).where(PARTY.c.key == "xa-1", PARTY.c.authority_id == 1)).scalar_one())
        contact = int(
            connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == "head.xa-1", CONTACT.c.authority_id == 1)).scalar_one()
        )
        (own,) = [ident for ident in small_year.ids("plan") if small_year.obligation(ident).party == unit][:1]
        sha = "0" * 64
        connection.execute(insert(EVIDENCE_FILE).values(sha256=sha, size=1, media_type="application/pdf"))
        row = {"obligation_id": own, "term": 1, "round": 0, "item": "", "sha256": sha, "name": "a.pdf", "at": MIDWAY}
        evidence = int(connection.execute(insert(EVIDENCE).values(**row).returning(EVIDENCE.c.id)).scalar_one())
        mail = {"authority_id": 1, "recipient": "c999", "slot_at": MIDWAY, "gathering": 1, "at": MIDWAY, "header_id": "<a@thu.invalid>"}
        values = insert(MESSAGE).values(**mail, state="sent", kind="overdue").returning(MESSAGE.c.id)
        message = int(connection.execute(values).scalar_one())
        written = {
            "authority_id": 1,
            "kind": "CV",
            "purpose": "other",
            "issuer": "so-noi-vu",
            "summary": "thử",
            "state": "draft",
            "at": MIDWAY,
        }
        paper = int(connection.execute(insert(PAPER).values(**written).returning(PAPER.c.id)).scalar_one())
    return World(year=small_year, obligation=own, evidence=evidence, message=message, paper=paper, unit=unit, contact=contact)


def token_for(web: Web, *, place: str, role: Role) -> tuple[str, int]:
    """A token of somebody new in a post, and their account."""
    authority = "khac" if place == "other authority" else "thu"
    email = f"{role.value}.{place}@{authority}.invalid".replace("_", "-").replace(" ", "-")
    known = make_account(web.store, now=LAUNCHED, email=email, party=PLACES[place], role=role, authority=authority)
    with web.store.transaction(now=LAUNCHED) as transaction:
        made = create_token(transaction, known.id, name="thử", scopes=set(Scope), lasts=timedelta(days=300))
    return made.token, known.id


def ask(client: TestClient, world: World, route: str, *, token: str = "") -> Response:
    """A well-formed request, whose change of an obligation means a state that it is not in."""
    method = route.split(" ", 1)[0]
    headers = {"If-Match": '"999999"', **({"Authorization": f"Bearer {token}"} if token else {})}
    given: dict[str, Any] = {}
    if route.endswith("many"):
        asked = {"extend-many": DUE, "urge-many": {"by": "mail"}, "waive-many": WORDS}[route.rpartition("/")[2]]
        given["json"] = {"obligations": [world.obligation], "preview": True, **asked}
    elif route in {
        "POST /obligations/{id}/sheet.xlsx",
        "POST /obligations/{id}/report.xlsx",
        "POST /cycles/{id}/sheets.xlsx",
        "POST /obligations/{id}/evidence",
        "POST /papers/{id}/sign",
    }:
        given["content"] = io.BytesIO(b"%PDF-1.4\n%%EOF\n")
    elif method in {"POST", "PUT"}:
        given["json"] = BODIES.get(route, WORDS)
        if route == "POST /obligations/{id}/prepare":
            given = {}
    answer: Response = client.request(method, world.path(route), headers=headers, **given)
    return answer


def said(answer: Response) -> str:
    """The kind of the problem; empty where there is none."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return ""
    return str(answer.json()["type"].removeprefix("urn:dondoc:"))


def verdict_of(world: World, rule: Rule, *, facts: ActorFacts, whole: bool = False) -> Verdict:
    """What the policy says."""
    assert rule.action is not None
    with world.year.store.reading() as connection:
        resource = world.resource(connection, rule)
        on = authority_today(connection, resource.authority, now=MIDWAY)
        verdict = decide(facts, rule.action, resource, on=on)
        if rule.on is On.PEOPLE and not verdict.allowed:
            unit = facts.holdings[0].party if whole else world.unit  # the list gives everybody their own unit's
            return decide(facts, rule.action, replace(resource, owing=unit), on=on)
        return verdict


def wrong(world: World, route: str, answer: Response, *, facts: ActorFacts) -> str:
    """What an answer says against the policy; empty where they agree."""
    rule, kind = ROUTES[route], said(answer)
    if answer.status_code >= 500 or kind == "invalid-request":
        return f"{route}: {answer.status_code} {answer.text}"
    if rule.on is On.NARROWED:
        ok = answer.status_code == 200 or kind in NEVER_THERE or (route, kind) == ("POST /cycles/{id}/sheets.xlsx", "refused")
        return "" if ok and '"authority":"thu"' not in _told_abroad(world, answer, facts=facts) else f"{route}: {answer.text}"
    verdict = verdict_of(world, rule, facts=facts, whole=route == "GET /people")
    if rule.on is On.EACH:
        kind = _row_kind(answer)
    expected = "" if verdict.allowed else "hidden" if verdict.hidden else "refused"
    happened = "hidden" if kind in NEVER_THERE else "refused" if kind in REFUSED else ""
    if kind == "no-such-inspection" or (route.endswith("/file"), kind) == (True, "no-such-paper"):
        happened = expected if expected != "refused" else ""  # this world's obligation is no inspection, and its paper has no file
    return "" if happened == expected else f"{route}: policy {expected or 'allows'}, API {answer.status_code} {kind or 'does it'}"


def _told_abroad(world: World, answer: Response, *, facts: ActorFacts) -> str:
    """What whoever belongs to another authority is told."""
    return "" if any(holding.authority == 1 for holding in facts.holdings) else answer.text


def _row_kind(answer: Response) -> str:
    (row,) = answer.json()["items"] if answer.status_code == 200 else [{"problem": answer.json()}]
    return str((row["problem"] or {"type": ""})["type"].removeprefix("urn:dondoc:"))


RULED = [route for route, rule in ROUTES.items() if rule.on not in {On.PUBLIC, On.SELF}]


@pytest.mark.parametrize("place", PLACES)
def test_every_role_at_every_address(web: Web, world: World, place: str) -> None:
    client = web.at(MIDWAY, open_sandbox=False)
    found = []
    for role in Role:
        token, account = token_for(web, place=place, role=role)
        with web.store.reading() as connection:
            facts = facts_of_account(connection, account)
        answers = {route: ask(client, world, route, token=token) for route in RULED}
        found += [f"{role}: {said_wrong}" for route, one in answers.items() if (said_wrong := wrong(world, route, one, facts=facts))]
    assert found == []


def test_nobody_is_let_in_without_signing_in(web: Web, world: World) -> None:
    client = web.at(MIDWAY, open_sandbox=False)
    for route, rule in ROUTES.items():
        if rule.on is not On.PUBLIC:
            assert ask(client, world, route).status_code == 401, route


def test_every_route_has_a_rule_and_every_rule_a_route(web: Web) -> None:
    document = web.at(MIDWAY).get("/openapi.json").json()
    routes = {f"{method.upper()} {path.removeprefix(PREFIX)}" for path, item in document["paths"].items() for method in item}
    assert routes == set(ROUTES)


def test_what_no_route_gives_is_known() -> None:
    """Every action of the policy has an address; the journal's is narrowed, and one's own account needs none."""
    given = {rule.action for rule in ROUTES.values()} | ABOUT_ONESELF | {Action.READ_JOURNAL}
    assert set(Action) - given == set()


def test_the_matrix_would_see_a_hole(world: World) -> None:
    """A refusal that is answered as a success, or as another refusal, is told."""
    with world.year.store.reading() as connection:
        nobody = facts_of_account(connection, 999)
    assert verdict_of(world, ROUTES["GET /outbox"], facts=nobody).why is Why.NOT_FOUND
    assert wrong(world, "GET /outbox", Response(200, json={}), facts=nobody)
