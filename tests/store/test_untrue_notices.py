"""Words that a later move makes untrue before they have left: cancelled in that move's own transaction; facts stay."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from config.settings import Settings
from evaluation.actions import Remark
from evaluation.kinds import MessageKind
from notifications.delivery import post_office
from store.commands import moves
from store.outbox.freezing import freeze, post_without_sending
from store.outbox.gathering import gather
from store.outbox.states import MessageState
from store.schema import MESSAGE, NOTICE
from store.upkeep import ask_upkeep
from store.verify import verify
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evaluation.obligations import Obligation
    from tests.conftest import SmallYear

WHY = Remark(reason="thiếu số liệu", basis="01/QĐ-THU")


AT_EIGHT = time(8, 0)


def opened(year: SmallYear) -> datetime:
    """The plan stage is open and its mails have left; it is Wednesday after the slot."""
    first = year.slot(date(2025, 1, 6))
    year.tick(first)
    post_without_sending(year.store, first)
    return year.calendar.instant(date(2025, 1, 8), AT_EIGHT)


def gathered(year: SmallYear, now: datetime) -> int:
    office = post_office(year.store, Settings(_env_file=None), holder="test")
    with year.store.reading() as connection:
        bundles = gather(connection, now=now)
    return freeze(year.store, office.compose(year.store, bundles, now=now), now=now, stopped={})


def waiting(year: SmallYear, obligation: int) -> list[str]:
    """The kinds about an obligation that have not left and still are to."""
    with year.store.reading() as connection:
        query = (
            select(NOTICE.c.kind)
            .outerjoin(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
            .where(NOTICE.c.obligation_id == obligation, NOTICE.c.cancelled.is_(False))
            .where(MESSAGE.c.state.is_(None) | (MESSAGE.c.state != MessageState.SENT.value))
        )
        return sorted(set(connection.execute(query).scalars()))


Step = tuple["Callable[..., Obligation]", dict[str, Any]]
PREPARE: Step = (moves.prepare, {})
SEND_BACK: Step = (moves.send_back, {"remark": WHY})
SUBMIT: Step = (moves.submit, {})
WITHDRAW: Step = (moves.withdraw, {})
ACCEPT: Step = (moves.accept, {})
RETURN: Step = (moves.return_for_correction, {"remark": WHY})
SUSPEND: Step = (moves.suspend, {"remark": WHY})
RESUME: Step = (moves.resume_clock, {})
EXTEND: Step = (moves.extend, {"due_on": date(2025, 2, 10), "remark": WHY})
REFUSE: Step = (moves.refuse_extension, {"remark": WHY})
URGE: Step = (moves.urge, {"by": "mail", "remark": WHY})
WAIVE: Step = (moves.waive, {"remark": WHY})


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        pytest.param([PREPARE], ["awaiting-head"], id="prepared"),
        pytest.param([PREPARE, SEND_BACK], ["sent-back-by-head"], id="sent back"),
        pytest.param([PREPARE, SEND_BACK, PREPARE], ["awaiting-head"], id="prepared again"),
        pytest.param([PREPARE, SUBMIT], ["received"], id="submitted"),
        pytest.param([PREPARE, SEND_BACK, PREPARE, SUBMIT, ACCEPT], ["accepted"], id="settled before the slot"),
        pytest.param([PREPARE, SUBMIT, WITHDRAW], [], id="taken back"),
        pytest.param([PREPARE, SUBMIT, RETURN], ["returned-for-correction"], id="returned"),
        pytest.param([PREPARE, SUBMIT, RETURN, PREPARE], ["awaiting-head", "returned-for-correction"], id="prepared after a return"),
        pytest.param([PREPARE, SUBMIT, RETURN, PREPARE, SUBMIT], ["received"], id="submitted again"),
        pytest.param([SUSPEND, RESUME], ["resumed"], id="resumed"),
        pytest.param([SUSPEND, RESUME, SUSPEND], ["suspended"], id="suspended again"),
        pytest.param([REFUSE, EXTEND], ["extension-granted"], id="refused, then granted"),
        pytest.param([EXTEND, PREPARE, SUBMIT, ACCEPT], ["accepted", "extension-granted"], id="facts stay"),
        pytest.param([URGE, PREPARE], ["awaiting-head", "urged"], id="urged and prepared"),
        pytest.param([URGE, PREPARE, SUBMIT], ["received"], id="urged and submitted"),
        pytest.param([PREPARE, WAIVE], ["waived"], id="waived"),
    ],
)
@pytest.mark.parametrize("frozen", [False, True], ids=["not gathered yet", "in a mail that waits"])
def test_only_what_still_holds_is_told(small_year: SmallYear, steps: list[Step], left: list[str], *, frozen: bool) -> None:
    now = opened(small_year)
    ident = small_year.ids("plan")[2]
    slot = small_year.slot(date(2025, 1, 9))
    for number, (act, facts) in enumerate(steps):
        small_year.move(act, ident, now=now + number * timedelta(minutes=1), **facts)
        if frozen:
            gathered(small_year, slot)
    assert waiting(small_year, ident) == left
    gathered(small_year, slot)
    assert waiting(small_year, ident) == left
    assert verify(small_year.store) == [], "what is cancelled stays a row, as the journal has it"


def test_others_in_the_same_mail_are_gathered_anew(any_year: SmallYear) -> None:
    now = opened(any_year)
    first, second = any_year.ids("plan")[2:4]
    for ident in (first, second):
        any_year.move(moves.prepare, ident, now=now)
        any_year.move(moves.submit, ident, now=now)
    slot = any_year.slot(date(2025, 1, 9))
    assert gathered(any_year, slot) == 1
    any_year.move(moves.accept, first, now=now)
    assert gathered(any_year, slot) == 2
    assert (waiting(any_year, first), waiting(any_year, second)) == (["accepted"], ["received"])


def test_a_notice_that_has_left_is_left_alone(any_year: SmallYear) -> None:
    now = opened(any_year)
    ident = any_year.ids("plan")[2]
    any_year.move(moves.prepare, ident, now=now)
    post_without_sending(any_year.store, any_year.slot(date(2025, 1, 9)))
    any_year.move(moves.submit, ident, now=now + timedelta(days=1))
    with any_year.store.reading() as connection:
        prepared = (NOTICE.c.obligation_id == ident) & (NOTICE.c.kind == MessageKind.AWAITING_HEAD.value)
        assert connection.execute(select(NOTICE.c.cancelled).where(prepared)).scalars().all() == [False]


def test_a_repair_that_is_mended_is_not_asked_for(any_year: SmallYear) -> None:
    now = opened(any_year)
    with any_year.store.transaction(now=now) as transaction:
        year = load_year(any_year.store, transaction.connection, any_year.cycle, now=now)
        ask_upkeep(transaction, year, [f"contact/{year.people.ids['xa-1']}/head"])
    any_year.tick(now)
    repair = any_year.ids("upkeep")[-1]
    assert waiting(any_year, repair) == ["contact-unreachable"]
    any_year.move(moves.waive, repair, now=now, remark=WHY)
    assert "contact-unreachable" not in waiting(any_year, repair)
