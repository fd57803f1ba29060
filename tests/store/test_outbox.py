"""Gathering and taking back: which notices leave together, in which mail, and under which Message-ID."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, select, update

from evaluation.kinds import MessageKind
from store.outbox import cancel_where, take_back
from store.outbox.freezing import FrozenMail, freeze
from store.outbox.gathering import Hours, gather
from store.outbox.mixing import take_back_mixed
from store.schema import AUTHORITY, CYCLE, MESSAGE, NOTICE
from tests.posting import faults

if TYPE_CHECKING:
    from store.outbox.gathering import Bundle
    from tests.conftest import SmallYear

AT = date(2025, 1, 6)
MOMENT = datetime(2025, 1, 6, tzinfo=UTC)
number = iter(range(1, 10**6))


def notice(year: SmallYear, **changes: Any) -> int:
    """One more cause for a recipient, of no cycle unless it is given one."""
    row = {
        "authority_id": 1,
        "cause": f"s:0:{next(number)}",
        "kind": MessageKind.REMINDER_BEFORE_DUE.value,
        "recipient": "c1",
        "at": year.slot(AT),
        "slot_at": year.slot(AT),
        **changes,
    }
    with year.store.transaction(now=year.slot(AT)) as transaction:
        return int(transaction.connection.execute(insert(NOTICE).returning(NOTICE.c.id), row).scalar_one())


def gathered(year: SmallYear, now: datetime | None = None, at_most: int | None = 2000) -> list[Bundle]:
    with year.store.reading() as connection:
        return gather(connection, now=now or year.slot(AT), at_most=at_most)


def frozen(year: SmallYear, bundles: list[Bundle]) -> int:
    mails = [FrozenMail(bundle=b, header_id=b.header_id("thu.invalid"), address="a@thu.invalid", subject="", body=b"x") for b in bundles]
    return freeze(year.store, mails, now=year.slot(AT), stopped={})


def groups(bundles: list[Bundle]) -> list[tuple[int, ...]]:
    return [bundle.notices for bundle in bundles]


def test_one_recipient_and_slot_is_one_mail(any_year: SmallYear) -> None:
    a, b = notice(any_year), notice(any_year)
    other, later = notice(any_year, recipient="c2"), notice(any_year, slot_at=any_year.slot(AT) + timedelta(days=1))
    assert groups(gathered(any_year)) == [(a, b), (other,)]
    assert groups(gathered(any_year, any_year.slot(AT) + timedelta(days=1))) == [(a, b), (other,), (later,)]


def test_what_does_not_merge_goes_alone(any_year: SmallYear) -> None:
    a, alone, b = notice(any_year), notice(any_year, kind=MessageKind.COORDINATOR_DIGEST.value), notice(any_year)
    bundles = gathered(any_year)
    assert groups(bundles) == [(a, b), (alone,)]
    assert [bundle.number for bundle in bundles] == [1, 2]


def test_a_mail_is_as_urgent_and_official_as_its_most_urgent_notice(any_year: SmallYear) -> None:
    for kind in (MessageKind.REMINDER_BEFORE_DUE, MessageKind.ESCALATION_CHAIR, MessageKind.OVERDUE):
        notice(any_year, kind=kind.value)
    (bundle,) = gathered(any_year)
    assert (bundle.kind, bundle.official) == (MessageKind.ESCALATION_CHAIR, True)


@pytest.mark.parametrize("at_most", [1, 2, 3, 4])
def test_a_small_reading_cuts_nobodys_mail(any_year: SmallYear, at_most: int) -> None:
    for recipient in ("c1", "c2", "c1", "c3", "c2"):
        notice(any_year, recipient=recipient)
    whole = groups(gathered(any_year))
    found = []
    while bundles := gathered(any_year, at_most=at_most):
        assert frozen(any_year, bundles) == len(bundles)
        found += groups(bundles)
    if at_most >= 3:
        assert found == whole
    assert sorted(sum(found, ())) == sorted(sum(whole, ()))


def test_the_message_id_is_the_gatherings_own(any_year: SmallYear) -> None:
    notice(any_year)
    first, again = gathered(any_year)[0], gathered(any_year)[0]
    assert first.header_id("thu.invalid") == again.header_id("thu.invalid")
    assert frozen(any_year, [first]) == 1
    notice(any_year)
    (second,) = gathered(any_year)
    assert second.number == 2
    assert second.header_id("thu.invalid") != first.header_id("thu.invalid")


def test_a_bundle_that_was_gathered_twice_is_frozen_once(any_year: SmallYear) -> None:
    notice(any_year)
    bundles = gathered(any_year)
    assert [frozen(any_year, bundles), frozen(any_year, bundles)] == [1, 0]


def test_a_bundle_of_which_something_was_cancelled_is_gathered_anew(any_year: SmallYear) -> None:
    a, b = notice(any_year), notice(any_year)
    bundles = gathered(any_year)
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        cancel_where(transaction, NOTICE.c.id == a)
    assert frozen(any_year, bundles) == 0
    assert groups(gathered(any_year)) == [(b,)]


def test_a_gathering_never_skips_a_number(any_year: SmallYear) -> None:
    a, alone = notice(any_year), notice(any_year, kind=MessageKind.COORDINATOR_DIGEST.value)
    bundles = gathered(any_year)
    assert [bundle.number for bundle in bundles] == [1, 2]
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        cancel_where(transaction, NOTICE.c.id == a)
    assert frozen(any_year, bundles) == 0
    assert [(bundle.notices, bundle.number) for bundle in gathered(any_year)] == [((alone,), 1)]


def test_a_cancelled_notice_takes_its_message_back_and_frees_the_rest(any_year: SmallYear) -> None:
    a, b = notice(any_year), notice(any_year)
    frozen(any_year, gathered(any_year))
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        cancel_where(transaction, NOTICE.c.id == a)
    (again,) = gathered(any_year)
    assert (again.notices, again.number) == ((b,), 2)
    assert frozen(any_year, [again]) == 1
    with any_year.store.reading() as connection:
        assert connection.execute(select(MESSAGE.c.state).order_by(MESSAGE.c.id)).scalars().all() == ["cancelled", "queued"]
    assert faults(any_year.store) == []


@pytest.mark.parametrize("state", ["sending", "sent", "unknown", "refused", "bounced"])
def test_what_has_left_is_never_taken_back(any_year: SmallYear, state: str) -> None:
    a = notice(any_year)
    frozen(any_year, gathered(any_year))
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        transaction.connection.execute(update(MESSAGE).values(state=state))
        cancel_where(transaction, NOTICE.c.id == a)
        assert take_back(transaction, [1]) == []
    with any_year.store.reading() as connection:
        assert connection.execute(select(NOTICE.c.cancelled, NOTICE.c.message_id)).one() == (False, 1)


def test_a_cycle_that_stands_still_does_not_keep_another_ones_mail(any_year: SmallYear) -> None:
    still, going = notice(any_year, cycle_id=any_year.cycle), notice(any_year)
    assert groups(gathered(any_year)) == [(still, going)]
    frozen(any_year, gathered(any_year))
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        transaction.connection.execute(update(CYCLE).values(state="paused"))
    assert take_back_mixed(any_year.store, now=any_year.slot(AT)) == 1
    assert groups(gathered(any_year)) == [(going,)]
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        transaction.connection.execute(update(CYCLE).values(state="launched", mail_held=True))
    assert [(bundle.notices, bundle.held) for bundle in gathered(any_year)] == [((still,), True), ((going,), False)]


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        pytest.param(update(NOTICE).values(cancelled=True), "still waits", id="a cancelled notice waits"),
        pytest.param(update(MESSAGE).values(state="cancelled"), "nobody will be told", id="a notice is lost"),
        pytest.param(update(NOTICE).values(message_id=None), "is about nothing", id="a message without cause"),
        pytest.param(update(NOTICE).values(recipient="c9"), "of another recipient", id="a message of somebody else"),
        pytest.param(update(MESSAGE).values(gathering=3), "the last is number 3", id="a gathering is missing"),
        pytest.param(update(MESSAGE).values(state="sent"), "time of sending", id="sent without a time"),
        pytest.param(update(MESSAGE).values(state="sent", sent_at=MOMENT), "no try says so", id="sent, but not tried"),
    ],
)
def test_verify_finds_a_damaged_outbox(any_year: SmallYear, damage: Any, finding: str) -> None:
    notice(any_year)
    frozen(any_year, gathered(any_year))
    assert faults(any_year.store) == []
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        transaction.connection.execute(damage)
    assert any(finding in found for found in faults(any_year.store))


# --- working time ----------------------------------------------------------------------------------------------------

FRIDAY = date(2025, 1, 10)


@pytest.fixture
def real_year(any_year: SmallYear) -> SmallYear:
    """The small year of an authority whose mail reaches people."""
    with any_year.store.transaction(now=any_year.slot(AT)) as transaction:
        transaction.connection.execute(update(AUTHORITY).values(sandbox=False))
    return any_year


def leaving(year: SmallYear, day: int, at: str, **changes: Any) -> list[tuple[int, ...]]:
    """What leaves at a local hour of a day in January 2025."""
    hours = Hours(store=year.store, **changes)
    with year.store.reading() as connection:
        return groups(gather(connection, now=year.calendar.instant(date(2025, 1, day), time.fromisoformat(at)), hours=hours))


@pytest.mark.parametrize(
    ("day", "at", "leaves"),
    [
        pytest.param(10, "07:30", True, id="at its slot"),
        pytest.param(10, "17:59", True, id="late on Friday"),
        pytest.param(10, "18:00", False, id="on Friday evening"),
        pytest.param(11, "10:00", False, id="on Saturday"),
        pytest.param(12, "06:41", False, id="on Sunday morning"),
        pytest.param(13, "07:29", False, id="on Monday before the slot"),
        pytest.param(13, "07:30", True, id="on Monday"),
        pytest.param(27, "10:00", False, id="in Tết"),
    ],
)
def test_what_missed_its_slot_leaves_in_working_time_alone(real_year: SmallYear, day: int, at: str, *, leaves: bool) -> None:
    missed = notice(real_year, cycle_id=real_year.cycle, slot_at=real_year.slot(FRIDAY))
    assert leaving(real_year, day, at) == ([(missed,)] if leaves else [])


def test_the_mailing_day_ends_when_the_setting_says(real_year: SmallYear) -> None:
    notice(real_year, cycle_id=real_year.cycle, slot_at=real_year.slot(FRIDAY))
    assert [bool(leaving(real_year, 10, "17:00", until=time(hour))) for hour in (16, 17, 19)] == [False, False, True]


def test_what_leaves_at_once_and_what_is_of_no_cycle_leaves_on_sunday(real_year: SmallYear) -> None:
    friday = {"slot_at": real_year.slot(FRIDAY)}
    waits = notice(real_year, cycle_id=real_year.cycle, **friday)
    at_once = notice(real_year, cycle_id=real_year.cycle, kind=MessageKind.CYCLE_PAUSED.value, **friday)
    of_none = notice(real_year, recipient="c2", **friday)
    assert leaving(real_year, 12, "06:41") == [(at_once,), (of_none,)]
    assert leaving(real_year, 13, "07:30") == [(waits,), (at_once,), (of_none,)]


def test_a_sandboxs_mail_leaves_on_sunday(any_year: SmallYear) -> None:
    missed = notice(any_year, cycle_id=any_year.cycle, slot_at=any_year.slot(FRIDAY))
    assert leaving(any_year, 12, "06:41") == [(missed,)]


def test_what_rests_does_not_fill_a_small_reading(real_year: SmallYear) -> None:
    for _ in range(3):
        notice(real_year, cycle_id=real_year.cycle)
    free = notice(real_year, recipient="c2")
    sunday = real_year.calendar.instant(date(2025, 1, 12), time(10))
    with real_year.store.reading() as connection:
        assert groups(gather(connection, now=sunday, hours=Hours(store=real_year.store), at_most=2)) == [(free,)]


def test_one_authoritys_mail_is_gathered_alone(real_year: SmallYear) -> None:
    own = notice(real_year, cycle_id=real_year.cycle)
    now, either = real_year.slot(AT), (None, Hours(store=real_year.store))
    with real_year.store.reading() as connection:
        found = [[groups(gather(connection, now=now, hours=hours, authority=one)) for hours in either] for one in (1, 2)]
    assert found == [[[(own,)], [(own,)]], [[], []]]


def test_a_year_without_data_keeps_no_mail_back(real_year: SmallYear) -> None:
    late = notice(real_year, cycle_id=real_year.cycle)
    sunday = datetime(2099, 1, 4, 3, tzinfo=UTC)
    with real_year.store.reading() as connection:
        assert groups(gather(connection, now=sunday, hours=Hours(store=real_year.store))) == [(late,)]


def test_with_nothing_ripe_gathering_is_one_query(real_year: SmallYear) -> None:
    asked: list[str] = []
    notice(real_year, cycle_id=real_year.cycle)
    leaving(real_year, 6, "07:30")  # calendar and plan are kept from here on

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(real_year.store.engine, "before_cursor_execute", count)
    counted = []
    for day, at in ((3, "10:00"), (6, "07:30"), (5, "07:30"), (6, "20:00")):
        leaving(real_year, day, at)
        counted.append(len(asked))
        asked.clear()
    assert counted == [1, 3, 1, 2]
