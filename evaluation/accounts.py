"""Accounts: what one-time links are for, what tokens may do, and how long each thing lasts."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from evaluation.kinds import MessageKind


class Purpose(StrEnum):
    """What a one-time link is good for; for nothing else."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    INVITATION = "invitation"


#: The mail that carries a link of each purpose.
MAIL_OF: dict[Purpose, MessageKind] = {
    Purpose.SIGN_IN: MessageKind.SIGN_IN_LINK,
    Purpose.RESET: MessageKind.PASSWORD_RESET,
    Purpose.INVITATION: MessageKind.INVITATION,
}


class AccountEvent(StrEnum):
    """What happens to an account, or at its doors."""

    # the owner is told
    PASSWORD_CHANGED = "password-changed"  # noqa: S105  the name of an event, as those below
    PASSWORD_RESET = "password-reset"  # noqa: S105
    SECOND_FACTOR_SET = "second-factor-set"
    SECOND_FACTOR_DROPPED = "second-factor-dropped"
    RECOVERY_CODE_USED = "recovery-code-used"
    TOKEN_CREATED = "token-created"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    IDENTITY_LINKED = "identity-linked"  #: of a sign-in service
    # the administrator sees it
    PASSWORD_REFUSED = "password-refused"  # noqa: S105
    CODE_REFUSED = "code-refused"
    LINK_REFUSED = "link-refused"
    SERVICE_REFUSED = "service-refused"  #: the sign-in service did not confirm, or means nobody we know
    DOOR_SHUT = "door-shut"  #: tried too often


#: What was not done, of which nobody is told by mail: a stranger could flood the owner.
REFUSALS = frozenset(
    {
        AccountEvent.PASSWORD_REFUSED,
        AccountEvent.CODE_REFUSED,
        AccountEvent.LINK_REFUSED,
        AccountEvent.SERVICE_REFUSED,
        AccountEvent.DOOR_SHUT,
    }
)
#: What was done to an account, of which its owner gets a mail.
CHANGES = frozenset(AccountEvent) - REFUSALS


class Scope(StrEnum):
    """What an API token may be used for; never for the account itself."""

    READ = "read"  #: GET
    WRITE = "write"  #: everything else


class SignedInBy(StrEnum):
    """How a session began."""

    PASSWORD = "password"  # noqa: S105  the name of a way
    LINK = "link"
    OIDC = "oidc"


#: Refusals of one sort, account and network address are one event with a count in so much time.
REFUSALS_COUNTED = timedelta(minutes=15)
#: So many events with an address of their own in that time; further ones are counted together, so that strangers cannot fill the disk.
MOST_REFUSALS = 500
EVENTS_KEPT = timedelta(days=180)
LINK_LASTS = timedelta(minutes=15)
TOKEN_LASTS = timedelta(days=90)
TOKEN_LASTS_AT_MOST = timedelta(days=365)
#: A session's last sighting is written at most so often.
SEEN_EVERY = timedelta(minutes=1)
TOTP_SECONDS = 30
#: Clocks may differ by so many steps.
TOTP_TOLERANCE = 1
RECOVERY_CODES = 10


def local_path(text: str) -> str:
    """Return an address to go on to if it is a plain path of this site, else the first page: nobody is sent elsewhere."""
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"
