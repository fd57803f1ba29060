"""What a member of the council does not see yet: of units that they belong to what their unit is not shown either."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluation.rights import posts_filled
from store.queries.score_sight import hidden_leaves
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.rights import ActorFacts
    from store.queries.council_lines import CouncilView, MatterLine
    from store.session import Store


def hidden_of_own(
    store: Store, connection: Connection, view: CouncilView, *, viewer: ActorFacts | None, now: datetime
) -> dict[str, frozenset[str]]:
    """
    Return the leaves of which a viewer sees neither what was given nor what is proposed (`store.queries.score_sight`), by unit.

    Asked about are the units of their posts and the one for which they are named a member; of all others the council reads everything.
    """
    if viewer is None:
        return {}
    year = load_year(store, connection, view.cycle, now=now)
    parties = {post.party for post in posts_filled(viewer, on=year.rulebook.calendar.local_date(now))}
    own = {key for key, ident in year.people.ids.items() if ident in parties} | {one.unit for one in view.members if one.mine and one.unit}
    proposed: dict[str, set[str]] = defaultdict(set)
    for matter in (one for session in view.sessions for one in session.matters):
        proposed[matter.unit].update(matter.scores)
    sheets = {key: read_sheet(store, connection, year, year.people.ids[key]) for key in sorted(own)}
    return {
        key: hidden_leaves(store, connection, year, sheet, viewer=viewer, now=now, proposed=proposed[key])
        for key, sheet in sheets.items()
        if sheet is not None
    }


def council_as_seen(view: CouncilView, hidden: Mapping[str, frozenset[str]]) -> CouncilView:
    """Return a council without the scores that are proposed, or were settled, of leaves that are hidden."""
    sessions = (replace(one, matters=tuple(_matter(matter, hidden) for matter in one.matters)) for one in view.sessions)
    return replace(view, sessions=tuple(sessions)) if any(hidden.values()) else view


def _matter(matter: MatterLine, hidden: Mapping[str, frozenset[str]]) -> MatterLine:
    own = hidden.get(matter.unit, frozenset())
    shown = {node: points for node, points in matter.scores.items() if node not in own}
    return replace(matter, scores=shown, why=matter.why if shown == matter.scores else "", hidden=shown != matter.scores)
