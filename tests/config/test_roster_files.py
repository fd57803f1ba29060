"""A roster is read whole or refused with every fault; addresses left out are made from keys."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

import pytest

from config.addresses import is_address
from config.loader import RosterError, find_roster, load_roster, shipped_rosters
from config.shapes import ROSTER_SCHEMA
from evaluation.kinds import PartyKind, Role
from evaluation.rosters import Party, RosterContact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.faults import Fault

ROSTER = """\
format: 1
key: units
title: Đơn vị tỉnh
domain: tinh.invalid
groups:
  so: Sở, ban, ngành
  huyen: UBND cấp huyện
posts: [officer, head]
parties:
  - {key: ubnd-tinh, kind: body, name: UBND tỉnh, source: none}
  - {key: so-noi-vu, name: Sở Nội vụ, level: department, group: so, superior: ubnd-tinh, source: seed 001}
  - key: huyen-001
    name: Huyện 001 (tên chưa có nguồn)
    level: district
    group: huyen
    superior: ubnd-tinh
    mailbox: huyen001@khac.invalid
    valid_from: 2011-01-01
    valid_to: 2025-06-30
    exempt: yếu tố đặc thù
    successors: [xa-001]
    code: "0855"
    source: none
  - {key: xa-001, name: Xã 001 (tên chưa có nguồn), level: commune, superior: ubnd-tinh, valid_from: 2025-07-01, source: none}
contacts:
  - {key: dau-moi, party: so-noi-vu, role: officer, name: Công chức 1, address: a@tinh.invalid, deputy: pho, deputy_from: 2025-05-01}
  - {key: pho, party: so-noi-vu, role: deputy_head, name: Cấp phó, address: b@tinh.invalid, from: 2025-01-01, phone: "0123", language: en,
     fields: [tcbm, tai-chinh]}
