"""Reports that are asked for, ad hoc or thematic: asked, listed, taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_cycle, looked_at, remark
from cli.due_words import local_due
from cli.errors import ExitCode, RefusedError
from cli.language import said, spoken
from cli.opening import opened
from cli.options import DAY_FORMATS, As, AsJson, At, Basis, CycleName, Day, Reason
from cli.output import Column, show_json, show_table
from evaluation.rights_table import Action

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cli.acting import Acting
    from evaluation.asking import Deadline
    from store.commands.asking import Order, Sent
    from store.queries.asking import RequestLine
    from store.session import Store, Transaction

Many = list[str] | None


class Unit(StrEnum):
    """In what a period is given."""

    HOURS = "hours"
    WORKING = "working"
    CALENDAR = "calendar"


def ask(  # noqa: PLR0913  what is asked, of whom, by when, by whom
    cycle: CycleName,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Tên báo cáo / what the report is called")],
    *,
    as_: As,
    within: Annotated[int | None, typer.Option("--within", min=1, help="Trong bao lâu kể từ bây giờ / a period from now")] = None,
    unit: Annotated[Unit, typer.Option("--in", help="Tính theo / counted in")] = Unit.HOURS,
    due: Annotated[Day | None, typer.Option("--due", formats=DAY_FORMATS, help="Hạn: ngày cuối / the last day")] = None,
    due_hour: Annotated[str, typer.Option("--due-hour", metavar="HH:MM", help="Giờ hết hạn của ngày ấy / its hour")] = "",
    asks: Annotated[str, typer.Option("--asks", help="Nội dung yêu cầu / what is asked, in words")] = "",
    group: Annotated[Many, typer.Option("--group", help="Nhóm được yêu cầu; nhắc lại được / groups asked")] = None,
    party: Annotated[Many, typer.Option("--unit", help="Đơn vị được yêu cầu; nhắc lại được / units asked")] = None,
    without: Annotated[Many, typer.Option("--without", help="Trừ đơn vị / but not these")] = None,
    item: Annotated[Many, typer.Option("--item", help="Phần của báo cáo; nhắc lại được / parts of the report")] = None,
    document: Annotated[str, typer.Option("--document", help="Số văn bản yêu cầu / number of the document")] = "",
    document_on: Annotated[Day | None, typer.Option("--document-on", formats=DAY_FORMATS, help="Ngày văn bản / its date")] = None,
    addressee: Annotated[str, typer.Option("--addressee", help="Gửi tới ai / to whom the report goes")] = "",
    thematic: Annotated[bool, typer.Option("--thematic", help="Báo cáo chuyên đề / a thematic report")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Thực hiện; không có thì chỉ xem trước / do it; else only look")] = False,
    at: At = "",
) -> None:
    """Yêu cầu báo cáo đột xuất, chuyên đề; xem trước hạn và số thư. / Ask for a report; look first at its deadline and mails."""
    from evaluation.asking import RequestKind
    from evaluation.plans import Selector
    from store.commands.asking import Order

    order = Order(
        title=title,
        asks=asks,
        kind=RequestKind.THEMATIC if thematic else RequestKind.AD_HOC,
        scope=Selector(groups=tuple(group or ()), keys=tuple(party or ()), except_keys=tuple(without or ())),
        deadline=_deadline(within, unit, due=due, hour=due_hour),
        items=tuple(item or ()),
        document=document,
        document_on=None if document_on is None else document_on.date(),
        addressee=addressee,
    )
    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        sent = _asked(store, found.id, order, who=who, apply=apply)
    _say(sent, zone=who.authority.zone, apply=apply)


def _asked(store: Store, cycle: int, order: Order, *, who: Acting, apply: bool) -> Sent:
    """Return what is sent; nothing of it is kept where it is only looked at."""
    from store.commands.asking import ask as ask_for

    with looked_at(store, who, apply=apply) as transaction:
        _authorise(transaction, cycle, Action.ASK_REPORT)
        return ask_for(store, transaction, cycle, order)


def _deadline(within: int | None, unit: Unit, *, due: Day | None, hour: str) -> Deadline | None:
    from datetime import time

    from evaluation.asking import By, Count, Within

    if (within is not None and due is not None) or (hour and due is None):
        vi, en = "nêu --within, hoặc --due cùng --due-hour nếu cần", "give --within, or --due with --due-hour where needed"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    if within is not None:
        return Within(count=within, unit=Count(unit.value))
    try:
        at = time.fromisoformat(hour) if hour else None
    except ValueError:
        vi, en = f"--due-hour: “{hour}” không phải giờ; viết như 11:00", f"--due-hour: “{hour}” is no hour; write 11:00"
        raise RefusedError(vi, en, code=ExitCode.USAGE) from None
    return None if due is None else By(on=due.date(), at=at)


def _authorise(transaction: Transaction, cycle: int, action: Action) -> None:
    from store.queries.rights import cycle_resource
    from store.rights import authorise_on

    authorise_on(transaction, action, cycle_resource(transaction.connection, cycle))


def _say(sent: Sent, *, zone: str, apply: bool) -> None:
    due = local_due(sent.due_on, sent.due_at, zone=zone, language=spoken().value)
    vi = f"{sent.key}: hạn {due or 'chưa định'}; sẽ gửi {sent.mails} thư tới {len(sent.parties)} đơn vị"
    en = f"{sent.key}: due {due or 'not set'}; {sent.mails} mails to {len(sent.parties)} units"
    if sent.unaddressed:
        vi += f"; {len(sent.unaddressed)} đơn vị chưa có địa chỉ"
        en += f"; {len(sent.unaddressed)} units have no address"
    typer.echo(said(f"{vi}.", f"{en}."))
    if sent.off_day:
        typer.echo(said("Hạn rơi vào ngày nghỉ.", "The deadline falls on a day off."))
    if not apply:
        typer.echo(said("Mới xem trước; thêm --apply để gửi yêu cầu.", "Only looked at; add --apply to ask."))


def requests(cycle: CycleName, *, as_json: AsJson = False, at: At = "") -> None:
    """Các yêu cầu báo cáo của một chu kỳ và tiến độ. / The requests of a cycle, and how far each is."""
    from zoneinfo import ZoneInfo

    from store.queries.asking import requests_of

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact="", at=at)
        with store.reading() as connection:
            lines = requests_of(connection, now=who.now, cycle=found.id)
    if as_json:
        show_json([{**vars(line), "items": [one.title for one in line.items], "state": line.state.value} for line in lines])
    else:
        show_table(lines, columns=_columns(ZoneInfo(who.authority.zone)))


def _columns(zone: ZoneInfo) -> list[Column]:
    def due(line: RequestLine) -> str:
        return local_due(line.due_on, line.due_at, zone=str(zone), language=spoken().value)

    return [
        Column(vi="số", en="key", cell=lambda line: line.key),
        Column(vi="báo cáo", en="report", cell=lambda line: line.title),
        Column(vi="hạn", en="due", cell=due),
        Column(vi="đã gửi", en="reported", cell=lambda line: f"{line.answered}/{line.total}", right=True),
        Column(vi="gửi trễ", en="late", cell=lambda line: line.answered_late, right=True),
        Column(vi="đang quá hạn", en="overdue", cell=lambda line: line.late, right=True),
        Column(vi="tình trạng", en="state", cell=_state),
    ]


def _state(line: RequestLine) -> str:
    words = {"under_way": ("đang chờ", "under way"), "answered": ("đã đủ", "answered"), "cancelled": ("đã hủy", "cancelled")}
    return said(*words[line.state.value])


def cancel_request(  # noqa: PLR0913  which, why, by whom
    cycle: CycleName,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Số yêu cầu, như YC-03 / its key")],
    *,
    as_: As,
    reason: Reason,
    document: Basis = "",
    at: At = "",
) -> None:
    """Hủy một yêu cầu báo cáo: đơn vị chưa gửi không phải gửi nữa. / Take a request back: what is still owed for it is waived."""
    from store.commands.asking import cancel_request as take_back
    from store.queries.asking import request_named
    from store.rights import authorise

    with opened() as store:
        found, who = acting_on_cycle(store, cycle, contact=as_, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            _authorise(transaction, found.id, Action.CANCEL_REQUEST)
            request = request_named(transaction.connection, found.id, key)
            if request is None:
                vi, en = f"chu kỳ không có yêu cầu “{key}”", f"the cycle has no request “{key}”"
                raise RefusedError(vi, en)
            waived = take_back(
                store,
                transaction,
                request,
                remark=remark(reason, document),
                allow=lambda ident: authorise(store, transaction, ident, Action.WAIVE),
            )
    typer.echo(said(f"Đã hủy {key}; {len(waived)} đơn vị không phải gửi nữa.", f"Cancelled {key}; {len(waived)} need not report any more."))
