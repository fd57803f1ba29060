"""
Problems: every error of the API as RFC 9457 problem details, in Vietnamese or English; a page for people who ask with a browser.

One table says which error becomes which status and words; one handler answers them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.errors import CursorError, NoCycleError, NoObligationError
from api.hosts import ForeignHostError
from api.languages import is_api, language_of
from api.pages.rendering import render_page
from api.responses import OrjsonResponse, html
from api.schemas import FaultOut, ProblemOut
from notifications.letters import Language
from notifications.phrases import pick
from store.queries.health import DatabaseSilentError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of problem: its name, status and words."""

    name: str
    status: int
    title: tuple[str, str]
    detail: tuple[str, str]


_REAL = (
    "Không có {what_vi} số {number} thuộc môi trường thử nghiệm. Số liệu thật chưa được cung cấp khi chưa có tài khoản.",
    "There is no {what_en} {number} of a sandbox. Real ones are not served until there are accounts.",
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
    NoCycleError: Kind(name="no-such-cycle", status=404, title=("Không tìm thấy chu kỳ", "No such cycle"), detail=_REAL),
    NoObligationError: Kind(name="no-such-obligation", status=404, title=("Không tìm thấy nghĩa vụ", "No such obligation"), detail=_REAL),
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
            "dondoc chưa có tài khoản nên chỉ trả lời chính máy này: hãy dùng 127.0.0.1 hoặc localhost.",
            "dondoc has no accounts yet and answers this machine alone: use 127.0.0.1 or localhost.",
        ),
    ),
    DatabaseSilentError: Kind(
        name="database-silent",
        status=503,
        title=("Cơ sở dữ liệu không trả lời", "The database does not answer"),
        detail=("Hãy thử lại sau; `dondoc verify` cho biết thêm.", "Try again later; `dondoc verify` says more."),
    ),
    RequestValidationError: INVALID,
}
#: What HTTP itself refuses.
OF_HTTP: dict[int, Kind] = {
    404: Kind(
        name="not-found",
        status=404,
        title=("Không tìm thấy", "Not found"),
        detail=("Không có gì tại địa chỉ này.", "There is nothing at this address."),
    ),
    405: Kind(
        name="method-not-allowed",
        status=405,
        title=("Chỉ được đọc", "Read only"),
        detail=("Địa chỉ này chỉ trả lời GET và HEAD.", "This address answers GET and HEAD only."),
    ),
}
#: What a parameter can be wrong in; `{…}` are filled from the check.
FAULTS: dict[str, tuple[str, str]] = {
    "extra_forbidden": ("không có tham số này", "there is no such parameter"),
    "int_parsing": ("phải là số nguyên", "must be a whole number"),
    "bool_parsing": ("phải là true hoặc false", "must be true or false"),
    "enum": ("phải là một trong: {expected}", "must be one of: {expected}"),
    "greater_than_equal": ("phải từ {ge} trở lên", "must be at least {ge}"),
    "less_than_equal": ("không được quá {le}", "must be at most {le}"),
    "string_too_long": ("dài quá {max_length} ký tự", "is longer than {max_length} characters"),
}
OTHER_FAULT = ("giá trị không hợp lệ", "is not valid")
_NOUNS = {NoCycleError: ("chu kỳ", "cycle"), NoObligationError: ("nghĩa vụ", "obligation")}


def register_handlers(app: FastAPI) -> None:
    """Let every error be answered as a problem; called once for an app."""
    for error in (*KINDS, HTTPException, Exception):
        app.add_exception_handler(error, answer)


def answer(request: Request, error: Exception) -> Response:
    """Return the problem that an error is, in the language asked for."""
    kind = _kind(error)
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request.failed", path=request.url.path, kind=kind.name, exc_info=error)
    language = language_of(request)
    problem = ProblemOut(
        type=f"urn:dondoc:{kind.name}",
        title=pick(kind.title, language=language),
        status=kind.status,
        detail=pick(kind.detail, language=language).format(**_facts(error)),
        instance=request.url.path,
        errors=_faults(error, language=language) if isinstance(error, RequestValidationError) else None,
    )
    headers = dict(getattr(error, "headers", None) or {})
    if _asks_for_a_page(request):
        page = render_page("problem.html", language=language, problem=problem)
        return html(page, language=language, status=kind.status, headers=headers)
    body = problem.model_dump(mode="json", exclude_none=True)
    spoken = {"Content-Language": language.value, "Vary": "Accept-Language"}
    return OrjsonResponse(body, status_code=kind.status, media_type=MEDIA_TYPE, headers={**headers, **spoken})


def _kind(error: Exception) -> Kind:
    if isinstance(error, HTTPException):
        return OF_HTTP.get(error.status_code) or _plain(error.status_code)
    return next((kind for known, kind in KINDS.items() if isinstance(error, known)), INTERNAL)


def _plain(status: int) -> Kind:
    words = HTTPStatus(status).phrase
    return Kind(name=words.lower().replace(" ", "-"), status=status, title=(words, words), detail=(words, words))


def _facts(error: Exception) -> dict[str, Any]:
    vi, en = next((nouns for known, nouns in _NOUNS.items() if isinstance(error, known)), ("", ""))
    return {"number": getattr(error, "number", ""), "what_vi": vi, "what_en": en}


def _faults(error: RequestValidationError, *, language: Language) -> list[FaultOut]:
    return [
        FaultOut(where=".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0]), text=_fault(fault, language=language))
        for fault in error.errors()
    ]


def _fault(fault: dict[str, Any], *, language: Language) -> str:
    words = pick(FAULTS.get(fault["type"], OTHER_FAULT), language=language)
    return words.format(**fault.get("ctx", {}))


def _asks_for_a_page(request: Request) -> bool:
    return not is_api(request) and "text/html" in request.headers.get("accept", "")
