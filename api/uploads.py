"""Reads the files of a multipart request."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from api.context import parts
from api.fields import UNSTORABLE
from api.reading import FieldErrors
from engine.source_files import MAX_FILES, SourceFile

MAX_NAME = 200
MAX_NOTE = 2000

BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "minItems": 1,
                        "maxItems": MAX_FILES,
                        "description": "Files named *.bpmn, *.dmn or *.form.",
                    },
                    "note": {"type": "string", "maxLength": MAX_NOTE},
                },
                "required": ["files"],
                "additionalProperties": False,
            }
        }
    },
}
"""The OpenAPI request body of the operations that call `read_upload`."""


def read_upload() -> tuple[tuple[SourceFile, ...], str]:
    """The uploaded files and the note.

    Raises `FieldErrors` without files, with too many, with other fields, or a name that is no
    plain file name; `UnsupportedMediaType` when the request is no multipart one.
    """
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    request.max_content_length = parts().settings.upload_limit_mb * 1024 * 1024
    uploads = request.files.getlist("files")
    note = request.form.get("note", "")
    errors: dict[str, list[str]] = {}
    for name in {*request.form, *request.files} - {"files", "note"}:
        errors[name] = ["unknown"]
    if "note" in request.files:
        errors["note"] = ["string"]
    if not uploads:
        errors["files"] = ["no_files"]
    elif len(uploads) > MAX_FILES:
        errors["files"] = [f"length|min=1|max={MAX_FILES}"]
    if len(note) > MAX_NOTE:
        errors["note"] = [f"length|min=0|max={MAX_NOTE}"]
    elif UNSTORABLE.search(note):
        errors["note"] = ["characters"]
    for index, upload in enumerate(uploads[: MAX_FILES + 1]):
        name = upload.filename or ""
        if not 1 <= len(name) <= MAX_NAME:
            errors[f"files.{index}"] = [f"length|min=1|max={MAX_NAME}"]
        elif UNSTORABLE.search(name) or "/" in name or "\\" in name:
            errors[f"files.{index}"] = ["pattern"]
    if errors:
        raise FieldErrors(errors)
    return tuple(SourceFile(str(u.filename), u.stream.read()) for u in uploads), note


def upload_body(files: tuple[SourceFile, ...], note: str) -> Any:
    """What makes two uploads the same request: names, contents and note, not the boundary."""
    return [note, [[file.name, hashlib.sha256(file.content).hexdigest()] for file in files]]
