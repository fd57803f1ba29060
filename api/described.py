"""How the document describes what a change may be answered beside its success: the problems by status, with examples."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.etags import etag_of
from api.schemas import ProblemOut
from api.work_answers import ChangedOut, NotPossibleOut

PROBLEM = "application/problem+json"
_ETAG = {"description": "Phiên bản của nghĩa vụ / the obligation's version", "schema": {"type": "string", "examples": [etag_of(4)]}}
_SAYS: dict[int, tuple[str, str, str]] = {
    401: ("not-signed-in", "Chưa đăng nhập", "Hãy đăng nhập, hoặc gửi mã truy cập trong `Authorization: Bearer`."),
    403: ("not-allowed", "Không thuộc quyền của anh/chị", "Chấp nhận: việc này không thuộc quyền của bạn."),
    404: ("no-such-obligation", "Không tìm thấy nghĩa vụ", "Không có nghĩa vụ này, hoặc không thuộc phạm vi của anh/chị."),
    409: ("not-possible-now", "Không thực hiện được ở trạng thái này", "Không chấp nhận được: trạng thái này không cho phép."),
    412: (
        "changed-meanwhile",
        "Có người vừa thay đổi",
        "Trạng thái hiện tại nằm trong `obligation`; hãy xem lại rồi gửi lại với ETag mới.",
    ),
    413: ("file-too-large", "Tệp quá lớn", "Tệp quá lớn; nhiều nhất 25 MiB; hãy giảm dung lượng hoặc chia nhỏ."),
    422: ("invalid-request", "Yêu cầu không hợp lệ", "Sửa các tham số nêu dưới đây."),
    428: ("if-match-required", "Cần If-Match", "Gửi ETag của nghĩa vụ mà anh/chị đã xem trong tiêu đề If-Match."),
}
_MODELS: dict[int, type[BaseModel]] = {409: NotPossibleOut, 412: ChangedOut}
_MORE: dict[int, dict[str, Any]] = {
    409: {"allowed": ["submit", "extend"]},
    422: {"errors": [{"where": "due_on", "text": "phải là ngày, như 2026-04-15"}]},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the document describes these answers, each a problem."""
    return {status: _described(status) for status in statuses}


def _described(status: int) -> dict[str, Any]:
    name, title, detail = _SAYS[status]
    example = {
        "type": f"urn:dondoc:{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": "/api/v1/obligations/17/accept",
    }
    schema = _MODELS[status].__name__ if status in _MODELS else "ProblemOut"
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": {**example, **_MORE.get(status, {})}}
    described: dict[str, Any] = {"description": title, "content": {PROBLEM: content}}
    return {**described, "headers": {"ETag": _ETAG}} if status == 412 else described  # noqa: PLR2004


#: What any change of an obligation may be answered.
OF_A_MOVE = {200: {"headers": {"ETag": _ETAG}}, **problems(401, 403, 404, 409, 412, 422, 428)}
#: What any other change may be answered.
OF_A_CHANGE = problems(401, 403, 404, 409, 422)
#: What reading may be answered.
OF_A_LOOK = problems(401, 403, 404, 422)
#: Schemas of problems, which no route names otherwise.
SCHEMAS: tuple[type[BaseModel], ...] = (ProblemOut, *_MODELS.values())
