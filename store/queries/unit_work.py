"""What units have said and given: evidence, texts of submissions, longer terms asked for, remarks they got back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import and_, select

from evaluation.obligations import FINAL, State
from store.schema import CONTACT, EVIDENCE, EVIDENCE_FILE, EXTENSION_REQUEST, JOURNAL, OBLIGATION, PARTY, STAGE, SUBMISSION
from store.topics import read_topics
from store.years import load_year

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    """A piece of evidence in a list."""

    id: int
    obligation: int
    item: str
    round: int
    name: str
    sha256: str
    size: int
    media_type: str
    contact: str  #: key of who attached it; empty: the system
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MissingLine:
    """An item of a deliverable for which an obligation has no evidence."""

    obligation: int
    stage: str
    party: str
    party_name: str
    subject: str
    state: State
    item: str
    title: str


@dataclass(frozen=True, kw_only=True)
class SubmissionLine:
    """A submission in words."""

    number: int
    text: str
    contact: str
    at: datetime
    received_on: date | None
    document: str


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A longer term that was asked for."""

    id: int
    obligation: int
    wanted_on: date
    reason: str
    contact: str
    at: datetime
    decision: str  #: `open`, `granted`, `refused`, `void`
    decided_at: datetime | None
    granted_term: int | None


@dataclass(frozen=True, kw_only=True)
class ReturnLine:
    """A return for correction: why, and what is asked of each item."""

    round: int
    at: datetime
    reason: str
    basis: str
    items: tuple[tuple[str, str], ...]


def evidence_named(connection: Connection, evidence: int) -> EvidenceLine | None:
    """Return one piece of evidence, withdrawn or not; None if there is none of that id."""
    return next(iter(_evidence(connection, EVIDENCE.c.id == evidence)), None)


def evidence_of(connection: Connection, obligation: int, *, withdrawn: bool = False) -> list[EvidenceLine]:
    """Return the evidence of an obligation, by item, in the order it came in; that which was withdrawn only where asked for."""
    of_obligation = EVIDENCE.c.obligation_id == obligation
    return _evidence(connection, of_obligation if withdrawn else of_obligation & EVIDENCE.c.withdrawn_at.is_(None))


def has_evidence(connection: Connection, obligation: int) -> bool:
    """Return whether any file is attached to an obligation and not withdrawn."""
    there = select(EVIDENCE.c.id).where(EVIDENCE.c.obligation_id == obligation, EVIDENCE.c.withdrawn_at.is_(None))
    return connection.execute(there.limit(1)).first() is not None


def _evidence(connection: Connection, where: ColumnElement[bool]) -> list[EvidenceLine]:
    query = (
        select(EVIDENCE, EVIDENCE_FILE.c.size, EVIDENCE_FILE.c.media_type, CONTACT.c.key)
        .join(EVIDENCE_FILE, EVIDENCE_FILE.c.sha256 == EVIDENCE.c.sha256)
        .outerjoin(CONTACT, CONTACT.c.id == EVIDENCE.c.contact_id)
        .where(where)
        .order_by(EVIDENCE.c.item, EVIDENCE.c.id)
    )
    rows = connection.execute(query)
    names = ("id", "item", "round", "name", "sha256", "size", "media_type", "at", "withdrawn_at")
    return [
        EvidenceLine(obligation=row.obligation_id, contact=row.key or "", **{name: row._mapping[name] for name in names}) for row in rows
    ]


def missing_evidence(store: Store, connection: Connection, cycle: int, *, now: datetime, party: str = "") -> list[MissingLine]:
    """
    Return the items without evidence of what is owed still, by stage and party; a piece of evidence for the whole stands for no item.

    What is not open yet, and what is done, misses nothing.
    """
    year = load_year(store, connection, cycle, now=now)
    requests = read_topics(connection, [cycle]).requests
    asked = {(year.stage(stage).id, subject): words.items for (_, stage, subject), words in requests.items()}
    with_items = {stage for stage, ref in year.stages.items() if ref.line.items or ref.line.items_from} | {stage for stage, _ in asked}
    over = [state.value for state in (*FINAL, State.SCHEDULED)]
    query = (
        select(
            OBLIGATION.c.id,
            OBLIGATION.c.stage_id,
            OBLIGATION.c.party_id,
            OBLIGATION.c.subject,
            OBLIGATION.c.state,
            STAGE.c.key.label("stage"),
        )
        .add_columns(PARTY.c.key.label("party"), PARTY.c.name.label("party_name"))
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .join(PARTY, PARTY.c.id == OBLIGATION.c.party_id)
        .where(OBLIGATION.c.cycle_id == cycle, OBLIGATION.c.stage_id.in_(with_items), OBLIGATION.c.state.not_in(over))
        .order_by(STAGE.c.position, PARTY.c.id, OBLIGATION.c.id)
    )
    rows = connection.execute(query.where(PARTY.c.key == party) if party else query).all()
    there = _items_there(connection, cycle)
    return [
        MissingLine(
            obligation=row.id,
            stage=row.stage,
            party=row.party,
            party_name=row.party_name,
            subject=row.subject,
            state=State(row.state),
            item=item.key,
            title=item.title,
        )
        for row in rows
        for item in asked.get((row.stage_id, row.subject)) or year.line_of(row.stage_id, row.party_id).items
        if (row.id, item.key) not in there
    ]


