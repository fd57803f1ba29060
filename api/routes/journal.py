"""The journal: who did what, when, why, on which basis; a feed for whoever asks again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.asking import HasServed, Now
from api.doors.signing_in import SignedIn
from api.routes.cycles import LARGEST
from api.routes.obligations import MOST, Key
from api.whose import Whose, authority_asked
from api.wire.described import problems
from api.wire.filters import refuse_parameters, require_there
from api.wire.reading import EntryOut, JournalOut
from store.queries.health import answering
from store.queries.journal import Asked, journal_page, last_number
from store.queries.named import Named
from store.queries.rights import facts_of_account
from store.queries.sight import journal_permitted

if TYPE_CHECKING:
    from store.queries.journal import EntryLine

router = APIRouter(tags=["journal"])


class EntryFilter(Whose):
    """What narrows the entries."""

    since: int = Field(default=0, ge=0, le=LARGEST)
    """`next_since` of the call before: entries behind that number."""
    cycle: int | None = Field(default=None, ge=1, le=LARGEST)
    """Number of a cycle."""
    unit: Key = ""
    """Key of the party that owes what an entry is about."""
    stage: Key = ""
    """Key of a stage of the plan."""
    person: Key = ""
    """Key of the contact who acted."""
    limit: int = Field(default=100, ge=1, le=MOST)
    """Entries of a page."""


@router.get("/journal", responses=problems(401, 404, about="authority"))
def read_journal(asked: Annotated[EntryFilter, Query()], person: SignedIn, served: HasServed, now: Now) -> JournalOut:
    """
    Entries of one authority that one may read, by number.

    `since` may be the number of the last entry at most: a larger one was never given (or the journal was restored from a backup), and is
    answered 422. `next_since` leads on, also from the last page: whoever asks again with it gets what came meanwhile, each entry once.
    """
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        last = last_number(connection, authority.id)  # first: what comes meanwhile is told the next time
        refuse_parameters({"since": {"last": last}} if asked.since > last else {}, kind="beyond_the_end")
        readable = journal_permitted(served.store, connection, facts_of_account(connection, person.account.id), now=now)
        wanted = Asked(
            authority=authority.id,
            cycle=asked.cycle,
            unit=asked.unit,
            since=asked.since,
            stage=asked.stage,
            person=asked.person,
            readable=readable,
        )
        found = journal_page(connection, wanted, at_most=asked.limit + 1)
        if not found:
            named = Named(authorities=(authority.id,), cycle=asked.cycle, stage=asked.stage, party=asked.unit, person=asked.person)
            require_there(connection, named, called={"party": "unit"})
    shown = found[: asked.limit]
    more = len(found) > len(shown)
    reached = max([asked.since, *([shown[-1].number] if shown else []), *([] if more else [last])])
    return JournalOut(items=[_entry(one) for one in shown], next_since=reached, more=more)


def _entry(line: EntryLine) -> EntryOut:
    payload = line.payload
    remark = next((action for action in payload.get("actions", ()) if action["do"] == "remark"), payload)
    capacity = {name: payload.get(name) for name in ("deputy_of", "on_behalf_of")}
    words = {name: str(remark.get(name) or "") for name in ("reason", "basis")}
    return EntryOut.model_validate({**vars(line), **capacity, **words})
