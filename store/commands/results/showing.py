"""The results of a demo: what is published of its scores, under a number that says that it is an example."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from evaluation.kinds import Role, StageKind
from evaluation.obligations import FINAL, State
from evaluation.scores.index import IndexRules
from evaluation.scores.numbers import HUNDRED
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.settings import ResultRules
from store.commands import moves
from store.commands.results.deciding import set_rules
from store.commands.results.publishing import Order, prepare, publish
from store.commands.results.rewarding import Given, reward
from store.queries.editions import bundle_of_edition, list_rewards, tables_published
from store.results import editions_of, rules_set
from store.schema import CONTACT, EDITION, OBLIGATION, TERM
from store.years import load_year

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from store.results import EditionLine
    from store.session import Store, Transaction
    from store.years import Year

#: As Bộ Nội vụ prints them (domain §4).
BANDS = (Band(name="A", least=Decimal(90)), Band(name="B", least=Decimal(80)), Band(name="C", least=Decimal(70)))
RULES = ResultRules(index=IndexRules(cap=HUNDRED), ranking=RankingRules(bands=BANDS, tie_keys=("points",)))
#: So many units of each group are rewarded, and the officer of the first.
REWARDED = 2
_THURSDAY = 3
_AFTER = timedelta(days=14)  #: from the decision on, the conference is held
_DONE = frozenset(state.value for state in FINAL)


def people_publish(store: Store, year: Year, *, now: datetime) -> bool:
    """
    Let the decision be drafted once every score is there, signed on a Thursday under its number and date, and the best be rewarded.

    The tick after it freezes the results under that decision. False: nothing was to be done now.
    """
    if all(ref.released_at is None for ref in year.stages.values() if ref.kind is StageKind.PUBLICATION):
        return False
    with store.reading() as connection:
        owed = _owed(connection, year)
        editions = editions_of(connection, year.cycle)
    today = year.rulebook.calendar.local_date(now)
    if editions:
        return _reward(store, year, editions[-1], today=today, now=now)
    if owed is None or year.stages[owed.stage_id].released_at is None or owed.opens_at > now:
        return False
    if owed.state == State.SUBMITTED.value and today.weekday() == _THURSDAY:
        with store.transaction(now=now) as transaction:
            number = f"{year.evaluated % 100}7/QĐ-UBND (ví dụ)"
            moves.accept(store, transaction, owed.id, remark=Remark(basis=f"{number} ngày {today:%d/%m/%Y}"))
        return True
    return owed.state == State.OPEN.value and _draft(store, year, owed, now=now)


def publish_rehearsed(store: Store, cycle: int, *, now: datetime) -> bool:
    """Publish what a rehearsed year has come to, whatever is missing; false where nobody is measured or it was published before."""
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        if editions_of(connection, cycle):
            return False
    decision = Decision(number=f"{year.evaluated % 100}7/QĐ-UBND (ví dụ)", dated=year.rulebook.calendar.local_date(now))
    prepared = prepare(store, cycle, Order(decision=decision, accepted="năm diễn tập"), now=now)
    if prepared.faults:
        return False
    with store.transaction(now=now) as transaction:
        publish(store, transaction, cycle, prepared=prepared)
    return True


def _owed(connection: Connection, year: Year) -> Row[Any] | None:
    """Return what a cycle's publication is: its id, state, stage, and from when on it is owed; None where there is none."""
    stages = [ref.id for ref in year.stages.values() if ref.kind is StageKind.PUBLICATION]
    term = (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term)
    query = select(OBLIGATION.c.id, OBLIGATION.c.state, OBLIGATION.c.stage_id, TERM.c.opens_at).join(TERM, term)
    where = OBLIGATION.c.stage_id.in_(stages), OBLIGATION.c.state.not_in(sorted(_DONE)), TERM.c.opens_at.is_not(None)
    return connection.execute(query.where(*where).order_by(OBLIGATION.c.id).limit(1)).one_or_none()


def show_rules(store: Store, transaction: Transaction, cycle: int, *, authority: int) -> None:
    """Set how results are worked out, where nobody has."""
    if rules_set(transaction.connection, authority, cycle) == ResultRules():
        why = Remark(reason="Quy chế đánh giá, xếp hạng (ví dụ)", basis="02/QĐ-UBND (ví dụ)")
        set_rules(store, transaction, cycle, rules=RULES, everywhere=True, remark=why)


def _draft(store: Store, year: Year, owed: Row[Any], *, now: datetime) -> bool:
    """Hand the draft in where it could be published as it stands."""
    prepared = prepare(store, year.cycle, Order(decision=Decision()), now=now)
    if prepared.faults or prepared.missing:
        return False
    with store.transaction(now=now) as transaction:
        show_rules(store, transaction, year.cycle, authority=year.authority)
        if year.stages[owed.stage_id].line.sign_off:
            moves.prepare(store, transaction, owed.id)
        moves.submit(store, transaction, owed.id)
    return True


def _reward(store: Store, year: Year, edition: EditionLine, *, today: date, now: datetime) -> bool:
    """Reward the first units of each group two weeks after the decision, and the officer of the first one, once."""
    with store.reading() as connection:
        decided_on = connection.execute(select(EDITION.c.decided_on).where(EDITION.c.id == edition.id)).scalar_one()
        if today < decided_on + _AFTER or list_rewards(connection, year.cycle):
            return False
        tables = tables_published(bundle_of_edition(connection, edition.id))
    best = [[line.contender.unit for line in table.lines if line.place is not None][:REWARDED] for table in tables]
    officers = {one.party: one.id for one in year.people.contacts if one.role is Role.OFFICER}
    first = [units[0] for units in best if units and year.people.ids[units[0]] in officers]
    given = Given(unit="", decision=f"{year.evaluated % 100}8/QĐ-UBND (ví dụ)", decided_on=today)
    with store.transaction(now=now) as transaction:
        for unit in (unit for units in best for unit in units):
            reward(store, transaction, year.cycle, given=replace(given, unit=unit))
        for unit in first:
            named = select(CONTACT.c.name).where(CONTACT.c.id == officers[year.people.ids[unit]])
            person = transaction.connection.execute(named).scalar_one()
            reward(store, transaction, year.cycle, given=replace(given, unit=unit, person=person))
    return True
