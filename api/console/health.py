"""How the system is: what should have happened and has not, who is at work, in words and with a colour. Nobody need be signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.asking import HasServed, Now
from api.console.catalogues import N_
from api.console.mails import mail_mark
from api.console.marks import Mark
from api.console.rendering import render
from api.console.visiting import Visitor, frame_of, page
from api.doors.signing_in import MaybeSignedIn
from api.languages import Spoken
from api.probing import PrefectState
from api.sight import Seeing
from api.version import version
from api.vitals import lasting
from api.wire.responses import html
from notifications.wording import local_moment
from store.outbox.states import MessageState
from store.queries.health import DatabaseSilentError, answering

if TYPE_CHECKING:
    from api.vitals import Found
    from store.queries.health import Health, LastTick, Whose

router = APIRouter(default_response_class=HTMLResponse)
_PREFECT = {
    PrefectState.UP: N_("Đang chạy. Chỉ dùng để theo dõi: dừng thì việc đến hạn vẫn được xử lý."),
    PrefectState.DOWN: N_("Không chạy. Việc đến hạn vẫn được xử lý, chỉ thiếu trang theo dõi của Prefect."),
    PrefectState.UNKNOWN: N_("Không trả lời kịp. Việc đến hạn vẫn được xử lý."),
}
#: A lease that was not renewed for so long is nobody's any more.
STALE_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One thing that is looked at."""

    name: str
    mark: Mark
    text: str
    detail: str = ""


@router.get("/health")
def health_page(request: Request, found: MaybeSignedIn, served: HasServed, now: Now, language: Spoken) -> HTMLResponse:
    """How the engine does its work; of real authorities no more than ages to whoever has not signed in."""
    seeing = Seeing(authorities=found.authorities, person=found) if found is not None and found.is_whole else Seeing()
    visitor = Visitor(request=request, served=served, seen=seeing, now=now, language=language)
    vitals = served.vitals.find(now)
    signs = signs_of(visitor, vitals)
    facts: dict[str, Any] = {
        "signs": signs,
        "wrong": any(one.mark.tone == "late" for one in signs),
        "reasons": [one.said(language) for one in vitals.reasons],
        "counts": _counts(visitor, vitals.health),
        "version": version(),
        "at": local_moment(now, zone=ZoneInfo("Asia/Ho_Chi_Minh"), language=language),
    }
    status = 503 if vitals.reasons else 200
    if seeing.person is None and not served.is_open:
        return html(render("health.html", language=language, base="bare.html", path="/health", **facts), language=language, status=status)
    try:
        with answering(served.store) as connection:
            frame = frame_of(visitor, connection, here="health")
    except DatabaseSilentError:
        return html(render("health.html", language=language, base="bare.html", path="/health", **facts), language=language, status=status)
    return page(visitor, "health.html", frame, {"base": "layout.html", **facts}, status=status)


def _counts(visitor: Visitor, health: Health | None) -> list[tuple[Mark, int]]:
    return [] if health is None else [(mail_mark(visitor, one), health.outbox[one]) for one in MessageState]


def signs_of(visitor: Visitor, found: Found) -> list[Sign]:
    """Return what is looked at, the measure first: the oldest due item not acted on."""
    health = found.health
    if health is None:
        silent = Sign(name=visitor.say("Cơ sở dữ liệu"), mark=_bad(visitor), text=visitor.say("Không trả lời."))
        return [silent, _prefect(visitor)]
    return [
        _due(visitor, health, late=bool(found.reasons)),
        _tick(visitor, health),
        _unsent(visitor, health),
        *_leases(visitor, health),
        _prefect(visitor),
        Sign(name=visitor.say("Cơ sở dữ liệu"), mark=_good(visitor), text=visitor.say("Đang trả lời.")),
    ]


def _good(visitor: Visitor) -> Mark:
    return Mark(tone="done", icon="circle-check", words=visitor.say("Tốt"))


def _bad(visitor: Visitor) -> Mark:
    return Mark(tone="late", icon="alert-triangle", words=visitor.say("Có vấn đề"))


def _watch(visitor: Visitor) -> Mark:
    return Mark(tone="warn", icon="hourglass", words=visitor.say("Đang chờ"))


def _due(visitor: Visitor, health: Health, *, late: bool) -> Sign:
    name, due = visitor.say("Việc đến hạn chờ máy xử lý lâu nhất"), health.oldest_due
    if due is None:
        return Sign(name=name, mark=_good(visitor), text=visitor.say("Không có việc nào đến hạn mà chưa được xử lý."))
    where = " · ".join(filter(None, (_name(visitor, due.whose), due.stage if due.whose.sandbox else "")))
    text = visitor.say("Đã chờ %s.") % lasting(due.age_seconds, language=visitor.language)
    return Sign(name=name, mark=_bad(visitor) if late else _watch(visitor), text=text, detail=where)


def _tick(visitor: Visitor, health: Health) -> Sign:
    name, tick = visitor.say("Lần xử lý gần nhất"), health.last_tick
    if tick is None:
        return Sign(name=name, mark=_watch(visitor), text=visitor.say("Chưa có lần nào: chưa có năm nào được khởi động."))
    text = visitor.say("Cách đây %s.") % lasting(tick.age_seconds, language=visitor.language)
    return Sign(
        name=name, mark=_good(visitor), text=text, detail=visitor.say("Đã xử lý mọi việc đến hạn tính đến %s.") % _at(visitor, tick)
    )


def _unsent(visitor: Visitor, health: Health) -> Sign:
    name, unsent = visitor.say("Thư chờ gửi lâu nhất"), health.oldest_unsent
    if unsent is None:
        return Sign(name=name, mark=_good(visitor), text=visitor.say("Không có thư nào chờ quá lượt gửi."))
    late = unsent.age_seconds > visitor.served.settings.tick_late_seconds
    text = visitor.say("Đã chờ %s.") % lasting(unsent.age_seconds, language=visitor.language)
    detail = "" if unsent.gathered else visitor.say("Chưa soạn thành thư.")
    return Sign(name=name, mark=_bad(visitor) if late else _watch(visitor), text=text, detail=detail)


def _leases(visitor: Visitor, health: Health) -> list[Sign]:
    name = visitor.say("Máy đang xử lý")
    if not health.leases:
        text = visitor.say("Không có máy nào đang chạy: hãy chạy dondoc engine hoặc dondoc up.")
        return [Sign(name=name, mark=_bad(visitor), text=text)]
    return [
        Sign(
            name=name,
            mark=_good(visitor) if one.age_seconds <= STALE_SECONDS else _bad(visitor),
            text=visitor.say("Báo còn chạy cách đây %s.") % lasting(one.age_seconds, language=visitor.language),
            detail=" · ".join(filter(None, (_name(visitor, one.whose), one.holder if visitor.seen.person else ""))),
        )
        for one in health.leases
    ]


def _prefect(visitor: Visitor) -> Sign:
    state = visitor.served.vitals.prefect()
    mark = _good(visitor) if state is PrefectState.UP else Mark(tone="idle", icon="info-circle", words=visitor.say("Không bắt buộc"))
    return Sign(name="Prefect", mark=mark, text=visitor.say(_PREFECT[state]))


def _name(visitor: Visitor, whose: Whose) -> str:
    """Return the authority's key to its own people, and of a sandbox to everybody."""
    own = visitor.seen.person is not None and any(one.authority_key == whose.authority for one in visitor.seen.person.holdings)
    return whose.authority if whose.sandbox or own else ""


def _at(visitor: Visitor, tick: LastTick) -> str:
    return local_moment(tick.at, zone=ZoneInfo(tick.whose.zone), language=visitor.language)
