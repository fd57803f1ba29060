"""The story of a unit's year: deeds, mails, files, changes of people in one line of time, the latest first; and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from evaluation.kinds import Role
from evaluation.obligations import FINAL, State
from notifications.phrases import HEADINGS, ROLES
from notifications.wording import local_moment, plain_date
from store.outbox.states import MessageState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.console.lines import DueView
    from api.console.visiting import Visitor
    from store.queries.obligations import ObligationLine
    from store.queries.unit_heads import PersonLine
    from store.queries.unit_year import ActorLine, DeedLine, FileLine, MailLine

_MOST_AHEAD = 12


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to a unit, or is to come."""

    at: datetime
    when: str
    kind: str  #: `work`, `return`, `urge`, `mail`, `file`, `people`
    icon: str
    words: str
    about: tuple[tuple[int, str], ...] = ()  #: obligations with their names
    who: str = ""
    text: str = ""
    tone: str = ""  #: `late`, `warn`: to be seen from afar


@dataclass(frozen=True, kw_only=True)
class Teller:
    """What a story is told from."""

    visitor: Visitor
    zone: str
    year: int
    views: Mapping[int, DueView]
    deeds: Sequence[DeedLine]
    mails: Sequence[MailLine]
    files: Sequence[FileLine]
    people: Mapping[int, PersonLine]
    actors: Mapping[int, ActorLine]
    named: bool  #: whether people are called by name, or by their post alone

    def when(self, at: datetime) -> str:
        """Return an instant in words."""
        return local_moment(at, zone=ZoneInfo(self.zone), language=self.visitor.language)

    def on(self, at: date) -> str:
        """Return a date in words."""
        return plain_date(at, language=self.visitor.language)

    def name(self, obligation: int) -> str:
        """Return what an obligation is called."""
        view = self.views[obligation]
        return " · ".join(filter(None, (view.title, view.subject)))

    def actor(self, contact: int | None) -> str:
        """Return who acted; empty for the system."""
        found = self.actors.get(contact or 0)
        if found is None:
            return ""
        post = self.visitor.either(*ROLES[Role(found.role)])
        return f"{found.name}, {found.party_name}" if self.named else f"{post}, {found.party_name}"


#: What the journal's words are told as: kind, icon, words, tone. `%s` is the date that the deed set.
_DEEDS: dict[str, tuple[str, str, str, str]] = {
    State.OPEN.value: ("work", "circle-dashed", N_("Đến lúc thực hiện"), ""),
    State.LAPSED.value: ("work", "lock", N_("Đã khóa khi chưa gửi"), "late"),
    "prepare": ("work", "signature", N_("Trình lãnh đạo duyệt"), ""),
    "send-back": ("work", "arrow-back-up", N_("Lãnh đạo chưa duyệt"), "warn"),
    "submit": ("work", "send", N_("Đã gửi"), ""),
    "withdraw": ("work", "arrow-back-up", N_("Rút lại bản đã gửi"), ""),
    "accept": ("work", "circle-check", N_("Được chấp nhận"), ""),
    "return": ("return", "arrow-back-up", N_("Trả lại để bổ sung, hạn %s"), "warn"),
    "ask-extension": ("work", "clock-plus", N_("Đề nghị gia hạn"), ""),
    "extend": ("work", "clock-plus", N_("Được gia hạn đến %s"), ""),
    "refuse-extension": ("work", "clock-exclamation", N_("Không được gia hạn"), "warn"),
    "suspend": ("work", "clock-pause", N_("Tạm dừng tính hạn"), ""),
    "resume-clock": ("work", "player-play", N_("Tính hạn tiếp, hạn %s"), ""),
    "reopen": ("work", "lock-open", N_("Được mở lại, hạn %s"), ""),
    "move-due": ("work", "refresh", N_("Dời hạn đến %s"), ""),
    "waive": ("work", "ban", N_("Được miễn"), ""),
    "transfer": ("work", "exchange", N_("Chuyển cho đơn vị kế thừa"), ""),
    "urge": ("urge", "bell-ringing", N_("Đôn đốc"), "warn"),
}
_URGED = {"mail": N_("Đôn đốc bằng thư"), "phone": N_("Đôn đốc qua điện thoại"), "letter": N_("Đôn đốc bằng công văn")}
#: What is said of a mail that did not simply arrive.
_MAIL_STATES: dict[MessageState | None, tuple[str, str]] = {
    None: (N_("chờ gửi"), ""),
    MessageState.HELD: (N_("đang giữ, chưa gửi"), "warn"),
    MessageState.QUEUED: (N_("chờ gửi"), ""),
    MessageState.SENDING: (N_("đang gửi"), ""),
    MessageState.SENT: ("", ""),
    MessageState.UNKNOWN: (N_("chưa rõ đã đến hay chưa"), "warn"),
    MessageState.REFUSED: (N_("máy chủ thư từ chối địa chỉ"), "late"),
    MessageState.BOUNCED: (N_("thư bị trả về"), "late"),
}


def happenings_of(teller: Teller) -> list[Happening]:
    """Return everything that has happened, the latest first."""
    every = [*_changes(teller), *_files(teller), *_deeds(teller), *_mails(teller)]
    told = sorted((one for one in every if one.at <= teller.visitor.now), key=lambda one: one.at)
    return told[::-1]  # of what happened at one moment, too, the last comes first


