"""From a form file to a Form: form-js JSON read by allow-list, everything wrong told at once."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from dmn import BuiltinFunction, FileFinding
from forms.components import Reader
from forms.errors import FormFileError
from forms.findings import Findings
from forms.form import Form
from forms.reading import Unreadable, read_json
from forms.scope import Scope
from forms.support import HARMLESS_TOP_LEVEL, TOP_LEVEL

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}", re.ASCII)
_CACHE_SIZE = 256
_cache: OrderedDict[tuple[str, int], Form] = OrderedDict()
_cache_lock = Lock()


def compile_form(
    content: bytes,
    *,
    file: str,
    functions: Mapping[str, BuiltinFunction] | None = None,
    sources: Iterable[str] | None = None,
) -> Form:
    """The form in `content`; the same content is compiled once per process.

    `functions` are host functions that its FEEL may call; with `sources` given, a field that names
    another source is a finding. Raises FormFileError with every finding.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    slot = (sha256, id(functions) if functions else 0)
    with _cache_lock:
        form = _cache.get(slot)
        if form is not None:
            _cache.move_to_end(slot)
    if form is None:
        form = _compile(content, file, sha256, functions)
        with _cache_lock:
            _cache[slot] = form
            while len(_cache) > _CACHE_SIZE:
                _cache.popitem(last=False)
    if sources is not None:
        _check_sources(form, frozenset(sources), file)
    return form


def _compile(
    content: bytes, file: str, sha256: str, functions: Mapping[str, BuiltinFunction] | None
) -> Form:
    try:
        schema = read_json(content)
    except Unreadable as error:
        finding = FileFinding(
            None, "unreadable", str(error), "export the form again as form-js JSON"
        )
        raise FormFileError(file, [finding]) from error
    findings = Findings()
    _check_top(schema, findings)
    reader = Reader(findings, functions)
    components = schema.get("components")
    nodes = reader.level(components if isinstance(components, list) else [], None)
    scope = Scope(nodes)
    _check_circles(scope, findings)
    if findings:
        raise FormFileError(file, findings.all())
    title_ar, title_en = reader.title
    return Form(
        id=schema["id"],
        sha256=sha256,
        schema=schema,
        title_ar=title_ar or schema["id"],
        title_en=title_en or schema["id"],
        scope=scope,
    )


def _check_top(schema: Mapping[str, Any], findings: Findings) -> None:
    if not isinstance(schema.get("id"), str) or _ID.fullmatch(schema["id"]) is None:
        findings.add(
            None,
            "form_id",
            "the form has no usable id",
            "give it an id of Latin letters, digits and _",
        )
    if schema.get("type") not in (None, "default"):
        findings.add(
            None, "form_type", "the form's type is not 'default'", "export it from a form-js editor"
        )
    if not isinstance(schema.get("components"), list):
        findings.add(None, "no_components", "the form has no list of components", "add components")
    for name in schema:
        if name not in TOP_LEVEL and name not in HARMLESS_TOP_LEVEL:
            findings.add(
                None,
                "unknown_attribute",
                f"the form's attribute {name!r} is not known",
                "remove it",
            )


def _check_circles(scope: Scope, findings: Findings) -> None:
    for one in (scope, *(node.rows for node in scope.nodes if node.rows is not None)):
        if one.circle:
            findings.add(
                one.circle[0],
                "visibility_circle",
                f"the visibility of {', '.join(one.circle)} depends on itself in a circle",
                "let one of them be shown always",
            )


def _check_sources(form: Form, sources: frozenset[str], file: str) -> None:
    findings = [
        FileFinding(
            path,
            "unknown_source",
            f"nothing offers the source {source!r}",
            f"use one of: {', '.join(sorted(sources))}",
        )
        for path, (source, _) in form.references().items()
        if source not in sources
    ]
    if findings:
        raise FormFileError(file, findings)
