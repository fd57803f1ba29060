"""Facts of the papers of results, read as they stand: the council's minutes, the decision, a unit's result sheet, its self-assessment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from evaluation.criteria.sets import Decision
from evaluation.criteria.words import printed
from evaluation.paper_facts import Present, Signature
from evaluation.paper_heads import head_of_standing_body, person, signature_of_committee, signature_of_standing_body
from evaluation.paper_results import (
    POSTS,
    Decided,
    Issuing,
    MatterPut,
    Meeting,
    Ranked,
    Standing,
    council_minutes,
    result_decision,
    result_sheet,
    self_assessment_report,
)
from evaluation.papers import Purpose
from evaluation.scores.council import How
from evaluation.scores.editions import outcome_of
from evaluation.scores.encoding import decode_given
from evaluation.scores.index import index_of
from evaluation.scores.rules import Base
from evaluation.scores.sheets import Part
from store.commands.results.publishing import Order, prepare
from store.queries.council import NoSuchCouncilError, council_view
from store.queries.editions import bundle_of_edition, list_published, tables_published
from store.queries.letter_facts import read_names
from store.queries.paper_facts import cited, head_and_signature, head_of_party, issuer_of
from store.queries.people import NoSuchPartyError
from store.queries.results import read_results, trace_unit
from store.results import counted_nodes
from store.schema import AUTHORITY, EVIDENCE, OBLIGATION
from store.score_refusals import SheetFaultsError
from store.scores import read_sheet
from store.years import load_year

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from evaluation.paper_facts import Facts
    from evaluation.scores.rules import CouncilRules
    from store.queries.council_lines import CouncilView, MatterLine, SessionLine
    from store.queries.editions import PublishedLine
    from store.session import Store
    from store.years import Year

#: What can be drafted of results.
OF_RESULTS = (Purpose.MINUTES, Purpose.RESULT_DECISION, Purpose.RESULT_SHEET, Purpose.SELF_ASSESSMENT)


@dataclass(frozen=True, kw_only=True)
class About:
    """What a paper of results is about; what its purpose does not ask for stays empty."""

    purpose: Purpose
    unit: str = ""  #: key: of a result sheet, of a self-assessment
    council: int = 0  #: obligation: of minutes
    session: int = 1
    accepted: str = ""  #: why a decision is drafted though scores are missing


@dataclass(frozen=True, kw_only=True)
class Found:
    """The facts of a paper, and the key of who issues it."""

    facts: Facts
    issuer: str


def result_paper(store: Store, connection: Connection, cycle: int, about: About, *, now: datetime) -> Found:
    """
    Return what a paper of results says now.

    Raises:
        NoSuchCycleError, NoSuchPartyError, NoSuchCouncilError: there is none of these.
        ScoreError: a score is not in order.
        SheetFaultsError: a decision: scores are missing and nobody accepted that, as publishing would refuse it.

    """
    year = load_year(store, connection, cycle, now=now)
    match about.purpose:
        case Purpose.MINUTES:
            facts: Facts = _minutes(store, connection, year, about, now=now)
            return Found(facts=facts, issuer=_council_key(connection, year, about.council))
        case Purpose.RESULT_DECISION:
            facts = _decision(store, connection, year, about, now=now)
        case Purpose.RESULT_SHEET:
            facts = _result_sheet(store, connection, year, about.unit, now=now)
        case _:
            return Found(facts=_self_assessment(store, connection, year, about.unit, now=now), issuer=about.unit)
    return Found(facts=facts, issuer=issuer_of(year, about.purpose))


def _issuing(  # noqa: PLR0913  of which year, for what, when
    store: Store, connection: Connection, year: Year, purpose: Purpose, *, now: datetime, decimals: int = 2
) -> Issuing:
    today = year.rulebook.calendar.local_date(now)
    names = read_names(store, connection, year.authority)
    head, signature = head_and_signature(connection, year, names=names, purpose=purpose, on=today)
    return Issuing(head=head, signature=signature, year=year.evaluated, today=today, decimals=decimals)


def _minutes(store: Store, connection: Connection, year: Year, about: About, *, now: datetime) -> Facts:
    view = council_view(store, connection, about.council, now=now)
    if view is None or view.cycle != year.cycle:
        raise NoSuchCouncilError(about.council)
    session = next((one for one in view.sessions if one.number == about.session), None)
    if session is None:
        raise NoSuchCouncilError(about.council)
    return council_minutes(_meeting(view, session), issuing=_issuing(store, connection, year, Purpose.MINUTES, now=now))


def _council_key(connection: Connection, year: Year, council: int) -> str:
    """Return the key of the council of an obligation: its minutes are numbered as its own."""
    party = connection.execute(select(OBLIGATION.c.party_id).where(OBLIGATION.c.id == council)).scalar_one()
    return next(key for key, ident in year.people.ids.items() if ident == party)


def _meeting(view: CouncilView, session: SessionLine) -> Meeting:
    there = [one for one in session.members if one.contact in session.present]
    posts = {one.post: one.name for one in session.members}
    return Meeting(
        number=session.number,
        held_on=session.held_on,
        council=view.party,
        present=tuple(Present(name=one.name, post=POSTS[one.post]) for one in there),
        members=len(session.members),
        chair=person(posts.get("chair", "")),
        secretary=person(posts.get("secretary", "")),
        text=session.minutes_text,
        minutes=session.minutes,
        matters=tuple(
            MatterPut(
                words=one.words,
                unit=one.unit_name,
                scores=one.scores,
                why=one.why,
                outcome=one.outcome,
                counts=one.counts,
                majority=_majority(view.rules, one),
                recommendations=tuple(f"{made.to}: {made.text}" for made in one.recommendations),
                written=tuple(vote.name for vote in one.votes if vote.how == How.WRITING.value),
                barred=one.barred,
            )
            for one in session.matters
        ),
    )


def _majority(rules: CouncilRules, matter: MatterLine) -> str:
    """Return of how many so many agreed, and what share was needed; empty while it is not counted."""
    if matter.counts is None or not matter.outcome:
        return ""
    whom = "có quyền biểu quyết" if rules.base is Base.ENTITLED else "dự biểu quyết"
    return f"tán thành {matter.count('for')}/{matter.base} người {whom} (cần quá {printed(rules.majority)} %)"


def _decision(store: Store, connection: Connection, year: Year, about: About, *, now: datetime) -> Facts:
    """Return the decision as publishing would freeze it now; where something was published, it corrects that. SheetFaultsError."""
    before = _in_force(connection, year.cycle)
    corrects = None if before is None else before.number
    prepared = prepare(store, year.cycle, Order(decision=Decision(), accepted=about.accepted, corrects=corrects), now=now)
    if prepared.faults:
        raise SheetFaultsError(prepared.faults)
    bundle = orjson.loads(prepared.content)
    ranked = Ranked(
        tables=tables_published(bundle),
        names={one["unit"]: one["name"] for one in bundle["units"]},
        maxima={one["unit"]: Decimal(one["results"]["maximum"]) for one in bundle["units"]},
        missing=prepared.missing,
        accepted=about.accepted.strip(),
    )
    return result_decision(
        ranked,
        issuing=_issuing(store, connection, year, Purpose.RESULT_DECISION, now=now, decimals=bundle["rules"]["decimals"]),
        bases=tuple(cited(one) for one in year.plan.documents),
        proposed_by=read_names(store, connection, year.authority).of(year.directory.standing_body),
        corrects=None if before is None else Decided(number=before.decision, dated=before.decided_on),
    )


def _in_force(connection: Connection, cycle: int) -> PublishedLine | None:
    """Return the newest edition of a cycle; None: nothing is published."""
    return next(iter(list_published(connection, cycle=cycle)), None)


def _result_sheet(store: Store, connection: Connection, year: Year, unit: str, *, now: datetime) -> Facts:
    """Return a unit's sheet: of the newest edition, with its decision; of what stands now where nothing is published."""
    edition = _in_force(connection, year.cycle)
    if edition is not None:
        return _published_sheet(store, connection, year, unit, edition=edition, now=now)
    found = read_results(store, connection, year.cycle, now=now)
    trace = trace_unit(store, connection, year.cycle, unit, now=now)
    line = next((one for table in found.tables for one in table.lines if one.contender.unit == unit), None)
    place = "" if line is None or line.place is None else f"{line.place}/{line.of}"
    band = "" if line is None else line.band
    return result_sheet(
        trace.index,
        Standing(unit=trace.unit.name, place=place, band=band, is_open=not found.units[unit].is_settled),
        issuing=_issuing(store, connection, year, Purpose.RESULT_SHEET, now=now, decimals=found.rules.ranking.decimals),
    )


