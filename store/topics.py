"""
Topics: what the subjects of obligations are called, where neither a period nor a party says it.

A report that was asked for gives its obligations its own name, words and parts, in place of those of the plan's line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, func, select

from evaluation.plans import Document, Item
from store.schema import OBLIGATION, REPORT_REQUEST, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Row

    from evaluation.plans import Stage

_OF_A_REQUEST = (
    select(REPORT_REQUEST.c.title)
    .where(REPORT_REQUEST.c.stage_id == OBLIGATION.c.stage_id, REPORT_REQUEST.c.key == OBLIGATION.c.subject)
    .correlate(OBLIGATION)
    .scalar_subquery()
)
#: What an obligation is called, beside its subject, in a query that has OBLIGATION and STAGE: the request's title, else the stage's.
TITLE: ColumnElement[str] = func.coalesce(_OF_A_REQUEST, STAGE.c.title).label("title")
TITLE_EN: ColumnElement[str] = func.coalesce(_OF_A_REQUEST, STAGE.c.title_en).label("title_en")


#: The request that an obligation answers, for an outer join that reads many.
ANSWERED: ColumnElement[bool] = and_(REPORT_REQUEST.c.stage_id == OBLIGATION.c.stage_id, REPORT_REQUEST.c.key == OBLIGATION.c.subject)
TOPIC = REPORT_REQUEST.c.title.label("topic")


@dataclass(frozen=True, kw_only=True)
class RequestWords:
    """What a request says in place of the plan's line."""

    title: str
    asks: str
    items: tuple[Item, ...]
    document: Document | None = None

    def line(self, line: Stage) -> Stage:
        """Return the plan's line with the words of the request."""
        items = self.items or line.items
        return replace(line, title=self.title, title_en=self.title, words=self.asks or line.words, items=items)


@dataclass(frozen=True, kw_only=True)
class Topics:
    """The requests of some cycles, by stage key and subject of their obligations."""

    requests: dict[tuple[int, str, str], RequestWords] = field(default_factory=dict)  #: by cycle, stage, subject

    def request(self, cycle: int, stage: str, subject: str) -> RequestWords | None:
        """Return the request that an obligation answers; None if it answers none."""
        return self.requests.get((cycle, stage, subject))


def read_topics(connection: Connection, cycles: Iterable[int]) -> Topics:
    """Return what the subjects of some cycles are called: one query."""
    query = select(REPORT_REQUEST, STAGE.c.key.label("stage")).join(STAGE, STAGE.c.id == REPORT_REQUEST.c.stage_id)
    rows = connection.execute(query.where(REPORT_REQUEST.c.cycle_id.in_(sorted(set(cycles))))).all()
    return Topics(requests={(row.cycle_id, row.stage, row.key): _words(row) for row in rows})


def request_words(connection: Connection, stage: int, subject: str) -> RequestWords | None:
    """Return the request that the obligations of a stage and subject answer; None if they answer none."""
    query = select(REPORT_REQUEST).where(and_(REPORT_REQUEST.c.stage_id == stage, REPORT_REQUEST.c.key == subject))
    row = connection.execute(query).one_or_none()
    return None if row is None else _words(row)


def line_of(connection: Connection, stage: int, *, line: Stage, subject: str) -> Stage:
    """Return the plan's line as it holds for a subject: with the words and parts of the request, where it was asked for."""
    if not (line.on_request and subject):
        return line
    words = request_words(connection, stage, subject)
    return line if words is None else words.line(line)


def _words(row: Row[Any]) -> RequestWords:
    document = None
    if row.document:
        document = Document(key=row.key, kind="VB", number=row.document, issuer="", dated=row.document_on, title="", source="none")
    items = tuple(Item(key=key, title=title) for key, title in orjson.loads(row.items))
    return RequestWords(title=row.title, asks=row.asks, items=items, document=document)
