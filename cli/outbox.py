"""The outbox: what waits, what is held, what nobody knows of; holding and releasing, resending, counting as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_for, acting_on_cycle, remark, the_authority
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.moments import local
from cli.opening import opened
from cli.options import As, AsJson, At, AuthorityKey, Basis, Reader, Reason
from cli.output import Column, show_json, show_table
from cli.seeing import reader_of
from cli.words import message_kind, message_state
from evaluation.rights_table import Action
from store.rights import authorise_on

if TYPE_CHECKING:
    from cli.acting import Acting
    from evaluation.rights import Resource
    from store.outbox.holding import Outbox
    from store.queries.health import View
    from store.queries.outbox import OutboxPage, Waiting
    from store.session import Store, Transaction

MessageNumber = Annotated[int, typer.Argument(metavar="MESSAGE", help="Số của thư / the message's number")]
MaybeCycleName = Annotated[str, typer.Option("--cycle", help="Chỉ thư của chu kỳ này / of this cycle only")]
Unseen = Annotated[
    bool,
    typer.Option("--unseen", help="Thả cả khi chưa gộp thành thư nào để xem / release though nothing is gathered yet that could be seen"),
]
MOST = 100
MOST_WAITING = 20  #: lines of what waits ungathered


def show(
    *,
    authority: AuthorityKey = "",
    state: Annotated[str, typer.Option(help="Trạng thái / state: held, queued, sending, sent, unknown, refused, bounced, cancelled")] = "",
    at_most: Annotated[int, typer.Option("--limit", help="Nhiều nhất / at most")] = MOST,
    as_: Reader = "",
    as_json: AsJson = False,
) -> None:
    """Liệt kê thư, mới nhất trước. / List the messages, the newest first."""
    from store.outbox.states import MessageState
    from store.queries.outbox import outbox

    if state and state not in set(MessageState):
        known = ", ".join(MessageState)
        vi, en = f"--state: “{state}”; viết {known}", f"--state: “{state}”; write one of {known}"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            require_reader(connection, facts.key, contact=as_)
            page = outbox(connection, authority=facts.id, state=MessageState(state) if state else None, at_most=at_most)
    if as_json:
        show_json(_page(page))
    else:
        _show_page(page, zone=facts.zone)


def held(*, authority: AuthorityKey = "", as_: Reader = "", as_json: AsJson = False) -> None:
    """Những gì đang được giữ: các thư, và các thông báo chưa gộp thành thư. / What is held: messages, and what waits ungathered."""
    from store.outbox.states import MessageState
    from store.queries.outbox import held_ungathered, outbox

    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            require_reader(connection, facts.key, contact=as_)
            page = outbox(connection, authority=facts.id, state=MessageState.HELD, at_most=MOST)
            waiting = held_ungathered(connection, authority=facts.id)
    if as_json:
        show_json({**_page(page), "waiting": waiting})
        return
    _show_page(page, zone=facts.zone)
    _show_waiting(waiting, zone=facts.zone)


def require_reader(connection: View, authority: str, *, contact: str) -> None:
    """Raise NotAllowedError unless a named contact may read an authority's outbox; nobody named: whoever holds the machine."""
    if (reader := reader_of(connection, contact, authority=authority)) is not None:
        reader.require(connection, Action.READ_OUTBOX)


def _page(page: OutboxPage) -> dict[str, object]:
    return {"counts": {key.value: count for key, count in page.counts.items()}, "messages": page.messages}


def _show_page(page: OutboxPage, *, zone: str) -> None:
    title = ", ".join(f"{message_state(key.value)} {count}" for key, count in page.counts.items() if count)
    show_table(page.messages, columns=_columns(zone), title=title)


def _columns(zone: str) -> tuple[Column, ...]:
    return (
        Column(vi="số", en="no.", cell=lambda row: row.id, right=True),
        Column(vi="trạng thái", en="state", cell=lambda row: message_state(row.state.value)),
        Column(vi="loại", en="kind", cell=lambda row: message_kind(row.kind.value)),
        Column(vi="đến", en="to", cell=lambda row: row.address or row.recipient),
        Column(vi="tiêu đề", en="subject", cell=lambda row: row.subject),
        Column(vi="lượt gửi", en="slot", cell=lambda row: local(row.slot_at, zone=zone)),
        Column(vi="gửi lúc", en="sent at", cell=lambda row: None if row.sent_at is None else local(row.sent_at, zone=zone)),
        Column(vi="số lần", en="tries", cell=lambda row: row.attempts, right=True),
    )


def _show_waiting(waiting: Waiting, *, zone: str) -> None:
    """Print what waits ungathered: the first lines, and how much it is in all."""
    if not waiting.notices:
        typer.echo(said("Không có thông báo nào đang chờ gộp thành thư.", "No notice waits to be gathered."))
        return
    columns = (
        Column(vi="chu kỳ", en="cycle", cell=lambda row: row.cycle, right=True),
        Column(vi="loại", en="kind", cell=lambda row: message_kind(row.kind.value)),
        Column(vi="lượt gửi", en="slot", cell=lambda row: local(row.slot_at, zone=zone)),
        Column(vi="người nhận", en="recipients", cell=lambda row: row.recipients, right=True),
        Column(vi="thông báo", en="notices", cell=lambda row: row.notices, right=True),
    )
    show_table(waiting.lines[:MOST_WAITING], columns=columns, title=said("Chưa gộp thành thư", "Not gathered into mails yet"))
    more = len(waiting.lines) - MOST_WAITING
    if more > 0:
        typer.echo(said(f"… và {more} dòng nữa (--json: tất cả)", f"… and {more} more lines (--json: all)"))
    typer.echo(_counted(waiting) + said("; xem một thư mẫu: ", "; a sample: ") + "dondoc outbox sample --cycle CYCLE")


