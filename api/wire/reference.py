"""The reference of docs/api.md, made from the OpenAPI document: each route, who may ask for it, what it takes, what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.route_rights import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from api.problems.kind import Kind

BEGIN = "<!-- made by `api.wire.reference.reference_of`; a test holds it -->"
END = "<!-- end of what is made -->"


def reference_of(document: dict[str, Any]) -> str:
    """Return the reference as Markdown, a heading for each route in the document's order."""
    lines = [BEGIN, ""]
    for path, item in document["paths"].items():
        for method, operation in item.items():
            lines += _route(method, path, operation, document)
    return "\n".join([*lines, END]) + "\n"


def errors_of(kinds: Iterable[Kind]) -> str:
    """Return the table of problems as Markdown, by status and name."""
    said = {(kind.status, kind.name): kind.title for kind in kinds}
    rows = (f"| `urn:dondoc:{name}` | {status} | {said[status, name][0]} / {said[status, name][1]} |" for status, name in sorted(said))
    return "\n".join(["| `type` | status | says |", "|---|---|---|", *rows]) + "\n"


def _route(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    yield f"## `{method.upper()} {path}`"
    yield ""
    yield " ".join(operation.get("description", operation.get("summary", "")).split())
    yield ""
    rule = rule_of(method, path)
    if rule is not None:
        yield f"Who may: {rule.words}."
        yield ""
    yield from _parameters(operation, document)
    yield from _body(operation, document)
    yield _answers(operation)
    yield ""


def _parameters(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    given = [one for one in operation.get("parameters", ()) if one["in"] != "cookie"]
    if not given:
        return
    yield "| parameter | in | type | means |"
    yield "|---|---|---|---|"
    for one in given:
        name = f"`{one['name']}`" + (" (required)" if one.get("required") and one["in"] != "path" else "")
        words = one.get("description") or one["schema"].get("description", "")
        yield f"| {name} | {one['in']} | {_type(one['schema'], document)} | {' '.join(words.split())} |"
    yield ""


def _body(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    for media, described in content.items():
        schema = _resolved(described.get("schema", {}), document)
        fields = schema.get("properties", {})
        if not fields:
            yield f"Body: `{media}`."
        else:
            required = set(schema.get("required", ()))
            said = (f"`{name}`" + ("" if name in required else "?") + f" {_type(field, document)}" for name, field in fields.items())
            yield f"Body (`{media}`): {'; '.join(said)}. `?`: may be left out."
        yield ""


def _answers(operation: dict[str, Any]) -> str:
    said = []
    for status, answer in operation["responses"].items():
        media = next(iter(answer.get("content", {}).items()), None)
        named = "" if media is None else (media[1].get("schema", {}).get("$ref", "").rpartition("/")[2] or media[0])
        said.append(f"{status}" + (f" `{named}`" if named else ""))
    return f"Answers: {', '.join(said)}."


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(schema: dict[str, Any], document: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type(one, document) for one in schema["anyOf"])
    resolved = _resolved(schema, document)
    if "enum" in resolved:
        return ", ".join(f"`{value}`" for value in resolved["enum"])
    if "const" in resolved:
        return f"`{resolved['const']}`"
    if resolved.get("type") == "array":
        return f"list of {_type(resolved.get('items', {}), document)}"
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    return str(resolved.get("format") or resolved.get("type") or "any")
