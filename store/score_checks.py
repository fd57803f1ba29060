"""
What `verify` asks of sheets: rows, history and journal tell the same, what was handed in is what its digest says, exemptions are journaled.

Each finding is one sentence that names the row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.kinds import StageKind
from store.schema import EXEMPTION, JOURNAL, OBLIGATION, REPORT_SUBMISSION, SCORE, SCORE_CHANGE
from store.score_changes import leaf_digest
from store.scores import COLUMNS, OF_SHEETS, sheet_digest, sheet_party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row

    from store.years import Year

#: What the journal calls an act that changes leaves.
ACTS = (
    "score",
    "take-over-scores",
    "appraise",
    "confirm-score",
    "claim-leaf",
    "return-leaf",
    "explain",
    "rule-on-explanation",
    "settle-scores",
)
_TOLD = (*ACTS, "attach", "withdraw-evidence", "submit")
#: Of one leaf at one version: what, old, new, why.
Changes = list[tuple[str, str, str, str]]
#: Unit, leaf, version.
Place = tuple[int, str, int]


@dataclass(kw_only=True)
class _Retold:
    """The sheets of a cycle as the journal builds them, entry by entry."""

    changes: dict[Place, Changes]
    units: dict[int, tuple[StageKind, int]]  #: by obligation: kind of its stage, and the unit whose sheet it is about
    kept: frozenset[tuple[int, int]]  #: obligation and move of submissions that are reports
    values: dict[int, dict[str, dict[str, str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    evidence: dict[int, dict[int, tuple[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    seen: set[Place] = field(default_factory=set)

    def take(self, row: Row[Any]) -> Iterator[str]:
        """Take one entry; yield what it and the history do not agree in."""
        payload = orjson.loads(row.payload)
        if row.action in ACTS:
            yield from self._changed(row, payload)
        elif row.action == "submit":
            yield from self._handed_in(row, payload)
        elif row.obligation_id in self.units and self.units[row.obligation_id][0] is StageKind.SELF_ASSESSMENT:
            files = self.evidence[self.units[row.obligation_id][1]]
            if row.action == "attach" and payload.get("item"):
                files[payload["evidence"]] = (payload["item"], payload["sha256"])
            elif row.action == "withdraw-evidence":
                files.pop(payload["evidence"], None)

    def _changed(self, row: Row[Any], payload: dict[str, Any]) -> Iterator[str]:
        for node, version, digest in payload["leaves"]:
            place = (payload["unit"], node, version)
            own = self.changes.get(place, [])
            self.seen.add(place)
            if leaf_digest(own) != digest:
                yield f"the history of leaf {node} of unit {place[0]}, version {version}, differs from entry {row.number}"
            for what, _, new, why in own:
                self.values[place[0]][node][what] = new
                if what == "ruling":
                    self.values[place[0]][node]["why"] = why

    def _handed_in(self, row: Row[Any], payload: dict[str, Any]) -> Iterator[str]:
        digest = next((one["report"] for one in payload.get("actions", ()) if one.get("report")), "")
        if not digest or row.obligation_id not in self.units or (row.obligation_id, row.move) in self.kept:
            return
        unit = self.units[row.obligation_id][1]
        files: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for _, (item, sha256) in sorted(self.evidence[unit].items()):
            files[item] += (sha256,)
        if sheet_digest(self.values[unit], files) != digest:
            yield f"the sheet handed in by move {row.move} of obligation {row.obligation_id} is not what its digest says"


def score_faults(connection: Connection, year: Year) -> Iterator[str]:
    """Yield every way in which the sheets of a cycle do not hold."""
    retold = _Retold(changes=_changes(connection, year.cycle), units=_units(connection, year), kept=_reports(connection, year.cycle))
    query = select(JOURNAL.c.number, JOURNAL.c.action, JOURNAL.c.obligation_id, JOURNAL.c.move, JOURNAL.c.payload)
    told = query.where(JOURNAL.c.cycle_id == year.cycle, JOURNAL.c.action.in_(_TOLD)).order_by(JOURNAL.c.number)
    for row in connection.execute(told):
        try:
            yield from retold.take(row)
        except (AttributeError, KeyError, TypeError, ValueError):  # a damaged payload: the chain says so
            continue
    for unit, node, version in sorted(retold.changes.keys() - retold.seen):
        yield f"the history of leaf {node} of unit {unit}, version {version}, is nowhere in the journal"
    yield from _against_rows(connection, year.cycle, retold)
    yield from _exemptions(connection, year.cycle)


def _changes(connection: Connection, cycle: int) -> dict[Place, Changes]:
    names = ("party_id", "node", "version", "what", "old", "new", "why")
    query = select(*(SCORE_CHANGE.c[name] for name in names)).where(SCORE_CHANGE.c.cycle_id == cycle).order_by(SCORE_CHANGE.c.id)
    found: dict[Place, Changes] = defaultdict(list)
    for party, node, version, what, old, new, why in connection.execute(query):
        found[party, node, version].append((what, old, new, why))
    return dict(found)


def _units(connection: Connection, year: Year) -> dict[int, tuple[StageKind, int]]:
    stages = [ref.id for ref in year.stages.values() if ref.kind in OF_SHEETS]
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.party_id, OBLIGATION.c.subject)
    found = {}
    for row in connection.execute(query.where(OBLIGATION.c.stage_id.in_(stages))):
        unit = sheet_party(year, year.stages[row.stage_id], party=row.party_id, subject=row.subject)
        if unit is not None:
            found[row.id] = (year.stages[row.stage_id].kind, unit)
    return found


def _reports(connection: Connection, cycle: int) -> frozenset[tuple[int, int]]:
    query = select(REPORT_SUBMISSION.c.obligation_id, REPORT_SUBMISSION.c.move)
    rows = connection.execute(
        query.join(OBLIGATION, OBLIGATION.c.id == REPORT_SUBMISSION.c.obligation_id).where(OBLIGATION.c.cycle_id == cycle)
    )
    return frozenset((row.obligation_id, row.move) for row in rows)


def _against_rows(connection: Connection, cycle: int, retold: _Retold) -> Iterator[str]:
    last: dict[tuple[int, str], int] = {}
    for unit, node, version in retold.seen:
        last[unit, node] = max(version, last.get((unit, node), 0))
    for row in connection.execute(select(SCORE).where(SCORE.c.cycle_id == cycle).order_by(SCORE.c.party_id, SCORE.c.node)):
        values, wrong = retold.values[row.party_id][row.node], []
        if last.pop((row.party_id, row.node), 0) != row.version:
            wrong.append("version")
        wrong += [what for what, column in COLUMNS.items() if (getattr(row, column) or "") != values.get(what, "")]
        if str(row.claimed_by or "") != values.get("claim", ""):
            wrong.append("claim")
        if row.answers != bool(values.get("ruling")) or (
            values.get("ruling") in {"accepted", "refused"} and row.ruling_why != values["why"]
        ):
            wrong.append("ruling")
        if wrong:
            yield f"leaf {row.node} of unit {row.party_id} differs from its history in {', '.join(dict.fromkeys(wrong))}"
    for unit, node in sorted(last):
        yield f"leaf {node} of unit {unit} is in the history and nowhere else"


def _exemptions(connection: Connection, cycle: int) -> Iterator[str]:
    query = select(JOURNAL.c.action, JOURNAL.c.payload).where(
        JOURNAL.c.cycle_id == cycle, JOURNAL.c.action.in_(["exempt", "end-exemption"])
    )
    told: dict[str, dict[int, dict[str, Any]]] = {"exempt": {}, "end-exemption": {}}
    for row in connection.execute(query):
        payload = orjson.loads(row.payload)
        told[row.action][payload["exemption"]] = payload
    for row in connection.execute(select(EXEMPTION).where(EXEMPTION.c.cycle_id == cycle).order_by(EXEMPTION.c.id)):
        said = told["exempt"].pop(row.id, {})
        if (said.get("unit"), said.get("node")) != (row.party_id, row.node) or (row.ended_at is not None) != (
            row.id in told["end-exemption"]
        ):
            yield f"exemption {row.id} differs from its journal"
    for ident in sorted(told["exempt"]):
        yield f"exemption {ident} is in the journal and nowhere else"
