"""
Examples in the document: a body for each route that takes one, and an answer for each that sends one.

Bodies are written by hand, by the name of their schema; answers are made from the schema itself, their texts by the name of the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.wire.example_bodies import BODIES

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = "application/json"
#: By the name of the field; what is not here is told by its type.
VALUES: dict[str, Any] = {
    "actor": "c3",
    "actor_key": "officer.so-noi-vu",
    "authority": "quang-nam",
    "authority_name": "UBND tỉnh Quảng Nam",
    "basis": "CV 12/SNV ngày 01/04/2026",
    "calendar_version": "5b1f0c7d2e3a",
    "cancelled": 0,
    "contact": "officer.xa-1",
    "deputy": "",
    "detail": "Không có đơn vị mang mã này mà anh/chị được xem.",
    "email": "canbo@tinh.invalid",
    "etag": '"4"',
    "exempt": "",
    "group": "xa",
    "header_id": "<6f2c@thu.invalid>",
    "issuer": "UBND thành phố",
    "item": "bao-cao",
    "key": "xa-1",
    "language": "vi",
    "level": "commune",
    "mailbox": "vanthu@xa-1.invalid",
    "media_type": "application/pdf",
    "name": "UBND xã Bình Minh",
    "next_cursor": None,
    "party": "xa-1",
    "party_name": "UBND xã Bình Minh",
    "phone": "0270 3822 000",
    "plan": "quang-nam-2023",
    "problem": None,
    "reason": "vì mưa lũ",
    "role": "officer",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "signed": "KH 5484/KH-UBND",
    "source": "QĐ 3323/QĐ-UBND",
    "stage": "tu-cham",
    "status": "Quá hạn",
    "status_en": "overdue",
    "subject": "2026-Q1",
    "superior": "ubnd",
    "svg": "<svg/>",
    "text": "kế hoạch nộp lại sau khi chỉnh sửa",
    "title": "Tự đánh giá, chấm điểm",
    "title_en": "Self-assessment",
    "token": "dondoc_a1b2c3",
    "unit": "xa-1",
    "uri": "otpauth://totp/dondoc:canbo@tinh.invalid",
    "user_agent": "Firefox",
    "version": "5b1f0c7d2e3a",
    "where": "plan:12:3",
    "words": "trước ngày 20 tháng cuối quý",
    "yaml": "format: 1\n",
    "year": 2026,
    "zone": "Asia/Ho_Chi_Minh",
}
_BY_FORMAT = {"date": "2026-04-15", "time": "08:00:00", "date-time": "2026-03-19T17:00:00+00:00"}
_BY_TYPE: dict[str, Any] = {"string": "", "integer": 1, "number": 1.0, "boolean": False, "null": None}


def add_examples(document: dict[str, Any]) -> None:
    """Give every JSON body, and every JSON answer of a success, in an OpenAPI document its example."""
    for content in _contents(document):
        schema = content.get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        content.setdefault("example", BODIES[name] if name in BODIES else sample(schema, document))


def _contents(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        for operation in item.values():
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for one in (operation.get("requestBody", {}), *answers):
                if JSON in one.get("content", {}):
                    yield one["content"][JSON]


def sample(schema: dict[str, Any], document: dict[str, Any], *, name: str = "") -> Any:  # noqa: ANN401  any JSON value
    """Return a value that a schema takes: of a field by its name where that is known, else the schema's own example, else by its type."""
    if "$ref" in schema:
        return sample(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document, name=name)
    if "anyOf" in schema:
        return _one_of(schema["anyOf"], document, name=name)
    if "properties" in schema:
        return {field: sample(one, document, name=field) for field, one in schema["properties"].items()}
    if "enum" in schema:
        return VALUES[name] if VALUES.get(name) in schema["enum"] else schema["enum"][0]
    kind = schema.get("type", "")
    if kind == "array":
        return [sample(schema["items"], document)]
    if kind == "object":
        return _mapping(schema, document)
    return _plain(schema, name=name)


def _one_of(forms: list[dict[str, Any]], document: dict[str, Any], *, name: str) -> Any:  # noqa: ANN401  any JSON value
    """Return nothing where that is what is usual, else a value of the first form."""
    return None if name in VALUES and VALUES[name] is None else sample(forms[0], document, name=name)


def _mapping(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return one entry of a mapping: its key is one that the schema names, else a year."""
    inner = schema.get("additionalProperties", True)
    key = sample(schema["propertyNames"], document) if "propertyNames" in schema else "2026"
    return {str(key) or "plan.due": sample(inner, document)} if isinstance(inner, dict) else {}


def _plain(schema: dict[str, Any], *, name: str) -> Any:  # noqa: ANN401  any JSON value
    if "const" in schema:
        return schema["const"]
    known, usual = VALUES.get(name), _BY_TYPE.get(schema.get("type", ""))
    if "examples" in schema:
        return schema["examples"][0]
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return known if known is not None and type(known) is type(usual) else usual
