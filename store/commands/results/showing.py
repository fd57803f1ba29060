"""
The results of a demo: scores that are made up, in one write, and what is published of them under a number that says that it is an example.

A cycle that has any score has people who score: nothing is made up for it then.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from evaluation.actions import Remark
from evaluation.criteria.sets import Decision, Method
from evaluation.kinds import StageKind
from evaluation.scores.encoding import number
from evaluation.scores.index import IndexRules, is_survey
from evaluation.scores.numbers import HUNDRED, displayed, share
from evaluation.scores.ranking import Band, RankingRules
from evaluation.scores.settings import ResultRules
from store.commands.results.deciding import set_rules
from store.commands.results.publishing import Order, prepare, publish
from store.commands.results.rewarding import Given, reward
from store.results import editions_of, measured_units, rules_of
from store.schema import OBLIGATION, SCORE, STAGE, TERM
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Node
    from store.session import Store, Transaction
    from store.years import Year

#: As Bộ Nội vụ prints them (domain §4).
BANDS = (Band(name="A", least=Decimal(90)), Band(name="B", least=Decimal(80)), Band(name="C", least=Decimal(70)))
RULES = ResultRules(index=IndexRules(cap=HUNDRED), ranking=RankingRules(bands=BANDS, tie_keys=("points",)))
REWARDED = 3
_LEAST, _SPAN = 62, 39  #: most units get between 62 and 100 per cent of a leaf
_SLICE = 5_000


def people_publish(store: Store, cycle: int, *, now: datetime) -> bool:
    """Make up the scores once the appraisal's time is over, and publish once the decision's is; false if neither is to be done now."""
    with store.reading() as connection:
        over = {kind for kind, due_at in _dues(connection, cycle) if due_at is not None and due_at <= now}
        scored = connection.execute(select(SCORE.c.node).where(SCORE.c.cycle_id == cycle).limit(1)).first() is not None
        published = bool(editions_of(connection, cycle))
    if not scored and StageKind.APPRAISAL.value in over:
        with store.transaction(now=now) as transaction:
            _score(store, transaction, cycle)
        return True
    if published or not scored or StageKind.PUBLICATION.value not in over:
        return False
    return _publish(store, cycle, now=now)


def _dues(connection: Connection, cycle: int) -> list[tuple[str, datetime | None]]:
    """Return when the last appraisal and the publication are due."""
    due = func.max(TERM.c.due_at, type_=TERM.c.due_at.type)
    query = select(STAGE.c.kind, due).join(OBLIGATION, OBLIGATION.c.stage_id == STAGE.c.id)
    query = query.join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
    kinds = [StageKind.APPRAISAL.value, StageKind.PUBLICATION.value]
    rows = connection.execute(query.where(STAGE.c.cycle_id == cycle, STAGE.c.kind.in_(kinds)).group_by(STAGE.c.kind))
    return [(row[0], row[1]) for row in rows]


def _score(store: Store, transaction: Transaction, cycle: int) -> None:
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    rules = rules_of(transaction.connection, year.authority, cycle)
    if rules == ResultRules():
        why = Remark(reason="Quy chế đánh giá, xếp hạng (ví dụ)", basis="02/QĐ-UBND (ví dụ)")
        set_rules(store, transaction, cycle, rules=RULES, everywhere=True, remark=why)
    plain: dict[str, Any] = {"authority_id": year.authority, "cycle_id": cycle, "version": 1, "answers": False}
    plain |= dict.fromkeys(("explanation", "ruling", "ruling_why", "remark", "returned"), "")
    rows = [
        {**plain, "party_id": unit.party, "node": step.node.key, **_made_up(year, unit.key, step.node)}
        for unit in measured_units(store, transaction.connection, year, rules=rules)
        for step in unit.scope.owed
    ]
    for start in range(0, len(rows), _SLICE):
        transaction.connection.execute(insert(SCORE), rows[start : start + _SLICE])


def _made_up(year: Year, unit: str, node: Node) -> dict[str, str | None]:
    """Return scores that are the same whenever they are made up: of a unit that is good at much and bad at a little."""
    drawn = hashlib.sha256(f"{year.evaluated}/{unit}/{node.key}".encode()).digest()
    strong = hashlib.sha256(unit.encode()).digest()[0] % 12
    per_cent = min(100, _LEAST + strong + drawn[0] % _SPAN) if drawn[1] % 25 else drawn[0] % 40
    given = _points(node, per_cent)
    appraised = given if drawn[2] % 4 else _points(node, max(0, per_cent - drawn[3] % 20))
    return {"self_score": None if is_survey(node) else number(given), "appraised": number(min(given, appraised))}


def _points(node: Node, per_cent: int) -> Decimal:
    most = node.maximum or Decimal(0)
    levels = node.scoring.levels if node.scoring is not None and node.scoring.method is Method.LEVELS else ()
    reached = share(most, Decimal(per_cent), HUNDRED)
    if levels:
        return max((level.points for level in levels if level.points <= reached), default=min(level.points for level in levels))
    return displayed(Decimal(0) if node.is_bonus else reached, 2)


def _publish(store: Store, cycle: int, *, now: datetime) -> bool:
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
    dated = year.rulebook.calendar.local_date(now)
    decision = Decision(number=f"{year.evaluated % 100}7/QĐ-UBND (ví dụ)", dated=dated, issuer=year.plan.authority_name)
    prepared = prepare(store, cycle, Order(decision=decision, accepted="Số liệu ví dụ"), now=now)
    with store.transaction(now=now) as transaction:
        publish(store, transaction, cycle, prepared=prepared)
        rules = rules_of(transaction.connection, year.authority, cycle)
        units = measured_units(store, transaction.connection, year, rules=rules)
        for unit in units[:REWARDED]:
            reward(
                store, transaction, cycle, given=Given(unit=unit.key, decision=f"{year.evaluated % 100}8/QĐ-UBND (ví dụ)", decided_on=dated)
            )
    return True
