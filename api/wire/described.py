"""How the document describes what a change may be answered beside its success: the problems by status, with examples."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.wire.etags import etag_of
from api.wire.schemas import ProblemOut
from api.wire.work_answers import ChangedOut, NotPossibleOut

PROBLEM = "application/problem+json"
NOT_FOUND, PRECONDITION_FAILED = 404, 412
_ETAG = {
    "description": "Phiên bản, cho If-Match lần sau / the version, for the next If-Match",
    "schema": {"type": "string", "examples": [etag_of(4)]},
}
_NOT_FOUND = {
    "obligation": ("no-such-obligation", "Không tìm thấy nghĩa vụ", "Không có nghĩa vụ này, hoặc không thuộc phạm vi của anh/chị."),
    "cycle": ("no-such-cycle", "Không tìm thấy chu kỳ", "Không có chu kỳ này, hoặc không thuộc phạm vi của anh/chị."),
    "unit": ("no-such-unit", "Không tìm thấy đơn vị", "Không có đơn vị mang mã này mà anh/chị được xem."),
    "contact": ("no-such-contact", "Không tìm thấy đầu mối", "Cơ quan không có đầu mối “head.xa-9”."),
    "authority": ("no-such-authority", "Không tìm thấy cơ quan", "Không có cơ quan này, hoặc anh/chị không thuộc cơ quan đó."),
    "message": ("no-such-message", "Không tìm thấy thư", "Không có thư số 17 thuộc phạm vi của anh/chị."),
    "evidence": ("no-such-evidence", "Không tìm thấy tài liệu", "Không có tài liệu số 17 mà anh/chị được xem."),
    "paper": ("no-such-paper", "Không tìm thấy văn bản", "Không có văn bản này mà anh/chị được xem."),
    "criteria": ("no-such-criteria", "Không tìm thấy bộ tiêu chí", "Không có bộ tiêu chí “so-2025”."),
    "edition": ("no-such-edition", "Không tìm thấy bản công bố", "Chưa công bố bản nào như vậy; xem danh sách các bản đã công bố."),
    "calendar": ("no-calendar", "Chưa có lịch làm việc", "Cơ quan chưa nhập lịch làm việc: `dondoc calendar import`."),
}
_SAYS: dict[int, tuple[str, str, str]] = {
    401: ("not-signed-in", "Chưa đăng nhập", "Hãy đăng nhập, hoặc gửi mã truy cập trong `Authorization: Bearer`."),
    403: ("not-allowed", "Không thuộc quyền của anh/chị", "Chấp nhận: việc này không thuộc quyền của anh/chị."),
    409: ("not-possible-now", "Không thực hiện được ở trạng thái này", "Không chấp nhận được: trạng thái này không cho phép."),
    412: (
        "changed-meanwhile",
        "Có người vừa thay đổi",
        "Trạng thái hiện tại nằm trong `obligation`; hãy xem lại rồi gửi lại với ETag mới.",
    ),
    413: ("file-too-large", "Tệp quá lớn", "Tệp quá lớn; nhiều nhất 25 MB; hãy giảm dung lượng hoặc chia nhỏ."),
    422: ("invalid-request", "Yêu cầu không hợp lệ", "Sửa các tham số nêu dưới đây."),
    428: ("if-match-required", "Cần If-Match", "Gửi ETag của nội dung mà anh/chị đã xem trong tiêu đề If-Match."),
}
_MODELS: dict[int, type[BaseModel]] = {409: NotPossibleOut, 412: ChangedOut}
_MORE: dict[int, dict[str, Any]] = {
    409: {"allowed": ["submit", "extend"]},
    422: {"errors": [{"where": "due_on", "text": "phải là ngày, như 2026-04-15"}]},
}
_PLACES = {
    "obligation": "obligations/17",
    "cycle": "cycles/17",
    "unit": "units/xa-9",
    "contact": "contacts/head.xa-9",
    "authority": "authorities/ha-noi",
    "message": "messages/17",
    "evidence": "evidence/17",
    "paper": "papers/17",
    "calendar": "calendar",
    "edition": "published/" + "0" * 64,
    "criteria": "criteria/so-2025",
}


def problems(*statuses: int, about: str = "obligation") -> dict[int | str, dict[str, Any]]:
    """Return how the document describes these answers, each a problem; `about`: what is asked for."""
    return {status: _described(status, about=about) for status in statuses}


def _described(status: int, *, about: str) -> dict[str, Any]:
    name, title, detail = _NOT_FOUND[about] if status == NOT_FOUND else _SAYS[status]
    example = {
        "type": f"urn:dondoc:{name}",
        "title": title,
        "status": status,
        "detail": detail.replace("`obligation`", f"`{about}`"),
        "instance": f"/api/v1/{_PLACES[about]}",
    }
    schema = _MODELS[status].__name__ if status in _MODELS else "ProblemOut"
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": {**example, **_MORE.get(status, {})}}
    described: dict[str, Any] = {"description": title, "content": {PROBLEM: content}}
    return {**described, "headers": {"ETag": _ETAG}} if status == PRECONDITION_FAILED else described


def of_a_change(about: str, *, success: int = 200) -> dict[int | str, dict[str, Any]]:
    """Return what a change that asks for `If-Match` may be answered."""
    return {success: {"headers": {"ETag": _ETAG}}, **problems(401, 403, 404, 409, 412, 422, 428, about=about)}


def of_a_look(about: str = "authority") -> dict[int | str, dict[str, Any]]:
    """Return what reading may be answered."""
    return problems(401, 403, 404, about=about)


#: What any change of an obligation may be answered.
OF_A_MOVE = of_a_change("obligation")
#: What any change of a cycle as a whole may be answered.
OF_A_CYCLE = of_a_change("cycle")
#: What any other change may be answered.
OF_A_CHANGE = problems(401, 403, 404, 409, 422)
#: Schemas of problems, which no route names otherwise.
SCHEMAS: tuple[type[BaseModel], ...] = (ProblemOut, *_MODELS.values())
