"""Improving the index by the command line: looked at, taken in, measures planned and followed, each by whom it is for."""

from __future__ import annotations

import asyncio
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from config.calendar_files import shipped_calendar
from flows.tick import tick
from store.session import open_store
from tasks.room import Room, working_in
from tests.store.improving import improving_year
from tests.store.resulting import ALL_BUT_ONE, pin_small, score

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store
    from tests.cli.conftest import Dondoc

BODY, OFFICER = ("--as", "officer.so-noi-vu"), ("--as", "officer.xa-1")
AT = ("--at", "2025-03-04T09:00")
CSV = "Đơn vị,Tiêu chí,Điểm đạt\nxa-1,1.1,0\nxa-2,1.1,2\n,2.1,1\n"


@pytest.fixture
def improving(dondoc: Dondoc, store: Store) -> Dondoc:
    """The small year that improves, its leads asked on 3 March."""
    year = improving_year(store)
    year.tick(year.slot(date(2025, 3, 3)))
    store.close()
    return dondoc


def tick_again(dondoc: Dondoc, now: Any) -> None:
    store = open_store(f"sqlite:///{dondoc.home / 'dondoc.db'}", durable=False)
    with working_in(Room(store=store, holder="test")):
        asyncio.run(tick.fn(now))
    store.close()


def test_from_last_years_results_to_a_measure_half_done(improving: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "ket-qua.csv"
    file.write_text(CSV, encoding="utf-8")
    take = ("improvement", "import", 1, file, "--criteria", "chi-so-tinh")
    looked = improving.do(*take, *BODY, *AT)
    assert "2 tiêu chí điểm thấp; 1 tiêu chí đạt" in looked
    assert " ".join(looked.split()).count("xa-1 (Xã 001") == 2, "whose it was, and who owes it"
    assert [row["stage"] for row in improving.read("improvement", "list", 1)] == ["leads"] * 3
    improving.do(*take, *BODY, "--apply", *AT)
    refused = improving(*take, *OFFICER, "--apply", *AT)
    assert refused.code != 0
    (weak,) = [row for row in improving.read("improvement", "list", 1, "--unit", "xa-1") if row["stage"] == "weak-units"]
    said = improving.do("improvement", "measure", weak["obligation"], "Ban hành kế hoạch", "--due", "2025-06-30", *OFFICER, *AT)
    measure = int(said.rstrip(".\n").rpartition(" ")[2])
    improving.do("improvement", "progress", measure, 50, "--remark", "Đã trình", *OFFICER, *AT)
    (weak,) = [row for row in improving.read("improvement", "list", 1, "--open", *OFFICER) if row["stage"] == "weak-units"]
    assert "xa-1 (Xã 001" in " ".join(improving.do("improvement", "list", 1, "--open").split())
    assert (weak["progress"], weak["measures"][0]["remark"], weak["measures"][0]["due_on"]) == (50, "Đã trình", "2025-06-30")
    assert improving("improvement", "progress", measure, 60, "--as", "officer.xa-2", *AT).code != 0
    file.write_text(CSV.replace("2.1,1", "3.1,0"), encoding="utf-8")
    bad = improving(*take, *BODY, *AT)
    assert (bad.code != 0, "B4" in bad.err, "3.1" in bad.err) == (True, True, True)


def test_weak_criteria_of_an_edition_without_a_file(improving: Dondoc) -> None:
    now = shipped_calendar().instant(date(2025, 3, 3), time(9, 0))
    store = open_store(f"sqlite:///{improving.home / 'dondoc.db'}", durable=False)
    pin_small(store, 1, now=now)
    score(store, 1, {**ALL_BUT_ONE, "xa-2": {**ALL_BUT_ONE["xa-2"], "2": ("9", "9", None)}}, now=now)
    store.close()
    opened = ("improvement", "from-results", 1, *BODY, *AT)
    assert improving(*opened).code != 0
    improving.do("results", "publish", 1, "--number", "617/QĐ-UBND", "--dated", "2025-03-01", *BODY, *AT)
    assert "1 tiêu chí điểm thấp; 5 tiêu chí đạt; 0 đã nhập trước đó, 0 sửa điểm." in improving.do(*opened)
    assert "0 đã nhập trước đó" in improving.do(*opened, "--apply")
    assert "0 tiêu chí điểm thấp; 5 tiêu chí đạt; 1 đã nhập trước đó, 0 sửa điểm." in improving.do(*opened, "--apply")


def test_what_is_overdue_from_the_start_is_warned_of_and_takes_a_word(improving: Dondoc, tmp_path: Path) -> None:
    file = tmp_path / "ket-qua.csv"
    file.write_text(CSV, encoding="utf-8")
    take = ("improvement", "import", 1, file, "--criteria", "chi-so-tinh", *BODY, "--at", "2026-01-05T09:00")
    warned = "2 việc đã quá hạn ngay khi giao (hạn 31/12/2025): chọn hạn khác với --due, hoặc thêm --accept-late."
    assert warned in improving.do(*take)
    refused = improving(*take, "--apply")
    assert (refused.code != 0, "chọn hạn khác, hoặc đồng ý giao việc quá hạn" in refused.err) == (True, True)
    assert "quá hạn" not in improving.do(*take, "--due", "2026-03-31")
    improving.do(*take, "--accept-late", "--apply")
