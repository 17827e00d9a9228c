"""A diagram's XML, parsed as anything from strangers is, with the limits of a diagram."""

from __future__ import annotations

from lxml import etree

from bpmn.finding import BpmnFileError, Finding
from dmn.untrusted_xml import UnacceptableXml, parse_untrusted

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 50_000
MAX_DEPTH = 60


def parse(xml: bytes, file: str) -> etree._Element:
    """The root element. Raises BpmnFileError with one finding when the file is not acceptable."""
    try:
        return parse_untrusted(
            xml, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH, max_elements=MAX_ELEMENTS
        )
    except UnacceptableXml as error:
        finding = Finding(file, None, error.rule, "error", error.message, error.suggestion)
        raise BpmnFileError([finding]) from None
