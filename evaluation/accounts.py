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


class Scope(StrEnum):
    """What an API token may be used for; never for the account itself."""

    READ = "read"  #: GET
    WRITE = "write"  #: everything else


class SignedInBy(StrEnum):
    """How a session began."""

    PASSWORD = "password"  # noqa: S105  the name of a way
    LINK = "link"
    OIDC = "oidc"


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
