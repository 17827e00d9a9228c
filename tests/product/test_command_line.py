"""What a clumsy operator types: a message that says what to do, exit code 1 or 2, no traceback."""

from __future__ import annotations

import base64
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands import main
from engine.records import Role
from settings import ROOT


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
    folder = tmp_path_factory.mktemp("prepared")
    assert typed(folder, "demo").exit_code == 0
    return folder


def test_roles_are_written_as_everywhere_else(prepared: Path) -> None:
    words = (
        "user",
        "add",
        "new.irbid",
        "--name",
        "n",
        "--unit",
        "naf:irbid",
        "--password",
        "x" * 9,
    )
    assert typed(prepared, *words, "--role", "case_worker").exit_code == 0
    assert "new.irbid" in typed(prepared, "user", "list").output
    for wrong in ("CASE_WORKER", Role.SYSTEM.value):
        refused = typed(prepared, *words, "--role", wrong)
        assert refused.exit_code == 2
        assert "case_worker" in refused.output


@pytest.mark.parametrize("command", [["scheduler"], ["serve"], ["rebuild"], ["user", "list"]])
def test_nothing_runs_over_a_database_without_tables(tmp_path: Path, command: list[str]) -> None:
    refused = typed(tmp_path, *command)
    assert refused.exit_code == 1
    assert "lacks tables" in refused.output


def test_files_are_checked_and_published_in_a_fresh_checkout(tmp_path: Path) -> None:
    shipped = str(ROOT / "bpmn" / "processes")
    assert typed(tmp_path / "a", "check", shipped).exit_code == 0
    assert typed(tmp_path / "b", "deploy", shipped).exit_code == 0
    assert typed(tmp_path / "c", "demo").exit_code == 0
    for folder in "abc":  # people's data, their owner's alone
        assert (tmp_path / folder).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [["scheduler"], ["serve"], ["run"], ["rebuild"]])
def test_nothing_runs_with_another_master_key(prepared: Path, command: list[str]) -> None:
    another = base64.b64encode(bytes(32)).decode()
    refused = typed(prepared, *command, RIHLA_MASTER_KEY=another)
    assert refused.exit_code == 1
    assert "does not fit this database" in refused.output


@pytest.mark.parametrize("command", ["scheduler", "serve", "run", "verify"])
def test_a_database_gets_one_master_key_only(prepared: Path, command: str) -> None:
    key = prepared / "keys" / "master.key"
    elsewhere = key.rename(prepared / "elsewhere")
    refused = typed(prepared, command)
    made = key.exists()
    elsewhere.rename(key)
    assert refused.exit_code == 1
    assert "There is no master key here" in refused.output
    assert not made


@pytest.mark.parametrize("command", ["demo", "verify", "scheduler"])
def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.touch()
    refused = typed(file / "below", command)
    assert refused.exit_code == 1
    assert str(file / "below") in refused.output


@pytest.mark.parametrize("command", ["demo", "verify"])
def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path, command: str) -> None:
    database = tmp_path / "rihla.db"
    database.write_bytes(b"not a database " * 1000)
    refused = typed(tmp_path, command)
    assert refused.exit_code == 1
    assert "cannot be read" in refused.output
    assert database.read_bytes() == b"not a database " * 1000


def test_a_folder_without_tck_tests_is_named(tmp_path: Path) -> None:
    refused = typed(tmp_path, "dmn-tck", str(tmp_path))
    assert refused.exit_code == 1
    assert str(tmp_path) in refused.output


def test_simulated_data_does_not_run_on_real_time(tmp_path: Path) -> None:
    assert typed(tmp_path, "demo", RIHLA_CLOCK="simulated").exit_code == 0
    refused = typed(tmp_path, "scheduler")
    assert refused.exit_code == 1
    assert "RIHLA_CLOCK=simulated" in refused.output


def test_an_occupied_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        refused = typed(tmp_path, "run", RIHLA_PORT=str(server.getsockname()[1]))
    assert refused.exit_code == 1
    assert "Somebody listens on port" in refused.output
