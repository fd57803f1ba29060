"""
Issued papers as the unit that they are about opens them: letters that urge or criticise it, minutes and conclusions of its inspections.

A paper is issued once its signed file is in the register; before, nobody but who drafts it sees it. A letter is for who owes what it
speaks of: who is inspected does not read that the team was urged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from evaluation.kinds import StageKind
from evaluation.papers import PaperState, Purpose
from evaluation.rights import posts_filled
from evaluation.rights_table import Action
from store.queries.papers import PaperLine, read_paper
from store.queries.sight import days_of, permitted
from store.schema import CYCLE, OBLIGATION, PAPER, PAPER_ABOUT, PARTY, STAGE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from evaluation.rights import ActorFacts
    from store.session import Store

#: What is written to whoever owes.
LETTERS = (Purpose.URGING, Purpose.CRITICISM)
#: What an inspection leaves with who was inspected.
OF_INSPECTION = (Purpose.MINUTES, Purpose.CONCLUSIONS)


@dataclass(frozen=True, kw_only=True)
class IssuedPaper:
    """An issued paper, and the obligation at which it may be opened."""

    paper: PaperLine
    obligation: int


def issued_at(store: Store, connection: Connection, facts: ActorFacts, obligation: int, *, now: datetime) -> list[IssuedPaper]:
    """Return the issued papers about an obligation that somebody may open, the latest first."""
    return _issued(store, connection, facts, OBLIGATION.c.id == obligation, now=now)


def issued_about(  # noqa: PLR0913  about whom in which year, for whom
    store: Store, connection: Connection, facts: ActorFacts, *, cycle: int, unit: str, now: datetime
) -> list[IssuedPaper]:
    """Return the issued papers about a unit in a cycle that somebody may open, the latest first."""
    about = or_(PARTY.c.key == unit, OBLIGATION.c.subject == unit, OBLIGATION.c.subject.startswith(f"{unit}/"))
    return _issued(store, connection, facts, and_(OBLIGATION.c.cycle_id == cycle, about), now=now)


def _issued(store: Store, connection: Connection, facts: ActorFacts, where: ColumnElement[bool], *, now: datetime) -> list[IssuedPaper]:
    days = days_of(connection, facts, now=now)
    own = sorted({post.party for on in set(days.values()) for post in posts_filled(facts, on=on)})
    letter = and_(PAPER.c.purpose.in_([one.value for one in LETTERS]), OBLIGATION.c.party_id.in_(own))
    inspected = and_(PAPER.c.purpose.in_([one.value for one in OF_INSPECTION]), STAGE.c.kind == StageKind.INSPECTION.value)
    query = (
        select(PAPER.c.id, PAPER_ABOUT.c.obligation_id)
        .join(PAPER_ABOUT, PAPER_ABOUT.c.paper_id == PAPER.c.id)
        .join(OBLIGATION, OBLIGATION.c.id == PAPER_ABOUT.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(PAPER.c.state == PaperState.SIGNED.value, PAPER.c.signed_sha256.is_not(None), or_(letter, inspected), where)
        .where(permitted(store, connection, facts, Action.READ_ISSUED, now=now))
        .order_by(PAPER.c.id.desc(), PAPER_ABOUT.c.obligation_id)
    )
    first: dict[int, int] = {}
    for paper, obligation in connection.execute(query):
        first.setdefault(paper, obligation)
    return [IssuedPaper(paper=read_paper(connection, paper), obligation=obligation) for paper, obligation in first.items()]
