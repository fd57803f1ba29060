"""
Performing: decided actions become rows, in bulk, in the transaction that decided them.

Every obligation touched gets one journal entry with its actions; the rows are exactly what `evaluation.actions.evolve`
makes of it, so the journal alone can build them again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import bindparam, update

from evaluation.actions import Action, AskPaper, AskUpkeep, Notify, Settle, Write, evolve
from evaluation.demands import made_untrue
from evaluation.encoding import encode_actions
from evaluation.kinds import manner
from evaluation.obligations import FINAL, Obligation, State, next_at
from evaluation.papers import letter_subject
from store.asked_papers import ask_papers
from store.bulk import insert_rows
from store.journal import Entry
from store.lives import term_row
from store.outbox import cancel_notices
from store.releases import followed_up_by, wake_answered, wake_findings, wake_waiting
from store.schema import NOTICE, OBLIGATION, RUNG, TERM
from store.upkeep import ask_upkeep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from store.session import Transaction
    from store.years import Year


class StaleError(Exception):
    """Somebody else moved an obligation between reading and writing; nothing was written, ask again."""

    def __init__(self, ids: Sequence[int]) -> None:
        """Keep which obligations were to be moved."""
        self.ids = tuple(ids)
        super().__init__(f"somebody else has just moved one of the obligations {', '.join(map(str, ids[:5]))}; read it again and repeat")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What was decided for one obligation."""

    before: Obligation
    stage: int  #: id
    actions: tuple[Action, ...]
    action: str  #: the word the journal keeps: a verb, or `tick`


class _Changed(NamedTuple):
    """The columns of an obligation that moves change."""

    state: str
    suspended: bool
    released: bool
    rounds: int
    moves: int
    days_late: int | None
    term: int
    next_at: datetime | None


_MOVE_OBLIGATION = (
    update(OBLIGATION)
    .where(OBLIGATION.c.id.in_(bindparam("b_ids", expanding=True)), OBLIGATION.c.moves == bindparam("b_moves"))
    .values({name: bindparam(f"v_{name}", type_=OBLIGATION.c[name].type) for name in _Changed._fields})
)


def perform(transaction: Transaction, year: Year, decided: Sequence[Decided]) -> list[Obligation]:
    """
    Write what was decided and return the obligations as they are now.

    Raises:
        StaleError: an obligation was moved since it was read.

    """
    decided = [one for one in decided if one.actions]
    if not decided:
        return []
    after = [evolve(one.before, one.actions, moves=one.before.moves + 1) for one in decided]
    _update(transaction, after)
    _insert(transaction, TERM, chain.from_iterable(_terms(one) for one in decided))
    _insert(transaction, RUNG, chain.from_iterable(_rungs(one, transaction=transaction) for one in decided))
    cancel_notices(
        transaction,
        {new.id: made_untrue(one.before, new, actions=one.actions) for one, new in zip(decided, after, strict=True)},
    )
    _insert(transaction, NOTICE, chain.from_iterable(_notices(one, year=year, transaction=transaction) for one in decided))
    transaction.entries += [_entry(one, year=year, capacity=transaction.actor.capacity) for one in decided]
    done = {one.stage for one, new in zip(decided, after, strict=True) if new.state in FINAL}
    wake_waiting(transaction, year, done)
    if looked := followed_up_by(year, {one.stage for one in decided if one.action != "tick"}):
        wake_findings(transaction, year, looked)
    wake_answered(transaction, year, {one.stage for one, new in zip(decided, after, strict=True) if new.state is State.SUBMITTED})
    subjects = {action.subject for one in decided for action in one.actions if isinstance(action, AskUpkeep)}
    ask_upkeep(transaction, year, sorted(subjects))
    ask_papers(transaction, year, _papers(decided, year=year, now=transaction.now))
    return after


