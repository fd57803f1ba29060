"""Units with scores, for the tests of results: a small set pinned for a group, its leaves scored in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.criteria_files import ReadCriteria
from evaluation.actions import Remark
from evaluation.criteria.checks import findings_of
from evaluation.criteria.sets import CriteriaSet, Decision, Method, Node, Scoring
from store.commands.criteria.pinning import pin
from store.commands.criteria.versions import take_in
from store.lives import read_by_id
from store.schema import OBLIGATION
from store.score_changes import HeldSheet, keep
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from evaluation.scores.sheets import Entry
    from store.session import Store

DECIDED = Decision(number="12/QĐ-UBND", dated=date(2025, 1, 3), issuer="UBND thử")


#: By unit and leaf: the unit's own score, the appraised, the final one.
Scores = Mapping[str, Mapping[str, tuple[str | None, str | None, str | None]]]


def leaf(key: str, maximum: str = "10", method: Method = Method.POINTS) -> Node:
    return Node(key=key, title=f"Tiêu chí {key}", maximum=Decimal(maximum), scoring=Scoring(method=method))


def small_criteria(*, key: str = "thu") -> CriteriaSet:
    """Two fields of 20 and 10 points, three leaves."""
    first = Node(key="1", title="Chỉ đạo điều hành", maximum=Decimal(20), children=(leaf("1.1"), leaf("1.2")))
    return CriteriaSet(key=key, title="Bộ thử", decision=DECIDED, fields=(first, leaf("2")))


def pin_small(store: Store, cycle: int, *, now: datetime, group: str = "xa", criteria: CriteriaSet | None = None) -> None:
    """Take the set in and pin it for a group."""
    made = criteria or small_criteria()
    with store.transaction(now=now) as transaction:
        take_in(transaction, 1, ReadCriteria(criteria=made, findings=findings_of(made), misfits=()), accept="thử")
        pin(store, transaction, cycle, group=group, name=made.key, remark=Remark())


def score(store: Store, cycle: int, scores: Scores, *, now: datetime) -> None:
    """Write scores as they stand, by unit and leaf, with their history."""
    with store.transaction(now=now) as transaction:
        connection = transaction.connection
        year = load_year(store, connection, cycle, now=now)
        first = connection.execute(select(OBLIGATION.c.id).where(OBLIGATION.c.cycle_id == cycle).limit(1)).scalar_one()
        (course,) = read_by_id(connection, [first])
        for unit, own in scores.items():
            sheet = read_sheet(store, connection, year, year.people.ids[unit])
            assert sheet is not None
            held = HeldSheet(year=year, ref=year.stage(course.stage), obligation=course, unit=sheet)
            given = {node: _entry(sheet.sheet.entry(node), three) for node, three in own.items()}
            keep(transaction, held, replace(sheet.sheet, entries={**sheet.sheet.entries, **given}), action="score")


def _entry(entry: Entry, three: tuple[str | None, str | None, str | None]) -> Entry:
    self_score, appraised, final = (None if one is None else Decimal(one) for one in three)
    return replace(entry, self_score=self_score, appraised=appraised, final=final)
