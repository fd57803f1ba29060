"""Rights read from the store: who somebody is on a day, what an obligation is to them, and what a transaction lets them do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest
from sqlalchemy import event, select, update

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from evaluation.actions import Remark
from evaluation.kinds import Role, StageKind
from evaluation.rights import Action, ActorFacts, Resource, Why, decide
from store.actors import Actor
from store.commands import moves
from store.commands.assigning import reassign
from store.commands.authorities import found_authority, import_roster
from store.commands.moves import NoSuchObligationError
from store.commands.people import StandIn, set_deputy
from store.queries.people import authority_named
from store.queries.rights import (
    authority_resource,
    contact_resource,
    cycle_resource,
    facts_of_account,
    facts_of_contact,
    obligation_resource,
    obligation_resources,
    unit_about,
)
from store.rights import NotAllowedError, authorise
from store.schema import ACCOUNT, CONTACT, JOURNAL, OBLIGATION, PARTY, STAGE
from store.verify import verify
from store.years import NoSuchCycleError, load_year
from tests.conftest import DATA, SMALL_PLAN, launch_small

if TYPE_CHECKING:
    from store.session import Store
    from tests.conftest import SmallYear

TODAY = date(2025, 1, 7)


@pytest.fixture
def now(any_year: SmallYear) -> datetime:
    now = any_year.slot(TODAY)
    any_year.tick(now)
    return now


def ident_of(year: SmallYear, key: str, *, of: str = "contact") -> int:
    table = CONTACT if of == "contact" else PARTY
    with year.store.reading() as connection:
        return int(connection.execute(select(table.c.id).where(table.c.key == key)).scalar_one())


def plan_of(year: SmallYear, party: str = "xa-1") -> int:
    wanted = (PARTY.c.key == party) & (STAGE.c.key == "plan")
    query = select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    with year.store.reading() as connection:
        return int(connection.execute(query.where(wanted)).scalar_one())


def change(year: SmallYear, contact: str, **values: object) -> None:
    with year.store.engine.begin() as connection:
        connection.execute(update(CONTACT).where(CONTACT.c.key == contact).values(**values))


def facts(year: SmallYear, contact: str) -> ActorFacts:
    ident = ident_of(year, contact)
    with year.store.reading() as connection:
        return facts_of_contact(connection, ident)


def tried(year: SmallYear, contact: str, action: Action, obligation: int, *, now: datetime) -> Actor:
    """Who a contact is in a transaction that lets them do it."""
    ident = ident_of(year, contact)
    with year.store.transaction(now=now, actor=Actor(who=f"c{ident}")) as transaction:
        authorise(year.store, transaction, obligation, action)
        return transaction.actor


# --- who acts ---------------------------------------------------------------------------------------------------------


def test_a_contact_is_its_post(any_year: SmallYear) -> None:
    change(any_year, "officer.xa-1", role="field_lead", fields="tcbm,tai-chinh", valid_from=TODAY, valid_to=TODAY)
    (holding,) = facts(any_year, "officer.xa-1").holdings
    assert (holding.party, holding.role, holding.authority) == (ident_of(any_year, "xa-1", of="party"), Role.FIELD_LEAD, 1)
    assert holding.fields == {"tcbm", "tai-chinh"}
    assert (holding.valid_from, holding.valid_to) == (TODAY, TODAY)
    assert facts(any_year, "head.xa-1").holdings[0].fields == frozenset()


def test_a_deputy_is_known_by_its_window(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        authority = authority_named(transaction.connection, "thu")
        window = StandIn(deputy="officer.xa-1", since=TODAY, until=TODAY + timedelta(days=2))
        set_deputy(any_year.store, transaction, authority, "head.xa-1", stand_in=window)
    (stand_in,) = facts(any_year, "officer.xa-1").stands_in
    assert (stand_in.since, stand_in.until) == (TODAY, TODAY + timedelta(days=2))
    assert (stand_in.post.contact, stand_in.post.role) == (ident_of(any_year, "head.xa-1"), Role.HEAD)
    assert facts(any_year, "head.xa-1").stands_in == ()


def test_an_account_is_all_its_contacts_in_every_authority(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
        import_roster(transaction, authority=other, roster=load_roster(DATA / "small-roster.yaml"))
        required = {"email": "a@thu.invalid", "language": "vi", "created_at": now}
        account = transaction.connection.execute(ACCOUNT.insert().returning(ACCOUNT.c.id), required).scalar_one()
        transaction.connection.execute(update(CONTACT).where(CONTACT.c.key == "officer.xa-1").values(account_id=account))
    with any_year.store.reading() as connection:
        found = facts_of_account(connection, account)
        nobody = facts_of_account(connection, account + 1)
    assert ({holding.authority for holding in found.holdings}, found.account) == ({1, other}, account)
    assert nobody == ActorFacts(account=account + 1)


# --- what is acted on -------------------------------------------------------------------------------------------------


def test_an_obligation_says_what_it_is_to_everybody(any_year: SmallYear, now: datetime) -> None:
    report = any_year.ids("report")[0]
    with any_year.store.reading() as connection:
        resource = obligation_resource(any_year.store, connection, report, now=now)
        assert obligation_resource(any_year.store, connection, 9999, now=now) is None

    def of(key: str) -> int:
        return ident_of(any_year, key, of="party")

    assert resource == Resource(
        authority=1,
        standing_bodies=frozenset({of("so-noi-vu")}),
        chairs=frozenset({of("chu-tich")}),
        kind=StageKind.QUARTERLY_REPORT,
        owing=of("xa-1"),
        receiver=of("so-noi-vu"),
        coordinating=frozenset({of("so-tu-phap")}),
        superior=of("ubnd"),
        sign_off=True,
    )
    summary = any_year.ids("summary")[0]
    with any_year.store.reading() as connection:
        unsigned = obligation_resource(any_year.store, connection, summary, now=now)
    assert unsigned is not None
    assert (unsigned.sign_off, unsigned.receiver) == (False, of("chu-tich"))


APPRAISAL = """    kind: duty
    title: Kế hoạch của đơn vị
    title_en: The unit's own plan
    owed_by: {groups: [so, xa]}
