"""The story of an obligation: its terms, submissions, returns and mails, one after the other, as people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from api.console.deeds import BY_ACTION
from api.console.entries import action_said
from api.console.grounds import when_said
from api.console.naming import called
from evaluation.kinds import Role
from evaluation.rights_table import Action
from evaluation.rights_words import ACTIONS
from evaluation.terms import TermReason
from notifications.phrases import ROLES
from notifications.wording import ends_at_midnight, local_moment, plain_date
from store.queries.names import contact_names
from store.queries.unit_year import actors_of, deeds_of
from store.years import load_plan_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from api.console.visiting import Visitor
    from api.wire.reading import ObligationDetailOut, TermOut
    from store.queries.health import View
    from store.queries.unit_year import ActorLine, DeedLine


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
    TermReason.SUPPLEMENT: ("arrow-back-up", N_("Trả lại từng phần, hạn bổ sung %s")),
    TermReason.EXTENSION: ("clock-plus", N_("Được gia hạn đến %s")),
    TermReason.SUSPENSION: ("clock-pause", N_("Tạm dừng tính hạn")),
    TermReason.RESUMPTION: ("player-play", N_("Tính hạn tiếp, hạn %s")),
    TermReason.RE_OPENING: ("lock-open", N_("Được mở lại, hạn %s")),
    TermReason.REVIEW: ("hourglass", N_("Nơi nhận bắt đầu xem xét, hạn %s")),
    TermReason.WITHDRAWAL: ("arrow-back-up", N_("Rút lại, hạn cũ %s")),
    TermReason.CALENDAR: ("refresh", N_("Tính lại theo lịch mới, hạn %s")),
    TermReason.PLAN: ("refresh", N_("Kế hoạch thay đổi, hạn %s")),
}


#: Terms that somebody writes for a reason, and by what; the others follow from the plan, the calendar or what is told beside them.
_WRITTEN_BY: dict[TermReason, Action] = {
    TermReason.EXTENSION: Action.EXTEND,
    TermReason.SUSPENSION: Action.SUSPEND,
    TermReason.RESUMPTION: Action.RESUME_CLOCK,
    TermReason.RE_OPENING: Action.REOPEN,
}
#: What people do that neither writes a term nor is told as a submission, a return or a request.
_FURTHER = frozenset(
    {Action.PREPARE, Action.SEND_BACK, Action.ACCEPT, Action.REFUSE_EXTENSION, Action.WAIVE, Action.TRANSFER, Action.URGE, Action.REASSIGN}
)


@dataclass(frozen=True, kw_only=True)
class _Teller:
    visitor: Visitor
    detail: ObligationDetailOut
    names: Mapping[str, str]
    parts: Mapping[str, str]  #: titles of the parts and fields of what is delivered
    deeds: Sequence[DeedLine]  #: the journal's entries that the visitor may read
    actors: Mapping[int, str]
    moments: Mapping[tuple[int, str], str]  #: when the rungs of its terms fall, in words

    def who(self, key: str) -> str:
        return called(self.names, key)

    def deed_of(self, term: TermOut) -> DeedLine | None:
        """Return what somebody did to write a term, as the journal tells it: the two are of one transaction, hence of one instant."""
        action = _WRITTEN_BY.get(term.reason)
        return next((one for one in self.deeds if one.action == action and one.at == term.written_at), None)


def story_of(
    visitor: Visitor, connection: View, detail: ObligationDetailOut, *, names: Mapping[str, str], parts: Mapping[str, str]
) -> list[Event]:
    """Return what has happened, the latest first; what is still to come stands in no story. Two queries. `parts`: titles by key."""
    may_read = any(may.action is Action.READ_JOURNAL and may.permitted for may in detail.may)
    deeds = deeds_of(connection, [detail.id], now=visitor.now) if may_read else []
    actors = contact_names(connection, {one.contact for one in deeds if one.contact is not None}) if deeds else {}
    moments = _moments(visitor, connection, detail)
    teller = _Teller(visitor=visitor, detail=detail, names=names, parts=parts, deeds=deeds, actors=actors, moments=moments)
    events = [*_terms(teller), *_submissions(teller), *_returns(teller), *_wishes(teller), *_further(teller), *_mails(teller)]
    local = ZoneInfo(detail.zone)
    told = sorted((event for event in events if event.at <= visitor.now), key=lambda event: event.at, reverse=True)
    return [Event(**{**vars(one), "when": local_moment(one.at, zone=local, language=visitor.language)}) for one in told]


def _moments(visitor: Visitor, connection: View, detail: ObligationDetailOut) -> dict[tuple[int, str], str]:
    """Return in words when each rung of each term falls, as the plan said when the term was written; its key where no plan knows it."""
    found: dict[tuple[int, str], str] = {}
    for term in detail.terms:
        plan, _ = load_plan_version(visitor.served.store, connection, cycle=detail.cycle, number=term.plan_version)
        said = {rung.key: when_said(visitor, rung) for rung in plan.ladders.get(term.ladder, ())}
        found |= {(term.number, one.rung): said.get(one.rung, one.rung) for one in term.rungs}
    return found


def meanwhile_of(visitor: Visitor, connection: View, detail: ObligationDetailOut, *, since: int) -> list[Event]:
    """Return what was done since the state of that number of moves, the latest first, to whoever may read the journal. Two queries."""
    if not any(may.action is Action.READ_JOURNAL and may.permitted for may in detail.may):
        return []
    deeds = deeds_of(connection, [detail.id], now=visitor.now)[::-1][: max(detail.moves - since, 0)]
    actors = actors_of(connection, {one.contact for one in deeds if one.contact is not None})
    local = ZoneInfo(detail.zone)
    return [
        Event(
            at=one.at,
            when=local_moment(one.at, zone=local, language=visitor.language),
            icon="",
            words=action_said(visitor, one.action),
            who=_actor_said(visitor, actors.get(one.contact or 0)),
            text=_joined(one.reason, one.basis),
        )
        for one in deeds
    ]


def _actor_said(visitor: Visitor, actor: ActorLine | None) -> str:
    """Return name, role and unit of whoever did something."""
    if actor is None:
        return visitor.say("Hệ thống")
    return ", ".join(filter(None, (actor.name, visitor.either(*ROLES[Role(actor.role)]), actor.party_name)))


def _joined(*parts: str) -> str:
    return " · ".join(dict.fromkeys(filter(None, parts)))


def _terms(teller: _Teller) -> Iterator[Event]:
    for term in teller.detail.terms:
        drawing, words = _REASONS[term.reason]
        deed = teller.deed_of(term)
        reason, basis = ("", "") if deed is None else (deed.reason, deed.basis)
        who = teller.who(term.granted_by) or ("" if deed is None else teller.actors.get(deed.contact or 0, ""))
        said = _with_date(teller, words, term)
        yield Event(at=term.written_at, when="", icon=drawing, words=said, who=who, text=_joined(reason, term.basis, basis))


def _with_date(teller: _Teller, words: str, term: TermOut) -> str:
    said = teller.visitor.say(words)
    return said % _until(teller, term) if "%s" in said else said


def _until(teller: _Teller, term: TermOut) -> str:
    """Return until when a term runs: its date, with the hour where it ends within the day."""
    visitor, zone = teller.visitor, ZoneInfo(teller.detail.zone)
    if term.due_on is None:
        return visitor.say("chưa đặt")
    if term.due_at is None or ends_at_midnight(term.due_on, due_at=term.due_at, zone=zone):
        return plain_date(term.due_on, language=visitor.language)
    return local_moment(term.due_at, zone=zone, language=visitor.language)


def _submissions(teller: _Teller) -> Iterator[Event]:
    for one in teller.detail.submissions:
        words = teller.visitor.say("Nộp lần %s") % one.number
        yield Event(at=one.at, when="", icon="send", words=words, who=teller.who(one.contact), text=_joined(one.document, one.text))


def _returns(teller: _Teller) -> Iterator[Event]:
    for one in teller.detail.rounds_of_correction:
        items = "; ".join(f"{called(teller.parts, remark.item)}: {remark.words}" for remark in one.items)
        words = teller.visitor.say("Trả lại để bổ sung, vòng %s") % one.round
        text = _joined(" ".join(filter(None, (one.reason, items))), one.basis)
        yield Event(at=one.at, when="", icon="arrow-back-up", words=words, text=text)


def _wishes(teller: _Teller) -> Iterator[Event]:
    for one in teller.detail.extension_requests:
        words = teller.visitor.say("Xin gia hạn đến %s") % plain_date(one.wanted_on, language=teller.visitor.language)
        yield Event(at=one.at, when="", icon="clock-plus", words=words, who=teller.who(one.contact), text=one.reason)


def _further(teller: _Teller) -> Iterator[Event]:
    for deed in teller.deeds:
        if deed.action in _FURTHER:
            words = teller.visitor.either(*ACTIONS[Action(deed.action)])
            who = teller.actors.get(deed.contact or 0, "")
            drawing = BY_ACTION[deed.action].icon if deed.action in BY_ACTION else "message"
            text = _joined(deed.reason, deed.basis)
            yield Event(at=deed.at, when="", icon=drawing, words=words[:1].upper() + words[1:], who=who, text=text)


def _mails(teller: _Teller) -> Iterator[Event]:
    for term in teller.detail.terms:
        for rung in term.rungs:
            if rung.outcome == "noticed" and rung.settled_at is not None:
                words = teller.visitor.say("Gửi thư nhắc (%s)") % teller.moments[term.number, rung.rung]
                told = "; ".join(teller.who(one) for one in rung.told)
                yield Event(at=rung.settled_at, when="", icon="mail", words=words, who=told)
