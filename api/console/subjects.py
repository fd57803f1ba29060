"""What an obligation is about, in words: its period, the unit appraised, or the repair that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from evaluation.improvement.naming import named_by
from evaluation.inspections.naming import finding_of, unit_named
from evaluation.kinds import Role, StageKind
from evaluation.letters import Repair, Subject
from evaluation.papers import asked_by
from notifications.phrases import repair_name, subject_name
from store.queries.criterion_titles import CriterionTitles, criterion_titles
from store.queries.letter_facts import period_named
from store.queries.names import party_names
from store.years import UPKEEP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notifications.letters import Language
    from store.queries.health import View
    from store.queries.names import PartyNames
    from store.queries.obligations import ObligationLine
    from store.queries.status import StageStatus
    from store.session import Store


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """The names that subjects refer to."""

    names: PartyNames
    titles: CriterionTitles
    stages: Mapping[tuple[int, str], StageStatus]  #: by cycle and key

    def said(self, line: ObligationLine, *, language: Language) -> str:
        """Return what an obligation is about; empty where there is nothing to tell apart."""
        if line.stage == UPKEEP:
            return repair_name(self._repair(line), language=language)
        head, _, rest = line.subject.partition("/")
        period = period_named(head)
        if finding := finding_of(line.subject):
            unit, number = self.names.of_key(line.authority, unit_named(finding)), int(finding.partition("/")[2])
            return subject_name(Subject(about=unit, finding=number), language=language)
        criterion, measure = named_by(line.subject) if line.kind == StageKind.IMPROVEMENT else ("", 0)
        if criterion or measure:
            title = self.titles.of(line.cycle, criterion, party=line.party_id)
            return subject_name(Subject(criterion=criterion, criterion_title=title, measure=measure), language=language)
        about = (
            unit_named(line.subject) if period is None and line.kind == StageKind.INSPECTION else line.subject if period is None else rest
        )
        return subject_name(Subject(period=period, about=about and self.names.of_key(line.authority, about)), language=language)

    def _repair(self, line: ObligationLine) -> Repair:
        what, _, rest = line.subject.partition("/")
        first, _, second = rest.partition("/")
        role = second.partition("/")[0]
        if what == "contact" and first.isdecimal() and role in set(Role):
            return Repair(what=what, party=self.names.by_id.get(int(first), ""), role=Role(role))
        if what == "letter" and first == "urging" and finding_of(second):
            return Repair(what=what, party=self.names.of_key(line.authority, unit_named(second)), rest=second.split("/")[1])
        stage = self.stages.get((line.cycle, first))
        if what == "released-after-due" and stage is not None:
            return Repair(what=what, title=stage.title, title_en=stage.title_en, period=period_named(second))
        asked = asked_by(line.subject)
        named = None if asked is None else self.stages.get((line.cycle, asked.stage))
        if asked is not None and named is not None:
            title, title_en, on = named.title, named.title_en, date.fromisoformat(asked.on)
            return Repair(what=what, rest=asked.purpose.value, title=title, title_en=title_en, on=on)
        if what in {"no-criteria", "no-lead", "lead-changed"} and stage is not None:
            return Repair(what=what, title=stage.title, title_en=stage.title_en, rest=second.partition("/")[0])
        if what in {"results-missing", "results-unpublished"} and stage is not None:
            return Repair(what=what, title=stage.title, title_en=stage.title_en)
        if what == "ended-unit" and stage is not None:
            period, _, party = second.partition("/")
            unit = self.names.of_key(line.authority, party.partition("/")[0])
            return Repair(what=what, party=unit, title=stage.title, title_en=stage.title_en, period=period_named(period))
        return Repair(what=what, rest=rest)


def read_subjects(
    store: Store, connection: View, lines: Sequence[ObligationLine], *, stages: Mapping[tuple[int, str], StageStatus]
) -> Subjects:
    """Return the names that the subjects of these obligations refer to: one query, and where criteria are improved those of their sets."""
    parts = {part for line in lines for part in (line.subject, line.subject.partition("/")[2], *line.subject.split("/")[:4]) if part}
    ids = {int(word) for line in lines if line.stage == UPKEEP for word in line.subject.split("/")[1:2] if word.isdecimal()}
    improved = {line.cycle for line in lines if line.kind == StageKind.IMPROVEMENT}
    titles = criterion_titles(store, connection, improved) if improved else CriterionTitles()
    return Subjects(names=party_names(connection, keys=parts, ids=ids), titles=titles, stages=stages)
