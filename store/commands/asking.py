"""
Asking for a report, ad hoc or thematic: one obligation for each unit chosen, with a deadline in hours or in days, or as the plan counts it.

What is asked is a row; what is owed are obligations like any other, raised in a stage of the plan that comes on request. The journal keeps
the decision and the digest of the words, never the words themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, insert, select, update

from evaluation.asking import MOST_DAYS, MOST_HOURS, Count, RequestKind, Within, deadline_of, instant_of, must_be_told_at_once, request_key
from evaluation.kinds import Role, StageKind
from evaluation.obligations import FINAL
from evaluation.plans import Selector
from store.commands import moves
from store.commands.requested import Asked, RequestError, raise_on_request
from store.journal import Entry
from store.lives import read_by_id
from store.locks import hold_cycle
from store.releases import wake_by
from store.schema import OBLIGATION, REPORT_REQUEST
from store.unit_work import text_digest
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row

    from evaluation.actions import Remark
    from evaluation.asking import By, Deadline
    from evaluation.terms import Term
    from store.session import Store, Transaction
    from store.years import StageRef, Year

LONGEST_TITLE = 300
EVERYBODY = Selector()
ASK = "ask-report"
CANCEL = "cancel-request"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked for, of whom, by when."""

    title: str
    asks: str = ""
    kind: RequestKind = RequestKind.AD_HOC
    scope: Selector = EVERYBODY  #: nobody named: everybody of whom the plan's line lets it be asked
    deadline: Deadline | None = None  #: None: as the plan counts
    stage: str = ""  #: key; empty: the first line of the plan by which all of them can be asked
    items: tuple[str, ...] = ()  #: titles of the parts of what is to be delivered
    document: str = ""
    document_on: date | None = None
    addressee: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request as it was made, and who will be told of it."""

    id: int
    key: str
    stage: str
    obligations: tuple[int, ...]
    parties: tuple[int, ...]
    due_on: date | None
    due_at: datetime | None
    mails: int  #: to how many recipients the word goes
    unaddressed: tuple[int, ...]  #: parties with neither a contact nor a mailbox: their mail goes to whoever is above them
    leaves_at: datetime  #: UTC; when the word leaves: the moment itself where the term is short, else the next slot
    off_day: bool = False  #: the deadline falls on a day that is not worked


def ask(store: Store, transaction: Transaction, cycle: int, order: Order) -> Sent:
    """
    Ask for a report and return what was raised.

    Raises:
        NoSuchCycleError: there is no such cycle.
        RequestError: nothing can be asked for so; why, and which field.

    """
    hold_cycle(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    _require_words(order)
    parties, ref = _scope(year, order, now=transaction.now)
    number = _next_number(transaction, cycle)
    by = _deadline(year, order, now=transaction.now)
    due_on, due_hour = (None, None) if by is None else (by.on, by.at)
    asked = Asked(stage=ref.key, parties=parties, subject=request_key(number), due_on=due_on, due_hour=due_hour)
    ids = raise_on_request(transaction, year, asked)
    term = read_by_id(transaction.connection, [ids[0]])[0].term
    about = {"authority_id": year.authority, "cycle_id": cycle, "stage_id": ref.id, "number": number, "key": request_key(number)}
    whose = {"asked_by": transaction.actor.contact, "asked_at": transaction.now}
    row = {**about, **_words(order), **whose, "due_on": term.due_on, "due_at": term.due_at}
    request = int(transaction.connection.execute(insert(REPORT_REQUEST).returning(REPORT_REQUEST.c.id), row).scalar_one())
    if row["due_at"] is not None:
        wake_by(transaction, ref.id, at=row["due_at"])
    payload = {"request": request, "number": number, "kind": order.kind.value, "content": content_digest(row), "obligations": ids}
    transaction.entries.append(Entry(authority=year.authority, action=ASK, cycle=cycle, stage=ref.id, payload=payload))
    told = [year.directory.told(party, Role.OFFICER) for party in parties]
    return Sent(
        id=request,
        key=row["key"],
        stage=ref.key,
        obligations=tuple(ids),
        parties=parties,
        due_on=row["due_on"],
        due_at=row["due_at"],
        mails=len({recipient for one in told for recipient in one.recipients}),
        unaddressed=tuple(party for party, one in zip(parties, told, strict=True) if one.missing and f"m{party}" not in one.recipients),
        leaves_at=_leaves_at(year, term, now=transaction.now),
        off_day=row["due_on"] is not None and not year.rulebook.calendar.is_workday(row["due_on"]),
    )


def cancel_request(
    store: Store, transaction: Transaction, request: int, *, remark: Remark, allow: Callable[[int], None] = lambda _obligation: None
) -> tuple[int, ...]:
    """
    Take a request back, with a reason: what is still owed for it is waived; return those.

    `allow` asks the right to waive what the standing body owes itself: nobody excuses themselves.

    Raises:
        RequestError: it was taken back before, or no reason is given.
        TransitionError: something of it cannot be waived.

    """
    cycle = transaction.connection.execute(select(REPORT_REQUEST.c.cycle_id).where(REPORT_REQUEST.c.id == request)).scalar_one()
    hold_cycle(transaction.connection, cycle)
    row = transaction.connection.execute(select(REPORT_REQUEST).where(REPORT_REQUEST.c.id == request)).one()
    if row.cancelled_at is not None:
        vi, en = f"yêu cầu {row.key} đã được hủy rồi", f"request {row.key} was cancelled before"
        raise RequestError(vi, en)
    if not remark.reason.strip():
        vi, en = "cần nêu lý do hủy yêu cầu", "say why the request is cancelled"
        raise RequestError(vi, en, field="reason")
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    owed = obligations_of(transaction, row)
    for ident in owed:
        if read_by_id(transaction.connection, [ident])[0].party == year.directory.standing_body:
            allow(ident)
        moves.waive(store, transaction, ident, remark=remark)
    values = {"cancelled_at": transaction.now, "cancelled_by": transaction.actor.contact, "cancelled_why": remark.reason}
    transaction.connection.execute(update(REPORT_REQUEST).where(REPORT_REQUEST.c.id == request).values(**values))
    payload = {"request": request, "waived": list(owed), "reason": text_digest(remark.reason), **transaction.actor.capacity}
    entry = Entry(authority=row.authority_id, action=CANCEL, cycle=row.cycle_id, stage=row.stage_id, payload=payload)
    transaction.entries.append(entry)
    return owed


def obligations_of(transaction: Transaction, request: Row[Any]) -> tuple[int, ...]:
    """Return what is still owed for a request, by number."""
    query = select(OBLIGATION.c.id).where(
        OBLIGATION.c.stage_id == request.stage_id,
        OBLIGATION.c.subject == request.key,
        OBLIGATION.c.state.not_in([state.value for state in FINAL]),
    )
    return tuple(transaction.connection.execute(query.order_by(OBLIGATION.c.id)).scalars())


def content_digest(row: dict[str, Any] | Row[Any]) -> str:
    """Return the SHA-256 by which the journal knows the words of a request."""
    fields = row if isinstance(row, dict) else row._mapping
    return text_digest("\n".join(str(fields[name]) for name in ("key", "title", "asks", "items", "document", "addressee")))


def _require_words(order: Order) -> None:
    if not order.title.strip():
        vi, en = "cần nêu tên báo cáo", "say what the report is called"
        raise RequestError(vi, en, field="title")
    if len(order.title) > LONGEST_TITLE:
        vi, en = f"tên báo cáo dài quá {LONGEST_TITLE} ký tự", f"the title has more than {LONGEST_TITLE} characters"
        raise RequestError(vi, en, field="title")
    text_digest(order.asks)


def _scope(year: Year, order: Order, *, now: datetime) -> tuple[tuple[int, ...], StageRef]:
    """Return who is asked, of those in office of whom the plan lets it be asked, and by which line."""
    on = year.rulebook.calendar.local_date(now)
    _require_known(year, order.scope)
    chosen = None if order.scope == EVERYBODY else year.people.selected(order.scope, on=on)
    lines = [ref for ref in year.stages.values() if ref.kind is StageKind.AD_HOC_REPORT and ref.line.on_request]
    lines = [ref for ref in lines if order.stage in {"", ref.key}]
    for ref in lines:
        may = year.people.selected(ref.line.owed_by, on=on)
        if chosen is None and len(lines) > 1 and may == (year.directory.standing_body,):
            continue  # everybody: the units, not the standing body alone
        if chosen is None or (chosen and set(chosen) <= set(may)):
            return (may if chosen is None else chosen), ref
    raise _nobody(year, lines, chosen=chosen, on=on)


def _require_known(year: Year, scope: Selector) -> None:
    strange = [key for key in (*scope.keys, *scope.except_keys) if key not in year.people.ids]
    groups = {party.group for party in year.people.roster.parties}
    strange += [group for group in scope.groups if group not in groups]
    if strange:
        named = ", ".join(strange)
        vi, en = f"danh sách không có đơn vị hoặc nhóm “{named}”", f"the roster has no unit or group “{named}”"
        raise RequestError(vi, en, field="scope")


def _nobody(year: Year, lines: Sequence[StageRef], *, chosen: tuple[int, ...] | None, on: date) -> RequestError:
    if not lines:
        vi = "kế hoạch không có công đoạn báo cáo đột xuất giao theo yêu cầu; thêm công đoạn kind: ad_hoc_report, on_request: true"
        en = "the plan has no stage for ad-hoc reports on request; add one of kind ad_hoc_report with on_request: true"
        return RequestError(vi, en, field="stage")
    if chosen == ():
        vi, en = "không có đơn vị nào trong phạm vi đã chọn", "nobody is in the scope that was chosen"
        return RequestError(vi, en, field="scope")
    best = max((set(year.people.selected(ref.line.owed_by, on=on)) for ref in lines), key=lambda may: len(may & set(chosen or ())))
    keys = {ident: key for key, ident in year.people.ids.items()}
    outside = ", ".join(sorted(keys[party] for party in set(chosen or ()) - best)[:5])
    vi = f"kế hoạch không cho yêu cầu báo cáo cùng lúc với: {outside}; bỏ các đơn vị ấy hoặc gửi yêu cầu riêng"
    en = f"by the plan these are not asked together with the others: {outside}; leave them out or ask apart"
    return RequestError(vi, en, field="scope")


def _next_number(transaction: Transaction, cycle: int) -> int:
    last = select(func.coalesce(func.max(REPORT_REQUEST.c.number), 0)).where(REPORT_REQUEST.c.cycle_id == cycle)
    return int(transaction.connection.execute(last).scalar_one()) + 1


def _deadline(year: Year, order: Order, *, now: datetime) -> By | None:
    asked, calendar = order.deadline, year.rulebook.calendar
    if asked is None:
        return None
    if isinstance(asked, Within):
        most = MOST_HOURS if asked.unit is Count.HOURS else MOST_DAYS
        if not 1 <= asked.count <= most:
            vi, en = f"thời hạn phải từ 1 đến {most}", f"the period must be between 1 and {most}"
            raise RequestError(vi, en, field="deadline")
    by = deadline_of(asked, now=now, calendar=calendar)
    if instant_of(by, calendar=calendar) <= now:
        at = "" if by.at is None else f"{by.at:%H:%M} "
        vi, en = f"thời hạn {at}{by.on:%d/%m/%Y} đã qua", f"the deadline {at}{by.on} is over"
        raise RequestError(vi, en, field="deadline")
    return by


def _words(order: Order) -> dict[str, Any]:
    return {
        "kind": order.kind.value,
        "title": order.title.strip(),
        "asks": order.asks.strip(),
        "items": orjson.dumps([[f"phan-{place}", title] for place, title in enumerate(order.items, start=1)]).decode(),
        "document": order.document.strip(),
        "document_on": order.document_on,
        "addressee": order.addressee.strip(),
        "scope": orjson.dumps({"groups": order.scope.groups, "keys": order.scope.keys, "except": order.scope.except_keys}).decode(),
        "in_hours": isinstance(order.deadline, Within) and order.deadline.unit is Count.HOURS,
    }


def _leaves_at(year: Year, term: Term, *, now: datetime) -> datetime:
    slot = year.slot(now)
    return now if must_be_told_at_once(term, slot_on=year.rulebook.calendar.local_date(slot)) else slot
