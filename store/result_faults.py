"""Whether results are what the journal says: settings and editions by their digests, exemptions and rewards one by one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from store.schema import EDITION, EXEMPTION, JOURNAL, RESULT_RULES, REWARD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_SAID = ("exempt", "end-exemption", "set-result-rules", "publish-results", "reward", "end-reward")
_Said = list[tuple[str, int | None, dict[str, Any]]]


def result_faults(connection: Connection, authority: int) -> Iterator[str]:
    """Yield a sentence for each edition, setting, exemption and reward of an authority that differs from its journal."""
    query = select(JOURNAL.c.action, JOURNAL.c.cycle_id, JOURNAL.c.payload).where(JOURNAL.c.authority_id == authority)
    said = [
        (row.action, row.cycle_id, orjson.loads(row.payload))
        for row in connection.execute(query.where(JOURNAL.c.action.in_(_SAID)).order_by(JOURNAL.c.number))
    ]
    yield from _of_editions(connection, authority, said)
    yield from _of_rules(connection, authority, said)
    yield from _of_exemptions(connection, authority, said)
    yield from _of_rewards(connection, authority, said)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _of_editions(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {(cycle, facts["number"]): facts["sha256"] for action, cycle, facts in said if action == "publish-results"}
    there = {}
    for row in connection.execute(select(EDITION).where(EDITION.c.authority_id == authority)):
        there[row.cycle_id, row.number] = row.sha256
        if _digest(row.content) != row.sha256:
            yield f"edition {row.number} of cycle {row.cycle_id} was changed: its bundle no longer gives its hash"
    yield from _differences("edition", told, there)


def _of_rules(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {(facts["rules"],): facts["sha256"] for action, _, facts in said if action == "set-result-rules"}
    rows = connection.execute(select(RESULT_RULES.c.id, RESULT_RULES.c.content).where(RESULT_RULES.c.authority_id == authority))
    yield from _differences("setting of results", told, {(row.id,): _digest(row.content) for row in rows})


def _of_exemptions(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {
        (facts["exemption"],): [facts["unit"], facts["node"], facts["reason"], facts["approver"], facts["document"], ""]
        for action, _, facts in said
        if action == "exempt"
    }
    for action, _, facts in said:
        if action == "end-exemption" and (facts["exemption"],) in told:
            told[facts["exemption"],][-1] = facts["reason"]
    rows = connection.execute(select(EXEMPTION).where(EXEMPTION.c.authority_id == authority))
    there = {(row.id,): [row.party_id, row.node, row.reason, row.approver_id, row.document, row.ended_why] for row in rows}
    yield from _differences("exemption", told, there)


def _of_rewards(connection: Connection, authority: int, said: _Said) -> Iterator[str]:
    told = {
        (facts["reward"],): [facts["unit"], facts["kind"], facts["form"], facts["decision"], ""]
        for action, _, facts in said
        if action == "reward"
    }
    for action, _, facts in said:
        if action == "end-reward" and (facts["reward"],) in told:
            told[facts["reward"],][-1] = facts["reason"]
    rows = connection.execute(select(REWARD).where(REWARD.c.authority_id == authority))
    there = {(row.id,): [row.party_id, row.kind, row.form, row.decision, row.ended_why] for row in rows}
    yield from _differences("reward", told, there)


def _differences(what: str, told: dict[Any, Any], there: dict[Any, Any]) -> Iterator[str]:
    for key in sorted(told.keys() | there.keys(), key=str):
        if told.get(key) != there.get(key):
            yield f"{what} {'/'.join(map(str, key))} differs from its journal"
