"""Facts of a report period, read of the units' obligations, their submitted reports and the journal; and the entries behind each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import exists, func, select

from config.form_files import parse_form
from evaluation.cycles import CycleState
from evaluation.kinds import StageKind
from evaluation.naming_order import name_order
from evaluation.obligations import IN_HAND
from evaluation.papers import Purpose
from evaluation.reports.chain import chains, feeding
from evaluation.reports.facts import Deeds, PeriodFacts, Unit, field_sums, group_facts, has_sent, is_owed, named, proposals_in
from evaluation.reports.periods import is_report_period, report_period
from evaluation.reports.wording import report_of
from store.lives import MOST_IDS, read_obligations
from store.queries.improvement import measures_by_unit
from store.queries.inspection_deeds import inspection_deeds
from store.queries.letter_facts import read_names
from store.queries.paper_facts import head_and_signature
from store.refusals import RefusalError
from store.schema import CYCLE, JOURNAL, OBLIGATION, PAPER_ABOUT, PARTY, REPORT_FORM, REPORT_SUBMISSION, STAGE
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.obligations import Obligation
    from evaluation.paper_facts import ReportFacts
    from evaluation.plans import Stage
    from evaluation.reports.forms import Answers, ReportForm
    from evaluation.reports.periods import ReportPeriod
    from store.session import Store
    from store.years import Year

URGED_BY = ("mail", "phone", "letter")


class ReportFactsError(RefusalError):
    """There is no report to be drafted: why, and what to do."""


def report_facts(store: Store, connection: Connection, cycle: int, period: str, *, now: datetime) -> PeriodFacts:
    """
    Return what the standing body's report of a period says at `now`.

    Raises:
        ReportFactsError: the period is none, or no report of the plan is made of others.

    """
    year = load_year(store, connection, cycle, now=now)
    line = _drafted(year)
    if not is_report_period(period):
        vi, en = (
            f"“{period}” không phải kỳ báo cáo; viết như {year.evaluated}-Q1",
            f"“{period}” is no report period; write {year.evaluated}-Q1",
        )
        raise ReportFactsError(vi, en, field="period")
    told = report_period(period, cut_off=line.report.cut_off if line.report else 14)
    inner = [year.stage(stage.key).id for stage in feeding(year.plan, line.key)]
    units = list(_units(connection, year, stages=inner, period=period))
    groups = group_facts(units, now=now)
    form, reports = _reports(connection, [one.obligation for one in units if is_owed(one.obligation) and has_sent(one.obligation)])
    outer = _outer(connection, year, line, period=period)
    return PeriodFacts(
        cycle=cycle,
        year_title=year.plan.title,
        stage=line.key,
        obligation=outer.id if outer else None,
        period=told,
        as_of=now,
        as_of_on=year.rulebook.calendar.local_date(now),
        due_on=outer.party_term.due_on if outer else None,
        groups=groups,
        late=named(units, (ident for group in groups for ident in group.late)),
        missing=named(units, (ident for group in groups for ident in group.missing)),
        uncorrected=named(units, (ident for group in groups for ident in group.uncorrected)),
        deeds=_deeds(connection, year, told, [unit.obligation.id for unit in units if is_owed(unit.obligation)]),
        sums=field_sums(form, reports) if form else (),
        proposals=proposals_in(form, reports, names={one.obligation.id: one.name for one in units}) if form else (),
        measures=measures_by_unit(store, connection, cycle, now=now),
    )


@dataclass(frozen=True, kw_only=True)
class PeriodAnswers:
    """What each unit sent of a period, by the form that the latest of them answered."""

    form: ReportForm | None  #: None: nobody has sent one
    units: tuple[Unit, ...]  #: by name
    answers: Mapping[int, Answers]  #: by obligation, of those that have sent


def period_answers(store: Store, connection: Connection, cycle: int, period: str, *, now: datetime) -> PeriodAnswers:
    """Return what the units sent of a period, last submitted; ReportFactsError as `report_facts` raises it."""
    year = load_year(store, connection, cycle, now=now)
    inner = [year.stage(stage.key).id for stage in feeding(year.plan, _drafted(year).key)]
    units = [one for one in _units(connection, year, stages=inner, period=period) if is_owed(one.obligation)]
    form, answers = _reports(connection, [one.obligation for one in units if has_sent(one.obligation)])
    return PeriodAnswers(form=form, units=tuple(sorted(units, key=lambda one: name_order(one.name))), answers=answers)


def _drafted(year: Year) -> Stage:
    """Return the plan's first report that is made of others."""
    found = next((chain[1] for chain in chains(year.plan)), None)
    if found is None:
        vi = "kế hoạch không có báo cáo nào tổng hợp từ báo cáo khác; thêm “report: {feeds: …}” vào công đoạn của đơn vị"
        raise ReportFactsError(vi, "no report of the plan is made of others; add “report: {feeds: …}” to the units' stage")
    return found


