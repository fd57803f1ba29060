"""
Whom the journal says was told what, held against the rows: none is lost, none is added, none is another's.

Moves and rungs name their recipients in the journal, so that each of their notices can be held against it. The entries of a digest, of an
issued plan, of a publication (it names units) and of a move of the whole cycle name nobody: of their notices it is asked only that there
is such an entry. Links to sign in with are nobody's duty and in no entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import select

from evaluation.kinds import MessageKind
from store.commands.cycle_moves import WORD
from store.commands.results.telling import cause_of
from store.outbox.gathering import SECRET
from store.schema import NOTICE, OBLIGATION, RUNG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Row

#: What entries that name no recipients tell.
TOLD_BY = {
    "digest": MessageKind.COORDINATOR_DIGEST.value,
    "issue-plan": MessageKind.PLAN_ISSUED.value,
    "sum-up-request": MessageKind.REQUEST_SUMMARY.value,
    **{verb.value: kind.value for verb, kind in WORD.items()},
}


class Notice(NamedTuple):
    """What makes a notice the one it is."""

    cause: str
    kind: str
    recipient: str

    def __str__(self) -> str:
        """Return it as a finding names it."""
        return f"notice {self.kind} of {self.cause} to {self.recipient}"


#: (obligation, term, rung)
RungKey = tuple[int, int, str]


@dataclass(kw_only=True)
class Told:
    """Whom the entries read so far say was told."""

    notices: set[Notice] = field(default_factory=set)
    at_large: set[tuple[str, str]] = field(default_factory=set)  #: (cause, kind) of entries that name no recipients
    rungs: dict[RungKey, tuple[list[str], list[str]]] = field(default_factory=dict)  #: told, and passed over

    def take(self, row: Row[Any], *, payload: Mapping[str, Any]) -> None:
        """Add what a row of the journal says; KeyError or TypeError if it says nothing that can be read."""
        if row.obligation_id is None:
            if row.action == "publish-results":
                told = (cause_of(row.cycle_id, payload["number"], unit) for unit in payload.get("told", ()))
                self.at_large.update((cause, MessageKind.RESULTS_PUBLISHED.value) for cause in told)
            if row.action in TOLD_BY:
                cause = f"c:{row.cycle_id}:{row.move}" if row.stage_id is None else f"s:{row.stage_id}:{row.move}"
                self.at_large.add((cause, TOLD_BY[row.action]))
            return
        ident = row.obligation_id
        for action in payload.get("actions", ()):
            if action["do"] == "settle":
                self.rungs[ident, action["term"], action["rung"]] = (action.get("told", []), action.get("passed_over", []))
            elif action["do"] == "notify":
                cause = f"r:{ident}:{action['term']}:{action['rung']}" if action.get("rung") else f"e:{ident}:{row.move}"
                self.notices.update(Notice(cause, action["kind"], recipient) for recipient in action.get("recipients", ()))


def wrongly_told(connection: Connection, authority: int, *, told: Told) -> Iterator[str]:
    """Yield each notice that is lost or added, and each rung whose row names others than the journal; a changed one is lost and added."""
    owed = select(NOTICE.c.cause, NOTICE.c.kind, NOTICE.c.recipient).where(NOTICE.c.authority_id == authority, NOTICE.c.kind.not_in(SECRET))
    rows = connection.execute(owed)
    there = {Notice(*row) for row in rows}
    for notice in sorted(told.notices - there):
        yield f"{notice} is in the journal and nowhere else"
    for notice in sorted(there - told.notices):
        if (notice.cause, notice.kind) not in told.at_large:
            yield f"{notice} is not in the journal"
    yield from _rungs(connection, authority, told=told)


def _rungs(connection: Connection, authority: int, *, told: Told) -> Iterator[str]:
    """Yield the rungs that are in both and name different recipients."""
    query = (
        select(RUNG.c.obligation_id, RUNG.c.term, RUNG.c.rung, RUNG.c.told, RUNG.c.passed_over)
        .join(OBLIGATION, OBLIGATION.c.id == RUNG.c.obligation_id)
        .where(OBLIGATION.c.authority_id == authority)
        .order_by(RUNG.c.obligation_id, RUNG.c.term, RUNG.c.rung)
    )
    known: dict[str, Any] = {}  # most rows name the same few
    for ident, term, rung, heard, passed in connection.execute(query):
        lists = tuple(known[text] if text in known else known.setdefault(text, _names(text)) for text in (heard, passed))
        if told.rungs.get((ident, term, rung), lists) != lists:
            yield f"rung {rung} of term {term} of obligation {ident} names other recipients than its journal"


def _names(text: str) -> Any:  # noqa: ANN401  whatever stands there is compared
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
