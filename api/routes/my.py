"""What is mine: what my unit owes, what I stand in for, what was given to me, what awaits my unit's review."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.routes.obligations import Filter
from api.sight import Seeing
from api.wire.cursors import cursor_behind
from api.wire.described import problems
from api.wire.filters import require_there
from api.wire.reading import MyObligationOut, MyObligationsOut
from store.queries.health import answering
from store.queries.mine import is_mine, mine_of, reasons
from store.queries.obligations import find_obligations

router = APIRouter(tags=["obligations"])


@router.get("/my/obligations", responses=problems(401))
def list_my_obligations(asked: Annotated[Filter, Query()], person: SignedIn, served: HasServed, now: Now) -> MyObligationsOut:
    """What is mine, by due date, then number; `state` narrows it to what is still to be done."""
    seen, page = Seeing(authorities=person.authorities, person=person), asked.page
    with answering(served.store) as connection:
        mine = mine_of(connection, seen.facts(connection), now=now)
        wanted = replace(seen.narrowed(asked.wanted(), served.store, connection, now=now), mine_by=is_mine(mine))
        found = find_obligations(served.store, connection, wanted, now=now, page=page)
        if not found:
            require_there(connection, asked.named(seen.authorities))
        shown = found[: asked.limit]
        because = reasons(connection, [line.id for line in shown], mine)
    more = cursor_behind(shown[-1]) if len(found) > len(shown) else None
    return MyObligationsOut(items=[MyObligationOut.of(line, because=because[line.id]) for line in shown], next_cursor=more)
