"""Grounds: why a mail was sent, notice by notice, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.console.catalogues import N_
from api.console.entries import action_said, actors_said
from api.console.mails import kind_said
from evaluation.due_rules import DayUnit
from evaluation.kinds import MessageKind
from evaluation.plans import CountFrom
from notifications.phrases import document_name
from notifications.wording import counted, local_moment, short_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.visiting import Visitor
    from evaluation.plans import Rung
    from store.queries.health import View
    from store.queries.why import Ground, Why


@dataclass(frozen=True, kw_only=True)
class GroundView:
    """Why one notice was written."""

    heading: str
    about: str
    facts: tuple[tuple[str, str], ...]  #: what, and what it is
    cancelled: bool


def ground_views(visitor: Visitor, connection: View, found: Why, *, zone: str) -> list[GroundView]:
    """Return the grounds of a mail in words; one query more for who acted."""
    actors = actors_said(visitor, connection, [one.entry.actor for one in found.notices if one.entry is not None])
    return [_view(visitor, one, actors=actors, zone=zone) for one in found.notices]


def _view(visitor: Visitor, ground: Ground, *, actors: Mapping[str, str], zone: str) -> GroundView:
    stage = ground.stage
    title = "" if stage is None else visitor.either(stage.title, stage.title_en)
    facts = [
        (visitor.say("Bậc nhắc"), "" if ground.rung is None else rung_said(visitor, ground.rung)),
        (visitor.say("Thời hạn"), _term(visitor, ground, zone=zone)),
        (visitor.say("Kế hoạch viết"), "" if stage is None else stage.words),
        (visitor.say("Căn cứ"), "" if ground.document is None else document_name(ground.document, language=visitor.language)),
        (visitor.say("Nhật ký"), _entry(visitor, ground, actors=actors, zone=zone)),
    ]
    return GroundView(
        heading=kind_said(visitor, MessageKind(ground.kind)),
        about=" · ".join(filter(None, (title, ground.party))),
        facts=tuple((name, words) for name, words in facts if words),
        cancelled=ground.cancelled,
    )


#: Customary ladders by their keys; another one is called by its key.
LADDERS: Mapping[str, str] = {
    "standard": N_("Đơn vị, đủ các bậc nhắc"),
    "light": N_("Đơn vị, ít bậc nhắc"),
    "body": N_("Hội đồng, tổ, đoàn"),
    "standing": N_("Cơ quan thường trực"),
    "chair": N_("Chủ tịch"),
    "person": N_("Cá nhân"),
    "review": N_("Nơi nhận xem xét"),
    "correction": N_("Bổ sung sau khi bị trả lại"),
}


def ladder_said(visitor: Visitor, key: str) -> str:
    """Return what a ladder is called; its key where it is none of the customary ones."""
    return visitor.say(LADDERS[key]) if key in LADDERS else key


def rung_said(visitor: Visitor, rung: Rung) -> str:
    """Return when a step of a ladder falls: `T-3: 3 ngày làm việc trước hạn`."""
    days = counted(abs(rung.offset), language=visitor.language, working=rung.unit is DayUnit.WORKING)
    lock = rung.counted_from is CountFrom.LOCK
    if not rung.offset:
        return f"{rung.key}: " + (visitor.say("ngày khóa") if lock else visitor.say("ngày đến hạn"))
    if rung.offset < 0:
        return f"{rung.key}: " + (visitor.say("%s trước khi khóa") if lock else visitor.say("%s trước hạn")) % days
    return f"{rung.key}: " + (visitor.say("%s sau khi khóa") if lock else visitor.say("%s sau hạn")) % days


def _term(visitor: Visitor, ground: Ground, *, zone: str) -> str:
    term = ground.term
    if term is None or term.due_on is None or term.due_at is None:
        return ""
    return short_deadline(term.due_on, due_at=term.due_at, zone=ZoneInfo(zone), language=visitor.language)


def _entry(visitor: Visitor, ground: Ground, *, actors: Mapping[str, str], zone: str) -> str:
    entry = ground.entry
    if entry is None:
        return ""
    when = local_moment(entry.at, zone=ZoneInfo(zone), language=visitor.language)
    words = (f"{entry.number}", action_said(visitor, entry.action), actors[entry.actor], when, entry.reason, entry.basis)
    return " · ".join(filter(None, words))
