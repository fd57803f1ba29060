"""Facts of letters about who owes what: read of obligations as they stand at a moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from evaluation.due_rules import DayUnit
from evaluation.inspections.urging import answered_by
from evaluation.kinds import Role, StageKind
from evaluation.obligations import IN_HAND, Obligation, State, is_late
from evaluation.paper_facts import OwedFacts, OwedLine
from evaluation.paper_heads import (
    addressed,
    head_of_committee,
    head_of_standing_body,
    period_words,
    signature_of_committee,
    signature_of_standing_body,
)
from evaluation.paper_letters import letter_about
from evaluation.papers import Purpose, presses_nobody_of
from evaluation.terms import TermReason, days_between
from evaluation.transitions import Verb
from evaluation.workdays import UnknownYearError
from store.lives import MOST_IDS, read_by_id
from store.queries.criterion_titles import CriterionTitles, criterion_titles
from store.queries.letter_facts import read_names, subject_of
from store.queries.remedy_facts import remedies_told
from store.schema import AUTHORITY, CONTACT, JOURNAL
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from evaluation.paper_facts import Head, Signature
    from evaluation.plans import Document
    from evaluation.workdays import Calendar
    from store.queries.letter_facts import Names
    from store.queries.remedy_facts import RemedyTold
    from store.session import Store
    from store.years import Year

#: Still to be done by who owes it: what was submitted meanwhile, or is not owed any more, no letter speaks of.
STILL_OWED = IN_HAND | {State.LAPSED}
#: What the chair issues; the rest is the standing body's.
_OF_CHAIR = frozenset({Purpose.CRITICISM, Purpose.RESULT_DECISION})
ANSWER_WORKDAYS = 5  #: customary; whoever edits the draft writes another date
_KINDS = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "CV": "Công văn",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "TTr": "Tờ trình",
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
}


@dataclass(frozen=True, kw_only=True)
class OwedNow:
    """A letter's facts, and of which obligations they are; what was fulfilled meanwhile is left out."""

    facts: OwedFacts
    about: tuple[int, ...]  #: ids, in the order of the lines

    @property
    def lines(self) -> dict[int, OwedLine]:
        """What is said of each."""
        return dict(zip(self.about, self.facts.lines, strict=True))


def owed_now(  # noqa: PLR0913 -- of what, for what, when
    store: Store,
    connection: Connection,
    cycle: int,
    obligations: Sequence[int],
    *,
    purpose: Purpose,
    now: datetime,
) -> OwedNow:
    """
    Return what a letter of a purpose about these obligations of a cycle says at `now`; without lines where nothing of it is late.

    It speaks of what is past its term, of what came back for correction as often as its stage bears, and of findings that did not pass
    their re-inspection; never of what is not due yet. Who issues a letter is not urged or criticised in it; the chair is told of everybody.
    """
    year = load_year(store, connection, cycle, now=now)
    names = read_names(store, connection, year.authority)
    remedies = remedies_told(connection, obligations, calendar=year.rulebook.calendar)
    uncorrected = {ident for ident, told in remedies.items() if told.failed}
    issuer = presses_nobody_of(purpose, standing_body=year.directory.standing_body, chair=year.directory.chair)
    owing = [
        one
        for one in _read(connection, obligations)
        if one.party != issuer
        and (one.id in uncorrected or (is_still_owed(one) and (is_late(one, now=now) or _came_back_too_often(one, year=year))))
    ]
    urged, titles = _urged(connection, [one.id for one in owing]), _titles(store, connection, year, owing)
    told = (
        _line(one, year=year, names=names, urged=urged.get(one.id, 0), remedy=remedies.get(one.id), now=now, titles=titles) for one in owing
    )
    pairs = sorted(zip((one.id for one in owing), told, strict=True), key=lambda pair: (-pair[1].days_late, pair[0]))
    today = year.rulebook.calendar.local_date(now)
    head, signature = head_and_signature(connection, year, names=names, purpose=purpose, on=today)
    standing, chair = names.of(year.directory.standing_body), names.of(year.directory.chair)
    lines = [line for _, line in pairs]
    facts = letter_about(purpose, lines, head=head, signature=signature, as_of=today, standing_body=standing, chair=chair)
    facts = replace(facts, basis=_basis(year, owing), answer_by=_answer_by(lines, today=today, calendar=year.rulebook.calendar))
    return OwedNow(facts=facts, about=tuple(ident for ident, _ in pairs))


def is_still_owed(obligation: Obligation) -> bool:
    """Return whether a letter may still speak of an obligation."""
    return obligation.state in STILL_OWED and not obligation.suspended


def _came_back_too_often(obligation: Obligation, *, year: Year) -> bool:
    """Return whether it is to be corrected once more than its stage bears, in whatever term."""
    bears = year.stage(obligation.stage).line.uncorrected_after
    return bears is not None and obligation.rounds >= bears and obligation.party_term.made_as is TermReason.CORRECTION


def issuer_of(year: Year, purpose: Purpose) -> str:
    """Return the key of the party that issues papers of a purpose: the chair, or the standing body."""
    wanted = year.directory.chair if purpose in _OF_CHAIR else year.directory.standing_body
    return next(key for key, ident in year.people.ids.items() if ident == wanted)


def _read(connection: Connection, obligations: Sequence[int]) -> Iterable[Obligation]:
    ids = sorted(set(obligations))
    for start in range(0, len(ids), MOST_IDS):
        yield from read_by_id(connection, ids[start : start + MOST_IDS], history=True)


