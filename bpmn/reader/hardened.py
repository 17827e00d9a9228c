"""XML from strangers: parsed without DTD, entities, network or endless depth and size."""

from __future__ import annotations

from lxml import etree

from bpmn.finding import BpmnFileError, Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 50_000
MAX_DEPTH = 60


def parse(xml: bytes, file: str) -> etree._Element:
    """The root element. Raises BpmnFileError with one finding when the file is not acceptable."""
    if len(xml) > MAX_BYTES:
        raise _refused(file, "file-size", "The file is larger than 2 MB.", "Split the process.")
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
        raise _refused(
            file, "xml", f"The file is not well-formed XML: {error}.", "Save it again."
        ) from None
    doctype: str = getattr(root.getroottree().docinfo, "doctype", "")
    if doctype:
        raise _refused(
            file, "doctype", "The file has a DOCTYPE, which is not allowed.", "Remove it."
        )
    _measure(root, file)
    return root


def _measure(root: etree._Element, file: str) -> None:
    count = 0
    level = [root]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        if depth > MAX_DEPTH:
            raise _refused(
                file, "depth", f"Elements are nested more than {MAX_DEPTH} deep.", "Flatten it."
            )
        if count > MAX_ELEMENTS:
            raise _refused(
                file,
                "element-count",
                f"The file has more than {MAX_ELEMENTS} elements.",
                "Split it.",
            )
        level = [child for element in level for child in element]


def _refused(file: str, rule: str, message: str, suggestion: str) -> BpmnFileError:
    return BpmnFileError([Finding(file, None, rule, "error", message, suggestion)])
