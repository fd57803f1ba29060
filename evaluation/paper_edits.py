"""Edits: what people write in place of what is suggested for a paper; it stands when the paper is drafted anew."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from evaluation.paper_facts import ConclusionsFacts, DecisionFacts, MinutesFacts, OwedFacts, ReportFacts

if TYPE_CHECKING:
    from evaluation.paper_facts import Cover, Facts

#: What goes with the issuer and not with one paper: suggested again for its next.
OF_ISSUER = ("superior", "issuer", "place", "symbol", "signature_lines", "signature_title", "signature_name", "archive")


@dataclass(frozen=True, kw_only=True)
class Edits:
    """What is written in place of what is suggested; None: as suggested."""

    summary: str | None = None
    addressees: tuple[str, ...] | None = None
    copies: tuple[str, ...] | None = None
    archive: str | None = None
    superior: str | None = None
    issuer: str | None = None  #: as the head prints it
    place: str | None = None
    symbol: str | None = None  #: what follows the number of a công văn
    signature_lines: tuple[str, ...] | None = None
    signature_title: str | None = None
    signature_name: str | None = None
    basis: str | None = None
    answer_by: date | None = None
    contact: str | None = None

    def __or__(self, later: Edits) -> Edits:
        """Return these, and in their place whatever the later ones say."""
        return replace(self, **{name: value for name, value in later.said().items() if value is not None})

    def said(self) -> dict[str, Any]:
        """Return what is written, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None}

    def of_issuer(self) -> Edits:
        """Return what goes with the issuer alone."""
        return Edits(**{name: value for name, value in self.said().items() if name in OF_ISSUER})


def encode_edits(edits: Edits) -> dict[str, Any]:
    """Return edits as JSON values."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in edits.said().items()}


def decode_edits(value: dict[str, Any]) -> Edits:
    """Return the edits that JSON values are."""
    given: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}
    if "answer_by" in given:
        given["answer_by"] = date.fromisoformat(given["answer_by"])
    return Edits(**given)


def edited(facts: Facts, edits: Edits) -> Facts:
    """Return facts with what people wrote in place of what was suggested."""
    cover = _cover(facts.cover, edits.said())
    if isinstance(facts, OwedFacts):
        own = {name: value for name, value in edits.said().items() if name in {"basis", "answer_by", "contact"}}
        return replace(facts, cover=cover, **own)
    if isinstance(facts, ConclusionsFacts) and edits.basis is not None:
        return replace(facts, cover=cover, basis=edits.basis)
    assert isinstance(facts, ReportFacts | ConclusionsFacts | MinutesFacts | DecisionFacts)  # noqa: S101
    return replace(facts, cover=cover)


def _cover(cover: Cover, said: dict[str, Any]) -> Cover:
    head = replace(cover.head, **{name: said[name] for name in ("superior", "issuer", "place", "symbol") if name in said})
    signs = {"signature_lines": "lines", "signature_title": "title", "signature_name": "name"}
    signature = replace(cover.signature, **{theirs: said[ours] for ours, theirs in signs.items() if ours in said})
    plain = {name: said[name] for name in ("summary", "addressees", "copies", "archive") if name in said}
    return replace(cover, head=head, sign=_sign(cover, symbol=head.symbol), signature=signature, **plain)


def _sign(cover: Cover, *, symbol: str) -> str:
    """Return what follows the stroke with another symbol: of a named kind, the kind and the issuer alone."""
    if cover.sign in {"", cover.head.symbol}:
        return symbol if cover.sign else ""
    return f"{cover.sign.split('-', 1)[0]}-{symbol.split('-', 1)[0]}"
