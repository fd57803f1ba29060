"""Rewards (khen thưởng): collectives and individuals rewarded for a published result (domain §2.4), by a decision of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from store.commands.results.held import held_year, refuse
from store.journal import Entry
from store.results import editions_of
from store.schema import REWARD

if TYPE_CHECKING:
    from datetime import date

    from evaluation.actions import Remark
    from store.session import Store, Transaction

COLLECTIVE, INDIVIDUAL = "collective", "individual"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A reward: whose, which, by which decision."""

    unit: str  #: key
    person: str = ""  #: name of somebody in it; empty: the unit itself
    form: str = "Bằng khen"
    decision: str = ""
    decided_on: date | None = None


def reward(store: Store, transaction: Transaction, cycle: int, *, given: Given) -> int:
    """
    Keep that a unit, or somebody in it, was rewarded, and return the reward's number; the journal names nobody.

    Raises:
        ResultsError: nothing is published yet, the unit is unknown, form or decision is missing, or it was given before.

    """
    year = held_year(store, transaction, cycle)
    if not editions_of(transaction.connection, cycle):
        refuse("chưa công bố kết quả nên chưa ghi khen thưởng được", "nothing is published yet: there is nothing to reward")
    party = year.people.ids.get(given.unit)
    if party is None:
        vi, en = f"không có đơn vị “{given.unit}”; ghi khóa của một đơn vị", f"there is no unit “{given.unit}”; write a unit's key"
        refuse(vi, en, field="unit")
    for name, value, vi, en in (
        ("form", given.form, "chưa ghi hình thức khen thưởng", "the form of the reward is missing"),
        ("decision", given.decision, "chưa ghi số quyết định khen thưởng", "the decision of the reward is missing"),
    ):
        if not value.strip():
            refuse(vi, en, field=name)
    person = given.person.strip()
    row = {
        "authority_id": year.authority,
        "cycle_id": cycle,
        "party_id": party,
        "kind": INDIVIDUAL if person else COLLECTIVE,
        "person": person,
        "form": given.form.strip(),
        "decision": given.decision.strip(),
        "decided_on": given.decided_on,
    }
    same = [REWARD.c[name] == row[name] for name in ("cycle_id", "party_id", "person", "form", "decision")]
    if transaction.connection.execute(select(REWARD.c.id).where(*same, REWARD.c.ended_at.is_(None))).first() is not None:
        refuse("đã ghi khen thưởng này rồi", "this reward was written down before", field="unit")
    kept = {**row, "at": transaction.now, "ended_why": ""}
    ident = int(transaction.connection.execute(insert(REWARD).returning(REWARD.c.id), kept).scalar_one())
    payload = {"reward": ident, "unit": party, **{name: row[name] for name in ("kind", "form", "decision")}}
    transaction.entries.append(Entry(authority=year.authority, action="reward", cycle=cycle, payload=payload))
    return ident


def end_reward(store: Store, transaction: Transaction, cycle: int, ident: int, *, remark: Remark) -> None:
    """Take a reward back with a reason; its row stays. ResultsError if the cycle has no such one, or no reason is given."""
    year = held_year(store, transaction, cycle)
    found = select(REWARD.c.id).where(REWARD.c.id == ident, REWARD.c.cycle_id == cycle, REWARD.c.ended_at.is_(None))
    if transaction.connection.execute(found).first() is None:
        refuse(f"chu kỳ không có khen thưởng số {ident}", f"the cycle has no reward {ident}", field="reward")
    if not remark.reason.strip():
        refuse("bỏ một khen thưởng phải có lý do", "taking a reward back needs a reason", field="reason")
    values = {"ended_at": transaction.now, "ended_why": remark.reason.strip()}
    transaction.connection.execute(update(REWARD).where(REWARD.c.id == ident).values(**values))
    payload = {"reward": ident, "reason": remark.reason.strip(), "basis": remark.basis.strip()}
    transaction.entries.append(Entry(authority=year.authority, action="end-reward", cycle=cycle, payload=payload))
