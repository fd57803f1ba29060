"""Authorities, units and contacts by the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.errors import ExitCode

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

DATA = Path(__file__).parents[1] / "data"
AS = ("--as", "officer.so-noi-vu")
AT = ("--at", "2025-01-02T09:00")


def units(dondoc: Dondoc) -> dict[str, dict[str, object]]:
    return {row["key"]: row for row in dondoc.read("units", "list")}


def contacts(dondoc: Dondoc) -> dict[str, dict[str, object]]:
    return {row["key"]: row for row in dondoc.read("contacts", "list")}


def test_an_authority_is_made_once(dondoc: Dondoc) -> None:
    dondoc.do("authority", "create", "thu", "--name", "UBND thử", "--sandbox")
    assert dondoc("authority", "create", "thu", "--name", "UBND khác").code == ExitCode.CONFLICT
    (row,) = dondoc.read("authority", "list")
    assert (row["key"], row["name"], row["sandbox"], row["units"]) == ("thu", "UBND thử", True, 0)
    (entry,) = dondoc.read("journal")
    assert (entry["actor"], entry["action"]) == ("system", "found-authority")
    assert entry["os_user"] != ""


def test_the_first_people_come_in_without_anybody_acting(staffed: Dondoc) -> None:
    assert len(units(staffed)) == 6
    assert len(contacts(staffed)) == 12
    entry = staffed.read("journal")[-1]
    assert (entry["action"], entry["actor"]) == ("import-roster", "system")


def test_later_people_need_somebody_who_acts(small: Dondoc) -> None:
    again = ("units", "import", small.data / "small-roster.yaml")
    assert small(*again).code == ExitCode.USAGE
    assert "0 mới, 0 thay đổi" in small.do(*again, *AS)
    assert small.read("journal")[-1]["actor_key"] == "officer.so-noi-vu"


def test_until_there_is_somebody_to_ask_the_machines_user_brings_in_people(staffed: Dondoc) -> None:
    again = ("units", "import", staffed.data / "small-roster.yaml")
    assert "0 mới, 0 thay đổi" in staffed.do(*again)
    assert staffed.read("journal")[-1]["actor"] == "system"
    staffed.do("admin", "create", "--email", "quan.tri@thu.invalid")
    assert staffed(*again).code == ExitCode.USAGE
    assert staffed(*again, *AS).code == ExitCode.REFUSED, "there is no standing body yet, but an administrator"
    assert "0 mới, 0 thay đổi" in staffed.do(*again, "--as", "admin")


CHANGES = [
    pytest.param(("units", "drop", "xa-1", "--on", "2025-06-30"), id="a unit ends"),
    pytest.param(("units", "successors", "xa-1", "--by", "xa-2"), id="a successor"),
    pytest.param(("units", "import", DATA / "small-roster.yaml"), id="a roster"),
    pytest.param(("contacts", "drop", "officer.xa-1", "--on", "2025-06-30"), id="a contact leaves"),
    pytest.param(("contacts", "address", "officer.xa-1", "khac@thu.invalid"), id="an address"),
    pytest.param(("contacts", "deputy", "officer.xa-2", "--by", "head.xa-2"), id="a deputy in another unit"),
    pytest.param(("calendar", "import", "--year", "2031", "--authority", "thu"), id="a calendar"),
]


@pytest.mark.parametrize("words", CHANGES)
def test_people_and_calendars_are_changed_by_those_who_may(small: Dondoc, words: tuple[str, ...]) -> None:
    before = small.read("journal")
    done = small(*words, "--as", "head.xa-1")
    assert done.code == ExitCode.REFUSED, done
    assert small.read("journal") == before
    small.do(*words, *AS)


def test_a_head_names_a_deputy_in_the_own_unit(small: Dondoc) -> None:
    small.do("contacts", "deputy", "officer.xa-1", "--by", "head.xa-1", "--as", "head.xa-1")
    assert contacts(small)["officer.xa-1"]["deputy"] == "head.xa-1"


def test_a_faulty_roster_changes_nothing(staffed: Dondoc) -> None:
    roster = staffed.home / "bad.yaml"
    roster.write_text("format: 1\nkey: bad\nparties: [{key: a}, {key: a}]\n", encoding="utf-8")
    done = staffed("units", "import", roster, *AS)
    assert done.code == ExitCode.REFUSED
    assert done.err.count("bad.yaml") > 1
    assert len(units(staffed)) == 6


def test_units_come_end_and_are_succeeded(staffed: Dondoc) -> None:
    staffed.do(
        "units",
        "add",
        "xa-3",
        "--name",
        "Xã 003 (tên chưa có nguồn)",
        "--level",
        "commune",
        "--group",
        "xa",
        "--superior",
        "ubnd",
        *AS,
        *AT,
    )
    staffed.do("units", "drop", "xa-1", "--on", "2025-06-30", *AS)
    staffed.do("units", "successors", "xa-1", "--by", "xa-3", *AS)
    staffed.do("units", "superior", "xa-3", "--under", "so-noi-vu", "--from", "2025-07-01", *AS)
    rows = units(staffed)
    assert (rows["xa-1"]["valid_to"], rows["xa-1"]["successors"]) == ("2025-06-30", ["xa-3"])
    assert rows["xa-3"]["superior"] == "so-noi-vu"
    then = {row["key"]: row for row in staffed.read("units", "list", "--on", "2025-06-30")}
    assert then["xa-3"]["superior"] == "ubnd"
    assert "xa-1" not in {row["key"] for row in staffed.read("units", "list", "--on", "2025-07-01")}


def test_contacts_come_leave_and_are_replaced(staffed: Dondoc) -> None:
    staffed.do("contacts", "drop", "head.xa-1", "--on", "2025-03-31", *AS)
    staffed.do(
        *("contacts", "replace", "officer.xa-1", "--by", "moi.xa-1", "--name", "Công chức đầu mối", "--address", "moi@thu.invalid"),
        *("--from", "2025-04-01", *AS),
    )
    staffed.do("contacts", "address", "officer.xa-2", "khac@thu.invalid", *AS)
    staffed.do("contacts", "deputy", "head.xa-2", "--by", "officer.xa-2", "--from", "2025-02-01", "--to", "2025-02-15", *AS)
    rows = contacts(staffed)
    assert rows["head.xa-1"]["valid_to"] == rows["officer.xa-1"]["valid_to"] == "2025-03-31"
    assert (rows["moi.xa-1"]["role"], rows["moi.xa-1"]["party"], rows["moi.xa-1"]["valid_from"]) == ("officer", "xa-1", "2025-04-01")
    assert rows["officer.xa-2"]["address"] == "khac@thu.invalid"
    deputy = [rows["head.xa-2"][name] for name in ("deputy", "deputy_from", "deputy_to")]
    assert deputy == ["officer.xa-2", "2025-02-01", "2025-02-15"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("contacts", "address", "officer.xa-2", "no address"), ExitCode.USAGE, id="no address"),
        pytest.param(("contacts", "address", "nobody", "a@thu.invalid"), ExitCode.NOT_FOUND, id="no such contact"),
        pytest.param(("contacts", "deputy", "head.xa-2", "--by", "head.xa-2"), ExitCode.REFUSED, id="a deputy of oneself"),
        pytest.param(("units", "drop", "xa-9", "--on", "2025-01-01"), ExitCode.NOT_FOUND, id="no such unit"),
        pytest.param(("units", "add", "xa-1", "--name", "x"), ExitCode.CONFLICT, id="a key taken"),
        pytest.param(("units", "successors", "xa-2", "--by", "xa-1"), ExitCode.CONFLICT, id="succeeded already"),
        pytest.param(
            ("contacts", "add", "officer.xa-1", "--unit", "xa-1", "--role", "officer", "--name", "x", "--address", "x@thu.invalid"),
            ExitCode.CONFLICT,
            id="a contact there already",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(staffed: Dondoc, words: tuple[str, ...], code: ExitCode) -> None:
    before = staffed.read("journal")
    done = staffed(*words, *AS)
    assert (done.code, done.err != "") == (code, True)
    assert staffed.read("journal") == before


def test_names_and_addresses_stay_out_of_the_journal(staffed: Dondoc) -> None:
    secret = ("--name", "Tên Riêng", "--address", "rieng@thu.invalid")
    staffed.do("contacts", "add", "moi", "--unit", "xa-1", "--role", "member", *secret, *AS)
    staffed.do("contacts", "address", "moi", "rieng-2@thu.invalid", *AS)
    told = staffed.do("journal", "--json")
    assert "Tên Riêng" not in told
    assert "rieng" not in told


def test_only_a_sandbox_takes_a_moment(dondoc: Dondoc) -> None:
    dondoc.do("authority", "create", "that", "--name", "UBND thật")
    done = dondoc("units", "import", dondoc.data / "small-roster.yaml", *AT)
    assert done.code == ExitCode.REFUSED
    assert "cơ quan thật" in done.err
    dondoc.do("units", "import", dondoc.data / "small-roster.yaml")


def test_whoever_is_not_in_office_cannot_act(staffed: Dondoc) -> None:
    staffed.do("contacts", "drop", "head.xa-1", "--on", "2025-01-31", *AS)
    words = ("contacts", "address", "officer.xa-1", "x@thu.invalid", "--as", "head.xa-1")
    done = staffed(*words, "--at", "2025-02-01")
    assert done.code == ExitCode.REFUSED
    assert "không đương chức" in done.err
    staffed.do(*words, "--at", "2025-01-31")


def test_two_authorities_must_be_told_apart(staffed: Dondoc) -> None:
    staffed.do("authority", "create", "khac", "--name", "UBND khác", "--sandbox")
    assert staffed("units", "list").code == ExitCode.USAGE
    assert staffed.read("units", "list", "--authority", "khac") == []
    assert staffed("contacts", "address", "officer.xa-1", "x@thu.invalid", "--authority", "khac", *AS).code == ExitCode.NOT_FOUND


def test_who_gets_no_mail_is_said_when_units_come_in(staffed: Dondoc) -> None:
    assert "chưa có ai nhận thư" not in staffed.do("units", "import", staffed.data / "small-roster.yaml", *AS)
    file = staffed.home / "more.csv"
    rows = (
        "Mã,Tên đơn vị,Hộp thư,Hiệu lực đến",
        "xa-7,Xã bảy,,",
        "xa-8,Xã tám,xa8@thu.invalid,",
        "xa-9,Xã chín,,",
        "xa-cu,Xã cũ,,30/6/2020",
    )
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    contacts = "Đơn vị,Vai trò,Họ và tên,Email\nxa-9,đầu mối,Công chức chín,c9@thu.invalid\n"
    file.with_name("more.contacts.csv").write_text(contacts, encoding="utf-8")
    assert "1 đơn vị chưa có ai nhận thư: Xã bảy\n" in staffed.do("units", "import", file, *AS)


def test_obligations_of_a_unit_that_is_not_there(small: Dondoc) -> None:
    done = small("obligations", "--party", "xa-11")
    assert (done.code, "có phải xa-1" in done.err) == (ExitCode.NOT_FOUND, True)
    assert small("obligations", "--party", "xa-11", "--cycle", "1").code == ExitCode.NOT_FOUND
    assert small.read("obligations", "--party", "ubnd") == [], "a party that owes nothing is no mistake"
