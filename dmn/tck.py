"""Runs the tests of the DMN Technology Compatibility Kit: its XML test files beside DMN files.

A test case is one result: it passes when every result node in it is as expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from .comparison import equals
from .errors import DmnError, DmnFileError, FeelError
from .feel_types import UnknownTypeError
from .model import Definitions, read_leniently
from .temporal_text import parse_date, parse_date_time, parse_duration, parse_time
from .values import Value

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1E-8")
Element = etree._Element


@dataclass(frozen=True)
class TckReport:
    """`failures` are 'file:case:result' lines."""

    passed: int
    total: int
    failures: tuple[str, ...]


def run_tck(path: Path) -> TckReport:
    """Runs every TCK test file at or below `path`. Raises DmnError when there is none."""
    files = sorted(_test_files(path))
    if not files:
        raise DmnError(f"{path}: there is no TCK test file here or below")
    passed = total = 0
    failures: list[str] = []
    for file in files:
        for case, wrong in _run_file(file):
            total += 1
            passed += not wrong
            failures.extend(f"{file.name}:{case}:{result}" for result in wrong)
    return TckReport(passed, total, tuple(failures))


def _test_files(path: Path) -> Iterator[Path]:
    for file in [path] if path.is_file() else path.rglob("*.xml"):
        if b"<testCases" in (head := file.read_bytes()[:4000]) or b":testCases" in head:
            yield file


def _parse(file: Path) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        return etree.fromstring(file.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise DmnError(f"{file}: the test file is no well-formed XML: {error}") from None


def _children(element: Element, name: str) -> Iterator[Element]:
    for child in element:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name:
            yield child


def _run_file(file: Path) -> Iterator[tuple[str, list[str]]]:
    """Each case's id and what went wrong in it."""
    root = _parse(file)
    name = next((node.text or "" for node in _children(root, "modelName")), "")
    try:
        model = _load(file.parent / Path(name.strip()).name)
    except (DmnError, OSError) as error:
        model = None
        reason = str(error)
    for case in _children(root, "testCase"):
        identifier = case.get("id", "?")
        if model is None:
            yield identifier, [reason]
        else:
            yield identifier, list(_wrong_results(model, case))


def _load(file: Path) -> Definitions:
    """Reads a model with whatever it imports from its folder."""
    imports: dict[str, Definitions] = {}
    waiting = {
        other: other.read_bytes() for other in sorted(file.parent.glob("*.dmn")) if other != file
    }
    while waiting:
        before = len(waiting)
        for other, content in list(waiting.items()):
            try:
                definitions, findings = read_leniently(content, file=other.name, imports=imports)
            except DmnFileError:
                del waiting[other]
                continue
            if not any(finding.rule == "missing-import" for finding in findings):
                imports[definitions.namespace] = definitions
                del waiting[other]
        if len(waiting) == before:
            break
    return read_leniently(file.read_bytes(), file=file.name, imports=imports)[0]


def _wrong_results(model: Definitions, case: Element) -> Iterator[str]:
    context: dict[str, object] = {}
    for node in _children(case, "inputNode"):
        context[node.get("name", "")] = _value(node)
    service = case.get("invocableName") if case.get("type") == "decisionService" else None
    for node in _children(case, "resultNode"):
        name = node.get("name", "")
        try:
            if service:
                result = model.evaluate_service(service, context).value
                if isinstance(result, dict) and name in result:
                    result = result[name]
            else:
                result = model.evaluate(name, context).value
        except DmnError as error:
            yield f"{name} ({error})"
            continue
        expected = next((_value(e) for e in _children(node, "expected")), None)
        if not _alike(result, expected):
            yield f"{name} (expected {expected}, got {result})"


def _value(element: Element) -> Value:
    """The value written in a test file."""
    for listed in _children(element, "list"):
        return [_value(item) for item in _children(listed, "item")]
    components = list(_children(element, "component"))
    if components:
        return {component.get("name", ""): _value(component) for component in components}
    for value in _children(element, "value"):
        return _simple(value)
    return None


def _simple(element: Element) -> Value:
    if element.get(_NIL) == "true":
        return None
    text = element.text or ""
    kind = (element.get(_TYPE) or "").rpartition(":")[2]
    try:
        return _typed(text, kind)
    except (FeelError, InvalidOperation, UnknownTypeError) as error:
        raise DmnError(f"the test file holds {text!r} as {kind}: {error}") from None


def _typed(text: str, kind: str) -> Value:  # noqa: PLR0911 - one return per kind
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    if kind == "date":
        return parse_date(text.strip())
    if kind == "time":
        return parse_time(text.strip())
    if kind == "dateTime":
        return parse_date_time(text.strip())
    if kind == "duration":
        return parse_duration(text.strip())
    return text


def _alike(result: Value, expected: Value) -> bool:
    if isinstance(result, Decimal) and isinstance(expected, Decimal):
        return abs(result - expected) <= _TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(result, list) and isinstance(expected, list):
        return len(result) == len(expected) and all(map(_alike, result, expected))
    if isinstance(result, dict) and isinstance(expected, dict):
        return result.keys() == expected.keys() and all(
            _alike(value, expected[key]) for key, value in result.items()
        )
    return equals(result, expected) is True
