"""Status, obligations, journal and reasons: what SQL says is what the rules say, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from config.calendar_files import shipped_calendar
from evaluation.actions import Remark
from evaluation.obligations import Punctuality, is_late, is_overdue, is_uncorrected
from evaluation.terms import Turn
from store.commands import moves
from store.commands.launching import Launch, launch
from store.lives import read_obligations
from store.migrating import migrate
from store.outbox.freezing import post_without_sending
from store.outbox.states import NoSuchMessageError
from store.queries.journal import Asked, journal_entries, normalised
from store.queries.obligations import Wanted, find_obligations
from store.queries.status import cycle_status, unit_statuses
from store.queries.why import why
from store.schema import MESSAGE, NOTICE, OBLIGATION, PARTY, STAGE
from store.session import open_store
from tests.conftest import SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.queries.journal import Normal
    from store.session import Store
    from tests.conftest import SmallYear

SEVERAL = [date(2025, 1, 6), date(2025, 2, 3), date(2025, 3, 21), date(2025, 5, 5)]


@pytest.fixture
def lived(small_year: SmallYear) -> SmallYear:
    """The small year until 3 February: one plan accepted, one submitted, one returned, one late."""
    small_year.tick(small_year.slot(date(2025, 1, 6)))
    first, second, third, _ = small_year.ids("plan")
    with small_year.store.transaction(now=small_year.slot(date(2025, 1, 7))) as transaction:
        for one in (first, second, third):
            moves.prepare(small_year.store, transaction, one)
            moves.submit(small_year.store, transaction, one)
        moves.accept(small_year.store, transaction, first)
        moves.return_for_correction(small_year.store, transaction, third, remark=Remark(reason="Chưa đủ", basis="CV 5"))
    small_year.tick(small_year.slot(date(2025, 2, 3)))
    return small_year


@pytest.mark.parametrize("on", SEVERAL, ids=str)
def test_status_counts_what_the_rules_say(lived: SmallYear, on: date) -> None:
    now = lived.slot(on)
    with lived.store.reading() as connection:
        (one,) = cycle_status(connection, now=now)
        every = read_obligations(connection, OBLIGATION.c.cycle_id == lived.cycle)
    for stage in one.stages:
        own = [obligation for obligation in every if obligation.stage == stage.stage]
        assert stage.total.counts == dict(Counter(obligation.state.value for obligation in own))
        assert stage.total.late == sum(is_late(obligation, now=now) for obligation in own)
        assert stage.total.uncorrected == sum(is_uncorrected(obligation, now=now) for obligation in own)
        review = [obligation for obligation in own if obligation.term.turn is Turn.RECEIVER]
        assert stage.total.review_overdue == sum(is_overdue(obligation, now=now) for obligation in review)
    assert one.total.late == sum(is_late(obligation, now=now) for obligation in every)
    if on == date(2025, 2, 3):
        assert (one.total.late, one.total.uncorrected, one.total.review_overdue) == (2, 1, 1)


@pytest.mark.parametrize("on", SEVERAL, ids=str)
def test_obligations_say_what_the_rules_say(lived: SmallYear, on: date) -> None:
    now = lived.slot(on)
    with lived.store.reading() as connection:
        rows = find_obligations(lived.store, connection, Wanted(), now=now)
        every = {one.id: one for one in read_obligations(connection, OBLIGATION.c.cycle_id == lived.cycle)}
    assert {row.id for row in rows} == every.keys()
    for row in rows:
        one = every[row.id]
        assert (row.state, row.late, row.uncorrected) == (one.state, is_late(one, now=now), is_uncorrected(one, now=now))
        assert (row.due_on, row.due_at, row.locks_at, row.turn) == (one.term.due_on, one.term.due_at, one.term.locks_at, one.term.turn)
    late = [row.id for row in rows if row.late]
    with lived.store.reading() as connection:
        assert [row.id for row in find_obligations(lived.store, connection, Wanted(late=True), now=now)] == late


def test_the_party_keeps_its_own_date_while_others_review_and_afterwards(lived: SmallYear) -> None:
    first, second, third, fourth = lived.ids("plan")
    with lived.store.transaction(now=lived.slot(date(2025, 2, 3))) as transaction:
        moves.suspend(lived.store, transaction, fourth, remark=Remark(reason="chờ", basis="CV 6"))
    with lived.store.reading() as connection:
        rows = {row.id: row for row in find_obligations(lived.store, connection, Wanted(stage="plan"), now=lived.slot(date(2025, 2, 3)))}
    planned = date(2025, 1, 31)
    assert {ident: rows[ident].own_due_on for ident in (first, second, fourth)} == dict.fromkeys((first, second, fourth), planned)
    assert all(rows[ident].due_on != planned for ident in (first, second, fourth)), "the receiver's, or none while the clock stands"
    assert rows[third].own_due_on == rows[third].due_on, "its turn: the correction's"
    assert rows[third].own_due_at == rows[third].due_at


def test_what_waits_has_no_due_date_that_could_pass(lived: SmallYear) -> None:
    def said(on: date) -> list[Punctuality]:
        with lived.store.reading() as connection:
            rows = find_obligations(lived.store, connection, Wanted(stage="summary"), now=lived.slot(on))
        return [row.punctuality for row in rows]

    assert said(date(2025, 2, 3)) == [Punctuality.IN_TIME]
    assert said(date(2025, 5, 5)) == [Punctuality.NO_DUE]


def test_a_surprise_is_hidden_from_the_unit_until_its_day(lived: SmallYear) -> None:
    report = lived.ids("report")[0]
    with lived.store.transaction(now=lived.slot(date(2025, 2, 3))) as transaction:
        on = lived.slot(date(2025, 3, 1))
        transaction.connection.execute(OBLIGATION.update().where(OBLIGATION.c.id == report).values(visible_from=on))

    def mine(on: date) -> set[int]:
        with lived.store.reading() as connection:
            party = connection.execute(select(PARTY.c.id).where(PARTY.c.key == "xa-1")).scalar_one()
            return {row.id for row in find_obligations(lived.store, connection, Wanted(mine=party), now=lived.slot(on))}

    assert report not in mine(date(2025, 2, 28))
    assert report in mine(date(2025, 3, 3))


def test_what_awaits_review_is_the_receivers(lived: SmallYear) -> None:
    with lived.store.reading() as connection:
        party = connection.execute(select(PARTY.c.id).where(PARTY.c.key == "so-noi-vu")).scalar_one()
        rows = find_obligations(lived.store, connection, Wanted(mine=party), now=lived.slot(date(2025, 2, 3)))
    others = [(row.stage, row.party) for row in rows if row.party != "so-noi-vu"]
    assert others == [("plan", "so-tu-phap")]


QUESTIONS: list[Any] = [
    pytest.param(lambda _, connection: cycle_status(connection, now=datetime(2025, 2, 3, tzinfo=UTC)), 3, id="status"),
    pytest.param(
        lambda store, connection: find_obligations(store, connection, Wanted(), now=datetime(2025, 2, 3, tzinfo=UTC)), 1, id="obligations"
    ),
    pytest.param(lambda _, connection: unit_statuses(connection, 1), 2, id="units"),
    pytest.param(lambda _, connection: list(journal_entries(connection, Asked())), 2, id="journal"),
]


@pytest.mark.parametrize("cycles", [1, 3])
@pytest.mark.parametrize(("ask", "queries"), QUESTIONS)
def test_questions_take_a_fixed_number_of_queries(store: Store, ask: Callable[..., Any], queries: int, cycles: int) -> None:
    now, calendar = datetime(2025, 1, 2, 2, tzinfo=UTC), shipped_calendar()
    launch_small(store, now=now, calendar=calendar)
    for number in range(1, cycles):
        yaml = SMALL_PLAN.read_text(encoding="utf-8").replace("key: small-plan", f"key: small-plan-{number}")
        with store.transaction(now=now) as transaction:
            launch(store, transaction, Launch(authority="thu", plan_yaml=yaml, year=2025, calendar=calendar))
    asked: list[str] = []
    with store.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
        ask(store, connection)
    assert len([one for one in asked if one.startswith("SELECT")]) == queries


def lines(year: SmallYear) -> list[Normal]:
    with year.store.reading() as connection:
        return [line for entry in journal_entries(connection, Asked()) for line in normalised(entry)]


def test_the_normalised_journal_names_every_rung(lived: SmallYear) -> None:
    settled = Counter((line.obligation, line.term, line.rung) for line in lines(lived) if ":settle:" in line.action)
    assert set(settled.values()) == {1}
    with lived.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM rung").scalar_one()
    assert len(settled) == rows


def test_two_runs_of_the_same_year_give_the_same_lines(lived: SmallYear, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('other') / 'other.db'}"
    migrate(url)
    other = open_store(url, durable=False)
    with other.transaction(now=datetime(2024, 1, 1, tzinfo=UTC)) as transaction:  # so that no id is the same
        transaction.connection.exec_driver_sql(
            'INSERT INTO authority (id, "key", name, sandbox, zone, outbox_held, people_version, created_at) '
            "VALUES (7, 'khac', 'x', 1, 'Asia/Ho_Chi_Minh', 0, 0, '2024-01-01')"
        )
    second = launch_small(other, now=lived.calendar.instant(date(2025, 1, 2), time(9, 0)), calendar=lived.calendar)
    second.tick(second.slot(date(2025, 1, 6)))
    until = second.slot(date(2025, 1, 7))
    assert [line for line in lines(lived) if line.now < until] == [line for line in lines(second) if line.now < until]
    other.close()


def test_entries_are_read_slice_by_slice(lived: SmallYear, monkeypatch: pytest.MonkeyPatch) -> None:
    def numbers(asked: Asked) -> list[int]:
        with lived.store.reading() as connection:
            return [entry.number for entry in journal_entries(connection, asked)]

    every = numbers(Asked())
    monkeypatch.setattr("store.queries.journal.SLICE", 5)
    assert numbers(Asked()) == every == list(range(1, len(every) + 1))
    assert numbers(Asked(since=7)) == every[7:]


def grounds(year: SmallYear) -> dict[str, Any]:
    """The first ground of each kind of message posted on 3 February."""
    post_without_sending(year.store, year.slot(date(2025, 2, 3)))
    found: dict[str, Any] = {}
    with year.store.reading() as connection:
        for message in connection.execute(select(MESSAGE.c.id).order_by(MESSAGE.c.id)).scalars().all():
            for ground in why(year.store, connection, str(message)).notices:
                found.setdefault(ground.kind, ground)
    return found


def test_a_reminder_rests_on_rung_term_line_and_document(lived: SmallYear) -> None:
    ground = grounds(lived)["overdue"]
    assert ground.rung.key == "T+1"
    assert (ground.term.number, ground.term.reason, ground.term.due_on) == (1, "initial", date(2025, 1, 31))
    assert (ground.stage.key, ground.stage.words) == ("plan", "chậm nhất ngày 31 tháng 01")
    assert (ground.document.kind, ground.document.number) == ("KH", "1")
    assert (ground.entry.action, ground.obligation) == ("tick", "plan/xa-2/")


def test_a_return_rests_on_the_entry_that_returned(lived: SmallYear) -> None:
    ground = grounds(lived)["returned-for-correction"]
    assert (ground.entry.action, ground.entry.reason, ground.entry.basis) == ("return", "Chưa đủ", "CV 5")
    assert ground.rung is None
    assert ground.stage.key == "plan"


def test_a_digest_rests_on_the_stage_of_repairs(lived: SmallYear) -> None:
    ground = grounds(lived)["coordinator-digest"]
    assert (ground.entry.action, ground.stage.key, ground.obligation) == ("digest", "upkeep", "")


def test_every_notice_of_every_message_has_a_ground(lived: SmallYear) -> None:
    grounds(lived)
    with lived.store.reading() as connection:
        noticed = connection.execute(select(NOTICE.c.id).where(NOTICE.c.message_id.is_not(None))).scalars().all()
        messages = connection.execute(select(MESSAGE.c.id, MESSAGE.c.header_id)).all()
        every = [why(lived.store, connection, row.header_id.strip("<>")) for row in messages]
    assert sorted(ground.notice for one in every for ground in one.notices) == sorted(noticed) != []
    assert all(ground.entry is not None for one in every for ground in one.notices)


def test_an_unknown_message_has_no_reason(lived: SmallYear) -> None:
    with lived.store.reading() as connection, pytest.raises(NoSuchMessageError):
        why(lived.store, connection, "<x@dondoc.invalid>")


def test_units_are_called_by_their_evaluation(lived: SmallYear) -> None:
    with lived.store.reading() as connection:
        assert unit_statuses(connection, lived.cycle) == [], "the small plan asks for no self-assessment"
    with lived.store.transaction(now=lived.slot(date(2025, 2, 3))) as transaction:
        made = STAGE.update().where(STAGE.c.key == "plan").values(kind="self_assessment")
        transaction.connection.execute(made)
    with lived.store.reading() as connection:
        names = {one.unit: one.status.vi for one in unit_statuses(connection, lived.cycle)}
    assert names == {"so-noi-vu": "Đã gửi", "so-tu-phap": "Đã gửi", "xa-1": "Trả lại để bổ sung", "xa-2": "Đang tự chấm"}