"""


@pytest.fixture
def faults_of(tmp_path: Path) -> Callable[[str], tuple[Fault, ...]]:
    def refuse(text: str) -> tuple[Fault, ...]:
        (tmp_path / "units.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(RosterError) as caught:
            load_roster(tmp_path / "units.yaml")
        return caught.value.faults

    return refuse


def test_roster_becomes_records(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(ROSTER, encoding="utf-8")
    roster = load_roster(tmp_path / "units.yaml")
    assert (roster.key, roster.title, roster.file) == ("units", "Đơn vị tỉnh", str(tmp_path / "units.yaml"))
    assert roster.groups == (("so", "Sở, ban, ngành"), ("huyen", "UBND cấp huyện"))
    assert roster.parties[0] == Party(
        key="ubnd-tinh", kind=PartyKind.BODY, name="UBND tỉnh", mailbox="ubnd-tinh@tinh.invalid", source="none", line=10
    )
    assert roster.parties[2] == Party(
        key="huyen-001",
        kind=PartyKind.UNIT,
        name="Huyện 001 (tên chưa có nguồn)",
        level="district",
        group="huyen",
        superior="ubnd-tinh",
        mailbox="huyen001@khac.invalid",
        valid_from=date(2011, 1, 1),
        valid_to=date(2025, 6, 30),
        exempt="yếu tố đặc thù",
        successors=("xa-001",),
        code="0855",
        source="none",
        line=12,
    )


def test_contacts_become_records(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(ROSTER, encoding="utf-8")
    assert load_roster(tmp_path / "units.yaml").contacts[:2] == (
        RosterContact(
            key="dau-moi",
            party="so-noi-vu",
            role=Role.OFFICER,
            name="Công chức 1",
            address="a@tinh.invalid",
            deputy="pho",
            deputy_from=date(2025, 5, 1),
            line=26,
        ),
        RosterContact(
            key="pho",
            party="so-noi-vu",
            role=Role.DEPUTY_HEAD,
            name="Cấp phó",
            address="b@tinh.invalid",
            valid_from=date(2025, 1, 1),
            phone="0123",
            language="en",
            fields=("tcbm", "tai-chinh"),
            line=27,
        ),
    )


def test_posts_stand_where_a_party_has_no_contact_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(ROSTER, encoding="utf-8")
    posts = load_roster(tmp_path / "units.yaml").contacts[2:]
    assert [post.party for post in posts] == ["ubnd-tinh", "ubnd-tinh", "huyen-001", "huyen-001", "xa-001", "xa-001"]
    assert posts[:2] == (
        RosterContact(
            key="officer.ubnd-tinh",
            party="ubnd-tinh",
            role=Role.OFFICER,
            name="Công chức đầu mối CCHC – UBND tỉnh",
            address="officer.ubnd-tinh@tinh.invalid",
            line=10,
        ),
        RosterContact(
            key="head.ubnd-tinh",
            party="ubnd-tinh",
            role=Role.HEAD,
            name="Người đứng đầu – UBND tỉnh",
            address="head.ubnd-tinh@tinh.invalid",
            line=10,
        ),
    )
    assert all(is_address(post.address) for post in posts)


def test_without_a_domain_nothing_is_made_up(tmp_path: Path) -> None:
    text = ROSTER.replace("domain: tinh.invalid\n", "").replace("posts: [officer, head]\n", "")
    (tmp_path / "units.yaml").write_text(text, encoding="utf-8")
    roster = load_roster(tmp_path / "units.yaml")
    assert [party.mailbox for party in roster.parties] == ["", "", "huyen001@khac.invalid", ""]
    assert [contact.key for contact in roster.contacts] == ["dau-moi", "pho"]


FAULTS = [
    pytest.param("superior: ubnd-tinh, source", "superior: ubnd-tin, source", "unknown-word", "did you mean “ubnd-tinh”?", id="superior"),
    pytest.param("successors: [xa-001]", "successors: [xa-002]", "unknown-word", "did you mean “xa-001”?", id="successor"),
    pytest.param("group: huyen", "group: huyeen", "unknown-word", "did you mean “huyen”?", id="group"),
    pytest.param("kind: body", "kind: boddy", "unknown-word", "did you mean “body”?", id="kind"),
    pytest.param("role: officer", "role: oficer", "unknown-word", "did you mean “officer”?", id="role"),
    pytest.param("posts: [officer, head]", "posts: [officer, boss]", "unknown-word", "officer, head, deputy_head", id="post"),
    pytest.param("language: en", "language: fr", "unknown-word", "vi, en", id="language"),
    pytest.param("party: so-noi-vu, role: officer", "party: so-noi-vuu, role: officer", "unknown-word", "“so-noi-vu”?", id="contact of"),
    pytest.param("deputy: pho,", "deputy: phoo,", "unknown-word", "did you mean “pho”?", id="deputy"),
    pytest.param("deputy: pho,", "deputy: dau-moi,", "names-itself", "name another", id="own deputy"),
    pytest.param("successors: [xa-001]", "successors: [huyen-001]", "names-itself", "name another", id="own successor"),
    pytest.param("a@tinh.invalid", "a@tinh", "bad-address", "one @", id="address"),
    pytest.param("mailbox: huyen001@khac.invalid", "mailbox: huyện@khac.invalid", "bad-address", "no accents", id="mailbox"),
    pytest.param("domain: tinh.invalid", "domain: tinh", "bad-domain", "vinhlong.invalid", id="domain"),
    pytest.param("domain: tinh.invalid\n", "", "posts-without-domain", "add “domain”", id="posts without domain"),
    pytest.param("valid_to: 2025-06-30", "valid_to: 2010-06-30", "dates-reversed", "swap", id="dates"),
    pytest.param("deputy_from: 2025-05-01", "deputy_from: 2025-05-01, deputy_to: 2025-04-01", "dates-reversed", "swap", id="deputy dates"),
    pytest.param("valid_to: 2025-06-30", "valid_to: 2025-06-31", "bad-date", "a day that exists", id="31 June"),
    pytest.param("key: xa-001", "key: huyen-001", "duplicate", "another key", id="party twice"),
    pytest.param("key: pho", "key: dau-moi", "duplicate", "another key", id="contact twice"),
    pytest.param("key: pho", "key: head.xa-001", "duplicate", "another key", id="key of a post"),
    pytest.param("superior: ubnd-tinh, source", "superior: so-noi-vu, source", "circle", "break the circle", id="own superior"),
    pytest.param('code: "0855"', "code: 0855", "wrong-type", "in quotes", id="code without quotes"),
    pytest.param("    name: Huyện 001", "    nme: Huyện 001", "unknown-key", "did you mean “name”?", id="key"),
    pytest.param("key: xa-001, name: Xã", "key: xa-001, Name: Xã", "missing-key", "add “name”", id="missing name"),
    pytest.param("  huyen: UBND", "  Huyện: UBND", "bad-key", "small letters", id="key of a group"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "code", "instead"), FAULTS)
def test_fault_is_named_at_its_line(faults_of: Callable[[str], tuple[Fault, ...]], right: str, wrong: str, code: str, instead: str) -> None:
    assert right in ROSTER
    text = ROSTER.replace(right, wrong, 1)
    fault = next(fault for fault in faults_of(text) if fault.code == code)
    assert instead in fault.instead
    assert fault.what_vi != fault.what
    if wrong:
        assert abs(text[: text.rindex(wrong)].count("\n") + 1 - fault.line) <= 1


def test_circle_of_superiors_is_named(faults_of: Callable[[str], tuple[Fault, ...]]) -> None:
    (fault,) = faults_of(ROSTER.replace("name: UBND tỉnh", "name: UBND tỉnh, superior: xa-001"))
    assert fault.what == "the superiors go round in a circle: ubnd-tinh → xa-001 → ubnd-tinh"
    assert (fault.line, fault.column) == (10, 11)


NAMESAKES = [
    pytest.param("level: department, superior: ubnd-tinh", True, id="same level and superior"),
    pytest.param("level: district, superior: ubnd-tinh", False, id="other level"),
    pytest.param("level: department, superior: huyen-001", False, id="other superior"),
]


@pytest.mark.parametrize(("as_it", "alike"), NAMESAKES)
def test_one_name_twice_is_refused_only_where_nobody_could_tell(tmp_path: Path, as_it: str, *, alike: bool) -> None:
    second = f"  - {{key: so-khac, name: SỞ  NỘI VỤ, {as_it}, source: none}}\ncontacts:"
    (tmp_path / "units.yaml").write_text(ROSTER.replace("contacts:", second), encoding="utf-8")
    if not alike:
        assert len(load_roster(tmp_path / "units.yaml").parties) == 5
        return
    with pytest.raises(RosterError, match="“SỞ NỘI VỤ” is there twice at the same level under the same superior \\(first on line 11\\)"):
        load_roster(tmp_path / "units.yaml")


def test_successor_may_share_the_name_of_a_unit_that_ended(tmp_path: Path) -> None:
    text = ROSTER.replace("name: Xã 001 (tên chưa có nguồn), level: commune", "name: Huyện 001 (tên chưa có nguồn), level: district")
    (tmp_path / "units.yaml").write_text(text, encoding="utf-8")
    assert len(load_roster(tmp_path / "units.yaml").parties) == 4
    (tmp_path / "units.yaml").write_text(text.replace("valid_from: 2025-07-01", "valid_from: 2025-06-30"), encoding="utf-8")
    with pytest.raises(RosterError, match="is there twice"):
        load_roster(tmp_path / "units.yaml")


def test_nfd_and_nfc_give_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text(unicodedata.normalize("NFC", ROSTER), encoding="utf-8")
    composed = load_roster(tmp_path / "units.yaml")
    (tmp_path / "units.yaml").write_text(unicodedata.normalize("NFD", ROSTER), encoding="utf-8")
    assert load_roster(tmp_path / "units.yaml") == composed
    assert all(unicodedata.is_normalized("NFC", party.name) for party in composed.parties)


@pytest.mark.parametrize("folder", ["plans", "rosters", "plans/rosters"])
@pytest.mark.parametrize("ending", [".yaml", ".xlsx", ".csv"])
def test_roster_is_found_near_its_plan(tmp_path: Path, folder: str, ending: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / f"units{ending}").touch()
    (tmp_path / "plans").mkdir(exist_ok=True)
    beside = tmp_path / "plans" / "plan.yaml"
    assert find_roster("units", beside=beside) == tmp_path / folder / f"units{ending}"
    assert find_roster(f"units{ending}", beside=beside) == tmp_path / folder / f"units{ending}"


def test_shipped_roster_is_found_from_anywhere(tmp_path: Path) -> None:
    for path in shipped_rosters():
        assert find_roster(path.stem, beside=tmp_path / "plan.yaml") == path
    with pytest.raises(RosterError, match="did you mean “vinh-long-2023”"):
        find_roster("vinh-lon-2023", beside=tmp_path / "plan.yaml")


def test_plan_is_not_its_own_roster(tmp_path: Path) -> None:
    (tmp_path / "year.yaml").touch()
    with pytest.raises(RosterError, match="there is no roster “year”"):
        find_roster("year", beside=tmp_path / "year.yaml")


@pytest.mark.parametrize("path", shipped_rosters(), ids=lambda path: path.stem)
def test_shipped_roster_is_faultless_and_mails_nobody(path: Path) -> None:
    roster = load_roster(path)
    assert roster.key == path.stem
    addresses = [party.mailbox for party in roster.parties if party.mailbox] + [contact.address for contact in roster.contacts]
    assert all(address.endswith(".invalid") for address in addresses)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("officer.so-noi-vu@vinhlong.invalid", True),
        ("a+b_c@x-y.gov.vn", True),
        ("", False),
        ("a@b", False),
        ("a b@x.vn", False),
        ("a@x..vn", False),
        (".a@x.vn", False),
        ("a.@x.vn", False),
        ("a@-x.vn", False),
        ("a@x.v1-", False),
        ("a@x.vn\n", False),
        ("a@b@x.vn", False),
        ("sở@x.vn", False),
        ("Sở <a@x.vn>", False),
        ('"a b"@x.vn', False),
        ("a@[127.0.0.1]", False),
        ("a@127.0.0.1", False),
        ("x" * 64 + "@x.vn", True),
        ("x" * 65 + "@x.vn", False),
        ("a@" + "x." * 126 + "vn", False),
    ],
)
def test_address_is_plain(text: str, *, fits: bool) -> None:
    assert is_address(text) is fits


def test_schema_lists_the_words_of_the_records() -> None:
    defs = json.loads(ROSTER_SCHEMA.read_text(encoding="utf-8"))["$defs"]
    assert defs["role"]["enum"] == [role.value for role in Role]
    assert defs["party"]["properties"]["kind"]["enum"] == [kind.value for kind in PartyKind]
