"""Survey and council by command line: from the questions to the points, from the members to a settled score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.surveying import QUESTIONS, surveyed_year

if TYPE_CHECKING:
    from pathlib import Path

    from store.session import Store
    from tests.cli.conftest import Dondoc

AT = ("--at", "2025-01-10T09:00")
WHO = ("--as", "officer.so-noi-vu", *AT)


@pytest.fixture
def year(dondoc: Dondoc, store: Store) -> int:
    """The cycle of a surveyed year in the home of `dondoc`."""
    assert store.engine.url.database == str(dondoc.home / "dondoc.db")
    return surveyed_year(store).cycle


def test_a_survey_by_command_line(dondoc: Dondoc, year: int, tmp_path: Path) -> None:
    questions, ballots, sample = tmp_path / "hoi.yaml", tmp_path / "phieu.csv", tmp_path / "mau.csv"
    questions.write_text(QUESTIONS.replace("Phối hợp", "Cộng tác"), encoding="utf-8")
    assert "2" in dondoc.do("survey", "questions", year, questions, *WHO)
    sample.write_text("unit,respondents,planned\nxa-1,Người dân,3\n", encoding="utf-8")
    assert "3" in dondoc.do("survey", "sample", year, sample, *WHO)
    assert "8" in dondoc.do("survey", "sample", year, "--per-unit", "Người dân=2", "--per-unit", "Công chức=2", *WHO)
    made = dondoc.do("survey", "codes", year, "--unit", "xa-1", "--group", "Người dân", "--count", 2, *WHO).split()
    assert [line.endswith(code) for code, line in zip(made[::2], made[1::2], strict=True)] == [True, True]
    dondoc.do("survey", "papers", year, "--unit", "xa-1", "--group", "Công chức", "--count", 1, *WHO)
    paper = ("survey", "ballot", year, "--number", "1", "--unit", "xa-1", "--group", "Người dân")
    assert "hợp lệ" in dondoc.do(*paper, "--answer", "d1=A", *WHO)
    refused = dondoc(*paper, "--answer", "d1=A", "--from-unit", "xa-1", *WHO)
    assert (refused.code, "không ai đánh giá đơn vị mình" in refused.err) == (1, True)
    ballots.write_text("id,unit,set,c1,c2,d1\n1,xa-1,cong-chuc,A,A,\n2,xa-2,cong-chuc,B,B,\n3,xa-2,nguoi-dan,,,Z\n", encoding="utf-8")
    refused = dondoc("survey", "import", year, ballots, *WHO)
    assert (refused.code, "phieu.csv:F4" in refused.err) == (1, True)
    ballots.write_text(ballots.read_text(encoding="utf-8").replace("Z", "C"), encoding="utf-8")
    assert "3" in dondoc.do("survey", "import", year, ballots, *WHO)
    shown = next(one for one in dondoc.read("survey", "show", year)["units"] if one["unit"] == "xa-1")
    assert shown["counts"]["Người dân"] == {"planned": 2, "issued": 3, "returned": 1, "valid": 1}, "two codes, and the paper"
    closed = dondoc.do("survey", "close", year, *WHO)
    assert "2 đơn vị" in closed
    assert "xa-1 (Xã 001 (tên chưa có nguồn)): Người dân: phát ra 3 phiếu, dự kiến 2" in closed
    assert dondoc("survey", "close", year, *WHO).code == 1
    assert "Đã chốt" in dondoc.do("survey", "show", year)
    assert dondoc("survey", "papers", year, "--unit", "xa-1", "--group", "Công chức", "--count", 1, "--as", "head.xa-1", *AT).code == 1


def test_a_council_by_command_line(dondoc: Dondoc, year: int) -> None:
    obligations = dondoc.read("obligations", "--cycle", year, "--stage", "council")
    council = obligations["obligations"][0]["id"] if isinstance(obligations, dict) else obligations[0]["id"]
    members = ("--member", "head.so-noi-vu:chair", "--member", "head.xa-1", "--member", "head.so-tu-phap:member")
    dondoc.do("council", "members", council, "--decision", "12/QĐ", *members, *WHO)
    dondoc.do("council", "session", council, "--held-on", "2025-01-10", "--present", "head.so-noi-vu", *WHO)
    dondoc.do("council", "matter", council, "--words", "Điểm 1.1", "--unit", "xa-1", "--score", "1.1=4,5", *WHO)
    vote = ("council", "vote", council, "--matter", 1)
    dondoc.do(*vote, "--vote", "head.so-noi-vu=for", *WHO)
    lonely = dondoc("council", "resolve", council, "--matter", 1, *WHO)
    assert (lonely.code, "mới có 1 trên 2 thành viên" in lonely.err) == (1, True)
    assert dondoc(*vote, "--vote", "head.xa-1=for", "--in-writing", *WHO).code == 1
    assert dondoc(*vote, "--vote", "head.so-tu-phap=yes", *WHO).code == 2
    dondoc.do(*vote, "--vote", "head.so-tu-phap=for", "--in-writing", *WHO)
    assert "thông qua" in dondoc.do("council", "resolve", council, "--matter", 1, "--recommend", "so-tu-phap=Tập huấn", *WHO)
    dondoc.do("council", "minutes", council, "--number", "3/BB", *WHO)
    shown = dondoc.read("council", "show", council)
    assert shown["sessions"][0]["matters"][0]["outcome"] == "carried"
    shown = dondoc.do("council", "show", council)
    assert ("thông qua" in shown, "Chủ tịch Hội đồng" in shown, "Ủy viên" in shown) == (True, True, True)
