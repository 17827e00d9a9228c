"""What all parts of one DMN file need while it is read: types, names, functions, findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from ..cursor import Cursor
from ..errors import DmnError, FeelSyntaxError, FileFinding
from ..feel_types import ANY, BUILT_IN, FeelType, type_of
from ..lexis import NameTable, normal_name
from ..type_syntax import read_type
from ..values import Function
from .xml import Element, attribute, local

if TYPE_CHECKING:
    from .definitions import Definitions

_NAMED = ("variable", "itemComponent", "contextEntry", "column", "output", "formalParameter")


class Workshop:
    """Collects findings instead of stopping at the first."""

    def __init__(self, root: Element, functions: Mapping[str, Function]) -> None:
        self.root = root
        self.functions = functions
        self.types: dict[str, FeelType] = {}
        self.findings: list[FileFinding] = []
        self.imports: dict[str, Definitions] = {}
        self.members = NameTable(_member_names(root))

    def finding(self, element: Element, rule: str, message: str, suggestion: str) -> None:
        self.findings.append(FileFinding(owner_id(element), rule, message, suggestion))

    def syntax_finding(self, element: Element, error: FeelSyntaxError, what: str) -> None:
        self.finding(
            element,
            "feel-syntax",
            f"{what}: {error}",
            "Correct the FEEL text there.",
        )

    def type(self, element: Element, reference: str) -> FeelType:
        """The type a typeRef names; a finding and Any when there is none."""
        if not reference:
            return ANY
        found = self._lookup(element, reference)
        if found is None:
            self.finding(
                element,
                "unknown-type",
                f"there is no type {reference!r}",
                "Define it as an item definition, or choose one of FEEL's types.",
            )
            return ANY
        return found

    def _lookup(self, element: Element, reference: str) -> FeelType | None:
        known = self.types.get(reference) or BUILT_IN.get(reference)
        if known is not None:
            return known
        if ":" in reference and "<" not in reference:
            prefix, _, name = reference.partition(":")
            namespace = element.nsmap.get(prefix)
            for definitions in self.imports.values():
                if definitions.namespace == namespace:
                    return definitions.types.get(name)
            return self.types.get(name) or BUILT_IN.get(name)
        try:
            cursor = Cursor(reference, NameTable(), NameTable())
            written = read_type(cursor)
            return type_of(written, self.types) if cursor.at_end() else None
        except DmnError:
            return None


def owner_id(element: Element) -> str | None:
    """The id of the element or of the nearest one around it that has one."""
    at: Element | None = element
    while at is not None:
        found = attribute(at, "id")
        if found:
            return found
        at = at.getparent()
    return None


def _member_names(root: Element) -> list[str]:
    """Every name in the file that may be a member of a context."""
    names: set[str] = set()
    for element in root.iter(etree.Element):
        name = attribute(element, "name")
        if name and local(element) in _NAMED:
            names.add(normal_name(name))
    return sorted(names)
