"""Opens a DMN file's XML safely: no DTD, no entities, no network, bounded in size."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ..errors import DmnFileError, FileFinding

MAX_BYTES = 5_000_000
MAX_DEPTH = 150
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
    if len(xml) > MAX_BYTES:
        raise _refuse(
            file,
            "xml-size",
            f"the file has more than {MAX_BYTES} bytes",
            "Split the decisions over several files.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refuse(
            file, "xml", f"the file is no well-formed XML: {error}", "Save it again in the editor."
        ) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know it not
        raise _refuse(
            file,
            "xml-doctype",
            "the file has a document type declaration (DOCTYPE)",
            "Remove the DOCTYPE; DMN files need none.",
        )
    if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise _refuse(
            file,
            "dmn-namespace",
            f"the file's first element is {root.tag}, not the definitions of DMN 1.1 to 1.6",
            "Export the file as DMN 1.3 or newer.",
        )
    _check_depth(root, file)
    return root


def _check_depth(root: Element, file: str) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise _refuse(
        file,
        "xml-depth",
        f"elements are nested more than {MAX_DEPTH} deep",
        "Split the decision into several.",
    )


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
