"""The outbox: what waits, what is held, what nobody knows of; holding and releasing, resending, counting as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.acting import acting_for, acting_on_cycle, remark, the_authority
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import As, AsJson, At, AuthorityKey, Basis, Reason
from cli.output import Column, show_json, show_table

if TYPE_CHECKING:
    from cli.acting import Acting
    from store.outbox.states import MessageState
    from store.session import Store

MessageNumber = Annotated[int, typer.Argument(metavar="MESSAGE", help="Số của thư / the message's number")]
MaybeCycleName = Annotated[str, typer.Option("--cycle", help="Chỉ thư của chu kỳ này / of this cycle only")]
MOST = 100


def show(
    *,
    authority: AuthorityKey = "",
    state: Annotated[str, typer.Option(help="Trạng thái / state: held, queued, sending, sent, unknown, refused, bounced, cancelled")] = "",
    at_most: Annotated[int, typer.Option("--limit", help="Nhiều nhất / at most")] = MOST,
    as_json: AsJson = False,
) -> None:
    """Liệt kê thư, mới nhất trước. / List the messages, the newest first."""
    from store.outbox.states import MessageState

    if state and state not in set(MessageState):
        known = ", ".join(MessageState)
        vi, en = f"--state: “{state}”; viết {known}", f"--state: “{state}”; write one of {known}"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    _list(authority, state=MessageState(state) if state else None, at_most=at_most, as_json=as_json)


def held(*, authority: AuthorityKey = "", as_json: AsJson = False) -> None:
    """Các thư đang được giữ. / The messages that are held."""
    from store.outbox.states import MessageState

    _list(authority, state=MessageState.HELD, at_most=MOST, as_json=as_json)


def _list(authority: str, *, state: MessageState | None, at_most: int, as_json: bool) -> None:
    from store.queries.outbox import outbox

    with opened() as store:
        facts = the_authority(store, authority)
        with store.reading() as connection:
            page = outbox(connection, authority=facts.id, state=state, at_most=at_most)
    if as_json:
        show_json({"counts": {key.value: count for key, count in page.counts.items()}, "messages": page.messages})
        return
    show_table(page.messages, columns=_COLUMNS, title=", ".join(f"{key.value} {count}" for key, count in page.counts.items() if count))


_COLUMNS = (
    Column(vi="số", en="no.", cell=lambda row: row.id, right=True),
    Column(vi="trạng thái", en="state", cell=lambda row: row.state.value),
    Column(vi="loại", en="kind", cell=lambda row: row.kind.value),
    Column(vi="đến", en="to", cell=lambda row: row.address or row.recipient),
    Column(vi="tiêu đề", en="subject", cell=lambda row: row.subject),
    Column(vi="lượt gửi", en="slot", cell=lambda row: row.slot_at),
    Column(vi="gửi lúc (UTC)", en="sent at (UTC)", cell=lambda row: row.sent_at),
    Column(vi="số lần", en="tries", cell=lambda row: row.attempts, right=True),
)


def hold(*, as_: As, reason: Reason, authority: AuthorityKey = "", cycle: MaybeCycleName = "", document: Basis = "", at: At = "") -> None:  # noqa: PLR0913  whose mail and why
    """Giữ thư của cơ quan hoặc của một chu kỳ. / Let no mail of an authority or a cycle leave."""
    from store.outbox.holding import Outbox, hold_outbox

    with opened() as store:
        who, of_cycle = _whose(store, authority=authority, cycle=cycle, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
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
    at: At = "",
) -> None:
    """Thả thư đang giữ của cơ quan, của một chu kỳ, hoặc một thư. / Let held mail go."""
    from store.outbox.holding import Outbox, release_message, release_outbox

    if message is not None:
        _decide(message, as_, at, release_message, remark(reason, document))
        return
    with opened() as store:
        who, of_cycle = _whose(store, authority=authority, cycle=cycle, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            count = release_outbox(store, transaction, Outbox(authority=who.authority.id, cycle=of_cycle), remark=remark(reason, document))
    typer.echo(said(f"Đã thả {count} thư.", f"Released {count} messages."))


def resend(message: MessageNumber, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Gửi lại thư không rõ đã đến hay chưa. / Send again a message of which nobody knows."""
    from store.outbox.holding import resend as send_again

    _decide(message, as_, at, send_again, remark(reason, document))


def count_as_sent(message: MessageNumber, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Tính là đã gửi. / Say that a message of which nobody knew has arrived."""
    from store.outbox.holding import count_as_sent as count

    _decide(message, as_, at, count, remark(reason, document))


def _whose(store: Store, *, authority: str, cycle: str, contact: str, at: str) -> tuple[Acting, int | None]:
    if cycle:
        found, who = acting_on_cycle(store, cycle, contact=contact, at=at)
        return who, found.id
    return acting_for(store, authority, contact=contact, at=at), None


def _decide(message: int, contact: str, at: str, decide: Any, words: Any) -> None:  # noqa: ANN401  one of three functions of the same shape
    from cli.acting import acting
    from store.outbox.states import NoSuchMessageError
    from store.queries.people import authority_of_message

    with opened() as store:
        with store.reading() as connection:
            authority = authority_of_message(connection, message)
        if authority is None:
            raise NoSuchMessageError(message)
        who = acting(store, authority, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            decide(store, transaction, message, remark=words)
    typer.echo(said("Đã ghi.", "Done."))
