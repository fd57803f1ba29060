"""Books of sheets: which units and leaves of a cycle somebody may fill in at once, and what a book may name when it comes back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from config.scores_book_reading import KnownUnit
from config.scores_book_writing import UnitOfBook
from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.rights import decide
from evaluation.rights_table import Action
from evaluation.scores.handing_in import charged_leaves
from evaluation.scores.index import is_survey
from evaluation.scores.sheets import Part
from evaluation.submissions import takes_evidence
from store.commands.scores.appraising import NOT_HANDED_IN
from store.commands.scores.workbooks import sheet_with_names
from store.queries.leaf_rights import leaf_resource
from store.queries.rights import obligation_resources
from store.queries.score_sight import as_seen, hidden_leaves
from store.queries.scores import files_of_sheet
from store.refusals import RefusalError
from store.schema import OBLIGATION, PARTY
from store.scores import read_sheet, scopes_of, sheet_party
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.criteria.sets import Step
    from evaluation.rights import ActorFacts, Resource
    from store.scores import UnitSheet
    from store.session import Store
    from store.years import Year

#: In which stages a part is filled in, and by which right.
STAGES: dict[Part, tuple[StageKind, Action]] = {
    Part.SELF: (StageKind.SELF_ASSESSMENT, Action.SCORE),
    Part.APPRAISED: (StageKind.APPRAISAL, Action.APPRAISE),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which book: of which cycle and part; of one group, of some units, or of all."""

    cycle: int
    part: Part
    group: str = ""
    units: Collection[str] = ()

    def means(self, unit: str, *, group: str) -> bool:
        """Return whether a unit of a group is among them."""
        return (not self.units or unit in self.units) and self.group in {"", group}


