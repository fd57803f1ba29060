"""What goes over the wire about periodic reports."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, ConfigDict, Field

from api.problems.fault_words import sound_text
from api.wire.accounts import Asked
from api.wire.schemas import Instant, Wire

if TYPE_CHECKING:
    from evaluation.reports.checks import FormFault
    from evaluation.reports.facts import Named, PeriodFacts
    from notifications.letters import Language
    from store.reports import Draft

Cell = Annotated[str, Field(max_length=2_000)]
Rows = Annotated[list[dict[str, Cell]], Field(max_length=500)]


class ReportIn(Asked):
    """What was typed into some fields of a report."""

    version: Annotated[int, Field(ge=0, le=10**9, examples=[0])]
    """The version that was seen; 0 where nobody has typed yet."""
    answers: Annotated[
        dict[str, Annotated[str, Field(max_length=20_000)] | Rows], Field(max_length=500, examples=[{"hs-tiep-nhan": "1.000"}])
    ]
    """By field: a text (a number is written 1.234 or 83,54), or the rows of a table; empty clears it."""


class FormFaultOut(Wire):
    """One thing that is wrong in a report."""

    field: str
    row: int
    """Of a table, from 1; 0: the field as a whole."""
    column: str
    check: str
    """Key of the check between fields; empty: it is about the one field."""
    severity: str
    text: str


class ReportOut(Wire):
    """What stands in a report, and what is wrong with it."""

    obligation: int
    form: str
    title: str
    version: int
    answers: dict[str, str | list[dict[str, str]]]
    carried: list[str]
    """Fields that stand as in the report before, untouched since."""
    faults: list[FormFaultOut]
    ready: bool
    """Whether it may be submitted: no fault of it is an error."""
    saved_at: Instant | None

    @classmethod
    def of(cls, draft: Draft, faults: tuple[FormFault, ...], *, language: Language) -> ReportOut:
        """Return a report as it is told in a language."""
        told = [
            FormFaultOut(
                field=one.field, row=one.row, column=one.column, check=one.check, severity=one.severity, text=one.text(language.value)
            )
            for one in faults
        ]
        return cls(
            obligation=draft.obligation,
            form=draft.form.key,
            title=draft.form.name(language.value),
            version=draft.version,
            answers={key: answer if isinstance(answer, str) else [dict(row) for row in answer] for key, answer in draft.answers.items()},
            carried=list(draft.carried),
            faults=told,
            ready=not any(one.severity == "error" for one in faults),
            saved_at=draft.saved_at,
        )


class NamedOut(Wire):
    """A unit that a report names."""

    unit: str
    obligation: int
    days_late: int

    @classmethod
    def of(cls, one: Named) -> NamedOut:
        """Return it as it is told."""
        return cls(unit=one.unit, obligation=one.obligation, days_late=one.days_late)


class TracedOut(Wire):
    """A number of the draft, and the journal's entries behind it."""

    name: str
    value: str
    entries: list[int]


class FormIn(Asked):
    """A report form."""

    yaml: Annotated[str, Field(min_length=1, max_length=200_000), AfterValidator(sound_text)]
    """The YAML file, word by word."""


class FormOut(Wire):
    """A form that was taken in."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    number: int
    """Of the version; the highest is asked of reports that are begun from then on."""
    title: str
    title_en: str
    sha256: str
    fields: int
    entered_at: Instant


class PeriodOut(Wire):
    """How a report period stands: the facts from which the standing body's report is drafted."""

    cycle: int
    period: str
    name: str
    nature: str
    data_from: date
    data_to: date
    due_on: date | None
    obligation: int | None
    """Of the standing body's report."""
    numbers: list[TracedOut]
    late: list[NamedOut]
    missing: list[NamedOut]
    uncorrected: list[NamedOut]

    @classmethod
    def of(cls, facts: PeriodFacts, entries: dict[str, tuple[int, ...]], *, language: Language) -> PeriodOut:
        """Return the facts of a period as they are told."""
        return cls(
            cycle=facts.cycle,
            period=facts.period.key,
            name=facts.period.name(language.value),
            nature=facts.period.nature.value,
            data_from=facts.period.data_from,
            data_to=facts.period.data_to,
            due_on=facts.due_on,
            obligation=facts.obligation,
            numbers=[TracedOut(name=name, value=str(value), entries=list(entries[name])) for name, value in facts.numbers().items()],
            late=[NamedOut.of(one) for one in facts.late],
            missing=[NamedOut.of(one) for one in facts.missing],
            uncorrected=[NamedOut.of(one) for one in facts.uncorrected],
        )
