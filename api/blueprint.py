"""One decorator that makes a function an operation: route, parsing, answer, and their OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import flask_smorest  # type: ignore[import-untyped]  # the package ships no types
import marshmallow as ma

from api.reading import RequestParser

View = TypeVar("View", bound=Callable[..., Any])

IDEMPOTENCY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": (
        "Any text of the caller's. The same key and body again within 30 days give the first "
        "answer again; the same key with another body is refused with 422."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
LANGUAGE_PARAMETER = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "ar (default) or en: the language of titles, details and field messages.",
    "schema": {"type": "string", "enum": ["ar", "en"]},
}


WITH_ANY_PASSWORD = frozenset({"get_me", "change_password", "sign_out", "metrics"})
"""Operations answered also while the caller's password is the one that somebody else made."""


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # its base has no types
    """A group of operations; every one declares what it takes and every status it may answer."""

    ARGUMENTS_PARSER = RequestParser(unknown=ma.RAISE)

    def operation(
        self,
        method: str,
        rule: str,
        *,
        returns: type[ma.Schema] | dict[str, Any] | None,
        status: int = 200,
        also: tuple[int, ...] = (),
        media_type: str | None = None,
        body: type[ma.Schema] | None = None,
        query: type[ma.Schema] | None = None,
        problems: tuple[int, ...] = (),
        idempotent: bool = False,
        public: bool = False,
        doc: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Register the decorated function as `method rule`.

        `returns` is the schema of the answer (None: no body; a dict: an OpenAPI schema of an
        answer that the view builds itself), `also` further success statuses with the same body,
        `problems` the statuses beside 401, 403, 500, 503 and those that follow from `body`, `query`
        and path parameters. The view gets `body` and `query` as keyword arguments.
        """
        statuses = {500, 503, *problems}
        if not public:
            statuses.add(401)
        if "<" in rule:
            statuses.add(404)
        if body is not None:
            statuses |= {400, 413, 415}
        if body is not None or query is not None or idempotent:
            statuses.add(422)
        parameters = [LANGUAGE_PARAMETER, *([IDEMPOTENCY_PARAMETER] if idempotent else [])]

        def decorate(view: View) -> View:
            if not public and view.__name__ not in WITH_ANY_PASSWORD:
                statuses.add(403)
            documented: Any = view
            for other in sorted(statuses):
                documented = self.alt_response(other, HTTPStatus(other).name)(documented)
            for other in also:
                documented = self.alt_response(other, schema=returns, success=True)(documented)
            wrapped: Any = view
            # Only what they say: each of the wrappers would be called with every request.
            wrapped._apidoc = documented._apidoc
            wrapped = self.response(status, returns, content_type=media_type)(wrapped)
            # Instances: of a class every request would build the schema anew.
            if query is not None:
                wrapped = self.arguments(query(), location="query", arg_name="query")(wrapped)
            if body is not None:
                wrapped = self.arguments(body(), location="json", arg_name="body")(wrapped)
            wrapped = self.doc(
                operationId=view.__name__,
                **({"security": []} if public else {}),
                **(doc or {}),
            )(wrapped)
            self.route(rule, methods=[method], parameters=None, endpoint=view.__name__)(wrapped)
            self.header_parameters.setdefault(view.__name__, parameters)
            return view

        return decorate

    @property
    def header_parameters(self) -> dict[str, list[dict[str, Any]]]:
        """Header parameters by operation; the parser would refuse other headers if it read them."""
        held: dict[str, list[dict[str, Any]]] = self.__dict__.setdefault("_header_parameters", {})
        return held

    def _prepare_header_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], **_context: Any
    ) -> dict[str, Any]:
        name = doc_info.get("manual_doc", {}).get("operationId", "")
        doc.setdefault("parameters", []).extend(self.header_parameters.get(name, []))
        return doc

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(self._prepare_header_doc)
