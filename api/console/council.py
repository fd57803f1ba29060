"""The council's page: members, sessions, matters with their votes, what was settled and recommended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing, Doing, Work
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.council_forms import BLANKS, UNIT, lists_of, member_rows, recommendation_rows, rows_of, with_keys
from api.console.forms import body_digest, fields_of, refused
from api.console.naming import names_of
from api.console.obligation import REFUSED
from api.console.outbox import done_flash
from api.console.result_views import Printer
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.errors import NoCycleError, NothingAskedError
from api.routes import council as routes
from api.routes.cycles import Number, head_for
from api.wire.council import (
    CloseSessionIn,
    ConflictIn,
    CouncilMembersIn,
    CouncilMinutesIn,
    MatterIn,
    OwnConflictIn,
    OwnVoteIn,
    ResolveIn,
    SessionIn,
    VotesIn,
)
from api.wire.etags import etag_of
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.queries.council import councils_of
from store.queries.council_sheets import council_sheet, council_units
from store.queries.health import answering
from store.queries.rights import obligation_resource
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.console.deeds import Attempt

router = APIRouter(default_response_class=HTMLResponse)
POSTS = {"chair": N_("Chủ tịch Hội đồng"), "vice-chair": N_("Phó Chủ tịch Hội đồng"), "secretary": N_("Thư ký"), "member": N_("Ủy viên")}
CHOICES = {"for": N_("Tán thành"), "against": N_("Không tán thành"), "abstain": N_("Ý kiến khác")}
HOWS = {"present": N_("tại phiên họp"), "writing": N_("bằng văn bản")}
OUTCOMES = {"": N_("Chưa kiểm phiếu"), "carried": N_("Thông qua"), "lost": N_("Không thông qua")}
DONE = {
    "members": N_("Đã ghi thành viên Hội đồng."),
    "sessions": N_("Đã mở phiên họp."),
    "minutes": N_("Đã ghi biên bản."),
    "matters": N_("Đã đưa nội dung ra biểu quyết."),
    "votes": N_("Đã ghi phiếu biểu quyết."),
    "resolve": N_("Đã kiểm phiếu."),
    "close-session": N_("Đã khép lại phiên họp."),
    "conflicts": N_("Đã ghi xung đột lợi ích."),
    "own-vote": N_("Đã ghi phiếu của anh/chị; có thể đổi cho đến khi khép lại phiên họp."),
    "own-conflict": N_("Đã ghi xung đột lợi ích; anh/chị không biểu quyết về đơn vị đó."),
}


@router.get("/cycles/{id}/council")  # noqa: FAST003  `Number` is its alias
def of_year(cycle: Number, visitor: Visits) -> Response:
    """The council of a year: its page; a year that has none says so."""
    with answering(visitor.served.store) as connection:
        own = visitor.seen.readable(visitor.served.store, connection, now=visitor.now)
        councils = councils_of(connection, cycle, readable=own)
        if not councils:
            head_for(connection, cycle, visitor.seen, action=Action.READ_STATUS, now=visitor.now)
        frame = frame_of(visitor, connection, here="council", cycle=cycle)
    if frame.cycle is None or frame.cycle.id != cycle:
        raise NoCycleError(cycle)
    if councils:
        return RedirectResponse(f"/councils/{councils[-1]}", status_code=303)
    return page(visitor, "council.html", frame, {"view": None, "attempt": None, "may_run": False, "flash": None})


@router.get("/councils/{id}")  # noqa: FAST003  `Work` is its alias
def read(council: Work, visitor: Visits) -> HTMLResponse:
    """A council."""
    return shown(visitor, council)


@router.get("/councils/{id}/units")  # noqa: FAST003  `Work` is its alias
def units(council: Work, visitor: Visits) -> HTMLResponse:
    """The units that the council may be asked about, with their index as it stands. NotAllowedError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection, refusing():
        view = routes.sheets_seen(store, connection, visitor.seen, council, now=now)
        frame = frame_of(visitor, connection, here="council", cycle=view.cycle)
        lines = council_units(store, connection, view, now=now, viewer=visitor.seen.facts(connection))
    return page(visitor, "council_units.html", frame, {"view": view, "lines": lines, "number": Printer(language=visitor.language)})


