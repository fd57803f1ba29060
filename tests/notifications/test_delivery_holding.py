"""Holding, pausing, cancelling: what keeps mail back, at each moment of its way, and what lets it go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from evaluation.cycles import CycleVerb
from notifications.delivery import send_waiting
from store.commands.cycle_moves import move_cycle
from store.outbox import cancel_where
from store.outbox.claiming import Route, claim
from store.outbox.fuses import Fuse
from store.outbox.holding import Outbox, hold_outbox, release_outbox
from store.outbox.recording import turn
from store.outbox.states import MessageState
from store.queries.outbox import outbox, read_message
from store.schema import AUTHORITY, CYCLE, MESSAGE, NOTICE
from tests.faulty_smtp import FaultyServer, faulty_server
from tests.posting import WHY, Post, claimed, may_go, opened_post, slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SmallYear


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture
def post(any_year: SmallYear, server: FaultyServer) -> Iterator[Post]:
    with opened_post(any_year, server) as opened:
        yield opened


def test_a_paused_cycle_lets_nothing_out_but_the_word_of_it(post: Post) -> None:
    post.year.tick(slot(post))
    with post.year.store.transaction(now=slot(post)) as transaction:
        move_cycle(post.year.store, transaction, post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    post.deliver(slot(post))
    assert {message.kind for message in post.messages()} == {"cycle-paused"}
    with post.year.store.transaction(now=slot(post)) as transaction:
        move_cycle(post.year.store, transaction, post.year.cycle, verb=CycleVerb.RESUME, remark=WHY)
    post.deliver(slot(post))
    assert "stage-opened" in {message.kind for message in post.messages(state="sent")}


def test_mail_frozen_before_a_pause_waits_for_its_end(post: Post) -> None:
    post.server.order({"at": "connect", "do": "drop"})
    post.tick_and_deliver(slot(post))
    frozen = len(post.messages(state="queued"))
    assert frozen > 0
    post.hurry()
    post.server.order()
    with post.year.store.transaction(now=slot(post)) as transaction:
        move_cycle(post.year.store, transaction, post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    post.deliver(slot(post))
    assert {message.kind for message in post.messages(state="sent")} == {"cycle-paused"}
    assert len(post.messages(state="queued")) == frozen


def test_a_held_cycle_is_gathered_and_waits_for_its_release(post: Post) -> None:
    box = Outbox(authority=1, cycle=post.year.cycle)
    with post.year.store.transaction(now=slot(post)) as transaction:
        hold_outbox(post.year.store, transaction, box, remark=WHY)
    done = post.tick_and_deliver(slot(post))
    assert (done.sent, post.states()) == (0, {"held": done.gathered})
    with post.year.store.transaction(now=slot(post)) as transaction:
        assert release_outbox(post.year.store, transaction, box, remark=WHY) == done.gathered
    assert post.deliver(slot(post)).sent == done.gathered
    assert post.year.scalar("select count(*) from journal where action in ('hold-outbox', 'release-outbox')") == 2


def test_a_restored_authority_lets_nothing_out_even_what_may_not_be_held(post: Post) -> None:
    post.change(update(AUTHORITY).values(outbox_held=True))
    post.year.tick(slot(post))
    with post.year.store.transaction(now=slot(post)) as transaction:
        move_cycle(post.year.store, transaction, post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    assert post.deliver(slot(post)).sent == 0
    assert set(post.states()) == {"held"}


def test_a_cancelled_notice_leaves_its_message_and_the_rest_goes(post: Post) -> None:
    post.year.tick(slot(post))
    post.server.order({"at": "connect", "do": "drop"})
    post.deliver(slot(post))
    with post.year.store.reading() as connection:
        notice = connection.execute(select(NOTICE).where(NOTICE.c.message_id.is_not(None)).limit(1)).one()
    with post.year.store.transaction(now=slot(post)) as transaction:
        cancel_where(transaction, NOTICE.c.id == notice.id)
    post.server.order()
    post.hurry()
    post.deliver(slot(post))
    assert post.messages(id=notice.message_id)[0].state == "cancelled"
    assert post.messages(id=notice.message_id)[0].header_id not in post.taken_ids()


def test_what_is_cancelled_after_its_claim_does_not_enter_sending(post: Post) -> None:
    messages = claimed(post)
    post.change(update(NOTICE).where(NOTICE.c.message_id == messages[0]).values(cancelled=True))
    assert may_go(post, messages) == set(messages[1:])
    post.change(update(MESSAGE).values(state="cancelled", claimed_until=None))
    post.change(update(NOTICE).values(message_id=None))


@pytest.mark.parametrize(
    "stop", [update(CYCLE).values(mail_held=True), update(AUTHORITY).values(outbox_held=True)], ids=["cycle", "authority"]
)
def test_what_is_held_after_its_claim_does_not_enter_sending(post: Post, stop: Any) -> None:
    messages = claimed(post)
    post.change(stop)
    assert may_go(post, messages) == set()


def test_what_is_paused_after_its_claim_does_not_enter_sending(post: Post) -> None:
    messages = claimed(post)
    with post.year.store.transaction(now=slot(post)) as transaction:
        move_cycle(post.year.store, transaction, post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    assert may_go(post, messages) == set()


def test_what_another_engine_claimed_is_left_to_it(post: Post) -> None:
    messages = claimed(post)
    other = replace(post.office.claimant, holder="other")
    assert claim(post.year.store, other, Route(sandbox=True), now=slot(post)) == []
    assert turn(post.year.store, other, done=(), next_ones=messages, now=slot(post)) == set()
    post.change(update(MESSAGE).values(claimed_until=datetime(2020, 1, 1, tzinfo=UTC)))
    assert may_go(post, messages) == set()  # ours ran out
    assert len(claim(post.year.store, other, Route(sandbox=True), now=slot(post))) == len(messages)


@pytest.mark.parametrize(("per_recipient", "per_slot"), [(0, 100), (20, 2)])
def test_the_fuse_holds_a_slot_and_alarms_once(post: Post, per_recipient: int, per_slot: int) -> None:
    fuse = Fuse(per_recipient=per_recipient, per_slot=per_slot, refused_share=0.2)
    blown = Post(post.year, replace(post.office, claimant=replace(post.office.claimant, fuse=fuse)), post.server)
    done = blown.tick_and_deliver(slot(post))
    assert (done.sent, post.states()) == (0, {"held": done.gathered})
    assert post.repairs() == ["fuse/2025-01-06"]
    with post.year.store.transaction(now=slot(post)) as transaction:
        release_outbox(post.year.store, transaction, Outbox(authority=1), remark=WHY)
    assert post.deliver(slot(post)).sent == done.gathered


def test_a_confidential_body_is_erased_when_sent_and_never_shown(post: Post) -> None:
    post.server.order({"at": "connect", "do": "drop"})
    post.tick_and_deliver(slot(post))
    message = post.messages()[0].id
    post.change(update(MESSAGE).where(MESSAGE.c.id == message).values(confidential=True))
    with post.year.store.reading() as connection:
        assert read_message(connection, message).body is None
        assert read_message(connection, message + 1).body is not None
    post.server.order()
    post.hurry()
    post.deliver(slot(post))
    assert post.year.scalar("select min(message_id) from message_body") == message + 1


def test_the_outbox_lists_counts_and_pages(post: Post) -> None:
    done = post.tick_and_deliver(slot(post))
    with post.year.store.reading() as connection:
        page = outbox(connection, authority=1, state=MessageState.SENT, at_most=2)
        assert outbox(connection, authority=2).messages == ()
        rest = outbox(connection, authority=1, before=page.messages[-1].id)
    assert page.counts[MessageState.SENT] == done.sent
    assert len(page.messages) + len(rest.messages) == done.sent


def test_stopping_brings_what_is_on_its_way_to_its_end(post: Post) -> None:
    messages = claimed(post)
    post.change(update(MESSAGE).values(claimed_by="", claimed_until=None))
    post.server.order({"at": "answer", "do": "sleep", "seconds": 0.3})

    async def stopped_soon() -> None:
        sending = asyncio.create_task(send_waiting(post.office, Route(sandbox=True), now=slot(post)))
        while not post.server.taken:  # noqa: ASYNC110  (another process's file: nobody can set an event)
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    asyncio.run(stopped_soon())
    assert post.states()["sent"] == len(post.server.taken) <= post.office.connections
    assert post.states()["queued"] == len(messages) - len(post.server.taken)
    assert {row.claimed_by for row in post.messages()} == {""}
