"""Writes `docs/api-reference.md` from the OpenAPI description: `python -m api.reference`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
FILE = Path(__file__).resolve().parent.parent / "docs" / "api-reference.md"

_HEAD = """# API reference

Made from the OpenAPI description of the product (`python -m api.reference`); a test keeps it
current. The machine-readable original is served at `/api/v1/openapi.json`.

Every call but signing in, health and the description itself needs the header
`Authorization: Bearer <token>` with a token of `POST /api/v1/auth/token`. Times are ISO 8601 in
UTC, ids are opaque texts. Lists answer `items` and `next_cursor`; pass the latter as `cursor` for
the next page. Every answer that is no success is `application/problem+json` (RFC 9457) in Arabic,
or in English with `Accept-Language: en`. Statuses 500 and 503 are possible everywhere and left out
below.
"""


def reference(description: Mapping[str, Any]) -> str:
    """The reference as Markdown; `description` is the OpenAPI document."""
    return "\n".join(_lines(description)).rstrip() + "\n"


def _lines(description: Mapping[str, Any]) -> Iterator[str]:
    yield _HEAD
    by_tag: dict[str, list[tuple[str, str, Mapping[str, Any], list[Any]]]] = {}
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                for tag in item[method]["tags"]:
                    row = (method, path, item[method], item.get("parameters", []))
                    by_tag.setdefault(tag, []).append(row)
    for tag in description["tags"]:
        operations = by_tag.get(tag["name"], [])
        if operations:
            yield f"## {tag['name'].capitalize()}\n"
            yield f"{tag['description']}\n"
        for method, path, operation, shared in operations:
            yield from _operation(method, path, operation, shared)
    yield "## Shapes\n"
    for name, schema in sorted(description["components"]["schemas"].items()):
        yield f"### {name}\n"
        yield from _fields(schema)


def _operation(
    method: str, path: str, operation: Mapping[str, Any], shared: list[Any]
) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n"
    yield f"{operation['summary']}\n"
    if operation.get("security") == []:
        yield "No token needed.\n"
    parameters = [
        p for p in [*shared, *operation.get("parameters", [])] if p["name"] != "Accept-Language"
    ]
    if parameters:
        yield "| parameter | in | type | |"
        yield "|---|---|---|---|"
        for p in parameters:
            about = p.get("description", p["schema"].get("description", ""))
            must = "required. " if p.get("required") else ""
            yield f"| `{p['name']}` | {p['in']} | {_type(p['schema'])} | {must}{about} |"
        yield ""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Body: {_type(content['schema'])} as `{media}`\n"
    answers = []
    for status, answer in sorted(operation["responses"].items()):
        if status in ("500", "503"):
            continue
        content = answer.get("content", {})
        shapes = [f"{_type(c['schema'])} as `{media}`" for media, c in content.items()]
        answers.append(f"`{status}` {', '.join(shapes)}".rstrip())
    yield "Answers: " + " · ".join(answers) + "\n"


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    required = set(schema.get("required", ()))
    yield "| field | type | |"
    yield "|---|---|---|"
    for name, field in schema.get("properties", {}).items():
        must = "" if name in required else "optional. "
        yield f"| `{name}` | {_type(field)} | {must}{field.get('description', '')} |"
    yield ""


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_type(part) for part in schema[several])
    kinds = schema.get("type", "any")
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    if "enum" in schema:
        words = ", ".join(f"`{value}`" for value in schema["enum"] if value is not None)
        return words + (" or null" if "null" in listed else "")
    if "array" in listed and "items" in schema:
        return f"list of {_type(schema['items'])}" + (" or null" if "null" in listed else "")
    text = " or ".join(listed)
    form = schema.get("format")
    bounds = _bounds(schema)
    return text + (f" ({form})" if form else "") + (f" {bounds}" if bounds else "")


def _bounds(schema: Mapping[str, Any]) -> str:
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum")):
        if low in schema or high in schema:
            return f"{schema.get(low, '')}–{schema.get(high, '')}"
    return ""


def _write() -> None:
    """Write the file anew from the routes; no database is opened for it."""
    from api.app import describe

    FILE.write_text(reference(describe()), "utf-8")


if __name__ == "__main__":
    _write()