def units_of_book(  # noqa: PLR0913  which, for whom, when
    store: Store,
    connection: Connection,
    wanted: Wanted,
    *,
    viewer: ActorFacts | None,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[UnitOfBook]:
    """
    Yield the units of which somebody may fill leaves in now, one after the other, in the order of their keys.

    Without a viewer the system asks, which may do everything.

    Raises:
        NoSuchCycleError: there is no such cycle.
        RefusalError: a unit that is wanted is not there.

    """
    year = load_year(store, connection, wanted.cycle, now=now)
    names = party_names(connection, year)
    _require_known(wanted, {key for key, _ in names.values()})
    found = _obligations(connection, year, wanted.part)
    open_ones = {row.id for rows in found.values() for row in rows if _in_hand(year, row)}
    resources = obligation_resources(store, connection, sorted(open_ones), now=now) if viewer is not None else {}
    waiting = _waiting(connection, year) if wanted.part is Part.APPRAISED else frozenset()
    parties = sorted(found, key=lambda party: names[party])
    for number, party in enumerate(parties, start=1):
        if progress is not None:
            progress(number, len(parties))
        rows = [row for row in found[party] if row.id in open_ones]
        chosen = wanted.means(names[party][0], group=year.people.group(party))
        sheet = read_sheet(store, connection, year, party) if rows and chosen and party not in waiting else None
        if sheet is None:
            continue
        steps = _fillable(year, sheet, rows, wanted.part, resources, viewer=viewer, now=now)
        if steps:
            seen = as_seen(sheet, hidden_leaves(store, connection, year, sheet, viewer=viewer, now=now))
            files = {node: tuple(name for _, name in some) for node, some in files_of_sheet(connection, sheet).items()}
            shown = sheet_with_names(seen.sheet, files)
            yield UnitOfBook(name=names[party][1], sheet=shown, steps=steps)


def _require_known(wanted: Wanted, keys: Collection[str]) -> None:
    """Raise RefusalError of units that there are not."""
    strange = ", ".join(sorted(set(wanted.units) - set(keys)))
    if strange:
        vi, en = f"không có đơn vị {strange}; ghi đúng khóa của đơn vị", f"there is no unit {strange}; write the keys of units"
        raise RefusalError(vi, en, field="units")


def may_fill(  # noqa: PLR0913  what, of which cycle, by whom
    store: Store, connection: Connection, cycle: int, part: Part, *, viewer: ActorFacts, now: datetime
) -> bool:
    """Return whether somebody may fill in anything of a part of a cycle now: what is in hand, and theirs by right."""
    year = load_year(store, connection, cycle, now=now)
    rows = [row for rows in _obligations(connection, year, part).values() for row in rows if _in_hand(year, row)]
    resources = obligation_resources(store, connection, [row.id for row in rows], now=now) if rows else {}
    on = year.rulebook.calendar.local_date(now)
    return any(decide(viewer, STAGES[part][1], one, on=on).allowed for one in resources.values())


def _fillable(  # noqa: PLR0913  of which sheet, in which obligations, by whom
    year: Year,
    sheet: UnitSheet,
    rows: Collection[Row[Any]],
    part: Part,
    resources: Mapping[int, Resource],
    *,
    viewer: ActorFacts | None,
    now: datetime,
) -> tuple[Step, ...]:
    """Return the leaves that somebody may fill in, in the order of the tree."""
    on, action = year.rulebook.calendar.local_date(now), STAGES[part][1]
    charged = {row.id: _charged(year, sheet, row, part, now=now) for row in rows}
    return tuple(
        step
        for step in sheet.sheet.scope.owed
        if any(
            step in charged[row.id]
            and (viewer is None or decide(viewer, action, leaf_resource(year, resources[row.id], step, on=on), on=on).allowed)
            for row in rows
        )
    )


def groups_of(store: Store, connection: Connection, cycle: int, *, now: datetime) -> list[str]:
    """Return the groups of units that have sheets in a cycle, sorted."""
    year = load_year(store, connection, cycle, now=now)
    return sorted({scope.group for scope in scopes_of(store, connection, year).values()})


def known_units(store: Store, connection: Connection, year: Year) -> dict[str, KnownUnit]:
    """Return every unit of a cycle that has a sheet, by key: what a book may name."""
    names = dict(party_names(connection, year).values())
    return {key: KnownUnit(name=names[key], scope=scope) for key, scope in scopes_of(store, connection, year).items()}


def obligations_by_leaf(  # noqa: PLR0913  of which unit, in which part, when
    connection: Connection, year: Year, sheet: UnitSheet, part: Part, nodes: Collection[str], *, now: datetime
) -> dict[int, list[str]]:
    """Return in the course of which obligation of a unit each leaf is filled in: the first in hand that is charged with it."""
    rows = _obligations(connection, year, part, unit=sheet.sheet.scope.unit).get(sheet.party, [])
    rows.sort(key=lambda row: not _in_hand(year, row))
    charged = [(row.id, {step.node.key for step in _charged(year, sheet, row, part, now=now)}) for row in rows]
    found: dict[int, list[str]] = defaultdict(list)
    for node in nodes if rows else ():
        found[next((ident for ident, own in charged if node in own), rows[0].id)].append(node)
    return found


def _obligations(connection: Connection, year: Year, part: Part, *, unit: str = "") -> dict[int, list[Row[Any]]]:
    """Return the obligations in which a part is filled in, by the unit whose sheet they are about; of one unit, or of all."""
    stages = [ref.id for ref in year.stages.values() if ref.kind is STAGES[part][0]]
    query = select(*(OBLIGATION.c[name] for name in ("id", "stage_id", "party_id", "subject", "state")))
    query = query.where(OBLIGATION.c.cycle_id == year.cycle, OBLIGATION.c.stage_id.in_(stages)).order_by(OBLIGATION.c.id)
    if unit:
        named = (
            OBLIGATION.c.party_id == year.people.ids[unit] if part is Part.SELF else OBLIGATION.c.subject.contains(unit, autoescape=True)
        )
        query = query.where(named)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        about = sheet_party(year, year.stages[row.stage_id], party=row.party_id, subject=row.subject)
        if about is not None and (not unit or about == year.people.ids[unit]):
            found[about].append(row)
    return found


def _in_hand(year: Year, row: Row[Any]) -> bool:
    return takes_evidence(State(row.state), line=year.stages[row.stage_id].line)


def _waiting(connection: Connection, year: Year) -> frozenset[int]:
    """Return the units that have not handed in what is appraised."""
    found = _obligations(connection, year, Part.SELF)
    return frozenset(party for party, rows in found.items() if all(State(row.state) in NOT_HANDED_IN for row in rows))


def _charged(year: Year, sheet: UnitSheet, row: Row[Any], part: Part, *, now: datetime) -> tuple[Step, ...]:
    """Return the leaves that an obligation is about: the survey's nobody fills in, of an appraisal those that it is charged with."""
    if part is Part.SELF:
        return tuple(step for step in sheet.sheet.scope.owed if not is_survey(step.node))
    owing = next(key for key, ident in year.people.ids.items() if ident == row.party_id)
    return charged_leaves(sheet.sheet, owing, on=year.rulebook.calendar.local_date(now))


def party_names(connection: Connection, year: Year) -> dict[int, tuple[str, str]]:
    """Return key and name of every party of a cycle's authority."""
    rows = connection.execute(select(PARTY.c.id, PARTY.c.key, PARTY.c.name).where(PARTY.c.authority_id == year.authority))
    return {row.id: (row.key, row.name) for row in rows}
