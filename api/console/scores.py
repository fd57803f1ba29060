"""Sheets in the console: a tree of leaves saved while one types, one leaf at a time with its history, and how far the appraisals are."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.console.catalogues import N_
from api.console.deeds import Attempt
from api.console.forms import fields_of, refused
from api.console.rendering import render
from api.console.result_views import Printer
from api.console.score_views import by_field, given_said, leaf_views, points_said
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.answering import KINDS
from api.problems.errors import NoObligationError
from api.routes import scores as routes
from api.routes.cycles import Number
from api.routes.inspections import sight_of
from api.routes.obligations import refuse
from api.routes.scores import Leaf
from api.wire.responses import html
from api.wire.score_answers import AcceptedOut
from api.wire.scores import AcceptScoresIn, AppraiseLeafIn, ExplainLeafIn, ReturnLeavesIn, RuleOnLeafIn, ScoreLeafIn, SeenIn, TakeOverIn
from evaluation.scores.sheets import PARTS, Part
from evaluation.scores.typing_in import given_read, score_number, typed_given
from notifications.wording import local_moment
from store.commands.scores.held import no_sheet
from store.queries.appraisals import list_appraisals
from store.queries.health import answering
from store.queries.obligations import Wanted, find_obligations
from store.queries.score_history import leaf_history
from store.queries.scores import view_sheet
from store.score_refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.queries.health import View
    from store.queries.score_history import ChangeLine
    from store.queries.scores import SheetView

router = APIRouter(default_response_class=HTMLResponse)
REFUSED: tuple[type[Exception], ...] = (ValidationError, *KINDS)
SCORES = {**{part.value: PARTS[part] for part in Part}, "last": ("năm trước", "last year"), "most": ("tối đa", "maximum")}
FIELDS = {
    "done": N_("Số đạt"),
    "of": N_("Tổng số"),
    "rate": N_("Hoặc tỷ lệ phần trăm"),
    "errors": N_("Số lỗi"),
    "points": N_("Điểm"),
}
WHAT = {
    "self": N_("Điểm tự chấm"),
    "given": N_("Số liệu để chấm"),
    "appraised": N_("Điểm thẩm định"),
    "final": N_("Điểm chính thức"),
    "explanation": N_("Giải trình"),
    "ruling": N_("Xem xét giải trình"),
    "remark": N_("Ý kiến thẩm định"),
    "returned": N_("Trả lại để bổ sung"),
    "claim": N_("Nhận thẩm định"),
}
LEVEL, CLAIMED = N_("Mức đạt"), N_("đang nhận")
RULINGS = {"open": N_("chờ xem xét"), "accepted": N_("chấp nhận"), "refused": N_("không chấp nhận")}
#: What is typed and saved by itself: only how the leaf stands is answered, the fields stay under the fingers.
_TYPED = frozenset({"score", "explain"})


@router.get("/obligations/{id}/sheet")  # noqa: FAST003  `Number` is its alias
def sheet_page(obligation: Number, visitor: Visits) -> HTMLResponse:
    """A sheet as a tree: three scores side by side, and what is missing."""
    return shown(visitor, obligation)


@router.get("/obligations/{id}/leaves/{key}")  # noqa: FAST003  likewise
def leaf_page(obligation: Number, key: Leaf, visitor: Visits) -> HTMLResponse:
    """One leaf at a time, with its history."""
    return shown(visitor, obligation, only=key)


def shown(
    visitor: Visitor, obligation: int, *, attempt: Attempt | None = None, only: str = "", accepting: AcceptedOut | None = None
) -> HTMLResponse:
    """Return the page of a sheet, or of one leaf of it. NoObligationError, NotAllowedError, SheetError."""
    with answering(visitor.served.store) as connection:
        view = _seen(visitor, connection, obligation)
        frame = frame_of(visitor, connection, here="obligation", cycle=view.cycle)
        leaves = leaf_views(visitor, connection, view, attempt=attempt)
        zone = find_obligations(visitor.served.store, connection, Wanted(obligation=obligation), now=visitor.now)[0].zone
        hidden = any(one.hidden for one in view.lines if one.step.node.key == only)
        history = leaf_history(connection, cycle=view.cycle, party=view.unit, node=only, hidden=hidden) if only else []
    facts: dict[str, Any] = {"view": view, "fields": FIELDS, "names": SCORES, "attempt": attempt, "by_itself": False, "rulings": RULINGS}
    if not only:
        facts["points_said"] = points_said
        facts["may_accept"] = any("appraise" in one.may and one.line.entry.appraised is None for one in leaves)
        facts["accepting"], facts["number"] = accepting, Printer(language=visitor.language)
        facts |= {"groups": by_field(leaves), "may_score": any("score" in one.may for one in leaves)}
        return page(visitor, "sheet.html", frame, facts, status=422 if attempt else 200)
    place = next((number for number, one in enumerate(leaves) if one.key == only), None)
    if place is None:
        raise NoObligationError(obligation)
    around = {"before": leaves[place - 1].key if place else "", "after": leaves[place + 1].key if place + 1 < len(leaves) else ""}
    facts |= {"one": leaves[place], **around, "history": [_told(visitor, line, zone=zone) for line in history]}
    return page(visitor, "leaf.html", frame, facts, status=422 if attempt else 200)


def _seen(visitor: Visitor, connection: View, obligation: int) -> SheetView:
    store, now = visitor.served.store, visitor.now
    if not find_obligations(store, connection, visitor.seen.narrowed(Wanted(obligation=obligation), store, connection, now=now), now=now):
        refuse(store, connection, visitor.seen, obligation, now=now)
    view = view_sheet(store, connection, obligation, now=now, viewer=visitor.seen.facts(connection))
    if view is None:
        raise no_sheet()
    return view


def _told(visitor: Visitor, line: ChangeLine, *, zone: str) -> dict[str, str]:
    when = local_moment(line.at, zone=ZoneInfo(zone), language=visitor.language)
    who = line.who or visitor.say(N_("hệ thống"))
    old, new = (_value(visitor, line.what, text) for text in (line.old, line.new))
    return {"when": when, "who": who, "what": visitor.say(WHAT[line.what]), "old": old, "new": new, "why": line.why}


def _value(visitor: Visitor, what: str, text: str) -> str:
    """Return a value of the history as people read it: numbers, what a score was worked out from, a ruling; texts as they are."""
    if not text:
        return ""
    match what:
        case "self" | "appraised" | "final":
            return points_said(visitor, Decimal(text))
        case "given":
            said = given_said(visitor, given_read(text))
            return "; ".join(f"{visitor.say(FIELDS.get(name, LEVEL))}: {value}" for name, value in said.items())
        case "ruling":
            return visitor.say(RULINGS[text])
        case "claim":
            return visitor.say(CLAIMED)
        case _:
            return text


@router.post("/obligations/{id}/leaves/{key}/{verb}")  # noqa: FAST003  likewise
async def do(obligation: Number, key: Leaf, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:  # noqa: PLR0913, PLR0917
    """Do something with a leaf by the API's own function; a page that saves by itself is answered with how the leaf stands now."""
    fields = {**await fields_of(request), "leaf": key}
    act = _ACTS.get(verb)
    if act is None:
        raise NoObligationError(obligation)
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    by_itself, attempt = "hx-request" in request.headers, None
    try:
        await run_in_threadpool(act, obligation, key, fields, changing, visitor)
    except REFUSED as error:
        attempt = refused(visitor, error, action=verb, fields=fields)
    if by_itself:
        return await run_in_threadpool(_stands, visitor, obligation, key, typed=verb in _TYPED, attempt=attempt)
    if attempt is not None:
        return await run_in_threadpool(shown, visitor, obligation, attempt=attempt, only=key)
    return RedirectResponse(f"/obligations/{obligation}/leaves/{key}", status_code=303)


