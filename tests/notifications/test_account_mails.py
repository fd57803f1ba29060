"""Mails of accounts, from the request to the mailbox and back: they leave past everything, and nobody else finds the link."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text, update

from config.settings import Settings
from evaluation.accounts import Purpose, Scope
from evaluation.actions import Remark
from flows.deliver import deliver
from notifications.delivery import post_office
from notifications.sink import Keeper
from store.actors import Actor
from store.commands.links import LinkError, send_link, use_link
from store.commands.tokens import create_token
from store.outbox.holding import Outbox, cancel_message, hold_outbox
from store.queries.outbox import outbox, read_message
from store.queries.why import why
from store.schema import AUTHORITY, CYCLE, MESSAGE, METADATA, ONE_TIME_LINK
from store.secrets import Secrets
from store.verify import verify
from tasks.delivering import delivering_from
from tests.accounts import Known, change, make_account
from tests.api.test_serving import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from store.session import Store
    from tests.conftest import SmallYear

KEY = "a key of a test that is long enough to be one"
SECRETS = Secrets(key=KEY.encode())
WHY = Remark(reason="thử", basis="1/QĐ")
LINK = re.compile(r"https://dondoc\.invalid/links/([a-z-]+)/(\S+)")


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A mail server that keeps what it gets."""
    folder = tmp_path / "mail"
    server = Controller(Keeper(folder), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server.port, folder
    server.stop()


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    return any_year.slot(date(2025, 1, 6))


@pytest.fixture
def known(any_year: SmallYear, now: datetime) -> Known:
    return make_account(any_year.store, now=now)


def post(store: Store, port: int, *, now: datetime, **changes: Any) -> None:
    """One delivery with the real composer."""
    given = {"sandbox_smtp": f"127.0.0.1:{port}", "secret_key": KEY, "base_url": "https://dondoc.invalid", **changes}
    office = post_office(store, Settings(_env_file=None, smtp_timeout_seconds=2, **given), holder="test")
    with delivering_from(office):
        asyncio.run(deliver.fn(now))


def ask(store: Store, account: int, purpose: Purpose, *, now: datetime) -> None:
    with store.transaction(now=now) as transaction:
        send_link(transaction, SECRETS, account, purpose=purpose)


def mails(folder: Path) -> list[Any]:
    return [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def link_in(mail: Any) -> tuple[str, str]:
    found = LINK.search(mail.get_body(("plain",)).get_content())
    assert found is not None
    return found[1], found[2]


def everything(store: Store) -> str:
    """Every value of every row."""
    with store.reading() as connection:
        return str([tuple(row) for table in METADATA.sorted_tables for row in connection.execute(select(table))])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_link_is_in_the_mail_and_nowhere_else(
    any_year: SmallYear, known: Known, mailbox: tuple[int, Path], now: datetime, purpose: Purpose
) -> None:
    store, (port, folder) = any_year.store, mailbox
    ask(store, known.id, purpose, now=now)
    before = everything(store)
    post(store, port, now=now)
    (mail,) = mails(folder)
    assert mail["To"].addresses[0].addr_spec == known.email
    said, token = link_in(mail)
    assert said == purpose
    assert token not in before
    assert token not in everything(store)
    with store.transaction(now=now) as transaction:
        assert use_link(transaction, token, purpose=purpose) == known.id
    assert verify(store) == []


def test_a_coordinator_who_looks_for_anothers_link_finds_nothing(
    any_year: SmallYear, known: Known, mailbox: tuple[int, Path], now: datetime
) -> None:
    store, (port, folder) = any_year.store, mailbox
    ask(store, known.id, Purpose.RESET, now=now)
    post(store, 9, now=now)  # nobody listens there: it waits, with its bytes
    with store.reading() as connection:
        (line,) = outbox(connection, authority=1).messages
        view = read_message(connection, line.id)
        reason = why(store, connection, str(line.id))
    assert (line.subject, view.body, view.confidential, reason.subject) == ("", None, True, "")
    assert reason.notices[0].entry is None
    change(store, update(MESSAGE).values(next_try_at=None), now=now)
    post(store, port, now=now)
    _, token = link_in(mails(folder)[0])
    for shown in (line, view, reason):
        assert token not in str(shown)
    with store.reading() as connection:
        assert connection.execute(text("select count(*) from message_body")).scalar_one() == 0
        assert connection.execute(select(MESSAGE.c.state)).scalar_one() == "sent"


def test_it_leaves_past_a_restored_authority_a_held_cycle_a_pause_and_the_fuse(
    any_year: SmallYear, known: Known, mailbox: tuple[int, Path], now: datetime
) -> None:
    store, (port, folder) = any_year.store, mailbox
    any_year.tick(now)
    with store.transaction(now=now) as transaction:
        hold_outbox(store, transaction, Outbox(authority=1), remark=WHY)
        hold_outbox(store, transaction, Outbox(authority=1, cycle=any_year.cycle), remark=WHY)
    change(store, update(CYCLE).values(state="paused"), now=now)
    for _ in range(3):
        ask(store, known.id, Purpose.SIGN_IN, now=now)
    post(store, port, now=now, fuse_per_recipient=1, fuse_per_slot=1)
    assert [mail["Subject"] for mail in mails(folder)] == ["[THỬ][CCHC] Liên kết đăng nhập"] * 3
    assert len({link_in(mail)[1] for mail in mails(folder)}) == 3
    change(store, update(CYCLE).values(state="launched", mail_held=False), now=now)
    change(store, update(AUTHORITY).values(outbox_held=False), now=now)


def test_what_is_cancelled_is_erased_too(any_year: SmallYear, known: Known, now: datetime) -> None:
    store = any_year.store
    ask(store, known.id, Purpose.SIGN_IN, now=now)
    post(store, 9, now=now)
    with store.reading() as connection:
        ident = connection.execute(select(MESSAGE.c.id)).scalar_one()
        nonce = connection.execute(select(ONE_TIME_LINK.c.nonce)).scalar_one()
    assert SECRETS.link_token("sign-in", nonce) not in str(ident)
    with store.transaction(now=now) as transaction:
        cancel_message(store, transaction, ident, remark=WHY)
    with store.reading() as connection:
        assert connection.execute(text("select count(*) from message_body")).scalar_one() == 0


def test_the_mail_of_a_change_names_no_secret_and_is_shown_nowhere(
    any_year: SmallYear, known: Known, mailbox: tuple[int, Path], now: datetime
) -> None:
    store, (port, folder) = any_year.store, mailbox
    with store.transaction(now=now, actor=Actor(who=f"c{known.contact}", address="203.0.113.7")) as transaction:
        hold_outbox(store, transaction, Outbox(authority=1), remark=WHY)
        made = create_token(transaction, known.id, name="máy", scopes={Scope.READ})
    post(store, 9, now=now)  # nobody listens there: it waits, with its bytes
    with store.reading() as connection:
        (line,) = outbox(connection, authority=1).messages
        view = read_message(connection, line.id)
        assert why(store, connection, str(line.id)).notices[0].entry is None
    assert (line.kind.value, line.subject, view.body, view.confidential) == ("account-changed", "", None, True)
    change(store, update(MESSAGE).values(next_try_at=None), now=now)
    post(store, port, now=now)
    (mail,) = mails(folder)
    words = mail.get_body(("plain",)).get_content()
    assert mail["To"].addresses[0].addr_spec == known.email
    assert "đã tạo một mã truy cập API" in words
    assert "203.0.113.7" in words
    assert made.token not in mail.as_string()
    assert made.prefix not in mail.as_string()
    assert verify(store) == []


def test_without_the_installations_key_a_mail_is_worthless(
    any_year: SmallYear, known: Known, mailbox: tuple[int, Path], now: datetime
) -> None:
    store, (port, folder) = any_year.store, mailbox
    ask(store, known.id, Purpose.SIGN_IN, now=now)
    post(store, port, now=now, secret_key="another key, of whoever has the database alone")
    _, token = link_in(mails(folder)[0])
    with pytest.raises(LinkError), store.transaction(now=now) as transaction:
        use_link(transaction, token, purpose=Purpose.SIGN_IN)