def _papers(decided: Sequence[Decided], *, year: Year, now: datetime) -> dict[str, list[int]]:
    """Return the obligations of which papers are asked for, by what asks for each."""
    asked: dict[str, list[int]] = {}
    for one in decided:
        for purpose in {action.purpose for action in one.actions if isinstance(action, AskPaper)}:
            on = year.rulebook.calendar.local_date(now).isoformat()
            asked.setdefault(letter_subject(purpose, stage=year.stages[one.stage].key, on=on), []).append(one.before.id)
    return asked


def mark(transaction: Transaction, year: Year, decided: Decided, *, facts: dict[str, Any]) -> None:
    """
    Write that something beside an obligation's state was changed, as a move of its own: whoever saw it before must look again.

    Raises:
        StaleError: the obligation was moved since it was read.

    """
    _update(transaction, [replace(decided.before, moves=decided.before.moves + 1)])
    entry = _entry(decided, year=year, capacity=transaction.actor.capacity)
    transaction.entries.append(replace(entry, payload={**facts, **transaction.actor.capacity}))


def _update(transaction: Transaction, after: Sequence[Obligation]) -> None:
    """Obligations of a stage mostly change alike: those that do share a statement."""
    alike: dict[_Changed, list[int]] = defaultdict(list)
    for new in after:
        alike[_changed(new)].append(new.id)
    moved = 0
    for changed, ids in alike.items():
        values = {f"v_{name}": value for name, value in zip(_Changed._fields, changed, strict=True)}
        moved += transaction.connection.execute(_MOVE_OBLIGATION, {"b_ids": ids, "b_moves": changed.moves - 1, **values}).rowcount
    if moved != len(after):
        raise StaleError([new.id for new in after])


def _changed(new: Obligation) -> _Changed:
    return _Changed(
        state=new.state.value,
        suspended=new.suspended,
        released=new.released,
        rounds=new.rounds,
        moves=new.moves,
        days_late=new.days_late,
        term=new.term.number,
        next_at=next_at(new),
    )


def _insert(transaction: Transaction, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    insert_rows(transaction.connection, table, list(rows))


def _terms(one: Decided) -> list[dict[str, Any]]:
    return [term_row(one.before.id, action.term) for action in one.actions if isinstance(action, Write)]


def _rungs(one: Decided, *, transaction: Transaction) -> list[dict[str, Any]]:
    return [
        {
            "obligation_id": one.before.id,
            "term": action.term,
            "rung": action.rung,
            "outcome": action.outcome.value,
            "at": transaction.now,
            "told": _list(action.told),
            "passed_over": _list(action.passed_over),
        }
        for action in one.actions
        if isinstance(action, Settle)
    ]


@lru_cache(maxsize=4096)
def _list(recipients: tuple[str, ...]) -> str:
    return orjson.dumps(recipients).decode()


def _notices(one: Decided, *, year: Year, transaction: Transaction) -> list[dict[str, Any]]:
    rows = []
    for action in one.actions:
        if not isinstance(action, Notify):
            continue
        cause = f"r:{one.before.id}:{action.term}:{action.rung}" if action.rung else f"e:{one.before.id}:{one.before.moves + 1}"
        base = {
            "authority_id": year.authority,
            "cycle_id": year.cycle,
            "stage_id": one.stage,
            "obligation_id": one.before.id,
            "cause": cause,
            "kind": action.kind.value,
            "term": action.term or one.before.term.number,
            "at": transaction.now,
            "slot_at": year.slot(transaction.now) if manner(action.kind).waits_for_slot else transaction.now,
        }
        rows += [{**base, "recipient": recipient} for recipient in action.recipients]
    return rows


def _entry(one: Decided, *, year: Year, capacity: dict[str, int]) -> Entry:
    return Entry(
        authority=year.authority,
        action=one.action,
        cycle=year.cycle,
        stage=one.stage,
        obligation=one.before.id,
        move=one.before.moves + 1,
        payload={"actions": encode_actions(one.actions), **capacity},
    )