def _outer(connection: Connection, year: Year, line: Stage, *, period: str) -> Obligation | None:
    where = (OBLIGATION.c.stage_id == year.stage(line.key).id) & (OBLIGATION.c.subject == period)
    return next(iter(read_obligations(connection, where, history=True)), None)


def _units(connection: Connection, year: Year, *, stages: Sequence[int], period: str) -> Iterator[Unit]:
    where = OBLIGATION.c.stage_id.in_(stages) & (OBLIGATION.c.subject == period)
    names = {
        row.id: row
        for row in connection.execute(select(PARTY.c.id, PARTY.c.name, PARTY.c.group).where(PARTY.c.authority_id == year.authority))
    }
    for one in read_obligations(connection, where):
        yield Unit(name=names[one.party].name, group=names[one.party].group, obligation=one)


def _reports(connection: Connection, sent: Sequence[Obligation]) -> tuple[ReportForm | None, dict[int, Answers]]:
    """Return the form and the last submitted answers by obligation; where units answered two versions, the later names the fields."""
    ids = [one.id for one in sent]
    last = select(REPORT_SUBMISSION.c.obligation_id, func.max(REPORT_SUBMISSION.c.move).label("move")).group_by(
        REPORT_SUBMISSION.c.obligation_id
    )
    newest, found = 0, {}
    for start in range(0, len(ids), MOST_IDS):
        own = last.where(REPORT_SUBMISSION.c.obligation_id.in_(ids[start : start + MOST_IDS])).subquery()
        both = (REPORT_SUBMISSION.c.obligation_id == own.c.obligation_id) & (REPORT_SUBMISSION.c.move == own.c.move)
        for row in connection.execute(select(REPORT_SUBMISSION).join(own, both)):
            found[row.obligation_id] = orjson.loads(row.answers)
            newest = max(newest, row.form_id)
    if not newest:
        return None, found
    return parse_form(connection.execute(select(REPORT_FORM.c.yaml).where(REPORT_FORM.c.id == newest)).scalar_one()), found


# What was done


def _deeds(connection: Connection, year: Year, period: ReportPeriod, owed: Collection[int]) -> Deeds:
    urged: dict[str, list[int]] = {by: [] for by in URGED_BY}
    for number, by in _urgings(connection, year, owed):
        urged[by].append(number)
    return Deeds(
        urged={by: tuple(entries) for by, entries in urged.items()},
        extended=tuple(_entries(connection, year, owed, action="extend")),
        inspections=inspection_deeds(connection, year, period),
    )


