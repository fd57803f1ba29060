"""The outbox: what stands where, what is held and what a release would let go; holding and releasing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.deed import Blank
from api.console.deeds import Attempt
from api.console.forms import Flash, body_digest, fields_of, refused
from api.console.mails import MAIL_LOOKS, Letter, kind_said, letter_of, mail_mark, mail_views, moment, recipients_said
from api.console.offices import MaybeCycle, office_of, offices_of
from api.console.visiting import Frame, Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.problems.answering import KINDS
from api.problems.errors import NoCycleError
from api.routes.cycles import LARGEST
from api.routes.mail import hold_all, hold_cycle, release_all, release_cycle
from api.wire.work import ReasonIn, RemarkIn
from evaluation.rights import decide
from evaluation.rights_table import Action
from notifications.samples import composed_body
from store.outbox.states import MessageState
from store.queries.health import answering
from store.queries.outbox import cycle_mails, first_bundle, first_held, held_ungathered, outbox, read_message
from store.queries.rights import authority_resource
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.console.marks import Mark
    from store.outbox.gathering import Bundle
    from store.queries.health import View
    from store.queries.outbox import Waiting
    from store.queries.people import AuthorityFacts

router = APIRouter(default_response_class=HTMLResponse)
MOST = 50
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
REASON = Blank(name="reason", label=N_("Lý do"), kind="text", required=True)
REMARK = Blank(name="reason", label=N_("Ghi chú (không bắt buộc)"), kind="text")
BASIS = Blank(name="basis", label=N_("Theo văn bản (số, ngày)"), hint="CV 12/SNV ngày 01/04/2026")
DONE = {"hold": N_("Đã giữ thư. Không thư nào rời đi cho tới khi được thả."), "release": N_("Đã thả thư; thư đến lượt sẽ được gửi đi.")}


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """What can be held: a year's mail, or an authority's whole mail."""

    cycle: int | None
    name: str
    is_held: bool
    messages: int


@dataclass(frozen=True, kw_only=True)
class StateView:
    """A state to choose, with how many stand in it."""

    state: MessageState
    mark: Mark
    number: int
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Wished:
    """What a form about holding says."""

    verb: str
    fields: Mapping[str, str]
    attempt: Attempt | None = None


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """Notices that a release would let go and that no mail was made of yet."""

    kind: str
    slot: str
    notices: int
    recipients: int


@router.get("/outbox")
def outbox_page(
    visitor: Visits,
    person: SignedIn,
    state: MessageState | None = None,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    cycle: MaybeCycle = None,
) -> HTMLResponse:
    """The mail of an authority, the newest first."""
    return _shown(visitor, person, (state, before), cycle=cycle)


def _shown(
    visitor: Visitor, person: Person, chosen: tuple[MessageState | None, int | None], *, cycle: int | None, wished: Wished | None = None
) -> HTMLResponse:
    state, before = chosen
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="outbox", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.READ_OUTBOX)
        found = outbox(connection, authority=authority.id, state=state, before=before, at_most=MOST + 1)
        lines = found.messages[:MOST]
        names = recipients_said(connection, [line.recipient for line in lines])
        facts = {
            "counts": [
                StateView(state=one, mark=mail_mark(visitor, one), number=found.counts[one], chosen=one is state) for one in MAIL_LOOKS
            ],
            "total": sum(found.counts.values()),
            "state": state,
            "mails": mail_views(visitor, lines, names, zone=authority.zone),
            "next_before": lines[-1].id if len(found.messages) > MOST else None,
            "holds": _holds(visitor, connection, frame, authority),
            "may_hold": may(visitor, connection, Action.HOLD_MAIL, authority=authority.id),
        }
        facts |= {"wished": wished, "offices": offices_of(frame), "authority": authority, "reason": REASON, "basis": BASIS}
        return page(
            visitor,
            "outbox.html",
            frame,
            {**facts, "once": uuid4().hex, "flash": done_flash(visitor, DONE)},
            status=422 if wished else 200,
        )


def done_flash(visitor: Visitor, words: Mapping[str, str]) -> Flash | None:
    """Return what was just done, by the page's address; None where it says nothing that is known."""
    done = words.get(visitor.request.query_params.get("done", ""))
    return None if done is None else Flash(tone="success", title=visitor.say(done))


def may(visitor: Visitor, connection: View, action: Action, *, authority: int) -> bool:
    """Return whether whoever looks may do something in an authority."""
    on = authority_today(connection, authority, now=visitor.now)
    return decide(visitor.seen.facts(connection), action, authority_resource(connection, authority), on=on).allowed


def _holds(visitor: Visitor, connection: View, frame: Frame, authority: AuthorityFacts) -> list[HoldView]:
    """Return the authority's own hold, and that of each year under way."""
    mails = cycle_mails(connection, authority=authority.id)
    years = [one for one in frame.cycles if one.authority == authority.id and (one.is_under_way or mails[one.id].is_held)]
    whole = HoldView(cycle=None, name=authority.name, is_held=authority.outbox_held, messages=0)
    return [
        whole,
        *(
            HoldView(
                cycle=one.id,
                name=f"{one.year} · {visitor.either(one.title, one.title_en)}",
                is_held=mails[one.id].is_held,
                messages=mails[one.id].messages,
            )
            for one in years
        ),
    ]


