"""
Publication (phê duyệt, công bố): the results of a cycle are frozen under a decision; a correction is another decision that names the first.

A bundle is worked out outside the transaction that keeps it: nothing is hashed or rendered while others wait. Whether anything changed
meanwhile is asked again inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from evaluation.criteria.sets import Decision
from evaluation.scores.editions import Edition, Measured
from evaluation.scores.faults import ScoreError, refusal
from evaluation.scores.publication import freeze
from evaluation.scores.sheets import Part
from store.commands.results.held import held_year, refuse
from store.commands.results.telling import tell_of_results, told_of_results
from store.journal import Entry
from store.mending import mend
from store.results import counted_nodes, cycle_name, editions_of, measured_units, parts_of, published_parts, rules_of, survey_nodes
from store.schema import AUTHORITY, CRITERIA_PIN, CYCLE, EDITION, EXEMPTION, OBLIGATION, RESULT_RULES, SCORE
from store.score_refusals import SheetFaultsError
from store.survey import is_reopened
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.scores.faults import ScoreFault
    from store.results import EditionLine
    from store.session import Store, Transaction
    from store.years import Year

#: What a stage of publication asks of the standing body: scores that are not there, a decision that could not be frozen.
MISSING, UNPUBLISHED = "results-missing", "results-unpublished"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be published, under which decision."""

    decision: Decision
    accepted: str = ""  #: why it is published though scores are missing
    corrects: int | None = None  #: number of the edition that it corrects
    reason: str = ""  #: of a correction


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A bundle that could be published, or why none can; and what it was made from."""

    order: Order
    stand: tuple[object, ...]  #: what everything was when it was made
    units: int = 0
    told: int = 0  #: people who would be told of it
    missing: int = 0  #: leaves that have neither a final nor an appraised score
    unscored: tuple[str, ...] = ()  #: names of the units none of whose leaves but the survey's has one: they would be ranked by zero
    content: bytes = b""
    sha256: str = ""
    digest: str = ""  #: of the same results without their decision: what a preview shows, whatever number the decision gets
    faults: tuple[ScoreFault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was frozen."""

    number: int
    sha256: str
    mended: tuple[int, ...] = field(default=())  #: repairs that it did


def prepare(store: Store, cycle: int, order: Order, *, now: datetime) -> Prepared:
    """Work out the bundle of a cycle as it stands; what is wrong with it is told by `publish`. NoSuchCycleError."""
    with store.reading() as connection:
        year = load_year(store, connection, cycle, now=now)
        rules = rules_of(store, connection, year.authority, cycle)
        units = measured_units(store, connection, year, rules=rules)
        parts = parts_of(connection, cycle)
        stand = _stand(connection, year)
        corrected = next((one.sha256 for one in editions_of(connection, cycle) if one.number == order.corrects), "")
        authority = connection.execute(select(AUTHORITY.c.key).where(AUTHORITY.c.id == year.authority)).scalar_one()
    if not units:
        return Prepared(order=order, stand=stand, faults=refusal("nobody-measured").faults)
    measured = [
        Measured(scope=one.scope, name=one.name, special=one.special, scores=published_parts(one, parts.get(one.party, {}), rules=rules))
        for one in units
    ]
    there = sum(len(one.scores[Part.FINAL]) for one in measured)
    bonus = sum(step.node.is_bonus and step.node.key not in one.scores[Part.FINAL] for one in measured for step in one.scope.owed)
    missing = sum(len(counted_nodes(one.scope, rules)) for one in measured) - there - bonus
    edition = Edition(
        authority=authority,
        cycle=cycle_name(year),
        year=year.evaluated,
        decision=order.decision,
        corrects=corrected,
        accepted=order.accepted.strip() if missing else "",
        index_rules=rules.index,
        ranking_rules=rules.ranking,
        weak_below=rules.weak_below,
        units=tuple(measured),
    )
    told = len({recipient for recipients in told_of_results(year).values() for recipient in recipients})
    found = Prepared(order=order, stand=stand, units=len(units), missing=missing, told=told, unscored=_unscored(measured))
    try:
        plain = replace(edition, decision=Decision(), corrects="")
        frozen, digest = freeze(edition), freeze(plain).sha256
    except ScoreError as error:
        return replace(found, faults=error.faults)
    return replace(found, content=frozen.content, sha256=frozen.sha256, digest=digest)


def _unscored(measured: Iterable[Measured]) -> tuple[str, ...]:
    return tuple(one.name for one in measured if one.scores[Part.FINAL].keys() <= survey_nodes(one.scope.criteria))


