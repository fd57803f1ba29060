"""
Problems: every error of the API as RFC 9457 problem details, in Vietnamese or English; a page for people who ask with a browser.

One table says which error becomes which status and words; one handler answers them all.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from api.console.rendering import render
from api.doors.errors import NotSignedInError, SecondFactorNeededError
from api.doors.hosts import ForeignHostError
from api.languages import is_api, language_of
from api.problems.errors import CursorError, NoCycleError, NoObligationError
from api.problems.fault_words import fault_words, unreadable_words
from api.problems.faults import work_faults
from api.problems.kind import Kind
from api.problems.of_doors import DOOR_KINDS, WEAK
from api.problems.of_reading import READING_KINDS
from api.problems.of_work import WORK_KINDS, work_facts, work_more
from api.wire.responses import OrjsonResponse, html
from api.wire.schemas import FaultOut, ProblemOut
from config.faults import InputError
from evaluation.accounts import local_path
from notifications.letters import Language
from notifications.phrases import pick
from store.queries.health import DatabaseSilentError
from store.refusals import RefusalError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"


_NOT_YOURS = (
    "Không có {what_vi} số {number} mà anh/chị được xem.",
    "There is no {what_en} {number} that you may see.",
)
INVALID = Kind(
    name="invalid-request",
    status=422,
    title=("Yêu cầu không hợp lệ", "Invalid request"),
    detail=("Sửa các tham số nêu dưới đây.", "Mend the parameters named below."),
)
INTERNAL = Kind(
    name="internal",
    status=500,
    title=("Lỗi hệ thống", "Internal error"),
    detail=("Đã ghi vào nhật ký của hệ thống; không có gì bị thay đổi.", "It is in the log; nothing was changed."),
)
KINDS: dict[type[Exception], Kind] = {
    NoCycleError: Kind(name="no-such-cycle", status=404, title=("Không tìm thấy chu kỳ", "No such cycle"), detail=_NOT_YOURS),
    NoObligationError: Kind(
        name="no-such-obligation", status=404, title=("Không tìm thấy nghĩa vụ", "No such obligation"), detail=_NOT_YOURS
    ),
    CursorError: Kind(
        name="invalid-cursor",
        status=422,
        title=("Con trỏ không hợp lệ", "Invalid cursor"),
        detail=(
            "Lấy `cursor` từ `next_cursor` của trang trước, hoặc bỏ trống.",
            "Take the cursor from `next_cursor` of the page before, or leave it out.",
        ),
    ),
    ForeignHostError: Kind(
        name="foreign-host",
        status=421,
        title=("Tên máy không được chấp nhận", "Host not accepted"),
        detail=(
            "Hãy dùng địa chỉ đã đặt trong DONDOC_BASE_URL.",
            "Use the address that DONDOC_BASE_URL names.",
        ),
    ),
    DatabaseSilentError: Kind(
        name="database-silent",
        status=503,
        title=("Cơ sở dữ liệu không trả lời", "The database does not answer"),
        detail=("Hãy thử lại sau; `dondoc verify` cho biết thêm.", "Try again later; `dondoc verify` says more."),
    ),
    RequestValidationError: INVALID,
    **DOOR_KINDS,
    **WORK_KINDS,
    **READING_KINDS,
}
#: What HTTP itself refuses.
OF_HTTP: dict[int, Kind] = {
    400: Kind(
        name="unreadable-body",
        status=400,
        title=("Không đọc được nội dung", "The body cannot be read"),
        detail=(
            "Nội dung phải là JSON viết bằng UTF-8 và không lồng nhau quá sâu{why_vi}.",
            "The body must be JSON in UTF-8 that is not nested too deeply{why_en}.",
        ),
    ),
    404: Kind(
        name="not-found",
        status=404,
        title=("Không tìm thấy", "Not found"),
        detail=("Không có gì tại địa chỉ này.", "There is nothing at this address."),
    ),
    405: Kind(
        name="method-not-allowed",
        status=405,
        title=("Phương thức không dùng được", "Method not allowed"),
        detail=("Tiêu đề Allow nêu các phương thức dùng được.", "The header Allow names the methods that are."),
    ),
    408: Kind(
        name="body-too-slow",
        status=408,
        title=("Nội dung gửi quá chậm", "The body came too slowly"),
        detail=("Hãy gửi lại.", "Send it again."),
    ),
}
_NOUNS = {NoCycleError: ("chu kỳ", "cycle"), NoObligationError: ("nghĩa vụ", "obligation")}


def register_handlers(app: FastAPI) -> None:
    """Let every error be answered as a problem; called once for an app."""
    for error in (*KINDS, HTTPException, Exception):
        app.add_exception_handler(error, answer)


def answer(request: Request, error: Exception) -> Response:
    """Return the problem that an error is, in the language asked for."""
    door = _door(request, error)
    if door:
        return RedirectResponse(door, status_code=HTTPStatus.SEE_OTHER)
    kind = _kind(error)
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request.failed", path=request.url.path, kind=kind.name, exc_info=error)
    language = language_of(request)
    problem = problem_of(request, error)
    headers = dict(getattr(error, "headers", None) or {})
    if hasattr(error, "retry_seconds"):
        headers["Retry-After"] = str(error.retry_seconds)
    if _asks_for_a_page(request):
        page = render("problem.html", language=language, problem=problem, path=request.url.path)
        return html(page, language=language, status=kind.status, headers=headers)
    body = problem.model_dump(mode="json", exclude_none=True) | work_more(error)
    spoken = {"Content-Language": language.value, "Vary": "Accept-Language"}
    return OrjsonResponse(body, status_code=kind.status, media_type=MEDIA_TYPE, headers={**headers, **spoken})


def problem_of(request: Request, error: Exception, *, language: Language | None = None) -> ProblemOut:
    """Return what an error is, in a language; unless one is named, in that which the request asks for."""
    kind, language = _kind(error), language or language_of(request)
    return ProblemOut(
        type=f"urn:dondoc:{kind.name}",
        title=pick(kind.title, language=language),
        status=kind.status,
        detail=pick(kind.detail, language=language).format(**_facts(error)),
        instance=request.url.path,
        errors=_faults(error, language=language),
    )


def _kind(error: Exception) -> Kind:
    kind = next((kind for known, kind in KINDS.items() if isinstance(error, known)), None)
    if kind is None and isinstance(error, HTTPException):
        return OF_HTTP.get(error.status_code) or _plain(error.status_code)
    return kind or INTERNAL


def _plain(status: int) -> Kind:
    words = HTTPStatus(status).phrase
    return Kind(name=words.lower().replace(" ", "-"), status=status, title=(words, words), detail=(words, words))


def _facts(error: Exception) -> dict[str, Any]:
    vi, en = next((nouns for known, nouns in _NOUNS.items() if isinstance(error, known)), ("", ""))
    return {
        "number": getattr(error, "number", ""),
        "what_vi": vi,
        "what_en": en,
        "retry_seconds": getattr(error, "retry_seconds", ""),
        "scope": getattr(error, "scope", ""),
        "weak_vi": WEAK.get(str(getattr(error, "why", "")), ""),
        "error": str(error),
        **unreadable_words(error),
        **work_facts(error),
    }


def _faults(error: Exception, *, language: Language) -> list[FaultOut] | None:
    if isinstance(error, InputError) or (isinstance(error, RefusalError) and error.field):
        return [FaultOut(where=where, text=text) for where, text in work_faults(error, language=language)]
    if not isinstance(error, RequestValidationError):
        return None
    return [
        FaultOut(where=".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0]), text=_fault(fault, language=language))
        for fault in error.errors()
    ]


def _fault(fault: dict[str, Any], *, language: Language) -> str:
    return fault_words(fault["type"], fault.get("ctx", {}), language=language)


def _door(request: Request, error: Exception) -> str:
    """Return the page to which whoever asks for one is sent first: to sign in, or to give the second factor; else an empty text."""
    if not _asks_for_a_page(request):
        return ""
    if type(error) is NotSignedInError:
        return f"/sign-in?next={quote(_page_of(request), safe='/')}"
    return "/second-factor" if isinstance(error, SecondFactorNeededError) else ""


def _page_of(request: Request) -> str:
    """Return the page to come back to: the one asked for, or the one whose form was sent."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return local_path(urlsplit(request.headers.get("referer", "")).path or "/")


def _asks_for_a_page(request: Request) -> bool:
    return not is_api(request) and "text/html" in request.headers.get("accept", "")
