"""Delivery status notifications, as mail servers write them."""

from __future__ import annotations

import pytest

from notifications.bounces import Bounce, read_bounce

NOTE = """\
From: MAILER-DAEMON@mail.thu.invalid
To: dondoc@thu.invalid
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.thu.invalid

Final-Recipient: rfc822; a@thu.invalid
Action: {action}
Status: 5.1.1 (no such user)
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: {returned}

Message-ID: <1@thu.invalid>
Subject: [CCHC 2026]
{rest}
--B--
"""


@pytest.mark.parametrize(
    ("returned", "rest"), [("message/rfc822", "\nbody\n"), ("text/rfc822-headers", "")], ids=["the whole mail", "its headers alone"]
)
def test_a_failed_delivery_names_our_message(returned: str, rest: str) -> None:
    raw = NOTE.format(action="failed", returned=returned, rest=rest).encode()
    assert read_bounce(raw) == Bounce(header_id="<1@thu.invalid>", status="5.1.1")
    assert read_bounce(raw.replace(b"\n", b"\r\n")) == Bounce(header_id="<1@thu.invalid>", status="5.1.1")


def test_a_delay_is_no_bounce() -> None:
    assert read_bounce(NOTE.format(action="delayed", returned="message/rfc822", rest="").encode()) is None


@pytest.mark.parametrize("raw", [b"", b"Subject: hello\n\nhello\n", b"\xff\xfe", b"Content-Type: multipart/report\n\n"])
def test_other_mail_is_none(raw: bytes) -> None:
    assert read_bounce(raw) is None