def publish(store: Store, transaction: Transaction, cycle: int, *, prepared: Prepared, seen: str = "") -> Published:
    """
    Freeze what was prepared as the cycle's edition; what was published before stays as it is. `seen`: the digest that a preview showed.

    Raises:
        NoSuchCycleError, CycleNotRunningError: as `held_year`.
        ResultsError: the decision has no number or date; a second edition names none that it corrects, no reason or no decision of its
            own; something changed since it was prepared or seen.
        SheetFaultsError: scores are missing and nobody accepted that, or anything else is not in order.

    """
    year = held_year(store, transaction, cycle)
    order = prepared.order
    _require_decision(transaction, year, order.decision)
    editions = editions_of(transaction.connection, cycle)
    _require_order(editions, order)
    if is_reopened(transaction.connection, cycle):
        vi, en = "điều tra đang mở lại; chốt số liệu rồi công bố", "the survey is re-opened; close it first"
        refuse(vi, en, field="")
    if prepared.faults:
        raise SheetFaultsError(prepared.faults)
    if prepared.stand != _stand(transaction.connection, year) or (seen and seen != prepared.digest):
        vi = "điểm, miễn chấm hoặc cách tính vừa thay đổi; xem lại bản xem trước rồi công bố"
        refuse(vi, "scores, exemptions or settings have changed meanwhile; look at the preview again", field="seen")
    return _keep(store, transaction, year, prepared=prepared, editions=editions)


def _stand(connection: Connection, year: Year) -> tuple[object, ...]:
    """Return a number for everything that a bundle is made from: whatever changes, one of them does."""
    of = year.cycle
    scores = select(func.count(), func.coalesce(func.sum(SCORE.c.version), 0)).where(SCORE.c.cycle_id == of)
    exempt = select(func.count(), func.count(EXEMPTION.c.ended_at)).where(EXEMPTION.c.cycle_id == of)
    rules = select(func.max(RESULT_RULES.c.id)).where(RESULT_RULES.c.authority_id == year.authority)
    pins = select(func.count()).where(CRITERIA_PIN.c.cycle_id == of)
    last = select(func.max(EDITION.c.number)).where(EDITION.c.cycle_id == of)
    people = select(AUTHORITY.c.people_version).where(AUTHORITY.c.id == year.authority)
    waived = select(func.count()).where(OBLIGATION.c.cycle_id == of, OBLIGATION.c.state.in_(("waived", "transferred")))
    plan = select(CYCLE.c.plan_version).where(CYCLE.c.id == of)
    every = (scores, exempt, rules, pins, last, people, waived, plan)
    return tuple(number for query in every for number in connection.execute(query).one())


def _require_decision(transaction: Transaction, year: Year, decision: Decision) -> None:
    today = year.rulebook.calendar.local_date(transaction.now)
    if not decision.number.strip():
        vi, en = "chưa có số quyết định; công bố theo quyết định có số và ngày", "the decision has no number; publish under number and date"
        refuse(vi, en, field="number")
    if decision.dated is None:
        refuse("chưa có ngày quyết định", "the decision has no date", field="dated")
    if decision.dated > today:
        vi = f"ngày quyết định {decision.dated:%d/%m/%Y} còn ở phía trước; chờ đến ngày đó hoặc sửa lại ngày"
        refuse(vi, f"the decision's date {decision.dated} lies ahead; wait, or mend the date", field="dated")


def _require_order(editions: tuple[EditionLine, ...], order: Order) -> None:
    if not editions:
        if order.corrects is not None:
            vi, en = "chưa công bố lần nào nên không có bản để đính chính", "nothing was published yet, so there is nothing to correct"
            refuse(vi, en, field="corrects")
        return
    last = editions[-1]
    if order.corrects != last.number:
        vi = f"đã công bố theo {last.decision} (bản {last.number}), không sửa được; muốn đính chính: ban hành quyết định mới và nêu bản đó"
        en = f"it was published by {last.decision} (edition {last.number}) and stays; to correct it, name it under a decision of its own"
        refuse(vi, en, field="corrects")
    if any(order.decision.number.strip() == one.decision for one in editions):
        vi = f"đính chính phải theo quyết định mới, không phải {order.decision.number}"
        refuse(vi, f"a correction takes a decision of its own, not {order.decision.number}", field="number")
    if not order.reason.strip():
        refuse("đính chính phải có lý do", "a correction needs a reason", field="reason")


def _keep(store: Store, transaction: Transaction, year: Year, *, prepared: Prepared, editions: tuple[EditionLine, ...]) -> Published:
    order, last = prepared.order, editions[-1] if editions else None
    row = {
        "authority_id": year.authority,
        "cycle_id": year.cycle,
        "number": len(editions) + 1,
        "sha256": prepared.sha256,
        "content": prepared.content.decode(),
        "decision": order.decision.number.strip(),
        "decided_on": order.decision.dated,
        "corrects_id": None if last is None else last.id,
        "reason": order.reason.strip(),
        "at": transaction.now,
        "contact_id": transaction.actor.contact,
    }
    transaction.connection.execute(insert(EDITION), row)
    payload = {name: row[name] for name in ("number", "sha256", "decision", "reason")}
    payload |= {"decided_on": f"{order.decision.dated}", "corrects": "" if last is None else last.sha256, "units": prepared.units}
    payload |= {"told": tell_of_results(transaction, year, edition=len(editions) + 1)}
    payload |= {"accepted": order.accepted.strip() if prepared.missing else "", "missing": prepared.missing}
    transaction.entries.append(Entry(authority=year.authority, action="publish-results", cycle=year.cycle, payload=payload))
    subjects = [f"{what}/{ref.key}" for ref in year.stages.values() for what in (MISSING, UNPUBLISHED)]
    return Published(number=len(editions) + 1, sha256=prepared.sha256, mended=mend(store, transaction, year.cycle, subjects))
