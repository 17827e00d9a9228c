"""The allow-list at work: every element and attribute is run, harmless or refused."""

from __future__ import annotations

from lxml import etree

from bpmn.reader.notes import Notes
from bpmn.support import (
    ANY,
    BPMN,
    HARMLESS_ATTRIBUTES,
    HARMLESS_ELEMENTS,
    HARMLESS_NAMESPACES,
    HARMLESS_ZEEBE,
    REFUSED,
    REFUSED_ATTRIBUTES,
    REFUSED_ZEEBE,
    RUN,
    RUN_ZEEBE,
    ZEEBE,
    Refusal,
    Tag,
)

_UNKNOWN = Refusal("nothing here knows it, so it would not run", "Remove it.")


def check_allowed(root: etree._Element, notes: Notes) -> None:
    """Adds a finding for every element and attribute below `root` that is refused."""
    todo = [root]
    while todo:
        node = todo.pop()
        notes.tick()
        if _passes(node, notes):
            todo.extend(reversed(node))


def nearest_id(node: etree._Element | None) -> str | None:
    """The id of the element, or of the nearest one around it that has one."""
    while node is not None:
        found = node.get("id")
        if found:
            return found
        node = node.getparent()
    return None


def _passes(node: etree._Element, notes: Notes) -> bool:
    """Whether the children of `node` are to be looked at."""
    if not isinstance(node.tag, str):
        notes.error(nearest_id(node), "entity", "The file has an entity.", "Write the text itself.")
        return False
    name = etree.QName(node)
    if name.namespace in HARMLESS_NAMESPACES:
        return False
    if name.namespace == BPMN:
        if name.localname == "process" and node.get("isExecutable") != "true":
            return False
        if name.localname in HARMLESS_ELEMENTS:
            return False
        return _known(node, RUN.get(name.localname), REFUSED.get(name.localname), notes)
    if name.namespace == ZEEBE:
        if name.localname in HARMLESS_ZEEBE:
            return False
        tag = RUN_ZEEBE.get(name.localname)
        if _known(node, tag, REFUSED_ZEEBE.get(name.localname), notes) and tag is not None:
            _check_place(node, tag, notes)
            return True
        return False
    _refuse(
        node,
        Refusal(f"it belongs to another tool ({name.namespace})", "Use the zeebe elements."),
        notes,
    )
    return False


def _known(node: etree._Element, tag: Tag | None, refusal: Refusal | None, notes: Notes) -> bool:
    if tag is None:
        _refuse(node, refusal or _UNKNOWN, notes)
        return False
    for raw, value in node.attrib.items():
        _check_attribute(node, tag, str(raw), str(value), notes)
    return True


def _check_attribute(
    node: etree._Element, tag: Tag, raw: str, value: str, notes: Notes
) -> None:
    name = etree.QName(raw)
    if name.namespace in HARMLESS_NAMESPACES:
        return
    if name.namespace == ZEEBE and name.localname in HARMLESS_ATTRIBUTES:
        return
    if name.namespace is None:
        if name.localname in tag.run:
            return
        allowed = tag.harmless.get(name.localname)
        if allowed is not None and (allowed == ANY or value in allowed):
            return
    refusal = REFUSED_ATTRIBUTES.get(name.localname, _UNKNOWN)
    notes.error(
        nearest_id(node),
        "attribute",
        f'The attribute {name.localname}="{value}" of {_name(node)} is refused: {refusal.reason}.',
        refusal.suggestion,
    )


def _check_place(node: etree._Element, tag: Tag, notes: Notes) -> None:
    if not tag.within:
        return
    around = node.getparent()
    owner = around.getparent() if around is not None else None
    if owner is None or etree.QName(owner).localname not in tag.within:
        notes.error(
            nearest_id(node),
            "place",
            f"{_name(node)} means nothing here.",
            f"It belongs on: {', '.join(sorted(tag.within))}.",
        )


def _refuse(node: etree._Element, refusal: Refusal, notes: Notes) -> None:
    notes.error(
        nearest_id(node),
        "element",
        f"{_name(node)} is refused: {refusal.reason}.",
        refusal.suggestion,
    )


def _name(node: etree._Element) -> str:
    name = etree.QName(node)
    return f"zeebe:{name.localname}" if name.namespace == ZEEBE else name.localname
