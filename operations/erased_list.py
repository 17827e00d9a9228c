"""Who was erased, as a file beside the seals: ids alone, one a line.

A backup from before an erasure still holds what was erased. Whoever restores it erases these people
again, also when the database that knew of them is lost.
"""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa

from engine.store.keys import data_key
from engine.store.transaction import Transaction

FILE = "erased.txt"


def erased_in(tx: Transaction) -> frozenset[str]:
    """Owners whose keys are destroyed."""
    statement = sa.select(data_key.c.owner).where(data_key.c.wrapped.is_(None))
    return frozenset(tx.execute(statement).scalars())


def write(owners: frozenset[str], folder: Path) -> Path:
    """Write the list into `folder`, in the place of an earlier one. Nobody who is on that one is
    left out: a database that was restored may not know of them yet. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    draft = folder / f".{FILE}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as out:
        out.writelines(f"{owner}\n" for owner in sorted(owners | read(file)))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    return file


def read(file: Path) -> frozenset[str]:
    """The ids in a list; none when there is no such file."""
    if not file.exists():
        return frozenset()
    return frozenset(file.read_text("utf-8").split())
