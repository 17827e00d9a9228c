"""What an operator types: backup, restore, seal, verify, retention, with what each answers."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands import main


def typed(folder: Path, *words: str, **environment: str) -> Result:
    """What `rihla words` answers over the data folder `folder`."""
    clean = {"RIHLA_DATA_DIR": str(folder), "RIHLA_DEMO_PASSWORD": "correct horse", **environment}
    result = CliRunner().invoke(main, list(words), env=clean)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration data."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    assert typed(folder, "demo").exit_code == 0
    return folder


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    return Path(shutil.copytree(prepared, tmp_path / "data"))


def test_backup_and_restore_on_a_new_machine(data: Path, tmp_path: Path) -> None:
    backup, new = tmp_path / "backup", tmp_path / "new"
    done = typed(data, "backup", str(backup))
    assert done.exit_code == 0
    assert "The master key is not in it" in done.output
    assert not list(backup.glob("*key*.key"))
    # A new machine has no key yet, and makes none that would fit nothing.
    refused = typed(new, "restore", str(backup))
    assert refused.exit_code == 1
    assert "There is no master key here" in refused.output
    assert not (new / "keys" / "master.key").exists()
    (new / "keys").mkdir(parents=True)
    shutil.copy(data / "keys" / "master.key", new / "keys")
    restored = typed(new, "restore", str(backup))
    assert restored.exit_code == 0, restored.output
    assert "0 faults" in restored.output
    again = typed(new, "restore", str(backup))
    assert again.exit_code == 1
    assert "--replace" in again.output
    assert typed(new, "restore", "--replace", str(backup)).exit_code == 0
    assert "case_worker.irbid" in typed(new, "user", "list").output


def test_who_is_on_the_list_of_erased_is_erased_again(data: Path, tmp_path: Path) -> None:
    backup, listed = tmp_path / "backup", tmp_path / "erased.txt"
    assert typed(data, "backup", str(backup)).exit_code == 0
    listed.write_text("01a2\n")
    restored = typed(data, "restore", "--replace", "--erased", str(listed), str(backup))
    assert restored.exit_code == 0, restored.output
    assert "1 erased again" in restored.output
    assert typed(data, "seal").exit_code == 0
    assert (data / "seals" / "erased.txt").read_text() == "01a2\n"


def test_a_backup_without_a_name_lies_in_the_data_folder(data: Path) -> None:
    assert typed(data, "backup").exit_code == 0
    (folder,) = (data / "backups").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["database"] == "sqlite"
    assert {part["table"] for part in manifest["parts"]} >= {"journal", "data_key", "app_user"}


def test_a_seal_is_made_once_and_compared(data: Path, tmp_path: Path) -> None:
    done = typed(data, "seal")
    assert done.exit_code == 0
    (file,) = (data / "seals").glob("seal-*.json")
    assert str(file) in done.output
    assert "Written" not in typed(data, "seal").output
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    forged = {**json.loads(file.read_text()), "entries": 1}
    (elsewhere / file.name).write_text(json.dumps(forged))
    assert typed(data, "verify").exit_code == 0
    wrong = typed(data, "verify", "--seals", str(elsewhere))
    assert wrong.exit_code == 1
    assert "the file of the seal was altered" in wrong.output
    nowhere = typed(data, "verify", "--seals", str(tmp_path / "nowhere"))
    assert nowhere.exit_code == 1
    assert "nowhere is no folder" in nowhere.output


def test_verify_names_the_entry_that_was_changed(data: Path) -> None:
    sealed = typed(data, "seal")
    day = sealed.output.splitlines()[-1].partition(":")[0]
    with sqlite3.connect(data / "rihla.db") as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET actor = 'nobody' WHERE stream = 'admin' AND seq = 3")
    connection.close()
    found = typed(data, "verify")
    assert found.exit_code == 1
    assert "admin entry 3: the chain is broken here" in found.output
    assert "1 faults" in found.output
    # What was sealed is still there by its number and hash: since then nothing happened.
    assert typed(data, "verify", "--since", day, "--check", "chains").exit_code == 0
    assert typed(data, "verify", "--stream", "admin").exit_code == 1
    assert typed(data, "verify", "--check", "rows").exit_code == 0
    assert typed(data, "verify", "--check", "colours").exit_code == 2


def test_retention_says_what_it_would_erase(data: Path) -> None:
    nothing = typed(data, "retention", "--dry-run")
    assert "0 would be erased" in nothing.output
    rules = "{client_journey: {after_end: P5Y}, misspelt: {after_end: P1Y}}"
    named = typed(data, "retention", RIHLA_RETENTION=rules)
    assert named.exit_code == 0
    assert "misspelt, but there is no such process" in named.output
    assert "0 erased" in named.output


@pytest.mark.parametrize("rules", ["{client_journey: P5Y}", "five years", "{a: {after_end: soon}}"])
def test_a_rule_that_cannot_be_read_stops_everything(data: Path, rules: str) -> None:
    refused = typed(data, "retention", "--dry-run", RIHLA_RETENTION=rules)
    assert refused.exit_code == 1
    assert "retention" in refused.output


def test_with_another_master_key_no_backup_is_made(data: Path, tmp_path: Path) -> None:
    other = "A" * 43 + "="
    refused = typed(data, "backup", str(tmp_path / "backup"), RIHLA_MASTER_KEY=other)
    assert refused.exit_code == 1
    assert "does not fit this database" in refused.output
    assert typed(data, "backup", str(tmp_path / "backup")).exit_code == 0
    wrong = typed(data, "restore", str(tmp_path / "backup"), RIHLA_MASTER_KEY=other)
    assert wrong.exit_code == 1
    assert "another master key" in wrong.output
