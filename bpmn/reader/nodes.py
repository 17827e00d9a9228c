"""Finding one's way in the XML tree: children by name, zeebe extensions, texts."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bpmn.support import BPMN, ZEEBE

EXTENSIONS = f"{{{BPMN}}}extensionElements"


def local(node: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(node).localname


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The BPMN children of this name."""
    return node.iterchildren(f"{{{BPMN}}}{name}")


def child(node: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child of this name."""
    return next(children(node, name), None)


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """The first zeebe extension element of this name."""
    for around in node.iterchildren(EXTENSIONS):
        for found in around.iterchildren(f"{{{ZEEBE}}}{name}"):
            return found
    return None


def zeebe_children(node: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The zeebe children of this name."""
    return iter(()) if node is None else node.iterchildren(f"{{{ZEEBE}}}{name}")


def properties(node: etree._Element) -> dict[str, str]:
    """The zeebe properties of the element."""
    return {
        item.get("name", ""): item.get("value", "")
        for item in zeebe_children(extension(node, "properties"), "property")
    }


def text(node: etree._Element | None) -> str:
    """The text inside the element, without the space around it."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()
