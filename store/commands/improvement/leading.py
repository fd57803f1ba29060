"""
Leading: each lead owes each criterion that it leads, and what it still owes passes on with the lead.

One step of the tick asks every lead of the day about every criterion of a stage, hands over what a lead of yesterday still owes with the
measures planned for it, and asks the standing body for leads that are missing. Run again on the same day it finds nothing to do; it looks
again every working morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.actions import Remark
from evaluation.criteria.sets import walk
from evaluation.improvement.leading import followed
from evaluation.improvement.naming import measure_prefix
from evaluation.obligations import FINAL, State
from evaluation.transitions import TransitionError
from store.commands import transferring
from store.commands.digests import next_digest
from store.commands.improvement.lines import followed_version, lead_parties
from store.commands.launching import wake
from store.commands.requested import Asked, raise_on_request
from store.commands.steps import Report, Work, turn_of
from store.criteria import load_criteria
from store.outbox.answering import mend
from store.schema import OBLIGATION, WEAK_CRITERION
from store.upkeep import ask_upkeep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from evaluation.criteria.sets import Step
    from evaluation.improvement.settings import Improving
    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year

NO_LEAD, LEAD_CHANGED = "no-lead", "lead-changed"  #: how the subjects of the repairs begin that are asked for


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a stage asks leads about: criteria by number, each with who leads it today."""

    leads: dict[str, int | None]
    fields: dict[str, str]  #: the number of the field that each stands in
    raises: bool  #: a criterion that nobody owes yet is asked for
    missing: str = ""  #: key of a set that has no published version


@dataclass(frozen=True, kw_only=True)
class _Owed:
    """What is owed in a stage about a criterion."""

    id: int
    party: int
    over: bool


