"""The launch itself, by the API's own function, and the first mails: looked at before they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.deeds import Attempt
from api.console.forms import Flash, body_digest, fields_of, refused
from api.console.launch import checked
from api.console.launch_dates import Dates, dates_of, passed_titles
from api.console.launch_steps import STEPS, Trail, step_page
from api.console.launching import AsWanted, Wanted, chosen_of
from api.console.obligation import REFUSED
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.routes.cycle_moves import launch_year
from api.routes.cycles import Number, head_for
from api.routes.mail import release_cycle
from api.wire.work import LaunchIn, RemarkIn
from evaluation.rights_table import Action
from notifications.phrases import HEADINGS, pick
from notifications.samples import Shown, composed, read_mail
from store.queries.cycles import cycle_of_plan
from store.queries.health import answering
from store.queries.outbox import first_bundle, first_held, held_ungathered, read_message
from store.queries.plans import plan_in_force
from store.queries.rosters import roster_of

if TYPE_CHECKING:
    from datetime import date

    from api.console.launching import Chosen
    from store.queries.health import View
    from store.queries.outbox import WaitingLine

router = APIRouter(prefix="/launch", default_response_class=HTMLResponse)
_PROJECTED = N_("Hãy đánh dấu đồng ý: lịch nghỉ chưa có quyết định, các mốc có thể dời.")
_LATE = N_("Hãy đánh dấu đồng ý: những việc này sẽ quá hạn ngay từ ngày đầu.")
_UNSEEN = N_("Hãy xem danh sách và thư mẫu dưới đây, rồi đánh dấu là đã xem.")


@router.get("/go")
def go(wanted: AsWanted, visitor: Visits) -> HTMLResponse:
    """What will be launched, and what has to be accepted first."""
    return go_page(visitor, wanted)


def go_page(visitor: Visitor, wanted: Wanted, *, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the step of the launch, with what could not be done."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        faults, found = checked(connection, chosen)
        dates = dates_of(chosen, now=visitor.now)
        facts = {
            "chosen": chosen,
            "faults": len(faults),
            "running": _running(connection, chosen),
            "errors": sum(one.severity == "error" for one in found),
            "dates": dates,
            "parties": len(roster_of(connection, chosen.authority.id, on=chosen.plan.reference_on).parties),
            "first": min((one.opens for one in dates.lines if one.opens), default=None),
            "last": max((one.due for one in dates.lines if one.due), default=None),
            "passed": _passed(chosen, dates, visitor=visitor),
            "attempt": attempt,
            "once": uuid4().hex,
            "given": attempt.fields if attempt else {},
        }
        return step_page(visitor, connection, "/go", facts, status=422 if attempt else 200)


def _running(connection: View, chosen: Chosen) -> int | None:
    return cycle_of_plan(connection, authority=chosen.authority.id, plan=chosen.plan.key, year=chosen.wanted.year)


def _passed(chosen: Chosen, dates: Dates, *, visitor: Visitor) -> list[tuple[str, str, date]]:
    return [] if dates.unknown else passed_titles(chosen, now=visitor.now)


@router.post("/go")
async def launch(wanted: AsWanted, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Launch, as the API does; what has to be accepted and was not is said beside its box."""
    fields = await fields_of(request)
    attempt = await run_in_threadpool(_unaccepted, visitor, wanted, fields)
    if attempt is None:
        keyed = keyed_as(request, person.account.id, key=fields.get("once") or uuid4().hex, digest=await body_digest(request))
        changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed)
        try:
            done = await run_in_threadpool(_launched, visitor, wanted, changing)
        except REFUSED as error:
            attempt = refused(visitor, error, action="launch", fields=fields)
        else:
            return RedirectResponse(f"/launch/first/{orjson.loads(done.body)['cycle']}?done=launch", status_code=303)
    return await run_in_threadpool(lambda: go_page(visitor, wanted, attempt=attempt))


def _unaccepted(visitor: Visitor, wanted: Wanted, fields: dict[str, str]) -> Attempt | None:
    """Return what somebody has to accept first and did not; None if nothing."""
    with answering(visitor.served.store) as connection:
        chosen = chosen_of(visitor, connection, wanted)
        running = _running(connection, chosen)
    if running is not None:
        return None  # the API's function says so, or answers again what it answered before
    dates = dates_of(chosen, now=visitor.now)
    faults = []
    if dates.projected and fields.get("accept_projection") != "yes":
        faults.append(("accept_projection", visitor.say(_PROJECTED)))
    if _passed(chosen, dates, visitor=visitor) and fields.get("accept_late") != "yes":
        faults.append(("accept_late", visitor.say(_LATE)))
    if not faults:
        return None
    title, text = visitor.say("Chưa khởi động"), visitor.say("Còn điều phải đồng ý trước; chưa có gì được thực hiện.")
    return Attempt(action="launch", fields=fields, title=title, text=text, faults=tuple(faults))


