"""Settings of results: what an authority decides about the index and the ranking, for a cycle or for all of its cycles (domain §14.3)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import insert

from evaluation.criteria.sets import leaves
from evaluation.scores.settings import ResultRules, encode_rules, rule_faults
from store.commands.results.held import held_year, refuse
from store.journal import Entry, canonical
from store.results import measured_units, rules_set, sets_in_use
from store.schema import RESULT_RULES
from store.score_refusals import SheetFaultsError

if TYPE_CHECKING:
    from evaluation.actions import Remark
    from store.session import Store, Transaction


def set_rules(  # noqa: PLR0913  of which cycle, for how much, what and why
    store: Store, transaction: Transaction, cycle: int, *, rules: ResultRules, everywhere: bool = False, remark: Remark
) -> bool:
    """
    Let settings hold for a cycle, or (`everywhere`) for every cycle of its authority that has none of its own; False: they held already.

    What was published before keeps the settings that it was published with.

    Raises:
        SheetFaultsError: bands are not in order, a key is unknown, a number is out of its range; each with its place.
        ResultsError: they are changed without a reason.

    """
    year = held_year(store, transaction, cycle)
    before = rules_set(transaction.connection, year.authority, cycle)
    if before == rules and not everywhere:
        return False
    units = [one.key for one in measured_units(store, transaction.connection, year, rules=rules)]
    if faults := tuple(rule_faults(rules, fields=_shared_fields(store, transaction, cycle), units=units)):
        raise SheetFaultsError(faults)
    if not remark.reason.strip():
        refuse("đổi cách tính, xếp hạng phải có lý do", "a change of the settings needs a reason", field="reason")
    content = canonical(encode_rules(rules)).decode()
    row = {
        "authority_id": year.authority,
        "cycle_id": None if everywhere else cycle,
        "content": content,
        "reason": remark.reason.strip(),
        "basis": remark.basis.strip(),
        "at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    ident = int(transaction.connection.execute(insert(RESULT_RULES).returning(RESULT_RULES.c.id), row).scalar_one())
    digest = hashlib.sha256(content.encode()).hexdigest()
    payload = {"rules": ident, "everywhere": everywhere, "sha256": digest, "reason": row["reason"], "basis": row["basis"]}
    transaction.entries.append(Entry(authority=year.authority, action="set-result-rules", cycle=cycle, payload=payload))
    return True


def _shared_fields(store: Store, transaction: Transaction, cycle: int) -> list[str]:
    """Return the fields by which every unit of a cycle is measured: of each group those that have a leaf for it."""
    sets = sets_in_use(store, transaction.connection, cycle)
    keys = [dict.fromkeys((*step.above, step.node)[0].key for step in leaves(one, group=group)) for group, one in sets.items()]
    return [key for key in (keys[0] if keys else ()) if all(key in own for own in keys)]
