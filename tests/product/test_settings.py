"""config.yaml and the environment: every line is read, checked, and can be overridden."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from settings import ROOT, SECRETS, Settings, SettingsError, ignored_variables, load_settings


def test_the_shipped_file_names_every_setting_but_the_secrets() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for setting in fields(Settings):
        assert (f"\n{setting.name}:" in text) is (setting.name not in SECRETS), setting.name


def test_the_environment_overrides_each_line() -> None:
    settings = load_settings(
        {
            "RIHLA_PORT": "9000",
            "RIHLA_DATA_DIR": "/somewhere",
            "RIHLA_CLOCK": "simulated",
            "RIHLA_EXTRA_HOLIDAYS": "2026-05-01, 2026-05-25",
            "RIHLA_DEMO_PASSWORD": "a demo password",
        }
    )
    assert settings.port == 9000
    assert settings.database_url == "sqlite:////somewhere/rihla.db"
    assert settings.simulated_clock
    assert settings.extra_holidays == (date(2026, 5, 1), date(2026, 5, 25))
    assert settings.demo_password == "a demo password"


def test_a_misspelt_variable_is_named() -> None:
    assert ignored_variables({"RIHLA_PRT": "9000", "RIHLA_PORT": "1", "PATH": ""}) == ["RIHLA_PRT"]


def test_a_relative_data_folder_lies_in_the_checkout() -> None:
    assert load_settings({"RIHLA_DATA_DIR": "var/other"}).data_dir == ROOT / "var" / "other"


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("RIHLA_PORT", "ninety", "port is 'ninety'"),
        ("RIHLA_PORT", "70000", "port is 70000"),
        ("RIHLA_CLOCK", "fast", "clock is 'fast'"),
        ("RIHLA_DATABASE_URL", "mysql://root@localhost/rihla", "database_url"),
        ("RIHLA_EXTRA_HOLIDAYS", "2026-13-45", "extra_holidays has '2026-13-45'"),
        ("RIHLA_SCHEDULER_INTERVAL_SECONDS", "nan", "scheduler_interval_seconds"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings({name: value})


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("colour: green", "unknown setting 'colour'"),
        ("secret_key: hunter2", "RIHLA_SECRET_KEY"),
        ("- a list", "expected lines"),
        ("port: [", "not valid YAML"),
        ("port: 8080", "missing"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, line: str, named: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        load_settings({}, file)
