"""What an authority is called and how its head looks: read, and changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from api.asking import HasServed, Now
from api.changing.doing import IfMatch
from api.changing.idempotency import answer_of
from api.changing.people import ChangingPeople, MayAddPeople
from api.doors.signing_in import SignedIn
from api.problems.errors import ChangedError
from api.whose import Whose, authority_asked, require_on_authority
from api.wire.branding import HeadIn, HeadOut
from api.wire.described import of_a_change, of_a_look
from api.wire.etags import matches
from evaluation.rights_table import Action
from store.commands.branding import HeadChange, change_head
from store.locks import hold_authority
from store.queries.branding import Head, head_of
from store.queries.health import answering
from store.queries.rights import authority_resource

if TYPE_CHECKING:
    from store.idempotency import Answer
    from store.session import Transaction

router = APIRouter(tags=["authority"])


@router.get("/branding", responses=of_a_look("authority"))
def read_branding(asked: Annotated[Whose, Query()], person: SignedIn, served: HasServed, now: Now, response: Response) -> HeadOut:
    """Names, the line of the standing body and the logo of an authority; `ETag`."""
    with answering(served.store) as connection:
        authority = authority_asked(connection, person, asked.authority)
        require_on_authority(connection, person, Action.CHANGE_AUTHORITY, authority=authority.id, now=now)
        found = head_of(connection, authority.id)
    response.headers["ETag"] = head_etag(found)
    return _shown(found)


@router.post("/branding", response_model=HeadOut, responses=of_a_change("authority"))
def change_branding(asked: HeadIn, changing: MayAddPeople, if_match: IfMatch = "") -> Response:
    """Change names, the line of the standing body or the logo, from now on shown on every page and in every mail; `If-Match`."""
    return changed(changing, asked.change, if_match=if_match)


def changed(changing: ChangingPeople, change: HeadChange, *, if_match: str) -> Response:
    """
    Let whoever asks change the head of their authority, and return it as it is then.

    Raises:
        NotAllowedError, BrandingError: by rights; it cannot be so.
        NoIfMatchError, ChangedError: the state that is meant was not said, or is not that of now.

    """

    def work(transaction: Transaction) -> Answer:
        connection, authority = transaction.connection, changing.authority.id
        changing.authorise(transaction, Action.CHANGE_AUTHORITY, authority_resource(connection, authority))
        hold_authority(connection, authority)
        before = head_of(connection, authority)
        if not matches(if_match, etag=head_etag(before)):
            raise ChangedError(_shown(before), name="head", etag=head_etag(before))
        left = change_head(transaction, authority, change)
        return answer_of(_shown(left), ETag=head_etag(left))

    return changing.change(work)


def head_etag(head: Head) -> str:
    """Return the ETag of a head as it is."""
    return f'"{head.version}"'


def logo_address(sha256: str) -> str:
    """Return where a logo is asked for; empty where there is none."""
    return f"/logo/{sha256}" if sha256 else ""


def _shown(head: Head) -> HeadOut:
    return HeadOut(authority=head.key, version=head.version, **asdict(head.words), logo=logo_address(head.logo))