def _published_sheet(  # noqa: PLR0913  of which unit, as published by which edition
    store: Store, connection: Connection, year: Year, unit: str, *, edition: PublishedLine, now: datetime
) -> Facts:
    bundle = bundle_of_edition(connection, edition.id)
    one = next((one for one in bundle["units"] if one["unit"] == unit), None)
    if one is None:
        raise NoSuchPartyError(unit)
    results = one["results"]
    place = "" if results["place"] is None else f"{results['place']}/{results['of']}"
    decided = Decided(number=edition.decision, dated=edition.decided_on)
    return result_sheet(
        outcome_of(decode_given(bundle)).final[unit],
        Standing(unit=one["name"], place=place, band=results["band"], is_open=False, decided=decided),
        issuing=_issuing(store, connection, year, Purpose.RESULT_SHEET, now=now, decimals=bundle["rules"]["decimals"]),
    )


def _self_assessment(store: Store, connection: Connection, year: Year, unit: str, *, now: datetime) -> Facts:
    """Return a unit's report; its index is that of its own scores, and the survey's leaves, which it does not score, count nowhere."""
    trace = trace_unit(store, connection, year.cycle, unit, now=now)
    scope, rules = trace.unit.scope, replace(trace.rules, index=replace(trace.rules.index, survey_held=False))
    counted = counted_nodes(scope, rules)
    own = {node: points for node, points in trace.parts[Part.SELF].items() if node in counted}
    held = read_sheet(store, connection, year, trace.unit.party)
    names = read_names(store, connection, year.authority)
    return self_assessment_report(
        index_of(scope, own, rules=rules.index),
        {} if held is None else held.sheet.entries,
        files=_files(connection, year.cycle, trace.unit.party),
        to=names.of(year.directory.standing_body),
        issuing=_of_unit(connection, year, trace.unit.party, name=trace.unit.name, now=now),
    )


