"""Leaves as far as rights go, and asking the policy about them: who leads a leaf may appraise it and rule on what is explained of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.criteria.sets import step_named
from store.queries.rights import LED, obligation_resource
from store.queries.scores import sheet_at

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Step
    from evaluation.rights import Resource
    from store.session import Store
    from store.years import Year


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
    steps = {node: step_named(unit.sheet.scope.criteria, node) for node in nodes}
    return {node: leaf_resource(year, whole, step, on=today) for node, step in steps.items()}


def leaf_resource(year: Year, whole: Resource, step: Step | None, *, on: date) -> Resource:
    """Return a leaf of what an obligation is about as far as rights go, on a day; None: a leaf that is not there is led by nobody."""
    if whole.kind not in LED:
        return whole
    lead = step.lead_on(on) if step is not None else None
    party = year.people.ids.get(lead.party) if lead is not None else None
    field = (*step.above, step.node)[0].key if step is not None else ""
    return replace(whole, leads=frozenset() if party is None else frozenset({party}), field=field)
