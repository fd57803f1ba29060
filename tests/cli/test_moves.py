"""Each verb by the command line: what it makes of an obligation, who is recorded, what it refuses."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from cli.errors import ExitCode
from evaluation.transitions import Verb
from flows.tick import tick
from store.session import open_store
from tasks.room import Room, working_in

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

OFFICER, HEAD, RECEIVER = ("--as", "officer.xa-1"), ("--as", "head.xa-1"), ("--as", "officer.so-noi-vu")
AT = ("--at", "2025-01-07T09:00")
LATER = ("--at", "2025-04-10T09:00")
WHY = ("--reason", "Vì thế", "--document", "CV 9")


@pytest.fixture
def opened(small: Dondoc) -> Dondoc:
    """The small year on 7 January, its plans open."""
    tick_at(small, datetime(2025, 1, 6, 1, tzinfo=UTC))
    return small


def tick_at(dondoc: Dondoc, now: datetime) -> None:
    store = open_store(f"sqlite:///{dondoc.home / 'dondoc.db'}", durable=False)
    with working_in(Room(store=store, holder="test")):
        asyncio.run(tick.fn(now))
    store.close()


def of(dondoc: Dondoc, stage: str = "plan", party: str = "xa-1", subject: str | None = None) -> dict[str, Any]:
    rows = dondoc.read("obligations", "--stage", stage, "--party", party)
    found: dict[str, Any] = next(row for row in rows if subject is None or row["subject"] == subject)
    return found


def test_from_the_officer_to_acceptance(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, *OFFICER, *AT)
    opened.do("send-back", number, *HEAD, "--reason", "Thiếu phụ lục", *AT)
    assert of(opened)["state"] == "open"
    opened.do("prepare", number, *OFFICER, *AT)
    opened.do("submit", number, *HEAD, "--number", "12/KH-UBND", *AT)
    opened.do("withdraw", number, *HEAD, *AT)
    opened.do("prepare", number, *OFFICER, *AT)
    opened.do("submit", number, *HEAD, *AT)
    opened.do("return", number, *RECEIVER, "--reason", "Chưa đủ", "--item", "phu-luc=thiếu bảng 2", *AT)
    assert (of(opened)["state"], of(opened)["rounds"], of(opened)["status"]) == ("returned", 1, "Trả lại để bổ sung")
    opened.do("prepare", number, *OFFICER, *AT)
    opened.do("submit", number, *HEAD, *AT)
    assert "Hoàn thành" in opened.do("accept", number, *RECEIVER, *AT)
    assert (of(opened)["state"], of(opened)["punctuality_name"]) == ("accepted", "Hoàn thành đúng hạn")


def test_a_return_keeps_what_it_says_of_each_part(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, *OFFICER, *AT)
    opened.do("submit", number, *HEAD, *AT)
    opened.do("return", number, *RECEIVER, "--reason", "Chưa đủ", "--item", "a=một", "--item", "b=hai = ba", *AT)
    entry = opened.read("journal")[-1]
    remark = next(action for action in entry["payload"]["actions"] if action["do"] == "remark")
    assert (remark["reason"], remark["items"]) == ("Chưa đủ", [["a", "một"], ["b", "hai = ba"]])


def test_who_acts_and_on_whose_keyboard_is_recorded(opened: Dondoc) -> None:
    opened.do("prepare", of(opened)["id"], *OFFICER, *AT)
    entry = opened.read("journal")[-1]
    assert (entry["actor_key"], entry["at"]) == ("officer.xa-1", "2025-01-07T02:00:00+00:00")
    assert entry["os_user"] != ""


def test_a_paper_answer_is_judged_by_its_day(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("prepare", number, *OFFICER, "--at", "2025-02-10")
    opened.do("submit", number, *RECEIVER, "--received-on", "31/01/2025", "--number", "7/KH", "--at", "2025-02-10")
    assert of(opened)["days_late"] == 0


def test_clocks_are_extended_suspended_and_resumed(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("extend", number, *RECEIVER, "--due", "2025-02-14", *WHY, *AT)
    assert (of(opened)["due_on"], of(opened)["reason"]) == ("2025-02-14", "extension")
    opened.do("refuse-extension", number, *RECEIVER, *WHY, *AT)
    assert of(opened)["due_on"] == "2025-02-14"
    assert "dừng tính hạn" in opened.do("suspend", number, *RECEIVER, *WHY, *AT)
    assert (of(opened)["suspended"], of(opened)["due_on"]) == (True, None)
    opened.do("resume-clock", number, *RECEIVER, *AT)
    assert (of(opened)["suspended"], of(opened)["reason"]) == (False, "resumption")


def test_what_is_no_longer_owed(opened: Dondoc) -> None:
    opened.do("transfer", of(opened, party="xa-2")["id"], *RECEIVER, "--to", "xa-1", *WHY, *AT)
    opened.do("waive", of(opened)["id"], *RECEIVER, *WHY, *AT)
    assert (of(opened)["state"], of(opened, party="xa-2")["state"]) == ("waived", "transferred")
    unknown = opened("transfer", of(opened, party="so-tu-phap")["id"], *RECEIVER, "--to", "xa-9", *WHY, *AT)
    assert unknown.code == ExitCode.NOT_FOUND


def test_nothing_is_handed_to_a_unit_that_the_roster_does_not_name(opened: Dondoc) -> None:
    order = ("transfer", of(opened)["id"], *RECEIVER, "--to", "so-tu-phap", *WHY, *AT)
    refused = opened(*order)
    assert (refused.code, "--undeclared" in refused.err) == (ExitCode.REFUSED, True)
    opened.do(*order, "--undeclared")
    assert of(opened)["state"] == "transferred"


def test_nothing_is_handed_to_a_unit_that_is_done(opened: Dondoc) -> None:
    opened.do("waive", of(opened)["id"], *RECEIVER, *WHY, *AT)
    refused = opened("transfer", of(opened, party="xa-2")["id"], *RECEIVER, "--to", "xa-1", *WHY, *AT)
    assert (refused.code, of(opened, party="xa-2")["state"]) == (ExitCode.REFUSED, "open")


@pytest.mark.parametrize("verb", ["waive", "suspend", "refuse-extension"])
def test_a_blank_reason_is_refused(opened: Dondoc, verb: str) -> None:
    assert opened(verb, of(opened)["id"], *RECEIVER, "--reason", "  ", *AT).code == ExitCode.REFUSED
    assert of(opened)["state"] == "open"


def test_a_paper_of_tomorrow_is_refused(opened: Dondoc) -> None:
    opened.do("prepare", of(opened)["id"], *OFFICER, *AT)
    assert opened("submit", of(opened)["id"], *RECEIVER, "--received-on", "08/01/2025", *AT).code == ExitCode.REFUSED
    assert of(opened)["state"] == "prepared"


def test_nobody_is_in_time_by_their_own_word(opened: Dondoc) -> None:
    opened.do("prepare", of(opened)["id"], *OFFICER, "--at", "2025-02-10")
    refused = opened("submit", of(opened)["id"], *HEAD, "--received-on", "31/01/2025", "--at", "2025-02-10")
    assert (refused.code, "ngày nhận chỉ dành cho bản giấy" in refused.err) == (ExitCode.REFUSED, True)
    assert of(opened)["state"] == "prepared"


def test_a_lapsed_one_is_opened_again(opened: Dondoc) -> None:
    tick_at(opened, datetime(2025, 4, 9, 1, tzinfo=UTC))
    report = of(opened, "report", subject="2025-Q1")
    assert report["state"] == "lapsed"
    opened.do("reopen", report["id"], *RECEIVER, "--due", "2025-04-25", *WHY, *LATER)
    report = of(opened, "report", subject="2025-Q1")
    assert (report["state"], report["due_on"]) == ("open", "2025-04-25")


def test_a_date_that_is_given_keeps_the_plans_time_of_day(staffed: Dondoc) -> None:
    """The line says 17:00: what is extended or opened again ends at 17:00 (10:00 UTC) too, and its lock stays where the line puts it."""
    text = (
        (staffed.data / "small-plan.yaml")
        .read_text(encoding="utf-8")
        .replace("due: {before: 20, of: last}", 'due: {before: 20, of: last, at: "17:00"}')
    )
    (staffed.home / "small-plan.yaml").write_text(text, encoding="utf-8")
    (staffed.home / "small-roster.yaml").write_bytes((staffed.data / "small-roster.yaml").read_bytes())
    staffed.do("launch", staffed.home / "small-plan.yaml", "--authority", "thu", "--year", 2025, *RECEIVER, "--at", "2025-01-02T09:00")
    first, second = (of(staffed, "report", party, subject="2025-Q1") for party in ("xa-1", "xa-2"))
    assert first["due_at"] == "2025-03-19T10:00:00+00:00"
    staffed.do("extend", first["id"], *RECEIVER, "--due", "2025-03-26", *WHY, *AT)
    assert of(staffed, "report", subject="2025-Q1")["due_at"] == "2025-03-26T10:00:00+00:00"
    tick_at(staffed, datetime(2025, 4, 9, 1, tzinfo=UTC))
    staffed.do("reopen", second["id"], *RECEIVER, "--due", "2025-04-25", *WHY, *LATER)
    assert of(staffed, "report", "xa-2", subject="2025-Q1")["due_at"] == "2025-04-25T10:00:00+00:00"


def test_urging_by_mail_phone_and_letter(opened: Dondoc) -> None:
    number = of(opened)["id"]
    opened.do("urge", number, *RECEIVER, "--by", "mail", *AT)
    opened.do("urge", number, *RECEIVER, "--by", "phone", "--note", "đã gọi", *AT)
    assert opened("urge", number, *RECEIVER, "--by", "letter", *AT).code == ExitCode.USAGE
    assert [entry["action"] for entry in opened.read("journal")[-2:]] == ["urge", "urge"]


def test_many_are_urged_of_a_stage_and_of_one_period(opened: Dondoc) -> None:
    several = ("urge-many", 1, *RECEIVER, *AT, "--by", "phone", "--note", "đã gọi")
    assert "Đã đôn đốc 4/4." in opened.do(*several, "--stage", "plan")
    assert [row["obligation"] for row in opened.read(*several, "--stage", "plan", "--unit", "xa-2")] == [of(opened, party="xa-2")["id"]]
    assert opened.read(*several, "--stage", "plan", "--about", "2025-Q1") == []
    assert opened("urge-many", 1, *RECEIVER, *AT, "--by", "phone", "--stage", "plan").code == ExitCode.USAGE
    refused = opened("urge-many", 1, *OFFICER, *AT, "--by", "mail", "--stage", "plan")
    assert (refused.code, "Đã đôn đốc 0/4." in refused.out) == (ExitCode.REFUSED, True)
    assert sum(entry["action"] == "urge" for entry in opened.read("journal")) == 5


def test_what_is_not_allowed_says_why_and_what_is(opened: Dondoc) -> None:
    done = opened("accept", of(opened)["id"], *RECEIVER, *AT)
    assert done.code == ExitCode.REFUSED
    assert done.err.startswith("Lỗi: không thực hiện được “accept”")
    assert "được phép: prepare" in done.err
    assert "move-due" not in done.err, "no command of that name"


def test_nothing_moves_in_a_cycle_that_is_over(opened: Dondoc) -> None:
    opened.do("close", 1, *RECEIVER, *WHY, *AT)
    assert opened("prepare", of(opened)["id"], *OFFICER, *AT).code == ExitCode.REFUSED


def test_an_unknown_obligation_is_not_found(opened: Dondoc) -> None:
    assert opened("prepare", 999, *OFFICER, *AT).code == ExitCode.NOT_FOUND


def test_a_remark_on_a_part_has_two_sides(opened: Dondoc) -> None:
    assert opened("return", of(opened)["id"], *RECEIVER, "--reason", "x", "--item", "phu-luc", *AT).code == ExitCode.USAGE


def test_every_verb_of_people_is_a_command(dondoc: Dondoc) -> None:
    for verb in Verb:
        if verb is not Verb.MOVE_DUE:
            assert "--as" in dondoc.do(verb.value, "--help")
