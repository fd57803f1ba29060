"""The people of an authority: imported by key, kept in memory until one changes, nobody dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from config.loader import load_roster
from evaluation.kinds import Role
from store.commands.authorities import AuthorityError, Imported, found_authority, import_roster
from store.people import People, load_people
from store.schema import CONTACT, JOURNAL
from tests.conftest import DATA

if TYPE_CHECKING:
    from evaluation.rosters import Roster
    from store.session import Store

NOW = datetime(2025, 1, 2, 2, tzinfo=UTC)
ROSTER = load_roster(DATA / "small-roster.yaml")


@pytest.fixture
def peopled(any_store: Store) -> Store:
    with any_store.transaction(now=NOW) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=ROSTER)
    return any_store


def imported(store: Store, roster: Roster, *, authority: int = 1) -> Imported:
    with store.transaction(now=NOW) as transaction:
        return import_roster(transaction, authority=authority, roster=roster)


def people(store: Store, authority: int = 1) -> People:
    with store.reading() as connection:
        return load_people(store, connection, authority)


def renamed(key: str, **changes: object) -> Roster:
    return replace(ROSTER, parties=tuple(replace(p, **changes) if p.key == key else p for p in ROSTER.parties))  # type: ignore[arg-type]


def test_people_are_read_once_until_one_changes(peopled: Store) -> None:
    first = people(peopled)
    assert people(peopled) is first
    imported(peopled, renamed("xa-1", name="Xã 001 mới (tên chưa có nguồn)"))
    second = people(peopled)
    assert second is not first
    assert [party.name for party in second.roster.parties if party.key == "xa-1"] == ["Xã 001 mới (tên chưa có nguồn)"]


def test_an_import_says_what_it_did_and_a_second_one_does_nothing(peopled: Store) -> None:
    assert imported(peopled, ROSTER) == Imported(added=(), changed=(), contacts_added=0, contacts_changed=0)
    assert imported(peopled, renamed("xa-2", name="khác")).changed == ("xa-2",)


def test_nobody_is_dropped(peopled: Store) -> None:
    imported(peopled, replace(ROSTER, parties=ROSTER.parties[:3], contacts=()))
    assert len(people(peopled).ids) == 6


def test_superiors_and_successors(peopled: Store) -> None:
    known = people(peopled)
    ids = known.ids
    directory = known.directory(date(2025, 1, 2), standing_body=ids["so-noi-vu"], chair=ids["chu-tich"])
    assert directory.parties[ids["xa-1"]].superior == ids["ubnd"]
    assert known.successors == {ids["xa-2"]: (ids["xa-1"],)}


def test_another_superior_takes_the_place_of_the_former(peopled: Store) -> None:
    imported(peopled, renamed("xa-1", superior="so-noi-vu"))
    known = people(peopled)
    assert [dated.superior for dated in known.superiors if dated.party == known.ids["xa-1"]] == [known.ids["so-noi-vu"]]


def test_a_new_address_is_tried_again(peopled: Store) -> None:
    with peopled.engine.begin() as connection:
        connection.execute(update(CONTACT).values(unreachable_since=NOW, refused_on=date(2025, 1, 1)))
    first = replace(ROSTER.contacts[0], address="moi@thu.invalid")
    assert imported(peopled, replace(ROSTER, contacts=(first, *ROSTER.contacts[1:]))).contacts_changed == 1
    with peopled.reading() as connection:
        reachable = connection.execute(select(CONTACT.c.key).where(CONTACT.c.unreachable_since.is_(None))).scalars().all()
    assert reachable == [first.key]
    assert [contact.reachable for contact in people(peopled).contacts].count(True) == 1


def test_an_absent_officers_deputy_is_told(peopled: Store) -> None:
    officer, head = (contact for contact in ROSTER.contacts if contact.party == "xa-1")
    away = replace(officer, deputy=head.key, deputy_from=date(2025, 1, 2))
    imported(peopled, replace(ROSTER, contacts=tuple(away if contact is officer else contact for contact in ROSTER.contacts)))
    known = people(peopled)
    directory = known.directory(date(2025, 1, 3), standing_body=known.ids["so-noi-vu"], chair=known.ids["chu-tich"])
    assert directory.told(known.ids["xa-1"], Role.OFFICER) == directory.told(known.ids["xa-1"], Role.HEAD)


def test_the_journal_names_no_person(peopled: Store) -> None:
    with peopled.reading() as connection:
        payloads = " ".join(connection.execute(select(JOURNAL.c.payload)).scalars())
    assert not [contact for contact in ROSTER.contacts if contact.address in payloads or contact.name in payloads]


def test_authorities_do_not_see_each_other(peopled: Store) -> None:
    with peopled.transaction(now=NOW) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
    before = people(peopled)
    imported(peopled, renamed("xa-1", name="chỉ ở đây"), authority=other)
    assert people(peopled) is before
    assert people(peopled, other).ids.keys() == before.ids.keys()
    assert not set(people(peopled, other).ids.values()) & set(before.ids.values())


def test_a_taken_key_is_refused(peopled: Store) -> None:
    with pytest.raises(AuthorityError, match="already an authority “thu”"), peopled.transaction(now=NOW) as transaction:
        found_authority(transaction, key="thu", name="khác", sandbox=True)
