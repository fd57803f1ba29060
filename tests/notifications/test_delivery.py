"""Delivery against a real mail server with faults: what the rows say afterwards, and who is asked to look."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text, update

from config.settings import TlsMode
from notifications.delivery import post_office, send_waiting
from notifications.loopback import UnsafeServerError
from notifications.smtp import MailServer
from store.journal import database_clock
from store.outbox import cancel_where
from store.outbox.claiming import Route
from store.outbox.freezing import post_without_sending
from store.outbox.gathering import gather
from store.outbox.holding import count_as_sent, record_bounce, resend
from store.outbox.states import MessageMoveError, Outcome
from store.schema import ATTEMPT, AUTHORITY, CONTACT, MESSAGE, NOTICE, OBLIGATION
from tests.faulty_smtp import FaultyServer, faulty_server
from tests.posting import WHY, Post, claimed, may_go, opened_post, settings, slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.session import Store
    from tests.conftest import SmallYear


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture
def post(any_year: SmallYear, server: FaultyServer) -> Iterator[Post]:
    with opened_post(any_year, server) as opened:
        yield opened


def test_every_notice_leaves_once(post: Post) -> None:
    done = post.tick_and_deliver(slot(post))
    assert done.sent == done.gathered == len(post.server.taken) > 3
    assert post.states() == {"sent": done.sent}
    assert post.deliver(slot(post)).gathered == 0
    assert sorted(post.taken_ids()) == sorted(message.header_id for message in post.messages())
    assert post.year.scalar("select count(*) from notice where message_id is null and not cancelled") == 0


def test_nothing_leaves_before_its_slot(post: Post) -> None:
    post.year.tick(slot(post) - timedelta(hours=2))
    assert post.deliver(slot(post) - timedelta(minutes=1)).gathered == 0
    assert post.deliver(slot(post)).sent > 0


def test_a_rehearsal_counts_the_same(post: Post) -> None:
    for day in range(40):
        now = slot(post) + timedelta(days=day)
        post.year.tick(now)
        with post.year.store.reading() as connection:
            would = [(bundle.recipient, bundle.slot_at, bundle.kind) for bundle in gather(connection, now=now)]
        before = post.year.scalar("select coalesce(max(id), 0) from message")
        if day % 2:
            assert post_without_sending(post.year.store, now) == len(would)
        else:
            assert post.deliver(now).sent == len(would)
        fresh = [(row.recipient, row.slot_at, row.kind) for row in post.messages() if row.id > before]
        assert sorted(fresh) == sorted(would)


# --- faults ----------------------------------------------------------------------------------------------------------


def test_greylisting_is_tried_again_later(post: Post) -> None:
    post.server.order({"at": "rcpt", "do": "say", "code": 450, "times": 3})
    done = post.tick_and_deliver(slot(post))
    assert done.outcomes[Outcome.LATER] == 3
    assert post.states() == {"queued": 3, "sent": done.gathered - 3}
    assert post.deliver(slot(post)).outcomes == {}  # its time has not come
    post.hurry()
    assert post.deliver(slot(post)).sent == 3
    assert post.repairs() == []


def test_the_wait_doubles_up_to_a_ceiling(post: Post) -> None:
    post.server.order({"at": "rcpt", "do": "say", "code": 450})
    post.year.tick(slot(post))
    waits = []
    for _ in range(4):
        post.deliver(slot(post))
        with post.year.store.reading() as connection:
            clock = database_clock(connection)
        waits.append(max(row.next_try_at - clock for row in post.messages() if row.next_try_at is not None))
        post.hurry()
    assert [round(wait.total_seconds() / 60) for wait in waits] == [1, 2, 4, 8]


def test_a_refused_recipient_twice_on_different_days_is_unreachable(post: Post) -> None:
    post.year.tick(slot(post))
    with post.year.store.reading() as connection:
        victim = gather(connection, now=slot(post))[0].recipient
        address = connection.execute(select(CONTACT.c.address).where(CONTACT.c.id == int(victim[1:]))).scalar_one()
    post.server.order({"at": "rcpt", "do": "say", "code": 550, "for": address})
    post.deliver(slot(post))
    assert post.states()["refused"] == 1
    assert post.year.scalar(f"select unreachable_since is null from contact where id = {victim[1:]}")  # noqa: S608
    assert post.repairs() == []
    for day in range(1, 40):
        post.tick_and_deliver(slot(post) + timedelta(days=day))
        if len(post.messages(recipient=victim)) > 1:
            break
    assert [message.state for message in post.messages(recipient=victim)] == ["refused", "refused"]
    assert not post.year.scalar(f"select unreachable_since is null from contact where id = {victim[1:]}")  # noqa: S608
    party, role = post.year.scalar(f"select party_id from contact where id = {victim[1:]}"), "officer"  # noqa: S608
    with post.year.store.reading() as connection:
        role = connection.execute(select(CONTACT.c.role).where(CONTACT.c.id == int(victim[1:]))).scalar_one()
        subjects = set(connection.execute(select(OBLIGATION.c.subject)).scalars())
    assert f"contact/{party}/{role}" in subjects
    assert post.year.scalar("select count(*) from journal where action = 'unreachable'") == 1


def test_two_refusals_on_one_day_are_one(post: Post) -> None:
    post.server.order({"at": "rcpt", "do": "say", "code": 550})
    post.tick_and_deliver(slot(post))
    victim = post.messages()[0].recipient
    again = {"authority_id": 1, "cause": "s:0:1", "kind": "received", "recipient": victim, "at": slot(post), "slot_at": slot(post)}
    post.change(insert(NOTICE).values(again))
    post.deliver(slot(post) + timedelta(hours=2))
    assert [message.state for message in post.messages(recipient=victim)] == ["refused", "refused"]
    assert post.year.scalar("select count(*) from contact where unreachable_since is not null") == 0


@pytest.mark.parametrize("place", ["connect", "ehlo", "mail", "data", "body"])
def test_5xx_stops_the_pool_and_alarms_once(post: Post, place: str) -> None:
    post.server.order({"at": place, "do": "say", "code": 554})
    done = post.tick_and_deliver(slot(post))
    assert done.sent == 0
    assert 1 <= done.outcomes[Outcome.STOPPED] <= 2
    assert post.states() == {"queued": done.gathered}
    assert post.repairs() == ["mail-server/2025-01-06"]
    post.hurry()
    post.deliver(slot(post))
    assert post.repairs() == ["mail-server/2025-01-06"]
    post.server.order()
    post.hurry()
    assert post.deliver(slot(post)).sent == done.gathered


def test_a_drop_after_the_content_is_unknown_and_is_asked_about(post: Post) -> None:
    post.server.order({"at": "answer", "do": "drop", "times": 1})
    done = post.tick_and_deliver(slot(post))
    assert post.states() == {"unknown": 1, "sent": done.gathered - 1}
    (doubtful,) = post.messages(state="unknown")
    assert post.repairs() == [f"unknown-mail/{doubtful.id}"]
    assert post.deliver(slot(post)).outcomes == {}


def test_a_person_resends_or_counts_as_sent(post: Post) -> None:
    post.server.order({"at": "answer", "do": "drop", "times": 2})
    post.tick_and_deliver(slot(post))
    first, second = post.messages(state="unknown")
    with post.year.store.transaction(now=slot(post)) as transaction:
        resend(post.year.store, transaction, first.id, remark=WHY)
        count_as_sent(post.year.store, transaction, second.id, remark=WHY)
    assert post.repairs() == []
    assert post.deliver(slot(post)).sent == 1
    assert set(post.states()) == {"sent"}
    assert post.taken_ids().count(first.header_id) == 2
    assert post.taken_ids().count(second.header_id) == 1
    with post.year.store.transaction(now=slot(post)) as transaction, pytest.raises(MessageMoveError, match="allowed: record-bounce"):
        resend(post.year.store, transaction, first.id, remark=WHY)


def test_an_unanswered_reminder_is_resent_once_and_an_official_mail_never(post: Post) -> None:
    post.server.order({"at": "answer", "do": "drop", "times": 2})
    post.tick_and_deliver(slot(post))
    reminder, official = post.messages(state="unknown")
    post.change(update(MESSAGE).where(MESSAGE.c.id == official.id).values(official=True))
    assert post.deliver(slot(post) + timedelta(hours=23)).outcomes == {}
    post.server.order({"at": "answer", "do": "drop", "for": reminder.address})
    assert post.deliver(slot(post) + timedelta(hours=25)).outcomes == {Outcome.UNKNOWN: 1}
    assert post.deliver(slot(post) + timedelta(days=9)).outcomes == {}
    assert post.taken_ids().count(reminder.header_id) == 2
    assert post.taken_ids().count(official.header_id) == 1
    assert post.repairs() == [f"unknown-mail/{reminder.id}/2", f"unknown-mail/{official.id}"]


def test_a_bounce_is_recorded_and_counts_as_a_refusal(post: Post) -> None:
    post.tick_and_deliver(slot(post))
    message = post.messages()[0]
    with post.year.store.transaction(now=slot(post)) as transaction:
        assert record_bounce(post.year.store, transaction, message.header_id, status="5.1.1") == message.id
    assert post.messages(id=message.id)[0].state == "bounced"
    assert post.year.scalar(f"select refused_on is not null from contact where id = {message.recipient[1:]}")  # noqa: S608


def test_a_recipient_without_address_is_not_silent(post: Post) -> None:
    post.year.tick(slot(post))
    with post.year.store.reading() as connection:
        victim = gather(connection, now=slot(post))[0].recipient
    post.change(update(CONTACT).where(CONTACT.c.id == int(victim[1:])).values(address=""))
    post.deliver(slot(post))
    assert post.messages(recipient=victim)[0].state == "refused"
    assert post.year.scalar("select count(*) from obligation where subject like 'contact/%'") == 1


# --- servers ---------------------------------------------------------------------------------------------------------


def test_a_sandbox_mails_to_the_loopback_address_only(store: Store) -> None:
    with pytest.raises(UnsafeServerError, match="loopback"):
        post_office(store, settings(sandbox_smtp="mail.thu.invalid:25"), holder="test")


def test_real_mail_is_not_sent_unprotected(store: Store) -> None:
    with pytest.raises(UnsafeServerError, match="starttls"):
        post_office(store, settings(smtp_host="mail.thu.invalid", smtp_tls=TlsMode.NONE), holder="test")


def test_a_real_authority_without_a_mail_server_keeps_its_mail_and_says_so(post: Post) -> None:
    post.change(update(AUTHORITY).values(sandbox=False))
    done = post.tick_and_deliver(slot(post))
    assert (done.sent, post.states()) == (0, {"queued": done.gathered})
    assert post.repairs() == ["mail-server/2025-01-06"]
    post.change(update(AUTHORITY).values(sandbox=True))


def test_real_mail_never_goes_to_the_sandbox_server(post: Post) -> None:
    post.change(update(AUTHORITY).values(sandbox=False))
    real = replace(post.office, real=MailServer(host="127.0.0.1", port=9, timeout=0.5))
    Post(post.year, real, post.server).tick_and_deliver(slot(post))
    assert post.server.taken == []
    post.change(update(AUTHORITY).values(sandbox=True))


def test_what_is_cancelled_while_others_leave_does_not_leave(post: Post) -> None:
    messages = claimed(post)
    post.change(update(MESSAGE).values(claimed_by="", claimed_until=None))
    post.server.order({"at": "answer", "do": "sleep", "seconds": 0.2})
    slow = replace(post.office, connections=1)

    async def cancelled_meanwhile() -> None:
        sending = asyncio.create_task(send_waiting(slow, Route(sandbox=True), now=slot(post)))
        while not post.server.taken:  # noqa: ASYNC110  (another process's file: nobody can set an event)
            await asyncio.sleep(0.01)
        await asyncio.to_thread(cancel)
        await sending

    def cancel() -> None:
        with post.year.store.transaction(now=slot(post)) as transaction:
            cancel_where(transaction, NOTICE.c.message_id == messages[-1])

    asyncio.run(cancelled_meanwhile())
    assert post.states() == {"sent": len(messages) - 1, "cancelled": 1}
    assert len(post.server.taken) == len(messages) - 1


def test_a_message_on_its_way_is_not_lost_while_its_claim_runs(post: Post) -> None:
    messages = claimed(post)
    assert may_go(post, messages) == set(messages)
    assert post.deliver(slot(post)).outcomes == {}
    assert post.states() == {"sending": len(messages)}


def test_a_message_on_its_way_when_its_claim_ran_out_is_unknown(post: Post) -> None:
    post.tick_and_deliver(slot(post))
    post.change(text("update message set state='sending', sent_at=null, claimed_until='2020-01-01' where id = 1"))
    post.change(text("delete from attempt where message_id = 1"))
    post.deliver(slot(post))
    assert post.messages(id=1)[0].state == "unknown"
    with post.year.store.reading() as connection:
        assert connection.execute(select(ATTEMPT.c.outcome).where(ATTEMPT.c.message_id == 1)).scalars().all() == ["unknown"]
