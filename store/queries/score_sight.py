"""Who sees appraised scores before they are told to the unit: whoever appraises it, runs the year or oversees it; of the unit nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.rights import decide
from evaluation.rights_table import Action
from evaluation.scores.showing import ScoresShown, as_its_unit_sees, is_shown
from store.queries.rights import cycle_resource, obligation_resources
from store.results import editions_of, rules_of
from store.schema import OBLIGATION, STAGE
from store.scores import sheet_party

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.rights import ActorFacts
    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year

_HANDED_IN = frozenset({State.SUBMITTED.value, State.ACCEPTED.value})
_OVER = _HANDED_IN | {State.WAIVED.value, State.TRANSFERRED.value}
_EXPLAINED = frozenset({State.WAIVED.value, State.TRANSFERRED.value})


def hidden_leaves(  # noqa: PLR0913  of which sheet, with what on the way, from whom, when
    store: Store,
    connection: Connection,
    year: Year,
    unit: UnitSheet,
    *,
    viewer: ActorFacts | None,
    now: datetime,
    proposed: Collection[str] = (),
) -> frozenset[str]:
    """
    Return the leaves of which a viewer does not see what appraisers gave; without a viewer none: the system reads for itself.

    Leaves for which a final score is proposed are asked about as those that have one.
    """
    shown = rules_of(store, connection, year.authority, year.cycle).appraised_scores_shown
    given = {node for node, entry in unit.sheet.entries.items() if entry.appraised is not None or entry.final is not None} | {*proposed}
    if viewer is None or shown is ScoresShown.AT_ONCE or not given or editions_of(connection, year.cycle):
        return frozenset()
    rows = _of_unit(connection, year, unit.party)
    if _sees_before(store, connection, year, rows, viewer=viewer, now=now):
        return frozenset()
    handed_in = _is_handed_in(year, rows)
    entries = {node: unit.sheet.entry(node) for node in given}
    return frozenset(node for node, one in entries.items() if not is_shown(one, shown, handed_in=handed_in, published=False))


def as_seen(unit: UnitSheet, hidden: frozenset[str]) -> UnitSheet:
    """Return a unit's sheet without what is hidden of it."""
    return replace(unit, sheet=as_its_unit_sees(unit.sheet, hidden)) if hidden else unit


def _of_unit(connection: Connection, year: Year, party: int) -> list[Row[tuple[int, int, str]]]:
    """Return the appraisals of a unit, and its explanations: id, stage, state."""
    kinds = (StageKind.APPRAISAL.value, StageKind.EXPLANATION.value)
    query = select(OBLIGATION.c.id, OBLIGATION.c.stage_id, OBLIGATION.c.state, OBLIGATION.c.party_id, OBLIGATION.c.subject)
    query = query.join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id).where(OBLIGATION.c.cycle_id == year.cycle, STAGE.c.kind.in_(kinds))
    return [
        row
        for row in connection.execute(query.order_by(OBLIGATION.c.id))
        if sheet_party(year, year.stages[row.stage_id], party=row.party_id, subject=row.subject) == party
    ]


def _is_handed_in(year: Year, rows: Sequence[Row[tuple[int, int, str]]]) -> bool:
    explained = [row for row in rows if year.stages[row.stage_id].kind is StageKind.EXPLANATION and row.state not in _EXPLAINED]
    states = [row.state for row in rows if year.stages[row.stage_id].kind is StageKind.APPRAISAL]
    done = bool(_HANDED_IN & set(states)) and set(states) <= _OVER
    return bool(explained) or done


def _sees_before(  # noqa: PLR0913  of which unit, who, when
    store: Store, connection: Connection, year: Year, rows: Sequence[Row[tuple[int, int, str]]], *, viewer: ActorFacts, now: datetime
) -> bool:
    on = year.rulebook.calendar.local_date(now)
    if decide(viewer, Action.READ_RESULTS, cycle_resource(connection, year.cycle), on=on).allowed:
        return True
    resources = obligation_resources(store, connection, [row.id for row in rows], now=now).values()
    acts = {StageKind.APPRAISAL: Action.APPRAISE, StageKind.EXPLANATION: Action.RULE_ON_EXPLANATION}
    return any(decide(viewer, acts[one.kind], one, on=on).allowed for one in resources if one.kind in acts)
