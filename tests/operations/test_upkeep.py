"""The scheduler's daily work: the seal with its file, and what retention erases."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import KeyDestroyed, NotFound
from engine.journal import ADMIN_STREAM
from engine.retention import ERASED, Retention, Rules
from engine.seals import Seals
from engine.store import cases
from journey.store.cycles import cycle
from journey.store.persons import person, person_token
from operations import erased_list
from operations.erasure import erase_again, eraser
from operations.seal_files import read
from operations.upkeep import Upkeep
from scheduler import run
from tests.engine.undo import undone
from tests.journey.conftest import ADMIN, Product
from tests.operations.conftest import ON_SQLITE, end_everything, wrong


def upkeep(product: Product, folder: Path, **rules: str) -> Upkeep:
    engine = product.engine
    return Upkeep(engine, Retention(engine.parts, Rules.read(rules), eraser(engine)), folder)


def advance(product: Product, **span: float) -> None:
    with product.database.transaction() as tx:
        product.clock.advance(tx, product.clock.now(tx) + timedelta(**span))


@ON_SQLITE
def test_each_day_has_a_seal_with_a_file_on_every_scheduler(
    played: Product, tmp_path: Path
) -> None:
    first, second = upkeep(played, tmp_path / "1"), upkeep(played, tmp_path / "2")
    for one in (first, second):
        while one.lanes()["seal"](100):
            pass
    advance(played, days=1)
    for one in (second, first, first):
        one.seal()
    seals = Seals(played.database, played.clock).every()
    assert len(seals) == 2
    assert tuple(read(tmp_path / "1")) == tuple(read(tmp_path / "2")) == seals
    assert wrong(played.engine) == []


@ON_SQLITE
def test_a_file_that_could_not_be_written_is_written_at_the_next_try(
    played: Product, tmp_path: Path
) -> None:
    (tmp_path / "seals").touch()  # where the folder should be
    one = upkeep(played, tmp_path / "seals")
    with pytest.raises(OSError, match="exists"):
        one.seal()
    (tmp_path / "seals").unlink()
    assert one.seal() == 1
    assert len(list(read(tmp_path / "seals"))) == 1


def test_retention_erases_a_person_as_people_do(played: Product, tmp_path: Path) -> None:
    person_id = end_everything(played)
    with played.database.reading() as tx:
        everybody = set(tx.execute(sa.select(person.c.id)).scalars())
        ran = {case.process_key for case in cases.of_subject(tx, person_id)}
    rules = dict.fromkeys(ran, "P2Y")
    one = upkeep(played, tmp_path, **rules)
    while one.lanes()["retention"](2):
        pass
    advance(played, days=365)
    assert one.erase() == 0
    advance(played, days=366)
    erased = 0
    while done := one.erase(2):
        erased += done
    assert erased >= 1
    assert one.erase() == 0  # once a day
    with pytest.raises((NotFound, KeyDestroyed)):
        played.journey.persons.get(ADMIN, person_id)
    with played.database.reading() as tx:
        for table in (cycle, person_token):
            mine = sa.select(table).where(table.c.person_id == person_id)
            assert tx.execute(mine).all() == []
        left = set(tx.execute(sa.select(person.c.id).where(person.c.erased_at.is_(None))).scalars())
        entries = [e for e in played.engine.journal.read(tx, ADMIN_STREAM) if e.kind == ERASED]
        (last, *_) = list(played.engine.journal.read(tx, f"person:{person_id}"))[::-1]
    assert {str(e.data["owner"]) for e in entries} == everybody - left
    assert person_id in everybody - left
    assert (last.kind, last.actor, last.erased) == ("person_erased", "system", True)
    assert wrong(played.engine) == []


@ON_SQLITE
def test_who_was_erased_before_a_restore_is_erased_again(played: Product, tmp_path: Path) -> None:
    person_id = end_everything(played)
    running = sa.select(cycle.c.person_id).where(cycle.c.person_id != person_id).limit(1)
    with played.database.reading() as tx:
        busy = tx.execute(running).scalar_one()
    known = upkeep(played, tmp_path)
    known.seal()
    assert erased_list.read(tmp_path / erased_list.FILE) == frozenset()
    again = erase_again(played.engine, frozenset({person_id, busy, "nobody"}))
    assert (set(again.done), again.left) == ({person_id, "nobody"}, (busy,))
    assert erase_again(played.engine, frozenset({person_id})).done == ()
    advance(played, days=1)
    erased_list.write(frozenset({"somebody"}), tmp_path)
    known.seal()
    listed = erased_list.read(tmp_path / erased_list.FILE)
    assert listed == {person_id, "nobody", "somebody"}
    with played.database.reading() as tx:
        assert played.engine.keyring.destroyed(tx, person_id)
        assert played.engine.keyring.destroyed(tx, "nobody")
    assert wrong(played.engine) == []


@ON_SQLITE
def test_erasing_joins_the_transaction_it_is_asked_in(played: Product) -> None:
    person_id = end_everything(played)
    with undone(played.database) as tx:
        eraser(played.engine)(tx, person_id, "a try")
        assert played.engine.keyring.destroyed(tx, person_id)
    with played.database.reading() as tx:
        assert not played.engine.keyring.destroyed(tx, person_id)
    assert wrong(played.engine) == []


@ON_SQLITE
def test_the_scheduler_does_it_beside_its_other_work(played: Product, tmp_path: Path) -> None:
    done, stop = threading.Event(), threading.Event()
    one = upkeep(played, tmp_path)

    def seal(limit: int) -> int:
        made = one.seal(limit)
        if not made:
            done.set()  # once round, and nothing left
        return made

    thread = threading.Thread(target=run, args=(played.engine, stop, 0.01, {"seal": seal}))
    thread.start()
    try:
        assert done.wait(60)
    finally:
        stop.set()
        thread.join(60)
    assert len(list(read(tmp_path))) == 1
