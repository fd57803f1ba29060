"""What units are told of a publication: index, place, band, where it can be read, and by when the improvement is owed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import select

from evaluation.improvement.settings import WeakOf
from evaluation.kinds import MessageKind, StageKind
from evaluation.letter_subjects import Running, TheirResult
from evaluation.obligations import FINAL
from evaluation.scores.encoding import decode_given
from evaluation.scores.index import index_of
from evaluation.scores.sheets import Part
from store.commands.improvement.lines import weak_stage
from store.commands.improvement.published import places_for
from store.commands.improvement.weak import IMPORT
from store.commands.requested import requested_dates
from store.schema import AUTHORITY, CYCLE, EDITION, JOURNAL, OBLIGATION, TERM, WEAK_CRITERION
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from store.queries.letter_facts import Names
    from store.session import Store
    from store.years import StageRef, Year

_LETTER = "p"


def read_results_told(
    store: Store, connection: Connection, rows: Iterable[Row[Any]], *, names: Names, now: datetime
) -> dict[str, TheirResult]:
    """Return what each cause `p:<cycle>:<edition>:<unit>` of notices says; an edition is read once, whatever number of units it tells."""
    named = {row.cause: row.cause.split(":") for row in rows if row.kind == MessageKind.RESULTS_PUBLISHED.value}
    of: dict[tuple[int, int], list[int]] = {}
    for letter, cycle, number, unit in named.values():
        if letter == _LETTER:
            of.setdefault((int(cycle), int(number)), []).append(int(unit))
    found: dict[str, TheirResult] = {}
    for (cycle, number), units in of.items():
        row = _edition(connection, cycle, number)
        if row is not None:
            due = _due_of(store, connection, row, units=units, now=now)
            found |= {f"{_LETTER}:{cycle}:{number}:{unit}": one for unit, one in _told(row, units, names=names, due=due)}
    return found


def _edition(connection: Connection, cycle: int, number: int) -> Row[Any] | None:
    columns = (EDITION.c.number, EDITION.c.content, EDITION.c.decision, EDITION.c.decided_on, EDITION.c.corrects_id, CYCLE.c.year)
    query = select(*columns, CYCLE.c.title, CYCLE.c.title_en, CYCLE.c.id, AUTHORITY.c.id.label("authority"), AUTHORITY.c.key)
    query = query.join(CYCLE, CYCLE.c.id == EDITION.c.cycle_id).join(AUTHORITY, AUTHORITY.c.id == CYCLE.c.authority_id)
    return connection.execute(query.where(EDITION.c.cycle_id == cycle, EDITION.c.number == number)).one_or_none()


def _told(row: Row[Any], units: Iterable[int], *, names: Names, due: Mapping[int, date]) -> Iterable[tuple[int, TheirResult]]:
    bundle = orjson.loads(row.content)
    there = {one["unit"]: one for one in bundle["units"]}
    keys = {ident: key for key, ident in names.people.ids.items()}
    base = TheirResult(
        unit="",
        year=row.year,
        decision=row.decision,
        decided_on=row.decided_on,
        corrects=row.corrects_id is not None,
        decimals=bundle["rules"]["decimals"],
        path=f"/published/{row.key}/{row.year}/{row.number}",
        running=Running(id=row.id, title=row.title, title_en=row.title_en, year=row.year),
    )
    for unit in units:
        one, key = there.get(keys.get(unit, "")), keys.get(unit, "")
        result = replace(base, unit=names.of(unit), plan_due=due.get(unit))
        yield unit, result if one is None else replace(_measured(result, one, key=key), missing=_missing(bundle, one))


def _measured(result: TheirResult, unit: Mapping[str, Any], *, key: str) -> TheirResult:
    results = unit["results"]
    return replace(
        result,
        group=unit["group"],
        index=Decimal(results["index"]),
        points=Decimal(results["points"]),
        maximum=Decimal(results["maximum"]),
        place=results["place"],
        of=results["of"],
        band=results["band"],
        path=f"{result.path}/units/{key}",
    )


def _missing(bundle: Mapping[str, Any], unit: Mapping[str, Any]) -> int:
    """Return how many leaves of a unit an edition counts 0 for want of a score."""
    given = decode_given({**bundle, "units": [unit]})
    (measured,) = given.units
    return len(index_of(measured.scope, measured.scores[Part.FINAL], rules=given.index_rules).whole.missing)


def _due_of(store: Store, connection: Connection, row: Row[Any], *, units: Collection[int], now: datetime) -> dict[int, date]:
    """
    Return by when each unit owes what follows from this edition, of those dates that lie ahead; no other obligation speaks here.

    What the unit owes after its own year's publication comes first, then what was raised from the edition, then what the plan of this year
    or the next would count from today.
    """
    published = load_year(store, connection, row.id, now=now)
    after = [ref.id for ref in published.stages.values() if ref.kind is StageKind.IMPROVEMENT and _follows(published, ref)]
    planned = _owed(connection, OBLIGATION.c.stage_id.in_(after), units=units, now=now)
    weak = OBLIGATION.c.id.in_(select(WEAK_CRITERION.c.obligation_id).where(WEAK_CRITERION.c.authority_id == row.authority))
    raised = _owed(connection, weak, units=units, now=now, among=_raised_from(connection, row))
    return _counted(store, connection, row, units=units, now=now) | raised | planned


def _follows(year: Year, ref: StageRef) -> bool:
    """Return whether a stage waits for the year's publication."""
    return any(year.plan.stage(wait.stage).kind is StageKind.PUBLICATION for wait in ref.line.waits_for)


