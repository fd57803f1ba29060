"""Sheets: facts as the fields that templates print, all plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.wording import clean, long_date, short_date, undated
from evaluation.paper_facts import ConclusionsFacts, DecisionFacts, MinutesFacts, OwedFacts, ReportFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evaluation.paper_facts import Cover, Facts, OwedLine, Section, Signature, Table

_ROMAN = ("I", "II", "III")
_NARROWEST, _WIDEST = 5, 32  #: characters of a column
_MARGINS = 4  #: characters that the margins of a cell and the bold of its head take
_CAPITAL = 1.5  #: of a small letter
UNITS = "cơ quan, đơn vị, địa phương"
_ROOM = " " * 9  #: where the document office writes the number


def fields_of(facts: Facts) -> dict[str, Any]:
    """Return every field that a template may print for these facts."""
    cover = _cover(facts.cover)
    match facts:
        case OwedFacts():
            return {**cover, **_owed(facts)}
        case ReportFacts():
            blocks = _blocks(facts.sections)
            return {**cover, "opening": _words(facts.opening), "blocks": blocks, "closing": _words(facts.closing)}
        case ConclusionsFacts():
            return {**cover, **_conclusions(facts)}
        case MinutesFacts():
            return {**cover, **_minutes(facts)}
        case DecisionFacts():
            return {**cover, **_decision(facts)}


def _cover(cover: Cover) -> dict[str, Any]:
    several = cover.addressees if len(cover.addressees) > 1 else ()
    return {
        "superior": clean(cover.head.superior),
        "issuer": clean(cover.head.issuer),
        "issuer_name": clean(cover.head.name),
        "number": clean(cover.number) if cover.number else f"{_ROOM}/{clean(cover.sign)}",
        "place_and_date": f"{clean(cover.head.place)}, {long_date(cover.dated) if cover.dated else _undated(cover)}",
        "summary": clean(cover.summary),
        "addressee": clean(cover.addressees[0]) if len(cover.addressees) == 1 else "",
        "addressees": _listed(several),
        "copies": [f"- {clean(one)};" for one in cover.copies],
        "archive": f"- Lưu: {clean(cover.archive)}.",
        **_signature(cover.signature),
    }


def _undated(cover: Cover) -> str:
    return undated(month=cover.month, year=cover.year)


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "signature_lines": [clean(line) for line in signature.lines],
        "signature_title": clean(signature.title),
        "signature_name": clean(signature.name),
    }


def _listed(words: Iterable[str]) -> list[str]:
    every = [clean(one) for one in words]
    return [f"- {one}{'.' if one is every[-1] else ';'}" for one in every]


def _words(paragraphs: Iterable[str]) -> list[str]:
    return [clean(one) for one in paragraphs]


def _owed(facts: OwedFacts) -> dict[str, Any]:
    units = {clean(line.unit): None for line in facts.lines}
    only = next(iter(units)) if len(units) == 1 else ""
    return {
        "basis": clean(facts.basis),
        "as_of": short_date(facts.as_of),
        "one_unit": bool(only),
        "whom": only or f"các {UNITS} sau đây",
        "these": only or f"các {UNITS} nêu trên",
        "lines": [_line(number, line) for number, line in enumerate(facts.lines, start=1)],
        "count": len(facts.lines),
        "units": len(units),
        "all_failed": all(line.failed for line in facts.lines),
        "some_failed": any(line.failed for line in facts.lines),
        "all_urged": all(line.urged for line in facts.lines),
        "answer_by": short_date(facts.answer_by),
        "contact": clean(facts.contact),
    }


def _line(number: int, line: OwedLine) -> dict[str, Any]:
    late = f"{line.days_late} ({line.workdays_late})" if line.days_late else ""
    returned = f"Đã trả lại {line.returned} lần" if line.returned else ""
    told = "; ".join(one for one in (clean(line.failed), returned) if one)
    return {
        "no": number,
        "unit": clean(line.unit),
        "owed": clean(line.owed),
        "due": short_date(line.due_on),
        "late": late,
        "days_late": line.days_late,
        "workdays_late": line.workdays_late,
        "urged": line.urged,
        "returned": line.returned,
        "found": clean(line.found),
        "failed": clean(line.failed),
        "note": _begun(told),
    }


def _blocks(sections: Iterable[Section]) -> list[dict[str, Any]]:
    return [block for section in sections for block in _section(section)]


def _section(section: Section) -> list[dict[str, Any]]:
    heading = [_block("part" if section.level == 1 else "subpart", section.heading)] if section.heading else []
    return [
        *heading,
        *(_block("paragraph", words) for words in section.paragraphs),
        *(one for table in section.tables for one in _table(table)),
    ]


def _block(kind: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "text": clean(text), "columns": [], "rows": [], "widths": ""}


def _table(table: Table) -> list[dict[str, Any]]:
    caption = [_block("caption", table.title)] if table.title else []
    rows = [[{"text": clean(cell), "centred": index in table.numeric} for index, cell in enumerate(row)] for row in table.rows]
    columns = [clean(one) for one in table.columns]
    return [*caption, {"kind": "table", "text": "", "columns": columns, "rows": rows, "widths": _widths(table), "captioned": bool(caption)}]


def _widths(table: Table) -> str:
    """Return how wide each column is against the others: as wide as its words, within bounds."""
    return ",".join(str(_width([row[index] for row in table.rows], name=name)) for index, name in enumerate(table.columns))


def _width(cells: list[str], *, name: str) -> int:
    longest_word = max((_length(word) for words in (name, *cells) for word in words.split()), default=0)
    return max(_NARROWEST, round(longest_word) + _MARGINS, min(_WIDEST, max(map(len, cells), default=0)))


def _length(word: str) -> float:
    """Return how much room a word takes, in small letters."""
    return sum(_CAPITAL if letter.isupper() else 1 for letter in word)


def _begun(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def _conclusions(facts: ConclusionsFacts) -> dict[str, Any]:
    return {
        "unit": clean(facts.unit),
        "inspected": clean(facts.inspected),
        "basis": clean(facts.basis),
        "results": _words(facts.results),
        "parts": _parts(("results", facts.results), ("findings", ("",)), ("requests", ("",))),
        "findings": [
            {"no": number, "text": clean(one.text), "measure": clean(one.measure), "due": short_date(one.due_on)}
            for number, one in enumerate(facts.findings, start=1)
        ],
        "requests": _words(facts.requests),
    }


def _parts(*parts: tuple[str, Sequence[str]]) -> dict[str, str]:
    """Return the Roman number of each part that there is, by name; that of one without words is empty."""
    numbers = iter(_ROMAN)
    return {name: next(numbers) if words else "" for name, words in parts}


def _decision(facts: DecisionFacts) -> dict[str, Any]:
    return {
        "decides": clean(facts.decides),
        "bases": _words(facts.bases),
        "articles": [{"no": number, "text": clean(words)} for number, words in enumerate(facts.articles, start=1)],
        "annex_title": clean(facts.annex_title),
        "blocks": _blocks(facts.annex),
    }


def _minutes(facts: MinutesFacts) -> dict[str, Any]:
    return {
        "began": clean(facts.began),
        "ended": clean(facts.ended),
        "place": clean(facts.place),
        "present": _listed(f"{one.name}{f', {one.post}' if one.post else ''}" for one in facts.present),
        "blocks": _blocks(facts.sections),
        "signers": [
            {"lines": [clean(line) for line in one.lines], "title": clean(one.title), "name": clean(one.name)} for one in facts.signers
        ],
    }
