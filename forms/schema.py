"""A form handed over as JSON, made a Form again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forms.compiler import compile_form
from forms.form import Form


def compile_schema(schema: Mapping[str, Any]) -> Form:
    """The form of a `Form.schema`; compiled once per process. Raises FormFileError."""
    content = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    return compile_form(content.encode(), file=f"{schema.get('id', 'form')}.form")
