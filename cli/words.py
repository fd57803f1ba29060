"""Words for states, kinds, posts and repairs as people read them; JSON keeps the engine's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cli.language import Language, said, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.session import Store

_OF_PARTY = re.compile(r"(contact|mailbox)/(\d+)(/|$)")

CYCLE_STATES = {"draft": "dự thảo", "launched": "đang chạy", "paused": "tạm dừng", "closed": "đã đóng", "cancelled": "đã hủy"}
MESSAGE_STATES = {
    "held": "đang giữ",
    "queued": "đang chờ",
    "sending": "đang gửi",
    "sent": "đã gửi",
    "unknown": "chưa rõ đã đến hay chưa",
    "refused": "bị từ chối",
    "bounced": "bị trả về",
    "cancelled": "đã hủy",
}


def cycle_state(state: str) -> str:
    """Return a cycle's state in the language spoken."""
    return said(CYCLE_STATES[state], state)


def message_state(state: str) -> str:
    """Return a message's state in the language spoken."""
    return said(MESSAGE_STATES[state], state)


def message_kind(kind: str) -> str:
    """Return what a kind of message is called in the language spoken; in English its key."""
    from evaluation.kinds import MessageKind
    from notifications.phrases import HEADINGS

    heading = HEADINGS.get(MessageKind(kind))
    return said(heading[0] if heading else kind, kind)


def post(role: str) -> str:
    """Return what a role is called in the language spoken."""
    from evaluation.kinds import Role
    from notifications.phrases import ROLES

    return said(*ROLES[Role(role)])


def repairs(store: Store, subjects: Iterable[str]) -> dict[str, str]:
    """Return what the upkeep subjects among these ask for where they name a party by number: `contact/6/officer` by the unit's name."""
    from store.queries.names import party_names

    named = {subject: int(match[2]) for subject in subjects if (match := _OF_PARTY.match(subject))}
    if not named:
        return {}
    with store.reading() as connection:
        names = party_names(connection, keys=(), ids=set(named.values())).by_id
    return {subject: _repair(subject, names[party]) for subject, party in named.items() if party in names}


def _repair(subject: str, party: str) -> str:
    from evaluation.kinds import Role
    from evaluation.letters import Repair
    from notifications.letters import Language as MailLanguage
    from notifications.phrases import repair_name

    what, _, role, *_ = [*subject.split("/"), ""]
    asked = Repair(what=what, party=party, role=Role(role) if role in set(Role) else None)
    return repair_name(asked, language=MailLanguage.EN if spoken() is Language.EN else MailLanguage.VI)
