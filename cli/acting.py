"""Who acts and when: the contact named by `--as`, in office, and a given moment where the authority is a sandbox."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cli.errors import ExitCode, RefusedError
from config.clock import utc_now
from config.settings import operating_system_user
from store.actors import Actor
from store.queries.cycles import CycleFacts, find_cycle
from store.queries.people import (
    AuthorityFacts,
    authority_named,
    authority_of_cycle,
    authority_of_obligation,
    contact_named,
    list_authorities,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.actions import Remark
    from store.session import Store, Transaction

#: At what time of day a moment given as a date alone is.
MORNING = time(8, 0)
_SLASHED = re.compile(r"^(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, kw_only=True)
class Acting:
    """Whose rows are changed, by whom, as of when."""

    authority: AuthorityFacts
    actor: Actor
    now: datetime  #: UTC


def system_actor() -> Actor:
    """Return the system, started by the user at the keyboard."""
    return Actor(os_user=operating_system_user())


def moment(text: str, *, zone: str) -> datetime:
    """
    Return a moment as people write it: a date (08:00), or a date and time, local unless it names its zone; the present one if empty.

    A date is `2026-03-19` or `19/03/2026`.
    """
    if not text:
        return utc_now()
    try:
        at = datetime.fromisoformat(_SLASHED.sub(r"\3-\2-\1", text.strip()))
    except ValueError:
        vi, en = (
            f"--at: “{text}” không phải thời điểm; viết như 2026-03-19T08:00 hoặc 19/03/2026",
            f"--at: “{text}” is no moment; write 2026-03-19T08:00 or 19/03/2026",
        )
        raise RefusedError(vi, en, code=ExitCode.USAGE) from None
    if "T" not in text and " " not in text.strip():
        at = datetime.combine(at.date(), MORNING)
    local = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(ZoneInfo("UTC"))


def business_time(authority: AuthorityFacts, at: str) -> datetime:
    """Return the moment of a command; a given one is for sandboxes alone."""
    if at and not authority.sandbox:
        vi, en = (
            f"--at chỉ dùng cho cơ quan thử; “{authority.key}” là cơ quan thật, thời điểm là hiện tại",
            f"--at is for sandboxes; “{authority.key}” is a real authority, whose time is the present",
        )
        raise RefusedError(vi, en)
    return moment(at, zone=authority.zone)


def acting(store: Store, authority: AuthorityFacts, *, contact: str, at: str = "") -> Acting:
    """
    Return who acts for an authority and when.

    Raises:
        NoSuchContactError: the authority has no such contact.
        RefusedError: the contact is not in office then, or the moment may not be given.

    """
    now = business_time(authority, at)
    with store.reading() as connection:
        found = contact_named(connection, authority, contact)
    today = now.astimezone(ZoneInfo(authority.zone)).date()
    if not found.is_in_office(today):
        vi, en = (
            f"“{contact}” không đương chức ngày {today:%d/%m/%Y}; hãy nêu người đang giữ nhiệm vụ",
            f"“{contact}” is not in office on {today}; name somebody who is",
        )
        raise RefusedError(vi, en)
    return Acting(authority=authority, actor=Actor(who=f"c{found.id}", os_user=operating_system_user()), now=now)


def the_authority(store: Store, key: str) -> AuthorityFacts:
    """Return the authority of that key, or the only one there is; AuthorityError if there is none of the key."""
    with store.reading() as connection:
        keys = [one.key for one in list_authorities(connection)] if not key else [key]
        if len(keys) == 1:
            return authority_named(connection, keys[0])
    vi = f"nêu --authority: {', '.join(keys)}" if keys else "chưa có cơ quan nào; `dondoc authority create` tạo một cơ quan"
    en = f"name the --authority: {', '.join(keys)}" if keys else "there is no authority yet; `dondoc authority create` makes one"
    raise RefusedError(vi, en, code=ExitCode.USAGE)


def acting_for(store: Store, key: str, *, contact: str, at: str = "") -> Acting:
    """Return who acts for the authority of that key."""
    return acting(store, the_authority(store, key), contact=contact, at=at)


def acting_on_cycle(store: Store, name: str, *, contact: str, at: str = "") -> tuple[CycleFacts, Acting]:
    """Return the cycle of that name and who acts on it; without a contact the system, which may look but is not let write."""
    with store.reading() as connection:
        cycle = find_cycle(connection, name)
        authority = authority_of_cycle(connection, cycle.id)
    if not contact:
        return cycle, Acting(authority=authority, actor=system_actor(), now=business_time(authority, at))
    return cycle, acting(store, authority, contact=contact, at=at)


def acting_on_obligation(store: Store, obligation: int, *, contact: str, at: str = "") -> Acting:
    """Return who acts on an obligation; NoSuchObligationError if there is none."""
    from store.commands.moves import NoSuchObligationError

    with store.reading() as connection:
        authority = authority_of_obligation(connection, obligation)
    if authority is None:
        raise NoSuchObligationError(obligation)
    return acting(store, authority, contact=contact, at=at)


class _LookedAtError(Exception):
    """A preview is over; nothing of it is kept."""


@contextmanager
def looked_at(store: Store, who: Acting, *, apply: bool) -> Iterator[Transaction]:
    """Open a write of somebody's that is taken back whole at its end, unless it is to be applied."""
    try:
        with store.transaction(now=who.now, actor=who.actor) as transaction:
            yield transaction
            if not apply:
                raise _LookedAtError  # noqa: TRY301  the one way out of a transaction that takes it back
    except _LookedAtError:
        pass


def remark(reason: str = "", document: str = "") -> Remark:
    """Return the words that go with a move."""
    from evaluation.actions import Remark

    return Remark(reason=reason, basis=document)
