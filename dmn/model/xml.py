"""Opens a DMN file's XML safely: no DTD, no entities, no network, bounded in size."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ..errors import DmnFileError, FileFinding
from ..untrusted_xml import UnacceptableXml, parse_untrusted

MAX_BYTES = 5_000_000
MAX_DEPTH = 150
MAX_ELEMENTS = 200_000
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)

Element = etree._Element


def _refuse(file: str, rule: str, message: str, suggestion: str) -> DmnFileError:
    return DmnFileError(file, (FileFinding(None, rule, message, suggestion),))


def parse_xml(xml: bytes, file: str) -> Element:
    """The `definitions` element. Raises DmnFileError."""
    try:
        root = parse_untrusted(
            xml, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH, max_elements=MAX_ELEMENTS
        )
    except UnacceptableXml as error:
        raise _refuse(file, error.rule, error.message, error.suggestion) from None
    if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise _refuse(
            file,
            "dmn-namespace",
            f"the file's first element is {root.tag}, not the definitions of DMN 1.1 to 1.6",
            "Export the file as DMN 1.3 or newer.",
        )
    return root


def local(element: Element) -> str:
    """The element's name without its namespace; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """DMN children of these names, in order."""
    for child in element:
        if local(child) in names and etree.QName(child).namespace in NAMESPACES:
            yield child


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_in(element: Element | None) -> str:
    """The content of the element's `text` child, stripped."""
    if element is None:
        return ""
    holder = child(element, "text")
    return text_of(holder).strip() if holder is not None else ""


def text_of(element: Element) -> str:
    """All text inside the element."""
    return "".join(str(part) for part in element.itertext())


def attribute(element: Element, name: str) -> str:
    value = element.get(name)
    return str(value).strip() if value is not None else ""
