"""The page for people whose request was refused before it reached the pages: no template, no
database, no session, because every one of them may be what is overloaded."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from flask import Response

from api.texts import Language

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<h1>{title}</h1>
<p>{detail}</p>
<p><small>{request_id}</small></p>
</html>
"""


def page(
    status: int,
    words: tuple[str, str],
    language: Language,
    request_id: str,
    headers: Mapping[str, str],
) -> Response:
    """The page that says `words`: a title, and what to do."""
    title, detail = words
    text = _PAGE.format(
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        title=escape(title),
        detail=escape(detail),
        request_id=escape(request_id),
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers.extend({"Content-Security-Policy": "default-src 'none'", **headers})
    return response
