"""A job: how far the long work is that somebody asked for, told as it goes on, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from api.console.book_views import SAID as BOOK_SAID
from api.console.book_views import BookView, book_view
from api.console.catalogues import N_
from api.console.visiting import Visitor, Visits, frame_of, page
from api.routes.cycles import Number
from evaluation.jobs import JobKind, JobState
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.commands.scores.books import Take
from store.queries.health import answering
from store.queries.jobs import JobLine, read_job, result_of
from store.queries.papers import PaperLine, read_paper
from store.queries.rights import authority_resource
from store.rights import authority_today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
KINDS = {
    JobKind.REHEARSAL: N_("Chạy thử cả năm"),
    JobKind.LETTERS: N_("Soạn công văn đôn đốc"),
    JobKind.BOOK: N_("Bảng phiếu nhiều đơn vị"),
}
SAID = {
    JobState.WAITING: N_("Đang chờ máy nhận"),
    JobState.RUNNING: N_("Đang chạy"),
    JobState.DONE: N_("Đã xong"),
    JobState.FAILED: N_("Không thực hiện được"),
    JobState.BROKEN: N_("Bị gián đoạn nhiều lần, đã dừng"),
}
_PATIENCE = N_("Có thể đóng trang này: việc vẫn chạy, kết quả được giữ 30 ngày ở địa chỉ này.")
_NO_ENGINE = N_(
    "Chưa có máy nào làm việc này. Không mất gì: việc vẫn nằm trong hàng đợi và tự chạy khi máy hoạt động. "
    "Hãy nhờ người quản trị chạy `dondoc engine` (hoặc `dondoc up`); trang này tự cập nhật."
)
#: What a job says it is asked for, so long after it said it last.
_SECONDS = 1.0
#: A connection ends after so many words; the browser opens another.
_MOST_WORDS = 600


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day, or a week named by its Monday, with how many mails leave."""

    on: date
    mails: int


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Somebody who gets too many mails on one day."""

    on: date
    recipient: str
    mails: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a rehearsal came to, as its page shows it."""

    facts: dict[str, Any]
    first: date
    last: date
    days: Sequence[Day]
    busiest: Sequence[Day]
    clashing: Sequence[Clash]


@dataclass(frozen=True, kw_only=True)
class JobView:
    """A job as a page shows it."""

    line: JobLine
    words: str
    about: str
    said: str
    next: str
    fault: str
    outcome: Outcome | None
    papers: tuple[PaperLine, ...] = ()  #: that were drafted
    book: BookView | None = None  #: what became of a book of sheets


@router.get("/jobs/{id}")  # noqa: FAST003  `Number` is its alias
def one(job: Number, visitor: Visits) -> HTMLResponse:
    """A job that one asked for, or that concerns a year that one may launch."""
    with answering(visitor.served.store) as connection:
        view = view_of(visitor, connection, seen_job(visitor, connection, job))
        frame = frame_of(visitor, connection, here="job")
    return page(visitor, "job.html", frame, {"job": view})


def seen_job(visitor: Visitor, connection: View, job: int) -> JobLine:
    """Return a job that one may look at; to anybody else it is not there."""
    found, person = read_job(connection, job), visitor.seen.person
    if found is None or person is None:
        raise HTTPException(404)
    if found.account != person.account.id:
        resource = authority_resource(connection, found.authority)
        today = authority_today(connection, found.authority, now=visitor.now)
        if not decide(visitor.seen.facts(connection), Action.LAUNCH, resource, on=today).allowed:
            raise HTTPException(404)
    return found


def view_of(visitor: Visitor, connection: View, line: JobLine) -> JobView:
    """Return a job as it is shown, with what came of it; one query more, and one for each paper drafted."""
    result = result_of(connection, line.id) if line.state is JobState.DONE else {}
    told = told_of(visitor, line)
    return JobView(
        line=line,
        words=visitor.say(KINDS[line.kind]),
        about=_about(visitor, line),
        said=told["said"],
        next=told["next"],
        fault=line.fault.get(visitor.language.value, ""),
        outcome=_outcome(result) if result and line.kind is JobKind.REHEARSAL else None,
        papers=tuple(read_paper(connection, one) for one in result.get("papers", ())),
        book=book_view(visitor, line.script, result) if result and line.kind is JobKind.BOOK else None,
    )


def _about(visitor: Visitor, line: JobLine) -> str:
    script = line.script
    if line.kind is JobKind.LETTERS:
        return visitor.say(N_("%(number)s việc được chọn")) % {"number": len(script["obligations"])}
    if line.kind is JobKind.BOOK:
        return f"{script['name']}: {visitor.say(BOOK_SAID[Take(script['take'])])}"
    return f"{visitor.either(script.get('title', ''), script.get('title_en', '')) or script['plan']} {script['year']}"


def told_of(visitor: Visitor, line: JobLine) -> dict[str, Any]:
    """Return how far a job is, in words, and what to do meanwhile."""
    said = visitor.say(SAID[line.state])
    if line.state is JobState.RUNNING:
        said = f"{said}: {line.percent}%"
    waiting = visitor.say(_NO_ENGINE if line.unattended else _PATIENCE)
    return {"percent": line.percent, "said": said, "next": "" if line.is_over else waiting}


def _outcome(result: dict[str, Any]) -> Outcome:
    return Outcome(
        facts=result,
        first=date.fromisoformat(result["first"]),
        last=date.fromisoformat(result["last"]),
        days=[Day(on=date.fromisoformat(on), mails=mails) for on, mails in result["days"]],
        busiest=[Day(on=date.fromisoformat(on), mails=mails) for on, mails in result["busiest"]],
        clashing=[Clash(on=date.fromisoformat(on), recipient=who, mails=mails) for on, who, mails in result["clashing"]],
    )


def followed(job: Number, visitor: Visits) -> JobLine:
    """Return the job that is followed, before anything is told of it."""
    with answering(visitor.served.store) as connection:
        return seen_job(visitor, connection, job)


@router.get("/jobs/{id}/events", response_class=EventSourceResponse)
async def events(job: Annotated[JobLine, Depends(followed)], visitor: Visits) -> AsyncIterator[ServerSentEvent]:
    """How far a job is, until it is over."""

    def look() -> JobLine | None:
        with answering(visitor.served.store) as connection:
            return read_job(connection, job.id)

    async for told in words_of(visitor, lambda: run_in_threadpool(look), wait=lambda: asyncio.sleep(_SECONDS)):
        yield told


async def words_of(
    visitor: Visitor, look: Callable[[], Awaitable[JobLine | None]], *, wait: Callable[[], Awaitable[None]]
) -> AsyncIterator[ServerSentEvent]:
    """Yield how far a job is whenever that has changed, and at last that it is over."""
    last: dict[str, Any] | None = None
    for _ in range(_MOST_WORDS):
        line = await look()
        if line is None or line.is_over:
            yield ServerSentEvent(event="over", data={})
            return
        if (told := told_of(visitor, line)) != last:
            yield ServerSentEvent(event="progress", data=told)
            last = told
        await wait()
