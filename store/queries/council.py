"""The council of a cycle as people read it: members, sessions, matters with their votes and what came of them, recommendations."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select, true

from evaluation.kinds import StageKind
from evaluation.scores.council import rules_of_plan
from evaluation.scores.rules import Base, CouncilRules
from evaluation.scores.voting import met_at, seated, takes_votes
from store.queries.council_lines import CouncilView, MatterLine, MemberLine, RecommendationLine, SessionLine, VoteLine
from store.schema import (
    CONTACT,
    COUNCIL_CONFLICT,
    COUNCIL_MATTER,
    COUNCIL_MEMBER,
    COUNCIL_SESSION,
    COUNCIL_VOTE,
    CYCLE,
    OBLIGATION,
    PARTY,
    RECOMMENDATION,
    STAGE,
)
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

    from evaluation.workdays import Calendar
    from store.queries.sight import Readable
    from store.session import Store


class NoSuchCouncilError(LookupError):
    """An obligation is no council's decision."""

    def __init__(self, obligation: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"obligation {obligation} is no council's decision; `dondoc obligations --stage …` lists them")


def councils_of(connection: Connection, cycle: int, *, readable: Readable | None = None) -> list[int]:
    """Return the obligations of a cycle's councils, in order; of those that may be read alone, where that is narrowed."""
    query = select(OBLIGATION.c.id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
    where = OBLIGATION.c.cycle_id == cycle, STAGE.c.kind == StageKind.COUNCIL_DECISION.value, true() if readable is None else readable
    return list(connection.execute(query.where(*where).order_by(OBLIGATION.c.id)).scalars())


def settled_by_council(connection: Connection, cycle: int) -> dict[int, frozenset[str]]:
    """Return the leaves that the councils of a cycle settled by a vote that was carried, by unit (id)."""
    rows = connection.execute(
        select(COUNCIL_MATTER.c.unit_id, COUNCIL_MATTER.c.scores)
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.id == COUNCIL_MATTER.c.session_id)
        .join(OBLIGATION, OBLIGATION.c.id == COUNCIL_SESSION.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle, COUNCIL_MATTER.c.outcome == "carried", COUNCIL_MATTER.c.unit_id.is_not(None))
    )
    found: dict[int, frozenset[str]] = {}
    for row in rows:
        found[row.unit_id] = found.get(row.unit_id, frozenset()) | orjson.loads(row.scores).keys()
    return found


def council_view(  # noqa: PLR0913  whose, when, and by whom it is read
    store: Store, connection: Connection, obligation: int, *, now: datetime, readable: Readable | None = None, me: Collection[int] = ()
) -> CouncilView | None:
    """
    Return the council of an obligation, None where it may not be read; NoSuchCouncilError if it is no council's.

    `me` are the contacts of who looks: where votes are secret, they see their own.
    """
    row = connection.execute(
        select(OBLIGATION, STAGE.c.kind, PARTY.c.name)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(OBLIGATION.c.id == obligation, true() if readable is None else readable)
    ).one_or_none()
    if row is None:
        return None
    if row.kind != StageKind.COUNCIL_DECISION.value:
        raise NoSuchCouncilError(obligation)
    year = load_year(store, connection, row.cycle_id, now=now)
    calendar = year.rulebook.calendar
    looking = _Looking(rules=rules_of_plan(year.plan), me=frozenset(me), today=calendar.local_date(now), calendar=calendar)
    seats = _seats(connection, obligation, me=looking.me)
    return CouncilView(
        id=obligation,
        cycle=row.cycle_id,
        party=row.name,
        state=row.state,
        moves=row.moves,
        rules=looking.rules,
        members=tuple(one for one in seats if one.ended_at is None),
        sessions=_sessions(connection, obligation, replace(looking, seats=seats)),
    )


@dataclass(frozen=True, kw_only=True)
class _Looking:
    """Who looks, on which day, by which rules."""

    rules: CouncilRules
    me: frozenset[int]
    today: date
    calendar: Calendar
    seats: tuple[MemberLine, ...] = ()

    def sitting(self, session: Row[Any]) -> tuple[MemberLine, ...]:
        """Return the council as it stood when a session met."""
        return seated(self.seats, at=met_at(session.held_on, session.at, calendar=self.calendar))


def _seats(connection: Connection, obligation: int, *, me: frozenset[int]) -> tuple[MemberLine, ...]:
    declared = select(COUNCIL_CONFLICT.c.contact_id, COUNCIL_CONFLICT.c.at, PARTY.c.key).join(
        PARTY, PARTY.c.id == COUNCIL_CONFLICT.c.unit_id
    )
    conflicts: dict[int, dict[str, datetime]] = defaultdict(dict)
    for row in connection.execute(declared.where(COUNCIL_CONFLICT.c.obligation_id == obligation).order_by(PARTY.c.key)):
        conflicts[row.contact_id][row.key] = row.at
    rows = connection.execute(
        select(COUNCIL_MEMBER, CONTACT.c.key, CONTACT.c.name, PARTY.c.key.label("unit"), PARTY.c.name.label("unit_name"))
        .join(CONTACT, CONTACT.c.id == COUNCIL_MEMBER.c.contact_id)
        .outerjoin(PARTY, PARTY.c.id == COUNCIL_MEMBER.c.unit_id)
        .where(COUNCIL_MEMBER.c.obligation_id == obligation)
        .order_by(COUNCIL_MEMBER.c.id)
    )
    return tuple(
        MemberLine(
            contact=row.key,
            name=row.name,
            post=row.post,
            unit=row.unit or "",
            unit_name=row.unit_name or "",
            decision=row.decision,
            conflicts=tuple(conflicts[row.contact_id]),
            mine=row.contact_id in me,
            named_at=row.named_at,
            ended_at=row.ended_at,
            declared=conflicts[row.contact_id],
        )
        for row in rows
    )


