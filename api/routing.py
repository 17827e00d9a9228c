"""The path parameters of the API."""

from __future__ import annotations

from werkzeug.routing import BaseConverter

_CODE = r"[A-Za-z0-9_][A-Za-z0-9_.:\-]{0,99}"
CODE_PATTERN = f"^{_CODE}$"


class CodeConverter(BaseConverter):
    """An id, key or code in a path: nothing that a database could refuse gets past the router."""

    regex = _CODE