"""


@pytest.mark.parametrize(
    ("allowed", "about"), [(False, ["so-noi-vu", "xa-1", "xa-2"]), (True, ["so-noi-vu", "so-tu-phap", "xa-1", "xa-2"])]
)
def test_the_unit_appraised_is_not_who_appraises_unless_the_plan_says_so(any_store: Store, about: list[str], *, allowed: bool) -> None:
    calendar = shipped_calendar()
    asked = APPRAISAL.replace("duty", "appraisal").replace("{groups: [so, xa]}", "{keys: [so-tu-phap]}") + "    about: {groups: [so, xa]}\n"
    plan = SMALL_PLAN.read_text(encoding="utf-8")
    assert APPRAISAL in plan
    yaml = plan.replace(APPRAISAL, asked + ("    appraises_own: true\n" if allowed else ""))
    now = calendar.instant(date(2025, 1, 2), time(9, 0))
    year = launch_small(any_store, now=now, calendar=calendar, yaml=yaml)
    with any_store.reading() as connection:
        found = obligation_resources(any_store, connection, year.ids("plan"), now=now)
        keys = dict(connection.execute(select(PARTY.c.id, PARTY.c.key)).tuples().all())
    assert sorted(keys[one.subject or 0] for one in found.values()) == about
    assert {(one.kind, one.appraises_own, keys[one.owing or 0]) for one in found.values()} == {(StageKind.APPRAISAL, allowed, "so-tu-phap")}


def test_the_queries_grow_with_cycles_not_with_obligations(any_year: SmallYear, now: datetime) -> None:
    def counted(idents: list[int]) -> int:
        statements: list[str] = []
        with any_year.store.reading() as connection:
            event.listen(any_year.store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
            obligation_resources(any_year.store, connection, idents, now=now)
        return len(statements)

    every = [*any_year.ids("plan"), *any_year.ids("report")]
    counted(every)
    assert counted(every[:1]) * 2 >= counted(every)


def test_a_surprise_is_hidden_until_its_moment(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    with any_year.store.engine.begin() as connection:
        connection.execute(update(OBLIGATION).where(OBLIGATION.c.id == ident).values(visible_from=now))
    for moment, hidden in ((now - timedelta(seconds=1), True), (now, False)):
        with any_year.store.reading() as connection:
            found = obligation_resource(any_year.store, connection, ident, now=moment)
        assert found is not None
        assert found.hidden is hidden
    with pytest.raises(NoSuchObligationError):
        tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=now - timedelta(seconds=1))
    assert tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=now)


def test_a_cycle_an_authority_and_a_contact(any_year: SmallYear) -> None:
    body, chair, unit = (ident_of(any_year, key, of="party") for key in ("so-noi-vu", "chu-tich", "xa-1"))
    whole = Resource(authority=1, standing_bodies=frozenset({body}), chairs=frozenset({chair}))
    with any_year.store.reading() as connection:
        assert cycle_resource(connection, any_year.cycle) == whole == authority_resource(connection, 1)
        with pytest.raises(NoSuchCycleError):
            cycle_resource(connection, 9999)
        contact = contact_resource(connection, connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == "head.xa-1")).scalar_one())
        assert contact_resource(connection, 9999) is None
    assert contact is not None
    assert (contact.owing, contact.standing_bodies) == (unit, whole.standing_bodies)
    assert decide(facts(any_year, "head.xa-1"), Action.DEPUTISE, contact, on=TODAY).allowed
    assert not decide(facts(any_year, "head.xa-2"), Action.DEPUTISE, contact, on=TODAY).allowed


def test_a_plan_that_names_another_standing_body_gives_it_no_rights(any_year: SmallYear) -> None:
    body, unit = (ident_of(any_year, key, of="party") for key in ("so-noi-vu", "xa-1"))
    with any_year.store.reading() as connection:
        assert authority_resource(connection, 1, first=[unit]).standing_bodies == {body}


def test_before_its_first_year_an_authority_has_the_standing_body_that_is_named(store: Store) -> None:
    calendar = shipped_calendar()
    with store.transaction(now=calendar.instant(TODAY, time(9, 0))) as transaction:
        authority = found_authority(transaction, key="moi", name="UBND mới", sandbox=True)
        assert authority_resource(transaction.connection, authority) == Resource(authority=authority)
        assert authority_resource(transaction.connection, authority, first=[7]).standing_bodies == {7}


@pytest.mark.parametrize(
    ("subject", "periods", "about"),
    [("xa-1", "once", "xa-1"), ("2025-Q1/xa-1", "quarters", "xa-1"), ("2025-Q1", "quarters", ""), ("", "once", "")],
)
def test_a_subject_names_its_unit_behind_its_period(any_year: SmallYear, subject: str, periods: str, about: str) -> None:
    with any_year.store.reading() as connection:
        year = load_year(any_year.store, connection, any_year.cycle, now=any_year.slot(TODAY))
    line = year.stage("report" if periods == "quarters" else "plan").line
    assert unit_about(subject, line=line) == about


# --- in a transaction -------------------------------------------------------------------------------------------------


def test_own_work_is_unmarked_and_what_is_done_for_another_is_marked(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    for contact, act, action in (("officer.xa-1", moves.prepare, Action.PREPARE), ("officer.so-noi-vu", moves.submit, Action.SUBMIT)):
        actor = Actor(who=f"c{ident_of(any_year, contact)}", os_user="ai")
        with any_year.store.transaction(now=now, actor=actor) as transaction:
            authorise(any_year.store, transaction, ident, action)
            act(any_year.store, transaction, ident)
    with any_year.store.reading() as connection:
        rows = connection.execute(
            select(JOURNAL.c.actor, JOURNAL.c.os_user, JOURNAL.c.payload).order_by(JOURNAL.c.number.desc()).limit(2)
        ).all()
    submitted, prepared = (orjson.loads(row.payload) for row in rows)
    assert "on_behalf_of" not in prepared
    assert submitted["on_behalf_of"] == ident_of(any_year, "xa-1", of="party")
    assert [(row.actor, row.os_user) for row in rows] == [
        (f"c{ident_of(any_year, key)}", "ai") for key in ("officer.so-noi-vu", "officer.xa-1")
    ]
    assert verify(any_year.store) == []


def test_a_deputy_signs_and_the_journal_says_for_whom(any_year: SmallYear, now: datetime) -> None:
    ident, head = plan_of(any_year), ident_of(any_year, "head.xa-1")
    any_year.move(moves.prepare, ident, now=now)
    with pytest.raises(NotAllowedError):
        tried(any_year, "officer.xa-1", Action.SUBMIT, ident, now=now)
    change(any_year, "head.xa-1", deputy_id=ident_of(any_year, "officer.xa-1"), deputy_from=TODAY, deputy_to=TODAY)
    actor = tried(any_year, "officer.xa-1", Action.SUBMIT, ident, now=now)
    assert actor.capacity == {"deputy_of": head}
    any_year.move(moves.submit, ident, now=now, actor=actor)
    assert any_year.scalar("select payload from journal where action = 'submit'").endswith(f'"deputy_of":{head}}}')
    with pytest.raises(NotAllowedError):
        tried(any_year, "officer.xa-1", Action.WITHDRAW, ident, now=now + timedelta(days=1))


def test_offices_end_by_the_local_date(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    change(any_year, "officer.xa-1", valid_to=TODAY)
    last_minute = any_year.calendar.instant(TODAY, time(23, 59))
    assert tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=last_minute)
    with pytest.raises(NotAllowedError) as refused:
        tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=last_minute + timedelta(minutes=1))
    assert refused.value.verdict.why is Why.NOT_IN_OFFICE


def test_another_authoritys_contact_finds_nothing(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        other = found_authority(transaction, key="khac", name="UBND khác", sandbox=True)
        import_roster(transaction, authority=other, roster=load_roster(DATA / "small-roster.yaml"))
        stranger = transaction.connection.execute(select(CONTACT.c.id).where(CONTACT.c.authority_id == other).limit(1)).scalar_one()
    for ident in (plan_of(any_year), 9999):
        with pytest.raises(NoSuchObligationError), any_year.store.transaction(now=now, actor=Actor(who=f"c{stranger}")) as transaction:
            authorise(any_year.store, transaction, ident, Action.READ_OBLIGATION)


def test_an_account_acts_as_the_contact_that_gives_the_right(any_year: SmallYear, now: datetime) -> None:
    officer, head = facts(any_year, "officer.xa-1"), facts(any_year, "head.xa-1")
    both = ActorFacts(holdings=(*officer.holdings, *head.holdings), account=1)
    with any_year.store.transaction(now=now) as transaction:
        authorise(any_year.store, transaction, plan_of(any_year), Action.SUBMIT, facts=both)
        assert transaction.actor.contact == ident_of(any_year, "head.xa-1")


def test_the_system_is_not_asked(any_year: SmallYear, now: datetime) -> None:
    with any_year.store.transaction(now=now) as transaction:
        authorise(any_year.store, transaction, plan_of(any_year), Action.WAIVE)
        assert transaction.actor == Actor()


def test_work_given_to_a_colleague_is_theirs_to_prepare(any_year: SmallYear, now: datetime) -> None:
    ident = plan_of(any_year)
    change(any_year, "officer.xa-1", role="member")
    with pytest.raises(NotAllowedError):
        tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=now)
    with any_year.store.transaction(now=now) as transaction:
        reassign(any_year.store, transaction, ident, contact=ident_of(any_year, "officer.xa-1"))
    assert tried(any_year, "officer.xa-1", Action.PREPARE, ident, now=now)


def test_a_refused_command_leaves_no_trace(any_year: SmallYear, now: datetime) -> None:
    ident, before = plan_of(any_year), any_year.actions()
    actor = Actor(who=f"c{ident_of(any_year, 'officer.xa-2')}")

    def waive() -> None:
        with any_year.store.transaction(now=now, actor=actor) as transaction:
            moves.waive(any_year.store, transaction, ident, remark=Remark(reason="x"))
            authorise(any_year.store, transaction, ident, Action.WAIVE)

    with pytest.raises(NotAllowedError, match="focal officer, head of the standing body"):
        waive()
    assert any_year.actions() == before
