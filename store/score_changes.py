"""
Changes of sheets: each changed leaf with its history, in one entry of the journal that knows them by their digests.

The history is only ever added to; a leaf's row is what its changes make of it, and `verify` compares the two.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, update

from evaluation.scores.sheets import Entry
from store.journal import Entry as JournalEntry
from store.locks import insert_new
from store.schema import SCORE, SCORE_CHANGE
from store.score_refusals import StaleLeafError
from store.scores import COLUMNS, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evaluation.obligations import Obligation
    from evaluation.scores.sheets import Sheet
    from store.scores import UnitSheet
    from store.session import Transaction
    from store.years import StageRef, Year

#: Of a leaf: what was changed, from what, into what, and why.
Leaf = list[tuple[str, str, str, str]]


@dataclass(frozen=True, kw_only=True)
class HeldSheet:
    """A sheet, and the obligation in whose course it is worked on, which nobody else moves until the transaction ends."""

    year: Year
    ref: StageRef
    obligation: Obligation
    unit: UnitSheet

    @property
    def sheet(self) -> Sheet:
        """The sheet as the rules see it."""
        return self.unit.sheet


def keep(transaction: Transaction, held: HeldSheet, after: Sheet, *, action: str, facts: Mapping[str, Any] | None = None) -> dict[str, int]:
    """
    Write what an act has made of a sheet, each changed leaf with its history, in one entry of the journal; return the new versions.

    Raises:
        StaleLeafError: another transaction has changed a leaf since it was read.

    """
    whys = {(one.node, one.what): one.why for one in after.history[len(held.sheet.history) :]}
    changed = []
    for node, entry in after.entries.items():
        old, new = values_of(held.sheet.entry(node)), values_of(entry)
        leaf = [(what, old[what], new[what], whys.get((node, what), "")) for what in COLUMNS if old[what] != new[what]]
        if leaf:
            changed.append((node, leaf, _columns(entry)))
    return write(transaction, held, changed, action=action, facts=facts)


def write(
    transaction: Transaction,
    held: HeldSheet,
    changed: Sequence[tuple[str, Leaf, dict[str, Any]]],
    *,
    action: str,
    facts: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """Write changed leaves (node, changes, columns) and their history; one entry of the journal names them by digests alone."""
    if not changed:
        return {}
    versions = {node: held.unit.version(node) + 1 for node, _, _ in changed}
    _rows(transaction, held, changed)
    history = [_change(transaction, held, node, version=versions[node], change=change) for node, leaf, _ in changed for change in leaf]
    transaction.connection.execute(insert(SCORE_CHANGE), history)
    told = [[node, versions[node], leaf_digest(leaf)] for node, leaf, _ in changed]
    payload = {"unit": held.unit.party, "leaves": told, **(facts or {}), **transaction.actor.capacity}
    transaction.entries.append(
        JournalEntry(
            authority=held.year.authority,
            action=action,
            cycle=held.year.cycle,
            stage=held.ref.id,
            obligation=held.obligation.id,
            payload=payload,
        )
    )
    return versions


def leaf_digest(leaf: Iterable[tuple[str, str, str, str]]) -> str:
    """Return the SHA-256 by which the journal knows the changes of one leaf: what, old, new, why, in order."""
    return hashlib.sha256(orjson.dumps([list(one) for one in leaf])).hexdigest()


def _rows(transaction: Transaction, held: HeldSheet, changed: Sequence[tuple[str, Leaf, dict[str, Any]]]) -> None:
    """Write the rows of leaves in the order of their keys: two who write the same ones wait for each other in turn, never in a circle."""
    ordered = sorted(changed, key=lambda one: one[0])
    fresh = [_row(held, node, columns) for node, _, columns in ordered if held.unit.version(node) == 0]
    new = {node for *_, node in insert_new(transaction.connection, SCORE, fresh)} if fresh else set()
    if overtaken := [row["node"] for row in fresh if row["node"] not in new]:
        raise StaleLeafError(overtaken[0], version=1)
    for node, _, columns in ordered:
        seen = held.unit.version(node)
        if seen:
            where = (SCORE.c.cycle_id == held.year.cycle) & (SCORE.c.party_id == held.unit.party) & (SCORE.c.node == node)
            written = update(SCORE).where(where, SCORE.c.version == seen).values(version=seen + 1, **columns)
            if transaction.connection.execute(written).rowcount != 1:
                raise StaleLeafError(node, version=seen + 1)


def _row(held: HeldSheet, node: str, columns: dict[str, Any]) -> dict[str, Any]:
    place = {"cycle_id": held.year.cycle, "party_id": held.unit.party, "node": node, "authority_id": held.year.authority, "version": 1}
    return {**place, **_columns(Entry(node=node)), **columns}


def _columns(entry: Entry) -> dict[str, Any]:
    values = values_of(entry)
    nullable = {"given", "self", "appraised", "final"}
    columns: dict[str, Any] = {COLUMNS[what]: text or (None if what in nullable else "") for what, text in values.items()}
    said = entry.explanation
    return {**columns, "answers": said is not None and said.answers, "ruling_why": said.why if said is not None else ""}


def _change(transaction: Transaction, held: HeldSheet, node: str, *, version: int, change: tuple[str, str, str, str]) -> dict[str, Any]:
    what, old, new, why = change
    return {
        "cycle_id": held.year.cycle,
        "party_id": held.unit.party,
        "node": node,
        "version": version,
        "what": what,
        "old": old,
        "new": new,
        "why": why,
        "contact_id": transaction.actor.contact,
        "obligation_id": held.obligation.id,
        "at": transaction.now,
    }
