"""Pages ask the verbs, which check access; they touch nothing of what is behind them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT

WEB = ROOT / "web"
MODULES = sorted(WEB.rglob("*.py"))

BEHIND = {
    "commands",
    "database",
    "definitions",
    "journal",
    "live",
    "participants",
    "parts",
    "take_part",
}
"""What an engine has besides its verbs."""

WITHIN_TRANSACTIONS = {"reading", "transaction"}
SYSTEM = {"SYSTEM"}
"""Whom nothing is refused."""

RECORDS = {
    "engine.access",
    "engine.clock",
    "engine.errors",
    "engine.records",
    "engine.wording",
}
VERBS = {
    "engine.agenda",
    "engine.attachments",
    "engine.commands",
    "engine.comments",
    "engine.completion",
    "engine.crypto",
    "engine.deployment",
    "engine.element_words",
    "engine.engine",
    "engine.fault_frames",
    "engine.finding_words",
    "engine.history",
    "engine.identity",
    "engine.incidents",
    "engine.links",
    "engine.notifications",
    "engine.ports",
    "engine.sign_in_limit",
    "engine.source_files",
    "engine.task_places",
    "engine.tasks",
    "engine.users",
}
"""Modules of verbs, for the types of what they take and answer, and what words their answers."""

TYPES_ONLY = {
    "engine.commands": {"IdempotencyKey"},
    "engine.element_words": {"ElementWords"},
    "engine.ports": {"Option"},
    "engine.crypto": {"Keyring"},
    "engine.task_places": {"is_free_for"},
}


def breaches(source: str) -> list[str]:
    """What a module of the pages does that it must not."""
    tree = ast.parse(source)
    return [f"line {line}: {what}" for line, what in sorted({*_uses(tree), *_imports(tree)})]


def _uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in BEHIND and _is_engine(node.value):
            yield node.lineno, f"engine.{node.attr}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WITHIN_TRANSACTIONS:
                yield node.lineno, f"{node.func.attr}()"
        elif isinstance(node, ast.Name) and node.id in SYSTEM:
            yield node.lineno, node.id


def _is_engine(node: ast.expr) -> bool:
    """`engine`, `engine()`, `self.engine`, `running.engine`; a form's sections have parts too."""
    if isinstance(node, ast.Call):
        return _is_engine(node.func)
    return getattr(node, "attr", getattr(node, "id", "")) in ("engine", "_engine")


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [(one.name, set[str]()) for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = {one.name for one in node.names}
            whole = node.module or ""
            found = [(whole, names)]
            if whole == "engine":
                found = [(f"engine.{name}", set()) for name in names]
        else:
            continue
        for module, names in found:
            if module.split(".")[0] == "sqlalchemy" or module.startswith("journey.store"):
                yield node.lineno, module
            elif module.split(".")[0] != "engine":
                continue
            elif module not in RECORDS | VERBS:
                yield node.lineno, module
            elif names - TYPES_ONLY.get(module, names):
                yield node.lineno, f"{module}: {', '.join(sorted(names))}"
            elif names & SYSTEM:
                yield node.lineno, "SYSTEM"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_page_goes_through_verbs_only(module: Path) -> None:
    assert breaches(module.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(engine):\n    return engine.parts.sources",
        "def f():\n    engine().definitions.latest(None)",
        "class A:\n    def f(self):\n        self.engine.database",
        "with store.reading() as tx:\n    pass",
        "with database.transaction() as tx:\n    pass",
        "from engine.records import SYSTEM",
        "from engine import records\nrecords.find(SYSTEM)",
        "from engine.store.users import User",
        "from engine.definitions import ProcessVersion",
        "from engine import journal",
        "import engine.parts",
        "from engine.ports import SourceQuery",
        "import sqlalchemy as sa",
        "from journey.store import persons",
    ],
)
def test_the_search_sees_what_it_looks_for(source: str) -> None:
    assert breaches(source)


def test_it_looks_at_the_pages_and_lets_them_work() -> None:
    assert len(MODULES) > 50
    assert breaches("def f(section, engine):\n    return section.parts, engine.tasks") == []
    assert breaches("from engine.users import User\nfrom engine import access") == []
