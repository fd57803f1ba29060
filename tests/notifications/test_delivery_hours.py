"""Hours: a real authority's mail leaves in working time, whatever the engine missed; a sandbox's at any hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from evaluation.cycles import CycleVerb
from notifications.delivery import post_office
from store.commands.cycle_moves import move_cycle
from store.schema import AUTHORITY
from tests.faulty_smtp import FaultyServer, faulty_server
from tests.posting import WHY, Post, opened_post, settings, slot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.conftest import SmallYear


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    with faulty_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture
def sandbox_post(any_year: SmallYear, server: FaultyServer) -> Iterator[Post]:
    with opened_post(any_year, server) as opened:
        yield opened


@pytest.fixture
def real_post(sandbox_post: Post) -> Post:
    """A real authority, whose mail server is the one that the sandboxes have."""
    sandbox_post.change(update(AUTHORITY).values(sandbox=False))
    return replace(sandbox_post, office=replace(sandbox_post.office, real=sandbox_post.office.sandbox))


def moment(post: Post, day: int, at: str) -> datetime:
    """A local hour of a day in January 2025; the plan opens on Monday the 6th."""
    return post.year.calendar.instant(date(2025, 1, day), time.fromisoformat(at))


def test_a_missed_slot_leaves_at_the_next_working_days(real_post: Post) -> None:
    real_post.year.tick(slot(real_post))
    for day, at in ((6, "18:00"), (7, "06:41"), (11, "10:00"), (12, "06:41")):
        assert real_post.deliver(moment(real_post, day, at)).gathered == 0
    assert real_post.server.taken == []
    done = real_post.deliver(moment(real_post, 13, "07:30"))
    assert done.sent == done.gathered == len(real_post.server.taken) > 3


def test_word_of_a_pause_leaves_on_sunday(real_post: Post) -> None:
    real_post.year.tick(slot(real_post))
    sunday = moment(real_post, 12, "06:41")
    with real_post.year.store.transaction(now=sunday) as transaction:
        move_cycle(real_post.year.store, transaction, real_post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
    assert real_post.deliver(sunday).sent > 0
    assert {message.kind for message in real_post.messages()} == {"cycle-paused"}


def test_a_sandboxs_mail_leaves_on_sunday(sandbox_post: Post) -> None:
    sandbox_post.year.tick(slot(sandbox_post))
    assert sandbox_post.deliver(moment(sandbox_post, 12, "06:41")).sent > 3


def test_the_office_closes_when_the_settings_say(real_post: Post) -> None:
    early = post_office(real_post.year.store, settings(mail_until=time(16)), holder="test")
    assert early.claimant.mail_until == time(16)
    real_post.year.tick(slot(real_post))
    closed = replace(real_post, office=replace(real_post.office, claimant=early.claimant))
    assert closed.deliver(moment(real_post, 6, "17:00")).gathered == 0
    assert real_post.deliver(moment(real_post, 6, "17:00")).sent > 3


def test_mail_that_a_dead_server_kept_waits_for_working_time(real_post: Post) -> None:
    real_post.server.order({"at": "connect", "do": "drop"})
    real_post.year.tick(slot(real_post))
    frozen = real_post.deliver(moment(real_post, 10, "17:00")).gathered
    assert real_post.states() == {"queued": frozen}
    real_post.server.order()
    for day, at in ((10, "18:00"), (12, "06:41")):
        real_post.hurry()
        assert real_post.deliver(moment(real_post, day, at)).outcomes == {}
    assert real_post.deliver(moment(real_post, 13, "07:30")).sent == frozen


def test_word_of_a_pause_that_a_dead_server_kept_leaves_on_sunday(real_post: Post) -> None:
    real_post.server.order({"at": "connect", "do": "drop"})
    with real_post.year.store.transaction(now=slot(real_post)) as transaction:
        move_cycle(real_post.year.store, transaction, real_post.year.cycle, verb=CycleVerb.PAUSE, remark=WHY)
        move_cycle(real_post.year.store, transaction, real_post.year.cycle, verb=CycleVerb.RESUME, remark=WHY)
    frozen = real_post.deliver(slot(real_post)).gathered
    real_post.server.order()
    real_post.hurry()
    assert real_post.deliver(moment(real_post, 12, "06:41")).sent == frozen > 0
