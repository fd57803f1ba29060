"""Mails as pages show them: their states and kinds in words, to whom they go, and the exact mail taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from api.console.marks import Mark
from evaluation.kinds import manner
from evaluation.rights_table import Action
from notifications.phrases import HEADINGS, pick
from notifications.wording import local_moment
from store.outbox.checking import COUNTED
from store.outbox.states import MESSAGE_MOVES, MessageState, MessageVerb, Outcome
from store.queries.names import contact_names
from store.queries.recipients import recipients_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from api.console.visiting import Visitor
    from evaluation.kinds import MessageKind
    from store.queries.health import View
    from store.queries.outbox import MessageLine

#: How a message's state looks, and what it is called; in the order of a message's life.
MAIL_LOOKS: dict[MessageState, tuple[str, str, str]] = {
    MessageState.HELD: ("warn", "hand-stop", N_("Đang giữ")),
    MessageState.QUEUED: ("ready", "hourglass", N_("Đang chờ gửi")),
    MessageState.SENDING: ("ready", "send", N_("Đang gửi")),
    MessageState.SENT: ("done", "mail-check", N_("Đã gửi")),
    MessageState.UNKNOWN: ("late", "mail-question", N_("Chưa rõ kết quả")),
    MessageState.REFUSED: ("late", "mail-off", N_("Bị từ chối")),
    MessageState.BOUNCED: ("late", "corner-up-left", N_("Bị trả về")),
    MessageState.CANCELLED: ("idle", "ban", N_("Đã hủy")),
}
#: What a try at sending came to.
OUTCOMES: dict[str, str] = {
    Outcome.SENT.value: N_("Máy chủ thư đã nhận"),
    Outcome.LATER.value: N_("Máy chủ thư hẹn gửi lại sau"),
    Outcome.REFUSED.value: N_("Máy chủ thư từ chối người nhận này"),
    Outcome.STOPPED.value: N_("Máy chủ thư từ chối mọi thư; việc gửi đã dừng"),
    Outcome.DOWN.value: N_("Không nối được tới máy chủ thư"),
    Outcome.UNKNOWN.value: N_("Mất kết nối sau khi chuyển nội dung; không rõ đã nhận hay chưa"),
    COUNTED: N_("Có người xác nhận là đã gửi"),
}


@dataclass(frozen=True, kw_only=True)
class MailView:
    """A message in a list."""

    id: int
    mark: Mark
    kind: str
    name: str
    address: str
    subject: str
    slot: str
    sent: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An exact mail, taken apart."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    text: str
    html: str
    attachments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MailDeed:
    """What can be done with one message."""

    verb: MessageVerb
    path: str
    action: Action
    icon: str
    button: str
    text: str
    done: str


MAIL_DEEDS: tuple[MailDeed, ...] = (
    MailDeed(
        verb=MessageVerb.RELEASE,
        path="release",
        action=Action.RELEASE_MAIL,
        icon="send",
        button=N_("Thả thư này"),
        text=N_("Chỉ thư này được gửi đi; những thư khác vẫn được giữ."),
        done=N_("Đã thả thư; thư sẽ được gửi ngay."),
    ),
    MailDeed(
        verb=MessageVerb.RESEND,
        path="resend",
        action=Action.RESEND_MAIL,
        icon="mail-forward",
        button=N_("Gửi lại"),
        text=N_("Gửi lại đúng thư này với cùng mã thư; nếu thư trước đã tới, hộp thư của người nhận thường chỉ hiện một thư."),
        done=N_("Thư được gửi lại."),
    ),
    MailDeed(
        verb=MessageVerb.COUNT_AS_SENT,
        path="count-as-sent",
        action=Action.RESEND_MAIL,
        icon="mail-check",
        button=N_("Tính là đã gửi"),
        text=N_("Chọn khi người nhận xác nhận đã nhận được thư."),
        done=N_("Đã tính là đã gửi."),
    ),
)


def mail_mark(visitor: Visitor, state: MessageState) -> Mark:
    """Return how a message's state is marked."""
    tone, drawing, words = MAIL_LOOKS[state]
    return Mark(tone=tone, icon=drawing, words=visitor.say(words))


def kind_said(visitor: Visitor, kind: MessageKind) -> str:
    """Return what a kind of mail is called."""
    heading = HEADINGS.get(kind)
    return kind.value if heading is None else pick(heading, language=visitor.language)


def deeds_for(state: MessageState) -> list[MailDeed]:
    """Return what a message in that state takes."""
    return [deed for deed in MAIL_DEEDS if state in MESSAGE_MOVES[deed.verb][0]]


def recipients_said(connection: View, recipients: Sequence[str]) -> dict[str, str]:
    """Return to whom mails go, `Nguyễn Văn A, Sở Nội vụ`, by what notices call them: three queries, however many."""
    named = recipients_named(connection, set(recipients))
    people = contact_names(connection, {int(one[1:]) for one in named if one.startswith("c")})
    return {one: _with_party(people.get(int(one[1:]), "") if one.startswith("c") else "", line.party_name) for one, line in named.items()}


def _with_party(name: str, party: str) -> str:
    """Return a person with their unit, which a post's name often says already."""
    return name if party in name else ", ".join(filter(None, (name, party)))


def mail_views(visitor: Visitor, lines: Sequence[MessageLine], names: Mapping[str, str], *, zone: str) -> list[MailView]:
    """Return messages as a list shows them."""
    return [
        MailView(
            id=line.id,
            mark=mail_mark(visitor, line.state),
            kind=kind_said(visitor, line.kind),
            name=names.get(line.recipient, ""),
            address=line.address,
            subject=line.subject or visitor.say("(thư mật)") * manner(line.kind).confidential,
            slot=moment(visitor, line.slot_at, zone=zone),
            sent="" if line.sent_at is None else moment(visitor, line.sent_at, zone=zone),
            attempts=line.attempts,
        )
        for line in lines
    ]


def moment(visitor: Visitor, at: datetime, *, zone: str) -> str:
    """Return an instant as local time and date."""
    return local_moment(at, zone=ZoneInfo(zone), language=visitor.language)


def letter_of(body: bytes) -> Letter:
    """Return a mail's headers, its two forms, and the names of what is attached; the calendar's own part is one of these."""
    mail = message_from_bytes(body, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101  the policy makes them so
    text, html = mail.get_body(preferencelist=("plain",)), mail.get_body(preferencelist=("html",))
    return Letter(
        headers=tuple((name, str(mail[name])) for name in ("From", "To", "Date", "Message-ID", "List-Id") if mail[name]),
        subject=str(mail["Subject"] or ""),
        text="" if text is None else str(text.get_content()).strip("\n"),
        html="" if html is None else str(html.get_content()),
        attachments=tuple(dict.fromkeys(name for part in mail.walk() if (name := part.get_filename()))),
    )
