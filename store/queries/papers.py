"""The document register as people read it: papers, their versions, what they are about, and which are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, func, or_, select

from evaluation.obligations import FINAL
from evaluation.paper_edits import decode_edits
from evaluation.paper_facts import decode_facts
from evaluation.papers import LETTER, PAPER_OVER, PaperKind, PaperState, Purpose, asked_by, next_number
from store.schema import ASKED_PAPER, CYCLE, OBLIGATION, PAPER, PAPER_ABOUT, PAPER_VERSION, PARTY, STAGE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from evaluation.paper_edits import Edits
    from evaluation.paper_facts import Facts
    from evaluation.papers import Asked


class NoSuchPaperError(LookupError):
    """The register holds no such paper."""

    def __init__(self, paper: int) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no paper {paper}; `dondoc papers list` names them")


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """A paper in the register."""

    id: int
    authority: int
    cycle: int | None
    kind: PaperKind
    purpose: Purpose
    issuer: str  #: key of the party; of somebody outside, the name
    issuer_name: str
    number: int | None
    number_text: str
    year: int | None
    dated: date | None
    summary: str
    addressees: tuple[str, ...]
    state: PaperState
    version: int
    edits: Edits
    asked_by: int | None
    signed_sha256: str | None
    signed_name: str
    reason: str
    contact: int | None
    at: datetime
    moves: int


@dataclass(frozen=True, kw_only=True)
class Version:
    """A paper as it was drafted once."""

    number: int
    sha256: str
    contact: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which papers are asked for; what is empty narrows nothing."""

    kind: PaperKind | None = None
    purpose: Purpose | None = None
    state: PaperState | None = None
    year: int | None = None
    words: str = ""  #: in the number or the summary
    at_most: int = 200


@dataclass(frozen=True, kw_only=True)
class AskedPaper:
    """A paper that is asked for and not signed yet."""

    duty: int  #: upkeep obligation
    authority: int
    cycle: int
    asked: Asked
    obligations: tuple[int, ...]  #: that it is to speak of
    paper: int | None  #: its draft, where there is one
    state: PaperState | None
    about: tuple[int, ...]  #: that the draft speaks of


def read_paper(connection: Connection, paper: int) -> PaperLine:
    """Return a paper; NoSuchPaperError if there is none."""
    row = connection.execute(_lines().where(PAPER.c.id == paper)).one_or_none()
    if row is None:
        raise NoSuchPaperError(paper)
    return _line(row)


def list_papers(connection: Connection, authorities: Collection[int], *, wanted: Wanted | None = None) -> list[PaperLine]:
    """Return the papers of some authorities, the latest first."""
    wanted = wanted or Wanted()
    query = _lines().where(PAPER.c.authority_id.in_(sorted(authorities)), *_narrowed(wanted))
    return [_line(row) for row in connection.execute(query.order_by(PAPER.c.id.desc()).limit(wanted.at_most))]


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    given = [(PAPER.c.kind, wanted.kind), (PAPER.c.purpose, wanted.purpose), (PAPER.c.state, wanted.state)]
    narrowed = [column == value.value for column, value in given if value is not None]
    if wanted.year is not None:
        narrowed.append(PAPER.c.year == wanted.year)
    if wanted.words.strip():
        words = wanted.words.strip()
        narrowed.append(or_(PAPER.c.number_text.icontains(words, autoescape=True), PAPER.c.summary.icontains(words, autoescape=True)))
    return narrowed


def _lines() -> Any:  # noqa: ANN401  a query of whole rows
    named = and_(PARTY.c.authority_id == PAPER.c.authority_id, PARTY.c.key == PAPER.c.issuer)
    return select(PAPER, PARTY.c.name.label("issuer_name")).outerjoin(PARTY, named)


def _line(row: Row[Any]) -> PaperLine:
    told = {name: getattr(row, name) for name in ("id", "issuer", "number", "number_text", "year", "dated", "summary", "version", "at")}
    return PaperLine(
        **told,
        authority=row.authority_id,
        cycle=row.cycle_id,
        kind=PaperKind(row.kind),
        purpose=Purpose(row.purpose),
        issuer_name=row.issuer_name or row.issuer,
        addressees=tuple(orjson.loads(row.addressees)),
        state=PaperState(row.state),
        edits=decode_edits(orjson.loads(row.edits)),
        asked_by=row.asked_by,
        signed_sha256=row.signed_sha256,
        signed_name=row.signed_name,
        reason=row.reason,
        contact=row.contact_id,
        moves=row.moves,
    )


def versions_of(connection: Connection, paper: int) -> list[Version]:
    """Return how a paper was drafted, the latest first."""
    query = select(PAPER_VERSION).where(PAPER_VERSION.c.paper_id == paper).order_by(PAPER_VERSION.c.number.desc())
    return [Version(number=row.number, sha256=row.sha256, contact=row.contact_id, at=row.at) for row in connection.execute(query)]


def facts_of(connection: Connection, paper: PaperLine) -> Facts | None:
    """Return the facts that a paper's last version was drafted from; None where it was not drafted here."""
    query = select(PAPER_VERSION.c.facts).where(PAPER_VERSION.c.paper_id == paper.id, PAPER_VERSION.c.number == paper.version)
    written = connection.execute(query).scalar()
    return None if written is None else decode_facts(paper.purpose, orjson.loads(written))


