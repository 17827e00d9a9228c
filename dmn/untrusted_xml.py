"""XML from strangers, for every room that reads it: no DTD, no entities, no network, bounded in
size, depth and number of elements."""

from __future__ import annotations

from lxml import etree

Element = etree._Element


class UnacceptableXml(Exception):
    """The file is not well-formed, or more than the limits allow."""

    def __init__(self, rule: str, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.suggestion = suggestion


def parse_untrusted(xml: bytes, *, max_bytes: int, max_depth: int, max_elements: int) -> Element:
    """The root element. Raises `UnacceptableXml`."""
    if len(xml) > max_bytes:
        raise UnacceptableXml(
            "file-size", f"The file is larger than {max_bytes} bytes.", "Split it into several."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnacceptableXml(
            "xml", f"The file is not well-formed XML: {error}.", "Save it again in the editor."
        ) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise UnacceptableXml("doctype", "The file has a DOCTYPE, which is refused.", "Remove it.")
    _measure(root, max_depth, max_elements)
    return root


def _measure(root: Element, max_depth: int, max_elements: int) -> None:
    count, depth = 0, 0
    level = [root]
    while level:
        depth += 1
        count += len(level)
        if depth > max_depth:
            raise UnacceptableXml(
                "depth", f"Elements are nested more than {max_depth} deep.", "Flatten it."
            )
        if count > max_elements:
            raise UnacceptableXml(
                "element-count", f"The file has more than {max_elements} elements.", "Split it."
            )
        level = [child for element in level for child in element]
