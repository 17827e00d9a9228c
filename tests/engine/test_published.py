"""What people can look at of what is published: notes, names, parts, diagrams, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.deployment import DeploymentNote, UsedFile
from engine.errors import Forbidden, NewerVersion, NotFound
from engine.records import Actor, Role
from engine.source_files import SourceFile
from engine.store.database import Database
from engine.wording import Text
from tests.engine.conftest import ADMIN, AUDITOR, COORDINATOR, OFFICER, OWNER, WORKER, Desk
from tests.engine.shop import CARD, CARD_2, asking, call, decision, process, rule

ENGLISH = b'<zeebe:property name="name.en" value="The inner part"/>'
PART = asking("inner").replace(b"<zeebe:properties>", b"<zeebe:properties>" + ENGLISH, 1)
WHOLE = process("outer", call("w0", "inner"), rule("w1", "limits", binding="latest"))
FILES = {
    "inner.bpmn": PART,
    "outer.bpmn": WHOLE,
    "card.form": CARD,
    "t.dmn": decision("limits", "1"),
}


def files(**named: bytes) -> list[SourceFile]:
    return [SourceFile(name.replace("__", "."), content) for name, content in named.items()]


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """`outer` calls `inner`, which has a form, and asks the newest table."""
    sources = [SourceFile(name, content) for name, content in FILES.items()]
    desk.engine.deployments.deploy(OWNER, sources, "the first")
    return desk


def test_who_published_what_and_why(shop: Desk) -> None:
    shown = shop.engine.deployments
    shown.deploy(OWNER, files(card__form=CARD_2), "one more question")
    versions = shown.versions(WORKER, "inner")
    assert [one.number for one in versions] == [2, 1]
    notes = shown.notes(WORKER, versions)
    assert [notes[one.id] for one in versions] == [
        DeploymentNote(OWNER.username, "one more question"),
        DeploymentNote(OWNER.username, "the first"),
    ]
    assert shown.notes(WORKER, []) == {}


def test_processes_are_named_in_both_languages_where_the_diagram_says_so(shop: Desk) -> None:
    assert shop.engine.deployments.names(WORKER) == {
        "inner": Text("inner process", "The inner part"),
        "outer": Text("outer process", "outer process"),
    }
    words = shop.engine.deployments.element_words(WORKER, "outer", 1)
    assert words["w1"].name == Text("w1", "w1")
    assert set(words) >= {"w0", "w1", "start", "end"}


def test_what_a_version_runs_with(shop: Desk) -> None:
    shown = shop.engine.deployments
    first = [(one.kind, one.key, one.version, one.latest) for one in used(shop, 1)]
    assert first == [
        ("process", "inner", 1, False),
        ("decision", "limits", 1, True),
        ("form", "card", 1, False),
    ]
    assert used(shop, 1)[0].name == Text("inner process", "The inner part")
    shown.deploy(OWNER, files(card__form=CARD_2, t__dmn=decision("limits", "2")))
    assert [one.version for one in used(shop, 1)] == [1, 2, 1]
    assert [one.version for one in used(shop, 2)] == [2, 2, 2]
    assert shown.content(WORKER, used(shop, 1)[2].sha256).content == CARD


def used(shop: Desk, number: int) -> tuple[UsedFile, ...]:
    return shop.engine.deployments.used_by_version(WORKER, "outer", number)


def test_diagrams_come_with_those_they_call(shop: Desk) -> None:
    drawings = shop.engine.deployments.drawings(WORKER, "outer", 1)
    assert [(one.version.key, one.version.number) for one in drawings] == [
        ("outer", 1),
        ("inner", 1),
    ]
    assert drawings[1].name == Text("inner process", "The inner part")
    assert "w0" in drawings[1].process.elements
    assert shop.engine.deployments.callers(WORKER) == {"inner": ("outer",)}


def test_a_rule_is_asked_in_its_newest_version(shop: Desk) -> None:
    shown = shop.engine.deployments
    assert shown.answer_of(WORKER, "limits", {}) == 1
    shown.deploy(OWNER, files(t__dmn=decision("limits", "5")))
    assert shown.answer_of(WORKER, "limits", {}) == 5
    with pytest.raises(NotFound):
        shown.answer_of(WORKER, "nothing", {})


def test_who_may_ask_a_rule(shop: Desk) -> None:
    shown = shop.engine.deployments
    for reader in (OWNER, AUDITOR, ADMIN, OFFICER):
        assert shown.answer_of(reader, "limits", {}) == 1
    with_a_link = replace(OFFICER, only_tasks=frozenset())
    for nobody in (with_a_link, replace(WORKER, roles=frozenset({Role.CONNECTOR}))):
        with pytest.raises(Forbidden):
            shown.answer_of(nobody, "limits", {})


def test_a_change_of_an_older_version_is_not_published_over_a_newer_one(shop: Desk) -> None:
    shown = shop.engine.deployments
    mine, theirs = asking("inner"), PART.replace(b"The inner part", b"Another name")
    shown.deploy(OWNER, files(inner__bpmn=theirs), base={"inner": 1})
    with pytest.raises(NewerVersion) as refused:
        shown.deploy(OWNER, files(inner__bpmn=mine), base={"inner": 1})
    assert (refused.value.key, refused.value.number) == ("inner", 2)
    assert shown.process(OWNER, "inner").number == 2
    assert shown.deploy(OWNER, files(inner__bpmn=mine), base={"inner": 2}).created
    shown.deploy(OWNER, files(inner__bpmn=theirs))
    assert shown.process(OWNER, "inner").number == 4


def test_a_new_process_is_a_change_of_nothing(shop: Desk) -> None:
    shown = shop.engine.deployments
    with pytest.raises(NewerVersion):
        shown.deploy(OWNER, files(other__bpmn=asking("other")), base={"other": 1})
    assert shown.deploy(OWNER, files(other__bpmn=asking("other")), base={"other": 0}).created
    with pytest.raises(NewerVersion):
        shown.deploy(OWNER, files(other__bpmn=asking("other")), base={"other": 0, "a\0b": 0})


def test_the_base_is_looked_at_under_the_lock(shop: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody publishes after the plan was made and before the lock is taken."""
    shown, others = shop.engine.deployments, shop.engine.deployments
    transaction = Database.transaction
    published: list[bool] = []

    def late(database: Database) -> Any:
        if not published:
            published.append(True)
            theirs = PART.replace(b"The inner part", b"Another name")
            others.deploy(OWNER, files(inner__bpmn=theirs), base={"inner": 1})
        return transaction(database)

    monkeypatch.setattr(Database, "transaction", late)
    with pytest.raises(NewerVersion):
        shown.deploy(OWNER, files(inner__bpmn=asking("inner")), base={"inner": 1})
    assert published
    assert shown.process(OWNER, "inner").number == 2


def test_partners_see_none_of_it_and_nobody_what_there_is_not(shop: Desk) -> None:
    shown = shop.engine.deployments
    versions = shown.processes(WORKER)
    acts: list[Callable[[Actor], Any]] = [
        lambda actor: shown.notes(actor, versions),
        shown.names,
        shown.callers,
        lambda actor: shown.drawings(actor, "outer", 1),
        lambda actor: shown.element_words(actor, "outer", 1),
        lambda actor: shown.used_by_version(actor, "outer", 1),
    ]
    for act in acts:
        for reader in (WORKER, AUDITOR, ADMIN, COORDINATOR, OWNER):
            assert act(reader)
        with pytest.raises(Forbidden):
            act(OFFICER)
    for key, number in (("outer", 9), ("nothing", 1), ("a\0b", 1), ("outer", 1 << 40)):
        for look in (shown.drawings, shown.element_words, shown.used_by_version):
            with pytest.raises(NotFound):
                look(WORKER, key, number)
