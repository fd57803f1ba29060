"""Whether criteria are what the journal says: versions by their digest, leads and pins one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from store.commands.criteria.versions import lead_facts
from store.criteria import digest_of
from store.journal import said_of
from store.schema import CRITERIA_LEAD, CRITERIA_PIN, CRITERIA_SET, CRITERIA_VERSION, CYCLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_SAID = ("import-criteria", "correct-criteria", "lead-criteria", "pin-criteria")


def criteria_faults(connection: Connection, authority: int) -> Iterator[str]:
    """Yield a sentence for each version, lead and pin of an authority that differs from its journal."""
    said = said_of(connection, authority, _SAID)
    yield from _of_versions(connection, authority, said)
    yield from _of_leads(connection, authority, said)
    yield from _of_pins(connection, authority, said)


_Said = list[tuple[str, int | None, dict[str, Any]]]


def _of_versions(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {(payload["set"], payload["number"]): payload["sha256"] for action, _, payload in said if "sha256" in payload}
    query = select(CRITERIA_VERSION.c.set_id, CRITERIA_VERSION.c.number, CRITERIA_VERSION.c.content, CRITERIA_VERSION.c.sha256)
    rows = connection.execute(
        query.join(CRITERIA_SET, CRITERIA_SET.c.id == CRITERIA_VERSION.c.set_id).where(CRITERIA_SET.c.authority_id == authority)
    ).all()
    for row in rows:
        if not digest_of(row.content) == row.sha256 == told.get((row.set_id, row.number)):
            yield f"version {row.number} of criteria set {row.set_id} is not the one that the journal knows"
    there = {(row.set_id, row.number) for row in rows}
    for set_id, number in sorted(told.keys() - there):
        yield f"version {number} of criteria set {set_id} is in the journal and nowhere else"


def _of_leads(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told: dict[int, list[list[object]]] = {}
    for action, _, payload in said:
        if "leads" in payload:
            before = [] if action == "import-criteria" else told.get(payload["set"], [])
            told[payload["set"]] = before + payload["leads"]
    rows = connection.execute(
        select(CRITERIA_LEAD)
        .join(CRITERIA_SET, CRITERIA_SET.c.id == CRITERIA_LEAD.c.set_id)
        .where(CRITERIA_SET.c.authority_id == authority)
        .order_by(CRITERIA_LEAD.c.id)
    )
    there: dict[int, list[list[object]]] = {}
    for row in rows:
        there.setdefault(row.set_id, []).append(lead_facts(row.node, row.party_id, row.from_on, row.to_on))
    for set_id in sorted(told.keys() | there.keys()):
        if told.get(set_id, []) != there.get(set_id, []):
            yield f"the leads of criteria set {set_id} differ from its journal"


def _of_pins(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {(cycle, p["group"], p["number"], p["version"]) for action, cycle, p in said if action == "pin-criteria"}
    columns = (CRITERIA_PIN.c.cycle_id, CRITERIA_PIN.c.unit_group, CRITERIA_PIN.c.number, CRITERIA_PIN.c.version_id)
    query = select(*columns).join(CYCLE, CYCLE.c.id == CRITERIA_PIN.c.cycle_id).where(CYCLE.c.authority_id == authority)
    there = set(connection.execute(query).tuples())
    for cycle, group, number, _ in sorted(told ^ there, key=str):
        yield f"pin {number} of cycle {cycle} for {group} differs from its journal"
