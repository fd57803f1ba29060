"""One obligation with its history: every term, its rungs and how they ended, and what else is shown beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from evaluation.improvement.measures import may_be_improved
from evaluation.kinds import StageKind
from evaluation.rights import Action, Verdict, decide
from evaluation.submissions import takes_evidence
from evaluation.transitions import allowed_verbs
from store.inspected import HANDS_IN, is_concluded
from store.lives import read_by_id
from store.queries.names import keys_of
from store.queries.rights import obligation_resource
from store.rights import authority_today
from store.schema import OBLIGATION, RUNG
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from evaluation.rights import ActorFacts
    from evaluation.terms import Term
    from store.session import Store

#: What people do with one obligation; its assignee and what only reads no state refuses by itself.
ABOUT_ONE = (
    Action.PREPARE,
    Action.SEND_BACK,
    Action.SUBMIT,
    Action.WITHDRAW,
    Action.ACCEPT,
    Action.RETURN,
    Action.ASK_EXTENSION,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
    Action.SUSPEND,
    Action.RESUME_CLOCK,
    Action.WAIVE,
    Action.TRANSFER,
    Action.REOPEN,
    Action.URGE,
    Action.REASSIGN,
    Action.UPLOAD,
    Action.WITHDRAW_EVIDENCE,
    Action.PLAN_MEASURE,
    Action.REPORT_PROGRESS,
    Action.DOWNLOAD,
    Action.READ_JOURNAL,
)
_FILES = frozenset({Action.UPLOAD.value, Action.WITHDRAW_EVIDENCE.value})
_ALWAYS = frozenset({Action.REASSIGN.value, Action.DOWNLOAD.value, Action.READ_JOURNAL.value})


@dataclass(frozen=True, kw_only=True)
class RungLine:
    """A step of a term's ladder: when it comes, and how it ended."""

    rung: str
    at: datetime
    outcome: str | None  #: `noticed`, `skipped`, `void`; None: still to come
    settled_at: datetime | None
    told: tuple[str, ...]  #: keys of contacts, and of units whose official mailbox was told


@dataclass(frozen=True, kw_only=True)
class TermLine:
    """A term with its ladder."""

    term: Term
    granted_by: str  #: key of the contact; empty: nobody in particular
    rungs: tuple[RungLine, ...]


@dataclass(frozen=True, kw_only=True)
class MayLine:
    """Whether somebody may do something with it now: what the policy says, and whether its state takes it."""

    action: Action
    verdict: Verdict
    possible: bool


@dataclass(frozen=True, kw_only=True)
class History:
    """An obligation with every term."""

    obligation: Obligation
    terms: tuple[TermLine, ...]
    assignee: str  #: key of the contact to whom the work was given; empty: the officer


def history_of(connection: Connection, obligation: int) -> History:
    """Return an obligation that is there, with every term and rung; a handful of queries, however long its history."""
    found = read_by_id(connection, [obligation], history=True)[0]
    settled = connection.execute(select(RUNG).where(RUNG.c.obligation_id == obligation)).all()
    told = {(row.term, row.rung): tuple(orjson.loads(row.told)) for row in settled}
    ended = {(row.term, row.rung): row for row in settled}
    assignee = connection.execute(select(OBLIGATION.c.assignee_id).where(OBLIGATION.c.id == obligation)).scalar_one()
    heard_of = [one for many in told.values() for one in many if one[1:].isdecimal()]
    acting = [ident for ident in (assignee, *(term.granted_by for term in found.terms)) if ident is not None]
    keys = keys_of(
        connection,
        contacts=[*acting, *(int(one[1:]) for one in heard_of if one[0] == "c")],
        parties=[int(one[1:]) for one in heard_of if one[0] == "m"],
    )

    def rung(term: Term, key: str, at: datetime) -> RungLine:
        row = ended.get((term.number, key))
        heard = tuple(keys.of_recipient(one) for one in told.get((term.number, key), ()))
        return RungLine(
            rung=key, at=at, outcome=None if row is None else row.outcome, settled_at=None if row is None else row.at, told=heard
        )

    lines = (
        TermLine(
            term=term,
            granted_by=keys.contacts.get(term.granted_by or 0, ""),
            rungs=tuple(rung(term, moment.rung, moment.at) for moment in term.moments),
        )
        for term in found.terms
    )
    return History(obligation=found, terms=tuple(lines), assignee=keys.contacts.get(assignee or 0, ""))


def what_may_be_done(store: Store, connection: Connection, facts: ActorFacts, one: Obligation, *, now: datetime) -> list[MayLine]:
    """Return everything that people do with an obligation that is there, and whether somebody may do it now."""
    resource = obligation_resource(store, connection, one.id, now=now)
    assert resource is not None  # noqa: S101  it was read in the same view
    on = authority_today(connection, resource.authority, now=now)
    possible = _ALWAYS | {verb.value for verb in allowed_verbs(one)} | _of_its_line(store, connection, one, now=now)
    of_another = resource.kind is StageKind.INSPECTION and resource.subject not in {None, resource.owing}
    if of_another and not is_concluded(connection, one.id):
        possible -= HANDS_IN
    return [
        MayLine(action=action, verdict=decide(facts, action, resource, on=on), possible=action.value in possible) for action in ABOUT_ONE
    ]


def _of_its_line(store: Store, connection: Connection, one: Obligation, *, now: datetime) -> frozenset[str]:
    """Return what its state and the plan's lines let people do with its files and its measures."""
    cycle = connection.execute(select(OBLIGATION.c.cycle_id).where(OBLIGATION.c.id == one.id)).scalar_one()
    year = load_year(store, connection, cycle, now=now)
    line = year.stage(one.stage).line
    files = _FILES if takes_evidence(one.state, line=line) else frozenset()
    if not may_be_improved(one.state):
        return files
    plans = line.improvement is not None and bool(line.improvement.measures)
    is_measure = any(ref.line.improvement is not None and ref.line.improvement.measures == one.stage for ref in year.stages.values())
    return files | ({Action.PLAN_MEASURE.value} if plans else set()) | ({Action.REPORT_PROGRESS.value} if is_measure else set())
