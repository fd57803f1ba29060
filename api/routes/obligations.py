"""Obligations: who owes what by when, narrowed by cycle, stage, party, state and lateness; one of them with its history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.asking import HasServed, Now
from api.languages import Spoken
from api.problems.errors import NoObligationError
from api.problems.fault_words import sound_text
from api.routes.cycles import LARGEST, Number
from api.sight import MaySee, Seeing
from api.wire.cursors import cursor_behind, read_cursor
from api.wire.described import of_a_look, problems
from api.wire.etags import etag_of
from api.wire.filters import require_there
from api.wire.obligation_details import read_detail
from api.wire.reading import ObligationDetailOut
from api.wire.schemas import ObligationOut, ObligationsOut
from evaluation.obligations import State
from evaluation.rights import Action, decide
from store.queries.health import answering
from store.queries.named import Named
from store.queries.obligations import Page, Wanted, find_obligations
from store.queries.rights import obligation_resource
from store.rights import NotAllowedError, authority_today

if TYPE_CHECKING:
    from store.queries.health import View
    from store.session import Store

router = APIRouter(tags=["obligations"])
MOST = 500


Key = Annotated[str, Field(max_length=200), AfterValidator(sound_text)]


class Filter(BaseModel):
    """What narrows the list; a parameter that is not here is refused, so that a misspelt one is not mistaken for none."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    cycle: int | None = Field(default=None, ge=1, le=LARGEST)
    """Number of a cycle."""
    stage: Key = ""
    """Key of a stage of the plan."""
    party: Key = ""
    """Key of the unit, body or person that owes."""
    state: list[State] = Field(default_factory=list, max_length=len(State))
    """May be given more than once."""
    late: bool | None = None
    """True: only what its party is late with; false: only the rest."""
    limit: int = Field(default=100, ge=1, le=MOST)
    """Lines of a page."""
    cursor: str = Field(default="", max_length=200)
    """`next_cursor` of the page before."""

    def named(self, authorities: tuple[int, ...] | None) -> Named:
        """Return what is named, to be looked for in some authorities."""
        return Named(authorities=authorities, cycle=self.cycle, stage=self.stage, party=self.party)

    def wanted(self) -> Wanted:
        """Return what is looked for."""
        return Wanted(
            cycle=self.cycle,
            stage=self.stage,
            party=self.party,
            states=tuple(self.state),
            late=self.late is True,
            not_late=self.late is False,
        )

    @property
    def page(self) -> Page:
        """The page asked for, and one line more; CursorError."""
        return Page(at_most=self.limit + 1, after=read_cursor(self.cursor) if self.cursor else None)


@router.get("/obligations", responses=problems(401))
def list_obligations(asked: Annotated[Filter, Query()], seen: MaySee, served: HasServed, now: Now) -> ObligationsOut:
    """Obligations that one may read, by due date, then number; those without a due date come last."""
    page = asked.page
    with answering(served.store) as connection:
        wanted = seen.narrowed(asked.wanted(), served.store, connection, now=now)
        found = find_obligations(served.store, connection, wanted, now=now, page=page)
        if not found:
            require_there(connection, asked.named(seen.authorities))
    shown = found[: asked.limit]
    more = cursor_behind(shown[-1]) if len(found) > len(shown) else None
    return ObligationsOut(items=[ObligationOut.of(line) for line in shown], next_cursor=more)


@router.get("/obligations/{id}", responses=of_a_look("obligation"))  # noqa: FAST003  `Number` is its alias
def read_obligation(  # noqa: PLR0913
    obligation: Number, seen: MaySee, served: HasServed, now: Now, *, language: Spoken, response: Response
) -> ObligationDetailOut:
    """One obligation with every term and rung, its rounds, submissions and evidence, and what one may do with it now; `ETag`."""
    with answering(served.store) as connection:
        wanted = seen.narrowed(Wanted(obligation=obligation), served.store, connection, now=now)
        found = find_obligations(served.store, connection, wanted, now=now)
        if not found:
            refuse(served.store, connection, seen, obligation, now=now)
        response.headers["ETag"] = etag_of(found[0].moves)
        return read_detail(served.store, connection, found[0], facts=seen.facts(connection), now=now, language=language)


def refuse(store: Store, connection: View, seen: Seeing, obligation: int, *, now: datetime) -> NoReturn:
    """Say why an obligation may not be read: it is not for this person; or it is not there, as far as they may know."""
    resource = obligation_resource(store, connection, obligation, now=now)
    if seen.person is None or resource is None:
        raise NoObligationError(obligation)
    on = authority_today(connection, resource.authority, now=now)
    verdict = decide(seen.facts(connection), Action.READ_OBLIGATION, resource, on=on)
    if verdict.hidden:
        raise NoObligationError(obligation)
    raise NotAllowedError(verdict, action=Action.READ_OBLIGATION)
