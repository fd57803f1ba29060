"""Replay: obligations, terms, rungs and cycle states built again from the journal's entries alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from evaluation.actions import Outcome, Settle, Write, evolve
from evaluation.encoding import decode_action
from evaluation.obligations import FINAL, Obligation, State
from evaluation.terms import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.actions import Action


@dataclass(kw_only=True)
class Rebuilt:
    """What the entries read so far amount to."""

    obligations: dict[int, Obligation] = field(default_factory=dict)
    rungs: dict[tuple[int, int, str], Outcome] = field(default_factory=dict)
    cycles: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    moved_by: dict[int, int] = field(default_factory=dict)  #: number of the last entry of each obligation

    def take(self, entry: Entry) -> None:
        """Fold one entry in; whatever it could not have said is a fault."""
        if entry.obligation is None:
            if entry.cycle is not None and "state" in entry.payload:
                self.cycles[entry.cycle] = entry.payload["state"]
            return
        if entry.move is None:
            return  # said about an obligation without moving it, as earlier versions did of evidence and of work given to another
        actions = tuple(decode_action(value) for value in entry.payload.get("actions", ()))
        self.moved_by[entry.obligation] = entry.number
        if entry.move == 0:
            self._raise(entry, actions)
        else:
            self._move(entry, actions)

    def _raise(self, entry: Entry, actions: tuple[Action, ...]) -> None:
        if entry.obligation in self.obligations:
            self.faults.append(f"entry {entry.number}: obligation {entry.obligation} is raised twice")
        terms = tuple(action.term for action in actions if isinstance(action, Write))
        payload = entry.payload
        self.obligations[entry.obligation or 0] = Obligation(
            id=entry.obligation or 0,
            stage=str(entry.stage),
            party=payload["party"],
            subject=payload["subject"],
            released=payload["released"],
            terms=terms,
        )

    def _move(self, entry: Entry, actions: tuple[Action, ...]) -> None:
        ident = entry.obligation or 0
        before = self.obligations.get(ident)
        if before is None:
            self.faults.append(f"entry {entry.number}: obligation {ident} moves before it was raised")
            return
        if entry.move != before.moves + 1:
            self.faults.append(f"entry {entry.number}: obligation {ident} makes move {entry.move} after move {before.moves}")
        self.faults += [f"entry {entry.number}: obligation {ident}: {fault}" for fault in _wrong_rungs(before, actions)]
        for action in actions:
            if isinstance(action, Settle):
                if (ident, action.term, action.rung) in self.rungs:
                    self.faults.append(f"entry {entry.number}: rung {action.rung} of obligation {ident} ends twice")
                self.rungs[ident, action.term, action.rung] = action.outcome
        self.obligations[ident] = replace(evolve(before, actions), moves=before.moves + 1)


def _wrong_rungs(before: Obligation, actions: tuple[Action, ...]) -> Iterator[str]:
    """Yield what may not be noticed: any rung of a silent obligation, a party's rung while it is submitted (design §6.2)."""
    for action in actions:
        if not isinstance(action, Settle) or action.outcome is not Outcome.NOTICED:
            continue
        if before.state in FINAL or before.suspended or not before.released:
            yield f"rung {action.rung} was noticed while it was silent"
        if before.state is State.SUBMITTED and before.term.turn is Turn.PARTY:
            yield f"rung {action.rung} of the party was noticed while it was submitted"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A journal entry as far as replaying it goes."""

    number: int
    cycle: int | None
    stage: int | None
    obligation: int | None
    move: int | None
    payload: dict[str, Any]