def ahead_of(teller: Teller, lines: Sequence[ObligationLine]) -> list[Happening]:
    """Return what is still to come by the dates as they stand, the next first."""
    found = [one for line in lines if line.state not in FINAL and not line.suspended for one in _dates(teller, line)]
    return sorted((one for one in found if one.at > teller.visitor.now), key=lambda one: one.at)[:_MOST_AHEAD]


def _dates(teller: Teller, line: ObligationLine) -> Iterator[Happening]:
    visitor, about = teller.visitor, ((line.id, teller.name(line.id)),)
    if line.state is State.SCHEDULED and line.opens_at is not None:
        opens = line.opens_at
        on = teller.on(opens.astimezone(ZoneInfo(teller.zone)).date())
        yield Happening(at=opens, when=on, kind="work", icon="circle-dotted", words=visitor.say("Mở"), about=about)
    if line.due_at is not None and line.due_on is not None:
        words = visitor.say("Nơi nhận đến hạn xem xét") if line.state is State.SUBMITTED else visitor.say("Đến hạn")
        yield Happening(at=line.due_at, when=teller.on(line.due_on), kind="work", icon="calendar-due", words=words, about=about)


def _deeds(teller: Teller) -> Iterator[Happening]:
    for deed in teller.deeds:
        known = _DEEDS.get(deed.action)
        if known is None:
            continue
        kind, drawing, words, tone = known
        yield Happening(
            at=deed.at,
            when=teller.when(deed.at),
            kind=kind,
            icon="phone" if deed.by == "phone" else drawing,
            words=_dated(teller, _URGED.get(deed.by, words), deed.due_on),
            about=((deed.obligation, teller.name(deed.obligation)),),
            who=teller.actor(deed.contact),
            text=" · ".join(filter(None, (deed.reason, deed.basis))),
            tone=tone,
        )


def _dated(teller: Teller, words: str, due_on: str) -> str:
    said = teller.visitor.say(words)
    if "%s" not in said:
        return said
    return said % (teller.on(date.fromisoformat(due_on)) if due_on else teller.visitor.say("chưa đặt"))


def _mails(teller: Teller) -> Iterator[Happening]:
    """Yield the mails, those that say the same at the same moment to several people as one."""
    alike: dict[tuple[object, ...], list[MailLine]] = {}
    for mail in teller.mails:
        alike.setdefault((mail.at, mail.kinds, mail.obligations, mail.state), []).append(mail)
    for mails in alike.values():
        yield _mail(teller, mails)


def _mail(teller: Teller, mails: Sequence[MailLine]) -> Happening:
    visitor, mail = teller.visitor, mails[0]
    state, tone = _MAIL_STATES.get(mail.state, ("", ""))
    whom = visitor.say("tới %s") % ", ".join(_recipient(teller, one) for one in mails)
    return Happening(
        at=mail.at,
        when=teller.when(mail.at),
        kind="mail",
        icon="mail",
        words=visitor.say("Thư: %s") % ", ".join(visitor.either(*HEADINGS[kind]) for kind in mail.kinds),
        about=tuple((one, teller.name(one)) for one in mail.obligations),
        who=" · ".join(filter(None, (whom, visitor.say(state) if state else ""))),
        tone=tone,
    )


def _recipient(teller: Teller, mail: MailLine) -> str:
    person = teller.people.get(int(mail.recipient[1:])) if mail.recipient[0] == "c" else None
    if person is None:
        return teller.visitor.say("hộp thư của đơn vị")
    return person.name if teller.named else teller.visitor.either(*ROLES[person.role])


def _files(teller: Teller) -> Iterator[Happening]:
    say = teller.visitor.say
    for file in teller.files:
        yield Happening(
            at=file.at,
            when=teller.when(file.at),
            kind="file",
            icon="paperclip",
            words=say("Gửi tài liệu: %s") % file.name,
            about=((file.obligation, teller.name(file.obligation)),) if file.obligation in teller.views else (),
            who=teller.actor(file.contact),
            text="" if file.withdrawn_at is None else say("đã rút lại"),
        )


def _changes(teller: Teller) -> Iterator[Happening]:
    """Yield who came into office and who left it, from the evaluated year on; names are told to those who may see them."""
    say, zone = teller.visitor.say, ZoneInfo(teller.zone)
    first = date(teller.year, 1, 1)
    for person in teller.people.values() if teller.named else ():
        who = f"{person.name}, {teller.visitor.either(*ROLES[person.role])}"
        for on, words in ((person.valid_from, say("Nhận nhiệm vụ")), (person.valid_to, say("Thôi nhiệm vụ"))):
            if on is not None and on >= first:
                at = datetime.combine(on, time.min, tzinfo=zone)
                yield Happening(at=at, when=teller.on(on), kind="people", icon="user", words=words, who=who)
        if person.unreachable_since is not None:
            at = person.unreachable_since
            yield Happening(
                at=at, when=teller.when(at), kind="people", icon="alert-triangle", words=say("Không nhận được thư"), who=who, tone="late"
            )