def settle_leads(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Ask the leads of today about what they lead, at most so many things a step, and look again on the next working morning."""
    with store.transaction(now=now) as transaction:
        turn = turn_of(store, transaction, work, lease=lease, now=now)
        if turn is None:
            return Report()
        year, ref = turn
        today = year.rulebook.calendar.local_date(now)
        asked = _asked(store, transaction, year, ref, today=today)
        if asked is None:
            return Report()
        owed = _owed(transaction, ref)
        fresh = [node for node, lead in asked.leads.items() if lead is not None and asked.raises and node not in owed]
        passed = [(node, one) for node, some in owed.items() for one in some if _passes_on(one, asked.leads.get(node))]
        for node in fresh[:at_most]:
            _raise(transaction, year, ref, node, lead=asked.leads[node])
        stuck = [
            node
            for node, one in passed[: max(at_most - len(fresh), 0)]
            if not _hand_over(store, transaction, year, ref, node=node, one=one, lead=asked.leads[node])
        ]
        if len(fresh) + len(passed) > at_most:
            return Report(obligations=at_most, more=True)
        _repair(store, transaction, year, ref, asked=asked, owed=owed, stuck=stuck)
        wake(transaction, ref, at=next_digest(year, now))
        return Report(obligations=len(fresh) + len(passed) - len(stuck))


def _asked(store: Store, transaction: Transaction, year: Year, ref: StageRef, *, today: date) -> _Asked | None:
    """Return what a stage asks of leads; None if it is about no leads."""
    settings = ref.line.improvement
    if settings is None or not settings.follows_leads:
        return None
    sets = list(_sets(store, transaction, year, ref, settings=settings))
    if not sets:
        return _Asked(leads={}, fields={}, raises=False, missing=settings.leads_of)
    leads: dict[str, int | None] = {}
    fields: dict[str, str] = {}
    for steps in sets:
        leads |= lead_parties(year, steps, day=today)
        fields |= {step.node.key: (*step.above, step.node)[0].key for step in steps}
    return _Asked(leads=leads, fields=fields, raises=bool(settings.leads_of))


def _sets(store: Store, transaction: Transaction, year: Year, ref: StageRef, *, settings: Improving) -> Iterator[tuple[Step, ...]]:
    """Yield the criteria that a stage is about: those of its set, or those that were weak."""
    if settings.leads_of:
        version = followed_version(transaction.connection, year.authority, settings.leads_of)
        if version is not None:
            criteria = load_criteria(store, transaction.connection, version.id)
            yield followed(criteria, per=settings.per)
        return
    query = (
        select(WEAK_CRITERION.c.version_id, WEAK_CRITERION.c.criterion)
        .join(OBLIGATION, OBLIGATION.c.id == WEAK_CRITERION.c.obligation_id)
        .where(OBLIGATION.c.stage_id == ref.id)
    )
    weak: dict[int, set[str]] = {}
    for version_id, criterion in transaction.connection.execute(query):
        weak.setdefault(version_id, set()).add(criterion)
    for version_id, keys in sorted(weak.items()):
        criteria = load_criteria(store, transaction.connection, version_id)
        yield tuple(step for step in walk(criteria) if step.node.key in keys)


def _owed(transaction: Transaction, ref: StageRef) -> dict[str, list[_Owed]]:
    """Return what is owed about each criterion of a stage, in the order in which it was raised."""
    query = select(OBLIGATION.c.id, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.state)
    found: dict[str, list[_Owed]] = {}
    for row in transaction.connection.execute(query.where(OBLIGATION.c.stage_id == ref.id).order_by(OBLIGATION.c.id)):
        found.setdefault(row.subject, []).append(_Owed(id=row.id, party=row.party_id, over=State(row.state) in FINAL))
    return found


def _passes_on(one: _Owed, lead: int | None) -> bool:
    return not one.over and lead is not None and one.party != lead


def _raise(transaction: Transaction, year: Year, ref: StageRef, node: str, *, lead: int | None) -> None:
    assert lead is not None  # noqa: S101  only those are asked who lead
    raise_on_request(transaction, year, Asked(stage=ref.key, parties=(lead,), subject=node))


def _hand_over(  # noqa: PLR0913  what, of which stage, to whom
    store: Store, transaction: Transaction, year: Year, ref: StageRef, *, node: str, one: _Owed, lead: int | None
) -> bool:
    """Hand what is owed about a criterion, and the measures planned for it, to who leads it now; False: people have to."""
    assert lead is not None  # noqa: S101  what nobody leads stays where it is
    remark = Remark(reason=f"Đổi đơn vị chủ trì tiêu chí {node}")
    try:
        transferring.transfer(store, transaction, one.id, successor=lead, remark=remark, undeclared=True)
        for measure in _measures(transaction, year, ref, node=node, party=one.party):
            transferring.transfer(store, transaction, measure, successor=lead, remark=remark, undeclared=True)
    except TransitionError:
        return False
    return True


def _measures(transaction: Transaction, year: Year, ref: StageRef, *, node: str, party: int) -> list[int]:
    """Return the measures of a criterion that a party still owes."""
    settings = ref.line.improvement
    if settings is None or not settings.measures:
        return []
    query = select(OBLIGATION.c.id).where(
        OBLIGATION.c.stage_id == year.stage(settings.measures).id,
        OBLIGATION.c.party_id == party,
        OBLIGATION.c.subject.startswith(measure_prefix(node), autoescape=True),
        OBLIGATION.c.state.not_in([state.value for state in FINAL]),
    )
    return list(transaction.connection.execute(query.order_by(OBLIGATION.c.id)).scalars())


def _repair(  # noqa: PLR0913  of which stage, what is wrong
    store: Store, transaction: Transaction, year: Year, ref: StageRef, *, asked: _Asked, owed: dict[str, list[_Owed]], stuck: list[str]
) -> None:
    """Ask the standing body for what is missing, a repair for each field, and count those as done that are there now."""
    wants = {node for node in asked.leads if asked.raises or any(not one.over for one in owed.get(node, ()))}
    missing = {asked.fields[node] for node in wants if asked.leads[node] is None} | ({asked.missing} - {""})
    ask_upkeep(transaction, year, [f"{NO_LEAD}/{ref.key}/{name}" for name in sorted(missing)])
    ask_upkeep(transaction, year, [f"{LEAD_CHANGED}/{ref.key}/{node}" for node in sorted(stuck)])
    here = {*asked.fields.values(), *([] if ref.line.improvement is None else [ref.line.improvement.leads_of])} - missing - {""}
    for name in sorted(here):
        mend(store, transaction, f"{NO_LEAD}/{ref.key}/{name}", remark=Remark(reason=name), cycle=year.cycle)
