"""
Sheets as stored: a unit's leaves as they stand, read as the rules see them, and what is frozen of them when they are handed in.

A self-assessment, an appraisal and an explanation are about one and the same sheet: that of a unit in a cycle. A unit has one where the
plan takes the items of its self-assessment from the criteria and the cycle uses a set for its group.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.plans import ItemsFrom
from evaluation.scores.exemptions import Exemption, Scope
from evaluation.scores.handing_in import charged_leaves
from evaluation.scores.numbers import number_written
from evaluation.scores.sheets import Entry, Explanation, Ruling, Sheet
from evaluation.scores.typing_in import given_read, given_text
from store.criteria import load_criteria, pinned_versions
from store.queries.rights import unit_about
from store.schema import EVIDENCE, EXEMPTION, OBLIGATION, SCORE, SCORE_CHANGE, STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.criteria.sets import Step
    from evaluation.obligations import Obligation
    from store.session import Store
    from store.years import StageRef, Year

#: Kinds of stages in which sheets are worked on.
OF_SHEETS = frozenset({StageKind.SELF_ASSESSMENT, StageKind.APPRAISAL, StageKind.EXPLANATION})
#: What a row keeps of a leaf, as the history names it → the column.
COLUMNS = {
    "self": "self_score",
    "given": "given",
    "appraised": "appraised",
    "final": "final",
    "explanation": "explanation",
    "ruling": "ruling",
    "remark": "remark",
    "returned": "returned",
}
#: What is frozen when a sheet is handed in: what people said of the leaves, not whose hands they are in.
_FROZEN = ("self", "given", "appraised", "final", "explanation", "ruling", "remark")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who is at a leaf (contact), since when."""

    contact: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class UnitSheet:
    """A unit's sheet in a cycle as it stands."""

    cycle: int
    party: int  #: the unit
    criteria: int  #: id of the version
    sheet: Sheet
    versions: Mapping[str, int] = field(default_factory=dict)  #: by leaf; of one that nobody has touched there is none
    claims: Mapping[str, Claim] = field(default_factory=dict)

    def version(self, node: str) -> int:
        """Return how often a leaf was changed."""
        return self.versions.get(node, 0)


def has_sheet(year: Year, party: int) -> bool:
    """Return whether a unit scores itself in a year."""
    return scores_itself(year) and bool(year.leaves.get(year.people.group(party)))


def scores_itself(year: Year) -> bool:
    """Return whether the plan takes the items of a self-assessment from the criteria."""
    return any(ref.kind is StageKind.SELF_ASSESSMENT and ref.line.items_from is ItemsFrom.CRITERIA for ref in year.stages.values())


def sheet_party(year: Year, ref: StageRef, *, party: int, subject: str) -> int | None:
    """Return the unit whose sheet an obligation is about; None if it is about none."""
    if ref.kind not in OF_SHEETS or (ref.kind is StageKind.SELF_ASSESSMENT and ref.line.items_from is not ItemsFrom.CRITERIA):
        return None
    unit = year.people.ids.get(unit_about(subject, line=ref.line)) if ref.kind is StageKind.APPRAISAL else party
    return unit if unit is not None and has_sheet(year, unit) else None


def sheet_of(store: Store, connection: Connection, year: Year, obligation: Obligation) -> UnitSheet | None:
    """Return the sheet that an obligation is about, as it stands; None if it is about none."""
    unit = sheet_party(year, year.stage(obligation.stage), party=obligation.party, subject=obligation.subject)
    return None if unit is None else read_sheet(store, connection, year, unit)


def read_sheet(store: Store, connection: Connection, year: Year, party: int) -> UnitSheet | None:
    """Return a unit's sheet as it stands; None if no criteria are used for its group."""
    group = year.people.group(party)
    version = pinned_versions(connection, year.cycle).get(group)
    if version is None:
        return None
    unit = next(key for key, ident in year.people.ids.items() if ident == party)
    rows = connection.execute(select(SCORE).where(SCORE.c.cycle_id == year.cycle, SCORE.c.party_id == party)).all()
    evidence = evidence_by_leaf(connection, year.cycle, party)
    entries = {row.node: _entry(row, evidence=evidence.get(row.node, ())) for row in rows}
    entries |= {node: Entry(node=node, evidence=files) for node, files in evidence.items() if node not in entries}
    scope = Scope(
        cycle=str(year.cycle),
        unit=unit,
        criteria=load_criteria(store, connection, version),
        group=group,
        exemptions=exemptions_of(connection, year.cycle, unit=unit, party=party),
    )
    return UnitSheet(
        cycle=year.cycle,
        party=party,
        criteria=version,
        sheet=Sheet(scope=scope, entries=entries),
        versions={row.node: row.version for row in rows},
        claims={row.node: Claim(contact=row.claimed_by, at=row.claimed_at) for row in rows if row.claimed_by is not None},
    )


def charged_of(year: Year, unit: UnitSheet, appraisal: Obligation, *, now: datetime) -> tuple[Step, ...]:
    """Return the leaves that an appraisal is to score, at a moment: those that who owes it leads; all, where it leads none."""
    owing = next((key for key, ident in year.people.ids.items() if ident == appraisal.party), "")
    return charged_leaves(unit.sheet, owing, on=year.rulebook.calendar.local_date(now))


