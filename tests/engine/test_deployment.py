"""Deployment: versions, pins, dependents, who may, and what another process reads."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine.clock import SimulatedClock
from engine.deployment import Deployed, Deployment
from engine.errors import Forbidden, NotFound
from engine.journal import Journal
from engine.records import SYSTEM, Actor
from engine.source_files import SourceFile
from engine.store.database import Database
from tests.conftest import START
from tests.engine import diagrams as d
from tests.engine.shop import (
    CARD,
    CARD_2,
    OFFICER,
    OWNER,
    WORKER,
    Shop,
    asking,
    call,
    decision,
    process,
    rule,
    shop_on,
    sources,
)


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
