"""The served application whole: `/health/ready` is honest about the tables it needs, and behind a
proxy the callers are told apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import Client, TestResponse

import migrations
from app import migrated, serve_application
from engine.store.database import Database
from settings import load_settings


def test_a_database_of_another_release_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIHLA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("RIHLA_DATABASE_URL", raising=False)
    url = load_settings().database_url
    migrations.upgrade(url)
    client = Client(serve_application())
    ready = client.get("/health/ready")
    assert (ready.status_code, _told(ready)["checks"]["migrations"]) == (200, "ok")
    database = Database(url)
    with database.transaction() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    refused = client.get("/health/ready")
    assert refused.status_code == 503
    (told,) = _told(refused)["errors"]["migrations"]
    assert "0000" in told
    assert str(migrations.head()) in told
    database.close()


def _told(answer: TestResponse) -> dict[str, Any]:
    told: dict[str, Any] = answer.get_json()
    return told


def test_an_empty_or_absent_database_is_told_not_raised(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert "migration None" in str(migrated(empty)())
    absent = Database(f"sqlite:///{tmp_path / 'nowhere' / 'rihla.db'}")
    assert "cannot be reached" in str(migrated(absent)())
    empty.close()
    absent.close()


def test_behind_a_proxy_each_caller_has_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIHLA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RIHLA_SIGN_IN_ATTEMPTS_PER_MINUTE", "1")
    monkeypatch.delenv("RIHLA_DATABASE_URL", raising=False)
    migrations.upgrade(load_settings().database_url)
    client = Client(serve_application())

    def guess(address: str) -> int:
        body = {"username": "omar", "password": "a wrong password"}
        headers = {"X-Forwarded-For": address}
        return client.post("/api/v1/auth/token", json=body, headers=headers).status_code

    assert [guess("203.0.113.1"), guess("203.0.113.1")] == [401, 429]
    assert guess("203.0.113.2") == 401
    assert guess("198.51.100.7, 203.0.113.1") == 429, "what a caller adds in front changes nothing"
