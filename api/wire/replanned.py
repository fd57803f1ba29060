"""What a change of a running year does, as it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.wire.replanning import AdviceOut, EndedTermOut, MovedTermOut, NewTermOut, ReplannedOut
from notifications.letters import Language
from store.commands.replan_refusals import LateReplanError
from store.queries.cycles import cancelled_notices
from store.queries.people import party_names
from store.queries.sight import party_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.commands.leaving import Ended
    from store.commands.previewing import Preview
    from store.session import Transaction


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How a change is told: of which cycle, applied or only looked at, in which language."""

    cycle: int
    applied: bool
    language: Language


def effect(transaction: Transaction, telling: Telling, change: Callable[[], tuple[Preview, Sequence[Ended]]]) -> ReplannedOut:
    """Make a change and return what it did; one only looked at is told also where it would be refused for dates that have passed."""
    before = cancelled_notices(transaction.connection, telling.cycle)
    refused, ended = False, ()
    try:
        preview, ended = change()  # type: ignore[assignment]
    except LateReplanError as late:
        if telling.applied:
            raise
        preview, refused = late.preview, True
    cancelled = cancelled_notices(transaction.connection, telling.cycle) - before
    return _told(transaction, telling, preview, ended=ended, cancelled=cancelled, refused=refused)


def _told(  # noqa: PLR0913  what is counted besides
    transaction: Transaction, telling: Telling, preview: Preview, *, ended: Sequence[Ended], cancelled: int, refused: bool
) -> ReplannedOut:
    names = party_names(transaction.connection, telling.cycle)
    keys = party_keys(transaction.connection, names)
    vi = telling.language is Language.VI
    return ReplannedOut(
        applied=telling.applied,
        needs_accept_late=refused,
        mails=preview.mails,
        issued=preview.issued,
        cancelled=cancelled,
        late=preview.late,
        moved=[MovedTermOut(**{**vars(one), "party": keys[one.party]}, party_name=names[one.party]) for one in preview.moved],
        new=[NewTermOut(**{**vars(one), "party": keys[one.party]}, party_name=names[one.party]) for one in preview.new],
        ended=[EndedTermOut(**vars(one)) for one in ended],
        warnings=[AdviceOut(code=one.code, where=one.where, text=one.message_vi if vi else one.message_en) for one in preview.warnings],
    )
