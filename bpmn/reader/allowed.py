"""The allow-list at work: every element and attribute is run, harmless or refused."""

from __future__ import annotations

from lxml import etree

from bpmn.reader.notes import Notes
from bpmn.support import (
    ANY,
    BOOLEAN,
    BPMN,
    HARMLESS_ATTRIBUTES,
    HARMLESS_ELEMENTS,
    HARMLESS_NAMESPACES,
    HARMLESS_ZEEBE,
    ONCE,
    PARENTS,
    REFUSED,
    REFUSED_ATTRIBUTES,
    REFUSED_ZEEBE,
    RUN,
    RUN_ZEEBE,
    ZEEBE,
    ZEEBE_PARENTS,
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
    if name.namespace == BPMN:
        return _passes_bpmn(node, name.localname, notes)
    if name.namespace == ZEEBE:
        return _passes_zeebe(node, name.localname, notes)
    if name.namespace not in HARMLESS_NAMESPACES:
        _refuse(
            node,
            Refusal(f"it belongs to another tool ({name.namespace})", "Use the zeebe elements."),
            notes,
        )
    return False


def _passes_bpmn(node: etree._Element, name: str, notes: Notes) -> bool:
    if name in HARMLESS_ELEMENTS or (name == "process" and node.get("isExecutable") != "true"):
        return False
    known = _known(node, RUN.get(name), REFUSED.get(name), notes)
    if known:
        _check_parent(node, PARENTS.get(name), notes)
    return known


def _passes_zeebe(node: etree._Element, name: str, notes: Notes) -> bool:
    if name in HARMLESS_ZEEBE:
        return False
    tag = RUN_ZEEBE.get(name)
    known = _known(node, tag, REFUSED_ZEEBE.get(name), notes)
    if tag is not None and known:
        parent = ZEEBE_PARENTS.get(name, "extensionElements")
        _check_parent(node, frozenset({parent}), notes)
        _check_place(node, tag, notes)
    return known


def _known(node: etree._Element, tag: Tag | None, refusal: Refusal | None, notes: Notes) -> bool:
    if tag is None:
        _refuse(node, refusal or _UNKNOWN, notes)
        return False
    for raw, value in node.attrib.items():
        _check_attribute(node, tag, str(raw), str(value), notes)
    return True


def _check_attribute(node: etree._Element, tag: Tag, raw: str, value: str, notes: Notes) -> None:
    name = etree.QName(raw)
    if name.namespace in HARMLESS_NAMESPACES:
        return
    if name.namespace == ZEEBE and name.localname in HARMLESS_ATTRIBUTES:
        return
    if name.namespace is None:
        if name.localname in tag.run:
            _check_boolean(node, name.localname, value, notes)
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


def _check_boolean(node: etree._Element, name: str, value: str, notes: Notes) -> None:
    if name in BOOLEAN and value not in ("true", "false"):
        notes.error(
            nearest_id(node),
            "boolean",
            f'{name}="{value}" of {_name(node)} is neither true nor false.',
            "Write true or false.",
        )


def _check_parent(node: etree._Element, parents: frozenset[str] | None, notes: Notes) -> None:
    name = etree.QName(node)
    around = node.getparent()
    if parents is not None and (around is None or etree.QName(around).localname not in parents):
        _misplaced(node, parents, notes)
    once = name.localname in ONCE or (
        name.namespace == ZEEBE and name.localname not in ZEEBE_PARENTS
    )
    if once and around is not None and next(around.iterchildren(node.tag)) is not node:
        notes.error(
            nearest_id(node),
            "twice",
            f"{_name(node)} stands there more than once.",
            "Keep one of them.",
        )


def _misplaced(node: etree._Element, places: frozenset[str], notes: Notes) -> None:
    notes.error(
        nearest_id(node),
        "place",
        f"{_name(node)} means nothing here.",
        f"It belongs in: {', '.join(sorted(places))}.",
    )


def _check_place(node: etree._Element, tag: Tag, notes: Notes) -> None:
    if not tag.within:
        return
    around = node.getparent()
    owner = around.getparent() if around is not None else None
    if owner is None or etree.QName(owner).localname not in tag.within:
        _misplaced(node, tag.within, notes)


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
