"""What a change of a running year does, as a page shows it: dates that move together stand together, with everybody whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.letters import Subject
from notifications.phrases import subject_name
from notifications.wording import full_date
from store.queries.letter_facts import period_named
from store.queries.status import cycle_stages
from store.years import UPKEEP, UPKEEP_LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from api.console.visiting import Visitor
    from api.wire.replanning import MovedTermOut, NewTermOut, ReplannedOut
    from store.queries.health import View


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """One party whose date moves, or who owes something new."""

    name: str
    obligation: int | None
    mails: int = 0


@dataclass(kw_only=True, slots=True)
class TermGroup:
    """Obligations of one stage to which the same happens."""

    title: str
    before: str = ""
    after: str = ""
    late: bool = False
    who: list[Who] = field(default_factory=list)

    @property
    def mails(self) -> int:
        """How many notices follow."""
        return sum(one.mails for one in self.who)


@dataclass(frozen=True, kw_only=True)
class EffectView:
    """Everything that a change does."""

    out: ReplannedOut
    moved: list[TermGroup]
    new: list[TermGroup]
    ended: list[TermGroup]

    @property
    def is_nothing(self) -> bool:
        """Whether no date moves and nobody owes anything else."""
        return not (self.moved or self.new or self.ended)


def effect_view(visitor: Visitor, connection: View, cycle: int, out: ReplannedOut) -> EffectView:
    """Return what a change does, in words; one query."""
    stages = {key: (one.title, one.title_en) for (_, key), one in cycle_stages(connection, [cycle]).items()}
    stages |= {UPKEEP: (UPKEEP_LINE.title, UPKEEP_LINE.title_en)}
    ended: dict[tuple[str, str, str], TermGroup] = {}
    for one in out.ended:
        place = (one.stage, one.subject, _on(visitor, one.due))
        title = _title(visitor, stages, one.stage, subject=one.subject)
        ended.setdefault(place, TermGroup(title=title, before=place[2])).who.append(Who(name="", obligation=one.obligation))
    return EffectView(out=out, moved=_moved(visitor, stages, out.moved), new=_new(visitor, stages, out.new), ended=list(ended.values()))


def _moved(visitor: Visitor, stages: Mapping[str, tuple[str, str]], moved: Iterable[MovedTermOut]) -> list[TermGroup]:
    groups: dict[tuple[object, ...], TermGroup] = {}
    for one in moved:
        group = TermGroup(
            title=_title(visitor, stages, one.stage),
            before=_on(visitor, one.due_before),
            after=_on(visitor, one.due_after),
            late=one.late,
        )
        place = (one.stage, one.due_before, one.due_after, one.late)
        groups.setdefault(place, group).who.append(Who(name=one.party_name, obligation=one.obligation, mails=one.mails))
    return list(groups.values())


def _new(visitor: Visitor, stages: Mapping[str, tuple[str, str]], new: Iterable[NewTermOut]) -> list[TermGroup]:
    groups: dict[tuple[object, ...], TermGroup] = {}
    for one in new:
        title = _title(visitor, stages, one.stage, subject=one.subject)
        group = TermGroup(title=title, after=_on(visitor, one.due), late=one.late)
        groups.setdefault((one.stage, one.subject, one.due, one.late), group).who.append(Who(name=one.party_name, obligation=None))
    return list(groups.values())


def _title(visitor: Visitor, stages: Mapping[str, tuple[str, str]], stage: str, *, subject: str = "") -> str:
    """Return a stage's title and what it is about; a stage that the changed plan brings is called by its key."""
    vi, en = stages.get(stage, (stage, stage))
    head, _, rest = subject.partition("/")
    period = period_named(head)
    about = subject_name(Subject(period=period, about=subject if period is None else rest), language=visitor.language)
    return " · ".join(filter(None, (visitor.either(vi, en), about)))


def _on(visitor: Visitor, on: date | None) -> str:
    return visitor.say("chưa có hạn") if on is None else full_date(on, language=visitor.language)
