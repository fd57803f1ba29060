"""Obligations: who owes what by when, narrowed by cycle, stage, party, state and lateness."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.asking import HasServed, Now
from api.cursors import cursor_behind, read_cursor
from api.routes.cycles import LARGEST
from api.schemas import ObligationOut, ObligationsOut
from evaluation.obligations import State
from store.queries.health import answering
from store.queries.obligations import Page, Wanted, find_obligations

router = APIRouter(tags=["obligations"])
MOST = 500


class Filter(BaseModel):
    """What narrows the list; a parameter that is not here is refused, so that a misspelt one is not mistaken for none."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    cycle: int | None = Field(default=None, ge=1, le=LARGEST)
    """Number of a cycle."""
    stage: str = Field(default="", max_length=200)
    """Key of a stage of the plan."""
    party: str = Field(default="", max_length=200)
    """Key of the unit, body or person that owes."""
    state: list[State] = Field(default_factory=list)
    """May be given more than once."""
    late: bool | None = None
    """True: only what its party is late with; false: only the rest."""
    limit: int = Field(default=100, ge=1, le=MOST)
    cursor: str = Field(default="", max_length=200)
    """`next_cursor` of the page before."""

    @property
    def wanted(self) -> Wanted:
        """What is looked for: of sandboxes alone, and nothing that its party may not see yet."""
        return Wanted(
            cycle=self.cycle,
            stage=self.stage,
            party=self.party,
            states=tuple(self.state),
            late=self.late is True,
            not_late=self.late is False,
            sandboxes=True,
            visible=True,
        )


@router.get("/obligations")
def list_obligations(asked: Annotated[Filter, Query()], served: HasServed, now: Now) -> ObligationsOut:
    """Obligations of sandboxes, by due date; those without one come last."""
    after = read_cursor(asked.cursor) if asked.cursor else None
    page = Page(at_most=asked.limit + 1, after=after)
    with answering(served.store) as connection:
        found = find_obligations(served.store, connection, asked.wanted, now=now, page=page)
    shown = found[: asked.limit]
    more = cursor_behind(shown[-1]) if len(found) > len(shown) else None
    return ObligationsOut(items=[ObligationOut.of(line) for line in shown], next_cursor=more)