def _counted(waiting: Waiting) -> str:
    return said(
        f"{waiting.notices} thông báo cho {waiting.recipients} người nhận đang chờ",
        f"{waiting.notices} notices to {waiting.recipients} recipients wait",
    )


def hold(*, as_: As, reason: Reason, authority: AuthorityKey = "", cycle: MaybeCycleName = "", document: Basis = "", at: At = "") -> None:  # noqa: PLR0913  whose mail and why
    """Giữ thư của cơ quan hoặc của một chu kỳ. / Let no mail of an authority or a cycle leave."""
    from store.outbox.holding import Outbox, hold_outbox

    with opened() as store:
        who, of_cycle = _whose(store, authority=authority, cycle=cycle, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_on(transaction, Action.HOLD_MAIL, _resource(transaction, who, of_cycle))
            count = hold_outbox(store, transaction, Outbox(authority=who.authority.id, cycle=of_cycle), remark=remark(reason, document))
    typer.echo(said(f"Đã giữ; {count} thư đang chờ bị dừng.", f"Held; {count} waiting messages stopped."))


def release(  # noqa: PLR0913  whose mail and why
    message: Annotated[int | None, typer.Argument(metavar="[MESSAGE]", help="Chỉ thư này / this message only")] = None,
    *,
    as_: As,
    reason: Reason = "",
    authority: AuthorityKey = "",
    cycle: MaybeCycleName = "",
    document: Basis = "",
    unseen: Unseen = False,
    at: At = "",
) -> None:
    """Thả thư đang giữ của cơ quan, của một chu kỳ, hoặc một thư. / Let held mail go."""
    from store.outbox.holding import Outbox, release_message, release_outbox

    if message is not None:
        _decide(message, Action.RELEASE_MAIL, (as_, at), release_message, remark(reason, document))
        return
    with opened() as store:
        who, of_cycle = _whose(store, authority=authority, cycle=cycle, contact=as_, at=at)
        of = Outbox(authority=who.authority.id, cycle=of_cycle)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_on(transaction, Action.RELEASE_MAIL, _resource(transaction, who, of_cycle))
            if not unseen:
                _refuse_unseen(transaction, of)
            count = release_outbox(store, transaction, of, remark=remark(reason, document))
    typer.echo(said(f"Đã thả {count} thư.", f"Released {count} messages."))


def _refuse_unseen(transaction: Transaction, of: Outbox) -> None:
    """Refuse a release while there is nothing to look at: notices wait, and no mail was made of them (design §3)."""
    from store.queries.outbox import first_held, held_ungathered

    connection = transaction.connection
    waiting = held_ungathered(connection, authority=of.authority, cycle=of.cycle)
    if not waiting.notices or first_held(connection, authority=of.authority, cycle=of.cycle) is not None:
        return
    look = f"`dondoc outbox held`, `dondoc outbox sample --cycle {of.cycle or 'CYCLE'}`"
    vi, en = (
        f"{_counted(waiting)} và chưa gộp thành thư nào: hãy xem {look}, rồi thả với --unseen, hoặc đợi đến lượt gửi",
        f"{_counted(waiting)} and no mail was made of them yet: look with {look}, then release with --unseen, or wait for the slot",
    )
    raise RefusedError(vi, en)


def resend(message: MessageNumber, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Gửi lại thư không rõ đã đến hay chưa. / Send again a message of which nobody knows."""
    from store.outbox.holding import resend as send_again

    _decide(message, Action.RESEND_MAIL, (as_, at), send_again, remark(reason, document))


def count_as_sent(message: MessageNumber, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Tính là đã gửi. / Say that a message of which nobody knew has arrived."""
    from store.outbox.holding import count_as_sent as count

    _decide(message, Action.RESEND_MAIL, (as_, at), count, remark(reason, document))


def _whose(store: Store, *, authority: str, cycle: str, contact: str, at: str) -> tuple[Acting, int | None]:
    if cycle:
        found, who = acting_on_cycle(store, cycle, contact=contact, at=at)
        return who, found.id
    return acting_for(store, authority, contact=contact, at=at), None


def _resource(transaction: Transaction, who: Acting, cycle: int | None) -> Resource:
    from store.queries.rights import authority_resource, cycle_resource

    if cycle is not None:
        return cycle_resource(transaction.connection, cycle)
    return authority_resource(transaction.connection, who.authority.id)


def _decide(message: int, action: Action, who_when: tuple[str, str], decide: Any, words: Any) -> None:  # noqa: ANN401  one of three functions of the same shape
    from cli.acting import acting
    from store.outbox.states import NoSuchMessageError
    from store.queries.people import authority_of_message

    with opened() as store:
        with store.reading() as connection:
            authority = authority_of_message(connection, message)
        if authority is None:
            raise NoSuchMessageError(message)
        contact, at = who_when
        who = acting(store, authority, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise_on(transaction, action, _resource(transaction, who, None))
            decide(store, transaction, message, remark=words)
    typer.echo(said("Đã ghi.", "Done."))
