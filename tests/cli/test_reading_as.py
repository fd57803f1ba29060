"""Reading commands with `--as`: what the contact may see, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

UNIT = ("--as", "officer.xa-1")
BODY = ("--as", "officer.so-noi-vu")


def test_obligations_are_those_one_may_see(small: Dondoc) -> None:
    every = small.read("obligations")
    mine = small.read("obligations", *UNIT)
    assert {row["party"] for row in mine} == {"xa-1"} < {row["party"] for row in every}
    assert small.read("obligations", *BODY) == every


def test_the_status_table_is_for_those_who_may_read_it(small: Dondoc) -> None:
    assert small.read("status", *BODY) == small.read("status")
    assert small.read("status", *UNIT) == []
    assert small("status", 1, *UNIT).code == ExitCode.REFUSED
    assert small("status", 1, *BODY).code == 0


def test_the_journal_tells_what_one_may_read(small: Dondoc) -> None:
    every, mine = small.read("journal"), small.read("journal", *UNIT)
    assert {row["party"] for row in mine} == {"xa-1"}
    assert len(mine) < len(every)
    assert small.read("journal", *BODY) == every


@pytest.mark.parametrize("words", [("outbox", "list"), ("outbox", "held"), ("outbox", "sample", "--cycle", 1)])
def test_the_outbox_is_for_those_who_may_read_it(small: Dondoc, words: tuple[object, ...]) -> None:
    assert small(*words, *UNIT).code == ExitCode.REFUSED
    assert small(*words, *BODY).code == small(*words).code


def test_why_is_told_to_its_reader_and_to_the_standing_body(small: Dondoc) -> None:
    small.do("tick", "--at", "2025-01-13T07:30")
    assert small("deliver", "--at", "2025-01-13T07:30").code == ExitCode.UNAVAILABLE, "nobody listens there: mails are made, and wait"
    message = next(one["id"] for one in small.read("outbox", "list")["messages"] if one["address"].startswith("officer.xa-1@"))
    assert small("why", message, *UNIT).code == small("why", message, *BODY).code == 0
    assert small("why", message, "--as", "officer.xa-2").code == ExitCode.REFUSED
    assert small("outbox", "show", message, *UNIT).code == ExitCode.REFUSED


def test_people_are_those_of_the_own_unit(small: Dondoc) -> None:
    assert {row["party"] for row in small.read("contacts", "list", "--as", "head.xa-1")} == {"xa-1"}
    assert [row["key"] for row in small.read("units", "list", "--as", "head.xa-1")] == ["xa-1"]
    assert small.read("contacts", "list", *BODY) == small.read("contacts", "list")
    assert small("contacts", "list", *UNIT).code == ExitCode.REFUSED


def test_changes_of_accounts_are_for_the_administrator(small: Dondoc) -> None:
    small.do("admin", "create", "--email", "quan.tri@thu.invalid")
    assert small.read("journal", "--accounts") == []
    assert small.read("journal", "--accounts", "--as", "admin") == []
    assert small("journal", "--accounts", *BODY).code == ExitCode.REFUSED


def test_nobody_of_that_name(small: Dondoc) -> None:
    assert small("obligations", "--as", "nobody").code == ExitCode.NOT_FOUND
