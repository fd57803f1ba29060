"""Verify is itself able to fail: whatever a hand changes in the database, it finds and names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from evaluation.actions import Remark
from store.commands import moves
from store.verify import verify

if TYPE_CHECKING:
    from tests.conftest import SmallYear


@pytest.fixture
def lived(any_year: SmallYear) -> SmallYear:
    """A year with rungs of every outcome, a submission, a return and an acceptance."""
    for on in (date(2025, 1, 8), date(2025, 1, 24)):
        any_year.tick(any_year.slot(on))
    now = any_year.slot(date(2025, 1, 24))
    first, second, third, _ = any_year.ids("plan")
    for ident in (first, second, third):
        any_year.move(moves.prepare, ident, now=now)
        any_year.move(moves.submit, ident, now=now)
    any_year.move(moves.accept, first, now=now)
    any_year.move(moves.return_for_correction, second, now=now, remark=Remark(reason="thiếu"))
    any_year.tick(any_year.slot(date(2025, 2, 6)))
    any_year.tick(any_year.slot(date(2025, 3, 12)))
    assert verify(any_year.store) == []
    return any_year


def by_hand(year: SmallYear, *statements: str) -> list[str]:
    """What verify finds after statements that no command would send."""
    engine = create_engine(year.store.engine.url)  # a plain one: on SQLite it checks no foreign keys
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(text(statement)).rowcount != 0, f"{statement}: changed nothing, so it proves nothing"
    engine.dispose()
    return verify(year.store)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        pytest.param("update journal set payload = '[]' where number = 19", "entry 19 says nothing that can be read", id="nonsense"),
        pytest.param("update journal set payload = replace(payload, 'do', 'od') where number = 19", "entry 19 was changed", id="a byte"),
        pytest.param("update journal set action = 'tock' where number = 19", "entry 19 was changed", id="another action"),
        pytest.param("delete from journal where number = 19", "entry 19 is missing", id="an entry deleted"),
        pytest.param(
            "delete from journal where number = (select max(number) from journal)", "the chain ends with", id="the last entry deleted"
        ),
        pytest.param("update journal_head set number = number - 1", "the chain ends with", id="the head turned back"),
        pytest.param(
            "update obligation set state = 'waived' where id = 8", "obligation 8 .* differs from its journal in state", id="state"
        ),
        pytest.param("update obligation set days_late = 9 where id = 7", "obligation 7 .* in days_late", id="lateness"),
        pytest.param("update obligation set rounds = 0 where id = 6", "obligation 6 .* in rounds", id="rounds"),
        pytest.param("update obligation set moves = moves + 1 where id = 6", "obligation 6 .* in moves", id="a move more"),
        pytest.param("update obligation set party_id = 1 where id = 6", "obligation 6 .* in party", id="another party"),
        pytest.param("update obligation set subject = 'khác' where id = 6", "obligation 6 .* in subject", id="another subject"),
        pytest.param("update obligation set stage_id = 1 where id = 6", "obligation 6 .* in stage", id="another stage"),
        pytest.param("update obligation set suspended = not suspended where id = 8", "obligation 8 .* in suspended", id="suspended"),
        pytest.param("update term set basis = 'khác' where obligation_id = 6 and number = 2", "obligation 6 .* in terms", id="an old term"),
        pytest.param("update term set due_on = '2025-12-31' where obligation_id = 8", "obligation 8 .* in terms", id="a due date"),
        pytest.param("update term set moments = '[]' where obligation_id = 8", "obligation 8 .* in terms", id="moments"),
        pytest.param(
            "delete from rung where obligation_id = 8 and rung = 'T+1'", r"rung T\+1 of term 1 of obligation 8 differs", id="a rung deleted"
        ),
        pytest.param(
            "update rung set outcome = 'void' where obligation_id = 8 and rung = 'T+1'",
            r"rung T\+1 of term 1 of obligation 8",
            id="an outcome",
        ),
        pytest.param("update cycle set state = 'paused'", "cycle 1 is paused, its journal says launched", id="a cycle's state"),
        pytest.param("update obligation set next_at = null where id = 1", "obligation 1: next_at is None", id="next_at taken away"),
    ],
)
def test_a_change_by_hand_is_found(lived: SmallYear, statement: str, finding: str) -> None:
    found = by_hand(lived, statement)
    assert any(re.search(finding, sentence) for sentence in found), found


def test_a_moved_next_at_is_found(lived: SmallYear) -> None:
    moved = (
        "next_at = next_at + interval '1 hour'" if lived.store.engine.dialect.name == "postgresql" else "next_at = '2025-03-30 00:00:00'"
    )
    assert any("obligation 1: next_at is" in finding for finding in by_hand(lived, f"update obligation set {moved} where id = 1"))  # noqa: S608


@pytest.mark.parametrize(
    ("rung", "term", "finding"),
    [
        pytest.param("T+20", 1, "rung T+20 of term 1 of obligation 1 differs from its journal", id="a rung to come"),
        pytest.param("X", 1, "obligation 1 has rows of rungs that its terms do not have: X of term 1", id="a rung of no ladder"),
        pytest.param("T-7", 9, "obligation 1 has rows of rungs that its terms do not have: T-7 of term 9", id="a rung of no term"),
    ],
)
def test_an_inserted_rung_is_found(lived: SmallYear, rung: str, term: int, finding: str) -> None:
    row = f"1, {term}, '{rung}', 'noticed', '2025-03-12 00:30:00+00', '[]', '[]'"
    statement = f"insert into rung (obligation_id, term, rung, outcome, at, told, passed_over) values ({row})"  # noqa: S608
    assert any(finding in sentence for sentence in by_hand(lived, statement.replace("+00'", "'")))


@pytest.mark.parametrize(
    ("statement", "findings"),
    [
        pytest.param(
            "delete from notice where id = (select min(id) from notice where cause like 'r:%')",
            [r"notice [a-z-]+ of r:\d+:1:T\S+ to [cm]\d+ is in the journal and nowhere else"],
            id="a rung's notice deleted",
        ),
        pytest.param(
            "delete from notice where id = (select min(id) from notice where cause like 'e:%')",
            [r"notice [a-z-]+ of e:\d+:\d+ to [cm]\d+ is in the journal and nowhere else"],
            id="a move's notice deleted",
        ),
        pytest.param(
            "update notice set recipient = 'c99' where id = (select min(id) from notice where cause like 'e:%')",
            [r"notice [a-z-]+ of e:.* is in the journal and nowhere else", r"notice [a-z-]+ of e:.* to c99 is not in the journal"],
            id="another recipient",
        ),
        pytest.param(
            "update notice set kind = 'waived' where id = (select min(id) from notice where cause like 'r:%')",
            [r"notice [a-z-]+ of r:.* nowhere else", r"notice waived of r:.* is not in the journal"],
            id="another kind",
        ),
        pytest.param(
            "update notice set cause = 'e:1:99' where id = (select min(id) from notice where cause like 'r:%')",
            [r"notice .* of r:.* nowhere else", r"notice .* of e:1:99 to .* is not in the journal"],
            id="another cause",
        ),
        pytest.param(
            "update notice set kind = 'plan-issued' where id = (select min(id) from notice where kind = 'coordinator-digest')",
            [r"notice plan-issued of s:\d+:\d+ to c\d+ is not in the journal"],
            id="a digest that is something else",
        ),
        pytest.param(
            "update notice set cause = 's:1:99' where id = (select min(id) from notice where kind = 'coordinator-digest')",
            [r"notice coordinator-digest of s:1:99 to c\d+ is not in the journal"],
            id="a digest that no entry causes",
        ),
        pytest.param(
            "update rung set told = '[\"c99\"]' where obligation_id = 8 and rung = 'T+1'",
            [r"rung T\+1 of term 1 of obligation 8 names other recipients than its journal"],
            id="whom a rung told",
        ),
        pytest.param(
            "update rung set passed_over = '[\"c99\"]' where obligation_id = 8 and rung = 'T+1'",
            [r"rung T\+1 of term 1 of obligation 8 names other recipients than its journal"],
            id="whom a rung passed over",
        ),
        pytest.param(
            "update rung set told = 'x' where obligation_id = 8 and rung = 'T+1'",
            [r"rung T\+1 of term 1 of obligation 8 names other recipients than its journal"],
            id="nonsense in a rung",
        ),
    ],
)
def test_a_notice_that_the_journal_does_not_tell_of_is_found(lived: SmallYear, statement: str, findings: list[str]) -> None:
    found = by_hand(lived, statement)
    assert len(found) == len(findings), found
    assert all(re.search(finding, sentence) for finding, sentence in zip(findings, found, strict=True)), found


@pytest.mark.parametrize("like", ["r:%", "e:%"])
def test_an_inserted_notice_is_found(lived: SmallYear, like: str) -> None:
    columns = "authority_id, cycle_id, stage_id, obligation_id, cause, kind, term, at, slot_at, cancelled"
    one = f"(select min(id) from notice where cause like '{like}')"  # noqa: S608
    [found] = by_hand(lived, f"insert into notice ({columns}, recipient) select {columns}, 'c99' from notice where id = {one}")  # noqa: S608
    assert found.endswith("to c99 is not in the journal")


def test_an_obligation_that_only_the_journal_knows_is_found(lived: SmallYear) -> None:
    gone = ("delete from term where obligation_id = 11", "delete from obligation where id = 11")
    assert "thu: obligation 11 is in the journal and nowhere else" in by_hand(lived, *gone)


def test_a_rung_that_the_last_tick_had_to_settle_is_missed(lived: SmallYear) -> None:
    """The tick that would have noticed it never saw the obligation: as if its query had lost a row."""
    by_hand(lived, "update obligation set next_at = null where id = 1")
    lived.tick(lived.slot(date(2025, 3, 20)) + timedelta(hours=1))
    assert "thu: obligation 1, term 1: no row for T-1, T+0, T+1" in verify(lived.store)


def test_every_finding_names_its_authority(lived: SmallYear) -> None:
    assert all(finding.startswith("thu: ") for finding in by_hand(lived, "delete from rung"))
