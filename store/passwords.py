"""
Passwords: which are good enough, and how they are kept (argon2id).

Length counts, not the kinds of characters (ASVS 5.0, 6.2): at least twelve, not one of the commonest, not the address itself. A check
does the same work whether there is an account or not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from config.common_passwords import common_passwords

SHORTEST = 12
LONGEST = 256


class WeakPasswordError(ValueError):
    """A new password is not good enough: why not, and what to do."""

    def __init__(self, why: str) -> None:
        """Keep the reason's name: `short`, `long`, `common`, `own`."""
        self.why = why
        super().__init__(WHY[why])


WHY = {
    "short": f"the password needs at least {SHORTEST} characters; a few words in a row are easy to remember",
    "long": f"the password has more than {LONGEST} characters; take a shorter one",
    "common": "this password is among the first that anybody tries; take another",
    "own": "the password is the address itself, or begins with it; take another",
}


def check_new_password(password: str, *, email: str) -> None:
    """Raise `WeakPasswordError` unless a password may be set for the account of an address."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise WeakPasswordError("short")
    if len(plain) > LONGEST:
        raise WeakPasswordError("long")
    lower = plain.lower()
    if lower in {email, email.partition("@")[0]} or lower.startswith(email):
        raise WeakPasswordError("own")
    if lower in common_passwords() or len(set(lower)) == 1:
        raise WeakPasswordError("common")


def _plain(password: str) -> str:
    """Return a password in NFC: keyboards compose Vietnamese letters in two ways."""
    return unicodedata.normalize("NFC", password)


@dataclass(frozen=True)
class Keeper:
    """Hashes passwords and checks them, at a cost that the settings choose."""

    memory_kib: int = 65536
    rounds: int = 3
    lanes: int = 4

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.rounds, memory_cost=self.memory_kib, parallelism=self.lanes, type=Type.ID)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's password: there is no account of that address")

    def warm_up(self) -> None:
        """Make what is checked against where there is no account, so that the first such check takes no longer than any other."""
        self.is_right("", kept="")

    def hash(self, password: str) -> str:
        """Return what is kept of a password."""
        return self._hasher.hash(_plain(password))

    def is_right(self, password: str, *, kept: str) -> bool:
        """Return whether a password is the one kept; where none is kept, the same work is done for nothing."""
        try:
            right = self._hasher.verify(kept or self._nobodys, _plain(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
        return right and bool(kept)

    def is_outdated(self, kept: str) -> bool:
        """Return whether a password should be hashed anew, since the cost has changed."""
        return self._hasher.check_needs_rehash(kept)
