"""Reads a set of files that somebody wants to deploy, and says all that is wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

import dmn
from bpmn import BpmnFileError, Diagram, Finding, Process, read_diagram
from dmn import BuiltinFunction, DmnFileError, FileFinding
from engine.store.definitions import DECISION, FORM, PROCESS, New
from forms import Form, FormFileError, compile_form

MAX_FILES = 100
MAX_FILE_BYTES = 2_000_000
MAX_TOTAL_BYTES = 20_000_000
MAX_NAME = 200

Key = tuple[str, str]
"""Kind and id: `("process", "contact")`."""


@dataclass(frozen=True)
class SourceFile:
    """One file as uploaded."""

    name: str
    content: bytes


@dataclass
class ReadFiles:
    """What a set of files holds, and what is wrong with it."""

    contents: dict[str, bytes] = field(default_factory=dict)
    """SHA-256 → bytes."""
    new: dict[Key, New] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    decisions: dict[str, dmn.Decision] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    looked_into: bool = True
    """False when the set as a whole was turned away and no file was read."""

    @property
    def refused(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.severity == "error" for finding in self.findings)


def read_files(files: Sequence[SourceFile], functions: Mapping[str, BuiltinFunction]) -> ReadFiles:
    """Read every file; never raises for anything that a file holds."""
    read = ReadFiles()
    _check_set(files, read)
    if read.refused:
        read.looked_into = False
        return read
    for file in files:
        suffix = PurePosixPath(file.name).suffix.lower()
        problem = _unreadable(file)
        if problem is not None:
            read.findings.append(problem)
        elif suffix == ".bpmn":
            _read(read, file, lambda f: _read_bpmn(read, f, functions))
        elif suffix == ".dmn":
            _read(read, file, lambda f: _read_dmn(read, f, functions))
        elif suffix == ".form":
            _read(read, file, lambda f: _read_form(read, f))
        else:
            read.findings.append(
                error(
                    file.name,
                    "file-kind",
                    f"{file.name} is not a .bpmn, .dmn or .form file.",
                    "Deploy diagrams (.bpmn), tables (.dmn) and forms (.form) only.",
                )
            )
    return read


def error(
    file: str,
    rule: str,
    message: str,
    suggestion: str,
    *,
    element_id: str | None = None,
    severity: Literal["error", "warning"] = "error",
) -> Finding:
    """A finding, an error unless told otherwise."""
    return Finding(file, element_id, rule, severity, message, suggestion)


def _check_set(files: Sequence[SourceFile], read: ReadFiles) -> None:
    if not files:
        read.findings.append(
            error("", "no-files", "No file was sent.", "Choose at least one file.")
        )
    if len(files) > MAX_FILES:
        message = f"{len(files)} files were sent; at most {MAX_FILES} go together."
        read.findings.append(error("", "too-many-files", message, "Deploy fewer at once."))
    total = sum(len(file.content) for file in files)
    if total > MAX_TOTAL_BYTES:
        message = f"The files have {total:,} bytes together; at most {MAX_TOTAL_BYTES:,} go."
        read.findings.append(error("", "too-large", message, "Deploy fewer at once."))
    seen: set[str] = set()
    for file in files:
        if file.name.casefold() in seen:
            message = f"The name {file.name} comes twice."
            read.findings.append(
                error(file.name, "duplicate-file", message, "Send each file once.")
            )
        seen.add(file.name.casefold())


def _unreadable(file: SourceFile) -> Finding | None:
    """What is wrong with the file before anybody looks at what it says."""
    name, content = file.name, file.content
    if not name or len(name) > MAX_NAME or "/" in name or "\\" in name or not name.isprintable():
        shown = name[:MAX_NAME] if name.isprintable() else repr(name)[:MAX_NAME]
        return error(
            shown,
            "file-name",
            "The file's name cannot be used.",
            f"Use a plain name of at most {MAX_NAME} characters, without a folder.",
        )
    if len(content) > MAX_FILE_BYTES:
        message = f"{name} has {len(content):,} bytes; at most {MAX_FILE_BYTES:,} are read."
        return error(name, "too-large", message, "Split it into called processes or tables.")
    if not content.strip():
        return error(name, "empty", f"{name} is empty.", "Export it again from the editor.")
    if content.startswith(b"PK\x03\x04"):
        message = f"{name} is a ZIP archive."
        return error(name, "archive", message, "Unpack it and deploy the files inside.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        message = f"{name} is not a text in UTF-8."
        return error(name, "encoding", message, "Save it as UTF-8 in the editor.")
    return None


def _read(read: ReadFiles, file: SourceFile, reader: Callable[[SourceFile], None]) -> None:
    try:
        reader(file)
    except BpmnFileError as refused:
        read.findings.extend(refused.findings)
    except (DmnFileError, FormFileError) as refused:
        read.findings.extend(from_file_finding(file.name, one) for one in refused.findings)


def from_file_finding(file: str, finding: FileFinding) -> Finding:
    """A table's or form's finding as a deployment's."""
    return error(
        file, finding.rule, finding.message, finding.suggestion, element_id=finding.element_id
    )


def _read_bpmn(read: ReadFiles, file: SourceFile, functions: Mapping[str, BuiltinFunction]) -> None:
    diagram: Diagram = read_diagram(file.content, file=file.name, functions=functions)
    for key, process in diagram.processes.items():
        new = New(
            PROCESS,
            key,
            process.name or key,
            file.name,
            _hash(file.content),
            process.starter_groups,
            tuple(dict.fromkeys(process.references.messages_started)),
        )
        if _add(read, file, new):
            read.processes[key] = process
    if not diagram.processes:
        message = f"{file.name} holds no executable process."
        read.findings.append(
            error(file.name, "no-process", message, "Tick `Executable` on the process.")
        )


def _read_dmn(read: ReadFiles, file: SourceFile, functions: Mapping[str, BuiltinFunction]) -> None:
    tables = dmn.read_definitions(file.content, file=file.name, functions=functions)
    for id_, decision in tables.decisions.items():
        new = New(DECISION, id_, decision.name or id_, file.name, _hash(file.content))
        if _add(read, file, new):
            read.decisions[id_] = decision
    if not tables.decisions:
        message = f"{file.name} holds no decision."
        read.findings.append(
            error(file.name, "no-decision", message, "Add a decision to the diagram.")
        )


def _read_form(read: ReadFiles, file: SourceFile) -> None:
    form = compile_form(file.content, file=file.name)
    if _add(read, file, New(FORM, form.id, form.id, file.name, _hash(file.content))):
        read.forms[form.id] = form


def _add(read: ReadFiles, file: SourceFile, new: New) -> bool:
    other = read.new.get((new.kind, new.key))
    if other is not None:
        message = f"The {new.kind} {new.key} is in {other.file} and in {new.file}."
        read.findings.append(
            error(
                file.name,
                "duplicate-id",
                message,
                "Give one of them another id.",
                element_id=new.key,
            )
        )
        return False
    read.new[new.kind, new.key] = new
    read.contents[new.sha256] = file.content
    return True


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