def _sessions(connection: Connection, obligation: int, looking: _Looking) -> tuple[SessionLine, ...]:
    where = COUNCIL_SESSION.c.obligation_id == obligation
    rows = connection.execute(select(COUNCIL_SESSION).where(where).order_by(COUNCIL_SESSION.c.number)).all()
    there = {ident for row in rows for ident in orjson.loads(row.present)}
    keys = dict(connection.execute(select(CONTACT.c.id, CONTACT.c.key).where(CONTACT.c.id.in_(there))).tuples().all())
    sitting = {row.id: looking.sitting(row) for row in rows}
    matters = _matters(connection, obligation, looking, sitting)
    return tuple(
        SessionLine(
            number=row.number,
            held_on=row.held_on,
            present=tuple(keys[ident] for ident in orjson.loads(row.present)),
            members=sitting[row.id],
            minutes=row.minutes,
            minutes_text=row.minutes_text,
            votes_by=row.votes_by,
            closed=row.closed_at is not None,
            takes_votes=takes_votes(votes_by=row.votes_by, closed=row.closed_at is not None, today=looking.today),
            matters=tuple(matters[row.id]),
        )
        for row in rows
    )


def _matters(
    connection: Connection, obligation: int, looking: _Looking, sitting: Mapping[int, tuple[MemberLine, ...]]
) -> dict[int, list[MatterLine]]:
    rows = connection.execute(
        select(COUNCIL_MATTER, COUNCIL_SESSION.c.number.label("session"), PARTY.c.key.label("unit"), PARTY.c.name.label("unit_name"))
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.id == COUNCIL_MATTER.c.session_id)
        .outerjoin(PARTY, PARTY.c.id == COUNCIL_MATTER.c.unit_id)
        .where(COUNCIL_SESSION.c.obligation_id == obligation)
        .order_by(COUNCIL_MATTER.c.number)
    ).all()
    ids = [row.id for row in rows]
    votes, recommended = _votes(connection, ids), _recommended(connection, ids)
    found: dict[int, list[MatterLine]] = defaultdict(list)
    for row in rows:
        line = _matter(row, votes=votes[row.id], recommended=recommended[row.id], looking=looking)
        found[row.session_id].append(_with_base(line, row, sitting[row.session_id], base=looking.rules.base))
    return found


def _matter(row: Row[Any], *, votes: list[tuple[int, VoteLine]], recommended: list[RecommendationLine], looking: _Looking) -> MatterLine:
    secret = looking.rules.secret
    counts = Counter(vote.choice for _, vote in votes)
    return MatterLine(
        session=row.session,
        number=row.number,
        words=row.words,
        unit=row.unit or "",
        unit_name=row.unit_name or "",
        scores=orjson.loads(row.scores),
        why=row.why,
        outcome=row.outcome,
        by_chair=row.by_chair,
        votes=tuple(replace(vote, choice="") if secret and contact not in looking.me else vote for contact, vote in votes),
        counts=None if secret and not row.outcome else dict(counts),
        recommendations=tuple(recommended),
    )


def _with_base(line: MatterLine, row: Row[Any], members: tuple[MemberLine, ...], *, base: Base) -> MatterLine:
    """Return a matter with who of its session may vote on it: as it was known when the votes were counted, else now."""
    barred = [one for one in members if one.is_barred(line.unit, by=row.resolved_at)]
    entitled = tuple(one.contact for one in members if one not in barred)
    counted = len(entitled) if base is Base.ENTITLED else len(line.votes)
    return replace(line, entitled=entitled, barred=tuple(one.name for one in barred), base=counted)


def _votes(connection: Connection, matters: list[int]) -> dict[int, list[tuple[int, VoteLine]]]:
    query = select(COUNCIL_VOTE, CONTACT.c.key, CONTACT.c.name).join(CONTACT, CONTACT.c.id == COUNCIL_VOTE.c.contact_id)
    found: dict[int, list[tuple[int, VoteLine]]] = defaultdict(list)
    for row in connection.execute(query.where(COUNCIL_VOTE.c.matter_id.in_(matters)).order_by(CONTACT.c.name, CONTACT.c.id)):
        line = VoteLine(contact=row.key, name=row.name, choice=row.choice, how=row.how)
        found[row.matter_id].append((row.contact_id, line))
    return found


def _recommended(connection: Connection, matters: list[int]) -> dict[int, list[RecommendationLine]]:
    query = select(RECOMMENDATION, PARTY.c.name).join(PARTY, PARTY.c.id == RECOMMENDATION.c.to_party_id)
    found: dict[int, list[RecommendationLine]] = defaultdict(list)
    for row in connection.execute(query.where(RECOMMENDATION.c.matter_id.in_(matters)).order_by(RECOMMENDATION.c.number)):
        found[row.matter_id].append(RecommendationLine(number=row.number, text=row.text, to=row.name, due_on=row.due_on))
    return found
