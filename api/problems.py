"""Problem details (RFC 9457): the one shape of every answer that is not a success."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from api.fields import Integer, Json, Many, Part, Text
from api.shapes import Answer
from api.texts import DETAILS, TITLES, Language, pick

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:rihla:problem:"


class FindingAnswer(Answer):
    """What is wrong in one element of one file."""

    file = Text()
    element_id = Text(allow_none=True)
    rule = Text()
    severity = Text(metadata={"enum": ["error", "warning"]})
    message = Text()
    suggestion = Text(allow_none=True)


class Problem(Answer):
    """RFC 9457 problem details; with 422 `errors` names fields, `findings` faulty files."""

    type = Text(metadata={"format": "uri-reference"})
    title = Text()
    status = Integer(low=400, high=599)
    detail = Text(high=4000)
    request_id = Text(metadata={"description": "Tell it to support; the log has the same."})
    reason = Text(
        high=4000,
        metadata={
            "always": False,
            "description": "The refusing part's own words; in English where it has no others.",
        },
    )
    errors = Json(
        metadata={
            "always": False,
            "description": "Field path → messages in the caller's language.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    )
    findings = Many(Part(FindingAnswer), metadata={"always": False})


def problem(
    status: int,
    code: str,
    language: Language,
    request_id: str,
    *,
    detail: str | None = None,
    reason: str | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    findings: Sequence[Mapping[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for problem `code` of `api.texts.TITLES`, worded in `language`.

    `detail` names another text of `api.texts.DETAILS` than the code's own.
    """
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + code,
        "title": pick(TITLES[code], language),
        "status": status,
        "detail": pick(DETAILS[detail or code], language),
        "request_id": request_id,
    }
    if reason:
        body["reason"] = reason
    if errors is not None:
        body["errors"] = {path: list(messages) for path, messages in errors.items()}
    if findings is not None:
        body["findings"] = list(findings)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status=status, content_type=MEDIA_TYPE)
    response.headers.extend(headers or {})
    return response