def _items_there(connection: Connection, cycle: int) -> set[tuple[int, str]]:
    query = (
        select(EVIDENCE.c.obligation_id, EVIDENCE.c.item)
        .join(OBLIGATION, OBLIGATION.c.id == EVIDENCE.c.obligation_id)
        .where(OBLIGATION.c.cycle_id == cycle, EVIDENCE.c.withdrawn_at.is_(None), EVIDENCE.c.item != "")
    )
    return set(connection.execute(query).tuples())


def submissions_of(connection: Connection, obligation: int) -> list[SubmissionLine]:
    """Return what was submitted in words, oldest first."""
    query = (
        select(SUBMISSION, CONTACT.c.key)
        .outerjoin(CONTACT, CONTACT.c.id == SUBMISSION.c.contact_id)
        .where(SUBMISSION.c.obligation_id == obligation)
        .order_by(SUBMISSION.c.number)
    )
    names = ("number", "text", "at", "received_on", "document")
    return [SubmissionLine(contact=row.key or "", **{name: row._mapping[name] for name in names}) for row in connection.execute(query)]


def extension_requests(
    connection: Connection, *, obligation: int | None = None, authority: int | None = None, open_only: bool = False
) -> list[RequestLine]:
    """Return the longer terms asked for, oldest first; one whose term was over before it was decided is `void`."""
    query = (
        select(EXTENSION_REQUEST, CONTACT.c.key, OBLIGATION.c.term.label("current"))
        .join(OBLIGATION, OBLIGATION.c.id == EXTENSION_REQUEST.c.obligation_id)
        .outerjoin(CONTACT, CONTACT.c.id == EXTENSION_REQUEST.c.contact_id)
        .order_by(EXTENSION_REQUEST.c.id)
    )
    wanted = [
        *([] if obligation is None else [OBLIGATION.c.id == obligation]),
        *([] if authority is None else [OBLIGATION.c.authority_id == authority]),
        *([EXTENSION_REQUEST.c.decided_at.is_(None), EXTENSION_REQUEST.c.term == OBLIGATION.c.term] if open_only else []),
    ]
    names = ("id", "wanted_on", "reason", "at", "decided_at", "granted_term")
    return [
        RequestLine(
            obligation=row.obligation_id,
            contact=row.key or "",
            decision=row.decision or ("open" if row.term == row.current else "void"),
            **{name: row._mapping[name] for name in names},
        )
        for row in connection.execute(query.where(*wanted))
    ]


def returns_of(connection: Connection, obligation: int) -> list[ReturnLine]:
    """Return the returns for correction of an obligation with what is asked of each item, oldest first, as the journal keeps them."""
    owner = and_(OBLIGATION.c.authority_id == JOURNAL.c.authority_id, OBLIGATION.c.id == JOURNAL.c.obligation_id)
    query = select(JOURNAL.c.at, JOURNAL.c.payload).join(OBLIGATION, owner)
    rows = connection.execute(query.where(JOURNAL.c.obligation_id == obligation, JOURNAL.c.action == "return").order_by(JOURNAL.c.move))
    return [_return_line(row.at, orjson.loads(row.payload)["actions"]) for row in rows]


def _return_line(at: datetime, actions: list[dict[str, object]]) -> ReturnLine:
    by_name = {action["do"]: action for action in actions if action["do"] in {"move", "remark"}}
    remark = by_name.get("remark", {})
    items = remark.get("items", ())
    assert isinstance(items, list | tuple)  # noqa: S101  as `encode_actions` writes it
    return ReturnLine(
        round=int(str(by_name["move"].get("round", 0))),
        at=at,
        reason=str(remark.get("reason", "")),
        basis=str(remark.get("basis", "")),
        items=tuple((str(item), str(words)) for item, words in items),
    )
