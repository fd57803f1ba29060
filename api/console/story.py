"""The story of an obligation: its terms, submissions, returns and mails, one after the other, as people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from evaluation.rights_table import Action
from evaluation.terms import TermReason
from notifications.wording import local_moment, plain_date
from store.queries.obligation_history import ActLine, acts_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from api.console.visiting import Visitor
    from api.reading_schemas import ObligationDetailOut, TermOut
    from store.queries.health import View


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened."""

    at: datetime
    when: str
    icon: str
    words: str
    who: str = ""
    text: str = ""


_REASONS: dict[TermReason, tuple[str, str]] = {
    TermReason.INITIAL: ("calendar-due", N_("Được giao, hạn %s")),
    TermReason.CORRECTION: ("arrow-back-up", N_("Hạn bổ sung %s")),
    TermReason.EXTENSION: ("clock-plus", N_("Được gia hạn đến %s")),
    TermReason.SUSPENSION: ("clock-pause", N_("Tạm dừng tính hạn")),
    TermReason.RESUMPTION: ("player-play", N_("Tính hạn tiếp, hạn %s")),
    TermReason.RE_OPENING: ("lock-open", N_("Được mở lại, hạn %s")),
    TermReason.REVIEW: ("hourglass", N_("Nơi nhận bắt đầu xem xét, hạn %s")),
    TermReason.WITHDRAWAL: ("arrow-back-up", N_("Rút lại, hạn cũ %s")),
    TermReason.CALENDAR: ("refresh", N_("Tính lại theo lịch mới, hạn %s")),
    TermReason.PLAN: ("refresh", N_("Kế hoạch thay đổi, hạn %s")),
}


#: What neither a term nor a submission tells.
_ACTS: dict[Action, tuple[str, str]] = {
    Action.PREPARE: ("signature", N_("Trình lãnh đạo duyệt")),
    Action.SEND_BACK: ("arrow-back-up", N_("Lãnh đạo chưa duyệt")),
    Action.ACCEPT: ("circle-check", N_("Được chấp nhận")),
    Action.REFUSE_EXTENSION: ("x", N_("Không đồng ý gia hạn")),
    Action.WAIVE: ("ban", N_("Được miễn")),
    Action.TRANSFER: ("exchange", N_("Chuyển cho đơn vị kế thừa")),
}


def acts_told(connection: View, obligation: int) -> list[ActLine]:
    """Return what people did that the story tells by the journal."""
    return acts_on(connection, obligation, _ACTS)


def story_of(visitor: Visitor, detail: ObligationDetailOut, acts: Sequence[ActLine], *, zone: str) -> list[Event]:
    """Return what has happened, the latest first; what is still to come stands in no story."""
    events = [
        *_terms(visitor, detail),
        *_submissions(visitor, detail),
        *_returns(visitor, detail),
        *_wishes(visitor, detail),
        *_mails(visitor, detail),
        *_acts(visitor, acts),
    ]
    local = ZoneInfo(zone)
    told = sorted((event for event in events if event.at <= visitor.now), key=lambda event: event.at, reverse=True)
    return [Event(**{**vars(one), "when": local_moment(one.at, zone=local, language=visitor.language)}) for one in told]


def _terms(visitor: Visitor, detail: ObligationDetailOut) -> Iterator[Event]:
    for term in detail.terms:
        drawing, words = _REASONS[term.reason]
        yield Event(at=term.written_at, when="", icon=drawing, words=_with_date(visitor, words, term), who=term.granted_by, text=term.basis)


def _with_date(visitor: Visitor, words: str, term: TermOut) -> str:
    said = visitor.say(words)
    if "%s" not in said:
        return said
    return said % (visitor.say("chưa đặt") if term.due_on is None else plain_date(term.due_on, language=visitor.language))


def _submissions(visitor: Visitor, detail: ObligationDetailOut) -> Iterator[Event]:
    for one in detail.submissions:
        words = visitor.say("Nộp lần %s") % one.number
        yield Event(at=one.at, when="", icon="send", words=words, who=one.contact, text=" · ".join(filter(None, (one.document, one.text))))


def _returns(visitor: Visitor, detail: ObligationDetailOut) -> Iterator[Event]:
    for one in detail.rounds_of_correction:
        items = "; ".join(f"{remark.item}: {remark.words}" for remark in one.items)
        words = visitor.say("Trả lại để bổ sung, vòng %s") % one.round
        yield Event(at=one.at, when="", icon="arrow-back-up", words=words, text=" ".join(filter(None, (one.reason, items))))


def _wishes(visitor: Visitor, detail: ObligationDetailOut) -> Iterator[Event]:
    for one in detail.extension_requests:
        words = visitor.say("Xin gia hạn đến %s") % plain_date(one.wanted_on, language=visitor.language)
        yield Event(at=one.at, when="", icon="clock-plus", words=words, who=one.contact, text=one.reason)


def _acts(visitor: Visitor, acts: Sequence[ActLine]) -> Iterator[Event]:
    for one in acts:
        drawing, words = _ACTS[Action(one.action)]
        yield Event(at=one.at, when="", icon=drawing, words=visitor.say(words), who=one.by, text=one.reason)


def _mails(visitor: Visitor, detail: ObligationDetailOut) -> Iterator[Event]:
    for term in detail.terms:
        for rung in term.rungs:
            if rung.outcome == "noticed" and rung.settled_at is not None:
                words = visitor.say("Gửi thư nhắc (%s)") % rung.rung
                yield Event(at=rung.settled_at, when="", icon="mail", words=words, who=", ".join(rung.told))
