"""
Issuing a plan: once its draft is signed, with number and date, the version in force is pinned and made known to every unit.

A correction (đính chính) is a further version, issued the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import insert, select, update

from evaluation.cycles import CycleState
from evaluation.kinds import MessageKind, PartyKind, Role
from evaluation.obligations import State
from evaluation.transitions import Verb
from store.commands.steps import Report, Work
from store.journal import Entry
from store.leases import fence
from store.schema import JOURNAL, NOTICE, OBLIGATION, PLAN_VERSION, STAGE
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from store.leases import Lease
    from store.session import Store, Transaction
    from store.years import StageRef, Year


@dataclass(frozen=True, kw_only=True)
class Issue:
    """The issue of a plan version that is under way."""

    move: int  #: of the stage, at which the version was pinned
    signed: str


def issue_plan(store: Store, work: Work, *, lease: Lease, now: datetime, at_most: int) -> Report:
    """Pin the version in force if it is signed and not issued yet, then tell the units, at most so many in a step."""
    with store.transaction(now=now) as transaction:
        fence(transaction, lease)
        year = load_year(store, transaction.connection, work.cycle, now=now)
        ref = year.stages[work.stage]
        if year.state is not CycleState.LAUNCHED or ref.next_at is None or ref.next_at > now or ref.released_at is None:
            return Report()
        issue = _pinned(transaction, year, ref) or _pin(transaction, year, ref)
        told = _tell(transaction, year, ref, issue=issue, at_most=at_most) if issue is not None else 0
        if told < at_most:
            transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(next_at=None))
        return Report(obligations=told, more=told == at_most)


def _version(transaction: Transaction, year: Year) -> tuple[int | None, str]:
    row = transaction.connection.execute(
        select(PLAN_VERSION.c.issue_move, PLAN_VERSION.c.signed).where(
            PLAN_VERSION.c.cycle_id == year.cycle, PLAN_VERSION.c.number == year.rulebook.plan_version
        )
    ).one()
    return row.issue_move, row.signed


def _pinned(transaction: Transaction, year: Year, _ref: StageRef) -> Issue | None:
    move, signed = _version(transaction, year)
    return None if move is None else Issue(move=move, signed=signed)


def _pin(transaction: Transaction, year: Year, ref: StageRef) -> Issue | None:
    """Pin the version in force under the number and date it was signed with; None while nobody has signed."""
    signed = _version(transaction, year)[1] or signed_under(transaction.connection, ref.id)
    if not signed:
        return None
    move = ref.moves + 1
    version = PLAN_VERSION.c.cycle_id == year.cycle, PLAN_VERSION.c.number == year.rulebook.plan_version
    transaction.connection.execute(update(PLAN_VERSION).where(*version).values(issue_move=move, signed=signed))
    transaction.connection.execute(update(STAGE).where(STAGE.c.id == ref.id).values(moves=move))
    payload = {"plan_version": year.rulebook.plan_version, "signed": signed}
    transaction.entries.append(
        Entry(authority=year.authority, action="issue-plan", cycle=year.cycle, stage=ref.id, move=move, payload=payload)
    )
    return Issue(move=move, signed=signed)


def signed_under(connection: Connection, stage: int) -> str:
    """Return number and date of the document under which the stage's draft was accepted; empty while none was."""
    payload = connection.execute(
        select(JOURNAL.c.payload)
        .join(OBLIGATION, OBLIGATION.c.id == JOURNAL.c.obligation_id)
        .where(OBLIGATION.c.stage_id == stage, OBLIGATION.c.state == State.ACCEPTED.value, JOURNAL.c.action == Verb.ACCEPT.value)
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    ).scalar_one_or_none()
    if payload is None:
        return ""
    return next((str(action.get("basis", "")) for action in orjson.loads(payload)["actions"] if action["do"] == "remark"), "")


def _tell(transaction: Transaction, year: Year, ref: StageRef, *, issue: Issue, at_most: int) -> int:
    cause = f"s:{ref.id}:{issue.move}"
    known = set(transaction.connection.execute(select(NOTICE.c.recipient).where(NOTICE.c.cause == cause)).scalars())
    wanted = [recipient for recipient in told_of_an_issue(year) if recipient not in known][:at_most]
    rows = [
        {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "stage_id": ref.id,
            "cause": cause,
            "kind": MessageKind.PLAN_ISSUED.value,
            "recipient": recipient,
            "at": transaction.now,
            "slot_at": year.slot(transaction.now),
        }
        for recipient in wanted
    ]
    if rows:
        transaction.connection.execute(insert(NOTICE), rows)
    return len(rows)


def told_of_an_issue(year: Year) -> list[str]:
    """Return the officers of every unit that takes part, in the roster's order."""
    on = year.plan.reference_on
    parties = [
        year.people.ids[party.key]
        for party in year.people.roster.parties
        if party.kind is PartyKind.UNIT and party.is_valid(on) and not party.exempt
    ]
    told = (year.directory.told(party, Role.OFFICER).recipients for party in parties)
    return list(dict.fromkeys(recipient for recipients in told for recipient in recipients))
