"""Results: what a publication says to a unit, in words: index, place, band, what was decided, by when the improvement is owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.criteria.words import printed
from evaluation.scores.numbers import displayed
from notifications.group_names import group_name
from notifications.letters import Language
from notifications.sheets import one_line
from notifications.wording import document_date, full_date

if TYPE_CHECKING:
    from decimal import Decimal

    from notifications.letters import TheirResult


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultSheet:
    """What was published of a unit, in words."""

    unit: str
    year: int
    decision: str  #: `617/QĐ-UBND ngày 29/03/2023`
    corrects: bool
    measured: bool
    ranked: bool
    index: str  #: `88,75`
    points: str
    maximum: str
    place: str  #: `3/21`
    group: str
    band: str
    missing: int  #: leaves counted 0 for want of a score
    plan_due: str
    short: str  #: for a subject: `88,75 %, hạng 3/21, loại Tốt`


def result_sheet(result: TheirResult, *, language: Language) -> ResultSheet:
    """Return what the mail says of a unit's result."""
    place = "" if result.place is None else f"{result.place}/{result.of}"
    index = _rounded(result.index, result, language=language)
    return ResultSheet(
        unit=one_line(result.unit),
        year=result.year,
        decision=_decision(result, language=language),
        corrects=result.corrects,
        measured=result.index is not None,
        ranked=result.place is not None,
        index=index,
        points=_rounded(result.points, result, language=language),
        maximum="" if result.maximum is None else printed(result.maximum, language.value),
        place=place,
        group=one_line(group_name(result.group, language=language)) if result.group else "",
        band=one_line(result.band),
        missing=result.missing,
        plan_due="" if result.plan_due is None else full_date(result.plan_due, language=language),
        short=_short(result, index=index, place=place, language=language),
    )


def _rounded(value: Decimal | None, result: TheirResult, *, language: Language) -> str:
    return "" if value is None else printed(displayed(value, result.decimals), language.value)


def _decision(result: TheirResult, *, language: Language) -> str:
    if result.decided_on is None:
        return one_line(result.decision)
    dated = document_date(result.decided_on, language=language)
    return one_line(f"{result.decision} {'ngày' if language is Language.VI else 'of'} {dated}")


def _short(result: TheirResult, *, index: str, place: str, language: Language) -> str:
    vi = language is Language.VI
    if result.index is None:
        return "không thuộc diện đánh giá" if vi else "not evaluated"
    where = f"{'hạng' if vi else 'place'} {place}" if place else ("không xếp hạng" if vi else "not ranked")
    band = f", {'loại' if vi else 'band'} {one_line(result.band)}" if result.band else ""
    return f"{index} %, {where}{band}"
