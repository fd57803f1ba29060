"""What caused a notice, where it was a move and not a rung: reason, basis, the term that the move wrote, from the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, or_, select, tuple_

from evaluation.actions import HandOver, Remark, Submitted, Wish, Write
from evaluation.encoding import decode_action
from evaluation.kinds import MessageKind
from store.schema import JOURNAL, OBLIGATION, TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Connection, Row

    from evaluation.terms import Term

SLICE = 500
#: Their entries hold nothing that a mail says.
SILENT = frozenset({MessageKind.STAGE_OPENED.value, MessageKind.CONTACT_UNREACHABLE.value, MessageKind.COORDINATOR_DIGEST.value})
NOTHING_SAID = Remark()


@dataclass(frozen=True, kw_only=True, slots=True)
class Caused:
    """What a move that told somebody says."""

    remark: Remark = NOTHING_SAID
    term: Term | None = None  #: that it wrote
    days_late: int | None = None
    received_on: str = ""
    document: str = ""
    handed_to: int | None = None  #: party
    wanted_on: str = ""  #: until when a longer term is asked for
    at: datetime | None = None  #: business time of the move


def read_causes(connection: Connection, authority: int, rows: Sequence[Row[Any]]) -> dict[str, Caused]:
    """Return what the journal says of the moves `e:<obligation>:<move>` and `c:<cycle>:<move>` that notices name as cause."""
    named = {row.cause: row.cause.split(":") for row in rows if row.cause[0] in "ec" and row.kind not in SILENT}
    moves = {letter: sorted((int(ident), int(move)) for kind, ident, move in named.values() if kind == letter) for letter in "ec"}
    own = JOURNAL.c.authority_id == authority
    whole_cycle = own & JOURNAL.c.obligation_id.is_(None) & JOURNAL.c.stage_id.is_(None)
    return {
        **{f"e:{ident}": caused for ident, caused in _read(connection, moves["e"], of=JOURNAL.c.obligation_id, where=own)},
        **{f"c:{ident}": caused for ident, caused in _read(connection, moves["c"], of=JOURNAL.c.cycle_id, where=whole_cycle)},
    }


def _read(
    connection: Connection, moves: Sequence[tuple[int, int]], *, of: Column[int], where: ColumnElement[bool]
) -> Iterator[tuple[str, Caused]]:
    for start in range(0, len(moves), SLICE):
        asked = tuple_(of, JOURNAL.c.move).in_(moves[start : start + SLICE])
        query = select(of.label("ident"), JOURNAL.c.move, JOURNAL.c.payload, JOURNAL.c.at).where(where, asked)
        for row in connection.execute(query):
            yield f"{row.ident}:{row.move}", replace(_caused(orjson.loads(row.payload)), at=row.at)


def _caused(payload: dict[str, Any]) -> Caused:
    if "actions" not in payload:
        return Caused(remark=Remark(reason=payload.get("reason", ""), basis=payload.get("basis", "")))
    actions = [decode_action(value) for value in payload["actions"]]
    submitted = next((action for action in actions if isinstance(action, Submitted)), None)
    return Caused(
        remark=next((action for action in actions if isinstance(action, Remark)), Remark()),
        term=next((action.term for action in actions if isinstance(action, Write)), None),
        days_late=None if submitted is None else submitted.days_late,
        received_on="" if submitted is None else submitted.received_on,
        document="" if submitted is None else submitted.document,
        handed_to=next((action.to for action in actions if isinstance(action, HandOver)), None),
        wanted_on=next((action.due_on for action in actions if isinstance(action, Wish)), ""),
    )


def read_successors(connection: Connection, rows: Iterable[Row[Any]], causes: Mapping[str, Caused]) -> dict[tuple[int, int, str], Row[Any]]:
    """Return the obligations that took over from those handed over, with their terms, by stage, party and subject."""
    wanted = [
        and_(OBLIGATION.c.stage_id == row.stage_id, OBLIGATION.c.party_id == caused.handed_to, OBLIGATION.c.subject == row.subject)
        for row in rows
        if (caused := causes.get(row.cause)) is not None and caused.handed_to is not None
    ]
    found: dict[tuple[int, int, str], Row[Any]] = {}
    for start in range(0, len(wanted), SLICE):
        query = (
            select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject, OBLIGATION.c.state, TERM)
            .join(TERM, and_(TERM.c.obligation_id == OBLIGATION.c.id, TERM.c.number == OBLIGATION.c.term))
            .where(or_(*wanted[start : start + SLICE]))
        )
        found.update({(row.stage_id, row.party_id, row.subject): row for row in connection.execute(query)})
    return found