def _launched(visitor: Visitor, wanted: Wanted, changing: Changing) -> Response:
    with answering(visitor.served.store) as connection:
        yaml = "" if wanted.copied is None else chosen_of(visitor, connection, wanted).yaml
    accepted = {"accept_projection": True, "accept_late": True}  # what has to be accepted was, above
    asked = LaunchIn(authority=wanted.authority, year=wanted.year, plan="" if yaml else wanted.plan, yaml=yaml, **accepted)
    return launch_year(asked, changing)


@router.get("/first/{id}")  # noqa: FAST003  `Number` is its alias
def first(cycle: Number, visitor: Visits, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """The first mails of a year: how many to whom, and one of them."""
    return first_page(visitor, cycle, done=done)


def first_page(visitor: Visitor, cycle: int, *, done: str = "", attempt: Attempt | None = None) -> HTMLResponse:
    """Return the step of the first mails. NoCycleError, NotAllowedError."""
    store = visitor.served.store
    with answering(store) as connection:
        head = head_for(connection, cycle, visitor.seen, action=Action.READ_OUTBOX, now=visitor.now)
        status = visitor.seen.cycles(store, connection, now=visitor.now, cycle=cycle)[0].status
        waiting = held_ungathered(connection, authority=head.authority, cycle=cycle)
        held = first_held(connection, authority=head.authority, cycle=cycle) is not None
        sample = _sample(visitor, connection, authority=head.authority, cycle=cycle)
        frame = frame_of(visitor, connection, here="launch", cycle=cycle)
        plan = plan_in_force(connection, cycle)
    facts: dict[str, Any] = {
        "steps": STEPS,
        "trail": Trail(here=STEPS[-1], wanted=None, over=True),
        "status": status,
        "plan": plan,
        "lines": [_line(visitor, one, zone=status.zone) for one in waiting.lines],
        "waiting": waiting,
        "held": held,
        "sample": sample,
        "attempt": attempt,
        "once": uuid4().hex,
        "flash": _flash(visitor, done),
    }
    return page(visitor, "launch_first.html", frame, facts, status=422 if attempt else 200)


def _flash(visitor: Visitor, done: str) -> Flash | None:
    said = {"launch": N_("Đã khởi động."), "release": N_("Đã thả; thư rời đi theo lượt gửi của chúng.")}
    return Flash(tone="success", title=visitor.say(said[done])) if done in said else None


def _line(visitor: Visitor, line: WaitingLine, *, zone: str) -> tuple[str, str, WaitingLine]:
    """Return a line of what waits, with what it is called and when it leaves."""
    heading = HEADINGS.get(line.kind)
    words = pick(heading, language=visitor.language) if heading else line.kind.value
    return words, f"{line.slot_at.astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M}", line


def _sample(visitor: Visitor, connection: View, *, authority: int, cycle: int) -> Shown | None:
    bundle = first_bundle(connection, authority=authority, cycle=cycle)
    if bundle is not None:
        return composed(visitor.served.store, bundle, settings=visitor.served.settings)
    message = first_held(connection, authority=authority, cycle=cycle)
    body = read_message(connection, message).body if message is not None else None
    return read_mail(body, message=message) if body else None


@router.post("/first/{id}/release")  # noqa: FAST003  `Number` is its alias
async def release(cycle: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Let the first mails go, as the API does, once the list and a sample were looked at."""
    fields = await fields_of(request)
    if fields.get("seen") != "yes":
        attempt = Attempt(action="release", fields=fields, title=visitor.say("Chưa thả thư"), text=visitor.say(_UNSEEN))
        return await run_in_threadpool(lambda: first_page(visitor, cycle, attempt=attempt))
    keyed = keyed_as(request, person.account.id, key=fields.get("once") or uuid4().hex, digest=await body_digest(request))
    return await run_in_threadpool(_released, visitor, cycle, Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed))


def _released(visitor: Visitor, cycle: int, changing: Changing) -> Response:
    try:
        release_cycle(cycle, RemarkIn(), changing)
    except REFUSED as error:
        attempt = refused(visitor, error, action="release", fields={})
        return first_page(visitor, cycle, attempt=attempt)
    return RedirectResponse(f"/launch/first/{cycle}?done=release", status_code=303)
