"""What people do with one obligation: a command for each verb."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cli.acting import acting_on_obligation, remark
from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import opened
from cli.options import DAY_FORMATS, As, At, Basis, Reason
from evaluation.actions import Remark
from evaluation.rights_table import Action
from store.rights import authorise

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation.obligations import Obligation
    from store.queries.people import AuthorityFacts
    from store.session import Store, Transaction

Which = Annotated[int, typer.Argument(metavar="OBLIGATION", help="Số của nghĩa vụ / the obligation's number")]
Signed = Annotated[str | None, typer.Option(help="Nội dung trình ký / what the head is to sign")]
DueOn = Annotated[datetime, typer.Option("--due", formats=DAY_FORMATS, help="Hạn mới: hết ngày này / the new last day")]


def prepare(obligation: Which, *, as_: As, text: Signed = None, at: At = "") -> None:
    """Trình lãnh đạo duyệt. / Hand the work to the head for signature."""
    from store.commands.moves import prepare as move

    _do(obligation, Action.PREPARE, (as_, at), lambda store, transaction, _: move(store, transaction, obligation, text=text))


def send_back(obligation: Which, *, as_: As, reason: Reason, document: Basis = "", at: At = "") -> None:
    """Lãnh đạo chưa duyệt, trả lại cho công chức. / Refuse to sign, as the head."""
    from store.commands.moves import send_back as move

    _do(
        obligation,
        Action.SEND_BACK,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def submit(  # noqa: PLR0913  a paper answer has a date and a number of its own
    obligation: Which,
    *,
    as_: As,
    received_on: Annotated[datetime | None, typer.Option(formats=DAY_FORMATS, help="Ngày nhận bản giấy / when a paper came in")] = None,
    number: Annotated[str, typer.Option(help="Số, ngày của văn bản nộp / number and date of what was sent")] = "",
    text: Annotated[str | None, typer.Option(help="Nội dung; không nêu: nội dung đã trình / what is said, else what was prepared")] = None,
    reason: Reason = "",
    document: Basis = "",
    at: At = "",
) -> None:
    """Nộp. / Submit."""
    from store.commands.moves import submit as move
    from store.commands.papers import require_paper

    def act(store: Store, transaction: Transaction, _authority: AuthorityFacts) -> Obligation:
        came = received_on.date() if received_on else None
        require_paper(transaction, obligation, came, document=number)
        return move(store, transaction, obligation, received_on=came, document=number, text=text, remark=remark(reason, document))

    _do(obligation, Action.SUBMIT, (as_, at), act)


def withdraw(obligation: Which, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Rút lại bản đã nộp, trước khi được xem xét. / Take a submission back before review."""
    from store.commands.moves import withdraw as move

    _do(
        obligation,
        Action.WITHDRAW,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def accept(obligation: Which, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Chấp nhận bản đã nộp. / Accept a submission."""
    from store.commands.moves import accept as move

    _do(
        obligation,
        Action.ACCEPT,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def return_for_correction(  # noqa: PLR0913  the whole and its parts are remarked upon
    obligation: Which,
    *,
    as_: As,
    reason: Reason,
    item: Annotated[
        list[str] | None, typer.Option(metavar="ITEM=WORDS", help="Nhận xét từng phần, lặp được / on a part; repeatable")
    ] = None,
    document: Basis = "",
    at: At = "",
) -> None:
    """Trả lại để bổ sung. / Return for correction."""
    from store.commands.moves import return_for_correction as move

    words = Remark(reason=reason, basis=document, items=tuple(_item(one) for one in item or ()))
    _do(obligation, Action.RETURN, (as_, at), lambda store, transaction, _: move(store, transaction, obligation, remark=words))


def _item(given: str) -> tuple[str, str]:
    key, equals, words = given.partition("=")
    if not equals or not key.strip() or not words.strip():
        vi, en = f"--item: “{given}”; viết PHẦN=NHẬN XÉT", f"--item: “{given}”; write ITEM=WORDS"
        raise RefusedError(vi, en, code=ExitCode.USAGE)
    return key.strip(), words.strip()


def extend(obligation: Which, *, as_: As, due: DueOn, reason: Reason, document: Basis = "", at: At = "") -> None:  # noqa: PLR0913  until when and why
    """Gia hạn. / Grant a longer term."""
    from store.commands.moves import extend as move

    words = remark(reason, document)
    _do(
        obligation,
        Action.EXTEND,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, due_on=due.date(), remark=words),
    )


def ask_extension(obligation: Which, *, as_: As, due: DueOn, reason: Reason, at: At = "") -> None:
    """Đề nghị gia hạn. / Ask for a longer term."""
    from store.commands.extensions import ask_extension as ask

    _do(
        obligation,
        Action.ASK_EXTENSION,
        (as_, at),
        lambda store, transaction, _: ask(store, transaction, obligation, wanted_on=due.date(), reason=reason),
    )


def refuse_extension(obligation: Which, *, as_: As, reason: Reason, document: Basis = "", at: At = "") -> None:
    """Không đồng ý gia hạn. / Refuse a longer term."""
    from store.commands.moves import refuse_extension as move

    _do(
        obligation,
        Action.REFUSE_EXTENSION,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def suspend(obligation: Which, *, as_: As, reason: Reason, document: Basis = "", at: At = "") -> None:
    """Tạm dừng tính hạn. / Stop the clock."""
    from store.commands.moves import suspend as move

    _do(
        obligation,
        Action.SUSPEND,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def resume_clock(obligation: Which, *, as_: As, reason: Reason = "", document: Basis = "", at: At = "") -> None:
    """Tính hạn tiếp với số ngày còn lại. / Let the clock go on with what was left."""
    from store.commands.moves import resume_clock as move

    _do(
        obligation,
        Action.RESUME_CLOCK,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def waive(obligation: Which, *, as_: As, reason: Reason, document: Basis = "", at: At = "") -> None:
    """Miễn: không còn phải nộp. / Say that it is no longer owed."""
    from store.commands.moves import waive as move

    _do(
        obligation,
        Action.WAIVE,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, remark=remark(reason, document)),
    )


def transfer(  # noqa: PLR0913  to whom and why
    obligation: Which,
    *,
    as_: As,
    to: Annotated[str, typer.Option(help="Khóa của đơn vị kế thừa / the successor's key")],
    reason: Reason,
    undeclared: Annotated[
        bool, typer.Option("--undeclared", help="Dù danh sách không ghi đơn vị kế thừa này / though the roster names no such successor")
    ] = False,
    document: Basis = "",
    at: At = "",
) -> None:
    """Chuyển giao cho đơn vị kế thừa. / Pass it to a successor."""
    from store.commands.transferring import transfer as move

    def hand_over(store: Store, transaction: Transaction, authority: AuthorityFacts) -> Obligation:
        from store.queries.people import party_named

        successor = party_named(transaction.connection, authority, to)
        return move(store, transaction, obligation, successor=successor, remark=remark(reason, document), undeclared=undeclared)

    _do(obligation, Action.TRANSFER, (as_, at), hand_over)


def reopen(obligation: Which, *, as_: As, due: DueOn, reason: Reason, document: Basis = "", at: At = "") -> None:  # noqa: PLR0913  until when and why
    """Mở lại sau khi đã khóa. / Open a lapsed one again."""
    from store.commands.moves import reopen as move

    words = remark(reason, document)
    _do(
        obligation,
        Action.REOPEN,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, due_on=due.date(), remark=words),
    )


class By(StrEnum):
    """How somebody is urged."""

    MAIL = "mail"
    PHONE = "phone"
    LETTER = "letter"


ByWhat = Annotated[By, typer.Option(help="Bằng thư điện tử, điện thoại, công văn / by mail, phone, letter")]
Note = Annotated[str, typer.Option(help="Ghi chú / note")]


def require_note(by: By, note: str) -> None:
    """Refuse urging of which nothing is said: a mail says it itself."""
    if by is not By.MAIL and not note.strip():
        vi, en = "đôn đốc bằng điện thoại hoặc công văn cần --note", "urging by phone or letter needs --note"
        raise RefusedError(vi, en, code=ExitCode.USAGE)


def urge(
    obligation: Which,
    *,
    as_: As,
    by: ByWhat,
    note: Note = "",
    at: At = "",
) -> None:
    """Đôn đốc. / Urge whoever's turn it is."""
    from store.commands.moves import urge as move

    require_note(by, note)
    _do(
        obligation,
        Action.URGE,
        (as_, at),
        lambda store, transaction, _: move(store, transaction, obligation, by=by.value, remark=remark(note)),
    )


def _do(
    obligation: int, action: Action, who_when: tuple[str, str], move: Callable[[Store, Transaction, AuthorityFacts], Obligation]
) -> None:
    contact, at = who_when
    with opened() as store:
        who = acting_on_obligation(store, obligation, contact=contact, at=at)
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            authorise(store, transaction, obligation, action)
            after = move(store, transaction, who.authority)
    _say(after)


def _say(after: Obligation) -> None:
    from evaluation.obligations import FINAL
    from evaluation.statuses import STATUS_OF_STATE
    from evaluation.terms import Turn

    status, due = STATUS_OF_STATE[after.state], after.term.due_on
    words = said(f"Nghĩa vụ {after.id}: {status.vi}", f"Obligation {after.id}: {status.en}")
    if after.suspended:
        words += said(", dừng tính hạn", ", suspended")
    elif due is not None and after.state not in FINAL:
        whose = said("hạn xem xét", "review due") if after.term.turn is Turn.RECEIVER else said("hạn", "due")
        words += f", {whose} {due:%d/%m/%Y}"
    typer.echo(words)
