"""
The second factor: codes of an authenticator app (TOTP, RFC 6238), each good once, and recovery codes for a lost telephone.

Time is the database's clock; a code of the step before or after is taken too. Recovery codes are random and long, so their SHA-256 is kept.
"""

from __future__ import annotations

import hmac
import secrets as random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import delete, insert, or_, select, update

from evaluation.accounts import RECOVERY_CODES, TOTP_SECONDS, TOTP_TOLERANCE, AccountEvent
from store.account_events import tell_owner
from store.commands.accounts import AccountError, note
from store.journal import database_clock
from store.schema import ACCOUNT, RECOVERY_CODE
from store.secrets import Secrets, hashed

if TYPE_CHECKING:
    from store.session import Transaction

ISSUER = "dondoc"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  #: nothing that is read for something else
_GROUPS, _GROUP = 3, 5


class WrongCodeError(AccountError):
    """A code of the second factor is wrong, too old, or was used before."""

    def __init__(self) -> None:
        """Say what to do."""
        vi = "mã không đúng: hãy chờ mã kế tiếp, và kiểm tra giờ của điện thoại"
        super().__init__(vi, "this code is not good: wait for the next one, and check the clock of your telephone")


class SecondFactorError(AccountError):
    """The second factor cannot be set up or dropped as asked."""


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """What an authenticator app needs; shown once."""

    secret: str
    uri: str


def begin_second_factor(transaction: Transaction, secrets: Secrets, account: int) -> Enrolment:
    """Make a secret for an account's app; it counts once a code of it was given. SecondFactorError if there is one already."""
    row = transaction.connection.execute(
        select(ACCOUNT.c.email, ACCOUNT.c.totp_confirmed_at).where(ACCOUNT.c.id == account).with_for_update(key_share=True)
    ).one()
    if row.totp_confirmed_at is not None:
        vi = "tài khoản này đã có bước xác thực thứ hai; hãy bỏ bước ấy trước, bằng một mã của nó"
        raise SecondFactorError(vi, "this account has a second factor already; drop it first, with one of its codes")
    secret = pyotp.random_base32()
    values = {"totp_secret": secrets.seal(secret), "totp_last_step": None}
    transaction.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(**values))
    return Enrolment(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=row.email, issuer_name=ISSUER))


def confirm_second_factor(transaction: Transaction, secrets: Secrets, account: int, *, code: str) -> tuple[str, ...]:
    """
    Let the second factor count from now on, and return its recovery codes, shown this once.

    Raises:
        WrongCodeError: the code is not the app's.
        SecondFactorError: none was begun, or it counts already.

    """
    connection = transaction.connection
    row = connection.execute(select(ACCOUNT.c.totp_secret, ACCOUNT.c.totp_confirmed_at).where(ACCOUNT.c.id == account)).one()
    if not row.totp_secret or row.totp_confirmed_at is not None:
        vi = "chưa bắt đầu cài bước xác thực thứ hai; hãy bắt đầu trước"
        raise SecondFactorError(vi, "no second factor is being set up; begin it first")
    _use_totp(transaction, secrets, account, code=code)
    clock = database_clock(connection)
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(totp_confirmed_at=clock))
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    connection.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.account_id == account))
    connection.execute(insert(RECOVERY_CODE), [{"account_id": account, "code_hash": hashed(_bare(one))} for one in codes])
    note(transaction, account, "confirm-second-factor")
    tell_owner(transaction, account, AccountEvent.SECOND_FACTOR_SET)
    return codes


def use_second_factor(transaction: Transaction, secrets: Secrets, account: int, *, code: str) -> None:
    """Use up a code of the app, or a recovery code; WrongCodeError if it is neither, or was used before."""
    bare = _bare(code)
    if bare.isdecimal():
        _use_totp(transaction, secrets, account, code=bare)
        return
    clock = database_clock(transaction.connection)
    fresh = (RECOVERY_CODE.c.account_id == account, RECOVERY_CODE.c.code_hash == hashed(bare), RECOVERY_CODE.c.used_at.is_(None))
    if transaction.connection.execute(update(RECOVERY_CODE).where(*fresh).values(used_at=clock)).rowcount != 1:
        raise WrongCodeError
    note(transaction, account, "use-recovery-code")
    tell_owner(transaction, account, AccountEvent.RECOVERY_CODE_USED)


def drop_second_factor(transaction: Transaction, account: int) -> None:
    """Let an account sign in without a second factor again; whoever asks has given a code, or is an administrator."""
    connection = transaction.connection
    values = {"totp_secret": "", "totp_confirmed_at": None, "totp_last_step": None}
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(**values))
    connection.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.account_id == account))
    note(transaction, account, "drop-second-factor")
    tell_owner(transaction, account, AccountEvent.SECOND_FACTOR_DROPPED)


def _use_totp(transaction: Transaction, secrets: Secrets, account: int, *, code: str) -> None:
    connection = transaction.connection
    sealed = connection.execute(select(ACCOUNT.c.totp_secret).where(ACCOUNT.c.id == account)).scalar_one()
    if not sealed:
        raise WrongCodeError
    now = int(database_clock(connection).timestamp()) // TOTP_SECONDS
    app = pyotp.TOTP(secrets.opened(sealed))
    steps = range(now - TOTP_TOLERANCE, now + TOTP_TOLERANCE + 1)
    step = next((one for one in steps if hmac.compare_digest(app.generate_otp(one), code)), None)
    if step is None:
        raise WrongCodeError
    unused = or_(ACCOUNT.c.totp_last_step.is_(None), ACCOUNT.c.totp_last_step < step)
    used = update(ACCOUNT).where(ACCOUNT.c.id == account, unused).values(totp_last_step=step)
    if connection.execute(used).rowcount != 1:
        raise WrongCodeError


def _recovery_code() -> str:
    letters = ["".join(random.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join(letters)


def _bare(code: str) -> str:
    """Return a code without what people put between its letters; nothing of one that is not ASCII."""
    bare = "".join(letter for letter in code.lower() if letter.isalnum())
    return bare if bare.isascii() else ""