def evidence_by_leaf(connection: Connection, cycle: int, party: int) -> dict[str, tuple[str, ...]]:
    """Return the digests of the files that a unit has handed in for each leaf with its self-assessment, in their order."""
    query = (
        select(EVIDENCE.c.item, EVIDENCE.c.sha256)
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.party_id == party, STAGE.c.kind == StageKind.SELF_ASSESSMENT.value)
        .where(EVIDENCE.c.withdrawn_at.is_(None), EVIDENCE.c.item != "")
    )
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in connection.execute(query.order_by(EVIDENCE.c.id)):
        found[row.item] += (row.sha256,)
    return found


def exemptions_of(connection: Connection, cycle: int, *, unit: str, party: int) -> tuple[Exemption, ...]:
    """Return what a unit is exempt from in a cycle now."""
    query = select(EXEMPTION).where(EXEMPTION.c.cycle_id == cycle, EXEMPTION.c.party_id == party, EXEMPTION.c.ended_at.is_(None))
    return tuple(_exemption(row, unit=unit) for row in connection.execute(query.order_by(EXEMPTION.c.id)))


def scopes_of(store: Store, connection: Connection, year: Year) -> dict[str, Scope]:
    """Return what every unit that has a sheet is measured by in a cycle, by its key; a few queries, however many units."""
    criteria = {group: load_criteria(store, connection, version) for group, version in pinned_versions(connection, year.cycle).items()}
    query = select(EXEMPTION).where(EXEMPTION.c.cycle_id == year.cycle, EXEMPTION.c.ended_at.is_(None)).order_by(EXEMPTION.c.id)
    exempt: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        exempt[row.party_id].append(row)
    return {
        unit: Scope(
            cycle=str(year.cycle),
            unit=unit,
            criteria=criteria[group],
            group=group,
            exemptions=tuple(_exemption(row, unit=unit) for row in exempt[party]),
        )
        for unit, party in year.people.ids.items()
        if (group := year.people.group(party)) in criteria and has_sheet(year, party)
    }


def _exemption(row: Row[Any], *, unit: str) -> Exemption:
    cycle, approver = str(row.cycle_id), f"c{row.approver_id or 0}"
    return Exemption(cycle=cycle, unit=unit, node=row.node, reason=row.reason, approver=approver, document=row.document)


def _entry(row: Row[Any], *, evidence: tuple[str, ...]) -> Entry:
    explanation = None
    if row.explanation:
        ruling = Ruling(row.ruling) if row.answers else Ruling.OPEN
        explanation = Explanation(text=row.explanation, answers=row.answers, ruling=ruling, why=row.ruling_why)
    return Entry(
        node=row.node,
        given=given_read(row.given),
        self_score=_number(row.self_score),
        appraised=_number(row.appraised),
        final=_number(row.final),
        explanation=explanation,
        evidence=evidence,
        remark=row.remark,
        returned=row.returned,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def values_of(entry: Entry) -> dict[str, str]:
    """Return what a row keeps of a leaf as text, by what the history calls it; empty: not yet."""
    explanation = entry.explanation
    return {
        "self": _written(entry.self_score),
        "given": given_text(entry.given),
        "appraised": _written(entry.appraised),
        "final": _written(entry.final),
        "explanation": explanation.text if explanation is not None else "",
        "ruling": explanation.ruling.value if explanation is not None and explanation.answers else "",
        "remark": entry.remark,
        "returned": entry.returned,
    }


def _written(points: Decimal | None) -> str:
    return "" if points is None else number_written(points)


def sheet_digest(leaves: Mapping[str, Mapping[str, str]], evidence: Mapping[str, tuple[str, ...]]) -> str:
    """Return the SHA-256 by which the journal knows a sheet as it was handed in: values by leaf and what, files by leaf."""
    said = {node: {what: values[what] for what in _FROZEN if values.get(what)} for node, values in leaves.items()}
    whole = {
        "leaves": {node: values for node, values in said.items() if values},
        "evidence": {key: list(one) for key, one in evidence.items()},
    }
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


def digest_as_it_stands(unit: UnitSheet) -> str:
    """Return the digest of a sheet as it stands."""
    entries = unit.sheet.entries
    evidence = {node: entry.evidence for node, entry in entries.items() if entry.evidence}
    return sheet_digest({node: values_of(entry) for node, entry in entries.items()}, evidence)


def judges_of(connection: Connection, unit: UnitSheet) -> dict[str, tuple[int | None, ...]]:
    """Return who stands behind the appraised score of each leaf: who gave it, and then who confirmed it (contacts)."""
    query = select(SCORE_CHANGE.c.node, SCORE_CHANGE.c.old, SCORE_CHANGE.c.new, SCORE_CHANGE.c.contact_id)
    mine = (SCORE_CHANGE.c.cycle_id == unit.cycle) & (SCORE_CHANGE.c.party_id == unit.party) & (SCORE_CHANGE.c.what == "appraised")
    found: dict[str, tuple[int | None, ...]] = {}
    for row in connection.execute(query.where(mine).order_by(SCORE_CHANGE.c.id)):
        found[row.node] = (*found.get(row.node, ()), row.contact_id) if row.old == row.new else (row.contact_id,)
    return found


def confirmed_leaves(connection: Connection, unit: UnitSheet) -> frozenset[str]:
    """Return the leaves whose appraised score a second appraiser has confirmed."""
    return frozenset(node for node, judges in judges_of(connection, unit).items() if len(set(judges)) > 1)
