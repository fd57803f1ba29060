"""
Actions: what a decision comes to, as small frozen records, and what they make of an obligation.

A command or the tick decides a list of actions; `store` performs and journals them; `replay` folds them again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from evaluation.obligations import FINAL, Obligation, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evaluation.kinds import MessageKind
    from evaluation.papers import Purpose
    from evaluation.terms import Term


class Outcome(StrEnum):
    """How a rung ended."""

    NOTICED = "noticed"  #: someone was told
    SKIPPED = "skipped"  #: a later rung took its place, or its moment lies before its term
    VOID = "void"  #: its turn was over before its moment came


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """The obligation changes its state."""

    to: State
    round: int = 0  #: number of the round of correction that begins with it; 0: none begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """A further term begins."""

    term: Term


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The clock stands, or goes on."""

    suspended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """The stage waits no more: the obligation's clock may run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settle:
    """A rung of a term gets its row."""

    term: int
    rung: str
    outcome: Outcome
    told: tuple[str, ...] = ()  #: recipients
    passed_over: tuple[str, ...] = ()  #: recipients who get a later rung's notice instead


@dataclass(frozen=True, kw_only=True, slots=True)
class Notify:
    """Recipients are told; the cause is the rung, or the journal entry of these actions."""

    kind: MessageKind
    recipients: tuple[str, ...]
    rung: str = ""
    term: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """The fact of a submission, which survives completion."""

    days_late: int  #: of this submission
    counted: int | None = None  #: the days by which the obligation counts as late with it; None: the same
    received_on: str = ""  #: ISO date of a paper answer
    document: str = ""
    content: str = ""  #: SHA-256 of its text; empty where it has none
    report: str = ""  #: SHA-256 of the answers to its form; empty where it has none


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Why, and on which basis: the words that go with a move."""

    reason: str = ""
    basis: str = ""
    items: tuple[tuple[str, str], ...] = ()  #: (item, remark) of a return


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """What is owed passes to a successor."""

    to: int  #: party


@dataclass(frozen=True, kw_only=True, slots=True)
class Urged:
    """Someone was urged outside the mail."""

    by: str  #: phone, letter
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Who owes asks for a longer term."""

    due_on: str  #: ISO date


@dataclass(frozen=True, kw_only=True, slots=True)
class AskUpkeep:
    """The standing body owes a repair: nobody answers for a role."""

    subject: str  #: `contact/<party>/<role>`


@dataclass(frozen=True, kw_only=True, slots=True)
class AskPaper:
    """The standing body is asked to sign an official paper about the obligation: with all that were asked for on this day, in one."""

    purpose: Purpose


Action = Move | Write | Mark | Release | Settle | Notify | Submitted | Remark | HandOver | Urged | Wish | AskUpkeep | AskPaper


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Whom an audience comes to, and what was missing on the way down."""

    recipients: tuple[str, ...]
    missing: tuple[str, ...] = ()  #: upkeep subjects


def evolve(obligation: Obligation, actions: Iterable[Action], *, moves: int | None = None) -> Obligation:
    """Return the obligation as the actions leave it, with that number of moves; actions that only tell leave it as it is."""
    changes: dict[str, Any] = {} if moves is None else {"moves": moves}
    for action in actions:
        _change(changes, obligation, action)
    return replace(obligation, **changes) if changes else obligation


def _change(changes: dict[str, Any], before: Obligation, action: Action) -> None:
    """Add what an action changes to what those before it did."""
    match action:
        case Settle(term=number, rung=rung):
            if number == changes.get("terms", before.terms)[-1].number:
                changes["settled"] = changes.get("settled", before.settled) | {rung}
        case Move(to=to, round=number):
            suspended = changes.get("suspended", before.suspended)
            changes |= {"state": to, "suspended": suspended and to not in FINAL}
            changes |= {"rounds": number} if number else {}
        case Write(term=term):
            changes |= {"terms": (*changes.get("terms", before.terms), term), "settled": frozenset()}
        case Mark(suspended=suspended):
            changes["suspended"] = suspended
        case Release():
            changes["released"] = True
        case Submitted(days_late=days, counted=counted):
            changes["days_late"] = days if counted is None else counted
        case _:
            pass


def void_rest(obligation: Obligation) -> tuple[Action, ...]:
    """Return the rows of the rungs of the current term that can no longer be noticed."""
    term = obligation.term
    return tuple(
        Settle(term=term.number, rung=moment.rung, outcome=Outcome.VOID) for moment in term.moments if moment.rung not in obligation.settled
    )


def next_number(obligation: Obligation) -> int:
    """Return the number of the obligation's next term."""
    return obligation.term.number + 1
