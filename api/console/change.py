"""Changing a running year: each change has a form, then a preview of everything that it does, then reason and document, then it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.cycles import ChangingCycle
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.change_choices import choices_of
from api.console.change_effects import EffectView, effect_view
from api.console.changes import BY_KEY, CHANGES, Change
from api.console.deeds import Attempt
from api.console.forms import Flash, body_digest, fields_of, refused
from api.console.visiting import Frame, Visitor, Visits, frame_of, page
from api.console.year_moves import YearMovedOut
from api.doors.signing_in import Person, SignedIn
from api.problems.answering import KINDS
from api.problems.errors import ChangedError, NoCycleError
from api.routes.cycles import Number, head_for
from api.wire.replanning import ReplannedOut
from evaluation.rights_table import Action
from notifications.wording import local_moment
from store.queries.changes import year_calendars, year_changes
from store.queries.health import answering
from store.queries.plans import plan_in_force
from store.years import load_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)


class NotWrittenError(Exception):
    """What cannot be undone was not confirmed by writing the year."""


#: What is said on the page itself, beside what was written.
REFUSED: tuple[type[Exception], ...] = (ValidationError, NotWrittenError, *KINDS)
#: What the history calls a change.
ACTIONS: Mapping[str, str] = {
    "launch": N_("Khởi động"),
    "replan": N_("Thay đổi kế hoạch, ngày hoặc đơn vị"),
    "pause": N_("Tạm dừng"),
    "resume": N_("Chạy tiếp"),
    "close": N_("Khép lại"),
    "cancel": N_("Hủy"),
}
_NOT_WRITTEN = N_("Ghi lại đúng năm %s để xác nhận.")
_STALE = N_("Năm vừa được thay đổi sau khi anh/chị xem trước; chưa có gì được áp dụng. Dưới đây là kết quả tính lại.")


@dataclass(frozen=True, kw_only=True)
class Order:
    """A form that was sent."""

    cycle: int
    change: Change
    fields: dict[str, str]
    changing: ChangingCycle

    @property
    def is_sure(self) -> bool:
        """Whether what it does was looked at."""
        return self.fields.get("sure") == "yes"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change on its way: what it would do, and what is still asked."""

    change: Change
    fields: Mapping[str, str]
    attempt: Attempt | None
    effect: ReplannedOut | None = None
    moved: YearMovedOut | None = None
    etag: str = ""  #: of the year that was looked at
    once: str = ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the first form said, to be sent again with the second."""
        names = {blank.name for blank in self.change.blanks}
        return [(name, value) for name, value in self.fields.items() if name in names]


@router.get("/cycles/{id}/change")  # noqa: FAST003  `Number` is its alias
def changes(
    cycle: Number,
    visitor: Visits,
    _person: SignedIn,
    done: Annotated[str, Query(max_length=20)] = "",
    mails: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """What can be changed of a year, and what was. NoCycleError, NotAllowedError."""
    made = BY_KEY.get(done)
    flash = None
    if made is not None:
        flash = Flash(tone="success", title=visitor.say(made.done), text=visitor.say("%s thư báo theo sau.") % mails if mails else "")
    return _shown(visitor, cycle, flash=flash)


@router.post("/cycles/{id}/change/{key}")  # noqa: FAST003  `Number` is its alias
async def change(cycle: Number, key: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Look at what a change would do; make it, once that was seen."""
    asked = BY_KEY.get(key)
    if asked is None:
        raise NoCycleError(cycle)
    fields = await fields_of(request)
    changing = _changing(visitor, person, cycle, fields=fields, digest=await body_digest(request))
    order = Order(cycle=cycle, change=asked, fields=fields, changing=changing)
    return await run_in_threadpool(_answered, visitor, order)


def _changing(visitor: Visitor, person: Person, cycle: int, *, fields: Mapping[str, str], digest: str) -> ChangingCycle:
    keyed = keyed_as(visitor.request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=digest)
    return ChangingCycle(served=visitor.served, person=person, now=visitor.now, keyed=keyed, cycle=cycle, if_match=fields.get("etag", ""))


def _answered(visitor: Visitor, order: Order) -> Response:
    attempt = None
    if order.is_sure:
        try:
            return _made(visitor, order)
        except REFUSED as error:
            attempt = _attempt(visitor, order, error)
    return _shown(visitor, order.cycle, step=_looked_at(visitor, order, attempt))