@router.get("/councils/{id}/units/{unit}")  # noqa: FAST003  `Work` is its alias
def unit_sheet(council: Work, unit: routes.Unit, visitor: Visits) -> HTMLResponse:
    """A unit's sheet as members read it before they vote. NotAllowedError, NoSuchPartyError."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection, refusing():
        view = routes.sheets_seen(store, connection, visitor.seen, council, now=now)
        frame = frame_of(visitor, connection, here="council", cycle=view.cycle)
        sheet = council_sheet(store, connection, view, unit, now=now, viewer=visitor.seen.facts(connection))
    return page(visitor, "council_unit.html", frame, {"view": view, "sheet": sheet, "number": Printer(language=visitor.language)})


def shown(visitor: Visitor, council: int, *, attempt: Attempt | None = None) -> HTMLResponse:
    """Return the page of a council."""
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        view = routes.council_seen(store, connection, visitor.seen, council, now=now)
        frame = frame_of(visitor, connection, here="council", cycle=view.cycle)
        may_run = may_read = False
        resource = obligation_resource(store, connection, council, now=now)
        if visitor.seen.person is not None and resource is not None and frame.cycle is not None:
            facts = visitor.seen.facts(connection)
            on = visitor.today(frame.cycle.zone)
            may_run, may_read = (decide(facts, act, resource, on=on).allowed for act in (Action.RUN_COUNCIL, Action.READ_COUNCIL_SHEETS))
        conflicts = {unit for member in view.members for unit in member.conflicts}
        conflict_names = names_of(visitor, connection, frame.cycle.authority_key, conflicts) if frame.cycle is not None else {}
        lists = lists_of(visitor, connection, council, may_run=may_run, may_vote=view.me is not None)
    typed = {} if attempt is None else {attempt.action: attempt.fields}
    words = {
        "posts": {key: visitor.say(said) for key, said in POSTS.items()},
        "choices": {key: visitor.say(said) for key, said in CHOICES.items()},
        "hows": {key: visitor.say(said) for key, said in HOWS.items()},
        "outcomes": {key: visitor.say(said) for key, said in OUTCOMES.items()},
    }
    told = {
        "view": view,
        "may_run": may_run,
        "may_read": may_read,
        "attempt": attempt,
        "lists": lists,
        "about_unit": replace(UNIT, required=True),
        "matter_unit": replace(UNIT, label=N_("Về đơn vị (để trống: tất cả)")),
        "conflict_names": conflict_names,
        "member_rows": member_rows(view, typed.get("members"), lists),
        "recommendation_rows": recommendation_rows(typed.get("resolve")),
        "once": uuid4().hex,
        "number": Printer(language=visitor.language),
        "flash": done_flash(visitor, DONE),
        **words,
    }
    return page(visitor, "council.html", frame, told, status=422 if attempt else 200)


@router.post("/councils/{id}/{verb}")  # noqa: FAST003  `Work` is its alias
async def do(council: Work, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Name, meet, bring, vote or resolve, by the API's own function for it; what cannot be done is shown again."""
    fields = await fields_of(request)
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    moves = fields.get("moves", "")
    seen = etag_of(int(moves)) if moves.isdecimal() else ""
    doing = Doing(served=visitor.served, person=person, now=visitor.now, keyed=keyed, obligation=council, if_match=seen)
    given = {key: value for key, value in fields.items() if value.strip()}
    try:
        await run_in_threadpool(lambda: _act(doing, verb, _as_keys(visitor, council, given)))
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields, blanks=BLANKS)
        return await run_in_threadpool(lambda: shown(visitor, council, attempt=attempt))
    return RedirectResponse(f"/councils/{council}?done={verb}", status_code=303)


def _as_keys(visitor: Visitor, council: int, given: dict[str, str]) -> dict[str, str]:
    with answering(visitor.served.store) as connection:
        return with_keys(given, lists_of(visitor, connection, council, may_run=True, may_vote=True))


def _act(doing: Doing, verb: str, given: dict[str, str]) -> Response:
    own = Changing(served=doing.served, person=doing.person, now=doing.now, keyed=doing.keyed)
    acts: Mapping[str, Callable[[], Response]] = {
        "members": lambda: routes.name_members(CouncilMembersIn.model_validate(_members(given)), doing),
        "sessions": lambda: routes.open_session(
            SessionIn.model_validate({**_of(given, "held_on", "votes_by"), "present": [key[2:] for key in given if key.startswith("p:")]}),
            doing,
        ),
        "minutes": lambda: routes.write_minutes(CouncilMinutesIn.model_validate(_of(given, "session", "number", "text")), doing),
        "matters": lambda: routes.bring_matter(MatterIn.model_validate(_matter(given)), doing),
        "votes": lambda: routes.vote(VotesIn.model_validate(_votes(given)), doing),
        "resolve": lambda: routes.resolve(ResolveIn.model_validate(_resolved(given)), doing),
        "close-session": lambda: routes.close_session(CloseSessionIn.model_validate(_of(given, "session")), doing),
        "conflicts": lambda: routes.note_conflict(ConflictIn.model_validate(_of(given, "contact", "unit", "reason")), doing),
        "own-vote": lambda: routes.cast_own_vote(
            doing.obligation, OwnVoteIn.model_validate(_of(given, "session", "matter", "choice")), own
        ),
        "own-conflict": lambda: routes.declare_own_conflict(
            doing.obligation, OwnConflictIn.model_validate(_of(given, "unit", "reason")), own
        ),
    }
    if verb not in acts:
        raise NothingAskedError
    return acts[verb]()


def _of(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}


def _members(given: dict[str, str]) -> dict[str, Any]:
    return {**_of(given, "decision"), "members": rows_of(given, "m")}


def _matter(given: dict[str, str]) -> dict[str, Any]:
    lines = (line.partition("|") for line in given.get("scores", "").splitlines() if line.strip())
    return {**_of(given, "session", "words", "unit", "why"), "scores": {leaf.strip(): points.strip() for leaf, _, points in lines}}


def _votes(given: dict[str, str]) -> dict[str, Any]:
    chosen = {key[2:]: value.partition(":") for key, value in given.items() if key.startswith("v:")}
    votes = [{"contact": contact, "choice": choice, "how": how or "present"} for contact, (choice, _, how) in chosen.items()]
    return {**_of(given, "session", "matter"), "votes": votes}


def _resolved(given: dict[str, str]) -> dict[str, Any]:
    return {**_of(given, "session", "matter"), "recommendations": rows_of(given, "r")}