def _of_unit(connection: Connection, year: Year, party: int, *, name: str, now: datetime) -> Issuing:
    """Return how a unit issues its own papers: under the committee, or as a committee itself."""
    today = year.rulebook.calendar.local_date(now)
    authority = connection.execute(select(AUTHORITY.c.name).where(AUTHORITY.c.id == year.authority)).scalar_one()
    head, leader = head_of_standing_body(name, authority=authority), head_of_party(connection, party, on=today)
    if head.name.casefold().startswith(("ubnd", "ủy ban nhân dân")):
        signature: Signature = signature_of_committee(head=leader)
        head = replace(head, superior="", symbol="UBND")
    else:
        signature = signature_of_standing_body(name, head=leader)
    return Issuing(head=head, signature=signature, year=year.evaluated, today=today)


def _files(connection: Connection, cycle: int, party: int) -> dict[str, list[str]]:
    """Return the names of the evidence that a unit has not withdrawn, by leaf."""
    query = select(EVIDENCE.c.item, EVIDENCE.c.name).join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
    where = OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.party_id == party, EVIDENCE.c.withdrawn_at.is_(None), EVIDENCE.c.item != ""
    found: dict[str, list[str]] = {}
    for row in connection.execute(query.where(*where).order_by(EVIDENCE.c.id)):
        found.setdefault(row.item, []).append(row.name)
    return found


__all__ = ["OF_RESULTS", "About", "Found", "NoSuchPartyError", "result_paper"]