def _urgings(connection: Connection, year: Year, owed: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield the entries of urgings with the way they went; one that names none went by mail."""
    wanted = set(owed)
    query = select(JOURNAL.c.number, JOURNAL.c.obligation_id, JOURNAL.c.payload).where(JOURNAL.c.cycle_id == year.cycle)
    for row in connection.execute(query.where(JOURNAL.c.action == "urge").order_by(JOURNAL.c.number)):
        if row.obligation_id in wanted:
            actions = orjson.loads(row.payload).get("actions", [])
            yield row.number, next((str(action["by"]) for action in actions if action["do"] == "urged"), "mail")


def _entries(connection: Connection, year: Year, owed: Collection[int], *, action: str) -> Iterator[int]:
    wanted = set(owed)
    query = select(JOURNAL.c.number, JOURNAL.c.obligation_id).where(JOURNAL.c.cycle_id == year.cycle, JOURNAL.c.action == action)
    yield from (row.number for row in connection.execute(query.order_by(JOURNAL.c.number)) if row.obligation_id in wanted)


# The way back


def entries_behind(connection: Connection, facts: PeriodFacts) -> dict[str, tuple[int, ...]]:
    """
    Return the numbers of the journal's entries behind each number of the report, by the number's name.

    Who owes: the entries that raised it. Who sent: the last submission of each. Who has not: what raised it. Who was returned and has not
    corrected: the last return. A sum: the submissions whose answers it adds up. What was done: the entries of it.
    """
    ids = [ident for group in facts.groups for ident in group.owing]
    raised, submitted, returned = (_last(connection, ids, action=action) for action in ("raise", "submit", "return"))
    behind: dict[str, tuple[int, ...]] = {}
    for group in facts.groups:
        behind[f"owing/{group.group}"] = tuple(raised[ident] for ident in group.owing)
        behind[f"in-time/{group.group}"] = tuple(submitted[ident] for ident in group.in_time)
        behind[f"late/{group.group}"] = tuple(submitted[ident] for ident in group.late)
        behind[f"missing/{group.group}"] = tuple(raised[ident] for ident in group.missing)
        behind[f"uncorrected/{group.group}"] = tuple(returned[ident] for ident in group.uncorrected)
    behind |= facts.deeds.entries()
    return behind | {f"sum/{one.field}": tuple(submitted[ident] for ident in one.obligations) for one in facts.sums}


def _last(connection: Connection, ids: Sequence[int], *, action: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(ids), MOST_IDS):
        some = JOURNAL.c.obligation_id.in_(ids[start : start + MOST_IDS])
        query = select(JOURNAL.c.obligation_id, func.max(JOURNAL.c.number)).where(some, JOURNAL.c.action == action)
        found |= dict(connection.execute(query.group_by(JOURNAL.c.obligation_id)).tuples().all())
    return found


# The paper


def draft_paper(store: Store, connection: Connection, facts: PeriodFacts) -> ReportFacts:
    """Return the facts of a period as the paper that the standing body sends to the chair."""
    year = load_year(store, connection, facts.cycle, now=facts.as_of)
    names = read_names(store, connection, year.authority)
    head, signature = head_and_signature(connection, year, names=names, purpose=Purpose.REPORT, on=facts.as_of_on)
    line = year.plan.stage(facts.stage)
    return report_of(facts, head=head, signature=signature, addressee=names.of_key(line.owed_to))


def undrafted(store: Store, connection: Connection, *, now: datetime) -> list[tuple[int, str]]:
    """Return cycle and period of every report made of others that is in hand and that no paper speaks of."""
    spoken = exists().where(PAPER_ABOUT.c.obligation_id == OBLIGATION.c.id)
    query = (
        select(CYCLE.c.id, STAGE.c.key, OBLIGATION.c.subject)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .where(STAGE.c.kind == StageKind.QUARTERLY_REPORT.value, CYCLE.c.state == CycleState.LAUNCHED.value)
        .where(OBLIGATION.c.state.in_([state.value for state in IN_HAND]), ~spoken, CYCLE.c.standing_body_id == OBLIGATION.c.party_id)
        .order_by(OBLIGATION.c.id)
    )
    found = []
    for cycle, stage, period in connection.execute(query):
        plan = load_year(store, connection, cycle, now=now).plan
        if stage == next((chain[1].key for chain in chains(plan)), None) and is_report_period(period):
            found.append((int(cycle), str(period)))
    return found