def _urged(connection: Connection, ids: list[int]) -> dict[int, int]:
    """Return how often each was urged by people."""
    query = select(JOURNAL.c.obligation_id, func.count()).where(JOURNAL.c.obligation_id.in_(ids), JOURNAL.c.action == Verb.URGE.value)
    return dict(connection.execute(query.group_by(JOURNAL.c.obligation_id)).tuples().all())


def _titles(store: Store, connection: Connection, year: Year, owing: Sequence[Obligation]) -> CriterionTitles:
    """Return what the criteria that these are about are called; nothing is read where they are about none."""
    improved = any(year.stage(one.stage).line.kind is StageKind.IMPROVEMENT for one in owing)
    return criterion_titles(store, connection, [year.cycle]) if improved else CriterionTitles()


def _line(  # noqa: PLR0913 -- of what, in which year, told how
    one: Obligation, *, year: Year, names: Names, urged: int, remedy: RemedyTold | None, now: datetime, titles: CriterionTitles
) -> OwedLine:
    """Return what a letter says of an obligation; of a remedy that did not pass, by the term of the one that is owed now."""
    line, term = year.stage(one.stage).line, one.party_term if remedy is None or not remedy.reopened else remedy.term
    about = subject_of(one.subject, line=line, names=names)
    criterion = " ".join(filter(None, (about.criterion, titles.of(year.cycle, about.criterion, party=one.party))))
    whom = f"(tồn tại số {about.finding})" if about.finding else f"(tiêu chí {criterion})" if criterion else about.about
    named = [line.deliverable or line.title, period_words(about.period) if about.period is not None else "", whom]
    days, workdays = _late(term.due_on, over=term.due_at is not None and term.due_at <= now, calendar=year.rulebook.calendar, now=now)
    return OwedLine(
        unit=addressed(names.of(one.party)),
        owed=" ".join(part for part in named if part),
        due_on=term.due_on,
        days_late=days,
        workdays_late=workdays,
        urged=urged,
        returned=one.rounds,
        found="" if remedy is None else remedy.found,
        failed="" if remedy is None else remedy.failed,
    )


def _late(due_on: date | None, *, over: bool, calendar: Calendar, now: datetime) -> tuple[int, int]:
    """Return how late something is now, in calendar and in working days."""
    if due_on is None or not over:
        return 0, 0
    today = calendar.local_date(now)
    try:
        workdays = max(0, -days_between(today, due_on, unit=DayUnit.WORKING, calendar=calendar))
    except UnknownYearError:
        workdays = 0
    return max(1, (today - due_on).days), workdays


def _basis(year: Year, owing: Sequence[Obligation]) -> str:
    """Return the document that what is owed rests on, where all of it rests on one."""
    keys = {year.stage(one.stage).line.basis for one in owing}
    found = next((document for document in year.plan.documents if {document.key} == keys), None)
    return "" if found is None else cited(found)


def cited(document: Document) -> str:
    """Return a document as a letter cites it: kind, number, date, issuer, as far as they are known; its title where it has neither."""
    parts = [_KINDS.get(document.kind, document.kind)]
    parts += [f"số {document.number}"] if document.number else []
    parts += [f"ngày {document.dated:%d/%m/%Y}"] if document.dated is not None else []
    parts += [f"của {document.issuer}"] if document.issuer else []
    unnamed = not document.number and document.dated is None
    parts += [f"về “{document.title}”"] if unnamed and document.title else []
    return " ".join(parts)


def _answer_by(lines: Sequence[OwedLine], *, today: date, calendar: Calendar) -> date | None:
    """Return until when a letter asks for an answer."""
    running = [line.due_on for line in lines if line.due_on is not None and line.due_on >= today]
    try:
        usual: date | None = calendar.add_workdays(today, ANSWER_WORKDAYS)
    except UnknownYearError:
        usual = None
    return answered_by(usual, running=running, every=len(running) == len(lines))


def head_and_signature(connection: Connection, year: Year, *, names: Names, purpose: Purpose, on: date) -> tuple[Head, Signature]:
    """Return the head of a paper of a purpose, and who signs it, as suggested on a day."""
    authority = connection.execute(select(AUTHORITY.c.name).where(AUTHORITY.c.id == year.authority)).scalar_one()
    standing = names.of(year.directory.standing_body)
    if purpose in _OF_CHAIR:
        head = head_of_party(connection, year.directory.chair, on=on)
        signed = signature_of_committee(head=head)
        own = replace(signed, lines=()) if purpose is Purpose.RESULT_DECISION else signed  # the chair decides, not the committee
        return head_of_committee(authority, drafted_by=standing), own
    signature = signature_of_standing_body(standing, head=head_of_party(connection, year.directory.standing_body, on=on))
    return head_of_standing_body(standing, authority=authority), signature


def head_of_party(connection: Connection, party: int, *, on: date) -> str:
    """Return the name of a party's head in office on a date; empty if there is none."""
    rows = connection.execute(
        select(CONTACT.c.name, CONTACT.c.valid_from, CONTACT.c.valid_to)
        .where(CONTACT.c.party_id == party, CONTACT.c.role == Role.HEAD.value)
        .order_by(CONTACT.c.id)
    )
    in_office = (row.name for row in rows if (row.valid_from or on) <= on <= (row.valid_to or on))
    return next(in_office, "")
