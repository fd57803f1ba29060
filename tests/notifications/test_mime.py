"""Mails as bytes: parsed back with the standard library, whatever the names are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from evaluation.kinds import MessageKind
from evaluation.letters import Helpdesk, Language, Letter, Reader
from evaluation.obligations import State
from evaluation.terms import Turn
from notifications.calendar_part import MOST_EVENTS
from notifications.header_words import POLICY, UnsafeHeaderError, encoded
from notifications.mime import Sender, UnfitAddressError, build_mail, is_address, thread_of
from notifications.render import Rendered, render
from notifications.sheets import one_line

Make = Callable[..., Any]
SENDER = Sender(address="dondoc@tinh.invalid", name="Hệ thống đôn đốc CCHC")
HEADER_ID = "<6f1d8c1e-0000-5000-8000-000000000001@dondoc.invalid>"


def _build(letter: Letter, **changes: Any) -> bytes:
    rendered = render(letter, base_url="https://dondoc.invalid", support_phone="")
    return build_mail(rendered, **{"letter": letter, "header_id": HEADER_ID, "sender": SENDER, **changes})


def _parse(data: bytes) -> EmailMessage:
    parsed = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(parsed, EmailMessage)
    assert [part.defects for part in parsed.walk()] == [[] for _ in parsed.walk()]
    return parsed


def _header(data: bytes, name: str) -> str:
    """A header as RFC 2047 has it read; the newer parser of Python 3.11 keeps a blank between two encoded words of a name."""
    return " ".join(str(make_header(decode_header(message_from_bytes(data)[name]))).split())


def _events(mail: EmailMessage) -> list[Any]:
    part = next(mail.iter_attachments())
    return list(Calendar.from_ical(part.get_content().encode()).walk("VEVENT"))


def test_a_logo_travels_beside_the_html_that_shows_it(item: Make, letter: Make) -> None:
    """It is part of the mail, by its Content-ID: nothing is loaded from anywhere; a mail without one is as it was."""
    logo = b"\x89PNG\r\n\x1a\nnot looked into here"
    made = letter(item(MessageKind.REMINDER_BEFORE_DUE), logo=logo, standing_line="Sở Nội vụ – cơ quan thường trực")
    data = _build(made)
    assert data == _build(made)
    mail = _parse(data)
    assert [part.get_content() for part in mail.walk() if part.get_content_type() == "image/png"] == [logo]
    html = mail.get_body(("html",))
    assert html is not None
    assert '<img src="cid:logo@dondoc" alt=""' in html.get_content()
    assert "UBND tỉnh – Sở Nội vụ – cơ quan thường trực." in html.get_content()
    assert "image/png" not in {part.get_content_type() for part in _parse(_build(replace(made, logo=b""))).walk()}


def test_headers_say_who_what_and_when(item: Make, letter: Make) -> None:
    made = letter(item(MessageKind.REMINDER_BEFORE_DUE), sandbox=True)
    thread = thread_of(made, domain="dondoc.invalid")
    data = _build(made, thread=("<first@dondoc.invalid>", *thread))
    assert {name: _header(data, name) for name in _parse(data)} == {
        "From": "Hệ thống đôn đốc CCHC <dondoc@tinh.invalid>",
        "To": "Công chức đầu mối CCHC – Xã 001 (tên chưa có nguồn) <officer.xa-001@tinh.invalid>",
        "Subject": "[THỬ][CCHC 2026][Còn 3 ngày] Báo cáo CCHC định kỳ gửi Sở Nội vụ, quý I/2026 – hạn hết thứ Năm 19/03/2026",
        "Date": "Mon, 16 Mar 2026 07:30:00 +0700",
        "Content-Language": "vi",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Dondoc-Authority": "ubnd-tinh",
        "X-Dondoc-Kind": "reminder-before-due",
        "X-Dondoc-Sandbox": "yes",
        "Message-ID": HEADER_ID,
        "In-Reply-To": thread[0],
        "References": f"<first@dondoc.invalid> {thread[0]}",
        "MIME-Version": "1.0",
        "Content-Type": _header(data, "Content-Type"),
    }


def test_parts_are_text_html_and_calendar(item: Make, letter: Make) -> None:
    made = letter(item(MessageKind.REMINDER_BEFORE_DUE))
    mail = _parse(_build(made))
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    rendered = render(made, base_url="https://dondoc.invalid", support_phone="")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == rendered.text
    assert html.get_content().replace("\r\n", "\n").rstrip() == rendered.html.rstrip()


def test_calendar_part_ends_at_the_due_moment(item: Make, letter: Make) -> None:
    mail = _parse(_build(letter(item(MessageKind.REMINDER_BEFORE_DUE))))
    part = next(mail.iter_attachments())
    assert part["Content-Type"].params["method"] == "PUBLISH"
    assert Calendar.from_ical(part.get_content().encode())["METHOD"] == "PUBLISH"
    [event] = _events(mail)
    assert event["DTEND"].dt == datetime(2026, 3, 19, 17, tzinfo=UTC)
    assert event["DTEND"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["DTSTART"].dt.date() == date(2026, 3, 19)
    assert event["SEQUENCE"] == 1
    assert event["SUMMARY"] == "Hạn: Báo cáo CCHC định kỳ gửi Sở Nội vụ, quý I/2026"
    assert event["ORGANIZER"] == "mailto:so-noi-vu@tinh.invalid"


def test_calendar_takes_any_words(item: Make, letter: Make) -> None:
    made = item(MessageKind.STAGE_OPENED)
    words = 'Rà soát; "khắc phục", \\ đánh giá ' * 9
    named = replace(made, duty=replace(made.duty, title=words, basis=replace(made.duty.basis, issuer=words)))
    mail = _parse(_build(letter(named, helpdesk=Helpdesk(name='Sở "A"; b, c', mailbox="a@b.invalid"))))
    [event] = _events(mail)
    assert event["SUMMARY"] == f"Hạn: {words}, quý I/2026"
    assert event["DESCRIPTION"] == f"Công văn số 185/SNV-CCHC&VTLT ngày 01/3/2023 của {words.strip()}"
    assert event["ORGANIZER"].params["CN"] == "Sở 'A'; b, c"


def test_extension_moves_the_same_event(item: Make, letter: Make) -> None:
    [first] = _events(_parse(_build(letter(item(MessageKind.STAGE_OPENED)))))
    [later] = _events(_parse(_build(letter(item(MessageKind.EXTENSION_GRANTED)))))
    assert (first["UID"], first["SEQUENCE"], later["SEQUENCE"]) == (later["UID"], 1, 2)


@pytest.mark.parametrize("kind", [MessageKind.EXTENSION_GRANTED, MessageKind.DATES_MOVED, MessageKind.RE_OPENED, MessageKind.RESUMED])
def test_date_that_moves_is_published_again_with_a_higher_number(kind: MessageKind, item: Make, letter: Make) -> None:
    [first] = _events(_parse(_build(letter(item(MessageKind.STAGE_OPENED)))))
    mail = _parse(_build(letter(item(kind))))
    [moved] = _events(mail)
    assert [part["Content-Type"].params["method"] for part in mail.iter_attachments()] == ["PUBLISH"]
    assert moved["UID"] == first["UID"]
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    assert "STATUS" not in moved


def _revoked(item: Make, **changes: Any) -> Any:
    """A date as it was sent before, under a higher number."""
    sent = item(MessageKind.REMINDER_BEFORE_DUE, state=State.WAIVED, **changes)
    return replace(sent, timing=replace(sent.timing, number=2))


@pytest.mark.parametrize(("language", "name"), [(Language.VI, "huy-han.ics"), (Language.EN, "cancelled.ics")])
@pytest.mark.parametrize("kind", [MessageKind.WAIVED, MessageKind.CYCLE_CANCELLED, MessageKind.HANDED_OVER])
def test_date_that_holds_no_longer_is_taken_back(kind: MessageKind, language: Language, name: str, item: Make, letter: Make) -> None:
    [sent] = _events(_parse(_build(letter(item(MessageKind.REMINDER_BEFORE_DUE), language=language))))
    told = item(kind, reader=Reader.OWED) if kind is MessageKind.HANDED_OVER else item(kind)
    mail = _parse(_build(letter(told, language=language, revoked=(_revoked(item),))))
    [part] = mail.iter_attachments()
    assert (part.get_filename(), part["Content-Type"].params["method"]) == (name, "CANCEL")
    calendar = Calendar.from_ical(part.get_content().encode())
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (sent["UID"], sent["SEQUENCE"] + 1)
    same = ("DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "URL")
    assert [event[field].to_ical() for field in same[:2]] == [sent[field].to_ical() for field in same[:2]]
    assert [event[field] for field in same[2:]] == [sent[field] for field in same[2:]]


def test_what_is_due_and_what_is_no_longer_are_two_calendars(item: Make, letter: Make) -> None:
    made = letter(item(MessageKind.STAGE_OPENED), item(MessageKind.WAIVED, obligation=42), revoked=(_revoked(item, obligation=42),))
    parts = list(_parse(_build(made)).iter_attachments())
    assert [part["Content-Type"].params["method"] for part in parts] == ["PUBLISH", "CANCEL"]
    uids = [[event["UID"] for event in Calendar.from_ical(part.get_content().encode()).walk("VEVENT")] for part in parts]
    assert [len(of_part) for of_part in uids] == [1, 1]
    assert uids[0] != uids[1]


def test_review_is_an_event_of_its_own(item: Make, letter: Make) -> None:
    [party] = _events(_parse(_build(letter(item(MessageKind.STAGE_OPENED)))))
    [receiver] = _events(_parse(_build(letter(item(MessageKind.REVIEW_DUE)))))
    assert item(MessageKind.REVIEW_DUE).timing.turn is Turn.RECEIVER
    assert party["UID"] != receiver["UID"]


@pytest.mark.parametrize(
    "kind",
    [MessageKind.OVERDUE, MessageKind.ACCEPTED, MessageKind.SUSPENDED, MessageKind.CYCLE_PAUSED, MessageKind.ESCALATION_CHAIR],
)
def test_nothing_to_come_has_no_calendar_part(kind: MessageKind, item: Make, letter: Make) -> None:
    assert _parse(_build(letter(item(kind)))).get_content_type() == "multipart/alternative"


def test_obligation_done_meanwhile_has_no_calendar_part(item: Make, letter: Make) -> None:
    assert _parse(_build(letter(item(MessageKind.STAGE_OPENED, state=State.ACCEPTED)))).get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(("count", "events"), [(2, 2), (MOST_EVENTS, MOST_EVENTS), (MOST_EVENTS + 1, 0)])
def test_merged_mail_carries_at_most_ten_events(count: int, events: int, item: Make, letter: Make) -> None:
    mail = _parse(_build(letter(*(item(MessageKind.REMINDER_BEFORE_DUE, notice=n, obligation=n) for n in range(count)))))
    assert sum(len(_events(mail)) for part in mail.iter_attachments()) == events


@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("language", list(Language))
def test_same_letter_gives_the_same_bytes(kind: MessageKind, language: Language, item: Make, letter: Make) -> None:
    made = letter(item(kind), language=language)
    data = _build(made)
    assert data == _build(made)
    assert data != _build(made, header_id="<other@dondoc.invalid>")
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    assert data.isascii()
    _parse(data)


def test_thread_is_one_of_an_obligation_and_none_of_several(item: Make, letter: Make) -> None:
    def thread(*items: Any, **changes: Any) -> tuple[str, ...]:
        return thread_of(letter(*items, **changes), domain="dondoc.invalid")

    one, other = item(MessageKind.OVERDUE), item(MessageKind.OVERDUE, obligation=42)
    assert thread(one) == thread(item(MessageKind.ACCEPTED))
    assert len({thread(one), thread(other), thread(one, authority="thu")}) == 3
    assert thread(one, other) == thread(item(MessageKind.CYCLE_PAUSED)) == ()


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("officer.xa-1@thu.invalid", True),
        ("a@b", True),
        ("", False),
        ("xã@thu.invalid", False),
        ("a b@thu.invalid", False),
        ("a@thu.invalid\r\nBcc: b@thu.invalid", False),
        ("a@thu.invalid,b@thu.invalid", False),
        ("a@b@thu.invalid", False),
        ("a..b@thu.invalid", False),
        ("a@-thu.invalid", False),
        ("<a@thu.invalid>", False),
    ],
)
def test_address_is_fit_or_refused(address: str, *, fit: bool, item: Make, letter: Make) -> None:
    assert is_address(address) is fit
    made = letter(item(MessageKind.OVERDUE), address=address)
    if fit:
        assert address in str(_parse(_build(made))["To"])
    else:
        with pytest.raises(UnfitAddressError):
            _build(made)


def test_message_id_cannot_add_a_header(item: Make, letter: Make) -> None:
    with pytest.raises(UnsafeHeaderError):
        _build(letter(item(MessageKind.OVERDUE)), header_id="<a@b>\r\nBcc: x@y.invalid")
    with pytest.raises(UnsafeHeaderError):
        _build(letter(item(MessageKind.OVERDUE)), header_id="<a@b>\r\n Bcc: x@y.invalid\nTo: z")


PLAIN = Rendered(subject="", text="x\n", html="<p>x</p>", ics=None)


@given(text=st.text(max_size=200), name=st.text(max_size=120))
def test_any_subject_and_name_come_back_whole(text: str, name: str) -> None:
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = encoded(one_line(text), used=len("Subject: "))
    parsed = message_from_bytes(mail.as_bytes(), policy=policy.SMTP)
    assert str(parsed["Subject"] or "") == " ".join(one_line(text).split(" ")).strip()
    assert one_line(name).isprintable()


@pytest.mark.parametrize("name", ['Nguyễn "Văn" A', 'A "b" \\ c', "", "Sở Nội vụ; x@y.invalid, z", "=?utf-8?b?WA==?="])
def test_display_names_come_back_whole(name: str, item: Make, letter: Make) -> None:
    mail = _parse(_build(letter(item(MessageKind.OVERDUE), name=name)))
    [to] = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "officer.xa-001@tinh.invalid")


def test_injected_names_add_no_header(item: Make, letter: Make) -> None:
    evil = "Xã\r\nBcc: x@y.invalid"
    made = letter(item(MessageKind.OVERDUE, party=evil), name=evil, authority=evil)
    mail = _parse(_build(replace(made, helpdesk=replace(made.helpdesk, name=evil)), sender=Sender(address="a@b.invalid", name=evil)))
    assert "Bcc" not in mail
    assert len(mail["To"].addresses) == 1