@router.get("/outbox/held")
def held_page(visitor: Visits, person: SignedIn, cycle: MaybeCycle = None, year: MaybeCycle = None) -> HTMLResponse:
    """What a release would let go, of a year or of the whole authority: the list, and one mail as a sample."""
    return _held(visitor, person, cycle=cycle, year=year)


def _held(visitor: Visitor, person: Person, *, cycle: int | None, year: int | None, wished: Wished | None = None) -> HTMLResponse:
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="outbox", cycle=cycle or year)
        authority = office_of(visitor, connection, frame, person, action=Action.READ_OUTBOX)
        if cycle is not None and (frame.cycle is None or frame.cycle.id != cycle):
            raise NoCycleError(cycle)
        waiting = held_ungathered(connection, authority=authority.id, cycle=cycle)
        found = outbox(connection, authority=authority.id, state=MessageState.HELD, at_most=MOST)
        names = recipients_said(connection, [line.recipient for line in found.messages])
        held = cycle_mails(connection, authority=authority.id).get(cycle or 0)
        sample, bundle = _sample(connection, authority.id, cycle)
        facts = {
            "mails": mail_views(visitor, found.messages, names, zone=authority.zone),
            "held": found.counts[MessageState.HELD] if held is None else held.messages,
            "is_held": authority.outbox_held if held is None else held.is_held,
            "waiting": _waiting(visitor, waiting, zone=authority.zone),
            "whole": waiting,
            "may_release": may(visitor, connection, Action.RELEASE_MAIL, authority=authority.id),
        }
    sample = sample if bundle is None else _composed(visitor, bundle)
    facts |= {"wished": wished, "authority": authority, "of": cycle, "sample": sample, "remark": REMARK, "basis": BASIS}
    return page(visitor, "held.html", frame, {**facts, "once": uuid4().hex}, status=422 if wished else 200)


def _waiting(visitor: Visitor, waiting: Waiting, *, zone: str) -> list[WaitingView]:
    return [
        WaitingView(
            kind=kind_said(visitor, line.kind),
            slot=moment(visitor, line.slot_at, zone=zone),
            notices=line.notices,
            recipients=line.recipients,
        )
        for line in waiting.lines
    ]


def _sample(connection: View, authority: int, cycle: int | None) -> tuple[Letter | None, Bundle | None]:
    """Return the first held mail that may be shown; where none was made yet, what the first would be made of."""
    message = first_held(connection, authority=authority, cycle=cycle)
    if message is not None:
        body = read_message(connection, message).body
        return None if body is None else letter_of(body), None
    return None, None if cycle is None else first_bundle(connection, authority=authority, cycle=cycle)


def _composed(visitor: Visitor, bundle: Bundle) -> Letter | None:
    """Return the mail that a bundle would become in its slot, by the delivery's own composer; nothing is kept of it."""
    body = composed_body(visitor.served.store, bundle, settings=visitor.served.settings)
    return None if body is None else letter_of(body)


@router.post("/outbox/{verb}")
async def hold_or_release(verb: Literal["hold", "release"], request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Hold or release the mail of a year, or an authority's whole mail, by the API's own functions."""
    fields = await fields_of(request)
    changing = await changing_by(visitor, person, fields)
    cycle = int(fields["cycle"]) if fields.get("cycle", "").isdecimal() else None
    try:
        await run_in_threadpool(_flag, changing, verb, fields, cycle)
    except REFUSED as error:
        wished = Wished(verb=verb, fields=fields, attempt=refused(visitor, error, action=f"{verb}-{cycle or 'all'}", fields=fields))
        again = await run_in_threadpool(_again, visitor, person, wished, cycle)
        if again is None:
            raise
        return again
    return RedirectResponse(f"/outbox?done={verb}" + (f"&cycle={cycle}" if cycle else ""), status_code=303)


def _again(visitor: Visitor, person: Person, wished: Wished, cycle: int | None) -> HTMLResponse | None:
    """Return the page that the form stood on; None where it could not be looked at either."""
    try:
        if wished.verb == "release":
            return _held(visitor, person, cycle=cycle, year=None, wished=wished)
        return _shown(visitor, person, (None, None), cycle=cycle, wished=wished)
    except REFUSED:
        return None


async def changing_by(visitor: Visitor, person: Person, fields: Mapping[str, str]) -> Changing:
    """Return a form as a change that the API's functions take; sent twice, it is done once."""
    digest = await body_digest(visitor.request)
    keyed = keyed_as(visitor.request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=digest)
    return Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed)


def _flag(changing: Changing, verb: str, fields: Mapping[str, str], cycle: int | None) -> None:
    given = {name: fields[name] for name in ("reason", "basis") if fields.get(name, "").strip()}
    if verb == "hold":
        asked = ReasonIn.model_validate(given)
        hold_all(fields.get("authority", ""), asked, changing) if cycle is None else hold_cycle(cycle, asked, changing)
        return
    said = RemarkIn.model_validate(given)
    release_all(fields.get("authority", ""), said, changing) if cycle is None else release_cycle(cycle, said, changing)