def file_of(connection: Connection, paper: int, *, version: int = 0, signed: bool = False) -> str:
    """Return the digest of a paper's file: of a version (0: the last), or the signed one; NoSuchPaperError if there is none."""
    line = read_paper(connection, paper)
    if signed:
        found = line.signed_sha256
    else:
        wanted = version or line.version
        found = next((one.sha256 for one in versions_of(connection, paper) if one.number == wanted), None)
    if found is None:
        raise NoSuchPaperError(paper)
    return found


def about_of(connection: Connection, paper: int) -> list[int]:
    """Return the obligations that a paper speaks of."""
    query = select(PAPER_ABOUT.c.obligation_id).where(PAPER_ABOUT.c.paper_id == paper).order_by(PAPER_ABOUT.c.obligation_id)
    return list(connection.execute(query).scalars())


def papers_about(connection: Connection, obligation: int) -> list[PaperLine]:
    """Return the papers that speak of an obligation, the latest first."""
    mine = select(PAPER_ABOUT.c.paper_id).where(PAPER_ABOUT.c.obligation_id == obligation)
    return [_line(row) for row in connection.execute(_lines().where(PAPER.c.id.in_(mine)).order_by(PAPER.c.id.desc()))]


def suggested_number(connection: Connection, paper: PaperLine, *, year: int) -> int:
    """Return the number after the highest that the paper's issuer has given in its kind and that year."""
    same = and_(PAPER.c.authority_id == paper.authority, PAPER.c.issuer == paper.issuer, PAPER.c.kind == paper.kind.value)
    highest = connection.execute(select(func.max(PAPER.c.number)).where(same, PAPER.c.year == year)).scalar()
    return next_number([] if highest is None else [highest])


def last_edits(connection: Connection, *, authority: int, issuer: str) -> Edits:
    """Return what people wrote into the last paper of an issuer that goes with the issuer alone."""
    mine = and_(PAPER.c.authority_id == authority, PAPER.c.issuer == issuer, PAPER.c.edits != "{}")
    written = connection.execute(select(PAPER.c.edits).where(mine).order_by(PAPER.c.id.desc()).limit(1)).scalar()
    return decode_edits(orjson.loads(written or "{}")).of_issuer()


def asked_papers(connection: Connection, *, cycles: Collection[int] | None = None) -> list[AskedPaper]:
    """Return the papers that are asked for and not signed yet, the oldest first; of these cycles, or of all."""
    query = (
        select(
            OBLIGATION.c.id,
            OBLIGATION.c.authority_id,
            OBLIGATION.c.cycle_id,
            OBLIGATION.c.subject,
            PAPER.c.id.label("paper"),
            PAPER.c.state,
        )
        .outerjoin(PAPER, PAPER.c.asked_by == OBLIGATION.c.id)
        .join(CYCLE, CYCLE.c.id == OBLIGATION.c.cycle_id)
        .where(OBLIGATION.c.subject.like(f"{LETTER}/%"), OBLIGATION.c.state.not_in([state.value for state in FINAL]))
        .where(OBLIGATION.c.id.in_(select(ASKED_PAPER.c.duty_id)), CYCLE.c.state.in_(["launched", "paused"]))
    )
    if cycles is not None:
        query = query.where(OBLIGATION.c.cycle_id.in_(sorted(cycles)))
    rows = connection.execute(query.order_by(OBLIGATION.c.id)).all()
    found = ((row, asked_by(row.subject)) for row in rows)
    return [_asked(connection, row, asked=asked) for row, asked in found if asked is not None]


def _asked(connection: Connection, row: Row[Any], *, asked: Asked) -> AskedPaper:
    linked = select(ASKED_PAPER.c.obligation_id).where(ASKED_PAPER.c.duty_id == row.id).order_by(ASKED_PAPER.c.obligation_id)
    return AskedPaper(
        duty=row.id,
        authority=row.authority_id,
        cycle=row.cycle_id,
        asked=asked,
        obligations=tuple(connection.execute(linked).scalars()),
        paper=row.paper,
        state=None if row.state is None else PaperState(row.state),
        about=() if row.paper is None else tuple(about_of(connection, row.paper)),
    )


def by_stage(connection: Connection, obligations: Collection[int], *, cycle: int) -> dict[str, list[int]]:
    """Return those of the obligations that are of a cycle, by the key of their stage."""
    query = (
        select(STAGE.c.key, OBLIGATION.c.id)
        .join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
        .where(OBLIGATION.c.id.in_(sorted(obligations)), OBLIGATION.c.cycle_id == cycle)
    )
    found: dict[str, list[int]] = {}
    for key, ident in connection.execute(query.order_by(OBLIGATION.c.id)):
        found.setdefault(key, []).append(ident)
    return found


def years_of_papers(connection: Connection, authorities: Collection[int]) -> list[int]:
    """Return the years in which papers of some authorities were numbered, the latest first."""
    query = select(PAPER.c.year).where(PAPER.c.authority_id.in_(sorted(authorities)), PAPER.c.year.is_not(None)).distinct()
    return sorted(connection.execute(query).scalars(), reverse=True)


def is_over(paper: PaperLine) -> bool:
    """Return whether nothing follows."""
    return paper.state in PAPER_OVER
