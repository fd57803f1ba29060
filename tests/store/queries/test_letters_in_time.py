"""Letters that leave later than what they tell: they name the day of the move, their own slot, the year, and nothing that is settled."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.kinds import MessageKind
from evaluation.letters import Language
from notifications.render import Rendered, render
from store.commands import moves
from store.commands.cycle_moves import move_cycle
from store.commands.replanning import Change, replan
from store.outbox.freezing import post_without_sending
from store.outbox.gathering import gather
from store.queries.letters import read_letters
from store.queries.status import cycle_status
from store.schema import CONTACT, NOTICE
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from evaluation.obligations import Obligation
    from store.session import Store
    from tests.conftest import SmallYear

WHY = Remark(reason="thiếu số liệu", basis="01/QĐ-THU")
WEDNESDAY = date(2025, 1, 8)
THURSDAY = date(2025, 1, 9)


def at(year: SmallYear, on: date, clock: str) -> datetime:
    return year.calendar.instant(on, time.fromisoformat(clock))


def mails(year: SmallYear, now: datetime) -> list[Rendered]:
    """The mails that would leave now."""
    with year.store.reading() as connection:
        bundles = gather(connection, now=now)
        found: list[Rendered] = []
        for bundle in bundles:
            wanted = {bundle.recipient: bundle.notices}
            letters = read_letters(year.store, connection, authority=bundle.authority, wanted=wanted, now=now)
            found += [render(letter, base_url="http://127.0.0.1:8000", support_phone="") for letter in letters.values()]
    return found


@pytest.fixture
def opened(small_year: SmallYear) -> SmallYear:
    """The plan stage is open, its mails have left."""
    first = small_year.slot(date(2025, 1, 6))
    small_year.tick(first)
    post_without_sending(small_year.store, first)
    return small_year


def test_nothing_that_was_settled_before_the_slot_is_asked_for(opened: SmallYear) -> None:
    ident = opened.ids("plan")[2]
    steps: list[tuple[str, Callable[..., Obligation], dict[str, Any]]] = [
        ("08:00", moves.prepare, {}),
        ("09:00", moves.send_back, {"remark": WHY}),
        ("10:00", moves.prepare, {}),
        ("10:30", moves.submit, {}),
        ("11:00", moves.accept, {}),
    ]
    for clock, act, facts in steps:
        opened.move(act, ident, now=at(opened, WEDNESDAY, clock), **facts)
    subjects = [mail.subject for mail in mails(opened, opened.slot(THURSDAY))]
    assert len(subjects) == 1
    assert subjects[0].startswith("[THỬ][CCHC 2025][Đã chấp nhận] Kế hoạch của đơn vị")


def test_of_two_words_of_one_kind_the_last_is_told(opened: SmallYear) -> None:
    first, second = opened.ids("plan")[2:4]
    for number, (ident, reason) in enumerate([(first, "lần một"), (first, "lần hai"), (second, "việc khác")]):
        remark = Remark(reason=reason)
        opened.move(moves.urge, ident, now=at(opened, WEDNESDAY, f"1{number}:00"), by="mail", remark=remark)
    texts = [mail.text for mail in mails(opened, opened.slot(THURSDAY))]
    assert texts
    assert not [text for text in texts if "lần một" in text]
    assert [text for text in texts if "lần hai" in text]
    assert [text for text in texts if "việc khác" in text]
    assert not [text for text in texts if text.startswith("2 việc")], "one line, and so one word in the subject"


def test_an_extension_that_was_used_is_not_told_as_late(opened: SmallYear) -> None:
    ident, now = opened.ids("plan")[2], at(opened, WEDNESDAY, "09:00")
    opened.move(moves.extend, ident, now=now, due_on=date(2025, 2, 10), remark=WHY)
    (mail, *_) = [mail for mail in mails(opened, opened.slot(THURSDAY)) if "Được gia hạn" in mail.subject]
    assert "còn 32 ngày" in mail.text
    opened.move(moves.prepare, ident, now=now)
    opened.move(moves.submit, ident, now=now)
    found = [mail for mail in mails(opened, opened.slot(date(2025, 2, 20))) if "gia hạn" in mail.text]
    assert found
    for one in found:
        assert "quá hạn" not in one.text + one.subject
        assert "còn 32" not in one.text
        assert ", ." not in one.text
        assert "()" not in one.text


@pytest.mark.parametrize(
    ("verbs", "told"),
    [
        ([CycleVerb.PAUSE], "tạm dừng từ ngày 08/01/2025"),
        ([CycleVerb.PAUSE, CycleVerb.RESUME], "tiếp tục từ ngày 08/01/2025"),
        ([CycleVerb.CANCEL], "hủy từ ngày 08/01/2025"),
    ],
)
def test_a_move_of_the_year_is_dated_by_its_own_day(opened: SmallYear, verbs: list[CycleVerb], told: str) -> None:
    for verb in verbs:
        now = at(opened, WEDNESDAY, "15:00")
        with opened.store.transaction(now=now) as transaction:
            move_cycle(opened.store, transaction, opened.cycle, verb=verb, remark=WHY)
    late = [mail for mail in mails(opened, opened.slot(date(2025, 1, 13))) if told.split(maxsplit=1)[0] in mail.text.split("\n", 1)[0]]
    assert late
    for mail in late:
        assert told in mail.text
        assert told.partition(" từ ")[2] in mail.html
        assert "13/01/2025" not in mail.text


def test_a_digest_bears_the_day_of_its_slot(small_year: SmallYear) -> None:
    for days in range(31):
        small_year.tick(small_year.slot(date(2025, 1, 6)) + timedelta(days=days))
    with small_year.store.reading() as connection:
        digest = NOTICE.c.kind == MessageKind.COORDINATOR_DIGEST.value
        slot = connection.execute(select(NOTICE.c.slot_at).where(digest).order_by(NOTICE.c.id.desc()).limit(1)).scalar_one()
    on = small_year.calendar.local_date(slot)
    sunday = at(small_year, on + timedelta(days=6 - on.weekday()), "10:00")
    (mail,) = [mail for mail in mails(small_year, sunday) if f"ngày {on:%d/%m/%Y}" in mail.subject and "Tổng hợp" in mail.subject]
    assert f"{sunday:%d/%m/%Y}" not in mail.subject
    first = mail.text.split("\n", 1)[0]
    assert f"ngày {on:%d/%m/%Y} (số liệu ngày {small_year.calendar.local_date(sunday):%d/%m/%Y})" in first
    (prompt,) = [mail for mail in mails(small_year, slot) if f"ngày {on:%d/%m/%Y}" in mail.subject and "Tổng hợp" in mail.subject]
    assert "số liệu ngày" not in prompt.text


OLD = (
    SMALL_PLAN.read_text(encoding="utf-8")
    .replace("title: Kế hoạch nhỏ để thử", "title: Kế hoạch năm 2020 để thử")
    .replace("title_en: A small plan for tests", "title_en: A plan of 2020")
    .replace("title: Kế hoạch của đơn vị", "title: Kế hoạch năm 2020 của đơn vị")
    .replace("title_en: The unit's own plan", "title_en: The unit's own plan of 2020")
    .replace("year: 2025", "year: 2020")
    .replace("reference_date: 2025-01-02", "reference_date: 2020-01-02")
)


@pytest.fixture
def old(store: Store) -> SmallYear:
    """A plan titled 2020, launched for 2025."""
    calendar = shipped_calendar()
    return launch_small(store, now=calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=calendar, yaml=OLD)


@pytest.mark.parametrize("replanned", [False, True], ids=["as launched", "after a changed plan"])
@pytest.mark.parametrize("language", list(Language))
def test_a_year_is_told_by_its_own_number(old: SmallYear, language: Language, *, replanned: bool) -> None:
    now = old.slot(date(2025, 1, 6))
    if replanned:
        with old.store.transaction(now=now - timedelta(hours=2)) as transaction:
            change = Change(yaml=OLD.replace("deliverable: Kế hoạch", "deliverable: Bản kế hoạch"))
            replan(old.store, transaction, old.cycle, change=change, remark=WHY)
    old.tick(now)
    with old.store.transaction(now=now) as transaction:
        transaction.connection.execute(update(CONTACT).values(language=language.value))
        move_cycle(old.store, transaction, old.cycle, verb=CycleVerb.PAUSE, remark=WHY)
        move_cycle(old.store, transaction, old.cycle, verb=CycleVerb.RESUME, remark=WHY)
    with old.store.reading() as connection:
        (status,) = cycle_status(connection, now=now)
    said = [status.title, status.title_en, *(title for stage in status.stages for title in (stage.title, stage.title_en))]
    found = mails(old, now)
    kinds = {"Tiếp tục", "Việc mới"} if language is Language.VI else {"Resumed", "New"}
    assert all(any(f"[{kind}" in mail.subject for mail in found) for kind in kinds)
    assert not [text for text in said if "2020" in text]
    assert not [mail.subject for mail in found if "2020" in mail.subject + mail.text + mail.html]
    assert [mail.subject for mail in found if "2025" in mail.subject.partition("]")[2].partition("]")[2]]
