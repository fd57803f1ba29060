"""Samples: a mail as its recipient reads it, of one that was made or of one that is not made yet."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from notifications.composing import composer_of

if TYPE_CHECKING:
    from config.settings import Settings
    from store.outbox.gathering import Bundle
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A mail as people read it."""

    message: int | None  #: its number; None of one that is not made yet
    state: str  #: empty of one that is not made yet
    to: str
    subject: str
    text: str
    attachments: tuple[str, ...]  #: names of files


def read_mail(body: bytes, *, message: int | None = None, state: str = "") -> Shown:
    """Return what a frozen mail says."""
    mail = message_from_bytes(body, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101  the policy makes them so
    plain = mail.get_body(preferencelist=("plain", "html"))
    return Shown(
        message=message,
        state=state,
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=str(plain.get_content()).rstrip() if plain is not None else "",
        attachments=tuple(name for part in mail.walk() if (name := part.get_filename())),
    )


def composed(store: Store, bundle: Bundle, *, settings: Settings) -> Shown | None:
    """Return the mail that a bundle would become in its slot, by the delivery's own composer; None if none could be made of it."""
    body = composed_body(store, bundle, settings=settings)
    return None if body is None else read_mail(body)


def composed_body(store: Store, bundle: Bundle, *, settings: Settings) -> bytes | None:
    """Return that mail as it would leave; nothing is kept of it."""
    mails = composer_of(settings)(store, [bundle], now=bundle.slot_at)
    return (mails[0].body or None) if mails else None
