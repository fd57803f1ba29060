"""Test mails: whoever looks after the settings sees that mail leaves, and how it looks when it arrives."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import select

from evaluation.kinds import MessageKind
from store.account_events import mail_account
from store.refusals import RefusalError
from store.schema import NOTICE

if TYPE_CHECKING:
    from store.session import Transaction


class NoTestMailError(RefusalError):
    """No test mail can be sent: why, and what to do."""


def ask_test_mail(transaction: Transaction, account: int) -> None:
    """
    Have a test mail sent to the account's own address at once, past every hold.

    Raises:
        NoTestMailError: one was asked for in this minute already; the account belongs to no authority, so nobody mails it.

    """
    cause = f"t:{account}:{transaction.now.astimezone(UTC):%Y%m%dT%H%M}"
    if transaction.connection.execute(select(NOTICE.c.id).where(NOTICE.c.cause == cause)).first() is not None:
        vi = "vừa gửi một thư thử trong phút này; xem hộp thư, hoặc đợi một phút rồi gửi lại"
        en = "one was sent in this minute already; look into the mailbox, or wait a minute"
        raise NoTestMailError(vi, en)
    if not mail_account(transaction, account, kind=MessageKind.TEST_MAIL, cause=cause):
        vi, en = "tài khoản chưa thuộc cơ quan nào nên không có nơi gửi", "the account belongs to no authority, so nobody mails it"
        raise NoTestMailError(vi, en)
