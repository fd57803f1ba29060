"""
The year's choice: which units are inspected, drawn with a seed, or by their record.

Anybody can repeat a draw from its seed and its pool. Of a surprise the journal says no more than the digest of both until its day: a pool
and a seed name the units as surely as their names do.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, select

from evaluation.inspections.drawing import by_record, draw, share_of
from evaluation.inspections.naming import unit_named
from evaluation.kinds import StageKind
from store.commands.inspections.held import InspectionError, digest, settings_of
from store.commands.inspections.planning import SURPRISE, Choice, insiders, inspection_stage, plan_inspections, running_year
from store.journal import Entry
from store.locks import hold_stage
from store.queries.inspected import records_of
from store.schema import INSPECTION_DRAW, OBLIGATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.session import Store, Transaction
    from store.years import StageRef, Year

LONGEST_SEED = 64


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A choice at random that is asked for, and what sort of inspection it is for."""

    choice: Choice
    seed: str = ""  #: empty: one is made
    wanted: int | None = None  #: None: as many as the share still misses
    plan: bool = False  #: put the units drawn into the plan at once


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A draw: what anybody needs to repeat it, and what came of it."""

    id: int
    seed: str
    wanted: int
    pool: tuple[str, ...]
    result: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The units that a share is of: how many, how many of them an inspection of the year reaches, and who may still be chosen."""

    units: int
    reached: int
    left: tuple[str, ...]  #: keys, sorted


def draw_units(store: Store, transaction: Transaction, cycle: int, *, asked: Draw) -> Drawn:
    """
    Choose units at random of those that the share is of and that no inspection of this year reaches yet; seed, pool and result are kept.

    Raises:
        InspectionError: the plan says no share and no number is given; the seed is too long; nobody is left to choose from; the units
            drawn cannot be put into the plan so, or a surprise is not to be put into it.

    """
    year = running_year(store, transaction, cycle)
    ref = inspection_stage(year, asked.choice.stage)
    hold_stage(transaction.connection, ref.id)
    _require_planned(asked)
    pool = pool_of(transaction, year, ref, kind=asked.choice.kind)
    number = _wanted(ref, asked.wanted, pool=pool)
    seed = asked.seed.strip() or secrets.token_hex(8)
    if len(seed) > LONGEST_SEED:
        vi, en = f"mã bốc thăm dài quá {LONGEST_SEED} ký tự", f"the seed is longer than {LONGEST_SEED} characters"
        raise InspectionError(vi, en, field="seed")
    drawn = Drawn(id=0, seed=seed, wanted=number, pool=pool.left, result=draw(pool.left, seed=seed, wanted=number))
    drawn = _kept(transaction, year, ref, drawn, secret=asked.choice.kind == SURPRISE)
    if asked.plan:
        plan_inspections(store, transaction, cycle, choice=replace(asked.choice, units=drawn.result, chosen="random", draw=drawn.id))
    return drawn


def units_by_record(store: Store, transaction: Transaction, cycle: int, *, choice: Choice, wanted: int | None = None) -> tuple[str, ...]:
    """Return the units that were late most often, of those that no inspection of this year reaches yet; InspectionError as the draw."""
    year = running_year(store, transaction, cycle)
    ref = inspection_stage(year, choice.stage)
    pool = pool_of(transaction, year, ref, kind=choice.kind)
    ids = {year.people.ids[key]: key for key in pool.left}
    today = year.rulebook.calendar.local_date(transaction.now)
    records = records_of(transaction.connection, ids, now=transaction.now, today=today)
    return by_record({ids[party]: record for party, record in records.items()}, wanted=_wanted(ref, wanted, pool=pool))


def pool_of(transaction: Transaction, year: Year, ref: StageRef, *, kind: str) -> Pool:
    """Return whom a stage may still choose for an inspection of that kind, of the units that its share is of."""
    every = sorted(share_units(year, ref))
    stages = [one.id for one in year.stages.values() if one.kind is StageKind.INSPECTION]
    subjects = transaction.connection.execute(select(OBLIGATION.c.subject).where(OBLIGATION.c.stage_id.in_(stages))).scalars()
    reached = {unit_named(subject) for subject in subjects}.intersection(every)
    never = insiders(year, ref, kind=kind)
    left = tuple(key for key in every if key not in reached and year.people.ids[key] not in never)
    return Pool(units=len(every), reached=len(reached), left=left)


def share_units(year: Year, ref: StageRef) -> list[str]:
    """Return the keys of the units that a stage's share is of, in the roster's order; who is exempt is not among them."""
    selector = settings_of(ref).among or ref.line.about
    on = year.plan.reference_on
    ids = set(year.people.ids.values() if selector is None else year.people.selected(selector, on=on))
    parties = year.people.roster.parties
    return [one.key for one in parties if year.people.ids[one.key] in ids and not one.exempt and one.is_valid(on) and one.group]


def draw_facts(*, seed: str, pool: Sequence[str], result: Sequence[str], secret: bool) -> dict[str, Any]:
    """Return what the journal says of a draw: everything that repeats it, or of a surprise the digest of that."""
    told = {"seed": seed, "pool": list(pool), "result": list(result)}
    return {"content": digest(orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode())} if secret else told


def _require_planned(asked: Draw) -> None:
    if asked.choice.kind == SURPRISE and not asked.plan:
        vi = "bốc thăm kiểm tra đột xuất phải đưa ngay vào kế hoạch, để đơn vị không biết trước"
        raise InspectionError(vi, "units drawn for a surprise go into the plan at once, so that none learns of it", field="plan")


def _wanted(ref: StageRef, wanted: int | None, *, pool: Pool) -> int:
    share = settings_of(ref).share
    if wanted is None and share is None:
        vi = "kế hoạch không nêu tỷ lệ đơn vị được kiểm tra; nêu số đơn vị cần chọn"
        raise InspectionError(vi, "the plan says no share of units; say how many are to be chosen", field="wanted")
    number = wanted if wanted is not None else share_of(pool.units, share or 0) - pool.reached
    if number < 1 or number > len(pool.left):
        vi = f"không chọn được {number} đơn vị: còn {len(pool.left)} trong {pool.units} đơn vị chưa có trong kế hoạch kiểm tra"
        en = f"{number} units cannot be chosen: {len(pool.left)} of {pool.units} are not in the plan of inspections yet"
        raise InspectionError(vi, en, field="wanted")
    return number


def _kept(transaction: Transaction, year: Year, ref: StageRef, drawn: Drawn, *, secret: bool) -> Drawn:
    row = {"authority_id": year.authority, "cycle_id": year.cycle, "stage_id": ref.id, "seed": drawn.seed, "wanted": drawn.wanted}
    row |= {"pool": orjson.dumps(drawn.pool).decode(), "result": orjson.dumps(drawn.result).decode(), "at": transaction.now}
    ident = int(transaction.connection.execute(insert(INSPECTION_DRAW).returning(INSPECTION_DRAW.c.id), row).scalar_one())
    facts = draw_facts(seed=drawn.seed, pool=drawn.pool, result=drawn.result, secret=secret)
    payload = {"draw": ident, "wanted": drawn.wanted, **facts}
    transaction.entries.append(Entry(authority=year.authority, action="draw-inspections", cycle=year.cycle, stage=ref.id, payload=payload))
    return replace(drawn, id=ident)
