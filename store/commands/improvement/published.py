"""
Weak criteria of a published edition: what was weak in it becomes obligations by the same command that takes a file of results in.

Each leaf that counts is handed over with what it reached; which of them are weak is the plan's rule (`improvement: {weak: units, low: …}`).
What the cycle has taken in before is passed over, so that asking again, or a correction of the edition, raises nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.improvement.settings import WeakOf
from evaluation.improvement.weak import Result
from evaluation.scores.numbers import HUNDRED
from store.commands.improvement.lines import ImprovementError, weak_stage
from store.commands.improvement.taken import BY_PLAN, TakenIn, Until, require_in_time
from store.commands.improvement.weak import take_weak, weak_known
from store.queries.editions import NoSuchEditionError, bundle_of_edition, edition_before, edition_hashed, weak_of
from store.queries.rights import cycle_resource
from store.schema import CYCLE
from store.years import RUNNING, load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from store.queries.editions import PublishedLine
    from store.session import Store, Transaction

#: Above whatever a leaf can reach: every leaf that counts is looked at.
_ALL = HUNDRED + 1


@dataclass(frozen=True, kw_only=True)
class PublishedResults:
    """What the leaves of an edition reached, to be taken in by a cycle."""

    edition: PublishedLine
    by_set: Mapping[str, tuple[Result, ...]]  #: by `key/version` of the criteria set
    left: tuple[str, ...]  #: keys of units of the edition who owe nothing in the plan's line, and left no successor who does


def published_results(store: Store, connection: Connection, cycle: int, *, sha256: str = "", now: datetime) -> PublishedResults:
    """
    Return what the leaves of an edition reached; without `sha256` of the latest published up to the cycle's year.

    Raises:
        NoSuchCycleError, NoSuchEditionError: there is none; the edition is another authority's.
        ImprovementError: the plan of the cycle has no stage for weak criteria of units.

    """
    authority = cycle_resource(connection, cycle).authority
    year = load_year(store, connection, cycle, now=now)
    if weak_stage(year, WeakOf.UNITS) is None:
        vi = "kế hoạch của chu kỳ không có công đoạn `improvement: {weak: units}` để giao khắc phục; chọn chu kỳ khác"
        en = "the cycle's plan has no stage `improvement: {weak: units}` in which weak criteria are owed; choose another cycle"
        raise ImprovementError(vi, en, field="stage")
    edition = edition_hashed(connection, sha256) if sha256 else edition_before(connection, authority, year.evaluated)
    if edition.authority_id != authority:
        raise NoSuchEditionError(sha256)
    bundle = bundle_of_edition(connection, edition.id)
    sets = {unit["unit"]: str(unit["criteria"]) for unit in bundle["units"]}
    may = {name: set(weak_known(store, connection, cycle, name, now=now).units.values()) for name in sorted(set(sets.values()))}
    reached = {unit: some for unit, some in weak_of(bundle, below=_ALL).items() if unit in may[sets[unit]]}
    found: dict[str, list[Result]] = {}
    for unit, some in reached.items():
        found.setdefault(sets[unit], []).extend(
            Result(unit=unit, criterion=one.node, points=one.points, maximum=one.maximum) for one in some if one.maximum > 0
        )
    left = tuple(unit for unit in sets if unit not in reached)
    return PublishedResults(edition=edition, by_set={name: tuple(some) for name, some in found.items()}, left=left)


def take_published(store: Store, transaction: Transaction, cycle: int, *, results: PublishedResults, until: Until = BY_PLAN) -> TakenIn:
    """Turn what was weak in an edition into obligations of a cycle, each owed by its unit; raises as `take_weak` does."""
    anyway = replace(until, accept_late=True)  # of all together it is said at the end
    done = [
        take_weak(store, transaction, cycle, some, criteria=name, edition=results.edition.sha256, until=anyway)
        for name, some in results.by_set.items()
    ]
    require_in_time([line for one in done for line in one.raised], until)
    return TakenIn(
        raised=tuple(line for one in done for line in one.raised),
        strong=sum(one.strong for one in done),
        known=sum(one.known for one in done),
    )


@dataclass(frozen=True, kw_only=True)
class Place:
    """A cycle in which weak criteria of units may be owed."""

    cycle: int
    title: str
    title_en: str
    year: int


def places_for(store: Store, connection: Connection, authority: int, *, since: int, now: datetime) -> list[Place]:
    """Return the cycles of an authority under way, of that evaluated year or later, whose plan has a line for them; the latest first."""
    query = CYCLE.select().where(
        CYCLE.c.authority_id == authority, CYCLE.c.year >= since, CYCLE.c.state.in_([one.value for one in RUNNING])
    )
    rows = connection.execute(query.order_by(CYCLE.c.year.desc(), CYCLE.c.id.desc())).all()
    return [
        Place(cycle=row.id, title=row.title, title_en=row.title_en, year=row.year)
        for row in rows
        if weak_stage(load_year(store, connection, row.id, now=now), WeakOf.UNITS) is not None
    ]
