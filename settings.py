"""Settings: `config.yaml`, overridden by `RIHLA_*` variables, checked once at start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

N = TypeVar("N", int, float)
_SPAN = re.compile(r"P(?=[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?")

ROOT = Path(__file__).resolve().parent
"""The checkout: shipped diagrams, tables and forms are read from here."""

SECRETS = frozenset({"demo_password", "secret_key", "master_key", "metrics_token"})
"""Never read from config.yaml, which is kept in version control: environment only."""


class SettingsError(Exception):
    """A setting is missing, unknown or of a wrong kind; the message names it and its place."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations. `config.yaml` explains each line."""

    port: int
    data_dir: Path
    database_url: str
    clock: str
    language: str
    extra_holidays: tuple[date, ...]
    token_hours: int
    sign_in_attempts_per_minute: int
    upload_limit_mb: int
    server_threads: int
    scheduler_interval_seconds: float
    seals_dir: Path
    retention: Mapping[str, str]
    """Process key → ISO 8601 duration after a case's end; processes left out keep for ever."""
    log_level: str
    demo_password: str | None = None
    secret_key: str | None = None
    master_key: str | None = None
    metrics_token: str | None = None

    @property
    def simulated_clock(self) -> bool:
        """Whether time stands still until an administrator moves it."""
        return self.clock == "simulated"


def load_settings(
    environment: Mapping[str, str] | None = None, file: Path = ROOT / "config.yaml"
) -> Settings:
    """Read `file`, let `RIHLA_<NAME>` override each line, check everything.

    Raises `SettingsError` for an unknown line, a missing one, a wrong kind or value.
    """
    environment = os.environ if environment is None else environment
    values = _read_file(file)
    for setting in fields(Settings):
        override = environment.get(f"RIHLA_{setting.name.upper()}")
        if override is not None and override != "":
            values[setting.name] = override
        elif setting.name in SECRETS:
            values[setting.name] = None
    try:
        return _checked(values)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{file.name} or the environment: {error}") from error


def ignored_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """`RIHLA_*` variables that are no setting: misspelt ones would be ignored in silence."""
    environment = os.environ if environment is None else environment
    known = {f"RIHLA_{setting.name.upper()}" for setting in fields(Settings)}
    return sorted({name for name in environment if name.startswith("RIHLA_")} - known)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except FileNotFoundError as error:
        raise SettingsError(f"{file} does not exist; restore it from the repository.") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{file} is not valid YAML: {error}") from error
    if not isinstance(values, dict):
        raise SettingsError(f"{file}: expected lines of `name: value`.")
    names = {setting.name for setting in fields(Settings)}
    for name in values:
        if name not in names:
            raise SettingsError(
                f"{file}: unknown setting {name!r}; known: {', '.join(sorted(names))}."
            )
        if name in SECRETS:
            raise SettingsError(f"{file}: {name} is a secret; set RIHLA_{name.upper()} instead.")
    missing = names - SECRETS - set(values)
    if missing:
        raise SettingsError(f"{file}: missing {', '.join(sorted(missing))}.")
    return values


def _checked(values: Mapping[str, Any]) -> Settings:
    data_dir = _folder(values["data_dir"])
    database_url = str(values["database_url"] or f"sqlite:///{data_dir / 'rihla.db'}")
    return Settings(
        port=_whole("port", values["port"], 1, 65_535),
        data_dir=data_dir,
        database_url=_database(database_url),
        clock=_one_of("clock", values["clock"], "system", "simulated"),
        language=_one_of("language", values["language"], "ar", "en"),
        extra_holidays=_dates("extra_holidays", values["extra_holidays"]),
        token_hours=_whole("token_hours", values["token_hours"], 1, 24),
        sign_in_attempts_per_minute=_whole(
            "sign_in_attempts_per_minute", values["sign_in_attempts_per_minute"], 1, 1000
        ),
        upload_limit_mb=_whole("upload_limit_mb", values["upload_limit_mb"], 1, 100),
        server_threads=_whole("server_threads", values["server_threads"], 1, 64),
        scheduler_interval_seconds=_within(
            "scheduler_interval_seconds",
            _number("scheduler_interval_seconds", values["scheduler_interval_seconds"], float),
            0.1,
            60.0,
        ),
        seals_dir=_folder(values["seals_dir"] or data_dir / "seals"),
        retention=_retention(values["retention"]),
        log_level=_one_of("log_level", values["log_level"], "debug", "info", "warning", "error"),
        demo_password=values["demo_password"],
        secret_key=values["secret_key"],
        master_key=values["master_key"],
        metrics_token=values["metrics_token"],
    )


def _folder(value: object) -> Path:
    """A folder; a relative one lies in the checkout."""
    return ROOT / Path(str(value)).expanduser()


def _retention(value: object) -> dict[str, str]:
    """`{process: {after_end: P5Y}}`; in the environment the same, as text."""
    rules = yaml.safe_load(value) if isinstance(value, str) else value
    if rules is None:
        return {}
    if not isinstance(rules, dict):
        raise ValueError("retention must be like {client_journey: {after_end: P5Y}}.")
    kept: dict[str, str] = {}
    for process, rule in rules.items():
        if not isinstance(rule, dict) or set(rule) != {"after_end"}:
            raise ValueError(f"retention of {process} must be like {{after_end: P5Y}}.")
        text = str(rule["after_end"])
        if not _SPAN.fullmatch(text):
            raise ValueError(
                f"retention of {process} is {text!r}, but must be a duration such as P5Y or P6M."
            )
        kept[str(process)] = text
    return kept


def _whole(name: str, value: object, low: int, high: int) -> int:
    return _within(name, _number(name, value, int), low, high)


def _number(name: str, value: object, kind: type[N]) -> N:
    try:
        return kind(str(value))
    except ValueError as error:
        whole = "a whole number" if kind is int else "a number"
        raise ValueError(f"{name} is {value!r}, but must be {whole}.") from error


def _within(name: str, value: N, low: N, high: N) -> N:
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}, but must be from {low} to {high}.")
    return value


def _one_of(name: str, value: object, *choices: str) -> str:
    if value not in choices:
        raise ValueError(f"{name} is {value!r}, but must be one of {', '.join(choices)}.")
    return str(value)


def _database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("database_url must begin with sqlite:/// or postgresql+psycopg://.")
    return url


def _dates(name: str, value: object) -> tuple[date, ...]:
    if isinstance(value, str):
        value = [part for part in value.replace(",", " ").split() if part]
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list of dates such as 2026-05-01.")
    return tuple(day if isinstance(day, date) else _date(name, str(day)) for day in value)


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name} has {text!r}, which is no date such as 2026-05-01.") from error
