"""What the status page shows, as words ready to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.pages.words import CYCLE_STATES, WORDS
from evaluation.cycles import CycleState
from evaluation.kinds import StageKind
from evaluation.letters import Timing
from evaluation.obligations import FINAL, State
from evaluation.statuses import PUNCTUALITY_NAMES, obligation_status
from evaluation.terms import Turn
from notifications.letters import Language
from notifications.phrases import pick
from notifications.wording import full_date, local_moment, short_deadline, time_tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from api.pages.subjects import Subjects
    from store.queries.health import LastTick
    from store.queries.obligations import ObligationLine
    from store.queries.status import CycleStatus, StageStatus


@dataclass(frozen=True, kw_only=True)
class StageView:
    """A row of a cycle's stages."""

    title: str
    counts: tuple[tuple[str, int], ...]  #: state in words, how many
    late: int
    review_overdue: int
    next_due: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class OwedView:
    """A row of who owes what."""

    id: int
    party: str
    title: str
    subject: str
    due: str
    tag: str  #: `Quá hạn 2 ngày`
    overdue: bool
    state: str
    receivers_turn: bool


@dataclass(frozen=True, kw_only=True)
class CycleView:
    """A cycle."""

    id: int
    title: str
    authority: str
    year: int
    sandbox: bool
    state: str
    as_of: str
    mail_held: bool
    late: int
    review_overdue: int
    next_due: str
    stages: tuple[StageView, ...]
    owed: tuple[OwedView, ...]
    more: bool  #: more is owed than is shown


@dataclass(frozen=True, kw_only=True)
class Seen:
    """For whom, and when, a page is made."""

    language: Language
    now: datetime

    def said(self, vi: str, en: str) -> str:
        """Return the one in the reader's language."""
        return pick((vi, en), language=self.language)


def cycle_view(status: CycleStatus, *, owed: Sequence[ObligationLine], most: int, subjects: Subjects, seen: Seen) -> CycleView:
    """Return a cycle as the page shows it, with at most so many of what is owed in it."""
    zone = ZoneInfo(status.zone)
    return CycleView(
        id=status.cycle,
        title=seen.said(status.title, status.title_en),
        authority=status.authority_name,
        year=status.year,
        sandbox=status.sandbox,
        state=pick(CYCLE_STATES[CycleState(status.state)], language=seen.language),
        as_of=local_moment(seen.now, zone=zone, language=seen.language),
        mail_held=status.mail_held,
        late=status.total.late,
        review_overdue=status.total.review_overdue,
        next_due=_date(status.total.next_due, seen=seen),
        stages=tuple(_stage(stage, seen=seen) for stage in status.stages),
        owed=tuple(_owed(line, subjects=subjects, seen=seen) for line in owed[:most]),
        more=len(owed) > most,
    )


def _date(on: date | None, *, seen: Seen) -> str:
    return pick(WORDS["none"], language=seen.language) if on is None else full_date(on, language=seen.language)


def _stage(stage: StageStatus, *, seen: Seen) -> StageView:
    names = {state: obligation_status(StageKind(stage.kind), state) for state in State}
    return StageView(
        title=seen.said(stage.title, stage.title_en),
        counts=tuple(
            (seen.said(name.vi, name.en.capitalize()), stage.total.counts[state])
            for state, name in names.items()
            if state in stage.total.counts
        ),
        late=stage.total.late,
        review_overdue=stage.total.review_overdue,
        next_due=_date(stage.total.next_due, seen=seen),
        waits=stage.waits,
    )


def _owed(line: ObligationLine, *, subjects: Subjects, seen: Seen) -> OwedView:
    zone = ZoneInfo(line.zone)
    done = line.state in FINAL
    overdue = not done and line.due_at is not None and line.due_at <= seen.now
    days = None if line.due_on is None else (line.due_on - seen.now.astimezone(zone).date()).days
    timing = Timing(number=line.term, reason=line.reason, made_as=line.reason, turn=line.turn, overdue=overdue, days_left=days)
    return OwedView(
        id=line.id,
        party=line.party_name,
        title=seen.said(line.title, line.title_en),
        subject=subjects.said(line, language=seen.language),
        due=_due(line, seen=seen),
        tag=seen.said(*PUNCTUALITY_NAMES[line.punctuality]) if done else time_tag(timing, language=seen.language),
        overdue=overdue,
        state=seen.said(line.status.vi, line.status.en.capitalize()),
        receivers_turn=line.turn is Turn.RECEIVER,
    )


def _due(line: ObligationLine, *, seen: Seen) -> str:
    """Return the date of whoever's turn it is, and says so if that is the receiver; of what is done, the party's own last one."""
    done = line.state in FINAL
    due_on, due_at = (line.own_due_on, line.own_due_at) if done else (line.due_on, line.due_at)
    if due_on is None or due_at is None:
        return ""
    due = short_deadline(due_on, due_at=due_at, zone=ZoneInfo(line.zone), language=seen.language)
    return due if done or line.turn is Turn.PARTY else f"{pick(WORDS['review_until'], language=seen.language)}: {due}"


def last_tick_said(tick: LastTick | None, *, language: Language) -> str:
    """Return when the last tick had something to do."""
    if tick is None:
        return pick(WORDS["never"], language=language)
    return local_moment(tick.at, zone=ZoneInfo(tick.whose.zone), language=language)
