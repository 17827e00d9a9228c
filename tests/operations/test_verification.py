"""`rihla verify` over the whole product: projections and submissions against the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.crypto import Keyring
from engine.seals import Seals
from engine.store.submissions import submission
from journey.store import projections
from journey.store.cycles import cycle
from operations import seal_files
from operations.verification import Check, Verified, faults
from tests.engine.test_seals import drop_triggers
from tests.journey.conftest import ADMIN, Product, over
from tests.operations.conftest import ON_SQLITE, end_everything, wrong


def change(product: Product, *statements: Any) -> None:
    with product.database.transaction() as tx:
        for statement in statements:
            tx.execute(statement)


def messages(product: Product, *checks: Check) -> list[str]:
    return [str(fault) for fault in wrong(product.engine, *checks)]


def test_what_was_played_has_no_fault(played: Product) -> None:
    looked_at = Verified()
    assert list(faults(played.engine, verified=looked_at)) == []
    assert looked_at.chains > 10
    assert looked_at.entries > looked_at.chains
    assert looked_at.done == list(Check)


def test_a_projection_that_was_touched_is_named(played: Product) -> None:
    change(played, sa.update(projections.referral).values(intervention_type="other"))
    found = messages(played, Check.PROJECTIONS)
    assert found
    assert all("is not what the journal says: intervention_type" in fault for fault in found)


@ON_SQLITE
def test_rows_that_are_gone_or_made_up_are_named(played: Product) -> None:
    with played.database.reading() as tx:
        case = tx.execute(sa.select(cycle.c.instance_id).limit(1)).scalar_one()
        (interview, *_) = tx.execute(sa.select(projections.readiness_interview)).all()
    change(played, sa.delete(cycle).where(cycle.c.instance_id == case))
    assert messages(played, Check.PROJECTIONS) == [
        f"case:{case}: the row {case} of cycle is missing"
    ]
    made_up = {**interview._mapping, "version": 2, "latest": False}
    change(played, projections.readiness_interview.insert().values(made_up))
    found = messages(played, Check.PROJECTIONS)
    assert len(found) == 2
    assert any("does not follow from the journal" in fault for fault in found)
    # The same row points to a submission that never was.
    assert any("points with task_id, version to nothing" in f for f in messages(played, Check.ROWS))


@ON_SQLITE
def test_a_submission_that_was_exchanged_is_named(played: Product) -> None:
    with played.database.reading() as tx:
        first, second = tx.execute(sa.select(submission).limit(2)).all()
    change(
        played,
        sa.update(submission)
        .where(submission.c.task_id == first.task_id, submission.c.version == first.version)
        .values(data=second.data),
    )
    (fault,) = messages(played, Check.PROJECTIONS)
    assert f"the submission 1 of the task {first.task_id} cannot be read" in fault
    change(played, sa.delete(submission).where(submission.c.task_id == first.task_id))
    found = messages(played, Check.PROJECTIONS)
    assert any(f"the submission 1 of the task {first.task_id} is missing" in f for f in found)


@ON_SQLITE
def test_what_is_left_of_somebody_who_was_erased_is_named(played: Product) -> None:
    person_id = end_everything(played)
    with played.database.reading() as tx:
        row = tx.execute(sa.select(cycle).where(cycle.c.person_id == person_id).limit(1)).one()
    played.journey.persons.erase(ADMIN, person_id, "asked for")
    assert messages(played) == []
    change(played, cycle.insert().values(dict(row._mapping)))
    (fault,) = messages(played, Check.PROJECTIONS)
    assert f"the row {row.instance_id} of cycle does not follow from the journal" in fault


@ON_SQLITE
def test_one_case_is_verified_by_itself(played: Product) -> None:
    with played.database.reading() as tx:
        one, other = tx.execute(sa.select(cycle.c.instance_id).limit(2)).scalars()
    change(played, sa.update(cycle).where(cycle.c.instance_id == one).values(stage="lost"))
    assert list(faults(played.engine, stream=f"case:{other}")) == []
    (fault,) = faults(played.engine, stream=f"case:{one}")
    assert fault.where == f"case:{one}"
    assert fault.what.endswith("says: stage")


@ON_SQLITE
def test_with_another_master_key_chains_are_verified_and_the_rest_is_named(
    played: Product,
) -> None:
    stranger = over(played.database, Keyring(bytes(32)))
    found = messages(stranger)
    assert len(found) == 2
    assert all("not checked: The master key does not fit" in fault for fault in found)


@ON_SQLITE
def test_seal_files_kept_elsewhere_are_compared(played: Product, tmp_path: Path) -> None:
    seals = Seals(played.database, played.clock)
    kept = tmp_path / "kept"
    assert seals.seal() is not None
    (file,) = seal_files.write(seals.every(), kept)
    assert seal_files.write(seals.every(), kept) == []
    assert list(seal_files.read(kept)) == list(seals.every())
    assert list(faults(played.engine, seals=kept)) == []
    drop_triggers(played.database, "seal", "seal_leaf")
    change(played, sa.text("DELETE FROM seal"), sa.text("DELETE FROM seal_leaf"))
    (fault,) = faults(played.engine, seals=kept)
    assert "there is a file of the seal, but no seal" in fault.what
    file.write_text("{}")
    with pytest.raises(seal_files.SealUnreadable, match=file.name):
        list(faults(played.engine, seals=kept))
