"""Delivery against a real mail server with faults: what the rows say afterwards, and who is asked to look."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select, text, update

from config.settings import Settings, TlsMode
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from flows.deliver import deliver
from notifications.delivery import PostOffice, post_office, send_waiting
from notifications.loopback import UnsafeServerError
from notifications.smtp import MailServer
from store.commands.cycle_moves import move_cycle
from store.journal import database_clock
from store.outbox import cancel_where
from store.outbox.claiming import Route, claim
from store.outbox.freezing import post_without_sending
from store.outbox.fuses import Fuse
from store.outbox.gathering import gather
from store.outbox.holding import Outbox, count_as_sent, hold_outbox, record_bounce, release_outbox, resend
from store.outbox.recording import turn
from store.outbox.states import MessageMoveError, MessageState, Outcome
from store.queries.outbox import outbox, read_message
from store.schema import ATTEMPT, AUTHORITY, CONTACT, CYCLE, MESSAGE, NOTICE, OBLIGATION
from store.verify import verify
from tasks.delivering import delivering_from
from tests.faulty_smtp import FaultyServer, faulty_server
from tests.plain_mail import PlainComposer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.deliver import Delivered
    from store.session import Store
    from tests.conftest import SmallYear

WHY = Remark(reason="thử", basis="1/QĐ")
FIRST = date(2025, 1, 6)  # the plan opens: five units and bodies are told


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, smtp_connections=2, smtp_timeout_seconds=0.5, **changes)


@dataclass(frozen=True)
class Post:
    """A small year with a post office."""

    year: SmallYear
    office: PostOffice
    server: FaultyServer

    def deliver(self, now: datetime) -> Delivered:
        with delivering_from(self.office):
            return asyncio.run(deliver.fn(now))

    def tick_and_deliver(self, now: datetime) -> Delivered:
        self.year.tick(now)
        return self.deliver(now)

    def states(self) -> dict[str, int]:
        with self.year.store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(select(MESSAGE.c.state, func.count()).group_by(MESSAGE.c.state))}

    def messages(self, **where: Any) -> list[Any]:
        with self.year.store.reading() as connection:
            query = select(MESSAGE).order_by(MESSAGE.c.id)
            for name, value in where.items():
                query = query.where(MESSAGE.c[name] == value)
            return list(connection.execute(query))

    def repairs(self) -> list[str]:
        with self.year.store.reading() as connection:
            query = select(OBLIGATION.c.subject).where(OBLIGATION.c.subject.like("%-%/%") | OBLIGATION.c.subject.like("fuse/%"))
            return sorted(connection.execute(query.where(OBLIGATION.c.state.not_in(["accepted"]))).scalars())

    def change(self, statement: Any) -> None:
        with self.year.store.transaction(now=self.year.slot(FIRST)) as transaction:
            transaction.connection.execute(statement)

    def hurry(self) -> None:
        """The back-off has passed."""
        self.change(update(MESSAGE).values(next_try_at=None))

    def taken_ids(self) -> list[str]:
        return [mail["id"] for mail in self.server.taken]


@pytest.fixture
def post(any_year: SmallYear, server: FaultyServer) -> Iterator[Post]:
    (server.folder / "taken.jsonl").unlink(missing_ok=True)
    server.order()
    office = post_office(any_year.store, settings(sandbox_smtp=f"127.0.0.1:{server.port}", fuse_per_slot=1000), holder="test")
    yield Post(any_year, replace(office, compose=PlainComposer()), server)
    assert verify(any_year.store) == []


def slot(post: Post, on: date = FIRST) -> datetime:
    return post.year.slot(on)


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


# --- holding ---------------------------------------------------------------------------------------------------------


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


def claimed(post: Post) -> list[int]:
    post.server.order({"at": "connect", "do": "drop"})
    post.tick_and_deliver(slot(post))
    post.hurry()
    return [parcel.message for parcel in claim(post.year.store, post.office.claimant, Route(sandbox=True), now=slot(post))]


def may_go(post: Post, messages: list[int]) -> set[int]:
    return turn(post.year.store, post.office.claimant, done=(), next_ones=messages, now=slot(post))


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
    assert [row.body is None for row in post.messages(state="sent")][:2] == [True, False]


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
