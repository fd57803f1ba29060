"""
Mails as bytes: headers, text, HTML and calendar part of a rendered letter.

The same letter gives the same bytes, so a message can be built again and still be the same message: the date is the letter's `now`
(business time), the boundaries come from its Message-ID.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from notifications.calendar_part import NAMESPACE, Method
from notifications.header_words import POLICY, encoded, folded, mailbox
from notifications.letters import Language
from notifications.render import LOGO_ID
from notifications.sheets import one_line
from notifications.wording import mail_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notifications.letters import Letter
    from notifications.render import Rendered

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


class UnfitAddressError(ValueError):
    """A recipient's address is none that a mail can be sent to; correct it with `dondoc contacts address`."""

    def __init__(self, address: str) -> None:
        """Keep the address."""
        self.address = address
        super().__init__(f"“{one_line(address)}” is no address that a mail can be sent to; correct it with `dondoc contacts address`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """From whom mail comes."""

    address: str
    name: str = ""


def is_address(text: str) -> bool:
    """Return whether a text is an address that mail can be sent to: ASCII, one @, no blanks."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text


def thread_of(letter: Letter, *, domain: str) -> tuple[str, ...]:
    """Return the thread that a letter belongs to: one for each obligation, none for a mail about several."""
    only = letter.only
    if only is None or only.obligation is None:
        return ()
    return (f"<{uuid.uuid5(NAMESPACE, f'thread/{letter.authority}/{only.obligation}')}@{domain}>",)


def build_mail(rendered: Rendered, *, letter: Letter, header_id: str, sender: Sender, thread: Sequence[str] = ()) -> bytes:
    """
    Return the exact bytes of a mail; `header_id` and `thread` are Message-IDs in angle brackets.

    Raises:
        UnfitAddressError: the recipient or the sender has no address that a mail can be sent to.
        UnsafeHeaderError: a Message-ID contains what no header may.

    """
    mail = EmailMessage(policy=POLICY)
    _add_headers(mail, rendered, letter=letter, sender=sender)
    _add_identity(mail, header_id=header_id, thread=thread)
    mail.set_content(rendered.text, cte="base64")
    mail.add_alternative(rendered.html, subtype="html", cte="base64")
    _add_logo(mail, letter.logo)
    _add_calendars(mail, rendered, language=letter.language)
    mail["Content-Language"] = letter.language.value  # not earlier: a part would take it along
    _set_boundaries(mail, header_id)
    return mail.as_bytes()


def _add_headers(mail: EmailMessage, rendered: Rendered, *, letter: Letter, sender: Sender) -> None:
    for address in (sender.address, letter.address):
        if not is_address(address):
            raise UnfitAddressError(address)
    mail["From"] = mailbox(one_line(sender.name), address=sender.address, used=len("From: "))
    mail["To"] = mailbox(one_line(letter.name), address=letter.address, used=len("To: "))
    subject = one_line(rendered.subject)
    used = len("Subject: ")
    mail["Subject"] = folded(subject, used=used) if subject.isascii() and "=?" not in subject else encoded(subject, used=used)
    mail["Date"] = format_datetime(mail_date(letter.now, zone=letter.zone))
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Dondoc-Authority"] = encoded(one_line(letter.authority), used=len("X-Dondoc-Authority: "))
    mail["X-Dondoc-Kind"] = letter.kind.value
    if letter.sandbox:
        mail["X-Dondoc-Sandbox"] = "yes"


def _add_identity(mail: EmailMessage, *, header_id: str, thread: Sequence[str]) -> None:
    mail["Message-ID"] = header_id
    if thread:
        mail["In-Reply-To"] = thread[-1]
        mail["References"] = folded(" ".join(thread), used=len("References: "))


def _add_logo(mail: EmailMessage, logo: bytes) -> None:
    """Put the authority's logo beside the HTML that shows it: a mail loads nothing from anywhere."""
    shown = mail.get_body(("html",))
    if logo and shown is not None:
        shown.add_related(logo, "image", "png", cid=f"<{LOGO_ID}>", disposition="inline")


def _add_calendars(mail: EmailMessage, rendered: Rendered, *, language: Language) -> None:
    """Attach what is due, then what is due no longer: one file each, because a calendar has one method."""
    vi = language is Language.VI
    parts = (
        (rendered.ics, Method.PUBLISH, "han.ics" if vi else "due.ics"),
        (rendered.revoked, Method.CANCEL, "huy-han.ics" if vi else "cancelled.ics"),
    )
    for content, method, name in parts:
        if content is None:
            continue
        if mail.get_content_type() != "multipart/mixed":
            mail.make_mixed()
        part = EmailMessage(policy=POLICY)
        part.set_content(content.decode(), subtype="calendar", cte="base64", disposition="attachment", filename=name)
        part.set_param("method", method.value)
        mail.attach(part)


def _set_boundaries(mail: EmailMessage, header_id: str) -> None:
    """Name the boundaries after the Message-ID; bodies are base64, in which `=_` cannot occur."""
    digest = hashlib.sha256(header_id.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{digest}_{number}")
