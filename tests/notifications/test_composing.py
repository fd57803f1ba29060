"""Bundles become real mails: read, rendered, frozen, sent, and kept by a real server as they were frozen."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from config.settings import Settings
from flows.deliver import deliver
from notifications.delivery import post_office
from store.outbox.gathering import gather
from store.schema import AUTHORITY, CONTACT, MESSAGE, MESSAGE_BODY, OBLIGATION
from store.verify import verify
from tasks.delivering import delivering_from
from tests.faulty_smtp import faulty_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SmallYear


def test_the_words_of_two_months_reach_the_server(small_year: SmallYear, tmp_path: Path) -> None:
    with faulty_server(tmp_path / "smtp") as server:
        settings = Settings(_env_file=None, sandbox_smtp=f"127.0.0.1:{server.port}", mail_domain="thu.invalid")
        office = post_office(small_year.store, settings, holder="test")
        now = small_year.slot(date(2025, 1, 6))
        gathered = 0
        for day in range(60):
            if day % 3 == 0:  # several slots wait at once
                with delivering_from(office):
                    gathered += asyncio.run(deliver.fn(now)).gathered
            small_year.tick(now)
            now += timedelta(days=1)
        with small_year.store.reading() as connection:
            rows = connection.execute(select(MESSAGE, MESSAGE_BODY.c.body).join(MESSAGE_BODY).order_by(MESSAGE.c.id)).all()
        assert {row.state for row in rows} == {"sent"}
        assert len(rows) == len(server.taken) == gathered > 20
        for row in rows:
            mail = message_from_bytes(row.body, policy=policy.default)
            assert (mail["Message-ID"], mail["To"].addresses[0].addr_spec) == (row.header_id, row.address)
            assert mail["Subject"] == row.subject
        assert verify(small_year.store) == []


def test_a_repeated_gathering_makes_the_same_bytes(small_year: SmallYear) -> None:
    office = post_office(small_year.store, Settings(_env_file=None), holder="test")
    now = small_year.slot(date(2025, 1, 6))
    small_year.tick(now)
    with small_year.store.reading() as connection:
        bundles = gather(connection, now=now)
    first, second = (office.compose(small_year.store, bundles, now=now) for _ in range(2))
    assert first == second
    assert len({mail.header_id for mail in first}) == len(bundles) > 3


def test_an_unfit_address_is_refused_and_the_rest_leaves(small_year: SmallYear) -> None:
    office = post_office(small_year.store, Settings(_env_file=None), holder="test")
    now = small_year.slot(date(2025, 1, 6))
    small_year.tick(now)
    with small_year.store.reading() as connection:
        bundles = gather(connection, now=now)
    with small_year.store.transaction(now=now) as transaction:
        spoilt = update(CONTACT).where(CONTACT.c.id == int(bundles[0].recipient[1:]))
        transaction.connection.execute(spoilt.values(address="không phải địa chỉ"))
    mails = office.compose(small_year.store, bundles, now=now)
    assert [mail.address == "" for mail in mails] == [True] + [False] * (len(bundles) - 1)


def test_a_mail_that_cannot_be_made_is_asked_about_and_keeps_nobody_else(small_year: SmallYear, tmp_path: Path) -> None:
    with faulty_server(tmp_path / "smtp") as server:
        settings = Settings(_env_file=None, sandbox_smtp=f"127.0.0.1:{server.port}", mail_from="không phải địa chỉ")
        now = small_year.slot(date(2025, 1, 6))
        small_year.tick(now)
        with delivering_from(post_office(small_year.store, settings, holder="test")):
            assert asyncio.run(deliver.fn(now)).gathered == 0
        with small_year.store.reading() as connection:
            subjects = connection.execute(select(OBLIGATION.c.subject).where(OBLIGATION.c.subject.like("mail-not-made/%"))).scalars().all()
            assert subjects == ["mail-not-made/stage-opened"]
            assert connection.execute(select(AUTHORITY.c.outbox_held)).scalars().all() == [False]
