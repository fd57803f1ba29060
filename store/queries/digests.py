"""The coordinator's digest as of `now`: a few bounded queries over one cycle."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from evaluation.kinds import StageKind
from evaluation.letters import Digest, DigestLine, DigestList, GroupCount
from evaluation.obligations import FINAL, State
from evaluation.papers import LETTER, OF_RUNGS, WaitingPapers
from evaluation.terms import Turn
from store.lives import MOST_IDS
from store.queries.letter_facts import repair_of, subject_of
from store.queries.papers import asked_papers
from store.schema import MESSAGE, OBLIGATION, PARTY, STAGE, TERM
from store.years import UPKEEP

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.queries.letter_facts import CycleFacts, Names

MOST_LINES = 50
#: What is asked for on request in stages of these kinds, about something, is a finding to be closed.
_OF_FINDINGS = frozenset({StageKind.IMPROVEMENT, StageKind.REINSPECTION})
_FINAL = [state.value for state in FINAL]


def read_digest(connection: Connection, *, authority: int, cycle: CycleFacts, names: Names, now: datetime) -> Digest:
    """Return what is late, uncorrected, awaiting review, to be repaired and to be signed in a cycle, and the mails that need somebody."""
    running = and_(OBLIGATION.c.suspended.is_(False), OBLIGATION.c.released.is_(True))
    late = and_(running, TERM.c.turn == Turn.PARTY.value, TERM.c.due_at <= now, STAGE.c.key != UPKEEP)

    def listed(condition: ColumnElement[bool]) -> DigestList:
        return _listed(connection, condition, cycle=cycle, names=names, now=now)

    return Digest(
        late=listed(and_(late, OBLIGATION.c.rounds == 0)),
        uncorrected=listed(and_(late, OBLIGATION.c.rounds > 0)),
        awaiting_review=listed(OBLIGATION.c.state == State.SUBMITTED.value),
        repairs=listed(and_(STAGE.c.key == UPKEEP, *(OBLIGATION.c.subject.not_like(f"{LETTER}/{one.value}/%") for one in OF_RUNGS))),
        groups=_groups(connection, cycle, late=late),
        to_sign=_to_sign(connection, cycle),
        **_mails(connection, authority),
    )


def _groups(connection: Connection, cycle: CycleFacts, *, late: ColumnElement[bool]) -> tuple[GroupCount, ...]:
    """Return by ranking group how many units are late, with how much, and what is open of remedies and re-inspections: one query."""
    asked = [line.key for line in cycle.plan.stages if line.on_request and line.kind in _OF_FINDINGS]
    finding = and_(STAGE.c.key.in_(asked), OBLIGATION.c.subject != "", OBLIGATION.c.state != State.SCHEDULED.value)

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((condition, OBLIGATION.c.id)))

    late_units = func.count(func.distinct(case((late, OBLIGATION.c.party_id))))
    uncorrected = number(and_(late, OBLIGATION.c.rounds > 0))
    query = (
        select(PARTY.c.group, late_units, number(late), uncorrected, number(finding))
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.cycle_id == cycle.running.id, OBLIGATION.c.state.not_in(_FINAL), PARTY.c.group != "", or_(late, finding))
        .group_by(PARTY.c.group)
        .order_by(late_units.desc(), PARTY.c.group)
    )
    return tuple(
        GroupCount(group=group, late_units=units, late=owed, uncorrected=returned, findings=findings)
        for group, units, owed, returned, findings in connection.execute(query)
    )


def _to_sign(connection: Connection, cycle: CycleFacts) -> tuple[WaitingPapers, ...]:
    """Return by purpose how many papers wait for a signature, and of how many units of each group they speak."""
    asked = asked_papers(connection, cycles=[cycle.running.id])
    spoken = {one.duty: one.obligations if one.paper is None else one.about for one in asked}
    units: dict[int, tuple[str, int]] = {}
    ids = sorted(set(chain.from_iterable(spoken.values())))
    for start in range(0, len(ids), MOST_IDS):
        some = OBLIGATION.c.id.in_(ids[start : start + MOST_IDS])
        query = select(OBLIGATION.c.id, PARTY.c.group, PARTY.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).where(some)
        units |= {ident: (group, party) for ident, group, party in connection.execute(query)}
    found = []
    for purpose in OF_RUNGS:
        own = [one.duty for one in asked if one.asked.purpose is purpose]
        groups = Counter(group for group, _ in {units[ident] for duty in own for ident in spoken[duty]} if group)
        if own:
            most = tuple(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])))
            found.append(WaitingPapers(purpose=purpose, number=len(own), units=most))
    return tuple(found)


def _listed(connection: Connection, condition: ColumnElement[bool], *, cycle: CycleFacts, names: Names, now: datetime) -> DigestList:
    query = (
        select(
            OBLIGATION.c.party_id,
            OBLIGATION.c.subject,
            OBLIGATION.c.suspended,
            STAGE.c.key,
            TERM.c.due_on,
            TERM.c.due_at,
            func.count().over().label("total"),
        )
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
        .where(OBLIGATION.c.cycle_id == cycle.running.id, OBLIGATION.c.state.not_in(_FINAL), condition)
        .order_by(case((TERM.c.due_at.is_(None), 1), else_=0), TERM.c.due_at, STAGE.c.position, OBLIGATION.c.id)
        .limit(MOST_LINES)
    )
    rows = connection.execute(query).all()
    lines = tuple(_line(row, cycle=cycle, names=names, now=now) for row in rows)
    return DigestList(total=rows[0].total if rows else 0, lines=lines)


def _line(row: Row[Any], *, cycle: CycleFacts, names: Names, now: datetime) -> DigestLine:
    line, duty = cycle.line(row.key), cycle.duty(row.key, names=names, subject=row.subject)
    late = row.due_at is not None and row.due_at <= now and not row.suspended
    return DigestLine(
        party=names.of(row.party_id),
        title=duty.title,
        title_en=duty.title_en,
        subject=subject_of(row.subject, line=line, names=names, cycle=cycle, party=row.party_id),
        due_on=row.due_on,
        days_late=max(1, (cycle.calendar.local_date(now) - row.due_on).days) if late else 0,
        repair=repair_of(row.subject, cycle=cycle, names=names) if row.key == UPKEEP else None,
    )


def _mails(connection: Connection, authority: int) -> dict[str, int]:
    states = ("held", "unknown", "refused")
    query = (
        select(MESSAGE.c.state, func.count().label("number"))
        .where(MESSAGE.c.authority_id == authority, MESSAGE.c.state.in_(states))
        .group_by(MESSAGE.c.state)
    )
    return {**dict.fromkeys(states, 0), **{row.state: row.number for row in connection.execute(query)}}
