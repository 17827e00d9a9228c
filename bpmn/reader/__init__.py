"""Reads a BPMN file by allow-list into the model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from bpmn.finding import BpmnFileError
from bpmn.model import Diagram, Process
from bpmn.reader.allowed import check_allowed
from bpmn.reader.build import ProcessReader
from bpmn.reader.events import read_declared
from bpmn.reader.hardened import parse
from bpmn.reader.nodes import children
from bpmn.reader.notes import Notes
from bpmn.support import BPMN
from dmn import BuiltinFunction

__all__ = ["read_diagram"]


def read_diagram(
    xml: bytes, *, file: str, functions: Mapping[str, BuiltinFunction] | None = None
) -> Diagram:
    """The executable processes of a file; `functions` are FEEL functions beside FEEL's own.

    Reading ends within 5 s and takes files up to 2 MB. Raises BpmnFileError with every finding
    when anything in the file is refused; nothing of it is dropped in silence.
    """
    root = parse(xml, file)
    notes = Notes(file, functions)
    if etree.QName(root).localname != "definitions" or etree.QName(root).namespace != BPMN:
        notes.error(
            None, "not-bpmn", "The file is not a BPMN 2.0 diagram.", "Export it as BPMN 2.0."
        )
        raise BpmnFileError(notes.findings)
    check_allowed(root, notes)
    notes.refuse()
    sha256 = hashlib.sha256(xml).hexdigest()
    declared = read_declared(root, notes)
    processes: dict[str, Process] = {}
    for node in children(root, "process"):
        if node.get("isExecutable") == "true":
            reader = ProcessReader(node, declared, notes)
            process = reader.read(sha256, hash(frozenset((functions or {}).items())))
            if process.key in processes:
                notes.error(process.key, "id", "Two processes have the same id.", "Change one.")
            processes[process.key] = process
    if not processes:
        notes.error(
            None,
            "not-executable",
            "The file has no executable process.",
            'Set "Executable" on the process.',
        )
    notes.refuse()
    warnings = tuple(notes.findings)
    return Diagram(
        file, sha256, {key: replace(p, warnings=warnings) for key, p in processes.items()}
    )
