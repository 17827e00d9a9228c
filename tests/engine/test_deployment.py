"""Publishing: checks, versions, pins, roll-back, dependents."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from engine.clock import SimulatedClock
from engine.definitions import Definitions
from engine.deployment import Deployed, Deployment, Deployments
from engine.errors import Forbidden, NotFound, Refused
from engine.journal import Journal
from engine.records import SYSTEM, Actor, Role
from engine.source_files import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, SourceFile
from engine.store.database import Database
from tests.conftest import START
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


@pytest.fixture
def shop(database: Database, journal: Journal, clock: SimulatedClock) -> Shop:
    return shop_on(database, journal, clock)


CARD = d.form("card", d.text_field("name"))
CARD_2 = d.form("card", d.text_field("name"), d.text_field("remark"))


def test_a_first_deployment(shop: Shop) -> None:
    made = shop.deploy(a__bpmn=asking("a"), card__form=CARD, t__dmn=decision("t", "1"))
    assert made.created
    assert made.processes == (Deployed("a", 1, "a process"),)
    assert made.forms == (Deployed("card", 1, "card"),)
    assert made.decisions == (Deployed("t", 1, "t"),)
    assert shop.pins("a") == {"card": 1}
    with shop.database.reading() as tx:
        version = shop.definitions.version(tx, "a")
        assert version.starter_groups == ("case_worker",)
        assert version.deployed_at == START
        assert shop.definitions.xml(tx, "a", 1) == asking("a")
        assert shop.definitions.executable(tx, version.id).key == "a"
        assert set(shop.definitions.form(tx, version.id, "card").fields) == {"name"}
        assert shop.definitions.version_by_id(tx, version.id) == version
        assert shop.definitions.latest(tx) == [version]
        entry = shop.journal.read(tx, "admin")[-1]
    assert (entry.kind, entry.actor) == ("deployed", "owner")
    assert entry.header["deployment"] == made.id
    assert {tuple(version[:3]) for version in entry.header["versions"]} == {
        ("process", "a", 1),
        ("form", "card", 1),
        ("decision", "t", 1),
    }
    assert entry.data == {"note": "a note", "files": ["a.bpmn", "card.form", "t.dmn"]}


def test_an_editor_finds_the_newest_of_everything(shop: Shop) -> None:
    shop.deploy(a__bpmn=asking("a"), card__form=CARD, t__dmn=decision("t", "1"))
    shop.deploy(card__form=CARD_2)
    files = shop.deployments.files(WORKER)
    assert [(f.kind, f.key, f.version, f.file) for f in files] == [
        ("decision", "t", 1, "t.dmn"),
        ("form", "card", 2, "card.form"),
        ("process", "a", 2, "a.bpmn"),
    ]
    assert shop.deployments.content(WORKER, files[1].sha256) == SourceFile("card.form", CARD_2)
    old = hashlib.sha256(CARD).hexdigest()
    assert shop.deployments.content(WORKER, old) == SourceFile("card.form", CARD)
    for unknown in ("0" * 64, "a\0b"):
        with pytest.raises(NotFound):
            shop.deployments.content(WORKER, unknown)
    with pytest.raises(Forbidden):
        shop.deployments.files(OFFICER)
    with pytest.raises(Forbidden):
        shop.deployments.content(OFFICER, old)


def test_the_same_files_again_are_the_same_deployment(shop: Shop) -> None:
    first = shop.deploy(a__bpmn=asking("a"), card__form=CARD)
    again = shop.deploy(a__bpmn=asking("a"), card__form=CARD)
    assert (again.created, again.id) == (False, first.id)
    assert again.processes == first.processes
    part = shop.deploy(card__form=CARD)
    assert (part.created, part.id, part.processes) == (False, first.id, ())
    with shop.database.reading() as tx:
        assert len(shop.journal.read(tx, "admin")) == 1


def test_what_is_unchanged_beside_a_change_keeps_its_version(shop: Shop) -> None:
    shop.deploy(t__dmn=decision("t", "1"), card__form=CARD)
    made = shop.deploy(t__dmn=decision("t", "2"), card__form=CARD)
    assert made.decisions == (Deployed("t", 2, "t"),)
    assert made.forms == (Deployed("card", 1, "card"),)


def test_older_content_becomes_a_new_version(shop: Shop) -> None:
    shop.deploy(a__bpmn=asking("a"), card__form=CARD)
    shop.deploy(card__form=CARD_2)
    back = shop.deploy(card__form=CARD)
    assert back.created
    assert back.forms == (Deployed("card", 3, "card"),)
    assert back.processes == (Deployed("a", 3, "a process"),)
    assert [shop.pins("a", number) for number in (1, 2, 3)] == [
        {"card": 1},
        {"card": 2},
        {"card": 3},
    ]
    with shop.database.reading() as tx:
        hashes = [version.sha256 for version in shop.definitions.versions(tx, "a")]
        old = shop.definitions.version(tx, "a", 2)
        assert set(shop.definitions.form(tx, old.id, "card").fields) == {"name", "remark"}
    assert len(set(hashes)) == 1


def test_dependents_follow_through_called_processes(shop: Shop) -> None:
    shop.deploy(
        top__bpmn=process("top", call("w0", "middle")),
        middle__bpmn=process("middle", call("w0", "bottom")),
        bottom__bpmn=process("bottom", rule("w0", "t")),
        apart__bpmn=asking("apart"),
        t__dmn=decision("t", "1"),
        card__form=CARD,
    )
    made = shop.deploy(t__dmn=decision("t", "2"))
    assert [(one.key, one.version) for one in made.processes] == [
        ("bottom", 2),
        ("middle", 2),
        ("top", 2),
    ]
    assert shop.pins("top", 1) == {"middle": 1, "bottom": 1, "t": 1}
    assert shop.pins("top", 2) == {"middle": 2, "bottom": 2, "t": 2}
    with shop.database.reading() as tx:
        for number, expected in ((1, 1), (2, 2)):
            version = shop.definitions.version(tx, "top", number)
            decided = shop.definitions.deciders(tx, version.id, START).decide("t", "deployment", {})
            assert decided.value == expected
            assert shop.definitions.executable(tx, version.id).key == "top"


def test_latest_is_looked_up_at_use(shop: Shop) -> None:
    shop.deploy(a__bpmn=process("a", rule("w0", "t", binding="latest")), t__dmn=decision("t", "1"))
    made = shop.deploy(t__dmn=decision("t", "2"))
    assert made.processes == ()
    assert shop.pins("a") == {}
    with shop.database.reading() as tx:
        version = shop.definitions.version(tx, "a")
        decider = shop.definitions.deciders(tx, version.id, START)
        decided = decider.decide("t", "latest", {})
        assert decided.value == 2
        with pytest.raises(LookupError, match="not deployed"):
            decider.decide("t", "deployment", {})
        with pytest.raises(LookupError, match="unknown"):
            decider.decide("unknown", "latest", {})


def test_today_is_the_local_day_of_the_given_moment(shop: Shop) -> None:
    shop.deploy(t__dmn=decision("t", "string(today())"), a__bpmn=process("a", rule("w0", "t")))
    with shop.database.reading() as tx:
        version = shop.definitions.version(tx, "a")
        late = START.replace(hour=22)
        decided = shop.definitions.deciders(tx, version.id, late).decide("t", "deployment", {})
    assert decided.value == "2026-01-05"


def test_a_form_that_breaks_a_dependent_is_refused(shop: Shop) -> None:
    reading = process("a", d.user_task("w0", form="card"), d.script("w1", "=name", "copy"))
    shop.deploy(a__bpmn=reading, card__form=CARD)
    found = shop.findings(card__form=d.form("card", d.text_field("other")))
    assert set(found.values()) == {"a.bpmn"}
    assert shop.pins("a") == {"card": 1}


def test_a_dependent_by_latest_is_checked_too(shop: Shop) -> None:
    needing = decision("t", "wanted")
    shop.deploy(a__bpmn=process("a", rule("w0", "t", binding="latest")), t__dmn=decision("t", "1"))
    assert set(shop.findings(t__dmn=needing).values()) == {"a.bpmn"}


def test_message_starts_are_those_of_the_newest_version(shop: Shop) -> None:
    def started(*, message: str | None) -> bytes:
        return d.diagram(
            "a",
            [d.start(message), d.script("w0", "=1", "x"), d.end(), d.chain("start", "w0", "end")],
            messages={message: ""} if message else {},
        )

    def keys(name: str) -> list[tuple[str, int]]:
        with shop.database.reading() as tx:
            found = shop.definitions.start_processes(tx, name)
        return [(one.key, one.number) for one in found]

    shop.deploy(a__bpmn=started(message="due"))
    assert keys("due") == [("a", 1)]
    shop.deploy(a__bpmn=started(message="later"))
    assert (keys("due"), keys("later")) == ([], [("a", 2)])
    shop.deploy(a__bpmn=started(message=None))
    assert keys("later") == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {"no-files": ""}),
        ({"a__txt": b"x"}, {"file-kind": "a.txt"}),
        ({"a__bpmn": b""}, {"empty": "a.bpmn"}),
        ({"a__bpmn": b" \n"}, {"empty": "a.bpmn"}),
        ({"a__bpmn": b"PK\x03\x04 and so on"}, {"archive": "a.bpmn"}),
        ({"a__form": b"\xff\xfe\x00"}, {"encoding": "a.form"}),
        ({"a__form": b"x" * (MAX_FILE_BYTES + 1)}, {"too-large": "a.form"}),
        ({"../a__bpmn": b"x"}, {"file-name": "../a.bpmn"}),
        ({"..\\a__bpmn": b"x"}, {"file-name": "..\\a.bpmn"}),
        ({"a\n__bpmn": b"x"}, {"file-name": "'a\\n.bpmn'"}),
        ({"__bpmn": process("a"), "a__bpmn": process("b")}, {"file-kind": ".bpmn"}),
        ({"a__bpmn": asking("a")}, {"form": "a.bpmn"}),
        ({"a__bpmn": asking("a"), "b__bpmn": asking("a"), "c__form": CARD},
         {"duplicate-id": "b.bpmn"}),
        ({"a__form": CARD, "b__form": CARD_2}, {"duplicate-id": "b.form"}),
        ({"a__dmn": decision("t", "1"), "b__dmn": decision("t", "1")},
         {"duplicate-id": "b.dmn"}),
        ({"a__bpmn": process("a", d.user_task("w0", "admin"))}, {"role": "a.bpmn"}),
        ({"a__bpmn": process("a", starters="auditor")}, {"starter-group": "a.bpmn"}),
    ],
)  # fmt: skip
def test_what_is_refused(shop: Shop, files: dict[str, bytes], expected: dict[str, str]) -> None:
    assert shop.findings(**files) == expected
    with shop.database.reading() as tx:
        assert shop.definitions.latest(tx) == []


def test_too_many_files_or_bytes(shop: Shop) -> None:
    many = {f"f{number}__form": b"{}" for number in range(MAX_FILES + 1)}
    assert shop.findings(**many) == {"too-many-files": ""}
    heavy = MAX_TOTAL_BYTES // MAX_FILE_BYTES + 1
    large = {f"f{number}__form": b"x" * MAX_FILE_BYTES for number in range(heavy)}
    assert shop.findings(**large) == {"too-large": ""}


def test_one_name_twice(shop: Shop) -> None:
    twice = [SourceFile("a.form", CARD), SourceFile("A.form", CARD_2)]
    found = shop.deployments.check(OWNER, twice)
    assert [finding.rule for finding in found] == ["duplicate-file"]


def test_all_that_is_wrong_is_said_at_once(shop: Shop) -> None:
    with pytest.raises(Refused) as refused:
        shop.deploy(
            a__bpmn=b"<not xml",
            b__dmn=b"<not xml",
            card__form=b"{not json",
            d__bpmn=asking("d"),
            e__bpmn=process("e", starters="nobody"),
        )
    files = [one.file for one in refused.value.findings if one.severity == "error"]
    # d.bpmn is not blamed for the form that could not be read
    assert sorted(files) == ["a.bpmn", "b.dmn", "card.form", "e.bpmn"]


HOSTILE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b"<definitions>&e;</definitions>"
)


@pytest.mark.parametrize("name", ["a__bpmn", "a__dmn", "a__form"])
def test_hostile_files_are_findings(shop: Shop, name: str) -> None:
    assert set(shop.findings(**{name: HOSTILE}).values()) == {name.replace("__", ".")}


def test_a_copy_under_another_name_is_remarked(shop: Shop) -> None:
    shop.deploy(card__form=CARD)
    made = shop.deploy(copy__form=CARD_2)
    assert [warning.rule for warning in made.warnings] == ["file-renamed"]


def test_checking_stores_nothing(shop: Shop) -> None:
    found = shop.deployments.check(OWNER, sources(a__bpmn=asking("a"), card__form=CARD))
    assert [one for one in found if one.severity == "error"] == []
    missing = shop.deployments.check(OWNER, sources(a__bpmn=asking("a")))
    assert [one.rule for one in missing if one.severity == "error"] == ["form"]
    with shop.database.reading() as tx:
        assert shop.definitions.latest(tx) == []
        assert shop.journal.read(tx, "admin") == []


def test_who_may_publish_and_look(shop: Shop) -> None:
    files = sources(card__form=CARD)
    for actor in (WORKER, OFFICER):
        with pytest.raises(Forbidden):
            shop.deployments.deploy(actor, files)
        with pytest.raises(Forbidden):
            shop.deployments.check(actor, files)
    shop.deployments.deploy(SYSTEM, sources(a__bpmn=asking("a"), card__form=CARD))
    shown = shop.deployments
    assert [one.key for one in shown.processes(WORKER)] == ["a"]
    assert shown.process(WORKER, "a").number == 1
    assert [one.number for one in shown.versions(WORKER, "a")] == [1]
    assert shown.xml(WORKER, "a", 1) == asking("a")
    acts: list[Callable[[Actor], Any]] = [
        shown.processes,
        lambda actor: shown.process(actor, "a"),
        lambda actor: shown.versions(actor, "a"),
        lambda actor: shown.xml(actor, "a", 1),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act(OFFICER)
    with pytest.raises(NotFound):
        shown.process(WORKER, "b")
    with pytest.raises(NotFound):
        shown.versions(WORKER, "b")
    with pytest.raises(NotFound):
        shown.xml(WORKER, "a", 2)


def test_two_people_publish_at_once(
    open_database: Callable[[], Database], journal: Journal, clock: SimulatedClock
) -> None:
    made: list[Deployment] = []
    barrier = threading.Barrier(3)

    def publish(number: int) -> None:
        shop = shop_on(open_database(), journal, clock)
        barrier.wait()
        made.append(shop.deploy(t__dmn=decision("t", str(number))))

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.decisions[0].version for one in made) == [1, 2, 3]


def test_another_process_reads_what_was_deployed(
    shop: Shop, open_database: Callable[[], Database], journal: Journal, clock: SimulatedClock
) -> None:
    shop.deploy(a__bpmn=asking("a"), card__form=CARD)
    other = shop_on(open_database(), journal, clock)
    with other.database.reading() as tx:
        version = other.definitions.version(tx, "a")
        assert other.definitions.executable(tx, version.id).key == "a"
        form = other.definitions.form(tx, version.id, "card")
        assert other.definitions.form_by_hash(tx, form.sha256) is form
        with pytest.raises(NotFound):
            other.definitions.form(tx, version.id, "unknown")
        with pytest.raises(NotFound):
            other.definitions.version_by_id(tx, 999)
        with pytest.raises(NotFound):
            other.definitions.form_by_hash(tx, "00")
