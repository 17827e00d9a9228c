"""How the API is served: gunicorn's settings and the log."""

from __future__ import annotations

import json
import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from api import configure_logging
from settings import load_settings

CONFIGURATION = Path(__file__).parents[2] / "api" / "gunicorn_conf.py"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.startswith("RIHLA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RIHLA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return monkeypatch


def _configuration() -> dict[str, Any]:
    return runpy.run_path(str(CONFIGURATION))


def test_only_this_machine_is_served(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("RIHLA_PORT", "18123")
    found = _configuration()
    assert found["bind"] == "127.0.0.1:18123"
    assert found["worker_class"] == "api.worker.DeadlineWorker"
    assert found["threads"] > 5 * load_settings().server_threads
    assert found["graceful_timeout"] < found["timeout"]
    assert found["preload_app"] is False


def test_sqlite_has_one_writer_and_so_one_worker(environment: pytest.MonkeyPatch) -> None:
    assert _configuration()["workers"] == 1
    environment.setenv("RIHLA_DATABASE_URL", "postgresql+psycopg://somebody@localhost/rihla")
    assert 1 <= _configuration()["workers"] <= 4


@pytest.fixture
def plain_log() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("plain_log")
def test_the_log_is_json_from_the_level_upwards(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning")
    log = structlog.get_logger("api")
    log.info("request", route="/x")
    log.warning("odd", route="/y")
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["route"], entry["level"]) == ("odd", "/y", "warning")
    assert entry["at"].endswith("Z")
