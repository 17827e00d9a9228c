"""Reads the files of a multipart request: those to be published, and a document of a case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from api.context import parts
from api.fields import UNSTORABLE
from api.reading import FieldErrors
from api.routing import CODE_PATTERN
from engine.attachment_words import LONGEST_NOTE
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

DOCUMENT_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "A PDF, a JPEG or PNG picture, a .docx or a .xlsx file.",
                    },
                    "note": {"type": "string", "maxLength": LONGEST_NOTE},
                    "task_id": {
                        "type": "string",
                        "pattern": CODE_PATTERN,
                        "description": "The task of the case that it belongs to.",
                    },
                },
                "required": ["file"],
                "additionalProperties": False,
            }
        }
    },
}
"""The OpenAPI request body of the operations that call `read_document`."""


@dataclass(frozen=True)
class Document:
    """One file that was sent for a case, and what was written beside it."""

    filename: str
    content: bytes
    note: str
    task_id: str | None

    def body(self) -> Any:
        """What makes two uploads the same request."""
        digest = hashlib.sha256(self.content).hexdigest()
        return [self.filename, digest, self.note, self.task_id]


def read_upload() -> tuple[tuple[SourceFile, ...], str]:
    """The uploaded files and the note.

    Raises `FieldErrors` without files, with too many, with other fields, or a name that is no
    plain file name; `UnsupportedMediaType` when the request is no multipart one.
    """
    errors = _begin("files", ["note"])
    uploads = request.files.getlist("files")
    note = request.form.get("note", "")
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


def read_document() -> Document:
    """The one file of the request with its note and task.

    Raises `FieldErrors` for anything but one file, for other fields and for texts that cannot be
    stored; `UnsupportedMediaType` when the request is no multipart one.
    """
    errors = _begin("file", ["note", "task_id"])
    uploads = request.files.getlist("file")
    note = request.form.get("note", "")
    task_id = request.form.get("task_id")
    if len(uploads) != 1:
        errors["file"] = ["one_file"]
    if UNSTORABLE.search(note):
        errors["note"] = ["characters"]
    if task_id is not None and not re.fullmatch(CODE_PATTERN, task_id):
        errors["task_id"] = ["pattern"]
    if errors:
        raise FieldErrors(errors)
    (upload,) = uploads
    return Document(upload.filename or "", upload.stream.read(), note, task_id)


def _begin(files: str, fields: Iterable[str]) -> dict[str, list[str]]:
    """Let the larger limit count; what is wrong with the names of the request's parts."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    request.max_content_length = parts().settings.upload_limit_mb * 1024 * 1024
    known = {files, *fields}
    errors = {name: ["unknown"] for name in {*request.form, *request.files} - known}
    errors |= {name: ["string"] for name in fields if name in request.files}
    return errors
