"""What the criteria that are improved are called, by the set that each was taken in with, else by the one that its leads follow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.criteria.sets import walk
from store.commands.improvement.lines import followed_version
from store.criteria import load_criteria
from store.schema import CYCLE, WEAK_CRITERION
from store.years import load_plan_version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class CriterionTitles:
    """Titles of criteria, by cycle and number."""

    #: By cycle and number: title by unit, None: of the province and of leads.
    found: Mapping[tuple[int, str], Mapping[int | None, str]] = field(default_factory=dict)

    def of(self, cycle: int, criterion: str, *, party: int | None = None) -> str:
        """Return what a criterion is called for who answers for it; where sets differ and nothing says which it is, nothing."""
        titles = self.found.get((cycle, criterion), {})
        every = set(titles.values())
        return titles.get(party) or (every.pop() if len(every) == 1 else "")


def criterion_titles(store: Store, connection: Connection, cycles: Collection[int]) -> CriterionTitles:
    """Return what the criteria that are improved in some cycles are called; each set is read once."""
    rows = connection.execute(select(CYCLE.c.id, CYCLE.c.authority_id, CYCLE.c.plan_version).where(CYCLE.c.id.in_(sorted(cycles))))
    titles: dict[int, Mapping[str, str]] = {}
    found: dict[tuple[int, str], dict[int | None, str]] = defaultdict(dict)
    for row in rows.all():
        plan, _ = load_plan_version(store, connection, cycle=row.id, number=row.plan_version)
        keys = {stage.improvement.leads_of for stage in plan.stages if stage.improvement is not None and stage.improvement.leads_of}
        for key in sorted(keys):
            line = followed_version(connection, row.authority_id, key)
            for node, title in _titles(store, connection, line.id, titles).items() if line is not None else ():
                found[row.id, node][None] = title
    columns = (WEAK_CRITERION.c[name] for name in ("cycle_id", "unit_id", "criterion", "version_id"))
    for row in connection.execute(select(*columns).where(WEAK_CRITERION.c.cycle_id.in_(sorted(cycles)))).all():
        found[row.cycle_id, row.criterion][row.unit_id] = _titles(store, connection, row.version_id, titles).get(row.criterion, "")
    return CriterionTitles(found=dict(found))


def _titles(store: Store, connection: Connection, version: int, known: dict[int, Mapping[str, str]]) -> Mapping[str, str]:
    if version not in known:
        known[version] = {step.node.key: step.node.title for step in walk(load_criteria(store, connection, version))}
    return known[version]
