"""Obligations read as the rules see them, with their terms and settled rungs; and terms as rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select

from evaluation.due_rules import DayUnit
from evaluation.encoding import decode_held, decode_moments, encode_held, encode_moments
from evaluation.obligations import Obligation, State
from evaluation.terms import Term, TermReason, Turn
from store.schema import OBLIGATION, RUNG, STAGE, TERM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Row

#: PostgreSQL and SQLite both take this many bound values at once.
MOST_IDS = 2000


#: What the rules see of an obligation; its stored `next_at` they derive.
_READ = (
    select(
        *(OBLIGATION.c[name] for name in ("id", "party_id", "subject", "state", "suspended", "released", "rounds", "moves", "days_late")),
        STAGE.c.key.label("stage_key"),
    )
    .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    .order_by(OBLIGATION.c.id)
)
# Statements of every move and step are made once: making one costs more than running it.
_IDS: BindParameter[Any] = bindparam("b_ids", expanding=True)
_READ_BY_ID = _READ.where(OBLIGATION.c.id.in_(_IDS))
_LOCK_BY_ID = _READ_BY_ID.with_for_update(of=OBLIGATION, key_share=True)
_HISTORY = select(TERM).where(TERM.c.obligation_id.in_(_IDS)).order_by(TERM.c.obligation_id, TERM.c.number)
_CURRENT = _HISTORY.join(OBLIGATION, (OBLIGATION.c.id == TERM.c.obligation_id) & (OBLIGATION.c.term == TERM.c.number))
_SETTLED = (
    select(RUNG.c.obligation_id, RUNG.c.rung)
    .join(OBLIGATION, (OBLIGATION.c.id == RUNG.c.obligation_id) & (OBLIGATION.c.term == RUNG.c.term))
    .where(RUNG.c.obligation_id.in_(_IDS))
)


def read_obligations(connection: Connection, where: ColumnElement[bool], *, history: bool = False, lock: bool = False) -> list[Obligation]:
    """
    Return the obligations that a condition names, by id, each with its current term (`history`: with all of them).

    `lock` keeps others from moving them until the transaction ends.
    """
    query = _READ.where(where)
    return _whole(
        connection, connection.execute(query.with_for_update(of=OBLIGATION, key_share=True) if lock else query).all(), history=history
    )


def read_by_id(connection: Connection, ids: Sequence[int], *, history: bool = False, lock: bool = False) -> list[Obligation]:
    """Return the obligations of these ids, at most `MOST_IDS`, as `read_obligations` does."""
    rows = connection.execute(_LOCK_BY_ID if lock else _READ_BY_ID, {"b_ids": ids}).all()
    return _whole(connection, rows, history=history)


def _whole(connection: Connection, rows: Sequence[Row[Any]], *, history: bool) -> list[Obligation]:
    found: list[Obligation] = []
    for start in range(0, len(rows), MOST_IDS):
        found += _with_terms(connection, rows[start : start + MOST_IDS], history=history)
    return found


def _with_terms(connection: Connection, rows: Sequence[Row[Any]], *, history: bool) -> list[Obligation]:
    ids = [row.id for row in rows]
    terms = _terms(connection, ids, history=history)
    settled = _settled(connection, ids)
    return [
        Obligation(
            id=row.id,
            stage=row.stage_key,
            party=row.party_id,
            subject=row.subject,
            state=State(row.state),
            suspended=row.suspended,
            released=row.released,
            rounds=row.rounds,
            moves=row.moves,
            days_late=row.days_late,
            terms=tuple(terms[row.id]),
            settled=frozenset(settled.get(row.id, ())),
        )
        for row in rows
    ]


def _terms(connection: Connection, ids: Sequence[int], *, history: bool) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    known: dict[tuple[Any, ...], Term] = {}  # a stage's terms are mostly alike: each is made once
    for row in connection.execute(_HISTORY if history else _CURRENT, {"b_ids": ids}):
        ident, *rest = row
        key = tuple(rest)
        if key not in known:
            known[key] = term_of(row)
        found[ident].append(known[key])
    return found


def _settled(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for ident, rung in connection.execute(_SETTLED, {"b_ids": ids}):
        found[ident].append(rung)
    return found


def term_of(row: Row[Any]) -> Term:
    """Return the term that a row holds."""
    return Term(
        number=row.number,
        reason=TermReason(row.reason),
        turn=Turn(row.turn),
        opens_at=row.opens_at,
        due_on=row.due_on,
        due_at=row.due_at,
        locks_at=row.locks_at,
        unit=DayUnit(row.unit),
        ladder=row.ladder,
        moments=decode_moments(orjson.loads(row.moments), zone=UTC),
        written_at=row.written_at,
        granted_by=row.granted_by,
        basis=row.basis,
        plan_version=row.plan_version,
        calendar_version=row.calendar_version,
        projected=row.projected,
        held=decode_held(orjson.loads(row.held)) if row.held else None,
        projected_anew=TermReason(row.projected_anew) if row.projected_anew else None,
    )


def term_row(obligation: int, term: Term) -> dict[str, Any]:
    """Return the row that holds a term."""
    return {
        "obligation_id": obligation,
        "number": term.number,
        "reason": term.reason.value,
        "turn": term.turn.value,
        "opens_at": term.opens_at,
        "due_on": term.due_on,
        "due_at": term.due_at,
        "locks_at": term.locks_at,
        "unit": term.unit.value,
        "ladder": term.ladder,
        "moments": orjson.dumps(encode_moments(term.moments)).decode(),
        "written_at": term.written_at,
        "granted_by": term.granted_by,
        "basis": term.basis,
        "plan_version": term.plan_version,
        "calendar_version": term.calendar_version,
        "projected": term.projected,
        "held": orjson.dumps(encode_held(term.held)).decode() if term.held else None,
        "projected_anew": term.projected_anew.value if term.projected_anew else None,
    }
