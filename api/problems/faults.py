"""The faults of a file, or of a thing that was given, as a problem carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.problems.of_work import sentence
from store.refusals import RefusalError
from store.reports import ReportFaultsError
from store.score_refusals import SheetFaultsError

if TYPE_CHECKING:
    from config.faults import InputError
    from notifications.letters import Language


def work_faults(error: InputError | RefusalError, *, language: Language) -> list[tuple[str, str]]:
    """Return the faults of a file, or of a thing that was given: where, and what is wrong and to be written instead."""
    if isinstance(error, SheetFaultsError):
        return [(one.where, one.text(language.value).removeprefix(f"{one.where}: ")) for one in error.faults]
    if isinstance(error, ReportFaultsError):
        return [(one.field, one.text(language.value)) for one in error.faults]
    if isinstance(error, RefusalError):
        return [(error.field, sentence(error.text(language.value)))]
    wrong = [(one.where, one.text(language.value)) for one in error.faults]
    return [(where, text.removeprefix(f"{where}: ")) for where, text in wrong]
