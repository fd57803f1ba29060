"""Changing people: the rows, the journal of ids alone, and the repairs that a change does."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select, update

from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.kinds import PartyKind, Role
from evaluation.obligations import State
from evaluation.rosters import Party, RosterContact
from store.commands import moves, people
from store.commands.cycle_moves import move_cycle
from store.lives import read_obligations
from store.people import load_people
from store.queries.people import authority_named, list_contacts, list_units
from store.schema import AUTHORITY, CONTACT, JOURNAL, OBLIGATION
from store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.queries.people import AuthorityFacts
    from store.session import Transaction
    from tests.conftest import SmallYear

WEDNESDAY = date(2025, 1, 8)
NOW = datetime.fromisoformat("2025-01-08T02:00:00+00:00")


def make_contact(**changes: Any) -> RosterContact:
    fields = {"key": "moi", "party": "xa-1", "role": Role.OFFICER, "name": "Tên Riêng", "address": "moi@thu.invalid", **changes}
    return RosterContact(**fields)


def do(year: SmallYear, change: Callable[[Transaction, AuthorityFacts], Any], *, now: datetime = NOW) -> Any:
    with year.store.transaction(now=now) as transaction:
        return change(transaction, authority_named(transaction.connection, "thu"))


def contact_row(year: SmallYear, key: str) -> Any:
    with year.store.reading() as connection:
        return connection.execute(select(CONTACT).where(CONTACT.c.key == key)).one()


def last_entry(year: SmallYear) -> Any:
    with year.store.reading() as connection:
        return connection.execute(select(JOURNAL).order_by(JOURNAL.c.number.desc()).limit(1)).one()


def officer_leaves(year: SmallYear) -> list[int]:
    """The officer of xa-1 leaves, somebody is urged, and the repair is asked for; return the repairs."""
    do(year, lambda t, a: people.drop_contact(t, a, "officer.xa-1", on=date(2025, 1, 7)))
    with year.store.transaction(now=NOW) as transaction:
        moves.urge(year.store, transaction, year.ids("plan")[2], by="mail", remark=Remark(reason="gấp"))
    return repairs(year, State.SCHEDULED)


def repairs(year: SmallYear, state: State) -> list[int]:
    with year.store.reading() as connection:
        where = OBLIGATION.c.subject.like("contact/%") & (OBLIGATION.c.state == state.value)
        return [one.id for one in read_obligations(connection, where)]


@pytest.fixture
def year(small_year: SmallYear) -> SmallYear:
    """The small year, its plans open."""
    small_year.tick(small_year.slot(date(2025, 1, 6)))
    return small_year


def test_a_post_without_anybody_asks_for_a_repair(year: SmallYear) -> None:
    assert len(officer_leaves(year)) == 1


MENDING: list[Any] = [
    pytest.param(lambda s, t, a: people.add_contact(s, t, a, make_contact()), id="added"),
    pytest.param(lambda s, t, a: people.replace_contact(s, t, a, "officer.xa-1", by=make_contact(valid_from=WEDNESDAY)), id="replaced"),
]


@pytest.mark.parametrize("change", MENDING)
def test_somebody_in_office_mends_it(year: SmallYear, change: Callable[..., Any]) -> None:
    open_repairs = officer_leaves(year)
    done = do(year, lambda t, a: change(year.store, t, a))
    assert list(done.mended) == open_repairs == repairs(year, State.ACCEPTED)
    entry = last_entry(year)
    assert (entry.action, entry.obligation_id) == ("mended", open_repairs[0])
    assert verify(year.store) == []


def unreachable(year: SmallYear) -> list[int]:
    """Nobody reads the mail of the officer of xa-1; return the repairs that this asks for."""
    with year.store.transaction(now=NOW) as transaction:
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.key == "officer.xa-1").values(unreachable_since=NOW))
        version = AUTHORITY.c.people_version + 1
        transaction.connection.execute(update(AUTHORITY).values(people_version=version))
        moves.urge(year.store, transaction, year.ids("plan")[2], by="mail", remark=Remark(reason="gấp"))
    return repairs(year, State.SCHEDULED)


def test_another_address_mends_it(year: SmallYear) -> None:
    assert len(unreachable(year)) == 1
    done = do(year, lambda t, a: people.change_address(year.store, t, a, "officer.xa-1", address="khac@thu.invalid"))
    assert len(done.mended) == 1
    assert contact_row(year, "officer.xa-1").unreachable_since is None


def test_a_deputy_mends_it_only_while_standing_in(year: SmallYear) -> None:
    unreachable(year)
    later = people.StandIn(deputy="head.xa-1", since=date(2025, 2, 1))
    assert do(year, lambda t, a: people.set_deputy(year.store, t, a, "officer.xa-1", stand_in=later)).mended == ()
    now = people.StandIn(deputy="head.xa-1", since=date(2025, 1, 8), until=date(2025, 1, 31))
    assert len(do(year, lambda t, a: people.set_deputy(year.store, t, a, "officer.xa-1", stand_in=now)).mended) == 1


def test_a_contact_of_tomorrow_mends_nothing_today(year: SmallYear) -> None:
    officer_leaves(year)
    coming = make_contact(valid_from=date(2025, 1, 9))
    assert do(year, lambda t, a: people.add_contact(year.store, t, a, coming)).mended == ()


def test_another_role_mends_nothing(year: SmallYear) -> None:
    officer_leaves(year)
    assert do(year, lambda t, a: people.add_contact(year.store, t, a, make_contact(role=Role.MEMBER))).mended == ()


def test_a_closed_cycle_is_left_alone(year: SmallYear) -> None:
    officer_leaves(year)
    with year.store.transaction(now=NOW) as transaction:
        move_cycle(year.store, transaction, year.cycle, verb=CycleVerb.CLOSE, remark=Remark(reason="xong"))
    assert do(year, lambda t, a: people.add_contact(year.store, t, a, make_contact())).mended == ()


def test_who_is_told_changes_at_once(year: SmallYear) -> None:
    def officers() -> tuple[str, ...]:
        with year.store.reading() as connection:
            found = load_people(year.store, connection, 1)
        directory = found.directory(date(2025, 1, 8), standing_body=found.ids["so-noi-vu"], chair=found.ids["chu-tich"])
        return directory.told(found.ids["xa-1"], Role.OFFICER).recipients

    before = officers()
    added = do(year, lambda t, a: people.add_contact(year.store, t, a, make_contact()))
    assert officers() == (*before, f"c{added.id}")


NEW_UNIT = Party(key="xa-3", kind=PartyKind.UNIT, name="Tên Riêng", mailbox="moi@thu.invalid")
CHANGES: list[Any] = [
    pytest.param(lambda s, t, a: people.add_contact(s, t, a, make_contact()), id="add a contact"),
    pytest.param(lambda _, t, a: people.drop_contact(t, a, "head.xa-1", on=date(2025, 1, 31)), id="drop a contact"),
    pytest.param(lambda s, t, a: people.replace_contact(s, t, a, "head.xa-1", by=make_contact()), id="replace a contact"),
    pytest.param(lambda s, t, a: people.change_address(s, t, a, "head.xa-1", address="khac@thu.invalid"), id="change an address"),
    pytest.param(
        lambda s, t, a: people.set_deputy(s, t, a, "head.xa-1", stand_in=people.StandIn(deputy="officer.xa-1")), id="set a deputy"
    ),
    pytest.param(
        lambda _, t, a: people.add_unit(t, a, NEW_UNIT),
        id="add a unit",
    ),
    pytest.param(lambda _, t, a: people.drop_unit(t, a, "xa-1", on=date(2025, 6, 30)), id="drop a unit"),
    pytest.param(lambda _, t, a: people.place_under(t, a, "xa-1", superior="so-noi-vu", since=date(2025, 7, 1)), id="place a unit"),
    pytest.param(lambda _, t, a: people.name_successor(t, a, "xa-1", successor="xa-2"), id="name a successor"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_one_entry_of_ids(year: SmallYear, change: Callable[..., Any]) -> None:
    before = year.scalar("SELECT count(*) FROM journal")
    version = year.scalar("SELECT people_version FROM authority")
    do(year, lambda t, a: change(year.store, t, a))
    entry = last_entry(year)
    assert year.scalar("SELECT count(*) FROM journal") == before + 1
    assert year.scalar("SELECT people_version FROM authority") == version + 1
    assert "Riêng" not in entry.payload
    assert "@" not in entry.payload
    assert verify(year.store) == []


OWN_DEPUTY = people.StandIn(deputy="head.xa-1")
REFUSED: list[Any] = [
    pytest.param(lambda s, t, a: people.add_contact(s, t, a, make_contact(key="head.xa-1")), people.AlreadyThereError, id="key taken"),
    pytest.param(
        lambda s, t, a: people.add_contact(s, t, a, make_contact(valid_from=date(2025, 2, 2), valid_to=date(2025, 2, 1))),
        people.PeopleError,
        id="last day before the first",
    ),
    pytest.param(
        lambda s, t, a: people.set_deputy(s, t, a, "head.xa-1", stand_in=people.StandIn(deputy="head.xa-1")),
        people.PeopleError,
        id="own deputy",
    ),
    pytest.param(
        lambda _, t, a: people.place_under(t, a, "xa-1", superior="xa-1", since=date(2025, 7, 1)), people.PeopleError, id="under itself"
    ),
    pytest.param(lambda _, t, a: people.name_successor(t, a, "xa-1", successor="xa-1"), people.PeopleError, id="its own successor"),
    pytest.param(lambda _, t, a: people.name_successor(t, a, "xa-2", successor="xa-1"), people.AlreadyThereError, id="succeeded already"),
]


@pytest.mark.parametrize(("change", "error"), REFUSED)
def test_what_cannot_be_is_refused(year: SmallYear, change: Callable[..., Any], error: type[Exception]) -> None:
    before = year.scalar("SELECT count(*) FROM journal")
    with pytest.raises(error):
        do(year, lambda t, a: change(year.store, t, a))
    assert year.scalar("SELECT count(*) FROM journal") == before


def test_a_successor_begins_after_the_one_in_office(year: SmallYear) -> None:
    do(year, lambda t, a: people.add_contact(year.store, t, a, make_contact(valid_from=date(2025, 3, 1))))
    early = make_contact(key="som", valid_from=date(2025, 3, 1))
    with pytest.raises(people.PeopleError, match="later than that"):
        do(year, lambda t, a: people.replace_contact(year.store, t, a, "moi", by=early))


def test_superiors_follow_on_one_another_without_a_gap(year: SmallYear) -> None:
    start = date(2025, 7, 1)
    do(year, lambda t, a: people.place_under(t, a, "xa-1", superior="so-noi-vu", since=start))
    with year.store.reading() as connection:
        above = [
            {unit.key: unit.superior for unit in list_units(connection, 1, on=on)}["xa-1"] for on in (start - timedelta(days=1), start)
        ]
    assert above == ["ubnd", "so-noi-vu"]
    with pytest.raises(people.AlreadyThereError):
        do(year, lambda t, a: people.place_under(t, a, "xa-1", superior="ubnd", since=date(2025, 6, 1)))


def _added(unit: Party, transaction: Transaction, authority: AuthorityFacts) -> Any:
    return people.add_unit(transaction, authority, unit)


@pytest.mark.parametrize("fewer", [pytest.param(True, id="one more"), pytest.param(False, id="three more")])
def test_lists_take_a_fixed_number_of_queries(year: SmallYear, *, fewer: bool) -> None:
    for number in range(1 if fewer else 3):
        unit = Party(key=f"moi-{number}", kind=PartyKind.UNIT, name=f"Xã {number} (tên chưa có nguồn)", superior="ubnd")
        do(year, partial(_added, unit))
    asked: list[str] = []
    with year.store.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
        assert len(list_units(connection, 1, on=date(2025, 1, 8))) == (7 if fewer else 9)
        list_contacts(connection, 1)
    assert len([one for one in asked if one.startswith("SELECT")]) == 3
