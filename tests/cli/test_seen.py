"""What a person sees: the moment told of, names in place of numbers, files and ports that cannot be had, a database to be read alone."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.acting import moment
from cli.errors import ExitCode
from cli.opening import open_migrated_store
from cli.words import repairs
from config.settings import settings
from flows.tick import Ticked
from store.queries.people import list_units
from store.session import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Dondoc

AS = ("--as", "officer.so-noi-vu")
FAR = datetime(2032, 3, 5, 0, 30, tzinfo=UTC)
NOBODY = 65534


def test_a_day_is_written_either_way() -> None:
    zone = "Asia/Ho_Chi_Minh"
    assert moment("12/02/2027", zone=zone) == moment("2027-02-12", zone=zone) == datetime(2027, 2, 12, 1, tzinfo=UTC)
    assert moment("12/02/2027 09:30", zone=zone) == datetime(2027, 2, 12, 2, 30, tzinfo=UTC)


def test_the_ticks_moment_is_local_too(small: Dondoc) -> None:
    small.do("tick", "--at", "13/01/2025 07:30")
    assert small.read("journal")[-1]["at"] == "2025-01-13T00:30:00+00:00"


def test_a_sandbox_ticked_ahead_is_told_of_as_of_its_last_tick(small: Dondoc) -> None:
    assert "Tính đến" not in small.do("status")
    small.do("tick", "--at", "2032-03-05T07:30")
    for words in (("status",), ("status", 1), ("obligations",), ("obligations", "--cycle", 1)):
        assert "Tính đến 05/03/2032 07:30." in small.do(*words), words
    assert "Tính đến 10/02/2025 08:00." in small.do("status", "--at", "10/02/2025")
    assert small.read("status") == small.read("status", "--at", "2032-03-05T07:30")


def test_a_real_authority_is_told_of_as_of_the_present(small: Dondoc) -> None:
    small.do("tick", "--at", "2032-03-05T07:30")
    small.do("authority", "create", "that", "--name", "UBND thật")
    assert "Tính đến" not in small.do("status")
    assert "Tính đến" in small.do("status", 1), "the sandbox's own cycle"


def test_contacts_are_those_in_office_at_a_moment(staffed: Dondoc) -> None:
    staffed.do("contacts", "drop", "head.xa-1", "--on", "2025-03-31", *AS, "--at", "2025-01-02")
    every = {row["key"] for row in staffed.read("contacts", "list")}
    assert {row["key"] for row in staffed.read("contacts", "list", "--at", "31/03/2025")} == every
    assert {row["key"] for row in staffed.read("contacts", "list", "--at", "01/04/2025")} == every - {"head.xa-1"}


def test_a_repair_names_its_unit(small: Dondoc) -> None:
    store = open_migrated_store()
    with store.reading() as connection:
        names = [row.name for row in list_units(connection, 1, on=FAR.date())]
    found = repairs(store, ["contact/3/officer", "contact/3/officer/2", "unknown-mail/3", "2025-Q1", "contact/99/head"])
    store.close()
    assert set(found) == {"contact/3/officer", "contact/3/officer/2"}
    assert all(words.startswith(f"{names[2]}: ") for words in found.values())


def test_why_names_people_by_key_and_post(small: Dondoc) -> None:
    small.do("tick", "--at", "13/01/2025")
    small("deliver", "--at", "13/01/2025")
    message = small.read("outbox", "list")["messages"][-1]
    told = small.do("why", message["id"])
    assert message["recipient"] not in told.splitlines()[0]
    key = next(row["key"] for row in small.read("contacts", "list") if row["address"] == message["address"])
    assert f"→ {key} (" in told.splitlines()[0]
    assert "hệ thống" in told


def test_a_roster_that_is_not_there_brings_no_list_of_the_folder(staffed: Dondoc) -> None:
    (staffed.home / "roster-2025.xlsx").write_bytes(b"")
    (staffed.home / "roster-2025.txt").write_bytes(b"")
    done = staffed("units", "import", staffed.home / "roster-2026.xlsx", *AS)
    assert done.code == ExitCode.NOT_FOUND
    assert "có phải roster-2025.xlsx?" in done.err
    assert "txt" not in done.err
    (staffed.home / "roster-2025.xlsx").unlink()
    done = staffed("units", "import", staffed.home / "nothing-like-it.xlsx", *AS)
    assert done.err.startswith(f"Lỗi: không có tệp {staffed.home / 'nothing-like-it.xlsx'}; danh sách có sẵn: ")


def test_a_backups_missing_folder_is_named(small: Dondoc) -> None:
    before = small.read("journal")
    done = small("backup", small.home / "none" / "b1.db")
    assert done.code == ExitCode.UNAVAILABLE
    assert f"không có thư mục {small.home / 'none'}" in done.err
    assert small.read("journal") == before
    assert f"there is no folder {small.home / 'none'}" in small("backup", small.home / "none" / "b1.db", "--lang", "en").err


def test_a_port_that_is_taken_is_one_sentence(dondoc: Dondoc, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("DONDOC_WEB_PORT", str(port))
        settings.cache_clear()
        dondoc("status")
        for command in ("up", "web"):
            done = dondoc(command)
            assert done.code == ExitCode.UNAVAILABLE
            assert done.err.startswith(f"Lỗi: 127.0.0.1:{port}: đã có chương trình khác dùng")
            assert "DONDOC_WEB_PORT" in done.err
            assert len(done.err.splitlines()) == 1
        assert "is taken" in dondoc("up", "--lang", "en").err


def test_an_authority_counts_once_however_often_it_was_elsewhere() -> None:
    both = Ticked(elsewhere=frozenset({7})) + Ticked(elsewhere=frozenset({7})) + Ticked(elsewhere=frozenset({9}))
    assert both.elsewhere == {7, 9}


@pytest.fixture
def locked(small: Dondoc, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dondoc]:
    """The command line on a database that can only be read; where this user may do everything, as nobody."""
    root, folder = os.geteuid() == 0, Path(tempfile.mkdtemp())
    for words in READING:  # what a command imports is imported while all files can be read
        small.do(*words)
    small.do("backup", small.home / "first.db")
    shutil.copy(small.home / "dondoc.db", folder / "dondoc.db")
    (folder / "dondoc.db").chmod(0o444)
    folder.chmod(0o555)
    monkeypatch.setenv("DONDOC_HOME", str(folder))
    settings.cache_clear()
    if root:
        os.seteuid(NOBODY)
    yield small
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


READING = (("status",), ("obligations",), ("verify",), ("journal",), ("outbox", "held"))


def test_a_database_that_can_only_be_read_is_read(locked: Dondoc) -> None:
    for words in READING:
        assert locked.do(*words), words
    done = locked("authority", "create", "khac", "--name", "Khác", "--sandbox")
    assert done.code == ExitCode.UNAVAILABLE
    assert "readonly" in done.err


def test_a_database_that_can_only_be_read_is_backed_up_without_an_entry(locked: Dondoc) -> None:
    before = locked.read("journal")
    folder = Path(tempfile.mkdtemp())
    locked.do("backup", folder / "copy.db")
    copy = open_store(f"sqlite:///{folder / 'copy.db'}")
    with copy.reading() as connection:
        assert len(list_units(connection, 1, on=FAR.date())) > 0
    copy.close()
    shutil.rmtree(folder)
    assert locked.read("journal") == before
