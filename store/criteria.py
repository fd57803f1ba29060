"""Criteria as stored: a version's content, read once; its leads, which change by day; and the items that a cycle takes from its pins."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import bindparam, select

from config.criteria_records import build_criteria, criteria_data
from evaluation.criteria.sets import Lead, items_of, with_leads, without_leads
from store.schema import CRITERIA_LEAD, CRITERIA_PIN, CRITERIA_VERSION, PARTY

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evaluation.criteria.sets import CriteriaSet
    from evaluation.plans import Item
    from store.session import Store


def content_of(criteria: CriteriaSet) -> str:
    """Return a set as a version keeps it: what was decided, without who leads."""
    return orjson.dumps(criteria_data(without_leads(criteria)), option=orjson.OPT_SORT_KEYS).decode()


def digest_of(content: str) -> str:
    """Return the SHA-256 by which the journal knows a version's content."""
    return hashlib.sha256(content.encode()).hexdigest()


def load_criteria(store: Store, connection: Connection, version: int) -> CriteriaSet:
    """Return a version with the leads of its set as they are now."""
    row = connection.execute(select(CRITERIA_VERSION).where(CRITERIA_VERSION.c.id == version)).one()
    key = ("criteria", row.id, row.sha256)
    kept: tuple[dict[str, tuple[Lead, ...]], CriteriaSet, CriteriaSet] | None = store.kept.get(key)
    leads = leads_of(connection, row.set_id)
    if kept is None or kept[0] != leads:
        decided = build_criteria(orjson.loads(row.content)) if kept is None else kept[1]
        kept = store.kept[key] = (leads, decided, with_leads(decided, leads))
    return kept[2]


def leads_of(connection: Connection, criteria_set: int) -> dict[str, tuple[Lead, ...]]:
    """Return the leads of a set by node, in the order in which they were entered."""
    query = select(CRITERIA_LEAD.c.node, PARTY.c.key, CRITERIA_LEAD.c.from_on, CRITERIA_LEAD.c.to_on)
    rows = connection.execute(
        query.join(PARTY, PARTY.c.id == CRITERIA_LEAD.c.party_id).where(CRITERIA_LEAD.c.set_id == criteria_set).order_by(CRITERIA_LEAD.c.id)
    )
    found: dict[str, tuple[Lead, ...]] = {}
    for row in rows:
        found[row.node] = (*found.get(row.node, ()), Lead(party=row.key, from_on=row.from_on, to_on=row.to_on))
    return found


_PINS = (
    select(CRITERIA_PIN.c.unit_group, CRITERIA_PIN.c.version_id)
    .where(CRITERIA_PIN.c.cycle_id == bindparam("b_cycle"))
    .order_by(CRITERIA_PIN.c.unit_group, CRITERIA_PIN.c.number)
)


def pinned_versions(connection: Connection, cycle: int) -> dict[str, int]:
    """Return the versions that a cycle uses, by unit group: of several pins of a group the last."""
    return dict(connection.execute(_PINS, {"b_cycle": cycle}).tuples().all())


def pinned_items(store: Store, connection: Connection, cycle: int) -> dict[str, tuple[Item, ...]]:
    """Return the leaves that units of each group hand in, of the version that the cycle uses for the group."""
    found = {}
    for group, version in pinned_versions(connection, cycle).items():
        key = ("criteria-items", version, group)  # only what is published is pinned, and that never changes
        if key not in store.kept:
            store.kept[key] = items_of(load_criteria(store, connection, version), group=group)
        found[group] = store.kept[key]
    return found
