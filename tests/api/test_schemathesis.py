"""
Whatever is sent to the API, signed in as somebody real: it never fails, and never answers what it does not describe.

What was tried and what came back is left in `build/schemathesis.md`. At length (`make soak`) each address has a year of its own, and the
requests come from a seed that the report names; `--requests` says how many, `--hypothesis-seed` which.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance
from sqlalchemy import delete

from api.app import create_app
from api.route_rights import PREFIX, ROUTES, On
from config.calendar_files import shipped_calendar
from config.settings import Settings
from evaluation.accounts import Scope
from evaluation.kinds import Role
from store.commands.tokens import create_token
from store.schema import DOOR_TRY
from store.session import open_store
from tests.accounts import change, make_account
from tests.api.browsing import Browser
from tests.api.conftest import HERE, LAUNCHED, MIDWAY, NOBODY, Web
from tests.api.fuzz_report import FuzzReport
from tests.conftest import launch_small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from store.session import Store

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
POSTS = {"coordinator": ("so-noi-vu", Role.HEAD), "officer": ("xa-1", Role.OFFICER), "administrator": ("xa-2", Role.ADMINISTRATOR)}
#: Numbers that lead somewhere, beside those that lead nowhere.
THERE = st.integers(min_value=1, max_value=12)
#: Keys that lead somewhere.
KEYS = st.sampled_from(["thu", "xa-1", "so-noi-vu"])
#: A header that names whatever state an obligation is in, beside what is made up.
ANY_STATE = ",".join(f'"{moves}"' for moves in range(50))
SEED = 20250102


@schemathesis.serializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def as_it_is(_context: object, value: object) -> bytes:
    """A workbook that is none."""
    return value if isinstance(value, bytes) else str(value).encode()


def fewest(examples: int) -> settings:
    """Quiet settings without shrinking: the request that failed is in the message."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks: with a token; or, about their own account, in a browser that is signed in, which a token may not do."""

    token: dict[str, str]
    browser: Browser
    email: str

    def session(self) -> dict[str, str]:
        """The headers of a session that is alive: requests end theirs."""
        if not self.browser("GET", "/session").is_success:
            self.browser.client.cookies.clear()
            assert self.browser.sign_in(self.email).status_code == 201
        cookie = {"Cookie": f"dondoc-session={self.browser.cookie}"}
        return cookie | {"X-CSRF-Token": self.browser.csrf}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A running API, its description, and people."""

    store: Store
    client: TestClient
    schema: Any
    people: tuple[Person, ...]
    report: FuzzReport

    def try_out(self, route: str, *, examples: int) -> None:
        """Send so many requests to one route and hold every answer to the description."""
        method, path = route.split(" ")
        operation = self.schema[PREFIX + path][method]

        @seed(self.report.seed)
        @fewest(examples)
        @given(case=operation.as_strategy(), person=st.sampled_from(self.people), there=THERE | st.none(), key=KEYS, seen=st.booleans())
        def hold(case: Any, person: Person, there: int | None, key: str, *, seen: bool) -> None:
            if there is not None:
                real = {"id": there, "key": key}
                case.path_parameters = {name: real.get(name, value) for name, value in (case.path_parameters or {}).items()}
            said = {"If-Match": ANY_STATE} if seen else {}
            shown = person.session() if ROUTES[route].on is On.SELF else person.token
            case.headers = {**(case.headers or {}), **said, **shown}
            answer = self._send(case)
            self.report.note(route, answer.status_code)
            if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                change(self.store, delete(DOOR_TRY), now=MIDWAY)  # the doors would stay shut for the rest
            case.validate_response(answer, checks=CHECKS)

        try:
            hold()
        except BaseException as fault:
            self.report.blame(route, fault)
            raise

    def _send(self, case: Any) -> Response:
        asked = case.as_transport_kwargs(base_url=str(self.client.base_url))
        asked.pop("cookies", None)  # who asks is said by the token
        if isinstance(asked.get("data"), bytes | str):
            asked["content"] = asked.pop("data")
        answer: Response = self.client.request(**asked, follow_redirects=False)
        return answer


@contextmanager
def asking(template: Path, home: Path, report: FuzzReport) -> Iterator[Asked]:
    """The real app over a year under way, with a coordinator, an officer and an administrator."""
    shutil.copy(template, home / "dondoc.db")
    store = open_store(f"sqlite:///{home / 'dondoc.db'}", durable=False)
    launch_small(store, now=LAUNCHED, calendar=shipped_calendar()).tick(MIDWAY)
    web = Web(store=store, home=home)
    with web.opened:
        client = web.at(MIDWAY, open_sandbox=False)
        people = tuple(person(web, name, client=TestClient(client.app, base_url=HERE)) for name in POSTS)
        attach(people)
        document = create_app(lambda: store, settings=Settings(home=home, prefect_api_url=NOBODY)).openapi()
        yield Asked(store=store, client=client, schema=schemathesis.openapi.from_dict(document), people=people, report=report)


def attach(people: tuple[Person, ...]) -> None:
    """A file that there is to fetch and to withdraw."""
    officer = people[list(POSTS).index("officer")]
    owed = officer.browser.client.get("/api/v1/my/obligations", headers=officer.token).json()["items"]
    place = f"/api/v1/obligations/{next(one['id'] for one in owed if one['stage'] == 'plan')}/evidence?name=a.pdf"
    assert officer.browser.client.post(place, content=b"%PDF-1.7", headers=officer.token).status_code == HTTPStatus.CREATED


@pytest.fixture(scope="module")
def few() -> Iterator[FuzzReport]:
    """The report of a few requests to each address, always the same."""
    report = FuzzReport(seed=SEED, again="make test ARGS=tests/api/test_schemathesis.py")
    yield report
    report.write()


@pytest.fixture(scope="module")
def many(pytestconfig: pytest.Config) -> Iterator[FuzzReport]:
    """The report of many, from a seed that is given or else drawn."""
    given, requests = pytestconfig.getoption("--hypothesis-seed"), pytestconfig.getoption("--requests")
    drawn = int(given) if given and given != "random" else secrets.randbelow(2**31)
    options = f"--requests {requests} --hypothesis-seed {drawn}"
    report = FuzzReport(seed=drawn, again=f'make soak ARGS="tests/api/test_schemathesis.py {options}"')
    yield report
    report.write()


@pytest.fixture(scope="module")
def template(_sqlite_template: Path) -> Path:
    """A migrated database."""
    return _sqlite_template


@pytest.fixture(scope="module")
def asked(template: Path, tmp_path_factory: pytest.TempPathFactory, few: FuzzReport) -> Iterator[Asked]:
    """One year for all addresses."""
    with asking(template, tmp_path_factory.mktemp("api"), few) as asked:
        yield asked


def person(web: Web, name: str, *, client: TestClient) -> Person:
    """Somebody in a post, with a token and a browser."""
    party, role = POSTS[name]
    known = make_account(web.store, now=LAUNCHED, email=f"{name}@thu.invalid", party=party, role=role)
    with web.store.transaction(now=LAUNCHED) as transaction:
        made = create_token(transaction, known.id, name=name, scopes=set(Scope), lasts=timedelta(days=300))
    return Person(token={"Authorization": f"Bearer {made.token}"}, browser=Browser(client=client), email=known.email)


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_described(asked: Asked, route: str) -> None:
    asked.try_out(route, examples=5)


@pytest.mark.soak
@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_described_at_length(
    template: Path, tmp_path: Path, many: FuzzReport, pytestconfig: pytest.Config, route: str
) -> None:
    with asking(template, tmp_path, many) as asked:
        asked.try_out(route, examples=pytestconfig.getoption("--requests"))
