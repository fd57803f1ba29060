"""What owners and administrators of accounts are told: changes by mail, refusals counted, nothing that strangers could fill up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from evaluation import accounts as limits
from evaluation.accounts import CHANGES, REFUSALS_COUNTED, AccountEvent, Purpose
from evaluation.kinds import MessageKind
from store import account_events as kept_events
from store.account_events import Refusal, note_refusal, tell_owner
from store.actors import Actor
from store.commands.links import send_link
from store.queries.account_events import account_events
from store.schema import ACCOUNT_EVENT, JOURNAL, NOTICE
from tests.accounts import PASSWORD, Known, change, enrol, make_account, make_admin
from tests.api.browsing import Browser, mailed_tokens, problem, secrets_of
from tests.api.conftest import MIDWAY, Web, launch_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import SmallYear

NEW = "một hai ba bốn năm sáu"


@pytest.fixture
def known(web: Web, small_year: SmallYear) -> Known:
    return make_account(small_year.store, now=MIDWAY)


@pytest.fixture
def browse(web: Web) -> Callable[..., Browser]:
    def make(**settings: Any) -> Browser:
        return Browser(client=web.at(MIDWAY, **{"open_sandbox": False, **settings}))

    return make


def told(web: Web) -> list[tuple[str, str]]:
    """What was changed and from where, of every mail to the owner."""
    with web.store.reading() as connection:
        causes = connection.execute(select(NOTICE.c.cause).where(NOTICE.c.kind == MessageKind.ACCOUNT_CHANGED.value).order_by(NOTICE.c.id))
        ids = [int(cause.partition(":")[2]) for cause in causes.scalars()]
        events = {row.id: (row.what, row.address) for row in connection.execute(select(ACCOUNT_EVENT))}
    return [events[ident] for ident in ids]


def counted(web: Web) -> Counter[tuple[str, str, int | None]]:
    """How often what was refused at which door to whom."""
    with web.store.reading() as connection:
        found = account_events(connection, authority=None, at_most=10_000)
    counts: Counter[tuple[str, str, int | None]] = Counter()
    for line in found:
        if line.what not in CHANGES:
            counts[line.what.value, line.door, line.account] += line.times
    return counts


def test_the_owner_is_told_of_every_change(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    desk = browse()
    desk.sign_in(known.email)
    assert told(web) == [], "a first password is no change"
    assert desk("PUT", "/password", {"current": PASSWORD, "password": NEW}).status_code == 204
    made = desk("POST", "/tokens", {"name": "máy", "scopes": ["read"]})
    assert desk("DELETE", f"/tokens/{made.json()['id']}").status_code == 204
    app, codes = enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    del app
    again = browse()
    again.sign_in(known.email, NEW)
    assert again.give_code(codes[0]).status_code == 200
    assert again("POST", "/account/second-factor/drop", {"code": codes[1]}).status_code == 204
    with web.store.transaction(now=MIDWAY) as transaction:
        send_link(transaction, secrets_of(web), known.id, purpose=Purpose.RESET)
    ((_, token),) = mailed_tokens(web)
    assert browse()("POST", "/password/reset/use", {"token": token, "password": PASSWORD}).status_code == 204
    here = "testclient"
    assert told(web) == [
        ("password-changed", here),
        ("token-created", here),
        ("token-revoked", here),
        ("second-factor-set", ""),
        ("recovery-code-used", here),
        ("recovery-code-used", here),
        ("second-factor-dropped", here),
        ("password-reset", here),
    ]


def test_refusals_are_counted_by_account_and_address(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse()
    for _ in range(3):
        stranger.sign_in(known.email, "wrong")
    stranger.sign_in("nobody@thu.invalid", "wrong")
    stranger.use_link("x")
    stranger("POST", "/password/reset/use", {"token": "x", "password": NEW})
    assert counted(web) == {
        ("password-refused", "password", known.id): 3,
        ("password-refused", "password", None): 1,
        ("link-refused", "sign-in", None): 1,
        ("link-refused", "reset", None): 1,
    }


def test_wrong_codes_and_a_wrong_present_password_are_counted_too(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    enrol(web.store, known.id, now=MIDWAY, secrets=secrets_of(web))
    desk = browse()
    desk.sign_in(known.email)
    desk.give_code("000000")
    assert counted(web) == {("code-refused", "code", known.id): 1}


def test_a_shut_door_is_one_event_however_long_it_is_knocked_at(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    stranger = browse(tries_per_account=5, tries_per_address=100)
    answers = [stranger.sign_in(known.email, "wrong").status_code for _ in range(10)]
    assert answers == [401] * 5 + [429] * 5
    assert counted(web) == {("password-refused", "password", known.id): 5, ("door-shut", "password/account", known.id): 1}


def test_strangers_cannot_fill_the_disk(web: Web, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_events, "MOST_REFUSALS", 3)
    with web.store.transaction(now=MIDWAY) as transaction:
        for number in range(50):
            note_refusal(transaction, Refusal(what=AccountEvent.PASSWORD_REFUSED, door="password", address=f"203.0.113.{number}"))
    with web.store.reading() as connection:
        lines = account_events(connection, authority=None, at_most=100)
    assert sum(line.times for line in lines) == 50
    assert len(lines) <= 2 * 4, "a window of a quarter of an hour may end meanwhile"
    assert "" in {line.address for line in lines}


def test_events_are_forgotten(web: Web, known: Known) -> None:
    def refuse() -> None:
        with web.store.transaction(now=MIDWAY) as transaction:
            note_refusal(transaction, Refusal(what=AccountEvent.PASSWORD_REFUSED, door="password", account=known.id, address="203.0.113.1"))

    refuse()
    with web.store.transaction(now=MIDWAY, actor=Actor(address="203.0.113.7")) as transaction:
        tell_owner(transaction, known.id, AccountEvent.TOKEN_CREATED)
    with web.store.reading() as connection:
        line = account_events(connection, authority=1, at_most=10)[0]
    long_ago = line.first_at - limits.EVENTS_KEPT - REFUSALS_COUNTED
    change(web.store, update(ACCOUNT_EVENT).values(first_at=long_ago), now=MIDWAY)
    change(web.store, update(ACCOUNT_EVENT).where(ACCOUNT_EVENT.c.once.is_not(None)).values(once="old"), now=MIDWAY)
    refuse()
    with web.store.reading() as connection:
        found = account_events(connection, authority=1, at_most=10)
    assert {(one.what.value, one.address, one.first_at == long_ago) for one in found} == {
        ("password-refused", "203.0.113.1", False),
        ("token-created", "", True),
    }


def test_the_administrator_reads_the_events_of_the_authoritys_accounts(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    launch_again(web.store, key="khac", sandbox=True)
    other = make_account(web.store, now=MIDWAY, email="nguoi.khac@khac.invalid", authority="khac")
    admin, officer, stranger = browse(), browse(), browse()
    admin.sign_in(make_admin(web.store, now=MIDWAY).email)
    officer.sign_in(known.email)
    for email in (known.email, other.email, "nobody@thu.invalid"):
        stranger.sign_in(email, "wrong")
    assert problem(officer("GET", "/account-events")) == (403, "not-allowed")
    assert problem(admin("GET", "/account-events?authority=khac")) == (404, "no-such-authority")
    page = admin("GET", "/account-events").json()
    (one,) = page["items"]
    assert (one["what"], one["account"], one["email"], one["address"], one["times"]) == (
        "password-refused",
        known.id,
        known.email,
        "testclient",
        1,
    )
    stranger.use_link("x")
    officer("PUT", "/password", {"current": PASSWORD, "password": NEW})
    first = admin("GET", "/account-events?limit=1").json()
    rest = admin("GET", f"/account-events?limit=1&before={first['next_before']}").json()
    assert [line["what"] for line in (*first["items"], *rest["items"])] == ["password-changed", "password-refused"]
    assert rest["next_before"] is None


def test_no_network_address_comes_into_the_journal(web: Web, browse: Callable[..., Browser], known: Known) -> None:
    desk = browse()
    desk.sign_in(known.email)
    desk("PUT", "/password", {"current": PASSWORD, "password": NEW})
    with web.store.reading() as connection:
        assert "testclient" not in str(connection.execute(select(JOURNAL)).all())
