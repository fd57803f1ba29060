"""
What `verify` asks of surveys and councils: ballots are those that the journal knows by their digest, votes and outcomes as journaled.

Each finding is one sentence that names the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from store.schema import COUNCIL_CONFLICT, COUNCIL_MATTER, COUNCIL_SESSION, COUNCIL_VOTE, JOURNAL, OBLIGATION, SURVEY_CLOSE, SURVEY_FORM
from store.survey import ballots_digest, journaled_choice, text_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def survey_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield every way in which the survey of a cycle does not hold: its questions and, once it is closed, its ballots."""
    asked = {one["form"]: one["content"] for _, one in _journaled(connection, cycle, "ask-survey")}
    rows = connection.execute(select(SURVEY_FORM.c.number, SURVEY_FORM.c.yaml).where(SURVEY_FORM.c.cycle_id == cycle)).all()
    for row in rows:
        if asked.pop(row.number, None) != text_digest(row.yaml):
            yield f"the question sets of cycle {cycle}, version {row.number}, differ from its journal"
    for number in asked:
        yield f"the question sets of cycle {cycle}, version {number}, are in the journal and nowhere else"
    closed = connection.execute(select(SURVEY_CLOSE).where(SURVEY_CLOSE.c.cycle_id == cycle).order_by(SURVEY_CLOSE.c.number)).all()
    reopened = [(one["number"], one["reason"]) for _, one in _journaled(connection, cycle, "reopen-survey")]
    told = [(one["ballots"], one["content"]) for _, one in _journaled(connection, cycle, "close-survey")]
    now = [(row.number, row.reopened_why) for row in closed if row.reopened_at is not None]
    if [(row.ballots, row.sha256) for row in closed] != told or now != reopened:
        yield f"the survey of cycle {cycle} is closed otherwise than its journal says"
    elif told and closed[-1].reopened_at is None and ballots_digest(connection, cycle) != told[-1]:
        yield f"the ballots of cycle {cycle} are not those with which its survey was closed"


def council_faults(connection: Connection, cycle: int) -> Iterator[str]:
    """Yield every matter of a cycle's council whose votes, scores or outcome differ from its journal."""
    votes: dict[tuple[int, int, int], dict[int, tuple[str, str]]] = {}
    said: dict[tuple[int, int, int], dict[str, Any]] = {}
    conflicts: dict[tuple[int, int, int], str] = {}
    for obligation, one in _journaled(connection, cycle, "vote", "bring-matter", "resolve-matter", "declare-conflict"):
        if "member" in one:
            conflicts[obligation, one["member"], one["unit"]] = one["content"]
            for session, matter in one["dropped"]:
                votes[obligation, session, matter].pop(one["member"], None)
            continue
        place = (obligation, one["session"], one["matter"])
        votes.setdefault(place, {}).update({contact: (choice, how) for contact, choice, how in one.get("votes", ())})
        said.setdefault(place, {}).update(one)
    for place, row in _matters(connection, cycle).items():
        journaled = said.get(place, {})
        kept = connection.execute(select(COUNCIL_VOTE).where(COUNCIL_VOTE.c.matter_id == row.id)).all()
        now = {vote.contact_id: (journaled_choice(vote.choice, vote.seal), vote.how) for vote in kept}
        outcome = (journaled.get("outcome", ""), journaled.get("scores"), journaled.get("content"))
        if now != votes.get(place, {}) or outcome != (row.outcome, orjson.loads(row.scores), text_digest(row.words)):
            yield f"matter {place[2]} of session {place[1]} of the council ({place[0]}) differs from its journal"
    if _conflicts(connection, cycle) != conflicts:
        yield f"the conflicts of interest that members of the council of cycle {cycle} declared differ from its journal"


def _conflicts(connection: Connection, cycle: int) -> dict[tuple[int, int, int], str]:
    query = select(COUNCIL_CONFLICT).join(OBLIGATION, OBLIGATION.c.id == COUNCIL_CONFLICT.c.obligation_id)
    rows = connection.execute(query.where(OBLIGATION.c.cycle_id == cycle))
    return {(row.obligation_id, row.contact_id, row.unit_id): text_digest(row.reason) for row in rows}


def _matters(connection: Connection, cycle: int) -> dict[tuple[int, int, int], Any]:
    rows = connection.execute(
        select(COUNCIL_MATTER, COUNCIL_SESSION.c.obligation_id, COUNCIL_SESSION.c.number.label("session"))
        .join(COUNCIL_SESSION, COUNCIL_SESSION.c.id == COUNCIL_MATTER.c.session_id)
        .join(OBLIGATION, OBLIGATION.c.id == COUNCIL_SESSION.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle)
        .order_by(COUNCIL_MATTER.c.id)
    )
    return {(row.obligation_id, row.session, row.number): row for row in rows}


def _journaled(connection: Connection, cycle: int, *actions: str) -> Iterator[tuple[int, dict[str, Any]]]:
    query = select(JOURNAL.c.obligation_id, JOURNAL.c.payload).where(JOURNAL.c.cycle_id == cycle, JOURNAL.c.action.in_(actions))
    for row in connection.execute(query.order_by(JOURNAL.c.number)):
        yield row.obligation_id, orjson.loads(row.payload)
