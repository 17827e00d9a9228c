"""What is logged of an unforeseen exception: places, never values."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.fault_frames import fault_frames, fault_line
from engine.store.database import Database

SECRET = "9876543210"


def _inner() -> None:
    raise ValueError(f"national id {SECRET}")


def _outer() -> None:
    try:
        _inner()
    except ValueError as error:
        raise RuntimeError(f"no place for {SECRET}") from error


def test_own_frames_and_causes_are_named_without_their_messages() -> None:
    with pytest.raises(RuntimeError) as caught:
        _outer()
    frames = fault_frames(caught.value)
    assert all(f.startswith(("tests/engine/test_fault_frames.py:", "because of ")) for f in frames)
    assert "because of ValueError" in frames
    assert SECRET not in fault_line(caught.value)
    assert fault_line(caught.value).startswith("RuntimeError at tests/engine/")


def test_a_failed_statement_does_not_quote_its_values(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute(sa.text("CREATE TABLE one_of_each (name TEXT PRIMARY KEY)"))
    insert = sa.text("INSERT INTO one_of_each VALUES (:name)")
    with database.transaction() as transaction:
        transaction.execute(insert, {"name": SECRET})
    with pytest.raises(sa.exc.IntegrityError) as caught, database.transaction() as transaction:
        transaction.execute(insert, {"name": SECRET})
    assert "[SQL parameters hidden" in str(caught.value)
