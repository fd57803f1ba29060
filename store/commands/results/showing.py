"""The results of a demo: what is published of its scores, under a number that says that it is an example."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.actions import Remark
from evaluation.criteria.sets import Decision
from evaluation.kinds import StageKind
from evaluation.scores.index import IndexRules
from evaluation.scores.numbers import HUNDRED
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.settings import ResultRules
from store.commands.results.deciding import set_rules
from store.commands.results.publishing import Order, prepare, publish
from store.commands.results.rewarding import Given, reward
from store.commands.results.telling import KIND, tell_of_results
from store.results import editions_of, measured_units, rules_of, rules_set
from store.schema import NOTICE, OBLIGATION, SCORE, STAGE, TERM
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.session import Store, Transaction

#: As Bộ Nội vụ prints them (domain §4).
BANDS = (Band(name="A", least=Decimal(90)), Band(name="B", least=Decimal(80)), Band(name="C", least=Decimal(70)))
RULES = ResultRules(index=IndexRules(cap=HUNDRED), ranking=RankingRules(bands=BANDS, tie_keys=("points",)))
REWARDED = 3


def people_publish(store: Store, cycle: int, *, now: datetime) -> bool:
    """Publish what was scored once the decision's time is over, and reward; false if that is not to be done now."""
    with store.reading() as connection:
        if not _is_over(connection, cycle, now=now) or editions_of(connection, cycle):
            return False
        if connection.execute(select(SCORE.c.node).where(SCORE.c.cycle_id == cycle).limit(1)).first() is None:
            return False
    return _publish(store, cycle, now=now)


def people_hear(store: Store, cycle: int, *, now: datetime) -> bool:
    """Tell a rehearsed year of its publication once that is over: nothing is scored there, and who would be told is seen all the same."""
    with store.reading() as connection:
        if not _is_over(connection, cycle, now=now):
            return False
        known = select(NOTICE.c.id).where(NOTICE.c.cycle_id == cycle, NOTICE.c.kind == KIND.value).limit(1)
        if connection.execute(known).first() is not None:
            return False
        year = load_year(store, connection, cycle, now=now)
    with store.transaction(now=now) as transaction:
        return bool(tell_of_results(transaction, year, edition=1))


def _is_over(connection: Connection, cycle: int, *, now: datetime) -> bool:
    """Return whether every publication of a cycle is past its due."""
    query = select(func.max(TERM.c.due_at, type_=TERM.c.due_at.type)).join(OBLIGATION, OBLIGATION.c.id == TERM.c.obligation_id)
    last = query.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(
        STAGE.c.cycle_id == cycle, STAGE.c.kind == StageKind.PUBLICATION.value, TERM.c.number == OBLIGATION.c.term
    )
    due_at = connection.execute(last).scalar_one()
    return due_at is not None and due_at <= now


def _set_rules(store: Store, transaction: Transaction, cycle: int, *, authority: int) -> None:
    """Set how results are worked out, where nobody has."""
    if rules_set(transaction.connection, authority, cycle) == ResultRules():
        why = Remark(reason="Quy chế đánh giá, xếp hạng (ví dụ)", basis="02/QĐ-UBND (ví dụ)")
        set_rules(store, transaction, cycle, rules=RULES, everywhere=True, remark=why)


def _publish(store: Store, cycle: int, *, now: datetime) -> bool:
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
    dated = year.rulebook.calendar.local_date(now)
    decision = Decision(number=f"{year.evaluated % 100}7/QĐ-UBND (ví dụ)", dated=dated, issuer=year.plan.authority_name)
    with store.transaction(now=now) as transaction:
        _set_rules(store, transaction, cycle, authority=year.authority)
    prepared = prepare(store, cycle, Order(decision=decision, accepted="Số liệu ví dụ"), now=now)
    with store.transaction(now=now) as transaction:
        publish(store, transaction, cycle, prepared=prepared)
        rules = rules_of(store, transaction.connection, year.authority, cycle)
        units = measured_units(store, transaction.connection, year, rules=rules)
        for unit in units[:REWARDED]:
            reward(
                store, transaction, cycle, given=Given(unit=unit.key, decision=f"{year.evaluated % 100}8/QĐ-UBND (ví dụ)", decided_on=dated)
            )
    return True