@router.post("/obligations/{id}/sheet/take-over")  # noqa: FAST003  likewise
async def take(obligation: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Take what a predecessor had scored over by the API's own function, and show the sheet."""
    fields = await fields_of(request)
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    try:
        asked = TakeOverIn.model_validate({"unit": fields.get("unit", "")})
        await run_in_threadpool(routes.take, obligation, asked, changing, visitor.language)
    except REFUSED as error:
        attempt = refused(visitor, error, action="take-over", fields=fields)
        return await run_in_threadpool(shown, visitor, obligation, attempt=attempt)
    return RedirectResponse(f"/obligations/{obligation}/sheet", status_code=303)


def _stands(visitor: Visitor, obligation: int, node: str, *, typed: bool, attempt: Attempt | None) -> HTMLResponse:
    """Return only how a leaf and its sheet stand; where it was no typing, the leaf's forms too."""
    with answering(visitor.served.store) as connection:
        view = _seen(visitor, connection, obligation)
        leaves = leaf_views(visitor, connection, view, attempt=attempt)
    one = next((one for one in leaves if one.key == node), None)
    if one is None:
        raise NoObligationError(obligation)
    facts = {"view": view, "one": one, "fields": FIELDS, "names": SCORES, "by_itself": True, "typed": typed, "rulings": RULINGS}
    return html(render("leaf_saved.html", language=visitor.language, visitor=visitor, **facts), language=visitor.language)


def _version(fields: dict[str, str]) -> int:
    text = fields.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= 9 else -1  # noqa: PLR2004  more digits than a version has


def _points(fields: dict[str, str]) -> str:
    """Return the points of a form as the API reads them; what is no number is left for it to refuse."""
    text = fields.get("points", "")
    number = score_number(text)
    return text if number is None else str(number)


def _score(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    with refusing():
        given = typed_given(fields, node=node)
    values = {} if given is None else {name: value for name, value in asdict(given).items() if value is not None}
    body = {"version": _version(fields), **values, "explanation": fields.get("explanation", "")}
    routes.score(obligation, node, ScoreLeafIn.model_validate(body), changing, visitor.language)


def _appraise(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    body = {"version": _version(fields), "points": _points(fields), "remark": fields.get("remark", "")}
    routes.appraise(obligation, node, AppraiseLeafIn.model_validate(body), changing, visitor.language)


def _confirm(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    routes.confirm(obligation, node, SeenIn(version=_version(fields)), changing, visitor.language)


def _claim(obligation: int, node: str, _fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    routes.claim(obligation, node, changing, visitor.language)


def _release(obligation: int, node: str, _fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    routes.release(obligation, node, changing, visitor.language)


def _return(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    asked = ReturnLeavesIn.model_validate({"leaves": [{"node": node, "remark": fields.get("mend", "")}]})
    routes.give_back(obligation, asked, changing, visitor.language)


def _explain(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    asked = ExplainLeafIn.model_validate({"version": _version(fields), "text": fields.get("text", "")})
    routes.explain(obligation, node, asked, changing, visitor.language)


def _rule(obligation: int, node: str, fields: dict[str, str], changing: Changing, visitor: Visitor) -> None:
    given: dict[str, Any] = {"version": _version(fields), "accepted": fields.get("accepted") == "yes", "reason": fields.get("reason", "")}
    if fields.get("points", "").strip():
        given["points"] = _points(fields)
    routes.rule(obligation, node, RuleOnLeafIn.model_validate(given), changing, visitor.language)


_ACTS: dict[str, Callable[[int, str, dict[str, str], Changing, Visitor], None]] = {
    "score": _score,
    "appraise": _appraise,
    "confirm": _confirm,
    "claim": _claim,
    "release": _release,
    "return": _return,
    "explain": _explain,
    "rule": _rule,
}


@router.post("/obligations/{id}/sheet/accept")  # noqa: FAST003  likewise
async def accept(obligation: Number, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Look at which self scores would stand as they are; let those that were seen stand."""
    fields = await fields_of(request)
    seen = [{"node": node, "version": version} for node, _, version in (one.rpartition("=") for one in fields.get("seen", "").split())]
    asked = AcceptScoresIn.model_validate({"leaves": seen, "preview": not seen})
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=None)
    try:
        answer = await run_in_threadpool(routes.accept, obligation, asked, changing, visitor.language)
    except REFUSED as error:
        attempt = refused(visitor, error, action="accept", fields=fields)
        return await run_in_threadpool(shown, visitor, obligation, attempt=attempt)
    if seen:
        return RedirectResponse(f"/obligations/{obligation}/sheet", status_code=303)
    found = AcceptedOut.model_validate_json(bytes(answer.body))
    return await run_in_threadpool(shown, visitor, obligation, accepting=found)


@router.get("/cycles/{id}/appraisals")  # noqa: FAST003  likewise
def appraisals(cycle: Number, visitor: Visits) -> HTMLResponse:
    """The units of a cycle, and of how many leaves of each how many have an appraised score. NoCycleError."""
    with answering(visitor.served.store) as connection:
        readable, _ = sight_of(visitor.served.store, connection, visitor.seen, now=visitor.now)
        lines = list_appraisals(
            visitor.served.store, connection, cycle, now=visitor.now, readable=readable, viewer=visitor.seen.facts(connection)
        )
        frame = frame_of(visitor, connection, here="appraisals", cycle=cycle)
    own = sum(one.own for one in lines)
    facts = {"lines": lines, "cycle": cycle, "own": own, "left": sum(one.waiting for one in lines)}
    return page(visitor, "appraisals.html", frame, facts)


__all__ = ["points_said", "router"]