def _owed(
    connection: Connection, which: ColumnElement[bool], *, units: Collection[int], now: datetime, among: Collection[int] | None = None
) -> dict[int, date]:
    """Return the first date ahead of what each unit still owes, of the obligations asked for; `among`: of these ids alone."""
    query = (
        select(OBLIGATION.c.id, OBLIGATION.c.party_id, TERM.c.due_on)
        .join(TERM, (TERM.c.obligation_id == OBLIGATION.c.id) & (TERM.c.number == OBLIGATION.c.term))
        .where(which, OBLIGATION.c.state.not_in([one.value for one in FINAL]), TERM.c.due_at > now, TERM.c.due_on.is_not(None))
        .order_by(TERM.c.due_on.desc())
    )
    rows = connection.execute(query).tuples()
    return {party: due for ident, party, due in rows if party in set(units) and (among is None or ident in among)}


def _raised_from(connection: Connection, row: Row[Any]) -> set[int]:
    """Return the obligations that were raised from what an edition of the cycle found weak, as the journal tells it."""
    editions = set(connection.execute(select(EDITION.c.sha256).where(EDITION.c.cycle_id == row.id)).scalars())
    query = select(JOURNAL.c.payload).where(JOURNAL.c.authority_id == row.authority, JOURNAL.c.action == IMPORT)
    told = [orjson.loads(payload) for payload in connection.execute(query).scalars()]
    return {line[-1] for one in told if one.get("edition") in editions for line in one["rows"]}


def _counted(store: Store, connection: Connection, row: Row[Any], *, units: Collection[int], now: datetime) -> dict[int, date]:
    """Return what the plan of the published year, or else of the next, would count from today, where it asks a unit and lies ahead."""
    found: dict[int, date] = {}
    for place in places_for(store, connection, row.authority, since=row.year, now=now):
        year = load_year(store, connection, place.cycle, now=now)
        ref = weak_stage(year, WeakOf.UNITS)
        if ref is None or place.year > row.year + 1:
            continue
        today = year.rulebook.calendar.local_date(now)
        due = requested_dates(year, ref.line, event_on=today).due_on
        if due is not None and due >= today:
            asked = set(year.people.selected(ref.line.owed_by, on=year.plan.reference_on))
            found |= {unit: due for unit in units if unit in asked}
    return found
