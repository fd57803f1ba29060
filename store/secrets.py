"""
Secrets: tokens, their hashes, and what is sealed so that the database alone gives nothing away.

A token is random and long, so its plain SHA-256 is enough to keep: there is nothing to guess. The token of a one-time link is not kept
anywhere between the command that makes it and the mail that carries it: it is computed from the link's nonce and the installation's key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadSignature, URLSafeTimedSerializer

TOKEN_BYTES = 32


class SealError(Exception):
    """What was sealed cannot be opened: the installation's key is another one."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("the installation's key is not the one this was sealed with; restore DONDOC_SECRET_KEY or secret.key")


def new_token() -> str:
    """Return a random text of 256 bits that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Return whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What is done with the installation's key; each purpose has a key of its own."""

    key: bytes

    def derived(self, purpose: str) -> bytes:
        """Return the key of one purpose."""
        return hmac.digest(self.key, f"dondoc:{purpose}".encode(), "sha256")

    def link_token(self, purpose: str, nonce: str) -> str:
        """Return the token of a one-time link; it is good for that purpose alone."""
        made = hmac.digest(self.derived("link"), f"{purpose}:{nonce}".encode(), "sha256")
        return urlsafe_b64encode(made).decode().rstrip("=")

    def subject(self, *parts: str) -> str:
        """Return by what a table of tries knows somebody: the same for the same, and nothing that can be read back."""
        return hmac.new(self.derived("tries"), "\n".join(parts).encode(), "sha256").hexdigest()

    def seal(self, text: str) -> str:
        """Return a text that only this installation can open."""
        return self._fernet().encrypt(text.encode()).decode()

    def opened(self, sealed: str) -> str:
        """Return what was sealed; SealError if it was with another key."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealError from error

    def signed(self, purpose: str, value: list[int | str]) -> str:
        """Return values as a cookie holds them: readable, and worthless once changed."""
        return str(URLSafeTimedSerializer(self.derived("signature"), salt=purpose).dumps(value))

    def checked(self, purpose: str, text: str, *, max_age: int) -> list[int | str] | None:
        """Return the values of a cookie; None if we never signed it so, or it is older than so many seconds."""
        try:
            found: list[int | str] = URLSafeTimedSerializer(self.derived("signature"), salt=purpose).loads(text, max_age=max_age)
        except BadSignature:
            return None
        return found

    def _fernet(self) -> Fernet:
        return Fernet(urlsafe_b64encode(self.derived("seal")))
