"""Leaves as far as rights go, and asking the policy about them: who leads a leaf may appraise it and rule on what is explained of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.criteria.sets import step_named
from store.queries.rights import LED, obligation_resource
from store.queries.scores import sheet_at

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.rights import Resource
    from store.session import Store


def leaf_resources(store: Store, connection: Connection, obligation: int, nodes: tuple[str, ...], *, now: datetime) -> dict[str, Resource]:
    """
    Return leaves as far as rights go: led by whoever leads each today, of its field; empty if there is no such obligation.

    A leaf that the sheet does not have, and one of an obligation about no sheet, is led by nobody.
    """
    whole = obligation_resource(store, connection, obligation, now=now)
    if whole is None or whole.kind not in LED:
        return {} if whole is None else dict.fromkeys(nodes, whole)
    found = sheet_at(store, connection, obligation, now=now)
    if found is None:
        return dict.fromkeys(nodes, replace(whole, leads=frozenset()))
    year, _, unit = found
    today = year.rulebook.calendar.local_date(now)
    led = {}
    for node in nodes:
        step = step_named(unit.sheet.scope.criteria, node)
        lead = step.lead_on(today) if step is not None else None
        party = year.people.ids.get(lead.party) if lead is not None else None
        field = (*step.above, step.node)[0].key if step is not None else ""
        led[node] = replace(whole, leads=frozenset() if party is None else frozenset({party}), field=field)
    return led
