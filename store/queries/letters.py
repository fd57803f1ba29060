"""
Letters read: everything that the mails of some recipients say, in a handful of queries however many they are.

What a notice says is true of the moment that caused it: a rung speaks of its term, a move of the term that it wrote. Days left
and late are of `now`, so that a mail which was held says what holds when it leaves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from evaluation.kinds import MessageKind
from evaluation.letters import Helpdesk, Item, Language, Letter, Reader, by_urgency
from evaluation.obligations import FINAL, State
from evaluation.terms import Turn
from store.queries.asking import read_answers
from store.queries.branding import mail_head_of
from store.queries.causes import Caused, read_causes, read_successors
from store.queries.digests import read_digest
from store.queries.letter_facts import CycleFacts, Names, iso_date, phone_of, read_cycles, read_names, repair_of, subject_of, timing_of
from store.queries.one_time import AccountWords, account_recipients, read_account_words
from store.queries.result_letters import read_results_told
from store.queries.revoked import Readers, read_revoked
from store.schema import CONTACT, NOTICE, OBLIGATION, PARTY, STAGE, TERM
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from evaluation.letter_subjects import TheirResult
    from evaluation.letters import Timing
    from evaluation.terms import Term
    from store.queries.branding import MailHead
    from store.session import Store

SLICE = 2000
#: The party's turn is over.
DONE_BY_PARTY = FINAL | {State.SUBMITTED}
#: Their term says nothing of time to who reads them: it is the receiver's, or nobody's any more.
TIMELESS = frozenset({MessageKind.ACCEPTED, MessageKind.WAIVED})


class NoSuchNoticeError(LookupError):
    """None of the notices that a letter was asked for is the recipient's."""

    def __init__(self, recipient: str, *, notices: Iterable[int]) -> None:
        """Keep what was asked for."""
        super().__init__(f"{recipient} has none of the notices {', '.join(map(str, notices))}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recipient:
    party: int
    address: str
    name: str
    language: Language


#: A contact that was erased since: no address, so that its mail is refused and somebody hears of it.
NOBODY = _Recipient(party=0, address="", name="", language=Language.VI)


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What is read once for all letters of a call."""

    authority: int
    now: datetime
    names: Names
    cycles: Mapping[int, CycleFacts]
    causes: Mapping[str, Caused]
    successors: Mapping[tuple[int, int, str], Row[Any]]
    accounts: AccountWords
    results: Mapping[str, TheirResult]


def read_letter(  # noqa: PLR0913  (the seven words that name a letter)
    store: Store, connection: Connection, *, authority: int, recipient: str, notices: Sequence[int], now: datetime
) -> Letter:
    """Return what one mail says to `c<contact>` or `m<party>` about these notices; NoSuchNoticeError if none of them is theirs."""
    return read_letters(store, connection, authority=authority, wanted={recipient: notices}, now=now)[recipient]


def read_letters(
    store: Store, connection: Connection, *, authority: int, wanted: Mapping[str, Sequence[int]], now: datetime
) -> dict[str, Letter]:
    """Return a letter for each recipient, of their notices; a notice of somebody else, or of another authority, is left out."""
    rows = _rows(connection, authority, [ident for notices in wanted.values() for ident in notices])
    names = read_names(store, connection, authority)
    causes = read_causes(connection, authority, rows)
    results = read_results_told(store, connection, rows, names=names, now=now)
    meant = {row.cycle_id for row in rows if row.cycle_id is not None} | {one.running.id for one in results.values()}
    facts = _Facts(
        authority=authority,
        now=now,
        names=names,
        cycles=read_cycles(store, connection, meant, names=names),
        causes=causes,
        successors=read_successors(connection, rows, causes),
        accounts=read_account_words(connection, [row.cause for row in rows]),
        results=results,
    )
    owner = mail_head_of(connection, authority)
    people = _recipients(connection, authority, wanted)
    own: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        own[row.recipient].append(row)
    readers = Readers(party={recipient: person.party for recipient, person in people.items()}, cycles=facts.cycles, names=names, now=now)
    revoked = read_revoked(connection, rows, readers=readers)
    helpdesks: dict[int, Helpdesk] = {}
    letters = {}
    for recipient, notices in wanted.items():
        asked = frozenset(notices)
        person = people.get(recipient, NOBODY)
        told = _latest(row for row in own[recipient] if row.id in asked)
        items = [_item(connection, row, reader=person.party, facts=facts) for row in told]
        if not items:
            raise NoSuchNoticeError(recipient, notices=notices)
        letter = _letter(owner, recipient=recipient, person=person, items=items, now=now)
        helpdesk = _helpdesk(connection, letter, facts=facts, known=helpdesks)
        letters[recipient] = replace(letter, helpdesk=helpdesk, revoked=revoked.get(recipient, ()))
    return letters


def _latest(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Return rows in order, but of several of one kind about one obligation the last alone: it says what holds."""
    last = {(row.kind, row.obligation_id or -row.id): row for row in rows}
    return sorted(last.values(), key=lambda row: int(row.id))


def _letter(owner: MailHead, *, recipient: str, person: _Recipient, items: Sequence[Item], now: datetime) -> Letter:
    return Letter(
        authority_id=owner.id,
        authority=owner.key,
        authority_name=owner.words.name_in(person.language.value),
        standing_line=owner.words.line_in(person.language.value),
        logo=owner.logo,
        sandbox=owner.sandbox,
        zone=ZoneInfo(owner.zone),
        now=now,
        recipient=recipient,
        address=person.address,
        name=person.name,
        language=person.language,
        items=by_urgency(items),
    )


_QUERY = (
    select(
        NOTICE.c.id,
        NOTICE.c.kind,
        NOTICE.c.recipient,
        NOTICE.c.cause,
        NOTICE.c.slot_at,
        NOTICE.c.cycle_id,
        NOTICE.c.stage_id,
        NOTICE.c.obligation_id,
        STAGE.c.key,
        OBLIGATION.c.party_id,
        OBLIGATION.c.subject,
        OBLIGATION.c.state,
        OBLIGATION.c.rounds,
        OBLIGATION.c.days_late,
        *(TERM.c[name] for name in ("number", "reason", "turn", "due_on", "due_at", "locks_at", "projected", "held", "projected_anew")),
    )
    .outerjoin(STAGE, STAGE.c.id == NOTICE.c.stage_id)
    .outerjoin(OBLIGATION, OBLIGATION.c.id == NOTICE.c.obligation_id)
    .outerjoin(TERM, and_(TERM.c.obligation_id == NOTICE.c.obligation_id, TERM.c.number == NOTICE.c.term))
    .order_by(NOTICE.c.id)
)


def _rows(connection: Connection, authority: int, notices: Sequence[int]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(notices), SLICE):
        query = _QUERY.where(NOTICE.c.authority_id == authority, NOTICE.c.id.in_(notices[start : start + SLICE]))
        found += connection.execute(query).all()
    return found


def _recipients(connection: Connection, authority: int, wanted: Iterable[str]) -> dict[str, _Recipient]:
    ids: dict[str, list[int]] = {"c": [], "m": [], "a": []}
    for recipient in wanted:
        ids[recipient[0]].append(int(recipient[1:]))
    found: dict[str, _Recipient] = {}
    if ids["c"]:
        contacts = select(CONTACT).where(CONTACT.c.authority_id == authority, CONTACT.c.id.in_(ids["c"]))
        for row in connection.execute(contacts):
            language = Language(row.language) if row.language in set(Language) else Language.VI
            found[f"c{row.id}"] = _Recipient(party=row.party_id, address=row.address, name=row.name, language=language)
    if ids["m"]:
        for row in connection.execute(select(PARTY).where(PARTY.c.authority_id == authority, PARTY.c.id.in_(ids["m"]))):
            found[f"m{row.id}"] = _Recipient(party=row.id, address=row.mailbox, name=row.name, language=Language.VI)
    if ids["a"]:
        for row in account_recipients(connection, ids["a"], authority=authority):
            found[f"a{row.id}"] = _Recipient(party=0, address=row.email, name=row.name or row.email, language=Language(row.language))
    return found


def _item(connection: Connection, row: Row[Any], *, reader: int, facts: _Facts) -> Item:
    kind = MessageKind(row.kind)
    caused = facts.causes.get(row.cause, Caused())
    item = facts.accounts.told(Item(notice=row.id, kind=kind, remark=caused.remark), cause=row.cause)
    cycle = facts.cycles.get(row.cycle_id)
    if kind is MessageKind.RESULTS_PUBLISHED and (told := facts.results.get(row.cause)) is not None:
        return replace(item, result=told, running=told.running if cycle is None else cycle.running)
    if cycle is None:
        return item
    local = cycle.calendar.local_date
    moved_on = None if caused.at is None else local(caused.at)
    item = replace(item, running=cycle.running, moved_on=moved_on, slot_on=local(row.slot_at))
    if kind is MessageKind.COORDINATOR_DIGEST:
        digest = read_digest(connection, authority=facts.authority, cycle=cycle, names=facts.names, now=facts.now)
        return replace(item, digest=digest)
    if kind is MessageKind.REQUEST_SUMMARY:
        return replace(item, answers=read_answers(connection, row.cause, names=facts.names))
    return item if row.obligation_id is None else _about(item, row, cycle=cycle, facts=facts, reader=reader)


def _about(item: Item, row: Row[Any], *, cycle: CycleFacts, facts: _Facts, reader: int) -> Item:
    """Return the item with what its obligation says."""
    line, caused = cycle.line(row.key), facts.causes.get(row.cause, Caused())
    heir = None if caused.handed_to is None else facts.successors.get((row.stage_id, caused.handed_to, row.subject))
    party = row.party_id if caused.handed_to is None else caused.handed_to
    term = heir if heir is not None else caused.term or row
    state = State(row.state if heir is None else heir.state)
    timed = term.number is not None and item.kind not in TIMELESS
    return replace(
        item,
        duty=cycle.duty(row.key, names=facts.names, party=party, subject=row.subject),
        obligation=row.obligation_id if heir is None else heir.id,
        party_id=party,
        party=facts.names.of(party),
        group=facts.names.group_of(party),
        predecessor=facts.names.of(row.party_id) if caused.handed_to is not None else "",
        reader=_reader(reader, party=party, row=row, cycle=cycle, names=facts.names),
        subject=subject_of(row.subject, line=line, names=facts.names, cycle=cycle, party=party),
        state=state,
        rounds=row.rounds,
        days_late=caused.days_late if caused.days_late is not None else row.days_late,
        timing=_timing(term, state=state, cycle=cycle, now=facts.now) if timed else None,
        due_before=row.due_on if caused.term is not None else None,
        wanted_on=iso_date(caused.wanted_on),
        received_on=iso_date(caused.received_on),
        document=caused.document,
        repair=repair_of(row.subject, cycle=cycle, names=facts.names) if row.key == UPKEEP else None,
    )


def _timing(term: Term | Row[Any], *, state: State, cycle: CycleFacts, now: datetime) -> Timing:
    """Return what a term says at `now`; of a date that the party has met or need not meet any more, nothing is left and nothing late."""
    timing = timing_of(term, calendar=cycle.calendar, now=now)
    if timing.turn is not Turn.PARTY or state not in DONE_BY_PARTY:
        return timing
    return replace(timing, overdue=False, days_left=None, workdays_left=None)


def _reader(reader: int, *, party: int, row: Row[Any], cycle: CycleFacts, names: Names) -> Reader:
    line, people = cycle.line(row.key), names.people
    if reader == party:
        return Reader.OWES
    if party != row.party_id and reader == row.party_id:
        return Reader.OWED
    if people.ids.get(line.through or line.owed_to) == reader:
        return Reader.RECEIVES
    told = row.kind == MessageKind.STAGE_OPENED.value and line.coordinating is not None
    if told and line.coordinating is not None and reader in people.selected(line.coordinating, on=cycle.plan.reference_on):
        return Reader.COORDINATES
    return Reader.OVERSEES


def _helpdesk(connection: Connection, letter: Letter, *, facts: _Facts, known: dict[int, Helpdesk]) -> Helpdesk:
    """Return the standing body of the most urgent item's cycle, with the telephone of its officer or head."""
    running = letter.items[0].running
    if running is None:
        return Helpdesk()
    cycle = facts.cycles[running.id]
    if cycle.standing_body not in known:
        body = facts.names.by_id[cycle.standing_body]
        phone = phone_of(connection, cycle.standing_body, on=cycle.calendar.local_date(facts.now))
        known[cycle.standing_body] = Helpdesk(name=body.name, phone=phone, mailbox=body.mailbox)
    return known[cycle.standing_body]
