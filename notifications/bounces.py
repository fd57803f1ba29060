"""Bounces: delivery status notifications (RFC 3464) read for the message of ours that came back."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import MIMEPart


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """A message that could not be delivered after all."""

    header_id: str  #: its Message-ID, in angle brackets
    status: str  #: RFC 3463, such as `5.1.1`


def read_bounce(raw: bytes) -> Bounce | None:
    """Return which message a notification says failed for good; None if it is no such notification, or names no message."""
    mail = BytesParser(policy=policy.default).parsebytes(raw)
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        return None
    parts = list(mail.iter_parts())
    status = next((status for part in parts if (status := _failed(part)) is not None), None)
    header_id = next((found for part in parts if (found := _returned(part)) is not None), None)
    return None if status is None or header_id is None else Bounce(header_id=header_id, status=status)


def _failed(part: MIMEPart) -> str | None:
    """Return the status of a recipient for whom delivery failed for good, as a `message/delivery-status` part says."""
    if part.get_content_type() != "message/delivery-status":
        return None
    for block in _blocks(part):
        if str(block.get("Action", "")).strip().lower() == "failed":
            return str(block.get("Status", "")).partition("(")[0].strip()
    return None


def _blocks(part: MIMEPart) -> Iterator[Message]:
    content = part.get_payload()
    if isinstance(content, list):
        yield from (block for block in content if isinstance(block, Message))


def _returned(part: MIMEPart) -> str | None:
    """Return the Message-ID of the returned mail, or of its headers."""
    if part.get_content_type() == "message/rfc822":
        content = part.get_payload()
        inner = content[0] if isinstance(content, list) and content and isinstance(content[0], Message) else None
    elif part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
        payload = part.get_payload(decode=True)
        inner = BytesParser(policy=policy.default).parsebytes(payload, headersonly=True) if isinstance(payload, bytes) else None
    else:
        return None
    found = None if inner is None else inner.get("Message-ID")
    return None if found is None else str(found).strip()
