"""What every act of improvement begins with: the plan's lines that speak of it, who leads what, and who owes a thing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from evaluation.improvement.leading import leads_on
from store.queries.criteria import PUBLISHED, versions_of
from store.refusals import RefusalError
from store.schema import JOURNAL, OBLIGATION

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy import Connection

    from evaluation.criteria.sets import Step
    from evaluation.improvement.settings import Improving, WeakOf
    from store.queries.criteria import VersionLine
    from store.years import StageRef, Year


class ImprovementError(RefusalError):
    """Something about weak criteria, measures or leads cannot be so: why, and what to do."""


def improving(year: Year) -> dict[int, Improving]:
    """Return what the plan says of improvement, by stage."""
    return {ref.id: ref.line.improvement for ref in year.stages.values() if ref.line.improvement is not None}


def weak_stage(year: Year, whose: WeakOf) -> StageRef | None:
    """Return the stage in which weak criteria of units, or of the province, are owed; None: the plan has none."""
    return next((year.stages[stage] for stage, settings in improving(year).items() if settings.weak is whose), None)


def followed_version(connection: Connection, authority: int, key: str) -> VersionLine | None:
    """Return the newest published version of a criteria set; None: there is none."""
    return next((one for one in versions_of(connection, authority, key=key) if one.state == PUBLISHED), None)


def lead_parties(year: Year, steps: tuple[Step, ...], *, day: date) -> dict[str, int | None]:
    """Return who leads each node on a day, by the node's key; None where nobody does."""
    return {key: year.people.ids.get(lead) if lead else None for key, lead in leads_on(steps, day=day).items()}


def heirs_of(connection: Connection, obligations: Collection[int]) -> dict[int, int]:
    """Return the obligation that each has become: itself, or that of whoever it was passed to, one after another."""
    now = {one: one for one in obligations}
    passed = dict(_passed_on(connection, set(now.values())))
    while passed:
        now = {one: passed.get(there, there) for one, there in now.items()}
        passed = {old: new for old, new in _passed_on(connection, set(passed.values())).items() if new != old}
    return now


def _passed_on(connection: Connection, obligations: Collection[int]) -> dict[int, int]:
    """Return what the last hand-over of each of those that were handed over led to."""
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.subject, JOURNAL.c.payload).join(
        JOURNAL, (JOURNAL.c.authority_id == OBLIGATION.c.authority_id) & (JOURNAL.c.obligation_id == OBLIGATION.c.id)
    )
    transferred = (OBLIGATION.c.id.in_(obligations)) & (OBLIGATION.c.state == "transferred") & (JOURNAL.c.action == "transfer")
    found: dict[int, int] = {}
    for row in connection.execute(query.where(transferred).order_by(JOURNAL.c.number)).all():
        to = next((int(action["to"]) for action in orjson.loads(row.payload)["actions"] if action["do"] == "hand-over"), 0)
        same = (OBLIGATION.c.stage_id == row.stage_id) & (OBLIGATION.c.party_id == to) & (OBLIGATION.c.subject == row.subject)
        heir = connection.execute(select(OBLIGATION.c.id).where(same)).scalar_one_or_none()
        if heir is not None:
            found[row.id] = heir
    return found