def _made(visitor: Visitor, order: Order) -> Response:
    """Make the change, and lead to the page that says so."""
    _require_written(visitor, order)
    reasons = {name: order.fields.get(name, "") for name in ("reason", "basis")}
    late = {"accept_late": order.fields.get("accept_late") == "yes"} if order.change.late else {}
    answer = order.change.act({**order.change.read(order.fields), **reasons, **late}, order.changing, visitor.language)
    mails = ReplannedOut.model_validate_json(bytes(answer.body)).mails if order.change.late else 0
    return RedirectResponse(f"/cycles/{order.cycle}/change?done={order.change.key}&mails={mails}", status_code=303)


def _require_written(visitor: Visitor, order: Order) -> None:
    with answering(visitor.served.store) as connection:
        frame = _frame(visitor, connection, order.cycle)
    assert frame.cycle is not None  # noqa: S101  `_frame` has seen to it
    if order.change.typed and order.fields.get("typed", "").strip() != str(frame.cycle.year):
        raise NotWrittenError(frame.cycle.year)


def _attempt(visitor: Visitor, order: Order, error: Exception) -> Attempt:
    """Return why it was not made."""
    if isinstance(error, NotWrittenError):
        words = visitor.say(_NOT_WRITTEN) % error.args[0]
        return Attempt(action=order.change.key, fields=order.fields, title=visitor.say("Chưa xác nhận"), faults=(("typed", words),))
    found = refused(visitor, error, action=order.change.key, fields=order.fields)
    if isinstance(error, ChangedError):
        return Attempt(action=found.action, fields=found.fields, title=found.title, text=visitor.say(_STALE))
    return found


def _looked_at(visitor: Visitor, order: Order, attempt: Attempt | None) -> Step:
    """Return what the change would do as things stand, or why nothing can be said of it."""
    step = Step(change=order.change, fields=order.fields, attempt=attempt)
    try:
        answer = order.change.look(order.change.read(order.fields), order.changing, visitor.language)
    except REFUSED as error:
        return replace(step, attempt=attempt or _attempt(visitor, order, error))
    step = replace(step, etag=answer.headers["ETag"], once=uuid4().hex)
    if order.change.late:
        return replace(step, effect=ReplannedOut.model_validate_json(bytes(answer.body)))
    return replace(step, moved=YearMovedOut.model_validate_json(bytes(answer.body)))


def _frame(visitor: Visitor, connection: View, cycle: int) -> Frame:
    """Return the frame around a year that one may change. NoCycleError, NotAllowedError."""
    head_for(connection, cycle, visitor.seen, action=Action.REPLAN, now=visitor.now)
    frame = frame_of(visitor, connection, here="change", cycle=cycle)
    if frame.cycle is None or frame.cycle.id != cycle:
        raise NoCycleError(cycle)
    return frame


def _shown(visitor: Visitor, cycle: int, *, step: Step | None = None, flash: Flash | None = None) -> HTMLResponse:
    store = visitor.served.store
    with answering(store) as connection:
        frame = _frame(visitor, connection, cycle)
        assert frame.cycle is not None  # noqa: S101  `_frame` has seen to it
        zone = ZoneInfo(frame.cycle.zone)
        effect: EffectView | None = None
        if step is not None and step.effect is not None:
            effect = effect_view(visitor, connection, cycle, step.effect)
        choices = choices_of(visitor, connection, load_year(store, connection, cycle, now=visitor.now))
        facts = {
            "changes": [one for one in CHANGES if frame.cycle.state in one.states],
            "choices": choices,
            "calendars": year_calendars(connection, cycle, authority=frame.cycle.authority),
            "plan": plan_in_force(connection, cycle),
            "history": [
                (one, visitor.say(ACTIONS[one.action]), local_moment(one.at, zone=zone, language=visitor.language))
                for one in year_changes(connection, cycle)
            ],
        }
    refusal = None if step is None else step.attempt
    shown = {**facts, "step": step, "effect": effect, "attempt": refusal, "flash": flash}
    return page(visitor, "change.html", frame, shown, status=422 if refusal else 200)
