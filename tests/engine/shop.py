"""A place where diagrams, tables and forms are published, and small ones to publish."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.clock import SimulatedClock
from engine.definitions import Definitions
from engine.deployment import Deployment, Deployments
from engine.errors import Refused
from engine.journal import Journal
from engine.records import Actor, Role
from engine.source_files import SourceFile
from engine.store.database import Database
from tests.engine import diagrams as d

OWNER = Actor("owner", frozenset({Role.PROCESS_OWNER}), frozenset({"hq"}))
WORKER = Actor("worker", frozenset({Role.CASE_WORKER}), frozenset({"naf:irbid"}))
OFFICER = Actor("officer", frozenset({Role.MOL_OFFICER}), frozenset({"mol:irbid"}))


def decision(id_: str, value: str) -> bytes:
    """A table file with one decision that answers `value` (FEEL)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        f'namespace="test"><decision id="{id_}" name="{id_}"><variable name="{id_}"/>'
        f"<literalExpression><text>{value}</text></literalExpression></decision></definitions>"
    ).encode()


def rule(id_: str, decision_id: str, *, binding: str = "deployment") -> str:
    return (
        f'<bpmn:businessRuleTask id="{id_}" name="{id_}"><bpmn:extensionElements>'
        f'<zeebe:calledDecision decisionId="{decision_id}" resultVariable="answer" '
        f'bindingType="{binding}"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    )


def call(id_: str, process: str) -> str:
    return (
        f'<bpmn:callActivity id="{id_}" name="{id_}"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="false"/>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


def process(key: str, *work: str, starters: str = "case_worker") -> bytes:
    """start → each of `work` → end; the ids of the work are `w0`, `w1` …"""
    ids = [f"w{number}" for number in range(len(work))]
    return d.diagram(
        key,
        [d.start(), *work, d.end(), d.chain("start", *ids, "end")],
        starters=starters,
    )


def asking(key: str, form_id: str = "card") -> bytes:
    return process(key, d.user_task("w0", form=form_id))


@dataclass
class Shop:
    """Deployments on one database."""

    database: Database
    journal: Journal
    definitions: Definitions
    deployments: Deployments

    def deploy(self, **files: bytes) -> Deployment:
        return self.deployments.deploy(OWNER, sources(**files), "a note")

    def findings(self, **files: bytes) -> dict[str, str]:
        """rule → file of every error."""
        with pytest.raises(Refused) as refused:
            self.deploy(**files)
        return {one.rule: one.file for one in refused.value.findings if one.severity == "error"}

    def pins(self, key: str, number: int | None = None) -> dict[str, int]:
        with self.database.reading() as tx:
            version = self.definitions.version(tx, key, number)
            found = self.definitions.pins(tx, version.id)
        return {pinned.key: pinned.number for pinned in found.values()}


def sources(**files: bytes) -> list[SourceFile]:
    return [SourceFile(name.replace("__", "."), content) for name, content in files.items()]


def shop_on(database: Database, journal: Journal, clock: SimulatedClock) -> Shop:
    definitions = Definitions()
    return Shop(database, journal, definitions, Deployments(database, journal, clock, definitions))


CARD = d.form("card", d.text_field("name"))
CARD_2 = d.form("card", d.text_field("name"), d.text_field("remark"))
